"""Run a plan headlessly: every trial the same way as in the skill, driven by an agent object."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from agentbench import identity as identities
from agentbench import ledger, scratch, tries
from agentbench.agents.base import Agent, AgentFailed, Turn
from agentbench.errors import SetupError
from agentbench.failures import FailureCause
from agentbench.identity import Identity, Options
from agentbench.model import Metrics, MetricsSource, Task, TrialResult
from agentbench.paths import RunPaths, new_run
from agentbench.state import RunState, TryState, replay
from agentbench.trial import Outcome, failure

Progress = Callable[[str, int, TrialResult | None], None]


def run(
    options: Options, chosen: Sequence[Task], agent: Agent, results: Path, progress: Progress
) -> tuple[RunPaths, Identity]:
    """Run every trial of the plan and return the run; ``progress(task id, attempt, result)`` is told of each.

    ``progress`` is called with None before a trial and with its result (None again when it could not begin)
    after it. Raises EnvironmentNotReady when the agent cannot work here.
    """
    for task in chosen:
        agent.check(task)
    place = new_run(results)
    identity = identities.create(place, options, chosen, ledger.now())
    ledger.append(place, "run-started", run_id=place.run_id, fingerprint=identity.fingerprint)
    by_id = {task.id: task for task in chosen}
    missing = {ref.id: ref.unsupported for ref in identity.tasks if ref.unsupported}
    for task_id, attempt in identity.plan():
        progress(task_id, attempt, None)
        if task_id in missing:
            tries.settle_without_try(place, task_id, attempt, FailureCause.REQUIREMENT, str(missing[task_id]))
            progress(task_id, attempt, None)
        else:
            progress(task_id, attempt, run_trial(place, identity, by_id[task_id], attempt, agent))
    return place, identity


def run_trial(
    run: RunPaths, identity: Identity, task: Task, attempt: int, agent: Agent
) -> TrialResult | None:
    """Run one trial to its verdict; None when its set-up failed, which is recorded."""
    try:
        opened = tries.begin(run, identity, task, attempt)
    except SetupError as error:
        tries.settle_without_try(run, task.id, attempt, FailureCause.SETUP, str(error))
        return None
    started, begun = time.monotonic(), ledger.now()
    replies: dict[int, str | None] = {}
    while True:
        one = _current(run, task.id, attempt)
        turn = Turn(task, opened.turn, opened.message, opened.new_session, opened.workspace, task.timeout_sec)
        try:
            replies[opened.turn] = agent.act(turn)
        except AgentFailed as error:
            return _give_up(run, identity, one, FailureCause.AGENT_CRASH, str(error))
        if opened.turn == opened.n_turns:
            break
        try:
            following = tries.hand_in(run, task, one, opened.token)
        except SetupError as error:
            return _give_up(run, identity, one, FailureCause.SETUP, str(error))
        assert following is not None
        opened = following
    outcome = Outcome(
        task_id=task.id,
        attempt=attempt,
        try_no=one.try_no,
        seed=one.seed,
        workspace=one.workspace,
        frozen=tries.frozen_paths(one),
        replies=replies,
        metrics=Metrics(source=MetricsSource.NONE),
        agent=agent.name,
        started_at=begun,
        wall_sec=round(time.monotonic() - started, 3),
        keep_workspace=identity.keep_workspace,
    )
    tries.write_outcome(run, outcome)
    tries.hand_in(run, task, one, opened.token)
    return tries.grade(run, task, _current(run, task.id, attempt))


def _give_up(
    run: RunPaths, identity: Identity, one: TryState, cause: FailureCause, message: str
) -> TrialResult:
    """Record that a trial broke off; its workspace is removed unless it is to be kept."""
    outcome = Outcome(
        task_id=one.task_id,
        attempt=one.attempt,
        try_no=one.try_no,
        seed=one.seed,
        workspace=one.workspace,
        frozen={},
        replies={},
        metrics=Metrics(source=MetricsSource.NONE),
    )
    result = failure(outcome, cause, message)
    tries.record_grade(run, result, None)
    if not identity.keep_workspace:
        scratch.remove_tree(Path(one.workspace))
    for frozen in tries.frozen_paths(one).values():
        scratch.remove_tree(Path(frozen))
    return result


def _current(run: RunPaths, task_id: str, attempt: int) -> TryState:
    state: RunState = replay(ledger.read(run))
    one = state.latest(task_id, attempt)
    assert one is not None
    return msgspec.structs.replace(one)
