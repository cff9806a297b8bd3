"""Draws the three weekly lists so that each rule decides something in the weeks where it is meant to.

Amounts of ordinary requests keep clear of every limit, old, new or merely claimed, so that a trap changes
its own rows and no others. No two requests share date, department and supplier unless they are meant to.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from _standing_orders_memos import ANNOUNCED, CLAIMS, DELIVERED, EXTENDED, MISSED, PLAIN, SAME, Memos, spoken
from _standing_orders_rules import DAY, Claim, Orders, Request, counted, current

SUPPLIERS = {
    "Adlington Tools": "tools", "Bexley Print": "printing", "Corvane Supplies": "consumables",
    "Delmore Fittings": "repairs", "Estrada Packaging": "packaging", "Fennimore Office": "stationery",
    "Grantley Electric": "electrical", "Hollis & Rowe": "furniture", "Ivarsson Trading": "consumables",
    "Jessop Repairs": "repairs", "Kellmann Freight": "transport", "Lorient Textiles": "workwear",
    "Marchetti Glass": "repairs", "Norbury Signs": "printing", "Oakhurst Wholesale": "consumables",
    "Pallister Motors": "transport", "Quentin Floors": "repairs", "Rosewarne Metals": "materials",
}
SECOND_NAMES = [
    "Northgate Direct", "Silverline Supply", "Harbour & Pike", "Tamsin Brothers", "Elmfield Service",
    "Castell Depot",
]


class NoPlace(Exception):
    """No place is left for a request that must stand alone."""


@dataclass(frozen=True)
class Cast:
    """Which department plays which part.

    ``changed`` gets another limit, ``claimed`` the same one a little later and a memo that claims a third,
    ``moved`` a new head; the head of ``calm`` goes on leave.
    """

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
    memos: Memos
    rows: list[tuple[date, float, Request]] = field(default_factory=list)

    def open_days(self, first: int = 0, last: int = 4) -> list[date]:
        """Return the open days of the week, 0 = Monday, from ``first`` to ``last``."""
        days = [self.monday + timedelta(days=index) for index in range(first, last + 1)]
        return [day for day in days if day not in self.orders.closed]

    def day(self, first: int = 0, last: int = 4) -> date:
        """Return one of the open days."""
        return self.rng.choice(self.open_days(first, last))

    def low(self, department: str, *others: str) -> int:
        """Return an amount below every limit the department, and the others, ever had."""
        return self.cents(8, 85, min(min(self._levels(name)) for name in (department, *others)))

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

    def add(self, department: str, cents: int, **given: Any) -> Request:
        """Enter a request; what is not given is drawn, keeping it apart from all other requests."""
        memo = given.pop("memo", None)
        names = [department, *(given.get(kind, {}).get("department", department) for kind in ("truth", "lure"))]
        for _ in range(300):
            day, supplier = given.get("day") or self.day(), given.get("supplier") or self.rng.choice(self.suppliers)
            when, firm = counted(day, self.orders.closed), self.orders.names.get(supplier, supplier)
            places = {(when, name, firm) for name in names} | {(day, name, firm) for name in names}
            if not places & self.taken:
                break
        else:
            raise NoPlace(department)
        self.taken |= places
        given |= {"day": day, "supplier": supplier, "memo": self.rng.choice(PLAIN) if memo is None else memo}
        given.setdefault("category", SUPPLIERS.get(firm))
        request = Request(id="", department=department, cents=cents, **given)
        self.enter(request)
        return request

    def corrected(self, department: str, cents: int, column: str, value: Any, **given: Any) -> Request:
        """Enter a request whose memo corrects a column."""
        memo = self._memo(True, department, cents, column, value)
        return self.add(department, cents, truth={column: value}, memo=memo, **given)

    def lured(self, department: str, cents: int, column: str, value: Any) -> None:
        """Enter a request whose memo names another value for a column that is right."""
        memo = self._memo(False, department, cents, column, value)
        self.add(department, cents, lure={column: value}, memo=memo)

    def split(self, department: str, parts: int, whole: int) -> None:
        """Enter requests that count as one and exceed ``whole`` together, though none does alone."""
        share = 100 // parts
        first = self.add(department, self.cents(share + 5, share + 28, whole))
        for _ in range(parts - 1):
            self.enter(replace(first, cents=self.cents(share + 5, share + 28, whole)))

    def pair(self, department: str, days: tuple[date, date], suppliers: tuple[str, str] = ("", "")) -> None:
        """Enter two requests on dates, or to names, that come to the same, above the limit together."""
        whole = current(self.orders.limits[department], days[1])
        first = self.add(department, self.cents(60, 85, whole), day=days[0], supplier=suppliers[0])
        other = suppliers[1] or first.supplier
        self.taken.add((days[1], department, self.orders.names.get(other, other)))
        self.enter(replace(first, day=days[1], supplier=other, cents=self.cents(60, 85, whole), memo=""))

    def misplaced(self, owner: str, typist: str) -> None:
        """Enter two requests that count as one only when a memo has given the second to its owner."""
        day = self.day()
        whole = current(self.orders.limits[owner], day)
        first = self.add(owner, self.cents(55, 80, whole), lure={"department": typist}, day=day)
        truth = {"department": owner}
        memo = self._memo(True, typist, 0, "department", owner)
        self.rows[-1] = (*self.rows[-1][:2], replace(first, lure={}))
        cents = self.cents(55, 80, whole)
        self.enter(replace(first, department=typist, cents=cents, memo=memo, truth=truth, lure={}))

    def overstated(self, department: str) -> None:
        """Enter two requests that count as one and stay below the limit only by the amount a memo gives."""
        day = self.day()
        whole = current(self.orders.limits[department], day)
        first = self.add(department, self.cents(40, 60, whole), day=day)
        right = self.cents(10, 30, whole)
        typed = self.cents(70, 85, whole)
        memo = self._memo(True, department, typed, "cents", right)
        self.enter(replace(first, cents=typed, memo=memo, truth={"cents": right}))

    def lookalikes(self, department: str, other: str) -> None:
        """Enter requests that share only two of date, department and supplier, each near the limit."""
        near, near_too = (self.cents(60, 80, min(self._levels(name))) for name in (department, other))
        first, *_, second = self.open_days(0, 3)
        free = [
            name for name in self.suppliers
            if not self.taken & {(first, department, name), (second, department, name), (first, other, name)}
        ]
        supplier = self.rng.choice(free)
        self.add(department, near, supplier=supplier, day=first)
        self.add(department, near - 500, supplier=supplier, day=second)
        self.add(other, near_too, supplier=supplier, day=first)

    def finish(self, first_number: int, marks: dict[str, str]) -> list[Request]:
        """Return the list in the order of arrival, numbered; ``marks`` collects which id bears which mark."""
        ordered = [row for _, _, row in sorted(self.rows, key=lambda entry: entry[:2])]
        rows = [replace(row, id=f"PR-{number}") for number, row in enumerate(ordered, start=first_number)]
        marks |= {row.mark: row.id for row in rows if row.mark}
        return [replace(row, memo=row.memo.replace("{ref}", marks.get(row.refers, ""))) for row in rows]

    def enter(self, request: Request) -> None:
        """Put a request on the list as it is."""
        late = self.monday + timedelta(days=self.rng.randrange(4))
        self.rows.append((request.day if request.day >= self.monday else late, self.rng.random(), request))

    def _memo(self, true: bool, department: str, cents: int, column: str, value: Any) -> str:
        third = self.rng.choice([name for name in self.cast.all() if name not in (department, value)])
        return (self.memos.true if true else self.memos.lure)(column, value, third, cents)

    def _levels(self, department: str) -> list[int]:
        levels = [cents for _, cents in self.orders.limits[department]]
        return [*levels, self.claim.cents] if department == self.claim.department else levels


def fill(desk: Desk, low: int, over: int, top: int) -> None:
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


def fill_special(desk: Desk, days: Sequence[date]) -> None:
    """Enter a request to the blocked supplier, and one a day that only the capped supplier's limit stops."""
    orders, departments = desk.orders, desk.cast.all()
    blocked_by = desk.rng.choice(departments)
    desk.add(blocked_by, desk.low(blocked_by), supplier=orders.blocked)
    for day in days:
        buyer = desk.rng.choice([desk.cast.moved, desk.cast.changed])
        room = min(cents for _, cents in orders.limits[buyer]) * 85 // 100
        desk.add(buyer, desk.between(orders.cap, room), supplier=orders.capped, day=day)
    other = desk.rng.choice(departments)
    desk.add(other, desk.cents(30, 85, orders.cap), supplier=orders.capped)


def fill_memos(desk: Desk) -> None:
    """Enter requests whose memos correct a column, and requests whose memos only seem to."""
    low, over = desk.low, desk.over
    first, second, third = desk.rng.sample([desk.cast.changed, desk.cast.moved, desk.cast.claimed], 3)
    desk.corrected(first, low(first, second), "department", second)
    desk.misplaced(third, desk.cast.calm)
    desk.lured(third, low(third, first), "department", first)
    desk.corrected(second, low(second), "cents", over(second))
    desk.corrected(third, over(third), "cents", low(third))
    desk.lured(desk.cast.calm, low(desk.cast.calm), "cents", over(desk.cast.calm))
    desk.overstated(desk.rng.choice([first, second, third]))


def refer(desk: Desk, mark: str, department: str, owner: str, day: date) -> None:
    """Enter a request whose memo leans on that of the request with the mark."""
    memo, low = desk.memos.pick("same", SAME, ref="{ref}"), desk.low(department, owner)
    desk.add(department, low, truth={"department": owner}, refers=mark, memo=memo, day=day)


def first_week(desk: Desk) -> None:
    """Much of what T1 says, but no category, second name, leave or late request."""
    cast, orders = desk.cast, desk.orders
    calm, moved = (current(orders.limits[name], desk.monday) for name in (cast.calm, cast.moved))
    fill(desk, low=4, over=3, top=2)
    fill_special(desk, [desk.day()])
    fill_memos(desk)
    desk.add(cast.calm, calm)
    desk.split(cast.calm, 2, calm)
    desk.split(cast.moved, 2, moved)
    desk.lookalikes(cast.moved, cast.calm)
    desk.add(cast.claimed, desk.over(cast.claimed), supplier=orders.exempt)


def second_week(desk: Desk, before_head: date, announced: date) -> None:
    """The changes of T2 begin, requests of earlier weeks come late, and a memo claims a new limit."""
    cast, orders, claim = desk.cast, desk.orders, desk.claim
    (_, old), (retro, new) = orders.limits[cast.changed]
    (_, before), (_, same) = orders.limits[cast.claimed]
    taking_over = orders.heads[cast.moved][-1][0]
    last_week = desk.monday - timedelta(days=7)
    fill(desk, low=4, over=3, top=1)
    fill_special(desk, [desk.monday, max(desk.open_days())])
    fill_memos(desk)
    for mark in ("first", "second"):
        low = desk.low(cast.changed, cast.claimed)
        desk.corrected(cast.changed, low, "department", cast.claimed, mark=mark, day=desk.day(0, 1))
    refer(desk, "first", cast.changed, cast.claimed, desk.day(3))
    for day in (desk.day(), last_week + timedelta(days=desk.rng.randint(retro.weekday(), 4)), last_week):
        desk.add(cast.changed, desk.between(old, new), day=day)
    for day in (desk.day(), desk.monday - desk.rng.randint(1, 2) * DAY, last_week + 4 * DAY):
        desk.add(cast.claimed, desk.between(before, same), day=day)
    for day in (desk.monday, taking_over - DAY, taking_over, desk.day(4)):
        desk.add(cast.moved, desk.low(cast.moved), day=day)
    for day in (desk.monday, taking_over, before_head):
        desk.add(cast.calm, desk.low(cast.calm), day=day)
    desk.add(cast.calm, desk.over(cast.calm), supplier=orders.exempt, day=desk.day(0, 1))
    desk.add(cast.claimed, desk.top(), supplier=second_name(orders, orders.exempt), day=desk.day(4))
    text = desk.memos.pick(
        "claim", CLAIMS, department=claim.department, amount=claim.cents // 100, day=spoken(claim.day)
    )
    desk.add(cast.claimed, desk.between(max(before, same), claim.cents), day=claim.day, memo=text)
    text = desk.memos.pick("announced", ANNOUNCED, firm=orders.exempt, day=spoken(announced))
    desk.add(cast.changed, desk.low(cast.changed), day=desk.day(0, 1), memo=text)
    desk.add(cast.calm, current(orders.limits[cast.calm], desk.monday))
    desk.add(cast.moved, orders.ceiling)
    desk.split(cast.calm, 2, current(orders.limits[cast.calm], desk.monday))
    desk.lookalikes(cast.moved, cast.calm)


def third_week(desk: Desk, before_block: date, leave_to: date) -> None:
    """The exemption and the leave end, the category is needed for the first time, and old requests come."""
    cast, orders = desk.cast, desk.orders
    (_, old), (_, new) = orders.limits[cast.changed]
    (_, before), (_, same) = orders.limits[cast.claimed]
    before_change = max(orders.heads[cast.moved][-1][0] - 2 * DAY, desk.monday - 7 * DAY)
    fill(desk, low=4, over=2, top=1)
    fill_special(desk, [before_change])
    fill_memos(desk)
    refer(desk, "second", cast.changed, cast.claimed, desk.day())
    desk.corrected(cast.changed, desk.low(cast.changed), "supplier", second_name(orders, orders.blocked))
    desk.lured(cast.claimed, desk.low(cast.claimed), "supplier", orders.blocked)
    desk.add(cast.changed, desk.low(cast.changed), supplier=orders.blocked, day=before_block)
    desk.add(cast.moved, desk.low(cast.moved), supplier=second_name(orders, orders.blocked))
    room = min(cents for _, cents in orders.limits[cast.moved]) * 85 // 100
    desk.add(cast.moved, desk.between(orders.cap, room), supplier=orders.capped)
    desk.add(cast.changed, desk.between(old, new))
    desk.add(cast.claimed, desk.between(before, same))
    desk.add(cast.claimed, desk.between(max(before, same), desk.claim.cents))
    desk.add(cast.moved, desk.low(cast.moved), day=before_change)
    ended = orders.leave[1].weekday()
    for day in (before_change, desk.day(0, ended), desk.day(ended + 1, leave_to.weekday())):
        desk.add(cast.calm, desk.low(cast.calm), day=day)
    closed = next(day for day in orders.closed if day >= desk.monday)
    desk.pair(cast.moved, (closed, closed + DAY))
    desk.pair(cast.changed, (desk.monday - 2 * DAY, desk.monday))
    third_week_exempt(desk)
    third_week_category(desk)
    desk.add(cast.moved, current(orders.limits[cast.moved], desk.monday))
    desk.split(cast.calm, 3, current(orders.limits[cast.calm], desk.monday))
    desk.split(cast.moved, 2, orders.ceiling)


def third_week_exempt(desk: Desk) -> None:
    """Enter requests to the exempt firm before, on and after the day of its first delivery, and the news of it."""
    cast, orders = desk.cast, desk.orders
    end, firm = orders.exempt_to, orders.exempt
    desk.add(cast.claimed, desk.over(cast.claimed), supplier=second_name(orders, firm), day=desk.monday)
    desk.add(cast.calm, desk.over(cast.calm), supplier=firm, day=end)
    first = desk.day(end.weekday() + 1)
    text = desk.memos.pick("extended", EXTENDED, firm=firm)
    desk.add(cast.calm, desk.over(cast.calm), supplier=firm, day=first, memo=text)
    desk.add(cast.claimed, desk.over(cast.claimed), supplier=firm, day=desk.day(end.weekday() + 1))
    desk.pair(cast.changed, (first, first), (firm, second_name(orders, firm)))
    text = desk.memos.pick("missed", MISSED, firm=firm, day=spoken(desk.monday))
    desk.add(cast.changed, desk.low(cast.changed), day=desk.day(1), memo=text)
    text = desk.memos.pick("delivered", DELIVERED, firm=second_name(orders, firm), day=spoken(end))
    desk.add(cast.moved, desk.low(cast.moved), day=desk.day(end.weekday() + 1), memo=text)


def third_week_category(desk: Desk) -> None:
    """Enter requests of the category: by column, by memo, in name only, blocked and exempt."""
    cast, orders = desk.cast, desk.orders
    kind = orders.category
    desk.add(cast.calm, desk.low(cast.calm), category=kind)
    desk.add(cast.claimed, desk.over(cast.claimed), category=kind)
    desk.add(cast.claimed, desk.low(cast.claimed), supplier=orders.blocked, category=kind)
    desk.add(cast.moved, desk.low(cast.moved), supplier=orders.exempt, category=kind, day=desk.monday)
    for department in (cast.changed, cast.moved):
        desk.corrected(department, desk.low(department), "category", kind)
        desk.lured(department, desk.low(department), "category", kind)


def second_name(orders: Orders, firm: str) -> str:
    """Return the other name of a firm that has two."""
    return next(other for other, first in orders.names.items() if first == firm)
