"""Hidden requests: a good one with one thing changed. What the service answers says whether it is well formed."""

import json
import pickle
from urllib.parse import parse_qsl, quote

import _openapi_from_service_values as v
from _openapi_from_service_ops import operations
from _openapi_from_service_world import Caller

STATE_CODES = {"unknown_reference", "order"}
"""Problems that no schema can state; requests that have one are not judged."""
MALFORMED = {400, 422, 428}
UNJUDGED = {401, 403, 413, 415}


def judged(app_class, d: dict) -> dict[str, list[dict]]:
    """Return group → requests, each with `good` as the service judges it."""
    ops = operations(d)
    groups = {
        "customers": [*_bodies(ops["POST /customers"], _customer(d)), *_bodies(ops["PATCH /customers/{}"], _change(d))],
        "items": [*_bodies(ops["POST /items"], _item(d)), *_bodies(ops["PUT /items/{}"], _replacement(d))],
        "bookings": [
            *_bodies(ops["POST /bookings"], _booking(d)),
            *_bodies(ops["POST /bookings/{}/confirm"], _confirm()),
        ],
        "parameters": _parameters(ops, d),
    }
    if "PUT /customers/{}/labels" in ops:
        groups["customers"] += _bodies(ops["PUT /customers/{}/labels"], _labels(d))
    if "POST /stocktakes" in ops:
        groups["items"] += _bodies(ops["POST /stocktakes"], _stocktake(d))
    return {name: _decided(app_class, d, ops, requests) for name, requests in groups.items()}


def _decided(app_class, d, ops, requests):
    found, seen = [], set()
    caller = Caller(app_class, d)
    store = pickle.dumps(caller.app.store)
    for request in requests:
        key = json.dumps(request, sort_keys=True)
        if key in seen:
            continue
        seen.add(key)
        op = ops[request["op"]]
        headers = {**_tag(op, caller), **request.get("headers", {}), d["site_header"]: request.get("site", d["site_value"])}
        headers = {name: value for name, value in headers.items() if value is not None}
        response = _send(op, caller, request, headers)
        if response.status < 300:
            caller.app.store = pickle.loads(store)
        if response.status in UNJUDGED or response.status >= 500:
            raise AssertionError(f"{request}: {response.status}")
        codes = {one["code"] for one in response.body["errors"]} if response.status == 422 else set()
        if not codes & STATE_CODES:
            sent = {"op": f"{op.method} {d['base']}{op.template}", "good": response.status not in MALFORMED}
            pieces = request.get("pieces", _pieces(op))
            query = parse_qsl(request.get("query", op.query), keep_blank_values=True)
            headers["X-Api-Key"] = "demo-manager"
            sent |= {"pieces": pieces, "query": query, "headers": headers, "raw": request.get("raw"), "media": op.media}
            found.append(sent)
    return found


def _tag(op, caller):
    """Return the header that a guarded row asks for."""
    if not op.tagged:
        return {}
    table, key = op.tagged.split("/")
    return {"If-Match": getattr(caller.app.store, table).get(key)["etag"]}


def _send(op, caller, request, headers):
    """Send a request; the site is one of the headers."""
    path, raw = op.path, request.get("raw")
    for old, new in zip(_pieces(op), request.get("pieces", []), strict=False):
        path = path.replace(old, quote(new, safe=""))
    if raw is None and op.media and not op.empty:
        raw = ""
    given = {"query": request.get("query", op.query), "headers": headers, "site": None, "raw": raw, "media": op.media}
    return caller.call(op.method, path, template=op.template, **given)


def _pieces(op):
    """Return what stands in the places of a path's parameters."""
    pairs = zip(op.template.split("/"), op.path.split("/"), strict=True)
    return [piece for name, piece in pairs if name == "{}"]


# -- bodies --------------------------------------------------------------------------------------


def _bodies(op, members):
    """Return requests, one for each value of each member; a member `a.b` lies within `a`."""
    requests = []
    for name, values in members.items():
        for value in values:
            body = json.loads(json.dumps(op.body))
            _put(body, name.split("."), value)
            requests.append({"op": op.name, "raw": json.dumps(body, ensure_ascii=False)})
    return requests


def _put(body, steps, value):
    for step in steps[:-1]:
        body = body[int(step) if step.isdigit() else step]
    last = int(steps[-1]) if steps[-1].isdigit() else steps[-1]
    if last == "*":
        body.clear()
        body.update(value)
    elif last == "+":
        body.update(value)
    elif value is v.GONE:
        body.pop(last, None)
    else:
        body[last] = value


def _fixed(names):
    """Return members that the service sets, sent as the service would send them and in another way."""
    return [{name: value} for name in names for value in (7, "x", None)]


def _postcodes(d):
    return v.code([d["postcodes"][0], f"{d['postcodes'][0]}Q"], ["44", "ABC", "A-1"])


def _address(d):
    good = {"street": "Kaigata 1", "postcode": d["postcodes"][0]}
    streets, postcodes = v.text(2, d["street_high"]), _postcodes(d)
    countries, hints = v.choice(d["country_words"], fold=True), v.text(1, 40)
    found = [good, None, v.GONE, {}, "x", [], {**good, "floor": 3}, {**good, "id": 3}, {"street": "Kaigata 1"}]
    for name, values in (("street", streets), ("postcode", postcodes), ("country", countries), ("hint", hints)):
        for value in values:
            found.append({**good, name: value} if value is not v.GONE else _without(good, name))
    return found


def _without(body, name):
    return {other: value for other, value in body.items() if other != name}


def _customer(d):
    base = {"name": "Runa Vik"}
    ways = [{}, {"email": "r@v.ex"}, {"phone": "+4755512345"}, {"phone": None}, {"phone": None, "email": "r@v.ex"}]
    ways += [{"phone": "+4755512345", "email": "r@v.ex"}, {"phone": "", "email": "r@v.ex"}]
    return {**_change(d), "*": [{**base, **way} for way in ways]}


def _change(d):
    fixed = _fixed(["id", "created_at", "open_bookings"])
    return {
        "name": v.text(d["name_low"], d["name_high"]),
        "email": v.email(),
        "phone": v.phone(d["phone_low"], d["phone_high"]),
        d["level"]: v.choice(d["level_words"], fold=True),
        "tags": v.slugs(0, d["tags_high"], d["slug_tail"]),
        d["credit"]: v.number(0, d["credit_high"]),
        "address": _address(d),
        d["pin"]: v.code(["1" * d["pin_low"], "2" * d["pin_high"]], ["1" * (d["pin_high"] + 1), "12a4"]),
        "+": [*fixed, {"nickname": "R"}, {"Name": "R"}],
        "*": [{}, {"nickname": "R"}, {"id": 3}, {"name": "Runa"}, {d["credit"]: None}, {"address": None}],
    }


def _skus(d):
    letters = d["sku_letters"]
    return v.code([f"{letters}-5000"], [f"{letters}5000", f"{letters}-50", "5000", f"{letters}-", f"{letters}_5000"])


def _item(d):
    high = d["units_high"]
    extras = [{f"k{n}": "x" for n in range(d["extras_high"] + more)} for more in (0, 1)]
    extras += [{"k": value} for value in v.text(1, 30) if value is not v.GONE]
    return {
        "sku": _skus(d),
        "title": v.text(d["title_low"], d["title_high"]),
        "kind": v.choice(d["kind_words"]),
        d["rate"]: v.number(0, d["rate_high"]),
        d["units"]: v.whole(1, high, texts=True),
        d["mass"]: v.number(0, d["mass_high"]),
        "box": [
            *([1, 2, value] for value in v.whole(1, d["box_high"]) if value is not v.GONE),
            *([1, 2], [1, 2, 3, 4], [], [5, 5, 5], None, "1x2x3", {}, v.GONE),
        ],
        "serial": v.text(d["serial_low"], d["serial_high"]),
        "extras": [*extras, {}, [], "x", None, v.GONE],
        "fragile": v.flag(),
        "+": [*_fixed(["state", "created_at"]), {"colour": "red"}, {"id": 4}],
        "*": [{}, []],
    }


def _replacement(d):
    members = _item(d)
    del members["sku"]
    return {**members, "+": [*members["+"], *({"sku": sku} for sku in ("x", f"{d['sku_letters']}-1002", None))]}


def _lines(d):
    letters, most = d["sku_letters"], d["lines_high"]
    line = {"sku": f"{letters}-1001", "count": 1}
    found = [[line] * most, [line] * (most + 1), [], [line, line], [7], [[]], [None], {}, None, v.GONE, "x"]
    for value in v.whole(1, d["count_high"]):
        found.append([line, {**line, "count": value} if value is not v.GONE else _without(line, "count")])
    for sku in (f"{letters}-1002", f"{letters}-1006-K", f"{letters}1001", "", 7, None, f"x{letters}-1001"):
        found.append([{**line, "sku": sku}])
    return [*found, [_without(line, "sku")], [{**line, "days": 2}], [line, {**line, "id": None}]]


def _payments(d):
    iban = "NO" + "9" * d["iban"]
    card, transfer = {"last4": "0420", "holder": "R Vik"}, {"iban": iban}
    days = v.whole(d["terms_low"], d["terms_high"], step=d["terms_step"])
    found = [None, v.GONE, "card", [], {}, card, {"kind": "cash"}, {"kind": "Card", **card}, {"kind": 1, **card}]
    kinds = (
        ("card", card, [("last4", v.code(["0420"], ["042", "04200", "o420"])), ("holder", v.text(2, 40))]),
        ("transfer", transfer, [("iban", v.code([iban], ["9" * d["iban"], "NO"])), ("holder", v.text(2, 40))]),
        (d["account"], {"days": d["terms_step"] * 2}, [("days", days), ("order", v.text(1, d["order_high"]))]),
    )
    for kind, rest, members in kinds:
        for name, values in members:
            for value in values:
                changed = {**rest, name: value} if value is not v.GONE else _without(rest, name)
                found.append({"kind": kind, **changed})
        found += [{"kind": kind, **rest, "note": 1}, {"kind": kind}, {"kind": kind, **rest, "iban": iban}]
        found += [{"kind": kind, **rest, "last4": "0420"}, {"kind": kind, **rest, "days": d["terms_step"] * 2}]
    return found


def _booking(d):
    van, good = {"delivery": d["courier"]}, d["vouchers"][0]
    drop = {"drop_off": "Mill Lane 2"}
    return {
        "customer": v.whole(1, None),
        "lines": _lines(d),
        "start": v.day(),
        "end": v.day(),
        "pickup": v.hour(d["opens"], d["closes"], d["quarter"]),
        "payment": _payments(d),
        "delivery": v.choice(["counter", d["courier"]]),
        "drop_off": v.text(5, d["drop_high"]),
        "discount": v.whole(0, d["discount_high"], step=5),
        "voucher": v.code([good], [good[1:], good.replace("2", "x")]),
        d["notes"]: v.text(1, d["notes_high"]),
        "+": [
            *(van, {**van, **drop}, {"delivery": "counter", **drop}, drop, {"delivery": None}, {"delivery": None, **drop}),
            *({"discount": 5, "voucher": good}, {"discount": 0, "voucher": good}, {"voucher": good}, {"discount": 0}),
            *({"colour": "red"}, {"id": 1}, *_fixed(["ref", "status", "total", "created_at"])),
        ],
        "*": [{}],
    }


def _confirm():
    return {
        "notify": v.flag(),
        "by": v.choice(["mail", "text"], fold=True),
        "word": v.text(1, 20, trim=False),
        "*": [{}, {"by": "mail"}, {"word": "x"}, {"x": 1}, {"ref": 1}],
        "+": [
            *({"notify": flag, "by": by} for flag in (True, False, None) for by in ("mail", "TEXT", None)),
            {"notify": False, "word": "x"},
        ],
    }


def _labels(d):
    return {
        "labels": v.slugs(d["label_low"], 8, d["slug_tail"]),
        "reason": v.text(3, 50),
        "+": [{"x": 1}, {"id": 1}, {"tags": []}],
    }


def _stocktake(d):
    many = [{f"k{n}": 1 for n in range(n_keys)} for n_keys in (20, 21, 0)]
    counts = v.whole(0, 999, texts=True)
    return {
        "day": v.far_days(),
        "counts": [*many, *({"k": value} for value in counts if value is not v.GONE), None, v.GONE, [], 3],
        "+": [{"x": 1}, {"id": 1}],
    }


# -- parameters ----------------------------------------------------------------------------------


def _parameters(ops, d):
    requests = []
    level, kinds = d["level"], d["kind_words"]
    pages = ["limit=1", "limit=0", f"limit={d['page_most'] + 1}", "limit=999999", "limit=1000000", "limit=x", "limit="]
    pages += ["offset=0", "offset=-1", "offset=999999", "offset=1000000", "offset=1.5", "", "limit=-5", "limit=12"]
    levels = [f"{level}={d['level_words'][n]}" for n in (0, 1)]
    levels += [f"{'&'.join(levels)}", f"{levels[0]}&{level}=x", f"{level}=x", f"{level}=", levels[1].upper().lower()]
    levels += [f"{level}={d['level_words'][0].upper()}", f"{level}={','.join(d['level_words'][:2])}", "q=a&q=b", "q="]
    lists = [kinds[0], f"{kinds[0]},{kinds[1]}", f"{kinds[0]},x", "", f"{kinds[0]},", "x", f"{kinds[0]},{kinds[0]}"]
    switches = [d["on"], d["off"], "true", "false", "2", "", d["on"].upper() + "x", "1", "0", "yes"]
    days = [one for one in v.far_days() if isinstance(one, str)]
    expands = ["customer", "lines", "customer,lines", "lines,lines", "customer,lines,lines", "items", "", "customer,"]
    months = ["2025-03", "2025-12", "2025-00", "2025-13", "2025-3", "1999-01", "", "2025-03-01"]
    queries = {
        "GET /customers": [*pages, *levels],
        "GET /items": [*pages, *(f"kinds={one}" for one in lists), *(f"fragile={one}" for one in switches)],
        "GET /bookings": [
            *pages,
            *("status=draft", "status=draft&status=returned", "status=lost", "status=draft,returned", "status="),
            "status=draft&status=lost",
            *(f"{name}={one}" for name in ("from", "to") for one in days),
            *(f"expand={one}" for one in expands),
        ],
        "GET /bookings/{}": ["", *(f"expand={one}" for one in expands)],
        "GET /items/{}/calendar": ["", *(f"from={one}" for one in days)],
        "GET /reports/usage": ["", *(f"month={one}" for one in months), *_tops(d)],
    }
    for name, several in queries.items():
        if name in ops:
            requests += [{"op": name, "query": query} for query in several]
    return [*requests, *_paths(ops, d), *_headers(ops, d)]


def _tops(d):
    values = [d["top_least"], d["top_least"] - 1, 500, 501, 999999, 1000000, "x", ""]
    return [f"month=2025-03&top={value}" for value in values]


def _paths(ops, d):
    letters, ref = d["sku_letters"], d["ref"]
    skus = [f"{letters}-1001", f"{letters}-5999", f"{letters}-599", f"{letters}5999", f"{letters}-1006-K", "x"]
    skus += [f"x{letters}-1001", f"{letters.lower()}-1001", f"{letters}-10011", f"{letters}-1001 b"]
    refs = [f"{ref}-6001", f"{ref}-x", f"{ref}-", f"{ref}6001", "6001", f"x{ref}-6001", ref, f"{ref.lower()}-6001"]
    found = []
    for name, op in ops.items():
        if not op.bad_path:
            continue
        for piece in refs if name.split(" ")[1].startswith("/bookings") else skus:
            if op.tagged and piece in op.path:
                continue
            request = {"op": name, "pieces": [piece]}
            found.append({**request, "raw": json.dumps(op.body)} if op.body is not None else request)
    return found


def _headers(ops, d):
    letters, found = d["site_letters"], []
    sites = [f"{letters}07", f"{letters}7", f"{letters.lower()}07", f"{letters}071", f"{letters}07-b", "07", None]
    for name, op in ops.items():
        raw = {"raw": json.dumps(op.body)} if op.body is not None else {}
        if "bookings" in name or name == "GET /customers":
            found += [{"op": name, "site": site, **raw} for site in sites]
        if op.tagged and not name.startswith("PUT"):
            found += [{"op": name, "headers": {"If-Match": tag}, **raw} for tag in ('"zz"', None)]
        if op.media and name != "PATCH /customers/{}":
            found += [{"op": name}, {"op": name, "raw": "[]"}]
    return [*found, *({"op": name} for name in ops if not ops[name].media and not ops[name].query)]


def both_kinds(groups: dict[str, list[dict]]) -> bool:
    """Return whether there are good and malformed requests of every operation that reads a body."""
    seen = {(one["op"], one["good"]) for name in groups if name != "parameters" for one in groups[name]}
    return all((op, not good) in seen for op, good in seen)
