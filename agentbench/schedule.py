"""When which trial of a harness-run is tried next. Pure: no clock, no randomness of its own.

A trial is finished when its last try has a verdict that no further try can better; failed tries that are retried with
a wait count against the limit of retries, those that the run itself cut off do not.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from agentbench.failures import POLICIES, FailureCause, Policy, Retry
from agentbench.model import Status
from agentbench.state import TryState

_AGAIN = frozenset({"provider", "environment", "harness"})


class Backoff(msgspec.Struct, frozen=True):
    """Waits between tries: ``first_sec`` doubled each time, up to ``most_sec``."""

    first_sec: float
    most_sec: float

    def wait(self, n_failed: int, share: float, at_least_sec: float | None = None) -> float:
        """Return the seconds to wait after ``n_failed`` failures (from 1), with jitter.

        ``share``, drawn from 0–1, places the wait between half of the step and the whole of it. It is never shorter
        than what the endpoint asked for (Retry-After).
        """
        step = min(self.most_sec, self.first_sec * 2.0 ** min(n_failed - 1, 30))
        return max(step * (0.5 + share / 2), at_least_sec or 0.0)


def policy(cause: str | None) -> Policy | None:
    """Return the policy of a recorded cause; None for none."""
    return POLICIES[FailureCause(cause)] if cause else None


def n_counted(tries: Sequence[TryState]) -> int:
    """Return how many tries failed in a way that counts against the retries."""
    return sum(
        one.status is Status.INVALID
        and (found := policy(one.cause)) is not None
        and found.retry is Retry.BACKOFF
        for one in tries
    )


def is_finished(tries: Sequence[TryState], retries: int) -> bool:
    """Return whether a trial needs no further try; one that is under way or was not begun does."""
    if not tries or tries[-1].status is None:
        return False
    last = tries[-1]
    found = policy(last.cause)
    if last.status is Status.SCORED or found is None or found.retry is Retry.NEVER:
        return True
    return found.retry is Retry.BACKOFF and n_counted(tries) > retries


def is_worth_another(tries: Sequence[TryState]) -> bool:
    """Return whether a trial ended without a score for a reason that may be gone by now (``--retry-invalid``)."""
    last = tries[-1]
    found = policy(last.cause)
    return last.status is Status.INVALID and found is not None and found.blame in _AGAIN
