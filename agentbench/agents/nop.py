"""The agent that does nothing: whatever it wins is a fault of the task."""

from __future__ import annotations

from agentbench.agents.base import Turn
from agentbench.model import Task


class NopAgent:
    """Leaves the workspace alone and says nothing."""

    name = "nop"

    def check(self, task: Task) -> None:
        """It can always do nothing."""

    def act(self, turn: Turn) -> str | None:
        """Do nothing."""
        return None
