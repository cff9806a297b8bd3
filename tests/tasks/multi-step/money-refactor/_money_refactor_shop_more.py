"""The rest of the shop in whole minor units, and migrate.py."""

MORE = {
    "shop/refunds.py": r'''
"""Giving goods back."""

from .money import exact, text, whole
from .store import order


def refund(db, request):
    """Give back a part of a line.

    It is worth net x quantity / quantity of the line, rounded. The refund after which nothing of the line is left
    gives back what is left of its net, so that all refunds of a line are worth its net. Quantities have at most three
    decimals. More than is left cannot be given back.
    """
    row = order(db, request["no"])
    key = (row["no"], request["pos"])
    line = db.execute("SELECT * FROM lines WHERE no = ? AND pos = ?", key).fetchone()
    done = db.execute("SELECT qty, amount FROM refunds WHERE no = ? AND pos = ?", key).fetchall()
    asked, ordered = exact(request["qty"]), exact(line["qty"])
    left = ordered - sum(exact(one["qty"]) for one in done)
    if asked > left:
        return {"error": "quantity"}
    net = line["net"]
    if asked == left:
        amount = -net - sum(one["amount"] for one in done)
    else:
        amount = -whole(net * asked / ordered)
    db.execute("INSERT INTO refunds VALUES (?, ?, ?, ?, ?)", (*key, request["day"], request["qty"], amount))
    return {"refund": text(amount, row["currency"])}
''',
    "shop/cards.py": r'''
"""Gift cards."""

from .money import text, units
from .store import order


def sell(db, request):
    """Sell a card together with an order; its value is a number of major units in that order's currency."""
    value = units(request["value"], order(db, request["sold_with"])["currency"])
    db.execute("INSERT INTO cards VALUES (?, ?, ?)", (request["code"], request["sold_with"], value))
    return show(db, request)


def show(db, request):
    """Return what is left on a card."""
    row = db.execute("SELECT * FROM cards WHERE code = ?", (request["code"],)).fetchone()
    currency = order(db, row["sold_with"])["currency"]
    return {"code": row["code"], "currency": currency, "left": text(row["left"] or 0, currency)}


def pay(db, request):
    """Pay with a card what is open of an order, as far as the card reaches. Only in the currency of the card."""
    card = show(db, request)
    row = order(db, request["no"])
    if card["currency"] != row["currency"]:
        return {"error": "currency"}
    left = db.execute("SELECT left FROM cards WHERE code = ?", (request["code"],)).fetchone()[0] or 0
    amount = max(0, min(left, open_amount(db, row)))
    db.execute("UPDATE cards SET left = ? WHERE code = ?", (left - amount, request["code"]))
    db.execute("INSERT INTO payments VALUES (?, 'card', ?)", (row["no"], amount))
    return dict(show(db, request), paid=text(amount, row["currency"]))


def open_amount(db, row):
    """Return what is open of an order: its total, with refunds, less its payments."""
    paid = db.execute("SELECT amount FROM payments WHERE no = ?", (row["no"],)).fetchall()
    back = db.execute("SELECT amount FROM refunds WHERE no = ?", (row["no"],)).fetchall()
    due = (row["total"] or 0) + sum(one[0] or 0 for one in back)
    return due - sum(one[0] or 0 for one in paid)
''',
    "shop/bank.py": r'''
"""Payments that came in at the bank."""

from .cards import open_amount
from .money import text, units
from .store import order


def settle(db, request):
    """Book what is new in the inbox, and tell what is then open of the orders that were paid."""
    found = {}
    for row in db.execute("SELECT rowid, ref, amount FROM bank_inbox WHERE done = 0 ORDER BY rowid").fetchall():
        paid = order(db, row["ref"])
        amount = units(row["amount"], paid["currency"])
        db.execute("INSERT INTO payments VALUES (?, 'bank', ?)", (row["ref"], amount))
        db.execute("UPDATE bank_inbox SET done = 1 WHERE rowid = ?", (row["rowid"],))
        found[row["ref"]] = text(open_amount(db, paid), paid["currency"])
    return {"open": found}
''',
    "shop/quotes.py": r'''
"""Quotes, kept as files in the cache folder; tills of the old version read and write there as well."""

import json

from . import orders, settings
from .money import number, stored

AMOUNTS = ("total", "shipping", "discount")


def quote(db, request):
    """Price an order without placing it, and keep the answer."""
    found = orders.priced(request)
    for name in AMOUNTS:
        found[name] = number(found[name], found["currency"])
    for line in found["lines"]:
        for name in ("amount", "net"):
            line[name] = number(line[name], found["currency"])
    path = settings.ROOT / "cache" / f"{request['id']}.json"
    path.write_text(json.dumps(dict(found, id=request["id"])), "utf-8")
    return {"id": request["id"], "total": found["total"]}


def accept(db, request):
    """Make an order of a quote, at the amounts of the quote, whatever prices and plugins say by now.

    Quotes of the first tills name no currency: theirs is that of the head office; and they have text for amounts, as a
    till prints it.
    """
    found = json.loads((settings.ROOT / "cache" / f"{request['id']}.json").read_text("utf-8"))
    found.setdefault("currency", settings.home())
    for name in AMOUNTS:
        found[name] = stored(found[name], found["currency"])
    for line in found["lines"]:
        line.update((name, stored(line[name], found["currency"])) for name in ("amount", "net"))
    orders.save(db, request["no"], request["customer"], request["day"], found)
    return orders.show(db, request)
''',
    "shop/receipts.py": r'''
"""The code on printed receipts, by which customers prove later that a receipt is genuine."""

from zlib import crc32

from .money import number
from .store import order


def receipt(db, request):
    """Return the code of an order.

    It is made of number, currency and total, the total with as few decimals as it needs, but at least one. Receipts
    are in drawers everywhere: the code of an order never changes.
    """
    row = order(db, request["no"])
    total = number(row["total"], row["currency"])
    told = "|".join([row["no"], row["currency"], str(total)])
    return {"code": f"{crc32(told.encode()):08x}"}
''',
    "shop/reports.py": r'''
"""Reports for accounting."""

from .money import major


def printed(amount, currency):
    """Return an amount as accounting wants it: commas for thousands, a minus behind."""
    return f"{abs(major(amount, currency)):,f}{'-' if amount < 0 else ''}"


def month(db, request):
    """Return `currency;orders;turnover;refunds` of a month (YYYY-MM), a line for each currency, by its name.

    An order counts in the month of its day, a refund in that of its own. Drafts do not count, their refunds do.
    """
    found = {}
    like = request["month"] + "-%"
    for row in db.execute("SELECT currency, total FROM orders WHERE day LIKE ?", (like,)):
        if row["total"] is not None:
            entry = found.setdefault(row["currency"], [0, 0, 0])
            entry[0] += 1
            entry[1] += row["total"]
    query = "SELECT o.currency, r.amount FROM refunds r JOIN orders o ON o.no = r.no WHERE r.day LIKE ?"
    for row in db.execute(query, (like,)):
        found.setdefault(row["currency"], [0, 0, 0])[2] += row["amount"]
    lines = []
    for name, (count, sold, back) in sorted(found.items()):
        lines.append(f"{name};{count};{printed(sold, name)};{printed(back, name)}")
    return {"lines": lines}
''',
    "shop/api.py": r'''
"""The way in for everybody: a request in, an answer out, both as in CONTRACTS.md."""

from contextlib import closing

from . import bank, cards, money, orders, quotes, receipts, refunds, reports, store


def split(db, request):
    """Divide an amount that nobody has stored."""
    currency = request["currency"]
    shares = money.split(money.units(request["amount"], currency), request["weights"])
    return {"shares": [money.text(share, currency) for share in shares]}


OPS = {
    "order": orders.place,
    "show": orders.show,
    "search": orders.search,
    "refund": refunds.refund,
    "card_sell": cards.sell,
    "card": cards.show,
    "card_pay": cards.pay,
    "settle": bank.settle,
    "quote": quotes.quote,
    "accept": quotes.accept,
    "receipt": receipts.receipt,
    "report": reports.month,
    "split": split,
}


def handle(path, request):
    """Answer a request on the database at ``path``; what it writes is written when this returns."""
    with closing(store.connect(path)) as db:
        answer = OPS[request["op"]](db, request)
        db.commit()
    return answer
''',
    "migrate.py": r'''
"""Brings a database of the old form into the new one: python3 migrate.py DB"""

import sqlite3
import sys

from shop import store
from shop.money import stored

COLUMNS = {"orders": (4, 5, 6), "lines": (5, 6), "refunds": (4,), "payments": (2,), "cards": (2,)}
OWNER = {"cards": 1}


def moved(db):
    """Convert all tables in one transaction."""
    currencies = dict(db.execute("SELECT no, currency FROM orders"))
    rows = {name: db.execute(f"SELECT * FROM {name}").fetchall() for name in COLUMNS}
    db.execute("DROP VIEW ledger_export")
    for name in COLUMNS:
        db.execute(f"DROP TABLE {name}")
    for statement in (store.SCHEMA + store.view()).split(";"):
        if any(f"CREATE TABLE {name} " in statement for name in COLUMNS) or "CREATE VIEW" in statement:
            db.execute(statement)
    for name, columns in COLUMNS.items():
        for row in map(list, rows[name]):
            currency = currencies[row[OWNER.get(name, 0)]]
            for place in columns:
                row[place] = stored(row[place], currency)
            db.execute(f"INSERT INTO {name} VALUES ({', '.join('?' * len(row))})", row)
    db.execute("UPDATE meta SET value = '2' WHERE key = 'schema'")


def main(path):
    """Migrate a database, unless it is in the new form."""
    db = sqlite3.connect(path, isolation_level=None)
    db.execute("BEGIN IMMEDIATE")
    if db.execute("SELECT value FROM meta WHERE key = 'schema'").fetchone() == ("1",):
        moved(db)
    db.execute("COMMIT")
    db.close()


if __name__ == "__main__":
    main(sys.argv[1])
''',
}
