"""The records of the three sources, and the arithmetic of dates, fees and rates that they share.

All amounts are whole cents. Tillway's clock is four hours behind UTC, the company's two hours ahead.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from fractions import Fraction
from functools import cache, cached_property

CUT = 16
LATE = 2
"""A ledger line is dated at most that many days after the local day of its event."""
WAITS = 2
"""A charge that is held back is paid on one of that many next payout days."""
FIRST, LAST = date(2026, 6, 1), date(2026, 6, 30)
CONTRA = {"charge": "4000", "refund": "4900", "chargeback": "4900", "won": "4900"}


def rounded(value: Fraction) -> int:
    """Return a value in whole cents, half a cent away from zero."""
    whole = int(abs(value) * 2 + 1) // 2
    return whole if value >= 0 else -whole


@dataclass(eq=False)
class Event:
    """A row of processor.csv; `value` is what the ledger should have for it."""

    at: datetime
    account: str
    kind: str
    amount: int
    order: str
    number: int = 0
    fee: int = 0
    value: int = 0

    @property
    def id(self) -> str:
        return f"TW{self.number:06d}"

    @property
    def net(self) -> int:
        return self.amount - self.fee

    @cached_property
    def day(self) -> date:
        """The company's day."""
        return (self.at + timedelta(hours=2)).date()

    @cached_property
    def their_day(self) -> date:
        """Tillway's day."""
        return (self.at - timedelta(hours=4)).date()

    @property
    def ref(self) -> str:
        return self.order[:CUT]


@dataclass(eq=False)
class Line:
    """A posting on account 1200."""

    day: date
    ref: str
    text: str
    amount: int
    contra: str
    number: int = 0
    step: float = 0
    """Order within a day."""

    @property
    def id(self) -> str:
        return str(self.number)

    @property
    def reverses(self) -> bool:
        return self.text.startswith("Storno")


@dataclass(eq=False)
class Entry:
    """A line of the bank statement."""

    day: date
    kind: str
    amount: int
    text: str
    number: int = 0
    count: int = 0
    control: int = -1
    rate: Fraction = Fraction(1)
    who: str = ""
    """Account of a payout, customer of a transfer, payee of a payment."""

    @property
    def id(self) -> str:
        return f"{self.number:04d}"


@dataclass
class Terms:
    """What is drawn for the rules."""

    modulus: int
    steps: dict[str, list[int]]
    """Account → the two volumes at which the percentage falls, in cents."""
    tenths: list[int]
    """The three percentages, in hundredths of a percent."""
    may: int
    fixed: int
    dispute: int
    discount: int
    """In hundredths of a percent."""
    days: int
    ours: str
    days_of: dict[str, list[date]] = field(default_factory=dict)
    """Account → payout days on which something was paid."""


@dataclass
class Rates:
    """Daily rates in EUR; a day without one has the one before."""

    table: dict[str, dict[date, Fraction]]

    def at(self, account: str, day: date) -> Fraction:
        if account == "EUR":
            return Fraction(1)
        days = sorted(self.table[account])
        return self.table[account][days[bisect_right(days, day) - 1]]


def set_fees(events: Iterable[Event], terms: Terms) -> None:
    """Set the fee of every event, from the volume of its account in Tillway's month before it."""
    volume = dict.fromkeys(terms.steps, 0)
    for event in sorted(events, key=lambda one: (one.at, one.number)):
        month = event.their_day
        if event.kind == "chargeback":
            event.fee = terms.dispute
        elif event.kind == "won":
            event.fee = -terms.dispute
        elif event.kind == "refund":
            event.fee = 0
        else:
            reached = volume[event.account]
            step = sum(reached >= border for border in terms.steps[event.account])
            rate = terms.may if month < FIRST else terms.tenths[step]
            event.fee = rounded(Fraction(event.amount * rate, 10000)) + terms.fixed
        if month >= FIRST and event.kind in ("charge", "refund"):
            volume[event.account] += event.amount


@cache
def cutoff(payout: date) -> datetime:
    """Return the moment, in UTC, before which an event must lie to be due on that payout day."""
    return datetime(payout.year, payout.month, payout.day) - timedelta(hours=20)


def transposed(one: int, two: int) -> bool:
    """Say whether two amounts differ by an exchange of two neighbouring digits."""
    if one == two or (one - two) % 9 or (one < 0) != (two < 0):
        return False
    first, second = f"{abs(one):03d}", f"{abs(two):03d}"
    if len(first) != len(second):
        return False
    wrong = [place for place, (a, b) in enumerate(zip(first, second, strict=True)) if a != b]
    if len(wrong) != 2 or wrong[1] != wrong[0] + 1:
        return False
    left, right = wrong
    return first[left] == second[right] and first[right] == second[left]
