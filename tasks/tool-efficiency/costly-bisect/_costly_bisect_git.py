"""Write the history as a git repository, through `git fast-import`."""

from __future__ import annotations

import subprocess
from pathlib import Path

from _costly_bisect_history import Commit, History
from _costly_bisect_kiln import State, rendered


def write(repo: Path, history: History) -> dict[int, str]:
    """Write the repository with main checked out; return the id of every mark."""
    repo.mkdir(parents=True)
    _git(repo, "init", "-q", "--template=", "-b", "main")
    _git(repo, "config", "core.logAllRefUpdates", "false")
    marks = repo.parent / "marks"
    speed = ["-c", "core.fsync=none", "-c", "core.compression=1", "-c", "pack.indexVersion=2"]
    options = ["--quiet", "--date-format=raw", f"--export-marks={marks}"]
    _git(repo, *speed, "fast-import", *options, stdin=_stream(history))
    _git(repo, "update-ref", "-d", "refs/build")
    pairs = [line.split() for line in marks.read_text("ascii").splitlines()]
    marks.unlink()
    _git(repo, "read-tree", "main")
    _git(repo, "checkout-index", "-a", "-f", "-q")
    return {int(mark[1:]): oid for mark, oid in pairs}


def changed(state: State, before: State) -> dict[str, str]:
    """Return the files of a state that differ from another one."""
    return rendered(state, {key for key, text in state.items() if before.get(key) != text})


def _stream(history: History) -> bytes:
    parts = []
    states = {commit.mark: commit.state for commit in history.commits}
    for commit in history.commits:
        parts.append(_head(commit))
        parts += [f"from :{commit.parents[0]}\n"] if commit.parents else []
        parts += [f"merge :{mark}\n" for mark in commit.parents[1:]]
        before = states[commit.parents[0]] if commit.parents else {}
        for path, text in changed(commit.state, before).items():
            parts.append(f"M 100644 inline {path}\ndata {len(text.encode())}\n{text}\n")
        parts.append("\n")
    parts += [f"reset {name}\nfrom :{mark}\n\n" for name, mark in sorted(history.refs.items())]
    return "".join(parts).encode()


def _head(commit: Commit) -> str:
    first = commit.who.split()[0].lower()
    line = f"{commit.who} <{first}@ockertile.example> {commit.when} +0100"
    size = len(commit.text.encode())
    return f"commit refs/build\nmark :{commit.mark}\nauthor {line}\ncommitter {line}\ndata {size}\n{commit.text}\n"


def _git(repo: Path, *args: str, stdin: bytes = b"") -> None:
    subprocess.run(["git", "-C", str(repo), *args], input=stdin, check=True, capture_output=True)
