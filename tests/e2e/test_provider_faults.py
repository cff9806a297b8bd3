"""Endpoints that misbehave, through the real OpenClaw: each ends in the right cause with the right retry, soon."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from installation import Installation
from openclaw import COMPILED
from scripted_model import Fault, Play, Reply, ScriptedModel, Turn, call

pytestmark = pytest.mark.e2e
_TASK = """\
id: fault-{name}
name: Fault {name}
suite: fault
difficulty: easy
timeout_sec: 240
user_message: Write out.txt.
expected_outputs:
  - pattern: out.txt
    validators: [{{type: file-exists}}]
"""
_WHO = re.compile(r"agentbench-task-fault-([a-z0-9]+)-[0-9a-f]{8}")
FAULTS: dict[str, Fault | Reply] = {
    "limit": Fault(429, "slow down", {"Retry-After": "60"}),
    "error": Fault(500),
    "hang": Fault(hang_sec=3.0),
    "cut": Fault(cut=True),
    "empty": Reply(),
    "unauthorised": Fault(401, "bad key"),
    "model": Fault(404, "The model `scripted` does not exist"),
}


def play(turn: Turn) -> Play:
    """Misbehave as the name of the workspace says."""
    found = _WHO.search(turn.system) or _WHO.search(turn.message)
    assert found, "no workspace is named"
    name = found[1]
    if name == "loop":
        for number in range(1000):
            yield call("exec", command=f"echo {number}")
    if name == "recovers":
        yield Fault(500) if next(_RECOVERS) == 0 else call("write", path="out.txt", content="x")
        yield Reply("Done.")
    yield FAULTS[name]


_RECOVERS = iter(range(1000))


def suite(root: Path, *names: str) -> Path:
    """Write a task for each name."""
    for name in names:
        folder = root / "fault" / name
        folder.mkdir(parents=True)
        (folder / "task.yaml").write_text(_TASK.format(name=name))
    return root


def run(tmp_path: Path, *names: str, code: int, more: tuple[str, ...] = ()) -> dict[str, Any]:
    """Run these tasks with one retry, and return the results."""
    installed = Installation(tmp_path)
    installed.env["XDG_CACHE_HOME"] = str(COMPILED)
    with ScriptedModel(play) as model:
        found = installed.harness(
            *("run", "--base-url", model.base_url, "--model", "scripted", "--no-preflight", "--jobs", "2"),
            *("--tasks", str(suite(tmp_path / "faults", *names)), "--retries", "1", "--backoff", "0.2"),
            *("--request-timeout", "1", "--trial-requests", "12", *more),
            code=code,
        )
        assert model.errors == []
    assert installed.leftovers() == []
    return found


def test_causes_and_retries(openclaw_installed: None, tmp_path: Path) -> None:
    """Limit, error, silence and a cut stream are tried once more and then invalid; the agent's own ends are scored."""
    found = run(tmp_path, "limit", "error", "hang", "cut", "empty", "loop", "recovers", code=0)
    ends = {
        task["task_id"].removeprefix("fault-"): [(one["cause"], one["status"]) for one in task["attempts"][0]["tries"]]
        for task in found["tasks"]
    }
    assert ends == {
        "limit": [("provider-limit", "invalid")] * 2,
        "error": [("provider-transient", "invalid")] * 2,
        "hang": [("provider-transient", "invalid")] * 2,
        "cut": [("provider-transient", "invalid")] * 2,
        "empty": [("agent-empty", "invalid"), ("agent-empty", "scored")],
        "loop": [("agent-budget", "scored")],
        "recovers": [(None, "scored")],
    }
    scores = {task["task_id"]: task["score"] for task in found["tasks"]}
    assert scores["fault-limit"] is None
    assert scores["fault-empty"] == 0.0
    assert found["usage"]["n_failed"] >= 8


@pytest.mark.parametrize(("name", "cause"), [("unauthorised", "provider-auth"), ("model", "provider-model")])
def test_what_would_fail_everywhere_stops_the_run(
    openclaw_installed: None, tmp_path: Path, name: str, cause: str
) -> None:
    """After the first try, without a retry, with the rest of the plan left for later."""
    found = run(tmp_path, name, code=1, more=("--attempts", "5", "--jobs", "1"))
    tries = [one for task in found["tasks"] for attempt in task["attempts"] for one in attempt["tries"]]
    assert {one["cause"] for one in tries if one["status"] == "invalid"} == {cause}
    assert found["counts"]["invalid"] == 1
    assert found["counts"]["cancelled"] == 4
    assert not found["complete"]


def test_a_refusal_is_the_models_own_answer(openclaw_installed: None, tmp_path: Path) -> None:
    """Scored with what was done before it, which is nothing."""
    installed = Installation(tmp_path)
    installed.env["XDG_CACHE_HOME"] = str(COMPILED)

    def refuse(turn: Turn) -> Play:
        yield Reply("I cannot help with that.")

    with ScriptedModel(refuse, finish="content_filter") as model:
        found = installed.harness(
            *("run", "--base-url", model.base_url, "--model", "scripted", "--no-preflight"),
            *("--tasks", str(suite(tmp_path / "faults", "refusal")), "--retries", "1"),
        )
    (attempt,) = found["tasks"][0]["attempts"]
    assert (attempt["cause"], attempt["status"], attempt["score"], len(attempt["tries"])) == (
        "agent-refusal",
        "scored",
        0.0,
        1,
    )
