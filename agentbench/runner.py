"""Run a plan headlessly: several tries at once, retries that hold no slot, budgets, a clean stop, and going on.

The main loop decides and waits; worker threads prepare, let the agent work, and grade. Agents hold one of ``jobs``
slots; preparing and grading hold one of as many as there are processors, and happen beside the agents' work.
Everything that decides what comes next is read from the ledger, so that `work` after a kill is the same call.
"""

from __future__ import annotations

import heapq
import os
import random
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import msgspec

from agentbench import execution, ledger, schedule, snapshot, survivors, tasks, tries
from agentbench import identity as identities
from agentbench.agents.base import Agent
from agentbench.desks import Proxy, Site
from agentbench.errors import EnvironmentNotReady, TaskError
from agentbench.execution import Bench
from agentbench.failures import FailureCause, Retry
from agentbench.identity import Identity, Options
from agentbench.model import Task, TrialResult
from agentbench.paths import RunPaths, new_run
from agentbench.sandbox.base import Kind
from agentbench.state import Follower, TryState, replay
from agentbench.trajectory import Trajectory
from agentbench.trial import Outcome
from agentbench.tries import Opened
from agentbench.validators import registry

_TICK_SEC = 0.5
_MOST_AHEAD = 32
"""So many workspaces, but no more than there are jobs, are made ready while others work."""
Trial = tuple[str, int]


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """What may change when a run is resumed; no part of its identity."""

    jobs: int = 1
    retries: int = 2
    """Further tries of a trial after failures that are retried."""
    backoff_sec: float = 2.0
    max_backoff_sec: float = 300.0
    max_cost_usd: float | None = None
    max_tokens: int | None = None
    max_time_sec: float | None = None
    retry_invalid: bool = False
    """Whether trials that ended invalid for no fault of agent or task are tried again."""


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """Something that happened, for progress displays."""

    kind: str
    """``try-started``, ``turn-started``, ``try-ended``, ``retry-scheduled``, ``trial-finished`` or ``stopping``."""
    task_id: str = ""
    attempt: int = 0
    try_no: int = 0
    detail: str = ""
    """One line for a person."""
    wait_sec: float | None = None
    """Of ``retry-scheduled``: until the next try may begin."""
    result: TrialResult | None = None
    """Of ``try-ended`` and ``trial-finished``; None when the try never began."""


Listener = Callable[[Event], None]


class Stop:
    """A wish to stop, shared with signal handlers. The first reason given is kept."""

    def __init__(self) -> None:
        self.why: str | None = None
        self.killed = False
        self.failure: EnvironmentNotReady | None = None
        """What of this machine made going on impossible."""

    def finish(self, why: str) -> None:
        """Begin no new try; those that run may end."""
        self.why = self.why or why

    def kill(self) -> None:
        """End the running tries too."""
        self.finish("cancelled")
        self.killed = True


def create(options: Options, chosen: Sequence[Task], agent: Agent, results: Path) -> RunPaths:
    """Make a run and return where it lies. Raises EnvironmentNotReady when the agent cannot work here."""
    agent.check(chosen)
    run = new_run(results)
    identity = identities.create(run, options, chosen, ledger.now())
    ledger.append(run, "run-started", run_id=run.run_id, fingerprint=identity.fingerprint)
    return run


def work(
    run: RunPaths, agent: Agent, proxy: Proxy | None, settings: Settings, listener: Listener, stop: Stop
) -> None:
    """Work on a run until every trial is finished or ``stop`` says so; call it again to go on.

    Raises EnvironmentNotReady when nothing can be written any more: the ledger then holds what was done.
    """
    with ledger.locked(run.lock, blocking=False) as mine:
        if not mine:
            raise EnvironmentNotReady(
                "is being worked on by another process", where=run.run_id, hint="Wait for it, or end it."
            )
        survivors.kill_leftovers(str(run.root))
        survivors.label(str(run.root))
        tries.remove_unused(replay(ledger.read(run)))
        _Runner(run, agent, proxy, settings, listener, stop).work()


def drop_retries(run: RunPaths) -> None:
    """Record that no failed trial of a run is tried again."""
    for found in replay(ledger.read(run)).tries.values():
        if (last := found[-1]).retry_due:
            ledger.append(
                run, "retry-dropped", task_id=last.task_id, attempt=last.attempt, try_no=last.try_no
            )


class _Runner:
    """The state of one call of `work`."""

    def __init__(
        self,
        run: RunPaths,
        agent: Agent,
        proxy: Proxy | None,
        settings: Settings,
        listener: Listener,
        stop: Stop,
    ) -> None:
        self.identity: Identity = identities.load(run)
        self.run, self.settings, self.stop = run, settings, stop
        hidden = (run.root.parent, Path(self.identity.tasks_dir))
        kind = Kind(self.identity.sandbox or Kind.NONE)
        site = Site(agent, proxy, kind, self.identity.limits, hidden)
        self.bench = Bench(run, self.identity, site, Follower(run), lambda: stop.killed)
        self.tasks: dict[str, Task | TaskError] = {}
        self.slots = threading.BoundedSemaphore(settings.jobs)
        self.processors = threading.BoundedSemaphore(os.cpu_count() or 1)
        self.news = threading.Event()
        self.waiting: list[tuple[float, int, Trial]] = []
        self.retries: deque[tuple[float, int, Trial]] = deque()
        """From the worker threads to the main loop, which alone touches `waiting`."""
        self.running: dict[Future[None], Trial] = {}
        self.spent = _Spent(settings)
        self.backoff = schedule.Backoff(settings.backoff_sec, settings.max_backoff_sec)
        self._listener, self._telling = listener, threading.Lock()
        self._random = random.Random()

    # -- the main loop, in one thread ---------------------------------------------------------

    def work(self) -> None:
        """Begin what is due, wait for what runs, until nothing is left or a stop is due."""
        for kind in (Outcome, TrialResult, Trajectory, snapshot.Difference, ledger.Entry):
            msgspec.json.Decoder(
                kind
            )  # the first use of a type by several threads at once can crash msgspec 0.22
        self._plan()
        most = self.settings.jobs + min(self.settings.jobs, _MOST_AHEAD) + 2 * (os.cpu_count() or 1)
        with ThreadPoolExecutor(most, thread_name_prefix="try") as pool:
            while True:
                self._heed_budgets()
                while self.retries:
                    heapq.heappush(self.waiting, self.retries.popleft())
                while not self.stop.why and len(self.running) < most and self._due():
                    trial = heapq.heappop(self.waiting)[2]
                    self.running[pool.submit(self._try, trial)] = trial
                self.news.wait(min(_TICK_SEC, max(0.02, self._due_in())))
                self.news.clear()
                if self.stop.killed:
                    survivors.kill_running()
                for future in [one for one in self.running if one.done()]:
                    del self.running[future]
                    self._settle(future)
                if not self.running and (self.stop.why or not (self.waiting or self.retries)):
                    break
        if self.stop.failure is not None:
            raise self.stop.failure

    def _plan(self) -> None:
        for order, trial in enumerate(self.identity.plan()):
            self._task(trial[0])
            found = self.bench.follower.tries(*trial)
            again = self.settings.retry_invalid and found and schedule.is_worth_another(found)
            if again or not schedule.is_finished(found, self.settings.retries):
                heapq.heappush(self.waiting, (0.0, order, trial))
            else:
                self._note_retry("retry-dropped", *trial)

    def _due(self) -> bool:
        return bool(self.waiting) and self._due_in() <= 0

    def _due_in(self) -> float:
        return self.waiting[0][0] - time.monotonic() if self.waiting else _TICK_SEC * 2

    def _settle(self, future: Future[None]) -> None:
        error = future.exception()
        if isinstance(error, EnvironmentNotReady):
            self.stop.failure = error
            self.stop.finish(str(error))
        elif error is not None:
            raise error

    def _heed_budgets(self) -> None:
        if not self.stop.why and (why := self.spent.over()):
            self._stop(why)

    def _stop(self, why: str) -> None:
        self.stop.finish(why)
        self.tell(Event(kind="stopping", detail=why))

    # -- one trial, in a worker thread --------------------------------------------------------

    def _try(self, trial: Trial) -> None:
        try:
            self._one_try(*trial)
        finally:
            self.news.set()

    def _one_try(self, task_id: str, attempt: int) -> None:
        found = self.bench.follower.tries(task_id, attempt)
        if found and found[-1].status is None and self._picked_up(found[-1]):
            return
        found = self.bench.follower.tries(task_id, attempt)
        try_no = found[-1].try_no + 1 if found else 1
        task = self._task(task_id)
        missing = next(ref.unsupported for ref in self.identity.tasks if ref.id == task_id)
        if missing or isinstance(task, TaskError):
            cause = FailureCause.REQUIREMENT if missing else FailureCause.TASK_CHANGED
            tries.settle_without_try(self.run, task_id, attempt, cause, missing or str(task), try_no)
            self._ended(task_id, attempt, None)
            return
        with self.processors:
            prepared = execution.prepare(self.bench, task, attempt, try_no)
        if prepared is None:
            self._ended(task_id, attempt, None)
            return
        last = schedule.n_counted(found) >= self.settings.retries
        with self.slots:
            if self.stop.why:
                self._ended(task_id, attempt, execution.cancel(self.bench, prepared))
                return
            self.tell(Event(kind="try-started", task_id=task_id, attempt=attempt, try_no=try_no))
            ended = execution.work(self.bench, prepared, self._turn_started, last=last)
            self._heed(ended.result)
        result = ended.result or self._grade(task, attempt)
        self._ended(task_id, attempt, result, ended.retry_after_sec)

    def _heed(self, result: TrialResult | None) -> None:
        """Stop the run where every other trial would fail alike; called before the slot is free for the next one."""
        policy = schedule.policy(result.cause) if result is not None else None
        if result is not None and policy is not None and policy.stops_run and not self.stop.why:
            self._stop(result.message)

    def _picked_up(self, one: TryState) -> bool:
        """Finish what a killed call left of a try; return whether that gave the trial its verdict."""
        task = self._task(one.task_id)
        if isinstance(task, TaskError):
            tries.give_up(self.run, one, FailureCause.TASK_CHANGED, str(task))
            tries.remove_remains(one)
            self._ended(one.task_id, one.attempt, None)
            return True
        if not execution.pick_up(self.bench, task, one):
            return False
        result = self._grade(task, one.attempt)
        if result is not None and result.cause == FailureCause.WORKSPACE_LOST:
            return False
        self._ended(one.task_id, one.attempt, result)
        return True

    def _grade(self, task: Task, attempt: int) -> TrialResult | None:
        with self.processors:
            return execution.grade(self.bench, task, attempt)

    def _turn_started(self, opened: Opened) -> None:
        self.tell(
            Event(
                kind="turn-started",
                task_id=opened.task_id,
                attempt=opened.attempt,
                try_no=opened.try_no,
                detail=f"turn {opened.turn} of {opened.n_turns}",
            )
        )

    def _ended(
        self, task_id: str, attempt: int, result: TrialResult | None, retry_after_sec: float | None = None
    ) -> None:
        """Tell what became of a try, and put the trial back in line if it is to be tried again."""
        found = self.bench.follower.tries(task_id, attempt)
        last = found[-1]
        self.spent.add(result)
        event = Event(
            kind="try-ended",
            task_id=task_id,
            attempt=attempt,
            try_no=last.try_no,
            result=result,
            detail=last.message,
        )
        self.tell(event)
        policy = schedule.policy(last.cause)
        if schedule.is_finished(found, self.settings.retries):
            self.tell(msgspec.structs.replace(event, kind="trial-finished"))
            return
        if policy is not None and policy.retry is Retry.BACKOFF:
            wait = self.backoff.wait(schedule.n_counted(found), self._random.random(), retry_after_sec)
            self._note_retry("retry-due", task_id, attempt)
            self.tell(msgspec.structs.replace(event, kind="retry-scheduled", wait_sec=wait, result=None))
            self.retries.append((time.monotonic() + wait, -1, (task_id, attempt)))

    def _note_retry(self, event: str, task_id: str, attempt: int) -> None:
        """Record whether a failed try is to be followed by another, so that a stopped run knows what it lacks."""
        last = self.bench.follower.latest(task_id, attempt)
        assert last is not None
        if last.retry_due is not (event == "retry-due"):
            ledger.append(self.run, event, task_id=task_id, attempt=attempt, try_no=last.try_no)

    def _task(self, task_id: str) -> Task | TaskError:
        """Return a task of the plan, or why it cannot be used any more."""
        if task_id not in self.tasks:
            ref = next(ref for ref in self.identity.tasks if ref.id == task_id)
            try:
                task = tasks.load_task(
                    Path(self.identity.tasks_dir) / ref.path,
                    registry.catalogue(others=self.identity.suite_version == "custom"),
                )
                if task.digest != ref.digest:
                    raise TaskError("its files are not those of the run's start", where=task_id)
                self.tasks[task_id] = task
            except TaskError as error:
                self.tasks[task_id] = error
        return self.tasks[task_id]

    def tell(self, event: Event) -> None:
        """Call the listener, one thread at a time."""
        with self._telling:
            self._listener(event)


class _Spent:
    """What this call of `work` has used of its budgets. Safe to use from threads."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._begun = time.monotonic()
        self._cost = 0.0
        self._tokens = 0

    def add(self, result: TrialResult | None) -> None:
        """Add what a try used, failed or not."""
        if result is None or result.use is None:
            return
        with self._lock:
            self._cost += result.use.tokens.cost_usd or 0.0
            self._tokens += result.use.tokens.total or 0

    def over(self) -> str | None:
        """Return which budget is used up, in words; None for none."""
        most = self._settings
        with self._lock:
            if most.max_cost_usd is not None and self._cost >= most.max_cost_usd:
                return f"the budget of {most.max_cost_usd:g} USD is used up ({self._cost:.2f})"
            if most.max_tokens is not None and self._tokens >= most.max_tokens:
                return f"the budget of {most.max_tokens} tokens is used up ({self._tokens})"
        if most.max_time_sec is not None and time.monotonic() - self._begun >= most.max_time_sec:
            return f"the time budget of {most.max_time_sec:g} s is used up"
        return None
