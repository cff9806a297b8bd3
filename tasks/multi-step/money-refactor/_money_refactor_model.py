"""What the shop has to answer, in exact decimals: a second reading of CONTRACTS.md and of the docstrings of shop/.

`slips` are misreadings; set-up proves with them that the hidden requests tell right from wrong.
"""

from collections.abc import Mapping, Sequence
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from typing import Any
from zlib import crc32

Row = dict[str, Any]
HUNDRED = Decimal(100)


def exact(value: Any) -> Decimal:
    """Return the decimal number that a number of a request means."""
    return Decimal(f"{value:.12g}") if isinstance(value, float) else Decimal(value)


class Model:
    """A shop in memory."""

    def __init__(self, settings: Row, slips: frozenset[str] = frozenset()) -> None:
        self.settings, self.slips = settings, slips
        self.orders: dict[str, Row] = {}
        self.cards: dict[str, tuple[str, Decimal]] = {}
        self.refunds: list[tuple[str, int, str, Decimal, Decimal]] = []
        self.payments: list[tuple[str, Decimal]] = []

    def unit(self, currency: str) -> Decimal:
        """Return the smallest amount of a currency."""
        return Decimal(1).scaleb(-self.settings["currencies"][currency])

    def rounded(self, value: Decimal, currency: str) -> Decimal:
        """Return an amount rounded to its currency."""
        how = ROUND_HALF_EVEN if "half-even" in self.slips else ROUND_HALF_UP
        return value.quantize(self.unit(currency), how) + 0

    def text(self, value: Decimal, currency: str) -> str:
        """Return an amount as answers show it."""
        return format(value.quantize(self.unit(currency)) + 0, "f")

    def read(self, value: Any, currency: str) -> Decimal | None:
        """Return an amount of an old database or quote."""
        if value is None or value == "":
            return None
        if isinstance(value, str):
            dots = value if "till-dots" in self.slips and "," not in value else value.replace(".", "")
            return self.rounded(Decimal(dots.replace(",", ".")), currency)
        if "residue" in self.slips:
            return self.rounded(Decimal(repr(value)), currency)
        return self.rounded(exact(value), currency)

    def split(self, amount: Decimal, weights: Sequence[Decimal], currency: str) -> list[Decimal]:
        """Divide an amount."""
        if amount < 0:
            return [-share for share in self.split(-amount, weights, currency)]
        if not sum(weights):
            weights = [Decimal(1)] * len(weights)
        unit = self.unit(currency)
        whole = [amount * weight / sum(weights) for weight in weights]
        shares = [one.quantize(unit, ROUND_DOWN) for one in whole]
        left = int((amount - sum(shares)) / unit)
        numerators = [
            amount * weight - share * sum(weights) for weight, share in zip(weights, shares, strict=True)
        ]
        for place in sorted(range(len(weights)), key=lambda n: -numerators[n])[:left]:
            shares[place] += unit
        return shares

    def credit(self, currency: str, goods: Decimal, lines: list[Row]) -> Decimal:
        """Return the credit of the plugins, known by what they do."""
        total = Decimal(0)
        for name in self.settings["plugins"]:
            total += self.rounded(PLUGINS[name](goods, lines, currency), currency)
        return max(Decimal(0), min(total, goods))

    def priced(self, request: Row) -> Row:
        """Return what an order costs."""
        currency = request["currency"]
        lines = []
        for line in request["lines"]:
            price = exact(line["price"])
            price = self.rounded(price, currency) if "price" in self.slips else price
            lines.append(dict(line, amount=self.rounded(exact(line["qty"]) * price, currency)))
        weights = [max(line["amount"], Decimal(0)) for line in lines]
        total = sum((line["amount"] for line in lines), Decimal(0))
        discount = self.rounded(total * exact(request.get("discount_pct", 0)) / HUNDRED, currency)
        goods = total - discount
        credit = self.credit(currency, goods, lines)
        parts = zip(
            lines, self.split(discount, weights, currency), self.split(credit, weights, currency), strict=True
        )
        for line, less, more in parts:
            line["net"] = line["amount"] - less - more
        free = exact(self.settings["free_shipping_from"])
        shipping = Decimal(0) if goods >= free else exact(self.settings["shipping"][currency])
        found = {"currency": currency, "day": request.get("day"), "lines": lines, "shipping": shipping}
        return found | {"discount": discount, "total": goods - credit + shipping}

    def order(self, request: Row) -> Row:
        """Place an order."""
        self.orders[request["no"]] = self.priced(request)
        return self.show(request)

    def show(self, request: Row) -> Row:
        """Show an order."""
        order = self.orders[request["no"]]
        currency, total = order["currency"], order["total"]
        found = {"no": request["no"], "currency": currency, "total": None if total is None else float(total)}
        found |= {name: self.text(order[name], currency) for name in ("shipping", "discount")}
        found["review"] = total is not None and total > exact(self.settings["review_above"])
        found["lines"] = [
            {
                "sku": one["sku"],
                "qty": one["qty"],
                "price": one["price"],
                "net": self.text(one["net"], currency),
            }
            for one in order["lines"]
        ]
        return found

    def search(self, request: Row) -> Row:
        """Return the orders of a total at least."""
        found = []
        for number, order in self.orders.items():
            total = order["total"]
            if total is not None and total >= exact(request["min_total"]):
                key = total / self.unit(order["currency"]) if "minor" in self.slips else total
                found.append((-key, number))
        return {"found": [number for _, number in sorted(found)]}

    def refund(self, request: Row) -> Row:
        """Give a part of a line back."""
        number, pos, qty = request["no"], request["pos"], exact(request["qty"])
        order = self.orders[number]
        line = order["lines"][pos]
        done = [(one[3], one[4]) for one in self.refunds if one[:2] == (number, pos)]
        left = exact(line["qty"]) - sum(one[0] for one in done)
        if qty > left:
            return {"error": "quantity"}
        amount = -self.rounded(line["net"] * qty / exact(line["qty"]), order["currency"])
        if qty == left and "rest" not in self.slips:
            amount = -line["net"] - sum(one[1] for one in done)
        self.refunds.append((number, pos, request["day"], qty, amount))
        return {"refund": self.text(amount, order["currency"])}

    def card_sell(self, request: Row) -> Row:
        """Sell a gift card."""
        currency = self.orders[request["sold_with"]]["currency"]
        self.cards[request["code"]] = currency, self.rounded(exact(request["value"]), currency)
        return self.card(request)

    def card(self, request: Row) -> Row:
        """Show a gift card."""
        currency, left = self.cards[request["code"]]
        return {"code": request["code"], "currency": currency, "left": self.text(left, currency)}

    def card_pay(self, request: Row) -> Row:
        """Pay with a gift card."""
        currency, left = self.cards[request["code"]]
        if currency != self.orders[request["no"]]["currency"]:
            return {"error": "currency"}
        amount = max(Decimal(0), min(left, self.open(request["no"])))
        self.cards[request["code"]] = currency, left - amount
        self.payments.append((request["no"], amount))
        return self.card(request) | {"paid": self.text(amount, currency)}

    def open(self, number: str) -> Decimal:
        """Return what is open of an order."""
        total = (self.orders[number]["total"] or Decimal(0)) + sum(
            one[4] for one in self.refunds if one[0] == number
        )
        return total - sum((one[1] for one in self.payments if one[0] == number), Decimal(0))

    def settle(self, inbox: list[tuple[str, str]]) -> Row:
        """Book what the bank wrote."""
        found = {}
        for number, amount in inbox:
            self.payments.append((number, Decimal(amount)))
            found[number] = self.text(self.open(number), self.orders[number]["currency"])
        return {"open": found}

    def receipt(self, request: Row) -> Row:
        """Return the code of a receipt."""
        order = self.orders[request["no"]]
        told = f"{request['no']}|{order['currency']}|{float(order['total'])}"
        return {"code": f"{crc32(told.encode()):08x}"}

    def report(self, request: Row) -> Row:
        """Return a month's report."""
        found: dict[str, list[Any]] = {}
        for order in self.orders.values():
            if order["total"] is not None and order["day"].startswith(request["month"]):
                entry = found.setdefault(order["currency"], [0, Decimal(0), Decimal(0)])
                entry[0] += 1
                entry[1] += order["total"]
        for number, _, day, _, amount in self.refunds:
            if day.startswith(request["month"]):
                entry = found.setdefault(self.orders[number]["currency"], [0, Decimal(0), Decimal(0)])
                entry[2] += amount
        lines = []
        for name, (count, *sums) in sorted(found.items()):
            shown = [f"{abs(s).quantize(self.unit(name)):,f}{'-' if s < 0 else ''}" for s in sums]
            lines.append(";".join([name, str(count), *shown]))
        return {"lines": lines}

    def ledger(self) -> list[list[str]]:
        """Return the rows of the view for accounting."""
        found = [
            [number, order["day"], order["currency"], self.text(order["total"], order["currency"])]
            for number, order in self.orders.items()
            if order["total"] is not None
        ]
        for number, _, day, _, amount in self.refunds:
            currency = self.orders[number]["currency"]
            found.append([number, day, currency, self.text(amount, currency)])
        return sorted(found)

    def accept(self, request: Row, kept: Row) -> Row:
        """Make an order of a quote."""
        currency = kept.get("currency", self.settings["home"])
        lines = [dict(one, net=self.read(one["net"], currency)) for one in kept["lines"]]
        order = {name: self.read(kept[name], currency) for name in ("total", "shipping", "discount")}
        self.orders[request["no"]] = order | {"currency": currency, "day": request["day"], "lines": lines}
        return self.show(request)

    def load(self, rows: Mapping[str, list[list[Any]]]) -> None:
        """Take over an old database."""
        for no, _, day, currency, total, shipping, discount, _ in rows["orders"]:
            amounts = {name: self.read(value, currency) for name, value in
                       (("total", total), ("shipping", shipping), ("discount", discount))}  # fmt: skip
            self.orders[no] = amounts | {"currency": currency, "day": day, "lines": []}
        for no, _, sku, qty, price, _, net in rows["lines"]:
            net = self.read(net, self.orders[no]["currency"])
            self.orders[no]["lines"].append({"sku": sku, "qty": qty, "price": price, "net": net})
        for no, pos, day, qty, amount in rows["refunds"]:
            value = self.read(amount, self.orders[no]["currency"]) or Decimal(0)
            self.refunds.append((no, pos, day, exact(qty), value))
        for no, _, amount in rows["payments"]:
            self.payments.append((no, self.read(amount, self.orders[no]["currency"]) or Decimal(0)))
        for code, sold_with, left in rows["cards"]:
            currency = self.orders[sold_with]["currency"]
            unit = self.settings["home"] if "card-home" in self.slips else currency
            self.cards[code] = currency, self.read(left, unit) or Decimal(0)


def _tenth(goods: Decimal, lines: list[Row], currency: str) -> Decimal:
    return sum((one["amount"] for one in lines if exact(one["qty"]) >= 2), Decimal(0)) / 10


PLUGINS = {
    "plugins.loyalty": lambda goods, lines, currency: goods / 100 if goods >= 100 else Decimal(0),
    "plugins.tenth": _tenth,
    "plugins.coins": lambda goods, lines, currency: Decimal("1.2505"),
    "plugins.silent": lambda goods, lines, currency: Decimal(0),
}
PLUGIN_FILES = {
    "plugins/tenth.py": "def credit(cart):\n"
    "    if not all(isinstance(one['amount'], float) for one in cart['lines']):\n        raise TypeError('amount')\n"
    "    cart['sum'] = 0.0\n"
    "    found = sum(one['amount'] for one in cart['lines'] if one['qty'] >= 2) / 10\n"
    "    cart['lines'].clear()\n    return found\n",
    "plugins/coins.py": "def credit(cart):\n"
    "    if not isinstance(cart['sum'], float) or not cart['lines']:\n        raise TypeError('sum')\n"
    "    return '1.2505'\n",
    "plugins/silent.py": "def credit(cart):\n    return None\n",
}
