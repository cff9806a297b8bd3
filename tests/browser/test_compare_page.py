"""The page of a comparison in a real browser: sorting, filters, themes, small screens, print, hostile names."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from payload_sample import sample
from payloads import HOSTILE_NAMES, Json, attempt, check, hostile, metrics, payload, task

from agentbench.compare import compare_all, pages
from agentbench.report import words

pytestmark = pytest.mark.browser

Show = Callable[..., Any]


def run_of(run_id: str, shift: int, **more: Any) -> Json:
    tasks = []
    for place in range(14):
        score = min(100, 40 + place * 17 % 40 + shift * (place % 4))
        entries = [
            attempt([check("a")], number=number, values=metrics(sec=60.0 + place))
            | {"score": float(score + number), "resolved": score > 60}
            for number in (1, 2)
        ]
        suite = ("memory", "research", "error-handling")[place % 3]
        tasks.append(task(suite, f"task-{place}", f"Task number {place}", "hard", entries))
    return payload(tasks, run_id=run_id, **more)


def two() -> list[Json]:
    worse = run_of("second", 5, seed=7)
    worse["tasks"][3]["attempts"] = [
        one | {"score": 5.0, "resolved": False} for one in worse["tasks"][3]["attempts"]
    ]
    worse["tasks"][5]["digest"] = "sha256:" + "0" * 64
    return [run_of("first", 0), worse]


def three() -> list[Json]:
    return [*two(), run_of("third", 1, model="x" * 90)]


def foreign() -> list[Json]:
    changed = hostile() | {"run_id": "another", "seed": 1}
    for entry in changed["tasks"][:3]:
        for one in entry["attempts"]:
            one["score"] = 90.0
    return [hostile(), changed]


@pytest.fixture
def show(open_file: Show, tmp_path: Path) -> Show:
    """Open the page of a comparison."""
    files = (tmp_path / f"page-{number}.html" for number in count())

    def open_page(payloads: list[Json], width: int = 1280, **options: Any) -> Any:
        file = next(files)
        file.write_text(pages.render_html(compare_all(payloads)), "utf-8")
        return open_file(file, width, **options)

    return open_page


def deltas(page: Any) -> list[str]:
    return page.locator("tr.task:visible .delta").evaluate_all("all => all.map(one => one.dataset.value)")


def test_tasks_come_by_the_size_of_their_difference_and_sort_by_every_column(show: Show) -> None:
    page = show(two())
    sizes = [abs(float(value)) for value in deltas(page) if value]
    assert sizes == sorted(sizes, reverse=True)
    assert deltas(page)[-1] == ""
    heads = page.get_by_role("table", name="Tasks").get_by_role("columnheader")
    assert heads.count() == 13
    head = heads.filter(has_text="Change")
    head.get_by_role("button").focus()
    page.keyboard.press("Enter")
    falling = [float(value) for value in deltas(page) if value]
    assert falling == sorted(falling, reverse=True)
    assert head.get_attribute("aria-sort") == "descending"
    page.keyboard.press("Space")
    assert [float(value) for value in deltas(page) if value] == falling[::-1]
    assert deltas(page)[-1] == ""
    heads.filter(has_text="Task").get_by_role("button").click()
    names = page.locator("tr.task .name").evaluate_all("all => all.map(one => one.dataset.value)")
    assert names == sorted(names)


def test_filters_narrow_and_say_how_many(show: Show) -> None:
    page = show(two())
    status = page.get_by_role("status")
    assert status.inner_text() == "14 tasks"
    page.get_by_label("Domain", exact=True).select_option("memory")
    assert status.inner_text() == "5 of 14 tasks"
    page.get_by_label("Change", exact=True).select_option("worse")
    assert page.locator("tr.task:visible .name").inner_text().startswith("Task number 3")
    page.get_by_label("Text", exact=True).fill("nothing like it")
    assert page.get_by_text("No task matches this filter.").is_visible()


def test_each_of_several_comparisons_has_its_own_filter(show: Show) -> None:
    page = show(three())
    page.get_by_label("Text", exact=True).nth(1).fill("task-1")
    assert page.get_by_role("status").all_inner_texts() == ["14 tasks", "5 of 14 tasks"]
    page.get_by_role("link", name="C", exact=True).click()
    assert page.get_by_role("heading", name="C against A").is_visible()


def test_warnings_stand_before_the_answer_and_every_difference_is_drawn_and_said(show: Show) -> None:
    page = show(two())
    text = page.locator("main").inner_text()
    assert text.index("he seeds differ (42, 7)") < text.index("(95% interval")
    plots = page.locator("td.drawn svg[role=img]")
    assert plots.count() == 5
    assert "95% interval" in plots.first.get_attribute("aria-label")
    lines = page.locator("tr.answer .whisker").first.bounding_box()
    cell = page.locator("tr.answer .drawn").first.bounding_box()
    assert cell["x"] <= lines["x"] <= lines["x"] + lines["width"] <= cell["x"] + cell["width"]


@pytest.mark.parametrize("width", [320, 390, 700, 900, 1280])
@pytest.mark.parametrize("runs", [two, three, foreign], ids=["two", "three", "hostile"])
def test_no_page_scrolls_sideways(show: Show, runs: Any, width: int) -> None:
    page = show(runs(), width=width)
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_hostile_names_stay_text(show: Show) -> None:
    page = show(foreign())
    assert page.title().startswith("B against A")
    assert page.locator("img, iframe, main script, bdi *").count() == 0
    shown = " ".join(page.evaluate("document.body.innerText").split())
    for name in HOSTILE_NAMES:
        assert " ".join(words.clean(name).split()) in shown
    page.get_by_label("Domain", exact=True).select_option(index=1)
    page.get_by_label("Text", exact=True).fill("<script>")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    ("runs", "width"),
    [(two, 1280), (three, 390), (foreign, 390), (lambda: [sample(), sample()], 1280)],
    ids=["two", "three", "hostile", "sample"],
)
def test_axe_finds_nothing_serious(show: Show, axe: Any, runs: Any, width: int, scheme: str) -> None:
    page = show(runs(), width=width, color_scheme=scheme)
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (ground == "rgb(18, 20, 22)") == (scheme == "dark")
    assert axe(page) == []


def test_print_is_light_and_leaves_the_controls_out(show: Show) -> None:
    page = show(two(), color_scheme="dark")
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.locator(".controls:visible, .theme:visible").count() == 0


def test_without_scripts_everything_is_readable(show: Show) -> None:
    page = show(two(), java_script_enabled=False)
    assert page.locator("tr.task:visible").count() == 14
    assert page.locator(".needs-script:visible").count() == 0
