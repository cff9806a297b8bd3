"""What the tests of the red team share: an agent that cheats, and how its trial is graded."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from agentbench import sandbox, taskcheck, tasks, workspace
from agentbench.agents.base import Turn
from agentbench.agents.solution import SolutionAgent
from agentbench.model import CheckStatus, Status, Task, TrialResult
from agentbench.paths import CHECKOUT
from agentbench.validators import registry
from agentbench.validators.base import Context

SEED = 104
CAP = 15.0
"""What may be won without the work."""
Cheat = Callable[[Path], None]
needs_box = pytest.mark.skipif(
    os.environ.get("AGENTBENCH_REQUIRE") != "all"
    and (shutil.which("bwrap") is None or sandbox.name() == "none"),
    reason="no sandbox works here",
)


class Cheater:
    """An agent that does ``cheat`` in its workspace, after the oracle's work where ``worked``."""

    def __init__(self, cheat: Cheat, *, worked: bool = False) -> None:
        self.name, self.cheat, self.worked = "cheater", cheat, worked

    def check(self, task: Task) -> None:
        """Need nothing."""

    def act(self, turn: Turn) -> str | None:
        """Work, or not, and cheat."""
        reply = SolutionAgent("oracle").act(turn) if self.worked else "Done."
        self.cheat(turn.workspace)
        return reply


def load(name: str) -> Task:
    """Return a task of the suite by its folder: ``multi-step/inbox-triage``."""
    return tasks.load_task(CHECKOUT / "tasks" / name, registry.catalogue())


def generated(name: str, tmp_path: Path, seed: int = SEED) -> workspace.Generated:
    """Return what the set-up of a task makes, below ``tmp_path``."""
    root = tmp_path / f"generated-{seed}"
    root.mkdir()
    return workspace.generate(load(name), seed, root)


def outcome(name: str, tmp_path: Path, cheat: Cheat, *, worked: bool = False) -> TrialResult:
    """Return how a cheater's trial of a task is graded."""
    result = taskcheck.rehearse(load(name), SEED, Cheater(cheat, worked=worked), generated(name, tmp_path))
    assert result.status is Status.SCORED, result.message
    return result


def won(result: TrialResult) -> set[str]:
    """Return the checks that passed, without guards."""
    good = [check for check in result.checks if check.status is CheckStatus.PASSED]
    return {check.id for check in good if not check.guard}


def inner(name: str, function: str) -> dict[str, Any]:
    """Return the names of the module of a task's validator."""
    found: dict[str, Any] = registry.functions(load(name))[function].__globals__
    return found


def context(name: str, left: Path, tmp_path: Path, hidden: dict[str, Any] | None = None) -> Context:
    """Return what a validator of a task is given of what was ``left``, with these hidden JSON values."""
    known = {key: json.dumps(value).encode() for key, value in (hidden or {}).items()}
    return Context(
        task_id="x",
        seed=1,
        workspace=left,
        pristine=left,
        hidden=known,
        task_dir=CHECKOUT / "tasks" / name,
        scratch_root=tmp_path,
        workspaces={1: left},
    )
