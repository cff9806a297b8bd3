"""Judges the mirror that the agent left and what its sync.py does in the hidden nights.

Each scenario isolates one kind of trouble, so that the checks tell which was not handled; ``storm`` mixes them.
"""

import base64
from collections import Counter
from urllib.parse import parse_qs, urlsplit

from _flaky_api_sync_nights import all_nights, difference, read_items

from agentbench.validators.base import CheckFailed, Context, Verdict, failed, passed

_SLACK_SEC = 0.02
"""How much a request may seem early, as two clocks are read one after the other."""
_WINDOW_SEC = 0.8
"""The span in which a second's worth of requests is looked for: less than a second, as arrivals jitter."""
_FAILING = {"broken", "drop", "short", "torn", "error-object", "thin", "down"}
"""The faults after which a request is to be repeated, as often as is granted."""


def mirror_right(ctx: Context) -> Verdict:
    """items.db holds the sandbox's stock, with the changes that its weather brings."""
    database = ctx.path("items.db")
    wrong = difference(ctx.expected("nights.json")["items"], read_items(database, ctx.scratch()))
    return failed("items.db equals the stock", wrong) if wrong else passed("items.db equals the stock")


def nights_right(ctx: Context, scenario: str) -> Verdict:
    """Every night of the scenario ends as it must: with the right mirror, or in failure with the old one."""
    problem = _problem(ctx, scenario)
    return (
        failed(f"sync.py gets through {scenario}", problem) if problem else passed("every night as expected")
    )


def waits_kept(ctx: Context, scenarios: list[str]) -> Verdict:
    """No request reaches the server before a Retry-After is over, in these scenarios or any other."""
    for scenario in scenarios:
        if problem := _problem(ctx, scenario):
            return failed(f"sync.py gets through {scenario}", problem)
    early = []
    for name, nights in all_nights(ctx).items():
        for night in nights:
            early += [f"{name}: {before:.2f} s too early" for before in _early(night.log)]
    if early:
        return failed(
            "no request before Retry-After is over", f"{len(early)} requests; {'; '.join(early[:4])}"
        )
    return passed("no request before Retry-After was over")


def stops_when_locked(ctx: Context, scenario: str) -> Verdict:
    """After a 403 there is no further request, the exit code says so and the old mirror is whole."""
    if problem := _problem(ctx, scenario):
        return failed("failure reported, mirror as before", problem)
    statuses = [line["status"] for line in all_nights(ctx)[scenario][-1].log]
    later = len(statuses) - statuses.index(403) - 1 if 403 in statuses else -1
    if later:
        return failed(
            "the 403 is the last answer", f"{later} requests after it" if later > 0 else "no 403 met"
        )
    return passed("stopped at the 403")


def tries_kept(ctx: Context, scenario: str) -> Verdict:
    """A request that keeps failing is sent as often as granted, then nothing; failure is reported, the mirror whole."""
    if problem := _problem(ctx, scenario):
        return failed("failure reported, mirror as before", problem)
    tries = ctx.expected("nights.json")["tries"]
    log = all_nights(ctx)[scenario][-1].log
    failures: Counter[int] = Counter()
    over = False
    for line in log:
        if over:
            return failed(f"no request after one has failed {tries} times", "one was sent")
        if line.get("fault") in _FAILING:
            failures[place := _place(line["path"])] += 1
            over = failures[place] == tries
    if not any(line.get("fault") == "down" for line in log):
        return failed("a request that keeps failing is met", "the outage was not reached")
    return passed(f"gave up when a request had failed {max(failures.values())} times")


def walks_kept(ctx: Context, scenario: str) -> Verdict:
    """No night has more walks than granted; where the list never settles, that is a failure, the mirror whole."""
    if problem := _problem(ctx, scenario):
        return failed("failure reported, mirror as before", problem)
    granted = ctx.expected("nights.json")["walks"]
    for name, nights in all_nights(ctx).items():
        for night in nights:
            begun = sum(line.get("page") == 0 for line in night.log)
            if begun > granted:
                return failed(f"at most {granted} walks in a night", f"{name}: {begun}")
    return passed(f"at most {granted} walks in a night")


def pace_kept(ctx: Context, scenario: str) -> Verdict:
    """In no night do more requests come within a second than granted."""
    if problem := _problem(ctx, scenario):
        return failed(f"sync.py gets through {scenario}", problem)
    rate = ctx.expected("nights.json")["rate"]
    densest = max(_densest(night.log) for runs in all_nights(ctx).values() for night in runs)
    if densest > rate:
        return failed(f"at most {rate} requests in one second", f"{densest} in {_WINDOW_SEC} s")
    return passed(f"at most {densest} requests in {_WINDOW_SEC} s")


def inputs_unchanged(ctx: Context, names: list[str]) -> Verdict:
    """The sandbox and its documents are as they were given."""
    for name in names:
        try:
            same = ctx.bytes(name) == (ctx.pristine / name).read_bytes()
        except CheckFailed as error:
            return failed(error.expected, error.found)
        if not same:
            return failed(f"{name} as given", "changed")
    return passed("as given")


def _problem(ctx: Context, scenario: str) -> str:
    nights = all_nights(ctx)[scenario]
    return nights[-1].problem


def _place(path: str) -> int:
    """Return the place in the list that an address is about, as the server reads it, however it is spelled."""
    cursor = parse_qs(urlsplit(path).query).get("cursor", [""])[0]
    try:
        return int(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode().partition("/")[2])
    except ValueError:
        return 0


def _early(log: list[dict]) -> list[float]:
    """Return by how many seconds each request came before the end of a Retry-After known to its sender."""
    found, quiet = [], 0.0
    for line in log:
        if line["arrived"] < quiet - _SLACK_SEC:
            found.append(quiet - line["arrived"])
        quiet = max(quiet, line.get("quiet_until", 0.0))
    return found


def _densest(log: list[dict]) -> int:
    """Return the largest number of requests that arrived within `_WINDOW_SEC`."""
    arrived = [line["arrived"] for line in log]
    first = most = 0
    for last, moment in enumerate(arrived):
        while moment - arrived[first] >= _WINDOW_SEC:
            first += 1
        most = max(most, last - first + 1)
    return most
