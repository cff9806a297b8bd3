"""The geometry of the report's charts, computed from the results payload; the templates draw it as inline SVG.

Coordinates are in user units of the chart's view box; y grows downward. A value that is not known is no point.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from statistics import fmean
from typing import Any

from agentbench import stats
from agentbench.i18n import _, ngettext
from agentbench.model import Frozen
from agentbench.report import words

Json = dict[str, Any]

RADAR_SIZE, RADAR_RADIUS = 300.0, 98.0
PLOT_WIDTH, PLOT_HEIGHT = 460.0, 220.0
LEFT, BOTTOM, TOP, RIGHT = 34.0, 30.0, 12.0, 14.0
DIFFICULTIES = ("easy", "medium", "hard", "expert")
_NICE = (1.0, 2.0, 5.0)
_MOMENTS = (1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 18000, 36000, 86400)
"""Round durations in seconds."""


class Spoke(Frozen, frozen=True):
    """One axis of the radar."""

    name: str
    score: float | None
    tip: tuple[float, float]
    label: tuple[float, float]
    anchor: str
    """``start``, ``middle`` or ``end``: how the label hangs on its point."""
    point: tuple[float, float] | None


class Radar(Frozen, frozen=True):
    """Scores of the domains around a centre."""

    spokes: tuple[Spoke, ...]
    rings: tuple[tuple[int, str], ...]
    """Score of a ring and its corners as SVG points."""
    area: str
    """Corners of the drawn figure; empty where a domain has no score."""


class Bar(Frozen, frozen=True):
    """One bar, 0–100, with the values of single attempts."""

    name: str
    score: float | None
    low: float | None
    high: float | None
    dots: tuple[float, ...]
    """Per attempt the mean over the domain's tasks; empty with one attempt."""
    note: str


class Step(Frozen, frozen=True):
    """What came of the tasks of one difficulty."""

    name: str
    n_tasks: int
    resolved: int
    scored: int
    """Trials, and above how many of them were resolved."""
    rate: float | None
    interval: tuple[float, float] | None
    score: float | None


class Point(Frozen, frozen=True):
    """One task in a scatter plot."""

    task_id: str
    x: float
    y: float
    resolved: bool
    title: str


class Scatter(Frozen, frozen=True):
    """Scores against a cost on a logarithmic axis."""

    points: tuple[Point, ...]
    ticks: tuple[tuple[float, str], ...]
    missing: int
    """Scored tasks of which the cost is not known."""


def radar(domains: Sequence[Json]) -> Radar | None:
    """Return the radar of domain cards (``name``, ``score``); None below three domains, where it shows no shape."""
    if len(domains) < 3:
        return None
    spokes = [_spoke(domain, place, len(domains)) for place, domain in enumerate(domains)]
    rings = tuple((level, _corners(level, len(domains))) for level in (25, 50, 75, 100))
    drawn = [spoke.point for spoke in spokes if spoke.point is not None]
    area = " ".join(f"{x:g},{y:g}" for x, y in drawn) if len(drawn) == len(spokes) else ""
    return Radar(spokes=tuple(spokes), rings=rings, area=area)


def _spoke(domain: Json, place: int, n: int) -> Spoke:
    x, y = _around(RADAR_RADIUS + 12, place, n)
    middle = RADAR_SIZE / 2
    score = domain["score"]
    return Spoke(
        name=domain["name"],
        score=score,
        tip=_around(RADAR_RADIUS, place, n),
        label=(x, y),
        anchor="middle" if abs(x - middle) < 8 else "start" if x > middle else "end",
        point=None if score is None else _around(RADAR_RADIUS * score / 100, place, n),
    )


def _around(radius: float, place: int, n: int) -> tuple[float, float]:
    angle = 2 * math.pi * place / n
    middle = RADAR_SIZE / 2
    return round(middle + radius * math.sin(angle), 1), round(middle - radius * math.cos(angle), 1)


def _corners(level: float, n: int) -> str:
    return " ".join("{:g},{:g}".format(*_around(RADAR_RADIUS * level / 100, place, n)) for place in range(n))


def bars(payload: Json, domains: Sequence[Json]) -> list[Bar]:
    """Return a bar for each domain card, with the spread over attempts where there are several."""
    return [
        Bar(
            name=domain["name"],
            score=domain["score"],
            low=min(dots, default=None),
            high=max(dots, default=None),
            dots=tuple(dots),
            note=" · ".join(filter(None, (domain["note"], domain["absent"]))),
        )
        for domain in domains
        for dots in [_by_attempt(payload, domain["name"])]
    ]


def _by_attempt(payload: Json, suite: str) -> list[float]:
    """Return the mean score of each attempt over the tasks of a domain that have all attempts scored."""
    whole = [
        [entry["score"] for entry in task["attempts"]]
        for task in payload["tasks"]
        if task["suite"] == suite and len(task["attempts"]) == payload["attempts"]
    ]
    whole = [scores for scores in whole if None not in scores]
    if payload["attempts"] == 1 or not whole:
        return []
    return [round(fmean(column), 2) for column in zip(*whole, strict=True)]


def steps(payload: Json) -> list[Step]:
    """Return what came of each difficulty that the run has tasks of, the easiest first."""
    found = []
    for name in DIFFICULTIES:
        tasks = [task for task in payload["tasks"] if task["difficulty"] == name]
        entries = [e for task in tasks for e in task["attempts"] if e["status"] == "scored"]
        resolved = sum(entry["resolved"] for entry in entries)
        scores = [task["score"] for task in tasks if task["score"] is not None]
        if tasks:
            found.append(
                Step(
                    name=name,
                    n_tasks=len(tasks),
                    resolved=resolved,
                    scored=len(entries),
                    rate=resolved / len(entries) if entries else None,
                    interval=stats.wilson(resolved, len(entries)),
                    score=round(fmean(scores), 2) if scores else None,
                )
            )
    return found


def by_time(payload: Json) -> Scatter | None:
    """Return scores against working time in seconds; None when it is known of fewer than two tasks."""
    costs = [(task, _mean(e["metrics"]["working_sec"] for e in _scored(task))) for task in payload["tasks"]]
    return _scatter(costs, words.seconds, _MOMENTS)


def by_cost(payload: Json) -> Scatter | None:
    """Return scores against cost in US dollars; None when it is known of fewer than two tasks."""
    costs = [(task, _mean(map(_cost, _scored(task)))) for task in payload["tasks"]]
    return _scatter(costs, words.money, ())


def _scored(task: Json) -> list[Json]:
    return [entry for entry in task["attempts"] if entry["status"] == "scored"]


def _cost(entry: Json) -> float | None:
    """Return what a trial cost: as metered, else as its transcript says."""
    used = entry.get("use") or entry["metrics"]
    cost: float | None = used["tokens"]["cost_usd"]
    return cost


def _mean(values: Iterable[float | None]) -> float | None:
    """Return the mean; None when a value is not known, as a mean of the rest would flatter."""
    given = list(values)
    known = [value for value in given if value is not None]
    return fmean(known) if known and len(known) == len(given) else None


def _scatter(
    costs: Sequence[tuple[Json, float | None]], shown: Callable[[float], str], marks: Sequence[float]
) -> Scatter | None:
    """Return the plot; its ticks are taken from ``marks``, where these enclose the range."""
    scored = [(task, cost) for task, cost in costs if task["score"] is not None]
    known = [(task, cost) for task, cost in scored if cost is not None and cost > 0]
    if len(known) < 2:
        return None
    ticks = _ticks(min(cost for _t, cost in known), max(cost for _t, cost in known), marks)
    low, high = math.log(ticks[0]), math.log(ticks[-1])

    def across(cost: float) -> float:
        return round(LEFT + (PLOT_WIDTH - LEFT - RIGHT) * (math.log(cost) - low) / (high - low), 1)

    points = [
        Point(
            task_id=task["task_id"],
            x=across(cost),
            y=height(task["score"]),
            resolved=task["resolved"],
            title=f"{words.one_line(task['name'])}: {words.score(task['score'])}, {shown(cost)}",
        )
        for task, cost in known
    ]
    return Scatter(
        points=tuple(points),
        ticks=tuple((across(tick), shown(tick)) for tick in ticks),
        missing=len(scored) - len(known),
    )


def height(score: float) -> float:
    """Return the y of a score in a scatter plot."""
    return round(TOP + (PLOT_HEIGHT - TOP - BOTTOM) * (1 - score / 100), 1)


def _ticks(low: float, high: float, marks: Sequence[float]) -> list[float]:
    """Return round numbers that enclose the range, at most seven: of ``marks``, else 1, 2, 5 times powers of ten."""
    every = [float(mark) for mark in marks]
    if not every or low < every[0] or high > every[-1]:
        powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
        every = [float(f"{digit}e{power}") for power in powers for digit in _NICE]
    start = max((place for place, value in enumerate(every) if value <= low), default=0)
    end = next((place for place, value in enumerate(every) if value >= high), len(every) - 1)
    if start == end:
        start, end = max(0, start - 1), min(len(every) - 1, end + 1)
    chosen = every[start : end + 1]
    while len(chosen) > 7:
        chosen = [*chosen[:-1:2], chosen[-1]]
    return chosen


def said(scatter: Scatter) -> str:
    """Return what is missing in a scatter plot, in words; empty when nothing is."""
    if not scatter.missing:
        return ""
    return ngettext(
        "{n} scored task is not shown: its value is not known.",
        "{n} scored tasks are not shown: their values are not known.",
        scatter.missing,
    ).format(n=scatter.missing)


def summary(chart: Radar) -> str:
    """Return the radar in words, for those who do not see it."""
    told = ", ".join(f"{spoke.name} {words.score(spoke.score)}" for spoke in chart.spokes)
    return _("Scores of the domains: {list}").format(list=told)
