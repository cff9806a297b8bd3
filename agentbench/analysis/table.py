"""Runs as arrays: one line for each attempt, and its sums by row (a run, or runs pooled) and task.

A task is the same in two runs when id and digest are; another digest is another task.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from agentbench.analysis.data import Run
from agentbench.model import Frozen

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
GROUPS = ("run", "agent", "model")


class Item(Frozen, frozen=True):
    """A task as it is analysed."""

    task_id: str
    digest: str
    name: str
    suite: str
    difficulty: str


class Row(Frozen, frozen=True):
    """Whom the figures are about: a run, or the runs of one agent or model."""

    run_ids: tuple[str, ...]
    agent: str | None
    """None where runs of several agents are pooled; so are the next two."""
    setup: str | None
    model: str | None


@dataclass(frozen=True, eq=False)
class Trials:
    """Every attempt of some runs as columns; NaN is what is not known."""

    runs: tuple[Run, ...]
    items: tuple[Item, ...]
    run: Ints
    """Place in ``runs``, and so below."""
    item: Ints
    resolved: Floats
    score: Floats
    sec: Floats
    cost: Floats
    tokens: Floats
    calls: Floats

    @property
    def scored(self) -> NDArray[np.bool_]:
        """Which attempts have a score, and so a verdict."""
        return ~np.isnan(self.score)


@dataclass(frozen=True, eq=False)
class Table:
    """Sums over the scored attempts, rows by tasks."""

    rows: tuple[Row, ...]
    items: tuple[Item, ...]
    row_of_run: Ints
    n: Floats
    """Scored attempts."""
    c: Floats
    """Of them resolved."""
    score: Floats
    """Mean score; NaN without a scored attempt."""

    @property
    def share(self) -> Floats:
        """Share resolved of the scored attempts; NaN without any."""
        return _ratio(self.c, self.n)


def trials(runs: Sequence[Run]) -> Trials:
    """Return the attempts of ``runs`` as columns."""
    places: dict[tuple[str, str], int] = {}
    items: list[Item] = []
    lines: list[tuple[float, ...]] = []
    unknown = float("nan")
    for number, run in enumerate(runs):
        for task in run.tasks:
            place = places.setdefault((task.task_id, task.digest), len(items))
            if place == len(items):
                items.append(
                    Item(
                        task_id=task.task_id,
                        digest=task.digest,
                        name=task.name,
                        suite=task.suite,
                        difficulty=task.difficulty,
                    )
                )
            for one in task.attempts:
                verdict = unknown if one.score is None else float(one.resolved)
                values = (one.score, one.working_sec, one.cost_usd, one.tokens, one.tool_calls)
                known = (unknown if value is None else value for value in values)
                lines.append((number, place, verdict, *known))
    columns = np.array(lines, dtype=np.float64).reshape(-1, 8).T
    run_index, item_index = (column.astype(np.int64) for column in columns[:2])
    return Trials(tuple(runs), tuple(items), run_index, item_index, *columns[2:])


def grouped(data: Trials, group: str = "run") -> Table:
    """Return the sums by row; ``group`` is one of `GROUPS`.

    ``agent`` pools the runs of the same agent, set-up and model, ``model`` those of the same model.
    """
    keys = [_key(run, number, group) for number, run in enumerate(data.runs)]
    order = {key: place for place, key in enumerate(dict.fromkeys(keys))}
    row_of_run = np.array([order[key] for key in keys], dtype=np.int64)
    rows = tuple(
        _row([run for run, place in zip(data.runs, row_of_run, strict=True) if place == number])
        for number in range(len(order))
    )
    shape = (len(rows), len(data.items))
    known = data.scored
    cell = row_of_run[data.run[known]] * shape[1] + data.item[known]
    n, c, score = (
        np.bincount(cell, weights=values, minlength=shape[0] * shape[1]).reshape(shape).astype(np.float64)
        for values in (np.ones(int(known.sum())), data.resolved[known], data.score[known])
    )
    return Table(rows, data.items, row_of_run, n, c, _ratio(score, n))


def _key(run: Run, number: int, group: str) -> tuple[object, ...]:
    if group == "run":
        return (number,)
    return (run.model,) if group == "model" else (run.agent, run.setup, run.model)


def _row(runs: list[Run]) -> Row:
    agents, setups, models = ({getattr(run, name) for run in runs} for name in ("agent", "setup", "model"))
    agent, setup, model = (names.pop() if len(names) == 1 else None for names in (agents, setups, models))
    return Row(run_ids=tuple(run.run_id for run in runs), agent=agent, setup=setup, model=model)


def _ratio(part: Floats, whole: Floats) -> Floats:
    found: Floats = np.divide(part, whole, out=np.full(part.shape, np.nan), where=whole > 0)
    return found


def complete(known: NDArray[np.bool_]) -> tuple[Ints, Ints]:
    """Return rows and columns of a block in which everything is known.

    Greedy: as long as a cell is unknown, the row or column with the largest share of unknown cells goes;
    of equals a column, the last.
    """
    rows, columns = np.arange(known.shape[0]), np.arange(known.shape[1])
    while rows.size and columns.size:
        part = ~known[np.ix_(rows, columns)]
        if not part.any():
            break
        by_row, by_column = part.mean(axis=1), part.mean(axis=0)
        if by_row.max() > by_column.max():
            rows = np.delete(rows, rows.size - 1 - int(by_row[::-1].argmax()))
        else:
            columns = np.delete(columns, columns.size - 1 - int(by_column[::-1].argmax()))
    return rows, columns
