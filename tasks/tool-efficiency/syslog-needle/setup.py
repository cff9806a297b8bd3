"""Build an 80 MB syslog of a small fleet and six questions about it.

Machines, days, messages and figures come from the seed. A draw is used only if everything that can be missed
(`_syslog_needle_rules.TRAPS`) would cost exactly the answers meant for it; else another one is drawn.
"""

from __future__ import annotations

import json
from pathlib import Path
from random import Random

from _syslog_needle_fleet import Fleet
from _syslog_needle_plan import NoRoom, Plan
from _syslog_needle_rules import answers, is_sound
from _syslog_needle_stories import tell
from _syslog_needle_text import questions_text
from _syslog_needle_write import Writer

DRAWS = 30


def draw(seed: int) -> tuple[Fleet, Plan]:
    """Return the first fleet and plan of this seed in which every trap is alive."""
    for attempt in range(DRAWS):
        rng = Random(f"syslog-needle/{seed}/{attempt}")
        fleet = Fleet(rng)
        try:
            plan = tell(rng, fleet)
        except NoRoom:
            continue
        if is_sound(plan):
            return fleet, plan
    raise AssertionError("no draw with all traps alive")


def build(workspace: Path, hidden: Path, seed: int) -> None:
    """Write ``syslog`` and ``questions.md`` to ``workspace`` and the six answers to ``hidden``."""
    fleet, plan = draw(seed)
    expected = answers(plan)
    writer = Writer(fleet, plan, Random(f"syslog-needle-lines/{seed}"))
    writer.write(workspace / "syslog")
    (workspace / "questions.md").write_text(questions_text(plan), "utf-8")
    (hidden / "expected.json").write_text(json.dumps(expected, indent=1, sort_keys=True) + "\n", "utf-8")
