"""The agent that leaves junk where its deliverables should be: what the gate of tasks throws at validators.

It exists to be judged, not to be measured: whatever it leaves, a validator must give a verdict and never raise.
"""

from __future__ import annotations

import contextlib

from agentbench.agents.base import Turn
from agentbench.model import Task

#: Name → content; None is a directory.
KINDS: dict[str, bytes | None] = {
    "null": b"null\n",
    "number": b"5\n",
    "object": b"{}\n",
    "list": b"[]\n",
    "empty": b"",
    "binary": bytes(range(256)) * 4,
    "directory": None,
}


class JunkAgent:
    """Puts one kind of junk into every expected output that is named without a glob."""

    def __init__(self, kind: str) -> None:
        self.name = f"junk-{kind}"
        self._content = KINDS[kind]

    def check(self, task: Task) -> None:
        """It can always leave junk."""

    def act(self, turn: Turn) -> str | None:
        """Replace the files at hand, in every turn."""
        for name in junk_targets(turn.task):
            target = turn.workspace / name
            if not target.resolve().is_relative_to(turn.workspace.resolve()):
                continue
            with contextlib.suppress(OSError):  # a name that cannot be made stays as it is
                target.parent.mkdir(parents=True, exist_ok=True)
                if target.is_file() or target.is_symlink():
                    target.unlink()
                if self._content is None:
                    target.mkdir(exist_ok=True)
                else:
                    target.write_bytes(self._content)
        return None


def junk_targets(task: Task) -> list[str]:
    """Return the expected outputs of a task that are file names, not globs."""
    return sorted(
        {name for name in task.output_patterns if not set("*?") & set(name) and not name.endswith("/")}
    )
