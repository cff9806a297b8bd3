"""Hidden requests about parameters: of the query, the path and the headers; and with or without a body."""

import json

import _openapi_from_service_values as v


def parameter_requests(ops, d):
    """Return requests with parameters in the query, the path and the head."""
    requests = []
    for name, several in _queries(d).items():
        if name in ops:
            requests += [{"op": name, "query": query} for query in several]
    return [*requests, *_paths(ops, d), *_headers(ops, d)]


def _queries(d):
    """Return operation → queries to be tried."""
    pages, levels, kinds = _pages(d), _levels(d), d["kind_words"]
    lists = [
        kinds[0],
        f"{kinds[0]},{kinds[1]}",
        f"{kinds[0]},x",
        "",
        f"{kinds[0]},",
        "x",
        f"{kinds[0]},{kinds[0]}",
    ]
    switches = [d["on"], d["off"], "true", "false", "2", "", d["on"].upper() + "x", "1", "0", "yes"]
    days = [one for one in v.far_days() if isinstance(one, str)]
    expands = [
        "customer",
        "lines",
        "customer,lines",
        "lines,lines",
        "customer,lines,lines",
        "items",
        "",
        "customer,",
    ]
    months = ["2025-03", "2025-12", "2025-00", "2025-13", "2025-3", "1999-01", "", "2025-03-01"]
    return {
        "GET /customers": [*pages, *levels],
        "GET /items": [*pages, *(f"kinds={one}" for one in lists), *(f"fragile={one}" for one in switches)],
        "GET /bookings": [
            *pages,
            *(
                "status=draft",
                "status=draft&status=returned",
                "status=lost",
                "status=draft,returned",
                "status=",
            ),
            "status=draft&status=lost",
            *(f"{name}={one}" for name in ("from", "to") for one in days),
            *(f"expand={one}" for one in expands),
        ],
        "GET /bookings/{}": ["", *(f"expand={one}" for one in expands)],
        "GET /items/{}/calendar": ["", *(f"from={one}" for one in days)],
        "GET /reports/usage": ["", *(f"month={one}" for one in months), *_tops(d)],
    }


def _pages(d):
    """Return queries about pages."""
    pages = [
        "limit=1",
        "limit=0",
        f"limit={d['page_most'] + 1}",
        "limit=999999",
        "limit=1000000",
        "limit=x",
        "limit=",
    ]
    pages += [
        "offset=0",
        "offset=-1",
        "offset=999999",
        "offset=1000000",
        "offset=1.5",
        "",
        "limit=-5",
        "limit=12",
    ]
    return pages


def _levels(d):
    """Return queries about levels."""
    level = d["level"]
    levels = [f"{level}={d['level_words'][n]}" for n in (0, 1)]
    levels += [
        f"{'&'.join(levels)}",
        f"{levels[0]}&{level}=x",
        f"{level}=x",
        f"{level}=",
        levels[1].upper().lower(),
    ]
    levels += [
        f"{level}={d['level_words'][0].upper()}",
        f"{level}={','.join(d['level_words'][:2])}",
        "q=a&q=b",
        "q=",
    ]
    return levels


def _tops(d):
    values = [d["top_least"], d["top_least"] - 1, 500, 501, 999999, 1000000, "x", ""]
    return [f"month=2025-03&top={value}" for value in values]


def _paths(ops, d):
    letters, ref = d["sku_letters"], d["ref"]
    skus = [
        f"{letters}-1001",
        f"{letters}-5999",
        f"{letters}-599",
        f"{letters}5999",
        f"{letters}-1006-K",
        "x",
    ]
    skus += [f"x{letters}-1001", f"{letters.lower()}-1001", f"{letters}-10011", f"{letters}-1001 b"]
    refs = [
        f"{ref}-6001",
        f"{ref}-x",
        f"{ref}-",
        f"{ref}6001",
        "6001",
        f"x{ref}-6001",
        ref,
        f"{ref.lower()}-6001",
    ]
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
    sites = [
        f"{letters}07",
        f"{letters}7",
        f"{letters.lower()}07",
        f"{letters}071",
        f"{letters}07-b",
        "07",
        None,
    ]
    for name, op in ops.items():
        raw = {"raw": json.dumps(op.body)} if op.body is not None else {}
        if "bookings" in name or name == "GET /customers":
            found += [{"op": name, "site": site, **raw} for site in sites]
        if op.tagged and not name.startswith("PUT"):
            found += [{"op": name, "headers": {"If-Match": tag}, **raw} for tag in ('"zz"', None)]
        if op.media and name != "PATCH /customers/{}":
            found += [{"op": name}, {"op": name, "raw": "[]"}]
    return [*found, *({"op": name} for name in ops if not ops[name].media and not ops[name].query)]
