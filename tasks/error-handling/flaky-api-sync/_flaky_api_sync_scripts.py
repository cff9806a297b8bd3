"""Draws the nights: what is in stock, and what goes wrong. Each draws a list of ``(stock, weather)``.

A draw may turn out tame; whoever draws proves it, and draws again. Where clients come again to the first page,
trouble is tied to walks and pages, not counted in requests, as how many of these they send is their affair.
"""

import _flaky_api_sync_stock as stocks

_BODIES = ["short", "torn"]


def _visible(rng, limits, base):
    stock = stocks.draw_stock(rng, rng.randint(9, 11), rng.randint(20, 26))
    clock = stocks.Clock(rng)
    faults = [{"at": 3, "kind": "busy"}, {"at": 6, "kind": "broken"}, {"at": 9, "kind": "expired-token"}]
    changes = [_removal(rng, stock, {"after_pages": 4}), _arrival(rng, clock, stock, {"after_pages": 8})]
    return [(stock, _weather(rng, faults, changes))]


def _base(rng, limits, base):
    return [(stocks.draw_stock(rng, limits["rate"] + 3, rng.randint(5, 6)), _weather(rng, []))]


def _damaged(rng, limits, base):
    """One request fails as often as it may, with other answers in between; exchanges are damaged as well."""
    stock = stocks.draw_stock(rng, 5, rng.randint(9, 14))
    failures = [
        {"kind": kind} for kind in rng.sample(["thin", "error-object", *_BODIES, "drop"], limits["tries"] - 1)
    ]
    row = [*failures, {"kind": "expired-token"}, {"kind": "busy", "status": 503}]
    rng.shuffle(row)
    faults = [{"at": 3 + n, **fault} for n, fault in enumerate(row)]
    later = 3 + len(row)
    faults += [{"at": later + 1, "kind": "error-object"}, _broken(rng, at=later + 3)]
    faults += [{"at": later + 5, "kind": "thin"}]
    exchange = [{"kind": rng.choice([*_BODIES, "drop"])}, {"kind": "error-object"}, _broken(rng)]
    rng.shuffle(exchange)
    faults += [{**fault, "at": 1 + n, "on": "token"} for n, fault in enumerate(exchange)]
    return [(stock, _weather(rng, faults))]


def _moving(rng, limits, base):
    """Exactly as many walks as there may be, the last of which is sound."""
    stock = stocks.draw_stock(rng, 5, rng.randint(9, 14))
    changes = [
        _removal(rng, stock, {"walk": 1, "page": rng.randint(2, 3)}),
        _arrival(rng, stocks.Clock(rng), stock, {"walk": 2, "page": rng.randint(1, 3)}),
    ]
    faults = []
    for walk in range(3, limits["walks"]):
        cut = {"cut": rng.choice(_BODIES)} if rng.random() < 0.5 else {}
        faults.append({"walk": walk, "page": rng.randint(2, 4), "kind": "expired-cursor", **cut})
    return [(stock, _weather(rng, faults, changes))]


def _tokens(rng, limits, base):
    """Killed at the first use of a new pair; then another job is quicker, and its pair expires at once."""
    stock = stocks.draw_stock(rng, 3, rng.randint(9, 14))
    first = [{"at": 2, "kind": "expired-token"}, {"at": 3, "kind": "kill"}]
    changed = stocks.after(stock, [_news(rng, stocks.Clock(rng), stock)])
    second = [
        {"at": 2, "kind": "expired-token"},
        {"at": 1, "on": "token", "kind": "taken"},
        {"at": 3, "kind": "expired-token", "cut": rng.choice(_BODIES)},
        {"at": 2, "on": "token", "kind": rng.choice([*_BODIES, "drop"])},
    ]
    return [(stock, _weather(rng, first)), (changed, _weather(rng, second))]


def _crash(rng, limits, base):
    """Killed in the middle of a walk; the night after brings changes and removals."""
    news = _news(rng, stocks.Clock(rng), base)
    kept = {item["id"] for item in news["set"]}
    gone = rng.sample([item["id"] for item in base["items"] if item["id"] not in kept], rng.randint(3, 5))
    changed = stocks.after(base, [news, {"remove": gone}])
    page = {"page_size": rng.randint(16, 20)}
    return [
        ({**changed, **page}, _weather(rng, [{"at": 3, "kind": "kill"}])),
        ({**changed, **page}, _weather(rng, [])),
    ]


def _busy(rng, limits, base):
    """A good page, a 429 whose body is cut, and dates by two different clocks."""
    stock = stocks.draw_stock(rng, 5, rng.randint(9, 14))
    faults = [
        {"at": 2, "kind": "good", "wait": 1},
        {"at": 3, "kind": "busy", "form": "date", "clock": -rng.randint(500, 900), "cut": "short"},
        {"at": 4, "kind": "busy", "status": 503, "form": "date", "clock": -rng.randint(1000, 1400)},
    ]
    return [(stock, _weather(rng, faults))]


def _hush(rng, limits, base):
    """Retry-After with a 401, with the answer to an exchange, with a 410."""
    stock = stocks.draw_stock(rng, 4, rng.randint(9, 14))
    faults = [
        {"at": 2, "kind": "expired-token", "wait": 1},
        {"at": 1, "on": "token", "kind": "busy", "wait": 1, "cut": "short"},
        {"at": 2, "on": "token", "kind": "good", "wait": 1},
        {"at": 4, "kind": "expired-cursor", "wait": 1, "cut": rng.choice(_BODIES)},
    ]
    return [(stock, _weather(rng, faults))]


def _maintenance(rng, limits, base):
    """Maintenance that begins just when a Retry-After is over."""
    stock = stocks.draw_stock(rng, 9, rng.randint(5, 6))
    notice = {"in": 2, "lasts": 1, "fraction": 0.98}
    fault = {
        "at": rng.choice([2, 3]),
        "kind": "busy",
        "wait": 1,
        "clock": rng.randint(60, 300),
        "notice": notice,
    }
    return [(stock, _weather(rng, [fault]))]


def _forbidden(rng, limits, base):
    return [(_next_day(rng, base), _weather(rng, [{"at": 3, "kind": "locked", "cut": "short"}]))]


def _outage(rng, limits, base):
    """A request fails for ever, and gets other answers in between."""
    faults = [
        _broken(rng, at=3),
        {"at": 4, "kind": "expired-token"},
        {"at": 5, "kind": rng.choice([*_BODIES, "drop"])},
    ]
    faults += [{"at": 6, "kind": "busy", "status": 503}, {"at": 7, "kind": "down"}]
    return [(_next_day(rng, base), _weather(rng, faults))]


def _unsettled(rng, limits, base):
    """The stock changes with every page, all night."""
    stock, clock = _next_day(rng, base), stocks.Clock(rng)
    changes = []
    for after_pages in range(1, 80):
        item = stocks.touched(rng, clock, rng.choice(base["items"]))
        changes.append({"after_pages": after_pages, "set": [item]})
    return [(stock, _weather(rng, [], changes))]


def _storm(rng, limits, base):
    """All together: a walk ends in maintenance, one in changes, one with a 410, and one more than needed is granted.

    The maintenance is announced by an answer whose body is cut.
    """
    stock = stocks.draw_stock(rng, 6, rng.randint(9, 14))
    cut, date = rng.choice(_BODIES), {"wait": 1, "form": "date", "clock": -rng.randint(500, 900)}
    closing, changing, expiring = rng.sample([1, 2, 3], 3)
    notice = {"in": 1, "lasts": 1, "fraction": rng.choice([0.3, 0.5, 0.6])}
    herald = rng.choice([{"kind": "short"}, {"kind": "expired-token", "cut": "short"}])
    page = rng.randint(2, 3)
    faults = [
        {"walk": 1, "page": 1, "kind": "expired-token", "cut": cut},
        {"at": 1, "on": "token", "kind": rng.choice([*_BODIES, "drop"])},
        {"walk": rng.randint(1, 4), "page": 2, "kind": "thin"},
        {"walk": closing, "page": 3, **herald, "clock": rng.randint(60, 300), "notice": notice},
        {"walk": changing, "page": rng.randint(1, page), "kind": "good", **date},
        {"walk": expiring, "page": 1, "kind": rng.choice(_BODIES)},
        {"walk": expiring, "page": rng.randint(2, 4), "kind": "expired-cursor", "cut": cut},
        {"walk": 4, "page": rng.randint(3, 6), **_broken(rng)},
    ]
    changes = [
        _removal(rng, stock, {"walk": changing, "page": page}),
        _arrival(rng, stocks.Clock(rng), stock, {"walk": changing, "page": page + 1}),
    ]
    return [(stock, _weather(rng, faults, changes))]


DRAWS = {
    "visible": _visible, "base": _base, "damaged": _damaged, "moving": _moving, "tokens": _tokens, "crash": _crash,
    "busy": _busy, "hush": _hush, "maintenance": _maintenance, "forbidden": _forbidden, "outage": _outage,
    "unsettled": _unsettled, "storm": _storm,
}  # fmt: skip
AFTER_BASE = {"crash", "forbidden", "outage", "unsettled"}
ENDS = {
    "tokens": ["killed", "mirror"],
    "crash": ["killed", "mirror"],
    "forbidden": ["failure"],
    "outage": ["failure"],
    "unsettled": ["failure"],
}
"""How the nights of a scenario end, where it is not with a mirror."""


# -- parts of a night ------------------------------------------------------------------------------


def _weather(rng, faults, changes=()):
    return {"clock_offset_sec": -rng.randint(40, 400), "faults": faults, "changes": list(changes)}


def _broken(rng, **when):
    return {**when, "kind": "broken", "status": rng.choice([500, 502, 503, 504])}


def _next_day(rng, base):
    return {**stocks.after(base, [_news(rng, stocks.Clock(rng), base)]), "page_size": rng.randint(16, 20)}


def _removal(rng, stock, when):
    first_pages = stocks.listing(stock)[: 2 * stock["page_size"]]
    gone = rng.sample([item["id"] for item in first_pages], 2)
    return {**when, "remove": sorted(gone)}


def _arrival(rng, clock, stock, when):
    late = rng.sample(stocks.listing(stock)[-2 * stock["page_size"] :], 2)
    moved = [stocks.touched(rng, clock, late[0]), stocks.renamed(rng, clock, late[1])]
    return {**when, "set": [*moved, stocks.added(rng, clock, stock)]}


def _news(rng, clock, stock):
    chosen = rng.sample(stock["items"], rng.randint(6, 9))
    changed = [stocks.touched(rng, clock, item) for item in chosen[:-2]]
    changed += [stocks.renamed(rng, clock, item) for item in chosen[-2:]]
    return {"set": [*changed, stocks.added(rng, clock, stock)]}
