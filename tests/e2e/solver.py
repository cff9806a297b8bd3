"""A scripted model that solves tasks in a box it cannot see out of: the oracle works outside, on a copy.

What the oracle changed is carried in by tool calls: one ``write`` of an archive, one ``exec`` that unpacks it. So every
task of the suite can be solved through a real agent that has nothing but its workspace.
"""

from __future__ import annotations

import base64
import io
import re
import shlex
import shutil
import subprocess
import sys
import tarfile
import tempfile
import threading
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from openclaw import REPO
from scripted_model import Play, Reply, Turn, call

_WORKSPACE = re.compile(r"(/\S*?/agentbench-task-([a-z-]+?)-([0-9a-f]{8}))\b")
_CARRIED = ".carried.b64"


@dataclass
class Solver:
    """Plays every conversation of a harness-run; `calls` counts its tool calls by workspace."""

    calls: Counter[str] = field(default_factory=Counter)
    turns: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def play(self, turn: Turn) -> Play:
        """Solve the turn of the task whose workspace the system prompt names."""
        found = _WORKSPACE.search(turn.system) or _WORKSPACE.search(turn.message)
        assert found, "no workspace is named"
        place, task_id = Path(found[1]), found[2]
        with self.lock:
            self.turns[place.name] += 1
            number = self.turns[place.name]
            self.calls[place.name] += 3
        yield call("exec", command=f"cd {place} && ls -A")
        reply, archive, gone = solved(place, task_id, number, turn.message)
        yield call("write", path=str(place / _CARRIED), content=archive)
        remove = " ".join(shlex.quote(name) for name in [*gone, _CARRIED])
        (output,) = yield call(
            "exec", command=f"cd {place} && base64 -d {_CARRIED} | tar -xz && rm -rf {remove} && echo carried"
        )
        assert "carried" in output, output
        yield Reply(reply or "Done.")


def solved(place: Path, task_id: str, number: int, message: str) -> tuple[str, str, list[str]]:
    """Let the oracle work on a copy; return its reply, what it made (tar.gz, base64) and what it removed."""
    folder = next(
        path for path in (REPO / "tasks").glob("*/*") if f"{path.parent.name}-{path.name}" == task_id
    )
    script = REPO / "tests" / "tasks" / folder.parent.name / folder.name / "solutions.py"
    with tempfile.TemporaryDirectory() as root:
        copy = Path(root) / "copy"
        shutil.copytree(place, copy, symlinks=True)
        before, folders = _content(copy), _folders(copy)
        runner = [sys.executable, "-I", "-S", "-B", str(REPO / "agentbench" / "isolated.py")]
        done = subprocess.run(
            [*runner, "solve", str(script), "oracle", str(copy), str(number)],
            input=message,
            text=True,
            capture_output=True,
            cwd=copy,
            timeout=120,
            check=True,
        )
        after = _content(copy)
        made = io.BytesIO()
        with tarfile.open(fileobj=made, mode="w:gz") as tar:
            for name in sorted(name for name in after if before.get(name) != after[name]):
                tar.add(copy / name, name, recursive=False)
        return (
            done.stdout,
            base64.encodebytes(made.getvalue()).decode(),
            sorted({name for name in before if name not in after} | folders - _folders(copy)),
        )


def _folders(root: Path) -> set[str]:
    """Return the folders below ``root``."""
    return {
        path.relative_to(root).as_posix()
        for path in root.rglob("*")
        if path.is_dir() and not path.is_symlink()
    }


def _content(root: Path) -> dict[str, tuple[int, bytes]]:
    """Return mode and bytes of every file below ``root``."""
    return {
        path.relative_to(root).as_posix(): (path.stat().st_mode, path.read_bytes())
        for path in sorted(root.rglob("*"))
        if path.is_file() and not path.is_symlink()
    }
