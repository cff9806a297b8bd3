"""The runs of a results folder, in short: an index beside them, so that hundreds are listed at once.

The index is a cache: what it says of a run holds for as long as the run's files have the size and time that they had.
It is made again where it is missing, damaged or of another version; it is never evidence.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from agentbench import codec, identity, paths, signing, stored
from agentbench.errors import AgentBenchError
from agentbench.paths import RunPaths

INDEX = ".agentbench-index"
VERSION = 3
Json = dict[str, Any]


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """Base of what the index holds."""


class AttemptLine(Record, frozen=True, kw_only=True):
    """One attempt at a task; None is what is not known."""

    attempt: int
    status: str
    resolved: bool
    score: float | None
    working_sec: float | None
    wall_sec: float
    cost_usd: float | None
    tokens: int | None
    tool_calls: int | None
    claims: tuple[tuple[str, float, float, str], ...] = ()
    """What the agent judged of L2 and L3 and something else decided: part, claimed, decided points, by whom."""


class TaskLine(Record, frozen=True, kw_only=True):
    """One task of a run."""

    task_id: str
    name: str
    suite: str
    difficulty: str
    digest: str
    score: float | None
    resolved: bool
    attempts: tuple[AttemptLine, ...]


class Summary(Record, frozen=True, kw_only=True):
    """One run. ``error`` says why it cannot be read; its figures are then None and its tasks empty."""

    run_id: str
    path: str
    timestamp: str | None = None
    finished: bool = False
    intact: bool | None = None
    """Whether the signature matches; None for an unfinished run."""
    complete: bool | None = None
    """Whether every planned trial is settled (scored, invalid or unsupported): False too for a run without results."""
    planned: int | None = None
    """Trials, and below those that are settled; None where the run has no results."""
    settled: int | None = None
    error: str | None = None
    agent: str | None = None
    agent_version: str | None = None
    setup: str | None = None
    model: str | None = None
    model_requested: str | None = None
    profile: str | None = None
    filters: str | None = None
    suite_version: str | None = None
    scoring_version: str | None = None
    scoring_method: str | None = None
    tier: str | None = None
    seed: int | None = None
    n_attempts: int | None = None
    task_count: int | None = None
    overall_score: float | None = None
    resolved_rate: float | None = None
    resolved_interval: tuple[float, float] | None = None
    coverage: float | None = None
    duration_ms: int | None = None
    cost_usd: float | None = None
    tasks: tuple[TaskLine, ...] = ()


class _Entry(Record, frozen=True, kw_only=True, array_like=True):
    """What the index knows of a run, and the state of the files that it was read from."""

    stamp: tuple[tuple[int, int], ...]
    summary: Summary


class _Index(Record, frozen=True, kw_only=True, array_like=True):
    version: int
    runs: dict[str, _Entry]


def load(results: Path) -> list[Summary]:
    """Return all runs below ``results``, oldest first, and bring the index up to date.

    A run that cannot be read is among them with its error. Raises EnvironmentNotReady when ``results`` cannot be read.
    """
    known = _read(results)
    entries = {
        run.run_id: _entry(run, known.get(run.run_id)) for run in paths.list_runs(results, unreadable=True)
    }
    if entries != known:
        _write(results, entries)
    return [entry.summary for entry in entries.values()]


def summarise(run: RunPaths) -> Summary:
    """Return one run in short, read from its files; a fault is part of the answer."""
    try:
        if run.results.is_file():
            payload = stored.load(run)
            return of_payload(payload, str(run.root), intact=signing.is_intact(payload))
        return _unfinished(run)
    except (AgentBenchError, OSError) as error:
        return Summary(run_id=run.run_id, path=str(run.root), error=" ".join(str(error).split()))


def of_payload(payload: Json, path: str, *, intact: bool | None) -> Summary:
    """Return a results payload in short."""
    agent, used = payload["agent"], payload.get("usage")
    cost = payload["metrics"]["cost_usd"] if used is None else used["tokens"]["cost_usd"]
    interval = payload.get("resolved_interval")
    counts = payload["counts"]
    left = counts["cancelled"] + payload.get("retries_due", 0)
    return Summary(
        run_id=payload["run_id"],
        path=path,
        timestamp=payload["timestamp"],
        finished=True,
        intact=intact,
        complete=payload.get("complete", left == 0),
        planned=counts["planned"],
        settled=max(0, counts["planned"] - left),
        agent=agent["name"],
        agent_version=agent["version"],
        setup=agent.get("settings", {}).get("setup"),
        model=payload["model"],
        model_requested=payload.get("model_requested"),
        profile=payload["profile"],
        filters=_filters(payload["filters"]),
        suite_version=payload["suite_version"],
        scoring_version=payload["scoring_version"],
        scoring_method=payload["scoring_method"],
        tier=payload["tier"],
        seed=payload["seed"],
        n_attempts=payload["attempts"],
        task_count=payload["task_count"],
        overall_score=payload["overall_score"],
        resolved_rate=payload["resolved_rate"],
        resolved_interval=tuple(interval) if interval else None,
        coverage=payload["coverage"],
        duration_ms=payload["duration_ms"],
        cost_usd=cost,
        tasks=tuple(map(_task, payload["tasks"])),
    )


def _filters(chosen: Mapping[str, Iterable[str]]) -> str:
    return " ".join(f"{key}:{name}" for key, names in sorted(chosen.items()) for name in names)


def _task(task: Json) -> TaskLine:
    return TaskLine(
        task_id=task["task_id"],
        name=task["name"],
        suite=task["suite"],
        difficulty=task["difficulty"],
        digest=task["digest"],
        score=task["score"],
        resolved=task["resolved"],
        attempts=tuple(map(_attempt, task["attempts"])),
    )


def _attempt(entry: Json) -> AttemptLine:
    metrics = entry["metrics"]
    tokens = (entry.get("use") or metrics)["tokens"]
    return AttemptLine(
        attempt=entry["attempt"],
        status=entry["status"],
        resolved=entry["resolved"],
        score=entry["score"],
        working_sec=metrics["working_sec"],
        wall_sec=entry["wall_sec"],
        cost_usd=tokens["cost_usd"],
        tokens=tokens["total"],
        tool_calls=metrics["tool_calls"],
        claims=tuple(_claims(entry)),
    )


def _claims(entry: Json) -> Iterator[tuple[str, float, float, str]]:
    for key in ("l2", "l3") if entry["layers"] else ():
        for part in entry["layers"][key]["parts"]:
            if part["claimed"] is not None:
                yield f"{key}.{part['name']}", part["claimed"], part["points"], part["source"]


def _unfinished(run: RunPaths) -> Summary:
    known = identity.load(run)
    return Summary(
        run_id=known.run_id,
        path=str(run.root),
        timestamp=known.created_at,
        complete=False,
        agent=known.agent,
        model_requested=known.about.model,
        profile=known.profile,
        filters=_filters({"suite": known.suites, "task": known.task_ids}),
        suite_version=known.suite_version,
        scoring_version=known.scoring_version,
        tier=known.kind,
        seed=known.seed,
        n_attempts=known.attempts,
        task_count=len(known.tasks),
    )


def _entry(run: RunPaths, known: _Entry | None) -> _Entry:
    stamp = tuple(map(_stamp, (run.results, run.identity)))
    if known is not None and known.stamp == stamp and known.summary.path == str(run.root):
        return known
    return _Entry(stamp=stamp, summary=summarise(run))


def _stamp(path: Path) -> tuple[int, int]:
    """Return size and time of a file; an absent one has none."""
    try:
        found = path.stat()
    except OSError:
        return (-1, -1)
    return found.st_size, found.st_mtime_ns


def _read(results: Path) -> dict[str, _Entry]:
    try:
        index = msgspec.msgpack.decode((results / INDEX).read_bytes(), type=_Index)
    except (OSError, msgspec.DecodeError, ValueError):
        return {}
    return index.runs if index.version == VERSION else {}


def _write(results: Path, entries: dict[str, _Entry]) -> None:
    """Write the index; where that is not possible the next call reads the runs again."""
    with contextlib.suppress(AgentBenchError, OSError):
        data = msgspec.msgpack.encode(_Index(version=VERSION, runs=entries))
        codec.atomic_write(results / INDEX, data, durable=False)


def finished(runs: Iterable[Summary]) -> list[Summary]:
    """Return the runs that have results which can be believed undamaged."""
    return [run for run in runs if run.finished and run.intact and run.error is None]


def series(runs: Iterable[Summary]) -> dict[str, list[Summary]]:
    """Return for each whole run the ones up to it that measured the same, in the given order.

    Whole: finished, intact, and every planned trial settled. The same: agent, set-up, model, tasks with their digests,
    scoring rules and tier. Seed and attempts may differ.
    """
    groups: dict[tuple[Any, ...], list[Summary]] = {}
    found = {}
    for run in finished(runs):
        if not run.complete:
            continue
        members = groups.setdefault(_measured(run), [])
        members.append(run)
        found[run.run_id] = members[:]
    return found


def _measured(run: Summary) -> tuple[Any, ...]:
    tasks = tuple(sorted((task.task_id, task.digest) for task in run.tasks))
    model = run.model_requested or run.model
    return run.agent, run.setup, model, run.scoring_version, run.scoring_method, run.tier, tasks
