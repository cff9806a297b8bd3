"""A client without network, for proving scripts: by the rules it must mirror the stock, without one it must not."""

import json

_MAX_REQUESTS = 120


class GaveUp(Exception):
    """The client ends without a mirror."""


class Client:
    """Syncs from a `Sandbox`; ``ignores`` names the rules it does not know, ``patient`` how it notices changes.

    Rules: revision, discard, cursor, error-object, damage, repeats, save-tokens, removals.
    """

    def __init__(self, tokens, tries, ignores=frozenset(), *, patient=False):
        self.stored = list(tokens)
        self.tries = 2 if "repeats" in ignores else tries
        self.ignores, self.patient = ignores, patient
        self.mirror = {}
        self.n_requests = 0

    def sync(self, sandbox):
        """Bring ``mirror`` up to date. Raises GaveUp."""
        self.access, self.refresh = self.stored
        self.n_requests = 0
        seen = self._walk(sandbox, {})
        if "removals" in self.ignores:
            seen = {**self.mirror, **seen}
        self.mirror = seen

    def _walk(self, sandbox, seen):
        cursor, revisions = None, set()
        while True:
            status, page = self._page(sandbox, cursor)
            if status == 200:
                seen.update({item["id"]: item for item in page.get("items", [])})
                revisions |= {page["revision"]} if "revision" in page else set()
                cursor = page.get("next")
            mixed = len(revisions) > 1 and "revision" not in self.ignores
            ended = cursor is None or (status == 410 and "cursor" in self.ignores)
            if (status == 410 and not ended) or (mixed and (ended or not self.patient)):
                cursor, revisions = None, set()
                if "discard" not in self.ignores:
                    seen.clear()
            elif ended:
                return seen

    def _page(self, sandbox, cursor):
        failures = 0
        while failures < self.tries:
            answer = self._send(sandbox, "GET", f"/v2/items?cursor={cursor}" if cursor else "/v2/items")
            if answer.status == 410:
                return 410, {}
            if answer.status == 401:
                self._renew(sandbox)
                continue
            if "Retry-After" in answer.headers:
                sandbox.quiet = None
                continue
            if answer.status == 403 or (answer.damage and "damage" in self.ignores):
                raise GaveUp
            if answer.status == 200 and not answer.damage:
                page = json.loads(answer.body)
                if "items" in page or "error-object" in self.ignores:
                    return 200, page
            failures += 1
        raise GaveUp

    def _renew(self, sandbox):
        answer = self._send(sandbox, "POST", "/v2/token", json.dumps({"refresh_token": self.refresh}))
        if answer.status != 200:
            raise GaveUp
        pair = json.loads(answer.body)
        self.access, self.refresh = pair["access_token"], pair["refresh_token"]
        if "save-tokens" not in self.ignores:
            self.stored = [self.access, self.refresh]

    def _send(self, sandbox, method, target, body=""):
        self.n_requests += 1
        if self.n_requests > _MAX_REQUESTS:
            raise GaveUp
        return sandbox.answer(method, target, f"Bearer {self.access}", body)
