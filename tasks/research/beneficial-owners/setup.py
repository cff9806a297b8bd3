"""Sets up a register: extracts, people, suppliers and rules.

`draw_world` draws suppliers until the rules of each one's theme matter; `build` draws again until every slip of
`_beneficial_owners_traps` costs exactly the checks that it should.
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from random import Random

from _beneficial_owners_build import Unfit
from _beneficial_owners_files import write
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
        break
    else:
        raise AssertionError(f"no usable register: {why[-3:]}")
    write(workspace, rng, world, HERE / "texts")
    hidden.mkdir(exist_ok=True)
    (hidden / "expected.json").write_text(json.dumps(answer(world), indent=1) + "\n", "utf-8")


def answer(world: World) -> dict[str, object]:
    """Return the rows of each supplier, with its theme."""
    return {
        supplier.company: {
            "theme": supplier.theme,
            "owners": {
                who: [round(float(percent), 4), basis, date.fromordinal(since).isoformat()]
                for who, (percent, basis, since) in sorted(world.truth[supplier.company].items())
            },
        }
        for supplier in world.suppliers
    }
