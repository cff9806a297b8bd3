"""Intervals and tests against other implementations and simulation."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf
from scipy import stats
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint

from agentbench.analysis import figures


def test_a_share_of_single_trials_has_wilsons_interval() -> None:
    c, n = np.array([1.0] * 7 + [0.0] * 5), np.ones(12)
    assert figures.clustered_share(c, n) == pytest.approx(
        proportion_confint(7, 12, method="wilson"), abs=1e-4
    )


def test_clusters_that_agree_count_once() -> None:
    """Three attempts that always agree tell no more than one."""
    c = np.array([1.0] * 7 + [0.0] * 5)
    alike, single = figures.clustered_share(3 * c, np.full(12, 3.0)), figures.clustered_share(c, np.ones(12))
    assert alike == pytest.approx(single, abs=0.01)
    assert figures.clustered_share(np.full(5, 3.0), np.full(5, 3.0)) == figures.clustered_share(
        np.ones(5), np.ones(5)
    )
    assert figures.clustered_share(np.zeros(2), np.zeros(2)) is None


@pytest.mark.slow
def test_the_interval_of_a_share_covers_it() -> None:
    """Of 2000 samples of 20 runs that differ in their chances, with 3 attempts each."""
    draw = np.random.default_rng(1)
    hits = 0
    for _ in range(2000):
        c = draw.binomial(3, draw.beta(2, 2, 20)).astype(float)
        low, high = figures.clustered_share(c, np.full(20, 3.0)) or (1, 0)
        hits += low <= 0.5 <= high
    assert 0.93 <= hits / 2000 <= 0.97


def test_correlations_against_scipy() -> None:
    draw = np.random.default_rng(2)
    x = draw.normal(size=15)
    y = x * -0.4 + draw.normal(size=15)
    theirs = stats.pearsonr(x, y, alternative="less")
    assert figures.negative_p(theirs.statistic, 15) == pytest.approx(theirs.pvalue)
    interval = stats.pearsonr(x, y).confidence_interval(0.95)
    assert figures.correlation_interval(theirs.statistic, 15) == pytest.approx(tuple(interval), abs=1e-4)
    assert figures.correlation_interval(0.5, 3) is None
    assert figures.negative_p(-1.0, 5) == 0.0
    assert np.isnan(figures.negative_p(0.3, 2))


def test_holm_against_statsmodels() -> None:
    p = np.array([0.01, 0.8, 0.002, 0.03, 0.04])
    assert figures.holm(p) == pytest.approx(multipletests(p, method="holm")[1])
    with_gap = figures.holm(np.insert(p, 2, np.nan))
    assert np.isnan(with_gap[2])
    assert np.delete(with_gap, 2) == pytest.approx(figures.holm(p))


def test_the_interval_of_alpha_is_feldts() -> None:
    """By scipy's F: 1 - (1 - alpha) F(0.975) and 1 - (1 - alpha) F(0.025)."""
    theirs = tuple(1 - 0.3 * stats.f.ppf(q, 29, 29 * 9) for q in (0.975, 0.025))
    assert figures.alpha_interval(0.7, 30, 10) == pytest.approx(theirs, abs=1e-4)
    assert figures.alpha_interval(0.7, 1, 10) is None


def test_two_way_clusters_against_statsmodels() -> None:
    """The variance of Cameron, Gelbach and Miller, with the same correction for the number of clusters."""
    draw = np.random.default_rng(3)
    run, task = np.repeat(np.arange(8), 10), np.tile(np.arange(10), 8)
    values = draw.normal(size=8)[run] + draw.normal(size=10)[task] + draw.normal(size=80)
    mean, interval = figures.clustered_mean(values, run, task)
    frame = pd.DataFrame({"y": values, "run": run, "task": task})
    fit = smf.ols("y ~ 1", frame).fit(
        cov_type="cluster", cov_kwds={"groups": frame[["run", "task"]].to_numpy(), "use_correction": True}
    )
    assert mean == pytest.approx(fit.params.iloc[0])
    assert interval is not None
    half = (interval[1] - interval[0]) / 2
    assert half / stats.t.ppf(0.975, 7) == pytest.approx(fit.bse.iloc[0], rel=0.02)


def test_one_run_takes_its_tasks_as_clusters() -> None:
    values = np.array([0.0, 5, 10, 0, 5, 5])
    mean, interval = figures.clustered_mean(values, np.zeros(6, dtype=np.int64), np.arange(6))
    theirs = stats.t.interval(0.95, 5, loc=mean, scale=stats.sem(values))
    assert interval == pytest.approx(theirs, abs=1e-4)
    assert figures.clustered_mean(values, np.zeros(6, dtype=np.int64), np.zeros(6, dtype=np.int64))[1] is None


def test_nothing_is_stored_that_is_no_number() -> None:
    assert figures.rounded(float("nan")) is None
    assert figures.rounded(-0.00001) == 0.0
    assert figures.bounds(0.0, float("inf")) is None
