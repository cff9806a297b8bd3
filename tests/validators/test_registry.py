"""The registry: what a verdict may be, what it becomes, and how a task's own checks are loaded."""

from __future__ import annotations

import sys
import threading
from pathlib import Path

import msgspec
import pytest
from bench import Bench

from agentbench.model import Check, CheckStatus, Task
from agentbench.tasks import load_task
from agentbench.validators import registry
from agentbench.validators.base import CheckFailed, CheckSkipped, Context, Verdict, failed, partial, passed
from agentbench.validators.registry import ValidatorBroken

CHECK = Check(
    id="mine",
    type="mine",
    pattern=None,
    params={},
    points=10.0,
    required=True,
    guard=False,
    after_required=False,
    turn=2,
)
YAML = """\
id: demo-own
name: Own
suite: demo
difficulty: easy
user_message: Go.
expected_outputs:
  - {pattern: x, validators: [{type: first}, {type: second-one, words: [a]}]}
"""


def write(root: Path, checks: str) -> Task:
    """Write a task with these checks and load it."""
    folder = root / "demo" / "own"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "task.yaml").write_text(YAML)
    (folder / "checks.py").write_text(checks)
    return load_task(folder, registry.catalogue())


@pytest.mark.parametrize(
    ("verdict", "status", "points"),
    [
        (passed("fine"), CheckStatus.PASSED, 10.0),
        (failed("a", "b"), CheckStatus.FAILED, 0.0),
        (partial(0.5, "a"), CheckStatus.PARTIAL, 5.0),
        (partial(1 / 3, "a"), CheckStatus.PARTIAL, 3.3333),
        (partial(7, "a"), CheckStatus.PASSED, 10.0),
        (partial(-7, "a"), CheckStatus.FAILED, 0.0),
        (partial(float("nan"), "a"), CheckStatus.FAILED, 0.0),
    ],
)
def test_a_share_becomes_status_and_points(
    bench: Bench, verdict: Verdict, status: CheckStatus, points: float
) -> None:
    """All, part or none of the check's points; the rest of the check is carried over."""
    found = registry.judge(CHECK, lambda ctx: verdict, bench.context)
    assert (found.status, found.points, found.possible) == (status, points, 10.0)
    assert (found.id, found.required, found.turn) == ("mine", True, 2)


@pytest.mark.parametrize("share", [float("nan"), -0.1, 1.1, float("inf")])
def test_a_share_that_is_none_breaks_the_validator(bench: Bench, share: float) -> None:
    """NaN never becomes points; a validator that computes one is at fault, not the agent."""
    with pytest.raises(ValidatorBroken, match="not between 0 and 1"):
        registry.judge(CHECK, lambda ctx: Verdict(share), bench.context)


def test_three_outcomes_are_kept_apart(bench: Bench) -> None:
    """CheckFailed is a failed check, CheckSkipped a skipped one, any other exception breaks the trial.

    For RecursionError see tests/security/test_red_team.py.
    """

    def raises(error: Exception) -> registry.Validator:
        def validator(ctx: Context) -> Verdict:
            raise error

        return validator

    found = registry.judge(CHECK, raises(CheckFailed("a file", "none")), bench.context)
    assert (found.status, found.expected, found.found) == (CheckStatus.FAILED, "a file", "none")
    found = registry.judge(CHECK, raises(CheckSkipped("no transcript")), bench.context)
    assert (found.status, found.points, found.found) == (CheckStatus.SKIPPED, 0.0, "no transcript")
    for error in (KeyError("x"), FileNotFoundError("y"), MemoryError()):
        with pytest.raises(ValidatorBroken, match="check 'mine'"):
            registry.judge(CHECK, raises(error), bench.context)
    with pytest.raises(ValidatorBroken, match="bool, not a Verdict"):
        registry.judge(CHECK, lambda ctx: True, bench.context)  # type: ignore[arg-type, return-value]


def test_evidence_is_short_and_can_be_stored(bench: Bench) -> None:
    """A megabyte of evidence or a name that is not UTF-8 neither fills the result nor breaks it."""

    def long(ctx: Context) -> Verdict:
        raise CheckFailed("\udcff" + "x" * 1_000_000, "y" * 1_000_000)

    found = registry.judge(CHECK, long, bench.context)
    assert max(len(found.expected), len(found.found)) < 1000
    assert found.expected.startswith("\\udcff")
    assert msgspec.json.encode(found)


def test_every_built_in_validator_is_described_with_its_points() -> None:
    """The catalogue knows each one's parameters; the first eight have the points of the seed format."""
    seed = {
        "file-exists": 30.0,
        "content-contains": 40.0,
        "word-count-range": 30.0,
        "git-log-contains": 30.0,
        "directory-structure": 30.0,
        "command-output-contains": 30.0,
        "file-unchanged": 30.0,
        "link-consistency": 30.0,
    }
    found = registry.catalogue()
    assert {name: found[name].points for name in seed} == seed
    assert found["word-count-range"].required_params == {"min", "max"}
    assert all("ctx" not in spec.params for spec in found.values())
    assert [name for name, (function, _) in registry.BUILT_IN.items() if not function.__doc__] == []


def test_own_checks_are_called_by_their_hyphenated_name(bench: Bench, tmp_path: Path) -> None:
    """``second_one`` is ``second-one``; parameters of the YAML arrive."""
    source = "from agentbench.validators.base import passed\n\ndef first(ctx):\n    return passed()\n"
    source += "\ndef second_one(ctx, words):\n    return passed(','.join(words))\n"
    task = write(tmp_path, source)
    found = registry.judge(task.checks[1], registry.functions(task)["second-one"], bench.context)
    assert (found.status, found.found) == (CheckStatus.PASSED, "a")


def test_checks_that_cannot_be_imported_break_the_validator(tmp_path: Path) -> None:
    """An error at import makes the trial invalid; the module is not kept half loaded."""
    task = write(tmp_path, "1 / 0\n\ndef first(ctx): ...\ndef second_one(ctx, words): ...\n")
    for _ in range(2):
        with pytest.raises(ValidatorBroken, match="ZeroDivisionError"):
            registry.functions(task)


def test_threads_never_see_half_a_module(tmp_path: Path) -> None:
    """The gate judges side by side: every thread gets the finished checks."""
    source = "import time\ntime.sleep(0.2)\n\ndef first(ctx): ...\ndef second_one(ctx, words): ...\n"
    task = write(tmp_path, source)
    found: list[object] = []
    threads = [
        threading.Thread(target=lambda: found.append(registry.functions(task)["first"])) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert len(set(map(id, found))) == 1


@pytest.mark.parametrize("broken", [False, True])
def test_tasks_may_name_their_helper_modules_alike(bench: Bench, tmp_path: Path, broken: bool) -> None:
    """Each task gets its own ``_lib``, also after one whose checks could not be imported; both stay usable."""
    source = "import _lib\nfrom agentbench.validators.base import passed\n\n"
    source += "def first(ctx):\n    return passed(_lib.NAME)\n\ndef second_one(ctx, words): ...\n"
    found = {}
    for name in ("a", "b"):
        fails = broken and name == "a"
        task = write(tmp_path / name, source + ("1 / 0\n" if fails else ""))
        task = msgspec.structs.replace(task, id=f"helpers-{broken}-{name}")
        (Path(task.folder) / "_lib.py").write_text(f"NAME = {name!r}\n")
        if fails:
            with pytest.raises(ValidatorBroken, match="ZeroDivisionError"):
                registry.functions(task)
        else:
            found[name] = registry.functions(task)["first"]
    said = {name: registry.judge(CHECK, first, bench.context).found for name, first in found.items()}
    assert said == ({"b": "b"} if broken else {"a": "a", "b": "b"})
    assert "_lib" not in sys.modules
