"""Boxes of Docker: a container per program, made from an image, with the same folders shown as in any box.

Programs of the host are shown read-only under their own paths, so the image must have a C library that runs them; the
default one has Python and git and is built on the same distribution as most Node builds need.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from agentbench.sandbox.base import INSIDE, Box, Network, gate, relay_words

DEFAULT_IMAGE = "python:3.12-bookworm"
_OWN = frozenset({"PATH"})
"""Variables of the host that would be wrong in an image."""


def works() -> bool:
    """Return whether a Docker engine answers."""
    try:
        done = subprocess.run(["docker", "info"], capture_output=True, timeout=15, check=False)
    except (OSError, subprocess.SubprocessError):
        return False
    return done.returncode == 0


def command(argv: Sequence[str], cwd: Path, box: Box, env: Mapping[str, str], label: str) -> list[str]:
    """Return the command that runs ``argv`` in a container called ``label``, with the user's own ids."""
    words = ["docker", "run", "--rm", "--interactive", "--init", "--name", label, "--read-only"]
    words += ["--cap-drop", "ALL", "--security-opt", "no-new-privileges"]
    words += ["--user", f"{os.getuid()}:{os.getgid()}", "--hostname", "agentbench"]
    words += ["--network", "none" if box.network is Network.PRIVATE else "host"]
    if box.n_processes is not None:
        words += ["--pids-limit", str(box.n_processes)]
    if box.memory_bytes is not None:
        words += ["--memory", str(box.memory_bytes), "--memory-swap", str(box.memory_bytes)]
    words += ["--tmpfs", "/tmp:mode=1777", "--tmpfs", "/var/tmp:mode=1777"]
    for path in box.readable:
        words += ["--volume", f"{path}:{path}:ro"]
    for path in dict.fromkeys(box.writable):
        words += ["--volume", f"{path}:{path}"]
    for name in sorted(env.keys() - _OWN):
        words += ["--env", f"{name}={env[name]}"]
    words += ["--workdir", str(cwd)]
    if box.gateways:
        words += ["--volume", f"{Path(__file__).with_name('inside.py')}:{INSIDE}:ro"]
        for gateway in box.gateways:
            words += ["--volume", f"{gateway.socket}:{gate(gateway)}"]
        argv = ["python3", *relay_words(box), *argv]
    return [*words, box.image or DEFAULT_IMAGE, *argv]


def kill(label: str) -> None:
    """End the container called ``label``, if it is still there."""
    with contextlib.suppress(OSError, subprocess.SubprocessError):
        subprocess.run(["docker", "kill", label], capture_output=True, timeout=15, check=False)
