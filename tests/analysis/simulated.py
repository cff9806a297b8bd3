"""Agents of known ability and tasks of known difficulty and slope: what an analysis must find again."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from agentbench.analysis.data import Attempt, Claim, Run, TaskResult
from agentbench.analysis.table import Floats

SUITES = ("research", "memory", "multi-step", "data-analysis")
BAD, EASY, IMPOSSIBLE = "memory-t05", ("research-t00", "memory-t01"), "multi-step-t02"


@dataclass(frozen=True)
class World:
    """The truth."""

    runs: tuple[Run, ...]
    ability: Floats
    difficulty: Floats
    slope: Floats


def name(task: int) -> str:
    """Return the id of a task."""
    return f"{SUITES[task % 4]}-t{task:02}"


def world(
    rows: int = 40, tasks: int = 40, attempts: int = 3, *, seed: int = 1, planted: bool = True
) -> World:
    """Return ``rows`` agents, each run once; planted: two saturated tasks, an impossible one, and a perverse one."""
    draw = np.random.default_rng(seed)
    ability = draw.normal(size=rows)
    difficulty = np.linspace(-2, 2, tasks)[draw.permutation(tasks)]
    slope = draw.uniform(0.7, 2.0, tasks)
    if planted:
        difficulty[[0, 1, 2, 5]], slope[5] = (-40, -40, 40, 0), -1.5
    chance = 1 / (1 + np.exp(-slope * (ability[:, None] - difficulty)))
    verdicts = draw.random((attempts, rows, tasks)) < chance
    return World(runs_of(verdicts), ability, difficulty, slope)


def runs_of(verdicts: np.ndarray, **more: object) -> tuple[Run, ...]:
    """Return runs of verdicts: attempts by rows by tasks."""
    return tuple(run(verdicts[:, row], row, **more) for row in range(verdicts.shape[1]))


def run(verdicts: np.ndarray, row: int = 0, **more: object) -> Run:
    """Return one run of verdicts, attempts by tasks, by an agent of its own; ``more`` replaces fields."""
    draw = np.random.default_rng(row)
    tasks = tuple(
        TaskResult(
            task_id=name(task),
            digest=f"sha256:{task}",
            name=f"Task {task}",
            suite=SUITES[task % 4],
            difficulty="medium",
            attempts=tuple(
                attempt(bool(one), number, sec=float(draw.uniform(20, 300)))
                for number, one in enumerate(column, 1)
            ),
        )
        for task, column in enumerate(verdicts.T)
    )
    about: dict[str, object] = {
        "run_id": f"20261101-{row:06}",
        "timestamp": "2026-11-01T00:00:00Z",
        "agent": f"agent-{row:03}",
        "setup": None,
        "model": "example/model",
        "suite_version": "1.0.0",
        "scoring_version": "1",
        "scoring_method": "self-scored",
        "tier": "harness-run",
        "n_attempts": verdicts.shape[0],
        "tasks": tasks,
    }
    return Run(**(about | more))  # type: ignore[arg-type]


def attempt(resolved: bool, number: int = 1, *, sec: float | None = 60.0, **more: object) -> Attempt:
    """Return one attempt; ``more`` replaces fields."""
    values: dict[str, object] = {
        "number": number,
        "resolved": resolved,
        "score": 90.0 if resolved else 40.0,
        "working_sec": sec,
        "cost_usd": None if sec is None else round(sec / 1000, 6),
        "tokens": 50_000,
        "tool_calls": 9,
        "claims": (Claim(part="l2.tools", claimed=25.0, decided=25.0 if resolved else 15.0, by="rule"),),
    }
    return Attempt(**(values | more))  # type: ignore[arg-type]
