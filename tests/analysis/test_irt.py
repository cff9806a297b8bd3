"""Item response models: against published estimates, other estimators, plain integration, and the truth."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
import simulated
from numpy.polynomial.hermite import hermgauss
from scipy import optimize, stats
from statsmodels.discrete.conditional_models import ConditionalLogit

from agentbench.analysis import irt, table

#: LSAT section 6 (Bock and Lieberman 1970): how many of 1000 persons gave each pattern of five answers, from 00000 up.
LSAT6 = (
    3,
    6,
    2,
    11,
    1,
    1,
    3,
    4,
    1,
    8,
    0,
    16,
    0,
    3,
    2,
    15,
    10,
    29,
    14,
    81,
    3,
    28,
    15,
    80,
    16,
    56,
    21,
    173,
    11,
    61,
    28,
    298,
)


def lsat() -> np.ndarray:
    patterns = np.array([[int(bit) for bit in f"{number:05b}"] for number in range(32)], dtype=float)
    return np.repeat(patterns, LSAT6, axis=0)


def sums(world: simulated.World) -> table.Table:
    return table.grouped(table.trials(world.runs))


def test_rasch_gives_the_published_estimates() -> None:
    """Rizopoulos 2006, "ltm: An R package", section 3.1: one slope 0.7551, log likelihood -2466.938."""
    c = lsat()
    found = irt.maximise(c, np.ones_like(c), slopes=False)
    assert found.a == pytest.approx([0.7551], abs=2e-3)
    assert -found.d / found.a == pytest.approx([-3.6153, -1.3224, -0.3176, -1.7301, -2.7802], abs=5e-3)
    assert found.log_likelihood == pytest.approx(-2466.938, abs=2e-3)


def test_two_pl_gives_the_published_estimates() -> None:
    """The same data without a prior: slopes and log likelihood as ltm (and BILOG, MULTILOG) give them."""
    c = lsat()
    found = irt.maximise(c, np.ones_like(c), slopes=True)
    assert found.a == pytest.approx([0.8254, 0.7229, 0.8905, 0.6886, 0.6575], abs=5e-3)
    assert -found.d / found.a == pytest.approx([-3.3597, -1.3696, -0.2799, -1.8659, -3.1236], abs=2e-2)
    assert found.log_likelihood == pytest.approx(-2466.653, abs=2e-3)


def plain(c: np.ndarray, n: np.ndarray, a: np.ndarray, d: np.ndarray) -> float:
    """The marginal log likelihood by a long Gauss-Hermite rule, one row and node at a time."""
    nodes, weights = hermgauss(180)
    total = 0.0
    for won, tried in zip(c, n, strict=True):
        chances = [
            weight * np.prod(stats.binom.pmf(won, tried, 1 / (1 + np.exp(-(a * node * 2**0.5 + d)))))
            for node, weight in zip(nodes, weights / weights.sum(), strict=True)
        ]
        total += np.log(np.sum(chances))
    return float(total)


def test_the_likelihood_is_that_of_a_long_gauss_hermite_rule() -> None:
    """Up to the binomial coefficients, which no parameter moves; with gaps and repeated attempts."""
    draw = np.random.default_rng(4)
    n = draw.integers(0, 4, size=(12, 6)).astype(float)
    c = draw.binomial(n.astype(int), 0.6).astype(float)
    a, d = draw.uniform(0.5, 1.5, 6), draw.normal(size=6)
    model = irt._Likelihood(c, n, True, None)
    coefficients = np.log(
        [
            [stats.binom.pmf(x, m, 0.5) * 2**m for x, m in zip(*row, strict=True)]
            for row in zip(c, n, strict=True)
        ]
    )
    ours = -model.negative(np.concatenate([a, d]))[0] + coefficients.sum()
    assert ours == pytest.approx(plain(c, n, a, d), abs=1e-6)


@pytest.mark.parametrize("slopes", [False, True])
def test_gradient_and_information_are_the_derivatives(slopes: bool) -> None:
    c = sums(simulated.world(15, 7, planted=False))
    model = irt._Likelihood(c.c, c.n, slopes, (1.0, 1.0) if slopes else None)
    at = np.random.default_rng(1).normal(0.8, 0.3, size=(7 if slopes else 1) + 7)
    assert model.negative(at)[1] == pytest.approx(
        optimize.approx_fprime(at, lambda x: model.negative(x)[0], 1e-6), abs=1e-3
    )
    steps = np.eye(at.size) * 1e-5
    numeric = [(model.negative(at + one)[1] - model.negative(at - one)[1]) / 2e-5 for one in steps]
    assert model.information(at) == pytest.approx(np.array(numeric), abs=1e-4)


def test_the_maximum_is_that_of_another_optimiser() -> None:
    """Powell's method on the plain likelihood, which shares no line with ours."""
    c = (np.random.default_rng(2).random((40, 3)) < [0.3, 0.5, 0.8]).astype(float)
    c[:, 1] = np.where(np.random.default_rng(3).random(40) < 0.7, c[:, 0], c[:, 1])
    ours = irt.maximise(c, np.ones_like(c), slopes=False)

    grid = np.linspace(-8, 8, 400)
    density = stats.norm.pdf(grid) * (grid[1] - grid[0])
    patterns, times = np.unique(c, axis=0, return_counts=True)

    def negative(at: np.ndarray) -> float:
        chance = 1 / (1 + np.exp(-(at[0] * grid[:, None] + at[1:])))
        rows = np.prod(np.where(patterns[:, None] == 1, chance, 1 - chance), axis=2) @ density
        return -float(times @ np.log(rows))

    theirs = optimize.minimize(
        negative, [1.0, 0, 0, 0], method="Powell", options={"xtol": 1e-7, "ftol": 1e-12}
    )
    assert np.abs(ours.a) == pytest.approx(np.abs(theirs.x[:1]), abs=2e-3)
    assert ours.d == pytest.approx(theirs.x[1:], abs=2e-3)


def test_rasch_agrees_with_conditional_maximum_likelihood() -> None:
    """Statsmodels' conditional logit needs no distribution of abilities: the two differ by far less than the errors."""
    world = simulated.world(90, 9, 1, seed=8, planted=False)
    one = sums(world)
    ours = irt.rasch(one)
    assert isinstance(ours, irt.Rasch)
    difficulties = np.array([found.value for found in ours.difficulties if found])
    person = np.repeat(np.arange(90), 9)
    design = np.tile(np.eye(9)[:, 1:], (90, 1))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # rows that are all or none say nothing, and it tells
        theirs = ConditionalLogit(one.c.ravel(), design, groups=person).fit(disp=False)
    conditional = np.concatenate([[0.0], -theirs.params])
    errors = np.array([found.error for found in ours.difficulties if found])
    apart = (difficulties - difficulties.mean()) - (conditional - conditional.mean())
    assert np.abs(apart).max() < 0.5 * errors.min()
    assert errors[1:] == pytest.approx(theirs.bse, rel=0.5)


def test_parameters_of_simulated_agents_are_recovered() -> None:
    """Of 200 agents and 40 tasks: difficulties and slopes near the truth, and 95% intervals that cover it."""
    world = simulated.world(200, 40, 3, seed=5, planted=False)
    one = sums(world)
    found = irt.two_pl(one)
    assert isinstance(found, irt.TwoPL)
    slopes = np.array([slope.value for slope in found.slopes if slope])
    errors = np.array([slope.error for slope in found.slopes if slope])
    assert slopes.size == 40
    assert np.corrcoef(slopes, world.slope)[0, 1] > 0.9
    assert (np.abs(slopes - world.slope) < 1.96 * errors).mean() >= 0.85
    rasch = irt.rasch(one)
    assert isinstance(rasch, irt.Rasch)
    difficulties = [difficulty.value for difficulty in rasch.difficulties if difficulty]
    assert stats.spearmanr(difficulties, world.difficulty)[0] > 0.97
    abilities = [ability.value for ability in rasch.abilities if ability]
    assert stats.spearmanr(abilities, world.ability)[0] > 0.97


@pytest.mark.slow
def test_rasch_is_unbiased_and_its_errors_are_right() -> None:
    """Over 60 worlds that are Rasch worlds: mean error of the spread near 0, and coverage near 95%."""
    spreads, covered = [], []
    for seed in range(60):
        draw = np.random.default_rng(seed)
        ability, difficulty = draw.normal(size=60), np.linspace(-1.5, 1.5, 12)
        verdicts = draw.random((2, 60, 12)) < 1 / (1 + np.exp(difficulty - ability[:, None]))
        found = irt.rasch(table.grouped(table.trials(simulated.runs_of(verdicts))))
        assert isinstance(found, irt.Rasch)
        spreads.append(found.spread.value)
        covered += [
            abs(one.value - truth) < 1.96 * (one.error or 0)
            for one, truth in zip(found.difficulties, difficulty, strict=True)
            if one
        ]
    assert np.mean(spreads) == pytest.approx(1.0, abs=0.06)
    assert 0.90 <= np.mean(covered) <= 0.98


def test_what_cannot_be_fitted_is_refused_with_a_reason() -> None:
    assert irt.rasch(sums(simulated.world(6, 12))) == "few-totals"
    assert irt.two_pl(sums(simulated.world(20, 40))) == "few-rows-2pl"
    draw = np.random.default_rng(0)
    alike = simulated.runs_of(draw.permuted(np.tile(np.arange(40) < 20, (1, 30, 1)), axis=2))
    assert irt.rasch(table.grouped(table.trials(alike))) == "few-totals"


def test_rows_that_differ_by_chance_only_have_no_spread() -> None:
    draw = np.random.default_rng(3)
    n = np.ones((60, 30))
    found = irt.maximise((draw.random(n.shape) < 0.5).astype(float), n, slopes=False)
    assert abs(found.a[0]) < 0.3


def test_a_saturated_task_has_no_difficulty() -> None:
    world = simulated.world(20, 20)
    found = irt.rasch(sums(world))
    assert isinstance(found, irt.Rasch)
    assert [found.difficulties[place] for place in (0, 1, 2)] == [None, None, None]
    assert all(one is not None for one in found.difficulties[6:8])
