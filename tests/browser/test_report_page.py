"""The report in a real browser: sorting, filtering, expanding, themes, small screens, print, and hostile names."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from payload_sample import sample
from payloads import (
    HOSTILE_NAMES,
    attempt,
    check,
    hostile,
    metrics,
    nothing_scored,
    payload,
    task,
    timeline,
    utility,
)

from agentbench.report import words

pytestmark = pytest.mark.browser

RUNS = {"sample": sample, "hostile": hostile, "nop": utility, "nothing-scored": nothing_scored}

CONTRAST = """
() => {
  const rgb = (text) => (text.match(/[\\d.]+/g) || []).map(Number);
  const luminance = (color) => {
    const linear = (v) => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4;
    const [r, g, b] = color.slice(0, 3).map((v) => linear(v / 255));
    return .2126 * r + .7152 * g + .0722 * b;
  };
  const ground = (element) => {
    for (let one = element; one; one = one.parentElement) {
      const color = rgb(getComputedStyle(one).backgroundColor);
      if (color.length === 3 || color[3] === 1) return color;
    }
    return [255, 255, 255];
  };
  const ratio = (a, b) => {
    const [x, y] = [luminance(a), luminance(b)].sort((p, q) => q - p);
    return (x + .05) / (y + .05);
  };
  const bad = [];
  let seen = 0;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    const hidden = !element.checkVisibility() || element.closest(".vh, option, script, style");
    if (hidden || !walker.currentNode.data.trim()) continue;
    const style = getComputedStyle(element);
    const size = parseFloat(style.fontSize);
    const big = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    const value = ratio(rgb(style.color), ground(element));
    seen += 1;
    if (value < (big ? 3 : 4.5)) bad.push([element.className || element.tagName, value.toFixed(2)].join(" "));
  }
  for (const control of document.querySelectorAll("input[type=search], select, #expand-all")) {
    const value = ratio(rgb(getComputedStyle(control).borderTopColor), ground(control.parentElement));
    if (value < 3) bad.push([control.id, "border", value.toFixed(2)].join(" "));
  }
  return {seen, bad: [...new Set(bad)]};
}
"""


def names(page: Any) -> list[str]:
    """Return the names of the tasks shown, from top to bottom."""
    return [text.strip() for text in page.locator("tbody.task:visible .toggle").all_inner_texts()]


def column(page: Any, number: int) -> list[str]:
    return page.locator("tr.main").evaluate_all(
        f"rows => rows.map(row => row.children[{number}].dataset.value)"
    )


def sort_by(page: Any, title: str) -> Any:
    head = page.get_by_role("columnheader", name=title)
    head.get_by_role("button").click()
    return head


def fits(page: Any) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))


@pytest.mark.parametrize("width", [1280, 390])
def test_sorting_by_score_goes_both_ways_and_keeps_missing_scores_last(open_report: Any, width: int) -> None:
    page = open_report(sample(), width=width)
    head = sort_by(page, "Score")
    assert head.get_attribute("aria-sort") == "descending"
    falling = [float(value) for value in column(page, 4) if value]
    assert falling == sorted(falling, reverse=True)
    sort_by(page, "Score")
    assert head.get_attribute("aria-sort") == "ascending"
    rising = column(page, 4)
    assert [float(value) for value in rising[:17]] == sorted(falling)
    assert rising[17:] == ["", ""]
    assert page.locator("th[aria-sort]:not([aria-sort=none])").count() == 1


def test_sorting_works_for_words_and_ranks_and_by_keyboard(open_report: Any) -> None:
    page = open_report(sample())
    button = page.get_by_role("columnheader", name="Task").get_by_role("button")
    button.focus()
    page.keyboard.press("Enter")
    assert names(page)[:2] == ["A file that will not import", "Bilingual handbook site"]
    page.keyboard.press("Space")
    assert names(page)[0] == "Why won't it start?"
    sort_by(page, "Difficulty")
    assert column(page, 2) == sorted(column(page, 2))


def test_an_open_task_stays_open_and_whole_when_sorted(open_report: Any) -> None:
    page = open_report(sample())
    page.get_by_role("button", name="Monday morning inbox").click()
    sort_by(page, "Score")
    assert page.locator("tbody.open").count() == 1
    assert page.locator("tbody.open .toggle").inner_text().strip() == "Monday morning inbox"
    assert page.locator("tbody.open .detail").is_visible()


def test_filters_narrow_by_text_domain_and_status_and_say_how_many(open_report: Any) -> None:
    page = open_report(sample())
    status = page.get_by_role("status")
    assert status.inner_text() == "19 tasks"
    page.get_by_label("Domain", exact=True).select_option("research")
    assert names(page) == ["Which rule applies", "Which advisories hit us", "Choosing a supplier"]
    page.get_by_label("Difficulty", exact=True).select_option("easy")
    assert names(page) == ["Which rule applies"]
    page.get_by_label("Difficulty", exact=True).select_option("All")
    page.get_by_label("Status", exact=True).select_option("unresolved")
    assert names(page) == ["Which advisories hit us"]
    assert status.inner_text() == "1 of 19 tasks"
    page.get_by_label("Text", exact=True).fill("nothing like it")
    assert names(page) == []
    assert page.get_by_text("No task matches this filter.").is_visible()
    page.get_by_label("Domain", exact=True).select_option("All")
    page.get_by_label("Status", exact=True).select_option("All")
    page.get_by_label("Text", exact=True).fill("MSG-017.EML")
    assert names(page) == ["Monday morning inbox"]
    page.get_by_label("Text", exact=True).fill("")
    assert status.inner_text() == "19 tasks"
    page.get_by_label("Status", exact=True).select_option("invalid")
    assert names(page) == ["Rules that change"]


def test_a_row_expands_by_keyboard_and_tells_its_state(open_report: Any) -> None:
    page = open_report(sample())
    button = page.get_by_role("button", name="Tour plan as calendar file")
    detail = page.locator(f"#{button.get_attribute('aria-controls')}")
    assert button.get_attribute("aria-expanded") == "false"
    assert not detail.is_visible()
    button.focus()
    page.keyboard.press("Enter")
    assert button.get_attribute("aria-expanded") == "true"
    text = " ".join(detail.inner_text().split())
    for wanted in (
        "failed instants required 0 / 30",
        "expected start and end of 27 events",
        "found 2 wrong: tour-14-20261025",
        "20 / 40 24, expected 4 to 16",
        "self-assessed 25 → decided 5",
        "Tokens 148,000",
    ):
        assert wanted in text
    page.keyboard.press("Space")
    assert not detail.is_visible()


def test_expand_all_opens_and_closes_every_task(open_report: Any) -> None:
    page = open_report(sample())
    page.get_by_role("button", name="Expand all").click()
    assert page.locator("tr.detail:visible").count() == 19
    page.get_by_role("button", name="Collapse all").click()
    assert page.locator("tr.detail:visible").count() == 0


def test_evidence_leads_to_its_task_even_when_that_is_filtered_out(open_report: Any) -> None:
    page = open_report(sample())
    page.get_by_label("Domain", exact=True).select_option("memory")
    link = page.get_by_role("link", name="Monday morning inbox").first
    link.click()
    button = page.get_by_role("button", name="Monday morning inbox")
    assert button.get_attribute("aria-expanded") == "true"
    assert page.evaluate("document.activeElement.textContent").strip() == "Monday morning inbox"
    assert page.get_by_role("status").inner_text() == "19 tasks"
    button.click()
    link.click()
    assert button.get_attribute("aria-expanded") == "true"


def test_every_control_is_reached_by_tab_in_reading_order(open_report: Any) -> None:
    page = open_report(payload([task("memory", "a", "Only task", "easy", [attempt([check("x")])])]))
    reached = []
    for _ in range(19):
        page.keyboard.press("Tab")
        reached.append(
            page.evaluate(
                "(e => e.id || e.getAttribute('value') || e.innerText.trim())(document.activeElement)"
            )
        )
    order = ["Skip to the tasks", "auto", "filter-text", "filter-domain", "filter-state", "expand-all"]
    assert [name for name in reached if name in order] == order
    assert "Only task" in reached
    assert len([name for name in reached if name.split("\n")[0] in ("Task", "Score", "L0", "Time")]) >= 3


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_theme_follows_the_system_until_it_is_chosen(open_report: Any, scheme: str) -> None:
    page = open_report(sample(), color_scheme=scheme)
    other = "light" if scheme == "dark" else "dark"

    def ground() -> str:
        return str(page.evaluate("getComputedStyle(document.body).backgroundColor"))

    own = ground()
    assert (own == "rgb(18, 20, 22)") == (scheme == "dark")
    page.get_by_role("radio", name=other).check(force=True)
    assert ground() != own
    page.wait_for_timeout(5000)  # Chromium stores in the background; a reload right after may drop the choice
    page.reload()
    assert ground() != own
    assert page.get_by_role("radio", name=other).is_checked()
    page.get_by_role("radio", name="Auto").focus()
    page.get_by_role("radio", name="Auto").check(force=True)
    assert ground() == own


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("run", RUNS.values(), ids=RUNS.keys())
def test_text_and_controls_have_enough_contrast(open_report: Any, run: Any, scheme: str) -> None:
    """WCAG 2 AA: 4.5 for text, 3 for large text and for the borders of controls."""
    page = open_report(run(), color_scheme=scheme)
    page.get_by_role("button", name="Expand all").click()
    page.locator("details").evaluate_all("all => all.forEach(one => one.open = true)")
    result = page.evaluate(CONTRAST)
    assert result["seen"] > 100
    assert result["bad"] == []


@pytest.mark.parametrize("width", [320, 390, 700, 900, 1280])
@pytest.mark.parametrize("run", RUNS.values(), ids=RUNS.keys())
def test_no_page_scrolls_sideways(open_report: Any, run: Any, width: int) -> None:
    page = open_report(run(), width=width)
    assert fits(page)
    page.get_by_role("button", name="Expand all").click()
    page.locator("details").evaluate_all("all => all.forEach(one => one.open = true)")
    assert fits(page)
    cut = page.locator("tr.main > *, .checks li > *, .parts li > *").evaluate_all(
        "all => all.filter(e => e.checkVisibility() && e.getBoundingClientRect().right > innerWidth + 1).length"
    )
    assert cut == 0


def test_headings_make_an_outline_and_the_table_keeps_its_roles(open_report: Any) -> None:
    page = open_report(sample(), width=390)
    page.get_by_role("button", name="Expand all").click()
    levels = page.locator("h1, h2, h3, h4").evaluate_all("all => all.map(e => Number(e.tagName[1]))")
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert page.get_by_role("table", name="Tasks").count() == 1
    assert page.get_by_role("columnheader").count() == 11
    assert page.get_by_role("rowheader").count() == 19
    assert page.get_by_role("row").count() == 1 + 2 * 19


def test_hostile_names_stay_text(open_report: Any) -> None:
    page = open_report(hostile())
    page.get_by_role("button", name="Expand all").click()
    assert page.title().startswith("16.0 · <script>document.title='owned'</script> · AgentBench")
    assert page.locator("img, iframe, main script, bdi *").count() == 0
    shown = page.evaluate("document.body.innerText")
    for name in HOSTILE_NAMES:
        assert " ".join(words.clean(name).split()) in " ".join(shown.split())
    page.get_by_label("Domain", exact=True).select_option(index=1)
    assert len(names(page)) == 2
    page.get_by_label("Text", exact=True).fill("<script>")
    sort_by(page, "Domain")


def test_several_attempts_are_shown_one_by_one(open_report: Any) -> None:
    entries = [
        attempt([check("a", "passed" if n == 2 else "failed", found=f"try {n}")], number=n, values=metrics())
        for n in (1, 2, 3)
    ]
    page = open_report(payload([task("memory", "t", "Thrice", "hard", entries)]))
    page.get_by_role("button", name="Thrice").click()
    titles = page.locator(".attempt h3").all_inner_texts()
    assert [title.split()[:3] for title in titles] == [
        ["Attempt", "1", "unresolved"],
        ["Attempt", "2", "resolved"],
        ["Attempt", "3", "unresolved"],
    ]


def test_print_is_light_and_leaves_the_controls_out(open_report: Any) -> None:
    page = open_report(sample(), color_scheme="dark")
    page.get_by_role("radio", name="Dark").check(force=True)
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.evaluate("getComputedStyle(document.querySelector('h1')).color") == "rgb(25, 27, 30)"
    assert page.locator(".controls:visible, .theme:visible").count() == 0
    assert page.locator("tr.main:visible").count() == 19
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator(".findings details:not([open])").count() == 0
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator(".findings details[open]").count() == 0


def test_without_scripts_everything_is_readable(open_report: Any) -> None:
    page = open_report(sample(), java_script_enabled=False)
    assert page.locator("tr.detail:visible").count() == 19
    assert page.locator(".needs-script:visible").count() == 0
    assert page.get_by_text("2 wrong: tour-14-20261025").last.is_visible()


@pytest.mark.parametrize(
    ("run", "width", "scheme"),
    [(sample, 1280, "light"), (sample, 390, "dark"), (hostile, 390, "light"), (nothing_scored, 1280, "dark")],
)
def test_axe_finds_nothing_serious(open_report: Any, axe: Any, run: Any, width: int, scheme: str) -> None:
    page = open_report(run(), width=width, color_scheme=scheme)
    page.get_by_role("button", name="Expand all").click()
    page.locator("details").evaluate_all("all => all.forEach(one => one.open = true)")
    assert axe(page) == []


def test_points_of_the_plots_lead_to_their_tasks(open_report: Any) -> None:
    """One point for each scored task whose time is known; a click opens the task below."""
    page = open_report(sample())
    plot = page.get_by_role("group", name="Score of each task against its working time")
    assert plot.locator("circle").count() == 17
    assert (
        plot.locator("circle title").first.text_content() == "Environment template from source: 96.2, 2 min"
    )
    plot.locator("a").first.dispatch_event("click")
    assert page.locator("tbody.open .toggle").inner_text().strip() == "Environment template from source"


def test_the_timeline_tells_every_call(open_report: Any) -> None:
    page = open_report(sample())
    page.get_by_role("button", name="Tour plan as calendar file").click()
    block = page.locator("tbody.open .timeline")
    assert "24 calls, 1 failed" in block.inner_text()
    assert block.locator(".strip rect").count() == 24
    block.get_by_text("Every call").click()
    calls = [line.split("\n") for line in block.locator(".calls li").all_inner_texts()]
    assert len(calls) == 24
    assert calls[0] == ["0:02", "read", "questions.md", "0.2 s"]
    assert [call[-1] for call in calls if call[-1] == "failed"] == ["failed"]


def test_a_whole_run_of_three_attempts_fits_in_a_file_and_prints(open_report: Any, tmp_path: Path) -> None:
    """40 tasks × 3 attempts with 30 calls and 8 checks each stay below 1.5 MB, and print to a PDF."""

    def entry(number: int) -> Any:
        checks = [
            check(
                f"check-{i}",
                "failed" if i == 7 else "passed",
                expected="rows as in the plan",
                found="2 differ",
            )
            for i in range(8)
        ]
        return attempt(checks, number=number, values=metrics(30), timeline=timeline(30, 300.0, 2))

    tasks = [
        task(f"domain-{n % 7}", f"task-{n}", f"Task number {n}", "hard", [entry(i) for i in (1, 2, 3)])
        for n in range(40)
    ]
    page = open_report(payload(tasks))
    assert len(page.content().encode()) < 1_500_000
    printed = page.pdf(path=tmp_path / "report.pdf")
    assert printed.startswith(b"%PDF-")
