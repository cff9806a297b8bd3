"""Reliability and order against plain reckoning and the truth of simulations."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
import simulated
from scipy import stats

from agentbench.analysis import ranks, reliability, table


def verdicts(rows: int = 30, tasks: int = 12, seed: int = 1) -> np.ndarray:
    return table.grouped(table.trials(simulated.world(rows, tasks, 1, seed=seed, planted=False).runs)).share


def test_alpha_of_verdicts_is_kr20() -> None:
    values = verdicts()
    p = values.mean(axis=0)
    kr20 = 12 / 11 * (1 - (p * (1 - p)).sum() / values.sum(axis=1).var())
    found = reliability.reliability(values)
    assert isinstance(found, reliability.Reliability)
    assert found.alpha == pytest.approx(kr20, abs=1e-4)
    assert found.error == pytest.approx(values.mean(axis=1).std(ddof=1) * math.sqrt(1 - kr20), abs=1e-4)


def test_split_halves_are_those_of_all_splits() -> None:
    """The median over random halves of six tasks is near that over all twenty, each correlated by scipy."""
    values = verdicts(25, 6)
    every = []
    for first in itertools.combinations(range(6), 3):
        one = values[:, list(first)].sum(axis=1)
        r = stats.pearsonr(one, values.sum(axis=1) - one).statistic
        every.append(2 * r / (1 + r))
    halves = reliability.split_halves(values)
    assert halves is not None
    assert np.unique(halves.round(9)) == pytest.approx(np.unique(np.round(every, 9)))
    assert np.median(halves) == pytest.approx(np.median(every), abs=0.05)


def test_alpha_finds_the_reliability_of_a_simulation() -> None:
    """Parallel items: true reliability of k items is k r / (1 + (k - 1) r), here 10 items with r = 0.2."""
    draw = np.random.default_rng(1)
    values = math.sqrt(0.2) * draw.normal(size=(3000, 1)) + math.sqrt(0.8) * draw.normal(size=(3000, 10))
    found = reliability.reliability(values)
    assert isinstance(found, reliability.Reliability)
    assert found.alpha == pytest.approx(2 / 2.8, abs=0.02)
    assert found.split_half == pytest.approx(2 / 2.8, abs=0.02)


def test_the_same_runs_give_the_same_figures() -> None:
    assert reliability.reliability(verdicts()) == reliability.reliability(verdicts())
    assert ranks.ranks(verdicts(), np.arange(30)) == ranks.ranks(verdicts(), np.arange(30))


@pytest.mark.parametrize(
    ("values", "why"),
    [
        (np.ones((2, 5)), "few-rows"),
        (np.ones((5, 1)), "few-tasks"),
        (np.ones((5, 5)), "no-spread"),
        (np.ones((0, 0)), "few-rows"),
    ],
)
def test_what_cannot_be_had_has_a_reason(values: np.ndarray, why: str) -> None:
    assert reliability.reliability(values) == why


def test_the_order_is_found_again() -> None:
    world = simulated.world(40, 40, 3)
    found = ranks.ranks(table.grouped(table.trials(world.runs)).share, np.arange(40))
    assert isinstance(found, ranks.Ranks)
    order = [place.row for place in found.places]
    assert stats.spearmanr(world.ability[order], np.arange(40)).statistic < -0.95
    assert [place.rank for place in found.places] == sorted(place.rank for place in found.places)
    assert all(place.rank_interval[0] <= place.rank <= place.rank_interval[1] for place in found.places)


def test_pairs_and_ranks_are_those_of_a_plain_bootstrap() -> None:
    values = verdicts(5, 20, seed=7)
    found = ranks.ranks(values, np.arange(5))
    assert isinstance(found, ranks.Ranks)
    ordered = values[[place.row for place in found.places]]
    drawn = np.random.default_rng(99).integers(20, size=(4000, 20))
    means = ordered[:, drawn].mean(axis=2)
    for one, two in itertools.combinations(range(5), 2):
        apart = np.round(means[one] - means[two], 9)
        assert found.above[one][two] == pytest.approx((apart > 0).mean() + (apart == 0).mean() / 2, abs=0.05)
        assert found.above[one][two] + found.above[two][one] == pytest.approx(1.0, abs=2e-4)
    shared = np.array([stats.rankdata(-column.round(9)) for column in means.T]).T
    low, high = np.quantile(shared, (0.025, 0.975), axis=1)
    assert [place.rank_interval for place in found.places] == [
        (pytest.approx(one, abs=0.5), pytest.approx(two, abs=0.5)) for one, two in zip(low, high, strict=True)
    ]


def test_equal_rows_share_their_rank() -> None:
    found = ranks.ranks(np.array([[1.0, 0, 1], [1, 0, 1], [0, 0, 0]]), np.array([4, 7, 9]))
    assert isinstance(found, ranks.Ranks)
    assert [(place.row, place.rank) for place in found.places] == [(4, 1.5), (7, 1.5), (9, 3.0)]
    assert found.above[0][1] == 0.5
    assert found.places[-1].above_next is None
    assert ranks.ranks(np.ones((1, 5)), np.arange(1)) == "one-row"
    assert ranks.ranks(np.ones((3, 1)), np.arange(3)) == "few-tasks"
