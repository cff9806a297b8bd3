"""A run driven by an agent object: oracle, nop and stuffer, and whatever keeps a trial from being scored."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import tiny
from suites import answer, write_suite

from agentbench import finish, ledger, runner, tasks
from agentbench.agents import registry as agents
from agentbench.agents.base import Agent, AgentFailed, Turn
from agentbench.errors import EnvironmentNotReady, UsageError
from agentbench.identity import Options
from agentbench.model import Task, TrialResult
from agentbench.validators import registry


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the empty folder in which workspaces are made."""
    return tiny.isolate(monkeypatch, tmp_path)


class Worker:
    """An agent that calls a function on each turn."""

    name = "worker"

    def __init__(self, act: Any) -> None:
        self._act = act

    def check(self, task: Task) -> None:
        """It works anywhere."""

    def act(self, turn: Turn) -> str | None:
        """Call the function."""
        found = self._act(turn)
        return found if isinstance(found, str) else None


def run(root: Path, agent: Agent, **more: Any) -> dict[str, Any]:
    """Run all tasks below ``root`` and return the payload."""
    made = {"attempts": 1, "seed": 3, "keep_workspace": False, **more}
    options = Options(
        kind="harness-run",
        agent=agent.name,
        fast=False,
        suites=(),
        task_ids=(),
        tasks_dir=str(root),
        strict=False,
        **made,
    )
    told: list[tuple[str, int, TrialResult | None]] = []
    chosen = tasks.load_suites(root, registry.catalogue())
    place, identity = runner.run(options, chosen, agent, root.parent / "results", lambda *a: told.append(a))
    assert [(task, attempt) for task, attempt, _ in told[::2]] == identity.plan()
    assert [one[2] for one in told[::2]] == [None] * len(identity.plan())
    events = [entry.event for entry in ledger.read(place)]
    assert events.count("try-graded") == len(identity.plan())
    return finish.finish(place)


@pytest.mark.parametrize(
    ("agent", "l0", "resolved"), [("oracle", 100.0, True), ("nop", 0.0, False), ("stuffer", 0.0, False)]
)
def test_utility_agents(tmp_path: Path, place: Path, agent: str, l0: float, resolved: bool) -> None:
    """The oracle resolves, doing nothing gets 0 in every layer, the stuffer resolves nothing; /tmp stays clean."""
    tiny.write_task(tmp_path)
    found = run(tmp_path / "tasks", agents.make(agent))
    (task,) = found["tasks"]
    assert (task["status"], task["layers"]["l0"], task["resolved"]) == ("scored", l0, resolved)
    assert found["tier"] == "harness-run"
    if agent == "nop":
        assert (found["overall_score"], task["flags"][0]["code"]) == (0.0, "no-work")
    assert list(place.iterdir()) == []


def test_a_run_of_several_tasks_and_turns(tmp_path: Path, place: Path) -> None:
    """An honest agent resolves every task of a suite, one of three turns among them."""
    root = write_suite(tmp_path / "tasks", sleep_sec=0.0)
    found = run(root, Worker(lambda turn: answer(turn.workspace)))
    assert found["resolved_rate"] == 1.0
    assert found["counts"] == {"planned": 4, "scored": 4, "invalid": 0, "unsupported": 0, "cancelled": 0}
    assert list(place.iterdir()) == []


def test_attempts_get_different_inputs(tmp_path: Path) -> None:
    """Attempt 2 has the seed after attempt 1's."""
    tiny.write_task(tmp_path)
    seen: list[str] = []
    run(
        tmp_path / "tasks",
        Worker(lambda turn: seen.append((turn.workspace / "numbers.txt").read_text())),
        attempts=3,
    )
    assert len(set(seen)) == 3


def test_a_missing_requirement_is_unsupported_not_zero(tmp_path: Path) -> None:
    """The agent is never asked, there is no score, and the message names what is missing."""
    tiny.write_task(
        tmp_path, yaml=tiny.YAML.replace("user_message", "requires: {bins: [no-such-bin]}\nuser_message")
    )

    def asked(turn: Turn) -> None:
        raise AssertionError("asked to work on an unsupported task")

    found = run(tmp_path / "tasks", Worker(asked))
    (task,) = found["tasks"]
    assert (task["status"], task["score"], found["overall_score"]) == ("unsupported", None, None)
    assert "no-such-bin" in task["attempts"][0]["message"]
    assert found["counts"]["unsupported"] == 1


@pytest.mark.parametrize("turn_number", [1, 2])
def test_an_agent_that_crashes_is_invalid_not_zero(tmp_path: Path, place: Path, turn_number: int) -> None:
    """In the first turn or a later one: no score, cause named, other tasks go on, nothing left in /tmp."""
    root = write_suite(tmp_path / "tasks", sleep_sec=0.0)

    def act(turn: Turn) -> None:
        if "letters" in turn.task.id and turn.number == turn_number:
            raise AgentFailed("out of memory")
        answer(turn.workspace)

    found = run(root, Worker(act))
    by_id = {task["task_id"]: task for task in found["tasks"]}
    crashed = by_id["alpha-letters"]
    assert (crashed["status"], crashed["score"], crashed["attempts"][0]["cause"]) == (
        "invalid",
        None,
        "agent-crash",
    )
    assert "out of memory" in crashed["attempts"][0]["message"]
    assert found["counts"] == {"planned": 4, "scored": 3, "invalid": 1, "unsupported": 0, "cancelled": 0}
    assert list(place.iterdir()) == []


@pytest.mark.parametrize("when", ["build", "before_turn"])
def test_a_set_up_that_fails_is_invalid_not_zero(tmp_path: Path, place: Path, when: str) -> None:
    """At the start or between two turns: the task is to blame, and the run ends in order."""
    turns = "turns:\n  - message: One.\n  - message: Two.\nexpected_outputs"
    yaml = tiny.YAML.replace("expected_outputs", turns, 1)
    yaml = yaml.replace(yaml[yaml.index("user_message") : yaml.index("input_files")], "")
    fault = "    raise RuntimeError('no luck')\n"
    setup = tiny.SETUP + (
        fault if when == "build" else f"\n\ndef before_turn(workspace, hidden, seed, turn):\n{fault}"
    )
    tiny.write_task(tmp_path, yaml=yaml, setup=setup)
    found = run(tmp_path / "tasks", Worker(lambda turn: "fine"))
    (task,) = found["tasks"]
    assert (task["status"], task["score"], task["attempts"][0]["cause"]) == ("invalid", None, "setup")
    assert "no luck" in task["attempts"][0]["message"]
    assert list(place.iterdir()) == []


def test_a_validator_that_raises_is_invalid_not_zero(tmp_path: Path) -> None:
    """The message names the check and the error."""
    tiny.write_task(tmp_path, checks=tiny.CHECKS.replace("if found == wanted", "if found == wanted[0]"))
    found = run(tmp_path / "tasks", agents.make("oracle"))
    (attempt,) = found["tasks"][0]["attempts"]
    assert (attempt["status"], attempt["score"], attempt["cause"]) == ("invalid", None, "validator")
    assert "check 'sum' (sum-right): TypeError" in attempt["message"]


def test_keep_workspace_leaves_what_the_agent_left(tmp_path: Path, place: Path) -> None:
    """The directory the agent worked in is there again under its name."""
    tiny.write_task(tmp_path)
    seen: list[Path] = []

    def act(turn: Turn) -> None:
        seen.append(turn.workspace)
        (turn.workspace / "mine.txt").write_text("x")

    run(tmp_path / "tasks", Worker(act), keep_workspace=True)
    assert list(place.iterdir()) == seen
    assert (seen[0] / "mine.txt").read_text() == "x"


def test_an_agent_that_cannot_work_here_starts_nothing(tmp_path: Path) -> None:
    """Without solutions the oracle refuses before a run exists."""
    tiny.write_task(tmp_path, solutions=None)
    with pytest.raises(EnvironmentNotReady, match="no solution of demo-numbers"):
        run(tmp_path / "tasks", agents.make("oracle"))
    assert not (tmp_path / "results").is_dir() or not list((tmp_path / "results").iterdir())


def test_unknown_agents_are_named() -> None:
    """With the nearest known name."""
    with pytest.raises(UsageError, match="Did you mean 'oracle'"):
        agents.make("orakle")
