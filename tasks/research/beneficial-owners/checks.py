"""Judges owners.csv by theme of supplier, so that L0 tells what was lacking; by themselves `since` and `seen`."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from agentbench.validators.base import CheckFailed, Context, Verdict, failed, number, passed

COLUMNS = ["supplier_id", "person_id", "percent", "basis", "since", "seen"]
TOLERANCE = Decimal("0.0101")
ENOUGH = 2 / 3
"""Share of the suppliers, or of the owners, that must be right before what rests on the others can earn."""
Given = dict[str, dict[str, dict[str, str]]]


def owners_right(ctx: Context, theme: str) -> Verdict:
    """Judge who owns the suppliers of a theme, with percentage and basis."""
    given, expected = _given(ctx), _expected(ctx)
    some = [supplier for supplier, one in expected.items() if one["theme"] == theme]
    wrong = [why for supplier in some if (why := _fault(expected[supplier], given.get(supplier, {})))]
    if wrong:
        return failed(f"the owners of {len(some)} suppliers", f"{len(wrong)} wrong: {'; '.join(wrong[:4])}")
    return passed(f"the owners of {len(some)} suppliers, all right")


def none_right(ctx: Context) -> Verdict:
    """Judge that suppliers without an owner have no row, nor has anything that is no supplier."""
    given, expected = _given(ctx), _expected(ctx)
    due = {(supplier, who) for supplier, one in expected.items() for who in one["owners"]}
    found = {(supplier, who) for supplier, people in given.items() for who in people}
    if len(due & found) < ENOUGH * len(due):
        return failed("most owners of the other suppliers", f"{len(due & found)} of {len(due)}")
    ownerless = [supplier for supplier, one in expected.items() if not one["owners"]]
    odd = sorted(set(ownerless) & given.keys() | given.keys() - expected.keys())
    if odd:
        return failed(
            f"no row for {len(ownerless)} suppliers, nor for others", f"rows for {', '.join(odd[:5])}"
        )
    return passed(f"no row for {len(ownerless)} suppliers")


def days_right(ctx: Context, column: str) -> Verdict:
    """Judge the days of a column for all suppliers whose owners are right; most have to be."""
    at = {"since": 2, "seen": 3}[column]
    given, expected = _given(ctx), _expected(ctx)
    owned = {supplier: one for supplier, one in expected.items() if one["owners"]}
    right = [supplier for supplier, one in owned.items() if not _fault(one, given.get(supplier, {}))]
    if len(right) < ENOUGH * len(owned):
        return failed("the owners of most suppliers", f"{len(right)} of {len(owned)} right")
    days = [
        (f"{supplier} {who}", row[at], _day(given[supplier][who][column]))
        for supplier in right
        for who, row in owned[supplier]["owners"].items()
    ]
    wrong = [f"{which}: {found or 'no day'}" for which, due, found in days if found != due]
    if wrong:
        return failed(f"{len(days)} days", f"{len(wrong)} wrong: {'; '.join(wrong[:4])}")
    return passed(f"{len(days)} days, all right")


def _expected(ctx: Context) -> dict[str, dict]:
    found = ctx.expected("expected.json")
    assert isinstance(found, dict)
    return found


def _given(ctx: Context) -> Given:
    return ctx.once("owners", lambda: _read(ctx))


def _read(ctx: Context) -> Given:
    given: Given = {}
    for row in ctx.csv("owners.csv", COLUMNS):
        supplier, who = row["supplier_id"].strip(), row["person_id"].strip().upper()
        people = given.setdefault(supplier, {})
        if who in people:
            raise CheckFailed("one row for each supplier and person", f"two for {supplier[:20]} {who[:20]}")
        people[who] = row
    return given


def _fault(expected: dict, given: dict[str, dict[str, str]]) -> str:
    """Return what is wrong with the rows of a supplier, without saying what would be right."""
    owners = expected["owners"]
    if owners.keys() != given.keys():
        return f"{len(owners.keys() - given.keys())} persons missing, {len(given.keys() - owners.keys())} too many"
    for who, (percent, basis, *_) in owners.items():
        if given[who]["basis"].strip().lower() != basis:
            return f"basis of {who}"
        try:
            found = number(given[who]["percent"].strip().removesuffix("%").strip(), "percent")
        except CheckFailed:
            return f"percent of {who} is no number"
        if not found.is_finite() or abs(found - Decimal(str(percent))) > TOLERANCE:
            return f"percent of {who}"
    return ""


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text.strip()).isoformat()
    except ValueError:
        return ""
