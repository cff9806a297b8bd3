"""Tasks as items of a test: how hard, how telling, how steady.

Classical item analysis as in Lord and Novick 1968, "Statistical Theories of Mental Test Scores", chapter 15.
"""

from __future__ import annotations

import numpy as np

from agentbench.analysis import figures
from agentbench.analysis.figures import Interval
from agentbench.analysis.table import Floats, Ints, Item, Table
from agentbench.model import Frozen


class Flips(Frozen, frozen=True):
    """How often attempts of one run at a task end with different verdicts."""

    runs: int
    """Runs with two scored attempts or more."""
    mixed: int
    """Of them, those with both verdicts."""
    kappa: float | None
    """Agreement of two attempts of a run beyond chance; None where all verdicts are the same."""


class ItemFigures(Frozen, frozen=True):
    """One task over all rows."""

    item: Item
    rows: int
    """Rows with a scored attempt."""
    trials: int
    resolved: int
    share: float | None
    interval: Interval | None
    """95%, rows as clusters."""
    mean_score: float | None
    state: str
    """``always`` or ``never`` resolved, ``varies``, or ``unscored``."""
    discrimination: float | None
    """Correlation of the task's share resolved with the row's result on the other tasks."""
    discrimination_interval: Interval | None
    negative_p: float | None
    """One-sided p value that it is negative, adjusted for the number of tasks."""
    score_discrimination: float | None
    """The same correlation, of scores."""
    flips: Flips


def analyse(table: Table, by_run: Table) -> tuple[ItemFigures, ...]:
    """Return the figures of every task; ``by_run`` has runs as rows."""
    correlation, pairs = rest_correlation(table.share)
    of_scores, _ = rest_correlation(table.score)
    p = np.array(
        [
            figures.negative_p(r, int(n)) if np.isfinite(r) else np.nan
            for r, n in zip(correlation, pairs, strict=True)
        ]
    )
    adjusted = figures.holm(p)
    return tuple(
        _item(
            table, by_run, place, (correlation[place], int(pairs[place]), adjusted[place], of_scores[place])
        )
        for place in range(len(table.items))
    )


def _item(table: Table, by_run: Table, place: int, found: tuple[float, int, float, float]) -> ItemFigures:
    n, c = table.n[:, place], table.c[:, place]
    trials, resolved = int(n.sum()), int(c.sum())
    r, pairs, p, of_scores = found
    scores = table.score[:, place]
    known = scores[~np.isnan(scores)]
    state = "unscored" if not trials else {0: "never", trials: "always"}.get(resolved, "varies")
    return ItemFigures(
        item=table.items[place],
        rows=int((n > 0).sum()),
        trials=trials,
        resolved=resolved,
        share=figures.rounded(resolved / trials) if trials else None,
        interval=figures.clustered_share(c, n),
        mean_score=figures.rounded(known.mean(), 2) if known.size else None,
        state=state,
        discrimination=figures.rounded(r),
        discrimination_interval=figures.correlation_interval(r, pairs) if np.isfinite(r) else None,
        negative_p=figures.rounded(p),
        score_discrimination=figures.rounded(of_scores),
        flips=flips(by_run.n[:, place], by_run.c[:, place]),
    )


def rest_correlation(values: Floats) -> tuple[Floats, Ints]:
    """Return for each column its correlation with the rest of the row, and over how many rows.

    The item-total correlation, corrected for the item itself (Henrysson 1963, "Correction of item-total
    correlations in item analysis"); point-biserial where values are 0 and 1. The rest of a row is the mean, over
    the other columns that it has, of what it is above the column's mean: without gaps that is the sum of the
    others, shifted. NaN for a column, or a rest, that does not vary, and for fewer than three rows.
    """
    known = ~np.isnan(values)
    counts = known.sum(axis=0)
    above = np.where(known, values, 0.0)
    above = np.where(known, above - above.sum(axis=0) / np.maximum(counts, 1), 0.0)
    others = known.sum(axis=1, keepdims=True) - known
    rest = (above.sum(axis=1, keepdims=True) - above) / np.maximum(others, 1)
    use = known & (others > 0)
    pairs = use.sum(axis=0)
    x, y = (_centred(one, use, pairs) for one in (above, rest))
    scale = np.sqrt((x * x).sum(axis=0) * (y * y).sum(axis=0))
    fit = (pairs >= 3) & (scale > 1e-9)
    r = np.divide((x * y).sum(axis=0), scale, out=np.full(scale.shape, np.nan), where=fit)
    return np.clip(r, -1.0, 1.0), pairs.astype(np.int64)


def _centred(values: Floats, use: np.ndarray, pairs: np.ndarray) -> Floats:
    mean = np.where(use, values, 0.0).sum(axis=0) / np.maximum(pairs, 1)
    return np.where(use, values - mean, 0.0)


def flips(n: Floats, c: Floats) -> Flips:
    """Return how steady verdicts are; one value for each run.

    Kappa is Fleiss' (1971, "Measuring nominal scale agreement among many raters"), with runs that may have
    different numbers of attempts: 1 - seen / expected disagreement of two attempts. 1: a run's attempts always
    agree; 0: they agree no more than attempts of different runs.
    """
    n, c = n[n >= 2], c[n >= 2]
    seen = float((2 * c * (n - c) / (n - 1)).sum())
    total = float(n.sum())
    share = float(c.sum()) / total if total else 0.0
    expected = total * 2 * share * (1 - share)
    return Flips(
        runs=n.size,
        mixed=int(((c > 0) & (c < n)).sum()),
        kappa=figures.rounded(1 - seen / expected) if expected > 0 else None,
    )
