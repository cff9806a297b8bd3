"""What a run may take, before it begins: the plan, and what earlier runs of its agent and model took, task by task.

Where nothing is known it is said so; nothing is guessed.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from agentbench.identity import Options
from agentbench.model import Frozen, Task
from agentbench.paths import list_runs
from agentbench.progress import clock

_MOST_RUNS = 20


class Expected(Frozen):
    """What trials like these took before."""

    n_trials_seen: int
    n_tasks_known: int
    """Tasks of the plan that were seen before; the sums are scaled up from them."""
    working_sec: float | None
    tokens: int | None
    cost_usd: float | None


class Plan(Frozen):
    """What would be done."""

    agent: str
    model: str | None
    sandbox: str | None
    n_tasks: int
    attempts: int
    n_trials: int
    jobs: int
    seed: int
    most_sec: float
    """If every trial used up its time."""
    expected: Expected | None
    """None when no earlier run of this agent and model is there."""


def plan(options: Options, chosen: Sequence[Task], jobs: int, results: Path) -> Plan:
    """Return the plan of a run with what is known of its like in ``results``."""
    most = [options.limits.timeout_sec or task.timeout_sec for task in chosen]
    return Plan(
        agent=options.about.name,
        model=options.about.model,
        sandbox=options.sandbox,
        n_tasks=len(chosen),
        attempts=options.attempts,
        n_trials=len(chosen) * options.attempts,
        jobs=jobs,
        seed=options.seed,
        most_sec=sum(most) * options.attempts / jobs,
        expected=_expected(options, {task.id for task in chosen}, jobs, results),
    )


def text(found: Plan) -> str:
    """Return the plan in words."""
    who = " ".join(filter(None, (found.agent, found.model and f"({found.model})")))
    lines = [
        f"Plan       {found.n_tasks} tasks x {found.attempts} = {found.n_trials} trials, seed {found.seed}",
        f"Agent      {who}, sandbox {found.sandbox or 'not needed'}, {found.jobs} at a time",
        f"At most    {clock(found.most_sec)}, if every trial used up its time",
    ]
    known = found.expected
    if known is None:
        lines.append("Expected   unknown: no earlier run of this agent and model lies here")
    else:
        parts = [clock(known.working_sec) if known.working_sec is not None else "unknown time"]
        parts.append("unknown tokens" if known.tokens is None else f"{known.tokens:,} tokens")
        parts.append("unknown cost" if known.cost_usd is None else f"{known.cost_usd:.2f} USD")
        basis = f"from {known.n_trials_seen} earlier trials of {known.n_tasks_known} of these tasks"
        lines.append(f"Expected   {', '.join(parts)}  ({basis})")
    return "\n".join(lines)


def _expected(options: Options, wanted: set[str], jobs: int, results: Path) -> Expected | None:
    seen: dict[str, list[dict[str, Any]]] = {}
    for run in list_runs(results)[-_MOST_RUNS:]:
        for task_id, attempts in _attempts(run.results, options):
            if task_id in wanted:
                seen.setdefault(task_id, []).extend(attempts)
    seen = {task_id: attempts for task_id, attempts in seen.items() if attempts}
    if not seen:
        return None
    scale = options.attempts * len(wanted) / len(seen)

    def total(*path: str) -> float | None:
        means = []
        for attempts in seen.values():
            values = [value for attempt in attempts if (value := _at(attempt, path)) is not None]
            if not values:
                return None
            means.append(sum(values) / len(values))
        return sum(means) * scale

    seconds, tokens = total("wall_sec"), total("use", "tokens", "total")
    return Expected(
        n_trials_seen=sum(map(len, seen.values())),
        n_tasks_known=len(seen),
        working_sec=None if seconds is None else seconds / jobs,
        tokens=None if tokens is None else round(tokens),
        cost_usd=total("use", "tokens", "cost_usd"),
    )


def _attempts(path: Path, options: Options) -> list[tuple[str, list[dict[str, Any]]]]:
    """Return the scored attempts of a results.json of the same agent and model, by task; nothing of a damaged one."""
    try:
        payload = json.loads(path.read_bytes())
        same = payload["agent"]["name"] == options.about.name
        if not same or payload.get("model_requested") != options.about.model:
            return []
        return [
            (task["task_id"], [one for one in task["attempts"] if one["status"] == "scored"])
            for task in payload["tasks"]
        ]
    except (OSError, ValueError, KeyError, TypeError):
        return []


def _at(value: Any, path: Sequence[str]) -> float | None:
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return float(value) if isinstance(value, (int, float)) else None
