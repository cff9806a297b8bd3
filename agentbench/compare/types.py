"""What a comparison says, as data. A difference is always B minus A, None where a side has no value: that is not 0."""

from __future__ import annotations

from agentbench.compare.caveats import Caveat
from agentbench.inference import Difference, Plan
from agentbench.model import Frozen


class Side(Frozen, frozen=True):
    """What a reader needs to recognise a run."""

    letter: str
    """What the comparison calls it; the baseline is A."""
    run_id: str
    timestamp: str
    agent: str
    model: str | None
    profile: str
    suite_version: str
    seed: int
    tier: str
    scoring_method: str
    attempts: int
    planned: int
    """Trials planned, and below those scored."""
    scored: int


class Delta(Frozen, frozen=True):
    """One figure of both runs."""

    name: str
    a: float | None
    b: float | None
    delta: float | None
    n_tasks: int | None = None
    """Tasks it rests on, where these are the ones that both runs have; None for a figure of whole runs."""


class TaskSide(Frozen, frozen=True):
    """One task in one run; means over its scored attempts."""

    state: str
    """``resolved`` (every attempt), ``unresolved``, or why there is no score."""
    score: float | None
    resolved: float | None
    """Share of the scored attempts."""
    attempts: int
    """Scored ones."""
    layers: dict[str, float | None]
    sec: float | None
    """Working time of an attempt; like tokens and cost None where one attempt's is not known."""
    tokens: float | None
    usd: float | None


class TaskDelta(Frozen, frozen=True):
    """One task in both runs."""

    task_id: str
    name: str
    suite: str
    difficulty: str
    a: TaskSide | None
    """None when the run does not hold the task."""
    b: TaskSide | None
    delta: float | None
    matched: bool
    """Whether the scored attempts of both had the same inputs, one by one."""
    change: str
    """``better``, ``worse``, ``same``, ``not-comparable``, ``other-files``, ``only-a`` or ``only-b``."""


class Paired(Frozen, frozen=True):
    """The tasks scored in both runs, with the same files."""

    n: int
    matched: int
    """Of them, with the same inputs attempt by attempt."""
    better: int
    worse: int
    same: int
    newly_resolved: tuple[str, ...]
    newly_unresolved: tuple[str, ...]


class Answer(Frozen, frozen=True):
    """Whether B is better by one measure."""

    measure: str
    """``overall`` or ``resolved``; both in points, 0 to 100."""
    found: Difference
    p_adjusted: float
    """After Holm over the runs compared; the same as p where there is one."""
    verdict: str
    """``better``, ``worse``, ``undetected``, ``same`` or ``too-few``; of ``resolved`` also ``hint``."""
    plan: Plan | None
    """What would show a difference; None where the tasks do not vary."""


class DomainAnswer(Frozen, frozen=True):
    """One domain over the tasks that both have, each with the same weight; for orientation, without a verdict."""

    name: str
    found: Difference


class Comparison(Frozen, frozen=True):
    """Everything said about one run against the baseline."""

    a: Side
    b: Side
    caveats: tuple[Caveat, ...]
    overall: Delta
    """Of the whole runs, as their reports show it; so are the next two."""
    resolved_rate: Delta
    """Shares, 0 to 1."""
    domains: tuple[Delta, ...]
    paired: Paired
    answers: tuple[Answer, ...]
    """Overall score first, then resolved rate; empty when no task is scored in both."""
    domain_answers: tuple[DomainAnswer, ...]
    layers: tuple[Delta, ...]
    """Over the tasks that both have, with the weights of the overall score."""
    efforts: tuple[Delta, ...]
    """Of one attempt, mean over the tasks of which both know it: ``sec``, ``tokens``, ``usd``."""
    tasks: tuple[TaskDelta, ...]
    """The largest differences first, then what did not change or cannot be compared."""
