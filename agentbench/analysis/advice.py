"""Which tasks to look at, deepen or drop, each with its reason and the figures that it rests on.

A reason is only given where the runs can bear it: about luck alone nothing is said.
"""

from __future__ import annotations

from collections.abc import Iterator

from agentbench.analysis.irt import TwoPL
from agentbench.analysis.items import ItemFigures
from agentbench.analysis.reliability import Reliability
from agentbench.model import Frozen

LEAST_ROWS = 5
"""Rows that any advice needs."""
SPREAD_ROWS = 8
SPREAD_ALPHA = 0.5
"""What advice on discrimination needs: rows, and a reliability that shows that they differ at all."""
SURE = 0.05
WEAK = 0.2
MIXED = 0.3
Figure = float | int | str | None


class Advice(Frozen, frozen=True):
    """One task and what to do about it."""

    task_id: str
    digest: str
    action: str
    """``drop`` (or repair), ``deepen`` or ``check``."""
    reason: str
    """``negative``, ``always``, ``never``, ``luck`` or ``weak``."""
    evidence: dict[str, Figure]


def withheld(items: tuple[ItemFigures, ...], rows: int, reliability: Reliability | None) -> str | None:
    """Return the code of why nothing, or nothing of discrimination and luck, is said; None when all is."""
    if all(item.rows < LEAST_ROWS for item in items):
        return "few-rows-any"
    if rows < SPREAD_ROWS:
        return "few-rows-advice"
    if reliability is None or reliability.alpha < SPREAD_ALPHA:
        return "no-spread-advice"
    return None


def advise(
    items: tuple[ItemFigures, ...], slopes: TwoPL | None, reliability: Reliability | None, rows: int
) -> tuple[Advice, ...]:
    """Return the advice, the gravest first."""
    told = withheld(items, rows, reliability) is None
    found = []
    for place, item in enumerate(items):
        slope = slopes.slopes[place] if slopes is not None else None
        reason = next(_reasons(item, told), None)
        if reason is not None:
            action, code, evidence = reason
            if code in ("negative", "weak") and slope is not None:
                evidence |= {"slope": slope.value, "slope_error": slope.error}
            found.append(
                Advice(
                    task_id=item.item.task_id,
                    digest=item.item.digest,
                    action=action,
                    reason=code,
                    evidence=evidence,
                )
            )
    grave = ("negative", "never", "luck", "always", "weak")
    return tuple(sorted(found, key=lambda one: (grave.index(one.reason), one.task_id)))


def _reasons(item: ItemFigures, told: bool) -> Iterator[tuple[str, str, dict[str, Figure]]]:
    """Yield what speaks against a task, the gravest first: action, reason, evidence."""
    seen: dict[str, Figure] = {"rows": item.rows, "trials": item.trials, "resolved": item.resolved}
    low, high = item.interval or (None, None)
    if item.rows < LEAST_ROWS:
        return
    limit = item.discrimination_interval[1] if told and item.discrimination_interval is not None else 1.0
    if limit < 0:
        sure = item.negative_p is not None and item.negative_p <= SURE
        yield "drop" if sure else "check", "negative", seen | _discrimination(item) | {"p": item.negative_p}
    if item.state == "never":
        yield "check", "never", seen | {"high": high, "score_discrimination": item.score_discrimination}
    if item.state == "always":
        yield "deepen", "always", seen | {"low": low}
    if limit < WEAK:
        flips = item.flips
        if flips.runs >= LEAST_ROWS and flips.mixed >= MIXED * flips.runs:
            runs: dict[str, Figure] = {"runs": flips.runs, "mixed": flips.mixed, "kappa": flips.kappa}
            yield "check", "luck", seen | _discrimination(item) | runs
        yield "deepen", "weak", seen | _discrimination(item)


def _discrimination(item: ItemFigures) -> dict[str, Figure]:
    low, high = item.discrimination_interval or (None, None)
    return {"discrimination": item.discrimination, "low": low, "high": high}
