"""What the sales table says, and what it says for somebody who slips.

`reckon` without slips is the truth. `TRAPS` maps each slip to exactly the checks it must cost; a drawn world in
which a slip costs nothing, or costs something else, is refused.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

ALL = {"keys", "net", "orders", "total"}
MONEY = {"net", "total"}

TRAPS = {
    "decimal-comma": MONEY,
    "month-first": ALL,
    "cancelled-kept": ALL,
    "umlauts-lost": {"net", "orders", "total"},
    "copies-twice": {"net", "orders", "total"},
    "returns-twice": MONEY,
    "merged-by-look": {"net", "orders", "total"},
    "one-return-each": MONEY,
    "by-prefix": {"keys", "net", "orders"},
    "no-returns": {"keys", "net", "total"},
    "returns-at-order": {"keys", "net", "total"},
    "order-rate": MONEY,
    "sign-twice": MONEY,
    "inverse-rate": MONEY,
    "last-rate": MONEY,
    "returns-counted": {"orders"},
    "returned-uncounted": {"orders"},
}


@dataclass(frozen=True)
class Return:
    """One parcel that came back."""

    on: date
    cents: int


@dataclass(frozen=True)
class Order:
    """One order as it happened; ``shop`` is where it was placed, ``copy`` the other export it is in."""

    number: str
    shop: str
    at: datetime
    customer: str
    region: str
    spelling: str
    currency: str
    cents: int
    cancelled: bool = False
    returns: tuple[Return, ...] = ()
    copy: str = ""
    copy_spelling: str = ""

    @property
    def look(self) -> tuple:
        return self.shop, self.at.date(), self.customer, self.region, self.currency, self.cents


@dataclass
class Table:
    """The figures by (month, region)."""

    net: dict[tuple[str, str], Fraction | float]
    """In cents."""
    orders: dict[tuple[str, str], int]

    @property
    def total(self) -> Fraction | float:
        return sum(self.net.values())


def month_of(day: date) -> str:
    """Return ``YYYY-MM``."""
    return f"{day.year}-{day.month:02}"


def reckon(orders: list[Order], rates: dict, slip: str = "") -> Table:
    """Return the table; ``rates`` maps (month, currency) to units of the currency per EUR."""
    table = Table(defaultdict(int), defaultdict(int))
    looks = set()
    for order in orders:
        if order.cancelled and slip != "cancelled-kept":
            continue
        if slip == "umlauts-lost" and order.shop == "kontor" and not order.spelling.isascii():
            continue
        if slip == "merged-by-look":
            if order.look in looks:
                continue
            looks.add(order.look)
        _enter(table, order, rates, slip)
    for key in table.net:
        table.orders[key] += 0
    return table


def _enter(table: Table, order: Order, rates: dict, slip: str) -> None:
    region = "South" if slip == "by-prefix" and order.region.startswith("South") else order.region

    def euro(cents: int, day: date) -> Fraction | float:
        if slip == "decimal-comma" and order.shop == "kontor":
            cents *= 100
        rate = rates[f"{day.year}-12" if slip == "last-rate" else month_of(day), order.currency]
        return cents * (rate if slip == "inverse-rate" else 1 / rate)

    times = 2 if order.copy and slip == "copies-twice" else 1
    ordered = _read(order.at.date(), order, slip)
    key = (month_of(ordered), region)
    table.net[key] += times * euro(order.cents, ordered)
    full = sum(back.cents for back in order.returns) == order.cents
    if not (full and slip == "returned-uncounted"):
        table.orders[key] += times
    if slip == "no-returns":
        return
    if order.copy and slip == "returns-twice":
        times = 2
    for back in order.returns[: 1 if slip == "one-return-each" else None]:
        on = ordered if slip == "returns-at-order" else _read(back.on, order, slip)
        key = (month_of(on), region)
        sign = -1 if slip == "sign-twice" and order.shop == "bazaar" else 1
        table.net[key] -= times * sign * euro(back.cents, ordered if slip == "order-rate" else on)
        table.orders[key] += slip == "returns-counted"


def _read(day: date, order: Order, slip: str) -> date:
    if slip == "month-first" and order.shop == "bazaar" and day.day <= 12:
        return date(day.year, day.day, day.month)
    return day


def lost_checks(truth: Table, other: Table) -> set[str]:
    """Return the checks that ``other`` fails clearly when ``truth`` is right."""
    common = truth.net.keys() & other.net.keys()
    lost = set()
    if truth.net.keys() != other.net.keys():
        lost.add("keys")
    if any(abs(truth.net[key] - other.net[key]) > 3 for key in common):
        lost.add("net")
    if any(truth.orders[key] != other.orders[key] for key in common):
        lost.add("orders")
    if abs(truth.total - other.total) > 3 * len(truth.net):
        lost.add("total")
    return lost


def dead_traps(orders: list[Order], rates: dict) -> list[str]:
    """Return the slips that do not cost exactly what they should. Floats are exact enough here, and fast."""
    rates = {key: float(rate) for key, rate in rates.items()}
    truth = reckon(orders, rates)
    return [
        f"{slip}: {sorted(lost)}"
        for slip, costs in TRAPS.items()
        if (lost := lost_checks(truth, reckon(orders, rates, slip))) != costs
    ]
