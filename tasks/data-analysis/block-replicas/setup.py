"""Builds the logs of the given cluster, and the hidden clusters that replay.py will be run on.

A hidden cluster is drawn until each thing that somebody may miss in the sections it dwells on changes its lists, and
its logs, read anew, lead to the lists that were kept while it was played.
"""

import gc
import json
import random
from dataclasses import replace
from pathlib import Path

import _block_replicas_plans as plans
from _block_replicas_deeds import Deeds
from _block_replicas_reader import events, run, stamp

READ_OTHERWISE = {"no-skew", "took-ignored", "first-offset", "no-step", "step-sign", "heartbeat-sent"}
READ_OTHERWISE |= {"no-gap", "gap-dropped"}
"""Flaws that show when logs are read; the others change only what becomes of the events."""


def build(workspace: Path, hidden: Path, seed: int) -> None:
    """Write logs/ and probes.txt, and the answers with the hidden clusters."""
    gc.disable()  # half a million small objects, and not for long
    rng = random.Random(f"block-replicas/{seed}")
    start = rng.randint(2, 20) * plans.DAY + rng.randint(9, 15) * plans.HOUR + rng.randrange(plans.HOUR)
    given = Deeds(rng, replace(plans.GIVEN, start=start)).begin()
    given.play()
    (workspace / "logs").mkdir()
    for name, lines in given.logs.items():
        (workspace / "logs" / f"{name}.log").write_text("\n".join(lines) + "\n", "utf-8")
    (workspace / "probes.txt").write_text("".join(_probes(rng, given)), "utf-8")
    clusters = {}
    for name, plan in plans.HIDDEN.items():
        world = drawn(seed, name, replace(plan, start=rng.randint(2, 20) * plans.DAY + rng.randint(9, 22) * plans.HOUR))
        logs = {f"{log}.log": "\n".join(lines) + "\n" for log, lines in world.logs.items()}
        clusters[name] = {"logs": logs, "probes": "".join(_probes(rng, world)), **answers(world)}
    for name, document in (("given.json", answers(given)), ("clusters.json", clusters)):
        (hidden / name).write_text(json.dumps(document, separators=(",", ":")), "utf-8")


def drawn(seed: int, name: str, plan: plans.Plan) -> Deeds:
    """Return a cluster of this plan in which everything matters that should."""
    for attempt in range(400):
        world = Deeds(random.Random(f"block-replicas/{seed}/{name}/{attempt}"), plan).begin()
        world.play()
        if matters(world, plans.MATTERS[name]):
            return world
    raise AssertionError(f"{name}: no draw keeps every trap alive")


def matters(world: Deeds, flaws: list[str]) -> bool:
    """Return whether each of the flaws alone changes what is found at the probes."""
    right = {"states": world.states, "replicas": world.replicas}
    happenings = events(world.logs)
    for flaw in flaws:
        missed = frozenset([flaw])
        if run(events(world.logs, missed) if flaw in READ_OTHERWISE else happenings, world.states, missed) == right:
            return False
    if run(happenings, world.states) != right:
        raise AssertionError("the logs do not say what was played")
    return True


def answers(world: Deeds) -> dict:
    """Return the lists of all probes, ``[probe, state, block, node]``, and the final table."""
    states = [[stamp(at), *row] for at, rows in sorted(world.states.items()) for row in rows]
    return {"states": states, "replicas": world.replicas}


def _probes(rng: random.Random, world: Deeds) -> list[str]:
    """Return the probes as lines, in no order."""
    return rng.sample([f"{stamp(at)}\n" for at in sorted(world.states)], len(world.states))
