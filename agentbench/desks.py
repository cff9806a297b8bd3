"""Make the desk at which an agent works on one try: its box, its way to the model, its way to allowed hosts."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Protocol

import msgspec

from agentbench.agents.base import Agent, Desk
from agentbench.identity import TrialLimits
from agentbench.metering.records import EGRESS_PORT, GATEWAY_PORT, Endpoint, Meter
from agentbench.model import Task
from agentbench.sandbox.base import Box, Gateway, Kind, Network

_LOOPBACK = "127.0.0.1,localhost"


class Egress(Protocol):
    """A way out of a box to the hosts that a task allows."""

    socket: Path
    allowed: list[str]
    denied: list[str]

    def close(self) -> None:
        """Shut it."""


class Proxy(Protocol):
    """What the harness needs of the metering proxy."""

    secrets: Mapping[str, str]

    def open(self) -> tuple[Endpoint, Meter]:
        """Return an endpoint for one try and the meter of its requests."""

    def close(self, endpoint: Endpoint) -> None:
        """End an endpoint and what is still under way on it."""

    def egress(self, hosts: tuple[str, ...]) -> Egress:
        """Return a way out to ``hosts``."""


class Site(msgspec.Struct, frozen=True):
    """What all desks of a run share."""

    agent: Agent
    proxy: Proxy | None
    kind: Kind
    limits: TrialLimits
    hidden: tuple[Path, ...] = ()
    """What no agent may see, beside what is never seen in a box."""

    @property
    def secrets(self) -> dict[str, str]:
        """What must not be stored: the endpoint's key, and what the agent's programs are handed."""
        return {**(self.proxy.secrets if self.proxy else {}), **self.agent.secrets}


class Place(msgspec.Struct, frozen=True):
    """Which try works where."""

    task: Task
    attempt: int
    try_no: int
    workspace: Path
    home: Path


@contextlib.contextmanager
def desk(site: Site, place: Place, denied: list[str]) -> Iterator[Desk]:
    """Make a desk for the body. Hosts that its agent asked for in vain are added to ``denied`` at the end."""
    env = {"HOME": str(place.home)}
    with contextlib.ExitStack() as stack:
        gateways, endpoint, meter = [], None, None
        if site.proxy is not None:
            endpoint, meter = site.proxy.open()
            stack.callback(site.proxy.close, endpoint)
            gateways.append(Gateway(port=GATEWAY_PORT, socket=endpoint.socket))
            if place.task.network and site.kind is not Kind.NONE:
                egress = site.proxy.egress(place.task.network)
                stack.callback(lambda: denied.extend(egress.denied))
                stack.callback(egress.close)
                gateways.append(Gateway(port=EGRESS_PORT, socket=egress.socket))
                env |= _through(f"http://127.0.0.1:{EGRESS_PORT}")
        yield Desk(
            task=place.task,
            attempt=place.attempt,
            try_no=place.try_no,
            workspace=place.workspace,
            home=place.home,
            box=_box(site, place, tuple(gateways)),
            endpoint=endpoint,
            meter=meter,
            env=env,
        )


def _through(proxy: str) -> dict[str, str]:
    """Return the variables by which programs know a forward proxy."""
    names = ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy")
    return {**dict.fromkeys(names, proxy), "NO_PROXY": _LOOPBACK, "no_proxy": _LOOPBACK}


def _box(site: Site, place: Place, gateways: tuple[Gateway, ...]) -> Box:
    boxed = site.kind is not Kind.NONE
    image = site.agent.about().settings.get("docker_image")
    return Box(
        kind=site.kind,
        writable=(place.workspace, place.home),
        readable=site.agent.readable,
        hidden=site.hidden,
        network=Network.PRIVATE if boxed else Network.HOST,
        gateways=gateways if boxed else (),
        image=image if isinstance(image, str) else None,
        memory_bytes=site.limits.memory_bytes,
        n_processes=site.limits.n_processes,
        disk_bytes=site.limits.disk_bytes,
    )
