"""Judge `monthly.csv`: which months and regions it has, their sales and orders, and the total of all.

A missing or extra row is the business of the check of the keys: the checks of the figures judge the rows that
belong there, provided that most of them are there at all.
"""

from __future__ import annotations

import re
from decimal import Decimal

from agentbench.validators.base import CheckFailed, Context, Verdict, failed, number, passed, same_set

FILE, EXPECTED = "monthly.csv", "expected.json"
COLUMNS = ("month", "region", "net_eur", "orders")
CENT = Decimal("0.01")
ENOUGH = 0.8
"""The share of the right rows without which a check of their figures has nothing to judge."""


def keys_exact(ctx: Context) -> Verdict:
    """Judge whether there is one row for exactly the right months and regions."""
    found = _rows(ctx)
    repeated = sorted(key for key, rows in found.items() if len(rows) > 1)
    if repeated:
        return failed("one row for each month and region", f"more than one: {', '.join(repeated[:5])}")
    return same_set(set(_expected(ctx)), set(found), "months and regions")


def net_right(ctx: Context) -> Verdict:
    """Judge the sales of every month and region that belongs in the table and is there."""
    return _figures_right(ctx, "net_eur", CENT)


def orders_right(ctx: Context) -> Verdict:
    """Judge the number of orders of every month and region that belongs in the table and is there."""
    return _figures_right(ctx, "orders", Decimal(0))


def total_right(ctx: Context) -> Verdict:
    """Judge the sum of all sales in the table, give or take a cent for each row."""
    expected = _expected(ctx)
    right = sum((Decimal(row["net_eur"]) for row in expected.values()), Decimal(0))
    rows = [row for rows in _rows(ctx).values() for row in rows]
    found = sum((number(row["net_eur"], "net_eur") for row in rows), Decimal(0))
    if abs(found - right) > CENT * len(expected):
        return failed(f"{right} EUR in all", f"{found:.2f} EUR")
    return passed(f"{found:.2f} EUR")


def _figures_right(ctx: Context, column: str, tolerance: Decimal) -> Verdict:
    expected, found = _expected(ctx), _rows(ctx)
    common = sorted(expected.keys() & found.keys())
    if len(common) < ENOUGH * len(expected):
        raise CheckFailed(f"most of the {len(expected)} right rows", f"{len(common)} of them")
    wrong = []
    for key in common:
        for row in found[key]:
            if abs(number(row[column], f"{column} of {key}") - Decimal(expected[key][column])) > tolerance:
                wrong.append(f"{key}: {row[column]} instead of {expected[key][column]}")
    if wrong:
        return failed(
            f"{len(common)} right values of {column}", f"{len(wrong)} wrong: {'; '.join(wrong[:5])}"
        )
    return passed(f"{len(common)} values of {column}, all right")


def _expected(ctx: Context) -> dict[str, dict]:
    return {_key(row): row for row in ctx.expected(EXPECTED)}


def _rows(ctx: Context) -> dict[str, list[dict[str, str]]]:
    rows: dict[str, list[dict[str, str]]] = {}
    for row in ctx.csv(FILE, COLUMNS):
        rows.setdefault(_key(row), []).append(row)
    return rows


def _key(row: dict[str, str]) -> str:
    month = re.sub(r"-(\d)$", r"-0\1", row["month"])
    return f"{month} {' '.join(row['region'].split()).casefold()}"
