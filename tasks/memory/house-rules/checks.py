"""Judges the payment list that Dana gets in the second session.

What each check rests on: rows and values - the second message ("all of `invoices.csv`, one line for each
invoice") and "All other due dates stay as they are"; each of the others - one point of the first message. The
list is found by its columns and invoices, so that a wrong name costs only `list_named`; dates and amounts are
read in any form, so that a wrong form costs only the check of that form.
"""

from collections import Counter
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from _house_rules_reading import amount_pattern, amounts_in, date_in, date_pattern, dates_in

from agentbench.validators.base import (
    CheckFailed,
    Context,
    Verdict,
    failed,
    find_files,
    number,
    passed,
    safe_name,
    same_set,
)

COLUMNS = ["invoice", "due", "amount", "cost_centre"]
ENOUGH = Decimal("0.8")
NEAR_DAYS = 3
MOST_FILES = 50
MOST_BYTES = 1_000_000

Row = dict[str, str]


def list_named(ctx: Context) -> Verdict:
    """Judge whether one list lies in the folder itself, under the name that Dana's form gives."""
    lists = _lists(ctx)
    name, right = lists[0][0], _truth(ctx)["name"]
    if name != right:
        return failed(f"a list {right}", f"the list is {safe_name(name)}")
    given = (ctx.pristine / "invoices.csv").read_bytes()
    others = [other for other, _ in lists[1:] if "/" not in other and ctx.bytes(other) != given]
    return failed(f"the list {right} alone", f"also {safe_name(others[0])}") if others else passed(right)


def rows_exact(ctx: Context) -> Verdict:
    """Judge whether each invoice has exactly one line, and nothing else has one."""
    _, rows = _found(ctx)
    numbers = Counter(row["invoice"] for row in rows)
    if twice := sorted(key for key, times in numbers.items() if times > 1):
        return failed("one line for each invoice", f"more than one: {', '.join(twice[:5])}")
    return same_set(set(_truth(ctx)["rows"]), set(numbers), "invoices")


def values_kept(ctx: Context) -> Verdict:
    """Judge, in any form, the amounts and the due dates that are not on a weekend."""

    def wrong(row: Row, truth: dict[str, Any]) -> bool:
        if Decimal(truth["amount"]) not in amounts_in(row["amount"]):
            return True
        return not truth["weekend"] and date.fromisoformat(truth["due"]) not in dates_in(row["due"])

    return _every(ctx, wrong, "the amount and due date of the invoice", "due", "amount")


def dates_in_form(ctx: Context) -> Verdict:
    """Judge whether each date is written in Dana's form and is not far from the one on the invoice."""
    form = _truth(ctx)["date_form"]
    pattern = date_pattern(form)

    def wrong(row: Row, truth: dict[str, Any]) -> bool:
        day = date_in(pattern, row["due"])
        return day is None or abs((day - date.fromisoformat(truth["invoiced"])).days) > NEAR_DAYS

    return _every(ctx, wrong, f"dates as {form}", "due")


def amounts_in_form(ctx: Context) -> Verdict:
    """Judge whether each amount is written in Dana's form, given that four in five are the right ones."""
    thousands, decimal = (_truth(ctx)[key] for key in ("thousands", "decimal"))
    pattern = amount_pattern(thousands, decimal)
    known = _known(ctx)
    right = sum(Decimal(truth["amount"]) in amounts_in(row["amount"]) for row, truth in known)
    if right < ENOUGH * len(known):
        return failed("the amounts of the invoices", f"{right} of {len(known)} right")
    shown = f"amounts as 1{thousands}234{decimal}50"
    return _every(ctx, lambda row, _: not pattern.fullmatch(row["amount"]), shown, "amount")


def weekends_moved(ctx: Context) -> Verdict:
    """Judge, in any form, whether each due date on a weekend became the day that Dana wants."""
    known = [(row, truth) for row, truth in _known(ctx) if truth["weekend"]]
    wanted = sum(truth["weekend"] for truth in _truth(ctx)["rows"].values())
    if 2 * len(known) < wanted:
        return failed(f"{wanted} invoices due on a weekend", f"{len(known)} of them")
    wrong = [
        f"{row['invoice']}: {row['due']} instead of {truth['due']}"
        for row, truth in known
        if date.fromisoformat(truth["due"]) not in dates_in(row["due"])
    ]
    if wrong:
        return failed("weekend due dates moved", f"{len(wrong)} wrong: {'; '.join(wrong[:5])}")
    return passed(f"{len(known)} due dates, all right")


def cost_centre_right(ctx: Context) -> Verdict:
    """Judge whether every line is booked on Dana's cost centre."""
    centre = _truth(ctx)["cost_centre"]
    return _every(
        ctx, lambda row, _: not _same(row["cost_centre"], centre), f"cost centre {centre}", "cost_centre"
    )


def _truth(ctx: Context) -> dict[str, Any]:
    truth: dict[str, Any] = ctx.expected("expected.json")
    return truth


def _found(ctx: Context) -> tuple[str, list[Row]]:
    """Return name and rows of the new list: the one rightly named, else the one with most of the invoices."""
    return _lists(ctx)[0]


def _lists(ctx: Context) -> list[tuple[str, list[Row]]]:
    """Return the new lists, the rightly named first, then those with most of the invoices.

    Raises CheckFailed when no new CSV file has four in five of them.
    """
    return ctx.once("lists", lambda: _read_lists(ctx))


def _read_lists(ctx: Context) -> list[tuple[str, list[Row]]]:
    truth = _truth(ctx)
    given = set(find_files(ctx.pristine, "**/*.csv"))
    names = [name for name in ctx.files("**/*.csv") if name not in given]
    names.sort(key=lambda name: (name != truth["name"], name))
    lists = []
    for name in names[:MOST_FILES]:
        if (ctx.workspace / name).stat().st_size > MOST_BYTES:
            continue
        try:
            rows = ctx.csv(name, COLUMNS)
        except CheckFailed:
            continue
        known = len(truth["rows"].keys() & {row["invoice"] for row in rows})
        if known >= ENOUGH * len(truth["rows"]):
            lists.append((name != truth["name"], -known, name, rows))
    if not lists:
        found = ", ".join(map(safe_name, names[:5])) or "no new CSV file"
        raise CheckFailed(f"a list of the invoices with the columns {', '.join(COLUMNS)}", found)
    return [one[2:] for one in sorted(lists, key=lambda one: one[:3])]


def _known(ctx: Context) -> list[tuple[Row, dict[str, Any]]]:
    truth = _truth(ctx)["rows"]
    return [(row, truth[row["invoice"]]) for row in _found(ctx)[1] if row["invoice"] in truth]


def _every(
    ctx: Context, wrong: Callable[[Row, dict[str, Any]], bool], expected: str, *columns: str
) -> Verdict:
    """Judge all lines of known invoices; the ``columns`` of a wrong one are the evidence."""
    known = _known(ctx)
    bad = [row for row, truth in known if wrong(row, truth)]
    if not bad:
        return passed(f"{len(known)} lines, all right")
    shown = "; ".join(f"{row['invoice']}: {', '.join(row[name] for name in columns)}" for row in bad[:5])
    return failed(expected, f"{len(bad)} of {len(known)} lines not: {shown}")


def _same(cell: str, centre: str) -> bool:
    try:
        return cell == centre or number(cell) == number(centre)
    except CheckFailed:
        return False
