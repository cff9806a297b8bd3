"""Intervals and tests that several parts of an analysis share. A figure that cannot be had is None or NaN, never 0."""

from __future__ import annotations

import math

import numpy as np
from scipy.special import fdtri, stdtr, stdtrit

from agentbench.analysis.table import Floats, Ints

Interval = tuple[float, float]
Z95 = 1.959963984540054


def rounded(value: float | np.floating | None, digits: int = 4) -> float | None:
    """Return a figure for storing; None for one that is not a number."""
    return None if value is None or not math.isfinite(value) else round(float(value), digits) + 0.0


def bounds(low: float, high: float) -> Interval | None:
    """Return an interval for storing; None when an end is not a number."""
    if not (math.isfinite(low) and math.isfinite(high)):
        return None
    return round(float(low), 4) + 0.0, round(float(high), 4) + 0.0


def clustered_share(c: Floats, n: Floats) -> Interval | None:
    """Return the 95% interval of a share of ``sum(c)`` in ``sum(n)``, counted in independent clusters.

    Wilson's interval (1927) with the effective sample size n / deff, as Korn and Graubard 1998 ("Confidence
    intervals for proportions with small expected number of positive counts estimated from survey data") propose;
    deff is the variance of the ratio over clusters, divided by that of independent trials, and at least 1. Where
    all or none are resolved that variance is 0: then a cluster counts as one trial.
    """
    c, n = c[n > 0], n[n > 0]
    total, clusters = float(n.sum()), n.size
    if not clusters:
        return None
    share = float(c.sum()) / total
    effective = float(clusters)
    if 0 < share < 1 and clusters > 1:
        variance = clusters / (clusters - 1) * float(((c - share * n) ** 2).sum()) / total**2
        independent = share * (1 - share) / max(total - 1, 1)
        effective = total / max(1.0, variance / independent)
    z2 = Z95**2
    middle = (share + z2 / (2 * effective)) / (1 + z2 / effective)
    half = Z95 / (1 + z2 / effective) * math.sqrt(share * (1 - share) / effective + z2 / (4 * effective**2))
    return bounds(max(0.0, middle - half), min(1.0, middle + half))


def correlation_interval(r: float, n: int) -> Interval | None:
    """Return the 95% interval of a correlation over ``n`` pairs (Fisher 1921: atanh r is about normal)."""
    if n < 4 or not abs(r) < 1:
        return None
    half = Z95 / math.sqrt(n - 3)
    return bounds(math.tanh(math.atanh(r) - half), math.tanh(math.atanh(r) + half))


def negative_p(r: float, n: int) -> float:
    """Return the one-sided p value of a correlation as low as ``r`` when there is none (Student 1908)."""
    if n < 3:
        return math.nan
    if abs(r) >= 1:
        return 0.0 if r < 0 else 1.0
    return float(stdtr(n - 2, r * math.sqrt((n - 2) / (1 - r * r))))


def holm(p: Floats) -> Floats:
    """Return p values adjusted for their number (Holm 1979); NaN stays, and is not counted."""
    adjusted = np.full(p.shape, np.nan)
    known = np.flatnonzero(~np.isnan(p))
    order = known[np.argsort(p[known], kind="stable")]
    factors = np.arange(order.size, 0, -1)
    adjusted[order] = np.minimum(1.0, np.maximum.accumulate(p[order] * factors))
    return adjusted


def alpha_interval(alpha: float, persons: int, items: int) -> Interval | None:
    """Return the 95% interval of Cronbach's alpha (Feldt 1965): (1 - alpha) times a quantile of F."""
    first, second = persons - 1.0, (persons - 1.0) * (items - 1.0)
    if first < 1 or second < 1:
        return None
    return bounds(*(1 - (1 - alpha) * float(fdtri(first, second, q)) for q in (0.975, 0.025)))


def clustered_mean(values: Floats, first: Ints, second: Ints) -> tuple[float, Interval | None]:
    """Return a mean and its 95% interval when values in a cluster of either kind may be alike.

    The variance is that of Cameron, Gelbach and Miller 2011 ("Robust inference with multiway clustering"): the sum
    over both kinds less that over their intersection; at least the largest of the three. Student's t with as many
    degrees of freedom as the smaller number of clusters (of two or more) less one.
    """
    mean = float(values.mean())
    rest = values - mean
    sizes = [np.unique(one).size for one in (first, second)]
    if max(sizes) < 2:
        return mean, None
    both = np.unique(first * (second.max() + 1) + second, return_inverse=True)[1]
    one, two, cross = (_between(rest, index) for index in (first, second, both))
    variance = max(one, two, cross, one + two - cross)
    df = min(size for size in sizes if size > 1) - 1
    half = float(stdtrit(df, 0.975)) * math.sqrt(variance)
    return mean, bounds(mean - half, mean + half)


def _between(rest: Floats, cluster: Ints) -> float:
    """Return the variance of the mean by sums over clusters; 0 for a single one."""
    sums = np.bincount(cluster, weights=rest)
    groups = np.unique(cluster).size
    return 0.0 if groups < 2 else groups / (groups - 1) * float((sums**2).sum()) / rest.size**2
