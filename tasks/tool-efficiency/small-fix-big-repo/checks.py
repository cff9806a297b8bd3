"""Judge the fix by what the functions of the code base return, its test by where it fails, the diff by its size.

What each check rests on. ticket, odd-books: docs/periods.md ("Closing", "Closing days change", "Period") and
`invoices`; credit-notes: the docstring of `credited`; books-together: README.md, "one process serves all departments
and books"; same-cause, other-routes and callers-kept: "everything in erp/ that has to do with periods or months must
do what its own docstring and docs/periods.md say" (other-routes: what asks for something else than a period, though
its docstring speaks of closings; callers-kept: what is right as given, such as the month by date of `since`, `upto`
and `Desk.month`, and the days of a stocktaking, which include both closings); own-test: the fourth paragraph of the
prompt; small-diff: "At most 25 lines".
"""

import difflib
import filecmp
import json
import os
import re
import shutil
from pathlib import Path
from typing import Any

from agentbench import shellwords
from agentbench.trajectory import calls as calls_of
from agentbench.validators.base import (
    CheckFailed,
    CheckSkipped,
    Context,
    Verdict,
    failed,
    partial,
    passed,
    safe_name,
)

OWN_TEST = "erp/tests/test_ticket.py"
KEPT = "callers-kept"
"""The group that is right as given."""
TEST_SECONDS = 60
"""Three times what the prompt allows: the machine may be slower than the agent's."""
_CALLS_SECONDS = 120
_MOST_BYTES = 400_000
_SCRATCH = re.compile(r"(?:^|/)(?:__pycache__|\.pytest_cache|\.mypy_cache|\.ruff_cache)/|\.pyc$")
_PROGRAM = Path(__file__).with_name("_small_fix_big_repo_probe.py").read_text("utf-8")


def calls_right(ctx: Context, group: str) -> Verdict:
    """Judge whether every hidden call of a group returns what it has to."""
    groups = _cases(ctx)[group]
    answers = ctx.once("answers", lambda: _answers(ctx))
    count = 0
    for name, cases in groups.items():
        found = answers.get(f"{group}/{name}")
        if not isinstance(found, list) or len(found) != len(cases):
            return failed(f"{len(cases)} results of {cases[0]['call']}", str(found))
        for case, result in zip(cases, found, strict=True):
            if not _same(result, case["expect"]):
                told = f"{case['call']} ({_told(case['args'])})"
                return failed(f"{told}: {_short(case['expect'])}", f"{_short(result)}, book or caller {name}")
        count += len(cases)
    return passed(f"{count} calls as documented")


def own_test(ctx: Context) -> Verdict:
    """Judge whether the regression test passes with the fix and fails by an assertion without it.

    A fix is what puts at least one group of calls right: a changed comment is none.
    """
    ctx.path(OWN_TEST)
    if not any(calls_right(ctx, group).share == 1 for group in _cases(ctx) if group != KEPT):
        return failed("a fix that the test is about", "no group of calls is right")
    erp = _erp(ctx)
    fixed = _run_test(ctx, erp)
    if fixed["rc"] != 0 or not fixed["ran"] or not fixed["all"]:
        return failed("a test that passes with the fix, nothing skipped", fixed["tail"])
    before = _run_test(ctx, _as_given(ctx, erp))
    if before["rc"] == 0 or not before["failures"]:
        return failed("a test that fails by an assertion on the code as it was", before["tail"])
    return passed(f"{fixed['ran']} tests, {before['failures']} of which fail without the fix")


def small_diff(ctx: Context, max_lines: int) -> Verdict:
    """Guard: at most so many lines differ in erp/, the regression test apart; blank lines do not count."""
    changed: dict[str, int] = {}
    for name, before in _changes(ctx).items():
        there = (ctx.workspace / name).is_file() and name not in ctx.omitted
        after = ctx.bytes(name) if there else b""
        if len(after) > _MOST_BYTES:
            raise CheckFailed(
                f"at most {max_lines} changed lines", f"{safe_name(name)} of {len(after)} bytes"
            )
        changed[safe_name(name)] = max(1, _difference(_lines(before), _lines(after)))
    total = sum(changed.values())
    shown = f"{total} in {', '.join(changed) or 'no file'}"
    return passed(shown) if total <= max_lines else failed(f"at most {max_lines} changed lines", shown)


def suite_runs(ctx: Context, most: int) -> Verdict:
    """Judge how often the whole suite was run, by the commands of the transcript."""
    if ctx.trajectory is None:
        raise CheckSkipped("no transcript: nobody knows how often the suite was run")
    commands = [call.command or "" for call in calls_of(ctx.trajectory)]
    pipelines = (pipeline for command in commands for pipeline in shellwords.parse(command))
    runs = sum(_is_whole_suite(command) for pipeline in pipelines for command in pipeline)
    share = 1.0 if runs <= most else 0.0
    return partial(share, f"the whole suite at most {most} times", f"{runs} times")


def _cases(ctx: Context) -> dict[str, Any]:
    found: dict[str, Any] = ctx.once("cases", lambda: ctx.expected("cases.json")["checks"])
    return found


def _is_whole_suite(command: shellwords.Command) -> bool:
    """Return whether a command runs suite.py without naming a department."""
    words = list(command.words)
    runs = command.name.startswith("python") or command.name == "suite.py"
    at = next((n for n, word in enumerate(words) if word.rpartition("/")[2] == "suite.py"), None)
    return runs and at is not None and all(word.startswith("-") for word in words[at + 1 :])


def _erp(ctx: Context) -> Path:
    """Return a copy of erp/ as the agent left it, for programs to run in."""
    if not (ctx.workspace / "erp").is_dir() or (ctx.workspace / "erp").is_symlink():
        raise CheckFailed("erp/", "no such folder")
    return ctx.once("erp", lambda: _copied(ctx, ctx.workspace / "erp"))


def _changes(ctx: Context) -> dict[str, bytes]:
    """Return the files of erp/ that differ, the regression test apart, with what they were: nothing if new."""
    return ctx.once("changes", lambda: _compared(ctx))


def _compared(ctx: Context) -> dict[str, bytes]:
    found = {}
    given, now = (_files(str(root)) for root in (ctx.pristine, ctx.workspace))
    for name in sorted(given | now):
        if name == OWN_TEST or _SCRATCH.search(name):
            continue
        pair = f"{ctx.pristine}/{name}", f"{ctx.workspace}/{name}"
        known = name in given and name in now and not (ctx.workspace / name).is_symlink()
        if not known or not filecmp.cmp(*pair, shallow=False):
            found[name] = (ctx.pristine / name).read_bytes() if name in given else b""
    return found


def _files(root: str) -> set[str]:
    """Return the names of all files in erp/ below a folder, and of links to files."""
    return {
        f"{folder.removeprefix(root).strip('/')}/{name}"
        for folder, _, names in os.walk(f"{root}/erp")
        for name in names
    }


def _as_given(ctx: Context, erp: Path) -> Path:
    """Return the copy of erp/ put back to what it was, the regression test apart. Raises CheckFailed."""
    try:
        for name, before in _changes(ctx).items():
            target = erp.parent / name
            target.unlink(missing_ok=True)
            if (ctx.pristine / name).is_file():
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(before)
    except OSError as error:
        raise CheckFailed("files and folders where they were", str(error)) from None
    return erp


def _copied(ctx: Context, source: Path) -> Path:
    target = ctx.scratch() / "erp"
    try:
        shutil.copytree(source, target, symlinks=True, ignore=shutil.ignore_patterns("__pycache__", ".*"))
    except shutil.Error as error:
        raise CheckFailed("erp/ that can be copied", str(error)) from None
    return target


def _answers(ctx: Context) -> dict[str, Any]:
    """Make all hidden calls in one run, each group in a process of its own, and return the results by group."""
    asked = {
        f"{check}/{name}": [[case["call"], case["args"]] for case in cases]
        for check, groups in _cases(ctx).items()
        for name, cases in groups.items()
    }
    erp = _erp(ctx)
    desk = ctx.scratch()
    (desk / "probe.py").write_text(_PROGRAM, "utf-8")
    done = ctx.run(
        ["python3", "-I", "-S", "-B", str(desk / "probe.py"), str(erp)],
        cwd=erp,
        timeout_sec=_CALLS_SECONDS,
        stdin=json.dumps(asked, separators=(",", ":")).encode(),
    )
    try:
        found = json.loads(done.stdout.decode("utf-8", "replace").rstrip().rpartition("\n")[2])
    except (ValueError, RecursionError):
        raise CheckFailed("functions that can be called", done.tail()) from None
    if not isinstance(found, dict):
        raise CheckFailed("functions that can be called", done.tail())
    return found


def _same(found: object, expected: object) -> bool:
    """Return whether a result has the expected kind and value; numbers are no truth values."""
    if isinstance(expected, dict):
        if not isinstance(found, dict) or found.keys() != expected.keys():
            return False
        return all(_same(found[key], value) for key, value in expected.items())
    if isinstance(expected, list):
        if not isinstance(found, list) or len(found) != len(expected):
            return False
        return all(_same(one, other) for one, other in zip(found, expected, strict=True))
    return not isinstance(found, bool) and found == expected


def _told(args: list[Any]) -> str:
    plain = [next(iter(arg.values())) if isinstance(arg, dict) else arg for arg in args]
    return ", ".join(_short(arg) for arg in plain)


def _short(value: object) -> str:
    text = json.dumps(value, ensure_ascii=True, default=str)
    return text if len(text) <= 90 else f"{text[:40]} … {text[-40:]}"


def _run_test(ctx: Context, erp: Path) -> dict[str, Any]:
    command = ["python3", "-S", "-B", "-m", "unittest", "tests.test_ticket"]
    done = ctx.run(command, cwd=erp, timeout_sec=TEST_SECONDS)
    last = done.stderr.decode("utf-8", "replace").rstrip().rpartition("\n")[2].strip()
    ran = re.findall(rb"^Ran (\d{1,6}) tests? ", done.stderr, re.MULTILINE)
    failures = re.fullmatch(r"FAILED \((?:.*, )?failures=(\d{1,6}).*\)", last)
    return {
        "rc": 1 if done.timed_out else done.rc,
        "ran": int(ran[-1]) if ran else 0,
        "all": last == "OK",
        "failures": int(failures[1]) if failures and not done.timed_out else 0,
        "tail": done.tail(),
    }


def _lines(data: bytes) -> list[str]:
    text = data.decode("utf-8", "backslashreplace").removeprefix("\ufeff")
    return [line for line in text.replace("\r\n", "\n").split("\n") if line.strip()]


def _difference(before: list[str], after: list[str]) -> int:
    """Return how many lines differ: of lines replaced by others, the larger number."""
    if len(before) + len(after) > 4_000:
        return len(set(before) ^ set(after)) + abs(len(before) - len(after))
    codes = difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    return sum(max(i2 - i1, j2 - j1) for tag, i1, i2, j1, j2 in codes if tag != "equal")
