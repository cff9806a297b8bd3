"""The list of runs in a real browser: filters, comparing, live progress, small screens, hostile names."""

from __future__ import annotations

import json
import random
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import simulated_runs as simulated
import suites
from installation import Installation
from payloads import HOSTILE_NAMES

pytestmark = pytest.mark.browser


@pytest.fixture
def view(browser: Any, installed: Installation) -> Iterator[Callable[..., Any]]:
    """Open a page of `agentbench view`: ``view(width=1280, **context options)``; nothing may go wrong unseen."""
    server = installed.popen("view", "--port", "0", "--json")
    assert server.stdout is not None
    lines = [server.stdout.readline() for _ in range(3)]
    address = json.loads("".join(lines))["address"]
    contexts, troubles, foreign = [], [], []

    def open_page(path: str = "", width: int = 1280, **options: Any) -> Any:
        context = browser.new_context(viewport={"width": width, "height": 900}, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: troubles.append(f"console: {message.text}"))
        page.on("pageerror", lambda error: troubles.append(f"error: {error}"))
        page.on("dialog", lambda dialog: (troubles.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        page.on("request", lambda request: foreign.append(request.url))
        page.goto(address + path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    server.send_signal(signal.SIGINT)
    with server:
        try:
            assert server.wait(20) == 130
        finally:
            server.kill()
    assert troubles == []
    assert [url for url in foreign if not url.startswith(address) and not url.startswith("data:")] == []


def fill(results: Path, **more: Any) -> list[str]:
    """Store three runs, two of them of one model; return their ids."""
    rng = random.Random(1)
    hard = simulated.difficulties(rng, 14)
    made = [
        simulated.run(rng, 0.0, hard, number=n, model=model, **more)
        for n, model in ((1, "m/one"), (2, "m/one"), (3, "m/two"))
    ]
    return [simulated.store(results, one).name for one in made]


def shown(page: Any) -> list[str]:
    return [text.split()[0] for text in page.locator("tr.run:visible th").all_inner_texts()]


def test_filters_narrow_the_list(view: Any, installed: Installation) -> None:
    ids = fill(installed.results)
    page = view()
    assert shown(page) == ids[::-1]
    assert page.get_by_role("status").inner_text() == "3 runs"
    page.get_by_label("Model", exact=True).select_option("m/one")
    assert shown(page) == [ids[1], ids[0]]
    assert page.get_by_role("status").inner_text() == "2 of 3 runs"
    page.get_by_label("Text", exact=True).fill(ids[0])
    assert shown(page) == [ids[0]]
    page.get_by_label("Text", exact=True).fill("nothing like it")
    assert page.get_by_text("No run matches this filter.").is_visible()


def test_chosen_runs_are_compared_and_reports_open(view: Any, installed: Installation) -> None:
    """The button waits for two runs; comparison and report are those of the runs chosen."""
    ids = fill(installed.results)
    page = view()
    button = page.get_by_role("button", name="Compare the chosen runs")
    assert button.is_disabled()
    page.get_by_role("checkbox", name=f"Compare {ids[0]}").check()
    assert button.is_disabled()
    page.get_by_role("checkbox", name=f"Compare {ids[2]}").check()
    button.click()
    assert ids[0] in page.locator("main").inner_text()
    assert ids[2] in page.locator("main").inner_text()
    page.go_back()
    page.get_by_role("link", name=ids[1]).click()
    assert ids[1] in page.title()
    assert page.locator("tbody.task").count() == 14


def test_progress_is_live(view: Any, installed: Installation) -> None:
    """While a run goes on its page follows without being loaded again by hand, and ends as the report."""
    text = installed.start("--task", suites.SUM, "--task", suites.LETTERS)
    page = view(f"run/{installed.run.run_id}/")
    status = page.get_by_role("status")
    assert status.inner_text() == "0 of 2 trials have a verdict, 0 are resolved"
    turn = suites.parse(text)
    assert turn is not None
    suites.answer(turn.workspace)
    text = installed.done(turn)
    page.get_by_text("1 of 2 trials have a verdict, 1 are resolved").wait_for(timeout=15_000)
    installed.play(text)
    page.locator("#tasks").wait_for(timeout=15_000)
    assert installed.run.run_id in page.title()


@pytest.mark.parametrize(("width", "scheme"), [(1280, "dark"), (390, "light"), (320, "light")])
def test_small_screens_and_axe(view: Any, axe: Any, installed: Installation, width: int, scheme: str) -> None:
    fill(installed.results)
    (installed.results / "20260201-000000").mkdir()
    (installed.results / "20260201-000000" / "run.json").write_text("{")
    page = view(width=width, color_scheme=scheme)
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    assert axe(page) == []
    text = installed.start("--task", suites.SUM)
    page.goto(
        page.url + f"run/{text and sorted(p.name for p in installed.results.iterdir() if p.is_dir())[-1]}/"
    )
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    assert axe(page) == []


def test_hostile_names_stay_text(view: Any, installed: Installation) -> None:
    rng = random.Random(1)
    for number, name in enumerate(HOSTILE_NAMES, 1):
        made = simulated.run(
            rng,
            0.0,
            simulated.difficulties(rng, 3),
            number=number,
            model=name,
            agent={"name": name, "version": name},
        )
        simulated.store(installed.results, made)
    page = view()
    assert page.title() == "Runs · AgentBench"
    assert page.locator("main img, main script, bdi *").count() == 0
    assert page.locator("tr.run").count() == len(HOSTILE_NAMES)


def test_without_scripts_everything_is_readable(view: Any, installed: Installation) -> None:
    ids = fill(installed.results)
    page = view(java_script_enabled=False)
    assert shown(page) == ids[::-1]
    assert page.locator(".needs-script:visible").count() == 0
