"""Inference agrees with independent implementations, and keeps what it promises over simulated runs."""

from __future__ import annotations

import itertools
import math
import random
import re
from pathlib import Path
from statistics import NormalDist

import numpy as np
import pytest
import statsmodels.api as sm
from scipy import stats as scipy_stats
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.power import TTestPower

from agentbench import inference, student
from agentbench.inference import Pair, difference, holm, plan, sign_flip, weights

SIZES = {"a": 7, "b": 6, "c": 6, "d": 6, "e": 5, "f": 5, "g": 5}
DOMAINS = [name for name, size in SIZES.items() for _ in range(size)]


def pairs_of(a: np.ndarray, b: np.ndarray, domains: list[str], *, matched: bool = False) -> list[Pair]:
    """Return pairs from arrays of tasks times attempts."""
    return [
        Pair(domain=domain, a=tuple(one), b=tuple(two), matched=matched)
        for domain, one, two in zip(domains, a.tolist(), b.tolist(), strict=True)
    ]


def drawn(seed: int, n: int = 40, attempts: int = 3, gap: float = 4.0) -> tuple[np.ndarray, np.ndarray]:
    source = np.random.default_rng(seed)
    level = source.normal(60, 15, (n, 1))
    return tuple(level + shift + source.normal(0, 10, (n, attempts)) for shift in (0.0, gap))  # type: ignore[return-value]


@pytest.mark.parametrize("df", [0.3, 0.5, 1, 2.3, 5, 17.2, 39, 1000.5, 1e6])
def test_student_is_that_of_scipy(df: float) -> None:
    for p in (0.001, 0.2, 0.5, 0.8, 0.975, 0.9999):
        assert student.t_quantile(p, df) == pytest.approx(scipy_stats.t.ppf(p, df), rel=1e-9, abs=1e-12)
    for t in (-7.0, -1.0, -0.01, 0.0, 0.3, 2.0, 40.0):
        assert student.t_cdf(t, df) == pytest.approx(scipy_stats.t.cdf(t, df), rel=1e-7)


def test_with_equal_weights_it_is_the_paired_t_test() -> None:
    a, b = drawn(1)
    found = difference(pairs_of(a, b, ["all"] * 40))
    wanted = scipy_stats.ttest_rel(b.mean(1), a.mean(1))
    low, high = wanted.confidence_interval(0.95)
    assert found.freedom == pytest.approx(39)
    assert found.interval == pytest.approx((low, high))
    assert found.delta == pytest.approx(b.mean() - a.mean())
    assert (found.a, found.b) == pytest.approx((a.mean(), b.mean()))


def test_with_unequal_weights_it_is_the_sandwich_of_statsmodels_made_unbiased() -> None:
    """The raw sandwich is HC0 of a weighted regression on a constant; scale and freedom come from dense matrices."""
    domains = ["a"] * 9 + ["b"] * 4 + ["c"] * 2 + ["d"]
    a, b = drawn(2, n=16)
    found = difference(pairs_of(a, b, domains))
    weight = np.array(weights(domains))
    assert weight.sum() == pytest.approx(1)
    deltas = b.mean(1) - a.mean(1)
    model = sm.WLS(deltas, np.ones(16), weights=weight).fit(cov_type="HC0")
    assert found.delta == pytest.approx(model.params[0])
    centred = np.eye(16) - np.outer(np.ones(16), weight)
    form = centred.T @ np.diag(weight**2) @ centred
    variance = model.bse[0] ** 2 * (weight**2).sum() / np.trace(form)
    assert found.error == pytest.approx(math.sqrt(variance))
    assert found.freedom == pytest.approx(np.trace(form) ** 2 / np.trace(form @ form))


def test_the_standard_error_is_unbiased_where_tasks_vary_alike() -> None:
    domains = ["a"] * 6 + ["b"] * 3 + ["c"]
    source = np.random.default_rng(3)
    squares, estimates = [], []
    for _ in range(2000):
        deltas = source.normal(2, 5, (10, 1))
        found = difference(pairs_of(np.zeros((10, 1)), deltas, domains))
        assert found.error is not None
        squares.append(found.error**2)
        estimates.append(found.delta)
    truth = 25 * sum(w**2 for w in weights(domains))
    assert np.mean(squares) == pytest.approx(truth, rel=0.05)
    assert np.var(estimates) == pytest.approx(truth, rel=0.08)


@pytest.mark.parametrize("n", [2, 6, 11])
def test_few_tasks_are_flipped_exactly_as_scipy_does(n: int) -> None:
    values = np.random.default_rng(n).normal(0.4, 1, n)
    wanted = scipy_stats.permutation_test(
        (values,), np.sum, permutation_type="samples", n_resamples=np.inf, alternative="two-sided"
    )
    by_hand = [abs(np.dot(signs, values)) for signs in itertools.product((1, -1), repeat=n)]
    p, exact = sign_flip(values.tolist())
    assert exact
    assert p == pytest.approx(np.mean(np.array(by_hand) >= abs(values.sum()) - 1e-12))
    assert p == pytest.approx(wanted.pvalue)


def test_many_tasks_are_flipped_at_random_and_always_the_same() -> None:
    values = np.random.default_rng(7).normal(0.35, 1, 40)
    p, exact = sign_flip(values.tolist())
    assert not exact
    assert (p, exact) == sign_flip(values.tolist()) == sign_flip((-values).tolist())
    source = np.random.default_rng(8)
    flips = np.abs(source.choice((-1, 1), (200_000, 40)) @ values)
    truth = (flips >= abs(values.sum())).mean()
    assert p == pytest.approx(truth, abs=4 * math.sqrt(truth * (1 - truth) / inference.FLIPS))
    assert sign_flip([9.0] * 40)[0] == pytest.approx(1 / (inference.FLIPS + 1))


def test_flips_of_zeros_change_nothing() -> None:
    assert sign_flip([0.0] * 50) == (1.0, True)
    assert sign_flip([1.0, 2.0, 4.0, *[0.0] * 60]) == (0.25, True)
    assert sign_flip([]) == (1.0, True)


def test_swapping_the_runs_turns_the_signs_alone() -> None:
    a, b = drawn(4)
    one, two = difference(pairs_of(a, b, DOMAINS)), difference(pairs_of(b, a, DOMAINS))
    assert one.interval is not None
    assert two.interval is not None
    assert (one.delta, one.error, one.p) == (pytest.approx(-two.delta), pytest.approx(two.error), two.p)
    assert one.interval == pytest.approx((-two.interval[1], -two.interval[0]))


def test_what_the_data_do_not_allow_to_say_is_none() -> None:
    alone = difference([Pair(domain="a", a=(50.0,), b=(60.0,))])
    assert (alone.delta, alone.error, alone.interval, alone.p) == (10.0, None, None, 1.0)
    alike = [Pair(domain=name, a=(50.0, 60.0), b=(60.1, 70.1)) for name in "aabbbc"]
    assert difference(alike).interval is None
    assert difference(alike).p == 2 / 2**6
    assert plan(alike, difference(alike), 5.0) is None
    assert not difference(alike).excludes_zero


def test_holm_is_that_of_statsmodels() -> None:
    ps = [0.01, 0.04, 0.03, 0.005, 0.9, 0.04]
    assert holm(ps) == pytest.approx(multipletests(ps, method="holm")[1].tolist())
    assert holm([0.3]) == [0.3]
    assert holm([]) == []


def test_the_visible_difference_has_the_power_it_says() -> None:
    a, b = drawn(5)
    found = difference(pairs_of(a, b, ["all"] * 40))
    planned = plan(pairs_of(a, b, ["all"] * 40), found, 2.0)
    assert planned is not None
    spread = np.std(b.mean(1) - a.mean(1), ddof=1)
    exact = TTestPower().solve_power(nobs=40, alpha=0.05, power=0.8) * spread
    assert planned.visible == pytest.approx(exact, rel=0.02)
    needed = TTestPower().solve_power(effect_size=2.0 / spread, alpha=0.05, power=0.8)
    assert 40 + planned.tasks == pytest.approx(needed, rel=0.02, abs=2)


def spread_runs(attempts: int, between: float, within: float, seed: int, common: float = 0.0) -> list[Pair]:
    """Return pairs whose true differences vary by ``between``, attempts by ``within`` and by a shared ``common``."""
    source = np.random.default_rng(seed)
    n = 4000
    shared = source.normal(0, common, (n, attempts)) if common else 0.0
    a = shared + source.normal(0, within, (n, attempts))
    b = shared + source.normal(0, between, (n, 1)) + source.normal(0, within, (n, attempts))
    return pairs_of(a, b, ["all"] * n, matched=bool(common))


@pytest.mark.parametrize("common", [0.0, 15.0])
def test_the_variance_is_split_into_attempts_and_tasks(common: float) -> None:
    """What matched attempts share cancels out, as it does in the difference."""
    pairs = spread_runs(3, between=4.0, within=9.0, seed=6, common=common)
    found = difference(pairs)
    noise, tasks = 2 * 81 / 3, 16.0
    planned = plan(pairs, found, 0.001)
    assert planned is not None
    assert planned.share == pytest.approx(noise / (noise + tasks), rel=0.05)
    z = NormalDist().inv_cdf(0.975) + NormalDist().inv_cdf(0.8)
    assert planned.floor == pytest.approx(z * math.sqrt(tasks / 4000), rel=0.1)
    assert planned.attempts is None
    between = z * math.sqrt((tasks + 2 * 81 / 6.5) / 4000)
    reachable = plan(pairs, found, between)
    assert reachable is not None
    assert reachable.attempts in (3, 4, 5)


def test_no_number_of_attempts_makes_up_for_tasks_that_differ() -> None:
    pairs = spread_runs(3, between=10.0, within=3.0, seed=9)[:40]
    planned = plan(pairs, difference(pairs), 2.0)
    assert planned is not None
    assert planned.floor is not None
    assert planned.floor > 2.0
    assert planned.attempts is None
    assert planned.tasks > 40


def test_one_attempt_leaves_the_split_unknown() -> None:
    pairs = spread_runs(1, between=4.0, within=9.0, seed=10)[:40]
    found = difference(pairs)
    planned = plan(pairs, found, 3.0)
    assert planned is not None
    assert (planned.share, planned.floor, planned.attempts) == (None, None, None)
    assert planned.attempts_at_least == math.ceil((planned.visible / 3.0) ** 2) - 1
    enough = plan(pairs, found, planned.visible * 1.01)
    assert enough is not None
    assert (enough.attempts_at_least, enough.tasks) == (0, 0)


def test_a_few_tasks_without_repeats_do_not_hide_the_split() -> None:
    pairs = spread_runs(3, between=4.0, within=9.0, seed=11)[:40]
    fewer = [
        Pair(domain="all", a=pair.a[:1], b=pair.b) if place < 5 else pair for place, pair in enumerate(pairs)
    ]
    planned = plan(fewer, difference(fewer), 3.0)
    assert planned is not None
    assert planned.share is not None
    mostly = [
        Pair(domain="all", a=pair.a[:1], b=pair.b) if place < 25 else pair for place, pair in enumerate(pairs)
    ]
    hidden = plan(mostly, difference(mostly), 3.0)
    assert hidden is not None
    assert hidden.share is None


def latent(
    source: np.random.Generator, ability: float, gain: np.ndarray | float, difficulty: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return scores and resolved attempts of one agent: runs times tasks times 3 attempts.

    Ability minus difficulty, with something in every task that suits the agent or not, and luck in every attempt.
    """
    n, tasks, _ = difficulty.shape
    suits, luck = source.normal(0, 0.5, (n, tasks, 1)), source.normal(0, 0.8, (n, tasks, 3))
    score = np.round(100 / (1 + np.exp(-1.7 * (ability + gain - difficulty + suits + luck))), 2)
    return score, 100.0 * (score > 70)


def simulated(
    n: int, gap: float, spread: float, ability: float, seed: int
) -> list[tuple[np.ndarray, np.ndarray]]:
    """Return A's and B's values by measure; B gains ``gap`` in ability, in some domains more, in some less."""
    source = np.random.default_rng(seed)
    difficulty = source.normal(0, 1.3, (n, len(DOMAINS), 1))
    extra = dict(zip(SIZES, spread * np.linspace(-1, 1, len(SIZES)), strict=True))
    gain = gap + np.array([extra[name] for name in DOMAINS])[None, :, None]
    return list(
        zip(latent(source, ability, 0.0, difficulty), latent(source, ability, gain, difficulty), strict=True)
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    ("gap", "spread", "ability"),
    [(0.4, 0.0, 0.5), (0.8, 0.8, 1.5)],
    ids=["even", "ceiling"],
)
def test_intervals_cover_a_known_difference_as_often_as_they_say(
    gap: float, spread: float, ability: float
) -> None:
    """2,000 pairs of runs, 40 tasks in 7 domains, 3 attempts, new tasks every time: 93 to 97 % of intervals cover."""
    weight = np.array(weights(DOMAINS))
    big = simulated(20_000, gap, spread, ability, seed=99)
    truths = [float(((b.mean(2) - a.mean(2)) @ weight).mean()) for a, b in big]
    for (a, b), truth in zip(simulated(2000, gap, spread, ability, seed=5), truths, strict=True):
        found = [difference(pairs_of(one, two, DOMAINS)) for one, two in zip(a, b, strict=True)]
        covered = [one.interval is not None and one.interval[0] <= truth <= one.interval[1] for one in found]
        assert 0.93 <= np.mean(covered) <= 0.97


def test_the_worked_example_of_the_documentation() -> None:
    """docs/statistics.md states what comes out for the table it shows."""
    text = (
        (Path(__file__).parents[1] / "docs" / "statistics.md").read_text("utf-8").partition("## A worked")[2]
    )
    rows = re.findall(r"(?m)^\| t\d \| (\w) \| (\d+), (\d+) \| (\d+), (\d+) \| (\d+) \|$", text)
    assert len(rows) == 7
    pairs = [
        Pair(domain=domain, a=(float(a), float(b)), b=(float(c), float(d)), matched=True)
        for domain, a, b, c, d, _delta in rows
    ]
    assert [pair.delta for pair in pairs] == [float(row[-1]) for row in rows]
    found = difference(pairs)
    assert found.interval is not None
    planned = plan(pairs, found, 2.0)
    assert planned is not None
    assert planned.share is not None
    for shown in (
        f"**D = {found.delta:.1f}**",
        f"**s = {found.error:.3f}**",
        f"ν = {found.freedom:.2f}",
        f"**{found.interval[0]:.1f} to {found.interval[1]:.1f}**",
        f"**p = {found.p:.3f}**",
        f"{planned.share:.0%}".replace("%", " %"),
        f"{planned.visible:.1f} points would show",
        f"and {planned.attempts} more\nattempts per task or {planned.tasks} more tasks",
    ):
        assert shown in text


def test_same_pairs_give_the_same_output_whatever_the_state_of_random() -> None:
    a, b = drawn(12)
    random.seed(1)
    first = difference(pairs_of(a, b, DOMAINS))
    random.seed(2)
    np.random.seed(3)
    assert difference(pairs_of(a, b, DOMAINS)) == first
