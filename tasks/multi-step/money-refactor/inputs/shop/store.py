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
INSERT INTO meta VALUES ('schema', '1');
CREATE TABLE orders (no TEXT PRIMARY KEY, customer TEXT, day TEXT, currency TEXT, total, shipping,
                     discount, discount_pct REAL);
CREATE TABLE lines (no TEXT, pos INTEGER, sku TEXT, qty REAL, price REAL, amount, net);
CREATE TABLE refunds (no TEXT, pos INTEGER, day TEXT, qty REAL, amount);
CREATE TABLE payments (no TEXT, src TEXT, amount);
CREATE TABLE cards (code TEXT PRIMARY KEY, sold_with TEXT, left);
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
    cases = "".join(f" WHEN '{name}' THEN {digits}" for name, digits in settings.load()["currencies"].items())
    shown = f"printf('%.' || (CASE o.currency{cases} END) || 'f', {{}})"
    return f"""
CREATE VIEW ledger_export AS
SELECT o.no AS no, o.day AS day, o.currency AS currency, {shown.format("o.total")} AS amount
FROM orders o WHERE o.total <> ''
UNION ALL
SELECT o.no, r.day, o.currency, {shown.format("r.amount")} FROM refunds r JOIN orders o ON o.no = r.no;
"""


def order(db, number):
    """Return an order. Raises KeyError."""
    row = db.execute("SELECT * FROM orders WHERE no = ?", (number,)).fetchone()
    if row is None:
        raise KeyError(number)
    return row
