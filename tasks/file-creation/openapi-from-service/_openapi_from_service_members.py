"""Bodies of hidden requests: a good one with another value for a member, or for two that go together."""

import json

import _openapi_from_service_values as v


def body_requests(ops: dict, d: dict) -> dict[str, list[dict]]:
    """Return group → requests."""
    groups = {
        "customers": [
            *_bodies(ops["POST /customers"], _customer(d)),
            *_bodies(ops["PATCH /customers/{}"], _change(d)),
        ],
        "items": [*_bodies(ops["POST /items"], _item(d)), *_bodies(ops["PUT /items/{}"], _replacement(d))],
        "bookings": [
            *_bodies(ops["POST /bookings"], _booking(d)),
            *_bodies(ops["POST /bookings/{}/confirm"], _confirm()),
        ],
    }
    if "PUT /customers/{}/labels" in ops:
        groups["customers"] += _bodies(ops["PUT /customers/{}/labels"], _labels(d))
    if "POST /stocktakes" in ops:
        groups["items"] += _bodies(ops["POST /stocktakes"], _stocktake(d))
    return groups


def _bodies(op, members):
    """Return requests, one for each value of each member; `+` adds several members, `*` puts all others away."""
    requests = []
    for name, values in members.items():
        for value in values:
            body = json.loads(json.dumps(op.body))
            if name == "*":
                body = value
            elif name == "+":
                body.update(value)
            elif value is v.GONE:
                body.pop(name, None)
            else:
                body[name] = value
            requests.append({"op": op.name, "raw": json.dumps(body, ensure_ascii=False)})
    return requests


def _fixed(names):
    """Return members that the service sets, sent as the service would send them and in another way."""
    return [{name: value} for name in names for value in (7, "x", None)]


def _postcodes(d):
    return v.code([d["postcodes"][0], f"{d['postcodes'][0]}Q"], ["44", "ABC", "A-1"])


def _address(d):
    good = {"street": "Kaigata 1", "postcode": d["postcodes"][0]}
    streets, postcodes = v.text(2, d["street_high"]), _postcodes(d)
    countries, hints = v.choice(d["country_words"], fold=True), v.text(1, 40)
    found = [
        good,
        None,
        v.GONE,
        {},
        "x",
        [],
        {**good, "floor": 3},
        {**good, "id": 3},
        {"street": "Kaigata 1"},
    ]
    for name, values in (
        ("street", streets),
        ("postcode", postcodes),
        ("country", countries),
        ("hint", hints),
    ):
        for value in values:
            found.append({**good, name: value} if value is not v.GONE else _without(good, name))
    return found


def _without(body, name):
    return {other: value for other, value in body.items() if other != name}


def _customer(d):
    base = {"name": "Runa Vik"}
    ways = [
        {},
        {"email": "r@v.ex"},
        {"phone": "+4755512345"},
        {"phone": None},
        {"phone": None, "email": "r@v.ex"},
    ]
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
    return v.code(
        [f"{letters}-5000"], [f"{letters}5000", f"{letters}-50", "5000", f"{letters}-", f"{letters}_5000"]
    )


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
    return {
        **members,
        "+": [*members["+"], *({"sku": sku} for sku in ("x", f"{d['sku_letters']}-1002", None))],
    }


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
    found = [
        None,
        v.GONE,
        "card",
        [],
        {},
        card,
        {"kind": "cash"},
        {"kind": "Card", **card},
        {"kind": 1, **card},
    ]
    kinds = (
        ("card", card, [("last4", v.code(["0420"], ["042", "04200", "o420"])), ("holder", v.text(2, 40))]),
        (
            "transfer",
            transfer,
            [("iban", v.code([iban], ["9" * d["iban"], "NO"])), ("holder", v.text(2, 40))],
        ),
        (
            d["account"],
            {"days": d["terms_step"] * 2},
            [("days", days), ("order", v.text(1, d["order_high"]))],
        ),
    )
    for kind, rest, members in kinds:
        for name, values in members:
            for value in values:
                changed = {**rest, name: value} if value is not v.GONE else _without(rest, name)
                found.append({"kind": kind, **changed})
        found += [{"kind": kind, **rest, "note": 1}, {"kind": kind}, {"kind": kind, **rest, "iban": iban}]
        found += [
            {"kind": kind, **rest, "last4": "0420"},
            {"kind": kind, **rest, "days": d["terms_step"] * 2},
        ]
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
            *(
                van,
                {**van, **drop},
                {"delivery": "counter", **drop},
                drop,
                {"delivery": None},
                {"delivery": None, **drop},
            ),
            *(
                {"discount": 5, "voucher": good},
                {"discount": 0, "voucher": good},
                {"voucher": good},
                {"discount": 0},
            ),
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
