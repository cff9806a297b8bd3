"""The whole analysis: it recovers the agents' order, names the planted tasks, warns, and is quick."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import msgspec
import numpy as np
import pytest
import simulated
from scipy import stats

from agentbench.analysis import study, table
from agentbench.analysis.data import Run
from agentbench.errors import ResultsError


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_order_and_planted_tasks_are_recovered(seed: int) -> None:
    """Forty agents of known ability on forty tasks, one perverse, two saturated, one impossible."""
    world = simulated.world(40, seed=seed)
    found = study.analyse(world.runs)
    assert found.resolved.ranks is not None
    assert found.rasch is not None
    order = [place.row for place in found.resolved.ranks.places]
    assert stats.spearmanr(-world.ability[order], np.arange(40)).statistic >= 0.95
    abilities = [one.value for one in found.rasch.abilities if one]
    assert stats.spearmanr(abilities, world.ability).statistic >= 0.95
    told = {one.task_id: (one.action, one.reason) for one in found.advice}
    assert told[simulated.BAD] == ("drop", "negative")
    assert found.advice[0].task_id == simulated.BAD
    assert found.advice[0].evidence["slope"] < 0  # type: ignore[operator]
    assert told[simulated.IMPOSSIBLE] == ("check", "never")
    assert {name: told[name] for name in simulated.EASY} == dict.fromkeys(
        simulated.EASY, ("deepen", "always")
    )
    assert len(told) <= 5


@pytest.mark.slow
def test_good_tasks_are_seldom_accused() -> None:
    """Over 20 worlds without a bad task: hardly a word against any of 800 tasks."""
    accused = [
        one.reason
        for seed in range(40)
        for one in study.analyse(simulated.world(30, seed=100 + seed, planted=False).runs).advice
    ]
    assert accused.count("negative") == 0
    assert len(accused) <= 8


def test_agents_that_do_not_differ_accuse_no_task() -> None:
    """One agent run twenty times: nothing can be said of discrimination, and the analysis says that."""
    draw = np.random.default_rng(1)
    chance = np.linspace(0.2, 0.9, 30)
    runs = simulated.runs_of(draw.random((2, 20, 30)) < chance, agent="one")
    found = study.analyse(runs)
    assert found.advice == ()
    assert found.missing["advice"] == "no-spread-advice"
    assert [(one.code, one.values) for one in found.warnings] == [("repeated", {"runs": 20, "n": 1})]
    pooled = study.analyse(runs, group="agent")
    assert len(pooled.views.rows) == 1
    assert pooled.missing["resolved.ranks"] == "one-row"
    assert pooled.items[0].trials == 40


def test_only_equal_digests_are_pooled_and_a_warning_says_so_first() -> None:
    world = simulated.world(10, 12)
    changed = [_changed(run) for run in simulated.world(10, 12, seed=2).runs]
    found = study.analyse([*world.runs, *changed])
    assert [one.code for one in found.warnings][:2] == ["digests", "suite_version"]
    assert found.warnings[0].values == {"n": 1, "tasks": simulated.name(4)}
    both = [one for one in found.items if one.item.task_id == simulated.name(4)]
    assert [one.rows for one in both] == [10, 10]
    assert found.tasks == 13
    assert (found.block.rows, found.block.tasks) == (20, 11)
    assert set(found.block.tasks_left_out) == {simulated.name(4)}


def _changed(run: Run) -> Run:
    tasks = list(run.tasks)
    tasks[4] = msgspec.structs.replace(tasks[4], digest="sha256:other")
    return msgspec.structs.replace(run, tasks=tuple(tasks), suite_version="1.1.0", run_id=f"{run.run_id}-2")


def test_what_could_not_be_scored_is_a_gap() -> None:
    world = simulated.world(10, 12)
    first, *others = world.runs
    lost = tuple(simulated.attempt(False, number, score=None) for number in (1, 2, 3))
    tasks = (msgspec.structs.replace(first.tasks[0], attempts=lost), *first.tasks[1:])
    found = study.analyse([msgspec.structs.replace(first, tasks=tasks), *others])
    assert found.items[0].rows == 9
    assert found.items[0].trials == 27
    assert found.scored == found.trials - 3
    assert [one.code for one in found.warnings] == ["gaps"]


def test_few_runs_get_figures_where_they_can_and_reasons_elsewhere() -> None:
    for rows in (1, 2, 3, 5):
        found = study.analyse(simulated.world(rows, 12).runs)
        assert found.missing["rasch"] == "few-totals"
        assert found.missing["advice"] == ("few-rows-any" if rows < 5 else "few-rows-advice")
        assert ("resolved.reliability" in found.missing) == (rows < 3)
        assert ("resolved.ranks" in found.missing) == (rows < 2)
        assert (found.advice == ()) == (rows < 5)
    with pytest.raises(ResultsError, match="no scored trial"):
        study.analyse([])


def test_it_survives_storing() -> None:
    found = study.analyse(simulated.world(35, 12).runs)
    stored = msgspec.json.encode(found)
    assert msgspec.json.decode(stored, type=study.Analysis) == found
    assert b"NaN" not in stored
    json.loads(stored)
    runs = simulated.world(3, 8).runs
    assert tuple(msgspec.msgpack.decode(msgspec.msgpack.encode(runs), type=list[Run])) == runs


def test_the_block_has_no_gap() -> None:
    known = np.ones((6, 10), dtype=bool)
    known[0, :9] = False
    known[2, 3] = False
    rows, columns = table.complete(known)
    assert rows.tolist() == [1, 2, 3, 4, 5]
    assert 3 not in columns
    assert known[np.ix_(rows, columns)].all()
    assert table.complete(np.zeros((2, 3), dtype=bool))[1].size == 0


SPEED = """
import sys, time
sys.path.insert(0, sys.argv[1])
from agentbench.analysis import study
import simulated
runs = simulated.world(200).runs
began = time.process_time()
study.analyse(runs)
print(time.process_time() - began)
"""


@pytest.mark.slow
def test_two_hundred_runs_take_less_than_two_seconds() -> None:
    """Of the processor's time, so that a busy machine does not matter; in a process of its own."""
    here = Path(__file__).parent
    done = subprocess.run(
        [sys.executable, "-c", SPEED, str(here)],
        capture_output=True,
        text=True,
        check=True,
        cwd=here.parents[1],
    )
    assert float(done.stdout) < 2
