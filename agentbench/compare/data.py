"""Results payloads in, comparisons out: each run against the first, over the tasks that both have. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from statistics import fmean
from string import ascii_uppercase
from typing import Any

import msgspec

from agentbench import inference
from agentbench.compare import caveats
from agentbench.compare.types import (
    Answer,
    Comparison,
    Delta,
    DomainAnswer,
    Paired,
    Side,
    TaskDelta,
    TaskSide,
)
from agentbench.inference import Difference, Pair

Json = dict[str, Any]

TARGET = 5.0
"""The difference, in points, that plans aim at unless told otherwise."""
ALPHA = 1 - inference.LEVEL
SAME_BELOW = 0.05
"""Differences of single tasks smaller than this look like 0.0 and count as none."""
MOST_RUNS = len(ascii_uppercase)
_ORDER = {"worse": 0, "better": 0, "same": 1, "not-comparable": 2, "other-files": 3, "only-a": 4, "only-b": 5}
_LAYERS = ("l0", "l1", "l2", "l3")
_EFFORTS = ("sec", "tokens", "usd")
_MEASURES = (("overall", "score"), ("resolved", "resolved"))
"""Names of the measures, and where an attempt has the value."""
_POINTS = {"score": 1.0, "resolved": 100.0}


def compare(a: Json, b: Json, target: float = TARGET) -> Comparison:
    """Compare payload ``b`` with payload ``a``."""
    return compare_all([a, b], target)[0]


def compare_all(payloads: Sequence[Json], target: float = TARGET) -> list[Comparison]:
    """Compare every payload but the first with the first; p-values are adjusted for their number (Holm).

    ``target`` is the difference in points that plans aim at. The same payloads give the same answer.
    """
    base, *others = payloads
    drafts = [
        _draft(base, other, letter, target)
        for other, letter in zip(others, ascii_uppercase[1:], strict=False)
    ]
    answered = [draft for draft in drafts if draft.answers]
    columns = [inference.holm([draft.answers[place].found.p for draft in answered]) for place in (0, 1)]
    adjusted = zip(*columns, strict=True)
    return [
        msgspec.structs.replace(draft, answers=_judge(draft.answers, next(adjusted)))
        if draft.answers
        else draft
        for draft in drafts
    ]


def _draft(a: Json, b: Json, letter: str, target: float) -> Comparison:
    """Return the comparison before its answers are judged, which depends on those of the other runs."""
    tasks = tuple(
        sorted(_tasks(a, b), key=lambda task: (_ORDER[task.change], -abs(task.delta or 0.0), task.task_id))
    )
    both = [task for task in tasks if task.delta is not None]
    pairs = _pairs(a, b, both)
    names = dict.fromkeys([*a["domain_scores"], *b["domain_scores"]])
    by_domain = {name: [pair for pair in pairs["score"] if pair.domain == name] for name in names}
    return Comparison(
        a=_side(a, "A"),
        b=_side(b, letter),
        caveats=tuple(caveats.find(a, b, "A", letter)),
        overall=_delta("overall", a["overall_score"], b["overall_score"]),
        resolved_rate=_delta("resolved", a["resolved_rate"], b["resolved_rate"], digits=4),
        domains=tuple(_delta(name, _domain(a, name), _domain(b, name)) for name in names),
        paired=_paired(both),
        answers=tuple(_answer(name, pairs[key], target) for name, key in _MEASURES if both),
        domain_answers=tuple(
            DomainAnswer(name=name, found=inference.difference(own)) for name, own in by_domain.items() if own
        ),
        layers=tuple(_layer(both, name) for name in _LAYERS),
        efforts=tuple(_effort(both, name) for name in _EFFORTS),
        tasks=tasks,
    )


def _answer(measure: str, pairs: Sequence[Pair], target: float) -> Answer:
    found = inference.difference(pairs)
    return Answer(
        measure=measure,
        found=found,
        p_adjusted=found.p,
        verdict="",
        plan=inference.plan(pairs, found, target),
    )


def _judge(answers: Sequence[Answer], adjusted: Sequence[float]) -> tuple[Answer, ...]:
    """Return the answers with their verdicts.

    The overall score is asked first; the resolved rate may decide only where it did (a fixed sequence, so that the
    two questions together raise a false alarm as rarely as one), and is else a hint.
    """
    overall, resolved = (
        msgspec.structs.replace(answer, p_adjusted=p, verdict=_verdict(answer.found, p))
        for answer, p in zip(answers, adjusted, strict=True)
    )
    decided = {"better", "worse"}
    if resolved.verdict in decided and overall.verdict not in decided:
        resolved = msgspec.structs.replace(resolved, verdict="hint")
    return overall, resolved


def _verdict(found: Difference, p: float) -> str:
    """Return the verdict: interval and test have to agree before a difference counts as one."""
    if found.error is None and found.delta == 0:
        return "same"
    if found.n_tasks < inference.FEWEST:
        return "too-few"
    if p > ALPHA or not (found.interval is None or found.excludes_zero):
        return "undetected"
    return "better" if found.delta > 0 else "worse"


def _side(payload: Json, letter: str) -> Side:
    return Side(
        letter=letter,
        run_id=payload["run_id"],
        timestamp=payload["timestamp"],
        agent=" ".join(filter(None, (payload["agent"]["name"], payload["agent"]["version"]))),
        model=payload["model"],
        profile=payload["profile"],
        suite_version=payload["suite_version"],
        seed=payload["seed"],
        tier=payload["tier"],
        scoring_method=payload["scoring_method"],
        attempts=payload["attempts"],
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
        left, right = one and _task_side(one), two and _task_side(two)
        same = one is not None and two is not None and one["digest"] == two["digest"]
        scores = [side.score if side else None for side in (left, right)]
        delta = _delta("", scores[0], scores[1]).delta if same else None
        yield TaskDelta(
            task_id=task_id,
            name=known["name"],
            suite=known["suite"],
            difficulty=known["difficulty"],
            a=left,
            b=right,
            delta=delta,
            matched=same and bool(inputs := _inputs(a, one).keys()) and inputs == _inputs(b, two).keys(),
            change="only-b" if one is None else "only-a" if two is None else _change(delta, same),
        )


def _task_side(task: Json) -> TaskSide:
    scored = _scored(task)
    used = [(entry.get("use") or entry["metrics"])["tokens"] for entry in scored]
    state = str(task["status"])
    return TaskSide(
        state=state if state != "scored" else "resolved" if task["resolved"] else "unresolved",
        score=_mean([entry["score"] for entry in scored], 2),
        resolved=_mean([float(entry["resolved"]) for entry in scored], 4),
        attempts=len(scored),
        layers=dict(task["layers"]),
        sec=_mean([entry["metrics"]["working_sec"] for entry in scored], 3),
        tokens=_mean([tokens["total"] for tokens in used], 0),
        usd=_mean([tokens["cost_usd"] for tokens in used], 6),
    )


def _scored(task: Json) -> list[Json]:
    return [entry for entry in task["attempts"] if entry["status"] == "scored"]


def _mean(values: Sequence[float | None], digits: int) -> float | None:
    """Return the mean; None when a value is not known, as a mean of the rest would flatter."""
    known = [value for value in values if value is not None]
    return round(fmean(known), digits) if known and len(known) == len(values) else None


def _inputs(payload: Json, task: Json | None) -> dict[int, Json]:
    """Return the scored attempts by the seed of their inputs, in its order."""
    entries = _scored(task) if task else []
    return {payload["seed"] + e["attempt"] - 1: e for e in sorted(entries, key=lambda e: e["attempt"])}


def _change(delta: float | None, same: bool) -> str:
    if not same:
        return "other-files"
    if delta is None:
        return "not-comparable"
    if abs(delta) < SAME_BELOW:
        return "same"
    return "better" if delta > 0 else "worse"


def _pairs(a: Json, b: Json, both: Iterable[TaskDelta]) -> dict[str, list[Pair]]:
    """Return, in the order of task ids, what inference needs of scores and of resolved attempts, in points."""
    in_a, in_b = ({task["task_id"]: task for task in payload["tasks"]} for payload in (a, b))
    found: dict[str, list[Pair]] = {key: [] for _measure, key in _MEASURES}
    for task in sorted(both, key=lambda task: task.task_id):
        sides = [_inputs(payload, held[task.task_id]) for payload, held in ((a, in_a), (b, in_b))]
        for key, pairs in found.items():
            one, two = (tuple(float(e[key]) * _POINTS[key] for e in side.values()) for side in sides)
            pairs.append(Pair(domain=task.suite, a=one, b=two, matched=task.matched))
    return found


def _paired(both: Sequence[TaskDelta]) -> Paired:
    changes = [task.change for task in both]
    states = [(task.task_id, task.a and task.a.state, task.b and task.b.state) for task in both]
    return Paired(
        n=len(both),
        matched=sum(task.matched for task in both),
        better=changes.count("better"),
        worse=changes.count("worse"),
        same=changes.count("same"),
        newly_resolved=tuple(name for name, one, two in states if one != "resolved" and two == "resolved"),
        newly_unresolved=tuple(name for name, one, two in states if one == "resolved" and two != "resolved"),
    )


def _layer(both: Iterable[TaskDelta], name: str) -> Delta:
    """Return a layer over the tasks of which both have it, as the mean of the domains' means."""
    known = [
        (task.suite, a, b)
        for task in both
        for a, b in [_of_both(task, lambda side: side.layers[name])]
        if a is not None and b is not None
    ]
    if not known:
        return Delta(name=name, a=None, b=None, delta=None, n_tasks=0)
    weights = inference.weights([suite for suite, _a, _b in known])
    mean_a = sum(w * a for w, (_suite, a, _b) in zip(weights, known, strict=True))
    mean_b = sum(w * b for w, (_suite, _a, b) in zip(weights, known, strict=True))
    return _rounded(name, mean_a, mean_b, len(known))


def _effort(both: Iterable[TaskDelta], name: str) -> Delta:
    known = [
        (a, b)
        for task in both
        for a, b in [_of_both(task, lambda side: getattr(side, name))]
        if a is not None and b is not None
    ]
    if not known:
        return Delta(name=name, a=None, b=None, delta=None, n_tasks=0)
    a, b = (fmean(one[side] for one in known) for side in (0, 1))
    return _rounded(name, a, b, len(known), digits=6)


def _rounded(name: str, a: float, b: float, n: int, digits: int = 2) -> Delta:
    return Delta(name=name, a=round(a, digits), b=round(b, digits), delta=round(b - a, digits), n_tasks=n)


def _of_both(task: TaskDelta, value: Callable[[TaskSide], float | None]) -> tuple[float | None, float | None]:
    return (None, None) if task.a is None or task.b is None else (value(task.a), value(task.b))
