"""The geometry of the report's charts: what is drawn is what the payload says, and what is not known is not drawn."""

from __future__ import annotations

import math
from typing import Any

import pytest
from payloads import attempt, check, metrics, payload, task, unscored

from agentbench.report import charts, facts

Json = dict[str, Any]


def trial(score: str = "passed", number: int = 1, **values: Any) -> Json:
    """Return a scored attempt whose one check has a status."""
    return attempt([check("a", score)], number=number, values=metrics(**values))


def run_of(*tasks: Json, **more: Any) -> Json:
    return payload(list(tasks), **more)


def seven(scores: list[float | None]) -> list[Json]:
    return [{"name": f"domain-{place}", "score": score} for place, score in enumerate(scores)]


def test_the_radar_puts_scores_at_their_share_of_the_radius() -> None:
    """The first domain stands upright; a score of 50 lies half way out."""
    radar = charts.radar(seven([100.0, 50.0, 0.0, 25.0]))
    assert radar is not None
    middle = charts.RADAR_SIZE / 2
    reach = [math.dist(spoke.point or (0, 0), (middle, middle)) for spoke in radar.spokes]
    assert reach == pytest.approx([charts.RADAR_RADIUS * share for share in (1, 0.5, 0, 0.25)], abs=0.1)
    assert radar.spokes[0].point == (middle, middle - charts.RADAR_RADIUS)
    assert radar.spokes[1].point == (middle + charts.RADAR_RADIUS / 2, middle)
    assert radar.area.count(",") == 4
    assert (
        charts.summary(radar)
        == "Scores of the domains: domain-0 100.0, domain-1 50.0, domain-2 0.0, domain-3 25.0"
    )


def test_a_domain_without_a_score_is_no_corner_at_the_centre() -> None:
    """Not known is not 0: the figure is left open rather than drawn through the middle."""
    radar = charts.radar(seven([80.0, None, 60.0]))
    assert radar is not None
    assert radar.spokes[1].point is None
    assert radar.area == ""
    assert charts.radar(seven([80.0, 60.0])) is None


def test_bars_show_each_attempt() -> None:
    """The dots are the means of single attempts over the tasks that have all of them."""
    tasks = [
        task("alpha", "one", "One", "easy", [trial(), trial("failed", 2)]),
        task("alpha", "two", "Two", "easy", [trial(), trial(number=2)]),
        task("alpha", "cut", "Cut", "easy", [trial(), unscored("invalid", "agent-crash", "died", number=2)]),
    ]
    run = run_of(*tasks)
    (bar,) = charts.bars(run, facts.domains(run))
    good, bad = tasks[1]["attempts"][0]["score"], tasks[0]["attempts"][1]["score"]
    assert bar.dots == (pytest.approx(good), pytest.approx((good + bad) / 2, abs=0.01))
    assert (bar.low, bar.high) == (min(bar.dots), max(bar.dots))


def test_one_attempt_has_no_spread() -> None:
    run = run_of(task("alpha", "one", "One", "easy", [trial()]))
    (bar,) = charts.bars(run, facts.domains(run))
    assert (bar.dots, bar.low, bar.high) == ((), None, None)


def test_steps_count_trials_by_difficulty() -> None:
    """Resolved over scored trials, not over tasks; a difficulty without a scored trial has no rate."""
    run = run_of(
        task("a", "x", "X", "hard", [trial(), trial("failed", 2)]),
        task("a", "y", "Y", "easy", [trial(), trial(number=2)]),
        task("a", "z", "Z", "expert", [unscored("unsupported", "requirement", "no git")]),
    )
    found = {step.name: (step.n_tasks, step.resolved, step.scored, step.rate) for step in charts.steps(run)}
    assert list(found) == ["easy", "hard", "expert"]
    assert found == {"easy": (1, 2, 2, 1.0), "hard": (1, 1, 2, 0.5), "expert": (1, 0, 0, None)}
    assert [step.interval is None for step in charts.steps(run)] == [False, False, True]


def test_a_scatter_leaves_out_what_is_not_known() -> None:
    """Tasks whose time is unknown are counted, not drawn at 0; x grows with time, y falls with the score."""
    run = run_of(
        task("a", "x", "X", "easy", [trial(sec=20.0)]),
        task("a", "y", "Y", "easy", [trial("failed", sec=200.0)]),
        task("a", "z", "Z", "easy", [trial(source="none")]),
        task("a", "w", "W", "easy", [trial(sec=9.0), trial(number=2, source="none")]),
    )
    plot = charts.by_time(run)
    assert plot is not None
    assert [point.task_id for point in plot.points] == ["a-x", "a-y"]
    assert plot.missing == 2
    assert charts.said(plot) == "2 scored tasks are not shown: their values are not known."
    first, second = plot.points
    assert first.x < second.x
    assert first.y < second.y
    assert (first.resolved, second.resolved) == (True, False)
    assert plot.ticks[0][1] == "20 s"
    assert plot.ticks[-1][1] == "5 min"
    assert plot.ticks[0][0] == charts.LEFT


@pytest.mark.parametrize(
    ("low", "high"), [(0.0004, 0.0004), (3, 90000), (0.01, 12.5), (1, 1e7), (86400, 86400)]
)
@pytest.mark.parametrize("marks", [(), charts._MOMENTS])
def test_ticks_enclose_the_range(low: float, high: float, marks: tuple[float, ...]) -> None:
    ticks = charts._ticks(low, high, marks)
    assert ticks[0] <= low <= high <= ticks[-1]
    assert 2 <= len(ticks) <= 7
    assert ticks == sorted(set(ticks))


def test_metered_cost_wins_over_the_transcript() -> None:
    """The proxy counted it; the transcript only says it."""
    run = run_of(*(task("a", slug, slug, "easy", [trial()]) for slug in ("x", "y")))
    for entry in (run["tasks"][0]["attempts"][0], run["tasks"][1]["attempts"][0]):
        entry["use"] = {"tokens": {"cost_usd": 2.0}}
    plot = charts.by_cost(run)
    assert plot is not None
    assert all(point.title.endswith("$2.00") for point in plot.points)
