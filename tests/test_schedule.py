"""Which trial is tried again, and when: follows from its recorded tries alone."""

from __future__ import annotations

import pytest

from agentbench import schedule
from agentbench.failures import POLICIES, FailureCause, Retry
from agentbench.model import Status
from agentbench.schedule import Backoff
from agentbench.state import TryState


def tries(*ends: str | None) -> list[TryState]:
    """Return the tries of a trial that ended so: a cause, ``scored``, or None for one under way."""
    found = []
    for number, end in enumerate(ends, start=1):
        one = TryState("a-b", 1, number, 7, "/w")
        if end == "scored":
            one.status = Status.SCORED
        elif end is not None:
            policy = POLICIES[FailureCause(end)]
            one.cause = end
            one.status = Status.INVALID if policy.graded else policy.status
        found.append(one)
    return found


@pytest.mark.parametrize(
    ("ends", "finished"),
    [
        ((), False),
        ((None,), False),
        (("scored",), True),
        (("provider-limit",), False),
        (("provider-limit", "provider-transient"), False),
        (("provider-limit", "provider-transient", "environment"), True),
        (("provider-limit", "scored"), True),
        (("interrupted",) * 9, False),
        (("provider-limit", "interrupted", "cancelled", "provider-limit"), False),
        (("setup",), True),
        (("provider-auth",), True),
        (("requirement",), True),
        (("workspace-lost",), False),
    ],
)
def test_finished_or_not(ends: tuple[str | None, ...], finished: bool) -> None:
    """With two retries: what the run cut off never counts, and causes that a retry cannot help end the trial."""
    assert schedule.is_finished(tries(*ends), retries=2) is finished


def test_more_retries_reopen_a_trial() -> None:
    """Resuming with other settings is enough, as nothing but the tries is recorded."""
    ended = tries("provider-limit", "provider-limit", "provider-limit")
    assert schedule.is_finished(ended, retries=2)
    assert not schedule.is_finished(ended, retries=3)


@pytest.mark.parametrize("cause", FailureCause)
def test_who_is_worth_another_try(cause: FailureCause) -> None:
    """Never a trial whose end was the agent's, the task's or the user's doing, nor one that this machine cannot run."""
    wanted = POLICIES[cause].blame in {"provider", "environment", "harness"}
    wanted = wanted and cause is not FailureCause.REQUIREMENT
    assert schedule.is_worth_another(tries(cause)) is wanted


def test_waits_double_up_to_a_limit_with_jitter() -> None:
    """Between half of the step and the whole of it, and never shorter than the endpoint asked for."""
    backoff = Backoff(2.0, 60.0)
    assert [backoff.wait(n, 1.0) for n in (1, 2, 3, 6, 400)] == [2.0, 4.0, 8.0, 60.0, 60.0]
    assert [backoff.wait(n, 0.0) for n in (1, 2)] == [1.0, 2.0]
    assert backoff.wait(1, 0.5, at_least_sec=90.0) == 90.0


@pytest.mark.parametrize("cause", FailureCause)
def test_the_table_is_coherent(cause: FailureCause) -> None:
    """Every cause has a policy; work is graded only where the agent is to blame; a stop of the run is no retry."""
    policy = POLICIES[cause]
    assert policy.says
    assert policy.graded == (policy.blame == "agent")
    assert policy.status is not Status.SCORED or policy.graded
    assert not (policy.stops_run and policy.retry is not Retry.NEVER)
