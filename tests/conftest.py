"""Fixtures for all tests: an isolated place for a run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from installation import Installation


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Installation:
    """An isolated installation; the functions of the engine called in this process use it too."""
    made = Installation(tmp_path)
    for name, value in made.env.items():
        if name != "HOME":
            monkeypatch.setenv(name, value)
    return made


@pytest.fixture(scope="session", autouse=True)
def _isolated(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Keep every test away from the user's workspaces, pointers, results and transcripts."""
    root = tmp_path_factory.mktemp("isolated")
    with pytest.MonkeyPatch.context() as patch:
        for name in ("AGENTBENCH_TMP", "AGENTBENCH_RESULTS", "AGENTBENCH_TRANSCRIPTS", "XDG_STATE_HOME"):
            (root / name).mkdir()
            patch.setenv(name, str(root / name))
        yield
