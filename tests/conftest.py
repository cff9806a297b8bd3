"""Fixtures for all tests: an isolated place for a run."""

from __future__ import annotations

import importlib
import signal
from pathlib import Path
from typing import Any

import pytest
from installation import Installation


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Keep the end-to-end tests, which share long runs and fill the machine, on one worker; spread all others."""
    scheduling = importlib.import_module("xdist.scheduler").LoadScopeScheduling

    class Sharing(scheduling):  # type: ignore[misc, valid-type]
        def _split_scope(self, nodeid: str) -> str:
            return "e2e" if "/e2e/" in nodeid else nodeid

    return Sharing(config, log)


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
    """Keep every test away from the user's workspaces, pointers, results and transcripts.

    A shell makes what it runs in the background deaf to Ctrl-C, and so would be the programs that tests interrupt.
    """
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    root = tmp_path_factory.mktemp("isolated")
    with pytest.MonkeyPatch.context() as patch:
        for name in ("AGENTBENCH_TMP", "AGENTBENCH_RESULTS", "AGENTBENCH_TRANSCRIPTS", "XDG_STATE_HOME"):
            (root / name).mkdir()
            patch.setenv(name, str(root / name))
        yield
