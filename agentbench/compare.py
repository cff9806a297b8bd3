"""Two runs side by side: overall, domains, every task, and what makes the two incomparable.

Pure. A difference is always B minus A, and is None where either side has no score: no score is not 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from statistics import fmean
from typing import Any

from agentbench.model import Frozen

Json = dict[str, Any]

SAME_BELOW = 0.05
"""Differences smaller than this look like 0.0 and count as none."""
_ORDER = {"worse": 0, "better": 1, "same": 2, "not-comparable": 3, "only-a": 4, "only-b": 5}


class Side(Frozen, frozen=True):
    """What a reader needs to recognise a run."""

    run_id: str
    timestamp: str
    agent: str
    model: str | None
    profile: str
    suite_version: str
    seed: int
    tier: str
    scoring_method: str
    planned: int
    """Trials planned, and below those scored."""
    scored: int


class Delta(Frozen, frozen=True):
    """One figure of both runs; ``delta`` is B minus A."""

    name: str
    a: float | None
    b: float | None
    delta: float | None


class TaskDelta(Frozen, frozen=True):
    """One task in both runs."""

    task_id: str
    name: str
    suite: str
    a: float | None
    b: float | None
    delta: float | None
    a_state: str | None
    """``resolved``, ``unresolved`` or why there is no score; None when the run does not hold the task."""
    b_state: str | None
    change: str
    """``better``, ``worse``, ``same``, ``not-comparable``, ``only-a`` or ``only-b``."""


class Paired(Frozen, frozen=True):
    """The tasks scored in both runs."""

    n: int
    overall: Delta
    """The overall score over these tasks alone: mean of the domains' means."""
    better: int
    worse: int
    same: int
    newly_resolved: tuple[str, ...]
    newly_unresolved: tuple[str, ...]


class Comparison(Frozen, frozen=True):
    """Everything a comparison says; `msgspec.to_builtins` makes it JSON."""

    a: Side
    b: Side
    warnings: tuple[str, ...]
    overall: Delta
    resolved_rate: Delta
    """Shares, 0–1."""
    domains: tuple[Delta, ...]
    paired: Paired
    tasks: tuple[TaskDelta, ...]
    """The largest losses first, then gains, then what did not change or cannot be compared."""


def compare(a: Json, b: Json) -> Comparison:
    """Compare two results payloads; a difference is B minus A."""
    tasks = tuple(
        sorted(_tasks(a, b), key=lambda task: (_ORDER[task.change], -abs(task.delta or 0.0), task.task_id))
    )
    names = dict.fromkeys([*a["domain_scores"], *b["domain_scores"]])
    return Comparison(
        a=_side(a),
        b=_side(b),
        warnings=tuple(_warnings(a, b)),
        overall=_delta("overall", a["overall_score"], b["overall_score"]),
        resolved_rate=_delta("resolved", a["resolved_rate"], b["resolved_rate"], digits=4),
        domains=tuple(_delta(name, _domain(a, name), _domain(b, name)) for name in names),
        paired=_paired(tasks),
        tasks=tasks,
    )


def render_comparison(comparison: Comparison) -> str:
    """Return the comparison as plain text with aligned columns, safe to print to any terminal."""
    paired = comparison.paired
    lines = [_side_line("A", comparison.a), _side_line("B", comparison.b), ""]
    lines += [f"Warning: {_plain(warning)}" for warning in comparison.warnings]
    lines += [""] if comparison.warnings else []
    rows = [
        ("overall", *_figures(comparison.overall)),
        (f"  on the {paired.n} tasks scored in both", *_figures(paired.overall)),
        ("resolved", *_figures(comparison.resolved_rate, percent=True)),
        ("", "", "", ""),
        *((_plain(domain.name), *_figures(domain)) for domain in comparison.domains),
    ]
    lines += _columns(("", "A", "B", "change"), rows)
    lines += ["", f"Tasks: {paired.better} better, {paired.worse} worse, {paired.same} the same."]
    quiet = ("same", "not-comparable")
    changed = [task for task in comparison.tasks if task.change not in quiet or task.a_state != task.b_state]
    if changed:
        lines += ["", *_columns(("task", "A", "B", "change"), [_task_row(task) for task in changed])]
    return "\n".join(lines) + "\n"


def _side(payload: Json) -> Side:
    return Side(
        run_id=payload["run_id"],
        timestamp=payload["timestamp"],
        agent=" ".join(filter(None, (payload["agent"]["name"], payload["agent"]["version"]))),
        model=payload["model"],
        profile=payload["profile"],
        suite_version=payload["suite_version"],
        seed=payload["seed"],
        tier=payload["tier"],
        scoring_method=payload["scoring_method"],
        planned=payload["counts"]["planned"],
        scored=payload["counts"]["scored"],
    )


def _delta(name: str, a: float | None, b: float | None, digits: int = 2) -> Delta:
    return Delta(name=name, a=a, b=b, delta=None if a is None or b is None else round(b - a, digits))


def _domain(payload: Json, name: str) -> float | None:
    values = payload["domain_scores"].get(name)
    return None if values is None else values["score"]


def _tasks(a: Json, b: Json) -> Iterator[TaskDelta]:
    in_a = {task["task_id"]: task for task in a["tasks"]}
    in_b = {task["task_id"]: task for task in b["tasks"]}
    for task_id in dict.fromkeys([*in_a, *in_b]):
        one, two = in_a.get(task_id), in_b.get(task_id)
        known = two or one or {}
        scores = _delta(task_id, one and one["score"], two and two["score"])
        yield TaskDelta(
            task_id=task_id,
            name=known["name"],
            suite=known["suite"],
            a=scores.a,
            b=scores.b,
            delta=scores.delta,
            a_state=one and _state(one),
            b_state=two and _state(two),
            change="only-b" if one is None else "only-a" if two is None else _change(scores.delta),
        )


def _state(task: Json) -> str:
    if task["status"] != "scored":
        return str(task["status"])
    return "resolved" if task["resolved"] else "unresolved"


def _change(delta: float | None) -> str:
    if delta is None:
        return "not-comparable"
    if abs(delta) < SAME_BELOW:
        return "same"
    return "better" if delta > 0 else "worse"


def _paired(tasks: Iterable[TaskDelta]) -> Paired:
    both = [task for task in tasks if task.delta is not None]
    changes = [task.change for task in both]
    return Paired(
        n=len(both),
        overall=_delta("overall", _mean_of_domains(both, "a"), _mean_of_domains(both, "b")),
        better=changes.count("better"),
        worse=changes.count("worse"),
        same=changes.count("same"),
        newly_resolved=tuple(t.task_id for t in both if t.a_state != "resolved" and t.b_state == "resolved"),
        newly_unresolved=tuple(
            t.task_id for t in both if t.a_state == "resolved" and t.b_state != "resolved"
        ),
    )


def _mean_of_domains(tasks: list[TaskDelta], side: str) -> float | None:
    domains: dict[str, list[float]] = {}
    for task in tasks:
        domains.setdefault(task.suite, []).append(getattr(task, side))
    return round(fmean(fmean(scores) for scores in domains.values()), 2) if domains else None


def _setup(payload: Json) -> str | None:
    found: str | None = payload["agent"].get("settings", {}).get("setup")
    return found


def _warnings(a: Json, b: Json) -> Iterator[str]:
    if a["run_id"] == b["run_id"] and a["signature"] == b["signature"]:
        yield "A and B are the same run"
    for key, what, why in (
        ("suite_version", "suite versions", "tasks of one name may be different tasks"),
        ("scoring_version", "scoring rules", "the same work may earn other points"),
        ("scoring_method", "scoring methods", "L2 and L3 were judged by others"),
        ("profile", "profiles", "the overall scores are over different tasks"),
        ("seed", "seeds", "the tasks have other inputs, so single tasks differ by luck too"),
        ("tier", "tiers", "the runs were driven in different ways"),
        ("attempts", "attempts per task", "the means rest on different numbers of trials"),
        ("mode", "modes", "the runs worked in different surroundings"),
    ):
        if a[key] != b[key]:
            yield f"the {what} differ ({a[key]}, {b[key]}): {why}"
    for what, one, two, why in (
        ("sandboxes", a.get("sandbox"), b.get("sandbox"), "the agents saw different parts of the machine"),
        ("set-ups", _setup(a), _setup(b), "that may be what you want to see, or what you forgot"),
    ):
        if one != two:
            yield f"the {what} differ ({one}, {two}): {why}"
    if a["filters"] != b["filters"]:
        yield "the runs were filtered differently: the overall scores are over different tasks"
    digests = {task["task_id"]: task["digest"] for task in a["tasks"]}
    changed = [t["task_id"] for t in b["tasks"] if digests.get(t["task_id"], t["digest"]) != t["digest"]]
    if changed:
        shown = ", ".join(changed[:5]) + (", …" if len(changed) > 5 else "")
        yield f"{len(changed)} of the common tasks differ in their files ({shown}): their scores do not compare"
    ours, theirs = ({task["task_id"] for task in payload["tasks"]} for payload in (a, b))
    if ours != theirs:
        yield f"the runs hold different tasks: {len(ours - theirs)} only in A, {len(theirs - ours)} only in B"
    for name, payload in (("A", a), ("B", b)):
        missing = payload["counts"]["planned"] - payload["counts"]["scored"]
        if missing:
            yield f"{name} has no score for {missing} of {payload['counts']['planned']} trials"
    if min(a["attempts"], b["attempts"]) == 1:
        yield "a task with one attempt varies by chance: read a difference of single tasks with care"


def _side_line(letter: str, side: Side) -> str:
    words = [
        side.agent,
        side.model,
        f"profile {side.profile}",
        f"suite {side.suite_version}",
        f"seed {side.seed}",
        side.tier,
    ]
    return f"{letter}  {_plain(side.run_id)}  {_plain(', '.join(filter(None, words)))}"


def _figures(delta: Delta, *, percent: bool = False) -> tuple[str, str, str]:
    factor, unit = (100.0, "%") if percent else (1.0, "")
    sides = ["–" if value is None else f"{value * factor:.1f}{unit}" for value in (delta.a, delta.b)]
    return sides[0], sides[1], "–" if delta.delta is None else _signed(delta.delta * factor)


def _signed(value: float) -> str:
    return f"{value:+.1f}" if abs(value) >= SAME_BELOW else "0.0"


def _task_row(task: TaskDelta) -> tuple[str, str, str, str]:
    a, b, change = _figures(Delta(name=task.task_id, a=task.a, b=task.b, delta=task.delta))
    if task.change in ("only-a", "only-b"):
        change = f"only in {task.change[-1].upper()}"
    elif task.a_state != task.b_state:
        change = f"{change:>6}  {task.a_state} → {task.b_state}"
    return _plain(task.task_id), a, b, change


def _columns(head: tuple[str, str, str, str], rows: list[tuple[str, str, str, str]]) -> list[str]:
    width = max(len(row[0]) for row in [head, *rows])
    number = max(len(cell) for row in [head, *rows] for cell in row[1:3])
    return [
        f"{name:<{width}}  {a:>{number}}  {b:>{number}}  {change:>6}".rstrip()
        for name, a, b, change in [head, *rows]
    ]


def _plain(text: str) -> str:
    """Return ``text`` on one line, with everything that could steer a terminal as an escape."""
    return "".join(char if char.isprintable() else f"\\u{ord(char):04x}" for char in " ".join(text.split()))
