"""Item response models: the chance to resolve a task as a logistic curve over a latent ability.

Rasch (1960, "Probabilistic Models for Some Intelligence and Attainment Tests"): logit P = ability - difficulty, one
slope for all tasks. 2PL (Birnbaum, in Lord and Novick 1968): every task has a slope of its own. Both are fitted by
marginal maximum likelihood (Bock and Lieberman 1970; Bock and Aitkin 1981): abilities are normal and integrated out,
here on an even grid. In the 2PL slopes have a normal prior, without which a few dozen rows let some of them grow
without bound (Mislevy 1986, "Bayes modal estimation in item response models").
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import log_expit

from agentbench.analysis import figures
from agentbench.analysis.table import Floats, Table
from agentbench.model import Frozen

RASCH_TOTALS = 8
"""Rows with different results that Rasch needs."""
TWO_PL_ROWS = 30
"""Rows that the 2PL needs besides."""
SLOPE_PRIOR = (1.0, 1.0)
"""Mean and standard deviation of the prior of 2PL slopes."""
_REACH = 6.0
_LEAST_SPREAD = 0.05
_NEGLIGIBLE = 1e-14
_NEWTON_STEPS = 10


class Estimate(Frozen, frozen=True, array_like=True):
    """A value with its standard error, which is None where the likelihood is flat."""

    value: float
    error: float | None


class Rasch(Frozen, frozen=True):
    """The Rasch model of some rows and tasks; logits, of which the mean ability is 0."""

    spread: Estimate
    """Standard deviation of the abilities."""
    difficulties: tuple[Estimate | None, ...]
    """One for each task of the table; None for one that all or none resolved."""
    abilities: tuple[Estimate | None, ...]
    """One for each row: mean and standard deviation of the posterior. None for a row without a verdict."""
    log_likelihood: float


class TwoPL(Frozen, frozen=True):
    """The slopes of the 2PL; abilities have mean 0 and standard deviation 1."""

    slopes: tuple[Estimate | None, ...]
    """One for each task of the table; None for one that all or none resolved."""
    log_likelihood: float


@dataclass(frozen=True, eq=False)
class Solution:
    """The maximum for slopes ``a`` and intercepts ``d``: logit P = a * ability + d, abilities of deviation 1."""

    a: Floats
    d: Floats
    a_error: Floats
    d_error: Floats
    ability: Floats
    ability_error: Floats
    log_likelihood: float


def rasch(table: Table) -> Rasch | str:
    """Return the Rasch model, or the code of the reason why there is none."""
    use = _informative(table)
    found = _lack(table, use)
    if found is not None:
        return found
    one = maximise(table.c[:, use], table.n[:, use], slopes=False)
    spread = float(one.a[0])
    if spread < _LEAST_SPREAD:
        return "no-spread"
    seen = table.n[:, use].sum(axis=1) > 0
    return Rasch(
        spread=_estimate(spread, one.a_error[0]),
        difficulties=_spread_out(use, -one.d, one.d_error),
        abilities=tuple(
            _estimate(spread * value, spread * error) if known else None
            for known, value, error in zip(seen, one.ability, one.ability_error, strict=True)
        ),
        log_likelihood=round(one.log_likelihood, 4),
    )


def two_pl(table: Table) -> TwoPL | str:
    """Return the 2PL model, or the code of the reason why there is none."""
    if int((table.n.sum(axis=1) > 0).sum()) < TWO_PL_ROWS:
        return "few-rows-2pl"
    use = _informative(table)
    found = _lack(table, use)
    if found is not None:
        return found
    one = maximise(table.c[:, use], table.n[:, use], slopes=True, prior=SLOPE_PRIOR)
    return TwoPL(slopes=_spread_out(use, one.a, one.a_error), log_likelihood=round(one.log_likelihood, 4))


def _informative(table: Table) -> NDArray[np.bool_]:
    """Return which tasks some attempts resolved and some did not."""
    n, c = table.n.sum(axis=0), table.c.sum(axis=0)
    found: NDArray[np.bool_] = (c > 0) & (c < n)
    return found


def _lack(table: Table, use: NDArray[np.bool_]) -> str | None:
    n, c = table.n[:, use].sum(axis=1), table.c[:, use].sum(axis=1)
    if use.sum() < 2 or np.unique(np.round(c[n > 0] / n[n > 0], 9)).size < RASCH_TOTALS:
        return "few-totals"
    return None


def maximise(c: Floats, n: Floats, *, slopes: bool, prior: tuple[float, float] | None = None) -> Solution:
    """Return the maximum of the marginal likelihood of ``c`` resolved of ``n`` attempts, rows by tasks.

    With ``slopes`` every task has one, else all have the same. ``prior``: normal, of the slopes.
    """
    model = _Likelihood(c, n, slopes, prior)
    share = np.clip(c.sum(axis=0) / n.sum(axis=0), 0.01, 0.99)
    start = np.concatenate([np.ones(model.free), np.log(share / (1 - share)) * 1.2])
    fit = minimize(
        model.negative,
        start,
        jac=True,
        method="L-BFGS-B",
        options={"maxiter": 1000, "maxfun": 2000, "ftol": 1e-8, "gtol": 1e-2},
    )
    found = _polished(model, fit.x)
    if found[: model.free].mean() < 0:  # abilities may be counted from either end
        found[: model.free] *= -1
    log_likelihood, weights, _curve = model.posterior(found)
    ability = weights @ model.grid
    spread = np.sqrt(np.maximum(weights @ model.grid**2 - ability**2, 0.0))
    error = _errors(model.information(found))
    return Solution(
        a=found[: model.free],
        d=found[model.free :],
        a_error=error[: model.free],
        d_error=error[model.free :],
        ability=ability,
        ability_error=spread,
        log_likelihood=float(log_likelihood.sum()),
    )


class _Likelihood:
    """The marginal likelihood of parameters ``[slopes…, intercepts…]``, with its gradient."""

    def __init__(self, c: Floats, n: Floats, slopes: bool, prior: tuple[float, float] | None) -> None:
        self.c, self.n, self.failed = c, n, n - c
        self.items = c.shape[1]
        self.free = self.items if slopes else 1
        self.prior = prior
        step = min(0.1, 1 / math.sqrt(1 + float(n.sum(axis=1).max()) / 2))
        self.grid = np.linspace(-_REACH, _REACH, 2 * min(math.ceil(_REACH / step), 400) + 1)
        log_weight = -(self.grid**2) / 2
        self.log_weight = log_weight - math.log(float(np.exp(log_weight).sum()))

    def posterior(self, at: Floats) -> tuple[Floats, Floats, Floats]:
        """Return the log likelihood of each row, its weights over the grid, and the curves of the tasks."""
        curve = np.outer(np.broadcast_to(at[: self.free], self.items), self.grid) + at[self.free :, None]
        success = log_expit(curve)
        joint = self.c @ success + self.failed @ (success - curve) + self.log_weight
        top = joint.max(axis=1, keepdims=True)
        weights = np.exp(joint - top)
        total = weights.sum(axis=1, keepdims=True)
        return (top + np.log(total)).ravel(), weights / total, np.exp(success)

    def negative(self, at: Floats) -> tuple[float, Floats]:
        """Return the negative penalised log likelihood and its gradient."""
        total, weights, curve = self.posterior(at)
        rest = self.c.T @ weights - (self.n.T @ weights) * curve
        by_slope = rest @ self.grid
        slopes = by_slope if self.free > 1 else by_slope.sum(keepdims=True)
        value = -float(total.sum())
        if self.prior is not None:
            mean, deviation = self.prior
            apart = (at[: self.free] - mean) / deviation
            value += float((apart**2).sum()) / 2
            slopes = slopes - apart / deviation
        return value, -np.concatenate([slopes, rest.sum(axis=1)])

    def information(self, at: Floats) -> Floats:
        """Return the observed information, the second derivative of `negative`.

        Louis 1982, "Finding the observed information matrix when using the EM algorithm": what it would be with
        abilities known, less the covariance of the score given the data.
        """
        _total, weights, curve = self.posterior(at)
        known = (self.n.T @ weights) * curve * (1 - curve)
        full = np.zeros((2 * self.items, 2 * self.items))
        own, shift = np.arange(self.items), self.items + np.arange(self.items)
        full[own, own], full[shift, shift] = known @ self.grid**2, known.sum(axis=1)
        full[own, shift] = full[shift, own] = known @ self.grid
        row, place = np.nonzero(weights > _NEGLIGIBLE)
        weight = weights[row, place][:, None]
        rest = self.c[row] - self.n[row] * curve.T[place]
        score = np.concatenate([rest * self.grid[place, None], rest], axis=1)
        mean = np.add.reduceat(score * weight, np.searchsorted(row, np.arange(len(weights))))
        full -= (score * weight).T @ score - mean.T @ mean
        if self.free == 1:
            fold = np.zeros((1 + self.items, 2 * self.items))
            fold[0, own] = fold[1 + own, shift] = 1
            full = fold @ full @ fold.T
        if self.prior is not None:
            slopes = np.arange(self.free)
            full[slopes, slopes] += 1 / self.prior[1] ** 2
        found: Floats = full
        return found


def _polished(model: _Likelihood, at: Floats) -> Floats:
    """Return the maximum near ``at``, by Newton's steps as long as they are improvements."""
    value, gradient = model.negative(at)
    for _step in range(_NEWTON_STEPS):
        try:
            further: Floats = at - np.linalg.solve(model.information(at), gradient)
        except np.linalg.LinAlgError:
            return at
        lower, slope = model.negative(further)
        if not lower <= value:
            return at
        at, value, gradient = further, lower, slope
        if np.abs(gradient).max() < 1e-7:
            return at
    return at


def _errors(information: Floats) -> Floats:
    """Return standard errors from the information; NaN where it gives none."""
    try:
        variance = np.diag(np.linalg.inv(information))
    except np.linalg.LinAlgError:
        return np.full(information.shape[:1], np.nan)
    return np.sqrt(np.where(variance > 0, variance, np.nan))


def _spread_out(use: NDArray[np.bool_], values: Floats, errors: Floats) -> tuple[Estimate | None, ...]:
    found = iter(zip(values, errors, strict=True))
    return tuple(_estimate(*next(found)) if one else None for one in use)


def _estimate(value: float, error: float) -> Estimate:
    return Estimate(value=round(float(value), 4) + 0.0, error=figures.rounded(error))
