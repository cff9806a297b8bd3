"""Judges `tour.ics`: its form, which appointments are in it, when each kind of them is, what they are called.

Instants are split by what makes them hard (plain, series over a change of clocks, nights, corrected, unusual rules of a
zone), so that L0 shows which skill was missing. An appointment that is missing costs `uids` alone. Each check but
`form` and `dtstamp` reads the file leniently.
"""

import unicodedata
from collections import Counter

from _tour_calendar_ical import STAMP, broken_rules, events, text_value

from agentbench.validators.base import CheckFailed, Context, Verdict, failed, passed, safe_name, same_set

FILE = "tour.ics"
MAX_BYTES = 2 * 1024 * 1024
"""Of the calendar, dozens of times what is needed: every check goes through all of it."""
RULES = {"RRULE", "RDATE", "EXDATE", "EXRULE", "RECURRENCE-ID"}


def form_strict(ctx: Context) -> Verdict:
    """Judge the form by RFC 5545: line ends, folds, escapes, nesting, obligatory properties."""
    _filled(ctx)
    problems = broken_rules(_octets(ctx))
    if problems:
        return failed("a file in the form of RFC 5545", safe_name("; ".join(problems[:5])))
    return passed("in order")


def uids_exact(ctx: Context) -> Verdict:
    """Judge that there is one VEVENT, without a recurrence rule, for each appointment that takes place."""
    found = _events(ctx)
    uids = [_uid(event) for event in found]
    twice = sorted(uid for uid, times in Counter(uids).items() if times > 1)
    if twice:
        return failed(
            "every UID once", f"more than once: {', '.join(safe_name(uid[:80]) for uid in twice[:5])}"
        )
    ruled = [uid for uid, event in zip(uids, found, strict=True) if RULES & set(event)]
    if ruled:
        return failed("no recurrence rules", f"in {', '.join(safe_name(uid[:80]) for uid in ruled[:5])}")
    return same_set(set(_expected(ctx)), {safe_name(uid[:80]) for uid in uids}, "UIDs")


def times_right(ctx: Context, group: str) -> Verdict:
    """Judge start and end of the appointments of one ``group``, of which at least half must be there."""
    right = {uid: slot for uid, slot in _expected(ctx).items() if slot["group"] == group}
    given = {uid: event for uid, event in _by_uid(ctx).items() if uid in right}
    if 2 * len(given) < len(right):
        return failed(f"{len(right)} appointments with their times", f"{len(given)} of them are there")
    wrong = []
    for uid, event in sorted(given.items()):
        for name, key in (("DTSTART", "start"), ("DTEND", "end")):
            value = _stamp(event, name)
            if value != right[uid][key]:
                wrong.append(f"{uid} {name} {safe_name(value[:40])} instead of {right[uid][key]}")
    if wrong:
        return failed(
            f"start and end of {len(right)} appointments", f"{len(wrong)} wrong: {'; '.join(wrong[:5])}"
        )
    return passed(f"{len(given)} appointments, all right")


def titles_right(ctx: Context) -> Verdict:
    """Judge that titles and places come back from the file as they were given."""
    wrong = []
    right = _expected(ctx)
    for uid, event in sorted(_filled(ctx).items()):
        for name, key in (("SUMMARY", "title"), ("LOCATION", "place")):
            values = [text_value(raw) for _, raw in event.get(name, [])]
            if [_plain(value) for value in values] != [_plain(right[uid][key])]:
                wrong.append(f"{uid} {name} {safe_name(' | '.join(values)[:80])!r}")
    if wrong:
        return failed("titles and places as given", f"{len(wrong)} wrong: {'; '.join(wrong[:5])}")
    return passed("all as given")


def stamped(ctx: Context) -> Verdict:
    """Judge that every VEVENT has one DTSTAMP in UTC."""
    _filled(ctx)
    without = [
        safe_name(_uid(event)[:80]) for event in _events(ctx) if not STAMP.fullmatch(_stamp(event, "DTSTAMP"))
    ]
    if without:
        return failed("a DTSTAMP in UTC in each VEVENT", f"not in {', '.join(without[:5])}")
    return passed("in each VEVENT")


def _expected(ctx: Context) -> dict[str, dict[str, str]]:
    return ctx.expected("expected.json")


def _events(ctx: Context) -> list[dict[str, list[tuple[str, str]]]]:
    found = ctx.once("events", lambda: events(_octets(ctx)))
    if not found:
        raise CheckFailed(f"{FILE}: VEVENTs", "none")
    return found


def _octets(ctx: Context) -> bytes:
    octets = ctx.bytes(FILE)
    if len(octets) > MAX_BYTES:
        raise CheckFailed(f"{FILE}: a calendar of sensible size", f"{len(octets)} bytes")
    return octets


def _uid(event: dict[str, list[tuple[str, str]]]) -> str:
    return text_value(event.get("UID", [("", "")])[0][1]).strip()


def _by_uid(ctx: Context) -> dict[str, dict[str, list[tuple[str, str]]]]:
    """Return the events by UID; of two with the same one, the first."""
    return {_uid(event): event for event in reversed(_events(ctx))}


def _filled(ctx: Context) -> dict[str, dict[str, list[tuple[str, str]]]]:
    """Return the right appointments that are there. Raises CheckFailed below seven in ten."""
    right = _expected(ctx)
    given = {uid: event for uid, event in _by_uid(ctx).items() if uid in right}
    if 10 * len(given) < 7 * len(right):
        raise CheckFailed(f"a calendar of {len(right)} appointments", f"{len(given)} of them are there")
    return given


def _stamp(event: dict[str, list[tuple[str, str]]], name: str) -> str:
    """Return the UTC value of a property that stands once; else what is there, in words."""
    values = event.get(name, [])
    if len(values) != 1:
        return "missing" if not values else "given more than once"
    params, value = values[0]
    if params and params.upper() != ";VALUE=DATE-TIME":
        return f"{value} with {params}"
    return value.strip()


def _plain(text: str) -> str:
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
