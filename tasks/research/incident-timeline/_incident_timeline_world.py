"""The machines of the shop, their clocks, processes, generations, jobs and flags, over one afternoon.

All times here are true milliseconds since 1970; only `Clock.read` tells what a machine would write.
"""

from __future__ import annotations

import zlib
from calendar import timegm
from dataclasses import dataclass, field
from random import Random

SECOND = 1000
HOUR = 3_600_000
APPS = ("app-1", "app-2", "app-3", "app-4")
EDGES = ("edge-1", "edge-2")
HEDGE, DEADLINE = 3 * SECOND, 10 * SECOND


@dataclass
class Clock:
    """A clock that is ``offset`` ms ahead, and gains ``rate`` for each ms since ``origin``."""

    offset: int = 0
    rate: float = 0.0
    origin: int = 0
    told: bool = False
    """Whether the machine writes its offset into its log."""
    step_at: int = 0
    after: int = 0
    """From ``step_at`` on, if not 0, the clock is ``after`` ms ahead."""

    def read(self, at: int) -> int:
        """Return what the clock shows at ``at``."""
        if self.step_at and at >= self.step_at:
            return at + self.after
        return at + self.offset + round(self.rate * (at - self.origin))


@dataclass
class Process:
    """One app process; it takes tries from ``start`` to ``exit``, as the old one after ``drain``."""

    host: str
    pid: int
    version: str
    start: int
    drain: int = 0
    exit: int = 0
    killed: bool = False
    loads: list[tuple[int, int, str]] = field(default_factory=list)
    """(instant, flag revision, where it came from)."""

    def revision(self, at: int) -> int:
        """Return the flag revision in use at ``at``."""
        return [rev for when, rev, _ in self.loads if when <= at][-1]


@dataclass
class Change:
    """One row of changes.csv."""

    role: str
    kind: str
    target: str
    detail: str
    ordered: int
    number: int = 0
    """Generation or route table, where it has one."""
    id: str = ""


@dataclass
class Store:
    """A back end: what generation was active when, and which were only received."""

    name: str
    bases: dict[int, int] = field(default_factory=dict)
    active: list[tuple[int, int, str]] = field(default_factory=list)
    received: list[tuple[int, int]] = field(default_factory=list)
    rejected: list[tuple[int, int]] = field(default_factory=list)

    def holds(self, number: int) -> set[int]:
        """Return the generation and all that it is built on."""
        chain = set()
        while number in self.bases:
            chain.add(number)
            number = self.bases[number]
        return chain


class World:
    """Everything that was so, whoever looks at it; instants are offsets from the root cause's first effect."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        day = timegm((rng.randint(2023, 2026), rng.choice((1, 2, 5, 6, 9, 11)), rng.randint(3, 26), 0, 0, 0))
        self.summer = 1 if 4 <= int(_month(day)) <= 10 else 0
        self.zero = (day + rng.randint(12, 15) * 3600 + rng.randint(600, 3000)) * SECOND + rng.randrange(1000)
        x, y = rng.sample(("ledger-1", "stock-1"), 2)
        self.x, self.y = x, y
        self._draw_instants()
        self.start, self.end = self.at(-1650), self.t["gone"] + rng.randint(760, 900) * SECOND
        self._draw_clocks()
        self._draw_flags()
        self.processes = self._draw_processes()
        self._draw_stores()
        self._draw_changes()

    def at(self, seconds: float) -> int:
        """Return the instant so many seconds after the root cause took effect."""
        return self.zero + round(seconds * SECOND)

    def _draw_instants(self) -> None:
        rng, u = self.rng, self.rng.uniform
        second = u(1240, 1330)
        gone = second + u(560, 680)
        table = {
            "p": u(-980, -900), "flag2": u(-890, -830), "job": u(-700, -620), "flag1": u(-470, -420),
            "edge-2": u(-230, -190), "early": u(-1500, -1400), "early-end": u(-6, -4), "drill": u(-240, -150),
            "gap": u(-75, -45), "e1": u(7.5, 9), "e1b": u(12.5, 14), "w-received": u(3, 4.5), "w": u(20, 22),
            "dep-try": u(50, 62), "dep-exit": u(118, 140), "flag1-try": u(92, 104), "gap-end": u(170, 190),
            "edge-1": u(290, 320), "lost": u(400, 408), "pause": u(418, 424), "job-try": u(436, 444),
            "resume": u(458, 464), "lost-end": u(478, 486), "late": u(545, 575), "oom": u(640, 665),
            "hot": u(795, 812), "rejected": u(505, 530),
            "back": u(955, 975), "job-end": u(1025, 1050), "stepped": u(1075, 1110),
            "by-hand": u(1120, 1160), "again": second, "gone": gone, "after": gone + u(380, 460),
        }  # fmt: skip
        table["hot-try"] = table["hot"] + u(17, 22)
        table["restored"] = table["hot-try"] + u(17, 22)
        table["lost4"] = table["gap-end"] - u(60, 64)
        table["lost4-end"] = table["gap-end"] - u(28, 31)
        self.t = {name: self.at(seconds) for name, seconds in table.items()}
        self.t["root"] = self.zero
        table = {
            "drill-notified": 0, "drill-over": 90, "latency": 6, "fired": u(70, 80), "silenced": u(81, 83),
            "resets": u(48, 55), "resets-notified": u(58, 66), "share": u(112, 120), "notified": u(128, 150),
            "taken": u(180, 230), "unsilenced": u(330, 400), "calm": u(1180, 1210),
        }  # fmt: skip
        self.t.update({name: self.at(seconds) for name, seconds in table.items()})
        self.t["drill-notified"] = self.t["drill"] + rng.randint(50, 60) * SECOND
        self.t["drill-over"] = self.t["drill-notified"] + 70 * SECOND
        self.t["latency"] = self.at(u(-60, -40))

    def _draw_clocks(self) -> None:
        def between(low: float, high: float) -> int:
            return self.rng.randint(round(low * SECOND), round(high * SECOND))

        self.clocks = {
            "edge-1": Clock(),
            "edge-2": Clock(self.rng.choice((1, -1)) * between(25, 70), told=True),
            "app-1": Clock(between(-0.02, 0.02), told=True),
            "app-2": Clock(
                self.rng.choice((1, -1)) * between(70, 110),
                step_at=self.t["by-hand"],
                after=self.rng.choice((1, -1)) * between(2.5, 4.5),
            ),
            "app-3": Clock(
                between(4, 9),
                rate=self.rng.uniform(0.0033, 0.0042),
                origin=self.zero - self.rng.randint(1, 2) * HOUR,
            ),
            "app-4": Clock(-between(18, 31)),
            self.x: Clock(between(48, 75), told=True, step_at=self.t["stepped"], after=between(-0.01, 0.01)),
            self.y: Clock(-between(72, 95)),
            "pay-1": Clock(self.rng.choice((1, -1)) * between(48, 62), told=True),
            "mon-1": Clock(self.rng.choice((1, -1)) * between(11, 30), told=True),
        }

    def _draw_flags(self) -> None:
        rng = self.rng
        self.flag1, self.flag2, other = rng.sample(
            ("quick_quote", "slim_receipt", "lazy_seats", "joint_basket", "early_hold", "fare_cache"), 3
        )
        self.percent = rng.randint(80, 86)
        self.salts = {name: f"{rng.choice('abcdefgh')}{rng.randint(10, 99)}-{name[:3]}" for name in
                      sorted((self.flag1, self.flag2, other))}  # fmt: skip
        state = dict.fromkeys(self.salts, 0)
        number = rng.randint(700, 900)
        self.revisions: list[tuple[int, int, dict[str, int]]] = []
        steps = [(-90_000, other, 0), (-50_000, other, 10), (-20_000, other, 25), (-880, self.flag2, 100),
                 (-450, self.flag1, self.percent), (210, other, 40),
                 (990, self.flag1, 0), (1500, other, 55)]  # fmt: skip
        for seconds, name, percent in steps:
            number += 1
            state = {**state, name: percent}
            when = self.at(seconds)
            if name == self.flag2 or seconds == -450:
                when = self.t["flag2" if name == self.flag2 else "flag1"]
            self.revisions.append((when, number, state))
        self.states = {rev: flags for _, rev, flags in self.revisions}

    def _draw_processes(self) -> list[Process]:
        rng = self.rng
        major, minor = rng.randint(3, 9), rng.randint(12, 40)
        self.old, self.new = f"{major}.{minor}.{rng.randint(1, 6)}", f"{major}.{minor + 1}.0"
        found = []
        begin = {"app-1": -330, "app-2": -265, "app-4": -200, "app-3": -130}
        undo = {"app-1": 850, "app-2": 885, "app-4": 905, "app-3": 930}
        for host in APPS:
            first = Process(host, rng.randint(1200, 3000), self.old, self.at(-80_000 - rng.randint(0, 9000)))
            second = Process(
                host, first.pid + rng.randint(900, 9000), self.new, self.at(begin[host] + rng.uniform(0, 20))
            )
            first.drain = second.start + rng.randint(2, 5) * SECOND
            first.exit = self.t["dep-exit"] if host == "app-3" else first.drain + rng.randint(22, 30) * SECOND
            chain = [first, second]
            if host == "app-2":
                second.exit, second.killed = self.t["oom"], True
                chain.append(
                    Process(host, second.pid + rng.randint(900, 5000), self.new, self.t["oom"] + 3 * SECOND)
                )
            last = Process(
                host,
                chain[-1].pid + rng.randint(900, 5000),
                self.old,
                self.at(undo[host] + rng.uniform(0, 12)),
            )
            chain[-1].drain = last.start + rng.randint(2, 5) * SECOND
            chain[-1].exit = chain[-1].drain + rng.randint(22, 30) * SECOND
            found += [*chain, last]
        for process in found:
            self._load(process)
        return found

    def _load(self, process: Process) -> None:
        rng = self.rng
        packed = self.revisions[1 if process.version == self.new else 0][1]
        process.loads.append((process.start, packed, "snapshot"))
        first = (
            process.start
            + (rng.randint(52, 56) if process.start > self.zero else rng.randint(24, 40)) * SECOND
        )
        known = [rev for when, rev, _ in self.revisions if when < first]
        process.loads.append((first, known[-1], "poll"))
        for when, rev, _ in self.revisions:
            load = when + rng.randint(3000, 26_000)
            if when >= first and (not process.exit or load < process.exit):
                process.loads.append((load, rev, "poll"))

    def _draw_stores(self) -> None:
        rng, t = self.rng, self.t
        gx, gy = sorted(rng.sample(range(40, 90), 2), key=lambda _: rng.random())
        gp = rng.randint(10, 30)
        old = self.at(-60_000)
        x = Store(self.x, {gx: gx - 1, gx + 1: gx, gx + 2: gx + 1})
        x.active = [(old, gx, ""), (t["root"], gx + 1, ""), (t["late"], gx + 2, ""), (t["back"], gx, " (rollback)"),
                    (t["again"], gx + 2, " (converge)"), (t["gone"], gx, " (rollback, pinned)")]  # fmt: skip
        x.received = [
            (t["root"] - rng.randint(8000, 12_000), gx + 1),
            (t["late"] - rng.randint(9000, 14_000), gx + 2),
        ]
        y = Store(self.y, {gy: gy - 1, gy + 1: gy, gy + 2: gy + 1})
        y.active = [(old, gy, ""), (t["w"], gy + 1, "")]
        y.received = [(t["w-received"], gy + 1), (t["rejected"] - 2500, gy + 2)]
        y.rejected = [(t["rejected"], gy + 2)]
        pay = Store("pay-1", {gp: gp - 1, gp + 1: gp, gp + 2: gp, gp + 3: gp + 1})
        pay.active = [
            (old, gp, ""),
            (t["p"], gp + 1, ""),
            (t["hot"], gp + 2, ""),
            (t["restored"], gp + 3, ""),
        ]
        pay.received = [(when - rng.randint(4000, 9000), number) for when, number, _ in pay.active[1:]]
        self.stores = {self.x: x, self.y: y, "pay-1": pay}
        self.first = {self.x: gx, self.y: gy, "pay-1": gp}
        table = rng.randint(30, 60)
        self.tables = {host: [(old, table), (t[host], table + 1), (t["after"] + number * 20_000, table + 2)]
                       for number, host in enumerate(EDGES)}  # fmt: skip
        self.table = table

    def _draw_changes(self) -> None:
        rng, t = self.rng, self.t
        gx, gy, gp = self.first[self.x], self.first[self.y], self.first["pay-1"]

        def gen(role: str, store: str, number: int, when: int) -> Change:
            base = self.stores[store].bases[number]
            return Change(role, "config", store, f"generation {number}, base {base}", when, number)

        self.jobs = {
            "JOB": (self.y, rng.choice(("compact", "rollup", "reindex")), rng.randint(20, 400)),
            "EARLY": (self.x, rng.choice(("recount", "snapshot", "verify")), rng.randint(20, 400)),
        }

        def job(role: str, when: int) -> Change:
            host, name, run = self.jobs[role]
            return Change(role, "job", host, f"job {name} run {run}", when)

        self.changes = [
            gen("R", self.x, gx + 1, t["root"] - 31_000), gen("W", self.y, gy + 1, t["w-received"] - 16_000),
            gen("LATE", self.x, gx + 2, t["late"] - 40_000), gen("REJ", self.y, gy + 2, t["rejected"] - 30_000),
            gen("P", "pay-1", gp + 1, t["p"] - 30_000), gen("HOT", "pay-1", gp + 2, t["hot"] - 30_000),
            gen("RESTORE", "pay-1", gp + 3, t["restored"] - 20_000),
            Change("DEP", "deploy", "app-1 app-2 app-4 app-3", f"version {self.new}", self.at(-345)),
            Change("FLAG1", "flag", "apps", f"flag {self.flag1} to {self.percent} percent", t["flag1"] - 4000),
            Change("FLAG2", "flag", "apps", f"flag {self.flag2} to 100 percent", t["flag2"] - 4000),
            Change("EDGE", "route", "edge-2 edge-1", f"route table {self.table + 1}", t["edge-2"] - 15_000,
                   self.table + 1),
            Change("AFTER", "route", "edge-1 edge-2", f"route table {self.table + 2}", t["after"] - 15_000,
                   self.table + 2),
            job("JOB", t["job"] - 9000), job("EARLY", t["early"] - 9000),
        ]  # fmt: skip
        self.changes.sort(key=lambda change: change.ordered)
        number = rng.randint(2000, 7000)
        for change in self.changes:
            number += rng.randint(1, 6)
            change.id = f"CHG-{number}"
        self.by_role = {change.role: change for change in self.changes}

    def runs(self, role: str) -> list[tuple[int, int]]:
        """Return when a job worked, as (from, to)."""
        t = self.t
        if role == "JOB":
            return [(t["job"], t["pause"]), (t["resume"], t["job-end"])]
        return [(t["early"], t["early-end"])]

    def on(self, flag: str, account: str, revision: int) -> bool:
        """Tell whether a flag is on for an account in a revision."""
        bucket = zlib.crc32(f"{self.salts[flag]}:{account}".encode()) % 100
        return bucket < self.states[revision][flag]


def _month(day: int) -> int:
    import time

    return time.gmtime(day).tm_mon
