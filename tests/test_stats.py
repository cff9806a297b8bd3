"""Statistics of attempts, against values worked out by hand or by simulation of the definition."""

from __future__ import annotations

import itertools

import pytest

from agentbench import stats


@pytest.mark.parametrize(("n", "c"), [(n, c) for n in range(1, 7) for c in range(n + 1)])
def test_pass_at_k_and_pass_hat_k_are_shares_of_all_samples(n: int, c: int) -> None:
    """Of all ways to take k of n attempts: those with a success, and those of successes alone."""
    outcomes = [True] * c + [False] * (n - c)
    for k in range(1, n + 1):
        samples = list(itertools.combinations(outcomes, k))
        assert stats.pass_at_k(n, c, k) == pytest.approx(sum(map(any, samples)) / len(samples))
        assert stats.pass_hat_k(n, c, k) == pytest.approx(sum(map(all, samples)) / len(samples))


@pytest.mark.parametrize(("n", "c", "k"), [(0, 0, 1), (2, 1, 3), (2, 1, 0), (2, 3, 1)])
def test_what_cannot_be_estimated_is_none(n: int, c: int, k: int) -> None:
    """Never 0."""
    assert stats.pass_at_k(n, c, k) is None
    assert stats.pass_hat_k(n, c, k) is None


def test_the_table_goes_as_far_as_every_task_allows() -> None:
    """A task with fewer scored attempts limits k; no task at all gives an empty table."""
    at, hat = stats.pass_table([(3, 2), (2, 0)])
    assert at == {"1": round((2 / 3 + 0) / 2, 4), "2": 0.5}
    assert hat == {"1": round((2 / 3 + 0) / 2, 4), "2": round((1 / 3) / 2, 4)}
    assert stats.pass_table([]) == ({}, {})


def test_wilson() -> None:
    """Known values; it never leaves 0–1, and is wide for few trials."""
    assert stats.wilson(5, 10) == (0.2366, 0.7634)
    assert stats.wilson(0, 10) == (0.0, 0.2775)
    assert stats.wilson(10, 10) == (0.7225, 1.0)
    assert stats.wilson(0, 0) is None
