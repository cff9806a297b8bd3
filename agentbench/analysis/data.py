"""The little of a run's results that an analysis needs: one `Run`, compact enough to hold hundreds in memory."""

from __future__ import annotations

from agentbench.model import Frozen


class Claim(Frozen, frozen=True, array_like=True):
    """A part of L2 or L3 that the agent judged and somebody else decided."""

    part: str
    """``l2.tools`` and the like."""
    claimed: float
    decided: float
    by: str
    """Who decided: ``rule`` or ``judge``."""


class Attempt(Frozen, frozen=True):
    """One attempt at a task; None is what is not known."""

    number: int
    resolved: bool
    score: float | None
    """None for an attempt that was not scored."""
    working_sec: float | None
    cost_usd: float | None
    tokens: int | None
    tool_calls: int | None
    claims: tuple[Claim, ...] = ()


class TaskResult(Frozen, frozen=True):
    """One task of a run. The digest says whether it is the same task in two runs."""

    task_id: str
    digest: str
    name: str
    suite: str
    difficulty: str
    attempts: tuple[Attempt, ...]


class Run(Frozen, frozen=True):
    """One run."""

    run_id: str
    timestamp: str
    agent: str
    setup: str | None
    model: str | None
    """The model that was asked for; where that was not recorded, the one that answered."""
    suite_version: str
    scoring_version: str
    scoring_method: str
    tier: str
    n_attempts: int
    tasks: tuple[TaskResult, ...]
