"""An analyst who reads the logs by slo.md and the diary by whose word counts; slips make a careless one."""

import csv
import json
import re
from bisect import bisect_right
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import unquote

LINE = re.compile(
    r'(\S+) \[([^\]]+)\] "((?:[^"\\]|\\.)*)" (\d+) "((?:[^"\\]|\\.)*)" id=(\w+) via=(\S+) rt=(\S+)'
)
CARELESS = re.compile(r'(\S+) \[([^\]]+)\] "([^"]*)" (\d+) "([^"\\]*)" id=(\w+) via=(\S+) rt=(\S+)')
FACTOR = {"s": 1e6, "ms": 1e3, "us": 1.0}


class Diary:
    """What changes.md says, as instants (seconds since the epoch)."""

    def __init__(self, workspace: Path, slips):
        zones = json.loads((workspace / "zones.json").read_text())
        name = re.search(r"`(\w+/\w+)` \(see", (workspace / "slo.md").read_text())[1]
        self.offset = zones[name]["utc_offset_minutes"] * 60
        change = zones[name]["changes"][0]
        self.change = datetime.fromisoformat(change["at_utc"]).timestamp()
        self.later = change["utc_offset_minutes"] * 60
        self.slips = slips
        text = (workspace / "changes.md").read_text("utf-8")
        self.entries = re.findall(r"^\*\*(\d+) March, ([^*]+)\*\*: (.*)$", text, re.M)
        self.units = {
            "edge-1": [(0, "s")],
            "edge-2": [(0, "s")],
            "edge-3": [(0, "us")],
            "edge-4": [(0, "ms")],
        }
        self.objectives = {}
        self.bots = {part: [0, 2**40] for part in ("crawlerbird", "seekbot", "linkrover", "kestrel")}
        self.window = [0, 0]
        for day, who, what in self.entries:
            if "on call" not in who:
                self.take(int(day), what)

    def instant(self, day, clock="00:00", utc=False):
        """Return the instant of a time on a day of March."""
        hour, minute = map(int, clock.split(":"))
        naive = (
            datetime(2026, 3, 1, tzinfo=UTC) + timedelta(days=day - 1, hours=hour, minutes=minute)
        ).timestamp()
        if utc:
            return naive
        return naive - (self.later if naive - self.offset >= self.change else self.offset)

    def take(self, day, what):
        """Take in one entry of somebody who decides."""
        times = re.findall(r"\d\d:\d\d", what)
        host = re.search(r"edge-\d", what)
        if "Pagewarden" in what:
            self.bots["pagewarden"] = [self.instant(int(re.search(r"from (\d+) March", what)[1])), 2**40]
        elif re.search("kestrel", what, re.I):
            self.bots["kestrel"][1] = self.instant(int(re.search(r"(\d+) March", what)[1]), "12:00")
        elif "console" in what:
            if "note-as-local" not in self.slips:
                self.units["edge-1"][1] = (self.instant(*self.told, utc=True), "us")
        elif "hour later" in what:
            if "first-window" not in self.slips:
                self.window = [at + 3600 for at in self.window]
        elif "aintenance" in what and times:
            self.window = [self.instant(29, clock) for clock in times]
        elif "objective" in what or "lower than now" in what:
            self.level(what)
        elif "sales" in what.lower():
            if "withdrawn-objective" not in self.slips:
                self.objectives.pop(self.lowered)
        elif host and times and "joins" not in what:
            self.unit(day, host[0], times[0], "old" in what)

    def unit(self, day, host, clock, back):
        """Note a change of a host's unit."""
        if host == "edge-1":
            self.told = day, clock
        if back and "no-rollback" in self.slips:
            return
        self.units[host].append((self.instant(day, clock), "s" if back else "us"))

    def level(self, what):
        """Note a change of objectives."""
        if "first-objective" in self.slips:
            self.lowered = "none"
            self.objectives["none"] = None
            return
        since = self.instant(int(re.search(r"(\d+) March", what)[1]))
        name, new = re.search(r"([a-z]+-?[a-z]*) (?:is|at) ([\d.]+) %", what).groups()
        self.lowered = re.search(r"that of ([a-z-]+) goes|, ([a-z-]+) one point", what)
        self.lowered = self.lowered[1] or self.lowered[2]
        self.objectives = {name: (since, float(new)), self.lowered: (since, None)}


class Analyst:
    """Counts the month of one workspace."""

    def __init__(self, workspace: Path, slips=()):
        self.workspace, self.slips = workspace, frozenset(slips)
        self.diary = Diary(workspace, self.slips)
        self.routes, self.objective = [], {}
        for line in (workspace / "routes.txt").read_text().splitlines():
            if not line.startswith("#"):
                method, pattern, name, objective = line.split()
                regex = re.escape(pattern).replace(r"/\*\*", "/.+")
                self.routes.append((method, re.compile(re.sub(r"\\{\w+\\}", "[^/]+", regex)), name))
                self.objective[name] = float(objective)
        if "route-order" in self.slips:
            self.routes.sort(key=lambda one: -one[1].pattern.count("[^/]"))
        self.known = {}
        first, last = self.diary.instant(1), self.diary.instant(32)
        if "utc-month" in self.slips:
            first, last = first + self.diary.offset, last + self.diary.later
        if "no-summer-time" in self.slips:
            last += self.diary.later - self.diary.offset
        self.span = first, last

    def work(self):
        """Return rows for both files."""
        lines = self.read()
        outer = {one[1] for one in lines if one[2] == "-"}
        inner = {one[1] for one in lines if one[2] != "-"}
        tally = defaultdict(lambda: [0, 0, 0.0, []])
        hours, wrong = Counter(), Counter()
        for line in lines:
            if self.counts(line, outer, inner):
                self.add(line, tally, hours, wrong)
        rows = []
        for route, (count, errors, budget, times) in sorted(tally.items()):
            times.sort()
            p95 = times[-(-95 * len(times) // 100) - 1] / 1000
            rows.append([route, count, errors, f"{p95:.3f}", f"{100 - 100 * errors / budget:.4f}"])
        least = -1 if "share-or-more" in self.slips else 0
        bad = [p for p, n in hours.items() if n >= 25 and 10 * wrong[p] - n > least]
        return rows, [[self.hour(at), route] for at, route in sorted(bad)]

    def hour(self, hour):
        """Return an hour as text."""
        at = hour * 3600
        if "local-hours" in self.slips:
            at += self.diary.later if at >= self.diary.change else self.diary.offset
        return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%dT%H:00Z}"

    def read(self):
        """Return (host, id, via, at, method, path, status, agent, rt) for every line."""
        found, stamps = [], {}
        pattern = CARELESS if "quotes-lost" in self.slips else LINE
        for file in sorted((self.workspace / "access").iterdir()):
            for text in file.read_text("utf-8").splitlines():
                hit = pattern.fullmatch(text)
                if hit is None:
                    continue
                _, stamp, request, status, agent, number, via, took = hit.groups()
                key = stamp[:14] + stamp[20:]
                if key not in stamps:
                    stamps[key] = datetime.strptime(
                        f"{stamp[:14]}:00:00{stamp[20:]}", "%d/%b/%Y:%H:%M:%S %z"
                    ).timestamp()
                at = stamps[key] + int(stamp[15:17]) * 60 + int(stamp[18:20])
                method, path, _ = request.split(" ")
                found.append((file.stem, number, via, at, method, path, int(status), agent, float(took)))
        return found

    def counts(self, line, outer, inner):
        """Return whether a line counts."""
        _, number, via, at, method, path, _, agent, _ = line
        slips = self.slips
        if not self.span[0] <= at < self.span[1]:
            return False
        if "double-lines" not in slips:
            if via != "-" and ("no-orphans" in slips or (number in outer and "inner-wins" not in slips)):
                return False
            if "inner-wins" in slips and via == "-" and number in inner:
                return False
        if "probes-in" not in slips and (path == "/healthz" or agent.startswith("kube-probe/")):
            return False
        agent = agent if "bots-by-case" in slips else agent.lower()
        for part, (begin, end) in self.diary.bots.items():
            if "bots-fixed" in slips and part in {"kestrel", "pagewarden"}:
                begin, end = (0, 2**40) if part == "kestrel" else (0, 0)
            if begin <= at < end and part in agent:
                return False
        away = self.diary.window[0] <= at < self.diary.window[1] and self.route(method, path) == "reports"
        return self.route(method, path) is not None and (not away or "no-maintenance" in slips)

    def route(self, method, path):
        """Return the route of a request."""
        if (method, path) not in self.known:
            plain = path.partition("?")[0]
            plain = unquote(plain) if "encoded-splits" in self.slips else plain
            plain = plain[:-1] if plain.endswith("/") and len(plain) > 1 else plain
            fit = (
                name
                for wanted, regex, name in self.routes
                if wanted in {"*", method} and regex.fullmatch(plain)
            )
            self.known[method, path] = next(fit, None)
        return self.known[method, path]

    def add(self, line, tally, hours, wrong):
        """Add a line that counts."""
        host, _, _, at, method, path, status, _, took = line
        route = self.route(method, path)
        one = tally[route]
        place = int(at // 3600), route
        failed = 500 <= status <= 599 or (status == 499 and "gone-is-error" in self.slips)
        since, new = self.diary.objectives.get(route) or (2**40, 0)
        objective = (
            (self.objective[route] - 1 if new is None else new) if at >= since else self.objective[route]
        )
        one[0] += 1
        one[1] += failed
        one[2] += 1 - objective / 100
        hours[place] += 1
        wrong[place] += failed
        if status != 499 or "gone-in-p95" in self.slips:
            units = self.diary.units[host]
            unit = units[-1][1] if "one-unit" in self.slips else units[bisect_right(units, (at, "zz")) - 1][1]
            unit = "us" if unit == "ms" and "ms-as-us" in self.slips else unit
            one[3].append(took * FACTOR[unit])


def write(workspace: Path, name, header, rows, **form):
    """Write a CSV file."""
    with (workspace / name).open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, **form).writerows([header, *rows])
