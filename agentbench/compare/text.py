"""A comparison as plain text with aligned columns, safe to print to any terminal."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from agentbench.compare import sentences
from agentbench.compare.types import Comparison, Delta, Side, TaskDelta
from agentbench.i18n import _
from agentbench.inference import Difference
from agentbench.report import words

Row = tuple[str, str, str, str, str]

_QUIET = ("same", "not-comparable")


def render_text(comparisons: Sequence[Comparison]) -> str:
    """Return all comparisons: the runs, then of each run the caveats, the answer, the figures and what changed."""
    lines = [_side_line(side) for side in (comparisons[0].a, *(one.b for one in comparisons))]
    for comparison in comparisons:
        lines += ["", *_block(comparison, several=len(comparisons) > 1)]
    return "\n".join(lines) + "\n"


def _block(comparison: Comparison, *, several: bool) -> list[str]:
    lines = []
    if several:
        lines += [title(comparison), "-" * len(title(comparison))]
    for caveat in comparison.caveats:
        lines.append(_("Warning: {text}").format(text=_plain(caveat.text)))
    lines += [""] if comparison.caveats else []
    lines += [sentences.headline(comparison), *sentences.details(comparison), sentences.basis(comparison)]
    lines += ["", *_table(comparison), "", sentences.tally(comparison)]
    changed = [task for task in comparison.tasks if task.change not in _QUIET or _states_differ(task)]
    if changed:
        a, b = comparison.a.letter, comparison.b.letter
        rows = [_task_row(task, comparison) for task in changed]
        lines += ["", *_columns((_("task"), a, b, _("change"), ""), rows)]
    return lines


def title(comparison: Comparison) -> str:
    """Return what a part about one run is called."""
    return _("{run} against {base}").format(run=comparison.b.letter, base=comparison.a.letter)


def _table(comparison: Comparison) -> list[str]:
    rows: list[Row] = []
    for answer, name in zip(comparison.answers, (_("overall"), _("resolved")), strict=False):
        rows.append(_found_row(name, answer.found, percent=answer.measure == "resolved"))
    for domain in comparison.domain_answers:
        rows.append(_found_row(f"  {_plain(domain.name)}", domain.found))
    for delta, (_key, short, long) in zip(comparison.layers, words.LAYERS, strict=True):
        if delta.n_tasks:
            rows.append((f"{short} {_(long)}", *_figures(delta), ""))
    rows += [
        (name, shown(delta.a), shown(delta.b), relative_change(delta.a, delta.b), "")
        for delta, name, shown in zip(comparison.efforts, effort_names(), EFFORT_FORMS, strict=True)
        if delta.n_tasks
    ]
    rows += [("", "", "", "", "")] if rows else []
    rows += [
        (_("whole runs: overall"), *_figures(comparison.overall), ""),
        (_("whole runs: resolved"), *_figures(comparison.resolved_rate, percent=True), ""),
    ]
    head = ("", comparison.a.letter, comparison.b.letter, _("change"), _("95% interval"))
    return _columns(head, rows)


def _whole(value: float | None) -> str:
    return words.count(None if value is None else round(value))


EFFORT_FORMS: tuple[Callable[[float | None], str], ...] = (words.seconds, _whole, words.money)
"""How working time, tokens and cost are written."""


def effort_names() -> tuple[str, str, str]:
    """Return what working time, tokens and cost are called."""
    return _("time per attempt"), _("tokens per attempt"), _("cost per attempt")


def relative_change(a: float | None, b: float | None) -> str:
    """Return the change of an effort in percent of A, or a dash."""
    if a is None or b is None or not a:
        return words.DASH
    shown = f"{100 * (b - a) / a:+.0f}%"
    return "0%" if shown in ("+0%", "-0%") else shown


def _found_row(name: str, found: Difference, *, percent: bool = False) -> Row:
    unit = "%" if percent else ""
    return (
        name,
        f"{sentences.number(found.a)}{unit}",
        f"{sentences.number(found.b)}{unit}",
        sentences.signed(found.delta),
        sentences.interval(found),
    )


def _states_differ(task: TaskDelta) -> bool:
    return task.a is not None and task.b is not None and task.a.state != task.b.state


def _side_line(side: Side) -> str:
    known = [
        side.agent,
        side.model,
        _("profile {name}").format(name=side.profile),
        _("suite {version}").format(version=side.suite_version),
        _("seed {seed}").format(seed=side.seed),
        side.tier,
    ]
    return f"{side.letter}  {_plain(side.run_id)}  {_plain(', '.join(filter(None, known)))}"


def _figures(delta: Delta, *, percent: bool = False) -> tuple[str, str, str]:
    factor, unit = (100.0, "%") if percent else (1.0, "")
    sides = [words.DASH if value is None else f"{value * factor:.1f}{unit}" for value in (delta.a, delta.b)]
    change = words.DASH if delta.delta is None else sentences.signed(delta.delta * factor)
    return sides[0], sides[1], change


def _task_row(task: TaskDelta, comparison: Comparison) -> Row:
    sides = [words.DASH if side is None else words.score(side.score) for side in (task.a, task.b)]
    delta = words.DASH if task.delta is None else sentences.signed(task.delta)
    return _plain(task.task_id), sides[0], sides[1], delta, sentences.change(task, comparison)


def _columns(head: Row, rows: list[Row]) -> list[str]:
    widths = [max(len(row[place]) for row in [head, *rows]) for place in range(4)]
    return [
        f"{name:<{widths[0]}}  {a:>{widths[1]}}  {b:>{widths[2]}}  {change:>{widths[3]}}  {more}".rstrip()
        for name, a, b, change, more in [head, *rows]
    ]


def _plain(text: str) -> str:
    """Return ``text`` on one line, with everything that could steer a terminal as an escape."""
    return "".join(char if char.isprintable() else f"\\u{ord(char):04x}" for char in " ".join(text.split()))
