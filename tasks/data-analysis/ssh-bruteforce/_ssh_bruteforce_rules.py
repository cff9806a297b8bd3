"""The rules of the review, applied to what really happened, and every way to misread them.

`review` with the default `Reading` is the truth. Each other reading in `TRAPS` is one mistake, together with
exactly those parts of the answer that it must spoil: a drawn world in which a mistake costs nothing, or costs
something else, is refused (`dead_traps`). Moments are as in `_ssh_bruteforce_world`.
"""

from __future__ import annotations

import time
from bisect import bisect_right
from calendar import isleap
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields, replace
from ipaddress import ip_address, ip_network
from typing import Any, NamedTuple

from _ssh_bruteforce_world import GUESSABLE, SECOND, WATCH, Duty, Event, Setting

CONTRADICTION = -1
"""The count of a host that is reported twice."""


@dataclass(frozen=True, kw_only=True)
class Reading:
    """How somebody reads rules and logs; the defaults are right."""

    one_year: bool = False
    repeats: str = "further"
    mapped_apart: bool = False
    first_from: bool = False
    window: str = "sliding"
    slack: int = 0
    above: int = 0
    methods: tuple[str, ...] = GUESSABLE
    any_program: bool = False
    allow: str = "networks"
    key_logins: bool = False
    any_time: bool = False
    last_login: bool = False
    quoted_logins: bool = False
    local_clock: bool = False
    slow_clock: str = ""
    one_instance: bool = False
    any_tag: bool = False
    cut_lines: bool = False
    misread: str = ""
    cleared: str = "right"


# fmt: off
_LATE = {
    "repeats", "window", "slack", "above", "methods", "allow", "key_logins", "any_time", "last_login",
    "quoted_logins", "local_clock", "cleared",
}
# fmt: on
#: What a reading decides only after it is clear which events count.
_LATER: dict[str, Any] = {field.name: field.default for field in fields(Reading) if field.name in _LATE}


Gathered = tuple[dict[str, list[int]], list[tuple[int, str, Event]]]


class Answer(NamedTuple):
    """Attackers with their failures, and break-ins with their first instant (seconds, UTC)."""

    attackers: dict[str, int]
    breakins: dict[tuple[str, str], int]


TRAPS: dict[str, tuple[Reading, set[str]]] = {
    "all stamps in one year": (Reading(one_year=True), {"missing", "pairs", "instants"}),
    "repeats ignored": (Reading(repeats="ignored"), {"missing", "failures"}),
    "repeat counted as one": (Reading(repeats="one"), {"missing", "failures"}),
    "repeat includes the first": (Reading(repeats="inclusive"), {"missing", "failures"}),
    "mapped form kept apart": (Reading(mapped_apart=True), {"missing", "extra", "failures", "pairs"}),
    "first address of the message": (Reading(first_from=True), {"missing", "extra", "failures"}),
    "fixed buckets": (Reading(window="buckets"), {"missing"}),
    "buckets from the first failure": (Reading(window="tumbling"), {"missing"}),
    "window per file": (Reading(window="per-file"), {"missing"}),
    "no window": (Reading(window="none"), {"extra", "pairs"}),
    "open bound": (Reading(slack=-1), {"missing"}),
    "bound in whole minutes": (Reading(slack=59), {"extra", "pairs"}),
    "more than the threshold": (Reading(above=1), {"missing"}),
    "failures of any method": (
        Reading(methods=(*GUESSABLE, "publickey", "none")),
        {"extra", "failures", "pairs"},
    ),
    "passwords only": (Reading(methods=("password",)), {"missing", "failures", "pairs"}),
    "messages of any program": (Reading(any_program=True), {"failures"}),
    "allow list as strings": (Reading(allow="strings"), {"extra", "pairs"}),
    "allow list ignored": (Reading(allow="ignored"), {"extra", "pairs"}),
    "key logins count": (Reading(key_logins=True), {"pairs"}),
    "logins at any time": (Reading(any_time=True), {"pairs", "instants"}),
    "latest login": (Reading(last_login=True), {"instants"}),
    "logins quoted in user names": (Reading(quoted_logins=True), {"pairs"}),
    "server clock taken for UTC": (Reading(local_clock=True), {"instants"}),
    "slow clock overlooked": (Reading(slow_clock="ignored"), {"missing", "instants"}),
    "first step of the clock only": (Reading(slow_clock="half"), {"missing", "instants"}),
    "second instance overlooked": (Reading(one_instance=True), {"missing", "failures", "pairs"}),
    "continuation lines overlooked": (Reading(cut_lines=True), {"missing", "failures"}),
    "test not postponed": (Reading(misread="postponed"), {"failures"}),
    "wrong second line": (Reading(misread="typo"), {"missing", "extra"}),
    "hearsay prolongs a test": (Reading(misread="hearsay"), {"missing", "pairs"}),
    "test in local time": (Reading(misread="utc"), {"extra"}),
    "cancelled test held": (Reading(misread="cancelled"), {"missing"}),
    "store is still ours": (Reading(misread="store"), {"missing"}),
    "first note on the line": (Reading(misread="line"), {"missing", "extra"}),
    "first correction of the line": (Reading(misread="corrected"), {"missing", "extra"}),
    "hotel as planned": (Reading(misread="hotel"), {"missing"}),
    "hotel never ours": (Reading(misread="no hotel"), {"failures"}),
    "claimed logins reported": (Reading(cleared="none"), {"pairs", "instants"}),
    "hearsay clears a login": (Reading(cleared="hearsay"), {"pairs"}),
    "retracted claim believed": (Reading(cleared="retracted"), {"pairs"}),
    "scripts named like sshd": (Reading(any_tag=True), {"failures"}),
    "change of a change overlooked": (Reading(misread="returned"), {"failures"}),
    "new begin overlooked": (Reading(misread="old begin"), {"missing"}),
    "longer by hearsay": (Reading(misread="longer"), {"missing"}),
    "leave for longer overlooked": (Reading(misread="shorter"), {"failures"}),
    "claim clears later logins": (Reading(cleared="pair"), {"pairs"}),
}


class Review:
    """One world of events under one setting; answers for any reading."""

    def __init__(self, events: Iterable[Event], setting: Setting, duty: Duty) -> None:
        self.setting = setting
        self.events = sorted(_of_busy_hosts(events, setting.threshold))
        self.duty = duty
        self.networks = [ip_network(entry) for entry in setting.allowed]
        self._known: dict[tuple[str, str], bool] = {}
        self._plainly: list[tuple[int, str, Event]] = []
        self._kept: dict[tuple[bool, tuple[str, ...], str, bool], Gathered] = {}

    def answer(self, reading: Reading | None = None) -> Answer:
        """Return what somebody with this reading reports."""
        reading = reading or Reading()
        plain = replace(reading, **_LATER) == Reading()
        key = (plain, reading.methods, reading.repeats, reading.quoted_logins)
        failures, logins = self._kept.get(key) or self._gathered(reading, plain)
        if plain:
            self._kept[key] = failures, logins
        crossed = {}
        for source, stamps in failures.items():
            moment = self._crossing(stamps, reading)
            if moment is not None and not self._is_allowed(source, reading.allow):
                crossed[source] = moment
        counts: dict[str, int] = {}
        for source in crossed:
            counts[_plain(source)] = CONTRADICTION if _plain(source) in counts else len(failures[source])
        return Answer(counts, self._breakins(logins, crossed, reading))

    def _gathered(self, reading: Reading, plain: bool) -> Gathered:
        """Return the failures by source, in order, and the logins; ``plain`` is as in `answer`."""
        failures: dict[str, list[int]] = defaultdict(list)
        logins: list[tuple[int, str, Event]] = []
        if plain and not self._plainly:
            self._plainly = list(self._counted(Reading()))
        for at, source, event in self._plainly if plain else self._counted(reading):
            if event.ok:
                logins.append((at, source, event))
            elif event.claims and reading.quoted_logins:
                logins.append((at, event.shown, event))
            if not event.ok and event.method in reading.methods:
                times = _times(event, reading) if event.repeated else event.times
                failures[source] += [at] * times
        for stamps in failures.values():
            stamps.sort()
        return dict(failures), logins

    def _counted(self, reading: Reading) -> Iterator[tuple[int, str, Event]]:
        """Yield moment, source and event of all that does not come from a test or a host of ours."""
        grants, tags = self._grants(reading), _tags(reading)
        moved = bool(reading.one_year or reading.slow_clock)
        spelled = reading.first_from or reading.mapped_apart or reading.cut_lines
        for event in self.events:
            if event.program not in tags:
                continue
            if reading.cut_lines and event.cut and not event.shown:
                continue
            at = self._clock(event.at, reading) if moved else event.at
            source = self._source(event, reading) if spelled else event.peer
            real = self._clock(event.at, reading) if reading.slow_clock else event.at
            if source not in grants or not any(since <= real <= until for since, until in grants[source]):
                yield at, source, event

    def _grants(self, reading: Reading) -> dict[str, list[tuple[int, int]]]:
        grants = dict(self.duty.grants)
        if reading.misread:
            key, instead = self.duty.misread[reading.misread]
            grants[key] = instead
        found: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for grant in (grant for group in grants.values() for grant in group):
            found[grant.peer].append((grant.since, grant.until))
            found[f"::ffff:{grant.peer}"].append((grant.since, grant.until))
        return dict(found)

    def _clock(self, at: int, reading: Reading) -> int:
        if reading.slow_clock:
            return self.duty.half_right(at) if reading.slow_clock == "half" else self.duty.stamp(at)
        if not reading.one_year or at >= self.setting.new_year:
            return at
        year = time.gmtime(self.setting.new_year).tm_year
        return at + (366 if isleap(year) else 365) * 86400

    def _source(self, event: Event, reading: Reading) -> str:
        if event.shown and (reading.first_from or (reading.cut_lines and event.cut)):
            return event.shown
        return event.raw if reading.mapped_apart else event.peer

    def _is_allowed(self, source: str, how: str) -> bool:
        if how == "ignored":
            return False
        if how == "strings":
            return source in self.setting.allowed
        if (source, how) not in self._known:
            address = ip_address(source)
            self._known[source, how] = any(address in network for network in self.networks)
        return self._known[source, how]

    def _crossing(self, stamps: list[int], reading: Reading) -> int | None:
        """Return the moment of the failure that makes an attacker, or None. ``stamps`` are in order."""
        need, width = self.setting.threshold + reading.above, self.setting.window
        if reading.window == "none":
            groups, width = [stamps], self.setting.end
        elif reading.window == "sliding":
            groups, width = [stamps], width + reading.slack
        elif reading.window == "per-file":
            groups = _grouped(stamps, lambda at: bisect_right(self.setting.rotations, at))
        elif reading.window == "buckets":
            groups = _grouped(stamps, lambda at: at // width)
        else:
            groups = _tumbling(stamps, width)
        moments = (_first_dense(group, need, width) for group in groups)
        return min((moment for moment in moments if moment is not None), default=None)

    def _breakins(
        self, logins: list[tuple[int, str, Event]], crossed: dict[str, int], reading: Reading
    ) -> dict[tuple[str, str], int]:
        shift = 0 if reading.local_clock else self.setting.offset * 3600
        methods = {*GUESSABLE} & {*reading.methods} | ({"publickey"} if reading.key_logins else set())
        found: dict[tuple[str, str], int] = {}
        for at, source, event in logins:
            if source not in crossed or event.method not in methods:
                continue
            if at <= crossed[source] and not reading.any_time:
                continue
            if self._is_cleared(source, event, reading.cleared):
                continue
            pair = (_plain(source), event.user if event.ok else event.claims)
            choose = max if reading.last_login else min
            found[pair] = choose(found.get(pair, at - shift), at - shift)
        return found

    def _is_cleared(self, source: str, event: Event, how: str) -> bool:
        login = (_plain(source), event.user, event.at)
        if how == "pair":
            return any(login[:2] == claimed[:2] for claimed in self.duty.cleared)
        if how == "retracted" and login in self.duty.retracted:
            return True
        if how == "hearsay" and login in self.duty.rumoured:
            return True
        return how != "none" and login in self.duty.cleared


def _of_busy_hosts(events: Iterable[Event], need: int) -> list[Event]:
    """Return the events of addresses that could be attackers for somebody; the others change no answer."""
    events = list(events)
    failures: dict[str, int] = defaultdict(int)
    for event in events:
        if not event.ok:
            failures[event.peer] += event.times
            failures[event.shown] += event.times
    return [e for e in events if failures[e.peer] >= need or (e.shown and failures[e.shown] >= need)]


def spoiled(truth: Answer, other: Answer) -> set[str]:
    """Return which parts of ``other`` differ from the truth, each part judged apart from the rest."""
    parts = {
        "missing": truth.attackers.keys() - other.attackers.keys(),
        "extra": other.attackers.keys() - truth.attackers.keys(),
        "failures": _changed(truth.attackers, other.attackers),
        "pairs": truth.breakins.keys() ^ other.breakins.keys(),
        "instants": _changed(truth.breakins, other.breakins),
    }
    return {part for part, difference in parts.items() if difference}


def dead_traps(review: Review) -> list[str]:
    """Return the mistakes that do not cost exactly what they should."""
    truth = review.answer()
    return [
        f"{name}: {sorted(found)}"
        for name, (reading, parts) in TRAPS.items()
        if (found := spoiled(truth, review.answer(reading))) != parts
    ]


def is_stable(review: Review) -> bool:
    """Say whether no login falls within two seconds of the moment that makes its source an attacker."""
    truth = review.answer().breakins
    for shift in (-2, 2):
        moved = [e if e.ok else e._replace(at=e.at + shift) for e in review.events]
        if Review(moved, review.setting, review.duty).answer().breakins != truth:
            return False
    return True


def _tags(reading: Reading) -> set[str]:
    tags = {"sshd"} if reading.one_instance else {"sshd", SECOND}
    return tags | ({WATCH} if reading.any_tag else set()) | ({"sudo"} if reading.any_program else set())


def _times(event: Event, reading: Reading) -> int:
    return {"further": event.times, "inclusive": event.times - 1, "one": 1, "ignored": 0}[reading.repeats]


def _plain(source: str) -> str:
    return source.removeprefix("::ffff:")


def _changed(truth: dict, other: dict) -> set:
    return {key for key in truth.keys() & other.keys() if truth[key] != other[key]}


def _first_dense(stamps: list[int], need: int, width: int) -> int | None:
    for first, last in zip(stamps, stamps[need - 1 :], strict=False):
        if last - first <= width:
            return last
    return None


def _grouped(stamps: list[int], key: Callable[[int], int]) -> list[list[int]]:
    groups: dict[int, list[int]] = defaultdict(list)
    for at in stamps:
        groups[key(at)].append(at)
    return list(groups.values())


def _tumbling(stamps: list[int], width: int) -> list[list[int]]:
    groups: list[list[int]] = []
    for at in stamps:
        if groups and at - groups[-1][0] <= width:
            groups[-1].append(at)
        else:
            groups.append([at])
    return groups
