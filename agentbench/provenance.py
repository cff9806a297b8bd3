"""What a result rests on: versions, system, and the state of the checkout it came from."""

from __future__ import annotations

import platform
import subprocess
import sys
from pathlib import Path

import msgspec

from agentbench import __version__, sandbox
from agentbench.errors import ResultsError
from agentbench.model import Frozen
from agentbench.paths import CHECKOUT, skill_file


class Provenance(Frozen):
    """Versions and system of a run. ``git_commit`` is None outside a checkout."""

    agentbench: str
    python: str
    system: str
    git_commit: str | None
    git_dirty: bool | None
    sandbox: str
    """What confines programs that checks run: ``bubblewrap`` or ``none``."""


def collect() -> Provenance:
    """Return the provenance of this process; asks git, but never fails because of it."""
    commit = _git("rev-parse", "HEAD")
    status = _git("status", "--porcelain", "--untracked-files=no") if commit else None
    return Provenance(
        agentbench=__version__,
        python=platform.python_version(),
        system=f"{platform.system()} {platform.release()} {platform.machine()}",
        git_commit=commit or None,
        git_dirty=None if status is None else bool(status),
        sandbox=sandbox.name(),
    )


def suite_version() -> str:
    """Return ``suite_version`` of skill.json. Raises ResultsError when it does not say."""
    try:
        return str(msgspec.json.decode(skill_file().read_bytes())["suite_version"])
    except (KeyError, TypeError, msgspec.DecodeError):
        raise ResultsError("has no suite_version", where=str(skill_file())) from None


def _git(*args: str) -> str | None:
    if not (Path(CHECKOUT) / ".git").exists() or sys.platform == "win32":
        return None
    try:
        done = subprocess.run(
            ["git", "-C", str(CHECKOUT), *args], capture_output=True, timeout=5, check=True, text=True
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip()
