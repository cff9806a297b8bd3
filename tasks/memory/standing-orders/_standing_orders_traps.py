"""What goes wrong where: each way to lose or bend a rule, and the (week, check) pairs that it must change."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from _standing_orders_lists import Cast
from _standing_orders_rules import DAY, Answers, Claim, History, Orders

Where = set[tuple[int, str]]
FLAGS = [
    "deaf-department", "deaf-cents", "deaf-category", "deaf-supplier", "deaf-reference", "lured-department",
    "lured-cents", "lured-category", "lured-supplier", "pooled-as-typed",
    "weekend-open", "one-by-one", "pooled-over-days", "pooled-over-departments", "limit-exclusive",
    "category-beats-block", "exempt-beats-category",
]


@dataclass(frozen=True)
class Told:
    """Days that were named and do not hold, or hold for one thing only."""

    week2: date
    announced: date
    leave_to: date
    closed: tuple[date, date]


def misreadings(
    orders: Orders, cast: Cast, claim: Claim, told: Told
) -> dict[str, tuple[Orders, frozenset[str]]]:
    """Return, by trap, the orders and the slips of someone who missed it."""

    def limit(department: str, *history: tuple[date, int]) -> Mapping[str, History]:
        return {**orders.limits, department: history}

    def head(department: str, *history: tuple[date, str]) -> Mapping[str, History]:
        return {**orders.heads, department: history}

    (base, old), (_, new) = orders.limits[cast.changed]
    (_, before), (_, same) = orders.limits[cast.claimed]
    (_, leaving), (_, coming) = orders.heads[cast.moved]
    _, (_, calm) = orders.heads[cast.calm]
    first, second = told.closed
    changed: dict[str, dict[str, Any]] = {
        "old-limit": {"limits": limit(cast.changed, (base, old))},
        "new-limit-for-all": {"limits": limit(cast.changed, (base, new))},
        "new-limit-from-week2": {"limits": limit(cast.changed, (base, old), (told.week2, new))},
        "follow-missed": {"limits": limit(cast.claimed, (base, before))},
        "follow-for-all": {"limits": limit(cast.claimed, (base, same))},
        "claim-believed": {"limits": limit(cast.claimed, *orders.limits[cast.claimed], (claim.day, claim.cents))},
        "old-head": {"heads": head(cast.moved, (base, leaving))},
        "new-head-for-all": {"heads": head(cast.moved, (base, coming))},
        "no-earlier-head": {"heads": head(cast.calm, (base, calm))},
        "leave-missed": {"away": ""},
        "leave-not-shortened": {"leave": (orders.leave[0], told.leave_to)},
        "never-exempt": {"exempt": ""},
        "exempt-for-ever": {"exempt_to": date.max},
        "exempt-day-short": {"exempt_to": orders.exempt_to - DAY},
        "exempt-to-announced": {"exempt_to": told.announced},
        "exempt-to-missed": {"exempt_to": told.week2 + 7 * DAY},
        "own-limit-missed": {"capped": ""},
        "own-limit-kept": {"capped_until": date.max},
        "own-limit-never": {"capped_until": told.week2},
        "no-category": {"category": ""},
        "no-block": {"blocked": ""},
        "always-blocked": {"blocked_since": date.min},
        "no-alias": {"names": {}},
        "no-alias-of-blocked": {"names": _without(orders, orders.blocked)},
        "no-alias-of-exempt": {"names": _without(orders, orders.exempt)},
        "open-in-week2": {"closed": frozenset({second})},
        "open-in-week3": {"closed": frozenset({first})},
        "no-ceiling": {"chair": orders.director},
    }
    found = {name: (replace(orders, **change), frozenset[str]()) for name, change in changed.items()}
    return found | {flag: (orders, frozenset({flag})) for flag in FLAGS}


def _without(orders: Orders, firm: str) -> dict[str, str]:
    return {other: name for other, name in orders.names.items() if name != firm}


def told_first_in(trap: str) -> int:
    """Return the week from which a trap can change anything, by when the user says what it is about."""
    if trap.startswith(BY_FIRST_MESSAGE):
        return 1
    return 3 if trap in ("leave-not-shortened", "open-in-week3") else 2


BY_FIRST_MESSAGE = (
    "deaf-", "lured-", "one-by-one", "pooled-", "limit-exclusive", "category-", "no-", "own-limit-missed",
    "always-blocked", "weekend-open",
)


def differences(right: list[Answers], naive: list[Answers], trap: str) -> Where:
    """Return the (week, check) pairs that a naive reader fails; what is told later cannot touch earlier weeks.

    An approver counts where the decision is the same, just as the checks judge it.
    """
    found: Where = set()
    for week in range(told_first_in(trap), 4):
        for key, (decision, approver) in right[week - 1].items():
            other = naive[week - 1][key]
            if other[0] != decision:
                found.add((week, "decision"))
            elif other[1] != approver:
                found.add((week, "approver"))
    return found


def late_day(day: date) -> date:
    """Return the last day before ``day`` that is no weekend."""
    day -= DAY
    while day.weekday() > 4:
        day -= DAY
    return day



def _where(text: str) -> Where:
    """Read ``2d 3a`` as decisions of week 2 and approvers of week 3."""
    return {(int(word[0]), "decision" if word[1] == "d" else "approver") for word in text.split()}


_ALIVE = {
    "1d 2d 3d": ["own-limit-missed", "no-block", "deaf-cents", "lured-cents", "pooled-as-typed"],
    "2d 3d": [
        "old-limit", "follow-missed", "claim-believed", "never-exempt", "exempt-to-announced", "own-limit-kept",
        "own-limit-never", "no-alias", "no-alias-of-exempt", "weekend-open",
    ],
    "2d": ["new-limit-for-all", "new-limit-from-week2", "follow-for-all"],
    "3d": [
        "exempt-for-ever", "exempt-day-short", "exempt-to-missed", "always-blocked", "no-alias-of-blocked",
        "open-in-week3", "deaf-category", "deaf-supplier", "lured-category", "lured-supplier", "category-beats-block",
        "exempt-beats-category",
    ],
    "1a 2a 3a": ["no-ceiling", "lured-department"],
    "2a 3a": ["old-head", "new-head-for-all", "leave-missed", "deaf-reference"],
    "2a": ["no-earlier-head", "open-in-week2"],
    "3a": ["leave-not-shortened"],
    "3a 3d": ["no-category"],
    "1a 1d 2a 2d 3a 3d": ["deaf-department"],
    "1d 2d 3a 3d": ["one-by-one"],
    "1d 2a 2d 3d": ["limit-exclusive"],
}
ALIVE = {trap: _where(text) for text, traps in _ALIVE.items() for trap in traps}
ALIVE_AT_LEAST = {"pooled-over-days": _where("1d 2d"), "pooled-over-departments": _where("1d 2d")}
