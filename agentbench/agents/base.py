"""What an agent is to the runner: something that acts on a workspace, turn by turn."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

import msgspec

from agentbench.model import Task


class Turn(msgspec.Struct, frozen=True):
    """One message for the agent."""

    task: Task
    number: int
    message: str
    new_session: bool
    workspace: Path
    timeout_sec: float


class AgentFailed(Exception):
    """The agent ended with an error of its own; the message says which."""


class Agent(Protocol):
    """An agent. ``act`` returns its reply to one message, None for none, after it has stopped working."""

    name: str

    def check(self, task: Task) -> None:
        """Raise EnvironmentNotReady when the agent cannot work on ``task`` here."""

    def act(self, turn: Turn) -> str | None:
        """Work on one turn. Raises AgentFailed."""
