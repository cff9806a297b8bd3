"""What an agent is to the harness: it opens a session on a desk, acts turn by turn, and hands over its log.

docs/agents.md explains the protocol by a complete example. An `Actor` is the simplest agent: one function from
a turn to a reply, without a model, a log or a process of its own; `Performing` makes an `Agent` of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import msgspec

from agentbench.failures import FailureCause
from agentbench.metering.records import Endpoint, Meter
from agentbench.model import Flag, Frozen, Metrics, Task
from agentbench.sandbox.base import Box
from agentbench.trajectory import Trajectory


class Turn(msgspec.Struct, frozen=True):
    """One message for the agent."""

    task: Task
    number: int
    message: str
    new_session: bool
    workspace: Path
    timeout_sec: float
    """What is left of the trial's time."""


class AgentFailed(Exception):
    """An actor ended with an error of its own; the message says which."""


class Actor(Protocol):
    """The simplest agent. ``act`` returns its reply to one message, None for none, after it has stopped working."""

    name: str

    def check(self, task: Task) -> None:
        """Raise EnvironmentNotReady when the actor cannot work on ``task`` here."""

    def act(self, turn: Turn) -> str | None:
        """Work on one turn. Raises AgentFailed."""


class About(Frozen):
    """What a run records of its agent; two runs are alike only when this is."""

    name: str
    version: str | None = None
    model: str | None = None
    settings: dict[str, Any] = msgspec.field(default_factory=dict)
    """Everything needed to make the agent again on ``resume``; never a secret."""
    nonstandard: bool = False
    """Whether its code is not part of AgentBench."""


class Desk(msgspec.Struct, frozen=True, kw_only=True):
    """Where one try works. Everything but the workspace is gone afterwards."""

    task: Task
    attempt: int
    try_no: int
    workspace: Path
    home: Path
    """A private folder for the agent's own files; HOME of its programs. Writable in `box`."""
    box: Box
    """What the agent's programs may see and use; pass it to `process.run`."""
    endpoint: Endpoint | None
    """Where its model answers: the metering proxy; None for an agent that needs none."""
    meter: Meter | None
    """What the proxy has seen of this try so far."""
    env: dict[str, str]
    """To be set for every program of the agent: how to find it again after a kill, and the like."""


class Acted(Frozen):
    """How one turn ended."""

    reply: str | None
    """What the agent said last; None when nothing can be known of it."""
    cause: FailureCause | None = None
    """Why the turn did not end by itself. The harness prefers what the proxy saw of the provider."""
    detail: str = ""
    """One line for a person about ``cause``."""


class Record(Frozen):
    """What an agent's own log says about a try, after the last turn."""

    trajectory: Trajectory | None = None
    raw: tuple[Any, ...] = ()
    """The log's own events, JSON values, in order."""
    version: str | None = None
    model: str | None = None
    """The model that answered, as the log names it."""
    metrics: Metrics | None = None
    """Where they are known otherwise than from ``trajectory`` (a replay)."""
    flags: tuple[Flag, ...] = ()
    cause: FailureCause | None = None
    """For example that the log is not that of this try."""
    detail: str = ""


class Session(Protocol):
    """An agent at work on one try."""

    def act(self, turn: Turn) -> Acted:
        """Work on one turn and return once every program of the agent has ended. Agents' faults are never raised."""

    def close(self) -> Record:
        """Return what the log says. Called once, also after a failed turn."""


class Agent(Protocol):
    """A kind of agent with its settings; makes a session for each try, from several threads at once."""

    name: str
    boxed: bool
    """Whether it runs programs of its own, which belong in a box."""

    @property
    def readable(self) -> tuple[Path, ...]:
        """What its programs must be able to read in a box, beside the system and their own home."""

    @property
    def secrets(self) -> Mapping[str, str]:
        """The secrets that its programs are handed, name → value; they are scrubbed from whatever is stored."""

    def about(self) -> About:
        """Return what the run records of it."""

    def check(self, tasks: Sequence[Task]) -> None:
        """Raise EnvironmentNotReady or UsageError when it cannot work on ``tasks`` here. Costs no model call."""

    def open(self, desk: Desk) -> Session:
        """Return a fresh session that shares nothing with another one."""


class Performing:
    """An actor as an agent."""

    boxed = False
    readable: tuple[Path, ...] = ()
    secrets: Mapping[str, str] = {}

    def __init__(self, actor: Actor) -> None:
        self.name = actor.name
        self._actor = actor

    def about(self) -> About:
        """Return its name; an actor has no more to it."""
        return About(name=self.name)

    def check(self, tasks: Sequence[Task]) -> None:
        """Ask the actor about each task."""
        for task in tasks:
            self._actor.check(task)

    def open(self, desk: Desk) -> Session:
        """Return a session that calls the actor."""
        return _Performance(self._actor)


class _Performance:
    def __init__(self, actor: Actor) -> None:
        self._actor = actor

    def act(self, turn: Turn) -> Acted:
        try:
            return Acted(reply=self._actor.act(turn))
        except AgentFailed as error:
            return Acted(reply=None, cause=FailureCause.AGENT_CRASH, detail=str(error))

    def close(self) -> Record:
        return Record()
