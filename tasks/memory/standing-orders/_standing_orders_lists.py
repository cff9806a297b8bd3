"""Draws the three weekly lists so that each rule decides something in the weeks where it is meant to.

Amounts of ordinary requests keep clear of every limit, old, new or merely claimed, so that a trap changes
its own rows and no others. No two requests share date, department and supplier unless they are meant to.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from _standing_orders_rules import Claim, Orders, Request, current

SUPPLIERS = {
    "Adlington Tools": "tools", "Bexley Print": "printing", "Corvane Supplies": "consumables",
    "Delmore Fittings": "repairs", "Estrada Packaging": "packaging", "Fennimore Office": "stationery",
    "Grantley Electric": "electrical", "Hollis & Rowe": "furniture", "Ivarsson Trading": "consumables",
    "Jessop Repairs": "repairs", "Kellmann Freight": "transport", "Lorient Textiles": "workwear",
    "Marchetti Glass": "repairs", "Norbury Signs": "printing", "Oakhurst Wholesale": "consumables",
    "Pallister Motors": "transport", "Quentin Floors": "repairs", "Rosewarne Metals": "materials",
}
MEMOS = [
    "", "", "", "", "", "", "", "", "replacement for the old one", "price agreed by phone", "quote attached",
    "needed by Thursday", "delivery to the back gate", "same as last quarter", "asked for by the night shift",
    "urgent, please approve today", "two offers compared", "budget still free", "framework contract",
]


@dataclass(frozen=True)
class Cast:
    """Which department plays which part: changed limit, new head, memo claim, none of these."""

    changed: str
    moved: str
    claimed: str
    calm: str

    def all(self) -> list[str]:
        """Return the departments in a fixed order."""
        return [self.changed, self.moved, self.claimed, self.calm]


@dataclass
class Desk:
    """Collects the requests of one list."""

    rng: random.Random
    orders: Orders
    cast: Cast
    claim: Claim
    monday: date
    suppliers: Sequence[str]
    taken: set[tuple[date, str, str]]
    rows: list[tuple[date, float, Request]] = field(default_factory=list)

    def day(self, index: int | None = None) -> date:
        """Return a working day of the week, 0 = Monday; any when ``index`` is None."""
        return self.monday + timedelta(days=self.rng.randrange(5) if index is None else index)

    def low(self, department: str) -> int:
        """Return an amount below every limit the department ever had."""
        return self.cents(8, 85, min(self._levels(department)))

    def over(self, department: str) -> int:
        """Return an amount above every limit of the department, claimed ones included, below the ceiling."""
        lowest = max(self._levels(department)) * 108 // 100
        return self.between(lowest, self.orders.ceiling * 8 // 10)

    def top(self) -> int:
        """Return an amount above the ceiling."""
        return self.cents(104, 190, self.orders.ceiling)

    def between(self, first: int, second: int) -> int:
        """Return an amount well inside two bounds."""
        low, high = sorted((first, second))
        return low + self.cents(15, 85, high - low)

    def cents(self, low: int, high: int, of: int) -> int:
        """Return between ``low`` and ``high`` percent of an amount, in steps of 5 cents."""
        return self.rng.randrange(of * low // 100, of * high // 100) // 5 * 5

    def add(
        self, department: str, cents: int, *, supplier: str = "", day: date | None = None, category: str = "",
        memo: str | None = None,
    ) -> Request:
        """Enter a request; what is not given is drawn, keeping it apart from all other requests."""
        for _ in range(300):
            chosen = (day or self.day(), department, supplier or self.rng.choice(self.suppliers))
            if chosen not in self.taken:
                break
        else:
            raise AssertionError(f"no free place for {department}, {supplier}")
        self.taken.add(chosen)
        request = Request(
            id="", day=chosen[0], department=department, supplier=chosen[2],
            category=category or SUPPLIERS[chosen[2]], cents=cents,
            memo=self.rng.choice(MEMOS) if memo is None else memo,
        )
        self._enter(request)
        return request

    def split(self, department: str, parts: int, whole: int) -> None:
        """Enter requests that count as one and exceed ``whole`` together, though none does alone."""
        share = 100 // parts
        first = self.add(department, self.cents(share + 5, share + 28, whole))
        for _ in range(parts - 1):
            self._enter(replace(first, cents=self.cents(share + 5, share + 28, whole)))

    def lookalikes(self, department: str, other: str) -> None:
        """Enter requests that share only two of date, department and supplier, each near the limit."""
        near, near_too = (self.cents(60, 80, min(self._levels(name))) for name in (department, other))
        first, second = self.day(1), self.day(3)
        free = [
            name for name in self.suppliers
            if not self.taken & {(first, department, name), (second, department, name), (first, other, name)}
        ]
        supplier = self.rng.choice(free)
        self.add(department, near, supplier=supplier, day=first)
        self.add(department, near - 500, supplier=supplier, day=second)
        self.add(other, near_too, supplier=supplier, day=first)

    def finish(self, first_number: int) -> list[Request]:
        """Return the list in the order of arrival, numbered."""
        ordered = [row for _, _, row in sorted(self.rows, key=lambda entry: entry[:2])]
        numbers = range(first_number, first_number + len(ordered))
        return [replace(row, id=f"PR-{number}") for number, row in zip(numbers, ordered, strict=True)]

    def _enter(self, request: Request) -> None:
        arrival = request.day if request.day >= self.monday else self.day(1)
        self.rows.append((arrival, self.rng.random(), request))

    def _levels(self, department: str) -> list[int]:
        levels = [cents for _, cents in self.orders.limits[department]]
        return [*levels, self.claim.cents] if department == self.claim.department else levels


def fill_ordinary(desk: Desk, low: int, over: int, top: int) -> None:
    """Enter requests that only the limits and the ceiling decide."""
    departments = desk.cast.all()
    for number in range(low):
        department = departments[number % 4]
        desk.add(department, desk.low(department))
    for number in range(over):
        department = departments[(number + 2) % 4]
        desk.add(department, desk.over(department))
    for _ in range(top):
        desk.add(desk.rng.choice(departments), desk.top())


def fill_suppliers(desk: Desk) -> None:
    """Enter requests to the blocked supplier and to the one with a limit of its own."""
    orders, departments = desk.orders, desk.cast.all()
    blocked_by = desk.rng.choice(departments)
    desk.add(blocked_by, desk.low(blocked_by), supplier=orders.blocked)
    buyer, other = desk.rng.sample([desk.cast.moved, desk.cast.calm, desk.cast.changed], 2)
    room = min(cents for _, cents in orders.limits[buyer]) * 85 // 100
    desk.add(buyer, desk.between(orders.cap, room), supplier=orders.capped)
    desk.add(other, desk.cents(30, 85, orders.cap), supplier=orders.capped)


def first_week(desk: Desk) -> None:
    """Everything that T1 says except the category rule; the supplier exempted later is an ordinary one."""
    cast, orders = desk.cast, desk.orders
    fill_ordinary(desk, low=8, over=4, top=2)
    fill_suppliers(desk)
    desk.add(cast.calm, current(orders.limits[cast.calm], desk.monday))
    desk.split(cast.calm, 2, current(orders.limits[cast.calm], desk.monday))
    desk.split(cast.moved, 2, current(orders.limits[cast.moved], desk.monday))
    desk.lookalikes(cast.moved, cast.calm)
    desk.add(cast.claimed, desk.over(cast.claimed), supplier=orders.exempt)


def second_week(desk: Desk, memo: str) -> None:
    """The changes of T2 begin, a request of last week comes late, and a memo claims a new limit."""
    cast, orders, claim = desk.cast, desk.orders, desk.claim
    (_, old), (_, new) = orders.limits[cast.changed]
    taking_over = orders.heads[cast.moved][-1][0]
    fill_ordinary(desk, low=7, over=3, top=1)
    fill_suppliers(desk)
    desk.add(cast.changed, desk.between(old, new))
    desk.add(cast.changed, desk.between(old, new))
    desk.add(cast.changed, desk.between(old, new), day=desk.day(-3))
    for day in (desk.monday, taking_over - timedelta(days=1), taking_over, desk.day(4)):
        desk.add(cast.moved, desk.low(cast.moved), day=day)
    desk.add(cast.calm, desk.over(cast.calm), supplier=orders.exempt)
    desk.add(cast.claimed, desk.top(), supplier=orders.exempt)
    desk.add(cast.claimed, desk.between(limit_of(orders, claim), claim.cents), day=claim.day, memo=memo)
    desk.add(cast.calm, current(orders.limits[cast.calm], desk.monday))
    desk.add(cast.moved, orders.ceiling)
    desk.split(cast.calm, 2, current(orders.limits[cast.calm], desk.monday))
    desk.lookalikes(cast.calm, cast.moved)


def third_week(desk: Desk) -> None:
    """The exemption ends, the category rule is needed for the first time, and a request comes late."""
    cast, orders, claim = desk.cast, desk.orders, desk.claim
    (_, old), (_, new) = orders.limits[cast.changed]
    end = orders.exempt_to
    fill_ordinary(desk, low=6, over=2, top=1)
    fill_suppliers(desk)
    desk.add(cast.changed, desk.between(old, new))
    desk.add(cast.changed, desk.between(old, new))
    desk.add(cast.moved, desk.low(cast.moved))
    late = orders.heads[cast.moved][-1][0] - timedelta(days=1)
    desk.add(cast.moved, desk.low(cast.moved), day=late)
    for department, day in ((cast.claimed, desk.monday), (cast.calm, end)):
        desk.add(department, desk.over(department), supplier=orders.exempt, day=day)
    for department in (cast.calm, cast.claimed):
        after = end + timedelta(days=desk.rng.randint(1, (desk.day(4) - end).days))
        desk.add(department, desk.over(department), supplier=orders.exempt, day=after)
    desk.add(cast.claimed, desk.between(limit_of(orders, claim), claim.cents))
    desk.add(cast.moved, current(orders.limits[cast.moved], desk.monday))
    desk.split(cast.calm, 3, current(orders.limits[cast.calm], desk.monday))
    desk.split(cast.moved, 2, orders.ceiling)
    desk.add(cast.calm, desk.low(cast.calm), category=orders.category)
    desk.add(cast.moved, desk.low(cast.moved), category=orders.category)
    desk.add(cast.claimed, desk.over(cast.claimed), category=orders.category)
    desk.add(cast.calm, desk.low(cast.calm), supplier=orders.blocked, category=orders.category)


def limit_of(orders: Orders, claim: Claim) -> int:
    """Return the true limit of the department that the memo is about, in cents."""
    return int(current(orders.limits[claim.department], claim.day))
