"""Run one validator as the engine does: declared in a task's words, judged through the registry."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import msgspec

from agentbench.model import Check, CheckResult, Metrics, MetricsSource
from agentbench.validators import registry
from agentbench.validators.base import Context

Files = dict[str, str | bytes | None]


def fill(root: Path, files: Files) -> Path:
    """Write files below ``root`` (None: a folder) and return it."""
    root.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        target = root / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if content is None:
            target.mkdir(exist_ok=True)
        else:
            target.write_bytes(content.encode() if isinstance(content, str) else content)
    return root


class Bench:
    """A workspace as given and as left, and the verdict of a validator on it."""

    def __init__(self, root: Path) -> None:
        self.left = fill(root / "left", {})
        self.given = fill(root / "given", {})
        (root / "scratch").mkdir()
        self.context = Context(
            task_id="demo-x",
            seed=1,
            workspace=self.left,
            pristine=self.given,
            hidden={},
            task_dir=root,
            scratch_root=root / "scratch",
        )

    def judge(self, kind: str, pattern: str | None = None, /, **params: Any) -> CheckResult:
        """Return the result of the built-in validator ``kind`` with its default points."""
        function, points = registry.BUILT_IN[kind]
        check = Check(
            id=kind,
            type=kind,
            pattern=pattern,
            params=params,
            points=points,
            required=True,
            guard=False,
            after_required=False,
            turn=None,
        )
        return registry.judge(check, function, registry.context_for(self.context, check))

    def points(self, kind: str, pattern: str | None = None, /, **params: Any) -> float:
        """Return the points that the validator ``kind`` gives."""
        return self.judge(kind, pattern, **params).points

    def knows(self, **known: Any) -> Bench:
        """Set fields of the context (reply, metrics, omitted …)."""
        self.context = msgspec.structs.replace(self.context, **known)
        return self


def measured(**values: Any) -> Metrics:
    """Return metrics from a transcript."""
    return Metrics(source=MetricsSource.TRANSCRIPT, **values)


def commit(repo: Path, *messages: str) -> None:
    """Make a git repository with one commit per message."""
    who = ["-c", "user.name=T", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", "init", "-q", str(repo)], check=True, capture_output=True)
    for message in messages:
        command = ["git", *who, "-C", str(repo), "commit", "-q", "--allow-empty", "-m", message]
        subprocess.run(command, check=True, capture_output=True)
