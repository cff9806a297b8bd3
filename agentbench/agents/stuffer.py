"""The agent that does no work but knows the vocabulary: it writes every named file full of the right words.

It sees what a cheat can see: the task's definition, its own inputs, the prompt. It must never resolve a task.
"""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from agentbench.agents.base import Turn
from agentbench.model import Task

_NAMES = re.compile(r"`([\w./-]+\.\w{1,5})`")
_COLUMNS = re.compile(r"`([a-z_]+(?:\s*,\s*[a-z_]+)+)`")
_WORDS = re.compile(r"[A-Za-z_][\w.-]{2,}")
_MAX_BYTES = 200_000


class StufferAgent:
    """Writes the right file names with the right words, headers and shapes, and no content of its own."""

    name = "stuffer"

    def check(self, task: Task) -> None:
        """It can always pretend."""

    def act(self, turn: Turn) -> str | None:
        """Write every file that the task or the message names, and claim success."""
        words = " ".join(_vocabulary(turn.task, turn.message))
        for name in _names(turn.task, turn.message):
            target = turn.workspace / name
            if target.exists() or not target.resolve().is_relative_to(turn.workspace.resolve()):
                continue
            with contextlib.suppress(OSError):  # a name that cannot be made is not stuffed
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_text(_content(target.suffix, words, turn.message, turn.workspace), "utf-8")
        return f"Done. Everything is complete and correct: {words[:2000]}"


def _names(task: Task, message: str) -> list[str]:
    named = [pattern for pattern in task.output_patterns if not set("*?[") & set(pattern)]
    named += [
        str(check.params[key]) for check in task.checks for key in ("path", "file") if key in check.params
    ]
    return sorted({name for name in (*named, *_NAMES.findall(message)) if not name.startswith(("/", "."))})


def _vocabulary(task: Task, message: str) -> Iterator[str]:
    seen: set[str] = set()
    texts = [task.name, task.description, message]
    texts += [text for check in task.checks for text in _strings(check.params)]
    for word in _WORDS.findall(" ".join(texts)):
        if word not in seen:
            seen.add(word)
            yield word


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item)


def _content(suffix: str, words: str, message: str, workspace: Path) -> str:
    if suffix == ".json":
        keys = sorted(set(re.findall(r"`([a-z_]+)`", message)))
        return json.dumps({**dict.fromkeys(keys, words[:200]), "summary": words})
    if suffix == ".csv":
        header = max(_COLUMNS.findall(message), key=len, default="id,value").replace(" ", "")
        return header + "\n" + _rows(workspace, header.count(",") + 1)
    if suffix == ".py":
        return f'"""{words}"""\nprint("done")\n'
    return f"# {words}\n\n{_inputs(workspace)}"


def _rows(workspace: Path, columns: int) -> str:
    """Return rows made of the first cells of the input tables."""
    rows = []
    for path in sorted(workspace.rglob("*.csv"))[:3]:
        for line in path.read_text("utf-8", "replace").splitlines()[1:60]:
            cells = (line.split(",") + ["approved"] * columns)[:columns]
            rows.append(",".join(cells))
    return "\n".join(rows) + "\n"


def _inputs(workspace: Path) -> str:
    texts = []
    for path in sorted(workspace.rglob("*"))[:50]:
        if path.is_file() and not path.is_symlink() and ".git" not in path.parts:
            with path.open("rb") as stream:
                texts.append(stream.read(_MAX_BYTES // 50).decode("utf-8", "replace"))
    return "\n".join(texts)
