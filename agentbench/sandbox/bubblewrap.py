"""Boxes of bubblewrap: Linux namespaces, no daemon, no image; the system itself, read-only, with folders masked."""

from __future__ import annotations

import functools
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from agentbench.paths import CHECKOUT, interpreter, temporary_root
from agentbench.sandbox.base import INSIDE, Box, Network, gate, relay_words

_BASE = (
    *("--die-with-parent", "--unshare-pid", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try"),
    *("--cap-drop", "ALL"),
)
_SYSTEM = ("--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc")
_ALWAYS_MASKED = ("/tmp", "/var/tmp", "/home", "/root", "/mnt", "/media", "/srv")
_MASKED_WHEN_PRIVATE = ("/run", "/var/run")
"""Where services listen on sockets. Programs that may use the host's network need its name resolution from there."""


@functools.lru_cache(maxsize=1)
def works() -> bool:
    """Return whether bubblewrap is installed and can make a box here."""
    if shutil.which("bwrap") is None:
        return False
    try:
        done = subprocess.run(
            ["bwrap", *_BASE, "--unshare-net", *_SYSTEM, "true"], capture_output=True, timeout=10, check=False
        )
    except (OSError, subprocess.SubprocessError):
        return False
    return done.returncode == 0


def command(argv: Sequence[str], cwd: Path, box: Box, env: Mapping[str, str], label: str) -> list[str]:
    """Return the command that runs ``argv`` in a box; the environment is that of the caller."""
    words = ["bwrap", *_BASE, *_SYSTEM]
    shown = [("--ro-bind", Path(sys.base_prefix)), *(("--ro-bind", path) for path in box.readable)]
    shown += [("--bind", path) for path in dict.fromkeys(box.writable)]
    places = [("--tmpfs", path) for path in _masked(box)] + [
        (how, path) for how, path in dict.fromkeys(shown) if path.exists()
    ]
    for how, path in sorted(places, key=lambda place: len(place[1].parts)):
        words += [how, str(path)] if how == "--tmpfs" else [how, str(path), str(path)]
    if box.network is Network.PRIVATE:
        words += ["--unshare-net", "--hostname", "agentbench"]
    if box.gateways:
        words += ["--ro-bind", str(Path(__file__).with_name("inside.py")), str(INSIDE)]
        for gateway in box.gateways:
            words += ["--bind-try", str(gateway.socket), str(gate(gateway))]
        argv = [interpreter(), *relay_words(box), *argv]
    return [*words, "--chdir", str(cwd), "--", *argv]


def _masked(box: Box) -> list[Path]:
    """Return the folders of which nothing is seen unless named."""
    wanted = [Path(name) for name in _ALWAYS_MASKED]
    if box.network is Network.PRIVATE:
        wanted += [Path(name) for name in _MASKED_WHEN_PRIVATE]
    wanted += [Path(tempfile.gettempdir()), temporary_root(), Path.home(), CHECKOUT, *box.hidden]
    found = {path.resolve() for path in wanted if path.is_dir()}
    return sorted(path for path in found if path != Path("/"))
