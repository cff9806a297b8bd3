"""A desk for one agent, as the runner makes it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import tiny

from agentbench.agents.base import Desk, Turn
from agentbench.model import Task
from agentbench.sandbox.base import Box, Kind


def task(root: Path) -> Task:
    """Return the small task."""
    return tiny.load(tiny.write_task(root / "suite"))


def desk(root: Path, **more: Any) -> Desk:
    """Return a desk with a workspace and a home below ``root``, without a sandbox."""
    workspace, home = root / "ws", root / "home"
    for folder in (workspace, home):
        folder.mkdir(exist_ok=True)
    made = {
        "task": task(root),
        "attempt": 1,
        "try_no": 1,
        "workspace": workspace,
        "home": home,
        "box": Box(kind=Kind.NONE, writable=(workspace, home)),
        "endpoint": None,
        "meter": None,
        "env": {"HOME": str(home)},
    }
    return Desk(**{**made, **more})


def turn(at: Desk, message: str = "Do it.", **more: Any) -> Turn:
    """Return a message for the agent at a desk."""
    made = {
        "task": at.task,
        "number": 1,
        "message": message,
        "new_session": True,
        "workspace": at.workspace,
        "timeout_sec": 20.0,
    }
    return Turn(**{**made, **more})
