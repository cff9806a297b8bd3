"""An engineer who brings all machines to the clock of edge-1, and then tries every change on every outage error."""

import re
import zlib
from copy import copy
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise

from _incident_timeline_lines import Evidence, Request, Try, nearest

DEADLINE = 10_000
ROLLED = "rolled back: a vote is missing"
_known = {}
EARLY = {
    "raw-clocks",
    "told-clocks",
    "apps-only",
    "one-offset",
    "no-drift",
    "app-lines-only",
    "visible-tries-only",
}
"""Slips in reading; others come after it, so that they can begin with what a careful reader has read."""


def evidence(workspace):
    """Return the parsed evidence of a workspace; one parse for all who ask about the same one."""
    folder = workspace / "evidence"
    key = (folder / "control/changes.csv").read_bytes() + (folder / "accounts.csv").read_bytes()
    if key not in _known:
        _known.clear()
        _known[key] = Evidence(folder)
    return _known[key]


class Reader:
    """The answer of one reader, with the ``slips`` he makes."""

    def __init__(self, workspace, slips=()):
        self.slips, self.ev = set(slips), evidence(workspace)
        self.told = {host: self._told(host) for host in self.ev.lines}
        self._align_edges()
        self._align_apps()
        self._join()
        self._align_stores()
        self._complete()
        self._processes()
        self.errors = self._errors()

    def also(self, slips):
        """Return a reader who has read as this one and slips after it."""
        other = copy(self)
        other.slips = set(slips)
        other.errors = other._errors()
        return other

    # -- clocks ----------------------------------------------------------------------------------

    def _told(self, host):
        """Return how far ahead a machine says it is, at first, and None if it does not say."""
        for _, text in self.ev.lines[host]:
            if hit := re.search(r"clock is ([\d.]+) s (ahead|behind)", text):
                return round(float(hit[1]) * 1000) * (1 if hit[2] == "ahead" else -1)
        return 0 if host == "edge-1" else None

    def _blind(self, host):
        """Return the offset to use by somebody who does not look for more, or None."""
        if "raw-clocks" in self.slips:
            return 0
        if "told-clocks" in self.slips and self.told[host] is None:
            return 0
        return None

    def _align_edges(self):
        self.requests = {}
        for edge, found in self.ev.requests.items():
            ahead = 0 if self._blind(edge) is not None else self.told[edge]
            for name, one in found.items():
                self.requests[name] = one.earlier(ahead)

    def _cuts(self, host, mark):
        places = [place for place, (_, text) in enumerate(self.ev.lines[host]) if mark in text]
        return [-1, *places, len(self.ev.lines[host])]

    def _align_apps(self):
        """Put the tries right by the first tries of requests that an edge has a line of."""
        self.tries, self.right = {}, {}
        for host, tries in self.ev.tries.items():
            seen = [one for one in tries if one.number == 1 and one.request in self.requests]
            begins = {one.name: one.begin - self.requests[one.request].begin for one in seen}
            blind = self._blind(host)
            if "no-drift" in self.slips and host == "app-3":
                middle = sorted(begins.values())
                blind = middle[len(middle) // 2]
            places, samples = [one.place for one in seen], [begins[one.name] for one in seen]
            cuts = self._cuts(host, "Time has been changed")

            def ahead(place, blind=blind, places=places, samples=samples, cuts=cuts):
                if blind is not None:
                    return blind
                low = max(cut for cut in cuts if cut <= place)
                high = min(cut for cut in cuts if cut > place)
                return nearest(places, samples, place, low, high)

            self.right[host] = ahead
            for one in tries:
                off = ahead(one.place)
                self.tries[one.name] = one.earlier(off)

    def _join(self):
        for one in self.tries.values():
            if one.request not in self.requests:
                self.requests[one.request] = Request(one.request, one.edge, one.op, one.account, one.begin)
            request = self.requests[one.request]
            if not request.status and one.number == 1:
                request.begin = one.begin
            request.tries[one.number] = one

    def _align_stores(self):
        """Put the back ends right: what they log of a try lies between its beginning and its end."""
        self.stores = {}
        for host in ("ledger-1", "stock-1", "pay-1"):
            lines = self.ev.lines[host]
            cuts = self._cuts(host, "clock stepped")
            shifts = []
            for low, high in pairwise(cuts):
                spans = [(at - self.tries[text.split()[1]].end, at - self.tries[text.split()[1]].begin)
                         for at, text in lines[max(low, 0) : high]
                         if text.startswith("txn") and text.split()[1] in self.tries]  # fmt: skip
                shifts.append((max(span[0] for span in spans) + min(span[1] for span in spans)) // 2)
            if self._blind(host) is not None or ("apps-only" in self.slips and self.told[host] is None):
                shifts = [0] * len(shifts)
            elif self.slips & {"told-clocks", "no-drift"}:
                shifts = [self.told[host] or 0, 0][: len(shifts)] if self.told[host] is not None else shifts
            if "one-offset" in self.slips:
                shifts = shifts[:1] * len(shifts)
            self.stores[host] = [
                (at - shifts[sum(place >= cut for cut in cuts[1:-1])], text)
                for place, (at, text) in enumerate(lines)
            ]

    # -- what is not in the apps' logs -----------------------------------------------------------

    def _complete(self):
        """Add tries whose own line is lost: from the edge's line, else from the back ends."""
        lines = [text for host in self.stores for _, text in self.ev.lines[host] if text.startswith("txn")]
        rolled = {text.split()[1] for text in lines if text.endswith(ROLLED)}
        self.locked = {text.split()[1] for text in lines if text.endswith("lock conflict")}
        self.unseen = set()
        if "app-lines-only" in self.slips:
            return
        for request in self.requests.values():
            for number, (host, code) in enumerate(request.shown, 1):
                if number in request.tries:
                    continue
                name = f"{request.id}/{number}"
                before = request.tries.get(number - 1)
                begin = before.end if before and before.end < request.begin + 3000 else request.begin + 3000
                made = Try(request.id, number, host, "aborted" if name in rolled else code, 0,
                           request.begin if number == 1 else begin, request.end)  # fmt: skip
                request.tries[number] = made
        for name in rolled - self.tries.keys():
            request, number = self.requests.get(name.split("/")[0]), int(name[-1])
            if request is None or request.status or "visible-tries-only" in self.slips:
                continue
            host = next(
                iter(
                    self.ev.tries.keys()
                    - {one.host for one in request.tries.values()}
                    - {"app-1", "app-2", "app-3"}
                )
            )
            near = min(one.begin for one in request.tries.values())
            request.tries[number] = Try(request.id, number, host, "aborted", 0, near, near)
            self.unseen.add(name)

    def _all_failed(self, request):
        """Tell whether a request without its edge's line got no answer."""
        limit = request.begin + (DEADLINE if "no-deadline" not in self.slips else 10 * DEADLINE)
        good = {"ok"} if "declined-is-no-answer" in self.slips else {"ok", "declined"}
        tries = [request.tries[number] for number in sorted(request.tries)]
        if any(one.code in good and one.end <= limit for one in tries):
            return False
        if "visible-tries-only" in self.slips:
            return True
        slow = 1 in request.tries and request.tries[1].end - request.begin > 3000
        wanted = 2 if slow else 3
        complete = all(number in request.tries for number in range(1, max(request.tries) + 1))
        late = any(one.end > request.begin + 9000 for one in tries)
        return complete and (max(request.tries) >= wanted or late)

    # -- changes ---------------------------------------------------------------------------------

    def _processes(self):
        self.processes = {}
        for host, ahead in self.right.items():
            found = {}
            for place, (at, text) in enumerate(self.ev.lines[host]):
                hit = re.match(r"app\[(\d+)\]: (.*)", text)
                if hit is None or " op=" in text:
                    continue
                pid, when = int(hit[1]), at - ahead(place)
                if start := re.match(r"(?:running|started), version ([\d.]+)", hit[2]):
                    found[pid] = {"version": start[1], "start": when, "loads": []}
                if load := re.search(r"flags revision (\d+)", hit[2]):
                    found[pid]["loads"].append((when, int(load[1])))
            self.processes[host] = found

    def _process(self, one):
        there = self.processes[one.host]
        if one.pid and "one-pid" not in self.slips:
            return there[one.pid]
        return max((p for p in there.values() if p["start"] <= one.begin), key=lambda p: p["start"])

    def _spans(self, change):
        """Return when a generation or job was in effect."""
        lines = self.stores[change["target"]]
        if change["kind"] == "job":
            said = [
                (at, text.split(": ")[1]) for at, text in lines if text.startswith(change["detail"] + ":")
            ]
            if "pause-ignored" in self.slips:
                said = [said[0], said[-1]]
            return [(said[i][0], said[i + 1][0]) for i in range(0, len(said) - 1, 2)]
        bases = {}
        for row in self.ev.changes:
            if row["kind"] == "config" and row["target"] == change["target"]:
                own, base = map(int, re.findall(r"\d+", row["detail"]))
                bases[own] = base
        mark = (
            r"generation (\d+) (?:active|received)"
            if "received" in self.slips
            else r"generation (\d+) active"
        )
        steps = [(at, int(hit[1])) for at, text in lines if (hit := re.search(mark, text))]
        wanted, spans = int(re.findall(r"\d+", change["detail"])[0]), []
        for (at, number), (until, _) in zip(steps, [*steps[1:], (1 << 60, 0)], strict=True):
            chain = [number]
            while chain[-1] in bases:
                chain.append(bases[chain[-1]])
            held = wanted in chain
            if "higher-holds-lower" in self.slips:
                held = number >= wanted
            elif "last-generation-only" in self.slips:
                held = number == wanted
            if held:
                spans.append((at, until))
        return spans

    def _test(self, change):
        """Return a function that tells whether the change was in effect for a try."""
        kind, detail = change["kind"], change["detail"]
        if kind in ("config", "job"):
            spans = self._spans(change)
            return lambda one: any(first <= one.begin < last for first, last in spans)
        if kind == "deploy":
            return lambda one: self._process(one)["version"] == detail.split()[1]
        if kind == "route":
            loads = {edge: [(at - (self.told[edge] if self._blind(edge) is None else 0), int(text.split()[3]))
                            for at, text in self.ev.lines[edge] if "route table" in text]
                     for edge in ("edge-1", "edge-2")}  # fmt: skip

            def routed(one):
                request = self.requests[one.request]
                at = one.begin if "table-of-the-try" in self.slips else request.begin
                return max([n for when, n in loads[request.edge] if when <= at], default=0) >= int(
                    detail.split()[-1]
                )

            return routed
        return lambda one: self._is_on(detail.split()[1], one)

    def _is_on(self, flag, one):
        request = self.requests[one.request]
        loads = self._process(one)["loads"]
        if "published-flags" in self.slips:
            loads = self.ev.published
        percent = self.ev.revisions[[rev for when, rev in loads if when <= one.begin][-1]][flag]
        bucket = zlib.crc32(f"{self.ev.salts[flag]}:{request.account}".encode()) % 100
        return percent > (0 if "percent-ignored" in self.slips else bucket)

    # -- the fields ------------------------------------------------------------------------------

    def _is_error(self, one):
        request = self.requests[one.request]
        if one.code != "aborted" or (request.account in self.ev.tests and "tests" not in self.slips):
            return False
        if one.name in self.locked and "conflicts-too" not in self.slips:
            return False
        return "edge-lines-only" not in self.slips or (bool(request.status) and one.end <= request.end)

    def _errors(self):
        self.failures = [request for request in self.requests.values() if self._failed(request)]
        some = self.failures if "failed-requests-only" in self.slips else self.requests.values()
        found = [one for request in some for one in request.tries.values() if self._is_error(one)]
        if "end-for-begin" in self.slips:
            found = [replace(one, begin=one.end) for one in found]
        return sorted(found, key=lambda one: one.begin)

    def _answered(self, request):
        if request.status:
            return request.status == 200 or (
                request.status == 402 and "declined-is-no-answer" not in self.slips
            )
        return "edge-lines-only" not in self.slips and not self._all_failed(request)

    def _failed(self, request):
        if self._answered(request) or (request.status == 499 and "hang-ups-left-out" in self.slips):
            return False
        if "any-5xx" in self.slips and request.account not in self.ev.tests and request.status != 499:
            return True
        return any(map(self._is_error, request.tries.values()))

    def _detected(self):
        rule = re.compile(r"alert (\S+) FIRING.*aborted")
        counting, off = set(), self.told["mon-1"] if self._blind("mon-1") is None else 0
        for at, text in self.ev.lines["mon-1"]:
            if hit := rule.match(text):
                counting.add(hit[1])
            word = "FIRING" if "silenced-alert" in self.slips else "NOTIFIED"
            known = "any-alert" in self.slips or text.split()[1] in counting
            if text.startswith("alert") and word in text and known and at - off > self.errors[0].begin:
                return at - off
        raise AssertionError("no alert")

    def answer(self):
        """Return the object of timeline.json and the changes that nothing clears."""
        cleared, left = {}, []
        for change in self.ev.changes:
            test = self._test(change)
            without = [one for one in self.errors if not test(one)]
            if not without:
                left.append(change)
            elif len(without) < len(self.errors):
                cleared[change["change"]] = without[0].name
        return cleared, left

    def fields(self, cause):
        """Return the fields that hang on the cause and on the errors."""
        spans = self._spans(cause)
        ops = {}
        for request in self.requests.values():
            ops.setdefault(request.op, []).append(request)
        hurt = [
            one
            for one in self.failures
            if "resends-ignored" in self.slips or not any(map(self._answered, ops[one.op]))
        ]
        gone = spans[0 if "first-rollback" in self.slips else -1]
        if "first-rollback" in self.slips:
            gone = next(span for span, after in pairwise(spans) if span[1] < after[0])
        count = len(self.failures)
        if "tries-counted" in self.slips:
            count = sum(self._is_error(one) for request in self.failures for one in request.tries.values())
        return {
            "cause_in_effect": utc(spans[0][0]),
            "cause_gone": utc(gone[1]),
            "first_error": utc(self.errors[0].begin),
            "last_error": utc(max(one.end for one in self.errors)),
            "detected": utc(self._detected()),
            "failed_requests": count,
            "affected_customers": sorted({self.ev.customer[one.account] for one in hurt}),
        }


def utc(at):
    """Return milliseconds as UTC text."""
    return datetime.fromtimestamp(at / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
