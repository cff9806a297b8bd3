"""Pointers to self-runs in progress, so that ``done`` finds its run from any working directory.

A pointer is a small file in the user's state folder that holds the path of a run directory. Losing one
costs nothing but the convenience: ``--results DIR`` finds the run as well.
"""

from __future__ import annotations

import contextlib
import zlib
from pathlib import Path

from agentbench.paths import RunPaths, list_runs, state_dir


def remember(run: RunPaths) -> None:
    """Note that ``run`` is in progress; a state folder that cannot be written is no error."""
    with contextlib.suppress(OSError):
        state_dir().mkdir(parents=True, exist_ok=True)
        pointer = state_dir() / f"{run.run_id}-{zlib.crc32(str(run.root).encode()):08x}"
        pointer.write_text(str(run.root), "utf-8")


def forget(run: RunPaths) -> None:
    """Drop the pointers to a run that is finished."""
    for pointer, root in _pointers():
        if root == run.root:
            with contextlib.suppress(OSError):
                pointer.unlink()


def runs(results: Path) -> list[RunPaths]:
    """Return the runs in progress that are known here, newest first: by pointer, then below ``results``."""
    known = [root for _, root in _pointers() if (root / "run.json").is_file()]
    known += [run.root for run in list_runs(results) if not run.results.is_file()]
    return [RunPaths(root) for root in sorted(dict.fromkeys(known), key=lambda root: root.name, reverse=True)]


def finished(results: Path) -> RunPaths | None:
    """Return the newest run below ``results`` if it is finished."""
    below = list_runs(results)
    return below[-1] if below and below[-1].results.is_file() else None


def _pointers() -> list[tuple[Path, Path]]:
    found = []
    with contextlib.suppress(OSError):
        for pointer in state_dir().iterdir():
            with contextlib.suppress(OSError, UnicodeDecodeError):
                found.append((pointer, Path(pointer.read_text("utf-8").strip())))
    return found
