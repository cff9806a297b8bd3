"""What a program may see and use: the contract that every sandbox keeps.

Inside a box there is the system, read-only; of the temporary folders, the users' homes, AgentBench's own folder and
whatever is `hidden`, only what is named `writable` or `readable`, under its own path; a process namespace of its own,
so that nothing survives; and the network that `network` says.
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

from agentbench.model import Frozen

INSIDE = Path("/run/agentbench/inside.py")
"""Where the relay to the gateways lies in a box."""


class Kind(StrEnum):
    """A sandbox by name."""

    NONE = "none"
    BUBBLEWRAP = "bubblewrap"
    DOCKER = "docker"


class Network(StrEnum):
    """What of the network a program reaches."""

    HOST = "host"
    """Everything: for checks whose programs talk to a server of the check's own, and without a sandbox."""
    PRIVATE = "private"
    """A loopback of its own, and the gateways of the box."""


class Gateway(Frozen):
    """A TCP port on the loopback inside a box that leads to a Unix socket outside."""

    port: int
    socket: Path


class Box(Frozen):
    """What one program may see and use."""

    kind: Kind
    writable: tuple[Path, ...]
    readable: tuple[Path, ...] = ()
    hidden: tuple[Path, ...] = ()
    network: Network = Network.HOST
    gateways: tuple[Gateway, ...] = ()
    image: str | None = None
    """For docker; None for the default one."""
    memory_bytes: int | None = None
    """Of the whole tree of processes; None for no limit."""
    n_processes: int | None = None
    """At the same time, of the whole tree."""
    disk_bytes: int | None = None
    """Of all writable folders together."""


def relay_words(box: Box) -> list[str]:
    """Return the arguments for an interpreter in the box that opens the gateways and then runs what follows."""
    gateways = [f"{gateway.port}={gate(gateway)}" for gateway in box.gateways]
    return ["-I", "-S", "-B", str(INSIDE), *gateways, "--"]


def gate(gateway: Gateway) -> Path:
    """Return where the socket of a gateway lies in a box: a short path, as Unix sockets need."""
    return INSIDE.with_name(f"gate-{gateway.port}.sock")
