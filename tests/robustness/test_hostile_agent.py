"""An agent that does what no agent should, through the whole harness: it ends, cleans up, and says what happened."""

from __future__ import annotations

import contextlib
import json
import os
import socket
from pathlib import Path
from typing import Any

import psutil
import pytest
import suites
from installation import Installation

from agentbench import process, sandbox
from agentbench.paths import CHECKOUT

pytestmark = pytest.mark.slow
SCRIPT = Path(__file__).with_name("hostile_agent.py")


@pytest.fixture
def boxed() -> None:
    """Skip where no sandbox works, unless everything is required."""
    if sandbox.name() == "none":
        reason = "bubblewrap is missing or does not work here"
        (pytest.fail if os.environ.get("AGENTBENCH_REQUIRE") == "all" else pytest.skip)(reason)


def run(installed: Installation, does: str, *more: str, kind: str = "bubblewrap") -> dict[str, Any]:
    """Let the hostile agent work on one task, and return its only attempt; nothing of it may be left."""
    words = " ".join([process.python(), str(SCRIPT), does, *more])
    found = installed.harness(
        *(
            "run",
            "--agent",
            "command",
            "--command",
            words,
            "--show",
            str(SCRIPT),
            "--tasks",
            str(installed.tasks),
        ),
        *("--task", suites.SUM, "--seed", "3", "--retries", "0", "--sandbox", kind, "--jobs", "2"),
        *("--trial-timeout", "6", "--trial-disk", "60M", "--trial-memory", "200M", "--trial-processes", "60"),
    )
    assert installed.leftovers() == []
    assert _alive(installed) == []
    attempt: dict[str, Any] = found["tasks"][0]["attempts"][0]
    return attempt


def _alive(installed: Installation) -> list[str]:
    """Return what still runs of this installation."""
    found = []
    for one in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            if str(installed.root) in " ".join((*one.cmdline(), one.cwd())):
                found.append(" ".join(one.cmdline()))
    return found


@pytest.mark.parametrize("kind", ["bubblewrap", "none"])
@pytest.mark.parametrize(
    ("does", "cause"),
    [
        ("daemons", None),
        ("deaf", "agent-timeout"),
        ("fills", "agent-budget"),
        ("breeds", "agent-budget"),
        ("eats", "agent-budget"),
        ("litters", None),
    ],
)
def test_it_ends_and_nothing_is_left(
    installed: Installation, boxed: None, does: str, cause: str | None, kind: str
) -> None:
    """The trial is scored, with the cause that ended it; no process, no workspace, no home survives."""
    attempt = run(installed, does, kind=kind)
    assert (attempt["status"], attempt["cause"], attempt["resolved"]) == ("scored", cause, False)
    codes = {flag["code"] for flag in attempt["flags"]}
    assert ("unsandboxed" in codes) == (kind == "none")
    if does == "litters":
        assert "files-omitted" in codes
        assert len(attempt["omitted_files"]) >= 4
    if does in ("fills", "breeds", "eats"):
        assert "used up its" in attempt["message"]


def test_a_hundred_thousand_files_are_coped_with(installed: Installation, boxed: None) -> None:
    """They are within the limit, so the trial is graded as it is."""
    attempt = run(installed, "many")
    assert attempt["status"] == "scored"
    assert attempt["resolved"] is False


def test_it_sees_neither_tasks_nor_results_nor_other_trials(installed: Installation, boxed: None) -> None:
    """Paths that exist on this machine do not exist for it."""
    places = [
        installed.tasks,
        CHECKOUT / "tasks",
        CHECKOUT / "SKILL.md",
        installed.results,
        Path.home() / ".cache",
    ]
    places += [installed.root / "state", installed.tasks / "alpha" / "sum" / "checks.py"]
    attempt = run(installed, "looks", *map(str, places))
    assert attempt["changed_files"] == ["looked.json"]
    (found,) = installed.results.glob("*/*/outputs/looked.json")
    looked = json.loads(found.read_text())
    assert len(looked) == len(places)
    seen = {place: what for place, what in looked.items() if what not in ("FileNotFoundError", [])}
    assert seen == {}


def test_it_reaches_nobody(installed: Installation, boxed: None) -> None:
    """Neither a server on this machine's loopback nor the world."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        attempt = run(installed, "talks", str(server.getsockname()[1]))
    assert attempt["changed_files"] == ["talked.json"]
    (found,) = installed.results.glob("*/*/outputs/talked.json")
    assert "reached" not in json.loads(found.read_text()).values()
