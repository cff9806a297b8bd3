"""Play an earlier run again: put back what its agent left, turn by turn, with its replies, log and metrics.

So the whole pipeline runs without a model, for example after a change of checks or of scoring. Same tasks and same
seed are needed, as what an agent left fits its own inputs alone.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from agentbench import scratch, snapshot, workspace
from agentbench.agents.base import About, Acted, Desk, Record, Session, Turn
from agentbench.codec import read_json
from agentbench.errors import ResultsError, UsageError
from agentbench.model import Metrics, Task
from agentbench.paths import RunPaths, TryPaths
from agentbench.trajectory import Trajectory


class _Outcome(msgspec.Struct):
    """What is needed of a stored outcome."""

    replies: dict[int, str | None]
    metrics: Metrics
    agent_version: str | None = None
    model: str | None = None


class _Identity(msgspec.Struct):
    seed: int
    attempts: int


def make(options: Mapping[str, Any]) -> ReplayAgent:
    """Return the agent for JSON options: ``from``, the path of a run, and ``seed``. Raises UsageError."""
    if not options.get("from"):
        raise UsageError("needs --from RUN", where="--agent replay")
    return ReplayAgent(Path(options["from"]), options.get("seed"))


class ReplayAgent:
    """The agent of an earlier run, from what was stored of it."""

    name = "replay"
    boxed = False
    readable: tuple[Path, ...] = ()
    secrets: Mapping[str, str] = {}

    def __init__(self, source: Path, seed: int | None) -> None:
        self.source = RunPaths(source.absolute())
        self.identity = read_json(self.source.identity, _Identity)
        self.seed = self.identity.seed
        if seed is not None and seed != self.identity.seed:
            raise UsageError(
                f"seed {seed} is not that of the run played again, {self.identity.seed}",
                where="--agent replay",
                hint="Leave --seed out.",
            )

    def about(self) -> About:
        """Return which run is played again."""
        return About(name=self.name, settings={"from": str(self.source.root)})

    def check(self, tasks: Sequence[Task]) -> None:
        """Raise UsageError for a task that the run played again has no graded try of."""
        for task in tasks:
            if not any(self.source.task(task.id).glob("attempt-*/try-*/turn-1.tar.gz")):
                raise UsageError(
                    f"{self.source.run_id} has nothing of {task.id}", where=f"--from {self.source.root}"
                )

    def open(self, desk: Desk) -> Session:
        """Return a session that plays the last graded try of the same attempt."""
        folder = self.source.task(desk.task.id) / f"attempt-{desk.attempt}"
        tries = sorted(folder.glob("try-*"), key=lambda path: int(path.name.removeprefix("try-")))
        graded = [TryPaths(path) for path in tries if (path / "turn-1.tar.gz").is_file()]
        if not graded:
            raise ResultsError("holds no graded try", where=str(folder))
        return _Replayed(graded[-1], self.identity.seed + desk.attempt - 1)


class _Replayed:
    def __init__(self, stored: TryPaths, seed: int) -> None:
        self._stored, self._seed = stored, seed
        self._outcome = read_json(stored.outcome, _Outcome)

    def act(self, turn: Turn) -> Acted:
        """Put back what the agent had left at the end of the turn."""
        with scratch.temporary("grading") as root:
            generated = workspace.generate(turn.task, self._seed, root)
            left = root / "left"
            snapshot.restore(self._stored.snapshot(turn.number), generated.given[turn.number], left)
            for path in turn.workspace.iterdir():
                if path.is_dir() and not path.is_symlink():
                    scratch.remove_tree(path)
                else:
                    path.unlink()
            shutil.copytree(left, turn.workspace, symlinks=True, dirs_exist_ok=True)
        return Acted(reply=self._outcome.replies.get(turn.number))

    def close(self) -> Record:
        """Return the stored log and metrics."""
        path = self._stored.trajectory
        return Record(
            trajectory=read_json(path, Trajectory) if path.is_file() else None,
            metrics=self._outcome.metrics,
            version=self._outcome.agent_version,
            model=self._outcome.model,
        )
