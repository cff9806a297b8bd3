"""Build the sales table task: the exports of three shops, exchange rates, region names, and the right table.

A drawn year is used only if every slip of `_regional_sales_rules.TRAPS` costs exactly the checks that it should;
else another one is drawn.
"""

from __future__ import annotations

import json
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path
from random import Random

from _regional_sales_files import Files
from _regional_sales_rules import dead_traps, reckon
from _regional_sales_world import World

DRAWS = 40


def build(workspace: Path, hidden: Path, seed: int) -> None:
    """Write the exports and tables to ``workspace`` and the right figures to ``hidden``."""
    complaints: list[str] = []
    for draw in range(DRAWS):
        rng = Random(f"regional-sales/{seed}/{draw}")
        world = World(rng)
        complaints = dead_traps(world.orders, world.rates)
        if not complaints:
            break
    else:
        raise RuntimeError(f"no usable year in {DRAWS} draws: {complaints}")
    for name, content in Files(world, rng).all().items():
        path = workspace / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    table = reckon(world.orders, world.rates)
    rows = [
        {"month": month, "region": region, "net_eur": _cents(table.net[month, region]),
         "orders": table.orders[month, region]}
        for month, region in sorted(table.net)
    ]  # fmt: skip
    hidden.mkdir(exist_ok=True)
    (hidden / "expected.json").write_text(json.dumps(rows, indent=1) + "\n", "utf-8")


def _cents(amount: Fraction) -> str:
    exact = Decimal(amount.numerator) / Decimal(amount.denominator) / 100
    return str(exact.quantize(Decimal("0.01"), ROUND_HALF_UP))
