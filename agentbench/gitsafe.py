"""Use git on a repository that an agent made, without running anything of the agent's.

`safe_clone` copies the repository and keeps only data: no hooks, no configuration (so no filters, pagers,
fsmonitor, external diffs, includes), no alternates, no links to other worktrees. `git` runs the real git on
such a copy with an isolated configuration.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from agentbench import process

_CONFIG = "[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = {bare}\n"
_DROP = (
    "hooks",
    "config.worktree",
    "worktrees",
    "modules",
    "commondir",
    "gitdir",
    "objects/info/alternates",
    "objects/info/http-alternates",
    "info/attributes",
    "info/grafts",
    "fsmonitor--daemon",
)
_OPTIONS = (
    "--no-replace-objects",
    "-c", "core.hooksPath=/dev/null",
    "-c", "core.fsmonitor=false",
    "-c", "core.attributesFile=/dev/null",
    "-c", "core.quotePath=false",
    "-c", "gc.auto=0",
    "-c", "protocol.allow=never",
    "-c", "safe.directory=*",
    "-c", "submodule.recurse=false",
)  # fmt: skip


class NotARepository(Exception):
    """There is no usable repository at the path; the message says why."""


def safe_clone(repo: Path, scratch: Path) -> Path:
    """Copy ``repo`` (a worktree with ``.git``, or a bare repository) below ``scratch`` and return the copy.

    Raises NotARepository when it is none, or when its ``.git`` is a link or a file that points elsewhere.
    """
    inner = repo / ".git"
    bare = not inner.is_dir()
    source = repo if bare else inner
    if inner.is_symlink() or repo.is_symlink() or inner.is_file():
        raise NotARepository(".git is a link, not a directory")
    if not (source / "HEAD").is_file() or not (source / "objects").is_dir():
        raise NotARepository("no git repository there")
    target = scratch / "clone"
    shutil.copytree(repo, target, symlinks=True)
    store = target if bare else target / ".git"
    for name in _DROP:
        _remove(store / name)
    _remove(store / "config")
    (store / "config").write_text(_CONFIG.format(bare="true" if bare else "false"), "utf-8")
    return target


def git(repo: Path, *args: str, input: bytes = b"", timeout_sec: float = 30.0) -> process.Completed:
    """Run git in a copy made by `safe_clone` and return what it did; never raises for a failing git."""
    return process.run(
        ["git", *_OPTIONS, *args],
        cwd=repo,
        timeout_sec=timeout_sec,
        stdin=input,
        env={"GIT_CEILING_DIRECTORIES": str(repo.parent)},
    )


def _remove(path: Path) -> None:
    if path.is_symlink() or path.is_file():
        path.unlink()
    elif path.is_dir():
        shutil.rmtree(path)
