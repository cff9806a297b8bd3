"""Draws settings, databases of the old form, old quotes and orders."""

import json
import math
import random
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

Rows = dict[str, list[list[Any]]]
SKUS = ("tea", "pot", "urn", "cup", "tin", "honey", "saffron", "filter", "kettle", "tray")
MORE = (("CHF", 2, 7.5), ("SEK", 2, 59), ("NOK", 2, 65.5), ("DKK", 2, 39.5))
ODD = (("BHD", 3, 1.255), ("TND", 3, 9.995), ("OMR", 3, 1.205), ("JOD", 3, 2.125))
WHOLE = (("ISK", 0, 900), ("KRW", 0, 4500), ("CLP", 0, 3990), ("VND", 0, 60000))
OLD = {
    "orders": 8,
    "lines": 7,
    "refunds": 5,
    "payments": 3,
    "cards": 3,
    "bank_inbox": 3,
}


def settings(rng: random.Random) -> dict[str, Any]:
    """Return what operators have set."""
    kinds = [("EUR", 2, 4.9), ("JPY", 0, 800), ("KWD", 3, 1.255)]
    kinds += [rng.choice(MORE), rng.choice(ODD), rng.choice(WHOLE)]
    return {
        "home": "EUR",
        "currencies": {name: digits for name, digits, _ in kinds},
        "shipping": {name: fee for name, _, fee in kinds},
        "free_shipping_from": rng.choice([50, 60, 75, 80]),
        "review_above": rng.choice([500, 750, 1000]),
        "plugins": ["plugins.loyalty"],
    }


def amount(rng: random.Random, digits: int, least: int = 100, most: int = 400_000) -> float:
    """Return an amount as a float."""
    return rng.randrange(least, most) / 10**digits


def till(value: float, digits: int) -> str:
    """Return an amount as a till prints it."""
    return f"{value:,.{digits}f}".translate(str.maketrans(",.", ".,"))


def residue(rng: random.Random, value: float) -> float:
    """Return a float next to another, as sums leave it."""
    return math.nextafter(value, rng.choice([0, math.inf]))


def half(rng: random.Random, digits: int) -> float:
    """Return a float just below an amount that lies between two units."""
    for _ in range(500):
        value = (rng.randrange(100, 90_000) * 10 + 5) / 10 ** (digits + 1)
        below = math.nextafter(value, 0)
        if digits and f"{below:.12g}" == f"{value:.12g}" != repr(below):
            return below
    return rng.randrange(100, 9_000) + 0.5


def told_right(total: Any, digits: int) -> bool:
    """Return whether an old receipt tells a total as it is once migrated: not where a float missed a half."""
    exact = Decimal(f"{total:.12g}") if isinstance(total, float) else None
    return exact is None or round(total, digits) == float(
        exact.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    )


def lines(rng: random.Random, digits: int, tiny: bool = True) -> list[dict[str, Any]]:
    """Return the lines of a request: ``tiny`` prices with up to five decimals, quantities with up to three."""
    found = []
    for sku in rng.sample(SKUS, rng.randrange(1, 5)):
        kind = rng.randrange(4 if tiny else 3)
        qty: float = rng.choice([1, 2, 3, 5, 12]) if kind < 2 else rng.randrange(50, 4000) / 1000
        price = amount(rng, digits, 50, 9000)
        if kind == 3:
            qty, price = rng.randrange(100, 3000), rng.randrange(100, 99_000) / 100_000
        found.append({"sku": sku, "qty": qty, "price": price})
    return found


def halves(rng: random.Random, digits: int) -> list[dict[str, Any]]:
    """Return lines whose amounts lie between two units, on the wrong side as floats."""
    found: list[dict[str, Any]] = []
    while len(found) < 3:
        qty, price = rng.randrange(1, 40) * 5 / 1000, rng.randrange(101, 3000) / 10**digits
        exact = Decimal(repr(qty)) * Decimal(repr(price))
        places = (exact * 10**digits) % 1
        if places == Decimal("0.5") and (not digits or Decimal(qty * price) < exact):
            found.append({"sku": rng.choice(SKUS), "qty": qty, "price": price})
    return found


class Old:
    """A database of the old form. The given one is tame: the shapes of ``wild`` lie in hidden ones only."""

    def __init__(self, rng: random.Random, config: dict[str, Any], count: int, wild: bool) -> None:
        self.rng, self.config, self.wild = rng, config, wild
        self.rows: Rows = {name: [] for name in OLD}
        self.prefix = f"{rng.choice('ABDEFGH')}{rng.randrange(10, 99)}"
        names = list(config["currencies"])
        for place in range(count):
            self._order(f"{self.prefix}-{place:03d}", names[place % len(names)], place)
        self._cards()

    def money(self, value: float, digits: int) -> Any:
        """Return an amount in one of the ways it may lie there."""
        kind = self.rng.randrange(10)
        if kind < 5:
            return value
        if kind < 7:
            return residue(self.rng, value)
        return half(self.rng, digits) if kind == 7 and self.wild else value

    def _order(self, number: str, currency: str, place: int) -> None:
        rng, digits = self.rng, self.config["currencies"][currency]
        day = f"2025-0{rng.randrange(1, 4)}-{rng.randrange(1, 29):02d}"
        total: Any = self.money(amount(rng, digits), digits)
        if place % 9 == 8:
            total = rng.choice([None, ""]) if self.wild else None
        elif place % 9 == 3:
            total = till(amount(rng, digits, 150_000), digits)
        elif place % 9 == 7 and self.wild:
            total = till(rng.randrange(1000, 9000), 0)
        row = [number, f"C{rng.randrange(10, 60)}", day, currency, total, self.config["shipping"][currency]]
        self.rows["orders"].append(
            [*row, self.money(amount(rng, digits, 0, 300), digits), rng.choice([0, 5, 10])]
        )
        for pos in range(2):
            net, qty = self.money(amount(rng, digits, 100, 90_000), digits), rng.choice([1, 2, 3, 0.3, 0.75])
            price = round(rng.randrange(100, 99_000) / (100_000 if self.wild else 100), 5)
            self.rows["lines"].append([number, pos, rng.choice(SKUS), qty, price, net, net])
        if place % 4 == 1:
            back = -amount(rng, digits, 1, 90)
            line = self.rows["lines"][-1]
            line[3] = 0.3
            self.rows["refunds"].append([number, 1, day, 0.1, residue(rng, back)])
            if self.wild:
                self.rows["refunds"].append([number, 1, day, 0.1, residue(rng, back)])
        self.rows["payments"].append([number, "bank", self.money(amount(rng, digits), digits)])
        paid = till(rng.randrange(1000, 9000) + 0.5, digits if digits != 3 or not self.wild else 3)
        if self.wild and place % 3 == 0:
            paid = till(rng.randrange(1000, 9000), 0)
        self.rows["payments"].append([number, "till", paid])
        self.rows["bank_inbox"].append([number, bank(rng, digits), place % 2])

    def _cards(self) -> None:
        for place, order in enumerate(self.rows["orders"][:12]):
            digits = self.config["currencies"][order[3]]
            if self.wild or digits == 2:
                left = self.money(amount(self.rng, digits, 500, 90_000), digits)
                self.rows["cards"].append([f"G{place:03d}", order[0], left])

    def script(self, schema: str) -> list[list[Any]]:
        """Return the statements that make it."""
        found: list[list[Any]] = [[schema, None]]
        for name, columns in OLD.items():
            found.append([f"INSERT INTO {name} VALUES ({', '.join('?' * columns)})", self.rows[name]])
        return found


def bank(rng: random.Random, digits: int) -> str:
    """Return an amount as the bank writes it."""
    return f"{rng.choice([1, 1, 1, -1]) * amount(rng, digits, 1000, 99_000):.{digits}f}"


def kept_quote(rng: random.Random, config: dict[str, Any], currency: str, first: bool) -> dict[str, Any]:
    """Return a quote as the old version keeps it; one of the first tills has text and no currency."""
    digits = config["currencies"][currency]

    def money(least: int) -> Any:
        value = amount(rng, digits, least)
        if first:
            return till(value, digits) if rng.random() < 0.6 else till(round(value), 0)
        return residue(rng, value) if rng.random() < 0.6 else value

    nets = [money(5000) for _ in range(3)]
    found: dict[str, Any] = {} if first else {"currency": currency}
    found["lines"] = [
        {"sku": rng.choice(SKUS), "qty": rng.randrange(1, 5), "price": rng.randrange(99, 9999) / 1000, "amount": net,
         "net": net} for net in nets
    ]  # fmt: skip
    found |= {"shipping": money(100), "discount": money(10), "total": money(150_000), "discount_pct": 5}
    return found


def quote_text(found: dict[str, Any], number: str) -> str:
    """Return the file of a quote."""
    return json.dumps(dict(found, id=number))
