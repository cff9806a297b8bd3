"""All of an analysis of some runs, as one value that can be stored or told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np

from agentbench.analysis import advice, claims, irt, items, ranks, reliability, table, views
from agentbench.analysis.advice import Advice
from agentbench.analysis.claims import Claims
from agentbench.analysis.data import Run
from agentbench.analysis.irt import Rasch, TwoPL
from agentbench.analysis.items import ItemFigures
from agentbench.analysis.ranks import Ranks
from agentbench.analysis.reliability import Reliability
from agentbench.analysis.table import Floats, Ints, Table, Trials
from agentbench.analysis.views import Views
from agentbench.errors import ResultsError
from agentbench.model import Frozen


class Warning(Frozen, frozen=True):
    """Something to know before believing the figures."""

    code: str
    values: dict[str, str | int]


class Block(Frozen, frozen=True):
    """The rows and tasks without a gap, which reliability and ranks are about."""

    rows: int
    tasks: int
    rows_left_out: tuple[int, ...]
    """Places in the rows of the analysis."""
    tasks_left_out: tuple[str, ...]


class Measure(Frozen, frozen=True):
    """One way to value a trial: its verdict (a share, 0 to 1) or its score (0 to 100)."""

    reliability: Reliability | None
    ranks: Ranks | None


class Analysis(Frozen, frozen=True):
    """Everything; a part that is None has its reason, a code, in ``missing`` under its name."""

    group: str
    """What a row is: ``run``, ``agent`` or ``model``."""
    runs: int
    tasks: int
    trials: int
    scored: int
    warnings: tuple[Warning, ...]
    views: Views
    items: tuple[ItemFigures, ...]
    rasch: Rasch | None
    two_pl: TwoPL | None
    block: Block
    resolved: Measure
    score: Measure
    claims: Claims | None
    advice: tuple[Advice, ...]
    missing: dict[str, str]


def analyse(runs: Sequence[Run], *, group: str = "run", left_out: Sequence[Warning] = ()) -> Analysis:
    """Return the analysis of ``runs``, rows as ``group`` says; ``left_out`` are warnings of the caller.

    Raises ResultsError when there is nothing to analyse.
    """
    data = table.trials(runs)
    if not data.scored.any():
        raise ResultsError("no scored trial", where="analyze", hint="Name finished runs with a score.")
    by_run = table.grouped(data)
    sums = by_run if group == "run" else table.grouped(data, group)
    rows, tasks = table.complete(sums.n > 0)
    missing: dict[str, str] = {}
    resolved = _measure(sums.share, rows, tasks, "resolved", missing)
    score = _measure(sums.score, rows, tasks, "score", missing)
    figures = items.analyse(sums, by_run)
    rasch, two_pl, claimed = irt.rasch(sums), irt.two_pl(sums), claims.claims(data, sums)
    for name, part in (("rasch", rasch), ("two_pl", two_pl), ("claims", claimed)):
        if isinstance(part, str):
            missing[name] = part
    slopes = None if isinstance(two_pl, str) else two_pl
    why = advice.withheld(figures, rows.size, resolved.reliability)
    if why is not None:
        missing["advice"] = why
    return Analysis(
        group=group,
        runs=len(runs),
        tasks=len(data.items),
        trials=data.run.size,
        scored=int(data.scored.sum()),
        warnings=(*_warnings(data, sums, group), *left_out),
        views=views.views(data, sums),
        items=figures,
        rasch=None if isinstance(rasch, str) else rasch,
        two_pl=slopes,
        block=_block(sums, rows, tasks),
        resolved=resolved,
        score=score,
        claims=None if isinstance(claimed, str) else claimed,
        advice=advice.advise(figures, slopes, resolved.reliability, rows.size),
        missing=missing,
    )


def _measure(values: Floats, rows: Ints, tasks: Ints, name: str, missing: dict[str, str]) -> Measure:
    whole = values[np.ix_(rows, tasks)]
    steady, order = reliability.reliability(whole), ranks.ranks(whole, rows)
    for part, found in (("reliability", steady), ("ranks", order)):
        if isinstance(found, str):
            missing[f"{name}.{part}"] = found
    return Measure(
        reliability=None if isinstance(steady, str) else steady,
        ranks=None if isinstance(order, str) else order,
    )


def _block(sums: Table, rows: Ints, tasks: Ints) -> Block:
    return Block(
        rows=rows.size,
        tasks=tasks.size,
        rows_left_out=tuple(sorted(set(range(len(sums.rows))) - set(rows.tolist()))),
        tasks_left_out=tuple(
            item.task_id for place, item in enumerate(sums.items) if place not in set(tasks.tolist())
        ),
    )


def _warnings(data: Trials, sums: Table, group: str) -> Iterator[Warning]:
    """Yield what makes the runs differ in what they measured, the gravest first."""
    ids = Counter(item.task_id for item in data.items)
    changed = sorted(task_id for task_id, count in ids.items() if count > 1)
    if changed:
        yield Warning(code="digests", values={"n": len(changed), "tasks": _shown(changed)})
    for code in ("suite_version", "scoring_version", "scoring_method", "tier"):
        found = sorted({str(getattr(run, code)) for run in data.runs})
        if len(found) > 1:
            yield Warning(code=code, values={"values": _shown(found)})
    gaps = int(((sums.n > 0).sum(axis=1) < (sums.n > 0).any(axis=0).sum()).sum())
    if gaps:
        yield Warning(code="gaps", values={"n": gaps, "rows": len(sums.rows)})
    systems = len({(run.agent, run.setup, run.model) for run in data.runs})
    if group == "run" and systems < len(data.runs):
        yield Warning(code="repeated", values={"runs": len(data.runs), "n": systems})


def _shown(names: Sequence[str], most: int = 5) -> str:
    return ", ".join(names[:most]) + (", …" if len(names) > most else "")
