"""The words of six messages, somebody else's folder, and the scenarios of the hidden tests.

`build` proves for every slip of `_release_train_model.SLIPS` that the tests of its message, and of all later ones that
it could still bear on, tell it from the right tool.
"""

import json
import random
from pathlib import Path

from _release_train_draw import Draw
from _release_train_model import SLIPS, play

PLACES = ("workshop", "boat yard", "theatre store", "repair café", "school lab")
NOUGHTS = ("-", "none", "--", "out")
COUNT = 6
"""Scenarios for each message."""
GONE = {"nought-as-text": 3}
"""Slip → the message from which on it cannot show any more."""


def build(workspace: Path, hidden: Path, seed: int) -> None:
    """Write vendor/, and what fills the messages and what the checks need."""
    rng = random.Random(f"release-train/{seed}")
    nought = rng.choice(NOUGHTS)
    tests = {str(turn): drawn(seed, turn, nought) for turn in range(1, 7)}
    (workspace / "vendor").mkdir()
    (workspace / "vendor" / "README").write_text(
        f"Units of the {rng.choice(PLACES)}, not ours. {rng.randint(100, 999)}\n", "utf-8"
    )
    (workspace / "vendor" / "units.py").write_text(f"SCALE = {rng.randint(2, 90)}\n", "utf-8")
    (hidden / "messages.json").write_text(
        json.dumps({"place": rng.choice(PLACES), "nought": nought}), "utf-8"
    )
    old = [
        [name, rng.randint(0, 9)]
        for name in rng.sample(("Oar", "rope", "Sail cloth", "cleat", "PIN", "block"), 5)
    ]
    old[3][1] = 0
    (hidden / "tests.json").write_text(
        json.dumps({"tests": tests, "old": old, "nought": nought}, sort_keys=True), "utf-8"
    )


def drawn(seed, turn, nought):
    """Return scenarios and what must come of them, by which every slip shows that can show after a message."""
    for attempt in range(200):
        rng = random.Random(f"release-train/{seed}/{turn}/{attempt}")
        scenarios = [Draw(rng, turn).scenario(long=number % 2 == 0) for number in range(COUNT)]
        right = [play(one, turn, nought) for one in scenarios]
        live = [slip for slip, first in SLIPS.items() if int(first) <= turn < GONE.get(slip, 7)]
        if any(map(cancels, scenarios, right)):
            continue
        if all(
            any(play(s, turn, nought, frozenset([slip])) != r for s, r in zip(scenarios, right, strict=True))
            for slip in live
        ):
            return [{**one, "right": result} for one, result in zip(scenarios, right, strict=True)]
    raise AssertionError(f"no tests for message {turn} in which every slip shows")


def cancels(scenario, right):
    """Return whether an import is done whose rows cancel out; nobody said if that changed something."""
    held = [[], *(result[2] for result in right)]
    return any(
        argv[:1] == ["import"] and result[0] == 0 and result[2] == before
        for argv, result, before in zip(scenario["calls"], right, held, strict=False)
    )
