"""A client without network, for proving scripts: by the rules it must mirror the stock, without one it must not.

It lives in a time of its own: `Time` goes on only when the client waits or sends.
"""

import json
from email.utils import parsedate_to_datetime

_MAX_REQUESTS = 150
_SEND_SEC = 0.01
_MARGIN_SEC = 0.05

HABITS = {
    "patient": "walks to the end before it looks at the revisions",
    "drops": "does not send a cursor that maintenance has made worthless",
    "flees": "drops its cursor as soon as maintenance is announced, and then does nothing else about that answer",
    "early": "begins the night with an exchange of tokens",
    "rereads": "looks into the token file before an exchange",
    "by-address": "never forgets a failure of an address all night",
    "slow": "waits longer than told, and stops earlier before maintenance",
    "rests": "begins with a pause",
}
"""What a client may do, or not do, while it follows every rule."""


class GaveUp(Exception):
    """The client ends without a mirror."""


class Killed(Exception):
    """The checker ends the client."""


class Time:
    """A clock that shows ``t`` seconds, with what is to be done later."""

    def __init__(self):
        self.t, self.due = 0.0, []

    def later(self, seconds, call):
        self.due.append((self.t + seconds, call))

    def wait_until(self, moment):
        self.t = max(self.t, moment)
        for when, call in [one for one in self.due if one[0] <= self.t]:
            self.due.remove((when, call))
            call()


class Client:
    """Syncs from a `Sandbox`; ``ignores`` names the rules it does not know, ``habits`` what it does as it likes.

    Rules: revision, discard, cursor, error-object, damage, count, repeats, others-count, save-tokens, late-tokens,
    same-exchange, conflict, fresh-expiry, removals, cut-status, any-answer, own-date, maintenance, fraction, last-walk.
    """

    def __init__(self, tokens, limits, ignores=frozenset(), habits=frozenset()):
        self.stored = list(tokens)
        self.tries = 2 if "repeats" in ignores else limits["tries"]
        self.n_walks, self.gap = limits["walks"] - ("last-walk" in ignores), 1.1 / limits["rate"]
        self.ignores, self.habits = ignores, habits
        self.extra = 0.35 if "slow" in habits else 0.0
        self.mirror = {}

    def sync(self, sandbox, clock):
        """Bring ``mirror`` up to date. Raises GaveUp or Killed."""
        self.sandbox, self.clock = sandbox, clock
        self.access, self.refresh = self.stored
        self.earliest, self.window, self.lead, self.n_requests = clock.t, None, None, 0
        self.held, self.failures, self.n_closed = self.stored, {}, 0
        if "rests" in self.habits:
            self.earliest += 1.05
        if "early" in self.habits:
            self._renew()
        seen = self._list()
        self.stored = self.held
        if "removals" in self.ignores:
            seen = {**self.mirror, **seen}
        self.mirror = seen

    def _list(self):
        kept = {}
        for _ in range(self.n_walks):
            seen, revisions = self._walk(kept if "discard" in self.ignores else {})
            if revisions is not None and (len(revisions) == 1 or "revision" in self.ignores):
                return seen
        raise GaveUp

    def _walk(self, seen):
        cursor, revisions = None, set()
        while True:
            status, page = self._page(cursor)
            if cursor is None:
                self.born = self.n_closed
            if status == 410:
                return seen, (revisions if "cursor" in self.ignores else None)
            seen.update({item["id"]: item for item in page.get("items", [])})
            revisions |= {page["revision"]} if "revision" in page else set()
            cursor = page.get("next")
            mixed = len(revisions) > 1 and "revision" not in self.ignores
            if cursor is None or (mixed and "patient" not in self.habits):
                return seen, revisions

    def _page(self, cursor):
        target, renewed = f"/v2/items?cursor={cursor}" if cursor else "/v2/items", False
        failures = self._failed(target, 0)
        while failures < self.tries:
            self._pause()
            if cursor and "drops" in self.habits and self.n_closed > self.born:
                return 410, {}
            status, page = self._send("GET", target)
            if cursor and "flees" in self.habits and self.window:
                return 410, {}
            if status == 401:
                if renewed and "fresh-expiry" in self.ignores:
                    raise GaveUp
                renewed = True
                self._renew()
                failures += "others-count" in self.ignores
            elif status == 410:
                return 410, {}
            elif status == 429:
                failures += "others-count" in self.ignores
            elif status in (400, 403):
                raise GaveUp
            elif status == 200 and self._sound(page):
                return 200, page
            else:
                failures += 1
                self._failed(target, 1)
                self.earliest = max(self.earliest, self.clock.t + 0.2)
        raise GaveUp

    def _failed(self, target, more):
        """Return how often this address has failed all night, for those who keep count of that."""
        self.failures[target] = self.failures.get(target, 0) + more
        return self.failures[target] if "by-address" in self.habits else 0

    def _sound(self, page):
        if "items" not in page:
            return "error-object" in self.ignores
        return len(page["items"]) == page["count"] or "count" in self.ignores

    def _renew(self):
        if "rereads" in self.habits and self.stored != [self.access, self.refresh]:
            self.access, self.refresh = self.held = self.stored
            return
        for _ in range(self._failed("/v2/token", 0), self.tries):
            status = 429
            while status == 429:
                status, pair = self._send("POST", "/v2/token", json.dumps({"refresh_token": self.refresh}))
            if status == 409 and "conflict" not in self.ignores:
                self.clock.wait_until(self.clock.t + 0.4)
                self.access, self.refresh = self.held = self.stored
                return
            if status in (400, 403, 409):
                raise GaveUp
            if status == 200 and "access_token" in pair:
                break
            if "same-exchange" in self.ignores:
                raise GaveUp
            self._failed("/v2/token", 1)
            self.earliest = max(self.earliest, self.clock.t + 0.2)
        else:
            raise GaveUp
        self.access, self.refresh = pair["access_token"], pair["refresh_token"]
        if "save-tokens" not in self.ignores:
            self.held = [self.access, self.refresh]
        if "late-tokens" not in self.ignores:
            self.stored = self.held

    def _send(self, method, target, body=""):
        self.n_requests += 1
        if self.n_requests > _MAX_REQUESTS:
            raise GaveUp
        self._pause()
        self.clock.wait_until(self.clock.t + _SEND_SEC)
        answer = self.sandbox.answer(method, target, f"Bearer {self.access}", body)
        self.earliest = self.clock.t + self.gap
        broken = bool(answer.damage) and (answer.damage == "drop" or "cut-status" in self.ignores)
        if not broken:
            self._heed(answer)
        if answer.damage and "damage" in self.ignores:
            raise GaveUp
        if broken or (answer.status == 200 and answer.damage):
            return 0, {}
        busy = answer.status in (429, 503) and "Retry-After" in answer.headers
        return 429 if busy else answer.status, json.loads(answer.body) if answer.status == 200 else {}

    def _heed(self, answer):
        date = _seconds(answer.headers["Date"])
        if self.lead is None:
            self.lead = date - self.clock.t
        date = date if "own-date" not in self.ignores else self.lead + self.clock.t
        known = answer.status in (429, 503) or "any-answer" not in self.ignores
        if known and "Retry-After" in answer.headers:
            text = answer.headers["Retry-After"]
            wait = int(text) if text.isdigit() else max(0.0, _seconds(text) - date)
            self.earliest = max(self.earliest, self.clock.t + wait + self.extra)
        if "Maintenance-From" in answer.headers and "maintenance" not in self.ignores:
            early = 0.0 if "fraction" in self.ignores else 1.0
            start, end = (
                _seconds(answer.headers[f"Maintenance-{name}"]) - date for name in ("From", "Until")
            )
            self.window = self.clock.t + start - early, self.clock.t + end

    def _pause(self):
        self.clock.wait_until(self.earliest)
        if self.window and self.window[0] - self.extra <= self.clock.t + _MARGIN_SEC:
            self.clock.wait_until(self.window[1] + _MARGIN_SEC + self.extra)
            self.window, self.n_closed = None, self.n_closed + 1


def _seconds(text):
    return parsedate_to_datetime(text).timestamp()
