"""All agents by name. A new one is a module in this package and one line in `AGENTS`."""

from __future__ import annotations

from collections.abc import Callable

from agentbench.agents.base import Agent
from agentbench.agents.nop import NopAgent
from agentbench.agents.solution import SolutionAgent
from agentbench.agents.stuffer import StufferAgent
from agentbench.errors import UsageError, did_you_mean

AGENTS: dict[str, Callable[[], Agent]] = {
    "oracle": lambda: SolutionAgent("oracle"),
    "nop": NopAgent,
    "stuffer": StufferAgent,
}


def make(name: str) -> Agent:
    """Return a new agent called ``name``. Raises UsageError with the nearest names."""
    if name not in AGENTS:
        raise UsageError("unknown agent", where=f"--agent {name}", hint=did_you_mean(name, AGENTS))
    return AGENTS[name]()
