"""Fixes of small-fix-big-repo: right ones in three places, tempting wrong ones, slips in the right one."""

from pathlib import Path

from _small_fix_big_repo_edits import (
    BY_DATE,
    CLOSED,
    COUNTED,
    KEY,
    MADE_UP,
    OWN_KEY,
    TERM,
    TEST,
    Repo,
    begin_by_closing,
    from_books,
    open_by_closing,
    stop_making_up,
)


def oracle(workspace: Path) -> str:
    """The opening stays the month by date; periods, and all who want one, have a way of their own."""
    repo = Repo(workspace)
    begin_by_closing(repo)
    stop_making_up(repo)
    from_books(repo)
    repo.edit("EDGES =", ('"brought": "@open@"', '"brought": "begins"'))
    for name in ("turnover", "commission"):
        repo.report(name, **{"from": "begins"})
    repo.partner("Settled by period", **{"from": "begins"})
    repo.write_test()
    return "Periods now begin on the day after the closing before; months by date are left as they were."


def new_method(workspace: Path) -> str:
    """Only books that close on a day get a new way to a period, which shares nothing."""
    repo = Repo(workspace)
    head = "    def window(self, day: date):\n"
    repo.calendars(
        ("import months\n", "import months, windows\n"),
        (
            head,
            f"""    def begins(self, day: date) -> date:
{CLOSED}
    def build(self, close: date) -> windows.Window:
        return windows.Window(self.begins(close), close)

{head}""",
        ),
    )
    stop_making_up(repo)
    from_books(repo)
    repo.edit(
        "class TermCalendar",
        ('kind = "term"\n', f'kind = "term"\n    begins = ClosingCalendar.{repo.opening}\n'),
    )
    repo.edit(
        "EDGES =",
        ('"brought": "@open@"', '"brought": "window"'),
        ("return found if", "return found.first if"),
    )
    for name in ("turnover", "commission"):
        repo.report(name, **{"from": "begins"})
    repo.partner("Settled by period", **{"from": "begins"})
    repo.write_test()
    (workspace / "notes.md").write_text("how it was done\n", "utf-8")
    return "Done."


def by_date_in_the_middle(workspace: Path) -> str:
    """The opening goes by closings; the helpers in core mean the month by date, periods are asked for as such."""
    repo = Repo(workspace)
    open_by_closing(repo)
    head = "    @abstractmethod\n"
    repo.change(
        repo.package / "calendars/base.py",
        (head, BY_DATE.replace(COUNTED, "        return self.@open@(day)\n") + head),
    )
    stop_making_up(repo)
    from_books(repo)
    repo.edit("class Desk", ("self.calendar.@open@(day)", "self.calendar.by_date(day)"))
    repo.edit("def since", ("calendar(book).@open@(day)", "calendar(book).by_date(day)"))
    repo.report("insured", **{"from": "by_date"})
    repo.partner("Settled by date", **{"from": "by_date"})
    repo.report("royalties", trim=None)
    test = TEST.replace(
        "self.assertEqual(sorted(set(found)), sorted(found))",
        "self.assertTrue(len(found) == len(set(found)))",
    )
    repo.write_test(test)
    return "Fertig."


# -- tempting and wrong ----------------------------------------------------------------------------


def skips_billed_orders(workspace: Path) -> None:
    """Patches the symptom: what the period before had is not billed again."""
    repo = Repo(workspace)
    repo.edit(
        "def due(orders",
        (
            "if ordered in window]",
            "if ordered in window and ordered > books.window(book, window.first - days.DAY).last]",
        ),
        ("import books", "import books, days"),
    )
    repo.write_test()


def fixes_the_lookalike(workspace: Path) -> None:
    """Believes the last note of the ticket."""
    repo = Repo(workspace)
    repo.edit(
        "def month_window",
        ("-1), closing_day), close)", "-1), closing_day) + DAY, close)"),
        ("from . import months\n", "from . import months\nfrom .days import DAY\n"),
    )
    repo.write_test()


def sticky_months(workspace: Path) -> None:
    """Lets the last day of a month stay the last day when months are counted."""
    repo = Repo(workspace)
    repo.edit("def shift", ("    return clamp(*step(day.year, day.month, by), day.day)\n",
        "    last = day.day == length(day.year, day.month)\n"
        "    return clamp(*step(day.year, day.month, by), 31 if last else day.day)\n"))  # fmt: skip
    repo.write_test()


def only_the_window(workspace: Path) -> None:
    """Mends the way that billing takes, and no other."""
    repo = Repo(workspace)
    repo.calendars(("        return self.build(close)\n",
        "        first = self.closing(*months.step(close.year, close.month, -self.every)) + DAY\n"
        "        return windows.Window(first, close)\n"), ("import months\n", "import months, windows\n"))  # fmt: skip
    repo.edit(
        '"""Advance returns."""',
        ("window.first + timedelta(days=self.calendar.lacking(window.last))", "window.first"),
    )
    repo.edit('"""Guaranteed pay."""', ("(window.days - (NUMBER - window.last.day))", "window.days"))
    repo.write_test()


def ranges_by_period(workspace: Path) -> None:
    """Lets the opening go by closings, and with it the helpers that have to give the month by date."""
    repo = Repo(workspace)
    open_by_closing(repo)
    stop_making_up(repo)
    repo.edit(
        "class Limits", ("if ordered in self.month(day)", "if self.calendar.by_date(day) <= ordered <= day")
    )
    repo.edit(
        "def carried",
        ("import ranges", "import books"),
        (
            "return ranges.upto(BOOK, day, loads)",
            "return sum(number for loaded, number in loads if books.calendar(BOOK).by_date(day) <= loaded <= day)",
        ),
    )
    repo.edit(
        "def cover_from",
        ("import ranges", "import books"),
        ("ranges.since(BOOK, day)", "books.calendar(BOOK).by_date(day)"),
    )
    repo.report("insured", **{"from": "by_date"})
    repo.partner("Settled by date", **{"from": "by_date"})
    repo.report("royalties", trim=None)
    repo.write_test()


def only_closings_count(workspace: Path) -> None:
    """Tells by the day who asks: a limit is by period on a closing, by date on any other day."""
    oracle(workspace)
    by_day = "(self.period(day) if self.period(day).last == day else self.month(day))"
    Repo(workspace).edit("class Limits", ("in self.month(day)", f"in {by_day}"))


# -- single slips in the right fix -----------------------------------------------------------------


def keeps_the_memo(workspace: Path) -> None:
    """Leaves windows shared by calendars of a kind that close on the same day."""
    Repo(workspace).edit(OWN_KEY, (OWN_KEY, KEY))


def todays_closing_day(workspace: Path) -> None:
    """Takes the closing day of this month for the month before."""
    Repo(workspace).calendars(
        (
            CLOSED,
            f"""        year, month = months.step(day.year, day.month, -self.every)
        if self.kind == "closing":
            return months.clamp(year, month, self.day_in(day.year, day.month)) + DAY
{CLOSED}""",
        )
    )


def every_month(workspace: Path) -> None:
    """Overlooks that some books close once a quarter."""
    Repo(workspace).calendars((CLOSED, CLOSED.replace("-self.every", "-1")))


def keeps_the_advance(workspace: Path) -> None:
    """Leaves a return that makes up for the fault."""
    Repo(workspace).edit('"""Advance returns."""', ("        return window\n", MADE_UP))


def insurers_by_period(workspace: Path) -> None:
    """Overlooks a calendar outside of calendars/ whose periods overlap on purpose."""
    Repo(workspace).edit("class TermCalendar", (TERM, ""))


def fee_for_odd_periods(workspace: Path) -> None:
    """Does not think of periods that are shorter or longer than a month."""
    Repo(workspace).edit(
        "def pallet_fee",
        ("[min(max(period_of(BOOK, day).days, 28), 31) - 28]", "[period_of(BOOK, day).days % 28 % 4]"),
    )


def interest_by_date(workspace: Path) -> None:
    """Takes the days of interest for a month by date."""
    Repo(workspace).edit(
        "def interest_days",
        ("import books, days", "import days, ranges"),
        ("books.window(book, close).first", "ranges.since(book, close)"),
    )


def notes_by_date(workspace: Path) -> None:
    """Leaves the way by closings, which credit notes and statements take, as it was."""
    Repo(workspace).change(
        Repo(workspace).package / "calendars/lookup.py",
        (
            '{close}")\n        return self.build(close)',
            '{close}")\n        return windows.Window(self.@open@(close), close)',
        ),
    )


def late_for_the_run(workspace: Path) -> None:
    """Bills up to the day of the run only."""
    Repo(workspace).edit(
        "def due(orders", ("if ordered in window]", "if ordered in window and ordered < window.last]")
    )


def tidies_up(workspace: Path) -> None:
    """Renames a helper's variables along the way."""
    repo = Repo(workspace)
    for name in ("months", "days", "windows"):
        path = repo.package / f"core/{name}.py"
        lines = path.read_text("utf-8").split("\n")
        path.write_text(
            "\n".join(f"{line}  # checked" if "return" in line or "def " in line else line for line in lines),
            "utf-8",
        )


def test_of_another_month(workspace: Path) -> None:
    """Writes a test that was green all the time."""
    path = workspace / "erp/tests/test_ticket.py"
    path.write_text(
        path.read_text("utf-8").replace("2025, 1, 15", "2025, 5, 15").replace("2025, 2, 15", "2025, 6, 15"),
        "utf-8",
    )


def test_of_a_new_name(workspace: Path) -> None:
    """Writes a test that cannot even run on the code as it was."""
    path = workspace / "erp/tests/test_ticket.py"
    path.write_text(
        path.read_text("utf-8").replace(
            "        orders =", "        from datetime import nothing\n        orders ="
        ),
        "utf-8",
    )


def stuffer(workspace: Path) -> str:
    """Write a test that says nothing and a remark in the code."""
    repo = Repo(workspace)
    repo.calendars((COUNTED, "        # month end: inclusive, see the ticket\n" + COUNTED))
    head = "import unittest\n\n\nclass TicketTest(unittest.TestCase):\n    def test_billing(self):\n"
    repo.write_test(head + "        self.assertTrue(True)\n")
    return "Fixed at the root: periods no longer overlap, credit notes are right, all callers were checked."


_BILLS = {"ticket", "odd-books", "books-together"}
_ALL = _BILLS | {"credit-notes", "same-cause", "other-routes"}
ALTERNATIVES = [new_method, by_date_in_the_middle]
WRONG = {
    skips_billed_orders: _ALL - {"ticket"},
    fixes_the_lookalike: _ALL | {"callers-kept", "own-test"},
    sticky_months: _ALL | {"callers-kept", "own-test"},
    only_the_window: {"credit-notes", "same-cause", "other-routes"},
    ranges_by_period: {"callers-kept"},
    only_closings_count: {"callers-kept"},
}
MUTATIONS = {
    keeps_the_memo: {"books-together"},
    todays_closing_day: {"odd-books", "books-together", "same-cause"},
    every_month: {"odd-books", "books-together", "other-routes"},
    keeps_the_advance: {"callers-kept"},
    insurers_by_period: {"callers-kept"},
    fee_for_odd_periods: {"same-cause"},
    interest_by_date: {"other-routes"},
    notes_by_date: {"credit-notes"},
    late_for_the_run: _BILLS,
    tidies_up: {"small-diff"},
    test_of_another_month: {"own-test"},
    test_of_a_new_name: {"own-test"},
}
