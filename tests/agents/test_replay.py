"""An earlier run played again: the same grades, without the agent that made them."""

from __future__ import annotations

from pathlib import Path

import pytest
import tiny
from installation import Installation

from agentbench.agents import registry
from agentbench.errors import UsageError


@pytest.mark.slow
def test_a_replayed_run_gets_the_same_grades(tmp_path: Path) -> None:
    """Several turns and attempts among them; the seed is taken from the source."""
    installed = Installation(tmp_path)
    script = tmp_path / "agent.py"
    script.write_text(
        "import json, pathlib\n"
        "for path in pathlib.Path('.').glob('word-*.txt'):\n"
        "    words = pathlib.Path('words.json')\n"
        "    have = json.loads(words.read_text()) if words.exists() else []\n"
        "    words.write_text(json.dumps([*have, path.read_text()]))\n"
        "if pathlib.Path('numbers.txt').exists():\n"
        "    total = sum(map(int, pathlib.Path('numbers.txt').read_text().split()))\n"
        "    pathlib.Path('total.txt').write_text(str(total))\n"
        "print('did it')\n"
    )
    first = installed.harness(
        *("run", "--agent", "command", "--command", f"python3 {script}", "--show", str(script)),
        *("--tasks", str(installed.tasks), "--seed", "9", "--attempts", "2", "--sandbox", "none"),
    )
    again = installed.harness(
        *(
            "run",
            "--agent",
            "replay",
            "--from",
            first["run_id"],
            "--tasks",
            str(installed.tasks),
            "--attempts",
            "2",
        )
    )
    assert first["resolved_rate"] == 0.75
    assert (again["seed"], again["agent"]["name"]) == (9, "replay")
    for old, new in zip(first["tasks"], again["tasks"], strict=True):
        for one, other in zip(old["attempts"], new["attempts"], strict=True):
            assert [one[key] for key in ("resolved", "checks", "changed_files")] == [
                other[key] for key in ("resolved", "checks", "changed_files")
            ]
            assert one["layers"]["l0"] == other["layers"]["l0"]
    with pytest.raises(UsageError, match="seed 8 is not that of the run"):
        registry.make("replay", {"from": str(installed.results / first["run_id"]), "seed": 8})


def test_a_task_that_the_source_lacks_is_named(tmp_path: Path) -> None:
    """Before a run exists."""
    installed = Installation(tmp_path)
    first = installed.harness("run", "--agent", "nop", "--tasks", str(installed.tasks), "--task", "alpha-sum")
    folder = tiny.write_task(tmp_path / "more")
    said = installed.refused(
        "run", "--agent", "replay", "--from", first["run_id"], "--tasks", str(folder.parents[1]), code=2
    )
    assert "has nothing of demo-numbers" in said
