"""What the agent hands in with ``done``, turned into the outcome that is graded.

A transcript outweighs the agent's own counts; without one they are asked for and labelled as its own.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import msgspec

from agentbench import ledger, trajectory, transcripts, tries, workspace
from agentbench.errors import UsageError
from agentbench.identity import Identity
from agentbench.model import Assessment, Flag, Metrics, MetricsSource, Task
from agentbench.paths import RunPaths, solutions_file
from agentbench.state import TryState, TurnState
from agentbench.trial import Outcome, wants_reply

MAX_TEXT_BYTES = 256 * 1024


class HandIn(msgspec.Struct, frozen=True, kw_only=True):
    """The arguments of ``done``."""

    token: str
    assessment: Assessment | None = None
    calls: int | None = None
    errors: int | None = None
    planning: float | None = None
    reply: str | None = None
    trace: str | None = None


def outcome(
    run: RunPaths,
    identity: Identity,
    task: Task,
    one: TryState,
    given: HandIn,
    transcript: transcripts.Transcript | None,
) -> Outcome:
    """Return what the agent left, from the transcript where there is one, else from its own words.

    Raises UsageError when neither gives the counts, or a named file cannot be read.
    """
    ended = ledger.now()
    wall = sum(_seconds(turn.started_at, turn.submitted_at or ended) for turn in one.turns)
    flags = []
    if any(turn.new_session for turn in task.turns[1:]):
        flags.append(Flag(code="shared-context", detail="new conversations were only asked for"))
    if identity.attempts > 1:
        flags.append(Flag(code="shared-context", detail="all attempts were made in one conversation"))
    if workspace.is_lost(Path(one.workspace)) and not tries.was_frozen(one, one.turns[-1]):
        flags.append(
            Flag(code="workspace-deleted", detail="the workspace was gone when the task was handed in")
        )
    if transcript is None:
        flags.append(
            Flag(code="unwatched", detail="no sandbox and no transcript: its calls were seen by nobody")
        )
    if solutions_file(Path(task.folder)).is_file():
        flags.append(
            Flag(code="solutions-present", detail="the skill's folder holds the solutions of its tasks")
        )
    replies: dict[int, str | None] = {turn.number: _kept_reply(run, one, turn) for turn in one.turns}
    if transcript is not None:
        replies = {turn.number: transcript.replies.get(turn.token, "") for turn in one.turns}
    elif given.reply is not None:
        replies[one.turns[-1].number] = _text_file(given.reply, "--reply")
    return Outcome(
        task_id=one.task_id,
        attempt=one.attempt,
        try_no=one.try_no,
        seed=one.seed,
        workspace=one.workspace,
        frozen=tries.frozen_paths(one),
        replies=replies,
        metrics=_metrics(given, transcript, wall),
        assessment=given.assessment,
        flags=tuple(flags),
        agent="openclaw",
        agent_version=transcript.agent_version if transcript else None,
        model=transcript.model if transcript else None,
        execution_trace=_text_file(given.trace, "--trace") if given.trace else None,
        started_at=one.turns[0].started_at,
        wall_sec=round(wall, 3),
        keep_workspace=identity.keep_workspace,
    )


def _metrics(given: HandIn, transcript: transcripts.Transcript | None, wall: float) -> Metrics:
    if transcript is not None:
        return trajectory.metrics(
            transcript.trajectory, started_at=transcript.started_at, ended_at=transcript.ended_at
        )
    if given.calls is None or given.errors is None or given.planning is None:
        raise UsageError(
            "no transcript of this session can be read",
            where="done",
            hint="Add your own counts: --calls N --errors N --planning 0.N (share of time before the first output).",
        )
    return Metrics(
        source=MetricsSource.SELF_REPORTED,
        tool_calls=given.calls,
        errors=given.errors,
        planning_ratio=given.planning,
        working_sec=round(wall, 3),
    )


def keep_reply(run: RunPaths, one: TryState, turn: TurnState, name: str) -> None:
    """Store the reply of a turn that is not the last, until the outcome is written."""
    text = _text_file(name, "--reply")
    ledger.append(
        run, "reply", task_id=one.task_id, attempt=one.attempt, try_no=one.try_no, turn=turn.number, text=text
    )


def require_reply(task: Task, given: HandIn) -> None:
    """Raise UsageError when nobody would record the reply that a check of the task looks at."""
    if given.reply is None and wants_reply(task):
        raise UsageError(
            "no transcript can be read, and this task is answered in words",
            where="done",
            hint="Write your answer to a file and add --reply FILE.",
        )


def _kept_reply(run: RunPaths, one: TryState, turn: TurnState) -> str | None:
    for entry in ledger.read(run):
        data = entry.data
        if entry.event == "reply" and (data["task_id"], data["attempt"], data["try_no"], data["turn"]) == (
            one.task_id,
            one.attempt,
            one.try_no,
            turn.number,
        ):
            return str(data["text"])
    return None


def _text_file(name: str, option: str) -> str:
    try:
        if not Path(name).is_file():
            raise FileNotFoundError(2, "no such file")
        with Path(name).open("rb") as stream:
            return stream.read(MAX_TEXT_BYTES).decode("utf-8", "replace")
    except OSError as error:
        raise UsageError(f"cannot be read ({error.strerror})", where=f"{option} {name}") from None


def _seconds(start: str, end: str) -> float:
    return max(0.0, (datetime.fromisoformat(end) - datetime.fromisoformat(start)).total_seconds())
