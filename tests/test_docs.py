"""What the documents show works as printed."""

from __future__ import annotations

import inspect
import re
import subprocess
import sys
from pathlib import Path

import pytest
import tiny

from agentbench.cli import main as cli
from agentbench.taskcheck import examine, same_answers
from agentbench.validators import base, registry

DOCS = Path(__file__).resolve().parents[1] / "docs"


def blocks(page: str, language: str) -> list[str]:
    """Return the code blocks of a page in one language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", (DOCS / page).read_text("utf-8"), re.DOTALL | re.MULTILINE)


def test_the_task_of_the_task_format_passes_the_gate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its four files, taken from the page as they stand, break no rule on three seeds."""
    tiny.isolate(monkeypatch, tmp_path)
    (yaml,) = [block for block in blocks("task-format.md", "yaml") if block.startswith("id:")]
    python = blocks("task-format.md", "python")
    files = {
        name: next(block for block in python if mark in block)
        for name, mark in (("setup", "def build"), ("checks", "(ctx: Context)"), ("solutions", "def oracle"))
    }
    folder = tiny.write_task(tmp_path, path="mine/who-is-65", yaml=yaml, **files)
    examined = [examine(folder, seed) for seed in (1, 2, 3)]
    assert [str(finding) for one in examined for finding in one.findings] == []
    assert same_answers(examined) == []


def test_every_built_in_validator_has_an_example_that_loads(tmp_path: Path) -> None:
    """The examples of the task format name each of them once, with arguments that it takes."""
    (examples,) = [block for block in blocks("task-format.md", "yaml") if "word-count-range" in block]
    yaml = tiny.YAML.split("expected_outputs:")[0] + examples
    task = tiny.load(tiny.write_task(tmp_path, yaml=yaml))
    assert sorted(check.type for check in task.checks) == sorted(registry.BUILT_IN)


def test_the_cards_are_those_of_the_suite(capsys: pytest.CaptureFixture[str]) -> None:
    """docs/tasks.md is what `agentbench tasks cards` prints; make it anew after a change of a task.yaml."""
    assert cli.main(["tasks", "cards"]) == 0
    assert (DOCS / "tasks.md").read_text("utf-8") == capsys.readouterr().out


def test_the_tables_of_the_task_format_name_what_exists() -> None:
    """Every call in the tables about Context and its helpers is there, with the parameters that it shows."""
    text = (DOCS / "task-format.md").read_text("utf-8")
    tables = text[text.index("Of `Context`:") : text.index("## solutions.py")]
    column = "\n".join(line.split(" | ")[0] for line in tables.splitlines() if line.startswith("| "))
    calls = re.findall(r"`(\w+)\(([^`]*?)\)(?: -> [^`]*)?`", column)
    assert len(calls) > 20
    for name, shown in calls:
        function = getattr(base.Context, name, None) or getattr(base, name)
        if name != "CheckSkipped":  # takes what every exception takes
            given = [re.split("[=:]", word)[0].strip(" *") for word in shown.split(",")]
            known = inspect.signature(function).parameters
            assert [word for word in given if word and word not in known] == [], name


def test_the_commands_that_check_a_signature(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """On a real run both values agree, on a changed one they do not, and the run folder gets no new file."""
    tiny.isolate(monkeypatch, tmp_path)
    tiny.write_task(tmp_path)
    assert cli.main(["run", "--agent", "nop", "--tasks", str(tmp_path / "tasks")]) == 0
    capsys.readouterr()
    (run,) = (tmp_path / "results").iterdir()
    before = sorted(run.rglob("*"))
    (script,) = blocks("integrity.md", "sh")
    script = re.sub(r"^RUN=\S+", f"RUN={run}", script, flags=re.MULTILINE)
    script = re.sub(r"^PYTHON=\S+", f"PYTHON={sys.executable}", script, flags=re.MULTILINE)

    def values() -> list[str]:
        done = subprocess.run(["bash", "-euc", script], capture_output=True, text=True, check=True, cwd=tmp_path)
        return [line.split()[-1] for line in done.stdout.splitlines()]

    computed, given = values()
    assert (len(given), computed) == (64, given)
    assert sorted(run.rglob("*")) == before
    path = run / "results.json"
    path.write_text(path.read_text().replace('"seed"', '"sead"', 1))
    computed, given = values()
    assert computed != given
