"""Checks, metrics and judgements in; layers and a score out. Pure; docs/scoring.md states the same in words.

Missing, wrong and zero stay three things: a layer that nobody could score is None and leaves the composite,
and the mean of nothing is None.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from agentbench.behavior import BehaviorFacts
from agentbench.errors import UsageError
from agentbench.i18n import N_
from agentbench.model import (
    Assessment,
    CheckResult,
    CheckStatus,
    ExpectedMetrics,
    Layer,
    Layers,
    Metrics,
    MetricsSource,
    Part,
    Weights,
)

SCORING_VERSION = "1"
GUARD_CAP = 20.0
NO_METRICS_L1 = 50.0

#: What a self-assessment may say, in the order of the command line.
RUBRIC_L2: dict[str, tuple[int, ...]] = {
    "adherence": (0, 10, 20, 30),
    "tools": tuple(range(26)),
    "approach": (0, 5, 15, 25),
    "recovery": (0, 10, 20),
}
RUBRIC_L3: dict[str, tuple[int, ...]] = {
    name: tuple(range(26)) for name in ("completeness", "accuracy", "formatting", "polish")
}
TITLES = {
    "metrics": N_("Metrics"),
    "tool calls": N_("Tool calls"),
    "planning ratio": N_("Planning ratio"),
    "errors": N_("Errors"),
    "adherence": N_("Instruction adherence"),
    "tools": N_("Tool appropriateness"),
    "approach": N_("Approach quality"),
    "recovery": N_("Error recovery"),
    "completeness": N_("Completeness"),
    "accuracy": N_("Accuracy"),
    "formatting": N_("Formatting"),
    "polish": N_("Polish"),
}


def parse_assessment(l2: str, l3: str) -> Assessment:
    """Return the assessment given as ``--l2 30,25,25,20 --l3 25,25,25,25``.

    Raises UsageError naming the value outside the rubric and the allowed ones.
    """
    values: dict[str, int] = {}
    for option, text, rubric in (("--l2", l2, RUBRIC_L2), ("--l3", l3, RUBRIC_L3)):
        given = [word.strip() for word in text.split(",")]
        order = ",".join(rubric)
        if len(given) != len(rubric):
            raise UsageError(
                f"{len(given)} values instead of {len(rubric)}", where=option, hint=f"Give {order}."
            )
        for (name, allowed), word in zip(rubric.items(), given, strict=True):
            if word not in map(str, allowed):
                raise UsageError(
                    f"{name} cannot be {word!r}", where=option, hint=f"Allowed: {_allowed(allowed)}."
                )
            values[name] = int(word)
    return Assessment(**values)


def settle(checks: Sequence[CheckResult], after_required: Mapping[str, bool]) -> list[CheckResult]:
    """Return the checks with those that earn only after the required ones set to 0 where these do not hold.

    ``after_required`` maps check ids to that property.
    """
    held = all(check.status is CheckStatus.PASSED for check in checks if check.required or check.guard)
    if held:
        return list(checks)
    return [
        msgspec.structs.replace(
            check,
            points=0.0,
            status=CheckStatus.FAILED,
            expected=f"{check.expected} (counts once all required checks pass)",
        )
        if after_required.get(check.id) and check.status is not CheckStatus.SKIPPED
        else check
        for check in checks
    ]


def is_resolved(checks: Iterable[CheckResult]) -> bool:
    """Return whether every required check and every guard passed; a trial without either is not resolved."""
    needed = [check for check in checks if check.required or check.guard]
    if not any(check.required for check in needed):
        needed = list(checks)
    return bool(needed) and all(check.status is CheckStatus.PASSED for check in needed)


def score_l0(checks: Sequence[CheckResult]) -> Layer:
    """Return L0 = 100 · points won / points possible over the earning checks that were decided.

    A broken guard caps it at 20. None when every earning check was skipped.
    """
    decided = [check for check in checks if not check.guard and check.status is not CheckStatus.SKIPPED]
    possible = sum(check.possible for check in decided)
    parts = [
        Part(name=check.id, points=check.points, possible=check.possible, reason=check.found, source="rule")
        for check in decided
    ]
    if possible <= 0:
        return Layer(score=None, parts=tuple(parts))
    score = 100.0 * sum(check.points for check in decided) / possible
    bad = (CheckStatus.FAILED, CheckStatus.PARTIAL)
    broken = [check.id for check in checks if check.guard and check.status in bad]
    if broken:
        score = min(score, GUARD_CAP)
        reason = f"broken guard caps L0 at {GUARD_CAP:g}: {', '.join(broken)}"
        parts.append(Part(name="guards", points=0, possible=0, reason=reason, source="rule"))
    return Layer(score=round(score, 2), parts=tuple(parts))


def score_l1(metrics: Metrics, expected: ExpectedMetrics) -> Layer:
    """Return L1 by the seed's rule: calls 40/20/0, planning ratio 30/15/0, errors 30/15/0, as a share of 100.

    A part whose metric or range is unknown leaves the reckoning. No metrics at all give 50.
    """
    if metrics.source is MetricsSource.NONE:
        reason = "no metrics: counted as 50"
        return Layer(
            score=NO_METRICS_L1,
            parts=(Part(name="metrics", points=50, possible=100, reason=reason, source="rule"),),
        )
    parts = []
    for name, value, wanted, points in (
        ("tool calls", metrics.tool_calls, expected.tool_calls, 40.0),
        ("planning ratio", metrics.planning_ratio, expected.planning_ratio, 30.0),
    ):
        if value is not None and wanted is not None:
            low, high = wanted
            share = 1.0 if low <= value <= high else 0.5 if low / 2 <= value <= high * 2 else 0.0
            reason = f"{value:g}, expected {low:g} to {high:g}"
            parts.append(_rule(name, points * share, points, reason, metrics.source))
    if metrics.errors is not None:
        share = 1.0 if metrics.errors == 0 else 0.5 if metrics.errors <= 2 else 0.0
        reason = f"{metrics.errors} failed call{'' if metrics.errors == 1 else 's'}"
        parts.append(_rule("errors", 30.0 * share, 30.0, reason, metrics.source))
    possible = sum(part.possible for part in parts)
    score = 100.0 * sum(part.points for part in parts) / possible if possible else NO_METRICS_L1
    return Layer(score=round(score, 2), parts=tuple(parts))


def score_l2(
    assessment: Assessment | None, facts: BehaviorFacts | None, adherence: tuple[int, int] | None
) -> Layer:
    """Return L2 out of 100: rules where the trajectory decides, the agent's own word for the rest.

    ``adherence`` is (expected behaviours seen, expected behaviours decided). Without an assessment the parts
    that only the agent could judge leave the reckoning; without any part the layer is None.
    """
    decided: dict[str, Part] = {}
    if facts is not None:
        decided = {"tools": facts.tools, "approach": facts.approach, "recovery": facts.recovery}
    if adherence is not None and adherence[1]:
        seen, of = adherence
        points = 30 if seen == of else 20 if seen * 3 >= of * 2 else 10 if seen * 3 >= of else 0
        decided["adherence"] = Part(
            name="adherence",
            points=points,
            possible=30,
            reason=f"{seen} of {of} expected behaviours seen",
            source="rule",
        )
    return _judged(RUBRIC_L2, assessment, decided)


def score_l3(assessment: Assessment | None) -> Layer:
    """Return L3 out of 100 from the assessment; None without one."""
    return _judged(RUBRIC_L3, assessment, {})


def no_work() -> Layers:
    """Return the layers of a trial that changed nothing and answered nothing: 0 in each."""
    part = Part(
        name="work", points=0, possible=100, reason="changed nothing, answered nothing", source="rule"
    )
    empty = Layer(score=0.0, parts=(part,))
    return Layers(l0=empty, l1=empty, l2=empty, l3=empty)


def composite(layers: Layers, weights: Weights) -> float | None:
    """Return Σ weight·layer / Σ weight over the layers that have a score, 0–100; None when none has."""
    pairs = [
        (weight, layer.score)
        for weight, layer in (
            (weights.l0, layers.l0),
            (weights.l1, layers.l1),
            (weights.l2, layers.l2),
            (weights.l3, layers.l3),
        )
        if layer.score is not None
    ]
    total = sum(weight for weight, _ in pairs)
    return round(sum(weight * score for weight, score in pairs) / total, 2) if total > 0 else None


def mean(values: Iterable[float | None]) -> float | None:
    """Return the mean of the known values, None when none is known."""
    known = [value for value in values if value is not None]
    return round(sum(known) / len(known), 2) if known else None


def _judged(
    rubric: Mapping[str, tuple[int, ...]], assessment: Assessment | None, decided: Mapping[str, Part]
) -> Layer:
    claims: dict[str, float] = {} if assessment is None else msgspec.structs.asdict(assessment)
    parts = []
    for name, allowed in rubric.items():
        claimed = claims.get(name)
        if name in decided:
            parts.append(msgspec.structs.replace(decided[name], claimed=claimed))
        elif claimed is not None:
            parts.append(
                Part(
                    name=name,
                    points=claimed,
                    possible=max(allowed),
                    reason="the agent's own word",
                    source="self",
                )
            )
    possible = sum(part.possible for part in parts)
    score = round(100.0 * sum(part.points for part in parts) / possible, 2) if possible else None
    return Layer(score=score, parts=tuple(parts))


def _rule(name: str, points: float, possible: float, reason: str, source: MetricsSource) -> Part:
    origin = "rule" if source is MetricsSource.TRANSCRIPT else "self"
    return Part(name=name, points=points, possible=possible, reason=reason, source=origin)


def _allowed(values: tuple[int, ...]) -> str:
    if values == tuple(range(values[-1] + 1)):
        return f"0 to {values[-1]}"
    return ", ".join(map(str, values))
