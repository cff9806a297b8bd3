"""How well a result would repeat with other tasks of the kind: alpha, split halves, the error of measurement."""

from __future__ import annotations

import math

import numpy as np

from agentbench.analysis import figures
from agentbench.analysis.figures import Interval
from agentbench.analysis.table import Floats
from agentbench.model import Frozen

SPLITS = 1000
SEED = 20260
LEAST_ROWS = 3


class Reliability(Frozen, frozen=True):
    """Reliability of a row's mean over the tasks."""

    rows: int
    tasks: int
    mean: float
    deviation: float
    """Standard deviation of the rows' means."""
    alpha: float
    """Cronbach's alpha; KR-20 where every task has one attempt and values are verdicts."""
    alpha_interval: Interval | None
    split_half: float | None
    """Median over random halves, stepped up to the full length; None when halves do not vary."""
    split_range: Interval | None
    """The middle 95% of the splits."""
    error: float
    """Standard error of measurement of a row's mean, in the unit of the values."""


def reliability(values: Floats) -> Reliability | str:
    """Return the reliability of rows by tasks without a gap, or the code of the reason why there is none.

    Alpha = k / (k - 1) * (1 - sum of item variances / variance of totals): Cronbach 1951, "Coefficient alpha and the
    internal structure of tests"; for 0 and 1 it is KR-20 (Kuder and Richardson 1937). Error of measurement =
    deviation * sqrt(1 - alpha), as in Lord and Novick 1968; a negative alpha counts as 0 in it.
    """
    rows, tasks = values.shape
    if rows < LEAST_ROWS:
        return "few-rows"
    if tasks < 2:
        return "few-tasks"
    total = float(values.sum(axis=1).var(ddof=1))
    if total < 1e-12:
        return "no-spread"
    alpha = tasks / (tasks - 1) * (1 - float(values.var(axis=0, ddof=1).sum()) / total)
    deviation = math.sqrt(total) / tasks
    halves = split_halves(values)
    median = None if halves is None else figures.rounded(np.median(halves))
    spread = None if halves is None else figures.bounds(*np.quantile(halves, (0.025, 0.975)))
    return Reliability(
        rows=rows,
        tasks=tasks,
        mean=round(float(values.mean()), 4),
        deviation=round(deviation, 4),
        alpha=round(alpha, 4) + 0.0,
        alpha_interval=figures.alpha_interval(alpha, rows, tasks),
        split_half=median,
        split_range=spread,
        error=round(deviation * math.sqrt(1 - max(0.0, alpha)), 4),
    )


def split_halves(values: Floats, splits: int = SPLITS) -> Floats | None:
    """Return the stepped-up correlation of random halves of the tasks; None when none of them varies.

    2r / (1 + r): Spearman 1910 and Brown 1910. Of an odd number of tasks each split leaves one out.
    """
    tasks = values.shape[1]
    half = tasks // 2
    order = np.random.default_rng(SEED).random((splits, tasks)).argsort(axis=1)
    side = np.where(order < half, 1.0, np.where(order < 2 * half, -1.0, 0.0))
    first, second = values @ (side > 0).T, values @ (side < 0).T
    first, second = first - first.mean(axis=0), second - second.mean(axis=0)
    scale = np.sqrt((first**2).sum(axis=0) * (second**2).sum(axis=0))
    r = (first * second).sum(axis=0)[scale > 1e-9] / scale[scale > 1e-9]
    r = r[r > -1 + 1e-9]
    return 2 * r / (1 + r) if r.size else None
