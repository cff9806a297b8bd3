"""Sums over tries: what failed and by whose fault, what was asked of the model, how often a task was resolved."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

import msgspec

from agentbench.failures import POLICIES, FailureCause
from agentbench.model import ModelUse, Status, TrialResult
from agentbench.usage import PRICES_AS_OF

_COUNTED = ("input", "output", "cache_read", "cache_write", "total")


class HasTries(Protocol):
    """A trial with all its tries."""

    @property
    def all(self) -> tuple[TrialResult, ...]:
        """Every try, oldest first."""


def blame(result: TrialResult) -> str | None:
    """Return who is to blame for what ended a try, None when nothing did."""
    return POLICIES[FailureCause(result.cause)].blame if result.cause else None


def short(result: TrialResult) -> dict[str, Any]:
    """Return what is told of each try of a trial."""
    return {
        "try_no": result.try_no,
        "status": result.status,
        "cause": result.cause,
        "blame": blame(result),
        "message": result.message,
        "wall_sec": result.wall_sec,
        "use": msgspec.to_builtins(result.use),
    }


def counts(attempts: Sequence[Mapping[str, Any]]) -> tuple[int, int]:
    """Return how many attempts of a task were scored, and how many of them resolved."""
    scored = [one["resolved"] for one in attempts if one["status"] == Status.SCORED]
    return len(scored), sum(scored)


def failures(done: Iterable[HasTries]) -> list[dict[str, Any]]:
    """Return each cause with how many tries it ended, and how many of these were followed by another try."""
    n: Counter[str] = Counter()
    again: Counter[str] = Counter()
    for one in done:
        for result in one.all:
            if result.cause:
                n[result.cause] += 1
                again[result.cause] += result is not one.all[-1]
    return [
        {
            "cause": cause,
            "blame": POLICIES[FailureCause(cause)].blame,
            "tries": n[cause],
            "retried": again[cause],
        }
        for cause in sorted(n)
    ]


def usage(done: Iterable[HasTries]) -> dict[str, Any] | None:
    """Return what all tries, failed ones included, asked of the model; None where nothing was metered.

    A sum with an unknown part is unknown.
    """
    found = [result.use for one in done for result in one.all if result.use is not None]
    if not found:
        return None
    asked = [use for use in found if use.n_requests > use.n_failed or use.tokens.total is not None]
    costs = [use.tokens.cost_usd for use in asked]
    firsts = [use.ttft_sec for use in found if use.ttft_sec is not None]
    return {
        "n_requests": sum(use.n_requests for use in found),
        "n_failed": sum(use.n_failed for use in found),
        "tokens": {name: _total(asked, name) for name in _COUNTED}
        | {"cost_usd": None if not costs or None in costs else round(sum(filter(None, costs)), 6)},
        "prices_as_of": PRICES_AS_OF,
        "wait_sec": round(sum(use.wait_sec for use in found), 3),
        "ttft_sec": round(statistics.median(firsts), 4) if firsts else None,
    }


def _total(uses: Sequence[ModelUse], name: str) -> int | None:
    values = [getattr(use.tokens, name) for use in uses]
    return None if not values or None in values else sum(values)
