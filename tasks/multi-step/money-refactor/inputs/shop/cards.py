"""Gift cards."""

from .money import stored, text
from .store import order


def sell(db, request):
    """Sell a card together with an order; its value is a number of major units in that order's currency."""
    db.execute("INSERT INTO cards VALUES (?, ?, ?)", (request["code"], request["sold_with"], request["value"]))
    return show(db, request)


def show(db, request):
    """Return what is left on a card."""
    row = db.execute("SELECT * FROM cards WHERE code = ?", (request["code"],)).fetchone()
    currency = order(db, row["sold_with"])["currency"]
    return {"code": row["code"], "currency": currency, "left": text(stored(row["left"]), currency)}


def pay(db, request):
    """Pay with a card what is open of an order, as far as the card reaches. Only in the currency of the card."""
    card = show(db, request)
    row = order(db, request["no"])
    if card["currency"] != row["currency"]:
        return {"error": "currency"}
    amount = max(0, min(float(card["left"]), open_amount(db, row)))
    db.execute("UPDATE cards SET left = ? WHERE code = ?", (float(card["left"]) - amount, request["code"]))
    db.execute("INSERT INTO payments VALUES (?, 'card', ?)", (row["no"], amount))
    return dict(show(db, request), paid=text(amount, row["currency"]))


def open_amount(db, row):
    """Return what is open of an order: its total, with refunds, less its payments."""
    paid = db.execute("SELECT amount FROM payments WHERE no = ?", (row["no"],)).fetchall()
    back = db.execute("SELECT amount FROM refunds WHERE no = ?", (row["no"],)).fetchall()
    due = (stored(row["total"]) or 0) + sum(stored(one[0]) for one in back)
    return due - sum(stored(one[0]) or 0 for one in paid)
