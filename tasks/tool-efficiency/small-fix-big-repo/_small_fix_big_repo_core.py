"""The core of the code base: months, windows, calendars and books."""

FILES = {
    "core/months.py": '''"""Arithmetic with months."""

from calendar import monthrange
from datetime import date


def length(year: int, month: int) -> int:
    """Return how many days a month has."""
    return monthrange(year, month)[1]


def step(year: int, month: int, by: int) -> tuple[int, int]:
    """Return the month that is ``by`` months later, as year and month."""
    index = year * 12 + month - 1 + by
    return index // 12, index % 12 + 1


def clamp(year: int, month: int, number: int) -> date:
    """Return the day of a month with that number, or the month's last day where it has no such day."""
    return date(year, month, min(number, length(year, month)))


def shift(day: date, by: int) -> date:
    """Return the day of the same number ``by`` months later, or the last day of a month that has no such day."""
    return clamp(*step(day.year, day.month, by), day.day)
''',
    "core/days.py": '''"""Days of the week."""

from datetime import date, timedelta

DAY = timedelta(days=1)


def workday(day: date) -> date:
    """Return the day itself, or the Friday before it where it is a Saturday or Sunday."""
    return day - DAY * max(0, day.weekday() - 4)


def monday(day: date) -> date:
    """Return the Monday of the week that the day is in."""
    return day - DAY * day.weekday()
''',
    "core/windows.py": '''"""Spans of days."""

from dataclasses import dataclass
from datetime import date, timedelta

from . import days


@dataclass(frozen=True)
class Window:
    """The days from ``first`` to ``last``, both included."""

    first: date
    last: date

    @property
    def stop(self) -> date:
        """The day after the last one."""
        return self.last + days.DAY

    @property
    def days(self) -> int:
        """How many days these are."""
        return (self.stop - self.first) // timedelta(days=1)

    @property
    def label(self) -> str:
        """The month that the last day is in, such as 2025-02."""
        return self.last.strftime("%Y-%m")

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


def window_to(calendar, close: date) -> Window:
    """Return the window of a calendar that ends on ``close``."""
    return Window(calendar.@open@(close), close)
''',
    "core/registry.py": '''"""Things found by name: what a name stands for is said in settings/registry.json."""

import importlib

from . import settings


def find(sort: str, name: str):
    """Return what is registered under a name of a sort, its module being loaded when first asked for."""
    module, _, attribute = settings.read("registry")[sort][name].partition(":")
    return getattr(importlib.import_module(f"@pkg@.{module}"), attribute)
''',
    "core/settings.py": '''"""The files in settings/."""

import functools
import json
from pathlib import Path

FOLDER = Path(__file__).parents[2] / "settings"


@functools.cache
def read(name: str):
    """Return what a settings file says."""
    return json.loads((FOLDER / f"{name}.json").read_text("utf-8"))
''',
    "core/books.py": '''"""The books: each has a calendar of its own, as settings/books.json says."""

import functools
from datetime import date

from . import registry, settings
from .windows import Window


@functools.cache
def calendar(book: str):
    """Return the calendar of a book."""
    entry = settings.read("books")[book]
    return registry.find("calendar", entry["calendar"])(entry)


def window(book: str, day: date) -> Window:
    """Return the period of a book that a day is in."""
    return calendar(book).window(day)
''',
    "core/ranges.py": '''"""Ranges of days that are asked for again and again."""

from datetime import date

from . import books


def since(book: str, day: date) -> date:
    """Return the first day of the month by date up to a day, as the kind of the book has it."""
    return books.calendar(book).@open@(day)


def upto(book: str, day: date, entries: list[tuple[date, int]]) -> int:
    """Return the sum of the entries in the month by date up to a day, as the kind of the book has it."""
    first = since(book, day)
    return sum(number for when, number in entries if first <= when <= day)
''',
    "core/desk.py": '''"""A desk: what works for one book only."""

from datetime import date

from . import books
from .windows import Window


class Desk:
    """Has a book, and the spans of days that go with it."""

    book = ""

    @property
    def calendar(self):
        """The calendar of the book."""
        return books.calendar(self.book)

    def month(self, day: date) -> Window:
        """Return the month by date up to a day, as the kind of the book has it."""
        return Window(self.calendar.@open@(day), day)

    def period(self, day: date) -> Window:
        """Return the period that a day is in."""
        return self.calendar.window(day)
''',
    "calendars/__init__.py": '"""Calendars, by the names that settings/registry.json gives them."""\n',
    "calendars/base.py": '''"""What all calendars have in common."""

from abc import ABC, abstractmethod
from datetime import date

from ..core import windows
@build_import@

class Calendar(ABC):
    """Divides the days into periods; what is open to a kind of calendar is in its class."""

    kind = ""

    def __init__(self, entry: dict) -> None:
        self.entry = entry

    @abstractmethod
    def window(self, day: date) -> windows.Window:
        """Return the period that a day is in."""

    def after(self, window: windows.Window) -> windows.Window:
        """Return the period after another."""
        return self.window(window.stop)

    def build(self, close: date) -> windows.Window:
        """Return the period that ends on ``close``."""
        return @build@
''',
    "calendars/closing.py": '''"""Books that close on a day of the month."""

from datetime import date

from ..core import months
from ..core.days import DAY
from .lookup import Lookup


class ClosingCalendar(Lookup):
    """Closes on its closing day, in shorter months on their last day."""

    kind = "closing"
    every = 1
    """A period has so many months."""

    def day_in(self, year: int, month: int) -> int:
        """Return the number of the closing day that holds in a month."""
        return [day for since, day in self.entry["closing_day"] if since <= f"{year}-{month:02}"][-1]

    def closing(self, year: int, month: int) -> date:
        """Return the day on which the book closes in a month."""
        return months.clamp(year, month, self.day_in(year, month))

    def lacking(self, day: date) -> int:
        """Return how many days the month of ``day`` is short of its closing day."""
        return max(0, self.day_in(day.year, day.month) - months.length(day.year, day.month))

    def @span@(self, day: date) -> int:
        """Return how many days it is since the same day of the month before, or a quarter before."""
        return (day - months.shift(day, -self.every)) // DAY

    def @open@(self, day: date) -> date:
        """Return the first day of the month, or quarter, up to ``day``."""
        return day - DAY * (self.@span@(day) - 1)

    def window(self, day: date):
        """Return the period that a day is in."""
        year, month = months.step(day.year, day.month, -day.month % self.every)
        close = self.closing(year, month)
        if day > close:
            close = self.closing(*months.step(year, month, self.every))
        return self.build(close)
''',
    "calendars/workday.py": '''"""Books that close on a working day."""

from datetime import date

from ..core import days, months
from .closing import ClosingCalendar


class WorkdayCalendar(ClosingCalendar):
    """Closes on the Friday before where its closing day is a Saturday or Sunday."""

    kind = "workday"

    def closing(self, year: int, month: int) -> date:
        """Return the day on which the book closes in a month."""
        return days.workday(super().closing(year, month))

    def @open@(self, day: date) -> date:
        """Return the first day of the month up to ``day``: the one after a working day."""
        return days.workday(months.shift(day, -1)) + days.DAY
''',
    "calendars/quarter.py": '''"""Books that close four times a year."""

from .closing import ClosingCalendar


class QuarterCalendar(ClosingCalendar):
    """Closes on the closing day of March, June, September and December."""

    kind = "quarter"
    every = 3
''',
    "calendars/lookup.py": '''"""Other ways to a period than by a day in it."""

from datetime import date

from ..core import windows
from .base import Calendar


class Lookup(Calendar):
    """Finds periods by the day on which the book closes, and by year."""

    def @ending@(self, close: date) -> windows.Window:
        """Return the period that closes on a day. Raises ValueError where the book does not close then."""
        if self.window(close).last != close:
            raise ValueError(f"no closing on {close}")
        return self.build(close)

    def of_year(self, year: int) -> list[windows.Window]:
        """Return the periods of a year, which are those that close in it."""
        found, window = [], self.window(date(year, 1, 1))
        while window.last.year == year:
            found.append(self.build(window.last))
            window = self.after(window)
        return found
''',
    "calendars/plain.py": '''"""Calendars that need no closing day."""

from datetime import date, timedelta

from ..core import days, months, windows
from .lookup import Lookup


class MonthCalendar(Lookup):
    """Calendar months."""

    kind = "month"

    def @open@(self, day: date) -> date:
        """Return the first of the month."""
        return day.replace(day=1)

    def window(self, day: date) -> windows.Window:
        """Return the month that a day is in."""
        return self.build(months.clamp(day.year, day.month, 31))


class HalfCalendar(Lookup):
    """Half months: up to the 15th, and from the 16th on."""

    kind = "half"

    def @open@(self, day: date) -> date:
        """Return the 1st or the 16th."""
        return day.replace(day=1 if day.day <= 15 else 16)

    def window(self, day: date) -> windows.Window:
        """Return the half month that a day is in."""
        return self.build(months.clamp(day.year, day.month, 15 if day.day <= 15 else 31))


class WeekCalendar(Lookup):
    """Weeks from Monday to Sunday."""

    kind = "week"

    def @open@(self, day: date) -> date:
        """Return the Monday."""
        return days.monday(day)

    def window(self, day: date) -> windows.Window:
        """Return the week that a day is in."""
        return self.build(days.monday(day) + timedelta(days=6))
''',
    "core/periods.py": '''"""Days from closing to closing."""

from datetime import date

from . import months
from .windows import Window


def month_window(day: date, closing_day: int) -> Window:
    """Return the days of a stocktaking: from the last closing before ``day`` to the first one from ``day`` on.

    Stock is counted on either, so both are included, and a closing is in two of these.
    """
    close = months.clamp(day.year, day.month, closing_day)
    if day > close:
        close = months.clamp(*months.step(day.year, day.month, 1), closing_day)
    return Window(months.clamp(*months.step(close.year, close.month, -1), closing_day), close)
''',
}
