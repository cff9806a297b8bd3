"""What is right today and does not count back by date: what makes up for the fault, and what it does not touch."""

Caller = tuple[str, tuple[str, ...], str]

MAKES_UP: dict[str, Caller] = {
    "tax": (
        "tax",
        ("advance", "returns", "prepaid"),
        '''"""Advance returns."""

from datetime import date, timedelta

from ..core.desk import Desk


class Returns(Desk):
    """Returns for the tax office."""

    book = "@book:tax@"

    def period(self, day: date):
        """Return the period of a return."""
        window = super().period(day)
        return type(window)(window.first + timedelta(days=self.calendar.lacking(window.last)), window.last)

    def taxed(self, sales: list[tuple[date, int]], day: date) -> int:
        """Return the sales (day, cents) of the return for the period of ``day``: those after the closing before."""
        return sum(cents for sold, cents in sales if sold in self.period(day))
''',
    ),
    "guarantee": (
        "payroll",
        ("guarantee", "floor", "minimum"),
        '''"""Guaranteed pay."""

from datetime import date

from ..core import books

BOOK = "@book:guarantee@"
NUMBER = @number:guarantee@


def guaranteed(cents: int, day: date) -> int:
    """Return what is guaranteed for the period of ``day``: so many cents for each day after the closing before."""
    window = books.window(BOOK, day)
    return cents * (window.days - (NUMBER - window.last.day))
''',
    ),
}

STURDY: dict[str, Caller] = {
    "dunning": (
        "dunning",
        ("letters", "rounds", "notices"),
        '''"""Letters."""

from datetime import date

from ..core import books
from ..core.days import DAY

BOOK = "@book:dunning@"


def round_of(opened: list[tuple[int, date]], day: date) -> list[int]:
    """Return the numbers of the items (number, day) in the round for the period of ``day``, each in one round."""
    window = books.window(BOOK, day)
    first = max(window.first, books.window(BOOK, window.first - DAY).stop)
    return [number for number, since in opened if first <= since <= window.last]
''',
    ),
    "archive": (
        "archive",
        ("boxes", "shelving", "binders"),
        '''"""Boxes of receipts."""

from datetime import date, timedelta

from ..core import books

BOOK = "@book:archive@"


def box(receipts: list[tuple[int, date]], day: date) -> list[int]:
    """Return the numbers of the receipts (number, day) in the box of ``day``: a box for each calendar month."""
    window = books.window(BOOK, day)
    first = (window.first + timedelta(days=3)).replace(day=1)
    return [number for number, written in receipts if first <= written < window.stop]
''',
    ),
    "deposit": (
        "rent",
        ("deposit", "bonds", "sureties"),
        '''"""Deposits of tenants."""

from datetime import date

from ..core import months
from ..core.days import DAY


def deposit_month(due: date) -> list[date]:
    """Return first and last day that interest due on ``due`` is for.

    From the day of the same number in the month before, or its last day where it has none, to the day before ``due``.
    """
    return [months.shift(due, -1), due - DAY]
''',
    ),
    "term": (
        "insurance",
        ("periods", "calendar", "billing_terms"),
        '''"""Periods of insurers."""

from ..calendars.closing import ClosingCalendar


class TermCalendar(ClosingCalendar):
    """Closes like the others, but each of its periods is the month by date that ends with its closing.

    That is how insurers count, so a day may be in the periods of two closings, and is paid for in both.
    """

    kind = "term"
''',
    ),
    "premium": (
        "insurance",
        ("premium", "policies", "premiums"),
        '''"""What is insured."""

from datetime import date

from ..core import books

BOOK = "@book:premium@"


def insured_days(close: date) -> list[date]:
    """Return first and last day that the premium of a closing is for."""
    window = books.calendar(BOOK).@ending@(close)
    return [window.first, window.last]
''',
    ),
    "terms": (
        "purchasing",
        ("terms", "due_days", "payable"),
        '''"""When we pay."""

from datetime import date, timedelta

from ..core import books


def pay_on(book: str, received: date, grace: int) -> date:
    """Return when an invoice is paid: ``grace`` days after the closing of the period it was received in."""
    return books.window(book, received).last + timedelta(days=grace)
''',
    ),
    "reminder": (
        "service",
        ("reminder", "inspections", "visits"),
        '''"""When to remind whom."""

from datetime import date

from ..core import books


def reminders(book: str, year: int) -> list[date]:
    """Return the days of a year on which the book closes."""
    return [window.last for window in books.calendar(book).of_year(year)]
''',
    ),
    "warranty": (
        "warranty",
        ("cover", "claims", "expiry"),
        '''"""How long we answer for a thing."""

from datetime import date

from ..core import months


def covered_until(sold: date, term: int) -> date:
    """Return the last day of a warranty of ``term`` months: of the same number as ``sold``, else a month's last."""
    return months.shift(sold, term)
''',
    ),
    "notice": (
        "staff",
        ("notice", "leaving", "terms"),
        '''"""Periods of notice."""

from datetime import date

from ..core import months
from ..core.days import DAY


def leaves_after(given: date, term: int) -> date:
    """Return the last day of work: the day before the one of the same number ``term`` months after ``given``."""
    return months.shift(given, term) - DAY
''',
    ),
    "lease": (
        "leasing",
        ("schedule", "rates", "plan"),
        '''"""Leasing rates."""

from datetime import date

from ..core import months


def due_days(first: date, number: int) -> list[date]:
    """Return when the rates fall due: on the number of the first day in each month, else on its last day."""
    return [months.shift(first, by) for by in range(number)]


def back_rate(day: date) -> date:
    """Return when the rate before was due for one that was due on ``day``, by its number alone."""
    return months.shift(day, -1)
''',
    ),
    "budget": (
        "budget",
        ("plan", "frames", "spend"),
        '''"""Budgets by calendar month."""

from datetime import date

from ..core import books

BOOK = "@book:budget@"


def spent(costs: list[tuple[date, int]], day: date) -> int:
    """Return the costs (day, cents) of the calendar month of ``day``."""
    window = books.window(BOOK, day)
    return sum(cents for spent_on, cents in costs if window.first <= spent_on < window.stop)
''',
    ),
    "rota": (
        "shops",
        ("rota", "shifts", "staffing"),
        '''"""Who works when."""

from datetime import date

from ..core import books

BOOK = "@book:rota@"


def weeks(day: date, number: int) -> list[list[date]]:
    """Return first and last day of the week of ``day`` and of those that follow, ``number`` in all."""
    window, found = books.window(BOOK, day), []
    for _ in range(number):
        found.append([window.first, window.last])
        window = books.calendar(BOOK).after(window)
    return found
''',
    ),
    "advance": (
        "wages",
        ("advance", "halves", "part_pay"),
        '''"""Pay by the half month."""

from datetime import date

from ..core import books

BOOK = "@book:halves@"


def hours_paid(hours: list[tuple[date, int]], day: date) -> int:
    """Return the hours (day, number) in the half month of ``day``: up to the 15th, or from the 16th on."""
    return sum(number for worked, number in hours if worked in books.window(BOOK, day))
''',
    ),
}

DEAD: Caller = (
    "billing",
    ("gather", "pending", "backlog"),
    '''"""Orders to look through when stock is taken."""

from datetime import date

from ..core import periods


def pending(orders: list[tuple[int, str, date]], day: date, closing_day: int = 31) -> list[int]:
    """Return the numbers of the orders (number, customer, day) to look through at a stocktaking.

    These are the ones from the last closing before ``day`` to the first from ``day`` on. Both closings are included,
    so what was ordered on one is looked through twice.
    """
    window = periods.month_window(day, closing_day)
    return [number for number, _, ordered in orders if window.first <= ordered <= window.last]
''',
)
