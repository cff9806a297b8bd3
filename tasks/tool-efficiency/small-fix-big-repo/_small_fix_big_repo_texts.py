"""The texts of the workspace: the ticket, the papers beside the code, the slow suite and its tests."""

README = """# @company@

Everything that runs the shop, grown since 2011: one package per department in `@pkg@/`, what all of them share in
`@pkg@/core/` and `@pkg@/calendars/`.

- `docs/periods.md` says what a period is. What a function has to do is said in its docstring; where the two seem
  to differ, the docstring is right for that function.
- `settings/registry.json` says which class or function a name stands for, `settings/books.json` which calendar a
  book has, `settings/reports.json` what a report is about, `settings/partners.json` how we settle with partners,
  `settings/runtime.json` what is used when it runs.
- In the office one process serves all departments and books, for weeks on end.
- `python3 suite.py stock` runs the tests of a department (or of several), `python3 suite.py` all of them. The whole
  suite waits for the test ledger again and again: two minutes, and nobody else can use the ledger meanwhile.
- `tests/` has a file per department and tests for what is shared.
"""

PERIODS = """# Periods

*Books.* Whatever we reckon by period has a book, and each book its calendar (`settings/books.json`).

*Closing.* A book of the kind `closing` closes once a month, on its closing day; in a month that is too short for that,
on the month's last day. One of the kind `workday` does the same, but where that day is a Saturday or Sunday it
closes on the Friday before. Nobody minds holidays. One of the kind `quarter` closes like `closing`, but in March,
June, September and December only.

*Closing days change.* `closing_day` lists month and number: the number holds from that month on (for the closing
in that month, and all later ones) until the next entry.

*Period.* A period begins on the day after the closing before it, whatever closing day held then, and ends with its own
closing, both included. So of the periods of a book each begins where the last one ended: every day is in exactly one.
A period has the name of the month that it closes in.

*Month by date.* Insurers, carriers and banks do not know our books. They count back by date: the month up to a day
begins on the day after the same day of the month before, or after that month's last day where it has no such day. For
28 February that is 29 January, for 30 April it is 31 March. Several departments need this month and not a period,
even on the day of a closing. In contracts with carriers, and for every book of the kind `workday`, the day a month
before goes back to a Friday, too. For a book of the kind `quarter` it is the day three months before.

*Other kinds.* `month` is the calendar month, `half` the half month (1st to 15th, 16th to last), `week` Monday to
Sunday. Each closes on its last day, and what such a book has up to a day begins with that month, half month or week.
`term` belongs to the insurance people, who say in their class what it is; nobody else works with such a book.
"""

TICKET = """Ticket @number@   opened by Accounts receivable, priority high

@date0@  @clerk@
  @customer@ (book `@main@`) complain that they are billed twice. Order @order@ of 30 January 2025 is on the invoice
  for January (run of @jan@) and again on the one for February (run of 28 February). Same goods, same order number.
  @other@ had the same last year and we paid it back and forgot about it. It is always orders from the
  end of a month, and never all months.

@date1@  @shop@ (shop)
  @guess@

@date2@  @clerk@
  Could be. Credit notes seem to be hit as well, a return was credited twice, in book `@credit@`, but that may be
  a typing error, I could not find it again.

@date3@  @dev@ (development, last week before leave)
  Had a short look between two meetings. There is `month_window` in core/periods.py, it takes the closing of the month
  before for a day of the period, so that day is in both. Must be that one, I did not try it. Whoever fixes it:
  please no clean-up, the auditors read every line of the diff this quarter.
  @suite@
"""

GUESSES = [
    "That is the feed. It sends the orders of the last days again after midnight when the month is over, so they come "
    "in\n  twice. Just skip order numbers that were billed before.",
    "We moved the server to another time zone in autumn. An order from the evening of the last day counts for the "
    "next day\n  then, so it is in both months. Somebody should subtract the hour.",
    "The run of January was started twice because of the power cut, I think, and the second one went out as February. "
    "Just\n  refuse to bill an order number that has an invoice.",
]
SUITE_WORDS = [
    "The suite is green, so it is nothing that is tested.",
    "All tests pass, of course, nobody ever tested the end of a month.",
]

SUITE = '''"""Run the tests: of some departments, or all of them, which takes its time."""

import os
import sys
import unittest


def main(areas: list[str]) -> int:
    """Run the tests of the areas, or every one when none is named; return the exit code."""
    os.environ["WHOLE_SUITE"] = "" if areas else "1"
    loader = unittest.TestLoader()
    if areas:
        tests = loader.loadTestsFromNames([f"tests.test_{area}" for area in areas])
    else:
        tests = loader.discover("tests", top_level_dir=".")
    return 0 if unittest.TextTestRunner().run(tests).wasSuccessful() else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
'''

LEDGER = '''"""The test ledger, which only one test of all can hold at a time."""

import os
import time


def settle() -> None:
    """Wait until the ledger has settled; tests of a single department have one of their own."""
    if os.environ.get("WHOLE_SUITE"):
        time.sleep(5.5)
'''

TESTS = {
    "billing": """    def test_middle_of_the_month(self):
        orders = [(1, "A", date(2025, 5, 12)), (2, "B", date(2025, 5, 13)), (3, "A", date(2025, 7, 14))]
        found = @billing@.invoices(orders, "@main@", date(2025, 5, 14))
        self.assertEqual({"A": [1], "B": [2]}, found)
""",
    "credit": """    def test_a_return_in_the_middle(self):
        returned = [(7, date(2025, 10, 8)), (8, date(2025, 12, 8))]
        closed = books.calendar("@credit@").closing(2025, 10)
        self.assertEqual([7], @credit_mod@.credited(returned, "@credit@", closed))
""",
    "core": """    def test_shift(self):
        self.assertEqual(date(2025, 2, 28), months.shift(date(2025, 1, 31), 1))
        self.assertEqual(date(2024, 2, 29), months.shift(date(2024, 3, 29), -1))
        self.assertEqual(date(2024, 12, 5), months.shift(date(2025, 1, 5), -1))

    def test_workday(self):
        self.assertEqual(date(2025, 5, 30), days.workday(date(2025, 6, 1)))

    def test_period_of_a_day(self):
        self.assertIn(date(2025, 8, 14), books.window("@main@", date(2025, 8, 14)))
        self.assertEqual("2025-08", books.window("@main@", date(2025, 8, 14)).label)
""",
    "limits": """    def test_up_to_the_middle(self):
        orders = [(date(2025, 5, 14), 4), (date(2025, 5, 15), 2), (date(2025, 6, 14), 1), (date(2025, 6, 15), 9)]
        self.assertEqual(3, @limits@.Limits().used(orders, date(2025, 6, 14)))
""",
    "tax": """    def test_a_long_month(self):
        self.assertEqual(5, @tax@.Returns().taxed([(date(2025, 5, 14), 5), (date(2025, 3, 20), 2)], date(2025, 5, 14)))
""",
    "lease": """    def test_rates(self):
        found = @lease@.due_days(date(2025, 1, 31), 3)
        self.assertEqual([date(2025, 1, 31), date(2025, 2, 28), date(2025, 3, 31)], found)
""",
    "budget": """    def test_one_month(self):
        self.assertEqual(3, @budget@.spent([(date(2025, 4, 1), 3), (date(2025, 5, 1), 4)], date(2025, 4, 30)))
""",
}
TEST = '''"""Tests of {what}."""

import unittest
from datetime import date

{imports}
from tests import ledger


class {name}Test(unittest.TestCase):
    def setUp(self):
        ledger.settle()

{body}'''
FILLER_TEST = """    def test_loads(self):
        self.assertTrue({module}.__doc__)
"""
