"""A complete small task and its solutions, and the isolation of a test from the machine's own runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from agentbench import tasks
from agentbench.model import Task
from agentbench.validators import registry

YAML = """\
id: demo-numbers
name: Sum of numbers
suite: demo
difficulty: easy
user_message: |
  Write `answer.json` with the keys `sum` and `largest` of the numbers in `numbers.txt`.
input_files: [numbers.txt]
expected_outputs:
  - pattern: answer.json
    validators:
      - {id: sum, type: sum-right, points: 30}
      - {id: largest, type: largest-right, points: 10}
  - pattern: numbers.txt
    validators:
      - {id: inputs, type: file-unchanged, guard: true}
expected_metrics: {tool_calls: [2, 8]}
"""

SETUP = """\
import json
import random


def build(workspace, hidden, seed):
    numbers = [random.Random(seed * 100 + n).randrange(10, 10000) for n in range(8)]
    (workspace / "numbers.txt").write_text("".join(f"{number}\\n" for number in numbers))
    (hidden / "answers.json").write_text(json.dumps({"sum": sum(numbers), "largest": max(numbers)}))
"""

CHECKS = """\
from agentbench.validators.base import failed, passed


def _judge(ctx, key):
    given, wanted = ctx.json("answer.json"), ctx.expected("answers.json")[key]
    found = given.get(key) if isinstance(given, dict) else None
    return passed() if found == wanted else failed(str(wanted), str(found))


def sum_right(ctx):
    return _judge(ctx, "sum")


def largest_right(ctx):
    return _judge(ctx, "largest")
"""

SOLUTIONS = """\
import json


def _numbers(workspace):
    return [int(line) for line in (workspace / "numbers.txt").read_text().split()]


def _write(workspace, **answer):
    (workspace / "answer.json").write_text(json.dumps(answer))


def oracle(workspace):
    numbers = _numbers(workspace)
    _write(workspace, sum=sum(numbers), largest=max(numbers))
    return "Done."


def other_order(workspace, turn):
    numbers = sorted(_numbers(workspace))
    _write(workspace, largest=numbers[-1], sum=sum(numbers), note="sorted first")


def forgets_one(workspace):
    numbers = _numbers(workspace)
    _write(workspace, sum=sum(numbers[:-1]), largest=max(numbers))


def takes_smallest(workspace):
    numbers = _numbers(workspace)
    _write(workspace, sum=sum(numbers), largest=min(numbers))


def _change(workspace, key):
    answer = json.loads((workspace / "answer.json").read_text())
    _write(workspace, **{**answer, key: answer[key] + 1})


def adds_to_sum(workspace):
    _change(workspace, "sum")


def adds_to_largest(workspace):
    _change(workspace, "largest")


ALTERNATIVES = [other_order]
WRONG = {forgets_one: {"sum"}, takes_smallest: {"largest"}}
MUTATIONS = {adds_to_sum: ["sum"], adds_to_largest: ["largest"]}
"""


def isolate(monkeypatch: pytest.MonkeyPatch, folder: Path) -> Path:
    """Point workspaces, pointers, results and transcripts below ``folder``; return the workspaces' place."""
    places = {
        "AGENTBENCH_TMP": "tmp",
        "XDG_STATE_HOME": "state",
        "AGENTBENCH_RESULTS": "results",
        "AGENTBENCH_TRANSCRIPTS": "no-transcripts",
    }
    for variable, name in places.items():
        (folder / name).mkdir(exist_ok=True)
        monkeypatch.setenv(variable, str(folder / name))
    return folder / "tmp"


def write_task(root: Path, *, path: str = "demo/numbers", **files: str | None) -> Path:
    """Write the small task to ``root/tasks/<path>``; ``yaml``, ``setup``, ``checks``, ``solutions`` replace its
    files, None leaves one out. Returns its folder."""
    folder = root / "tasks" / path
    places = {
        "yaml": (folder / "task.yaml", YAML),
        "setup": (folder / "setup.py", SETUP),
        "checks": (folder / "checks.py", CHECKS),
        "solutions": (root / "tests" / "tasks" / path / "solutions.py", SOLUTIONS),
    }
    assert files.keys() <= places.keys()
    for name, (target, default) in places.items():
        text = files.get(name, default)
        if text is not None:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, "utf-8")
    return folder


def load(folder: Path) -> Task:
    """Return the task in ``folder``."""
    return tasks.load_task(folder, registry.catalogue())
