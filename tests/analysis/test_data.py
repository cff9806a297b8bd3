"""What an analysis takes from a run."""

from __future__ import annotations

from typing import Any

from payload_sample import sample
from payloads import nothing_scored

from agentbench import history
from agentbench.analysis import data
from agentbench.cli import analyze


def taken(payload: dict[str, Any]) -> data.Run:
    """Return what ``analyze`` works on."""
    return analyze.as_run(history.of_payload(payload, "", intact=True))


def test_a_payload_in_short() -> None:
    payload = sample()
    run = taken(payload)
    assert (run.run_id, run.agent, run.model, run.setup) == (
        "20261119-081158",
        "openclaw",
        "example/sample-large",
        None,
    )
    assert [task.task_id for task in run.tasks] == [task["task_id"] for task in payload["tasks"]]
    crashed = next(task for task in run.tasks if task.task_id == "memory-standing-orders")
    assert [(one.resolved, one.score) for one in crashed.attempts] == [(False, None)]
    tour = next(task for task in run.tasks if task.task_id == "file-creation-tour-calendar")
    assert tour.attempts[0].claims == (data.Claim("l2.tools", 25, 5, "rule"),)


def test_the_model_asked_for_comes_first() -> None:
    """Else a run that fell back on another model now and then would be of a model of its own."""
    run = taken(sample() | {"model": "a/one, a/two", "model_requested": "a/one"})
    assert run.model == "a/one"


def test_a_run_without_any_score_is_taken_too() -> None:
    run = taken(nothing_scored())
    assert {one.score for task in run.tasks for one in task.attempts} == {None}
