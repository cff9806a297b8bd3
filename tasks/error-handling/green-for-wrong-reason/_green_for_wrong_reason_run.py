"""Runs in the sandbox: asks the agent's package, and runs the agent's tests against one package after another.

Called as ``run.py TASKS`` in the folder of a copy. The first line of TASKS has the sizes of the others; the last is a
seal, the rest are tasks: ``{"cases": […]}``, or ``{"files": …}``: null for the package as it lies there, else path →
[text, compiled]. Every task is done by a child in a fresh copy. The last line printed is
``{"seal": text, "results": […]}``.

The tests find no other package, and cannot tell which of them they are given: the file is gone before the first of
them runs, this process never holds what is in it, and nothing that a child starts or writes outlives it.
"""

import base64
import contextlib
import ctypes
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
import tempfile
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
_SET_DUMPABLE, _SET_CHILD_SUBREAPER = 4, 36


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


def child(place_of_task: tuple[int, int, int], home: Path, base: Path, out: int) -> None:
    """Do one task, read from a place in the file of tasks, and write what came of it; never return."""
    try:
        signal.alarm(int(SECONDS) + 5)
        task = json.loads(os.pread(*place_of_task))
        os.closerange(3, out)
        os.closerange(out + 1, 256)
        _prctl(_SET_DUMPABLE, 1)
        null = os.open(os.devnull, os.O_RDWR)
        for number in (0, 1, 2):
            os.dup2(null, number)
        sys.dont_write_bytecode = True
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
    end_children()
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        return {"none": "too slow" if not ready else "it ended early"}


def end_children() -> None:
    """End what a child has left running: its orphans are children of this process."""
    children = Path(f"/proc/self/task/{os.getpid()}/children")
    while children.exists() and (left := children.read_text().split()):
        for pid in map(int, left):
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGKILL)
            with contextlib.suppress(OSError):
                os.waitpid(pid, 0)


class Room:
    """All places where a child may write; they are as they were before the next one starts."""

    def __init__(self, base: Path):
        self.base = base
        self.own = [base.parent, Path(os.environ["HOME"])]
        self.kept = {path for root in self.roots() for path in self._below(root)}
        self.state = self._state()

    def roots(self) -> list[str]:
        """Return our folders, and in a box of our own (its first process started us) the temporary ones too."""
        found = list(map(str, self.own))
        if os.getppid() == 1 and Path("/proc/1/comm").read_text().strip() == "bwrap":
            for line in Path("/proc/self/mountinfo").read_text().splitlines():
                words = line.split(" ")
                if words[3] == "/" and "rw" in words[5].split(",") and " - tmpfs " in line:
                    found.append(words[4])
        return found

    def sweep(self) -> None:
        """Remove what was added. Raises OSError where something of the agent's was changed or cannot be removed."""
        for root in self.roots():
            for path in self._below(root):
                if path in self.kept or not os.path.lexists(path):
                    continue
                if Path(path).is_dir() and not Path(path).is_symlink():
                    shutil.rmtree(path)
                else:
                    Path(path).unlink()
        if self._state() != self.state:
            raise OSError("the tests or the package were changed")

    def _below(self, root: str) -> list[str]:
        """Return what lies below a folder on the same device; our own folders belong to themselves alone."""
        device, own, found = os.lstat(root).st_dev, set(map(str, self.own)) - {root}, []
        for folder, folders, names in os.walk(root):
            found += [f"{folder}/{name}" for name in folders + names if f"{folder}/{name}" not in own]
            folders[:] = [
                name
                for name in folders
                if f"{folder}/{name}" not in own and os.lstat(f"{folder}/{name}").st_dev == device
            ]
        return found

    def _state(self) -> dict:
        """Return what shows whether a file of the agent's has been changed."""
        stats = {path: os.lstat(path) for path in self._below(str(self.base))}
        return {path: (one.st_ino, one.st_mode, one.st_ctime_ns) for path, one in stats.items()}


def _prctl(option: int, value: int) -> None:
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(option, value, 0, 0, 0)


def main(tasks_file: str) -> None:
    """Do every task and print what came of all of them."""
    base, home = Path.cwd(), Path.cwd().parent / "home"
    _prctl(_SET_DUMPABLE, 0)  # no child looks into this process
    _prctl(_SET_CHILD_SUBREAPER, 1)
    tasks = os.open(tasks_file, os.O_RDONLY)
    head = os.pread(tasks, 1 << 16, 0).partition(b"\n")[0]
    Path(tasks_file).unlink()
    for path in sorted(base.glob("tests/**/*.py")):
        with contextlib.suppress(Exception):
            py_compile.compile(str(path), dfile=str(home / path.relative_to(base)), doraise=True,
                               invalidation_mode=CACHED)  # fmt: skip
    load_common(base)
    sys.path.pop(0)
    at, sizes, room = len(head) + 1, json.loads(head), Room(base)
    with tempfile.TemporaryFile(
        "w+", dir=base.parent
    ) as results:  # not in memory, where the next child might look
        for size in sizes[:-1]:
            results.write(one(room, home, (tasks, size, at)))
            results.flush()
            at += size
        results.seek(0)
        said = {
            "seal": os.pread(tasks, sizes[-1], at).decode().strip(),
            "results": results.read().splitlines(),
        }
        print("\n" + json.dumps(said), flush=True)


def one(room: Room, home: Path, place_of_task: tuple[int, int, int]) -> str:
    """Let a child do a task, and tidy up after it. Returns a line."""
    source, out = os.pipe()
    pid = os.fork()
    if not pid:
        os.setpgid(0, 0)
        child(place_of_task, home, room.base, out)
    os.close(out)
    found = collect(pid, source)
    try:
        room.sweep()
    except OSError as error:
        found = {"none": f"what it left stays: {error}"[:200]}
    return json.dumps(found) + "\n"


if __name__ == "__main__":
    main(sys.argv[1])
