"""What an agent did, call by call, short enough to be shown: when, which tool, on what, how long, with what success.

Pure. What the transcript does not say is None: a call without a time or without a result.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from agentbench.model import Timeline, TimelineCall
from agentbench.trajectory import Call, Trajectory, calls, parse_time

MOST_CALLS = 200
"""Of longer trajectories the first and the last halves of this are shown."""
TARGET_CHARS = 160
_TARGETS = ("path", "file_path", "file", "filename", "url", "query", "pattern", "task", "message")


def timeline(trajectory: Trajectory, workspace: str, started_at: datetime | None = None) -> Timeline:
    """Return the calls of a trajectory with their offsets from ``started_at``, else from its first known time.

    Offsets and durations are in seconds. Paths in ``workspace`` are shown relative to it.
    """
    start = started_at or next(_instants(trajectory), None)
    made = [_shown(call, workspace, start) for call in calls(trajectory)]
    omitted = max(0, len(made) - MOST_CALLS)
    half = MOST_CALLS // 2
    return Timeline(calls=tuple(made[:half] + made[half + omitted :]), omitted=omitted)


def _instants(trajectory: Trajectory) -> Iterator[datetime]:
    return (parse_time(step.timestamp) for step in trajectory.steps if step.timestamp)


def _shown(call: Call, workspace: str, start: datetime | None) -> TimelineCall:
    begun = parse_time(call.timestamp) if call.timestamp else None
    stamp = ((call.result.extra or {}) if call.result else {}).get("timestamp")
    ended = parse_time(stamp) if isinstance(stamp, str) else None
    return TimelineCall(
        at_sec=_seconds(start, begun),
        tool=call.call.function_name[:80],
        target=_target(call, workspace),
        sec=_seconds(begun, ended),
        ok=None if call.result is None else not call.failed,
    )


def _seconds(first: datetime | None, last: datetime | None) -> float | None:
    return None if first is None or last is None else round(max(0.0, (last - first).total_seconds()), 3)


def _target(call: Call, workspace: str) -> str:
    """Return what a call is about: its command, or the first telling argument, on one line."""
    given = call.call.arguments
    named = (given[name] for name in _TARGETS if isinstance(given.get(name), str))
    text = " ".join((call.command or next(named, "")).split())
    if workspace:
        text = text.replace(f"{workspace.rstrip('/')}/", "")
    return text if len(text) <= TARGET_CHARS else f"{text[: TARGET_CHARS - 1]}…"
