"""All agents by name. A new one is a module in this package and one line in `AGENTS`.

A name that is none of ours is looked for among the entry points of installed packages (group ``agentbench.agents``):
a function from options to an `Agent`. A run of such an agent is ``nonstandard``.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import msgspec

from agentbench.agents.base import About, Actor, Agent, Desk, Performing, Session
from agentbench.agents.nop import NopAgent
from agentbench.agents.solution import SolutionAgent
from agentbench.agents.stuffer import StufferAgent
from agentbench.errors import EnvironmentNotReady, UsageError, did_you_mean
from agentbench.model import Task

GROUP = "agentbench.agents"
ACTORS: dict[str, Callable[[], Actor]] = {
    "oracle": lambda: SolutionAgent("oracle"),
    "nop": NopAgent,
    "stuffer": StufferAgent,
}
#: name → module of this package, whose function ``make(options)`` returns the agent
AGENTS: dict[str, str] = {"openclaw": "openclaw", "command": "command", "replay": "replay"}


def names() -> list[str]:
    """Return the names of the built-in agents."""
    return [*AGENTS, *ACTORS]


def make(name: str, options: Mapping[str, Any]) -> Agent:
    """Return the agent called ``name`` with its options. Raises UsageError with the nearest names.

    ``options`` are JSON values; the same ones make the same agent again when a run is resumed.
    """
    if name in ACTORS:
        return Performing(ACTORS[name]())
    if name in AGENTS:
        made: Agent = importlib.import_module(f"agentbench.agents.{AGENTS[name]}").make(options)
        return made
    for entry in entry_points(group=GROUP, name=name):
        try:
            return _ThirdParty(name, entry.load()(dict(options)))
        except (UsageError, EnvironmentNotReady):
            raise
        except Exception as error:
            raise EnvironmentNotReady(
                f"cannot be made ({type(error).__name__}: {error})",
                where=f"--agent {name}",
                hint=f"It comes from {entry.value}.",
            ) from error
    raise UsageError("unknown agent", where=f"--agent {name}", hint=did_you_mean(name, names()))


class _ThirdParty:
    """An agent whose code is not ours; a run records that."""

    def __init__(self, name: str, agent: Agent) -> None:
        self.name, self.boxed = name, agent.boxed
        self._agent = agent

    @property
    def readable(self) -> tuple[Path, ...]:
        return self._agent.readable

    @property
    def secrets(self) -> Mapping[str, str]:
        return getattr(self._agent, "secrets", {})

    def about(self) -> About:
        return msgspec.structs.replace(self._agent.about(), name=self.name, nonstandard=True)

    def check(self, tasks: Sequence[Task]) -> None:
        self._agent.check(tasks)

    def open(self, desk: Desk) -> Session:
        return self._agent.open(desk)
