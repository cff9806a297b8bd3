"""What every machine wrote, by its own clock and in its own form; lines lie in the order of writing."""

from __future__ import annotations

import json
import time
from random import Random

from _incident_timeline_rules import Judge
from _incident_timeline_traffic import Request, Traffic
from _incident_timeline_world import APPS, EDGES, SECOND, World

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

ENDS = {"aborted": "rolled back: a vote is missing", "reset": "rolled back: connection reset",
        "canceled": "rolled back: canceled"}  # fmt: skip
SLOW = 3000


def iso(at: int, minutes: int = 0, gap: str = "T") -> str:
    """Return an instant as ISO 8601 with milliseconds, so many minutes east of Greenwich."""
    moment = time.gmtime(at // SECOND + 60 * minutes)
    zone = f"{'+' if minutes >= 0 else '-'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}" if minutes else "Z"
    return time.strftime(f"%Y-%m-%d{gap}%H:%M:%S", moment) + f".{at % SECOND:03}{zone}"


class Logs:
    """Collects lines by file; `files` gives them in order."""

    def __init__(self, rng: Random, world: World, traffic: Traffic) -> None:
        self.rng, self.world, self.traffic = rng, world, traffic
        self.local = 60 * (1 + world.summer)
        self.lines: dict[str, list[tuple[int, int, str]]] = {}
        self.judge = Judge(world, traffic)

    def stamp(self, host: str, at: int) -> str:
        """Return what a machine writes before a line at ``at``."""
        shown = self.world.clocks[host].read(at)
        if host in ("app-1", "app-2"):
            day = time.gmtime(shown // SECOND + 60 * self.local)
            clock = f"{day.tm_hour:02}:{day.tm_min:02}:{day.tm_sec:02}.{shown % SECOND:03}"
            return f"{MONTHS[day.tm_mon - 1]} {day.tm_mday:2} {clock}"
        if host in ("app-3", "app-4"):
            return f"{shown // SECOND}.{shown % SECOND:03}"
        if host == "pay-1":
            return str(shown)
        if host == "stock-1":
            return iso(shown, 330, " ")
        return iso(shown, self.local if host in ("edge-2", "mon-1") else 0)

    def write(self, file: str, at: int, text: str) -> None:
        """Add a line to a file of the machine that its folder names."""
        lines = self.lines.setdefault(file, [])
        lines.append((at, len(lines), f"{self.stamp(file.split('/')[0], at)} {text}\n"))

    def files(self) -> dict[str, str]:
        """Write everything and return name -> text."""
        for edge in EDGES:
            self._edge(edge)
        for host in APPS:
            self._app(host)
        for name in self.world.stores:
            self._store(name)
        self._alerts()
        for request in self.traffic.requests:
            self._request(request)
        self._clocks()
        start, end = self.world.start, self.world.end
        texts = {}
        for file, lines in self.lines.items():
            texts[file] = [text for at, _, text in sorted(lines) if start - SECOND <= at <= end + 15 * SECOND]
        return self._rotated(texts)

    def _rotated(self, texts: dict[str, list[str]]) -> dict[str, str]:
        whole = texts["edge-1/access.log"]
        cut = len(whole) * self.rng.randint(55, 62) // 100
        texts["edge-1/access.log.1"] = whole[:cut]
        texts["edge-1/access.log"] = whole[cut - self.rng.randint(60, 110) :]
        for host in ("app-1", "app-2"):
            day = time.strftime("%Y-%m-%d", time.gmtime(self.world.zero // SECOND))
            head = f"# opened {day}; times are local, UTC+{self.local // 60:02}:00\n"
            texts[f"{host}/app.log"].insert(0, head)
        return {file: "".join(lines) for file, lines in sorted(texts.items())}

    # -- machines --------------------------------------------------------------------------------

    def _edge(self, edge: str) -> None:
        file, t = f"{edge}/system.log", self.world.t
        for when, number in self.world.tables[edge]:
            self.write(file, max(when, self.world.start), f"proxy: route table {number} loaded")
        for _ in range(25):
            at = self.rng.randint(self.world.start, self.world.end)
            text = self.rng.choice(("proxy: 4 of 4 apps healthy", "proxy: keep-alive pool trimmed",
                                    "cron: certificates checked, none expires soon"))  # fmt: skip
            self.write(file, at, text)
        if edge == "edge-2":
            lost = [request.status // 100 for request in self.traffic.requests if self.judge.lost(request)]
            counts = ", ".join(f"{kind}xx {lost.count(kind)}" for kind in (2, 4, 5))
            self.write(file, t["gap"], "proxy: access log: write failed: no space left on device")
            self.write(
                file, t["gap-end"], f"proxy: access log: writing again, {len(lost)} lines lost: {counts}"
            )

    def _app(self, host: str) -> None:
        file, world = f"{host}/app.log", self.world
        for one in (p for p in world.processes if p.host == host):
            tag = f"app[{one.pid}]:"
            if one.start < world.start:
                self.write(
                    file,
                    world.start,
                    f"{tag} running, version {one.version}, flags revision {one.revision(world.start)}",
                )
            else:
                self.write(file, one.start, f"{tag} started, version {one.version}")
            for when, rev, source in one.loads:
                if when > world.start - SECOND and (not one.exit or when < one.exit):
                    self.write(
                        file, when + (one.start == when) * 40, f"{tag} flags revision {rev} loaded ({source})"
                    )
            if one.killed:
                self.write(file, one.exit, f"kernel: Out of memory: killed process {one.pid} (app)")
            elif one.exit:
                self.write(file, one.drain, f"{tag} draining, new connections go to the new process")
                self.write(file, one.exit, f"{tag} exit, all connections closed")
        if host in ("app-1", "app-4"):
            tries = (one for r in self.traffic.requests for one in r.tries if one.process.host == host)
            count = sum(map(self.judge.lost_try, tries))
            end = world.t["lost-end" if host == "app-1" else "lost4-end"]
            self.write(file, end, f"journal: rate limit: {count} messages of app dropped")
        if host == "app-2":
            self.write(file, world.t["by-hand"] + 20, "systemd[1]: Time has been changed")
        if host == "app-3":
            self.write(file, world.start, "kernel: clocksource: tsc is unstable, using the fallback timer")

    def _store(self, name: str) -> None:
        file, world = f"{name}/store.log", self.world
        store = world.stores[name]
        for when, number, why in store.active:
            self.write(file, max(when, world.start), f"config: generation {number} active{why}")
        for when, number in store.received:
            self.write(file, when, f"config: generation {number} received, checking")
        for when, number in store.rejected:
            self.write(file, when, f"config: generation {number} rejected: check failed, staying as before")
        for role, (host, job, run) in world.jobs.items():
            if host == name:
                runs = world.runs(role)
                for number, (first, last) in enumerate(runs):
                    begins, ends = "resumed" if number else "started", "paused (load)"
                    ends = "finished" if number == len(runs) - 1 else ends
                    self.write(file, first, f"job {job} run {run}: {begins}")
                    self.write(file, last, f"job {job} run {run}: {ends}")
        for _ in range(40):
            at = self.rng.randint(world.start, world.end)
            text = self.rng.choice(("checkpoint complete", "autovacuum done", "connections 212 of 400"))
            self.write(file, at, f"store: {text}")

    def _alerts(self) -> None:
        file, t = "mon-1/alerts.log", self.world.t
        count, share = 'rule="count(code=aborted) > 20 in 60s"', 'rule="share(code in aborted, reset) > 0.05"'
        rows = (
            ("drill-notified", -30, f"aborted-count FIRING {count}"),
            ("drill-notified", 0, "aborted-count NOTIFIED on-call"),
            ("drill-over", 0, "aborted-count RESOLVED"),
            ("latency", 0, 'slow-checkout FIRING rule="p95(ms) > 900"'),
            ("latency", 21, "slow-checkout NOTIFIED on-call"),
            ("resets", 0, 'reset-count FIRING rule="count(code=reset) > 5 in 300s"'),
            ("resets-notified", 0, "reset-count NOTIFIED on-call"),
            ("fired", 0, f"aborted-count FIRING {count}"),
            ("silenced", 0, "aborted-count SILENCED (change window), nobody notified"),
            ("share", 0, f"failing-tries FIRING {share}"),
            ("notified", 0, "failing-tries NOTIFIED on-call"),
            ("taken", 0, "failing-tries ACKNOWLEDGED by on-call"),
            ("unsilenced", 0, "aborted-count NOTIFIED on-call (change window over)"),
            ("calm", 0, "failing-tries RESOLVED"), ("again", 95, f"failing-tries FIRING {share}"),
            ("again", 111, "failing-tries NOTIFIED on-call"), ("gone", 640, "failing-tries RESOLVED"),
            ("gone", 655, "aborted-count RESOLVED"), ("gone", 702, "slow-checkout RESOLVED"),
        )  # fmt: skip
        for name, later, text in rows:
            self.write(file, t[name] + later * SECOND, f"alert {text}")

    # -- requests --------------------------------------------------------------------------------

    def _request(self, request: Request) -> None:
        t = self.world.t
        said = f"op={request.op} acct={request.account}"
        if not self.judge.lost(request):
            shown = []
            for one in request.tries:
                known = one.end <= request.answered or (one.code == "canceled" and request.status != 499)
                shown.append(f"{one.process.host}:{one.code if known else 'pending'}")
            ms = request.answered - request.at
            text = f"{request.id} {said} status={request.status} ms={ms} tries={','.join(shown)}"
            self.write(f"{request.edge}/access.log", request.answered, text)
        for one in request.tries:
            ms = one.end - one.begin
            text = f"app[{one.process.pid}]: {one.name} {said} via={request.edge} code={one.code} ms={ms}"
            if not self.judge.lost_try(one):
                self.write(f"{one.process.host}/app.log", one.end, text)
            if one.code in ENDS:
                self._stores(one.name, one.begin, ms, ENDS[one.code], conflict=one.conflict)
            elif one.code == "ok" and (ms > SLOW or self.rng.random() < 0.04):
                self._stores(one.name, one.begin, ms, "committed, slow")
        if request.at > t["gone"] and self.rng.random() < 0.002:
            self.write(f"{request.edge}/system.log", request.at, "proxy: 4 of 4 apps healthy")

    def _stores(self, name: str, begin: int, ms: int, text: str, *, conflict: bool = False) -> None:
        where = self.rng.choice(sorted(self.world.stores)) if conflict else ""
        for store in self.world.stores:
            at = begin + round(ms * self.rng.uniform(0.1, 0.9))
            said = "rolled back: lock conflict" if store == where else text
            self.write(f"{store}/store.log", at, f"txn {name} {said}")

    # -- clocks ----------------------------------------------------------------------------------

    def _clocks(self) -> None:
        files = {host: f"{host}/store.log" for host in self.world.stores}
        files |= {host: f"{host}/app.log" for host in APPS} | {host: f"{host}/system.log" for host in EDGES}
        files["mon-1"] = "mon-1/alerts.log"
        for host, file in sorted(files.items()):
            clock = self.world.clocks[host]
            first = self.world.start + self.rng.randint(5, 600) * SECOND
            for at in range(first, self.world.end, 900 * SECOND):
                ahead = clock.read(at) - at + self.rng.randint(-6, 6)
                text = f"clock is {abs(ahead) / 1000:.3f} s {'ahead of' if ahead > 0 else 'behind'} the time source"
                if host == "edge-1":
                    text = "locked to the receiver on the roof"
                elif not clock.told:
                    text = "no time source reachable, clock runs free"
                elif abs(ahead) > SECOND:
                    text += ", too far to correct"
                self.write(file, at, f"timesync: {text}")
            if clock.told and clock.step_at:
                step = (clock.after - clock.offset) / 1000
                self.write(file, clock.step_at + 15, f"timesync: clock stepped by {step:.3f} s")


def control_files(world: World, rng: Random) -> dict[str, str]:
    """Return the list of changes and the flag revisions."""
    people = ("mara", "jonas", "priya", "tomek", "lin", "robot")
    rows = ["change,kind,target,detail,ordered_utc,owner"]
    for change in world.changes:
        when = iso(change.ordered)[:19] + "Z"
        rows.append(
            f'{change.id},{change.kind},{change.target},"{change.detail}",{when},{rng.choice(people)}'
        )
    revisions = [{"rev": rev, "published": iso(when), "flags": flags} for when, rev, flags in world.revisions]
    flags = json.dumps({"salts": world.salts, "revisions": revisions}, indent=1)
    return {"control/changes.csv": "\n".join(rows) + "\n", "control/flags.json": flags + "\n"}
