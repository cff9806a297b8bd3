"""The shop in whole minor units, module by module, as an expert leaves it."""

FILES = {
    "shop/money.py": r'''
"""Amounts of money as whole numbers of the smallest unit of their currency."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from .settings import digits


def exact(value):
    """Return the decimal number that is meant: a float means the one of twelve digits next to it."""
    if isinstance(value, Fraction):
        return Decimal(value.numerator) / value.denominator
    return Decimal(f"{value:.12g}") if isinstance(value, float) else Decimal(value)


def whole(value):
    """Return a decimal rounded to a whole number; a half goes away from zero."""
    return int(value.quantize(Decimal(1), ROUND_HALF_UP))


def units(value, currency):
    """Return a number of major units as whole minor units."""
    return whole(exact(value).scaleb(digits(currency)))


def major(amount, currency):
    """Return minor units as a decimal of major units."""
    return Decimal(amount).scaleb(-digits(currency))


def number(amount, currency):
    """Return minor units as a JSON number of major units."""
    return float(major(amount, currency))


def from_till(text):
    """Return the number that a till has printed."""
    return Decimal(text.replace(".", "").replace(",", "."))


def stored(value, currency):
    """Return what an old database or quote has, as minor units; None for nothing."""
    if isinstance(value, str):
        return units(from_till(value), currency) if value.strip() else None
    return None if value is None else units(value, currency)


def text(amount, currency):
    """Return minor units as text in major units."""
    return f"{major(amount, currency):f}"


def split(amount, weights):
    """Divide minor units: the largest remainders get what is left over, of equal ones the earlier."""
    if amount < 0:
        return [-share for share in split(-amount, weights)]
    weights = [one if isinstance(one, int) else Fraction(exact(one)) for one in weights]
    if not sum(weights):
        weights = [1] * len(weights)
    total = sum(weights)
    shares = [amount * weight // total for weight in weights]
    left = amount - sum(shares)
    for place in sorted(range(len(weights)), key=lambda n: -(amount * weights[n] % total))[:left]:
        shares[place] += 1
    return shares
''',
    "shop/store.py": r'''
"""The database. What a column means is told here.

orders      total, shipping, discount: in `currency`. A total of NULL (or empty) is a draft: not priced yet.
            discount_pct: percent.
lines       price: of one unit, in the currency of the order, up to five decimals and never rounded;
            amount: of the line; net: amount less its share of discount and credit.
refunds     qty: how much of the line was given back; amount: negative, in the currency of the order.
payments    amount: in the currency of the order; `src` tells who wrote it (till, bank, card).
cards       gift cards; `left` is in the currency of the order that the card was sold with.
bank_inbox  written by the bank's program, see CONTRACTS.md.
"""

import sqlite3

from . import settings

SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT);
INSERT INTO meta VALUES ('schema', '2');
CREATE TABLE orders (no TEXT PRIMARY KEY, customer TEXT, day TEXT, currency TEXT, total INTEGER, shipping INTEGER,
                     discount INTEGER, discount_pct REAL);
CREATE TABLE lines (no TEXT, pos INTEGER, sku TEXT, qty REAL, price REAL, amount INTEGER, net INTEGER);
CREATE TABLE refunds (no TEXT, pos INTEGER, day TEXT, qty REAL, amount INTEGER);
CREATE TABLE payments (no TEXT, src TEXT, amount INTEGER);
CREATE TABLE cards (code TEXT PRIMARY KEY, sold_with TEXT, left INTEGER);
CREATE TABLE bank_inbox (ref TEXT, amount TEXT, done INTEGER DEFAULT 0);
"""


def connect(path):
    """Open a database; a new one gets its tables."""
    db = sqlite3.connect(path)
    db.row_factory = sqlite3.Row
    if not db.execute("SELECT 1 FROM sqlite_master WHERE name = 'meta'").fetchone():
        db.executescript(SCHEMA + view())
    return db


def view():
    """Return the statement for the view that accounting reads."""
    known = settings.load()["currencies"]
    parts = sorted({*known.values()} - {0})
    unit = "".join(f" WHEN '{name}' THEN {digits}" for name, digits in known.items())
    shown = (
        "(CASE WHEN {0} < 0 THEN '-' ELSE '' END || CASE (CASE o.currency" + unit + " END) WHEN 0 THEN abs({0}) "
        + "".join(
            f"WHEN {n} THEN printf('%d.%0{n}d', abs({{0}}) / {10**n}, abs({{0}}) % {10**n}) " for n in parts
        )
        + "END)"
    )
    return f"""
CREATE VIEW ledger_export AS
SELECT o.no AS no, o.day AS day, o.currency AS currency, {shown.format("o.total")} AS amount
FROM orders o WHERE o.total IS NOT NULL
UNION ALL
SELECT o.no, r.day, o.currency, {shown.format("r.amount")} FROM refunds r JOIN orders o ON o.no = r.no;
"""


def order(db, number):
    """Return an order. Raises KeyError."""
    row = db.execute("SELECT * FROM orders WHERE no = ?", (number,)).fetchone()
    if row is None:
        raise KeyError(number)
    return row
''',
    "shop/settings.py": r'''
"""What operators set in settings.json. Amounts there are in major units, and stay so: people edit that file."""

import json
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FILE = str(ROOT / "settings.json")
KNOWN = {}


def load():
    """Return the settings, read anew each time, as they are changed while the shop runs."""
    with open(FILE, "rb") as stream:
        text = stream.read()
    if text not in KNOWN:
        KNOWN[text] = json.loads(text)
    return KNOWN[text]


def digits(currency):
    """Return how many decimals a currency has."""
    return load()["currencies"][currency]


def home():
    """Return the currency of the head office."""
    return load()["home"]
''',
    "shop/orders.py": r'''
"""Placing and showing orders."""

from . import plugins, settings
from .money import exact, major, number, split, text, units, whole
from .store import order


def priced(request):
    """Return what an order costs.

    Each line is rounded by itself. The discount is a percentage of the sum of the lines, rounded once, and divided
    among the lines by their amounts; a line that is not positive bears nothing. The credit of the plugins is taken
    off what is left, and divided in the same way. Shipping is free from `free_shipping_from` major units of any
    currency, counted after the discount and before the credit. Whole orders are asked to be looked at (`review`)
    when the total is above `review_above` major units.
    """
    currency, pct = request["currency"], request.get("discount_pct", 0)
    lines = [dict(line) for line in request["lines"]]
    for line in lines:
        line["amount"] = units(exact(line["qty"]) * exact(line["price"]), currency)
    weights = [max(line["amount"], 0) for line in lines]
    total = sum(line["amount"] for line in lines)
    discount = whole(total * exact(pct) / 100)
    goods = total - discount
    credit = plugins.credit(currency, request["day"], goods, lines)
    shares = split(discount, weights), split(credit, weights)
    for line, less, more in zip(lines, *shares, strict=True):
        line["net"] = line["amount"] - less - more
    config = settings.load()
    free = major(goods, currency) >= exact(config["free_shipping_from"])
    shipping = 0 if free else units(config["shipping"][currency], currency)
    found = {"currency": currency, "lines": lines, "shipping": shipping, "discount": discount}
    found["total"] = goods - credit + shipping
    return dict(found, discount_pct=pct)


def save(db, number, customer, day, found):
    """Write a priced order."""
    db.execute(
        "INSERT INTO orders VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (number, customer, day, found["currency"], found["total"], found["shipping"], found["discount"],
         found["discount_pct"]),
    )
    for pos, line in enumerate(found["lines"]):
        db.execute(
            "INSERT INTO lines VALUES (?, ?, ?, ?, ?, ?, ?)",
            (number, pos, line["sku"], line["qty"], line["price"], line["amount"], line["net"]),
        )


def place(db, request):
    """Price an order, save it and show it."""
    save(db, request["no"], request["customer"], request["day"], priced(request))
    return show(db, request)


def show(db, request):
    """Return an order as the web shop wants it: totals are numbers, lines have text."""
    row = order(db, request["no"])
    currency, total = row["currency"], row["total"]
    lines = db.execute("SELECT * FROM lines WHERE no = ? ORDER BY pos", (row["no"],)).fetchall()
    return {
        "no": row["no"],
        "currency": currency,
        "total": None if total is None else number(total, currency),
        "shipping": text(row["shipping"] or 0, currency),
        "discount": text(row["discount"] or 0, currency),
        "review": total is not None and major(total, currency) > exact(settings.load()["review_above"]),
        "lines": [
            {
                "sku": line["sku"],
                "qty": line["qty"],
                "price": line["price"],
                "net": text(line["net"], currency),
            }
            for line in lines
        ],
    }


def search(db, request):
    """Return the numbers of the orders of at least `min_total` major units, whatever the currency.

    The largest number of major units comes first, of equal ones the lower order number. Drafts are left out.
    """
    rows = db.execute("SELECT no, total, currency FROM orders WHERE total IS NOT NULL")
    found = [(-major(row["total"], row["currency"]), row["no"]) for row in rows]
    least = exact(request["min_total"])
    return {"found": [number for total, number in sorted(found) if -total >= least]}
''',
    "shop/plugins.py": r'''
"""Plugins of partners, imported by the names in settings.json. They are not ours and cannot be changed."""

import importlib

from . import settings
from .money import number, units


def credit(currency, day, goods, lines):
    """Return what the plugins take off an order, at most its goods and never less than nothing.

    Each plugin has `credit(cart)`. The cart is a dict of its own for each: `currency`, `day`, `sum` (the goods after
    the discount, the same for all) and `lines` with `sku`, `qty` and `amount`; `qty` is a float, `sum` and `amount`
    are floats in major units. It returns major units: a number, a text like "1.25" (with a point), or None. Each
    one's credit is rounded by itself.
    """
    total = 0
    for name in settings.load()["plugins"]:
        cart_lines = [
            {"sku": one["sku"], "qty": float(one["qty"]), "amount": number(one["amount"], currency)} for one in lines
        ]
        cart = {"currency": currency, "day": day, "sum": number(goods, currency), "lines": cart_lines}
        total += units(importlib.import_module(name).credit(cart) or 0, currency)
    return max(0, min(total, goods))
''',
}
