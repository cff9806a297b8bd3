"""Sets up a shop that counts money in floats, and hidden runs for it.

`build` proves for each slip of `PROOF` that its misreading changes an answer of its group.
"""

import json
import random
import shutil
import sqlite3
from pathlib import Path
from typing import Any

import _money_refactor_world as worlds
from _money_refactor_runs import Runs, old_schema

HERE = Path(__file__).resolve().parent
PROOF = {
    "half-even": ("totals", "refunds", "migrated", "outside", "plugin", "cache"),
    "price": ("totals",),
    "residue": ("migrated", "outside"),
    "till-dots": ("migrated", "outside", "cache"),
    "card-home": ("migrated",),
    "minor": ("thresholds",),
    "rest": ("refunds",),
}


def build(workspace: Path, hidden: Path, seed: int) -> None:
    """Write the workspace and the hidden runs."""
    shutil.copytree(HERE / "inputs", workspace, dirs_exist_ok=True)
    shutil.copyfile(HERE / "test_shop.py.tmpl", workspace / "tests/test_shop.py")
    for attempt in range(20):
        rng = random.Random(f"money-refactor {seed} {attempt}")
        config = worlds.settings(rng)
        schema = old_schema(HERE / "inputs/shop", config)
        old = worlds.Old(rng, config, 24, wild=False)
        hidden_seed = f"hidden {seed} {attempt}"
        runs = Runs(hidden_seed, config, schema)
        if alive(runs, hidden_seed, config, schema):
            break
    else:
        raise AssertionError("no draw with all traps alive")
    (workspace / "settings.json").write_text(json.dumps(config, indent=2) + "\n", "utf-8")
    for currency in ("EUR", "KWD"):
        number = f"Q{rng.randrange(100, 999)}{currency}"
        found = worlds.kept_quote(rng, config, currency, False)
        (workspace / "cache" / f"{number}.json").parent.mkdir(exist_ok=True)
        (workspace / "cache" / f"{number}.json").write_text(worlds.quote_text(found, number), "utf-8")
    (workspace / "data").mkdir(exist_ok=True)
    db = sqlite3.connect(workspace / "data/shop.db")
    for statement, rows in old.script(schema):
        if rows is None:
            db.executescript(statement)
        else:
            db.executemany(statement, rows)
    db.commit()
    db.close()
    (hidden / "runs.json").write_text(
        json.dumps(
            {"settings": json.dumps(config), "runs": {name: run.steps for name, run in runs.runs.items()}}
        ),
        "utf-8",
    )


def alive(runs: Runs, seed: str, config: dict[str, Any], schema: str) -> bool:
    """Return whether each slip changes an answer of its group."""
    for slip, groups in PROOF.items():
        other = Runs(seed, config, schema, frozenset([slip]))
        if any(answers(runs, group) == answers(other, group) for group in groups):
            return False
    return True


def answers(runs: Runs, group: str) -> list[Any]:
    """Return what is expected of a group."""
    return [
        step.get("expect")
        for run in runs.runs.values()
        for step in run.steps
        if group in step.get("group", ())
    ]
