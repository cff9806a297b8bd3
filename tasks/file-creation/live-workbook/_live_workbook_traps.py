"""Proof that every rule matters: what somebody who misses it gets wrong, and in which check it must show."""

from __future__ import annotations

from _live_workbook_engine import Engine
from _live_workbook_judge import KINDS, differences, wrong
from _live_workbook_model import Inputs, Rows

TRAPS = {
    "share-by-months": "sales tax",
    "share-first-only": "sales tax",
    "no-share": "sales tax",
    "opening-sells-whole": "sales",
    "anniversary-in-month": "sales",
    "growth-by-calendar": "sales",
    "growth-from-opening": "sales",
    "units-not-rounded": "sales",
    "price-exact": "sales",
    "price-rounded-once": "sales",
    "tiers-by-calendar": "sales",
    "intro-from-opening": "sales",
    "whole-volume": "sales",
    "no-intro": "sales",
    "intro-not-counted": "sales",
    "limits-not-rounded": "sales",
    "spare-rows": "costs",
    "gone-on-last-day": "costs",
    "heads-if-paid": "costs",
    "opening-pays-whole": "costs",
    "calendar-days": "costs",
    "capped-days": "costs",
    "february-short": "costs",
    "february-as-it-is": "costs",
    "wait-exclusive": "costs",
    "no-wait": "costs",
    "raise-on-opening": "costs",
    "cap-by-fy": "costs",
    "cap-for-all-months": "costs",
    "cap-whole-year": "costs",
    "cap-monthly": "costs",
    "whole-rent": "costs",
    "rent-by-calendar": "costs",
    "loan-whole-month": "loan",
    "no-extra-in-grace": "loan",
    "opening-balance": "loan",
    "average-without-interest": "loan",
    "last-interest-full": "loan",
    "below-zero": "loan",
    "lag-one": "cash",
    "social-at-once": "cash",
    "overdraft-whole-month": "cash",
    "no-extra-rate": "cash",
    "debited-monthly": "cash",
    "quarter-of-model": "cash",
    "interest-not-in-average": "cash",
    "average-signed": "cash",
    "losses-live-on": "tax",
    "rounded-profit-taxed": "tax",
    "whole-base": "tax",
    "no-cap": "tax",
    "newest-first": "tax",
    "brought-only": "tax",
    "expired-still-left": "tax",
    "tax-not-rounded": "tax",
    "only-displayed": "pnl tax",
    "from-rounded": "pnl",
    "end-of-model": "pnl",
    "before-tax": "keys",
    "first-profit": "keys",
}
"""Slip → the checks that it must cost, in one of the changes at least."""


def dead(cases: list[tuple[Inputs, Rows]]) -> list[str]:
    """Return the slips that do not cost their checks in any of the cases, which come with their `truth`."""
    return [slip for slip, checks in TRAPS.items() if not _alive(cases, slip, checks.split())]


def _alive(cases: list[tuple[Inputs, Rows]], slip: str, checks: list[str]) -> bool:
    """Return whether a slip costs each check; with several, whoever makes it has other rows for the later ones too."""
    if len(checks) == 1:
        (check,) = checks
        return any(
            differences(right, _made(Engine(inputs, slip), check, right), KINDS[check])
            for inputs, right in cases
        )
    found = [(inputs, right, Engine(inputs, slip).rows()) for inputs, right in cases]
    return all(any(wrong(check, *case) for case in found) for check in checks)


def _made(engine: Engine, check: str, right: Rows) -> Rows:
    """Return what an engine makes of the outputs of a check, on rows that are otherwise right."""
    if check == "sales":
        return right | engine.sales()
    if check == "costs":
        return right | engine.staff() | {"m_rent": engine.rent()}
    if check == "loan":
        return engine.loan()
    if check == "cash":
        return engine.cash(right)
    if check == "keys":
        return engine.keys(right)
    made = right | engine.tax(right)
    return made | engine.pnl(made)
