"""End-to-end tests need OpenClaw in .cache/; where it must be there, its absence is a failure."""

from __future__ import annotations

import os

import pytest
from openclaw import missing


@pytest.fixture(scope="session")
def openclaw_installed() -> None:
    """Skip without OpenClaw; fail when AGENTBENCH_REQUIRE=all."""
    reason = missing()
    if reason and os.environ.get("AGENTBENCH_REQUIRE") == "all":
        pytest.fail(reason)
    if reason:
        pytest.skip(reason)
