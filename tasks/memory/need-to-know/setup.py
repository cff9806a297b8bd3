"""A client's folder over five messages; `_need_to_know_folder` makes it.

This file is loaded before every message, where later inputs are only written out, so that it imports little.
"""

import json
from pathlib import Path


def build(workspace: Path, hidden: Path, seed: int) -> None:
    """Write what is there at the beginning, and the hidden answers and later inputs."""
    from _need_to_know_folder import build as make

    make(workspace, hidden, seed)


def before_turn(workspace: Path, hidden: Path, seed: int, turn: int) -> None:
    """Bring what comes in before a message."""
    for name, text in json.loads((hidden / "later.json").read_text("utf-8")).get(str(turn), {}).items():
        path = workspace / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
