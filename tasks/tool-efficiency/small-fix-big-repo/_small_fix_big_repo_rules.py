"""What is right, worked out from the rules in docs/periods.md alone, and what the code base does instead."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

DAY = timedelta(days=1)
YEARS = range(2023, 2029)


def friday(day: date) -> date:
    """Return the day, or the Friday before it on a weekend."""
    return day - DAY * max(0, day.weekday() - 4)


def number_in(year: int, month: int, number: int) -> date:
    """Return the day with a number, or the last one of the month."""
    return date(year, month, min(number, monthrange(year, month)[1]))


def before(year: int, month: int) -> tuple[int, int]:
    """Return the month before."""
    return (year, month - 1) if month > 1 else (year - 1, 12)


def later(day: date, by: int) -> date:
    """Return the day of the same number ``by`` months later, or the month's last."""
    index = day.year * 12 + day.month - 1 + by
    return number_in(index // 12, index % 12 + 1, day.day)


@dataclass(frozen=True)
class Book:
    """A book: what it is called, its kind, and (month from which it holds, closing day)."""

    name: str
    kind: str
    days: tuple[tuple[str, int], ...] = ()

    def entry(self) -> dict[str, object]:
        """Return what settings/books.json says of it."""
        return {"calendar": self.kind} | (
            {"closing_day": [list(one) for one in self.days]} if self.days else {}
        )

    @property
    def every(self) -> int:
        """How many months a period has."""
        return 3 if self.kind == "quarter" else 1

    def closing(self, year: int, month: int) -> date:
        """Return when it closes in a month."""
        number = [day for since, day in self.days if since <= f"{year}-{month:02}"][-1]
        close = number_in(year, month, number)
        return friday(close) if self.kind == "workday" else close

    def first(self, close: date) -> date:
        """Return the first day of the period that ends on ``close``."""
        year, month = close.year, close.month
        for _ in range(self.every):
            year, month = before(year, month)
        return self.closing(year, month) + DAY

    def by_date(self, day: date) -> date:
        """Return the first day of the month by date up to ``day``; the code takes it for the one above."""
        same = later(day, -self.every)
        return (friday(same) if self.kind == "workday" else same) + DAY

    def period(self, day: date) -> tuple[date, date]:
        """Return first and last day of the period that a day is in."""
        closings = self.closings(range(day.year, day.year + 2))
        close = next(one for one in closings if one >= day)
        return self.first(close), close

    def closings(self, years: range = YEARS) -> list[date]:
        """Return all closings of some years."""
        return [self.closing(year, month) for year in years for month in range(self.every, 13, self.every)]

    def lapses(self) -> list[date]:
        """Return the closings whose period the code gets wrong."""
        return [close for close in self.closings() if self.first(close) != self.by_date(close)]
