"""Results as the field reports them: success, score, speed, cost, value, consistency; one line for each row."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean

import numpy as np
from scipy.special import comb

from agentbench.analysis import figures
from agentbench.analysis.figures import Interval
from agentbench.analysis.table import Floats, Ints, Row, Table, Trials
from agentbench.model import Frozen

MOST_REPEATS = 5


class View(Frozen, frozen=True):
    """One row. A figure that is None has its reason, a code, in ``missing`` under its name."""

    row: Row
    tasks: int
    """Tasks with a scored attempt."""
    trials: int
    scored: int
    resolved: float | None
    resolved_interval: Interval | None
    """95%, tasks as clusters."""
    score: float | None
    """Mean of the domains' means of the tasks' means, as in the report."""
    sec: float | None
    """Mean working time of a scored trial, and so below, each over the trials where it is known."""
    cost_usd: float | None
    tokens: float | None
    tool_calls: float | None
    known_sec: int
    """Scored trials whose time is known, and below whose cost is."""
    known_cost: int
    score_per_usd: float | None
    score_per_min: float | None
    usd_per_resolved: float | None
    worst: float | None
    """The score if of every task the worst of k attempts counted."""
    pass_hat: float | None
    """Chance that all of k attempts resolve a task, mean over tasks."""
    steady_tasks: int
    """Tasks with k scored attempts or more, over which the last two are."""
    missing: dict[str, str]


@dataclass(frozen=True, eq=False)
class Steadiness:
    """Rows by tasks; NaN where there are fewer than k scored attempts."""

    worst: Floats
    """Expected lowest of k scores."""
    pass_hat: Floats


class Views(Frozen, frozen=True):
    """All rows."""

    k: int | None
    """Attempts that consistency is about; None where no row repeats its tasks."""
    rows: tuple[View, ...]


def views(data: Trials, table: Table) -> Views:
    """Return the figures of every row."""
    repeats = [int(np.median(n[n > 0])) for n in table.n if (n > 0).any()]
    k = min((n for n in repeats if n >= 2), default=None)
    k = None if k is None else min(k, MOST_REPEATS)
    row = table.row_of_run[data.run]
    steady = None if k is None else _steadiness(data, table, k)
    order = np.argsort(row, kind="stable")
    ends = np.searchsorted(row[order], np.arange(len(table.rows) + 1))
    rows = (
        _view(data, table, number, order[first:last], steady)
        for number, (first, last) in enumerate(pairwise(ends))
    )
    return Views(k=k, rows=tuple(rows))


def _view(data: Trials, table: Table, number: int, own: Ints, steady: Steadiness | None) -> View:
    scored = own[data.scored[own]]
    n, c = table.n[number], table.c[number]
    trials = int(n.sum())
    tasks = np.flatnonzero(n)
    sec, cost = data.sec[scored], data.cost[scored]
    values: dict[str, float | None] = {
        "resolved": figures.rounded(c.sum() / trials) if trials else None,
        "score": _overall(table, {int(task): float(table.score[number, task]) for task in tasks}),
        "sec": _mean(sec, 3),
        "cost_usd": _mean(cost, 6),
        "tokens": _mean(data.tokens[scored], 1),
        "tool_calls": _mean(data.calls[scored], 2),
        "score_per_usd": _per(data.score[scored], cost),
        "score_per_min": _per(data.score[scored], sec / 60),
        "usd_per_resolved": _per(cost, data.resolved[scored], digits=6),
    }
    repeated = (
        np.zeros(0, dtype=np.int64) if steady is None else np.flatnonzero(~np.isnan(steady.worst[number]))
    )
    values |= {"worst": None, "pass_hat": None}
    if steady is not None and 2 * repeated.size >= tasks.size > 0:
        values["worst"] = _overall(table, {int(task): float(steady.worst[number, task]) for task in repeated})
        values["pass_hat"] = figures.rounded(steady.pass_hat[number, repeated].mean())
    known_cost = cost[~np.isnan(cost)]
    return View(
        row=table.rows[number],
        tasks=len(tasks),
        trials=own.size,
        scored=trials,
        resolved_interval=figures.clustered_share(c, n),
        known_sec=int((~np.isnan(sec)).sum()),
        known_cost=known_cost.size,
        steady_tasks=repeated.size,
        missing=_missing(values, trials, bool(known_cost.size), steady is None),
        **values,
    )


def _overall(table: Table, by_task: dict[int, float]) -> float | None:
    suites: dict[str, list[float]] = {}
    for task, value in by_task.items():
        suites.setdefault(table.items[task].suite, []).append(value)
    return round(fmean(map(fmean, suites.values())), 2) if suites else None


def _steadiness(data: Trials, table: Table, k: int) -> Steadiness:
    """Return both figures of consistency by cell.

    Of c of n attempts resolved, all of k drawn ones are with the chance C(c, k) / C(n, k) (Yao et al. 2024,
    "tau-bench"). The lowest of k is the i-th lowest of all with the chance C(n - i, k - 1) / C(n, k).
    """
    scored = np.flatnonzero(data.scored)
    cell = table.row_of_run[data.run[scored]] * len(table.items) + data.item[scored]
    order = np.lexsort((data.score[scored], cell))
    cell, scores = cell[order], data.score[scored][order]
    n = table.n.ravel()
    from_lowest = np.arange(cell.size) - np.searchsorted(cell, cell)
    draws = np.where(n >= k, comb(n, k), np.nan)
    weight = comb(n[cell] - 1 - from_lowest, k - 1)
    worst = np.bincount(cell, weights=scores * weight, minlength=n.size) / draws
    return Steadiness(worst.reshape(table.n.shape), (comb(table.c.ravel(), k) / draws).reshape(table.n.shape))


def _mean(values: Floats, digits: int) -> float | None:
    known = values[~np.isnan(values)]
    return figures.rounded(known.mean(), digits) if known.size else None


def _per(gain: Floats, price: Floats, digits: int = 4) -> float | None:
    """Return the sum of ``gain`` over that of ``price``, where both are known; None when that is 0."""
    known = ~np.isnan(gain) & ~np.isnan(price)
    total = float(price[known].sum())
    return figures.rounded(float(gain[known].sum()) / total, digits) if total > 0 else None


def _missing(values: dict[str, float | None], trials: int, priced: bool, single: bool) -> dict[str, str]:
    reasons = {
        "sec": "no-time",
        "score_per_min": "no-time",
        "cost_usd": "no-cost",
        "score_per_usd": "cost-zero" if priced else "no-cost",
        "usd_per_resolved": "none-resolved" if priced else "no-cost",
        "tokens": "no-tokens",
        "tool_calls": "no-calls",
        "worst": "one-attempt" if single else "few-attempts",
        "pass_hat": "one-attempt" if single else "few-attempts",
    }
    return {
        name: reasons.get(name, "nothing-scored") if trials else "nothing-scored"
        for name, value in values.items()
        if value is None
    }
