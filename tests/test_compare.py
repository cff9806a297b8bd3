"""A comparison says what differs, never invents a difference, and warns when two runs do not compare."""

from __future__ import annotations

import copy
import json
from typing import Any

import numpy as np
import pytest
from payload_sample import sample
from payloads import (
    HOSTILE_NAMES,
    Json,
    attempt,
    check,
    hostile,
    metrics,
    nothing_scored,
    payload,
    task,
    unscored,
)
from statsmodels.stats.multitest import multipletests

from agentbench import i18n, inference
from agentbench.compare import compare, compare_all, document, sentences
from agentbench.compare.text import render_text
from agentbench.compare.types import Comparison


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


def said(comparison: Comparison) -> list[str]:
    return [caveat.text for caveat in comparison.caveats]


def test_differences_are_b_minus_a_in_every_figure() -> None:
    a = run_of({"memory/x": 40.0, "memory/y": 80.0, "research/z": 90.0})
    b = run_of({"memory/x": 70.0, "memory/y": 76.5, "research/z": 90.0})
    result = compare(a, b)
    assert (result.overall.a, result.overall.b, result.overall.delta) == (75.0, 81.62, 6.62)
    assert (result.resolved_rate.a, result.resolved_rate.b) == (0.6667, 1.0)
    assert [(d.name, d.delta) for d in result.domains] == [("memory", 13.25), ("research", 0.0)]
    assert [(t.task_id, t.delta, t.change) for t in result.tasks] == [
        ("memory-x", 30.0, "better"),
        ("memory-y", -3.5, "worse"),
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
    assert lost.a is not None
    assert lost.b is not None
    assert (lost.a.score, lost.b.score, lost.delta, lost.change) == (80.0, None, None, "not-comparable")
    assert (lost.a.state, lost.b.state) == ("resolved", "invalid")
    assert result.paired.n == 1
    assert (result.answers[0].found.a, result.answers[0].found.b) == (60.0, 70.0)
    assert result.overall.delta == 0.0
    nothing = compare(nothing_scored(), nothing_scored())
    assert (nothing.overall.a, nothing.overall.delta, nothing.answers) == (None, None, ())
    assert nothing.paired.n == 0


def test_tasks_of_one_run_only_are_listed_and_left_out_of_the_pairs() -> None:
    result = compare(run_of({"m/x": 80.0, "m/old": 10.0}), run_of({"m/x": 80.0, "r/new": 90.0}))
    assert {t.task_id: t.change for t in result.tasks} == {
        "m-x": "same",
        "m-old": "only-a",
        "r-new": "only-b",
    }
    assert result.paired.n == 1
    assert result.answers[0].found.delta == 0.0
    assert [(d.name, d.a, d.b, d.delta) for d in result.domains][1] == ("r", None, 90.0, None)
    assert "the runs hold different tasks: 1 only in A, 1 only in B" in said(result)


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
        (
            "agent",
            {"name": "openclaw", "version": "1", "settings": {"setup": "as-is"}},
            "set-ups differ (None, as-is)",
        ),
        ("filters", {"suite": ["memory"], "task": []}, "filtered differently"),
    ],
)
def test_what_makes_two_runs_incomparable_is_a_warning(field: str, value: object, words: str) -> None:
    a = run_of({"m/x": 80.0})
    result = compare(a, run_of({"m/x": 80.0}, **{field: value}))
    assert [words in warning for warning in said(result)].count(True) == 1
    assert not any(words in warning for warning in said(compare(a, copy.deepcopy(a))))


def test_tasks_whose_files_differ_are_warned_of() -> None:
    """One name, other files: another task. Tasks that only one run holds are not meant."""
    a = run_of({"m/x": 80.0, "m/y": 80.0, "m/old": 1.0})
    b = run_of({"m/x": 80.0, "m/y": 80.0, "r/new": 1.0})
    assert not any("in their files" in warning for warning in said(compare(a, b)))
    for entry in (*b["tasks"][1:], a["tasks"][2]):
        entry["digest"] = "sha256:" + "0" * 64
    assert [warning for warning in said(compare(a, b)) if "in their files" in warning] == [
        "1 of the common tasks differ in their files (m-y): they are left out"
    ]


def test_equal_runs_differ_in_nothing_and_are_recognised() -> None:
    result = compare(sample(), sample())
    assert "A and B are the same run" in said(result)
    assert {t.change for t in result.tasks} == {"same", "not-comparable"}
    assert (result.paired.better, result.paired.worse, result.paired.same) == (0, 0, 17)
    other = compare(sample(), sample() | {"run_id": "another"})
    assert "A and B are the same run" not in said(other)


def test_missing_scores_and_single_attempts_are_warned_of() -> None:
    warnings = said(compare(run_of({"m/x": 80.0, "m/y": None}), run_of({"m/x": 80.0, "m/y": 1.0})))
    assert "A has no score for 1 of 2 trials" in warnings
    assert not any(warning.startswith("B has no score") for warning in warnings)
    assert any("varies by chance" in warning for warning in warnings)


def suite_run(scores: np.ndarray, **more: Any) -> Json:
    """Return a run of 40 tasks in 7 domains from scores of tasks times attempts; above 70 they are resolved."""
    names = [
        (f"domain-{d}", f"task-{n}") for d, size in enumerate((7, 6, 6, 6, 5, 5, 5)) for n in range(size)
    ]
    tasks = []
    for (suite, slug), row in zip(names, scores, strict=False):
        entries = [
            attempt([check("a")], number=number, values=metrics())
            | {"score": round(float(score), 2), "resolved": bool(score > 70)}
            for number, score in enumerate(row, 1)
        ]
        tasks.append(task(suite, slug, slug, "easy", entries))
    return payload(tasks, **more)


def two_runs(gap: float, attempts: int = 3, n: int = 40, seed: int = 1) -> tuple[Json, Json]:
    source = np.random.default_rng(seed)
    level = source.uniform(45, 80, (n, 1))
    a, b = (np.clip(level + shift + source.normal(0, 9, (n, attempts)), 0, 100) for shift in (0, gap))
    return suite_run(a, run_id="one"), suite_run(b, run_id="two", signature="cd" * 32)


def test_a_better_run_is_called_better_and_the_other_way_round_worse() -> None:
    a, b = two_runs(6.0)
    result = compare(a, b)
    overall = result.answers[0]
    assert overall.verdict == "better"
    assert overall.found.interval is not None
    low, high = overall.found.interval
    line = (
        f"B is better by {overall.found.delta:.1f} points (95% interval {low:.1f} to {high:.1f}; p < 0.001)."
    )
    assert sentences.headline(result) == line
    assert sentences.headline(compare(b, a)) == line.replace("better", "worse")
    assert overall.found.delta == pytest.approx(b["overall_score"] - a["overall_score"], abs=0.02)
    domain = result.domain_answers[0]
    wanted = result.domains[0]
    assert domain.found.delta == pytest.approx(wanted.delta, abs=0.02)


def test_no_detectable_difference_comes_with_what_would_show_one() -> None:
    result = compare(*two_runs(0.0, seed=4), target=2.0)
    overall = result.answers[0]
    assert overall.verdict == "undetected"
    assert sentences.headline(result).startswith("No detectable difference between A and B: ")
    plan = overall.plan
    assert plan is not None
    assert plan.attempts is not None
    told = list(sentences.details(result))
    assert f"A difference of {plan.visible:.1f} points would show in 4 of 5 such comparisons." in told
    assert f"{plan.attempts} more attempts per task would show a difference of 2.0 points." in told
    wide = list(sentences.details(compare(*two_runs(0.0, seed=4), target=50.0)))
    assert not any("more attempt" in line for line in wide)


def test_it_is_said_plainly_when_no_number_of_attempts_suffices() -> None:
    source = np.random.default_rng(2)
    level, turn = source.uniform(40, 60, (40, 1)), source.normal(0, 20, (40, 1))
    a, b = (suite_run(level + shift + source.normal(0, 1, (40, 3))) for shift in (0, turn - turn.mean()))
    told = list(sentences.details(compare(a, b, target=4.0)))
    plan = compare(a, b, target=4.0).answers[0].plan
    assert plan is not None
    assert plan.attempts is None
    assert "No number of attempts (up to 100 per task) would show a difference of 4.0 points." in told
    assert f"About {plan.tasks} more tasks of this kind would." in told


def test_one_attempt_per_side_leaves_open_what_more_would_bring() -> None:
    told = list(sentences.details(compare(*two_runs(0.5, attempts=1, seed=3), target=1.0)))
    assert any(
        line.startswith("With so few repeats it is not known what more attempts would bring") for line in told
    )


@pytest.mark.parametrize(("n", "verdict"), [(1, "too-few"), (5, "too-few"), (6, "better")])
def test_fewer_than_six_tasks_decide_nothing(n: int, verdict: str) -> None:
    a = run_of({f"m/{i}": 40.0 for i in range(n)})
    b = run_of({f"m/{i}": 60.0 + i for i in range(n)})
    result = compare(a, b)
    assert result.answers[0].verdict == verdict
    assert ("Too few tasks to tell: +" in sentences.headline(result)) == (verdict == "too-few")


def test_a_resolved_rate_alone_is_a_hint_and_not_an_answer() -> None:
    """The overall score is asked first; two questions must not raise twice the false alarms."""
    source = np.random.default_rng(5)
    base = source.normal(70, 25, (40, 1)).clip(20, 100)
    a = suite_run(np.where(base > 62, 69.9, base).repeat(3, 1))
    b = suite_run(
        np.where(base > 62, 70.1, base + np.where(source.random((40, 1)) < 0.5, 6, -6)).repeat(3, 1)
    )
    result = compare(a, b)
    assert [answer.verdict for answer in result.answers] == ["undetected", "hint"]
    assert any("take it as a hint" in line for line in sentences.details(result))
    assert result.answers[1].found.p < 0.05


def test_more_than_two_runs_are_each_compared_with_the_first_and_adjusted() -> None:
    a, b = two_runs(2.5, seed=6)
    c = two_runs(0.3, seed=6)[1] | {"run_id": "three"}
    results = compare_all([a, b, c])
    assert [(one.a.letter, one.b.letter, one.b.run_id) for one in results] == [
        ("A", "B", "two"),
        ("A", "C", "three"),
    ]
    for place in (0, 1):
        alone = [one.answers[place].found.p for one in results]
        adjusted = [one.answers[place].p_adjusted for one in results]
        assert adjusted == pytest.approx(multipletests(alone, method="holm")[1].tolist())
    assert results[0].answers[0].found == compare(a, b).answers[0].found
    text = render_text(results)
    assert "\nB against A\n" in text
    assert "\nC against A\n" in text


def test_only_tasks_of_equal_files_are_compared() -> None:
    a, b = two_runs(0.0)
    for entry in b["tasks"][:10]:
        entry["digest"] = "sha256:" + "0" * 64
        for one in entry["attempts"]:
            one["score"] = 0.0
    result = compare(a, b)
    assert (result.paired.n, result.answers[0].found.n_tasks) == (30, 30)
    assert [task.change for task in result.tasks].count("other-files") == 10
    assert result.answers[0].verdict == "undetected"
    assert any("10 of the common tasks differ in their files" in text for text in said(result))


def test_attempts_are_matched_by_the_seed_of_their_inputs() -> None:
    a, b = two_runs(1.0)
    assert compare(a, b).paired.matched == 40
    assert compare(a, b | {"seed": 44}).paired.matched == 0
    b["tasks"][0]["attempts"][1] |= {"status": "invalid", "score": None, "resolved": False}
    result = compare(a, b)
    assert result.paired.matched == 39
    assert "Inputs were the same, attempt by attempt, in 39 of them." in sentences.basis(result)
    shifted = suite_run(np.full((40, 2), 50.0), seed=43)
    shifted["tasks"][0]["attempts"] = shifted["tasks"][0]["attempts"][:1]
    base = suite_run(np.full((40, 3), 50.0))
    base["tasks"][0]["attempts"] = base["tasks"][0]["attempts"][1:2]
    assert [task.task_id for task in compare(base, shifted).tasks if task.matched] == ["domain-0-task-0"]


def test_what_is_not_known_of_one_side_is_no_effort_of_zero() -> None:
    a, b = two_runs(0.0, n=8)
    for entry in b["tasks"][0]["attempts"]:
        entry["metrics"] = metrics(source="none")
    result = compare(a, b)
    assert {delta.name: delta.n_tasks for delta in result.efforts} == {"sec": 7, "tokens": 7, "usd": 7}
    assert {delta.delta for delta in result.efforts} == {0.0}
    used = {
        "tokens": dict.fromkeys(("input", "output", "cache_read", "cache_write", "total")) | {"cost_usd": 1.5}
    }
    for entry in b["tasks"][1]["attempts"]:
        entry["use"] = used
    side = next(task.b for task in compare(a, b).tasks if task.task_id == "domain-0-task-1")
    assert side is not None
    assert (side.usd, side.tokens) == (1.5, None)


@pytest.mark.slow
@pytest.mark.parametrize("ability", [0.5, 2.5], ids=["middle", "ceiling"])
def test_equal_agents_are_called_different_in_at_most_one_of_twenty(
    ability: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """2,000 pairs of runs of one agent through `compare` itself, with what chance allows 2,000 pairs: 5.96 %."""
    monkeypatch.setattr(inference, "plan", lambda *_: None)  # decides nothing, and takes half of the time
    source = np.random.default_rng(11)
    a, b = suite_run(np.zeros((40, 3))), suite_run(np.zeros((40, 3)))
    alarms = hints = 0
    for _ in range(2000):
        difficulty = source.normal(0, 1.3, (40, 1))
        for run in (a, b):
            latent = ability - difficulty + source.normal(0, 0.5, (40, 1)) + source.normal(0, 0.8, (40, 3))
            for entry, row in zip(run["tasks"], 100 / (1 + np.exp(-1.7 * latent)), strict=True):
                for one, score in zip(entry["attempts"], row, strict=True):
                    one |= {"score": round(float(score), 2), "resolved": bool(score > 70)}
        overall, resolved = (answer.verdict for answer in compare(a, b).answers)
        assert resolved not in ("better", "worse") or overall in ("better", "worse")
        alarms += overall in ("better", "worse")
        hints += resolved == "hint"
    assert alarms / 2000 <= 0.05 + 1.96 * (0.05 * 0.95 / 2000) ** 0.5
    assert hints / 2000 <= 0.05


def test_a_comparison_is_json() -> None:
    """Its sentences are English whatever the language, its figures those of the comparison."""
    results = compare_all([sample(), nothing_scored(), sample()])
    with i18n.speaking("zh"):
        plain = json.loads(json.dumps(document.as_json(results)))
    assert set(plain) == {"baseline", "comparisons"}
    assert plain["baseline"]["letter"] == "A"
    first, second = plain["comparisons"]
    assert (first["b"]["scored"], first["overall"]["b"], first["answers"]) == (0, None, [])
    assert {
        "code": "unscored",
        "run": "A",
        "n": "2",
        "total": "19",
        "text": "A has no score for 2 of 19 trials",
    } in first["warnings"]
    assert (
        second["answer"][0] == "No difference: A and C score the same on each of the 17 tasks that both have."
    )
    assert second["answers"][0]["found"]["delta"] == 0.0


def test_the_text_shows_figures_warnings_and_changed_tasks() -> None:
    a = run_of({"m/x": 80.0, "m/y": 70.0, "m/z": 40.0, "m/old": 50.0})
    b = run_of({"m/x": 74.5, "m/y": 70.0, "m/z": None}, seed=7, run_id="second")
    lines = render_text([compare(a, b)]).splitlines()
    assert lines[1].startswith("B  second  openclaw 2026.9.6, example/sample-large, profile fast")
    assert (
        "Warning: the seeds differ (42, 7): the tasks have other inputs, so single tasks differ by luck too"
        in lines
    )
    rows = {line.split()[0]: line.split()[1:] for line in lines if line.strip()}
    assert lines.index("Too few tasks to tell: -2.8 points over 2 tasks; at least 6 are needed.") > max(
        number for number, line in enumerate(lines) if line.startswith("Warning: ")
    )
    assert rows["overall"] == ["75.0", "72.2", "-2.8", "-37.7", "to", "32.2"]
    assert rows["resolved"] == ["100.0%", "100.0%", "0.0", "–"]
    assert rows["whole"] == ["runs:", "resolved", "75.0%", "100.0%", "+25.0"]
    assert any(
        line.split()[2:] == ["overall", "60.0", "72.2", "+12.2"] for line in lines if "whole runs" in line
    )
    assert rows["m-x"] == ["80.0", "74.5", "-5.5"]
    assert rows["m-z"] == ["40.0", "–", "–", "unresolved", "→", "invalid"]
    assert rows["m-old"] == ["50.0", "–", "–", "only", "in", "A"]
    assert "m-y" not in rows
    assert "Tasks: 0 better, 1 worse, 1 the same." in lines


def test_a_difference_that_looks_like_none_has_no_sign() -> None:
    text = render_text([compare(run_of({"m/x": 80.0}), run_of({"m/x": 79.97}))])
    assert "-0.0" not in text
    assert "Tasks: 0 better, 0 worse, 1 the same." in text


def test_the_text_cannot_steer_a_terminal() -> None:
    changed = copy.deepcopy(hostile())
    for item in changed["tasks"]:
        for entry in item["attempts"]:
            entry["score"] = None if entry["score"] is None else 99.0
    text = render_text([compare(hostile(), changed | {"seed": 1, "suite_version": HOSTILE_NAMES[5]})])
    assert all(char.isprintable() or char == "\n" for char in text)
    assert r"\u001b[31mred" in text
