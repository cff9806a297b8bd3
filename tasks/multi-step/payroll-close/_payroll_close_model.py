"""The inputs of a month, and the terms in force by day: the truth, or what somebody takes for it who has missed
one of them (a *slip*).
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from typing import NamedTuple

from _payroll_close_deal import MEMO_2_NIGHT, NEW_YEAR, Deal, day, weekday

COLUMNS = ("base", "night", "special", "overtime", "holiday_pay", "correction")
PAYSLIP = (*COLUMNS, "gross", "contribution", "net", "garnished", "payout")
EVES = (day(2026, 12, 24), day(2026, 12, 31))


class Contract(NamedTuple):
    """A contract: days both included (``until`` None: open end), hours a week in minutes, rate in cents."""

    employee: str
    since: int
    until: int | None
    site: str
    weekly: int
    rate: int


class Row(NamedTuple):
    """A row of the clock; ``second`` is counted from the beginning of `DAY_0` in UTC."""

    employee: str
    site: str
    second: int
    kind: str


class Correction(NamedTuple):
    """A row of corrections.csv, times as in `Row`."""

    employee: str
    site: str
    begin: int
    paid_out: int | None
    right_out: int


class Writ(NamedTuple):
    """A row of garnishments.csv; the balance in cents."""

    writ: str
    employee: str
    creditor: str
    kind: str
    served: int
    balance: int


class Piece(NamedTuple):
    """Working minutes of one shift within one hour."""

    begin: int
    minutes: int
    day: int
    hour: int
    region: str
    contract: Contract
    first_day: int


@dataclass
class World:
    """What is the same in all months."""

    deal: Deal
    sites: dict[str, tuple[str, str]]
    """site → region, zone"""
    zones: dict[str, list[tuple[int, int]]]
    """zone → (minute since which, offset in minutes), ascending"""
    holidays: dict[tuple[int, str], str]
    """(day, region) → name; region may be ``all``"""


@dataclass
class Month:
    """The inputs of one month; ``first`` and ``last`` are its days."""

    name: str
    first: int
    last: int
    staff: dict[str, tuple[str, int]] = field(default_factory=dict)
    """employee → name, dependants"""
    contracts: list[Contract] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    corrections: list[Correction] = field(default_factory=list)
    writs: list[Writ] = field(default_factory=list)


class Result(NamedTuple):
    """What a month comes to: payslips by employee, exceptions (employee, second, code), garnished by writ."""

    payslips: dict[str, dict[str, int]]
    exceptions: set[tuple[str, int, str]]
    writs: dict[str, int]


class Terms:
    """The terms in force, by day."""

    def __init__(self, world: World, slip: str = "") -> None:
        self.world, self.deal, self.slip = world, world.deal, slip
        self._offsets = {name: [since for since, _ in steps] for name, steps in world.zones.items()}
        self._known: dict[tuple[int, int, str], tuple[int, int]] = {}

    def local(self, site: str, minute: int) -> int:
        """Return a moment as local minutes since the beginning of `DAY_0`."""
        if self.slip == "utc-dates":
            return minute
        zone = self.world.sites[site][1]
        steps = self.world.zones[zone]
        return minute + steps[max(0, bisect_right(self._offsets[zone], minute) - 1)][1]

    def holiday(self, number: int, region: str) -> bool:
        """Return whether a day is a public holiday in a region."""
        known = self.world.holidays
        if self.slip == "any-region":
            return any((number, where) in known for where in ("all", "North", "South"))
        if (number, "all") in known or (number, region) in known:
            return True
        moved = region == "North" and weekday(number) == 0 and self.slip != "no-substitute"
        return moved and ((number - 1, "all") in known or (number - 1, region) in known)

    def premiums(self, number: int, hour: int, region: str) -> tuple[int, int]:
        """Return the night and the special percentage of an hour."""
        key = (number, hour, region)
        if key not in self._known:
            self._known[key] = self.night(*key), self.special(*key)
        return self._known[key]

    def night(self, number: int, hour: int, region: str) -> int:
        """Return the night percentage of an hour, 0 by day."""
        deal, slip, south = self.deal, self.slip, region == "South" and self.slip != "no-annex-night"
        since = deal.m3_window if region == "North" or slip == "postponed-for-all" else MEMO_2_NIGHT
        if slip == "not-postponed":
            since = MEMO_2_NIGHT
        begin, end = (deal.south_from, deal.south_to) if south else (deal.night_from, deal.night_to)
        if number >= since and not (slip == "annex-keeps-window" and south):
            begin, end = deal.m2_from, deal.m2_to
        if end <= hour < begin:
            return 0
        if south and slip != "memo-over-annex":
            return deal.south_pct
        ended = number > deal.m3_night_end and slip != "night-not-ended"
        raised = number >= deal.m1_night and not ended
        if south and not raised:
            return deal.south_pct
        return deal.m1_night_pct if raised else deal.night_pct

    def special(self, number: int, hour: int, region: str) -> int:
        """Return the percentage of an hour on a Sunday or a public holiday, else 0."""
        deal, found = self.deal, 0
        if weekday(number) == 6:
            advent = deal.m3_advent_from <= number <= deal.m3_advent_to and self.slip != "no-advent"
            found = deal.m3_sunday_pct if advent else deal.sunday_pct
        eve = region == "South" and number in EVES and hour >= 14 and self.slip != "no-eve"
        if eve or self.holiday(number, region):
            return found + deal.holiday_pct if self.slip == "special-added" else max(found, deal.holiday_pct)
        return found

    def pause(self, number: int, length: int, region: str) -> int:
        """Return the minutes of break in a shift of this length that begins on this day."""
        deal, touch = self.deal, -1 if self.slip == "break-at-limit" else 0
        new = number >= deal.m2_break and self.slip != "no-new-break"
        if region == "North" and not (new and self.slip == "memo-over-north"):
            steps = ((8 * 60, deal.north_break), (6 * 60, 30))
        else:
            steps = ((9 * 60, deal.m2_break_min if new else deal.break_long), (6 * 60, 30))
        return next((minutes for limit, minutes in steps if length > limit + touch), 0)

    def overlap(self, number: int) -> bool:
        """Return whether night is taken off the overtime percentage."""
        deal, slip = self.deal, self.slip
        rests = deal.m3_rest_from <= number <= deal.m3_rest_to and slip != "no-rest"
        return number >= deal.m2_overlap and not rests and slip != "no-overlap"

    def floor(self, first: int, last: int) -> int:
        """Return the amount protected without dependants and annex."""
        deal, on = self.deal, first if self.slip == "terms-of-first" else last
        if on >= NEW_YEAR and self.slip == "latest-begun":
            return deal.m1_floor
        return deal.m2_floor if on >= deal.m2_floor_day else deal.floor


def rounded(second: int) -> int:
    """Return a time of the clock as minutes, rounded to a multiple of 5."""
    return (second // 60 + 2) // 5 * 5
