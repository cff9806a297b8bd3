"""The ledger replayed: where a run stands, trial by trial."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from typing import Any

import msgspec

from agentbench import ledger
from agentbench.ledger import Entry
from agentbench.model import Status
from agentbench.paths import RunPaths


class TurnState(msgspec.Struct):
    """One turn of a try."""

    number: int
    token: str
    message: str
    new_session: bool
    started_at: str
    submitted_at: str | None = None


class TryState(msgspec.Struct):
    """One execution of a trial."""

    task_id: str
    attempt: int
    try_no: int
    seed: int
    workspace: str
    turns: list[TurnState] = []
    submitted: bool = False
    gradings: int = 0
    """How often a grader set to work on it and was not kept from it by a full disk."""
    status: Status | None = None
    """None until it is graded."""
    cause: str | None = None
    """What ended it early or kept it from a score, once it is graded."""
    score: float | None = None
    resolved: bool = False
    message: str = ""
    """Why it has no score, for a person."""
    announced: bool = False
    """Whether its score line was printed."""
    retry_due: bool = False
    """Whether another try was to follow when it had failed."""


class RunState(msgspec.Struct):
    """All trials of a run that were begun or settled."""

    tries: dict[tuple[str, int], list[TryState]] = {}
    finished: bool = False
    unused: set[str] = set()
    """Workspaces that were named and then not recorded as begun: removed already, or left by a kill."""

    def latest(self, task_id: str, attempt: int) -> TryState | None:
        """Return the last try of a trial, None when it was not begun."""
        tries = self.tries.get((task_id, attempt))
        return tries[-1] if tries else None

    def all_tries(self) -> list[TryState]:
        """Return every try in the order they were begun."""
        return [one for tries in self.tries.values() for one in tries]

    def with_token(self, token: str) -> tuple[TryState, TurnState] | None:
        """Return the try and turn that ``token`` was printed for."""
        for one in self.all_tries():
            for turn in one.turns:
                if turn.token == token:
                    return one, turn
        return None

    def open_turn(self) -> tuple[TryState, TurnState] | None:
        """Return the turn the agent is at work on."""
        for one in self.all_tries():
            if one.status is None and one.turns and one.turns[-1].submitted_at is None:
                return one, one.turns[-1]
        return None

    def ungraded(self) -> list[TryState]:
        """Return the tries that were handed in but have no grade yet."""
        return [one for one in self.all_tries() if one.submitted and one.status is None]


def replay(entries: Iterable[Entry]) -> RunState:
    """Return the state that the events lead to; events of unknown kinds change nothing."""
    state = RunState()
    _apply(state, entries)
    return state


def _apply(state: RunState, entries: Iterable[Entry]) -> None:
    for entry in entries:
        handler = _HANDLERS.get(entry.event)
        if handler is not None:
            handler(state, entry, entry.data)


class Follower:
    """The state of a run that others write to: reads only what was appended since. Safe to use from threads."""

    def __init__(self, run: RunPaths) -> None:
        self._run = run
        self._lock = threading.Lock()
        self._mark = ledger.Mark()
        self._state = RunState()

    def tries(self, task_id: str, attempt: int) -> list[TryState]:
        """Return copies of the tries of a trial, oldest first, as the ledger stands now."""
        with self._lock:
            entries, self._mark = ledger.read_after(self._run, self._mark)
            _apply(self._state, entries)
            tries = self._state.tries.get((task_id, attempt), [])
            return [msgspec.structs.replace(one, turns=list(one.turns)) for one in tries]

    def latest(self, task_id: str, attempt: int) -> TryState | None:
        """Return a copy of the last try of a trial, None when it was not begun."""
        tries = self.tries(task_id, attempt)
        return tries[-1] if tries else None


def _named(state: RunState, entry: Entry, data: dict[str, Any]) -> None:
    state.unused.add(data["workspace"])


def _started(state: RunState, entry: Entry, data: dict[str, Any]) -> None:
    state.unused.discard(data["workspace"])
    tries = state.tries.setdefault((data["task_id"], data["attempt"]), [])
    if not tries or tries[-1].try_no != data["try_no"]:
        tries.append(
            TryState(
                task_id=data["task_id"],
                attempt=data["attempt"],
                try_no=data["try_no"],
                seed=data["seed"],
                workspace=data["workspace"],
            )
        )
    tries[-1].turns.append(
        TurnState(data["turn"], data["token"], data["message"], data["new_session"], entry.at)
    )


def _submitted(state: RunState, entry: Entry, data: dict[str, Any]) -> None:
    one = _find(state, data)
    if one is not None and one.turns:
        one.turns[-1].submitted_at = entry.at
        one.submitted = bool(data["last"])


def _grading(state: RunState, entry: Entry, data: dict[str, Any]) -> None:
    one = _find(state, data)
    if one is not None:
        one.gradings += 1


def _postponed(state: RunState, entry: Entry, data: dict[str, Any]) -> None:
    one = _find(state, data)
    if one is not None:
        one.gradings -= 1


def _graded(state: RunState, entry: Entry, data: dict[str, Any]) -> None:
    one = _find(state, data)
    if one is None:
        one = TryState(data["task_id"], data["attempt"], data["try_no"], data.get("seed", 0), "")
        state.tries.setdefault((one.task_id, one.attempt), []).append(one)
    one.status = Status(data["status"])
    one.cause = data["cause"]
    one.score = data["score"]
    one.resolved = data["resolved"]
    one.message = data.get("message") or ""


def _announced(state: RunState, entry: Entry, data: dict[str, Any]) -> None:
    one = _find(state, data)
    if one is not None:
        one.announced = True


def _retry(state: RunState, entry: Entry, data: dict[str, Any]) -> None:
    one = _find(state, data)
    if one is not None:
        one.retry_due = entry.event == "retry-due"


def _finished(state: RunState, entry: Entry, data: dict[str, Any]) -> None:
    state.finished = True


def _find(state: RunState, data: dict[str, Any]) -> TryState | None:
    tries = state.tries.get((data["task_id"], data["attempt"]), [])
    return next((one for one in tries if one.try_no == data["try_no"]), None)


_HANDLERS = {
    "workspace-named": _named,
    "turn-started": _started,
    "turn-submitted": _submitted,
    "grading-started": _grading,
    "grading-postponed": _postponed,
    "try-graded": _graded,
    "score-announced": _announced,
    "retry-due": _retry,
    "retry-dropped": _retry,
    "run-finished": _finished,
}
