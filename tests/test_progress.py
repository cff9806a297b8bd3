"""What a person, a log file and a program see of a run."""

from __future__ import annotations

import io
import json

from rich.console import Console

from agentbench.model import Metrics, MetricsSource, ModelUse, Status, Tokens, TrialResult
from agentbench.progress import Json, Plain, Plan, Screen, clock
from agentbench.runner import Event

PLAN = Plan(names={"a-b": "Sum", "c-d": "[bold]Evil\x1b[31m"}, n_trials=4, n_done=0, attempts=2, jobs=2)


def result(task_id: str = "a-b", status: Status = Status.SCORED, cause: str | None = None) -> TrialResult:
    """Return a result; scored ones have no layers, as that is not looked at here."""
    use = ModelUse(n_requests=3, n_failed=1, tokens=Tokens(total=1200, cost_usd=0.5))
    return TrialResult(
        task_id=task_id,
        attempt=1,
        try_no=1,
        status=status,
        cause=cause,
        resolved=status is Status.SCORED,
        score=80.0 if status is Status.SCORED else None,
        layers=None,
        checks=(),
        metrics=Metrics(source=MetricsSource.NONE),
        use=use,
        wall_sec=30.0,
    )


EVENTS = (
    Event(kind="try-started", task_id="a-b", attempt=1, try_no=1),
    Event(kind="turn-started", task_id="a-b", attempt=1, try_no=1, detail="turn 1 of 1"),
    Event(kind="try-ended", task_id="a-b", attempt=1, try_no=1, result=result(status=Status.INVALID)),
    Event(kind="retry-scheduled", task_id="a-b", attempt=1, try_no=1, wait_sec=4.2, detail="slow\ndown"),
    Event(kind="try-started", task_id="c-d", attempt=2, try_no=1),
    Event(kind="trial-finished", task_id="c-d", attempt=2, try_no=1, result=result("c-d"), detail=""),
    Event(kind="stopping", detail="enough"),
)


def test_plain_lines_name_what_matters() -> None:
    """A line for a verdict, a retry and a stop, numbered, with nothing that steers a terminal."""
    lines: list[str] = []
    view = Plain(PLAN, lines.append)
    for event in EVENTS:
        view.tell(event)
    assert lines[0] == "try again in 4 s: Sum #1: slow down"
    assert lines[1].startswith("1/4  [bold]Evil")
    assert lines[-1] == "stopping: enough"
    assert len(lines) == 3


def test_json_events_are_one_object_a_line() -> None:
    """With times, facts of the result, and nothing that is not known."""
    out = io.StringIO()
    view = Json(out)
    for event in EVENTS:
        view.tell(event)
    found = [json.loads(line) for line in out.getvalue().splitlines()]
    assert [one["event"] for one in found] == [event.kind for event in EVENTS]
    assert found[2]["tokens"] == 1200
    assert found[2]["status"] == "invalid"
    assert found[3]["wait_sec"] == 4.2
    assert "task_id" not in found[6]
    assert all(None not in one.values() for one in found)


def test_the_screen_shows_who_works_and_what_is_left() -> None:
    """Names are text, not markup; the bar tells of trials, score, tokens, cost and the time that is left."""
    console = Console(file=io.StringIO(), force_terminal=True, width=100, height=30)
    view = Screen(PLAN, console)
    for event in EVENTS:
        view.tell(event)
    with console.capture() as shown:
        console.print(view._draw())
    text = shown.get()
    for words in (
        "waiting",
        "Sum #1",
        "1/4",
        "resolved 1/1, mean 80",
        "1,200 tokens",
        "0.50 USD",
        "about 45s left",
    ):
        assert words in text, text


def test_clock() -> None:
    """Short at every length."""
    assert [clock(seconds) for seconds in (0, 59.9, 61, 3599, 7800)] == [
        "0s",
        "59s",
        "1m 01s",
        "59m 59s",
        "2h 10m",
    ]
