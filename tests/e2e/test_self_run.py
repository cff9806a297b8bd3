"""The skill in the real OpenClaw, played by a scripted model: what is stored is what really happened."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import rfc8785
from openclaw import OpenClaw, copy_skill
from player import Player, Trial
from scripted_model import ScriptedModel

pytestmark = pytest.mark.e2e
BY_HAND = "Environment template from source"


@dataclass(frozen=True)
class Chat:
    """One OpenClaw with the skill, and who plays in it."""

    openclaw: OpenClaw
    player: Player
    model: ScriptedModel

    @property
    def runs(self) -> list[Path]:
        """The run folders, oldest first."""
        return sorted(
            path.parent for path in self.openclaw.workspace.glob("agentbench-results/*/results.json")
        )

    def results(self, number: int = -1) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.runs[number] / "results.json").read_text("utf-8"))
        return found


@pytest.fixture(scope="module")
def chat(openclaw_installed: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chat]:
    """The skill installed, and ``/benchmark --fast`` answered."""
    root = tmp_path_factory.mktemp("self-run")
    player = Player(root / "desk", BY_HAND)
    with ScriptedModel(player.play) as model:
        player.model = model
        openclaw = OpenClaw(root / "agent", model.base_url)
        openclaw.install_skill(copy_skill(root / "clone" / "agentbench"))
        openclaw.say("/benchmark --fast")
        assert model.errors == []
        yield Chat(openclaw, player, model)


@pytest.fixture(scope="module")
def fast(chat: Chat) -> dict[str, Any]:
    """The results of the fast run."""
    assert chat.runs, chat.player.output
    return chat.results(0)


def task_of(results: dict[str, Any], name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(task for task in results["tasks"] if task["name"] == name)
    return found


def fast_trials(chat: Chat, fast: dict[str, Any]) -> list[Trial]:
    return chat.player.trials[: len(fast["tasks"])]


def test_every_task_is_scored_from_the_transcript(fast: dict[str, Any]) -> None:
    assert fast["profile"] == "fast"
    assert fast["counts"]["scored"] == fast["counts"]["planned"] == len(fast["tasks"]) > 0
    assert {task["metrics_source"] for task in fast["tasks"]} == {"transcript"}
    assert {task["name"]: task["layers"]["l0"] for task in fast["tasks"]} == dict.fromkeys(
        (task["name"] for task in fast["tasks"]), 100
    )
    assert all(task["resolved"] for task in fast["tasks"])
    assert fast["model"] == "loopback/scripted"
    assert fast["agent"] == {"name": "openclaw", "version": "2026.9.6", "settings": {}}


def test_the_metrics_are_what_the_model_server_saw(chat: Chat, fast: dict[str, Any]) -> None:
    """Pins calls, failed calls and tokens of every trial against the server's own record."""
    seen, stored = {}, {}
    for trial in fast_trials(chat, fast):
        used = [exchange.usage for exchange in trial.exchanges]
        seen[trial.name] = {
            "tool_calls": len(trial.calls),
            "errors": trial.n_failed,
            "input": sum(usage.prompt - usage.cached for usage in used),
            "output": sum(usage.completion for usage in used),
            "cache_read": sum(usage.cached for usage in used),
            "total": sum(usage.prompt + usage.completion for usage in used),
        }
        metrics = task_of(fast, trial.name)["metrics"]
        flat = metrics | metrics["tokens"]
        stored[trial.name] = {name: flat[name] for name in seen[trial.name]}
    assert stored == seen


def test_the_one_failed_call_is_counted_once(fast: dict[str, Any]) -> None:
    assert task_of(fast, BY_HAND)["metrics"]["errors"] == 1
    assert fast["metrics"]["total_errors"] == 1


def test_exec_cat_costs_points_whatever_is_claimed(fast: dict[str, Any]) -> None:
    (attempt,) = task_of(fast, BY_HAND)["attempts"]
    parts = {part["name"]: part for part in attempt["layers"]["l2"]["parts"]}
    assert parts["tools"]["points"] == 15
    assert parts["tools"]["claimed"] == 25
    assert parts["tools"]["source"] == "rule"
    assert "cat " in parts["tools"]["reason"]
    assert parts["recovery"]["points"] == 20


def test_a_turn_costs_one_call_of_the_launcher(chat: Chat, fast: dict[str, Any]) -> None:
    turns = sum(trial.n_turns for trial in fast_trials(chat, fast))
    launches = chat.player.launches[: turns + 1]
    assert [command.split()[1] for command in launches] == ["start"] + ["done"] * turns


def test_the_signature_verifies_with_openssl(chat: Chat, fast: dict[str, Any], tmp_path: Path) -> None:
    unsigned = {name: value for name, value in fast.items() if name != "signature"}
    (tmp_path / "bytes").write_bytes(rfc8785.dumps(unsigned))
    key = f"agentbench-v1-{fast['run_id']}-{fast['suite_version']}-integrity"
    argv = ["openssl", "dgst", "-sha256", "-hmac", key, "-r", str(tmp_path / "bytes")]
    digest = subprocess.run(argv, capture_output=True, text=True, check=True).stdout.split()[0]
    assert digest == fast["signature"]


def test_the_trajectories_are_stored_and_the_launcher_is_not_in_them(
    chat: Chat, fast: dict[str, Any]
) -> None:
    found = list(chat.runs[0].glob("*/attempt-1/try-1/trajectory.json"))
    assert len(found) == len(fast["tasks"])
    for path in found:
        stored = json.loads(path.read_text("utf-8"))
        assert stored["schema_version"] == "ATIF-v1.7"
        assert "scripts/agentbench done" not in json.dumps(
            [step.get("tool_calls") for step in stored["steps"]]
        )


def test_the_other_commands_of_the_skill(chat: Chat, fast: dict[str, Any]) -> None:
    """`/benchmark --task`, `-list`, `-results` and `-compare`, each as a message of the user."""
    listed = chat.openclaw.say("/benchmark-list").text
    assert all(task["task_id"].removeprefix(f"{task['suite']}-") in listed for task in fast["tasks"])
    chat.openclaw.say(f"/benchmark --task {task_of(fast, BY_HAND)['task_id']}")
    assert len(chat.runs) == 2
    shown = chat.openclaw.say("/benchmark-results").text
    assert all(run.name in shown for run in chat.runs)
    first, second = (run.name for run in chat.runs)
    compared = chat.openclaw.say(f"/benchmark-compare {first} {second}").text
    assert first in compared
    assert second in compared
    assert chat.model.errors == []


def test_a_run_goes_on_in_a_new_conversation(chat: Chat, fast: dict[str, Any]) -> None:
    """The context is lost in the middle of a task: `status` brings it back, and no call is lost or doubled."""
    n_before = len(chat.runs)
    chat.player.forget_next = True
    chat.openclaw.say(f"/benchmark --task {task_of(fast, BY_HAND)['task_id']}", session="agent:main:lost")
    assert len(chat.runs) == n_before
    chat.openclaw.say("go on", session="agent:main:found")
    assert chat.model.errors == []
    assert len(chat.runs) == n_before + 1
    trial = chat.player.trials[-1]
    metrics = task_of(chat.results(), BY_HAND)["metrics"]
    assert (metrics["tool_calls"], metrics["errors"]) == (len(trial.calls), trial.n_failed)
    assert metrics["tokens"]["output"] == sum(exchange.usage.completion for exchange in trial.exchanges)
