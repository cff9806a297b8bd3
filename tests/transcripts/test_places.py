"""Where a log is looked for, checked with real processes above the reader."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from session_stores import TOKEN, recent_session, write_sqlite

READER = f"from agentbench.transcripts import read_trial; print('false' if read_trial(['{TOKEN}']) is None else 'true')"
PARENT = """
import subprocess, sys
held = open(sys.argv[2], "rb") if len(sys.argv) > 2 and sys.argv[1] == "--hold" else None
environment = {"HOME": "/nonexistent", "PATH": "/usr/bin:/bin"}
sys.exit(subprocess.run([sys.executable, "-c", %r], env=environment).returncode)
"""


def found(argv: list[str], env: dict[str, str]) -> bool:
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(Path(__file__).parents[2])} | env
    done = subprocess.run(argv, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return bool(json.loads(done.stdout))


def below(*words: str, env: dict[str, str] | None = None) -> bool:
    """Read in a process that knows nothing, below one with these words and this environment."""
    code = PARENT.replace(
        "environment = {", f'environment = {{"PYTHONPATH": {str(Path(__file__).parents[2])!r}, '
    )
    return found([sys.executable, "-c", code % READER, *words], {"HOME": "/nonexistent"} | (env or {}))


@pytest.fixture
def state(tmp_path: Path) -> Path:
    folder = tmp_path / "some state"
    write_sqlite(folder / "agents" / "work" / "agent" / "openclaw-agent.sqlite", {"s": recent_session()})
    return folder


def test_the_environment_names_the_state_directory(state: Path) -> None:
    reader = [sys.executable, "-c", READER]
    assert found(reader, {"HOME": "/nonexistent", "OPENCLAW_STATE_DIR": str(state)})
    assert not found(reader, {"HOME": "/nonexistent"})


def test_the_home_folder_holds_it_also_under_a_profile(state: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / ".openclaw-work").symlink_to(state)
    assert found([sys.executable, "-c", READER], {"HOME": str(home)})


def test_the_environment_of_a_process_above_names_it(state: Path) -> None:
    assert below(env={"OPENCLAW_STATE_DIR": str(state)})
    assert not below()


def test_the_command_line_of_a_process_above_names_it(state: Path) -> None:
    assert below("--state-dir", str(state))
    assert below(f"--state-dir={state}")


def test_a_process_above_holds_the_store_open(state: Path) -> None:
    assert below("--hold", str(next(state.glob("agents/*/agent/*.sqlite"))))


def test_the_override_is_the_only_place(state: Path, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    env = {"HOME": "/nonexistent", "OPENCLAW_STATE_DIR": str(state), "AGENTBENCH_TRANSCRIPTS": str(empty)}
    assert not found([sys.executable, "-c", READER], env)
    assert found([sys.executable, "-c", READER], env | {"AGENTBENCH_TRANSCRIPTS": str(state)})


def test_a_store_that_did_not_change_lately_is_left_out(state: Path) -> None:
    path = next(state.glob("agents/*/agent/*.sqlite"))
    for name in path.parent.iterdir():
        os.utime(name, (1, 1))
    assert not found(
        [sys.executable, "-c", READER], {"HOME": "/nonexistent", "OPENCLAW_STATE_DIR": str(state)}
    )
