"""Build the shop to migrate and the hidden runs that migrate.py is judged by.

A draw is used only if every slip of `SLIPS` shows in what its check looks at.
"""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from random import Random
from string import Template
from typing import Any

from _rolling_migration_draw import Draw, Rows, dirty
from _rolling_migration_driver import Bench
from _rolling_migration_look import KINDS, changed
from _rolling_migration_plan import Run, answers, contracted, killed, live, mixed, ordered, rolled_back

HERE = Path(__file__).resolve().parent
DRAWS = 30
SLIPS = {
    "replaced-is-new": "people",
    "renumbered-is-new": "people",
    "points-kept": "people",
    "not-stripped": "emails",
    "all-letters": "emails",
    "null-is-empty": "emails",
    "spells-email": "emails",
    "not-given-up": "emails",
    "drops-conflict": "conflicts",
    "first-comer": "conflicts",
    "no-promotion": "conflicts",
    "no-promotion-by-v2": "conflicts",
    "import-keeps-email": "conflicts",
    "in-place": "addresses",
    "all-move": "addresses",
    "kept-empty": "addresses",
    "spells-place": "addresses",
    "corrects-one": "addresses",
    "import-makes-home": "addresses",
    "dropped": "orders",
    "null-note": "orders",
    "not-recounted": "orders",
    "register-not-counted": "orders",
}
"""What somebody misses → the check in which it must show."""


def build(workspace: Path, hidden: Path, seed: int) -> None:
    """Write the given shop to ``workspace`` and the hidden runs to ``hidden``."""
    lost: list[str] = []
    for attempt in range(DRAWS):
        rng = Random(f"rolling-migration/{seed}/{attempt}")
        runs = {f"mixed{n}": mixed(Draw(rng), 24) for n in (1, 2)}
        lost = dead(runs)
        if not lost:
            break
    else:
        raise RuntimeError(f"no usable runs in {DRAWS} draws: {lost}")
    batch = rng.choice((4, 5, 6))
    made = {name: run.made() for name, run in runs.items()}
    made["live"] = live(Draw(rng), 30)
    made["killed"] = killed(Draw(rng), 18)
    made["ordered"] = ordered(Draw(rng), 16)
    made["back"] = rolled_back(Draw(rng), 18)
    made["end"] = contracted(Draw(rng), 18)
    known = {"batch": batch, "form": new_form(hidden / "form.db"), "runs": made}
    (hidden / "runs.json").write_text(json.dumps(known), "utf-8")
    plan = Template((HERE / "texts" / "PLAN.md").read_text("utf-8"))
    (workspace / "PLAN.md").write_text(plan.substitute(batch=batch), "utf-8")
    write_shop(workspace, dirty(Draw(rng), 60))


def dead(runs: dict[str, Run]) -> list[str]:
    """Return the slips that no run shows."""
    right = {name: answers(run) for name, run in runs.items()}
    return [slip for slip in SLIPS if not any(shows(run, right[name], slip) for name, run in runs.items())]


def shows(run: Run, right: list[Any], slip: str) -> bool:
    """Return whether a run shows a slip in what its check looks at."""
    kind = SLIPS[slip]
    reads = {read for read, _ in KINDS[kind]}
    return changed(right, answers(run, slip, reads), run.steps, kind)


def new_form(path: Path) -> dict[str, Any]:
    """Return what a database of version 2 has."""
    db = sqlite3.connect(path)
    db.executescript((HERE / "inputs" / "schema_v2.sql").read_text("utf-8"))
    db.close()
    found: dict[str, Any] = Bench((None, None, None), {}, str(path)).form()
    path.unlink()
    return found


def write_shop(workspace: Path, rows: tuple[Rows, Rows]) -> None:
    """Write the database that the agent is given."""
    app: dict[str, str] = {}
    exec((HERE / "inputs" / "app_v1.py").read_text("utf-8"), app)
    db = sqlite3.connect(workspace / "shop.db")
    db.executescript(app["SCHEMA"])
    db.executemany("INSERT INTO customers VALUES (?, ?, ?, ?, ?, ?, ?, 0)", rows[0])
    db.executemany("INSERT INTO orders VALUES (?, ?, ?, ?, ?)", rows[1])
    db.commit()
    db.close()
