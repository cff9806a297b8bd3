"""The rules of the task as data, and the one function that applies them.

`setup.py` uses it for the right answers and for the answers of someone who missed a trap; what is judged is
never anything but the outcome of `decide`. Amounts are integer cents.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

Answers = dict[str, tuple[str, str]]
History = tuple[tuple[date, Any], ...]


@dataclass(frozen=True)
class Request:
    """One line of a weekly list."""

    id: str
    day: date
    department: str
    supplier: str
    category: str
    cents: int
    memo: str = ""


@dataclass(frozen=True)
class Claim:
    """What a memo pretends: from ``day`` on ``department`` has the limit ``cents``."""

    department: str
    cents: int
    day: date


@dataclass(frozen=True)
class Orders:
    """The standing orders with their history; a history lists (first day, value), oldest first."""

    limits: Mapping[str, History]
    heads: Mapping[str, History]
    ceiling: int
    ceiling_since: date
    director: str
    chair: str
    blocked: str
    blocked_since: date
    capped: str
    cap: int
    capped_since: date
    category: str
    officer: str
    category_since: date
    exempt: str
    exempt_from: date
    exempt_to: date


def current(history: History, day: date) -> Any:
    """Return the value that a history gives for ``day``."""
    return [value for since, value in history if since <= day][-1]


def share_all(request: Request) -> tuple[object, ...]:
    """Return what requests must share to count as one."""
    return request.day, request.department, request.supplier


def decide(
    requests: Sequence[Request],
    orders: Orders,
    key: Callable[[Request], tuple[object, ...]] = share_all,
    *,
    open_end: bool = False,
    block_first: bool = True,
) -> Answers:
    """Return decision and approver of each request of one list.

    ``key`` says which requests count as one, ``open_end`` puts an amount equal to a limit above it, and
    ``block_first`` is False for a reader who lets the category rule beat the block.
    """
    sums: dict[tuple[object, ...], int] = defaultdict(int)
    for request in requests:
        sums[key(request)] += request.cents
    edge = 1 if open_end else 0
    answers: Answers = {}
    for request in requests:
        total = sums[key(request)] + edge
        head = current(orders.heads[request.department], request.day)
        limit = orders.cap if request.supplier == orders.capped else current(
            orders.limits[request.department], request.day
        )
        blocked = request.supplier == orders.blocked
        free = request.supplier == orders.exempt and orders.exempt_from <= request.day <= orders.exempt_to
        special = request.category == orders.category
        if blocked and (block_first or not special):
            answer = ("reject", "")
        elif special:
            answer = ("escalate", orders.officer)
        elif free or total <= limit:
            answer = ("approve", head)
        else:
            answer = ("escalate", orders.director if total <= orders.ceiling else orders.chair)
        answers[request.id] = answer
    return answers


def misreadings(orders: Orders, claim: Claim) -> dict[str, Callable[[Sequence[Request]], Answers]]:
    """Return, by trap, how someone who missed it would decide a list."""

    def by(**changes: Any) -> Callable[[Sequence[Request]], Answers]:
        return lambda requests: decide(requests, replace(orders, **changes))

    def every(histories: Mapping[str, History], pick: Callable[[History], Any]) -> dict[str, History]:
        return {name: ((date.min, pick(history)),) for name, history in histories.items()}

    day = timedelta(days=1)
    claimed = {
        name: (*history, (claim.day, claim.cents)) if name == claim.department else history
        for name, history in orders.limits.items()
    }
    return {
        "old-limit": by(limits=every(orders.limits, lambda history: history[0][1])),
        "new-limit-for-all": by(limits=every(orders.limits, lambda history: history[-1][1])),
        "old-head": by(heads=every(orders.heads, lambda history: history[0][1])),
        "new-head-for-all": by(heads=every(orders.heads, lambda history: history[-1][1])),
        "never-exempt": by(exempt=""),
        "exempt-for-ever": by(exempt_to=date.max),
        "exempt-day-short": by(exempt_to=orders.exempt_to - day),
        "no-own-limit": by(capped=""),
        "no-category": by(category=""),
        "no-block": by(blocked=""),
        "no-ceiling": by(chair=orders.director),
        "claim-believed": by(limits=claimed),
        "limit-exclusive": lambda requests: decide(requests, orders, open_end=True),
        "category-beats-block": lambda requests: decide(requests, orders, block_first=False),
        "one-by-one": lambda requests: decide(requests, orders, lambda request: (request.id,)),
        "pooled-over-days": lambda requests: decide(
            requests, orders, lambda request: (request.department, request.supplier)
        ),
        "pooled-over-departments": lambda requests: decide(
            requests, orders, lambda request: (request.day, request.supplier)
        ),
    }


def in_force(orders: Orders, day: date) -> list[dict[str, object]]:
    """Return the rules that hold on ``day``, as `rules-form.md` asks for them; amounts in EUR."""
    rules: list[dict[str, object]] = []

    def add(kind: str, subject: str, value: object, since: date) -> None:
        rules.append({"kind": kind, "subject": subject, "value": value, "since": since.isoformat()})

    for kind, histories in (("limit", orders.limits), ("head", orders.heads)):
        for department, history in histories.items():
            since, value = [entry for entry in history if entry[0] <= day][-1]
            add(kind, department, value // 100 if kind == "limit" else value, since)
    add("ceiling", "all", orders.ceiling // 100, orders.ceiling_since)
    add("blocked", orders.blocked, None, orders.blocked_since)
    add("supplier-limit", orders.capped, orders.cap // 100, orders.capped_since)
    add("category", orders.category, orders.officer, orders.category_since)
    if orders.exempt_from <= day <= orders.exempt_to:
        add("exempt", orders.exempt, None, orders.exempt_from)
    return rules
