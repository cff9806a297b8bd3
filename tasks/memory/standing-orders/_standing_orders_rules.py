"""The rules of the task as data, and the one function that applies them.

`setup.py` uses it for the right answers and for the answers of someone who missed a trap; what is judged is
never anything but the outcome of `decide`. Amounts are integer cents.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

Answers = dict[str, tuple[str, str]]
History = tuple[tuple[date, Any], ...]
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Request:
    """One line of a weekly list.

    ``truth`` holds the columns that its memo corrects, ``lure`` those that a hasty reader would correct. A memo
    with ``refers`` leans on the one of the request with that ``mark``.
    """

    id: str
    day: date
    department: str
    supplier: str
    category: str
    cents: int
    memo: str = ""
    truth: Mapping[str, Any] = field(default_factory=dict)
    lure: Mapping[str, Any] = field(default_factory=dict)
    mark: str = ""
    refers: str = ""


@dataclass(frozen=True)
class Claim:
    """What a memo pretends: from ``day`` on ``department`` has the limit ``cents``."""

    department: str
    cents: int
    day: date


@dataclass(frozen=True)
class Orders:
    """The standing orders with their history; a history lists (first day, value), oldest first.

    The departments stand in the order of the user's list, the last day of a span belongs to it, and ``names``
    gives the first name of a firm that has two.
    """

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
    capped_until: date
    category: str
    officer: str
    category_since: date
    exempt: str
    exempt_from: date
    exempt_to: date
    names: Mapping[str, str]
    closed: frozenset[date]
    away: str
    leave: tuple[date, date]


def current(history: History, day: date) -> Any:
    """Return the value that a history gives for ``day``."""
    return [value for since, value in history if since <= day][-1]


def counted(day: date, closed: frozenset[date], weekends: bool = True) -> date:
    """Return the day as which a date counts: itself, or the next day that is open."""
    while day in closed or (weekends and day.weekday() > 4):
        day += DAY
    return day


def signs(orders: Orders, department: str, day: date) -> str:
    """Return who signs as head on ``day``: during the leave, the head of the next department."""
    names = list(orders.heads)
    if department == orders.away and orders.leave[0] <= day <= orders.leave[1]:
        department = names[(names.index(department) + 1) % len(names)]
    return str(current(orders.heads[department], day))


def read(request: Request, orders: Orders, slips: frozenset[str]) -> Request:
    """Return the request as it counts: memo heard, day open, firm by its first name."""
    changes = {key: value for key, value in request.truth.items() if f"deaf-{key}" not in slips}
    if request.refers and "deaf-reference" in slips:
        changes = {}
    changes |= {key: value for key, value in request.lure.items() if f"lured-{key}" in slips}
    day = counted(request.day, orders.closed, "weekend-open" not in slips)
    heard = replace(request, **changes)
    return replace(heard, day=day, supplier=orders.names.get(heard.supplier, heard.supplier))


def share(request: Request, typed: str, slips: frozenset[str]) -> tuple[object, ...]:
    """Return what requests must share to count as one; ``typed`` is the department of the column."""
    if "one-by-one" in slips:
        return (request.id,)
    if "pooled-as-typed" in slips:
        request = replace(request, department=typed)
    if "pooled-over-days" in slips:
        return request.department, request.supplier
    if "pooled-over-departments" in slips:
        return request.day, request.supplier
    return request.day, request.department, request.supplier


def decide(requests: Sequence[Request], orders: Orders, slips: frozenset[str] = frozenset()) -> Answers:
    """Return decision and approver of each request of one list, by a reader who makes the slips named."""
    rows = [read(request, orders, slips) for request in requests]
    keys = [share(row, request.department, slips) for row, request in zip(rows, requests, strict=True)]
    sums: dict[tuple[object, ...], int] = defaultdict(int)
    for row, key in zip(rows, keys, strict=True):
        sums[key] += row.cents
    answers: Answers = {}
    for row, key in zip(rows, keys, strict=True):
        total = sums[key] + ("limit-exclusive" in slips)
        own = row.supplier == orders.capped and orders.capped_since <= row.day < orders.capped_until
        limit = orders.cap if own else current(orders.limits[row.department], row.day)
        blocked = row.supplier == orders.blocked and orders.blocked_since <= row.day
        free = row.supplier == orders.exempt and orders.exempt_from <= row.day <= orders.exempt_to
        special = row.category == orders.category and orders.category_since <= row.day
        special = special and not (free and "exempt-beats-category" in slips)
        if blocked and not (special and "category-beats-block" in slips):
            answer = ("reject", "")
        elif special:
            answer = ("escalate", orders.officer)
        elif free or total <= limit:
            answer = ("approve", signs(orders, row.department, row.day))
        else:
            answer = ("escalate", orders.director if total <= orders.ceiling else orders.chair)
        answers[row.id] = answer
    return answers


def at_first(orders: Orders) -> Orders:
    """Return the orders as far as limits go when the first list was decided; a change may reach back before it."""
    return replace(orders, limits={name: history[:1] for name, history in orders.limits.items()})


def decide_all(
    lists: Sequence[Sequence[Request]], orders: Orders, slips: frozenset[str] = frozenset()
) -> list[Answers]:
    """Return the answers of each list, the first by what had been said by then."""
    first, *later = lists
    return [decide(first, at_first(orders), slips), *(decide(rows, orders, slips) for rows in later)]


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
    if day < orders.capped_until:
        add("supplier-limit", orders.capped, orders.cap // 100, orders.capped_since)
    add("category", orders.category, orders.officer, orders.category_since)
    if orders.exempt_from <= day <= orders.exempt_to:
        add("exempt", orders.exempt, None, orders.exempt_from)
    return rules
