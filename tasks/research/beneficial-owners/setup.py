"""Sets up a register: extracts, people, suppliers and rules.

`draw_world` draws suppliers until the slips of each one's theme change its rows; `build` draws again until
nothing short of a replay of what was known gives the days of `seen`.
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from random import Random

from _beneficial_owners_build import Unfit
from _beneficial_owners_files import write
from _beneficial_owners_traps import seen_alive
from _beneficial_owners_world import World, draw_world

HERE = Path(__file__).resolve().parent
DRAWS = 20


def build(workspace: Path, hidden: Path, seed: int) -> None:
    """Write the register to ``workspace`` and the owners to ``hidden``."""
    why: list[str] = []
    for attempt in range(DRAWS):
        rng = Random(f"beneficial-owners/{seed}/{attempt}")
        try:
            world = draw_world(rng)
        except Unfit as error:
            why.append(str(error))
            continue
        if seen_alive(world):
            break
        why.append("`seen` can be guessed")
    else:
        raise AssertionError(f"no usable register: {why[-3:]}")
    write(workspace, rng, world, HERE / "texts")
    hidden.mkdir(exist_ok=True)
    (hidden / "expected.json").write_text(json.dumps(answer(world), indent=1) + "\n", "utf-8")


def answer(world: World) -> dict[str, object]:
    """Return the rows of each supplier, with its theme."""

    def _day(ordinal: int) -> str:
        return date.fromordinal(ordinal).isoformat()

    return {
        supplier.company: {
            "theme": supplier.theme,
            "owners": {
                who: [round(float(percent), 4), basis, _day(since), _day(world.seen[supplier.company][who])]
                for who, (percent, basis, since) in sorted(world.truth[supplier.company].items())
            },
        }
        for supplier in world.suppliers
    }
