"""Where these tests keep their sessions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from session_stores import LAUNCHER, Keep, Record, write_jsonl, write_sqlite

from agentbench.transcripts import segments


@pytest.fixture(autouse=True)
def _installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The launcher lies where the sessions of these tests call it."""
    monkeypatch.setattr(segments, "launcher", lambda: LAUNCHER)


@pytest.fixture
def keep(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Keep:
    """Return a function that stores sessions where `read_trial` looks, and nowhere else."""
    monkeypatch.setenv("AGENTBENCH_TRANSCRIPTS", str(tmp_path))

    def store(sessions: Mapping[str, Sequence[Record]], *, jsonl: bool = False) -> Path:
        if jsonl:
            return write_jsonl(tmp_path / "agents" / "main" / "sessions", sessions)
        return write_sqlite(tmp_path / "agents" / "main" / "agent" / "openclaw-agent.sqlite", sessions)

    return store
