"""A real endpoint on loopback behind a real proxy."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from endpoint import KEY, Endpoint, Start

from agentbench.metering.proxy import Proxy
from agentbench.metering.upstream import Upstream


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    """An endpoint that plays what it is told."""
    with Endpoint() as made:
        yield made


@pytest.fixture
def start(endpoint: Endpoint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Start]:
    """A function that starts a proxy in front of the endpoint."""
    monkeypatch.setenv("AGENTBENCH_TMP", str(tmp_path))
    with ExitStack() as stack:

        def begin(key: str | None = KEY, limits: Any = None, **more: Any) -> Proxy:
            upstream = Upstream(**{"base_url": f"{endpoint.url}/v1", "model": "m-1", **more})
            options = {} if limits is None else {"limits": limits}
            return stack.enter_context(Proxy(upstream, key, **options))

        yield begin
    assert list(tmp_path.glob("agentbench-*")) == []
