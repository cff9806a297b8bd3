"""Placing and showing orders."""

from . import plugins, settings
from .money import rounded, split, stored, text
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
        line["amount"] = rounded(line["qty"] * line["price"], currency)
    weights = [max(line["amount"], 0) for line in lines]
    total = sum(line["amount"] for line in lines)
    discount = rounded(total * pct / 100, currency)
    goods = total - discount
    credit = plugins.credit(currency, request["day"], goods, lines)
    shares = split(discount, weights, currency), split(credit, weights, currency)
    for line, less, more in zip(lines, *shares, strict=True):
        line["net"] = line["amount"] - less - more
    config = settings.load()
    shipping = 0 if goods >= config["free_shipping_from"] else config["shipping"][currency]
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
    currency, total = row["currency"], stored(row["total"])
    lines = db.execute("SELECT * FROM lines WHERE no = ? ORDER BY pos", (row["no"],)).fetchall()
    return {
        "no": row["no"],
        "currency": currency,
        "total": None if total is None else rounded(total, currency),
        "shipping": text(stored(row["shipping"]) or 0, currency),
        "discount": text(stored(row["discount"]) or 0, currency),
        "review": total is not None and total > settings.load()["review_above"],
        "lines": [
            {
                "sku": line["sku"],
                "qty": line["qty"],
                "price": line["price"],
                "net": text(stored(line["net"]), currency),
            }
            for line in lines
        ],
    }


def search(db, request):
    """Return the numbers of the orders of at least `min_total` major units, whatever the currency.

    The largest number of major units comes first, of equal ones the lower order number. Drafts are left out.
    """
    found = [(stored(row["total"]), row["no"]) for row in db.execute("SELECT no, total FROM orders")]
    found = [(-total, number) for total, number in found if total is not None and total >= request["min_total"]]
    return {"found": [number for _, number in sorted(found)]}
