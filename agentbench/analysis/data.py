"""The little of a results payload that an analysis needs: one `Run`, compact enough to hold hundreds in memory."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from agentbench.model import Frozen

Json = dict[str, Any]


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


def from_payload(payload: Json) -> Run:
    """Return what an analysis needs of a results payload."""
    agent = payload["agent"]
    return Run(
        run_id=payload["run_id"],
        timestamp=payload["timestamp"],
        agent=agent["name"],
        setup=agent.get("settings", {}).get("setup"),
        model=payload.get("model_requested") or payload["model"],
        suite_version=payload["suite_version"],
        scoring_version=payload["scoring_version"],
        scoring_method=payload["scoring_method"],
        tier=payload["tier"],
        n_attempts=payload["attempts"],
        tasks=tuple(map(_task, payload["tasks"])),
    )


def _task(task: Json) -> TaskResult:
    return TaskResult(
        task_id=task["task_id"],
        digest=task["digest"],
        name=task["name"],
        suite=task["suite"],
        difficulty=task["difficulty"],
        attempts=tuple(map(_attempt, task["attempts"])),
    )


def _attempt(entry: Json) -> Attempt:
    metrics = entry["metrics"]
    tokens = (entry.get("use") or metrics)["tokens"]
    return Attempt(
        number=entry["attempt"],
        resolved=entry["resolved"],
        score=entry["score"],
        working_sec=metrics["working_sec"],
        cost_usd=tokens["cost_usd"],
        tokens=tokens["total"],
        tool_calls=metrics["tool_calls"],
        claims=tuple(_claims(entry["layers"] or {})),
    )


def _claims(layers: Json) -> Iterator[Claim]:
    for key in ("l2", "l3"):
        for part in layers[key]["parts"] if key in layers else ():
            if part["claimed"] is not None:
                name = f"{key}.{part['name']}"
                yield Claim(part=name, claimed=part["claimed"], decided=part["points"], by=part["source"])
