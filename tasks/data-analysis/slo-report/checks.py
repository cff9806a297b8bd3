"""Judges the figures of every route and the set of bad hours.

Requests and errors are judged by groups of routes, as each kind of trap bears on some of them, so that L0 shows which
was met. Order, extra columns and the writing of numbers and hours are free.
"""

import re

from agentbench.validators.base import CheckFailed, Context, Verdict, failed, number, passed, same_set

FILE, HOURS = "slo.csv", "bad_hours.csv"
P95_MS, BUDGET_PCT = 0.1, 0.01
"""How far figures may be off; a little more is allowed for a last rounded digit."""
ROUNDED = 1.001


def counts_right(ctx: Context, group: str) -> Verdict:
    """Judge requests and errors of the routes of a group, and that no route is listed that had none."""
    known, rows = ctx.expected("expected.json"), _rows(ctx)
    if strange := sorted(
        route for route, row in rows.items() if route not in known["figures"] and _given(row, "requests")
    ):
        return failed("only routes that had requests", ", ".join(strange[:5]))
    wrong = []
    for route in known["groups"][group]:
        right = known["figures"][route]
        for key in ("requests", "errors"):
            if _given(rows.get(route, {}), key) != right[key]:
                wrong.append(f"{route}: {rows.get(route, {}).get(key, 'no')} {key} instead of {right[key]}")
    if wrong:
        return failed(f"requests and errors of {len(known['groups'][group])} routes", "; ".join(wrong[:6]))
    return passed("all right")


def p95_right(ctx: Context) -> Verdict:
    """Judge p95_ms of every route, within 0.1 ms."""
    return _near(ctx, "p95_ms", "p95", P95_MS)


def budget_right(ctx: Context) -> Verdict:
    """Judge budget_left_pct of every route, within 0.01."""
    return _near(ctx, "budget_left_pct", "budget", BUDGET_PCT)


def bad_hours_exact(ctx: Context) -> Verdict:
    """Judge the set of bad hours."""
    right = {(hour, route) for hour, route in ctx.expected("expected.json")["bad"]}
    given = {
        (_hour(row["hour_utc"]), row["route"].casefold()) for row in ctx.csv(HOURS, ["hour_utc", "route"])
    }
    return same_set({" ".join(one) for one in right}, {" ".join(one) for one in given}, "bad hours")


def _near(ctx: Context, column: str, key: str, tolerance: float) -> Verdict:
    figures, rows = ctx.expected("expected.json")["figures"], _rows(ctx)
    wrong = []
    for route, right in sorted(figures.items()):
        given = _given(rows.get(route, {}), column)
        if given is None or abs(float(given) - right[key]) > tolerance * ROUNDED:
            wrong.append(f"{route}: {rows.get(route, {}).get(column, 'missing')} instead of {right[key]:.3f}")
    if wrong:
        return failed(f"{column} of {len(figures)} routes", f"{len(wrong)} wrong: {'; '.join(wrong[:6])}")
    return passed(f"{len(figures)} routes, all right")


def _given(row: dict[str, str], column: str):
    """Return a number of a row, None where there is none; far too large ones are none."""
    try:
        value = number(row.get(column, "").replace("%", ""), column)
    except CheckFailed:
        return None
    return value if value.is_finite() and value.adjusted() < 15 else None


def _rows(ctx: Context) -> dict[str, dict[str, str]]:
    """Return route → row. Raises CheckFailed where a route stands there twice."""

    def read():
        rows = ctx.csv(FILE, ["route", "requests", "errors", "p95_ms", "budget_left_pct"])
        found = {row["route"].casefold(): row for row in rows}
        if len(found) != len(rows):
            raise CheckFailed(f"{FILE}: one row for each route", "a route stands there twice")
        return found

    return ctx.once("rows", read)


def _hour(text: str) -> str:
    """Return an hour as 2026-03-05T14, from any usual writing of it in UTC."""
    hit = re.fullmatch(
        r"(\d{4}-\d\d-\d\d)[T ](\d\d)(:00){0,2}(\.0+)?\s*(Z|\+00:?00|UTC)?", text.strip(), re.I | re.ASCII
    )
    return f"{hit[1]}T{hit[2]}" if hit else f"({text[:40]})"
