"""Is one run better than another? Paired differences over tasks, their intervals, p-values and plans. Pure.

The estimate is a weighted mean of the tasks' differences, with the weights of the overall score: the mean of the
domains' means. Tasks are the clusters: Miller 2024, "Adding Error Bars to Evals", arXiv:2411.00640, sections 2.2 and
4.2. docs/statistics.md says the same in words, with an example.
"""

from __future__ import annotations

import itertools
import math
import random
from collections import Counter
from collections.abc import Sequence
from statistics import fmean, variance

from agentbench.model import Frozen
from agentbench.student import t_quantile

LEVEL, POWER = 0.95, 0.80
FLIPS, SEED = 10_000, 20_241_101
EXACT_UP_TO = 16
"""Differences other than 0 up to which all sign flips are tried."""
FEWEST = 6
"""Tasks below which no sign flip test can reach 5 %: 2 of 2^5 flips are 6 %."""
MOST_ATTEMPTS = 100
"""Attempts per task that a run may have."""
_CHUNK = 8


class Pair(Frozen, frozen=True):
    """The scored attempts of one task in both runs, each with one value or more."""

    domain: str
    a: tuple[float, ...]
    b: tuple[float, ...]
    matched: bool = False
    """Whether ``a[i]`` and ``b[i]`` worked on the same input, for every i."""

    @property
    def delta(self) -> float:
        """The mean of B minus the mean of A."""
        return fmean(self.b) - fmean(self.a)


class Difference(Frozen, frozen=True):
    """B minus A over the tasks that both have, and how sure that is; None is what the data do not allow to say."""

    n_tasks: int
    a: float
    b: float
    delta: float
    error: float | None
    """Standard error; None for fewer than two tasks, or where every task differs by the same."""
    freedom: float | None
    """Degrees of freedom of the interval."""
    interval: tuple[float, float] | None
    p: float
    """Of the paired sign flip test."""
    exact: bool
    """Whether all flips were tried."""

    @property
    def excludes_zero(self) -> bool:
        """Whether the interval lies on one side of 0."""
        return self.interval is not None and (self.interval[0] > 0 or self.interval[1] < 0)


class Plan(Frozen, frozen=True):
    """What it would take to see a difference of ``target`` in 80 % of such comparisons."""

    target: float
    visible: float
    """The smallest difference that these runs would show in 80 % of such comparisons."""
    share: float | None
    """Share of the variance that attempts reduce; None where the attempts are too few to tell."""
    floor: float | None
    """What unlimited attempts would show; None where ``share`` is."""
    attempts: int | None
    """More attempts per task and run that suffice; None where no number does or it cannot be told."""
    attempts_at_least: int | None
    """The same if all variance were that of attempts: a lower bound; None where no number does."""
    tasks: int
    """More tasks of the same kind that suffice, with the attempts as they are."""


def weights(domains: Sequence[str]) -> list[float]:
    """Return the weight of each task in the mean of the domains' means; they sum to 1."""
    sizes = Counter(domains)
    return [1 / (len(sizes) * sizes[domain]) for domain in domains]


def difference(pairs: Sequence[Pair]) -> Difference:
    """Return the weighted mean difference of at least one pair with its 95% interval and p-value.

    The same pairs in the same order give the same result; swapping the runs turns signs and nothing else.
    """
    weight = weights([pair.domain for pair in pairs])
    deltas = [pair.delta for pair in pairs]
    delta = math.fsum(w * d for w, d in zip(weight, deltas, strict=True))
    error, freedom = _error(weight, deltas, delta)
    p, exact = sign_flip([w * d for w, d in zip(weight, deltas, strict=True)])
    interval = None
    if error is not None and freedom is not None:
        half = t_quantile((1 + LEVEL) / 2, freedom) * error
        interval = (delta - half, delta + half)
    return Difference(
        n_tasks=len(pairs),
        a=math.fsum(w * fmean(pair.a) for w, pair in zip(weight, pairs, strict=True)),
        b=math.fsum(w * fmean(pair.b) for w, pair in zip(weight, pairs, strict=True)),
        delta=delta,
        error=error,
        freedom=freedom,
        interval=interval,
        p=p,
        exact=exact,
    )


def _error(
    weight: Sequence[float], deltas: Sequence[float], mean: float
) -> tuple[float | None, float | None]:
    """Return the standard error of a weighted mean and its degrees of freedom.

    Sandwich Σ w²e² (White 1980), scaled to be unbiased where all tasks vary alike; degrees of freedom by matching the
    first two moments of that quadratic form (Satterthwaite 1946; Bell and McCaffrey 2002): n - 1 for equal weights.
    """
    s2, s3, s4, s5 = (math.fsum(w**k for w in weight) for k in (2, 3, 4, 5))
    trace = s2 - 2 * s3 + s2**2
    raw = math.fsum((w * (d - mean)) ** 2 for w, d in zip(weight, deltas, strict=True))
    size = max(map(abs, deltas))
    if len(deltas) < 2 or raw <= (1e-9 * size) ** 2 * s2:
        return None, None
    square = s4 + 2 * (s2 * s4 - 2 * s5) + 2 * s3**2 + 2 * s2 * s4 - 4 * s2**2 * s3 + s2**4
    return math.sqrt(raw * s2 / trace), trace**2 / square


def sign_flip(values: Sequence[float]) -> tuple[float, bool]:
    """Return the two-sided p of a sum under random signs, and whether all signs were tried.

    Fisher 1935, "The Design of Experiments", section 21. With random flips p = (hits + 1) / (flips + 1), so that it is
    never too small (Phipson and Smyth 2010).
    """
    rest = [value for value in values if value]
    least = abs(math.fsum(rest)) - 1e-9 * math.fsum(map(abs, rest))
    tables = [_sums(rest[start : start + _CHUNK]) for start in range(0, len(rest), _CHUNK)]
    if len(rest) <= EXACT_UP_TO:
        hits = sum(abs(sum(parts)) >= least for parts in itertools.product(*tables))
        return hits / 2 ** len(rest), True
    source, mask = random.Random(SEED), 2**_CHUNK - 1
    shifted = [(index * _CHUNK, table) for index, table in enumerate(tables)]
    hits = 0
    for _ in range(FLIPS):
        bits = source.getrandbits(len(rest))
        hits += abs(sum([table[bits >> shift & mask] for shift, table in shifted])) >= least
    return (hits + 1) / (FLIPS + 1), False


def _sums(values: Sequence[float]) -> list[float]:
    """Return the sum of ``values`` under each pattern of signs, by the pattern's bits."""
    sums = [0.0]
    for value in values:
        sums = [one + value for one in sums] + [one - value for one in sums]
    return sums


def holm(ps: Sequence[float]) -> list[float]:
    """Return p-values adjusted for their number, in the given order (Holm 1979)."""
    adjusted, highest = [0.0] * len(ps), 0.0
    for rank, place in enumerate(sorted(range(len(ps)), key=lambda place: ps[place])):
        highest = max(highest, min(1.0, (len(ps) - rank) * ps[place]))
        adjusted[place] = highest
    return adjusted


def plan(pairs: Sequence[Pair], found: Difference, target: float) -> Plan | None:
    """Return what would show a difference of ``target``; None where the tasks show no variance to reckon with.

    The smallest difference seen with 80 % power is (t(0.975) + t(0.8)) standard errors (Miller 2024, section 5). The
    variance is split into that of attempts, which more of them reduce, and the rest, which only more tasks reduce.
    """
    if found.error is None or found.freedom is None:
        return None
    factor = _factor(found.freedom)
    total = found.error**2
    noise = _Noise(pairs)
    share = None if noise.known is None else min(1.0, noise.known(0) / total)
    return Plan(
        target=target,
        visible=factor * found.error,
        share=share,
        floor=None if share is None else factor * math.sqrt(total * (1 - share)),
        attempts=None if share is None else noise.attempts(total, share, target / factor),
        attempts_at_least=noise.attempts(total, 1.0, target / factor),
        tasks=_tasks(found, target),
    )


def _factor(freedom: float) -> float:
    return t_quantile((1 + LEVEL) / 2, freedom) + t_quantile(POWER, freedom)


def _tasks(found: Difference, target: float) -> int:
    """Return how many more tasks, spread over the domains like these, would show ``target``."""
    assert found.error is not None
    assert found.freedom is not None

    def visible(n: int) -> float:
        ratio = n / found.n_tasks
        return _factor((found.freedom or 1) * ratio) * (found.error or 0) / math.sqrt(ratio)

    low, high = found.n_tasks - 1, found.n_tasks
    while visible(high) > target:
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if visible(middle) > target else (low, middle)
    return high - found.n_tasks


class _Noise:
    """The variance of the difference that comes from single attempts, now and with more of them."""

    def __init__(self, pairs: Sequence[Pair]) -> None:
        weight = weights([pair.domain for pair in pairs])
        self._squares = [w * w for w in weight]
        self._pairs = pairs
        self._varied = [_variances(pair) for pair in pairs]
        told = [one for one in self._varied if one is not None]
        self.known = self._of_attempts if 2 * len(told) >= len(pairs) and told else None
        self._typical = (fmean(a for a, _ in told), fmean(b for _, b in told)) if told else (1.0, 1.0)

    def _of_attempts(self, more: int) -> float:
        """Return the variance with ``more`` attempts per task; a task without repeats varies like the others."""
        return math.fsum(
            square * (a / (len(pair.a) + more) + b / (len(pair.b) + more))
            for square, pair, varied in zip(self._squares, self._pairs, self._varied, strict=True)
            for a, b in [varied or self._typical]
        )

    def _even(self, more: int) -> float:
        """Return the same in units of an attempt's variance, were it that of every attempt."""
        return math.fsum(
            square * (1 / (len(pair.a) + more) + 1 / (len(pair.b) + more))
            for square, pair in zip(self._squares, self._pairs, strict=True)
        )

    def attempts(self, total: float, share: float, error: float) -> int | None:
        """Return the fewest more attempts that bring the standard error down to ``error``; None where none do."""
        noise = self.known if self.known is not None and self.known(0) > 0 else self._even
        spare = error**2 - total * (1 - share)
        most = MOST_ATTEMPTS - max(max(len(pair.a), len(pair.b)) for pair in self._pairs)
        for more in range(most + 1):
            if total * share * noise(more) / noise(0) <= spare:
                return more
        return None


def _variances(pair: Pair) -> tuple[float, float] | None:
    """Return the variance of one attempt in A and in B; None with fewer than two on a side.

    Where inputs are the same the differences of matched attempts vary; what they share cancels out.
    """
    if min(len(pair.a), len(pair.b)) < 2:
        return None
    if pair.matched:
        varied = variance([b - a for a, b in zip(pair.a, pair.b, strict=True)])
        return varied / 2, varied / 2
    return variance(pair.a), variance(pair.b)
