"""Payments that came in at the bank."""

from .cards import open_amount
from .money import text
from .store import order


def settle(db, request):
    """Book what is new in the inbox, and tell what is then open of the orders that were paid."""
    found = {}
    for row in db.execute("SELECT rowid, ref, amount FROM bank_inbox WHERE done = 0 ORDER BY rowid").fetchall():
        db.execute("INSERT INTO payments VALUES (?, 'bank', ?)", (row["ref"], float(row["amount"])))
        db.execute("UPDATE bank_inbox SET done = 1 WHERE rowid = ?", (row["rowid"],))
        paid = order(db, row["ref"])
        found[row["ref"]] = text(open_amount(db, paid), paid["currency"])
    return {"open": found}
