"""What an analysis takes from a payload, and that the index of runs gives it the same."""

from __future__ import annotations

import pytest
from payload_sample import sample
from payloads import nothing_scored

from agentbench import history
from agentbench.analysis import data
from agentbench.cli import analyze


def test_a_payload_in_short() -> None:
    payload = sample()
    run = data.from_payload(payload)
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
    run = data.from_payload(sample() | {"model": "a/one, a/two", "model_requested": "a/one"})
    assert run.model == "a/one"


@pytest.mark.parametrize("payload", [sample(), nothing_scored()])
def test_the_index_gives_the_same(payload: dict[str, object]) -> None:
    summary = history.of_payload(payload, "", intact=True)
    assert analyze._run(summary) == data.from_payload(payload)
