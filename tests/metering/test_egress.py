"""The way out of a box: to the hosts that a task allows, and nowhere else."""

from __future__ import annotations

import socket

import pytest
from endpoint import Endpoint, Start, connect, whole

from agentbench.metering.egress import Egress


def ask(gate: Egress, head: str) -> bytes:
    """Send a request through the gate and return the whole answer."""
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(10)
        connect(client, gate.socket)
        client.sendall(head.encode())
        data = b""
        while block := client.recv(65536):
            data += block
            if b"established" in data and b"hi" not in data:
                client.sendall(b"GET /x HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
        return data


def test_an_allowed_host_is_reached_by_both_ways(start: Start, endpoint: Endpoint) -> None:
    """A plain request through the proxy, and a tunnel."""
    endpoint.answer = whole(b"hi", headers={"Connection": "close"})
    host = endpoint.url.removeprefix("http://")
    gate = start().egress(("127.0.0.1",))
    plain = f"GET http://{host}/a?b=c HTTP/1.1\r\nHost: {host}\r\nConnection: keep-alive\r\n\r\n"
    assert ask(gate, plain).endswith(b"hi")
    assert endpoint.asked[0].path == "/a?b=c"
    assert endpoint.asked[0].headers["connection"] == "close"
    assert ask(gate, f"CONNECT {host} HTTP/1.1\r\nHost: {host}\r\n\r\n").endswith(b"hi")
    assert (gate.allowed, gate.denied) == ([host, host], [])
    gate.close()
    assert not gate.socket.exists()


@pytest.mark.parametrize(
    "target", ["other.example:443", "127.0.0.1:80", "localhost:443", "allowed.example:22", "169.254.1.1:80"]
)
def test_everything_else_is_refused_and_noted(start: Start, endpoint: Endpoint, target: str) -> None:
    """Other names, this machine, and other ports of an allowed name."""
    gate = start().egress(("allowed.example",))
    assert b"403 Forbidden" in ask(gate, f"CONNECT {target} HTTP/1.1\r\n\r\n")
    assert (gate.allowed, gate.denied) == ([], [target])
    gate.close()


def test_a_name_that_leads_home_is_refused(
    start: Start, endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An allowed name whose address is this machine's or its network's opens nothing."""
    gate = start().egress(("rebound.example",))

    async def resolved(*_: object, **__: object) -> list[object]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("10.0.0.7", 443))]

    monkeypatch.setattr(gate._loop, "getaddrinfo", resolved)
    assert b"403 Forbidden" in ask(gate, "CONNECT rebound.example:443 HTTP/1.1\r\n\r\n")
    gate.close()
