"""Find and end what a program leaves behind: children of its group, daemons, orphans that Linux gave to us.

Every program carries a marker of its own in its environment, which its descendants inherit, and the label of the run it
belongs to. A descendant that cleared its environment is found, on Linux, by being adopted by us.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec
import psutil

MARKER = "AGENTBENCH_PROCESS"
RUN = "AGENTBENCH_RUN"
GRACE_SEC = 5.0
_SET_CHILD_SUBREAPER = 36
starting = threading.Lock()
"""Held while a program starts: until it is spared, another thread would take it for an orphan."""
_spared: set[int] = set()
_running: set[int] = set()
_interruptible: dict[int, int] = {}
"""Process id → the thread that started it."""
_thread = threading.local()
_labels: dict[str, str] = {}


class Child(msgspec.Struct, frozen=True):
    """A started program and the marker that its descendants carry."""

    process: subprocess.Popen[bytes]
    marker: str
    others: frozenset[int]
    """Our children before it."""
    contained: bool
    """Whether it has a process namespace of its own, which nothing survives."""


def adopt() -> None:
    """Ask Linux to give us the orphans of our descendants."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def label(run: str) -> None:
    """Note the run, by its path, that programs started from now on belong to; see `kill_leftovers`."""
    _labels[RUN] = run


def labels() -> dict[str, str]:
    """Return the variables that say where a program belongs."""
    return dict(_labels)


def children() -> frozenset[int]:
    """Return the ids of our children."""
    return frozenset(other.pid for other in psutil.Process().children())


def spare(pid: int) -> None:
    """Note that a child of this process is no descendant of a program that was run."""
    _spared.add(pid)


def started(pid: int) -> None:
    """Note that a program runs. To be called while `starting` is held."""
    _spared.add(pid)
    _running.add(pid)
    if getattr(_thread, "interruptible", False):
        _interruptible[pid] = threading.get_ident()


def kill_tree(child: Child) -> None:
    """End every process of a program and wait until none is left. Never raises for one that is gone."""
    kill_group(child.process.pid)
    child.process.wait()
    _running.discard(child.process.pid)
    _interruptible.pop(child.process.pid, None)
    deadline = time.monotonic() + GRACE_SEC
    while (alive := _alive(child)) and time.monotonic() < deadline:
        for process in alive:
            with contextlib.suppress(psutil.Error):
                process.kill()
        psutil.wait_procs(alive, timeout=0.2)
    _spared.discard(child.process.pid)


@contextlib.contextmanager
def interruptible() -> Iterator[None]:
    """Let `kill_running` end what this thread starts during the body: an agent's programs, never a grader's."""
    _thread.interruptible = True
    try:
        yield
    finally:
        _thread.interruptible = False


def kill_running(thread: int | None = None) -> int:
    """End the interruptible programs that run now, or those of one thread (by its ident); return their number.

    Who waits for one sees it end by a signal.
    """
    now = [pid for pid, owner in list(_interruptible.items()) if thread in (None, owner)]
    for pid in now:
        kill_group(pid)
    return len(now)


def kill_leftovers(run: str) -> int:
    """End the processes that a killed harness left of the run at ``run``; return their number."""
    found = [process for process in _with(RUN, run) if process.pid != os.getpid()]
    for process in found:
        with contextlib.suppress(psutil.Error):
            process.kill()
    psutil.wait_procs(found, timeout=GRACE_SEC)
    return len(found)


def kill_group(pid: int) -> None:
    """End the process group ``pid``, if it is still there."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


def _alive(child: Child) -> list[psutil.Process]:
    marked = [] if child.contained else _with(MARKER, child.marker)
    return [*marked, *_adopted(child)]


def _adopted(child: Child) -> list[psutil.Process]:
    """Return the orphans that Linux gave to us and that carry no marker: daemons with a cleared environment.

    While other programs run they may be theirs; the last one to end takes them along.
    """
    if not sys.platform.startswith("linux"):
        return []
    found: list[psutil.Process] = []
    with starting:
        present = psutil.Process().children()
    for process in present:
        with contextlib.suppress(psutil.Error, OSError):
            ours = process.pid in child.others | _spared or os.getsid(process.pid) == os.getsid(0)
            if ours:
                continue
            if process.status() == psutil.STATUS_ZOMBIE:
                os.waitpid(process.pid, os.WNOHANG)
            elif not _running and MARKER not in process.environ():
                found.append(process)
    return found


def _with(variable: str, value: str) -> list[psutil.Process]:
    """Return the living processes whose environment has ``variable`` set to ``value``."""
    found = []
    for process in _carriers(variable, value):
        with contextlib.suppress(psutil.Error, OSError):
            if process.environ().get(variable) == value and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
    return found


def _carriers(variable: str, value: str) -> Iterator[psutil.Process]:
    """Yield the processes whose environment may have ``variable`` set to ``value``: on Linux few, seen at a glance."""
    if not sys.platform.startswith("linux"):
        yield from psutil.process_iter()
        return
    wanted = os.fsencode(f"{variable}={value}")
    for pid in psutil.pids():
        with contextlib.suppress(psutil.Error, OSError):
            if wanted in Path(f"/proc/{pid}/environ").read_bytes():
                yield psutil.Process(pid)
