"""Write the log: what all machines say all day, with the planned lines in their places.

About 80 MB within a few seconds: formats are prepared once, random numbers drawn by the thousand, and every
second's lines joined in large blocks.
"""

from __future__ import annotations

import struct
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

from _syslog_needle_fleet import Fleet
from _syslog_needle_plan import Line, Plan

DAY = 86400
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
RATES = (7, 6, 5, 5, 5, 6, 8, 10, 12, 14, 14, 14, 13, 14, 14, 14, 13, 12, 11, 10, 10, 9, 9, 8)
"""Ordinary lines in 11 seconds, by hour of the day."""
_BATCH = 40_000


def _numbers(rng: Random) -> Iterator[int]:
    """Yield random numbers from 0 to 65535 without end."""
    while True:
        yield from struct.unpack(f"<{_BATCH}H", rng.randbytes(2 * _BATCH))


def _counts(rng: Random) -> list[list[int]]:
    """Return for each hour 256 numbers of lines a second may have."""
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
        table.append(counts)
    return table


class Writer:
    """Plays the days of a plan second by second."""

    def __init__(self, fleet: Fleet, plan: Plan, rng: Random) -> None:
        self.fleet, self.plan = fleet, plan
        self.names = [machine.first for machine in fleet.machines]
        self.behind = {machine.number for machine in fleet.machines if machine.behind}
        self.numbers = _numbers(rng)
        self.counts = _counts(rng)
        self.out: list[str] = []
        self.held: list[str] = []
        self.joined_by_file = 0
        """What a reader counts for question 1 who takes a repetition for one of the line before it in the file."""
        self.events: dict[int, list[Line]] = {}
        for line in plan.lines:
            self.events.setdefault(line.at, []).append(line)
        self.silent: dict[int, set[int]] = {}
        for number, first, last in plan.silences:
            for second in range(first, last + 1):
                self.silent.setdefault(second, set()).add(number)
        self.cuts = {second for first, last in plan.outages for second in range(first, last)}

    def write(self, target: Path) -> None:
        """Write the whole log to ``target``."""
        clock = [f"{s // 3600:02}:{s // 60 % 60:02}:{s % 60:02} " for s in range(DAY)]
        with target.open("wb") as stream:
            for midnight in range(self.plan.start, self.plan.end, DAY):
                today = time.gmtime(midnight)
                date = f"{MONTHS[today.tm_mon - 1]} {today.tm_mday:2} "
                for hour in range(24):
                    self._hour(midnight, hour, date, clock)
                    block = "".join(self.out[:-1])
                    del self.out[:-1]
                    stream.write(block.encode("ascii"))
            stream.write("".join(self.out + self.held).encode("ascii"))

    def _hour(self, midnight: int, hour: int, date: str, clock: list[str]) -> None:
        pool, names, out, draw = self.fleet.pool, self.names, self.out, self.numbers.__next__
        counts, events, silent, cuts = self.counts[hour], self.events, self.silent, self.cuts
        for second in range(hour * 3600, hour * 3600 + 3600):
            at = midnight + second
            stamp = date + clock[second]
            cut = at in cuts
            if self.held and not cut:
                out.extend(self.held)
                self.held.clear()
            quiet = silent.get(at)
            for _ in range(counts[draw() & 255]):
                number, text = pool[draw()]
                line = stamp + names[number] + text(draw(), draw() & 255, draw() % 1000, draw())
                if quiet and number in quiet:
                    continue
                if cut and number in self.behind:
                    self.held.append(line)
                else:
                    out.append(line)
            if at in events:
                for event in events[at]:
                    self._event(event, stamp, held=cut and event.machine.behind)

    def _event(self, event: Line, stamp: str, *, held: bool) -> None:
        machine = event.machine
        if event.form == "repeat" and not held and self.out and self.plan.repeated_text in self.out[-1]:
            self.joined_by_file += event.times
        (self.held if held else self.out).append(f"{stamp}{machine.called(event.at)} {event.said}\n")
        if machine.renamed and event.at >= machine.renamed:
            self.names[machine.number] = machine.name
