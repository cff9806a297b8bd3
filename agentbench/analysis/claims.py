"""What agents said of their own work against what was decided: by rules on the transcript, or by a judge."""

from __future__ import annotations

import numpy as np

from agentbench.analysis import figures
from agentbench.analysis.figures import Interval
from agentbench.analysis.table import Table, Trials
from agentbench.model import Frozen


class Inflation(Frozen, frozen=True):
    """Mean of claimed minus decided points: above 0 for an agent that flatters itself."""

    n: int
    claimed: float
    decided: float
    inflation: float
    interval: Interval | None
    """95%, runs and tasks as clusters; None with one task in one run."""
    over: int
    """Claims above what was decided."""


class PartClaims(Frozen, frozen=True):
    """One part of L2 or L3, over all rows."""

    part: str
    by: str
    found: Inflation


class Claims(Frozen, frozen=True):
    """By part, and by row over all parts; None for a row without a claim that somebody else decided."""

    parts: tuple[PartClaims, ...]
    rows: tuple[Inflation | None, ...]


def claims(data: Trials, table: Table) -> Claims | str:
    """Return inflation by part and row, or the code of the reason why there is none."""
    places = {(item.task_id, item.digest): place for place, item in enumerate(data.items)}
    names: dict[tuple[str, str], int] = {}
    lines = [
        (names.setdefault((one.part, one.by), len(names)), number, places[task.task_id, task.digest], *points)
        for number, run in enumerate(data.runs)
        for task in run.tasks
        for attempt in task.attempts
        for one in attempt.claims
        for points in ((one.claimed, one.decided),)
    ]
    if not lines:
        return "no-claims"
    columns = np.array(lines, dtype=np.float64).T
    row = table.row_of_run[columns[1].astype(np.int64)]
    return Claims(
        parts=tuple(
            PartClaims(part=part, by=by, found=_inflation(columns[:, columns[0] == number]))
            for (part, by), number in sorted(names.items())
        ),
        rows=tuple(
            _inflation(columns[:, row == number]) if (row == number).any() else None
            for number in range(len(table.rows))
        ),
    )


def _inflation(columns: np.ndarray) -> Inflation:
    _part, run, task, claimed, decided = columns
    apart = claimed - decided
    mean, interval = figures.clustered_mean(apart, run.astype(np.int64), task.astype(np.int64))
    return Inflation(
        n=apart.size,
        claimed=round(float(claimed.mean()), 4),
        decided=round(float(decided.mean()), 4),
        inflation=round(mean, 4) + 0.0,
        interval=interval,
        over=int((apart > 0).sum()),
    )
