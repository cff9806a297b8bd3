"""Writes a service into a workspace, loads it from there and talks to it without a network."""

import importlib
import json
import re
import sys
from pathlib import Path

TEMPLATES = Path(__file__).resolve().parent / "service"
NOW = 1741600000
"""What the service's clock says while it is recorded."""


def write_service(workspace: Path, d: dict, settings: dict, rows: dict) -> None:
    """Write `svc/` from the templates."""
    for template in sorted(TEMPLATES.rglob("*.tmpl")):
        target = workspace / "svc" / template.relative_to(TEMPLATES).with_suffix("")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(render(template.read_text("utf-8"), d), encoding="utf-8")
    for name, content in (("settings.json", settings), ("data.json", rows)):
        (workspace / "svc" / name).write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


def render(text: str, d: dict) -> str:
    """Fill in the markers `@{name}`."""
    return re.sub(r"@\{(\w+)\}", lambda hit: str(d[hit[1]]), text)


def load_app(workspace: Path):
    """Return the class `App` of the workspace's service, and leave no trace of the import."""
    kept, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    sys.path.insert(0, str(workspace))
    try:
        return importlib.import_module("svc.app").App
    finally:
        sys.path.remove(str(workspace))
        sys.dont_write_bytecode = kept


def forget() -> None:
    """Drop the imported service, so that another one can be loaded."""
    for name in [name for name in sys.modules if name == "svc" or name.startswith("svc.")]:
        del sys.modules[name]


class Caller:
    """Calls a fresh service; `time` is its clock and may be set."""

    def __init__(self, app_class, d: dict):
        self.time, self.d = NOW, d
        self.app = app_class(clock=lambda: self.time)
        self.exchanges: list[dict] = []

    def call(self, method: str, path: str, *, template: str = "", **given):
        """Send a request and record the exchange. Given: key, site, query, body, raw, media, headers."""
        headers = dict(given.get("headers") or {})
        key, site = given.get("key", "demo-manager"), given.get("site", self.d["site_value"])
        if key:
            headers["X-Api-Key"] = key
        if site:
            headers[self.d["site_header"]] = site
        raw = given.get("raw")
        if raw is None and "body" in given:
            raw = json.dumps(given["body"], ensure_ascii=False)
        if raw is not None:
            headers["Content-Type"] = given.get("media") or "application/json"
        target = self.d["base"] + path + (f"?{given['query']}" if given.get("query") else "")
        response = self.app.handle(method, target, headers, (raw or "").encode("utf-8"))
        self.exchanges.append(
            {
                "op": f"{method} {self.d['base']}{template or path}",
                "status": response.status,
                "headers": response.headers,
                "media": None if response.body is None else response.media,
                "body": response.payload().decode("utf-8"),
            }
        )
        return response
