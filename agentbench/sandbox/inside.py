"""Run a program inside a box without network, and open the gateways of the box for it. Standard library only.

Called as ``inside.py PORT=SOCKET … -- PROGRAM ARG …``. Each port is served on the loopback inside and leads, byte by
byte and both ways, to a Unix socket outside. Ends with the program's exit code, 128 + n for signal n, or 126 and one
line when a gateway cannot be opened or the program not be started.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import sys
import threading

_BLOCK = 65536
_CANNOT = 126


def main(argv: list[str]) -> int:
    """Serve the gateways as long as the program runs."""
    split = argv.index("--")
    program = argv[split + 1 :]
    listeners = []
    try:
        for word in argv[:split]:
            port, _, target = word.partition("=")
            socket.socket(socket.AF_UNIX).connect(target)
            listeners.append((socket.create_server(("127.0.0.1", int(port)), backlog=128), target))
    except OSError as error:
        print(f"gateway {word}: {error.strerror or error}", file=sys.stderr)
        return _CANNOT
    child = os.fork()
    if child == 0:
        try:
            os.execvp(program[0], program)
        except OSError as error:
            os.write(2, f"{program[0]}: {error.strerror}\n".encode())
            os._exit(127 if isinstance(error, FileNotFoundError) else _CANNOT)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda received, _: _pass_on(child, received))
    for listener, target in listeners:
        threading.Thread(target=_serve, args=(listener, target), daemon=True).start()
    while True:
        ended, status = os.waitpid(child, 0)
        if ended == child:
            code = os.waitstatus_to_exitcode(status)
            return code if code >= 0 else 128 - code


def _pass_on(child: int, number: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(child, number)


def _serve(listener: socket.socket, target: str) -> None:
    while True:
        try:
            guest, _ = listener.accept()
        except OSError:
            continue
        outside = socket.socket(socket.AF_UNIX)
        try:
            outside.connect(target)
        except OSError:
            guest.close()
            outside.close()
            continue
        with contextlib.suppress(OSError):
            guest.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for source, sink in ((guest, outside), (outside, guest)):
            threading.Thread(target=_pump, args=(source, sink), daemon=True).start()


def _pump(source: socket.socket, sink: socket.socket) -> None:
    """Carry bytes one way until the source ends, then say so to the sink."""
    try:
        while block := source.recv(_BLOCK):
            sink.sendall(block)
        sink.shutdown(socket.SHUT_WR)
    except OSError:
        for one in (source, sink):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)


if __name__ == "__main__":
    os._exit(main(sys.argv[1:]))
