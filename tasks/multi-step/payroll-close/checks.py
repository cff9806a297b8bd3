"""Judge the month that was paid, and what payroll.py makes of the hidden ones.

The later months are judged by kind of column, so that L0 shows which rules were missed: time and premiums, overtime,
corrections, creditors. October has everything mixed with days of 25 hours. The journal is held against the agent's
own payslips, so that it says something of its own.
"""

from __future__ import annotations

from decimal import Decimal

from _payroll_close_engine import journal
from _payroll_close_model import PAYSLIP
from _payroll_close_months import LATER, OCTOBER, VISIBLE
from _payroll_close_runs import AGAIN, FILES, Books, all_books

from agentbench.validators.base import Context, Verdict, failed, passed, same_set

Payslips = dict[str, dict[str, Decimal]]
ENDS = ("gross", "contribution", "net", "garnished", "payout")
KINDS = {
    "worked": ("base", "night", "special", "holiday_pay"),
    "overtime": ("overtime",),
    "corrections": ("correction",),
}


def given_month(ctx: Context) -> Verdict:
    """The month that was asked for is right in all three files."""
    expected = _expected(ctx)[VISIBLE]
    for name in FILES:
        ctx.path(f"out/{name}")
    books = Books(ctx.workspace / "out")
    payslips = books.payslips()
    wrong = _differences(expected["payslips"], payslips, PAYSLIP) + _strangers(expected, payslips)
    if books.exceptions() != set(expected["exceptions"]):
        wrong.append("exceptions")
    if books.journal() != journal(expected["payslips"], expected["writs"], expected["homes"]):
        wrong.append("journal")
    return _verdict(wrong, f"{VISIBLE} to the cent")


def october_right(ctx: Context) -> Verdict:
    """Every payslip of the month with 25-hour days is right in every column."""
    expected = _expected(ctx)[OCTOBER]
    payslips = all_books(ctx)[OCTOBER].payslips()
    wrong = _differences(expected["payslips"], payslips, PAYSLIP) + _strangers(expected, payslips)
    return _verdict(wrong, f"{OCTOBER} to the cent")


def columns_right(ctx: Context, kind: str) -> Verdict:
    """The columns of this kind are right for everybody in the later months."""
    wrong = []
    for name in LATER:
        expected = _expected(ctx)[name]["payslips"]
        wrong += _differences(expected, all_books(ctx)[name].payslips(), KINDS[kind])
    return _verdict(wrong, f"{kind} of {len(LATER)} months to the cent")


def payouts_right(ctx: Context) -> Verdict:
    """In the later months the right people get a payslip, and it ends with the right sums."""
    wrong = []
    for name in LATER:
        expected = _expected(ctx)[name]
        payslips = all_books(ctx)[name].payslips()
        wrong += _differences(expected["payslips"], payslips, ENDS) + _strangers(expected, payslips)
    return _verdict(wrong, f"payslips of {len(LATER)} months to the cent")


def creditors_right(ctx: Context) -> Verdict:
    """In the later months every creditor is booked what the writ gets."""
    wrong = []
    for name in LATER:
        expected = _expected(ctx)[name]["writs"]
        found = {party: -amount for (_, party), amount in all_books(ctx)[name].journal("2720").items()}
        for writ in sorted(expected.keys() | found.keys()):
            if expected.get(writ, 0) != found.get(writ, 0):
                wrong.append(
                    f"{name} {writ}: {found.get(writ, 0) / 100} instead of {expected.get(writ, 0) / 100}"
                )
    return _verdict(wrong, f"writs of {len(LATER)} months to the cent")


def exceptions_exact(ctx: Context) -> Verdict:
    """Exactly the exceptions of each hidden month are reported."""
    right = {f"{name} {one}" for name in (OCTOBER, *LATER) for one in _expected(ctx)[name]["exceptions"]}
    found = {f"{name} {one}" for name in (OCTOBER, *LATER) for one in all_books(ctx)[name].exceptions()}
    return same_set(right, found, "exceptions")


def journal_ties(ctx: Context) -> Verdict:
    """Each hidden month's journal balances and books what its payslips, as they were written, say."""
    wrong = []
    for name in (OCTOBER, *LATER):
        expected, books = _expected(ctx)[name], all_books(ctx)[name]
        payslips, booked = books.payslips(), books.journal()
        right = sum(
            payslips.get(who, {}).get("base") == slip["base"] and slip["base"] > 0
            for who, slip in expected["payslips"].items()
        )
        if right < 4 or payslips.keys() - expected["homes"].keys():
            return failed(
                "payslips that a journal can be held against", f"{name}: {right} with the right base"
            )
        if sum(booked.values()) != 0:
            wrong.append(f"{name}: does not balance")
        writs = {party: -amount for (account, party), amount in booked.items() if account == "2720"}
        for who, slip in payslips.items():
            got = sum(amount for writ, amount in writs.items() if expected["debtors"].get(writ) == who)
            if got != slip["garnished"]:
                wrong.append(f"{name} {who}: garnished")
        if booked != journal(payslips, writs, expected["homes"]):
            wrong.append(f"{name}: not what the payslips say")
    return _verdict(wrong, "every journal balances and ties to its payslips")


def rerun_same(ctx: Context) -> Verdict:
    """A second run on the same month leaves the same bytes."""
    books = all_books(ctx)
    changed = [name for name in FILES if books[OCTOBER].raw(name) != books[AGAIN].raw(name)]
    return _verdict(changed, "the same files at the second run")


def _expected(ctx: Context) -> dict:
    return ctx.once("expected", lambda: ctx.expected("expected.json"))


def _differences(expected: dict[str, dict[str, int]], found: Payslips, columns: tuple[str, ...]) -> list[str]:
    wrong = []
    for who, slip in expected.items():
        given = found.get(who)
        if given is None:
            if any(slip[column] for column in columns):
                wrong.append(f"{who}: missing")
            continue
        wrong += [
            f"{who} {column}: {given[column] / 100} instead of {slip[column] / 100}"
            for column in columns
            if given[column] != slip[column]
        ]
    return wrong


def _strangers(expected: dict, found: Payslips) -> list[str]:
    odd = sorted(expected["payslips"].keys() ^ found.keys())
    return [f"payslip of {who}: {'missing' if who not in found else 'not due'}" for who in odd]


def _verdict(wrong: list[str], what: str) -> Verdict:
    if wrong:
        return failed(what, f"{len(wrong)} wrong: {'; '.join(wrong[:5])}")
    return passed(what)
