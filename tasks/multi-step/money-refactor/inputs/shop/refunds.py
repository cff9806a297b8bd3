"""Giving goods back."""

from .money import rounded, stored, text
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
    left = line["qty"] - sum(one["qty"] for one in done)
    if request["qty"] > left:
        return {"error": "quantity"}
    net = stored(line["net"])
    if request["qty"] == left:
        amount = -net - sum(stored(one["amount"]) for one in done)
    else:
        amount = -rounded(net * request["qty"] / line["qty"], row["currency"])
    db.execute("INSERT INTO refunds VALUES (?, ?, ?, ?, ?)", (*key, request["day"], request["qty"], amount))
    return {"refund": text(amount, row["currency"])}
