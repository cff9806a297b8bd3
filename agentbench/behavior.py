"""The part of L2 that a trajectory can decide, so that nobody has to take the agent's word for it.

Pure. Every rule below is quoted in docs/scoring.md; what cannot be told from the log is decided in the
agent's favour. Calls of our own launcher are not looked at. The *kind* of a call: it reads (a reading tool or
a command that only reads), it outputs (a writing tool), it runs (any other command), or its own name.
"""

from __future__ import annotations

import fnmatch
import posixpath
import re
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Any

import msgspec

from agentbench.model import Part
from agentbench.shellfacts import ShellFacts, facts
from agentbench.trajectory import READ_TOOLS, WRITE_TOOLS, Call, Trajectory, calls, produces_output

STUBBORN = 3
_PATCHED = re.compile(r"^\*\*\* (Add|Update|Delete) File: (.+?)\s*$", re.MULTILINE)
_PATH_KEYS = ("path", "file_path", "filePath", "file", "filename", "target_file")
_LISTING_TOOLS = frozenset({"ls", "list_dir", "glob", "find"})
_MAKING_TOOLS = frozenset({"write", "write_file", "create_file"})


class BehaviorFacts(msgspec.Struct, frozen=True, kw_only=True):
    """Three parts of L2, each decided by a rule."""

    tools: Part
    approach: Part
    recovery: Part


def behavior(trajectory: Trajectory, inputs: Collection[str], workspace: str) -> BehaviorFacts:
    """Return the parts named ``tools``, ``approach`` and ``recovery``.

    ``inputs`` are the task's input files (or folders), relative to ``workspace``, the absolute path the
    agent worked in. See `judge_tools`, `judge_approach` and `judge_recovery` for the rules.
    """
    made = list(calls(trajectory))
    return BehaviorFacts(
        tools=judge_tools(made),
        approach=judge_approach(made, inputs, workspace),
        recovery=judge_recovery(made),
    )


def judge_tools(made: Iterable[Call]) -> Part:
    """Judge tool appropriateness: 25 points, less what the shell was misused for, never below 0.

    - 10 per command that only views files: cat, head, tail, less, more, nl or ``sed -n`` of a named file,
      where everything else on the line lists, prints or changes folder. ``cat a | grep b`` is a search and
      ``python3 x.py && cat out`` looks at a result: neither costs anything, nor do /proc, /sys and /dev.
    - 10 per command that writes text into a file: ``echo`` or ``printf … > f``, ``cat > f <<EOF``,
      ``echo … | tee f``.
    - 5 per command that edits in place: ``sed -i``, ``perl -i``, ``awk … f > g && mv g f``.

    A call costs each of these at most once, however often it does it.
    """
    rules: tuple[tuple[str, int, Callable[[ShellFacts], bool]], ...] = (
        ("read by exec", 10, lambda found: found.views),
        ("write by exec", 10, lambda found: found.writes),
        ("edit by exec", 5, lambda found: found.edits),
    )
    commands = [item.command for item in made if item.command is not None]
    judged = [(command, facts(command)) for command in commands]
    lost, reasons = 0, []
    for name, cost, broken in rules:
        guilty = [_shorten(command) for command, found in judged if broken(found)]
        if guilty:
            lost += cost * len(guilty)
            more = f" and {len(guilty) - 3} more" if len(guilty) > 3 else ""
            reasons.append(f"{len(guilty)} × {name} (−{cost} each): {'; '.join(guilty[:3])}{more}")
    reason = ". ".join(reasons) or "no shell command did the work of a file tool"
    return _part("tools", max(0, 25 - lost), 25, reason)


def judge_approach(made: Collection[Call], inputs: Collection[str], workspace: str) -> Part:
    """Judge the approach: 25, 15, 5 or 0 points for reading before writing.

    - 25: looked at the inputs before the first output, and read every input it changed before changing it.
    - 15: looked at the inputs before the first output, but changed some input unread.
    - 5: looked at the inputs only after the first output.
    - 0: never looked at them. A task without inputs: 25.

    To *look* is a successful call that reads, lists or searches an input or a folder of it, or a command
    that may read anything in its folder (``ls``, ``grep -r``, ``python3 script.py``); a command that reads
    and writes has looked first. To *read* an input is a call that shows or processes its content and names
    it, a folder of it, or a pattern that matches it; what the agent wrote itself it knows. The first
    *output* is the first successful writing call or command that does not purely read; making a folder is
    none. A file below an input folder counts as changed only when it is edited: writing it may be making it.
    """
    scope = _Scope(inputs, workspace)
    if not scope.inputs:
        return _part("approach", 25, 25, "the task has no inputs")
    looked_first: bool | None = None
    output_seen = False
    known: list[str] = []
    unread: list[str] = []
    for item in made:
        if item.failed:
            continue
        seen = scope.read_by(item)
        if (seen or scope.looks(item)) and looked_first is None:
            looked_first = not output_seen
        known += seen
        edits, writes = scope.touched_by(item)
        changed = [name for name in edits if scope.is_input(name, edited=True)]
        changed += [name for name in writes if scope.is_input(name, edited=False)]
        unread += [name for name in changed if not any(_covers(word, name) for word in known)]
        known += edits + writes
        output_seen = output_seen or produces_output(item)
    if looked_first is None:
        return _part("approach", 0, 25, "never looked at the inputs")
    if not looked_first:
        return _part("approach", 5, 25, "looked at the inputs only after the first output")
    if unread:
        return _part("approach", 15, 25, f"changed without reading: {', '.join(sorted(set(unread))[:3])}")
    return _part("approach", 25, 25, "looked at the inputs first")


def judge_recovery(made: Collection[Call]) -> Part:
    """Judge recovery from failed calls: 20, 10 or 0 points.

    A failure is recovered when a later call of the same tool or the same kind succeeds, unless the very
    same call (tool and arguments) failed three times or more. 20: nothing failed, or all recovered;
    10: some recovered; 0: none.
    """
    order = list(made)
    failures = [position for position, item in enumerate(order) if item.failed]
    if not failures:
        return _part("recovery", 20, 20, "no call failed")
    repeated: dict[bytes, int] = {}
    for position in failures:
        repeated[_identity(order[position])] = repeated.get(_identity(order[position]), 0) + 1

    def recovered(position: int) -> bool:
        failed = order[position]
        if repeated[_identity(failed)] >= STUBBORN:
            return False
        return any(
            later.result is not None
            and not later.failed
            and (later.name == failed.name or _kind(later) == _kind(failed))
            for later in order[position + 1 :]
        )

    n_good = sum(recovered(position) for position in failures)
    points = 20 if n_good == len(failures) else 10 if n_good else 0
    return _part("recovery", points, 20, f"{n_good} of {len(failures)} failed calls recovered")


class _Scope:
    """The inputs of a task and where they lie."""

    def __init__(self, inputs: Collection[str], workspace: str) -> None:
        self.inputs = frozenset(posixpath.normpath(name) for name in inputs)
        self._marker = f"/{posixpath.basename(workspace.rstrip('/'))}/"

    def relative(self, path: str) -> str | None:
        """Return a path relative to the workspace; None when it lies elsewhere.

        A relative path is taken to start in the workspace; the workspace is known by its folder name, so
        that ``/private/tmp`` and ``/tmp`` are the same place.
        """
        _, marker, inside = f"{path}/".rpartition(self._marker)
        if marker:
            return posixpath.normpath(inside or ".")
        return None if path.startswith(("/", "~")) else posixpath.normpath(path or ".")

    def concerns(self, name: str) -> bool:
        """Return whether a relative path or pattern names an input, part of one, or a folder of one."""
        return name in self.inputs or any(_covers(name, item) or _covers(item, name) for item in self.inputs)

    def read_by(self, item: Call) -> list[str]:
        """Return the relative paths and patterns of inputs whose content a call shows or processes."""
        if item.command is not None:
            found = facts(item.command)
            base = _workdir(item.call.arguments)
            words: Iterable[str] = (posixpath.join(base, word) for word in found.sources)
            told = [name for name in self.inputs if found.text and posixpath.basename(name) in found.text]
        elif item.name in WRITE_TOOLS or item.name in _LISTING_TOOLS:
            return []
        else:
            words, told = _strings(item.call.arguments), []
        names = (self.relative(word) for word in words)
        return told + [name for name in names if name is not None and self.concerns(name)]

    def looks(self, item: Call) -> bool:
        """Return whether a call may have looked at the inputs without naming one."""
        if item.command is not None:
            return facts(item.command).roams
        return item.name in _LISTING_TOOLS

    def touched_by(self, item: Call) -> tuple[list[str], list[str]]:
        """Return the relative paths a call edits, and those it writes whole (which may make them)."""
        arguments = item.call.arguments
        edits: list[str] = []
        writes: list[str] = []
        if item.command is not None:
            found = facts(item.command)
            base = _workdir(arguments)
            (edits if found.edits else writes).extend(posixpath.join(base, name) for name in found.targets)
        elif item.name in WRITE_TOOLS:
            named = [str(arguments[key]) for key in _PATH_KEYS if key in arguments]
            (writes if item.name in _MAKING_TOOLS else edits).extend(named)
            patch = arguments.get("input", arguments.get("patch"))
            if isinstance(patch, str):
                for verb, name in _PATCHED.findall(patch):
                    (writes if verb == "Add" else edits).append(name)
        return self._inside(edits), self._inside(writes)

    def is_input(self, name: str, *, edited: bool) -> bool:
        """Return whether a changed path was given: an input, or edited below an input folder."""
        return name in self.inputs or (edited and any(_covers(item, name) for item in self.inputs))

    def _inside(self, paths: Iterable[str]) -> list[str]:
        return [name for path in paths if (name := self.relative(path)) is not None]


def _covers(word: str, name: str) -> bool:
    """Whether a path or pattern takes in a file: is it, is a folder above it, or matches it."""
    return word in (".", name) or name.startswith(f"{word}/") or _matches(name, word)


def _workdir(arguments: dict[str, Any]) -> str:
    given = arguments.get("workdir", arguments.get("cwd"))
    return given if isinstance(given, str) else ""


def _matches(item: str, pattern: str) -> bool:
    """Whether a shell pattern takes in the input or a folder above it."""
    if not any(sign in pattern for sign in "*?["):
        return False
    parts = item.split("/")
    return any(fnmatch.fnmatchcase("/".join(parts[:depth]), pattern) for depth in range(1, len(parts) + 1))


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        if value and len(value) < 4096:
            yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _strings(inner)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from _strings(inner)


def _kind(item: Call) -> str:
    if item.command is not None:
        return "reads" if facts(item.command).reads_only else "runs"
    if item.name in READ_TOOLS:
        return "reads"
    return "outputs" if item.name in WRITE_TOOLS else item.name


def _identity(item: Call) -> bytes:
    return msgspec.json.encode([item.name, item.call.arguments], order="sorted")


def _shorten(command: str, limit: int = 60) -> str:
    text = " ".join(command.split())
    return f"`{text if len(text) <= limit else text[: limit - 1] + '…'}`"


def _part(name: str, points: int, possible: int, reason: str) -> Part:
    return Part(name=name, points=points, possible=possible, reason=reason, source="rule")
