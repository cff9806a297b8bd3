"""A comparison says what differs, never invents a difference, and warns when two runs do not compare."""

from __future__ import annotations

import copy
import json

import msgspec
import pytest
from payload_sample import sample
from payloads import HOSTILE_NAMES, Json, attempt, check, hostile, nothing_scored, payload, task, unscored

from agentbench.compare import compare, render_comparison


def run_of(scores: dict[str, float | None], **more: object) -> Json:
    """Return a run whose tasks, named ``suite/slug``, have the given scores; from 50 up they are resolved."""
    tasks = []
    for name, score in scores.items():
        suite, slug = name.split("/")
        if score is None:
            entry = unscored("invalid", "agent-crash", "gone")
        else:
            entry = attempt([check("a")]) | {"score": score, "resolved": score >= 50}
        tasks.append(task(suite, slug, slug, "easy", [entry]))
    return payload(tasks, **more)


def test_differences_are_b_minus_a_in_every_figure() -> None:
    a = run_of({"memory/x": 40.0, "memory/y": 80.0, "research/z": 90.0})
    b = run_of({"memory/x": 70.0, "memory/y": 76.5, "research/z": 90.0})
    result = compare(a, b)
    assert (result.overall.a, result.overall.b, result.overall.delta) == (75.0, 81.62, 6.62)
    assert (result.resolved_rate.a, result.resolved_rate.b) == (0.6667, 1.0)
    assert [(d.name, d.delta) for d in result.domains] == [("memory", 13.25), ("research", 0.0)]
    assert [(t.task_id, t.delta, t.change) for t in result.tasks] == [
        ("memory-y", -3.5, "worse"),
        ("memory-x", 30.0, "better"),
        ("research-z", 0.0, "same"),
    ]
    assert (result.paired.better, result.paired.worse, result.paired.same) == (1, 1, 1)
    assert result.paired.newly_resolved == ("memory-x",)
    assert result.paired.newly_unresolved == ()


def test_swapping_the_runs_turns_every_sign() -> None:
    a, b = run_of({"m/x": 40.0, "m/y": 80.0}), run_of({"m/x": 70.0, "m/y": 75.0})
    forth, back = compare(a, b), compare(b, a)
    assert forth.overall.delta == -(back.overall.delta or 0)
    assert {t.task_id: t.delta for t in forth.tasks} == {t.task_id: -(t.delta or 0) for t in back.tasks}


def test_no_score_is_no_difference_and_not_zero() -> None:
    result = compare(run_of({"m/x": 80.0, "m/y": 60.0}), run_of({"m/x": None, "m/y": 70.0}))
    lost = next(t for t in result.tasks if t.task_id == "m-x")
    assert (lost.a, lost.b, lost.delta, lost.change) == (80.0, None, None, "not-comparable")
    assert (lost.a_state, lost.b_state) == ("resolved", "invalid")
    assert result.paired.n == 1
    assert (result.paired.overall.a, result.paired.overall.b) == (60.0, 70.0)
    assert result.overall.delta == 0.0
    nothing = compare(nothing_scored(), nothing_scored())
    assert (nothing.overall.a, nothing.overall.delta, nothing.paired.overall.delta) == (None, None, None)
    assert nothing.paired.n == 0


def test_tasks_of_one_run_only_are_listed_and_left_out_of_the_pairs() -> None:
    result = compare(run_of({"m/x": 80.0, "m/old": 10.0}), run_of({"m/x": 80.0, "r/new": 90.0}))
    assert {t.task_id: t.change for t in result.tasks} == {
        "m-x": "same",
        "m-old": "only-a",
        "r-new": "only-b",
    }
    assert result.paired.n == 1
    assert result.paired.overall.delta == 0.0
    assert [(d.name, d.a, d.b, d.delta) for d in result.domains][1] == ("r", None, 90.0, None)
    assert "the runs hold different tasks: 1 only in A, 1 only in B" in result.warnings


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("profile", "full", "profiles differ (fast, full)"),
        ("suite_version", "1.1.0", "suite versions differ (1.0.0, 1.1.0)"),
        (
            "scoring_method",
            "externally-verified",
            "scoring methods differ (self-scored, externally-verified)",
        ),
        ("scoring_version", "2", "scoring rules differ (1, 2)"),
        ("seed", 7, "seeds differ (42, 7)"),
        ("tier", "verified", "tiers differ (self-run, verified)"),
        ("attempts", 3, "attempts per task differ (1, 3)"),
        ("mode", "real", "modes differ (sandboxed, real)"),
        ("sandbox", "bubblewrap", "sandboxes differ (None, bubblewrap)"),
        ("agent", {"name": "openclaw", "version": "1", "settings": {"setup": "as-is"}}, "set-ups differ (None, as-is)"),
        ("filters", {"suite": ["memory"], "task": []}, "filtered differently"),
    ],
)
def test_what_makes_two_runs_incomparable_is_a_warning(field: str, value: object, words: str) -> None:
    a = run_of({"m/x": 80.0})
    result = compare(a, run_of({"m/x": 80.0}, **{field: value}))
    assert [words in warning for warning in result.warnings].count(True) == 1
    assert not any(words in warning for warning in compare(a, copy.deepcopy(a)).warnings)


def test_tasks_whose_files_differ_are_warned_of() -> None:
    """One name, other files: another task. Tasks that only one run holds are not meant."""
    a = run_of({"m/x": 80.0, "m/y": 80.0, "m/old": 1.0})
    b = run_of({"m/x": 80.0, "m/y": 80.0, "r/new": 1.0})
    assert not any("in their files" in warning for warning in compare(a, b).warnings)
    for entry in (*b["tasks"][1:], a["tasks"][2]):
        entry["digest"] = "sha256:" + "0" * 64
    assert [warning for warning in compare(a, b).warnings if "in their files" in warning] == [
        "1 of the common tasks differ in their files (m-y): their scores do not compare"
    ]


def test_equal_runs_differ_in_nothing_and_are_recognised() -> None:
    result = compare(sample(), sample())
    assert "A and B are the same run" in result.warnings
    assert {t.change for t in result.tasks} == {"same", "not-comparable"}
    assert (result.paired.better, result.paired.worse, result.paired.same) == (0, 0, 17)
    other = compare(sample(), sample() | {"run_id": "another"})
    assert "A and B are the same run" not in other.warnings


def test_missing_scores_and_single_attempts_are_warned_of() -> None:
    warnings = compare(run_of({"m/x": 80.0, "m/y": None}), run_of({"m/x": 80.0, "m/y": 1.0})).warnings
    assert "A has no score for 1 of 2 trials" in warnings
    assert not any(warning.startswith("B has no score") for warning in warnings)
    assert any("varies by chance" in warning for warning in warnings)


def test_a_comparison_is_json() -> None:
    plain = json.loads(json.dumps(msgspec.to_builtins(compare(sample(), nothing_scored()))))
    assert set(plain) == {"a", "b", "warnings", "overall", "resolved_rate", "domains", "paired", "tasks"}
    assert plain["b"]["scored"] == 0
    assert plain["overall"]["b"] is None


def test_the_text_shows_figures_warnings_and_changed_tasks() -> None:
    a = run_of({"m/x": 80.0, "m/y": 70.0, "m/z": 40.0, "m/old": 50.0})
    b = run_of({"m/x": 74.5, "m/y": 70.0, "m/z": None}, seed=7, run_id="second")
    lines = render_comparison(compare(a, b)).splitlines()
    assert lines[1].startswith("B  second  openclaw 2026.9.6, example/sample-large, profile fast")
    assert (
        "Warning: the seeds differ (42, 7): the tasks have other inputs, so single tasks differ by luck too"
        in lines
    )
    rows = {line.split()[0]: line.split()[1:] for line in lines if line.strip()}
    assert rows["overall"] == ["60.0", "72.2", "+12.2"]
    assert rows["resolved"] == ["75.0%", "100.0%", "+25.0"]
    assert rows["m-x"] == ["80.0", "74.5", "-5.5"]
    assert rows["m-z"] == ["40.0", "–", "–", "unresolved", "→", "invalid"]
    assert rows["m-old"] == ["50.0", "–", "only", "in", "A"]
    assert "m-y" not in rows
    assert "Tasks: 0 better, 1 worse, 1 the same." in lines


def test_a_difference_that_looks_like_none_has_no_sign() -> None:
    text = render_comparison(compare(run_of({"m/x": 80.0}), run_of({"m/x": 79.97})))
    assert "-0.0" not in text
    assert "Tasks: 0 better, 0 worse, 1 the same." in text


def test_the_text_cannot_steer_a_terminal() -> None:
    changed = copy.deepcopy(hostile())
    for item in changed["tasks"]:
        item["score"] = None if item["score"] is None else 99.0
    text = render_comparison(compare(hostile(), changed | {"seed": 1, "suite_version": HOSTILE_NAMES[5]}))
    assert all(char.isprintable() or char == "\n" for char in text)
    assert r"\u001b[31mred" in text
