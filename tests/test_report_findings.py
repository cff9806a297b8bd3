"""Failures and recommendations rest on what failed in the run, and on nothing else."""

from __future__ import annotations

from payloads import (
    L2_PARTS,
    Json,
    attempt,
    check,
    idle,
    metrics,
    part,
    payload,
    self_assessed,
    simple_task,
    task,
    unscored,
    utility,
)
from report_helpers import every_run, text_of, tree

from agentbench import report
from agentbench.report import findings, notices, words


def run_of(*attempts: Json) -> Json:
    """Return a run with one task for each attempt."""
    return payload([task("memory", f"t{n}", f"Task {n}", "easy", [made]) for n, made in enumerate(attempts)])


def test_failures_are_grouped_by_cause_and_the_widest_comes_first() -> None:
    wrong = [check("keys", "failed", type="csv-equals", found="1 missing"), check("kept", guard=True)]
    broken = [check("keys", type="csv-equals"), check("kept", "failed", type="file-unchanged", guard=True)]
    run = run_of(
        attempt(wrong),
        attempt(wrong),
        attempt(broken),
        idle(wrong),
        unscored("invalid", "setup", "no space left"),
        attempt([check("a"), check("b", "partial", required=False, found="half")]),
    )
    failures = report.top_failures(run)
    assert [(f.kind, f.title, f.n_tasks) for f in failures] == [
        ("required", "Required check failed: csv-equals", 2),
        ("not-scored", "Not scored: the task's set-up failed", 1),
        ("nothing-done", "Nothing was done", 1),
        ("guard", "Guard broken", 1),
        ("optional", "Optional check failed", 1),
    ]
    assert failures[0].evidence[0].where == "check keys"
    assert failures[0].evidence[0].detail == "found 1 missing"


def test_a_check_called_work_is_not_taken_for_idleness() -> None:
    assert [f.title for f in report.top_failures(run_of(attempt([check("work", "failed")])))] == [
        "One required check failed"
    ]


def test_a_tasks_own_checks_are_grouped_by_how_many_of_them_failed() -> None:
    def made(*failing: str) -> Json:
        return attempt([check(name, "failed" if name in failing else "passed") for name in "abc"])

    def own(name: str, entry: Json) -> Json:
        for found in entry["checks"]:
            found["type"] = f"{name}-{found['id']}"
        return entry

    run = run_of(
        own("t", made("a")), own("u", made("c")), own("v", made("a", "b")), own("w", made("a", "b", "c"))
    )
    assert [(f.title, f.n_tasks, f.evidence[-1].where) for f in report.top_failures(run)] == [
        ("One required check failed", 2, "check c"),
        ("More than one required check failed", 1, "check a"),
        ("Every required check failed", 1, "check a"),
    ]
    assert report.top_failures(run)[2].evidence[0].detail == "found nothing was recorded (and 2 more)"


def test_a_skipped_required_check_explains_why_a_task_is_unresolved() -> None:
    run = run_of(attempt([check("a"), check("b", "skipped", found="no transcript")]))
    assert [f.evidence[0].detail for f in report.top_failures(run)] == ["skipped: no transcript"]
    optional = run_of(attempt([check("a"), check("b", "skipped", required=False)]))
    assert report.top_failures(optional) == []


def test_only_the_last_try_of_an_attempt_counts() -> None:
    lost = unscored("invalid", "agent-crash", "gone")
    again = attempt([check("a")], l2=self_assessed(L2_PARTS, (30, 25, 25, 20)), values=metrics()) | {
        "try_no": 2
    }
    run = payload([task("memory", "t", "T", "easy", [again, lost])])
    assert report.top_failures(run) == []
    assert report.recommendations(run) == []


def test_a_task_that_was_never_tried_is_a_failure_with_a_reason() -> None:
    never = simple_task("memory", "late") | {
        "status": "cancelled",
        "resolved": False,
        "score": None,
        "attempts": [],
    }
    run = payload([never])
    assert [f.title for f in report.top_failures(run)] == ["Not scored: cancelled before it was finished"]
    assert [r.title for r in report.recommendations(run)] == ["Finish the cancelled tasks"]
    assert "it was never tried" in text_of(tree(report.render_html(run)))


def test_a_faultless_run_gets_no_advice() -> None:
    run = run_of(attempt([check("a")], l2=self_assessed(L2_PARTS, (30, 25, 25, 20)), values=metrics()))
    assert report.recommendations(run) == []
    text = text_of(tree(report.render_html(run)))
    assert "Nothing failed: every check of every task passed." in text
    assert "None: no trial of this run gives reason for one." in text


def test_a_skipped_check_is_not_called_a_passed_one() -> None:
    """A run without a failure says how many checks were skipped; one without checks says so."""
    checks = [check("a"), check("b", "skipped", required=False)]
    assert findings.nothing_failed(run_of(attempt(checks))) == "No check failed; 1 was skipped."
    two = run_of(attempt(checks), attempt(checks))
    assert "No check failed; 2 were skipped." in report.render_markdown(two)
    assert "No check failed; 2 were skipped." in text_of(tree(report.render_html(two)))
    assert findings.nothing_failed(payload([])) == "No check was run."


def test_advice_where_no_required_check_passed() -> None:
    """Such tasks are named with their first failure, for every agent, and come first when they cost most."""
    lost = attempt([check("a", "failed", found="no such file"), check("b", "failed"), check("c", guard=True)])
    half = attempt([check("a", "failed"), check("b")])
    stuffer = {"agent": {"name": "stuffer", "version": None}}
    run = run_of(lost, half, idle([check("a")])) | stuffer
    found = advice(run)["Deliver what was asked for, as it was asked for"]
    assert [(item.task_id, item.detail) for item in found.evidence] == [
        ("memory-t0", "found no such file (and 1 more)")
    ]
    assert found.why.startswith("In 1 task no required check passed: ")
    assert list(advice(run_of(lost, half) | stuffer)) == [found.title, "Close the near misses"]
    assert list(advice(run)) == [
        "Find out why the agent did not start to work",
        *advice(run_of(lost, half) | stuffer),
    ]


def test_advice_is_ordered_by_the_points_it_is_about() -> None:
    """Points of the score, by the task's weights: L0 weighs 0.2 of 0.55, L1 0.35 of 0.55."""
    near = attempt([check("a", "failed"), check("b")])
    calls = [part("tool calls", 0, 40, "90, expected 1 to 9"), part("errors", 60, 60, "0 failed calls")]
    slow = attempt([check("a")], l1=calls, values=metrics())
    found = advice(run_of(near, slow))
    costs = {item.title: round(item.lost, 2) for item in found.values()}
    assert costs == {
        "Let AgentBench read the agent's transcript": 31.82,
        "Bring the number of tool calls into the expected range": 25.45,
        "Close the near misses": 18.18,
    }
    assert list(costs.values()) == sorted(costs.values(), reverse=True)
    broken = attempt([check("a"), check("kept", "failed", guard=True)])
    guarded = advice(run_of(broken))["Leave alone what the task protects"]
    assert round(guarded.lost, 2) == round(80 * 0.2 / 0.55, 2)


def advice(run: Json) -> dict[str, report.Recommendation]:
    return {item.title: item for item in report.recommendations(run)}


def test_advice_on_missing_scores_follows_the_blame() -> None:
    run = run_of(
        unscored("unsupported", "requirement", "needs git"),
        unscored("invalid", "validator", "checks.py: KeyError"),
        unscored("invalid", "from-the-future", "?"),
    )
    found = advice(run)
    assert found["Make the machine ready and run the task again"].evidence[0].detail == "needs git"
    assert found["Repair the task: it could not be set up or graded"].evidence[0].task_id == "memory-t1"
    assert "from-the-future" in found["Report this failure of AgentBench"].why


def test_advice_on_near_misses_takes_tasks_that_miss_one_check_only() -> None:
    near = attempt([check("a"), check("b", "failed", found="one row short")])
    far = attempt([check("a"), check("b", "failed"), check("c", "failed")])
    only = attempt([check("a", "failed")])
    evidence = advice(run_of(near, far, only))["Close the near misses"].evidence
    assert [(item.task_id, item.where) for item in evidence] == [("memory-t0", "check b")]


def test_advice_on_a_domain_needs_two_unresolved_tasks() -> None:
    lost, won = attempt([check("a", "failed")]), attempt([check("a")])
    assert "Work on memory" in advice(run_of(lost, lost, won, won))
    assert "Work on memory" not in advice(run_of(lost, won))
    assert "Work on memory" not in advice(run_of(lost, lost, won, won, won))


def test_advice_on_parts_counts_lost_points_and_whose_word_it_is() -> None:
    weak = [part("accuracy", 10, 25, "the agent's own word", "self"), part("polish", 20, 25, "", "self")]
    strong = [part("accuracy", 20, 25, "the agent's own word", "self")]
    run = run_of(*(attempt([check("a")], l3=lines, values=metrics()) for lines in (weak, strong)))
    found = advice(run)
    accuracy = found["Check results against the inputs before finishing"]
    assert accuracy.why == "L3 accuracy lost 15 points in 1 task, all of them by the agent's own word."
    assert [(item.task_id, item.detail) for item in accuracy.evidence] == [
        ("memory-t0", "10 of 25: the agent's own word")
    ]
    assert "Spend a last look on the finished work" not in found


def test_advice_names_unstable_tasks() -> None:
    entries = [
        attempt([check("a", "passed" if number == 1 else "failed", found="short")], number=number)
        for number in (1, 2, 3)
    ]
    run = payload([task("memory", "t", "T", "easy", entries)])
    evidence = advice(run)["Make the way of working repeatable"].evidence
    assert [(item.attempt, item.detail) for item in evidence] == [(2, "resolved in 1 of 3 attempts")]


def test_advice_counts_what_was_claimed_too_much() -> None:
    behaviour = [part("tools", 5, 25, "cat", "rule", 25), part("recovery", 20, 20, "", "rule", 10)]
    run = run_of(attempt([check("a")], l2=behaviour, values=metrics()))
    found = advice(run)["Read the self-assessed points with care"]
    assert found.why.startswith("In 1 part the agent claimed 20 points more than a rule gave.")
    assert [item.detail for item in found.evidence] == ["claimed 25, decided 5: cat"]


def test_a_utility_agent_gets_no_advice_on_how_to_work() -> None:
    assert report.recommendations(utility("oracle")) == []
    assert [item.title for item in report.recommendations(utility("nop"))] == [
        "Find out why the agent did not start to work"
    ]


def test_flags_that_are_told_elsewhere_are_not_told_again() -> None:
    flags = [
        {"code": "no-transcript", "detail": "metrics: none"},
        {"code": "read-the-grader", "detail": "tests/"},
    ]
    run = run_of(attempt([check("a")]) | {"flags": flags}, attempt([check("a")]) | {"flags": flags[:1]})
    found = advice(run)["Look into the flagged trials before believing them"]
    assert [(item.task_id, item.where) for item in found.evidence] == [("memory-t0", "flag read-the-grader")]
    assert found.why == "1 flag in 1 task: read-the-grader."
    assert "1 task carries a flag: look at the evidence before believing the score." in notices.notices(run)


@every_run()
def test_all_evidence_leads_to_a_check_part_flag_or_message_of_the_run(run: Json) -> None:
    known = {item["task_id"]: item for item in run["tasks"]}
    for item in [*report.recommendations(run), *report.top_failures(run)]:
        assert item.evidence
        for evidence in item.evidence:
            entry = known[evidence.task_id]["attempts"][evidence.attempt - 1]
            names = [f"check {c['id']}" for c in entry["checks"]] + [
                f"flag {f['code']}" for f in entry["flags"]
            ]
            for key, short, _ in words.LAYERS:
                lines = entry["layers"][key]["parts"] if entry["layers"] else []
                names += [f"{short} {words.part_title(line['name']).lower()}" for line in lines]
            assert evidence.where in [*names, entry["status"], "no work", "metrics"]
