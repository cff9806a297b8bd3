"""Tasks as items: each figure by another way of reckoning, and gaps that invent nothing."""

from __future__ import annotations

import numpy as np
import pytest
import simulated
from statsmodels.stats.inter_rater import fleiss_kappa

from agentbench.analysis import items, table


def test_discrimination_is_the_correlation_with_the_sum_of_the_others() -> None:
    values = np.random.default_rng(1).random((20, 6))
    found, pairs = items.rest_correlation(values)
    theirs = [
        np.corrcoef(values[:, one], np.delete(values, one, axis=1).sum(axis=1))[0, 1] for one in range(6)
    ]
    assert found == pytest.approx(theirs)
    assert set(pairs) == {20}


def test_a_gap_is_no_failure() -> None:
    """Runs that were given only the easy half do not look stronger for it."""
    world = simulated.world(60, 40, 5, seed=3, planted=False)
    share = table.grouped(table.trials(world.runs)).share
    whole, _ = items.rest_correlation(share)
    gaps = share.copy()
    order = np.argsort(world.difficulty)
    gaps[::3, order[20:]] = np.nan
    part, pairs = items.rest_correlation(gaps)
    plain = [
        np.corrcoef(gaps[:, one], np.nanmean(np.delete(gaps, one, axis=1), axis=1))[0, 1]
        for one in order[:20]
    ]
    easy = order[:20]
    assert part[easy].mean() == pytest.approx(whole[easy].mean(), abs=0.1)
    assert part[easy].mean() > np.mean(plain) + 0.1
    assert set(pairs[easy]) == {60}
    assert set(pairs[order[20:]]) == {40}


def test_what_does_not_vary_has_no_discrimination() -> None:
    values = np.array([[1.0, 0, 1], [1, 1, 0], [1, 0, 0], [1, 1, 1]])
    found, _ = items.rest_correlation(values)
    assert np.isnan(found[0])
    assert np.isfinite(found[1:]).all()
    assert np.isnan(items.rest_correlation(values[:2])[0]).all()
    assert np.isnan(items.rest_correlation(np.full((4, 2), np.nan))[0]).all()


def test_kappa_is_fleiss() -> None:
    c = np.array([0.0, 3, 1, 2, 3, 0, 0, 2])
    found = items.flips(np.full(8, 3.0), c)
    theirs = fleiss_kappa(np.stack([c, 3 - c], axis=1), method="fleiss")
    assert found.kappa == pytest.approx(theirs, abs=1e-4)
    assert (found.runs, found.mixed) == (8, 3)


def test_one_attempt_cannot_flip() -> None:
    found = items.flips(np.ones(5), np.array([1.0, 0, 1, 0, 1]))
    assert (found.runs, found.mixed, found.kappa) == (0, 0, None)


def test_the_planted_tasks_are_what_they_are() -> None:
    world = simulated.world(40)
    sums = table.grouped(table.trials(world.runs))
    found = {one.item.task_id: one for one in items.analyse(sums, sums)}
    assert [found[name].state for name in simulated.EASY] == ["always", "always"]
    assert found[simulated.IMPOSSIBLE].state == "never"
    assert found[simulated.IMPOSSIBLE].discrimination is None
    bad = found[simulated.BAD]
    assert bad.discrimination is not None
    assert bad.discrimination < 0
    assert bad.negative_p is not None
    assert bad.negative_p < 0.01
    assert bad.share == pytest.approx(sums.c[:, 5].sum() / 120, abs=1e-4)
