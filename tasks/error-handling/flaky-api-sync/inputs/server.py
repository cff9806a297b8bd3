"""Sandbox of the stock API described in api.md.

    python3 server.py [--port N] [--stock FILE] [--weather FILE] [--log FILE]

It prints its URL on the first line and serves until it is stopped (or nobody asked it for an hour).
Every start begins afresh from the stock file and the weather file; nothing is kept between two starts,
except that it accepts whichever pair of tokens your token file holds by now.

The weather file says what goes wrong, counted in requests, so that bad luck can be repeated:

    {"clock_offset_sec": -75,                    how far its clock is from this machine's
     "faults": [{"at": 3, "kind": "broken"}],    one answer each, see below
     "changes": [{"after_pages": 2, "set": [{"id": "...", "name": "...", "qty": 1, "updated": "..."}],
                  "remove": ["..."]}]}           what happens upstream once so many pages were served

"at" counts the requests for a page that carry a valid token and respect a running Retry-After. A fault
strikes the first such request from "at" on that it fits. Kinds:

    broken           status 502 (or "status": 500, 503, 504) and an HTML page
    drop             the connection closes without an answer
    short            the body ends before the Content-Length it announced
    torn             the body ends early, and no Content-Length was announced
    error-object     status 200, but an error object instead of a page
    busy             status 429 (or "status": 503) with Retry-After: "wait" seconds (default 1);
                     with "form": "date" as a date instead
    expired-token    the access token expires
    expired-cursor   status 410 (only requests that carry a cursor)
    locked           status 403 for this and every later request
    down             status 500 for this and every later request for a page

--log FILE appends one JSON line per request: arrival in seconds (monotonic clock), status, fault, whether
it came inside a Retry-After window.
"""

import argparse
import base64
import contextlib
import hashlib
import json
import math
import socketserver
import threading
import time
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit

IDLE_SEC = 3600
GENERATIONS = 1000


class Answer(NamedTuple):
    """What goes back: ``damage`` is None, ``short``, ``torn`` or ``drop``."""

    status: int
    body: bytes
    headers: dict
    damage: str | None = None


def token_pair(key, generation):
    """Return the pair of tokens that is valid after ``generation`` refreshes."""
    return tuple(
        hashlib.sha256(f"{key}/{kind}/{generation}".encode()).hexdigest()[:32] for kind in ("access", "refresh")
    )


class Sandbox:
    """The API without the network: one call of `answer` per request."""

    def __init__(self, stock, weather, wall=time.time, ticks=time.monotonic):
        self.items = {item["id"]: item for item in stock["items"]}
        self.page_size = stock["page_size"]
        self.revision = stock["revision"]
        self.key = stock["token_key"]
        pairs = [token_pair(self.key, n) for n in range(GENERATIONS)]
        self.access = {pair[0]: n for n, pair in enumerate(pairs)}
        self.refresh = {pair[1]: n for n, pair in enumerate(pairs)}
        self.generation = weather.get("generation")
        self.faults = sorted(weather.get("faults", []), key=lambda fault: fault["at"])
        self.changes = sorted(weather.get("changes", []), key=lambda change: change["after_pages"])
        self.offset = weather.get("clock_offset_sec", 0)
        self.wall, self.ticks = wall, ticks
        self.expired = None
        self.requests = self.pages = 0
        self.quiet = None
        self.now = self.wall() + self.offset
        self.locked = self.down = False
        self.note = {}

    def answer(self, method, target, authorization, body):
        """Return the answer to one request; ``note`` then says what happened, for the log."""
        self.now = self.wall() + self.offset
        self.note = {"arrived": self.ticks(), "method": method, "path": target, "early": self._is_quiet()}
        result = self._answer(method, urlsplit(target), authorization, body)
        self.note |= {"status": result.status, "revision": self.revision, "generation": self.generation}
        date = formatdate(math.floor(self.now), usegmt=True)
        return result._replace(headers={"Date": date, **result.headers})

    def _answer(self, method, url, authorization, body):
        if self.locked:
            return self._error(403, "account_locked")
        if self._is_quiet():
            return self._busy_again()
        if (method, url.path) == ("POST", "/v2/token"):
            return self._refresh(body)
        if (method, url.path) != ("GET", "/v2/items"):
            return self._error(404, "not_found")
        if not self._authorized(authorization):
            return self._error(401, "token_expired")
        cursor = parse_qs(url.query).get("cursor", [None])[0]
        place = 0 if cursor is None else _place(cursor)
        if place is None:
            return self._error(400, "bad_cursor")
        self.requests += 1
        fault = self._next_fault(cursor)
        if fault or self.down:
            return self._strike(fault or {"kind": "down"}, place)
        return self._page(place)

    def _page(self, place):
        listing = sorted(self.items.values(), key=lambda item: item["id"])
        listing.sort(key=lambda item: item["updated"], reverse=True)
        following = place + self.page_size
        page = {
            "revision": self.revision,
            "items": listing[place:following],
            "next": _cursor(following) if following < len(listing) else None,
        }
        self.pages += 1
        while self.changes and self.changes[0]["after_pages"] <= self.pages:
            self._change(self.changes.pop(0))
        return _json(200, page)

    def _change(self, change):
        for name in change.get("remove", []):
            self.items.pop(name, None)
        for item in change.get("set", []):
            self.items[item["id"]] = item
        self.revision += 1

    # -- tokens --------------------------------------------------------------------------------

    def _authorized(self, authorization):
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer":
            return False
        found = self.access.get(token.strip())
        if self.generation is None:
            self.generation = found
        return found is not None and found == self.generation != self.expired

    def _refresh(self, body):
        try:
            found = self.refresh.get(json.loads(body)["refresh_token"])
        except (ValueError, TypeError, KeyError):
            return self._error(400, "invalid_request")
        if found is None or self.generation not in (None, found):
            return self._error(400, "invalid_grant")
        self.generation = found + 1
        access, refresh = token_pair(self.key, self.generation)
        return _json(200, {"access_token": access, "refresh_token": refresh})

    # -- bad weather ---------------------------------------------------------------------------

    def _next_fault(self, cursor):
        for fault in self.faults:
            if fault["at"] <= self.requests and (cursor or fault["kind"] != "expired-cursor"):
                self.faults.remove(fault)
                return fault
        return None

    def _strike(self, fault, place):
        kind = self.note["fault"] = fault["kind"]
        if kind == "broken":
            page = b"<html><head><title>Bad gateway</title></head><body><h1>Bad gateway</h1></body></html>"
            return Answer(fault.get("status", 502), page, {"Content-Type": "text/html"})
        if kind == "error-object":
            return _json(200, {"error": {"code": "backend_timeout", "message": "upstream did not answer"}})
        if kind == "busy":
            return self._busy(fault)
        if kind == "expired-token":
            self.expired = self.generation
            return self._error(401, "token_expired")
        if kind == "expired-cursor":
            return self._error(410, "cursor_expired")
        if kind == "locked":
            self.locked = True
            return self._error(403, "account_locked")
        if kind == "down":
            self.down = True
            return self._error(500, "internal")
        pages, changes, self.changes = self.pages, self.changes, []
        whole = self._page(place)
        self.pages, self.changes = pages, changes
        return whole._replace(damage=kind)

    def _busy(self, fault):
        wait = fault.get("wait", 1)
        if fault.get("form") == "date":
            until = math.floor(self.now) + wait + (self.now % 1 > 0.8)
            header, wait = formatdate(until, usegmt=True), until - self.now
        else:
            header = str(wait)
        self.quiet = (self.ticks() + wait, fault.get("status", 429), header, fault.get("form"))
        self.note["quiet_until"] = self.quiet[0]
        return self._error(self.quiet[1], "busy", {"Retry-After": header})

    def _busy_again(self):
        end, status, header, form = self.quiet
        left = header if form == "date" else str(max(1, math.ceil(end - self.ticks())))
        return self._error(status, "busy", {"Retry-After": left})

    def _is_quiet(self):
        return self.quiet is not None and self.ticks() < self.quiet[0]

    def _error(self, status, code, headers=None):
        answer = _json(status, {"error": {"code": code}})
        return answer._replace(headers=answer.headers | (headers or {}))


def _json(status, document):
    body = json.dumps(document, ensure_ascii=False).encode()
    return Answer(status, body, {"Content-Type": "application/json; charset=utf-8"})


def _cursor(place):
    return base64.urlsafe_b64encode(f"place={place:06d}".encode()).decode().rstrip("=")


def _place(cursor):
    try:
        name, _, number = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode().partition("=")
        return int(number) if name == "place" else None
    except ValueError:
        return None


class Handler(BaseHTTPRequestHandler):
    """Carries requests to the sandbox, one at a time, and its answers back, damage included."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = 60

    def do_GET(self):
        self._serve("GET")

    def do_POST(self):
        self._serve("POST")

    def log_message(self, *args):
        pass

    def _serve(self, method):
        length = self.headers.get("Content-Length", "0")
        body = self.rfile.read(min(int(length), 65536)) if length.isdigit() else b""
        with self.server.lock:
            self.server.asked = time.monotonic()
            answer = self.server.sandbox.answer(method, self.path, self.headers.get("Authorization"), body)
            if self.server.log:
                with self.server.log.open("a", encoding="utf-8") as log:
                    log.write(json.dumps(self.server.sandbox.note) + "\n")
        with contextlib.suppress(OSError):
            self._send(answer)

    def _send(self, answer):
        self.close_connection = self.close_connection or answer.damage is not None
        if answer.damage == "drop":
            return
        self.send_response_only(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if answer.damage != "torn":
            self.send_header("Content-Length", str(len(answer.body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(answer.body[: len(answer.body) * 3 // 5] if answer.damage else answer.body)


class Server(ThreadingHTTPServer):
    """Serves one sandbox on the loopback address."""

    daemon_threads = True

    def __init__(self, port, sandbox, log):
        super().__init__(("127.0.0.1", port), Handler)
        self.sandbox, self.log = sandbox, log
        self.lock = threading.Lock()
        self.asked = time.monotonic()

    def server_bind(self):
        """Bind without asking the resolver for a name, which can take seconds."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = self.server_address

    def service_actions(self):
        if time.monotonic() - self.asked > IDLE_SEC:
            threading.Thread(target=self.shutdown, daemon=True).start()
            self.asked = time.monotonic()


def main():
    here = Path(__file__).resolve().parent
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=0, help="default: any free one")
    parser.add_argument("--stock", type=Path, default=here / "stock.json")
    parser.add_argument("--weather", type=Path, default=here / "weather.json")
    parser.add_argument("--log", type=Path)
    options = parser.parse_args()
    stock, weather = (json.loads(path.read_text("utf-8")) for path in (options.stock, options.weather))
    server = Server(options.port, Sandbox(stock, weather), options.log)
    print(f"http://127.0.0.1:{server.server_port}", flush=True)
    with contextlib.suppress(KeyboardInterrupt):
        server.serve_forever()


if __name__ == "__main__":
    main()
