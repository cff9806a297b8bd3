"""Build the repository of the kiln, the lab that is asked by ./probe, and what the checks expect.

A draw is used only if there is one answer and every trap is alive.
"""

from __future__ import annotations

import json
from pathlib import Path
from random import Random

from _costly_bisect_git import write
from _costly_bisect_history import History
from _costly_bisect_kiln import TEXTS, figures, name
from _costly_bisect_pairs import table
from _costly_bisect_plan import draw_plan, draw_world
from _costly_bisect_truth import EVENTS, Truth

RUNS = 48
DRAWS = 40
LOG_HEAD = "# runs of the lab: number, commit, verdict, seal\n"


def build(workspace: Path, hidden: Path, seed: int) -> None:
    """Write repository, lab and symptoms to ``workspace``, culprits and figures to ``hidden``."""
    flaws: list[str] = []
    for draw in range(DRAWS):
        rng = Random(f"costly-bisect/{seed}/{draw}")
        world = draw_world(rng)
        history = History(rng, world, draw_plan(rng))
        truth = Truth(history, world)
        flaws = truth.flaws()
        if not flaws:
            break
    else:
        raise RuntimeError(f"no usable history in {DRAWS} draws: {flaws}")
    oids = write(workspace / "repo", history)
    key = rng.randbytes(16).hex()
    _put(workspace / "probe", (TEXTS / "probe.py").read_text("utf-8"))
    (workspace / "probe").chmod(0o755)
    lab = {"key": key, "runs": RUNS, **{one: table(pair, key, world.at) for one, pair in world.pairs.items()}}
    _put(workspace / "lab.dat", json.dumps(lab, separators=(",", ":")))
    _put(workspace / "lab.log", LOG_HEAD)
    _put(workspace / "symptoms.md", (TEXTS / "symptoms.md").read_text("utf-8"))
    expected = {
        "culprits": {failure: oids[history.events[event].mark] for failure, event in EVENTS.items()},
        "figures": figures(truth.fixed()),
        "put_back": {failure: name(key) for failure, key in truth.keys().items()},
        "verdicts": {oids[mark]: verdict for mark, verdict in truth.verdicts.items()},
        "refs": {ref: oids[mark] for ref, mark in history.refs.items()},
        "key": key,
        "runs": RUNS,
        "events": {event: oids[commit.mark] for event, commit in history.events.items()},
    }
    _put(hidden / "expected.json", json.dumps(expected, indent=1))


def _put(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
