"""A program that does what no agent should; its argument says what. Run by the `command` agent, never imported."""

import json
import os
import signal
import socket
import sys
import time
from pathlib import Path

LOOK = [Path(word) for word in sys.argv[2:]]


def daemons() -> None:
    """Leave processes in sessions of their own, deaf and without an environment."""
    for _ in range(3):
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
                    signal.signal(number, signal.SIG_IGN)
                os.execve("/bin/sh", ["sh", "-c", "while :; do date > beat; sleep 0.1; done"], {})
            os._exit(0)
    time.sleep(0.3)


def deaf() -> None:
    """Ignore every wish to stop."""
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)
    while True:
        time.sleep(60)


def fills() -> None:
    """Write until nothing goes any more."""
    for number in range(10_000):
        Path(f"big-{number}").write_bytes(bytes(4_000_000))
    time.sleep(30)


def many() -> None:
    """Write a hundred thousand files."""
    for number in range(100_000):
        folder = Path(f"d{number // 1000}")
        folder.mkdir(exist_ok=True)
        (folder / str(number)).touch()


def looks() -> None:
    """Read what it should not know of, and say what was there."""
    found = {}
    for place in LOOK:
        try:
            found[str(place)] = (
                sorted(path.name for path in place.iterdir()) if place.is_dir() else place.read_text()[:100]
            )
        except OSError as error:
            found[str(place)] = type(error).__name__
    Path("looked.json").write_text(json.dumps(found))


def talks() -> None:
    """Open sockets to this machine and to the world, and listen."""
    told = {}
    for host, port in (("127.0.0.1", int(str(LOOK[0]))), ("192.0.2.1", 80), ("localhost", 22)):
        try:
            with socket.create_connection((host, port), timeout=2):
                told[f"{host}:{port}"] = "reached"
        except OSError as error:
            told[f"{host}:{port}"] = type(error).__name__
    Path("talked.json").write_text(json.dumps(told))


def litters() -> None:
    """Leave what is no file: a FIFO, a socket, links that lead out."""
    os.mkfifo("pipe")
    with socket.socket(socket.AF_UNIX) as one:
        one.bind("talk.sock")
    Path("passwd").symlink_to("/etc/passwd")
    Path("total.txt").symlink_to("/etc/hostname")
    os.mkfifo("words.json")


def breeds() -> None:
    """Fork more processes than it may have."""
    for _ in range(200):
        if os.fork() == 0:
            time.sleep(30)
            os._exit(0)
    time.sleep(30)


def eats() -> None:
    """Take more memory than it may have."""
    held = []
    for _ in range(40):
        held.append(bytearray(os.urandom(1024) * 20_000))
        time.sleep(0.05)
    time.sleep(30)


globals()[sys.argv[1]]()
