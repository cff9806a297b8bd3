"""One try of a harness-run: workspace, desk, turns, log, and then a verdict or a recorded failure.

What ended the agent's work is decided here, by one rule each: what the metering proxy saw of the provider comes first,
then the limits of the trial, then what the agent's adapter says. Everything is in the ledger before the next
step begins, so that a kill at any moment loses at most the try in flight.
"""

from __future__ import annotations

import functools
import threading
import time
from collections.abc import Callable
from pathlib import Path

import msgspec

from agentbench import audit, desks, ledger, scratch, survivors, tasks, trajectory, tries, workspace
from agentbench.agents.base import Acted, Desk, Record, Session, Turn
from agentbench.desks import Place, Site
from agentbench.errors import AgentBenchError, SetupError
from agentbench.failures import POLICIES, FailureCause
from agentbench.identity import Identity
from agentbench.metering.records import Seen
from agentbench.model import Flag, Metrics, MetricsSource, ModelUse, Task, TrialResult
from agentbench.paths import RunPaths
from agentbench.redact import Scrubber
from agentbench.sandbox.base import Kind
from agentbench.state import Follower, TryState
from agentbench.trial import Outcome
from agentbench.tries import Opened

_OWN_LOG = "agents-own-log"
_LOGGED = "openclaw"
"""The agent that always writes a log, so that without one it was taken away."""
_EMPTY_TOO = (None, FailureCause.AGENT_CRASH)
"""How an agent may end whose model said nothing."""


class Bench(msgspec.Struct, frozen=True):
    """What all tries of a run share."""

    run: RunPaths
    identity: Identity
    site: Site
    follower: Follower
    killed: Callable[[], bool]
    """Whether running tries are to end now."""


class Prepared(msgspec.Struct, frozen=True):
    """A try whose workspace waits for the agent."""

    task: Task
    opened: Opened


class Ended(msgspec.Struct, frozen=True):
    """How the agent's part of a try ended."""

    result: TrialResult | None
    """The verdict, when there is one without grading."""
    retry_after_sec: float | None = None


class _Work(msgspec.Struct):
    """What is known of a try while its agent works."""

    replies: dict[int, str | None] = {}
    cause: FailureCause | None = None
    detail: str = ""
    retry_after_sec: float | None = None
    acted_sec: float = 0.0
    use: ModelUse | None = None
    record: Record = Record()
    flags: list[Flag] = []


def prepare(bench: Bench, task: Task, attempt: int, try_no: int) -> Prepared | None:
    """Make the workspace of a try; None when the task's set-up failed, which is recorded."""
    try:
        return Prepared(task, tries.begin(bench.run, bench.identity, task, attempt, try_no))
    except SetupError as error:
        tries.settle_without_try(bench.run, task.id, attempt, FailureCause.SETUP, str(error), try_no)
        return None


def work(bench: Bench, prepared: Prepared, told: Callable[[Opened], None], *, last: bool) -> Ended:
    """Let the agent work on a try and hand it in, or record why that failed.

    ``last`` says that no further try would follow a failure that is retried. `tries.grade` comes next when there
    is no result yet.
    """
    task, opened, found = prepared.task, prepared.opened, _Work()
    begun, started = ledger.now(), time.monotonic()
    with scratch.temporary("home") as home:
        _play(bench, prepared, home, found, told)
    _scrub(bench, task, opened.workspace, found)
    one = bench.follower.latest(task.id, opened.attempt)
    assert one is not None
    graded = found.cause is None or (
        POLICIES[found.cause].graded and (last or POLICIES[found.cause].retry.value == "never")
    )
    outcome = _outcome(bench, task, one, found, graded=graded)
    outcome = msgspec.structs.replace(
        outcome, started_at=begun, wall_sec=round(time.monotonic() - started, 3)
    )
    try:
        if graded:
            one = _finish_turns(bench, task, one)
            outcome = msgspec.structs.replace(outcome, frozen=tries.frozen_paths(one))
    except SetupError as error:
        graded = False
        outcome = msgspec.structs.replace(outcome, cause=FailureCause.SETUP, detail=str(error))
    tries.write_outcome(bench.run, outcome, found.record.trajectory, found.record.raw)
    if not graded:
        return Ended(tries.fail(bench.run, task, outcome), found.retry_after_sec)
    tries.submit(bench.run, task, one, one.turns[-1].token)
    return Ended(None)


def grade(bench: Bench, task: Task, attempt: int) -> TrialResult | None:
    """Grade the last try of a trial, which was handed in."""
    one = bench.follower.latest(task.id, attempt)
    assert one is not None
    return tries.grade(bench.run, task, one, bench.follower.latest)


def cancel(bench: Bench, prepared: Prepared) -> TrialResult:
    """Record that a try was cancelled before its agent began."""
    one = bench.follower.latest(prepared.task.id, prepared.opened.attempt)
    assert one is not None
    found = _Work(cause=FailureCause.CANCELLED)
    outcome = _outcome(bench, prepared.task, one, found, graded=False)
    tries.write_outcome(bench.run, outcome)
    return tries.fail(bench.run, prepared.task, outcome)


def pick_up(bench: Bench, task: Task, one: TryState) -> bool:
    """Bring a try that a killed run left half done as far as it goes; return whether it is to be graded now.

    An agent that had ended is not run again; one that was at work is given up.
    """
    if one.submitted:
        return True
    if (stored := tries.read_outcome(bench.run, one)) is not None:
        if not stored.frozen:
            tries.fail(bench.run, task, stored)
            return False
        tries.submit(bench.run, task, one, one.turns[-1].token)
        return True
    found = _Work(cause=FailureCause.INTERRUPTED)
    outcome = _outcome(bench, task, one, found, graded=False)
    tries.write_outcome(bench.run, outcome)
    tries.fail(bench.run, task, outcome)
    return False


# -- the agent at work --------------------------------------------------------------------------


def _play(bench: Bench, prepared: Prepared, home: Path, found: _Work, told: Callable[[Opened], None]) -> None:
    """Play the turns of a try and read the agent's log; what happened is noted in ``found``."""
    task, opened = prepared.task, prepared.opened
    denied: list[str] = []
    place = Place(task, opened.attempt, opened.try_no, opened.workspace, home)
    with desks.desk(bench.site, place, denied) as desk:
        session: Session | None = None
        try:
            if desk.meter is not None:
                desk.meter.when_hopeless = functools.partial(survivors.kill_running, threading.get_ident())
            session = bench.site.agent.open(desk)
            _turns(bench, prepared, session, desk, found, told)
        except AgentBenchError as error:
            _note(found, FailureCause.ENVIRONMENT, str(error))
        except Exception as error:
            _note(found, FailureCause.HARNESS, f"{type(error).__name__}: {error}")
        if session is not None:
            found.record = _closed(session, found)
        seen = desk.meter.seen() if desk.meter is not None else None
        found.use = desk.meter.use() if desk.meter is not None else None
        if desk.meter is not None and (found.record.trajectory or bench.identity.about.name == _LOGGED):
            n_made = desk.meter.n_tool_calls(cut_off=found.cause is not None)
            found.flags += audit.unrecorded(found.record.trajectory, n_made)
        _decide(bench, desk, found, seen)
    if denied:
        found.flags.append(Flag(code="network-denied", detail=", ".join(sorted(set(denied))[:10])))
    if bench.identity.sandbox == Kind.NONE and tasks.folder_digest(Path(task.folder)) != task.digest:
        found.flags.append(Flag(code="changed-the-suite", detail=opened.task_id))


def _turns(
    bench: Bench,
    prepared: Prepared,
    session: Session,
    desk: Desk,
    found: _Work,
    told: Callable[[Opened], None],
) -> None:
    task, opened = prepared.task, prepared.opened
    limit = bench.identity.limits.timeout_sec or task.timeout_sec
    while True:
        told(opened)
        left = limit - found.acted_sec
        turn = Turn(task, opened.turn, opened.message, opened.new_session, opened.workspace, max(left, 1.0))
        begun = time.monotonic()
        with survivors.interruptible():
            acted = session.act(turn)
        found.acted_sec += time.monotonic() - begun
        found.replies[opened.turn] = acted.reply
        if _stopped(bench, desk, acted, found) or opened.turn == opened.n_turns:
            return
        one = bench.follower.latest(task.id, opened.attempt)
        assert one is not None
        try:
            following = tries.hand_in(bench.run, task, one, opened.token)
        except SetupError as error:
            _note(found, FailureCause.SETUP, str(error))
            return
        assert following is not None
        opened = following


def _stopped(bench: Bench, desk: Desk, acted: Acted, found: _Work) -> bool:
    """Note why a turn did not end by itself; return whether the agent's work is over for that."""
    if acted.cause is not None:
        _note(found, acted.cause, acted.detail)
    seen = desk.meter.seen() if desk.meter is not None else None
    exhausted = desk.meter is not None and desk.meter.exhausted is not None
    return acted.cause is not None or exhausted or seen is not None or bench.killed()


def _decide(bench: Bench, desk: Desk, found: _Work, seen: Seen | None) -> None:
    """Settle on one cause: a cancel, then the provider, then a limit, then the agent's own word."""
    exhausted = desk.meter.exhausted if desk.meter is not None else None
    if bench.killed():
        found.cause, found.detail = FailureCause.CANCELLED, ""
    elif found.cause is FailureCause.HARNESS:
        return
    elif exhausted is not None:
        found.cause, found.detail = FailureCause.AGENT_BUDGET, exhausted
    elif seen is not None and (seen.cause is not FailureCause.AGENT_EMPTY or found.cause in _EMPTY_TOO):
        found.cause, found.detail, found.retry_after_sec = seen.cause, seen.detail, seen.retry_after_sec
    elif found.cause is None and found.record.cause is not None:
        found.cause, found.detail = found.record.cause, found.record.detail


def _closed(session: Session, found: _Work) -> Record:
    try:
        return session.close()
    except Exception as error:
        _note(found, FailureCause.HARNESS, f"the agent's log: {type(error).__name__}: {error}")
        return Record()


def _note(found: _Work, cause: FailureCause, detail: str) -> None:
    if found.cause is None:
        found.cause, found.detail = cause, " ".join(detail.split())[:500]


# -- what it left -------------------------------------------------------------------------------


def _scrub(bench: Bench, task: Task, place: Path, found: _Work) -> None:
    """Take the values of secrets out of everything that is going to be stored."""
    scrubber = Scrubber(bench.site.secrets)
    frozen = [workspace.frozen_path(place, number) for number in range(1, len(task.turns))]
    changed = [name for root in (*frozen, place) if root.is_dir() for name in scrubber.tree(root)]
    found.detail = scrubber.text(found.detail)
    found.replies = {number: reply and scrubber.text(reply) for number, reply in found.replies.items()}
    before = msgspec.json.encode(found.record)
    if (clean := scrubber.data(before)) != before:
        found.record = msgspec.json.decode(clean, type=Record)
        changed.append("its transcript")
    if changed:
        found.flags.append(Flag(code="secret-scrubbed", detail=", ".join(dict.fromkeys(changed))[:200]))


def _finish_turns(bench: Bench, task: Task, one: TryState) -> TryState:
    """Hand in the turns that the agent did not live to see, so that what it left can be graded.

    The last one is left open: its outcome is written first. Raises SetupError.
    """
    while one.turns[-1].number < len(task.turns):
        if one.turns[-1].submitted_at is None:
            tries.submit(bench.run, task, one, one.turns[-1].token)
        tries.next_turn(bench.run, task, one)
        found = bench.follower.latest(one.task_id, one.attempt)
        assert found is not None
        one = found
    return one


def _outcome(bench: Bench, task: Task, one: TryState, found: _Work, *, graded: bool) -> Outcome:
    """Return the outcome to store; without frozen states it is one of a failed try."""
    record = found.record
    about = bench.identity.about
    flags = [*record.flags, *found.flags]
    if bench.identity.sandbox == Kind.NONE:
        flags.append(Flag(code="unsandboxed", detail="the agent saw the whole machine"))
    return Outcome(
        task_id=one.task_id,
        attempt=one.attempt,
        try_no=one.try_no,
        seed=one.seed,
        workspace=one.workspace,
        frozen=tries.frozen_paths(one) if graded else {},
        replies=found.replies,
        metrics=_metrics(record, found),
        flags=tuple(flags),
        agent=about.name,
        agent_version=record.version or about.version,
        model=record.model or (", ".join(found.use.models) or None if found.use else None),
        keep_workspace=bench.identity.keep_workspace,
        use=found.use,
        cause=found.cause,
        detail=found.detail,
        sandbox=bench.identity.sandbox,
    )


def _metrics(record: Record, found: _Work) -> Metrics:
    """Return the metrics of the log; times and tokens from the proxy, which saw every request, where it was asked."""
    if record.metrics is not None:
        return record.metrics
    if record.trajectory is None:
        measured = Metrics(source=MetricsSource.NONE)
    else:
        measured = trajectory.metrics(record.trajectory, started_at=None, ended_at=None)
    if any(flag.code == _OWN_LOG for flag in record.flags):
        measured = msgspec.structs.replace(measured, source=MetricsSource.SELF_REPORTED)
    if found.use is None:
        return measured
    working = max(0.0, found.acted_sec - found.use.wait_sec)
    tokens = found.use.tokens if found.use.n_requests else measured.tokens
    return msgspec.structs.replace(measured, working_sec=round(working, 3), tokens=tokens)
