"""The skill's three calls: ``start``, ``done``, ``status``. The agent works and assesses; all else is ours.

Each call first brings the run forward from wherever its ledger stands, so that a kill, a reboot or a lost
context costs at most the call in flight. Grading runs in a forked child that outlives a slow call.
"""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import msgspec

from agentbench import active, handin, instructions, ledger, survivors, tasks, transcripts, tries
from agentbench import identity as identities
from agentbench.codec import read_json
from agentbench.errors import (
    AgentBenchError,
    EnvironmentNotReady,
    ResultsError,
    SetupError,
    TaskError,
    UsageError,
)
from agentbench.failures import FailureCause
from agentbench.handin import HandIn
from agentbench.identity import Identity, Options, TaskRef
from agentbench.model import Task, TrialResult
from agentbench.paths import RunPaths, launcher, list_runs, new_run, solutions_file, temporary_root
from agentbench.state import RunState, TryState, TurnState, replay
from agentbench.tries import Opened
from agentbench.validators import registry

ANSWER_SEC = 7.0
SELF_RUN = "self-run"
_POLL_SEC = 0.01
_LATEST = 4


class Report(msgspec.Struct):
    """What a call found out."""

    lines: list[str] = []
    complete: bool = False
    """Whether every trial has its verdict: the run can be finished."""


class Session:
    """One call's view of one run."""

    def __init__(self, run: RunPaths) -> None:
        self.run = run
        self.identity: Identity = identities.load(run)
        self.refs: dict[str, TaskRef] = {ref.id: ref for ref in self.identity.tasks}
        self._tasks: dict[str, Task] = {}
        self._graders: list[int] = []
        self._blocked = False

    def task(self, task_id: str) -> Task:
        """Return a task of the plan. Raises TaskError when its files are no longer those of the start."""
        if task_id not in self._tasks:
            ref = self.refs[task_id]
            task = tasks.load_task(
                Path(self.identity.tasks_dir) / ref.path,
                registry.catalogue(others=self.identity.suite_version == "custom"),
            )
            if task.digest != ref.digest:
                raise TaskError(
                    "its files are not those of the run's start",
                    where=task_id,
                    hint="Start a new run for it.",
                )
            self._tasks[task_id] = task
        return self._tasks[task_id]

    def _unchanged(self, one: TryState) -> Task | None:
        """Return the task of a begun try; None when it was changed, which ends the try.

        A grader that is at work already goes on with the task as it was.
        """
        try:
            return self.task(one.task_id)
        except TaskError as error:
            lock = self.run.try_dir(one.task_id, one.attempt, one.try_no).grading_lock
            with ledger.locked(lock, blocking=False) as mine:
                now = self.state().latest(one.task_id, one.attempt)
                if mine and now is not None and now.status is None:
                    self._end(one, FailureCause.TASK_CHANGED, str(error))
            return None

    def _end(self, one: TryState, cause: FailureCause, message: str) -> None:
        tries.give_up(self.run, one, cause, message)
        if not self.identity.keep_workspace:
            tries.remove_remains(one)

    def state(self) -> RunState:
        """Return where the run stands now."""
        return replay(ledger.read(self.run))

    def start_graders(self) -> None:
        """Set a grader to work on every try that was handed in and has none."""
        for one in self.state().ungraded():
            if (task := self._unchanged(one)) is not None:
                self._graders.append(_fork_grader(self.run, task, one))

    def wait(self, deadline: float, *, for_all: bool = False) -> None:
        """Wait for the graders of this call, at most until ``deadline`` (monotonic seconds).

        ``for_all`` waits for those of earlier calls too.
        """
        while self._graders and time.monotonic() < deadline:
            for pid in list(self._graders):
                ended, code = os.waitpid(pid, os.WNOHANG)
                if ended:
                    self._graders.remove(pid)
                    self._blocked |= os.waitstatus_to_exitcode(code) == EnvironmentNotReady.exit_code
            if self._graders:
                time.sleep(_POLL_SEC)
        while for_all and self.state().ungraded() and time.monotonic() < deadline:
            time.sleep(_POLL_SEC * 10)

    def complete_hand_in(self) -> None:
        """Record a handing in that was cut off after the workspace was frozen."""
        found = self.state().open_turn()
        if found is None or (task := self._unchanged(found[0])) is None:
            return
        one, turn = found
        if tries.hand_in_began(self.run, task, one, turn):
            tries.submit(self.run, task, one, turn.token)

    def advance(self) -> Opened | None:
        """Return the turn that waits for the agent, beginning it if need be; None when none is left."""
        found = self.state().open_turn()
        if found is not None and (task := self._unchanged(found[0])) is not None:
            return tries.reopened(task, *found)
        state = self.state()
        for one in state.all_tries():
            if one.status is None and not one.submitted and one.turns:
                if (task := self._unchanged(one)) is None:
                    continue
                try:
                    return tries.next_turn(self.run, task, one)
                except SetupError as error:
                    self._end(one, FailureCause.SETUP, str(error))
        for task_id, attempt in tries.pending(self.identity, state):
            if missing := self.refs[task_id].unsupported:
                tries.settle_without_try(self.run, task_id, attempt, FailureCause.REQUIREMENT, missing)
                continue
            try:
                return tries.begin(self.run, self.identity, self.task(task_id), attempt)
            except TaskError as error:
                tries.settle_without_try(self.run, task_id, attempt, FailureCause.TASK_CHANGED, str(error))
            except SetupError as error:
                tries.settle_without_try(self.run, task_id, attempt, FailureCause.SETUP, str(error))
        return None

    def news(self) -> list[str]:
        """Return the score lines that were not printed yet, and note that they are."""
        lines = []
        for one in self.state().all_tries():
            if one.status is not None and not one.announced:
                lines.append(self._score_line(one))
                ledger.append(
                    self.run, "score-announced", task_id=one.task_id, attempt=one.attempt, try_no=one.try_no
                )
        return lines

    def report(self, opened: Opened | None, *, transcript: bool) -> Report:
        """Return the new score lines and what to do next."""
        if self._blocked and opened is None:
            raise EnvironmentNotReady(
                "grading found no room or no rights to write",
                where=str(self.run.root),
                hint=f"Free space here and in {temporary_root()}; `{launcher()} status` then goes on.",
            )
        lines = self.news()
        state = self.state()
        if opened is not None:
            ref = self.refs[opened.task_id]
            place = instructions.position(self.identity, opened)
            waiting = len(state.ungraded())
            lines += [f"({waiting} still being graded)"] if waiting else []
            lines += ["", instructions.task_text(opened, ref, place, transcript=transcript)]
            return Report(lines)
        if tries.settled(self.identity, state):
            return Report(lines, complete=True)
        lines.append(f"{instructions.progress(self.identity, state)} Grading goes on: call in a few seconds")
        lines.append(f"  {launcher()} status")
        return Report(lines)

    def _score_line(self, one: TryState) -> str:
        path = self.run.try_dir(one.task_id, one.attempt, one.try_no).result
        layers: dict[str, float | None] = {}
        message = one.message or "see the report"
        if path.is_file():
            result = read_json(path, TrialResult)
            message = result.message
            if result.layers is not None:
                layers = {name: getattr(result.layers, name).score for name in ("l0", "l1", "l2", "l3")}
        return instructions.score_line(self.refs[one.task_id], one, layers, message)


def start(options: Options, chosen: Sequence[Task], results: Path) -> tuple[RunPaths, Report]:
    """Make a run, begin its first task and return what to print. Raises EnvironmentNotReady."""
    unfinished = [one.run_id for one in active.runs(results)][:3]
    run = new_run(results)
    identity = identities.create(run, options, chosen, ledger.now())
    active.remember(run)
    with ledger.locked(run.lock):
        ledger.append(run, "run-started", run_id=run.run_id, fingerprint=identity.fingerprint)
        session = Session(run)
        session._tasks = {task.id: task for task in chosen}
        report = session.report(session.advance(), transcript=transcripts.probe())
    exposed = any(solutions_file(Path(task.folder)).is_file() for task in chosen)
    report.lines[:0] = instructions.announcement(identity, run, unfinished=unfinished, exposed=exposed)
    return run, report


def done(results: Path, given: HandIn) -> tuple[RunPaths, Report]:
    """Hand in the turn with the given token, grade, and return the score and the next task.

    Handing in a turn twice does nothing but say where the run stands. Raises UsageError.
    """
    deadline = time.monotonic() + ANSWER_SEC
    run = _run_with(results, given.token)
    with ledger.locked(run.lock):
        session = Session(run)
        session.complete_hand_in()
        found = session.state().with_token(given.token)
        assert found is not None
        one, turn = found
        transcript = None
        if turn.submitted_at is None and one.status is None:
            transcript = _hand_in(session, one, turn, given)
        session.start_graders()
        opened = session.advance()
        session.wait(deadline, for_all=opened is None)
        return run, session.report(opened, transcript=transcript is not None or transcripts.probe())


def status(results: Path) -> tuple[RunPaths, Report]:
    """Bring the newest unfinished run forward and say where it stands.

    When the newest run below ``results`` is finished, that is the answer, not an older run elsewhere.
    Raises UsageError when there is no run.
    """
    deadline = time.monotonic() + ANSWER_SEC
    known = active.runs(results)
    if (last := active.finished(results)) and not any(run.run_id > last.run_id for run in known):
        return last, Report([f"Run {last.run_id} is complete."], complete=True)
    for run in known:
        with ledger.locked(run.lock):
            session = Session(run)
            if session.identity.kind != SELF_RUN:
                continue
            tries.remove_unused(session.state())
            session.complete_hand_in()
            session.start_graders()
            opened = session.advance()
            session.wait(deadline, for_all=opened is None)
            report = session.report(opened, transcript=transcripts.probe())
            report.lines.insert(0, instructions.progress(session.identity, session.state()))
            return run, report
    raise UsageError("no run is in progress", where="status", hint=f"Begin with `{launcher()} start --fast`.")


def _hand_in(
    session: Session, one: TryState, turn: TurnState, given: HandIn
) -> transcripts.Transcript | None:
    """Store what the agent left at the end of a turn; return its transcript, None where none can be read."""
    task = session.task(one.task_id)
    since = datetime.fromisoformat(one.turns[0].started_at)
    transcript = transcripts.read_trial([each.token for each in one.turns], since=since)
    if transcript is None:
        handin.require_reply(task, given)
    if turn.number == len(task.turns):
        if given.assessment is None:
            raise UsageError("the assessment is missing", where="done", hint=f"Add {instructions.RUBRIC}")
        outcome = handin.outcome(session.run, session.identity, task, one, given, transcript)
        if transcript is None:
            tries.write_outcome(session.run, outcome)
        else:
            tries.write_outcome(session.run, outcome, transcript.trajectory, transcript.raw)
    elif given.reply is not None:
        handin.keep_reply(session.run, one, turn, given.reply)
    tries.submit(session.run, task, one, turn.token)
    return transcript


def _run_with(results: Path, token: str) -> RunPaths:
    """Return the run that printed ``token``: one in progress, or finished lately, for a call that is repeated."""
    known = active.runs(results)
    damaged: ResultsError | None = None
    for run in [*known, *list_runs(results)[:-_LATEST:-1]]:
        try:
            if replay(ledger.read(run)).with_token(token) is not None:
                return run
        except ResultsError as error:
            damaged = damaged or error
    if damaged is not None:
        raise damaged
    if known:
        raise UsageError(
            "no task of a run in progress has this token", where=token, hint=f"See `{launcher()} status`."
        )
    raise UsageError("no run is in progress", where="done", hint=f"Begin with `{launcher()} start --fast`.")


def _fork_grader(run: RunPaths, task: Task, one: TryState) -> int:
    """Grade in a child of its own session that goes on when this call ends; return its process id."""
    sys.stdout.flush()
    sys.stderr.flush()
    pid = os.fork()
    if pid:
        survivors.spare(pid)
        return pid
    code = 1
    try:
        os.setsid()
        os.closerange(3, 1024)
        null = os.open(os.devnull, os.O_RDWR)
        for target in (0, 1, 2):
            os.dup2(null, target)
        with contextlib.suppress(OSError):
            log = os.open(run.grader_log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
            os.dup2(log, 1)
            os.dup2(log, 2)
        tries.grade(run, task, one)
        code = 0
    except BaseException as error:
        code = error.exit_code if isinstance(error, AgentBenchError) else code
        print(f"grader of {one.task_id}: {type(error).__name__}: {error}", file=sys.stderr, flush=True)
    finally:
        os._exit(code)
