"""The ledger replayed: where a run stands follows from its events alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from agentbench import ledger
from agentbench.ledger import GENESIS, Entry
from agentbench.model import Status
from agentbench.paths import RunPaths
from agentbench.state import Follower, RunState, replay

KEY = {"task_id": "a-b", "attempt": 1, "try_no": 1}


def replayed(*events: tuple[str, dict[str, Any]]) -> RunState:
    """Return the state after these events."""
    return replay(
        Entry(seq=n, at=f"2025-01-01T00:00:0{n}Z", event=event, data={**KEY, **data}, prev=GENESIS, hash="")
        for n, (event, data) in enumerate(events)
    )


def turn(number: int, token: str = "", **more: Any) -> tuple[str, dict[str, Any]]:
    """Return the event that a turn began."""
    data = {"turn": number, "token": token or f"t{number}", "message": "m", "new_session": False}
    return "turn-started", {**data, "seed": 7, "workspace": "/w", **more}


def submitted(last: bool) -> tuple[str, dict[str, Any]]:
    """Return the event that a turn was handed in."""
    return "turn-submitted", {"last": last}


GRADED = ("try-graded", {"status": "scored", "score": 50.0, "resolved": True, "cause": None})


def test_a_begun_turn_is_open() -> None:
    """The agent is at work on it; its token leads back to it."""
    state = replayed(turn(1))
    found = state.open_turn()
    assert found is not None
    assert (found[0].seed, found[0].workspace, found[1].token) == (7, "/w", "t1")
    assert state.with_token("t1") == found
    assert state.with_token("other") is None
    assert state.ungraded() == []


def test_a_turn_in_the_middle_closes_without_ending_the_try() -> None:
    """Between two turns nothing is open and nothing waits for a grade."""
    state = replayed(turn(1), submitted(False))
    assert state.open_turn() is None
    assert state.ungraded() == []
    state = replayed(turn(1), submitted(False), turn(2))
    found = state.open_turn()
    assert found is not None
    assert [one.number for one in found[0].turns] == [1, 2]


def test_the_last_turn_waits_for_a_grader_until_the_verdict() -> None:
    """Gradings are counted; a verdict ends the waiting; its line is announced once."""
    steps = [turn(1), submitted(True), ("grading-started", {}), ("grading-started", {})]
    (waiting,) = replayed(*steps).ungraded()
    assert (waiting.gradings, waiting.status) == (2, None)
    state = replayed(*steps, GRADED)
    one = state.latest("a-b", 1)
    assert one is not None
    assert (one.status, one.score, one.resolved, one.announced) == (Status.SCORED, 50.0, True, False)
    assert state.ungraded() == []
    announced = replayed(*steps, GRADED, ("score-announced", {})).latest("a-b", 1)
    assert announced is not None
    assert announced.announced


def test_a_second_try_is_the_latest_and_the_first_is_kept() -> None:
    """Tries add up; an event of the first does not touch the second."""
    state = replayed(turn(1), GRADED, turn(1, "again", try_no=2), ("grading-started", {}))
    latest = state.latest("a-b", 1)
    assert latest is not None
    assert (latest.try_no, latest.gradings, len(state.all_tries())) == (2, 0, 2)


def test_a_trial_settled_without_a_try_has_its_verdict() -> None:
    """An unsupported trial was never begun and has no score."""
    verdict = {"status": "unsupported", "score": None, "resolved": False, "cause": "requirement"}
    one = replayed(("try-graded", verdict)).latest("a-b", 1)
    assert one is not None
    assert (one.status, one.score, one.turns) == (Status.UNSUPPORTED, None, [])


def test_unknown_events_change_nothing_and_the_end_is_noted() -> None:
    """A ledger of a later version can still be read."""
    state = replayed(("invented-later", {}), ("grading-started", {}))
    assert state.tries == {}
    assert not state.finished
    assert replayed(("run-finished", {})).finished
    assert RunState().latest("a-b", 1) is None


def test_a_follower_sees_what_others_append(tmp_path: Path) -> None:
    """Without reading the ledger from the start again; what it hands out does not change under the reader."""
    run = RunPaths(tmp_path / "run")
    follower = Follower(run)
    assert follower.tries("a-b", 1) == []
    event, data = turn(1)
    ledger.append(run, event, **KEY, **data)
    before = follower.latest("a-b", 1)
    assert before is not None
    ledger.append(run, GRADED[0], **KEY, **GRADED[1])
    after = follower.latest("a-b", 1)
    assert after is not None
    assert (before.status, after.status) == (None, Status.SCORED)
    assert follower.tries("a-b", 1) == replay(ledger.read(run)).tries["a-b", 1]
    assert follower.latest("a-b", 2) is None
