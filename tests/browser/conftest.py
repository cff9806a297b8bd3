"""Headless Chromium for the browser tests, and pages that prove nothing went wrong behind the scenes.

Without Chromium or Playwright the tests are skipped with the reason; ``AGENTBENCH_REQUIRE=all`` makes that a failure.
"""

from __future__ import annotations

import gc
import os
import shutil
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from agentbench.report import write_reports

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)

Open = Callable[..., Any]


def missing(what: str) -> None:
    """Skip the test, or fail it where everything is required."""
    if os.environ.get("AGENTBENCH_REQUIRE") == "all":
        pytest.fail(f"{what} is missing, and AGENTBENCH_REQUIRE=all")
    pytest.skip(f"{what} is missing")


@pytest.fixture
def axe() -> Callable[[Any], list[str]]:
    """Return what finds faults of accessibility on a page that are serious or critical, one line each."""
    return _serious


def _serious(page: Any) -> list[str]:
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    return [
        f"{one['id']} ({one['impact']}): {[node['html'][:120] for node in one['nodes'][:3]]}"
        for one in found
        if one["impact"] in ("serious", "critical")
    ]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """One browser for the tests of a file, gone before any other test runs in the same process.

    Playwright keeps an event loop running in the thread of the tests, where others call ``asyncio.run``; and greenlets
    of it that are collected late upset whatever Python then parses.
    """
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        missing("playwright")
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if path is None:
        missing("chromium")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        yield started
        started.close()
    gc.collect()


@pytest.fixture
def open_file(browser: Any, tmp_path: Path) -> Iterator[Open]:
    """Open a page that was written below ``tmp_path``: ``open_file(path, width=1280, **context options)``.

    After the test: no page has logged to the console, raised, opened a dialog, or asked for anything but itself.
    """
    contexts, troubles, requests = [], [], []

    def open_page(file: Path, width: int = 1280, **options: Any) -> Any:
        context = browser.new_context(viewport={"width": width, "height": 900}, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: troubles.append(f"console: {message.text}"))
        page.on("pageerror", lambda error: troubles.append(f"error: {error}"))
        page.on("dialog", lambda dialog: (troubles.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        page.on("request", lambda request: requests.append(request.url.partition("#")[0]))
        page.goto(file.as_uri())
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert troubles == []
    assert [url for url in requests if url != "data:," and not url.startswith(tmp_path.as_uri())] == []
    assert len(requests) >= len(contexts)


@pytest.fixture
def open_report(open_file: Open, tmp_path: Path) -> Open:
    """Open the report of a payload: ``open_report(payload, width=1280, **context options)``."""
    folders = (tmp_path / f"run-{number}" for number in count())

    def open_page(payload: dict[str, Any], width: int = 1280, **options: Any) -> Any:
        return open_file(write_reports(next(folders), payload)[1], width, **options)

    return open_page
