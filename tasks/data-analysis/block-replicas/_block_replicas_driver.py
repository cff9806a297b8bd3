"""Runs replay.py on each cluster in turn: ``python3 driver.py PROGRAM CLUSTERS OUT LIMIT_SEC NAME …``

Every run is a process of its own. To spare the start of an interpreter it is forked off this one, which has compiled
the program; a run that fails so is done again as the command that was asked for. ``OUT/NAME.end`` says how it ended.
"""

import bisect  # noqa: F401
import builtins
import collections  # noqa: F401
import contextlib
import csv  # noqa: F401
import ctypes
import datetime  # noqa: F401
import heapq  # noqa: F401
import os
import re  # noqa: F401
import signal
import subprocess
import sys
import time
import types
from pathlib import Path

TIMEOUTS = 2
"""After so many the other clusters are not tried."""
_SET_CHILD_SUBREAPER = 36


def main(program, clusters, out, limit, *names):
    """Run the program for all clusters."""
    slow, code, broken = 0, None, ""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    try:
        code = compile(Path(program).read_bytes(), program, "exec", dont_inherit=True)
    except (OSError, SyntaxError, ValueError, RecursionError, MemoryError) as error:
        broken = f"no Python: {type(error).__name__}"
    for name in names:
        folder = Path(clusters, name)
        argv = [program, f"{folder}/logs", f"{folder}/probes.txt", f"{out}/{name}"]
        end = (
            "not tried, as others took too long"
            if slow == TIMEOUTS
            else broken or attempt(code, argv, float(limit))
        )
        end_children()
        slow += end == "timed out"
        Path(out, f"{name}.end").write_text(end, "utf-8")


def end_children():
    """End what the program has left running, so that nothing is done after its time."""
    children = Path(f"/proc/self/task/{os.getpid()}/children")
    while children.exists() and (left := children.read_text().split()):
        for pid in map(int, left):
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGKILL)
            with contextlib.suppress(OSError):
                os.waitpid(pid, 0)


def attempt(code, argv, limit):
    """Run once, and once more in the plain way when that fails. Returns how it ended."""
    end = forked(code, argv, limit)
    if end in ("", "timed out"):
        return end
    try:
        quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE}
        done = subprocess.run([sys.executable, *argv], timeout=limit, **quiet)
    except subprocess.TimeoutExpired:
        return "timed out"
    words = done.stderr.decode("utf-8", "replace").strip()[-300:]
    return f"exit code {done.returncode}: {words}" if done.returncode else ""


def forked(code, argv, limit):
    """Run the program in a child of this process. Returns how it ended; empty is well."""
    child = os.fork()
    if child == 0:
        sys.exit(_become(code, argv))  # not os._exit: files that the program left open get their last bytes
    end = time.monotonic() + limit
    pause = 0.002
    while time.monotonic() < end:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return f"ended with {status}" if status else ""
        time.sleep(pause)
        pause = min(pause * 1.3, 0.05)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return "timed out"


def _become(program, argv):
    """Be the program. Returns its exit code."""
    try:
        nothing = os.open(os.devnull, os.O_RDWR)
        for stream in range(3):
            os.dup2(nothing, stream)
        sys.argv, sys.path[0] = argv, str(Path(argv[0]).resolve().parent)
        module = sys.modules["__main__"] = types.ModuleType("__main__")
        module.__file__, module.__builtins__ = argv[0], builtins
        exec(program, module.__dict__)
    except SystemExit as left:
        return left.code if isinstance(left.code, int) else int(left.code is not None)
    except BaseException:
        return 1
    return 0


if __name__ == "__main__":
    main(*sys.argv[1:])
