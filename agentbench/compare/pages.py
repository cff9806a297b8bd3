"""A comparison as one self-contained HTML page and as Markdown, with the geometry of its forest plot."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import msgspec

from agentbench import __version__
from agentbench.compare import sentences, text
from agentbench.compare.types import Comparison, Delta, TaskDelta, TaskSide
from agentbench.i18n import _, ngettext
from agentbench.inference import Difference
from agentbench.model import Frozen
from agentbench.report import words
from agentbench.report.page import render_markdown_page, render_page

LEAST_SPAN = 5.0
"""Points to either side of 0 that the axis shows at least."""
_NICE = (1.0, 2.0, 5.0)


class Axis(Frozen, frozen=True):
    """The axis of a forest plot: points from ``-span`` to ``span`` around 0."""

    span: float
    ticks: tuple[tuple[float, str], ...]
    """Places in percent of the width, and what stands there."""

    def place(self, points: float) -> float:
        """Return where ``points`` lie, in percent of the width; what is beyond the axis lies at its end."""
        return round(50 + 50 * max(-1.0, min(1.0, points / self.span)), 2)


class Mark(Frozen, frozen=True):
    """One difference in the plot: a point, and its interval where there is one; places in percent of the width."""

    at: float
    low: float | None
    high: float | None
    cut_low: bool
    """Whether the interval goes on beyond the axis."""
    cut_high: bool
    said: str
    """The same for those who do not see it."""


class Line(Frozen, frozen=True):
    """One line of the side by side: a figure of both runs, and its mark where it has one."""

    name: str
    a: str
    b: str
    change: str
    interval: str
    mark: Mark | None
    note: str = ""
    kind: str = ""
    """``answer``, ``domain``, or nothing."""


def render_html(comparisons: Sequence[Comparison]) -> str:
    """Return the comparisons as one HTML page, which loads nothing and works from ``file://``."""
    return render_page("compare.html.j2", _context(comparisons), assets=("lists", "compare"))


def render_markdown(comparisons: Sequence[Comparison]) -> str:
    """Return the same as Markdown, for a pull request say."""
    return render_markdown_page("compare.md.j2", _context(comparisons))


def axis(differences: Iterable[tuple[Difference, bool]]) -> Axis:
    """Return an axis for differences; of those marked True it shows the whole interval, of the others the point."""
    reach = [LEAST_SPAN]
    for found, whole in differences:
        reach.append(abs(found.delta))
        if whole and found.interval is not None:
            reach += map(abs, found.interval)
    span = min(100.0, max(reach)) * 1.08
    step = next(
        step
        for power in range(3)
        for step in (digit * 10**power for digit in _NICE)
        if span / step < 4 or step == 50
    )
    ticks = [step * n for n in range(-math.floor(span / step), math.floor(span / step) + 1)]
    made = Axis(span=span, ticks=())
    return Axis(span=span, ticks=tuple((made.place(tick), f"{tick:+g}" if tick else "0") for tick in ticks))


def mark(found: Difference, scale: Axis, name: str) -> Mark:
    """Return where a difference lies on an axis."""
    bounds = found.interval
    return Mark(
        at=scale.place(found.delta),
        low=None if bounds is None else scale.place(bounds[0]),
        high=None if bounds is None else scale.place(bounds[1]),
        cut_low=bounds is not None and bounds[0] < -scale.span,
        cut_high=bounds is not None and bounds[1] > scale.span,
        said=_("{name}: difference {points}, 95% interval {interval}").format(
            name=name, points=sentences.signed(found.delta), interval=sentences.interval(found)
        ),
    )


def _context(comparisons: Sequence[Comparison]) -> dict[str, Any]:
    overall = axis((one.answers[0].found, True) for one in comparisons if one.answers)
    shown = {
        "sides": [comparisons[0].a, *(comparison.b for comparison in comparisons)],
        "blocks": [_block(comparison) for comparison in comparisons],
        "summary": [_summary(one, overall) for one in comparisons if one.answers],
        "summary_axis": overall,
    }
    context: dict[str, Any] = words.clean(msgspec.to_builtins(shown))
    return context | {
        "dash": words.DASH,
        "signed": _signed,
        "footer": _("Made by AgentBench {version}.").format(version=__version__),
    }


def _block(comparison: Comparison) -> dict[str, Any]:
    """Return what is shown of one run against the baseline."""
    found = [(answer.found, True) for answer in comparison.answers]
    scale = axis([*found, *((domain.found, False) for domain in comparison.domain_answers)])
    return {
        "title": text.title(comparison),
        "a": comparison.a.letter,
        "b": comparison.b.letter,
        "verdict": comparison.answers[0].verdict if comparison.answers else "none",
        "headline": sentences.headline(comparison),
        "details": list(sentences.details(comparison)),
        "basis": sentences.basis(comparison),
        "tally": sentences.tally(comparison),
        "caveats": [caveat.text for caveat in comparison.caveats],
        "axis": scale,
        "lines": _lines(comparison, scale),
        "tasks": [_task(task, comparison) for task in comparison.tasks],
        "domains": sorted({task.suite for task in comparison.tasks}),
        "changes": [(code, name) for code, name in _changes(comparison).items()],
    }


def _summary(comparison: Comparison, scale: Axis) -> dict[str, Any]:
    answer = comparison.answers[0]
    line = _found_line(comparison.b.letter, answer.found, scale, kind="answer")
    return {
        "line": line,
        "agent": comparison.b.agent,
        "p": sentences.p_value(answer, adjusted=False),
        "adjusted": sentences.p_value(answer),
    }


def _lines(comparison: Comparison, scale: Axis) -> list[Line]:
    lines = [
        _found_line(name, answer.found, scale, unit=unit, kind="answer")
        for answer, (name, unit) in zip(
            comparison.answers, ((_("Overall score"), ""), (_("Resolved rate"), "%")), strict=False
        )
    ]
    lines += [
        _found_line(domain.name, domain.found, scale, kind="domain", note=_tasks(domain.found.n_tasks))
        for domain in comparison.domain_answers
    ]
    lines += [
        _plain_line(f"{known[1]} {_(known[2])}", delta, words.score)
        for delta, known in zip(comparison.layers, words.LAYERS, strict=True)
    ]
    names = (_("Time per attempt"), _("Tokens per attempt"), _("Cost per attempt"))
    lines += [
        _plain_line(name, delta, shown, relative=True)
        for name, delta, shown in zip(names, comparison.efforts, text.EFFORT_FORMS, strict=True)
    ]
    note = _("all its tasks")
    return [
        *lines,
        _plain_line(_("Whole run, overall"), comparison.overall, words.score, note=note),
        _plain_line(_("Whole run, resolved"), comparison.resolved_rate, words.percent, factor=100, note=note),
    ]


def _found_line(
    name: str, found: Difference, scale: Axis, *, unit: str = "", kind: str = "", note: str = ""
) -> Line:
    return Line(
        name=name,
        a=f"{sentences.number(found.a)}{unit}",
        b=f"{sentences.number(found.b)}{unit}",
        change=sentences.signed(found.delta),
        interval=sentences.interval(found),
        mark=mark(found, scale, name),
        note=note,
        kind=kind,
    )


def _plain_line(
    name: str,
    delta: Delta,
    shown: Callable[[float | None], str],
    *,
    relative: bool = False,
    factor: float = 1,
    note: str = "",
) -> Line:
    """Return a line without inference; what rests on no task says so."""
    if delta.n_tasks is not None:
        note = _tasks(delta.n_tasks) if delta.n_tasks else _("not known of any task in both")
    change = words.DASH if delta.delta is None else sentences.signed(delta.delta * factor)
    if relative:
        change = text.relative_change(delta.a, delta.b)
    return Line(
        name=name, a=shown(delta.a), b=shown(delta.b), change=change, interval="", mark=None, note=note
    )


def _tasks(n: int) -> str:
    return ngettext("{n} task", "{n} tasks", n).format(n=n)


def _task(task: TaskDelta, comparison: Comparison) -> dict[str, Any]:
    """Return a task's row; numbers to sort by stand beside what is shown."""
    a, b = task.a, task.b
    both = a is not None and b is not None and task.change != "other-files"
    layers = []
    for key, short, name in words.LAYERS:
        one, two = (a.layers[key], b.layers[key]) if both and a and b else (None, None)
        layers.append((short, _(name), None if one is None or two is None else round(two - one, 2)))
    efforts = []
    for key, name, form in zip(
        ("sec", "tokens", "usd"), (_("time"), _("tokens"), _("cost")), text.EFFORT_FORMS, strict=True
    ):
        one, two = (getattr(a, key), getattr(b, key)) if both else (None, None)
        share = None if one is None or two is None or not one else (two - one) / one
        title = _("{before} → {after}").format(before=form(one), after=form(two))
        efforts.append((name, share, text.relative_change(one, two), title))
    return {
        "id": task.task_id,
        "name": task.name,
        "suite": task.suite,
        "a": _side(a),
        "b": _side(b),
        "delta": task.delta,
        "change": task.change,
        "said": sentences.change(task, comparison) or (words.shown(a.state) if a else words.DASH),
        "bar": None if task.delta is None else round(task.delta / 2, 2),
        "layers": layers,
        "efforts": efforts,
    }


def _side(side: TaskSide | None) -> dict[str, Any]:
    if side is None:
        return {"score": None, "why": _("not in this run")}
    return {"score": side.score, "why": words.shown(side.state)}


def _changes(comparison: Comparison) -> dict[str, str]:
    names = {
        "better": _("better"),
        "worse": _("worse"),
        "same": _("the same"),
        "not-comparable": _("no score in one"),
        "other-files": _("other files"),
        "only-a": _("only in {run}").format(run=comparison.a.letter),
        "only-b": _("only in {run}").format(run=comparison.b.letter),
    }
    present = {task.change for task in comparison.tasks}
    return {code: name for code, name in names.items() if code in present}


def _signed(value: float | None) -> str:
    return words.DASH if value is None else sentences.signed(value)
