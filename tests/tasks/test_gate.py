"""Every task of the suite stands the quality gate.

All are examined in full on one seed; CI also calls `agentbench tasks check`, which shares the work among three. Three
seeds must give different inputs and answers.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from agentbench import tasks, workspace
from agentbench.taskcheck import Examined, examine, same_answers, tree_digest, work_in_memory
from agentbench.validators import registry

ROOT = Path(__file__).resolve().parents[2] / "tasks"
SEEDS = (101, 102, 103)
FOLDERS = {f"{folder.parent.name}/{folder.name}": folder for folder in tasks.task_folders(ROOT)}
pytestmark = pytest.mark.slow


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Let the gate work in a folder of the test's own, in memory where it would go there by itself."""
    monkeypatch.delenv("AGENTBENCH_TMP")
    work_in_memory()
    root = os.environ.get("AGENTBENCH_TMP", str(tmp_path))
    with tempfile.TemporaryDirectory(prefix="agentbench-gate-", dir=root) as made:
        monkeypatch.setenv("AGENTBENCH_TMP", made)
        yield Path(made)


@pytest.mark.parametrize("name", FOLDERS)
def test_task_stands_the_gate(name: str, place: Path) -> None:
    """Right solutions get 100, nothing gets nothing, stuffing gets at most 15, wrong ones fail as declared."""
    found = examine(FOLDERS[name], SEEDS[0])
    assert [str(finding) for finding in found.findings] == []
    assert found.solutions >= 6
    assert list(place.iterdir()) == []


@pytest.mark.parametrize("name", FOLDERS)
def test_other_seed_other_answers(name: str, place: Path) -> None:
    """The three seeds give three different sets of inputs and hidden values."""
    task = tasks.load_task(FOLDERS[name], registry.catalogue())
    examined = []
    for seed in SEEDS:
        root = place / str(seed)
        root.mkdir()
        workspace.generate(task, seed, root)
        examined.append(Examined(task.id, seed, 0, [], tree_digest(root)))
    assert [str(finding) for finding in same_answers(examined)] == []
