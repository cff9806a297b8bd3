"""Find the agent's own log of a trial and read it, instead of asking the agent what it did.

A log is ours only if it holds the random token that our launcher printed for a turn: never "the newest file".
Stores are opened read-only and never locked. Nothing here raises because a store is missing, foreign or
damaged: the answer is then None, and the caller says so. Sessions that the agent spawned (subagents) count
only when they hold the token themselves.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import msgspec

from agentbench.trajectory import Trajectory
from agentbench.transcripts import jsonl, places, segments, sqlite
from agentbench.transcripts.events import Session, tool_calls

HORIZON_SEC = 48 * 3600
_SLACK_SEC = 60
_PROBE_SEC = 900
_PROBE_EVENTS = 60


class Transcript(msgspec.Struct, frozen=True, kw_only=True):
    """What the agent's log says about one trial."""

    trajectory: Trajectory
    replies: dict[str, str]
    """The agent's last words of each turn, by token; a turn without any is missing."""
    source: str
    """``openclaw-sqlite`` or ``openclaw-jsonl``."""
    agent_version: str | None
    model: str | None
    """``provider/model`` of the last answer, as the log names it."""
    raw: list[dict[str, Any]]
    """The events themselves, in order, including those that printed and handed in each turn."""
    started_at: datetime
    """When the first turn reached the agent."""
    ended_at: datetime
    """When the last turn was handed in, or the last event."""


def probe() -> bool:
    """Return whether a log can be read that shows the call of our launcher now running.

    Then `read_trial` will find the trial too, and the agent need not count for itself.
    """
    since = time.time() - _PROBE_SEC
    for store in places.stores(since):
        with contextlib.suppress(*_DAMAGED):
            if _has_open_call(_reader(store).newest(store, since, _PROBE_EVENTS)):
                return True
    return False


def read_trial(tokens: Sequence[str], *, since: datetime | None = None) -> Transcript | None:
    """Return the transcript of the trial whose turns carry ``tokens``, in the order of the turns.

    Looks at nothing older than ``since`` (when the trial began), by default `HORIZON_SEC` ago. None when
    no readable log holds any of the tokens.
    """
    oldest = time.time() - HORIZON_SEC if since is None else since.timestamp() - _SLACK_SEC
    for store in places.stores(oldest):
        with contextlib.suppress(*_DAMAGED):
            sessions = _reader(store).holding(store, tokens, oldest)
            if trial := segments.trial(sessions, tokens):
                version = _reader(store).agent_version(store)
                return _transcript(trial, store.kind, version)
    return None


_DAMAGED = (OSError, *sqlite.ERRORS, ValueError, LookupError)


def _reader(store: places.Store) -> Any:
    return sqlite if store.kind == sqlite.KIND else jsonl


def _has_open_call(sessions: Sequence[Session]) -> bool:
    return any(True for session in sessions for _ in _open_calls(session))


def _open_calls(session: Session) -> Iterator[str]:
    """Yield the ids of launcher calls that have no result yet."""
    answered = {
        event.call_id for event in session.events if event.role == "toolResult" and not event.still_running
    }
    for event in session.events:
        for call in tool_calls(event):
            if segments.is_launcher(call) and call.tool_call_id not in answered:
                yield call.tool_call_id


def _transcript(trial: segments.Trial, source: str, version: str | None) -> Transcript:
    return Transcript(
        trajectory=segments.trajectory(trial, version),
        replies=trial.replies,
        source=source,
        agent_version=version,
        model=trial.model,
        raw=[event.raw for event in trial.raw],
        started_at=trial.started_at,
        ended_at=trial.ended_at,
    )
