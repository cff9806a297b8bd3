"""What the ``validators`` entries of a task may say: collected, and refused when unknown or contradictory.

What each validator accepts comes as a catalogue: of the built-in ones from their registry, of a task's own
ones by parsing its ``checks.py``, which is never run here.
"""

from __future__ import annotations

import ast
import math
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from agentbench.errors import TaskError, did_you_mean
from agentbench.model import Check
from agentbench.yamlines import Document

#: Python 3.11 loses count of its recursion when two threads parse at once, and raises SystemError.
_PARSING = threading.Lock()
CHECK_KEYS = {"type", "id", "points", "required", "guard", "after_required"}


class ValidatorSpec(msgspec.Struct, frozen=True):
    """What the loader must know of a validator: its parameters and its default points."""

    params: frozenset[str]
    required_params: frozenset[str]
    points: float
    open_ended: bool = False
    """Whether it takes any parameter."""


def own_validators(folder: Path) -> dict[str, ValidatorSpec]:
    """Return the validators of a task's ``checks.py``: public functions whose first parameter is ``ctx``.

    The file is parsed, not run. Raises TaskError when it does not parse.
    """
    source = folder / "checks.py"
    if not source.is_file():
        return {}
    try:
        with _PARSING:
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


class Checks:
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
        """Collect the checks of one ``validators`` list, which stands at ``path``. Raises TaskError."""
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
        if isinstance(points, bool) or not isinstance(points, (int, float)) or not 0 <= points < math.inf:
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
