"""Builds a service in the workspace, and records what it answers: exchanges, spoiled answers, and judged requests.

What the checks expect is what the service does, so nothing is stated twice. That every habit of the service that a
reader may miss shows in the requests is proven: `_openapi_from_service_traps` names a request for each.
"""

import json
import random
from pathlib import Path
from string import Template

from _openapi_from_service_draw import draw_service, finish, settings_of
from _openapi_from_service_faults import draw_faults
from _openapi_from_service_requests import both_kinds, judged
from _openapi_from_service_rows import draw_rows
from _openapi_from_service_tour import tour
from _openapi_from_service_traps import dead_traps
from _openapi_from_service_world import forget, load_app, write_service

HERE = Path(__file__).resolve().parent
WATCHED = ("location", "etag", "retry-after")


def build(workspace: Path, hidden: Path, seed: int) -> None:
    """Write `svc/`, README.md and partners.md, and the hidden exchanges and requests."""
    rng = random.Random(f"openapi-from-service/{seed}")
    d = finish(draw_service(rng))
    write_service(workspace, d, settings_of(d), draw_rows(rng, d))
    for name in ("README.md", "partners.md"):
        text = Template((HERE / f"{name}.tmpl").read_text("utf-8")).substitute(_readme(rng, d))
        (workspace / name).write_text(text, encoding="utf-8")
    app_class = load_app(workspace)
    try:
        exchanges = [_watched(one) for one in tour(app_class, d)]
        groups = judged(app_class, d)
    finally:
        forget()
    if not both_kinds(groups):
        raise AssertionError("an operation without malformed requests")
    if dead := dead_traps(groups, d):
        raise AssertionError(f"traps without a request: {dead}")
    faults = draw_faults(rng, exchanges, d)
    _write(hidden / "exchanges.json", {"exchanges": exchanges, "faults": faults})
    _write(hidden / "requests.json", groups)


def _watched(exchange: dict) -> dict:
    """Return an exchange with only those headers that a document has to name."""
    headers = exchange["headers"].items()
    kept = {name: one for name, one in headers if name.startswith("X-") or name.lower() in WATCHED}
    return {**exchange, "headers": kept}


def _readme(rng, d):
    """Return what the stale README says: some of it was never true, some no longer is."""
    return {
        "company": d["company"],
        "base": d["base"],
        "name_high": d["name_high"] - rng.choice([4, 8]),
        "units_high": d["units_high"] + rng.choice([10, 40]),
        "page_most": d["page_most"],
        "site_header": d["site_header"],
        "site_value": d["site_value"],
        "courier": d["courier"],
        "mass": d["mass"],
    }


def _write(path, content):
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
