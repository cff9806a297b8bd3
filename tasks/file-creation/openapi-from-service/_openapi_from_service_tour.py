"""Calls every operation so that each status it can answer with, and each shape of its answers, is seen once."""

from _openapi_from_service_ops import customer, item, operations
from _openapi_from_service_world import Caller


def tour(app_class, d: dict) -> list[dict]:
    """Return exchanges."""
    exchanges: list[dict] = []
    for op in operations(d).values():
        caller = Caller(app_class, d)
        _refusals(op, caller, d)
        exchanges += caller.exchanges
    for story in (_customers, _items, _bookings, _states, _plugins):
        caller = Caller(app_class, d)
        story(caller, operations(d), d)
        exchanges += caller.exchanges
    return exchanges


def _refusals(op, caller, d):
    """What the gates answer, then the good call."""
    if op.keyed:
        op.send(caller, key="")
        op.send(caller, key="demo-nobody")
    if op.role:
        op.send(caller, key="demo-reader")
    if op.site:
        op.send(caller, site="")
        op.send(caller, site="north")
    if op.bad_path:
        op.send(caller, op.bad_path)
    for query in op.bad_query:
        op.send(caller, query=query)
    if op.gone:
        op.send(caller, op.gone, headers={"If-Match": '"0"'})
    if op.media:
        op.send(caller, raw='{"a":')
        op.send(caller, raw="[1]")
        op.send(caller, raw="{}", media="text/plain")
        op.send(caller, raw='{"a": "' + "x" * d["max_body"] + '"}')
        op.send(caller, body=_wrong(op))
    if op.tagged:
        op.send(caller, headers={})
        op.send(caller, headers={"If-Match": '"0"'})
    op.send(caller)


def _wrong(op):
    """Return the good body with two values that nothing takes."""
    names = list(op.body)[:2]
    return {**op.body, **dict.fromkeys(names, 7.5), **{"labels": {}}}


def _customers(caller, ops, d):
    index, create = ops["GET /customers"], ops["POST /customers"]
    for query in (
        "limit=3",
        "limit=3&offset=22",
        "offset=60",
        f"{d['level']}={d['level_words'][1]}&q=A",
        "limit=999",
    ):
        index.send(caller, query=query)
    full = {
        **customer(d),
        "email": "b@b.example",
        "phone": "+47 555-12 34 56",
        "tags": ["Dog", "x1"],
        d["credit"]: 12.5,
        "address": {"street": "Kaigata 1", "postcode": d["postcodes"][0], "hint": "left"},
        d["pin"]: "12345"[: d["pin_low"]],
    }
    for body in (full, full, {**customer(d), "name": "X"}, customer(d), customer(d)):
        create.send(caller, body=body)
    create.send(caller, body={"name": "Only Phone", "phone": "+4755512345678"})
    for number in range(101, 107):
        ops["GET /customers/{}"].send(caller, f"/customers/{number}")
    patch = ops["PATCH /customers/{}"]
    for body in (
        {"email": "b@b.example"},
        {"address": None, "phone": None},
        {"tags": ["b2"], d["credit"]: None},
    ):
        patch.send(caller, body=body)
    tag = {"If-Match": caller.app.store.customers.get("104")["etag"]}
    patch.send(caller, "/customers/104", body={"phone": None}, headers=tag)
    index.send(caller, query="limit=30")
    for number in (101, 118):
        tag = {"If-Match": caller.app.store.customers.get(str(number))["etag"]}
        ops["DELETE /customers/{}"].send(caller, f"/customers/{number}", headers=tag)


def _items(caller, ops, d):
    index, create, show, put = (
        ops[name] for name in ("GET /items", "POST /items", "GET /items/{}", "PUT /items/{}")
    )
    for query in (
        "limit=2&offset=1",
        f"kinds={','.join(d['kind_words'][:2])}",
        f"fragile={d['on']}",
        "offset=99",
    ):
        index.send(caller, query=query)
    rich = {
        **item(d),
        d["mass"]: 3.25,
        "box": [1, 2, 3],
        "serial": " S100 Z ",
        "extras": {"colour": "red"},
        "fragile": True,
    }
    for body in (rich, rich, {**item(d), "sku": f"{d['sku_letters']}-4712"}, {**rich, "title": " "}):
        create.send(caller, body=body)
    for number in range(1001, 1005):
        show.send(caller, f"/items/{d['sku_letters']}-{number}")
    bare = {name: value for name, value in rich.items() if name != "sku"}
    row = caller.app.store.items.get(f"{d['sku_letters']}-4711")
    for sku, serial in (("7000", "S7000"), ("7001", "S100 Z"), ("4711", "S100 Z")):
        tag = {"If-Match": row["etag"]}
        put.send(caller, f"/items/{d['sku_letters']}-{sku}", body={**bare, "serial": serial}, headers=tag)
    plain = {name: value for name, value in item(d).items() if name != "sku"}
    put.send(caller, f"/items/{d['sku_letters']}-4711", body=plain, headers={"If-Match": row["etag"]})


def _bookings(caller, ops, d):
    index, create = ops["GET /bookings"], ops["POST /bookings"]
    for query in (
        "limit=21",
        "limit=4",
        "status=draft&status=returned",
        "expand=lines&from=2025-03-01&to=2025-04-30",
    ):
        index.send(caller, query=query)
    for query in ("expand=customer&limit=30", "offset=90", "expand=lines&limit=30"):
        index.send(caller, query=query)
    base = create.body
    transfer = {"kind": "transfer", "iban": "NO" + "9" * d["iban"]}
    later = {"kind": d["account"], "days": d["terms_step"] * 2}
    for change in (
        {"payment": transfer, "pickup": f"{d['opens'] + 1:02d}:00", "discount": 10},
        {"payment": {**transfer, "holder": "Ida"}, "delivery": d["courier"], "drop_off": "Mill Lane 2"},
        {"payment": later, "voucher": d["vouchers"][0], d["notes"]: "call first"},
        {"payment": {**later, "order": "PO 1"}},
        {"lines": [{"sku": base["lines"][0]["sku"], "count": 6}]},
        {"customer": 9999},
    ):
        create.send(caller, body={**base, **change})
    for number in range(6001, 6022):
        query = ["", "expand=customer", "expand=lines", "expand=lines,customer"][number % 4]
        ops["GET /bookings/{}"].send(caller, f"/bookings/{d['ref']}-{number}", query=query)


def _states(caller, ops, d):
    """What only a sequence of calls shows."""
    ref, confirm, remind = d["ref"], ops["POST /bookings/{}/confirm"], ops["POST /bookings/{}/remind"]
    show, remove, create = ops["GET /bookings/{}"], ops["DELETE /bookings/{}"], ops["POST /bookings"]
    draft = f"/bookings/{ref}-6004"
    remind.send(caller, f"{draft}/remind")
    caller.call("POST", f"{draft}/confirm", template=confirm.template)
    for _ in range(2):
        remind.send(caller, f"{draft}/remind")
    show.send(caller, draft)
    confirm.send(caller, f"{draft}/confirm")
    confirm.send(caller, f"/bookings/{ref}-6007/confirm", body={"by": "TEXT"})
    confirm.send(caller, f"/bookings/{ref}-6010/confirm", body={"notify": False})
    confirm.send(caller, f"/bookings/{ref}-6013/confirm", body={"notify": False, "by": "mail"})
    for number in (6002, 6003, 6013):
        remove.send(caller, f"/bookings/{ref}-{number}")
    ops["POST /items"].send(caller, body={**item(d), d["units"]: "2"})
    line = {"lines": [{"sku": item(d)["sku"], "count": 2}]}
    for _ in range(2):
        create.send(caller, body={**create.body, **line})
    row = caller.app.store.customers.get("109")
    ops["DELETE /customers/{}"].send(caller, "/customers/109", headers={"If-Match": row["etag"]})
    show.send(caller, f"/bookings/{ref}-6009", query="expand=customer")
    show.send(caller, f"/bookings/{ref}-6009")
    ops["GET /bookings"].send(caller, query="status=returned&expand=customer")


def _plugins(caller, ops, d):
    if "GET /items/{}/calendar" in ops:
        for number in range(1001, 1007):
            path = f"/items/{d['sku_letters']}-{number}/calendar"
            ops["GET /items/{}/calendar"].send(caller, path, query="from=2025-03-15")
    if "PUT /customers/{}/labels" in ops:
        for body in ({"labels": ["a1", "B2"], "reason": "sorted"}, {"labels": ["a1"], "reason": None}):
            ops["PUT /customers/{}/labels"].send(caller, body=body)
    if "POST /stocktakes" in ops:
        for day in ("2025-03-01", "2025-03-01", "2025-03-02"):
            ops["POST /stocktakes"].send(caller, body={"day": day, "counts": {"x": 1}})
