"""The fields of timeline.json as fields.md defines them, or as somebody who missed something fills them.

`sound` proves for a draw that one change alone was in effect for every outage error, that nothing is decided by
less than a margin, and that every trap costs exactly the checks that `TRAPS` names.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection
from functools import cached_property

from _incident_timeline_traffic import Request, Traffic, Try
from _incident_timeline_world import DEADLINE, SECOND, Change, World

Answer = dict[str, object]
CAUSE = {"root", "ruled-set"}
CLOCKS, TRAFFIC = "evidence-clocks", "evidence-traffic"
COUNTS = {"failed", "customers"}

#: What can be missed -> the checks that it costs.
TRAPS: dict[str, set[str]] = {
    "raw-clocks": {*CAUSE, CLOCKS, "times-cause", "times-errors", "detected", *COUNTS},
    "told-clocks": {*CAUSE, CLOCKS, "times-errors", *COUNTS},
    "apps-only": {*CAUSE, CLOCKS},
    "one-offset": {*CAUSE, "times-cause"},
    "no-drift": {"times-errors"},
    "end-for-begin": {*CAUSE, CLOCKS},
    "tests": {*CAUSE, CLOCKS, TRAFFIC, "times-errors", "detected", *COUNTS},
    "conflicts-too": {*CAUSE, CLOCKS, TRAFFIC, "times-errors", "detected", *COUNTS},
    "failed-requests-only": {*CAUSE, CLOCKS, TRAFFIC, "times-errors"},
    "edge-lines-only": {*CAUSE, CLOCKS, TRAFFIC, "times-errors", "detected", *COUNTS},
    "app-lines-only": {CLOCKS, *COUNTS},
    "table-of-the-try": {*CAUSE, TRAFFIC},
    "one-pid": {TRAFFIC},
    "published-flags": {*CAUSE, TRAFFIC},
    "percent-ignored": {TRAFFIC},
    "received": {*CAUSE, CLOCKS, "times-cause"},
    "higher-holds-lower": {*CAUSE, CLOCKS},
    "last-generation-only": {*CAUSE, "times-cause"},
    "pause-ignored": {CLOCKS},
    "visible-tries-only": COUNTS,
    "no-deadline": COUNTS,
    "declined-is-no-answer": COUNTS,
    "hang-ups-left-out": COUNTS,
    "any-5xx": COUNTS,
    "tries-counted": {"failed"},
    "resends-ignored": {"customers"},
    "first-rollback": {"times-cause"},
    "silenced-alert": {"detected"},
    "any-alert": {"detected"},
}
PROCESS_ROLES = ("DEP", "FLAG1", "FLAG2", "EDGE")
CLEARED = {*PROCESS_ROLES, "W", "LATE", "P", "HOT", "RESTORE", "JOB"}
"""All changes in effect for an outage error, but for the root cause."""
RARE = {"W": 2, "P": 1, "EDGE": 1, "FLAG2": 1}
"""Suspects that nothing but so many outage errors clears."""
MARGIN = 2 * SECOND


class Judge:
    """Applies the definitions to one afternoon, with or without mistakes."""

    def __init__(self, world: World, traffic: Traffic, mistakes: Collection[str] = ()) -> None:
        self.world, self.traffic, self.wrong = world, traffic, set(mistakes)

    # -- tries -----------------------------------------------------------------------------------

    def lost(self, request: Request) -> bool:
        """Tell whether the edge's line of a request is lost."""
        t = self.world.t
        return request.edge == "edge-2" and t["gap"] <= request.answered < t["gap-end"]

    def lost_try(self, one: Try) -> bool:
        """Tell whether the app's line of a try is lost."""
        t, host = self.world.t, one.process.host
        if host == "app-4":
            return t["lost4"] <= one.end < t["lost4-end"]
        return host == "app-1" and t["lost"] <= one.end < t["lost-end"]

    def is_error(self, one: Try) -> bool:
        """Tell whether a try is an outage error."""
        if one.code != "aborted" or (one.conflict and "conflicts-too" not in self.wrong):
            return False
        if one.request.account in self.traffic.tests and "tests" not in self.wrong:
            return False
        if "app-lines-only" in self.wrong and self.lost_try(one):
            return False
        if "visible-tries-only" in self.wrong and self.lost_try(one) and self.lost(one.request):
            return False
        return not (
            "edge-lines-only" in self.wrong and (self.lost(one.request) or one.end > one.request.answered)
        )

    @cached_property
    def errors(self) -> list[tuple[int, Try]]:
        """The outage errors, each with its beginning, in this order."""
        found = [one for request in self.traffic.hit for one in request.tries if self.is_error(one)]
        if "failed-requests-only" in self.wrong:
            found = [one for one in found if self.failed(one.request)]
        return sorted(((self.begin(one), one) for one in found), key=lambda pair: pair[0])

    # -- clocks ----------------------------------------------------------------------------------

    def seen(self, host: str, at: int) -> int:
        """Return an instant of a host as the reader takes it to be."""
        clock = self.world.clocks[host]
        shown = clock.read(at)
        if "raw-clocks" in self.wrong or ("told-clocks" in self.wrong and not clock.told):
            return shown
        if "apps-only" in self.wrong and host == self.world.y:
            return shown
        if "one-offset" in self.wrong and host == self.world.x:
            return shown - clock.offset
        if "no-drift" in self.wrong and clock.rate:
            middle = (self.world.start + self.world.end) // 2
            return shown - (clock.read(middle) - middle)
        return at

    def begin(self, one: Try) -> int:
        """Return when a try began, as the reader takes it to be."""
        return self.seen(one.process.host, one.end if "end-for-begin" in self.wrong else one.begin)

    # -- changes ---------------------------------------------------------------------------------

    def without(self, change: Change) -> list[Try]:
        """Return the outage errors for which a change was not in effect, by their beginning."""
        if change.kind in ("config", "job"):
            spans = self._generation(change) if change.kind == "config" else self._job(change)
            return self._outside(spans)
        test = {"route": self._route, "deploy": self._deploy, "flag": self._flag}[change.kind]
        return [one for _, one in self.errors if not test(change, one)]

    def _outside(self, spans: list[tuple[int, int]]) -> list[Try]:
        """Return the outage errors that began in none of some spans, which are in order and apart."""
        begins = [at for at, _ in self.errors]
        found, done = [], 0
        for first, last in [*spans, (begins[-1] + 1, 0)]:
            found += [one for _, one in self.errors[done : bisect_left(begins, first)]]
            done = max(done, bisect_left(begins, last))
        return found

    def _route(self, change: Change, one: Try) -> bool:
        at = one.begin if "table-of-the-try" in self.wrong else one.request.at
        tables = self.world.tables[one.request.edge]
        return [number for when, number in tables if when <= at][-1] >= change.number

    def _deploy(self, change: Change, one: Try) -> bool:
        process = one.process
        if "one-pid" in self.wrong:
            there = [p for p in self.world.processes if p.host == process.host and p.start <= one.begin]
            process = there[-1]
        return process.version == self.world.new

    def _flag(self, change: Change, one: Try) -> bool:
        world = self.world
        flag = world.flag1 if change.role == "FLAG1" else world.flag2
        revision = one.process.revision(one.begin)
        if "published-flags" in self.wrong:
            revision = [rev for when, rev, _ in world.revisions if when <= one.begin][-1]
        if "percent-ignored" in self.wrong:
            return world.states[revision][flag] > 0
        return world.on(flag, one.request.account, revision)

    def _generation(self, change: Change) -> list[tuple[int, int]]:
        """Return the spans in which a generation's change was in effect."""
        store = self.world.stores[change.target]
        steps = [(self.seen(store.name, when), number) for when, number, _ in store.active]
        if "received" in self.wrong:
            steps += [(self.seen(store.name, when), number) for when, number in store.received]
        steps.sort()
        spans = []
        for (when, number), (until, _) in zip(steps, [*steps[1:], (self.world.end + 10**7, 0)], strict=True):
            held = change.number in store.holds(number)
            if "higher-holds-lower" in self.wrong:
                held = number >= change.number
            elif "last-generation-only" in self.wrong:
                held = number == change.number
            if held:
                spans.append((when, until))
        return spans

    def _job(self, change: Change) -> list[tuple[int, int]]:
        runs = self.world.runs(change.role)
        if "pause-ignored" in self.wrong:
            runs = [(runs[0][0], runs[-1][1])]
        return [(self.seen(change.target, first), self.seen(change.target, last)) for first, last in runs]

    # -- requests --------------------------------------------------------------------------------

    def answered(self, request: Request) -> bool:
        """Tell whether the client got an answer."""
        strict = "declined-is-no-answer" in self.wrong
        if not self.lost(request):
            return request.status == 200 or (request.status == 402 and not strict)
        if "edge-lines-only" in self.wrong:
            return False
        tries, good = request.tries, ("ok",) if strict else ("ok", "declined")
        if "visible-tries-only" in self.wrong:
            tries = [one for one in tries if not self.lost_try(one)]
        limit = 100 * DEADLINE if "no-deadline" in self.wrong else DEADLINE
        first = request.tries[0]
        begin = self.seen(first.process.host, first.begin)
        return any(
            one.code in good and self.seen(one.process.host, one.end) <= begin + limit for one in tries
        )

    def failed(self, request: Request) -> bool:
        """Tell whether a request failed in the outage."""
        if self.answered(request) or (request.status == 499 and "hang-ups-left-out" in self.wrong):
            return False
        if (
            "any-5xx" in self.wrong
            and request.account not in self.traffic.tests
            and request.status in (502, 504)
        ):
            return True
        return any(map(self.is_error, request.tries))

    def counts(self) -> Answer:
        """Return failed requests and affected customers."""
        some = self.traffic.requests if "any-5xx" in self.wrong else self.traffic.hit
        failed = [request for request in some if self.failed(request)]
        count = len(failed)
        if "tries-counted" in self.wrong:
            count = sum(self.is_error(one) for request in failed for one in request.tries)
        hurt = []
        for request in failed:
            same = [] if "resends-ignored" in self.wrong else self.traffic.by_op[request.op]
            if not any(map(self.answered, same)):
                hurt.append(self.traffic.customer[request.account])
        return {"failed_requests": count, "affected_customers": sorted(set(hurt))}

    # -- all of it -------------------------------------------------------------------------------

    def causes(self) -> Answer:
        """Return root cause and cleared changes, by role; of several causes left over another than the right one."""
        without = {change.role: self.without(change) for change in self.world.changes}
        suspects = {role: some for role, some in without.items() if len(some) < len(self.errors)}
        left = [role for role, some in suspects.items() if not some]
        root = next((role for role in left if role != "R"), "R" if left else "")
        cleared = {role: some[0].name for role, some in suspects.items() if some and role != root}
        return {"root": root, "left": left, "ruled_out": cleared}

    def times(self) -> Answer:
        """Return the five instants in milliseconds."""
        t = self.world.t
        spans = self._generation(self.world.by_role["R"])
        gone = self.seen(self.world.x, t["back"]) if "first-rollback" in self.wrong else spans[-1][1]
        first = self.errors[0][0]
        names = ["drill-notified", "notified", "unsilenced"]
        names += ["resets-notified"] * ("any-alert" in self.wrong) + ["fired"] * (
            "silenced-alert" in self.wrong
        )
        told = sorted(self.seen("mon-1", t[name]) for name in names)
        return {
            "cause_in_effect": spans[0][0],
            "cause_gone": gone,
            "first_error": first,
            "last_error": max(self.seen(one.process.host, one.end) for _, one in self.errors),
            "detected": next(at for at in told if at > first),
        }

    def answer(self) -> Answer:
        """Return all fields."""
        return {**self.causes(), **self.times(), **self.counts()}


def lost_checks(truth: Answer, other: Answer) -> set[str]:
    """Return the checks that ``other`` fails when ``truth`` is right; what ``other`` lacks is as in ``truth``."""
    other = {**truth, **other}
    groups = {
        "times-cause": ("cause_in_effect", "cause_gone"),
        "times-errors": ("first_error", "last_error"),
        "detected": ("detected",),
    }
    lost = set()
    for check, names in groups.items():
        if any(abs(truth[name] - other[name]) > SECOND for name in names):  # type: ignore[operator]
            lost.add(check)
    for check, name in (("root", "root"), ("failed", "failed_requests"), ("customers", "affected_customers")):
        if truth[name] != other[name]:
            lost.add(check)
    right, given = truth["ruled_out"], other["ruled_out"]
    assert isinstance(right, dict)
    assert isinstance(given, dict)
    if right.keys() != given.keys():
        lost.add("ruled-set")
    for role, name in right.items():
        if given.get(role) != name:
            lost.add(TRAFFIC if role in PROCESS_ROLES else CLOCKS)
    return lost


def is_clear(world: World, traffic: Traffic) -> bool:
    """Tell whether one change is the cause, each other is cleared, and no clock decides by less than `MARGIN`."""
    judge = Judge(world, traffic)
    causes = judge.causes()
    if causes["left"] != ["R"] or set(causes["ruled_out"]) != CLEARED:  # type: ignore[call-overload]
        return False
    if any(len(judge.without(world.by_role[role])) > most for role, most in RARE.items()):
        return False
    begins = [at for at, _ in judge.errors]
    for change in world.changes:
        some = judge.without(change)
        if len(some) > 1 and some[1].begin - some[0].begin < MARGIN:
            return False
        if change.kind in ("config", "job"):
            spans = judge._generation(change) if change.kind == "config" else judge._job(change)
            bounds = {bound for span in spans for bound in span}
            if any(abs(at - bound) < MARGIN for at in begins for bound in bounds):
                return False
    return True


def sound(world: World, traffic: Traffic) -> bool:
    """Tell whether the draw has one clear answer and every trap costs exactly its checks."""
    return is_clear(world, traffic) and not dead_traps(world, traffic)


def dead_traps(world: World, traffic: Traffic) -> list[str]:
    """Return the traps that do not cost what they should."""
    truth = Judge(world, traffic).answer()
    found = []
    for trap, costs in TRAPS.items():
        judge = Judge(world, traffic, {trap})
        other: Answer = {}
        if costs - COUNTS - {"times-cause", "times-errors", "detected"} or trap == "no-drift":
            other |= judge.causes()
        if costs & {"times-cause", "times-errors", "detected"} or trap == "end-for-begin":
            other |= judge.times()
        if costs & COUNTS:
            other |= judge.counts()
        if lost_checks(truth, other) != costs:
            found.append(f"{trap}: {sorted(lost_checks(truth, other) ^ costs)}")
    return found
