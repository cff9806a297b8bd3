"""Reports for accounting."""

from .money import stored
from .settings import digits


def printed(amount, currency):
    """Return an amount as accounting wants it: commas for thousands, a minus behind."""
    return f"{abs(amount):,.{digits(currency)}f}{'-' if amount < 0 else ''}"


def month(db, request):
    """Return `currency;orders;turnover;refunds` of a month (YYYY-MM), a line for each currency, by its name.

    An order counts in the month of its day, a refund in that of its own. Drafts do not count, their refunds do.
    """
    found = {}
    like = request["month"] + "-%"
    for row in db.execute("SELECT currency, total FROM orders WHERE day LIKE ?", (like,)):
        if stored(row["total"]) is not None:
            entry = found.setdefault(row["currency"], [0, 0, 0])
            entry[0] += 1
            entry[1] += stored(row["total"])
    query = "SELECT o.currency, r.amount FROM refunds r JOIN orders o ON o.no = r.no WHERE r.day LIKE ?"
    for row in db.execute(query, (like,)):
        found.setdefault(row["currency"], [0, 0, 0])[2] += stored(row["amount"])
    lines = []
    for name, (count, sold, back) in sorted(found.items()):
        lines.append(f"{name};{count};{printed(sold, name)};{printed(back, name)}")
    return {"lines": lines}
