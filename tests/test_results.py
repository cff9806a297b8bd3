"""The payload: denominators that add up, unknown kept apart from 0, and the published schema met."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest
import tiny
from jsonschema import Draft202012Validator

from agentbench import identity as identities
from agentbench import paths, results, scoring, signing
from agentbench.agents.base import About
from agentbench.failures import POLICIES, FailureCause
from agentbench.identity import Identity, Options, TaskRef, TrialLimits
from agentbench.ledger import GENESIS
from agentbench.model import (
    ExpectedMetrics,
    Flag,
    Layer,
    Layers,
    Metrics,
    MetricsSource,
    Part,
    Status,
    Tokens,
    TrialResult,
    Weights,
)
from agentbench.paths import RunPaths
from agentbench.provenance import Provenance, suite_version
from agentbench.results import Tried
from agentbench.trial import Outcome

MEASURED = Metrics(
    source=MetricsSource.TRANSCRIPT,
    tool_calls=4,
    errors=1,
    planning_ratio=0.25,
    tokens=Tokens(total=100, cost_usd=0.5),
)
WEIGHTS = Weights(l0=0.5, l1=0.15, l2=0.15, l3=0.2)
Tries = dict[tuple[str, int], Tried]


def ref(task_id: str) -> TaskRef:
    """Return a task of the plan; the suite is the part before the hyphen."""
    suite, _, slug = task_id.partition("-")
    return TaskRef(
        id=task_id,
        name=slug,
        suite=suite,
        difficulty="easy",
        version="1.0",
        digest="sha256:0",
        path=f"{suite}/{slug}",
        weights=WEIGHTS,
    )


def plan(*ids: str, attempts: int = 1, strict: bool = False) -> Identity:
    """Return the identity of a run over these tasks."""
    made = Identity(
        run_id="20250101-000000",
        created_at="2025-01-01T00:00:00.000Z",
        kind="self-run",
        about=About(name="openclaw"),
        sandbox=None,
        limits=TrialLimits(),
        profile="full",
        suites=(),
        task_ids=(),
        tasks=tuple(map(ref, ids)),
        tasks_dir="/t",
        attempts=attempts,
        seed=1,
        strict=strict,
        keep_workspace=False,
        suite_version="1.0.0",
        scoring_version=scoring.SCORING_VERSION,
        provenance=Provenance(
            agentbench="0", python="3", system="s", git_commit=None, git_dirty=None, sandbox="none"
        ),
    )
    return msgspec.structs.replace(made, fingerprint=identities.fingerprint(made))


def layers(score: float, *, l2: str = "rule", l3: str | None = "self") -> Layers:
    """Return layers of one part each; ``l3`` None: nobody assessed it."""

    def one(source: str) -> Layer:
        part = Part(name="p", points=score, possible=100, reason="r", source=source)
        return Layer(score=score, parts=(part,))

    return Layers(l0=one("rule"), l1=one("rule"), l2=one(l2), l3=one(l3) if l3 else Layer(score=None))


def tried(task_id: str, score: float | None, attempt: int = 1, **more: Any) -> Tried:
    """Return a try with this score; without one it is invalid unless ``cause`` says otherwise."""
    cause = more.pop("cause", FailureCause.VALIDATOR)
    made = {
        "resolved": score is not None and score >= 80,
        "layers": layers(score) if score is not None else None,
        "metrics": MEASURED,
        **more,
    }
    result = TrialResult(
        task_id=task_id,
        attempt=attempt,
        try_no=1,
        status=POLICIES[cause].status if score is None else Status.SCORED,
        cause=cause if score is None else None,
        score=score,
        checks=(),
        **made,
    )
    outcome = Outcome(
        task_id=task_id,
        attempt=attempt,
        try_no=1,
        seed=1,
        workspace="/w",
        frozen={},
        replies={},
        metrics=MEASURED,
        model="provider/model",
    )
    return Tried(result, outcome)


def build(identity: Identity, *done: Tried) -> dict[str, Any]:
    """Return the payload of a run with these tries, which fits the schema and its signature."""
    tries: Tries = {(one.result.task_id, one.result.attempt): one for one in done}
    made = results.build(identity, tries, duration_ms=5, ledger_head=GENESIS)
    schema = msgspec.json.decode((paths.data_dir("schemas") / "results.schema.json").read_bytes())
    problems = [
        f"{list(error.path)}: {error.message}" for error in Draft202012Validator(schema).iter_errors(made)
    ]
    assert problems == []
    assert signing.is_intact(made)
    return made


def test_overall_is_the_mean_of_domains_not_of_tasks() -> None:
    """a: mean of 100 and 50 is 75; b: 25; overall 50, though the mean of tasks would be 58.33."""
    found = build(plan("a-x", "a-y", "b-z"), tried("a-x", 100), tried("a-y", 50), tried("b-z", 25))
    assert {name: domain["score"] for name, domain in found["domain_scores"].items()} == {
        "a": 75.0,
        "b": 25.0,
    }
    assert found["overall_score"] == 50.0
    assert found["resolved_rate"] == 0.3333


def test_denominators_add_up_and_failures_are_never_zero() -> None:
    """Scored, invalid, unsupported and never begun are four things; only the bound counts them as 0."""
    found = build(
        plan("a-x", "a-y", "b-z", "b-w"),
        tried("a-x", 80),
        tried("a-y", None),
        tried("b-z", None, cause=FailureCause.REQUIREMENT),
    )
    assert found["counts"] == {"planned": 4, "scored": 1, "invalid": 1, "unsupported": 1, "cancelled": 1}
    assert (found["coverage"], found["resolved_rate"]) == (0.25, 1.0)
    assert found["overall_score"] == 80.0
    assert found["score_if_invalid_is_zero"] == 20.0
    assert [(task["status"], task["score"]) for task in found["tasks"]] == [
        ("scored", 80.0),
        ("invalid", None),
        ("unsupported", None),
        ("cancelled", None),
    ]
    assert found["domain_scores"]["b"] == {"score": None, "resolved_rate": None, "task_count": 2, "scored": 0}


def test_a_zero_is_a_score() -> None:
    """0 enters every mean."""
    found = build(plan("a-x", "a-y"), tried("a-x", 0.0), tried("a-y", 100))
    assert (found["overall_score"], found["counts"]["scored"]) == (50.0, 2)


def test_nothing_scored_gives_null_everywhere() -> None:
    """The mean of nothing is unknown, in the run, its domains and its sums."""
    found = build(plan("a-x"), tried("a-x", None))
    assert (found["overall_score"], found["resolved_rate"], found["coverage"]) == (None, None, 0.0)
    assert found["score_if_invalid_is_zero"] == 0.0
    assert set(found["metrics"].values()) == {None}


def test_several_attempts() -> None:
    """A task's score is the mean of its scored attempts; it is resolved only if all of them are."""
    found = build(
        plan("a-x", "a-y", attempts=2),
        tried("a-x", 100, 1),
        tried("a-x", 50, 2),
        tried("a-y", 90, 1),
        tried("a-y", None, 2),
    )
    x, y = found["tasks"]
    assert (x["score"], x["resolved"], [one["attempt"] for one in x["attempts"]]) == (75.0, False, [1, 2])
    assert (y["score"], y["resolved"], y["status"]) == (90.0, True, "scored")
    assert found["counts"] == {"planned": 4, "scored": 3, "invalid": 1, "unsupported": 0, "cancelled": 0}
    assert (found["coverage"], found["resolved_rate"]) == (0.75, 0.6667)


def test_the_bound_counts_every_lost_attempt() -> None:
    """Losing the bad half of the attempts cannot raise the bound: (90 + 0) / 2."""
    found = build(plan("a-y", attempts=2), tried("a-y", 90, 1), tried("a-y", None, 2))
    assert (found["overall_score"], found["score_if_invalid_is_zero"]) == (90.0, 45.0)


def test_sums_leave_unknown_figures_out() -> None:
    """What one trial does not know does not become 0 in the sum."""
    unknown = Metrics(source=MetricsSource.SELF_REPORTED, tool_calls=6)
    found = build(plan("a-x", "a-y"), tried("a-x", 1), tried("a-y", 1, metrics=unknown))
    assert found["metrics"] == {
        "total_tool_calls": 10,
        "total_errors": 1,
        "avg_planning_ratio": 0.25,
        "est_tokens": 100,
        "cost_usd": 0.5,
    }
    assert any("own count" in note for note in found["notes"])


@pytest.mark.parametrize(
    ("more", "unmet"),
    [
        ({"layers": layers(90, l3="judge")}, []),
        ({"layers": layers(90)}, ["L3"]),
        ({"layers": layers(90, l3=None)}, ["L3"]),
        ({"layers": layers(90, l2="self", l3="judge")}, ["L2"]),
        ({"layers": layers(90, l3="judge"), "metrics": Metrics(source=MetricsSource.NONE)}, ["metrics"]),
        (
            {"layers": layers(90, l2="self"), "metrics": Metrics(source=MetricsSource.NONE)},
            ["metrics", "L2", "L3"],
        ),
    ],
)
def test_strict_is_earned_and_says_what_is_missing(more: dict[str, Any], unmet: list[str]) -> None:
    """``externally-verified`` needs transcript, rules and a judge in every trial, and that it was asked for."""
    found = build(plan("a-x", strict=True), tried("a-x", 90, **more))
    assert [reason.split()[0] for reason in found["strict"]["unmet"]] == unmet
    assert found["scoring_method"] == ("self-scored" if unmet else "externally-verified")
    unasked = build(plan("a-x"), tried("a-x", 90, **more))
    assert unasked["scoring_method"] == "self-scored"
    assert unasked["strict"] == {"requested": False, "unmet": []}


def test_strict_is_not_earned_by_scoring_nothing() -> None:
    """ "Every trial" of no trial is not enough."""
    found = build(plan("a-x", strict=True), tried("a-x", None))
    assert len(found["strict"]["unmet"]) == 3


def test_notes_say_what_was_renormalised_or_assumed() -> None:
    """L1 = 50 without metrics, and layers that nobody assessed."""
    none = Metrics(source=MetricsSource.NONE)
    assumed = msgspec.structs.replace(
        layers(1, l3=None), l1=scoring.score_l1(none, ExpectedMetrics(tool_calls=(1, 2)))
    )
    notes = " ".join(build(plan("a-x"), tried("a-x", 1, layers=assumed, metrics=none))["notes"])
    assert "L1 = 50" in notes
    assert "Nobody assessed L3" in notes


@pytest.mark.parametrize("more", [{"score": 0.0, "layers": scoring.no_work()}, {"score": None}])
def test_no_note_tells_of_an_assumption_that_was_not_made(more: dict[str, Any]) -> None:
    """Without metrics L1 is 0 where nothing was done, and unknown where nothing was scored: never 50."""
    silent = tried("a-x", metrics=Metrics(source=MetricsSource.NONE), **more)
    assert build(plan("a-x"), silent)["notes"] == []


def test_a_score_can_be_reckoned_from_the_payload_alone() -> None:
    """The payload holds the weights of each task beside its layers: 0.5, 0.15, 0.15, 0.2 over 0.8."""
    made = msgspec.structs.replace(layers(40, l3=None), l0=layers(90).l0)
    (task,) = build(plan("a-x"), tried("a-x", scoring.composite(made, WEIGHTS), layers=made))["tasks"]
    known = {key: value for key, value in task["layers"].items() if value is not None}
    total = sum(task["weights"][key] for key in known)
    assert round(sum(task["weights"][key] * value for key, value in known.items()) / total, 2) == 71.25
    assert task["score"] == 71.25


def test_flags_of_a_task_are_told_once() -> None:
    """The same flag in two attempts stands once at the task."""
    flag = Flag(code="files-omitted", detail="1 entry")
    done = [tried("a-x", 1, n, flags=(flag,)) for n in (1, 2)]
    (task,) = build(plan("a-x", attempts=2), *done)["tasks"]
    assert task["flags"] == [{"code": "files-omitted", "detail": "1 entry"}]


def test_the_same_tries_give_the_same_payload() -> None:
    """Nothing of the clock or of the order of grading enters."""
    done = [tried("a-x", 10), tried("a-y", 20)]
    assert build(plan("a-x", "a-y"), *done) == build(plan("a-x", "a-y"), *reversed(done))


def test_seeds_of_attempts_differ_and_repeat() -> None:
    """Attempt k of two runs with one seed has the same inputs; attempts 1 and 2 have not."""
    run = plan("a-x", "b-y", attempts=2)
    assert [run.seed_of(attempt) for attempt in (1, 2)] == [1, 2]
    assert run.plan() == [("a-x", 1), ("b-y", 1), ("a-x", 2), ("b-y", 2)]


def test_identity_is_stored_and_edits_show(tmp_path: Any) -> None:
    """run.json reads back; another seed under the old fingerprint is refused; unsupported tasks are named."""
    yaml = tiny.YAML.replace("user_message", "requires: {bins: [sh, no-such-bin]}\nuser_message")
    task = tiny.load(tiny.write_task(tmp_path, yaml=yaml))
    options = Options(
        kind="self-run",
        about=About(name="openclaw"),
        fast=True,
        suites=("demo",),
        task_ids=(),
        tasks_dir=str(tmp_path / "tasks"),
        attempts=1,
        seed=3,
        strict=False,
        keep_workspace=False,
    )
    run = RunPaths(tmp_path / "run")
    made = identities.create(run, options, [task], "2025-01-01T00:00:00Z")
    assert identities.load(run) == made
    assert (made.profile, made.tasks[0].unsupported) == ("custom", "needs no-such-bin")
    run.identity.write_text(run.identity.read_text().replace('"seed": 3', '"seed": 4'))
    with pytest.raises(identities.ResultsError, match="fingerprint"):
        identities.load(run)


@pytest.mark.parametrize(
    ("fast", "suites", "task_ids", "profile"),
    [
        (False, (), (), "full"),
        (True, (), (), "fast"),
        (False, ("memory",), (), "custom"),
        (True, ("memory",), (), "custom"),
        (True, (), ("memory-standing-orders",), "custom"),
    ],
)
def test_a_profile_is_named_only_when_it_was_run_whole(
    tmp_path: Path, fast: bool, suites: tuple[str, ...], task_ids: tuple[str, ...], profile: str
) -> None:
    """A choice of suites or tasks is ``custom``; only our own tasks bear the version of our suite."""
    options = Options(
        kind="self-run",
        about=About(name="openclaw"),
        fast=fast,
        suites=suites,
        task_ids=task_ids,
        tasks_dir=str(paths.data_dir("tasks")),
        attempts=1,
        seed=3,
        strict=False,
        keep_workspace=False,
    )
    made = identities.create(RunPaths(tmp_path / "ours"), options, [], "2025-01-01T00:00:00Z")
    assert (made.profile, made.suite_version) == (profile, suite_version())
    theirs = msgspec.structs.replace(options, tasks_dir=str(tmp_path))
    made = identities.create(RunPaths(tmp_path / "theirs"), theirs, [], "2025-01-01T00:00:00Z")
    assert (made.profile, made.suite_version) == (profile, "custom")
