"""Plugins of partners, imported by the names in settings.json. They are not ours and cannot be changed."""

import importlib

from . import settings
from .money import rounded


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
            {"sku": one["sku"], "qty": float(one["qty"]), "amount": float(one["amount"])} for one in lines
        ]
        cart = {"currency": currency, "day": day, "sum": float(goods), "lines": cart_lines}
        total += rounded(float(importlib.import_module(name).credit(cart) or 0), currency)
    return max(0, min(total, goods))
