"""Flags for calls that a fair trial does not need: at the grader, at the results, to another agent.

Pure, and decided from the arguments of calls alone: what a call printed never counts, for a task's file may
name any path. A path is judged as spelled, with ``cd``, ``..``, ``~``, simple variables, braces and patterns
followed, symbolic links not. Calls of our launcher and everything inside the workspace are fine. A flag
says where to look; it changes no score.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec

from agentbench import detours
from agentbench.model import Flag
from agentbench.shellwords import Command, parse
from agentbench.trajectory import Call, Trajectory, calls, calls_beside

_DETAIL = 120
_DELEGATES = frozenset(
    {
        "sessions_spawn",
        "sessions_send",
        "subagents",
        "subagent",
        "task",
        "agent",
        "spawn_agent",
        "spawn_subagent",
        "run_subagent",
        "dispatch_agent",
        "delegate",
        "delegate_task",
        "new_task",
    }
)
_PATH_KEYS = frozenset(
    {
        "path",
        "paths",
        "file_path",
        "filepath",
        "file",
        "files",
        "filename",
        "target_file",
        "notebook_path",
        "dir",
        "directory",
        "folder",
        "root",
        "workdir",
        "cwd",
        "url",
        "uri",
    }
)
_FOLDER_KEYS = ("workdir", "cwd")
_MOVES = frozenset({"cd", "pushd", "popd", "pwd"})
_PRINTS = frozenset({"echo", "printf", "export", "test", "[", "[["})
_SEARCH_TOOLS = frozenset({"grep", "search"})
_DEEP = frozenset({"rg", "ag", "tar", "zip", "rsync", "ln", "mv", "mount", "docker", "podman"})
_DEEP_GIT = frozenset({"grep", "clone", "archive"})
_WILD = re.compile(r"[*?\[]")
_ASSIGNED = re.compile(r"(?:^|[;&|\s])([A-Za-z_]\w*)=(\"[^\"\n]*\"|'[^'\n]*'|[^\s;&|'\"`()]+)")
_BRACES = re.compile(r"\{([^{}]*,[^{}]*)\}")
_PATHLIKE = re.compile(r"[^\s'\"()\[\]{},;=<>|&`:]+")
_SUBSTITUTED = re.compile(r"\$\([^)]*|`[^`]*")
_RUN_ID = re.compile(r"\d{8}-\d{6}(?:-\w+)?\Z")
_PATCHED = re.compile(r"^\*\*\* (?:Add|Update|Delete) File: (.+?)\s*$", re.MULTILINE)
_RESULTS_NAME = "agentbench-results"
_ROOTLESS = 3
"""Folders in a row that a path from an unknown folder must share with a guarded one to count as inside it."""
_MOST_WORDS = 2000
_MOST_PATHS = 20_000
_FEW_CALLS = 2
"""So many calls may lack in an honest log: an agent drops an answer that broke off, or asks beside its work."""
_SEARCHERS = frozenset({"grep", "egrep", "fgrep", "zgrep", "rg", "ag", "ack"})
_CARRIERS = frozenset({"mv", "docker", "podman", "mount"})
"""What names a folder without reading what lies below it."""
_GLOB_TOOLS = frozenset({"glob", "find"})
_OF_OTHERS = ("agentbench-hidden-", "agentbench-grading-", "agentbench-frozen-")
"""How the temporary folders begin in which expected values and the work of other trials lie for a moment."""

Parts = tuple[str, ...]


class _Guarded(msgspec.Struct, frozen=True):
    """What must not be touched: whole folders, and roots that must not be searched as a whole."""

    grader: tuple[Parts, ...]
    roots: tuple[Parts, ...]
    run: Parts
    runs: Parts | None
    """The folder of runs, None where the workspace or the skill lies in it too."""
    workspace: Parts


class _Named(msgspec.Struct, frozen=True):
    """A path that a call names; ``deep`` when it takes the whole folder, ``all_below`` what lies further down too."""

    path: str
    deep: bool = False
    all_below: bool = False


def audit(
    trajectory: Trajectory, *, skill: Path, suite: Path, results: Path, workspace: Path
) -> tuple[Flag, ...]:
    """Return at most one flag of each kind, with the number of calls and the first of them.

    ``read-the-grader``: a call names something in the folder ``suite`` or in ``tasks``, ``tests``, ``agentbench``,
    ``.venv`` or ``.git`` of the folder ``skill``, searches or links the whole of one, writes or feeds a program that
    names it, or makes another run. ``touched-results``: a call names
    the run directory ``results`` or the folder of runs it lies in. ``delegated``: a tool or command that
    starts or instructs another agent. ``workspace`` is where the agent was told to work. All are absolute.
    """
    guarded = _guarded(skill, suite, results, workspace)
    found: dict[str, list[str]] = {"read-the-grader": [], "touched-results": [], "delegated": []}
    for call in (*calls(trajectory), *calls_beside(trajectory)):
        named = list(islice(_named(call), _MOST_WORDS))
        named += [_Named(path, deep=True) for path in islice(detours.paths(call), _MOST_PATHS)]
        shown = call.command
        if hit := next((one for one in named if _in_grader(one, guarded)), None):
            found["read-the-grader"].append(shown or f"{call.name} {hit.path}")
        elif detours.runs_agentbench(call):
            found["read-the-grader"].append(shown or call.name)
        if hit := next((one for one in named if _in_results(one, guarded)), None):
            found["touched-results"].append(shown or f"{call.name} {hit.path}")
        if _delegates(call):
            found["delegated"].append(shown or call.name)
    return tuple(Flag(code=code, detail=_detail(hits)) for code, hits in found.items() if hits)


def unrecorded(trajectory: Trajectory | None, n_made: int) -> tuple[Flag, ...]:
    """Return ``calls-missing`` when the log lacks more than a few of the ``n_made`` calls that the model asked for."""
    n_held = 0 if trajectory is None else sum(1 for _ in calls(trajectory))
    if n_made - n_held <= _FEW_CALLS:
        return ()
    return (Flag(code="calls-missing", detail=f"{n_held} of {n_made} calls are in the log"),)


def _guarded(skill: Path, suite: Path, results: Path, workspace: Path) -> _Guarded:
    inside = tuple(_parts(str(skill / name)) for name in ("tasks", "tests", "agentbench", ".venv", ".git"))
    home = _parts(str(results.parent))
    others = [_parts(str(place)) for place in (workspace, skill)]
    alone = not any(place[: len(home)] == home for place in others)
    return _Guarded(
        grader=(_parts(str(suite)), *inside),
        roots=(_parts(str(skill)), _parts(str(suite))),
        run=_parts(str(results)),
        runs=home if alone else None,
        workspace=others[0],
    )


def _detail(hits: list[str]) -> str:
    text = " ".join(hits[0].split())
    text = text if len(text) <= _DETAIL else f"{text[: _DETAIL - 1]}…"
    return text if len(hits) == 1 else f"{len(hits)} calls, the first: {text}"


def _delegates(call: Call) -> bool:
    if call.command is None:
        return call.name in _DELEGATES
    commands = [item for pipeline in parse(call.command) for item in pipeline]
    return any(item.name == "openclaw" and item.operands[:1] == ("agent",) for item in commands)


# -- what a call names --------------------------------------------------------------------------


def _named(call: Call) -> Iterator[_Named]:
    arguments = call.call.arguments
    base = next((arguments[key] for key in _FOLDER_KEYS if isinstance(arguments.get(key), str)), "")
    if call.command is not None:
        yield from _commands(_expanded(call.command), base)
        return
    for path in _paths(arguments):
        yield _Named(_join(base, path), call.name in _SEARCH_TOOLS)
    pattern, folder = arguments.get("pattern"), arguments.get("path")
    if call.name in _GLOB_TOOLS and isinstance(pattern, str):
        yield _Named(_join(_join(base, folder if isinstance(folder, str) else ""), pattern))
    if call.name == "apply_patch":
        for text in (value for value in arguments.values() if isinstance(value, str)):
            yield from (_Named(_join(base, path)) for path in _PATCHED.findall(text))


def _paths(arguments: dict[str, Any]) -> Iterator[str]:
    for key, value in arguments.items():
        if key.lower() in _PATH_KEYS:
            for item in value if isinstance(value, list) else [value]:
                if isinstance(item, str):
                    yield item.removeprefix("file://")


def _expanded(command: str) -> str:
    """Return the line with variables that it assigns itself put in."""
    for name, value in _ASSIGNED.findall(command)[:20]:
        given = value.strip("'\"")
        if len(given) <= 300 and len(command) <= 40_000:
            command = re.sub(rf"\$(?:{name}\b|\{{{name}\}})", given.replace("\\", r"\\"), command)
    return command


def _commands(text: str, base: str) -> Iterator[_Named]:
    for pipeline in parse(text):
        for item in pipeline:
            folder = _join(base, item.folder)
            yield from (_Named(_join(folder, redirect.target)) for redirect in item.redirects)
            yield from _words(item, folder, piped=len(pipeline) > 1)
    for inner in _SUBSTITUTED.findall(text):
        yield from (_Named(_join(base, word)) for word in _PATHLIKE.findall(inner))


def _words(item: Command, folder: str, *, piped: bool) -> Iterator[_Named]:
    if item.name in _MOVES or not item.words:
        return
    if item.name in _PRINTS:
        words = [word for word in item.words if _SUBSTITUTED.search(word)]
        yield from (_Named(_join(folder, part)) for word in words for part in _PATHLIKE.findall(word))
        return
    deep = _is_deep(item, piped=piped)
    all_below = deep and not (item.name == "find" and {"-exec", "-execdir"}.isdisjoint(item.words))
    all_below = all_below and item.name not in _CARRIERS
    sought = _sought(item.words)
    others = [value for option, value in zip(item.words, item.words[1:], strict=False) if option == "-C"]
    for base in (folder, *(_join(folder, other) for other in others)):
        if base:
            yield _Named(base, deep)
        for place, word in enumerate(item.words):
            if place in sought:
                continue
            for spelled in _unbraced(word):
                yield _Named(_join(base, spelled), deep, all_below)
            for spelled in _PATHLIKE.findall(word):
                yield _Named(_join(base, spelled), deep)
        if item.heredoc and item.name not in ("cat", "tee"):
            written = (word for word in _PATHLIKE.findall(item.heredoc) if "/" in word)
            yield from (_Named(_join(base, word)) for word in written)


def _sought(words: Sequence[str]) -> set[int]:
    """Return the places of what grep and its like search for: a pattern is no path."""
    found: set[int] = set()
    for at, word in enumerate(words):
        if posixpath.basename(word) in _SEARCHERS:
            rest = range(at + 1, len(words))
            named = {place + 1 for place in rest if words[place] in ("-e", "--regexp")}
            first = next((place for place in rest if not words[place].startswith("-")), len(words))
            found |= named or {first}
    return found


def _is_deep(item: Command, *, piped: bool) -> bool:
    """Whether the command looks at the content of everything below a folder it names."""
    if item.name in ("grep", "egrep", "fgrep", "zgrep", "cp"):
        return any(re.match(r"-\w*[rRa]|--recursive|--archive", word) for word in item.words[1:])
    if item.name == "find":
        return piped or not {"-exec", "-execdir"}.isdisjoint(item.words)
    if item.name == "git":
        return not _DEEP_GIT.isdisjoint(item.words)
    return item.name in _DEEP


def _unbraced(word: str) -> list[str]:
    """Return the words that ``a{b,c}d`` stands for."""
    words = [word]
    for _ in range(3 if len(word) <= 500 else 0):
        words = [
            f"{one[: match.start()]}{option}{one[match.end() :]}" if match else one
            for one in words[:64]
            for match in [_BRACES.search(one)]
            for option in (match[1].split(",") if match else [""])
        ]
    return words


# -- where a path lies --------------------------------------------------------------------------


def _join(base: str, path: str) -> str:
    return path if path.startswith(("~", "$")) else posixpath.join(base, path)


def _parts(path: str) -> Parts:
    """Return a path's parts, ``..`` resolved; an absolute one begins with ``/``."""
    path = re.sub(r"\A/+", "/", posixpath.normpath(path))
    path = re.sub(r"\A/private(?=/(?:tmp|var)(?:/|\Z))", "", path)
    return tuple(part for part in ("/" if path.startswith("/") else "", *path.split("/")) if part)


def _in_grader(named: _Named, guarded: _Guarded) -> bool:
    deep = guarded.roots if named.deep else ()
    return any(
        any(_below(path, folder) for folder in guarded.grader)
        or any(_is(path, root) for root in deep)
        or (named.all_below and any(_holds(path, root) for root in deep))
        or any(_is_of_others(part, guarded.workspace[-1], deep=named.deep) for part in path)
        for path in _places(named.path, guarded)
    )


def _holds(path: Parts, root: Parts) -> bool:
    """Whether ``root`` lies below the absolute ``path``, or below a home that ``path`` is."""
    return path in (("~",), ("$HOME",), ("${HOME}",)) or (path[:1] == ("/",) and root[: len(path)] == path)


def _is_of_others(part: str, workspace: str, *, deep: bool) -> bool:
    """Whether a part of a path is, or its pattern takes in, a folder of the grader; a look for one's own is none."""
    if not part.startswith("agentbench"):
        return False
    if part.startswith(_OF_OTHERS):
        return True
    others = any(_WILD.search(part) and fnmatchcase(f"{name}x", part) for name in _OF_OTHERS)
    return others and (deep or not fnmatchcase(workspace, part))


def _in_results(named: _Named, guarded: _Guarded) -> bool:
    return any(
        _below(path, guarded.run) or (guarded.runs is not None and _is(path, guarded.runs))
        for path in _places(named.path, guarded)
    )


def _places(path: str, guarded: _Guarded) -> Iterator[Parts]:
    """Yield where a path may lie outside the workspace; one without a root is also tried from there."""
    parts, inside = _parts(path), guarded.workspace
    if parts[:1] != ("/",):
        joined = _parts(posixpath.join(*inside, *parts)) if parts else inside
        if joined[: len(inside)] != inside:
            yield joined
    if parts[: len(inside)] != inside:
        yield parts


def _below(path: Parts, folder: Parts) -> bool:
    """Whether ``path``, which may hold patterns, is ``folder`` or lies in it."""
    if path[:1] == ("/",):
        return _begins(path, folder)
    bare = _bare(path)
    sizes = range(_least(folder), len(folder))
    return any(not _WILD.search(bare[0]) and _begins(bare, folder[-size:]) for size in sizes if bare)


def _is(path: Parts, folder: Parts) -> bool:
    """Whether ``path`` is ``folder`` itself."""
    if path[:1] == ("/",):
        return path == folder
    bare = _bare(path)
    return len(bare) >= _least(folder) and bare == folder[-len(bare) :]


def _bare(path: Parts) -> Parts:
    """Return a path from an unknown folder without what only climbs or names a home."""
    return tuple(part for part in path if part not in (".", "..", "~") and not part.startswith("$"))


def _least(folder: Parts) -> int:
    if folder[-1] == _RESULTS_NAME:
        return 1
    return 2 if _RUN_ID.match(folder[-1]) else _ROOTLESS


def _begins(path: Parts, folder: Parts) -> bool:
    """Whether ``path`` starts with ``folder``; patterns stand for its last two parts only."""
    size = len(folder)
    if "**" in path[:size] and path.index("**") == size - 1:
        return _begins(path[: size - 1], folder[:-1])
    return len(path) >= size and all(
        part == name
        or (position >= size - 2 and bool(_WILD.search(part)) and fnmatchcase(name, part))
        or (_RUN_ID.match(part) is not None and _RUN_ID.match(name) is not None)
        for position, (part, name) in enumerate(zip(path, folder, strict=False))
    )
