"""The harness drives the real OpenClaw in boxes, several at once: what is stored is what really happened."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from installation import Installation
from openclaw import COMPILED
from scripted_model import Play, Reply, ScriptedModel, Turn, call
from solver import Solver

from agentbench import ledger, sandbox

pytestmark = pytest.mark.e2e
KEY = "sk-harness-secret-0123456789abcdef"
ATTEMPTS, JOBS = 2, 2
TASKS = (
    *("env-template", "policy-lookup", "regional-sales", "minutes-to-tasks"),
    *("house-rules", "import-with-rejects", "rename-setting"),
)
"""One of each domain; the one of memory has two conversations."""


@dataclass
class Prober(Solver):
    """A solver that can also write the word that a preflight asks for, and looks around while it is at it."""

    seen: list[str] = field(default_factory=list)

    def play(self, turn: Turn) -> Play:
        """Do what a preflight asks; solve what a task asks."""
        probe = re.search(r"write the word (\w+) into the file (\S+)\s", turn.message)
        if probe is None:
            yield from super().play(turn)
            return
        self.seen += yield call("exec", command="env; cat ~/openclaw.json; ls -a / ~ /tmp /root /work 2>&1")
        yield call("write", path=probe[2], content=probe[1])
        yield Reply("done")


@dataclass(frozen=True)
class Night:
    """A finished run over all domains."""

    installed: Installation
    model: ScriptedModel
    solver: Prober
    results: dict[str, Any]

    @property
    def attempts(self) -> list[dict[str, Any]]:
        """All attempts of all tasks."""
        return [one for task in self.results["tasks"] for one in task["attempts"]]


@pytest.fixture(scope="module")
def boxed() -> None:
    """Skip where no sandbox works, unless everything is required."""
    if sandbox.name() == "none":
        reason = "bubblewrap is missing or does not work here"
        (pytest.fail if os.environ.get("AGENTBENCH_REQUIRE") == "all" else pytest.skip)(reason)


@pytest.fixture(scope="module")
def night(
    openclaw_installed: None, boxed: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Night]:
    """A task of every domain, two attempts each, two at a time, in boxes."""
    installed = Installation(tmp_path_factory.mktemp("night"))
    installed.env |= {"MY_KEY": KEY, "XDG_CACHE_HOME": str(COMPILED)}
    solver = Prober()
    with ScriptedModel(solver.play) as model:
        results = installed.harness(
            *("run", "--base-url", model.base_url, "--model", "scripted", "--api-key-env", "MY_KEY"),
            *(word for task in TASKS for word in ("--task", task)),
            *("--attempts", str(ATTEMPTS), "--jobs", str(JOBS), "--seed", "11", "--sandbox", "bubblewrap"),
        )
        assert model.errors == []
        yield Night(installed, model, solver, results)


def test_every_domain_is_solved_in_a_box(night: Night) -> None:
    """One task per domain, that of several conversations among them: L0 100 and resolved, in every attempt."""
    assert len(night.results["domain_scores"]) == 7
    assert night.results["counts"] == {
        "planned": 7 * ATTEMPTS,
        "scored": 7 * ATTEMPTS,
        "invalid": 0,
        "unsupported": 0,
        "cancelled": 0,
    }
    assert {task["task_id"]: task["layers"]["l0"] for task in night.results["tasks"]} == {
        task["task_id"]: 100.0 for task in night.results["tasks"]
    }
    assert night.results["resolved_rate"] == 1.0
    assert night.results["pass_hat"] == {"1": 1.0, "2": 1.0}
    assert (night.results["sandbox"], night.results["model"]) == ("bubblewrap", "scripted")
    assert night.results["agent"]["version"] == "2026.9.6"


def test_metrics_come_from_the_transcript(night: Night) -> None:
    """Tool calls are those that the model made in that workspace."""
    assert {task["metrics_source"] for task in night.results["tasks"]} == {"transcript"}
    found = sorted(one["metrics"]["tool_calls"] for one in night.attempts)
    assert found == sorted(night.solver.calls.values())
    assert {one["metrics"]["errors"] for one in night.attempts} == {0}
    assert {flag["code"] for one in night.attempts for flag in one["flags"]} <= set()
    assert all(one["verifiable"] for one in night.attempts)


def test_tokens_of_the_proxy_equal_those_of_the_model(night: Night) -> None:
    """Summed over all trials, and no request is missing; those of the preflight are not a trial's."""
    trials = [one for one in night.model.exchanges if "agentbench-task-" in json.dumps(one.request["messages"])]
    used = night.results["usage"]
    assert used["n_requests"] == len(trials)
    assert used["n_failed"] == 0
    assert used["tokens"]["output"] == sum(one.usage.completion for one in trials)
    assert used["tokens"]["input"] + used["tokens"]["cache_read"] == sum(one.usage.prompt for one in trials)
    assert used["tokens"]["cache_read"] == sum(one.usage.cached for one in trials)
    assert used["tokens"]["cost_usd"] is None
    assert used["ttft_sec"] is not None


def test_the_key_stays_in_the_proxy(night: Night) -> None:
    """It is in no file of the run, in no workspace, and nothing that the agent could see held it."""
    looked = "\n".join(night.solver.seen)
    assert "HOME=" in looked
    assert KEY not in looked
    for exchange in night.model.exchanges:
        assert KEY not in json.dumps(exchange.request)
    for path in night.installed.root.rglob("*"):
        if path.is_file() and not path.is_symlink():
            assert KEY.encode() not in path.read_bytes(), path


def test_an_agent_saw_nothing_but_its_desk(night: Night) -> None:
    """Neither the checkout nor the user's home nor other folders of /tmp."""
    looked = "\n".join(night.solver.seen)
    assert "agentbench-results" not in looked
    assert "SKILL.md" not in looked
    assert ".ssh" not in looked


def test_trials_shared_no_session(night: Night) -> None:
    """Each try's log holds one workspace alone, and its own."""
    names = []
    for path in night.installed.results.rglob("raw/events.jsonl"):
        found = set(re.findall(r"agentbench-task-[\w-]+-[0-9a-f]{8}", path.read_text("utf-8")))
        assert len(found) == 1, path
        names += found
    assert len(names) == len(set(names)) == 7 * ATTEMPTS


def test_nothing_is_left_behind(night: Night) -> None:
    """No workspace, no home, no socket; the ledger's chain holds."""
    assert night.installed.leftovers() == []
    assert [entry.event for entry in ledger.read(night.installed.run)][-1] == "run-finished"


def test_it_reads_as_a_report(night: Night) -> None:
    """The report names model, sandbox and what was metered."""
    page = (Path(night.installed.run.root) / "report.md").read_text("utf-8")
    for words in ("scripted", "bubblewrap", "metered:", "pass@2"):
        assert words in page
