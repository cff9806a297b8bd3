"""Is the latest run worse than the comparable ones before it?

Two questions are asked, of the score and of the resolved rate, each at 2.5 %: so that of agents that did not change
at most 5 % are flagged (Bonferroni).
"""

from __future__ import annotations

from collections.abc import Sequence

from agentbench import history, inference
from agentbench.history import Summary, TaskLine
from agentbench.inference import Difference, Pair
from agentbench.model import Frozen

ALPHA = 0.05
"""Two-sided level of each question: 2.5 % in the direction of a loss."""
BASELINE_RUNS = 5


class Trend(Frozen, frozen=True):
    """The latest run against those before it."""

    run: Summary
    baseline: tuple[Summary, ...]
    """The runs before it that measured the same, at most five, oldest first; empty when there is none."""
    score: Difference | None
    """Points, latest minus before; None without a task that both have scored."""
    resolved: Difference | None
    """Shares, latest minus before."""

    @property
    def n_tasks(self) -> int:
        """Tasks that were scored both in the run and before it."""
        return self.score.n_tasks if self.score is not None else 0

    @property
    def too_few(self) -> bool:
        """Whether no loss over so few tasks could be told from chance."""
        return self.n_tasks < inference.FEWEST

    @property
    def regressed(self) -> tuple[str, ...]:
        """What is worse: ``score``, ``resolved``, both or neither."""
        found = (("score", self.score), ("resolved", self.resolved))
        return tuple(name for name, one in found if one is not None and one.delta < 0 and one.p <= ALPHA)


def trend(runs: Sequence[Summary]) -> Trend | None:
    """Return the latest whole run (`history.series`) against those before it; None when there is no such run."""
    series = history.series(runs)
    if not series:
        return None
    *before, latest = list(series.values())[-1]
    baseline = tuple(before[-BASELINE_RUNS:])
    return Trend(
        run=latest,
        baseline=baseline,
        score=_difference(baseline, latest, resolved=False),
        resolved=_difference(baseline, latest, resolved=True),
    )


def passed_over(runs: Sequence[Summary]) -> Summary | None:
    """Return the newest run where it is not whole, so that `trend` is about an older one; else None."""
    return runs[-1] if runs and runs[-1].run_id not in history.series(runs) else None


def _difference(baseline: Sequence[Summary], latest: Summary, *, resolved: bool) -> Difference | None:
    before = [{task.task_id: task for task in run.tasks} for run in baseline]
    pairs = []
    for task in latest.tasks:
        now = _values(task, resolved)
        then = [
            value for run in before if task.task_id in run for value in _values(run[task.task_id], resolved)
        ]
        if now and then:
            pairs.append(Pair(domain=task.suite, a=tuple(then), b=tuple(now)))
    return inference.difference(pairs) if pairs else None


def _values(task: TaskLine, resolved: bool) -> list[float]:
    """Return one value for each scored attempt."""
    return [
        float(entry.resolved) if resolved else entry.score
        for entry in task.attempts
        if entry.score is not None
    ]
