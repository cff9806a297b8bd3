"""What comes and goes between the turns of a task, known from its generation, for the many rehearsals of the gate."""

from __future__ import annotations

import filecmp
import os
import shutil
from collections.abc import Mapping
from pathlib import Path

import msgspec

from agentbench.workspace import Generated


class Arrival(msgspec.Struct, frozen=True):
    """What is other in the inputs of a turn than in those of the turn before: names of files and links."""

    before: Path
    after: Path
    placed: tuple[str, ...]
    removed: tuple[str, ...]

    def happens(self, workspace: Path) -> bool:
        """Place and remove the inputs, if the workspace still has, under these names, what it was given.

        Return whether it had; else nothing is done, and the task's own code has to.
        """
        names = (*self.placed, *self.removed)
        if not all(_alike(self.before / name, workspace / name) for name in names):
            return False
        if not all((workspace / name).parent.is_dir() for name in names):
            return False
        for name in names:
            (workspace / name).unlink(missing_ok=True)
        for name in self.placed:
            shutil.copy2(self.after / name, workspace / name, follow_symlinks=False)
        return True


def arrivals(generated: Generated) -> Mapping[int, Arrival]:
    """Return, by turn from 2 on, what comes and goes; turns that change folders are left out."""
    found = {}
    for turn in range(2, len(generated.given) + 1):
        before, after = generated.given[turn - 1], generated.given[turn]
        old, new = _tree(before), _tree(after)
        if old[0] == new[0]:
            placed = [name for name in new[1] if not _alike(before / name, after / name)]
            found[turn] = Arrival(before, after, tuple(placed), tuple(sorted(set(old[1]) - set(new[1]))))
    return found


def _tree(root: Path) -> tuple[list[str], list[str]]:
    """Return the relative names of the folders, and of everything else, below ``root``."""
    folders: list[str] = []
    files: list[str] = []
    for folder, names, others in os.walk(root):
        for name in names:
            path = Path(folder, name)
            (files if path.is_symlink() else folders).append(path.relative_to(root).as_posix())
        files += [Path(folder, name).relative_to(root).as_posix() for name in others]
    return sorted(folders), sorted(files)


def _alike(one: Path, other: Path) -> bool:
    """Return whether two paths hold the same: nothing, equal links, or files of equal bytes and mode."""
    if not os.path.lexists(one) or not os.path.lexists(other):
        return os.path.lexists(one) == os.path.lexists(other)
    if one.is_symlink() or other.is_symlink():
        return one.is_symlink() and other.is_symlink() and one.readlink() == other.readlink()
    if not one.is_file() or not other.is_file() or one.stat().st_mode != other.stat().st_mode:
        return False
    return filecmp.cmp(one, other, shallow=False)
