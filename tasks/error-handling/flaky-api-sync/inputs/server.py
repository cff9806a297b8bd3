"""Sandbox of the stock API described in api.md.

    python3 server.py [--port N] [--stock FILE] [--weather FILE] [--token-file FILE] [--log FILE]

It prints its URL on the first line and serves until it is stopped (or nobody asked it for an hour).
Every start begins afresh from the stock file and the weather file; nothing is kept between two starts,
except that it accepts whichever pair of tokens your token file holds by now.

The weather file says what goes wrong, counted in requests, so that bad luck can be repeated:

    {"clock_offset_sec": -75,                    how far its clock is from this machine's
     "faults": [{"at": 3, "kind": "broken"}],    one answer each, see below
     "changes": [{"after_pages": 2, "set": [{"id": "...", "name": "...", "qty": 1, "updated": "..."}],
                  "remove": ["..."]}]}           what happens upstream once so many pages were served

"at" counts the requests for a page that carry a valid token and come at a permitted time. A fault
strikes the first such request from "at" on that it fits. With "on": "token" it counts and strikes the
exchanges of tokens instead. With "walk": 2, "page": 3 in the place of "at" it strikes a request for that page
in that walk, and is gone when none comes; several for the same page strike one after the other. A change may
have "walk" and "page" in the place of "after_pages": it happens once that page or a later one was served.

Kinds (the last column: where they can strike):

    broken           status 502 (or "status": 500, 503, 504) and an HTML page                  both
    drop             the connection closes without an answer                                   both
    short            the body ends before the Content-Length it announced                      both
    torn             the body ends early, and no Content-Length was announced                  both
    error-object     status 200, but an error object                                           both
    busy             status 429 (or "status": 503) with Retry-After ("wait": 1 if not given)   both
    thin             a page without some of its items, as its "count" tells                    page
    good             a sound page, for what can be added, see below                            page
    expired-token    the access token expires                                                  page
    expired-cursor   status 410 (only requests that carry a cursor)                            page
    locked           status 403 for this and every later request                               page
    down             status 500 for this and every later request for a page                    page
    taken            status 409; the other job's pair is in the token file 0.3 s later         token

What can be added to a fault of any kind but drop:

    "wait": 2            the answer carries Retry-After: 2; with "form": "date" a date instead
    "cut": "short"       its body is damaged that way (or "torn")
    "clock": 90          the machine that answers, and those after it, have a clock so far off
    "notice": {"in": 2, "lasts": 1, "fraction": 0.5}
                         maintenance is announced, to begin at the full second that is "in" seconds after
                         the one its clock shows; "fraction" is how far that second is gone by now

--token-file says where the other job leaves its pair (token.json beside this program, if not given).
--log FILE appends one JSON line per request: arrival in seconds (monotonic clock), status, fault, whether
it came inside a Retry-After window.
"""

import argparse
import base64
import contextlib
import hashlib
import json
import math
import threading
import time
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from socketserver import ThreadingTCPServer
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit

IDLE_SEC = 3600
GENERATIONS = 1000
ERRORS = {
    "expired-token": (401, "token_expired"),
    "expired-cursor": (410, "cursor_expired"),
    "locked": (403, "account_locked"),
    "down": (500, "internal"),
}


class Answer(NamedTuple):
    """What goes back: ``damage`` is None, ``short``, ``torn`` or ``drop``."""

    status: int
    body: bytes
    headers: dict
    damage: str | None = None


def token_pair(key, generation):
    """Return the pair of tokens that is valid after ``generation`` refreshes."""
    names = (f"{key}/{kind}/{generation}" for kind in ("access", "refresh"))
    return tuple(hashlib.sha256(name.encode()).hexdigest()[:32] for name in names)


class Sandbox:
    """The API without the network: one call of `answer` per request.

    ``later(seconds, call)`` is how it does something after a while, ``token_file`` where another job leaves its pair.
    """

    def __init__(self, stock, weather, wall=time.time, ticks=time.monotonic, later=None):
        self.items = {item["id"]: item for item in stock["items"]}
        self.page_size, self.revision, self.key = stock["page_size"], stock["revision"], stock["token_key"]
        pairs = [token_pair(self.key, n) for n in range(GENERATIONS)]
        self.access, self.refresh = ({pair[kind]: n for n, pair in enumerate(pairs)} for kind in (0, 1))
        self.generation = weather.get("generation")
        self.faults = sorted(weather.get("faults", []), key=lambda fault: fault.get("at", 0))
        self.changes = sorted(weather.get("changes", []), key=lambda change: change.get("after_pages", 0))
        self.offset = weather.get("clock_offset_sec", 0)
        self.wall, self.ticks, self.later = wall, ticks, later or _after
        self.token_file = self.expired = self.given = self.taken = self.quiet = self.window = None
        self.requests = self.exchanges = self.pages = self.walks = self.epoch = 0
        self.locked = self.down = False

    def answer(self, method, target, authorization, body):
        """Return the answer to one request; ``note`` then says what happened, for the log."""
        self.now = self.wall() + self.offset
        self.note = {"arrived": self.ticks(), "method": method, "path": target, "early": self._is_quiet()}
        result = self._answer(method, urlsplit(target), authorization, body)
        self.note |= {"status": result.status, "revision": self.revision, "generation": self.generation}
        return result._replace(headers={"Date": _date(self.now), **result.headers})

    def _answer(self, method, url, authorization, body):
        if self.window and self.ticks() >= self.window[0]:
            if self.ticks() < self.window[1]:
                self.locked = self.note["closed"] = True
            self.window, self.epoch = None, self.epoch + 1
        if self.locked:
            return _error(403, "account_locked")
        if self._is_quiet():
            return self._busy_again()
        if (method, url.path) == ("POST", "/v2/token"):
            return self._exchange(body)
        if (method, url.path) != ("GET", "/v2/items"):
            return _error(404, "not_found")
        if not self._authorized(authorization):
            return _error(401, "token_expired")
        cursor = parse_qs(url.query).get("cursor", [None])[0]
        epoch, place = (self.epoch, 0) if cursor is None else _place(cursor)
        if place is None:
            return _error(400, "bad_cursor")
        self.requests += 1
        here = (self.walks + (not place), place // self.page_size + 1)
        fault = self._next_fault("page", self.requests, cursor, here)
        if fault or self.down:
            return self._strike(fault or {"kind": "down"}, lambda: self._page(place))
        return _error(410, "cursor_expired") if epoch != self.epoch else self._page(place)

    def _page(self, place):
        listing = sorted(self.items.values(), key=lambda item: item["id"])
        listing.sort(key=lambda item: item["updated"], reverse=True)
        following = place + self.page_size
        items = listing[place:following]
        page = {
            "revision": self.revision,
            "count": len(items),
            "items": items,
            "next": _cursor(self.epoch, following) if following < len(listing) else None,
        }
        self.pages += 1
        self.walks += not place
        self.note["page"] = place
        here = self.walks, following // self.page_size
        while self.changes and self._is_due(self.changes[0], here):
            change = self.changes.pop(0)
            kept = {name: item for name, item in self.items.items() if name not in change.get("remove", [])}
            self.items = kept | {item["id"]: item for item in change.get("set", [])}
            self.revision += 1
        return _json(200, page)

    def _is_due(self, change, here):
        if "walk" in change:
            return (change["walk"], change["page"]) <= here
        return change["after_pages"] <= self.pages

    # -- tokens --------------------------------------------------------------------------------

    def _authorized(self, authorization):
        scheme, _, token = (authorization or "").partition(" ")
        found = self.access.get(token.strip()) if scheme.lower() == "bearer" else None
        if self.generation is None:
            self.generation = found
        if found is None or found != self.generation:
            return False
        self.given = None
        return found != self.expired

    def _exchange(self, body):
        try:
            found = self.refresh.get(json.loads(body)["refresh_token"])
        except (ValueError, TypeError, KeyError):
            return _error(400, "invalid_request")
        if found is not None and found == self.taken:
            return _error(409, "already_exchanged")
        if found is None or (found != self.given and self.generation not in (None, found)):
            return _error(400, "invalid_grant")
        self.exchanges += 1
        fault = self._next_fault("token", self.exchanges)
        return self._strike(fault, lambda: self._new_pair(found)) if fault else self._new_pair(found)

    def _new_pair(self, found):
        self.generation, self.given = found + 1, found
        return _json(200, self._pair())

    def _pair(self):
        access, refresh = token_pair(self.key, self.generation)
        return {"access_token": access, "refresh_token": refresh}

    def _take(self):
        self.taken, self.given, self.generation = self.generation, None, self.generation + 1
        pair = self._pair()
        self.later(0.3, lambda: self.leave(pair))
        return _error(409, "already_exchanged")

    def leave(self, pair):
        """Put the other job's new pair into the token file."""
        if self.token_file:
            new = Path(self.token_file).with_name(Path(self.token_file).name + ".other")
            new.write_text(json.dumps(pair), "utf-8")
            new.replace(self.token_file)

    # -- bad weather ---------------------------------------------------------------------------

    def _next_fault(self, where, count, cursor=None, here=None):
        for fault in self.faults:
            fits = fault.get("on", "page") == where and (cursor or fault["kind"] != "expired-cursor")
            if fits and (fault["at"] <= count if "at" in fault else (fault["walk"], fault["page"]) == here):
                self.faults.remove(fault)
                return fault
        return None

    def _strike(self, fault, whole):
        self.note["fault"] = fault["kind"]
        if "clock" in fault:
            self.offset = fault["clock"]
        if "fraction" in fault.get("notice", {}):
            self.offset += fault["notice"]["fraction"] - (self.wall() + self.offset) % 1
        self.now = self.wall() + self.offset
        answer = self._struck(fault["kind"], fault, whole)
        headers = dict(answer.headers)
        if "wait" in fault or fault["kind"] == "busy":
            headers["Retry-After"] = self._hush(fault, answer.status)
        if "notice" in fault:
            headers |= self._announce(**fault["notice"])
        return answer._replace(headers=headers, damage=fault.get("cut", answer.damage))

    def _struck(self, kind, fault, whole):
        if kind == "broken":
            page = b"<html><head><title>Bad gateway</title></head><body><h1>Bad gateway</h1></body></html>"
            return Answer(fault.get("status", 502), page, {"Content-Type": "text/html"})
        if kind == "busy":
            return _error(fault.get("status", 429), "busy")
        if kind == "taken":
            return self._take()
        if kind in ERRORS:
            self.expired = self.generation if kind == "expired-token" else self.expired
            self.locked, self.down = self.locked or kind == "locked", self.down or kind == "down"
            return _error(*ERRORS[kind])
        return whole() if kind == "good" else self._spoiled(kind, whole)

    def _spoiled(self, kind, whole):
        before, self.changes = (self.pages, self.walks, self.changes), []
        answer = whole()
        self.pages, self.walks, self.changes = before
        self.note.pop("page", None)
        if kind == "error-object":
            return _json(200, {"error": {"code": "backend_timeout", "message": "upstream did not answer"}})
        if kind == "thin":
            page = json.loads(answer.body)
            return _json(200, page | {"items": page["items"][: len(page["items"]) * 2 // 3]})
        return answer._replace(damage=kind)

    def _announce(self, lasts, fraction=None, **when):
        begin = math.floor(self.now) + when["in"]
        start = self.ticks() + begin - self.now
        self.window = (start, start + lasts)
        return {"Maintenance-From": _date(begin), "Maintenance-Until": _date(begin + lasts)}

    def _hush(self, fault, status):
        wait, date = fault.get("wait", 1), None
        if fault.get("form") == "date":
            until = math.floor(self.now) + wait + (self.now % 1 > 0.8)
            date, wait = _date(until), until - self.now
        self.quiet = (self.ticks() + wait, status if status in (429, 503) else 429, date)
        self.note["quiet_until"] = self.quiet[0]
        return date or str(wait)

    def _busy_again(self):
        end, status, date = self.quiet
        return _error(status, "busy", {"Retry-After": date or str(max(1, math.ceil(end - self.ticks())))})

    def _is_quiet(self):
        return self.quiet is not None and self.ticks() < self.quiet[0]


def _json(status, document, headers=None):
    body = json.dumps(document, ensure_ascii=False).encode()
    return Answer(status, body, {"Content-Type": "application/json; charset=utf-8", **(headers or {})})


def _error(status, code, headers=None):
    return _json(status, {"error": {"code": code}}, headers)


def _date(moment):
    return formatdate(math.floor(moment), usegmt=True)


def _after(seconds, call):
    timer = threading.Timer(seconds, call)
    timer.daemon = True
    timer.start()


def _cursor(epoch, place):
    return base64.urlsafe_b64encode(f"{epoch}/{place:06d}".encode()).decode().rstrip("=")


def _place(cursor):
    try:
        epoch, _, number = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode().partition("/")
        return int(epoch), int(number)
    except ValueError:
        return None, None


class Handler(BaseHTTPRequestHandler):
    """Carries requests to the sandbox, one at a time, and its answers back, damage included."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = 60

    def do_GET(self):
        length = self.headers.get("Content-Length", "0")
        body = self.rfile.read(min(int(length), 65536)) if length.isdigit() else b""
        with self.server.lock:
            self.server.asked = time.monotonic()
            sandbox, log = self.server.sandbox, self.server.log
            answer = sandbox.answer(self.command, self.path, self.headers.get("Authorization"), body)
            if log:
                with log.open("a", encoding="utf-8") as lines:
                    lines.write(json.dumps(sandbox.note) + "\n")
        with contextlib.suppress(OSError):
            self._send(answer)

    do_POST = do_GET

    def log_message(self, *args):
        pass

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


class Server(ThreadingTCPServer):
    """Serves one sandbox on the loopback address."""

    daemon_threads = allow_reuse_address = True

    def __init__(self, port, sandbox, log):
        super().__init__(("127.0.0.1", port), Handler)
        self.sandbox, self.log = sandbox, log
        self.lock, self.asked = threading.Lock(), time.monotonic()

    def service_actions(self):
        if time.monotonic() - self.asked > IDLE_SEC:
            threading.Thread(target=self.shutdown, daemon=True).start()
            self.asked = time.monotonic()


def main():
    here = Path(__file__).resolve().parent
    parser = argparse.ArgumentParser(description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--port", type=int, default=0, help="default: any free one")
    parser.add_argument("--stock", type=Path, default=here / "stock.json")
    parser.add_argument("--weather", type=Path, default=here / "weather.json")
    parser.add_argument("--token-file", type=Path, default=here / "token.json")
    parser.add_argument("--log", type=Path)
    options = parser.parse_args()
    stock, weather = (json.loads(path.read_text("utf-8")) for path in (options.stock, options.weather))
    sandbox = Sandbox(stock, weather)
    sandbox.token_file = options.token_file
    server = Server(options.port, sandbox, options.log)
    print(f"http://127.0.0.1:{server.server_address[1]}", flush=True)
    with contextlib.suppress(KeyboardInterrupt):
        server.serve_forever()


if __name__ == "__main__":
    main()
