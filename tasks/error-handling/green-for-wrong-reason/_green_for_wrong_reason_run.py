"""Runs in the sandbox: asks the agent's package, and runs the agent's tests against one package after another.

Called in the folder of a copy. Each line of the input is a task: ``{"cases": […]}``, or ``{"files": …}``: null for the
package as it lies there, else path → [text, compiled]. Every task is done by a child that is forked when its line was
read, in a fresh copy: the tests find no other package, and cannot tell which of them they are given.
"""

import base64
import contextlib
import importlib
import importlib.util
import inspect
import json
import os
import py_compile
import re
import select
import shutil
import signal
import sys
import time
import types
import unittest
import unittest.case
from pathlib import Path

import _green_for_wrong_reason_probe as probe

SECONDS = 15.0
MOST = 2_000_000
ALWAYS = ("calendar", "dataclasses", "datetime", "decimal", "fractions")
COMMON = ("itertools", "random", "unittest.mock")
CACHED = py_compile.PycInvalidationMode.UNCHECKED_HASH


class Quiet(unittest.TestResult):
    """Remembers which tests went wrong, and makes no texts of it."""

    def __init__(self):
        super().__init__()
        self.wrong = set()

    def _note(self, test):
        self.wrong.add(test.id())

    def addError(self, test, err):
        self._note(test)

    addFailure = addError

    def addUnexpectedSuccess(self, test):
        self._note(test)

    def addSubTest(self, test, subtest, err):
        if err is not None:
            self._note(test)


def run_tests(home: Path) -> dict:
    """Run what `python3 -m unittest discover -s tests` runs in ``home`` with PYTHONPATH=src."""
    os.chdir(home)
    unittest.case.difflib = types.SimpleNamespace(
        ndiff=lambda *pair: [], unified_diff=lambda *pair, **how: []
    )
    unittest.case.pprint = types.SimpleNamespace(
        pformat=repr
    )  # the words of failures cost most, and nobody reads them
    sys.path[:0] = [str(home), str(home / "src")]
    result = Quiet()
    unittest.TestLoader().discover("tests").run(result)
    return {"wrong": sorted(map(str, result.wrong)), "ran": result.testsRun}


def ask(home: Path, cases: list) -> dict:
    """Return the answers of the package in ``home`` and the signatures of what it lists."""
    sys.path.insert(0, str(home / "src"))
    found = {}
    for path, listed in probe.PUBLIC.items():
        for name in listed:
            with contextlib.suppress(Exception):
                target = getattr(importlib.import_module(path), name)
                parameters = inspect.signature(target).parameters.values()
                found[f"{path}.{name}"] = [[p.name, int(p.kind), repr(p.default)] for p in parameters]
    try:
        space = probe.names(importlib.import_module)
        answers = [probe.answer(case, space) for case in cases]
    except BaseException as error:
        answers = [f"error: {type(error).__name__}: {error}"[:200]] * len(cases)
    return {"answers": answers, "signatures": found}


def place(folder: Path, files: dict) -> None:
    """Write a package, compiled as well, as that is what costs most."""
    for path, (text, compiled) in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
        cached = Path(importlib.util.cache_from_source(str(target)))
        cached.parent.mkdir(exist_ok=True)
        cached.write_bytes(base64.b64decode(compiled))


def load_common(base: Path) -> None:
    """Import what the tests import from the standard library, of what is slow to load."""
    text = "\n".join(
        path.read_text("utf-8", "replace") for path in base.glob("tests/**/*.py") if path.is_file()
    )
    words = set(re.findall(r"\w+", text))
    for name in (*ALWAYS, *(name for name in COMMON if name.rpartition(".")[2] in words)):
        importlib.import_module(name)


def child(task: dict, home: Path, base: Path, out: int) -> None:
    """Do one task and write what came of it; never return."""
    try:
        signal.alarm(int(SECONDS) + 5)
        null = os.open(os.devnull, os.O_RDWR)
        for number in (0, 1, 2):
            os.dup2(null, number)
        sys.dont_write_bytecode = True
        if home.exists():
            shutil.rmtree(home)
        shutil.copytree(base, home)
        if task.get("files") is not None:
            shutil.rmtree(home / "src", ignore_errors=True)
            place(home / "src", task["files"])
        found = ask(home, task["cases"]) if "cases" in task else run_tests(home)
        data = json.dumps(found).encode()
        while data:
            data = data[os.write(out, data) :]
    finally:
        os._exit(0)


def collect(pid: int, source: int) -> dict:
    """Return what a child writes, or why there is nothing."""
    data, ends = b"", time.monotonic() + SECONDS
    while True:
        ready, _, _ = select.select([source], [], [], max(0.0, ends - time.monotonic()))
        part = os.read(source, 1 << 16) if ready else b""
        data += part
        if not part or len(data) > MOST:
            break
    os.close(source)
    with contextlib.suppress(OSError):
        os.killpg(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        return {"none": "too slow" if not ready else "it ended early"}


def main() -> None:
    """Do every task of the input, a line each; write a line each."""
    base, home = Path.cwd(), Path.cwd().parent / "home"
    for path in sorted(base.glob("tests/**/*.py")):
        with contextlib.suppress(Exception):
            py_compile.compile(str(path), dfile=str(home / path.relative_to(base)), doraise=True,
                               invalidation_mode=CACHED)  # fmt: skip
    load_common(base)
    sys.path.pop(0)
    for line in sys.stdin.buffer:
        task = json.loads(line)
        source, out = os.pipe()
        pid = os.fork()
        if not pid:
            os.setpgid(0, 0)
            os.close(source)
            child(task, home, base, out)
        os.close(out)
        del task
        found = collect(pid, source)
        sys.stdout.write(json.dumps(found) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
