"""Load tasks from their folders: strictly, with file and line in every error, skipping none silently.

A suite's folder holds ``<suite>/<slug>/task.yaml``. What a validator accepts is passed in as a catalogue,
so that this module knows nothing of validators.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal, TypeVar

import msgspec

from agentbench.checkspecs import Checks, ValidatorSpec, own_validators
from agentbench.errors import TaskError, UsageError, did_you_mean
from agentbench.model import (
    Behavior,
    Difficulty,
    ExpectedMetrics,
    Requires,
    Task,
    Turn,
    Weights,
)
from agentbench.yamlines import Document, load_yaml

FAST = frozenset({Difficulty.EASY, Difficulty.MEDIUM})
T = TypeVar("T")
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")


class _Raw(msgspec.Struct, forbid_unknown_fields=True):
    pass


class _RawOutput(_Raw):
    pattern: str
    required: bool = True
    validators: list[dict[str, Any]] = []


class _RawBehavior(_Raw):
    description: str
    validators: list[dict[str, Any]] = []


class _RawTurn(_Raw):
    message: str
    role: Literal["user"] = "user"
    new_session: bool | None = None
    expect: str = ""
    validators: list[dict[str, Any]] = []


class _RawMetrics(_Raw):
    tool_calls: tuple[float, float] | None = None
    planning_ratio: tuple[float, float] | None = None


class _RawScoring(_Raw):
    layer0_weight: float = 0.20
    layer1_weight: float = 0.35
    layer2_weight: float = 0.20
    layer3_weight: float = 0.25


class _RawRequires(_Raw):
    bins: list[str] = []
    capabilities: list[str] = []


class _RawAllow(_Raw):
    allow: list[str]


class _RawTask(_Raw):
    id: str
    name: str
    suite: str
    difficulty: Difficulty
    version: str | float | int = "1.0"
    mode: Literal["sandboxed", "real"] = "sandboxed"
    description: str = ""
    user_message: str | None = None
    turns: list[_RawTurn] = []
    input_files: list[str | dict[str, Any]] = []
    expected_outputs: list[_RawOutput] = []
    expected_behavior: list[_RawBehavior] = []
    expected_metrics: _RawMetrics = msgspec.field(default_factory=_RawMetrics)
    scoring: _RawScoring = msgspec.field(default_factory=_RawScoring)
    timeout_sec: float = 900.0
    requires: _RawRequires = msgspec.field(default_factory=_RawRequires)
    network: Literal["none"] | _RawAllow = "none"


def load_task(folder: Path, catalogue: Mapping[str, ValidatorSpec]) -> Task:
    """Return the task in ``folder``. Raises TaskError with ``task.yaml:line field: what. hint``."""
    document = load_yaml(folder / "task.yaml")
    raw: _RawTask = document.convert(_RawTask)
    checks = Checks(document, {**catalogue, **own_validators(folder)})
    _check_identity(raw, folder, document)
    turns = _turns(raw, document)
    for n, turn in enumerate(raw.turns):
        checks.add(turn.validators, ("turns", n, "validators"), turn=n + 1)
    for n, output in enumerate(raw.expected_outputs):
        path = ("expected_outputs", n, "validators")
        checks.add(output.validators, path, pattern=output.pattern, required=output.required)
    if not checks.found:
        raise document.error(("expected_outputs",), "a task needs at least one check")
    if not any(check.points > 0 for check in checks.found):
        raise document.error(("expected_outputs",), "a task needs a check that wins points; guards win none")
    if any(check.after_required for check in checks.found) and not any(c.required for c in checks.found):
        raise document.error(("expected_outputs",), "after_required needs a required check to wait for")
    earning = list(checks.found)
    behaviors = []
    for n, behavior in enumerate(raw.expected_behavior):
        own = checks.add(behavior.validators, ("expected_behavior", n, "validators"), required=False)
        behaviors.append(Behavior(description=behavior.description, checks=tuple(own)))
    return Task(
        id=raw.id,
        name=raw.name,
        suite=raw.suite,
        slug=folder.name,
        version=str(raw.version),
        difficulty=raw.difficulty,
        mode=raw.mode,
        description=raw.description,
        turns=turns,
        input_files=tuple(_input_name(item) for item in raw.input_files),
        output_patterns=tuple(output.pattern for output in raw.expected_outputs),
        checks=tuple(earning),
        behaviors=tuple(behaviors),
        metrics=ExpectedMetrics(
            tool_calls=_range(raw.expected_metrics.tool_calls, "tool_calls", document),
            planning_ratio=_range(raw.expected_metrics.planning_ratio, "planning_ratio", document),
        ),
        weights=_weights(raw, document),
        timeout_sec=raw.timeout_sec,
        requires=Requires(bins=tuple(raw.requires.bins), capabilities=tuple(raw.requires.capabilities)),
        network=() if raw.network == "none" else tuple(raw.network.allow),
        folder=str(folder.absolute()),
        digest=folder_digest(folder),
    )


def load_suites(root: Path, catalogue: Mapping[str, ValidatorSpec], *, ids: Sequence[str] = ()) -> list[Task]:
    """Return the tasks below ``root`` in order of suite and slug: all, or those that ``ids`` may mean.

    Raises TaskError for the first invalid task, for a folder without task.yaml, and for a repeated id.
    """
    tasks: dict[str, Task] = {}
    for folder in _folders_for(root, ids):
        task = load_task(folder, catalogue)
        if task.id in tasks:
            raise TaskError(
                f"id {task.id!r} is used by {tasks[task.id].folder} too",
                where=f"{folder}/task.yaml",
                hint="Ids must be unique.",
            )
        tasks[task.id] = task
    if not tasks:
        raise TaskError(
            "no tasks there", where=str(root), hint="A suite's folder holds <suite>/<task>/task.yaml."
        )
    return list(tasks.values())


def _folders_for(root: Path, ids: Sequence[str]) -> Iterator[Path]:
    """Yield the folders of the named tasks where every name follows from a folder's, else all folders."""
    if ids:
        by_name: dict[str, Path] = {}
        slugs: dict[str, list[Path]] = {}
        for path in sorted(root.glob("*/*/task.yaml")):
            folder = path.parent
            suite, slug = folder.parent.name, folder.name
            by_name.update({f"{suite}-{slug}": folder, f"{suite}/{slug}": folder})
            slugs.setdefault(slug, []).append(folder)
        by_name = {**_unambiguous(slugs), **by_name}
        if all(name in by_name for name in ids):
            yield from dict.fromkeys(by_name[name] for name in ids)
            return
    yield from task_folders(root)


def task_folders(root: Path) -> Iterator[Path]:
    """Yield the folders of the tasks below ``root``, sorted. Raises TaskError where task.yaml is missing."""
    for suite in sorted(path for path in root.iterdir() if path.is_dir() and path.name[0] not in "._"):
        for folder in sorted(path for path in suite.iterdir() if path.is_dir() and path.name[0] not in "._"):
            if not (folder / "task.yaml").is_file():
                raise TaskError("task.yaml is missing", where=str(folder), hint="Every task folder has one.")
            yield folder


def select(
    tasks: Sequence[Task],
    *,
    fast: bool = False,
    suites: Sequence[str] = (),
    ids: Sequence[str] = (),
) -> list[Task]:
    """Return the tasks that pass all filters. ``fast`` does not restrict tasks that are named.

    Raises UsageError for an unknown suite or task, with the nearest names, and when nothing is left.
    """
    for suite in suites:
        _require_known(suite, {task.suite for task in tasks}, "suite")
    slugs: dict[str, list[Task]] = {}
    for task in tasks:
        slugs.setdefault(task.slug, []).append(task)
    by_name = _unambiguous(slugs)
    for task in tasks:
        by_name.update({task.id: task, f"{task.suite}/{task.slug}": task})
    for name in ids:
        if name not in by_name:
            raise UsageError("unknown task", where=repr(name), hint=_did_you_mean_task(name, by_name))
    wanted = {by_name[name].id for name in ids}
    chosen = [
        task
        for task in tasks
        if (not suites or task.suite in suites)
        and (not ids or task.id in wanted)
        and (not fast or ids or task.difficulty in FAST)
    ]
    if not chosen:
        raise UsageError("no task passes these filters", where="filters", hint="See `agentbench list`.")
    return chosen


def folder_digest(folder: Path) -> str:
    """Return ``sha256:…`` over names and bytes of all files of a task, in order of their names.

    What editors, Python and desktops leave behind does not count; below ``inputs/`` nearly everything does.
    """
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        if path.is_file() and not _is_dropping(name):
            digest.update(f"{name.as_posix()}\0{path.stat().st_size}\0".encode())
            digest.update(path.read_bytes())
    return f"sha256:{digest.hexdigest()}"


def _is_dropping(name: Path) -> bool:
    """Return whether a file is no part of the task, by its name below the task's folder."""
    if name.name == ".DS_Store" or "__pycache__" in name.parts:
        return True
    hidden = any(part.startswith(".") for part in name.parts)
    return name.parts[0] != "inputs" and (hidden or name.name.endswith(("~", ".swp")))


def _check_identity(raw: _RawTask, folder: Path, document: Document) -> None:
    if raw.suite != folder.parent.name:
        raise document.error(("suite",), f"{raw.suite!r} does not match the folder {folder.parent.name!r}")
    if not _ID.fullmatch(raw.id):
        raise document.error(("id",), f"{raw.id!r} is not a usable id", "Use letters, digits and hyphens.")
    if bool((raw.user_message or "").strip()) == bool(raw.turns):
        raise document.error(("user_message",), "a task has either user_message or turns")
    if not 0 < raw.timeout_sec < math.inf:
        raise document.error(("timeout_sec",), "must be a number of seconds above 0")
    inputs = folder / "inputs"
    for n, item in enumerate(raw.input_files):
        name = _input_name(item)
        if not name or name.startswith("/") or ".." in Path(name).parts:
            raise document.error(("input_files", n), f"{name!r} is not the name of a file in the workspace")
        generated = (folder / "setup.py").is_file() or (folder / "setup.sh").is_file()
        if not generated and not (inputs / name).exists() and not any(inputs.glob(name)):
            raise document.error(
                ("input_files", n),
                f"{name!r} is not in inputs/",
                "Add the file, or a setup.py that makes it.",
            )


def _turns(raw: _RawTask, document: Document) -> tuple[Turn, ...]:
    if raw.user_message:
        return (Turn(message=raw.user_message, new_session=True),)
    for n, turn in enumerate(raw.turns):
        if not turn.message.strip():
            raise document.error(("turns", n, "message"), "is empty")
    return tuple(
        Turn(message=turn.message, new_session=n == 0 if turn.new_session is None else turn.new_session)
        for n, turn in enumerate(raw.turns)
    )


def _weights(raw: _RawTask, document: Document) -> Weights:
    given = raw.scoring
    weights = Weights(
        l0=given.layer0_weight, l1=given.layer1_weight, l2=given.layer2_weight, l3=given.layer3_weight
    )
    values = (weights.l0, weights.l1, weights.l2, weights.l3)
    if weights.l0 <= 0 or not all(0 <= value < math.inf for value in values):
        raise document.error(("scoring",), "weights must not be negative, and layer0_weight must be positive")
    return weights


def _input_name(item: str | dict[str, Any]) -> str:
    return item if isinstance(item, str) else str(item.get("name") or item.get("path") or "")


def _range(value: tuple[float, float] | None, name: str, document: Document) -> tuple[float, float] | None:
    if value is not None and not 0 <= value[0] <= value[1]:
        raise document.error(("expected_metrics", name), "must be [low, high] with 0 <= low <= high")
    return value


def _unambiguous(slugs: Mapping[str, list[T]]) -> dict[str, T]:
    return {slug: found[0] for slug, found in slugs.items() if len(found) == 1}


def _did_you_mean_task(name: str, by_name: Mapping[str, Task]) -> str:
    """Return the hint for an unknown task: the nearest, each once, whichever of its names is meant."""
    near = get_close_matches(name, by_name, n=len(by_name), cutoff=0.5)
    nearest = {by_name[spelling].id: spelling for spelling in reversed(near)}
    hint = did_you_mean(name, nearest.values() or {task.id for task in by_name.values()})
    return hint or "See `agentbench list`."


def _require_known(name: str, known: Iterable[str], what: str) -> str:
    options = list(known)
    if name not in options:
        raise UsageError(f"unknown {what}", where=repr(name), hint=did_you_mean(name, options))
    return name
