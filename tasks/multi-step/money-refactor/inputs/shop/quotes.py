"""Quotes, kept as files in the cache folder; tills of the old version read and write there as well."""

import json

from . import orders, settings
from .money import rounded, stored

AMOUNTS = ("total", "shipping", "discount")


def quote(db, request):
    """Price an order without placing it, and keep the answer."""
    found = orders.priced(request)
    for name in AMOUNTS:
        found[name] = rounded(found[name], found["currency"])
    for line in found["lines"]:
        line["net"] = rounded(line["net"], found["currency"])
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
        found[name] = stored(found[name])
    for line in found["lines"]:
        line.update(amount=stored(line["amount"]), net=stored(line["net"]))
    orders.save(db, request["no"], request["customer"], request["day"], found)
    return orders.show(db, request)
