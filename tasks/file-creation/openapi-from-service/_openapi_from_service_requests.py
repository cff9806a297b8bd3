"""Hidden requests: a good one with one thing changed. What the service answers says whether it is well formed."""

import json
import pickle
from urllib.parse import parse_qsl, quote

from _openapi_from_service_members import body_requests
from _openapi_from_service_ops import operations
from _openapi_from_service_parameters import parameter_requests
from _openapi_from_service_world import Caller

STATE_CODES = {"unknown_reference", "order"}
"""Problems that no schema can state; requests that have one are not judged."""
MALFORMED = {400, 422, 428}
UNJUDGED = {401, 403, 413, 415}


def judged(app_class, d: dict) -> dict[str, list[dict]]:
    """Return group → requests, each with `good` as the service judges it."""
    ops = operations(d)
    groups = {**body_requests(ops, d), "parameters": parameter_requests(ops, d)}
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
        headers = {
            **_tag(op, caller),
            **request.get("headers", {}),
            d["site_header"]: request.get("site", d["site_value"]),
        }
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
            sent |= {
                "pieces": pieces,
                "query": query,
                "headers": headers,
                "raw": request.get("raw"),
                "media": op.media,
            }
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
    given = {
        "query": request.get("query", op.query),
        "headers": headers,
        "site": None,
        "raw": raw,
        "media": op.media,
    }
    return caller.call(op.method, path, template=op.template, **given)


def _pieces(op):
    """Return what stands in the places of a path's parameters."""
    pairs = zip(op.template.split("/"), op.path.split("/"), strict=True)
    return [piece for name, piece in pairs if name == "{}"]


def both_kinds(groups: dict[str, list[dict]]) -> bool:
    """Return whether there are good and malformed requests of every operation that reads a body."""
    seen = {(one["op"], one["good"]) for name in groups if name != "parameters" for one in groups[name]}
    return all((op, not good) in seen for op, good in seen)
