"""A fresh bench for each test of a validator."""

from __future__ import annotations

from pathlib import Path

import pytest
from bench import Bench


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    """Return an empty bench; private directories go below the test's own folder."""
    monkeypatch.setenv("AGENTBENCH_TMP", str(tmp_path))
    return Bench(tmp_path / "bench")
