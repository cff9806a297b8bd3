"""Ways to the grader that name no path of it on the line: AgentBench itself, and programs that a call writes or feeds.

Pure, and decided from the arguments of calls alone. What is written into a Markdown file is a note, all else may run.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import Any

from agentbench.shellwords import Command, parse
from agentbench.trajectory import WRITE_TOOLS, Call

_SKILLS = frozenset({"done", "status", "list", "results", "compare", "report", "doctor"})
"""What of the launcher neither makes a run nor grades one."""
_RUNNER = re.compile(r"(?:python|pypy)[0-9.]*\Z|(?:ba|z|da)?sh\Z|uv\Z|run\Z")
_INTERPRETER = re.compile(r"(?:python|pypy|perl|ruby|node|deno|bun|php|lua)[0-9.]*\Z")
_IMPORTS = re.compile(
    r"(?m)(?:^|[;:'\"])[ \t]*(?:from[ \t]+agentbench(?:\.\w+)*[ \t]+import\b"
    r"|import[ \t]+(?:[\w.]+(?:[ \t]+as[ \t]+\w+)?[ \t]*,[ \t]*)*agentbench(?:[.,;\s'\"]|$))"
    r"|import_module\(\s*['\"]agentbench\b|__import__\(\s*['\"]agentbench\b"
)
_PATH = re.compile(r"(?:~|\$HOME|\$\{HOME\}|\.\.)?/[^\s'\"()\[\],;=<>|&`:#]+")
_FILE_KEYS = ("path", "file_path", "filename", "file")
_FED_KEYS = frozenset({"stdin", "data", "input", "code", "script", "keys", "text", "env", "job"})
_PATCHED = re.compile(r"^\*\*\* (?:Add|Update|Delete) File: (.+?)\s*$", re.MULTILINE)
_ASSIGNED = re.compile(r"(?:^|[;&|\s])(?:PYTHONPATH|GIT_DIR|NODE_PATH)=['\"]?([^\s'\";&|]+)")
_NOTES = (".md", ".markdown")
_MOST_CHARS = 1_000_000
_MOST_DEPTH = 6


def runs_agentbench(call: Call) -> bool:
    """Return whether a call uses AgentBench for more than to hand in and to look at figures.

    Another run with the same seed has the same answers, and its grades tell them.
    """
    if call.command is not None:
        items = [item for pipeline in parse(call.command) for item in pipeline]
        if any(_starts(item) for item in items):
            return True
    return any(_IMPORTS.search(text) for text in _programs(call))


def paths(call: Call) -> Iterator[str]:
    """Yield the paths in programs that a call writes or feeds, and those where Python and git are told to look."""
    found = dict.fromkeys(
        part for text in _programs(call) for path in _PATH.findall(text) for part in path.split(":")
    )
    if call.command is not None:
        for value in _ASSIGNED.findall(call.command[:_MOST_CHARS]):
            found.update(dict.fromkeys(value.split(":")))
    yield from (path for path in found if path)


def _starts(item: Command) -> bool:
    words = list(item.words)
    if "-m" in words[:-1] and words[words.index("-m") + 1].partition(".")[0] == "agentbench":
        return True
    while words and _RUNNER.match(posixpath.basename(words[0])):
        del words[0]
        while words and words[0].startswith("-"):
            del words[0]
    if (
        len(words) < 2
        or posixpath.basename(words[0]) != "agentbench"
        or not {"-h", "--help"}.isdisjoint(words)
    ):
        return False
    return not words[1].startswith("-") and words[1] not in _SKILLS


def _programs(call: Call) -> Iterator[str]:
    """Yield the texts of a call that are, or may become, programs."""
    arguments = call.call.arguments
    if call.command is not None:
        for pipeline in parse(call.command):
            yield from (text[:_MOST_CHARS] for item in pipeline for text in _scripts(item))
            yield from _printed(pipeline)
    elif call.name in WRITE_TOOLS:
        texts = list(_texts([value for key, value in arguments.items() if key not in _FILE_KEYS]))
        names = [arguments[key] for key in _FILE_KEYS if isinstance(arguments.get(key), str)]
        names += [name for text in texts for name in _PATCHED.findall(text)]
        if not names or not all(_is_note(name) for name in names):
            yield from texts
        return
    yield from _texts([value for key, value in arguments.items() if key.lower() in _FED_KEYS])


def _scripts(item: Command) -> Iterator[str]:
    written = item.written or (item.operands if item.name == "tee" else ())
    if item.heredoc and (item.name not in ("cat", "tee") or not all(map(_is_note, written))):
        yield item.heredoc
    if _INTERPRETER.match(item.name):
        pairs = zip(item.words[1:], item.words[2:], strict=False)
        yield from (word for option, word in pairs if re.match(r"-\w*[ce]\Z|--eval\Z", option))


def _printed(pipeline: tuple[Command, ...]) -> Iterator[str]:
    """Yield what ``echo`` and ``printf`` put into a file or another program."""
    last = pipeline[-1]
    into = last.written or (last.operands if last.name == "tee" else ())
    if into and all(map(_is_note, into)):
        return
    for item in pipeline:
        if item.name in ("echo", "printf") and (into or item is not last):
            yield " ".join(item.words)


def _is_note(name: str) -> bool:
    return name.lower().endswith(_NOTES)


def _texts(value: Any, depth: int = 0) -> Iterator[str]:
    """Yield all texts in a value of JSON."""
    if isinstance(value, str):
        yield value[:_MOST_CHARS]
    elif isinstance(value, (list, dict)) and depth < _MOST_DEPTH:
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _texts(inner, depth + 1)
