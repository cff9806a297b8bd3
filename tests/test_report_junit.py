"""JUnit XML of a run: what a CI server counts is what the run says."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree as ET

import pytest
from payload_sample import sample
from payloads import HOSTILE_NAMES, attempt, check, hostile, payload, task, unscored

from agentbench.report import render_junit

Json = dict[str, Any]


def cases(run: Json) -> list[ET.Element]:
    return list(ET.fromstring(render_junit(run)).iter("testcase"))


def outcome(case: ET.Element) -> str:
    return case[0].tag if len(case) else "passed"


def test_statuses_and_sums() -> None:
    """Unresolved is a failure, invalid an error, what was not run is skipped; sums agree with the cases."""
    run = payload(
        [
            task(
                "a",
                "x",
                "X",
                "easy",
                [attempt([check("c")]), attempt([check("c", "failed", found="3", expected="4")], number=2)],
            ),
            task("a", "y", "Y", "easy", [unscored("invalid", "agent-crash", "died")]),
            task("b", "z", "Z", "hard", [unscored("unsupported", "requirement", "no git")]),
        ]
    )
    root = ET.fromstring(render_junit(run))
    assert [outcome(case) for case in root.iter("testcase")] == ["passed", "failure", "error", "skipped"]
    assert [case.get("name") for case in root.iter("testcase")] == [
        "X (attempt 1)",
        "X (attempt 2)",
        "Y",
        "Z",
    ]
    assert {key: root.get(key) for key in ("tests", "failures", "errors", "skipped")} == {
        "tests": "4",
        "failures": "1",
        "errors": "1",
        "skipped": "1",
    }
    assert [suite.get("name") for suite in root] == ["a", "b"]
    failure = next(root.iter("failure"))
    assert failure.text == "check c: found 3; expected 4"
    assert "died" in (next(root.iter("error")).get("message") or "")


def test_the_sample_has_a_case_for_each_trial() -> None:
    run = sample()
    assert len(cases(run)) == run["counts"]["planned"]
    assert sum(outcome(case) == "passed" for case in cases(run)) == 11


def test_hostile_names_stay_text() -> None:
    """Control characters, which XML forbids, are escaped; markup is text."""
    names = [case.get("name") for case in cases(hostile())]
    assert any("<script>" in (name or "") for name in names)
    assert not any("\x1b" in (name or "") for name in names)
    assert len(HOSTILE_NAMES) <= len(names)


@pytest.mark.parametrize("flag", ["guard", "required"])
def test_what_stands_in_the_way_is_named(flag: str) -> None:
    """A broken guard is named like a failed check."""
    broken = check("inputs", "failed", guard=flag == "guard", found="changed")
    (case,) = cases(payload([task("a", "x", "X", "easy", [attempt([check("ok"), broken])])]))
    assert "check inputs: found changed" in (case[0].text or "")
