"""Fixes of small-fix-big-repo: right ones in three places, tempting wrong ones, slips in the right one."""

from pathlib import Path

from _small_fix_big_repo_edits import (
    CLOSED,
    COUNTED,
    KEY,
    MADE_UP,
    OWN_KEY,
    TEST,
    Repo,
    from_books,
    open_by_closing,
    stop_making_up,
)


def oracle(workspace: Path) -> str:
    """The opening goes by closings; who wants the month by date asks for that."""
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
    return "Periods now begin on the day after the closing before; months by date are asked for by name."


def new_method(workspace: Path) -> str:
    """The opening stays the month by date; periods get a way of their own, which shares nothing."""
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
    repo.edit("class Bonus", ("self.month(close)", "self.period(close)"))
    repo.edit("EDGES =", ('"brought": "@open@"', '"brought": "begins"'))
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
    stop_making_up(repo)
    from_books(repo)
    repo.edit("class Desk", ("self.calendar.@open@(day)", "self.calendar.by_date(day)"))
    repo.edit("def since", ("calendar(book).@open@(day)", "calendar(book).by_date(day)"))
    repo.edit("class Bonus", ("self.month(close)", "self.period(close)"))
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


def opening_for_everybody(workspace: Path) -> None:
    """Mends the opening at the root without asking who else wants it."""
    repo = Repo(workspace)
    repo.calendars((COUNTED, CLOSED))
    repo.edit(
        "class WorkdayCalendar",
        ("days.workday(months.shift(day, -1)) + days.DAY", f"super().{repo.opening}(day)"),
    )
    repo.edit(KEY, (KEY, OWN_KEY))
    repo.edit(
        "def pallet_fee",
        ("[period_of(BOOK, day).days - 28]", "[min(max(period_of(BOOK, day).days, 28), 31) - 28]"),
    )
    repo.write_test()


def only_closings_count(workspace: Path) -> None:
    """Tells by the day who asks: on a closing it is the period, on any other day the month by date."""
    oracle(workspace)
    repo = Repo(workspace)
    both = CLOSED + "        return first if self.closing(day.year, day.month) == day else by_date\n"
    both = "        by_date = day - DAY * (self.@span@(day) - 1)\n" + both.replace(
        "return self", "first = self"
    )
    repo.calendars(("by_date(self", "by_dates(self"), (CLOSED, both))
    repo.edit("class Limits", ("self.calendar.by_date(day)", "self.calendar.@open@(day)"))
    repo.edit("def cover_from", ("by_date(day)", "@open@(day)"))
    repo.report("insured", **{"from": _opening(repo)})


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
    repo = Repo(workspace)
    repo.edit("class TermCalendar", (f"    {_opening(repo)} = ClosingCalendar.by_date\n", ""))


def fee_for_odd_periods(workspace: Path) -> None:
    """Does not think of periods that are shorter or longer than a month."""
    Repo(workspace).edit(
        "def pallet_fee",
        ("[min(max(period_of(BOOK, day).days, 28), 31) - 28]", "[period_of(BOOK, day).days % 28 % 4]"),
    )


def interest_by_date(workspace: Path) -> None:
    """Takes the days of interest for a month by date."""
    repo = Repo(workspace)
    repo.edit(
        "def interest_days",
        ("import days, ranges", "import books, days"),
        ("ranges.since(book, close)", "books.calendar(book).by_date(close)"),
    )


def notes_by_date(workspace: Path) -> None:
    """Leaves the way by closings, which credit notes and statements take, as it was."""
    Repo(workspace).change(
        Repo(workspace).package / "calendars/lookup.py",
        (
            '{close}")\n        return self.build(close)',
            '{close}")\n        return windows.Window(self.by_date(close), close)',
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


def _opening(repo: Repo) -> str:
    """Return the name of the opening, also where the settings no longer have it for the insurer."""
    text = (repo.package / "core/windows.py").read_text("utf-8")
    return text.partition("Window(calendar.")[2].partition("(")[0]


_BILLS = {"ticket", "odd-books", "books-together"}
_ALL = _BILLS | {"credit-notes", "same-cause", "other-routes"}
ALTERNATIVES = [new_method, by_date_in_the_middle]
WRONG = {
    skips_billed_orders: _ALL - {"ticket"},
    fixes_the_lookalike: _ALL | {"own-test"},
    sticky_months: _ALL | {"callers-kept", "own-test"},
    only_the_window: {"credit-notes", "same-cause", "other-routes"},
    opening_for_everybody: {"callers-kept"},
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
