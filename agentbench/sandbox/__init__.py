"""Confine a program that an agent wrote, or the agent itself: one contract (`base.Box`), several ways to keep it.

A new sandbox is a module of this package with two functions, ``works`` and ``command``, and a line in `SANDBOXES`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

import msgspec

from agentbench.errors import EnvironmentNotReady, UsageError, did_you_mean
from agentbench.sandbox import bubblewrap, docker
from agentbench.sandbox.base import Box, Kind, Network


class Sandbox(msgspec.Struct, frozen=True):
    """How a kind of sandbox is used."""

    works: Callable[[], bool]
    command: Callable[[Sequence[str], Path, Box, Mapping[str, str], str], list[str]]
    """From command, working directory, box, environment and a name for it to the confined command."""
    needs: str
    """What to do where it does not work."""


SANDBOXES: dict[Kind, Sandbox] = {
    Kind.BUBBLEWRAP: Sandbox(
        bubblewrap.works,
        bubblewrap.command,
        "Install the package bubblewrap, and allow user namespaces; or say --sandbox none.",
    ),
    Kind.DOCKER: Sandbox(
        docker.works,
        docker.command,
        "Start a Docker engine that `docker info` can reach; or say --sandbox none.",
    ),
}


def name() -> str:
    """Return what confines the programs of checks here: ``bubblewrap`` where it works, else ``none``."""
    return choose(None).value


def choose(wanted: str | None) -> Kind:
    """Return the sandbox called ``wanted``; for None bubblewrap where it works, else none.

    Raises UsageError for an unknown name, EnvironmentNotReady for one that does not work here.
    """
    if wanted is None:
        return Kind.BUBBLEWRAP if bubblewrap.works() else Kind.NONE
    if wanted not in set(Kind):
        raise UsageError(
            "unknown sandbox",
            where=f"--sandbox {wanted}",
            hint=did_you_mean(wanted, [kind.value for kind in Kind]),
        )
    kind = Kind(wanted)
    if kind is not Kind.NONE and not SANDBOXES[kind].works():
        raise EnvironmentNotReady(
            "does not work on this machine", where=f"--sandbox {wanted}", hint=SANDBOXES[kind].needs
        )
    return kind


def for_checks(
    visible: Iterable[Path],
    *,
    readable: Iterable[Path] = (),
    hidden: Iterable[Path] = (),
    loopback: bool = False,
) -> Box:
    """Return the box of a program that a check runs: it sees ``visible`` and ``readable``, not ``hidden``.

    With ``loopback`` it reaches servers on this machine: its network reaches further then, but never what listens on
    sockets in ``/run``, such as Docker.
    """
    return Box(
        kind=Kind(name()),
        writable=tuple(visible),
        readable=tuple(readable),
        hidden=(*hidden, Path("/run"), Path("/var/run")),
        network=Network.HOST if loopback else Network.PRIVATE,
    )


def confine(
    argv: Sequence[str], *, cwd: Path, box: Box, env: Mapping[str, str], label: str = "agentbench"
) -> list[str]:
    """Return the command that runs ``argv`` in ``cwd`` inside ``box``; ``label`` is a name for `end`."""
    if box.kind is Kind.NONE:
        return list(argv)
    return SANDBOXES[box.kind].command(argv, cwd, box, env, label)


def end(box: Box, label: str) -> None:
    """End what the death of the confined command alone would not end."""
    if box.kind is Kind.DOCKER:
        docker.kill(label)
