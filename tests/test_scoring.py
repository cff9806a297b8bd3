"""Scoring: what each layer gives for which checks, metrics and judgements, at every boundary.

The examples at the end are those of docs/scoring.md.
"""

from __future__ import annotations

import math
from typing import Any

import pytest

from agentbench import scoring
from agentbench.behavior import BehaviorFacts
from agentbench.errors import UsageError
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

FULL = scoring.parse_assessment("30,25,25,20", "25,25,25,25")


def check(
    name: str,
    share: float | None = 1.0,
    *,
    possible: float = 10,
    required: bool = True,
    guard: bool = False,
) -> CheckResult:
    """Return a check that won ``share`` of its points; None means skipped."""
    possible = 0 if guard else possible
    status = (
        CheckStatus.SKIPPED if share is None else CheckStatus.PASSED if share == 1 else CheckStatus.PARTIAL
    )
    if share == 0:
        status = CheckStatus.FAILED
    return CheckResult(
        id=name,
        type="t",
        status=status,
        points=possible * (share or 0.0),
        possible=possible,
        required=required and not guard,
        guard=guard,
        turn=None,
        expected="",
        found="",
    )


def metrics(**values: Any) -> Metrics:
    """Return metrics from a transcript."""
    return Metrics(source=MetricsSource.TRANSCRIPT, **values)


def layers(*scores: float | None) -> Layers:
    """Return layers with these scores."""
    return Layers(**{f"l{n}": Layer(score=score) for n, score in enumerate(scores)})


def part(name: str, points: float, possible: float) -> Part:
    """Return a part that a rule decided."""
    return Part(name=name, points=points, possible=possible, reason="r", source="rule")


def facts(tools: float = 25, approach: float = 25, recovery: float = 20) -> BehaviorFacts:
    """Return what a trajectory decided."""
    return BehaviorFacts(
        tools=part("tools", tools, 25),
        approach=part("approach", approach, 25),
        recovery=part("recovery", recovery, 20),
    )


# -- L0 ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("checks", "score"),
    [
        ([check("a"), check("b")], 100.0),
        ([check("a", possible=30), check("b", 0, possible=10)], 75.0),
        ([check("a", 0.5), check("b", 0.25)], 37.5),
        ([check("a", 0)], 0.0),
        ([check("a", possible=1), check("b", 0, possible=2)], 33.33),
    ],
)
def test_l0_is_the_share_of_points_won(checks: list[CheckResult], score: float) -> None:
    """L0 = 100 · won / possible, rounded to two places."""
    assert scoring.score_l0(checks).score == score


def test_l0_skipped_checks_leave_both_sides() -> None:
    """A skipped check neither wins nor costs: 10 of 10, not 10 of 40."""
    layer = scoring.score_l0([check("a"), check("b", None, possible=30)])
    assert layer.score == 100.0
    assert [one.name for one in layer.parts] == ["a"]


def test_l0_is_none_when_every_earning_check_was_skipped() -> None:
    """Nobody could score it: None, which is not 0; guards alone cannot make a score either."""
    assert scoring.score_l0([check("a", None), check("g", guard=True)]).score is None
    assert scoring.score_l0([]).score is None


@pytest.mark.parametrize("share", [0.0, 0.5])
def test_l0_broken_guard_caps_at_20(share: float) -> None:
    """A guard that does not hold in full caps L0, and the layer says which guard it was."""
    layer = scoring.score_l0([check("a"), check("mine", share, guard=True)])
    assert layer.score == scoring.GUARD_CAP == 20.0
    assert "mine" in layer.parts[-1].reason


def test_l0_guard_cap_never_raises_a_score() -> None:
    """A broken guard on a trial that won 10 % leaves 10."""
    poor = [check("a", 0.1), check("g", 0, guard=True)]
    assert scoring.score_l0(poor).score == 10.0


@pytest.mark.parametrize("share", [1.0, None])
def test_l0_guard_that_held_or_was_skipped_does_not_cap(share: float | None) -> None:
    """Guards win nothing and, unbroken, cost nothing."""
    assert scoring.score_l0([check("a"), check("g", share, guard=True)]).score == 100.0


# -- required, guards, after_required -------------------------------------------------------------


@pytest.mark.parametrize(
    ("checks", "resolved"),
    [
        ([check("a"), check("b", required=False)], True),
        ([check("a"), check("b", 0, required=False)], True),
        ([check("a"), check("b", 0.99)], False),
        ([check("a"), check("b", None)], False),
        ([check("a"), check("g", 0, guard=True)], False),
        ([check("a"), check("g", None, guard=True)], False),
        ([check("a", required=False), check("b", 0, required=False)], False),
        ([check("a", required=False), check("g", guard=True)], True),
        ([check("g", guard=True), check("a", 0, required=False)], False),
        ([], False),
    ],
)
def test_resolved_needs_every_required_check_and_guard(checks: list[CheckResult], resolved: bool) -> None:
    """Partial, skipped and failed are not passed; without required checks all of them count; nothing is no."""
    assert scoring.is_resolved(checks) is resolved


@pytest.mark.parametrize("blocker", [check("a", 0), check("a", 0.5), check("g", 0, guard=True)])
def test_after_required_earns_nothing_until_the_required_checks_hold(blocker: CheckResult) -> None:
    """Efficiency on a wrong result is worth nothing, and the check says why."""
    budget = check("budget", required=False)
    settled = scoring.settle([check("ok"), blocker, budget], {"budget": True})
    assert [one.points for one in settled] == [10, blocker.points, 0]
    assert settled[2].status is CheckStatus.FAILED
    assert "once all required checks pass" in settled[2].expected


def test_after_required_earns_once_they_hold() -> None:
    """With all required checks passed nothing is changed, also where an optional one failed."""
    checks = [check("a"), check("b", 0, required=False), check("budget", 0.5, required=False)]
    assert scoring.settle(checks, {"budget": True}) == checks


def test_after_required_leaves_a_skipped_budget_skipped() -> None:
    """A budget nobody could judge does not turn into a failed one."""
    settled = scoring.settle([check("a", 0), check("budget", None, required=False)], {"budget": True})
    assert settled[1].status is CheckStatus.SKIPPED


# -- L1 ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("calls", "points"),
    [(0, 0), (1, 0), (2, 20), (3, 20), (4, 40), (7, 40), (10, 40), (11, 20), (20, 20), (21, 0), (999, 0)],
)
def test_l1_tool_calls_at_every_boundary(calls: int, points: float) -> None:
    """Range [4, 10]: 40 within, 20 from lo/2 = 2 to hi·2 = 20, both included, else 0."""
    layer = scoring.score_l1(metrics(tool_calls=calls), ExpectedMetrics(tool_calls=(4, 10)))
    assert [(one.points, one.possible) for one in layer.parts] == [(points, 40)]
    assert layer.score == points / 40 * 100


@pytest.mark.parametrize(
    ("ratio", "points"),
    [(0.0, 0), (0.049, 0), (0.05, 15), (0.1, 30), (0.4, 30), (0.41, 15), (0.8, 15), (0.81, 0), (1.0, 0)],
)
def test_l1_planning_ratio_at_every_boundary(ratio: float, points: float) -> None:
    """Range [0.1, 0.4]: 30 within, 15 from 0.05 to 0.8, else 0."""
    layer = scoring.score_l1(metrics(planning_ratio=ratio), ExpectedMetrics(planning_ratio=(0.1, 0.4)))
    assert layer.parts[0].points == points


@pytest.mark.parametrize(("errors", "points"), [(0, 30), (1, 15), (2, 15), (3, 0), (50, 0)])
def test_l1_errors(errors: int, points: float) -> None:
    """No failed call 30, one or two 15, three or more 0."""
    layer = scoring.score_l1(metrics(errors=errors), ExpectedMetrics())
    assert layer.parts[0].points == points


def test_l1_sums_its_three_parts() -> None:
    """40 + 15 + 0 of 100."""
    wanted = ExpectedMetrics(tool_calls=(4, 10), planning_ratio=(0.1, 0.4))
    layer = scoring.score_l1(metrics(tool_calls=5, planning_ratio=0.6, errors=3), wanted)
    assert layer.score == 55.0


@pytest.mark.parametrize(
    ("known", "wanted", "score"),
    [
        (
            {"tool_calls": 5, "errors": 0},
            ExpectedMetrics(tool_calls=(4, 10), planning_ratio=(0.1, 0.4)),
            100.0,
        ),
        ({"tool_calls": 5, "errors": 3}, ExpectedMetrics(tool_calls=(4, 10)), 57.14),
        ({"tool_calls": 99, "errors": 0}, ExpectedMetrics(), 100.0),
        ({}, ExpectedMetrics(tool_calls=(4, 10)), 50.0),
    ],
)
def test_l1_unknown_parts_leave_the_reckoning(
    known: dict[str, Any], wanted: ExpectedMetrics, score: float
) -> None:
    """An unknown metric or range is not 0: the rest is scaled; with no part at all it is 50."""
    assert scoring.score_l1(metrics(**known), wanted).score == score


def test_l1_without_any_metrics_is_50() -> None:
    """The seed's rule, whatever the ranges are."""
    wanted = ExpectedMetrics(tool_calls=(4, 10))
    layer = scoring.score_l1(Metrics(source=MetricsSource.NONE), wanted)
    assert layer.score == 50.0
    assert layer.parts[0].reason == "no metrics: counted as 50"


@pytest.mark.parametrize(
    ("errors", "shown"), [(0, "0 failed calls"), (1, "1 failed call"), (2, "2 failed calls")]
)
def test_the_reason_of_l1_agrees_in_number(errors: int, shown: str) -> None:
    """One failed call is no plural."""
    layer = scoring.score_l1(Metrics(source=MetricsSource.TRANSCRIPT, errors=errors), ExpectedMetrics())
    assert [part.reason for part in layer.parts] == [shown]


@pytest.mark.parametrize(
    ("source", "origin"), [(MetricsSource.TRANSCRIPT, "rule"), (MetricsSource.SELF_REPORTED, "self")]
)
def test_l1_says_who_counted(source: MetricsSource, origin: str) -> None:
    """A part from the agent's own count is marked as its own word."""
    layer = scoring.score_l1(Metrics(source=source, errors=0), ExpectedMetrics())
    assert {one.source for one in layer.parts} == {origin}


def test_l1_zero_in_a_range_from_zero() -> None:
    """[0, 0] is met by 0 alone, as 2 · 0 is 0."""
    wanted = ExpectedMetrics(tool_calls=(0, 0))
    assert [scoring.score_l1(metrics(tool_calls=n), wanted).score for n in (0, 1)] == [100.0, 0.0]


# -- L2 and L3 -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("seen", "of", "points"),
    [(3, 3, 30), (2, 3, 20), (1, 3, 10), (0, 3, 0), (3, 4, 20), (1, 4, 0), (2, 4, 10), (1, 1, 30), (0, 1, 0)],
)
def test_l2_adherence_from_the_behaviours_seen(seen: int, of: int, points: float) -> None:
    """All 30, two thirds 20, one third 10, less 0."""
    layer = scoring.score_l2(None, None, (seen, of))
    assert [(one.name, one.points, one.source) for one in layer.parts] == [("adherence", points, "rule")]


def test_l2_rules_override_the_claim_and_record_it() -> None:
    """What the trajectory decides stands; what the agent claimed is kept beside it."""
    layer = scoring.score_l2(FULL, facts(tools=5, approach=0), (1, 3))
    found = {one.name: (one.points, one.claimed, one.source) for one in layer.parts}
    assert found == {
        "adherence": (10, 30, "rule"),
        "tools": (5, 25, "rule"),
        "approach": (0, 25, "rule"),
        "recovery": (20, 20, "rule"),
    }
    assert layer.score == 35.0


@pytest.mark.parametrize("adherence", [None, (0, 0)])
def test_l2_takes_the_agents_word_for_what_no_rule_decides(adherence: tuple[int, int] | None) -> None:
    """Without decided behaviours adherence is the agent's own."""
    layer = scoring.score_l2(scoring.parse_assessment("10,0,0,0", "0,0,0,0"), facts(), adherence)
    assert {one.name: one.source for one in layer.parts} == {
        "adherence": "self",
        "tools": "rule",
        "approach": "rule",
        "recovery": "rule",
    }
    assert layer.score == 80.0


def test_l2_without_an_assessment_scales_the_decided_parts() -> None:
    """Only the rules are left: 50 of 70 points."""
    layer = scoring.score_l2(None, facts(tools=5), None)
    assert layer.score == 71.43


def test_layers_nobody_could_judge_are_none() -> None:
    """No assessment and no trajectory: None, never 0."""
    assert scoring.score_l2(None, None, None).score is None
    assert scoring.score_l3(None).score is None


def test_l3_is_the_sum_of_four_quarters() -> None:
    """Four times 0–25 make 0–100."""
    given = scoring.parse_assessment("0,0,0,0", "25,20,15,0")
    assert scoring.score_l3(given).score == 60.0


# -- composite -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("scores", "weights", "composite"),
    [
        ((100, 100, 100, 100), Weights(), 100.0),
        ((100, 50, 0, 0), Weights(), 37.5),
        ((0, 0, 0, 0), Weights(), 0.0),
        ((100, 50, None, None), Weights(), 68.18),
        ((None, None, None, None), Weights(), None),
        ((80, None, None, None), Weights(), 80.0),
        ((100, 0, 0, 0), Weights(l0=3, l1=1, l2=0, l3=0), 75.0),
        ((None, 0, 100, 100), Weights(l0=1, l1=0, l2=0, l3=0), None),
    ],
)
def test_composite_renormalises_over_the_layers_with_a_score(
    scores: tuple[float | None, ...], weights: Weights, composite: float | None
) -> None:
    """Σ weight·layer / Σ weight over the known layers; None when none of them weighs anything."""
    assert scoring.composite(layers(*scores), weights) == composite


def test_no_work_scores_zero_in_every_layer() -> None:
    """Not even L1's 50 is given to a trial in which nothing was done."""
    none = scoring.no_work()
    assert [none.l0.score, none.l1.score, none.l2.score, none.l3.score] == [0.0] * 4
    assert scoring.composite(none, Weights()) == 0.0


@pytest.mark.parametrize(
    ("values", "mean"),
    [([], None), ([None, None], None), ([0.0, None], 0.0), ([50.0, None, 100.0], 75.0), ([1, 1, 2], 1.33)],
)
def test_mean_of_nothing_is_none(values: list[float | None], mean: float | None) -> None:
    """Unknown values are left out; a mean of nothing is unknown."""
    assert scoring.mean(values) == mean


def test_no_combination_of_layers_gives_nan_or_leaves_0_to_100() -> None:
    """Over a grid of layers and weights a composite is None or a number from 0 to 100."""
    values = (None, 0.0, 33.33, 100.0)
    grid = [(a, b, c, d) for a in values for b in values for c in values for d in values]
    for weights in (Weights(), Weights(l0=1e-9, l1=0, l2=0, l3=0), Weights(l0=1e9, l1=1, l2=1, l3=1)):
        for scores in grid:
            found = scoring.composite(layers(*scores), weights)
            assert found is None or (math.isfinite(found) and 0 <= found <= 100)


# -- the assessment on the command line ----------------------------------------------------------


def test_assessment_is_read_in_the_order_of_the_rubric() -> None:
    """--l2 adherence,tools,approach,recovery; --l3 completeness,accuracy,formatting,polish."""
    assert scoring.parse_assessment(" 20, 7 ,15,10", "1,2,3,4") == Assessment(
        adherence=20, tools=7, approach=15, recovery=10, completeness=1, accuracy=2, formatting=3, polish=4
    )


@pytest.mark.parametrize(
    ("l2", "l3", "message"),
    [
        ("30,25,25", "0,0,0,0", "--l2: 3 values instead of 4. Give adherence,tools,approach,recovery."),
        ("30,25,25,20", "1,2,3,4,5", "--l3: 5 values instead of 4."),
        ("29,25,25,20", "0,0,0,0", "--l2: adherence cannot be '29'. Allowed: 0, 10, 20, 30."),
        ("30,26,25,20", "0,0,0,0", "--l2: tools cannot be '26'. Allowed: 0 to 25."),
        ("30,25,24,20", "0,0,0,0", "--l2: approach cannot be '24'. Allowed: 0, 5, 15, 25."),
        ("30,25,25,15", "0,0,0,0", "--l2: recovery cannot be '15'. Allowed: 0, 10, 20."),
        ("30,25,25,20", "0,-1,0,0", "--l3: accuracy cannot be '-1'."),
        ("30,25,25,20", "0,0,0,²", "--l3: polish cannot be '²'."),
        ("30,25,25,20", "0,0,nan,0", "--l3: formatting cannot be 'nan'."),
        ("30,25,25,20", "0,0,0," + "9" * 5000, "--l3: polish cannot be '999"),
        ("", "0,0,0,0", "--l2: 1 values instead of 4."),
    ],
)
def test_assessment_outside_the_rubric_names_value_and_allowed_ones(l2: str, l3: str, message: str) -> None:
    """Every slip gives one line that says which value is wrong and what may stand there."""
    with pytest.raises(UsageError) as caught:
        scoring.parse_assessment(l2, l3)
    assert str(caught.value).startswith(message)


# -- worked examples, as docs/scoring.md tells them ----------------------------------------------


def test_worked_example_l0() -> None:
    """50 passed, 30 failed, 20 skipped: 50 / 80 = 62.5, not resolved; with a broken guard 20."""
    checks = [
        check("a", possible=50),
        check("b", 0, possible=30),
        check("c", None, possible=20, required=False),
    ]
    assert scoring.score_l0(checks).score == 62.5
    assert not scoring.is_resolved(checks)
    assert scoring.score_l0([*checks, check("g", 0, guard=True)]).score == 20.0


def test_worked_example_l1() -> None:
    """9 calls in [4, 14], ratio 0.9 beyond the double of [0.1, 0.4], one failed call: 40 + 0 + 15 = 55."""
    wanted = ExpectedMetrics(tool_calls=(4, 14), planning_ratio=(0.1, 0.4))
    assert scoring.score_l1(metrics(tool_calls=9, planning_ratio=0.9, errors=1), wanted).score == 55.0


def test_worked_example_all_four_layers() -> None:
    """A self-run with a transcript: 40 of 50 points, 6 calls, one error, one `cat` too many.

    L0 = 80. L1 = 40 + 30 + 15 = 85. L2 = 30 + 15 + 25 + 20 = 90. L3 = 20 + 20 + 25 + 15 = 80.
    0.20 · 80 + 0.35 · 85 + 0.20 · 90 + 0.25 · 80 = 83.75.
    """
    given = scoring.parse_assessment("30,25,25,20", "20,20,25,15")
    found = Layers(
        l0=scoring.score_l0([check("sum", possible=40), check("largest", 0, possible=10)]),
        l1=scoring.score_l1(
            metrics(tool_calls=6, planning_ratio=0.2, errors=1),
            ExpectedMetrics(tool_calls=(4, 10), planning_ratio=(0.1, 0.4)),
        ),
        l2=scoring.score_l2(given, facts(tools=15), None),
        l3=scoring.score_l3(given),
    )
    assert [found.l0.score, found.l1.score, found.l2.score, found.l3.score] == [80, 85, 90, 80]
    assert scoring.composite(found, Weights()) == 83.75


def test_worked_example_two_layers() -> None:
    """A harness-run nobody assessed and without a transcript: L0 = 100, L1 = 50, L2 and L3 drop out.

    (0.20 · 100 + 0.35 · 50) / (0.20 + 0.35) = 68.18.
    """
    found = Layers(
        l0=scoring.score_l0([check("a")]),
        l1=scoring.score_l1(Metrics(source=MetricsSource.NONE), ExpectedMetrics(tool_calls=(4, 10))),
        l2=scoring.score_l2(None, None, None),
        l3=scoring.score_l3(None),
    )
    assert scoring.composite(found, Weights()) == 68.18


def test_worked_example_broken_guard() -> None:
    """Everything right, but an input file was changed: L0 falls from 100 to 20, and the trial is not resolved."""
    checks = [check("a"), check("inputs", 0, guard=True)]
    assert scoring.score_l0(checks).score == 20.0
    assert not scoring.is_resolved(checks)
