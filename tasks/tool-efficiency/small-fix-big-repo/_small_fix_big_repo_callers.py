"""What works with periods: the modules whose documentation the fix has to respect.

Each has a role, a department, and names to draw from. Here are those that are wrong today (by window, by closing, by
year, by the opening itself, by a name in a table or a settings file) and those that count back by date and are
right; `_small_fix_big_repo_steady` has the others that are right today.
"""

Caller = tuple[str, tuple[str, ...], str]

BILLING = '''"""Invoices of a period."""

from collections import defaultdict
from datetime import date

from . import @collect@


def invoices(orders: list[tuple[int, str, date]], book: str, day: date) -> dict[str, list[int]]:
    """Return what the run of ``day`` bills: for each customer the numbers of the orders.

    These are the orders of the book's period that ``day`` is in; an order is on one invoice only.
    """
    found = defaultdict(list)
    for number, customer in @collect@.due(orders, book, day):
        found[customer].append(number)
    return dict(found)
'''

COLLECT = '''"""Which orders are due."""

from datetime import date

from ..core import books


def due(orders: list[tuple[int, str, date]], book: str, day: date) -> list[tuple[int, str]]:
    """Return number and customer of the orders (number, customer, day) in the period that ``day`` is in."""
    window = books.window(book, day)
    return [(number, customer) for number, customer, ordered in orders if ordered in window]
'''

CREDIT = '''"""Credit notes."""

from datetime import date

from ..core import books


def credited(returns: list[tuple[int, date]], book: str, closed: date) -> list[int]:
    """Return the numbers of the returns (number, day) on the credit note of the period that closed on ``closed``.

    A return is on one credit note only, and there is none that is on no credit note.
    """
    window = books.calendar(book).@ending@(closed)
    return [number for number, day in returns if window.first <= day < window.stop]
'''

WRONG_TODAY: dict[str, Caller] = {
    "prorate": (
        "contracts",
        ("prorate", "first_fee", "partial"),
        '''"""The first fee of a contract."""

from datetime import date

from ..core import books


def first_fee(cents: int, begins: date, book: str) -> int:
    """Return the fee for the period in which a contract begins, in cents, halves rounded up.

    It is the fee by the days from ``begins`` to the end of the book's period, over all days of that period.
    """
    window = books.window(book, begins)
    days = (window.stop - begins).days
    return (2 * cents * days + window.days) // (2 * window.days)
''',
    ),
    "interest": (
        "interest",
        ("term", "day_count", "accrual"),
        '''"""Days of interest."""

from datetime import date

from ..core import days, ranges


def interest_days(book: str, close: date) -> int:
    """Return for how many days a balance bears interest at a closing: those after the closing before."""
    return (close - ranges.since(book, close)) // days.DAY + 1
''',
    ),
    "statements": (
        "statements",
        ("pages", "yearly", "folder"),
        '''"""Statements of a year."""

from ..core import books


def pages(book: str, year: int) -> list[list[str]]:
    """Return label, first and last day of each period of a year."""
    found = books.calendar(book).of_year(year)
    return [[one.label, one.first.isoformat(), one.last.isoformat()] for one in found]
''',
    ),
    "carry": (
        "balances",
        ("carry", "brought", "edges"),
        '''"""Balances brought and carried forward."""

from datetime import date

from ..core import books

EDGES = {"brought": "@open@", "carried": "window"}


def edge(book: str, name: str, close: date) -> date:
    """Return the day of a balance: ``brought`` on the day after the closing before, ``carried`` on ``close``."""
    found = getattr(books.calendar(book), EDGES[name])(close)
    return found if name == "brought" else found.last
''',
    ),
    "rent": (
        "rent",
        ("charges", "utilities", "meters"),
        '''"""What tenants use."""

from datetime import date

from ..core.desk import Desk


class Meters(Desk):
    """Meters of our tenants."""

    book = "@book:rent@"

    def used(self, readings: list[tuple[date, int]], day: date) -> int:
        """Return the units read (day, units) in the period that ``day`` is in, every reading in one period only."""
        window = self.period(day)
        return sum(units for read, units in readings if read < window.stop and not read < window.first)
''',
    ),
    "bonus": (
        "sales",
        ("bonus", "targets", "tiers"),
        '''"""Bonus on what was sold."""

from datetime import date

from ..core.desk import Desk


class Bonus(Desk):
    """The bonus of the people in sales."""

    book = "@book:bonus@"

    def base(self, sales: list[tuple[date, int]], close: date) -> int:
        """Return what the bonus at a closing is reckoned from: the sales (day, cents) since the closing before."""
        return sum(cents for day, cents in sales if day in self.month(close))
''',
    ),
    "levy": (
        "levies",
        ("levy", "packaging", "recycling"),
        '''"""What we pay for packaging."""

from datetime import date

from ..core import ranges

BOOK = "@book:levy@"


def tonnes(weights: list[tuple[date, int]], close: date) -> int:
    """Return the weights (day, kg) to report at a closing: each once, at the first closing from its day on."""
    return ranges.upto(BOOK, close, weights)
''',
    ),
    "storage": (
        "stock",
        ("storage", "racks", "keeping"),
        '''"""What keeping a pallet costs."""

from datetime import date

from ..core.books import window as period_of

BOOK = "@book:storage@"
CENTS = [@cents@]


def pallet_fee(day: date) -> int:
    """Return the cents for a pallet in the period of ``day``, by the days of it.

    28, 29, 30 or 31 days have a price each; a shorter period costs as much as 28 days, a longer one as much as 31.
    """
    return CENTS[period_of(BOOK, day).days - 28]
''',
    ),
    "forecast": (
        "production",
        ("forecast", "capacity", "load"),
        '''"""What the works can do."""

from datetime import date

from ..core import books

BOOK = "@book:forecast@"


def capacity(pieces: int, day: date) -> int:
    """Return the pieces of the period after that of ``day``, at so many pieces for each of its days."""
    return pieces * books.calendar(BOOK).after(books.window(BOOK, day)).days
''',
    ),
}
"""Apart from billing and credit notes."""

BY_DATE: dict[str, Caller] = {
    "limits": (
        "limits",
        ("credit_line", "exposure", "ceiling"),
        '''"""Credit limits."""

from datetime import date

from ..core.desk import Desk


class Limits(Desk):
    """Limits that the insurer sets."""

    book = "@book:limits@"

    def used(self, orders: list[tuple[date, int]], day: date) -> int:
        """Return how much of a limit is used on a day: the orders (day, cents) of the month up to it.

        That month is counted by date, as the insurer does: it begins on the day after the same day of the month
        before, or after that month's last day where it has no such day. Closings have no say in it.
        """
        return sum(cents for ordered, cents in orders if ordered in self.month(day))
''',
    ),
    "pace": (
        "stats",
        ("pace", "rates", "averages"),
        '''"""Averages for the wall."""

from datetime import date

from ..core import books

BOOK = "@book:pace@"


def per_day(pieces: int, day: date) -> int:
    """Return how many of the pieces of the month up to ``day`` fall on a day, rounded down.

    Counted by date: from the day after the same day of the month before (or after its last day) to ``day``.
    """
    return pieces // books.calendar(BOOK).@span@(day)
''',
    ),
    "freight": (
        "freight",
        ("quota", "allotment", "tonnage"),
        '''"""What the carrier still takes."""

from datetime import date

from ..core import ranges

BOOK = "@book:freight@"


def carried(loads: list[tuple[date, int]], day: date) -> int:
    """Return the pallets (day, number) that count against the quota on ``day``.

    By the carrier's contract: what was loaded after the same day of the month before (its last day where there is
    none), or after the Friday before that day if it is a Saturday or Sunday, up to and including ``day``.
    """
    return ranges.upto(BOOK, day, loads)
''',
    ),
    "cover": (
        "customs",
        ("cover", "bonded", "surety"),
        '''"""Goods under bond."""

from datetime import date

from ..core import ranges

BOOK = "@book:cover@"


def cover_from(day: date) -> date:
    """Return since when a surety covers what is under bond on ``day``: the month by date, whatever closes when."""
    return ranges.since(BOOK, day)
''',
    ),
    "deposits": (
        "treasury",
        ("deposits", "idle", "balances"),
        '''"""Money that lies idle."""

from datetime import date

from ..core import books

BOOK = "@book:deposits@"
TERMS = {"date": "@span@", "book": "window"}


def free_days(day: date) -> int:
    """Return the days for which the bank takes nothing: the days from the same date a month earlier to ``day``."""
    return getattr(books.calendar(BOOK), TERMS["date"])(day)
''',
    ),
}

ENGINE: Caller = (
    "reports",
    ("engine", "figures", "runner"),
    '''"""Figures by settings/reports.json."""

from datetime import date, timedelta

from ..core import books, settings


def figure(name: str, sales: list[tuple[date, int]], close: date) -> int:
    """Return the sum of the sales (day, cents) that a report is about, at a closing of its book.

    Which these are is said in ``about`` of the report's entry in the settings file.
    """
    rule = settings.read("reports")[name]
    calendar = books.calendar(rule["book"])
    first = getattr(calendar, rule["from"])(close)
    if rule.get("trim"):
        first += timedelta(days=calendar.lacking(close))
    return sum(cents for day, cents in sales if first <= day <= close)
''',
)

PARTNERS: Caller = (
    "partners",
    ("accounts", "settling", "shares"),
    '''"""What we settle with partners, as settings/partners.json says."""

from datetime import date

from ..core import registry, settings


def settled_from(partner: str, close: date) -> date:
    """Return the first day of what is settled with a partner at a closing; ``about`` of the entry says which it is."""
    entry = settings.read("partners")[partner]
    calendar = registry.find("calendar", entry["calendar"])(entry)
    return getattr(calendar, entry["from"])(close)


def settled_at(partner: str, day: date) -> list[date]:
    """Return first and last day of the period of a partner's book that ``day`` is in."""
    entry = settings.read("partners")[partner]
    window = registry.find("calendar", entry["calendar"])(entry).window(day)
    return [window.first, window.last]
''',
)

PARTNER_WORDS = {
    "by-period": "Settled by period of the partner's book: from the day after the closing before",
    "by-date": "Settled by date at each closing: from the day after the same day of the month before, or its last day",
}

REPORTS = {
    "turnover": ("{month} turnover by period of the book: from the day after the closing before", False),
    "insured": (
        "Reported to the insurer by date: after the same day of the month before, or its last day",
        False,
    ),
    "commission": (
        "Commission of the agents, by quarter: sales after the closing before, up to this one",
        False,
    ),
    "royalties": ("Royalties for the period of the book: from the day after the closing before", True),
}
"""Report → what it is about, and whether its entry makes up for the fault."""
