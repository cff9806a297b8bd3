"""Watch what running programs use as a whole tree of processes, and end those that use too much.

One thread serves all programs: one look at the process table a second, however many run. Folders are measured no more
often than every second and never for more than a twentieth of the time. Memory is what a tree has for itself:
shared pages are counted by their share where the plain sum is over the limit.
"""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import msgspec
import psutil

MAX_ENTRIES = 200_000
"""Files and folders that a program may have below its folders."""
_TICK_SEC = 1.0
_SHARE_OF_TIME = 20.0


class Limits(msgspec.Struct, frozen=True):
    """What a tree of processes may use; None for no limit."""

    memory_bytes: int | None = None
    n_processes: int | None = None
    disk_bytes: int | None = None
    folders: tuple[Path, ...] = ()

    @property
    def any(self) -> bool:
        """Whether there is a limit at all."""
        return any(limit is not None for limit in (self.memory_bytes, self.n_processes, self.disk_bytes))


class Guard:
    """A watched program: `exceeded` says which limit it broke, once it did."""

    def __init__(self, pid: int, limits: Limits, kill: Callable[[], None]) -> None:
        self.pid, self.limits, self.kill = pid, limits, kill
        self.exceeded: str | None = None
        self.next_scan = 0.0


_guards: list[Guard] = []
_lock = threading.Lock()
_thread: threading.Thread | None = None


@contextlib.contextmanager
def watched(pid: int, limits: Limits, kill: Callable[[], None]) -> Iterator[Guard]:
    """Watch the tree of ``pid`` during the body; ``kill`` is called once when it breaks a limit."""
    global _thread
    guard = Guard(pid, limits, kill)
    if not limits.any:
        yield guard
        return
    with _lock:
        _guards.append(guard)
        if _thread is None or not _thread.is_alive():
            _thread = threading.Thread(target=_watch, name="watch", daemon=True)
            _thread.start()
    try:
        yield guard
    finally:
        with _lock:
            _guards.remove(guard)


def _watch() -> None:
    """Look after all guards until there is none."""
    global _thread
    while True:
        time.sleep(_TICK_SEC)
        with _lock:
            if not _guards:
                _thread = None
                return
            now = [guard for guard in _guards if guard.exceeded is None]
        by_parent = _table()
        for guard in now:
            with contextlib.suppress(psutil.Error, OSError):
                guard.exceeded = _broken(guard, by_parent)
            if guard.exceeded is not None:
                guard.kill()


def _table() -> dict[int, list[psutil.Process]]:
    """Return all processes by their parent."""
    found: dict[int, list[psutil.Process]] = {}
    for process in psutil.process_iter(["ppid"]):
        found.setdefault(process.info["ppid"], []).append(process)
    return found


def _tree(pid: int, by_parent: dict[int, list[psutil.Process]]) -> list[psutil.Process]:
    found, queue = [], [pid]
    while queue:
        below = by_parent.get(queue.pop(), [])
        found += below
        queue += [process.pid for process in below]
    with contextlib.suppress(psutil.NoSuchProcess):
        found.append(psutil.Process(pid))
    return found


def _broken(guard: Guard, by_parent: dict[int, list[psutil.Process]]) -> str | None:
    limits = guard.limits
    tree = _tree(guard.pid, by_parent)
    if limits.n_processes is not None and len(tree) > limits.n_processes:
        return "processes"
    if limits.memory_bytes is not None and _over_memory(tree, limits.memory_bytes):
        return "memory"
    if limits.disk_bytes is not None and time.monotonic() >= guard.next_scan:
        begun = time.monotonic()
        full = _over_disk(limits.folders, limits.disk_bytes)
        took = time.monotonic() - begun
        guard.next_scan = begun + took * _SHARE_OF_TIME
        if full:
            return "disk"
    return None


def _over_memory(tree: Sequence[psutil.Process], most: int) -> bool:
    def total(measure: Callable[[psutil.Process], int]) -> int:
        sizes = 0
        for process in tree:
            with contextlib.suppress(psutil.Error, OSError):
                sizes += measure(process)
        return sizes

    if total(lambda process: process.memory_info().rss) <= most:
        return False
    return total(lambda process: getattr(process.memory_full_info(), "pss", process.memory_info().rss)) > most


def _over_disk(folders: Sequence[Path], most: int) -> bool:
    """Return whether the folders hold more than ``most`` bytes (as allocated) or `MAX_ENTRIES` entries."""
    size = entries = 0
    queue = [str(folder) for folder in folders]
    while queue:
        with contextlib.suppress(OSError), os.scandir(queue.pop()) as found:
            for entry in found:
                entries += 1
                with contextlib.suppress(OSError):
                    status = entry.stat(follow_symlinks=False)
                    size += status.st_blocks * 512
                    if entry.is_dir(follow_symlinks=False):
                        queue.append(entry.path)
                if size > most or entries > MAX_ENTRIES:
                    return True
    return False
