"""Build the evidence of one outage: the logs of ten machines, changes, flags, alerts, accounts and a chat.

A draw is used only if one change alone was in effect for every outage error, nothing hangs on less than a margin,
and everything that can be missed (`_incident_timeline_rules.TRAPS`) would cost exactly the checks meant for it.
"""

from __future__ import annotations

import json
from pathlib import Path
from random import Random

from _incident_timeline_logs import Logs, control_files, iso
from _incident_timeline_plants import Planter
from _incident_timeline_rules import PROCESS_ROLES, Judge, sound
from _incident_timeline_text import FIELDS, PLATFORM, chat_text
from _incident_timeline_traffic import Traffic
from _incident_timeline_world import World

DRAWS = 40


def draw(seed: int) -> tuple[World, Traffic, Random]:
    """Return the first afternoon of this seed in which every trap is alive."""
    for attempt in range(DRAWS):
        rng = Random(f"incident-timeline/{seed}/{attempt}")
        world = World(rng)
        traffic = Traffic(rng, world)
        planter = Planter(traffic)
        planter.clearing()
        planter.counting()
        planter.drill()
        traffic.play()
        if sound(world, traffic):
            return world, traffic, rng
    raise AssertionError("no draw with all traps alive")


def expected_from(world: World, traffic: Traffic) -> dict[str, object]:
    """Return what the checks compare with."""
    truth = Judge(world, traffic).answer()
    ids = {role: change.id for role, change in world.by_role.items()}
    cleared = {"traffic": {}, "clocks": {}}
    for role, name in truth["ruled_out"].items():
        cleared["traffic" if role in PROCESS_ROLES else "clocks"][ids[role]] = name
    times = ("cause_in_effect", "cause_gone", "first_error", "last_error", "detected")
    return {
        "root_cause": ids[truth["root"]],
        "cleared": cleared,
        "times": {name: iso(truth[name]) for name in times},
        "failed_requests": truth["failed_requests"],
        "affected_customers": truth["affected_customers"],
    }


def build(workspace: Path, hidden: Path, seed: int) -> None:
    """Write the evidence and its two papers to ``workspace`` and the expected answers to ``hidden``."""
    world, traffic, rng = draw(seed)
    files = Logs(rng, world, traffic).files() | control_files(world, rng)
    files["chat.txt"] = chat_text(world, rng)
    rows = [f"{name},{customer},{'test' if name in traffic.tests else 'shop'}" for name, customer in
            sorted(traffic.customer.items())]  # fmt: skip
    files["accounts.csv"] = "account,customer,kind\n" + "\n".join(rows) + "\n"
    for name, text in files.items():
        target = workspace / "evidence" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, "ascii")
    (workspace / "fields.md").write_text(FIELDS, "utf-8")
    (workspace / "platform.md").write_text(PLATFORM, "utf-8")
    answers = expected_from(world, traffic)
    (hidden / "expected.json").write_text(json.dumps(answers, indent=1, sort_keys=True) + "\n", "utf-8")
