"""Private temporary directories that do not outlive their owner by long, and their removal.

A directory of `temporary` is locked as long as its owner lives; what a killed owner left behind has a free
lock, and `sweep` removes it. Hidden values of a task lie in such a directory, so none stays around.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from agentbench.paths import temporary_dir, temporary_root

_SWEPT = ("hidden", "grading", "home", "proxy")


@contextlib.contextmanager
def temporary(kind: str) -> Iterator[Path]:
    """Make a private directory for the body; should we be killed, the next `sweep` removes it.

    Raises EnvironmentNotReady when it cannot be made.
    """
    while True:
        root = temporary_dir(kind)
        try:
            descriptor = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        except FileNotFoundError:
            continue  # swept between the two lines
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        if root.is_dir():
            break
        os.close(descriptor)
    try:
        yield root
    finally:
        remove_tree(root)
        os.close(descriptor)


def sweep() -> None:
    """Remove the directories of `temporary` whose owner was killed, as their lock is free."""
    for kind in _SWEPT:
        for root in temporary_root().glob(f"agentbench-{kind}-*"):
            with contextlib.suppress(OSError):
                descriptor = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
                try:
                    if os.fstat(descriptor).st_uid == os.geteuid():
                        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                        remove_tree(root)
                finally:
                    os.close(descriptor)


def remove_tree(root: Path) -> None:
    """Remove a directory whatever its modes are; what resists is left behind silently."""
    with contextlib.suppress(RecursionError):
        _remove_tree(root)
    if root.is_dir() and not root.is_symlink() and (remover := shutil.which("rm")):
        # Paths beyond PATH_MAX can be reached step by step only, which rm does.
        subprocess.run([remover, "-rf", "--", str(root)], check=False, capture_output=True)


def _remove_tree(root: Path) -> None:
    if root.is_symlink() or not root.is_dir():
        return
    with contextlib.suppress(OSError):
        shutil.rmtree(root)
        return
    with contextlib.suppress(OSError):
        root.chmod(0o700)
    for folder, names, _ in os.walk(root):
        for name in names:
            with contextlib.suppress(OSError):
                path = Path(folder, name)
                if not path.is_symlink():
                    path.chmod(0o700)
    for folder, names, files in os.walk(root, topdown=False):
        for name in files:
            with contextlib.suppress(OSError):
                Path(folder, name).unlink()
        for name in names:
            with contextlib.suppress(OSError):
                path = Path(folder, name)
                path.unlink() if path.is_symlink() else path.rmdir()
    with contextlib.suppress(OSError):
        root.rmdir()
