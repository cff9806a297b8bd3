"""Holds the rows of a workbook against the rules, kind by kind.

Sales, costs and loan are held against the truth; what builds upon them against what the rules make of the workbook's
own rows, so that a slip costs the check of its own kind alone.
"""

from __future__ import annotations

from _live_workbook_engine import COSTS, INTEREST, Engine
from _live_workbook_model import MONTHLY, OUTPUTS, Inputs, Rows

KINDS = {
    "sales": ("m_first", "m_units", "m_revenue", "m_goods"),
    "costs": ("m_pay", "m_social", "m_heads", "m_rent"),
    "loan": ("m_loan_interest", "m_loan"),
    "cash": ("m_od_interest", "m_cash"),
    "tax": ("m_tax", "fy_loss_used", "fy_loss_left"),
    "pnl": ("fy_end", "fy_months", "fy_revenue", "fy_costs", "fy_interest", "fy_profit", "fy_tax", "fy_net"),
    "keys": ("low_cash", "low_month", "loan_end", "steady_month"),
}
"""Check → the outputs that it looks at."""
OWN = ("cash", "tax", "pnl", "keys")
"""Checks that go by the workbook's own rows."""
TOLERANCE = 0.005
_ENOUGH, _LARGEST = 12, 1e12


def truth(inputs: Inputs) -> Rows:
    """Return all outputs as the rules have them."""
    rows = Engine(inputs).rows()
    return {name: rows[name] for name in OUTPUTS}


def wrong(kind: str, inputs: Inputs, right: Rows, found: Rows) -> list[str]:
    """Return what is wrong in a workbook's rows for these inputs; ``right`` is their `truth`."""
    if kind not in OWN:
        return differences(right, found, KINDS[kind])
    if reason := far_off(right, found) or _steered(right, found):
        return [reason]
    for name in MONTHLY:
        if name not in KINDS[kind] and not all(abs(value) < _LARGEST for value in found[name]):
            return [f"{name} is no row of numbers to go by"]
    return differences(_expected(kind, inputs, found), found, KINDS[kind])


def far_off(right: Rows, found: Rows) -> str:
    """Return why a workbook's rows are nothing to go by; empty if they are."""
    for name in ("m_revenue", "m_pay"):
        if sum(_near(a, b) for a, b in zip(right[name], found[name], strict=True)) < _ENOUGH:
            return f"{name} is too far off to go by"
    return ""


def _steered(right: Rows, found: Rows) -> str:
    """Return which row looks made up, so that what builds upon it has nothing to do; empty for none."""
    for name in ("m_revenue", *COSTS):
        near = sum(_near(a, b) for a, b in zip(right[name], found[name], strict=True))
        if near < len(right[name]) / 2 or sum(map(abs, found[name])) > 2 * sum(right[name]):
            return f"{name} is too far off to build upon"
    for name in INTEREST:
        if sum(map(abs, found[name])) > 3 * sum(right[name]) + sum(right["m_revenue"]) / 10:
            return f"{name} is too far off to build upon"
    return ""


def idle(kind: str, pairs: list[tuple[Rows, Rows]]) -> list[str]:
    """Return the rows of a kind that hardly ever have anything in them, though the right ones do."""

    def filled(name: str, which: int) -> int:
        return sum(abs(value) > TOLERANCE for pair in pairs for value in pair[which][name])

    names = {"tax": ("m_tax", "fy_loss_used"), "cash": ("m_od_interest",)}.get(kind, ())
    return [f"{name} is nearly always 0" for name in names if 3 * filled(name, 1) < filled(name, 0)]


def differences(right: Rows, found: Rows, names: tuple[str, ...]) -> list[str]:
    """Return the cells whose values are not the right ones."""
    return [
        f"{name}[{place + 1}]: {found[name][place]:.10g} instead of {value:.10g}"
        for name in names
        for place, value in enumerate(right[name])
        if not abs(found[name][place] - value) <= TOLERANCE
    ]


def _expected(kind: str, inputs: Inputs, found: Rows) -> Rows:
    engine = Engine(inputs)
    if kind == "cash":
        return engine.cash(found)
    if kind == "tax":
        made = engine.tax(found)
        lines = engine.pnl(found | made)
        return made | {name: lines[name] for name in ("fy_loss_used", "fy_loss_left")}
    if kind == "pnl":
        zeros = [0.0] * OUTPUTS["fy_net"]
        return engine.pnl(found | {"loss_used": zeros, "loss_left": zeros})
    settled = [0.0 if value <= TOLERANCE else value for value in found["m_loan"]]
    return engine.keys(found | {"m_loan": settled})


def _near(right: float, found: float) -> bool:
    return abs(right - found) <= abs(right) * 0.5
