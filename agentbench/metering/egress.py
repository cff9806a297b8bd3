"""A way out of a box to the hosts that a task allows, and nowhere else: an HTTP proxy on a Unix socket.

Serves ``CONNECT host:443`` and plain requests ``GET http://host/…`` on ports 80 and 443, to the allowed names exactly.
What was asked for is noted, allowed or not. A name that leads to this machine or its private network is refused
unless it was itself allowed as ``localhost`` or an address.
"""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import os
import re
import socket
from pathlib import Path
from urllib.parse import urlsplit

_PORTS = frozenset({80, 443})
_HEAD_SEC = 30.0
_BLOCK = 65536
_HOP = re.compile(rb"(?:proxy-)?connection\s*:", re.IGNORECASE)


class Egress:
    """One gate. ``allowed`` and ``denied`` list what was asked for as ``host:port``."""

    def __init__(self, hosts: tuple[str, ...], place: Path, loop: asyncio.AbstractEventLoop) -> None:
        self.socket = place
        self.allowed: list[str] = []
        self.denied: list[str] = []
        self._hosts = frozenset(host.lower() for host in hosts)
        self._loop = loop
        self._guests: set[asyncio.Task[None]] = set()

    def start(self) -> None:
        """Open it."""

        async def serve() -> asyncio.Server:
            return await asyncio.start_unix_server(self._guest, sock=listen(self.socket))

        self._server = asyncio.run_coroutine_threadsafe(serve(), self._loop).result(10)

    def close(self) -> None:
        """Shut it, and what goes through it."""

        async def end() -> None:
            self._server.close()
            for guest in list(self._guests):
                guest.cancel()
            await asyncio.gather(*self._guests, return_exceptions=True)

        asyncio.run_coroutine_threadsafe(end(), self._loop).result(10)
        self.socket.unlink(missing_ok=True)

    async def _guest(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._guests.add(task)
        try:
            await self._serve(reader, writer)
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, TimeoutError, ValueError):
            pass
        finally:
            self._guests.discard(task)
            writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), _HEAD_SEC)
        line, _, headers = head.partition(b"\r\n")
        method, target, version = line.decode("latin-1").split(" ", 2)
        if method == "CONNECT":
            host, _, port = target.rpartition(":")
            first = b""
        else:
            parts = urlsplit(target)
            host, port = parts.hostname or "", str(parts.port or 80)
            path = parts._replace(scheme="", netloc="").geturl() or "/"
            first = f"{method} {path} {version}\r\n".encode("latin-1") + _single(headers)
        place = f"{host.lower()}:{port}"
        addresses = await self._addresses(host.lower(), int(port))
        if not addresses:
            self.denied.append(place)
            writer.write(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            await writer.drain()
            return
        self.allowed.append(place)
        far_reader, far_writer = await _connected(addresses, int(port))
        try:
            if method == "CONNECT":
                writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            far_writer.write(first)
            await asyncio.gather(_pump(reader, far_writer), _pump(far_reader, writer))
        finally:
            far_writer.close()

    async def _addresses(self, host: str, port: int) -> list[str]:
        """Return where to connect to; nothing where that is not allowed. The name is looked up once, here."""
        if host not in self._hosts:
            return []
        if host == "localhost" or _is_address(host):
            return [host]
        if port not in _PORTS:
            return []
        found = await self._loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        addresses = [str(entry[4][0]) for entry in found]
        return addresses if all(ipaddress.ip_address(one).is_global for one in addresses) else []


def listen(place: Path) -> socket.socket:
    """Return a Unix socket that listens at ``place``, however long its path is; raises OSError."""
    made = socket.socket(socket.AF_UNIX)
    folder = os.open(place.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        short = Path(f"/proc/self/fd/{folder}")
        made.bind(str((short if short.exists() else place.parent) / place.name))
        made.listen(256)
    except OSError:
        made.close()
        raise
    finally:
        os.close(folder)
    return made


def _single(headers: bytes) -> bytes:
    """Return the head of a request that ends its connection: another one might be meant for another host."""
    kept = [line for line in headers.split(b"\r\n") if not _HOP.match(line)]
    return b"\r\n".join([b"Connection: close", *kept])


async def _connected(addresses: list[str], port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Connect to the first address that answers. Raises OSError when none does."""
    for address in addresses[:-1]:
        with contextlib.suppress(OSError):
            return await asyncio.open_connection(address, port)
    return await asyncio.open_connection(addresses[-1], port)


def _is_address(host: str) -> bool:
    with contextlib.suppress(ValueError):
        ipaddress.ip_address(host)
        return True
    return False


async def _pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while block := await source.read(_BLOCK):
            sink.write(block)
            await sink.drain()
        if sink.can_write_eof():
            sink.write_eof()
