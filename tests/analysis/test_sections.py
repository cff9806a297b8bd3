"""An analysis told to people: aligned, with a reason for every dash, and harmless whatever stands in it."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import numpy as np
import pytest
import simulated
from payloads import HOSTILE_NAMES

from agentbench.analysis import advice, layout, sentences, study, text
from agentbench.analysis.layout import Grid, Section
from agentbench.report import words


def told(rows: int, **more: str) -> str:
    return layout.terminal(text.sections(study.analyse(simulated.world(rows, 12).runs, **more)))  # type: ignore[arg-type]


@pytest.mark.parametrize("rows", [1, 2, 5, 35])
@pytest.mark.parametrize("group", ["run", "agent", "model"])
def test_every_size_can_be_told(rows: int, group: str) -> None:
    shown = told(rows, group=group)
    for title in ("Analysis", "Results", "Order", "Tasks, the easiest first", "Self-assessment", "Advice"):
        assert f"\n{title}\n" in f"\n{shown}"
    assert "nan" not in shown.lower()
    assert "None" not in shown


def test_columns_are_aligned() -> None:
    grid = Grid(head=("Name", ">n"), rows=(("一二", "5"), ("abc", "10")))
    assert layout.terminal([Section(title="T", grid=grid)]) == "T\nName   n\n一二   5\nabc   10\n"
    assert layout.markdown([Section(title="T", grid=grid)]).splitlines()[2:4] == [
        "| Name | n |",
        "|---|---:|",
    ]


def test_dashes_have_reasons() -> None:
    shown = told(2)
    assert "No Rasch model: it needs eight rows with different results." in shown
    assert "No slopes (2PL): it needs thirty rows." in shown
    assert "No reliability of shares resolved: it needs three rows" in shown
    assert "No advice: it needs five rows." in shown
    runs = simulated.world(6, 12).runs
    unpriced = [
        msgspec.structs.replace(
            run,
            tasks=tuple(
                msgspec.structs.replace(
                    task, attempts=tuple(msgspec.structs.replace(one, cost_usd=None) for one in task.attempts)
                )
                for task in run.tasks
            ),
        )
        for run in runs[:2]
    ]
    shown = layout.terminal(text.sections(study.analyse([*unpriced, *runs[2:]])))
    assert "– Cost, Points/$, $/resolved (20261101-000000 and 20261101-000001): no cost is known" in shown


def test_a_column_without_any_value_is_left_out() -> None:
    """Two rows have no discrimination, no difficulty and no slope; what one row has stays."""
    (head,) = [line for line in told(2).splitlines() if line.startswith("Task ")]
    assert head.split() == ["Task", "Intended", "Resolved", "95%", "(%)", "Score", "Mixed", "Kappa"]
    (head,) = [line for line in told(12).splitlines() if line.startswith("Task ")]
    assert "Discrimination" in head


def test_the_reason_of_an_advice_carries_its_evidence() -> None:
    shown = layout.terminal(text.sections(study.analyse(simulated.world(40).runs)))
    (line,) = (one for one in shown.splitlines() if one.startswith("drop or repair"))
    assert simulated.BAD in line
    assert "better agents resolve it less often: discrimination -0.60" in line
    assert "over 40 rows" in line


def test_every_code_has_words() -> None:
    """Whatever an analysis may say is in the tables of sentences."""
    evidence = dict.fromkeys(("discrimination", "low", "high", "p", "score_discrimination"), 0.5)
    counts = dict.fromkeys(("rows", "trials", "mixed", "runs"), 3)
    for code in ("negative", "never", "luck", "always", "weak"):
        one = advice.Advice(task_id="t", digest="d", action="check", reason=code, evidence=evidence | counts)
        assert sentences.advice(one)
    codes = {code for found in _many() for code in found.missing.values()}
    codes |= {code for found in _many() for view in found.views.rows for code in view.missing.values()}
    assert codes <= set(sentences.REASONS)


def _many() -> list[study.Analysis]:
    return [
        study.analyse(simulated.world(rows, 12, attempts).runs)
        for rows, attempts in ((1, 1), (5, 2), (40, 3))
    ]


def test_hostile_names_stay_text() -> None:
    run = simulated.run(np.ones((1, 3), dtype=bool))
    runs = [
        msgspec.structs.replace(
            run,
            run_id=f"r{number}",
            agent=name,
            setup=name,
            model=name,
            suite_version=name,
            tasks=tuple(msgspec.structs.replace(task, task_id=name, digest=name) for task in run.tasks[:1]),
        )
        for number, name in enumerate(HOSTILE_NAMES)
    ]
    for group in ("run", "agent"):
        sections = text.sections(study.analyse(runs, group=group))
        shown, page = layout.terminal(sections), layout.markdown(sections)
        assert not {char for char in shown + page if not char.isprintable()} - {"\n"}
        assert "<script>" not in page
        assert not re.search(r"(?<!\\)\]\(javascript", page)
    assert all(line.count("|") >= 2 for line in page.splitlines() if line.startswith("|"))


def test_a_long_table_is_cut_and_says_so() -> None:
    shown = told(70)
    assert shown.count("10 more rows are in --json.") == 2
    assert shown.count(words.DASH) > 0


def test_the_example_of_the_page_is_real() -> None:
    """Every line of docs/analysis.md that is output is output of this world."""
    page = (Path(__file__).parents[2] / "docs" / "analysis.md").read_text("utf-8")
    examples = re.findall(r"^```text\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)
    world = simulated.world(12, 14, 3, seed=3)
    shown = layout.terminal(text.sections(study.analyse(world.runs, group="agent"))).splitlines()
    assert len(examples) == 5
    assert [line for example in examples for line in example.splitlines() if line not in shown] == []
