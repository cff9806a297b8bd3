"""What a reader of the service may miss, and for each of it a sort of request that tells.

The verdict given here is the service's; somebody who missed the habit would judge the other way.
"""

import json
from collections import defaultdict


def dead_traps(groups: dict[str, list[dict]], d: dict) -> list[str]:
    """Return the traps for which no hidden request tells who fell into them."""
    known = defaultdict(list)
    for one in (one for several in groups.values() for one in several):
        body = json.loads(one["raw"]) if one["raw"] else {}
        if isinstance(body, dict):
            known[one["op"], one["good"]].append((body, dict(one["query"])))
    return [
        name
        for name, op, good, tells in _traps(d)
        if not any(tells(body, query) for body, query in known[_full(d, op), good])
    ]


def _full(d, op):
    method, path = op.split(" ")
    return f"{method} {d['base']}{path}"


def _address(body):
    """Return the address within a body."""
    return body["address"] if isinstance(body.get("address"), dict) else {}


def _lineless(body):
    """Return whether a line of a booking does not say how many."""
    lines = body.get("lines")
    return isinstance(lines, list) and any(isinstance(one, dict) and "count" not in one for one in lines)


def _traps(d):
    """Yield (name, operation, the service's verdict, what such a request looks like)."""
    post, patch, item, put = "POST /customers", "PATCH /customers/{}", "POST /items", "PUT /items/{}"
    booking, confirm = "POST /bookings", "POST /bookings/{}/confirm"
    refuses = {"refuse": False, "ignore": True}
    yield "blanks around", post, True, lambda b, q: len(str(b.get("name"))) > d["name_high"]
    yield "blanks only", post, False, lambda b, q: str(b.get("name")).strip(" ") == "" and b.get("email")
    yield "null for a default", post, True, lambda b, q: b.get(d["level"], 1) is None
    yield "no default in a change", patch, False, lambda b, q: b.get(d["level"], 1) is None
    yield "nobody to reach", post, False, lambda b, q: b.get("phone", 1) is None and "email" not in b
    yield (
        "nobody to reach in a change",
        patch,
        True,
        lambda b, q: b.get("phone", 1) is None and "email" not in b,
    )
    yield (
        "pin in a change",
        patch,
        refuses[d["customer_unknown"]],
        lambda b, q: str(b.get(d["pin"], "")).isdigit(),
    )
    yield "fixed in a customer", post, refuses[d["customer_fixed"]], lambda b, q: "id" in b and "email" in b
    yield "fixed in an item", item, refuses[d["item_fixed"]], lambda b, q: "state" in b
    yield "unknown in an item", item, refuses[d["item_unknown"]], lambda b, q: "colour" in b
    yield "code in a replacement", put, refuses[d["item_fixed"]], lambda b, q: "sku" in b
    yield "empty change", patch, d["customer_least"] == 0, lambda b, q: not b
    yield "digits as text", item, True, lambda b, q: str(b.get(d["units"])) == f"0{d['units_high']}"[-4:]
    yield "digits above", item, False, lambda b, q: b.get(d["units"]) == f"{d['units_high'] + 1}"
    yield "open bound", item, False, lambda b, q: b.get(d["mass"]) == 0
    yield "closed bound", item, True, lambda b, q: b.get(d["rate"]) == d["rate_high"]
    yield "void", item, True, lambda b, q: b.get("serial") == "   "
    yield "no void in a replacement", put, False, lambda b, q: b.get("serial") == "   "
    yield "capitals", post, True, lambda b, q: _address(b).get("country") == d["country_words"][0].upper()
    code = f"{d['postcodes'][0]}-77"
    yield "whole or not", post, not d["postcode_whole"], lambda b, q: _address(b).get("postcode") == code
    yield "voucher", booking, not d["voucher_whole"], lambda b, q: str(b.get("voucher")).endswith("-77")
    yield "courier", booking, False, lambda b, q: b.get("delivery") == d["courier"] and "drop_off" not in b
    yield "both", booking, False, lambda b, q: "discount" in b and "voucher" in b
    yield "closing time", booking, True, lambda b, q: b.get("pickup") == f"{d['closes']}:00"
    yield "after closing", booking, False, lambda b, q: str(b.get("pickup")).startswith(f"{d['closes']}:")
    yield "no line count", booking, True, lambda b, q: _lineless(b)
    yield "told in no way", confirm, False, lambda b, q: b.get("notify") is False and "by" in b
    yield "cut, not refused", "GET /customers", True, lambda b, q: q.get("limit") == "999999"
    yield "too many digits", "GET /customers", False, lambda b, q: q.get("limit") == "1000000"
