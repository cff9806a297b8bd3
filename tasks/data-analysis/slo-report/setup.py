"""A month of access logs of four hosts, and the report that follows from them by slo.md.

`build` proves that every slip of `_slo_report_rules.SLIPS` costs the checks it is meant to cost, and draws again where
it does not.
"""

import json
import random
from datetime import UTC, datetime
from pathlib import Path

import _slo_report_rules as rules
import _slo_report_text as text
import _slo_report_world as worlds

SIZE = 24_000


def build(workspace: Path, hidden: Path, seed: int) -> None:
    """Write the inputs to ``workspace`` and the expected figures to ``hidden``."""
    for attempt in range(20):
        rng = random.Random(f"slo-report/{seed}/{attempt}")
        world = worlds.draw(rng, SIZE)
        month = rules.Month(world)
        tally = month.base.copy().add(rules.Reader(world), month.odd)
        if not worlds.even_out(rng, world, tally.hours, tally.wrong):
            continue
        month.look_again()
        truth = month.report()
        if alive(month, truth):
            break
    else:
        raise AssertionError("no draw with all traps alive")
    write(workspace, rng, world)
    figures, bad = truth
    expected = {
        "figures": figures,
        "bad": sorted(
            [f"{datetime.fromtimestamp(hour * 3600, UTC):%Y-%m-%dT%H}", route] for hour, route in bad
        ),
        "groups": rules.GROUPS,
    }
    (hidden / "expected.json").write_text(json.dumps(expected, sort_keys=True), "utf-8")


def alive(month, truth):
    """Return whether every slip costs the checks that it is meant to cost."""
    for slip, wanted in rules.SLIPS.items():
        slips = frozenset([slip])
        few = month.few if slips & rules.WHOLE else None
        if not wanted <= rules.lost(truth, month.report(slips), few):
            return False
    return True


def write(workspace, rng, world):
    """Write the files of the workspace."""
    (workspace / "access").mkdir()
    for host in worlds.HOSTS:
        (workspace / "access" / f"{host}.log").write_text(text.log_text(world, host), "utf-8")
    (workspace / "slo.md").write_text(text.rules_text(world), "utf-8")
    (workspace / "routes.txt").write_text(text.routes_text(world), "utf-8")
    (workspace / "zones.json").write_text(text.zones_text(world), "utf-8")
    (workspace / "changes.md").write_text(text.Changes(rng, world).text(), "utf-8")
