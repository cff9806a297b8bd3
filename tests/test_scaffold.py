"""A task begun by `tasks new` loads at once, and passes no gate until somebody has written it."""

from __future__ import annotations

from pathlib import Path

import pytest
import tiny

from agentbench import scaffold, tasks
from agentbench.errors import UsageError
from agentbench.model import Difficulty
from agentbench.taskcheck import examine
from agentbench.validators import registry


def test_what_is_scaffolded_loads_and_fails_the_gate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It lacks an oracle, another right solution, wrong ones and mutations; set-up and checks work already."""
    tiny.isolate(monkeypatch, tmp_path)
    made = scaffold.create(tmp_path / "tasks", "mine/price-history", Difficulty.HARD)
    assert [path.name for path in made] == ["task.yaml", "setup.py", "checks.py", "solutions.py"]
    assert made[-1] == tmp_path / "tests" / "tasks" / "mine" / "price-history" / "solutions.py"
    task = tasks.load_task(made[0].parent, registry.catalogue())
    assert (task.id, task.name, task.difficulty) == ("mine-price-history", "Price history", Difficulty.HARD)
    assert {finding.rule for finding in examine(made[0].parent, 5).findings} == {
        "an alternative right solution",
        "two plausible wrong solutions",
        "a mutation for every required check",
        "the solution runs",
        "nothing is left to be filled in",
    }


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    """Also not when only the solutions are there."""
    solutions = tmp_path / "tests" / "tasks" / "mine" / "one" / "solutions.py"
    solutions.parent.mkdir(parents=True)
    solutions.write_text("mine")
    with pytest.raises(UsageError, match="is there already"):
        scaffold.create(tmp_path / "tasks", "mine/one", Difficulty.EASY)
    assert solutions.read_text() == "mine"
    assert not (tmp_path / "tasks").exists()
