"""Cut a trial out of the sessions that hold its tokens, and turn it into a trajectory.

The piece of a turn in a session runs from the tool result that first shows the turn's token to the call that
hands it in (``agentbench done TOKEN``), or to the end of the session. In a session that hands a turn in
without having been shown it (a resumed conversation), it begins with the user's message before. A call that
was refused does not end a turn. What follows from this:

- Calls of our launcher, and their results, are never part of a trial; a program of the agent's own that bears its
  name is work. The answer that hands a turn in is part of it: its text is the turn's reply and its tokens were spent
  on it.
- A turn shown again by ``status``, here or in another session, is still one turn; no event is counted twice.
- Time between pieces, before a message of the user, and before a request that started late (a rate limit, for
  which OpenClaw leaves no event) is waiting, not work: it stands in ``wait_sec`` of the step after it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import msgspec

from agentbench.paths import launcher
from agentbench.trajectory import (
    SCHEMA_VERSION,
    Agent,
    FinalMetrics,
    Observation,
    ObservationResult,
    Step,
    StepMetrics,
    ToolCall,
    Trajectory,
    command_of,
    format_time,
    is_helper_call,
)
from agentbench.transcripts.events import Event, Session, tool_calls

LATE_REQUEST_SEC = 1.0
_NAME = "agentbench"


class Piece(msgspec.Struct, frozen=True):
    """The events of one turn in one session."""

    session: str
    token: str
    turn: int
    opening: Event
    """What brought the turn before the agent."""
    events: list[Event]
    orphans: frozenset[str]
    """Results whose call the log does not hold: OpenClaw drops an answer that calls an unknown tool."""
    closing: Event | None
    """The answer that hands the turn in; None when the session ends before it."""
    beside: tuple[ToolCall, ...] = ()
    """Calls that are no work of the turn: made with the call that showed it, or to start another run."""

    @property
    def ended_at(self) -> datetime:
        """When the piece ends."""
        last = self.closing or (self.events[-1] if self.events else self.opening)
        return last.time


class Trial(msgspec.Struct, frozen=True):
    """All pieces of a trial, in order of turns and time; never empty."""

    pieces: list[Piece]

    @property
    def started_at(self) -> datetime:
        """When the first turn reached the agent."""
        return self.pieces[0].opening.time

    @property
    def ended_at(self) -> datetime:
        """When the last piece ended."""
        return max(piece.ended_at for piece in self.pieces)

    @property
    def replies(self) -> dict[str, str]:
        """The last text of the agent in each turn."""
        found: dict[str, str] = {}
        for piece in self.pieces:
            for event in _worked(piece):
                if event.role == "assistant" and event.text.strip():
                    found[piece.token] = event.text
        return found

    @property
    def model(self) -> str | None:
        """The model of the last answer that names one."""
        names = [event.model for piece in self.pieces for event in _worked(piece) if event.model]
        return names[-1] if names else None

    @property
    def raw(self) -> list[Event]:
        """Every event of the trial once, openings included."""
        events = [event for piece in self.pieces for event in (piece.opening, *_worked(piece))]
        return list({event.id: event for event in events}.values())


def is_launcher(call: ToolCall) -> bool:
    """Return whether a call runs our launcher, whatever else it does."""
    return _NAME in (command_of(call.function_name, call.arguments) or "")


def trial(sessions: Sequence[Session], tokens: Sequence[str]) -> Trial | None:
    """Return the pieces of the turns with ``tokens``; None when no session was shown or handed in any."""
    pieces = []
    taken: set[str] = set()
    for turn, token in enumerate(tokens, start=1):
        for session in sessions:
            piece = _piece(session, token, turn, taken)
            if piece is not None:
                pieces.append(piece)
                taken.update(event.id for event in _worked(piece))
    return Trial(pieces) if pieces else None


def _piece(session: Session, token: str, turn: int, taken: set[str]) -> Piece | None:
    events = session.events
    shown = next(
        (n for n, event in enumerate(events) if event.role == "toolResult" and token in event.text), None
    )
    end = _handed_in(events, token, 0 if shown is None else shown + 1)
    if shown is None:
        if end is None:
            return None
        shown = max((n for n, event in enumerate(events[:end]) if event.role == "user"), default=0)
    inner = [event for event in events[shown + 1 : end] if event.id not in taken]
    known = {call.tool_call_id for event in events for call in tool_calls(event)}
    orphans = frozenset(item.id for item in inner if item.role == "toolResult" and item.call_id not in known)
    closing = None if end is None else events[end]
    beside = (*_after_opening(events, events[shown]), *_new_runs(inner))
    return Piece(session.id, token, turn, events[shown], inner, orphans, closing, beside)


def _after_opening(events: Sequence[Event], opening: Event) -> list[ToolCall]:
    """Return what the answer that had the turn shown called after that."""
    for event in events if opening.role == "toolResult" else ():
        ids = [call.tool_call_id for call in tool_calls(event)]
        if opening.call_id in ids:
            return list(tool_calls(event))[ids.index(opening.call_id) + 1 :]
    return []


def _new_runs(events: Sequence[Event]) -> list[ToolCall]:
    helpers = (call for event in events for call in tool_calls(event) if _is_helper(call))
    return [call for call in helpers if " start" in (command_of(call.function_name, call.arguments) or "")]


def _is_helper(call: ToolCall) -> bool:
    return is_helper_call(call.function_name, call.arguments)


def _handed_in(events: Sequence[Event], token: str, start: int) -> int | None:
    """Return the position of the answer that hands the turn in and was not refused."""
    results = {event.call_id: event for event in events if event.role == "toolResult"}
    for position in range(start, len(events)):
        for call in tool_calls(events[position]):
            if _hands_in(call, token) and not _refused(results.get(call.tool_call_id)):
                return position
    return None


def _hands_in(call: ToolCall, token: str) -> bool:
    words = (command_of(call.function_name, call.arguments) or "").split()
    return token in " ".join(words) and "done" in words and any(_NAME in word for word in words)


def _refused(result: Event | None) -> bool:
    return result is not None and (result.is_error or result.details.get("exitCode") not in (None, 0))


def _worked(piece: Piece) -> list[Event]:
    return [*piece.events, piece.closing] if piece.closing else piece.events


# -- to ATIF ------------------------------------------------------------------------------------


def trajectory(found: Trial, agent_version: str | None) -> Trajectory:
    """Return the trial as ATIF trajectory; its steps carry their turn in ``extra`` when there are several."""
    steps: list[Step] = []
    before: datetime | None = None
    for piece in found.pieces:
        gap = 0.0 if before is None else max(0.0, (piece.opening.time - before).total_seconds())
        for step in _steps(piece, gap, len(steps)):
            steps.append(step)
            gap = 0.0
        before = piece.ended_at
    sessions = list(dict.fromkeys(piece.session for piece in found.pieces))
    beside = [msgspec.to_builtins(call) for piece in found.pieces for call in piece.beside]
    extra = ({"sessions": sessions} if len(sessions) > 1 else {}) | ({"beside": beside} if beside else {})
    return Trajectory(
        schema_version=SCHEMA_VERSION,
        agent=Agent(name="openclaw", version=agent_version or "unknown", model_name=found.model),
        steps=tuple(steps),
        session_id=sessions[0],
        final_metrics=_final(steps),
        extra=extra or None,
    )


def _steps(piece: Piece, gap: float, count: int) -> Iterator[Step]:
    results = {event.call_id: event for event in piece.events if event.role == "toolResult"}
    before = piece.opening
    for event in _worked(piece):
        if event.role == "toolResult" and event.id not in piece.orphans:
            before = event
            continue
        waited = gap + _waited(before, event)
        gap = 0.0
        extra: dict[str, Any] = {"turn": piece.turn}
        if waited:
            extra["wait_sec"] = round(waited, 3)
        before = event
        count += 1
        if event.role == "user":
            yield Step(
                step_id=count,
                source="user",
                message=event.text,
                timestamp=format_time(event.time),
                extra=extra,
            )
        elif event.role == "toolResult":
            yield _orphan_step(event, count, extra)
        else:
            yield _agent_step(event, count, results, extra, closing=event is piece.closing)


def _waited(before: Event, event: Event) -> float:
    """Return the seconds between two events that were not work."""
    if event.role == "toolResult":
        return 0.0
    if event.role == "user":
        return max(0.0, (event.time - before.time).total_seconds())
    late = (event.requested_at - before.time).total_seconds()
    return late if late > LATE_REQUEST_SEC else 0.0


def _agent_step(
    event: Event, number: int, results: dict[str, Event], extra: dict[str, Any], *, closing: bool
) -> Step:
    calls = []
    for call in tool_calls(event):
        if (
            closing
            and _is_helper(call)
            and " done " in (command_of(call.function_name, call.arguments) or "")
        ):
            break
        if not is_helper_call(call.function_name, call.arguments, launcher()):
            calls.append(call)
    observed = [_result(results[call.tool_call_id]) for call in calls if call.tool_call_id in results]
    return Step(
        step_id=number,
        source="agent",
        message=event.text,
        timestamp=format_time(event.time),
        model_name=event.model,
        reasoning_content=event.thoughts or None,
        tool_calls=tuple(calls) or None,
        observation=Observation(results=tuple(observed)) if observed else None,
        metrics=_metrics(event.usage) if event.usage else None,
        extra=extra,
    )


def _orphan_step(event: Event, number: int, extra: dict[str, Any]) -> Step:
    call = ToolCall(tool_call_id=event.call_id, function_name=event.tool, arguments={})
    return Step(
        step_id=number,
        source="agent",
        message="",
        timestamp=format_time(event.time),
        tool_calls=(call,),
        observation=Observation(results=(_result(event),)),
        extra=extra | {"call_not_recorded": True},
    )


def _result(event: Event) -> ObservationResult:
    text = event.text
    extra: dict[str, Any] = {
        "is_error": event.is_error,
        "timestamp": format_time(event.time),
        "bytes": len(text.encode("utf-8", "replace")),
    }
    if isinstance(code := event.details.get("exitCode"), int):
        extra["exit_code"] = code
    return ObservationResult(source_call_id=event.call_id, content=text, extra=extra)


def _metrics(usage: dict[str, Any]) -> StepMetrics:
    """Return the tokens of an answer; OpenClaw writes a cost of 0 where it knows no price: unknown."""
    new, cached, written = (_count(usage.get(name)) for name in ("input", "cacheRead", "cacheWrite"))
    cost = usage.get("cost")
    spent = cost.get("total") if isinstance(cost, dict) else None
    extra = {
        "input_tokens": new,
        "cache_write_tokens": written,
        "total_tokens": _count(usage.get("totalTokens")),
    }
    return StepMetrics(
        prompt_tokens=None if new is None else new + (cached or 0) + (written or 0),
        completion_tokens=_count(usage.get("output")),
        cached_tokens=cached,
        cost_usd=spent if isinstance(spent, (int, float)) and spent > 0 else None,
        extra={name: value for name, value in extra.items() if value is not None},
    )


def _count(value: Any) -> int | None:
    return int(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def _final(steps: Sequence[Step]) -> FinalMetrics:
    used = [step.metrics for step in steps if step.metrics is not None]

    def total(values: list[Any]) -> Any:
        known = [value for value in values if value is not None]
        return sum(known) if known else None

    return FinalMetrics(
        total_prompt_tokens=total([item.prompt_tokens for item in used]),
        total_completion_tokens=total([item.completion_tokens for item in used]),
        total_cached_tokens=total([item.cached_tokens for item in used]),
        total_cost_usd=total([item.cost_usd for item in used]),
        total_steps=len(steps),
    )
