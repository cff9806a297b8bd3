"""The life of a try, each step recorded in the ledger before the next: begin, hand in turn by turn, grade.

Every step can be repeated after a kill at any moment: what it makes has a name that follows from the try, and
a try is graded at most once (one lock, one ledger line).
"""

from __future__ import annotations

import contextlib
import secrets
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from agentbench import ledger, scratch, trial, workspace
from agentbench.codec import atomic_write, json_line, read_json, sha256, write_json
from agentbench.errors import AgentBenchError, EnvironmentNotReady
from agentbench.failures import POLICIES, FailureCause
from agentbench.identity import Identity
from agentbench.model import Status, Task, TrialResult
from agentbench.paths import RunPaths, require_room
from agentbench.state import RunState, TryState, TurnState, replay
from agentbench.trajectory import Trajectory
from agentbench.trial import Outcome

MAX_GRADINGS = 3
Latest = Callable[[str, int], TryState | None]
"""From a trial to its last try as the ledger stands now."""


class Opened(msgspec.Struct, frozen=True):
    """A turn that waits for the agent."""

    task_id: str
    attempt: int
    try_no: int
    turn: int
    n_turns: int
    token: str
    message: str
    new_session: bool
    workspace: Path


def begin(run: RunPaths, identity: Identity, task: Task, attempt: int, try_no: int = 1) -> Opened:
    """Make the workspace of a new try and record its first turn. Raises SetupError."""
    seed = identity.seed_of(attempt)
    place, messages = workspace.make_live(
        task, seed, lambda place: _name(run, task.id, attempt, try_no, place)
    )
    return _open(run, task, TryState(task.id, attempt, try_no, seed, str(place)), 1, messages)


def _name(run: RunPaths, task_id: str, attempt: int, try_no: int, place: Path) -> None:
    ledger.append(
        run, "workspace-named", task_id=task_id, attempt=attempt, try_no=try_no, workspace=str(place)
    )


def remove_unused(state: RunState) -> None:
    """Remove workspaces whose making was cut off. To be called by who works on the run, alone."""
    for place in state.unused:
        scratch.remove_tree(Path(place))


def hand_in(run: RunPaths, task: Task, one: TryState, token: str) -> Opened | None:
    """Freeze the workspace at the end of the open turn; return the next turn, None after the last.

    For the last turn the caller has written the outcome first (`write_outcome`).
    """
    submit(run, task, one, token)
    return None if one.turns[-1].number == len(task.turns) else next_turn(run, task, one)


def submit(run: RunPaths, task: Task, one: TryState, token: str) -> None:
    """Freeze the workspace at the end of the open turn and record that it was handed in."""
    turn = one.turns[-1]
    last = turn.number == len(task.turns)
    if turn.submitted_at is None:
        workspace.freeze(Path(one.workspace), turn.number, last=last)
        _record(run, "turn-submitted", one, turn=turn.number, token=token, last=last)


def was_frozen(one: TryState, turn: TurnState) -> bool:
    """Return whether a turn's state was frozen."""
    return workspace.frozen_path(Path(one.workspace), turn.number).is_dir()


def hand_in_began(run: RunPaths, task: Task, one: TryState, turn: TurnState) -> bool:
    """Return whether handing in a turn was cut off just before it was recorded.

    The outcome is written before the last turn is frozen, so that a folder of that name alone proves nothing.
    """
    outcome = run.try_dir(one.task_id, one.attempt, one.try_no).outcome
    return was_frozen(one, turn) and (turn.number < len(task.turns) or outcome.is_file())


def remove_remains(one: TryState) -> None:
    """Remove the workspace and the frozen states of a try that came to nothing."""
    scratch.remove_tree(Path(one.workspace))
    for turn in one.turns:
        workspace.remove_frozen(Path(one.workspace), turn.number)


def give_up(run: RunPaths, one: TryState, cause: FailureCause, message: str) -> None:
    """Record that a try came to no grade. What lies of it in its workspace stays, as nothing else is left."""
    _record(
        run,
        "try-graded",
        one,
        status=POLICIES[cause].status,
        cause=cause,
        score=None,
        resolved=False,
        result=None,
        message=trial.explain(cause, message),
    )


def next_turn(run: RunPaths, task: Task, one: TryState) -> Opened:
    """Place the inputs of the turn after the last submitted one and record it. Raises SetupError."""
    number = one.turns[-1].number + 1
    place = Path(one.workspace)
    place.mkdir(mode=0o700, exist_ok=True)
    workspace.before_turn(task, one.seed, place, number)
    return _open(run, task, one, number, one_messages(task, one.seed))


def one_messages(task: Task, seed: int) -> list[str]:
    """Return the messages of a task for a seed; generates the inputs anew to fill placeholders."""
    if not any("{{" in turn.message for turn in task.turns):
        return [turn.message for turn in task.turns]
    with scratch.temporary("hidden") as root:
        return workspace.messages(task, workspace.generate(task, seed, root).hidden)


def frozen_paths(one: TryState) -> dict[int, str]:
    """Return where the states of all begun turns lie once they are frozen."""
    return {turn.number: str(workspace.frozen_path(Path(one.workspace), turn.number)) for turn in one.turns}


def write_outcome(
    run: RunPaths, outcome: Outcome, trajectory: Trajectory | None = None, raw: Sequence[object] = ()
) -> None:
    """Store what the agent left, durably, before its last turn counts as handed in.

    ``raw`` are the transcript's own events; ``trajectory`` is what was made of them.
    """
    paths = run.try_dir(outcome.task_id, outcome.attempt, outcome.try_no)
    if trajectory is not None:
        write_json(paths.trajectory, trajectory)
    if raw:
        atomic_write(paths.raw, b"".join(json_line(event) for event in raw))
    write_json(paths.outcome, outcome)


def read_outcome(run: RunPaths, one: TryState) -> Outcome | None:
    """Return what was stored of a try when its agent had ended, None before that."""
    path = run.try_dir(one.task_id, one.attempt, one.try_no).outcome
    return read_json(path, Outcome) if path.is_file() else None


def grade(run: RunPaths, task: Task, one: TryState, latest: Latest | None = None) -> TrialResult | None:
    """Grade a try that was handed in and record it. None when another process has the try in hand or is done.

    ``latest`` spares reading the whole ledger to a caller who follows it: the harness. Without it the caller is a
    skill's call, and a try that broke `MAX_GRADINGS` graders is given up; a harness is resumed by a person.
    Raises EnvironmentNotReady when the disk is full; such a grading does not count.
    """
    paths = run.try_dir(one.task_id, one.attempt, one.try_no)
    with ledger.locked(paths.grading_lock, blocking=False) as mine:
        if not mine:
            return None
        fresh = (latest or replay(ledger.read(run)).latest)(one.task_id, one.attempt)
        if fresh is None or fresh.try_no != one.try_no or fresh.status is not None:
            return None
        if fresh.gradings >= MAX_GRADINGS and latest is None:
            give_up(
                run, one, FailureCause.HARNESS, f"{fresh.gradings} gradings did not end: {_last_word(run)}"
            )
            return None
        scratch.sweep()
        require_room(run.root)
        _record(run, "grading-started", one)
        try:
            outcome = read_json(paths.outcome, Outcome)
            result = _graded(task, outcome, run)
            data = trial.store(task, outcome, result, run)
        except EnvironmentNotReady as error:
            _record(run, "grading-postponed", one, message=str(error))
            raise
        trial.tidy(task, outcome, paths)
        record_grade(run, result, sha256(data))
        return result


def fail(run: RunPaths, task: Task, outcome: Outcome) -> TrialResult:
    """Record a try that ends without a grade, with what is known of it, and remove its workspace.

    ``outcome`` names the cause and was written; it has no frozen states. Repeating it after a kill is safe.
    """
    assert outcome.cause is not None
    result = trial.failure(outcome, FailureCause(outcome.cause), outcome.detail)
    data = trial.store(task, outcome, result, run)
    if not outcome.keep_workspace:
        scratch.remove_tree(Path(outcome.workspace))
    for turn in range(1, len(task.turns) + 1):
        workspace.remove_frozen(Path(outcome.workspace), turn)
    record_grade(run, result, sha256(data))
    return result


def _last_word(run: RunPaths) -> str:
    """Return the last line that a grader wrote to the log."""
    with contextlib.suppress(OSError):
        lines = run.grader_log.read_text("utf-8", "replace").strip().splitlines()
        return lines[-1][:300] if lines else "killed without a word"
    return "killed without a word"


def record_grade(run: RunPaths, result: TrialResult, digest: str | None) -> None:
    """Append the verdict on a try to the ledger."""
    ledger.append(
        run,
        "try-graded",
        task_id=result.task_id,
        attempt=result.attempt,
        try_no=result.try_no,
        status=result.status,
        cause=result.cause,
        score=result.score,
        resolved=result.resolved,
        result=digest,
        message=result.message,
    )


def settle_without_try(
    run: RunPaths, task_id: str, attempt: int, cause: FailureCause, message: str, try_no: int = 1
) -> None:
    """Record a try that was never begun: unsupported here, or its set-up failed."""
    ledger.append(
        run,
        "try-graded",
        task_id=task_id,
        attempt=attempt,
        try_no=try_no,
        status=POLICIES[cause].status,
        cause=cause,
        score=None,
        resolved=False,
        result=None,
        message=trial.explain(cause, message),
    )


def pending(identity: Identity, state: RunState) -> list[tuple[str, int]]:
    """Return the trials of the plan that were not begun."""
    return [key for key in identity.plan() if key not in state.tries]


def settled(identity: Identity, state: RunState) -> bool:
    """Return whether every trial of the plan has its verdict."""
    return all((one := state.latest(*key)) is not None and one.status is not None for key in identity.plan())


def _graded(task: Task, outcome: Outcome, run: RunPaths) -> TrialResult:
    try:
        return trial.grade(task, outcome, run.try_dir(outcome.task_id, outcome.attempt, outcome.try_no))
    except AgentBenchError:
        raise
    except Exception as error:
        with contextlib.suppress(OSError), run.grader_log.open("a", encoding="utf-8") as log:
            log.write(traceback.format_exc())
        return trial.failure(outcome, FailureCause.HARNESS, f"{type(error).__name__}: {error}")


def _open(run: RunPaths, task: Task, one: TryState, number: int, messages: list[str]) -> Opened:
    token = secrets.token_hex(5)
    turn = task.turns[number - 1]
    message = messages[number - 1]
    _record(
        run,
        "turn-started",
        one,
        turn=number,
        token=token,
        message=message,
        new_session=turn.new_session,
        seed=one.seed,
        workspace=one.workspace,
    )
    return Opened(
        one.task_id,
        one.attempt,
        one.try_no,
        number,
        len(task.turns),
        token,
        message,
        turn.new_session,
        Path(one.workspace),
    )


def reopened(task: Task, one: TryState, turn: TurnState) -> Opened:
    """Return an open turn as it was printed before."""
    return Opened(
        one.task_id,
        one.attempt,
        one.try_no,
        turn.number,
        len(task.turns),
        turn.token,
        turn.message,
        turn.new_session,
        Path(one.workspace),
    )


def _record(run: RunPaths, event: str, one: TryState, **data: object) -> None:
    ledger.append(run, event, task_id=one.task_id, attempt=one.attempt, try_no=one.try_no, **data)


def is_scored(one: TryState | None) -> bool:
    """Return whether a trial has a score."""
    return one is not None and one.status is Status.SCORED
