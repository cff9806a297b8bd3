"""Solutions of payroll-close. A wrong one, or a mutation, is the oracle's program with one rule missed.

Wrong solutions also pay September with their program; mutations leave what the oracle paid, so that only the later
months tell.
"""

import subprocess
import sys
from pathlib import Path

import _payroll_close_faults as faults
from _payroll_close_program import PROGRAM
from _payroll_close_reader import terms
from _payroll_close_slots import SLOTS


def oracle(workspace: Path) -> str:
    """Write the program and pay September."""
    _deliver(workspace, PROGRAM)
    return "payroll.py is written; September is paid into out/."


def in_slots(workspace: Path) -> None:
    """Other architecture: tallies of five-minute slots; other order of rows, an extra column, BOM and CRLF."""
    _deliver(workspace, SLOTS)


def in_two_modules(workspace: Path) -> None:
    """The same rules with the terms in a module of its own, and columns in another order."""
    (workspace / "terms_of_pay.py").write_text(f"T = {terms(workspace)!r}\n", encoding="utf-8")
    swapped = faults.replaced(
        PROGRAM,
        ("T = TERMS\n", "from terms_of_pay import T\n"),
        ('[["employee"] + PAY + ENDS'[1:], '["employee"] + ENDS + PAY'),
        ("for name in PAY + ENDS]", "for name in ENDS + PAY]"),
    )
    _deliver(workspace, swapped)


def stuffer(workspace: Path) -> None:
    """Deliver a program that writes a row of zeros for everybody, and its files."""
    _deliver(workspace, faults.STUFFER)


def pays_by_first_day(workspace: Path) -> None:
    """Books a whole shift on the day on which it begins."""
    _faulty(workspace, "pays_by_first_day", pay=True)


def rate_of_the_day(workspace: Path) -> None:
    """Takes the rate of the contract on the minute's date."""
    _faulty(workspace, "rate_of_the_day", pay=False)


def overtime_of_the_month(workspace: Path) -> None:
    """Leaves the days before the month out of its first week."""
    _faulty(workspace, "overtime_of_the_month", pay=True)


def old_gaps_forgotten(workspace: Path) -> None:
    """Lets an exception before the month count for nothing."""
    _faulty(workspace, "old_gaps_forgotten", pay=True)


def corrects_to_the_cent(workspace: Path) -> None:
    """Rounds old corrections as it is done now."""
    _faulty(workspace, "corrects_to_the_cent", pay=False)


def seconds_do_not_count(workspace: Path) -> None:
    """Takes two rows of one minute for one."""
    _faulty(workspace, "seconds_do_not_count", pay=True)


def one_by_one(workspace: Path) -> None:
    """Pays writs of one day one after the other."""
    _faulty(workspace, "one_by_one", pay=False)


def clock_on_the_wall(workspace: Path) -> None:
    """Reckons the length of a shift by the clock on the wall."""
    _faulty(workspace, "clock_on_the_wall", pay=True)


def postponed_for_all(workspace: Path) -> None:
    """Postpones the longer night in the South too."""
    _faulty(workspace, "postponed_for_all", pay=True)


def eves_are_holidays(workspace: Path) -> None:
    """Takes 24 and 31 December for holidays in the South."""
    _faulty(workspace, "eves_are_holidays", pay=True)


def counts_from_the_day(workspace: Path) -> None:
    """Counts the first overtime minutes of the week from the day of the memo."""
    _faulty(workspace, "counts_from_the_day", pay=True)


def memo_begun_last(workspace: Path) -> None:
    """Follows the memo whose point began last."""
    _faulty(workspace, "memo_begun_last", pay=True)


def holidays_in_target(workspace: Path) -> None:
    """Leaves holidays in the target."""
    _faulty(workspace, "holidays_in_target", pay=False)


def reports_all(workspace: Path) -> None:
    """Reports the exceptions of other months again."""
    _faulty(workspace, "reports_all", pay=False)


def negative_debits(workspace: Path) -> None:
    """Books negative sums as negative debits."""
    _faulty(workspace, "negative_debits", pay=False)


def in_any_order(workspace: Path) -> None:
    """Writes the exceptions in another order at every run."""
    _faulty(workspace, "in_any_order", pay=False)


def loses_a_payslip(workspace: Path) -> None:
    """Leave somebody out of September's payslips."""
    file = workspace / "out" / "payslips.csv"
    file.write_text("".join(file.read_text("utf-8").splitlines(keepends=True)[:-1]), encoding="utf-8")


def drops_a_memo(workspace: Path) -> None:
    """Take a rule text away."""
    (workspace / "rules" / "memo-3.md").unlink()


CASCADE = {"given", "october", "payouts"}
ALTERNATIVES = [in_slots, in_two_modules]
WRONG = {
    pays_by_first_day: {*CASCADE, "worked", "overtime", "corrections"},
    overtime_of_the_month: {*CASCADE, "overtime"},
    old_gaps_forgotten: {*CASCADE, "overtime"},
    seconds_do_not_count: {*CASCADE, "overtime", "exceptions"},
    clock_on_the_wall: {"october"},
    postponed_for_all: {"worked", "overtime", "corrections", "payouts"},
    eves_are_holidays: {"worked", "overtime", "creditors", "payouts"},
    counts_from_the_day: {"overtime", "payouts"},
    memo_begun_last: {"creditors", "payouts"},
}
MUTATIONS = {
    loses_a_payslip: {"given"},
    rate_of_the_day: {"october", "worked", "overtime", "payouts"},
    one_by_one: {"creditors"},
    corrects_to_the_cent: {"october", "corrections", "payouts"},
    drops_a_memo: {"inputs-unchanged"},
    holidays_in_target: {"october", "overtime", "payouts"},
    reports_all: {"exceptions"},
    negative_debits: {"journal"},
    in_any_order: {"rerun"},
}


def _deliver(workspace: Path, program: str, pay: bool = True) -> None:
    """Write payroll.py and, if asked, pay September with it."""
    text = program.lstrip().replace("TERMS", repr(terms(workspace)))
    (workspace / "payroll.py").write_text(text, encoding="utf-8")
    if pay:
        argv = [sys.executable, "-S", "payroll.py", "month", "out"]
        subprocess.run(argv, cwd=workspace, check=True, timeout=60)


def _faulty(workspace: Path, name: str, pay: bool) -> None:
    """Deliver the program with a fault."""
    _deliver(workspace, faults.replaced(PROGRAM, *faults.FAULTS[name]), pay)
