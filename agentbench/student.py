"""Student's t distribution without scipy, whose import would cost more time than a whole comparison. Pure."""

from __future__ import annotations

import math

_TINY = 1e-300
_STEPS = 500


def t_cdf(t: float, df: float) -> float:
    """Return P(T <= t) of Student's t with ``df`` > 0 degrees of freedom.

    By the incomplete beta function, I_x(df/2, 1/2) with x = df/(df + t²): Abramowitz and Stegun 1964, 26.7.1.
    """
    tail = _beta(df / 2, 0.5, df / (df + t * t)) / 2
    return 1 - tail if t > 0 else tail


def t_quantile(p: float, df: float) -> float:
    """Return the t with P(T <= t) = ``p``, 0 < p < 1, by Newton's method.

    Where a step leaves the bracket it is halved instead.
    """
    if p <= 0.5:
        return -t_quantile(1 - p, df) if p < 0.5 else 0.0
    low, high, t = 0.0, math.inf, 1.0
    for _ in range(_STEPS):
        above = t_cdf(t, df) - p
        low, high = (low, t) if above > 0 else (t, high)
        step = t - above / _density(t, df)
        if not low < step < high:
            step = 2 * t if high == math.inf else (low + high) / 2
        if abs(step - t) <= 1e-13 * (1 + t):
            break
        t = step
    return step


def _density(t: float, df: float) -> float:
    log_scale = math.lgamma((df + 1) / 2) - math.lgamma(df / 2) - 0.5 * math.log(df * math.pi)
    return math.exp(log_scale - (df + 1) / 2 * math.log1p(t * t / df))


def _beta(a: float, b: float, x: float) -> float:
    """Return the regularised incomplete beta function I_x(a, b)."""
    if x <= 0 or x >= 1:
        return float(x >= 1)
    if x > (a + 1) / (a + b + 2):
        return 1 - _beta(b, a, 1 - x)
    log_front = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)
    return math.exp(log_front) * _fraction(a, b, x) / a


def _fraction(a: float, b: float, x: float) -> float:
    """Return the continued fraction of the incomplete beta function (DLMF 8.17.22) by Lentz's method."""
    value, c, d = 1.0, math.inf, 1.0
    for step in range(1, _STEPS):
        m = step // 2
        if step % 2:
            term = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        else:
            term = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        d = 1 / (1 + term * d or _TINY)
        c = 1 + term / c or _TINY
        value *= c * d
        if abs(c * d - 1) < 1e-15:
            break
    return value
