"""All validators by name. A new one is a function in this package and one line in `BUILT_IN`.

Suites of others may also use validators of installed packages: entry points of the group ``agentbench.validators``,
each a function like ours. A run over such a task is ``nonstandard``.
"""

from __future__ import annotations

import functools
import importlib
import importlib.util
import inspect
import sys
import threading
from collections.abc import Mapping
from pathlib import Path

import msgspec

from agentbench.checkspecs import ValidatorSpec, own_validators
from agentbench.errors import EnvironmentNotReady
from agentbench.model import Check, CheckResult, CheckStatus, Task
from agentbench.validators import files, programs, text, usage
from agentbench.validators.base import CheckFailed, CheckSkipped, Context, Validator, Verdict, clip

GROUP = "agentbench.validators"
OTHERS_POINTS = 30.0
"""What a check by a validator of another package can win, unless the task says otherwise."""
#: The gate judges solutions in threads: nobody may see a checks.py that is half loaded.
_LOADING = threading.Lock()

#: name → (function, default points); the points of the first eight are those of the seed format.
BUILT_IN: dict[str, tuple[Validator, float]] = {
    "file-exists": (files.file_exists, 30.0),
    "content-contains": (text.content_contains, 40.0),
    "word-count-range": (text.word_count_range, 30.0),
    "git-log-contains": (programs.git_log_contains, 30.0),
    "directory-structure": (files.directory_structure, 30.0),
    "command-output-contains": (programs.command_output_contains, 30.0),
    "file-unchanged": (files.file_unchanged, 30.0),
    "link-consistency": (text.link_consistency, 30.0),
    "file-modified": (files.file_modified, 30.0),
    "filename-matches": (files.filename_matches, 30.0),
    "response-contains": (text.response_contains, 30.0),
    "response-not-contains": (text.response_not_contains, 30.0),
    "tool-usage": (usage.tool_usage, 10.0),
}


class ValidatorBroken(Exception):
    """A validator raised: the task is at fault and the trial is invalid."""

    def __init__(self, check: Check, error: BaseException) -> None:
        super().__init__(f"check {check.id!r} ({check.type}): {type(error).__name__}: {error}")


def catalogue(*, others: bool = False) -> dict[str, ValidatorSpec]:
    """Return what the task loader must know of the built-in validators, with ``others`` also of installed packages.

    Our own suite uses none of those, and looking for them takes time that a skill's call has not.
    """
    found = {name: _spec(function, points) for name, (function, points) in BUILT_IN.items()}
    if others:
        found = {name: _spec(function, OTHERS_POINTS) for name, function in foreign().items()} | found
    return found


@functools.lru_cache(maxsize=1)
def foreign() -> dict[str, Validator]:
    """Return the validators of installed packages. Raises EnvironmentNotReady when one cannot be loaded."""
    found = {}
    for entry in importlib.import_module("importlib.metadata").entry_points(group=GROUP):
        try:
            found[entry.name] = entry.load()
        except Exception as error:
            raise EnvironmentNotReady(
                f"cannot be loaded ({type(error).__name__}: {error})",
                where=f"validator {entry.name}",
                hint=f"It comes from {entry.value}.",
            ) from error
    return found


def strangers(task: Task) -> set[str]:
    """Return the validators that a task uses and that are neither built in nor its own."""
    used = {check.type for check in (*task.checks, *(c for one in task.behaviors for c in one.checks))}
    return used - BUILT_IN.keys() - own_validators(Path(task.folder)).keys()


def functions(task: Task) -> Mapping[str, Validator]:
    """Return the validators a task may name: the built-in ones and those of its ``checks.py``."""
    found: dict[str, Validator] = {name: function for name, (function, _) in BUILT_IN.items()}
    folder = Path(task.folder)
    if own := own_validators(folder):
        module = _load(folder / "checks.py", task)
        found.update({name: getattr(module, name.replace("-", "_")) for name in own})
    return {**foreign(), **found} if strangers(task) else found


def judge(check: Check, function: Validator, ctx: Context) -> CheckResult:
    """Run one check and return its result. Raises ValidatorBroken when the validator raises.

    What is nested beyond what can be read is a wrong answer: else an agent could choose to have no score.
    """
    try:
        verdict = function(ctx, **check.params)
        if not isinstance(verdict, Verdict):
            raise TypeError(f"returned {type(verdict).__name__}, not a Verdict")
        if not 0.0 <= verdict.share <= 1.0:
            raise ValueError(f"returned the share {verdict.share}, which is not between 0 and 1")
    except CheckFailed as failure:
        verdict = Verdict(0.0, failure.expected, failure.found)
    except CheckSkipped as skip:
        return result(check, CheckStatus.SKIPPED, 0.0, Verdict(0.0, "", str(skip)))
    except RecursionError:
        verdict = Verdict(0.0, "outputs that can be read", "something nested without end")
    except Exception as error:
        raise ValidatorBroken(check, error) from error
    if verdict.share >= 1.0:
        return result(check, CheckStatus.PASSED, check.points, verdict)
    status = CheckStatus.PARTIAL if verdict.share > 0 else CheckStatus.FAILED
    return result(check, status, check.points * verdict.share, verdict)


def result(check: Check, status: CheckStatus, points: float, verdict: Verdict) -> CheckResult:
    """Return the stored form of a verdict."""
    return CheckResult(
        id=check.id,
        type=check.type,
        status=status,
        points=round(points, 4),
        possible=check.points,
        required=check.required,
        guard=check.guard,
        turn=check.turn,
        expected=clip(verdict.expected),
        found=clip(verdict.found),
    )


def context_for(ctx: Context, check: Check) -> Context:
    """Return ``ctx`` with the pattern of ``check``."""
    return msgspec.structs.replace(ctx, pattern=check.pattern)


def _spec(function: Validator, points: float) -> ValidatorSpec:
    parameters = list(inspect.signature(function).parameters.values())[1:]
    return ValidatorSpec(
        params=frozenset(parameter.name for parameter in parameters),
        required_params=frozenset(p.name for p in parameters if p.default is inspect.Parameter.empty),
        points=points,
    )


def _load(path: Path, task: Task) -> object:
    name = f"agentbench_checks_{task.id}"
    with _LOADING:
        if (known := sys.modules.get(name)) is not None and known.__file__ == str(path):
            return known
        spec = importlib.util.spec_from_file_location(name, path)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.path.insert(0, str(path.parent))
        try:
            sys.modules[name] = module
            spec.loader.exec_module(module)
        except Exception as error:
            del sys.modules[name]
            raise ValidatorBroken(task.checks[0], error) from error
        finally:
            sys.path.remove(str(path.parent))
            _forget_helpers(module, path.parent)
    return module


def _forget_helpers(checks: object, folder: Path) -> None:
    """Hide from imports what ``checks`` imported from its folder: another task may name its own alike."""
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None)
        if module is not checks and isinstance(file, str) and Path(file).is_relative_to(folder):
            del sys.modules[name]
