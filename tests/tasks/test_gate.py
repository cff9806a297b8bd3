"""Every task of the suite stands the quality gate.

All are examined on one seed; on three seeds by CI, which calls `agentbench tasks check`. Three seeds must give
different inputs and answers.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from agentbench import tasks, workspace
from agentbench.taskcheck import Examined, examine, same_answers, tree_digest
from agentbench.validators import registry

ROOT = Path(__file__).resolve().parents[2] / "tasks"
SEEDS = (101, 102, 103)
FOLDERS = {f"{folder.parent.name}/{folder.name}": folder for folder in tasks.task_folders(ROOT)}
pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def _place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AGENTBENCH_TMP", str(tmp_path))


@pytest.mark.parametrize("name", FOLDERS)
def test_task_stands_the_gate(name: str, tmp_path: Path) -> None:
    """Right solutions get 100, nothing gets nothing, stuffing gets at most 15, wrong ones fail as declared."""
    found = examine(FOLDERS[name], SEEDS[0])
    assert [str(finding) for finding in found.findings] == []
    assert found.solutions >= 6
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", FOLDERS)
def test_other_seed_other_answers(name: str, tmp_path: Path) -> None:
    """The three seeds give three different sets of inputs and hidden values."""
    task = tasks.load_task(FOLDERS[name], registry.catalogue())
    examined = []
    for seed in SEEDS:
        root = tmp_path / str(seed)
        root.mkdir()
        workspace.generate(task, seed, root)
        examined.append(Examined(task.id, seed, 0, [], tree_digest(root)))
    assert [str(finding) for finding in same_answers(examined)] == []
