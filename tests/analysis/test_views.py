"""The usual figures of a run, each by hand; what is not known is None with a reason."""

from __future__ import annotations

from itertools import combinations
from statistics import mean

import msgspec
import numpy as np
import pytest
import simulated
from payload_sample import sample

from agentbench import history, stats
from agentbench.analysis import table, views
from agentbench.analysis.data import Attempt, Run
from agentbench.cli import analyze


def having(*tasks: list[Attempt], **more: object) -> Run:
    """Return a run whose tasks, in as many suites, have the given attempts."""
    run = simulated.run(np.ones((1, len(tasks)), dtype=bool), **more)
    made = (
        msgspec.structs.replace(task, attempts=tuple(found))
        for task, found in zip(run.tasks, tasks, strict=True)
    )
    return msgspec.structs.replace(run, tasks=tuple(made))


def view(*runs: Run, group: str = "run") -> views.Views:
    trials = table.trials(runs)
    return views.views(trials, table.grouped(trials, group))


def tries(*scores: float | None, **more: object) -> list[Attempt]:
    return [
        simulated.attempt((score or 0) >= 50, number, score=score, **more)
        for number, score in enumerate(scores, 1)
    ]


def test_figures_by_hand() -> None:
    run = having(tries(80, 40, cost_usd=0.5, sec=60), tries(100, None, cost_usd=0.25, sec=30))
    (found,) = view(run).rows
    assert (found.tasks, found.trials, found.scored) == (2, 4, 3)
    assert found.resolved == pytest.approx(2 / 3, abs=1e-4)
    assert found.score == 80
    assert found.sec == 50
    assert found.score_per_min == pytest.approx(220 / 2.5)
    assert found.score_per_usd == pytest.approx(220 / 1.25)
    assert found.usd_per_resolved == pytest.approx(1.25 / 2)


def test_the_overall_score_is_that_of_the_payload() -> None:
    payload = sample()
    (found,) = view(analyze.as_run(history.of_payload(payload, "", intact=True))).rows
    assert found.score == pytest.approx(payload["overall_score"], abs=0.02)
    assert found.resolved == pytest.approx(payload["resolved_rate"], abs=1e-4)
    assert found.scored == payload["counts"]["scored"]
    assert found.cost_usd == pytest.approx(payload["metrics"]["cost_usd"] / found.known_cost, abs=1e-6)


def test_the_worst_of_k_is_the_mean_over_all_choices() -> None:
    scores = [[20.0, 90, 70, 50], [100.0, 100, 30]]
    found = view(having(*(tries(*one) for one in scores)))
    assert found.k == 3
    worst = [mean(min(three) for three in combinations(one, 3)) for one in scores]
    assert found.rows[0].worst == pytest.approx(mean(worst), abs=0.01)
    hats = [stats.pass_hat_k(len(one), sum(score >= 50 for score in one), 3) for one in scores]
    assert found.rows[0].pass_hat == pytest.approx(mean(hat or 0.0 for hat in hats), abs=1e-4)


def test_a_task_that_lost_an_attempt_leaves_consistency_alone() -> None:
    found = view(having(tries(80, 90, 70), tries(60, 60, None), tries(90, 40, 50)))
    assert (found.k, found.rows[0].steady_tasks) == (3, 2)
    assert found.rows[0].worst == pytest.approx((70 + 40) / 2)
    lost = view(having(tries(80, 90, 70)), having(tries(80), **{"run_id": "20261102-000000"}))
    assert lost.rows[1].missing == {"worst": "few-attempts", "pass_hat": "few-attempts"}


def test_missing_is_none_with_a_reason_and_never_0() -> None:
    (found,) = view(having(tries(80, sec=None, tokens=None, tool_calls=None))).rows
    assert (found.sec, found.cost_usd, found.score_per_usd, found.worst) == (None, None, None, None)
    assert found.missing == {
        "sec": "no-time",
        "score_per_min": "no-time",
        "cost_usd": "no-cost",
        "score_per_usd": "no-cost",
        "usd_per_resolved": "no-cost",
        "tokens": "no-tokens",
        "tool_calls": "no-calls",
        "worst": "one-attempt",
        "pass_hat": "one-attempt",
    }
    (free,) = view(having(tries(30, cost_usd=0.0))).rows
    assert (free.cost_usd, free.score_per_usd, free.usd_per_resolved) == (0.0, None, None)
    assert free.missing["score_per_usd"] == "cost-zero"
    assert free.missing["usd_per_resolved"] == "none-resolved"
    assert set(view(having(tries(80)), having(tries(None))).rows[1].missing.values()) == {"nothing-scored"}


def test_runs_of_one_agent_are_pooled() -> None:
    runs = [
        having(tries(80), tries(60), agent="one", model="m/a"),
        having(tries(40), tries(60), agent="one", model="m/a"),
        having(tries(90), tries(90), agent="two", model="m/a"),
        having(tries(90), tries(90), agent="two", setup="bare", model="m/a"),
    ]
    found = view(*runs, group="agent").rows
    assert [(one.row.agent, one.row.setup, len(one.row.run_ids), one.score) for one in found] == [
        ("one", None, 2, 60),
        ("two", None, 1, 90),
        ("two", "bare", 1, 90),
    ]
    (model,) = view(*runs, group="model").rows
    assert (model.row.agent, model.row.model, model.scored, model.score) == (None, "m/a", 8, 75)
