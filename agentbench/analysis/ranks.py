"""Would the order of the rows be the same with other tasks of the kind? A bootstrap over tasks."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from agentbench.analysis.figures import Interval
from agentbench.analysis.table import Floats, Ints
from agentbench.model import Frozen

RESAMPLES = 1000
SEED = 20261


class Place(Frozen, frozen=True):
    """Where a row stands."""

    row: int
    """Place in the rows of the analysis."""
    value: float
    """Its mean over the tasks."""
    rank: float
    """1 is the best; equals share the mean of their places."""
    rank_interval: Interval
    """The middle 95% of the ranks over resamples."""
    above_next: float | None
    """Share of resamples in which it stands above the row that follows it here; None for the last."""


class Ranks(Frozen, frozen=True):
    """Rows in order, the best first."""

    tasks: int
    places: tuple[Place, ...]
    above: tuple[tuple[float, ...], ...]
    """Share of resamples in which the i-th place stands above the j-th; a tie counts half."""


def ranks(values: Floats, rows: Ints) -> Ranks | str:
    """Return the order of ``rows``, or the code of the reason why there is none.

    ``values`` holds them by tasks, without a gap. Tasks are drawn with replacement (Efron 1979); Goldstein and
    Spiegelhalter 1996, "League tables and their limitations", on why ranks need intervals.
    """
    count, tasks = values.shape
    if count < 2:
        return "one-row"
    if tasks < 2:
        return "few-tasks"
    drawn = np.random.default_rng(SEED).integers(tasks, size=(RESAMPLES, tasks))
    cell = drawn + tasks * np.arange(RESAMPLES)[:, None]
    times = np.bincount(cell.ravel(), minlength=RESAMPLES * tasks).reshape(RESAMPLES, tasks)
    means = values.mean(axis=1).round(9)
    order = np.argsort(-means, kind="stable")
    found = (values[order] @ times.T / tasks).round(9)
    dense, places = _ranked(found)
    above = np.empty((count, count))
    for one in range(count):
        higher, equal = (
            np.count_nonzero(dense < dense[one], axis=1),
            np.count_nonzero(dense == dense[one], axis=1),
        )
        above[:, one] = (higher + equal / 2) / RESAMPLES
    above = above.round(4)
    low, high = np.quantile(places, (0.025, 0.975), axis=1)
    return Ranks(
        tasks=tasks,
        places=tuple(
            Place(
                row=int(rows[row]),
                value=round(float(means[row]), 4),
                rank=float((means > means[row]).sum() + ((means == means[row]).sum() + 1) / 2),
                rank_interval=(round(float(low[place]), 2), round(float(high[place]), 2)),
                above_next=float(above[place, place + 1]) if place + 1 < count else None,
            )
            for place, row in enumerate(order)
        ),
        above=tuple(map(tuple, above.tolist())),
    )


def _ranked(values: Floats) -> tuple[NDArray[np.int16], Floats]:
    """Return per column the rank of each value from the top: without gaps from 0, and with ties shared from 1."""
    count, columns = values.shape
    order = np.argsort(-values, axis=0, kind="stable")
    falling = np.take_along_axis(values, order, axis=0)
    lower = np.zeros(values.shape, dtype=np.int64)
    lower[1:] = np.cumsum(falling[1:] < falling[:-1], axis=0)
    dense = np.empty_like(lower)
    np.put_along_axis(dense, order, lower, axis=0)
    cell = dense + count * np.arange(columns)
    size = np.bincount(cell.ravel(), minlength=count * columns).reshape(columns, count)
    shared = np.cumsum(size, axis=1) - size + (size + 1) / 2
    return dense.astype(np.int16), shared.ravel()[cell]
