"""Judge the repaired package by hidden cases, its tests by packages that keep or break the rules, and vacuous.json.

All of the agent's code runs in one call in the sandbox (`_green_for_wrong_reason_run`). A broken package counts as
noticed when a test goes wrong with it that is right with the other package, which is run twice among the broken ones:
what asks for more than the rules, or wavers, notices nothing.
"""

import base64
import functools
import importlib.util
import inspect
import json
import marshal
import secrets
import shutil
from pathlib import Path

from _green_for_wrong_reason_cases import same

from agentbench.validators.base import (
    CheckFailed,
    Context,
    Verdict,
    clip,
    failed,
    find_files,
    passed,
    same_set,
)

HERE = Path(inspect.getsourcefile(same) or "").parent
_PROGRAMS = ("_green_for_wrong_reason_run.py", "_green_for_wrong_reason_probe.py")
_SOME = 0.75
"""The share of the vacuous tests that must be listed before their codes count."""


def bug_gone(ctx: Context, group: str) -> Verdict:
    """The cases in which one bug shows are answered by the rules."""
    wrong = _wrong(ctx)[group]
    total = len(ctx.expected("expected.json")["groups"][group])
    return (
        failed(f"{total} cases right", f"{len(wrong)} wrong, first {wrong[0]}") if wrong else passed("right")
    )


def others_right(ctx: Context) -> Verdict:
    """All other cases are still right; earns beside at least two repaired bugs only, as they were right before."""
    wrong = dict(_wrong(ctx))
    others = wrong.pop("others")
    if others:
        return failed("all other cases right", f"{len(others)} wrong, first {others[0]}")
    if sum(not found for found in wrong.values()) < 2:
        return failed("a package that was repaired", "at most one bug is gone")
    return passed("all other cases right")


def green_here(ctx: Context) -> Verdict:
    """The tests are green on the package beside them; earns where at least two bugs are gone."""
    if sum(not found for group, found in _wrong(ctx).items() if group != "others") < 2:
        return failed("green on a package that was repaired", "at most one bug is gone")
    return _green(_results(ctx)["own"])


def green_there(ctx: Context) -> Verdict:
    """The tests are green on another package that keeps the rules; earns where they are red on one that does not."""
    for found in _results(ctx)["other"]:
        verdict = _green(found)
        if verdict.share < 1:
            return verdict
    if not any(found.get("wrong") for group in _results(ctx)["broken"].values() for found in group.values()):
        return failed("tests that can fail", "green on every broken package too")
    return passed("green")


def red_where_broken(ctx: Context, group: str) -> Verdict:
    """Each package of a group that breaks one rule makes some test red that is green without the breach."""
    results = _results(ctx)
    if any("none" in found or not found["ran"] for found in results["other"]):
        raise CheckFailed("tests that run through", str(results["other"][0].get("none", "no tests")))
    excused = set().union(*(found["wrong"] for found in results["other"]))
    missed = [
        name
        for name, found in results["broken"][group].items()
        if "none" not in found and set(found["wrong"]) <= excused
    ]
    total = len(results["broken"][group])
    if missed:
        return failed(
            f"red on {total} broken packages", f"green on {len(missed)}: {', '.join(sorted(missed))}"
        )
    return passed(f"red on {total} broken packages")


def vacuous_exact(ctx: Context) -> Verdict:
    """Exactly the vacuous tests are listed."""
    return same_set(set(ctx.expected("expected.json")["vacuous"]), set(_listed(ctx)), "tests")


def codes_right(ctx: Context) -> Verdict:
    """What is rightly listed has its code; counts once most of the vacuous tests are listed."""
    wanted, found = ctx.expected("expected.json")["vacuous"], _listed(ctx)
    both = sorted(set(wanted) & set(found))
    if len(both) < _SOME * len(wanted):
        return failed("codes of the vacuous tests", f"{len(both)} of {len(wanted)} listed")
    wrong = [f"{test} is {wanted[test]}" for test in both if found[test] != wanted[test]]
    return (
        failed("the first code that fits", "; ".join(wrong[:5]))
        if wrong
        else passed(f"{len(both)} codes right")
    )


def signatures_kept(ctx: Context) -> Verdict:
    """The public names take what they took."""
    if _untouched(ctx):
        return passed("nothing was touched")
    shown = _answers(ctx)["signatures"]
    wanted = ctx.expected("expected.json")["signatures"]
    for name, parameters in wanted.items():
        if shown.get(name) != parameters:
            return failed(f"{name} as it was", clip(str(shown.get(name, "gone")), 200))
    return passed("as they were")


def _listed(ctx: Context) -> dict[str, object]:
    found = ctx.json("vacuous.json")
    if not isinstance(found, dict):
        raise CheckFailed("vacuous.json: an object, test id → reason code", clip(str(found), 80))
    return {str(test): str(code).strip() for test, code in found.items()}


def _green(found: dict) -> Verdict:
    if "none" in found:
        return failed("tests that run through", str(found["none"]))
    if not found["ran"]:
        return failed("tests that run", "none ran")
    if found["wrong"]:
        return failed("all tests green", f"{len(found['wrong'])} red: {', '.join(found['wrong'][:4])}")
    return passed(f"{found['ran']} tests green")


def _wrong(ctx: Context) -> dict[str, list[str]]:
    """Return group → what was answered wrongly."""
    expected, answers = ctx.expected("expected.json"), _answers(ctx)["answers"]
    if len(answers) != len(expected["cases"]):
        raise CheckFailed(f"{len(expected['cases'])} answers", str(len(answers)))
    return {
        group: [
            f"{clip(expected['cases'][at], 120)} gave {clip(str(answers[at]), 80)}"
            for at in cases
            if not same(answers[at], expected["answers"][at])
        ]
        for group, cases in expected["groups"].items()
    }


def _answers(ctx: Context) -> dict:
    found = _results(ctx)["asked"]
    if (
        "none" in found
        or not isinstance(found.get("answers"), list)
        or not isinstance(found.get("signatures"), dict)
    ):
        raise CheckFailed("a package that answers", str(found.get("none", "nothing")))
    return found


def _results(ctx: Context) -> dict:
    return ctx.once("green-for-wrong-reason", lambda: _run(ctx))


def _untouched(ctx: Context) -> bool:
    def content(root: Path) -> dict[str, bytes]:
        names = [name for top in ("src", "tests") for name in find_files(root, f"{top}/**")]
        return {name: (root / name).read_bytes() for name in names if "/__pycache__/" not in name}

    return content(ctx.workspace) == content(ctx.pristine)


def _run(ctx: Context) -> dict:
    """Run everything: the cases, the tests with their own package, and with each hidden one."""
    if _untouched(ctx):
        raise CheckFailed("src/ and tests/ repaired", "both are as they were")
    desk = ctx.scratch()
    base = desk / "base"
    base.mkdir()
    for name in ("src", "tests"):
        if not (ctx.workspace / name).is_dir():
            raise CheckFailed(f"a folder {name}", "none")
        shutil.copytree(
            ctx.workspace / name, base / name, symlinks=True, ignore=shutil.ignore_patterns("__pycache__")
        )
    for name in ctx.files("*"):
        shutil.copy2(ctx.path(name), base / name)
    for name in _PROGRAMS:
        shutil.copy2(HERE / name, desk / name)
    packages = ctx.expected("packages.json")
    tasks = [{"cases": ctx.expected("expected.json")["cases"]}, {"files": None}]
    for package in packages:
        tasks.append(
            {"files": {path: [text, _compiled(path, text)] for path, text in package["files"].items()}}
        )
    found = [_fit(line) for line in _ran(ctx, base, tasks)]
    results: dict = {"asked": found[0], "own": _tested(found[1]), "other": [], "broken": {}}
    for package, one in zip(packages, found[2:], strict=True):
        if package["group"] == "other":
            results["other"].append(_tested(one))
        else:
            results["broken"].setdefault(package["group"], {})[package["name"]] = _tested(one)
    return results


def _ran(ctx: Context, base: Path, tasks: list[dict]) -> list[str]:
    """Return a line for each task. Raises CheckFailed when the runner came to grief, or somebody spoke in its place."""
    seal = secrets.token_hex(16)
    lines = [json.dumps(task).encode() + b"\n" for task in tasks] + [seal.encode()]
    file = base.parent / "tasks"
    file.write_bytes(json.dumps([len(line) for line in lines]).encode() + b"\n" + b"".join(lines))
    argv = ["python3", "-S", "-s", "-B", str(base.parent / _PROGRAMS[0]), str(file)]
    done = ctx.run(argv, cwd=base, timeout_sec=900)
    try:
        said = json.loads(done.stdout.decode("utf-8", "replace").rstrip().rpartition("\n")[2])
        sound = said["seal"] == seal and len(said["results"]) == len(tasks)
    except (ValueError, KeyError, TypeError, RecursionError):
        sound = False
    if not sound:
        raise CheckFailed("code and tests that can be run", done.tail())
    return said["results"]


@functools.lru_cache(maxsize=500)
def _compiled(path: str, text: str) -> str:
    """Return what Python would keep of a module in __pycache__, to be taken as it is."""
    code = marshal.dumps(compile(text, path, "exec", dont_inherit=True))
    return base64.b64encode(
        importlib.util.MAGIC_NUMBER + (1).to_bytes(4, "little") + bytes(8) + code
    ).decode()


def _fit(line: str) -> dict:
    """Return a line's mapping; a child that wrote something else has no result."""
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        found = None
    return found if isinstance(found, dict) else {"none": "it wrote something else"}


def _tested(found: dict) -> dict:
    wrong, ran = found.get("wrong"), found.get("ran")
    fit = isinstance(wrong, list) and all(isinstance(name, str) for name in wrong) and isinstance(ran, int)
    return found if fit else {"none": str(found.get("none", "it wrote something else"))}
