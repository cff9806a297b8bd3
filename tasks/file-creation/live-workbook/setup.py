"""Build the brief, the inputs given, and the hidden changes that the workbook is recalculated with.

A draw is used only if no rounding is on an edge, and every slip of `_live_workbook_traps.TRAPS` costs its checks.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from random import Random

from _live_workbook_draw import DRAWS, Change, changed, draw_inputs
from _live_workbook_engine import Engine
from _live_workbook_judge import truth
from _live_workbook_model import DATES, FILES, TERMS, Inputs, as_date
from _live_workbook_traps import dead

TEXTS = Path(__file__).resolve().parent / "texts"
ROUNDS, TRIES = 40, 25
ITEMS = {
    "products.csv": ("Drumlin", "Esker", "Kettle"),
    "tiers.csv": ("I", "II", "III", "IV"),
    "staff.csv": (
        "Ada Quist",
        "Bram Oyelaran",
        "Cleo Vantor",
        "Dilan Merk",
        "Edda Sorge",
        "Finn Abara",
        "Gry Tolle",
        "Hedy Lunt",
    ),
}


def build(workspace: Path, hidden: Path, seed: int) -> None:
    """Write brief and data to ``workspace``, and the hidden changes to ``hidden``."""
    lost: list[str] = []
    for number in range(ROUNDS):
        rng = Random(f"live-workbook/{seed}/{number}")
        given = _given(rng)
        changes = [_change(rng, given, draw) for draw in DRAWS]
        if None in changes:
            continue
        cases = [changed(given, change) for change in changes]
        right = [truth(inputs) for inputs in cases]
        lost = dead(list(zip(cases, right, strict=True)))
        if not lost:
            break
    else:
        raise RuntimeError(f"no usable changes in {ROUNDS} rounds: {lost}")
    (workspace / "data").mkdir(parents=True, exist_ok=True)
    for text in sorted(TEXTS.iterdir()):
        (workspace / text.name).write_text(text.read_text("utf-8"), encoding="utf-8")
    for name, content in _files(given).items():
        (workspace / "data" / name).write_text(content, encoding="utf-8")
    hidden.mkdir(exist_ok=True)
    (hidden / "given.json").write_text(json.dumps(given), encoding="utf-8")
    (hidden / "right.json").write_text(json.dumps([truth(given), *right]), encoding="utf-8")
    (hidden / "changes.json").write_text(json.dumps(changes, indent=1), encoding="utf-8")


def usable(inputs: Inputs) -> bool:
    """Return whether nothing is on an edge: no half to round, no profit or loan near 0, one lowest month."""
    if any(as_date(launch or 0).strftime("%m%d") == "0229" for launch in inputs["product_launch"]):
        return False
    engine = Engine(inputs)
    rows = engine.rows()
    lowest = sorted(rows["m_cash"])
    profits = [profit - tax for profit, tax in zip(engine.profits(rows), rows["m_tax"], strict=True)]
    return (
        min(engine.edges) > 1e-5
        and lowest[1] - lowest[0] > 0.05
        and all(abs(profit) > 0.05 for profit in profits)
        and not any(0 < balance < 0.05 for balance in rows["m_loan"])
    )


def _lively(inputs: Inputs) -> bool:
    """Return whether the inputs given reach tax, and an overdraft beyond its limit at the end of a quarter."""
    engine = Engine(inputs)
    rows = engine.rows()
    limit = inputs["od_limit"][0] or 0.0
    deep = [
        cash
        for cash, month in zip(rows["m_cash"], engine.cal.months, strict=True)
        if cash < -limit and month % 3 == 0
    ]
    return any(rows["m_tax"]) and len(deep) > 1 and rows["m_loan"][-1] > 0


def _given(rng: Random) -> Inputs:
    for _ in range(10 * TRIES):
        inputs = draw_inputs(rng)
        if usable(inputs) and _lively(inputs):
            return inputs
    raise RuntimeError("no usable inputs")


def _change(rng: Random, given: Inputs, draw: Callable[[Random, Inputs], Change]) -> Change | None:
    """Return a usable change, or None where the inputs given seem not to have any."""
    for _ in range(TRIES):
        change = draw(rng, given)
        if usable(changed(given, change)):
            return change
    return None


def _files(given: Inputs) -> dict[str, str]:
    """Return the CSV files of the inputs. Rows without any value are spare, and not in the file."""
    texts = {}
    for name, (key, columns) in FILES.items():
        prefix = {"products.csv": "product", "tiers.csv": "tier", "staff.csv": "staff"}[name]
        lines = [",".join((key, *columns))]
        for number, item in enumerate(ITEMS[name]):
            names = [f"{prefix}_{column}" for column in columns]
            lines.append(",".join([item, *(_text(one, given[one][number]) for one in names)]))
        texts[name] = "\n".join(lines) + "\n"
    lines = ["name,value", *(f"{name},{_text(name, given[name][0])}" for name in TERMS)]
    return texts | {"terms.csv": "\n".join(lines) + "\n"}


def _text(name: str, value: float | None) -> str:
    if value is None:
        return ""
    return as_date(value).isoformat() if name in DATES else f"{value:.10g}"
