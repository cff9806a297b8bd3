"""What is right: the rules of slo.md applied to the records of a world, or to what a slip makes of them."""

import re
from collections import Counter, defaultdict
from urllib.parse import unquote

from _slo_report_world import ROUTES, UNITS

MIN_REQUESTS = 25

SLIPS = {
    "utc-month": {"paths"},
    "no-summer-time": {"lines"},
    "one-unit": {"p95"},
    "no-rollback": {"p95"},
    "note-as-local": {"p95"},
    "ms-as-us": {"p95"},
    "route-order": {"paths"},
    "double-lines": {"paths", "agents", "lines"},
    "no-orphans": {"paths", "agents", "lines"},
    "inner-wins": {"paths"},
    "gone-is-error": {"agents"},
    "gone-in-p95": {"p95"},
    "probes-in": {"lines", "p95", "budget"},
    "bots-by-case": {"agents", "paths"},
    "bots-fixed": {"agents"},
    "quotes-lost": {"lines"},
    "first-objective": {"budget"},
    "withdrawn-objective": {"budget"},
    "no-maintenance": {"agents"},
    "first-window": {"agents"},
    "encoded-splits": {"lines"},
    "local-hours": {"bad-hours"},
    "share-or-more": {"bad-hours"},
}
"""Slip → checks that it must cost, whatever else it costs."""
GROUPS = {
    "paths": ("users-me", "users-one", "orders-new", "orders-export"),
    "agents": ("search", "reports", "checkout"),
    "lines": ("files", "orders-item", "orders-one"),
}
"""Check → the routes whose numbers of requests and errors it judges."""


def unit_of(world, host, at, slips=frozenset()):
    """Return the unit in which a host logs durations at an instant."""
    changes = world.units[host]
    if "one-unit" in slips:
        return changes[-1][1]
    if "no-rollback" in slips and len(changes) == 4:
        changes = changes[:2]
    if "note-as-local" in slips and host == "edge-1":
        changes = [changes[0], (changes[1][0] - world.local(changes[1][0]), changes[1][1])]
    found = "us"
    for begin, unit in changes:
        if at >= begin:
            found = unit
    return "us" if found == "ms" and "ms-as-us" in slips else found


def logged(world, one):
    """Return the duration as the log has it, as text."""
    unit = unit_of(world, one.host, one.at)
    return f"{round(one.took / 1000) / 1000:.3f}" if unit == "s" else str(round(one.took / UNITS[unit]))


def patterns(slips=frozenset()):
    """Return (route, method, compiled pattern) in their order."""
    found = []
    for name, method, pattern, _ in ROUTES:
        text = re.sub(r"\{\w+\}", "[^/]+", pattern).replace("/**", "/.+")
        found.append((name, method, re.compile(text)))
    if "route-order" in slips:
        found.sort(key=lambda one: -one[2].pattern.count("["))
    return found


class Reader:
    """Reads records by the rules, or with slips."""

    def __init__(self, world, slips=frozenset()):
        self.world, self.slips = world, slips
        self.patterns = patterns(slips)
        self.known = {} if slips & {"route-order", "encoded-splits"} else world.routes
        self.agents = {}
        first, last = world.month()
        if "utc-month" in slips:
            first, last = first + world.local(first), last + world.local(last)
        if "no-summer-time" in slips:
            last += world.local(last) - world.local(first)
        self.span = first, last

    def route(self, method, path):
        """Return the route of a request, None if there is none."""
        key = method, path
        if key not in self.known:
            self.known[key] = self._route(method, path)
        return self.known[key]

    def _route(self, method, path):
        path = path.partition("?")[0]
        if "encoded-splits" in self.slips:
            path = unquote(path)
        if len(path) > 1:
            path = path.removesuffix("/")
        for name, wanted, pattern in self.patterns:
            if wanted in {"*", method} and pattern.fullmatch(path):
                return name
        return None

    def counts(self, one):
        """Return whether a line is counted at all, its doubles apart."""
        slips = self.slips
        if not self.span[0] <= one.at < self.span[1]:
            return False
        if "quotes-lost" in slips and '\\"' in one.agent:
            return False
        if "probes-in" not in slips and (one.path == "/healthz" or one.agent.startswith("kube-probe/")):
            return False
        if one.agent not in self.agents:
            self.agents[one.agent] = self._spans(one.agent)
        for begin, end in self.agents[one.agent]:
            if begin <= one.at < end:
                return False
        route, begin, end = self.world.window
        if "first-window" in slips:
            begin, end = begin - 3600, end - 3600
        away = begin <= one.at < end and self.route(one.method, one.path) == route
        return not away or "no-maintenance" in slips

    def _spans(self, agent):
        """Return the spans in which an agent is a bot."""
        slips, held = self.slips, dict(self.world.bots)
        if "bots-fixed" in slips:
            held |= {"kestrel": (0, 2**40), "pagewarden": (0, 0)}
        name = agent if "bots-by-case" in slips else agent.lower()
        return [span for part, span in held.items() if part in name]

    def lines(self, records):
        """Return the lines that count: one for each request."""
        slips = self.slips
        outer = {one.number for one in records if one.via == "-"}
        inner = {one.number for one in records if one.via != "-"}
        for one in records:
            if "double-lines" not in slips:
                if one.via != "-" and one.number in outer and "inner-wins" not in slips:
                    continue
                if one.via != "-" and "no-orphans" in slips:
                    continue
                if "inner-wins" in slips and one.via == "-" and one.number in inner:
                    continue
            if self.counts(one) and self.route(one.method, one.path):
                yield one

    def took(self, one):
        """Return the duration in microseconds, as read."""
        real = unit_of(self.world, one.host, one.at)
        read = unit_of(self.world, one.host, one.at, self.slips) if self.slips else real
        shown = one.took if real == "us" else round(one.took / 1000)
        return shown * UNITS[read] // (1000 if real == "s" else 1)

    def objective(self, route, at):
        """Return how many of 1000 requests may fail, at an instant."""
        several = self.world.objectives[route]
        if "first-objective" in self.slips:
            several = several[:1]
        found = several[0][1]
        for begin, objective in several:
            found = objective if at >= begin else found
        if "withdrawn-objective" in self.slips and route == self.world.facts["other"]:
            found -= at >= self.world.facts["changed"]
        return round(1000 - 10 * found)


class Tally:
    """What the counted lines of each route come to."""

    def __init__(self):
        self.count, self.errors, self.budget = Counter(), Counter(), Counter()
        self.hours, self.wrong = Counter(), Counter()
        self.times = defaultdict(list)

    def copy(self):
        """Return a tally that can be added to without changing this one."""
        made = Tally()
        for name in ("count", "errors", "budget", "hours", "wrong"):
            setattr(made, name, Counter(getattr(self, name)))
        made.times = defaultdict(list, {route: list(times) for route, times in self.times.items()})
        return made

    def add(self, reader, records):
        """Add the lines among ``records`` that count."""
        failed = {500, 502, 503, 504} | ({499} if "gone-is-error" in reader.slips else set())
        for one in reader.lines(records):
            route = reader.route(one.method, one.path)
            self.count[route] += 1
            self.budget[route] += reader.objective(route, one.at)
            place = one.at // 3600, route
            self.hours[place] += 1
            if one.status in failed:
                self.errors[route] += 1
                self.wrong[place] += 1
            if one.status != 499 or "gone-in-p95" in reader.slips:
                self.times[route].append(reader.took(one))
        return self

    def figures(self):
        """Return {route: {requests, errors, p95 in ms, budget}}."""
        found = {}
        for route, count in sorted(self.count.items()):
            times = sorted(self.times[route])
            found[route] = {
                "requests": count,
                "errors": self.errors[route],
                "p95": times[-(-95 * len(times) // 100) - 1] / 1000 if times else 0.0,
                "budget": 100 * (1 - 1000 * self.errors[route] / self.budget[route]),
            }
        return found

    def bad(self, slips=frozenset()):
        """Return the bad hours, as (hour, route)."""
        more = 1 if "share-or-more" in slips else 0
        return {
            place
            for place, count in self.hours.items()
            if count >= MIN_REQUESTS and 10 * self.wrong[place] + more > count
        }


WHOLE = {"one-unit", "no-rollback", "note-as-local", "ms-as-us", "route-order", "first-objective",
         "withdrawn-objective", "utc-month", "no-summer-time"}  # fmt: skip
"""Slips that change how plain lines are read too."""


class Month:
    """The records of a world, plain ones apart, as what most slips do to them is nothing."""

    def __init__(self, world):
        self.world = world
        paired = {one.number for one in world.requests if one.via != "-"}
        plain = [one for one in world.requests if not (one.kind or one.number in paired)]
        self.look_again()
        reader = Reader(world)
        self.base = Tally().add(reader, plain)
        for times in self.base.times.values():
            times.sort()
        self.few = {"users-me", "orders-one", "orders-export", world.facts["route"], world.facts["other"]}
        self.plain = [one for one in plain if reader.route(one.method, one.path) in self.few]

    def look_again(self):
        """Collect the records that are not plain."""
        paired = {one.number for one in self.world.requests if one.via != "-"}
        self.odd = [one for one in self.world.requests if one.kind or one.number in paired]

    def report(self, slips=frozenset()):
        """Return the figures by route and the set of bad (hour, route).

        With slips that change the plain lines too it is that of a `few` routes, which is enough to see a difference.
        """
        reader = Reader(self.world, slips)
        tally = Tally().add(reader, self.plain) if slips & WHOLE else self.base.copy()
        tally.add(reader, self.odd)
        figures, bad = tally.figures(), tally.bad(slips)
        if "local-hours" in slips:
            bad = {(hour + self.world.local(hour * 3600) // 3600, route) for hour, route in bad}
        if slips & WHOLE:
            figures = {route: one for route, one in figures.items() if route in self.few}
            bad = {place for place in bad if place[1] in self.few}
        return figures, bad


def lost(truth, answer, few=None):
    """Return the checks that an answer fails, looking at a ``few`` routes only where these are given."""
    right, bad = truth
    given, given_bad = answer
    found = set()
    if few is not None:
        right = {route: one for route, one in right.items() if route in few}
        bad = {place for place in bad if place[1] in few}
    for check, routes in GROUPS.items():
        for route in routes:
            one, other = right.get(route, {}), given.get(route, {})
            if right.get(route) and any(one[key] != other.get(key) for key in ("requests", "errors")):
                found.add(check)
    if any(abs(given.get(route, {"p95": 0})["p95"] - one["p95"]) > 0.1 for route, one in right.items()):
        found.add("p95")
    if any(
        abs(given.get(route, {"budget": 0})["budget"] - one["budget"]) > 0.01 for route, one in right.items()
    ):
        found.add("budget")
    if bad != given_bad:
        found.add("bad-hours")
    return found
