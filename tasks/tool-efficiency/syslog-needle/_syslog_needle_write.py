"""Write the log: what all machines say all day, with the planned lines in their places.

About 80 MB within two seconds: ordinary lines are made once and drawn from by the thousand; only the seconds in
which something happens are written line by line.
"""

from __future__ import annotations

import struct
import time
from pathlib import Path
from random import Random

from _syslog_needle_fleet import POOL, Fleet, Machine
from _syslog_needle_plan import Line, Plan

DAY = 86400
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
RATES = (7, 6, 5, 5, 5, 6, 8, 10, 12, 14, 14, 14, 13, 14, 14, 14, 13, 12, 11, 10, 10, 9, 9, 8)
"""Ordinary lines in 11 seconds, by hour of the day."""
AGAIN = 150
"""Seconds before a break whose lines the relay sends once more."""
assert POOL == 1 << 16


def _counts(rng: Random) -> list[bytes]:
    """Return for each hour a table from a random byte to the number of lines a second has."""
    table = []
    for rate in RATES:
        counts = [rate // 11] * 256
        for _ in range(rate * 256 // 11 - sum(counts)):
            counts[rng.randrange(256)] += 1
        for _ in range(60):
            giver, taker = rng.randrange(256), rng.randrange(256)
            if counts[giver]:
                counts[giver] -= 1
                counts[taker] += 1
        table.append(bytes(counts))
    return table


class Writer:
    """Plays the days of a plan second by second."""

    def __init__(self, fleet: Fleet, plan: Plan, rng: Random) -> None:
        self.fleet, self.plan, self.rng = fleet, plan, rng
        self.texts = fleet.make_pool()
        self.owners = [number for number, _ in self.texts]
        self.behind = {machine.number for machine in fleet.machines if machine.behind}
        self.counts = _counts(rng)
        self.out: list[str] = []
        self.held: list[str] = []
        self.recent: list[str] = []
        """Lines of the outside site shortly before a break."""
        self.events: dict[int, list[Line]] = {}
        for line in plan.lines:
            self.events.setdefault(line.at, []).append(line)
        self.silent: dict[int, set[int]] = {}
        for number, first, last in plan.silences:
            for second in range(first, last + 1):
                self.silent.setdefault(second, set()).add(number)
        self.cuts = {second for first, last in plan.outages for second in range(first, last)}
        self.before = {second for first, _ in plan.outages for second in range(first - AGAIN, first)}
        self.joined = {last for _, last in plan.outages}
        self.changes: dict[int, list[Machine]] = {}
        for machine in fleet.machines:
            edges = [edge for first, last, _ in machine.spellings for edge in (first, last + 1)]
            for edge in (*edges, *([machine.renamed] if machine.renamed else [])):
                self.changes.setdefault(edge, []).append(machine)
        self.special = {*self.events, *self.silent, *self.cuts, *self.before, *self.joined, *self.changes}
        names = [machine.written(plan.start) for machine in fleet.machines]
        self.pool = [f"{names[number]} {text}\n" for number, text in self.texts]

    def write(self, target: Path) -> None:
        """Write the whole log to ``target``."""
        clock = [f"{s // 3600:02}:{s // 60 % 60:02}:{s % 60:02} " for s in range(DAY)]
        with target.open("wb") as stream:
            for midnight in range(self.plan.start, self.plan.end, DAY):
                date = _date(midnight)
                stamps = [date + text for text in clock]
                for hour in range(24):
                    self._hour(midnight, hour, stamps)
                    stream.write("".join(self.out).encode("ascii"))
                    self.out.clear()
            stream.write("".join(self.held).encode("ascii"))

    def _hour(self, midnight: int, hour: int, stamps: list[str]) -> None:
        counts = self.rng.randbytes(3600).translate(self.counts[hour])
        total = sum(counts)
        drawn = struct.unpack(f"<{total}H", self.rng.randbytes(2 * total))
        lines = [self.pool[number] for number in drawn]
        special, add = self.special, self.out.append
        place = 0
        for second, count in enumerate(counts, hour * 3600):
            end = place + count
            if midnight + second in special:
                if midnight + second in self.changes:
                    self._rename(midnight + second)
                    lines = [self.pool[number] for number in drawn]
                self._second(midnight + second, stamps[second], drawn[place:end])
            elif count == 1:
                add(stamps[second] + lines[place])
            elif count:
                stamp = stamps[second]
                add(stamp + stamp.join(lines[place:end]))
            place = end

    def _second(self, at: int, stamp: str, drawn: tuple[int, ...]) -> None:
        """Write a second in which something happens."""
        cut, quiet = at in self.cuts, self.silent.get(at, ())
        if at in self.joined:
            self._link_up(stamp)
        for number in drawn:
            if self.owners[number] not in quiet:
                self._line(stamp + self.pool[number], self.owners[number], at, cut=cut)
        for event in self.events.get(at, ()):
            when = _date(at + event.shift) + time.strftime("%H:%M:%S ", time.gmtime(at + event.shift))
            line = f"{when if event.shift else stamp}{event.machine.written(at)} {event.said}\n"
            self._line(line, event.machine.number, at, cut=cut)

    def _line(self, line: str, number: int, at: int, *, cut: bool) -> None:
        if number in self.behind:
            if cut:
                self.held.append(line)
                return
            if at in self.before:
                self.recent.append(line)
        self.out.append(line)

    def _link_up(self, stamp: str) -> None:
        """Let the relay send the last lines before the break once more, then those it kept."""
        said = f"sending the last {len(self.recent)} lines before the break once more, then {len(self.held)} kept ones"
        self.out.append(f"{stamp}relay-{self.fleet.site} relayd[611]: link is up again, {said}\n")
        self.out.extend(self.recent)
        self.out.extend(self.held)
        self.recent.clear()
        self.held.clear()

    def _rename(self, at: int) -> None:
        names = {machine.number: machine.written(at) for machine in self.changes[at]}
        for place, (number, text) in enumerate(self.texts):
            if number in names:
                self.pool[place] = f"{names[number]} {text}\n"


def _date(at: int) -> str:
    today = time.gmtime(at)
    return f"{MONTHS[today.tm_mon - 1]} {today.tm_mday:2} "
