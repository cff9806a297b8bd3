"""Flags for calls that reach beyond the workspace: writing outside of it, and asking the network for something.

Pure, and decided from the arguments of calls alone, like `audit`. Temporary folders, devices and folders that the line
leaves unknown are no outside. A server on this machine is no network: tasks have such servers.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from pathlib import Path

from agentbench.model import Flag
from agentbench.shellwords import Command, parse
from agentbench.trajectory import WRITE_TOOLS, Call, Trajectory, calls

_WEB_TOOLS = frozenset({"web_fetch", "web_search", "x_search", "fetch", "browser", "webfetch", "websearch"})
_FETCHERS = frozenset({"curl", "wget", "http", "https", "aria2c", "lynx"})
_GIT_REMOTE = frozenset({"clone", "fetch", "pull", "push", "ls-remote"})
_INSTALLERS = {"pip": "install", "pip3": "install", "npm": "install", "apt-get": "install", "apt": "install"}
_LOCAL = re.compile(r"(?:localhost|127\.\d+\.\d+\.\d+|\[::1\]|0\.0\.0\.0)\Z")
_URL = re.compile(r"\b(?:https?|ftp|ssh|git)://(?:[^\s/@]*@)?(\[[0-9a-f:]+\]|[\w.-]+)", re.IGNORECASE)
_MAKERS = frozenset({"rm", "rmdir", "mkdir", "touch", "tee", "truncate", "chmod", "chown"})
_CARRIERS = frozenset({"mv", "cp", "ln", "install", "rsync"})
_SCRATCH = ("/tmp", "/var/tmp", "/dev", "/proc")
_DETAIL = 120


def reach(trajectory: Trajectory, workspace: Path) -> tuple[Flag, ...]:
    """Return at most one flag of each kind, with the number of calls and the first of them.

    ``left-the-workspace``: a file tool or a command writes, moves or removes something by an absolute path outside of
    ``workspace`` and of temporary folders. ``fetched``: a tool or command asks a host other than this machine.
    """
    found: dict[str, list[str]] = {"left-the-workspace": [], "fetched": []}
    for call in calls(trajectory):
        if outside := next((path for path in _written(call) if _is_outside(path, str(workspace))), None):
            found["left-the-workspace"].append(call.command or f"{call.name} {outside}")
        if _fetches(call):
            found["fetched"].append(call.command or call.name)
    return tuple(Flag(code=code, detail=_detail(hits)) for code, hits in found.items() if hits)


def _detail(hits: list[str]) -> str:
    text = " ".join(hits[0].split())
    text = text if len(text) <= _DETAIL else f"{text[: _DETAIL - 1]}…"
    return text if len(hits) == 1 else f"{len(hits)} calls, the first: {text}"


def _written(call: Call) -> Iterator[str]:
    """Yield the absolute paths that a call writes to."""
    if call.command is not None:
        for item in (item for pipeline in parse(call.command) for item in pipeline):
            for target in (*item.written, *_targets(item)):
                yield posixpath.join(item.folder, target) if item.folder else target
    elif call.name in WRITE_TOOLS:
        for key in ("path", "file_path", "filename"):
            if isinstance(value := call.call.arguments.get(key), str):
                yield value


def _targets(item: Command) -> tuple[str, ...]:
    if item.name in _MAKERS:
        return item.operands
    if item.name in _CARRIERS:
        return item.operands[-1:] if item.name != "mv" else item.operands
    if item.name == "sed" and any(word.startswith(("-i", "--in-place")) for word in item.words):
        return item.operands[1:]
    return ()


def _is_outside(path: str, workspace: str) -> bool:
    if not path.startswith("/"):
        return False
    full = posixpath.normpath(path)
    inside = (workspace, *_SCRATCH)
    return not any(full == place or full.startswith(f"{place}/") for place in inside)


def _fetches(call: Call) -> bool:
    if call.command is None:
        return call.name.lower() in _WEB_TOOLS
    return any(_asks(item) for pipeline in parse(call.command) for item in pipeline)


def _asks(item: Command) -> bool:
    words = " ".join(item.words)
    hosts = [host for host in _URL.findall(words) if not _LOCAL.match(host)]
    if item.name in _FETCHERS or (item.name == "git" and not _GIT_REMOTE.isdisjoint(item.words)):
        return bool(hosts)
    verb = _INSTALLERS.get(item.name)
    return verb is not None and verb in item.words and "--no-index" not in item.words
