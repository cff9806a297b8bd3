"""Statistics of repeated attempts. Pure; a figure that cannot be computed is None, never 0 or NaN."""

from __future__ import annotations

import math
from collections.abc import Sequence

Counts = tuple[int, int]
"""Attempts scored, and of them resolved."""
_Z95 = 1.959963984540054


def pass_at_k(n: int, c: int, k: int) -> float | None:
    """Return the chance that at least one of ``k`` attempts resolves a task, from ``c`` of ``n`` that did.

    Unbiased estimator 1 - C(n-c, k) / C(n, k): Chen et al. 2021, "Evaluating Large Language Models Trained on Code".
    None when there are fewer than ``k`` attempts.
    """
    if not 1 <= k <= n or not 0 <= c <= n:
        return None
    return 1.0 - math.comb(n - c, k) / math.comb(n, k)


def pass_hat_k(n: int, c: int, k: int) -> float | None:
    """Return the chance that all of ``k`` attempts resolve a task, from ``c`` of ``n`` that did.

    C(c, k) / C(n, k): Yao et al. 2024, "tau-bench". None when there are fewer than ``k`` attempts.
    """
    if not 1 <= k <= n or not 0 <= c <= n:
        return None
    return math.comb(c, k) / math.comb(n, k)


def pass_table(counts: Sequence[Counts]) -> tuple[dict[str, float], dict[str, float]]:
    """Return the means of pass@k and of pass^k over tasks, by k as text, for every k that all tasks allow.

    ``counts`` holds the tasks that have a scored attempt at all; without any both are empty.
    """
    most = min((n for n, _ in counts), default=0)
    at, hat = {}, {}
    for k in range(1, most + 1):
        at[str(k)] = _mean([pass_at_k(n, c, k) for n, c in counts])
        hat[str(k)] = _mean([pass_hat_k(n, c, k) for n, c in counts])
    return at, hat


def wilson(c: int, n: int) -> tuple[float, float] | None:
    """Return the 95% interval of a rate of ``c`` in ``n`` (Wilson 1927); None for none.

    It takes the trials as independent, which attempts at one task are not quite.
    """
    if n <= 0:
        return None
    rate, z2 = c / n, _Z95**2
    middle = (rate + z2 / (2 * n)) / (1 + z2 / n)
    half = _Z95 / (1 + z2 / n) * math.sqrt(rate * (1 - rate) / n + z2 / (4 * n * n))
    return round(max(0.0, middle - half), 4), round(min(1.0, middle + half), 4)


def _mean(values: Sequence[float | None]) -> float:
    known = [value for value in values if value is not None]
    return round(sum(known) / len(known), 4)
