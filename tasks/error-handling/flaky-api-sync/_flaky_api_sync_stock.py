"""Draws stock lists and what happens to them. A stock is the document that ``server.py --stock`` reads."""

import hashlib
from datetime import datetime, timedelta

_KINDS = [
    "Hose clamp", "Ball bearing", "Hex bolt", "Shaft seal", "Timing belt", "Lock nut", "Spring pin", "O-ring",
    "Kugellager", "Ölfilter", "Dichtung", "Sechskantmutter", "Keilriemen", "Zündkerze", "Gewindestange",
    "轴承座", "密封圈", "Ventil für Kühlung", "Joint d'étanchéité", "Câble à gaine", "Ø-Schelle", "Bracket \"L\"",
]  # fmt: skip
_MAKES = [
    "Aldra",
    "Brevik",
    "Corvus",
    "Dunmore",
    "Estrel",
    "Falk & Sohn",
    "Gantry",
    "Hollis",
    "Ikari",
    "Joule",
]
_START = datetime(2031, 1, 6, 5, 0)


def stamp(seconds):
    """Return the instant ``seconds`` after the start of the story, as the API spells it."""
    return (_START + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")


class Clock:
    """Gives ever later instants for what changes after the first list was drawn."""

    def __init__(self, rng):
        self.rng, self.seconds = rng, 40 * 86400

    def next(self):
        self.seconds += self.rng.randint(20, 900)
        return stamp(self.seconds)


def draw_stock(rng, pages, page_size):
    """Return a stock that fills ``pages`` pages, the last of them at least half."""
    n_items = (pages - 1) * page_size + rng.randint(page_size // 2, page_size - 1)
    ids = rng.sample(range(1200, 89000), n_items)
    items = [
        {"id": f"{n:06d}", "name": _name(rng), "qty": _qty(rng), "updated": stamp(rng.randrange(40 * 86400))}
        for n in sorted(ids)
    ]
    for twin, other in zip(rng.sample(items, 6), rng.sample(items, 6), strict=True):
        twin["updated"] = other["updated"]
    key = hashlib.sha256(str(rng.random()).encode()).hexdigest()[:20]
    return {"page_size": page_size, "revision": rng.randint(300, 9000), "token_key": key, "items": items}


def listing(stock):
    """Return the items in the order of the API: latest change first, then by id."""
    by_id = sorted(stock["items"], key=lambda item: item["id"])
    return sorted(by_id, key=lambda item: item["updated"], reverse=True)


def touched(rng, clock, item):
    """Return ``item`` with another quantity, changed later than everything before."""
    qty = rng.choice([n for n in (0, None, *rng.sample(range(1, 900), 3)) if n != item["qty"]])
    return {**item, "qty": qty, "updated": clock.next()}


def renamed(rng, clock, item):
    """Return ``item`` under another name, changed later than everything before."""
    name = next(name for name in iter(lambda: _name(rng), None) if name != item["name"])
    return {**item, "name": name, "updated": clock.next()}


def added(rng, clock, stock):
    """Return an item whose id the stock does not have."""
    known = {item["id"] for item in stock["items"]}
    number = next(n for n in iter(lambda: rng.randrange(1200, 89000), None) if f"{n:06d}" not in known)
    return {"id": f"{number:06d}", "name": _name(rng), "qty": _qty(rng), "updated": clock.next()}


def after(stock, changes):
    """Return the stock after ``changes`` (each with ``set`` and ``remove``), one revision per change."""
    items = {item["id"]: item for item in stock["items"]}
    for change in changes:
        items.update({item["id"]: item for item in change.get("set", [])})
        for name in change.get("remove", []):
            del items[name]
    revision = stock["revision"] + len(changes)
    return {**stock, "items": [items[name] for name in sorted(items)], "revision": revision}


def rows(stock):
    """Return what the mirror of ``stock`` holds: ``[id, name, qty, updated]`` in order of the ids."""
    return [[item["id"], item["name"], item["qty"], item["updated"]] for item in stock["items"]]


def _name(rng):
    width, height = rng.randint(3, 90), rng.randint(2, 40)
    size = rng.choice([f"{width} mm", f"{width}×{height}", f"M{height}"])
    return f"{rng.choice(_KINDS)} {size}, {rng.choice(_MAKES)}"


def _qty(rng):
    return None if rng.random() < 0.06 else rng.randrange(0, 700)
