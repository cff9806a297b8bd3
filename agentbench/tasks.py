"""Load tasks from their folders: strictly, with file and line in every error, skipping none silently.

A suite's folder holds ``<suite>/<slug>/task.yaml``. What a validator accepts is passed in as a catalogue,
so that this module knows nothing of validators.
"""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

import msgspec

from agentbench.errors import TaskError, UsageError, did_you_mean
from agentbench.model import (
    Behavior,
    Check,
    Difficulty,
    ExpectedMetrics,
    Requires,
    Task,
    Turn,
    Weights,
)
from agentbench.yamlines import Document, load_yaml

FAST = frozenset({Difficulty.EASY, Difficulty.MEDIUM})
CHECK_KEYS = {"type", "id", "points", "required", "guard", "after_required"}


class ValidatorSpec(msgspec.Struct, frozen=True):
    """What the loader must know of a validator: its parameters and its default points."""

    params: frozenset[str]
    required_params: frozenset[str]
    points: float
    open_ended: bool = False
    """Whether it takes any parameter."""


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
    checks = _Checks(document, {**catalogue, **own_validators(folder)})
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
    earning = list(checks.found)
    behaviors = []
    for n, behavior in enumerate(raw.expected_behavior):
        own = checks.add(behavior.validators, ("expected_behavior", n, "validators"), required=False)
        behaviors.append(Behavior(description=behavior.description, checks=tuple(own)))
    scoring = raw.scoring
    weights = Weights(
        l0=scoring.layer0_weight,
        l1=scoring.layer1_weight,
        l2=scoring.layer2_weight,
        l3=scoring.layer3_weight,
    )
    if min(weights.l0, weights.l1, weights.l2, weights.l3) < 0 or weights.l0 <= 0:
        raise document.error(("scoring",), "weights must not be negative, and layer0_weight must be positive")
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
        weights=weights,
        timeout_sec=raw.timeout_sec,
        requires=Requires(bins=tuple(raw.requires.bins), capabilities=tuple(raw.requires.capabilities)),
        network=() if raw.network == "none" else tuple(raw.network.allow),
        folder=str(folder),
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
        for path in sorted(root.glob("*/*/task.yaml")):
            folder = path.parent
            suite, slug = folder.parent.name, folder.name
            by_name.update({f"{suite}-{slug}": folder, f"{suite}/{slug}": folder, slug: folder})
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
    by_name: dict[str, Task] = {}
    for task in tasks:
        by_name.update({task.id: task, f"{task.suite}/{task.slug}": task, task.slug: task})
    wanted = {by_name[_require_known(name, by_name, "task")].id for name in ids}
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
    """Return ``sha256:…`` over names and bytes of all files of a task, in order of their names."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            name = path.relative_to(folder).as_posix()
            digest.update(f"{name}\0{path.stat().st_size}\0".encode())
            digest.update(path.read_bytes())
    return f"sha256:{digest.hexdigest()}"


def own_validators(folder: Path) -> dict[str, ValidatorSpec]:
    """Return the validators of a task's ``checks.py``: public functions whose first parameter is ``ctx``.

    The file is parsed, not run. Raises TaskError when it does not parse.
    """
    source = folder / "checks.py"
    if not source.is_file():
        return {}
    try:
        tree = ast.parse(source.read_text("utf-8"))
    except (SyntaxError, UnicodeDecodeError, ValueError) as error:
        line = getattr(error, "lineno", None) or 1
        raise TaskError(f"does not parse: {error}", where=f"{source}:{line}") from None
    found = {}
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            names = [arg.arg for arg in (*node.args.posonlyargs, *node.args.args)]
            if names[:1] == ["ctx"]:
                found[node.name.replace("_", "-")] = _spec(node, names[1:])
    return found


def _spec(node: ast.FunctionDef, names: list[str]) -> ValidatorSpec:
    arguments = node.args
    keyword_only = [arg.arg for arg in arguments.kwonlyargs]
    needed = names[: len(names) - len(arguments.defaults)] if arguments.defaults else list(names)
    needed += [
        name for name, default in zip(keyword_only, arguments.kw_defaults, strict=True) if default is None
    ]
    return ValidatorSpec(
        params=frozenset(names + keyword_only),
        required_params=frozenset(needed),
        points=10.0,
        open_ended=arguments.kwarg is not None,
    )


class _Checks:
    """Collects the checks of a task and refuses what is unknown, doubled or contradictory."""

    def __init__(self, document: Document, catalogue: Mapping[str, ValidatorSpec]) -> None:
        self.document = document
        self.catalogue = catalogue
        self.found: list[Check] = []
        self._ids: set[str] = set()

    def add(
        self,
        entries: list[dict[str, Any]],
        path: tuple[str | int, ...],
        *,
        pattern: str | None = None,
        required: bool = True,
        turn: int | None = None,
    ) -> list[Check]:
        added = []
        for n, entry in enumerate(entries):
            check = self._check(entry, (*path, n), pattern, required)
            added.append(msgspec.structs.replace(check, turn=turn))
        self.found += added
        return added

    def _check(
        self, entry: dict[str, Any], path: tuple[str | int, ...], pattern: str | None, required: bool
    ) -> Check:
        kind = entry.get("type")
        spec = self.catalogue.get(str(kind))
        if spec is None:
            hint = did_you_mean(str(kind), self.catalogue)
            raise self.document.error((*path, "type"), f"unknown validator {str(kind)!r}", hint)
        params = {key: value for key, value in entry.items() if key not in CHECK_KEYS}
        self._check_params(params, spec, str(kind), path)
        guard = self._flag(entry, "guard", False, path)
        points = entry.get("points", 0.0 if guard else spec.points)
        if isinstance(points, bool) or not isinstance(points, (int, float)) or points < 0:
            raise self.document.error((*path, "points"), "must be a number that is not negative")
        if guard and points:
            raise self.document.error((*path, "points"), "a guard wins no points", "Drop points or guard.")
        if not guard and not points:
            raise self.document.error(
                (*path, "points"), "a check that is no guard must be able to win points"
            )
        return Check(
            id=self._unique(entry.get("id"), str(kind), path),
            type=str(kind),
            pattern=pattern,
            params=params,
            points=float(points),
            required=False if guard else self._flag(entry, "required", required, path),
            guard=guard,
            after_required=self._flag(entry, "after_required", False, path),
            turn=None,
        )

    def _check_params(
        self, params: dict[str, Any], spec: ValidatorSpec, kind: str, path: tuple[str | int, ...]
    ) -> None:
        for key in params:
            if key not in spec.params and not spec.open_ended:
                hint = did_you_mean(key, spec.params | CHECK_KEYS)
                raise self.document.error((*path, key), f"validator {kind!r} takes no {key!r}", hint)
        for key in sorted(spec.required_params - set(params)):
            raise self.document.error(path, f"validator {kind!r} needs {key!r}")

    def _flag(self, entry: dict[str, Any], key: str, default: bool, path: tuple[str | int, ...]) -> bool:
        value = entry.get(key, default)
        if not isinstance(value, bool):
            raise self.document.error((*path, key), "must be true or false")
        return value

    def _unique(self, given: object, kind: str, path: tuple[str | int, ...]) -> str:
        if given is not None:
            name = str(given)
            if name in self._ids:
                raise self.document.error((*path, "id"), f"check id {name!r} is used twice")
        else:
            name = kind
            number = 2
            while name in self._ids:
                name, number = f"{kind}-{number}", number + 1
        self._ids.add(name)
        return name


def _check_identity(raw: _RawTask, folder: Path, document: Document) -> None:
    if raw.suite != folder.parent.name:
        raise document.error(("suite",), f"{raw.suite!r} does not match the folder {folder.parent.name!r}")
    if not raw.id or any(c not in "abcdefghijklmnopqrstuvwxyz0123456789-_." for c in raw.id.lower()):
        raise document.error(("id",), f"{raw.id!r} is not a usable id", "Use letters, digits and hyphens.")
    if bool(raw.user_message) == bool(raw.turns):
        raise document.error(("user_message",), "a task has either user_message or turns")
    inputs = folder / "inputs"
    for n, item in enumerate(raw.input_files):
        name = _input_name(item)
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


def _input_name(item: str | dict[str, Any]) -> str:
    return item if isinstance(item, str) else str(item.get("name") or item.get("path") or "")


def _range(value: tuple[float, float] | None, name: str, document: Document) -> tuple[float, float] | None:
    if value is not None and not 0 <= value[0] <= value[1]:
        raise document.error(("expected_metrics", name), "must be [low, high] with 0 <= low <= high")
    return value


def _require_known(name: str, known: Iterable[str], what: str) -> str:
    options = list(known)
    if name not in options:
        raise UsageError(f"unknown {what}", where=repr(name), hint=did_you_mean(name, options))
    return name
