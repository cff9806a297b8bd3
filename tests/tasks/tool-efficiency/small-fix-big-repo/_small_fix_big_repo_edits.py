"""Reads the code base for names and places, and makes single edits; nothing is known of it but what stands there."""

import json
import re
from pathlib import Path

TEST = '''"""Orders from the end of a month are billed once."""

import unittest
from datetime import date, timedelta

from {package}.billing import {module}


class TicketTest(unittest.TestCase):
    def test_one_invoice_for_an_order(self):
        orders = [(n, "A", date(2024, 12, 1) + timedelta(days=n)) for n in range(120)]
        runs = [date(2025, 1, 15), date(2025, 2, 15)]
        found = [n for day in runs for numbers in {module}.invoices(orders, "{book}", day).values() for n in numbers]
        self.assertEqual(sorted(set(found)), sorted(found))
'''


class Repo:
    """The code base in a workspace."""

    def __init__(self, workspace: Path) -> None:
        self.workspace, self.erp = workspace, workspace / "erp"
        self.package = next(path.parent.parent for path in self.erp.glob("*/core/registry.py"))
        plain = (self.package / "calendars/plain.py").read_text("utf-8")
        self.opening = re.search(r"def (\w+)\(self, day: date\) -> date:\n", plain)[1]
        closing = (self.package / "calendars/closing.py").read_text("utf-8")
        self.span = re.search(
            r"def (\w+)\(self, day: date\) -> int:\n +\"\"\"Return how many days it is", closing
        )[1]
        self.texts = {path: path.read_text("utf-8") for path in sorted(self.package.rglob("*.py"))}

    def find(self, phrase: str) -> Path:
        """Return the one module that has a phrase in it."""
        found = [path for path, text in self.texts.items() if phrase in text]
        assert len(found) == 1, (phrase, found)
        return found[0]

    def edit(self, phrase: str, *pairs: tuple[str, str]) -> None:
        """Replace text, which has to be there once, in the module with a phrase."""
        self.change(self.find(phrase), *pairs)

    def change(self, path: Path, *pairs: tuple[str, str]) -> None:
        """Replace text, which has to be there once, in a file."""
        text = path.read_text("utf-8")
        for old, new in pairs:
            old, new = (
                one.replace("@open@", self.opening).replace("@span@", self.span) for one in (old, new)
            )
            assert text.count(old) == 1, (path, old, text.count(old))
            text = text.replace(old, new)
        path.write_text(text, "utf-8")
        self.texts[path] = text

    def report(self, name: str, **keys: object) -> None:
        """Set keys of a report's line in the settings; None takes one away."""
        self._set(self.erp / "settings/reports.json", name, keys)

    def partner(self, kind: str, **keys: object) -> None:
        """Set keys of the lines of partners whose entry begins so: ``Settled by date`` or ``Settled by period``."""
        path = self.erp / "settings/partners.json"
        for name, entry in json.loads(path.read_text("utf-8")).items():
            if entry["about"].startswith(kind):
                self._set(path, name, keys)

    def _set(self, path: Path, name: str, keys: dict[str, object]) -> None:
        lines = path.read_text("utf-8").split("\n")
        at = next(n for n, line in enumerate(lines) if line.startswith(f'  "{name}":'))
        rule = json.loads(lines[at].partition(":")[2].rstrip(","))
        rule = {key: value for key, value in (rule | keys).items() if value is not None}
        lines[at] = f'  "{name}": {json.dumps(rule)}{"," if lines[at].endswith(",") else ""}'
        path.write_text("\n".join(lines), "utf-8")

    def calendars(self, *pairs: tuple[str, str]) -> None:
        self.change(self.package / "calendars/closing.py", *pairs)

    def write_test(self, text: str = TEST) -> None:
        """Write the regression test."""
        book = re.search(r"\(book `(\w+)`\)", (self.workspace / "ticket.txt").read_text("utf-8"))[1]
        names = {
            "package": self.package.name,
            "module": self.find('"""Invoices of a period."""').stem,
            "book": book,
        }
        (self.erp / "tests/test_ticket.py").write_text(text.format(**names), "utf-8")


COUNTED = "        return day - DAY * (self.@span@(day) - 1)\n"
CLOSED = "        return self.closing(*months.step(day.year, day.month, -self.every)) + DAY\n"
BY_DATE = f'''    def by_date(self, day: date) -> date:
        """Return the first day of the month by date up to ``day``."""
{COUNTED}
'''
KEY, OWN_KEY = "key = calendar.kind, close", "key = calendar.kind, str(calendar.entry), close"


MADE_UP = (
    "        return type(window)(window.first + timedelta(days=self.calendar.lacking(window.last)), "
    "window.last)\n"
)


BEGINS = f'''    def begins(self, day: date) -> date:
        """Return the first day of the period that ends on ``day``."""
{CLOSED}
'''
TERM = "    begins = ClosingCalendar.@open@\n"


def begin_by_closing(repo: Repo) -> None:
    """Give calendars a way to the first day of a period, apart from the month by date, and let windows go by it."""
    head = "    @abstractmethod\n"
    repo.change(
        repo.package / "calendars/base.py",
        (head, BEGINS.replace(CLOSED, "        return self.@open@(day)\n") + head),
    )
    head = "    def window(self, day: date):\n"
    repo.calendars((head, BEGINS + head))
    repo.edit("class TermCalendar", ('kind = "term"\n', f'kind = "term"\n{TERM}'))
    repo.edit(
        "def window_to", ("Window(calendar.@open@(close), close)", "Window(calendar.begins(close), close)")
    )
    repo.edit(KEY, (KEY, OWN_KEY))


def open_by_closing(repo: Repo) -> None:
    """Let periods begin after the closing before, and keep the month by date under another name."""
    head = "    def @open@(self, day: date) -> date:\n"
    repo.calendars(
        (COUNTED, CLOSED),
        (head, BY_DATE + head),
        (
            '"""Return the first day of the month, or quarter, up to ``day``."""',
            '"""Return the first day of the period that closes on ``day``."""',
        ),
    )
    repo.edit("class WorkdayCalendar", ("def @open@", "def by_date"))
    repo.edit(
        "class TermCalendar", ('kind = "term"\n', 'kind = "term"\n    @open@ = ClosingCalendar.by_date\n')
    )
    repo.edit(KEY, (KEY, OWN_KEY))


def stop_making_up(repo: Repo) -> None:
    """Take away what made up for days that were in two periods, and look at periods of unusual length."""
    repo.edit(
        '"""Advance returns."""',
        (
            MADE_UP,
            "        return window\n",
        ),
    )
    repo.edit('"""Guaranteed pay."""', ("(window.days - (NUMBER - window.last.day))", "window.days"))
    repo.edit(
        "def pallet_fee",
        ("[period_of(BOOK, day).days - 28]", "[min(max(period_of(BOOK, day).days, 28), 31) - 28]"),
    )


def from_books(repo: Repo) -> None:
    """Let bonus, interest and levies, which went by the month by date, ask for periods."""
    repo.edit("class Bonus", ("self.month(close)", "self.period(close)"))
    repo.edit(
        "def interest_days",
        ("import days, ranges", "import books, days"),
        ("ranges.since(book, close)", "books.window(book, close).first"),
    )
    repo.edit(
        "def tonnes",
        ("import ranges", "import books"),
        (
            "return ranges.upto(BOOK, close, weights)",
            "return sum(kg for day, kg in weights if day in books.window(BOOK, close))",
        ),
    )
