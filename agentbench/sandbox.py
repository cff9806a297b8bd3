"""Confine a program that the agent wrote: with bubblewrap where it works, else not at all, which the run records.

Inside there is the system, read-only; a process namespace of its own; and of the temporary folders, the user's home
and AgentBench's own folder only what is named as visible. So the program sees neither expected values nor other
tasks, and nothing of it survives. The network is shared, as checks talk to servers on loopback.
"""

from __future__ import annotations

import functools
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from agentbench.paths import CHECKOUT, temporary_root

_BASE = ("--die-with-parent", "--unshare-pid", "--unshare-ipc", "--unshare-uts", "--cap-drop", "ALL")
_SYSTEM = ("--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc")


@functools.lru_cache(maxsize=1)
def name() -> str:
    """Return ``bubblewrap`` where it is installed and works, else ``none``."""
    if shutil.which("bwrap") is None:
        return "none"
    try:
        done = subprocess.run(
            ["bwrap", *_BASE, *_SYSTEM, "true"], capture_output=True, timeout=10, check=False
        )
    except (OSError, subprocess.SubprocessError):
        return "none"
    return "bubblewrap" if done.returncode == 0 else "none"


def confine(argv: Sequence[str], *, cwd: Path, visible: Iterable[Path]) -> list[str]:
    """Return the command that runs ``argv`` in ``cwd`` confined, ``visible`` being writable; else ``argv`` itself."""
    if name() == "none":
        return list(argv)
    words = ["bwrap", *_BASE, *_SYSTEM]
    for folder in _masked():
        words += ["--tmpfs", str(folder)]
    words += ["--ro-bind", sys.base_prefix, sys.base_prefix]
    for folder in dict.fromkeys(visible):
        words += ["--bind", str(folder), str(folder)]
    return [*words, "--chdir", str(cwd), "--", *argv]


def _masked() -> list[Path]:
    """Return the folders of which nothing is seen unless named, outer ones first."""
    wanted = {
        Path("/tmp"),
        Path("/var/tmp"),
        Path(tempfile.gettempdir()),
        temporary_root(),
        Path.home(),
        CHECKOUT,
    }
    found = {path.resolve() for path in wanted if path.is_dir()}
    return sorted((path for path in found if path != Path("/")), key=lambda path: len(path.parts))
