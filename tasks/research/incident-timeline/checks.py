"""Judges timeline.json: the cause, what clears every other change, instants, failed requests and customers.

What each check rests on, in fields.md: the field of its name, with the four words defined above; for the two checks
of evidence also what platform.md says about edges and apps (traffic) and about back ends and clocks (clocks).
postmortem.md is for people and is not judged.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from agentbench.validators.base import (
    CheckFailed,
    Context,
    Verdict,
    clip,
    failed,
    in_words,
    number,
    passed,
    same_set,
)

FILE = "timeline.json"
TOLERANCE = timedelta(seconds=1)
SUPPORT = 2
"""Tries that must be right before a choice among fourteen changes is more than a guess."""
GROUPS = {
    "cause": ("cause_in_effect", "cause_gone"),
    "errors": ("first_error", "last_error"),
    "alert": ("detected",),
}


def root_cause(ctx: Context) -> Verdict:
    """Judge the root cause; it must not be ruled out as well."""
    _supported(ctx)
    right, given = ctx.expected("expected.json")["root_cause"], _name(_field(ctx, "root_cause"))
    if given != right.casefold():
        return failed("the one change in effect for every outage error", clip(given, 80))
    listed = ctx.json(FILE).get("ruled_out")
    if isinstance(listed, dict) and given in map(_name, listed):
        return failed("a root cause that is not ruled out", f"{clip(given, 80)} is both")
    return passed(right)


def ruled_out_set(ctx: Context) -> Verdict:
    """Judge which changes are ruled out."""
    _supported(ctx)
    cleared = ctx.expected("expected.json")["cleared"]
    right = {change.casefold() for group in cleared.values() for change in group}
    return same_set(right, set(_ruled_out(ctx)), "ruled-out changes")


def evidence_right(ctx: Context, group: str) -> Verdict:
    """Judge the tries that clear the changes of one group."""
    right, given = ctx.expected("expected.json")["cleared"][group], _ruled_out(ctx)
    wrong = []
    for change, name in sorted(right.items()):
        found = given.get(change.casefold())
        if found != name.casefold():
            wrong.append(f"{change}: {'missing' if found is None else clip(found, 40)}")
    if wrong:
        return failed(f"the try that clears each of {len(right)} changes", "; ".join(wrong))
    return passed(f"{len(right)} tries, all right")


def times_right(ctx: Context, group: str) -> Verdict:
    """Judge instants, to within one second."""
    right = ctx.expected("expected.json")["times"]
    wrong = []
    for name in GROUPS[group]:
        given = _instant(_field(ctx, name), name)
        if abs(given - datetime.fromisoformat(right[name])) > TOLERANCE:
            wrong.append(f"{name}: {given.isoformat()}")
    if wrong:
        return failed("instants right to within a second", "; ".join(wrong))
    return passed(f"{len(GROUPS[group])} instants, all right")


def failed_requests(ctx: Context) -> Verdict:
    """Judge the number of failed requests."""
    right = ctx.expected("expected.json")["failed_requests"]
    given = number(_field(ctx, "failed_requests"), "failed_requests")
    return (
        passed(str(right))
        if given == right
        else failed("the number of failed requests", clip(str(given), 80))
    )


def affected_customers(ctx: Context) -> Verdict:
    """Judge the set of affected customers."""
    listed = _field(ctx, "affected_customers")
    if not isinstance(listed, list):
        raise CheckFailed("affected_customers: a list", in_words(listed))
    right = {customer.casefold() for customer in ctx.expected("expected.json")["affected_customers"]}
    return same_set(right, {_name(item) for item in listed}, "affected customers")


def _supported(ctx: Context) -> None:
    """Raise CheckFailed where hardly a try is right that clears a change: else it is a guess."""
    given, groups = _ruled_out(ctx), ctx.expected("expected.json")["cleared"].values()
    right = sum(given.get(key.casefold()) == one.casefold() for group in groups for key, one in group.items())
    if right < SUPPORT:
        raise CheckFailed(f"at least {SUPPORT} of the tries that clear other changes", f"{right} right")


def _field(ctx: Context, name: str) -> Any:
    content = ctx.json(FILE)
    if not isinstance(content, dict):
        raise CheckFailed(f"{FILE}: an object", in_words(content))
    if name not in content:
        raise CheckFailed(f"{FILE}: a field {name}", "none")
    return content[name]


def _ruled_out(ctx: Context) -> dict[str, str]:
    """Return change -> try, both without case."""
    content = _field(ctx, "ruled_out")
    if not isinstance(content, dict):
        raise CheckFailed("ruled_out: an object of change and try", in_words(content))
    return {_name(change): _name(value) for change, value in content.items()}


def _name(value: object) -> str:
    return value.strip().casefold() if isinstance(value, str) else f"({type(value).__name__})"


def _instant(value: object, name: str) -> datetime:
    """Return an instant of ISO 8601 in any zone; without one it is UTC."""
    try:
        if not isinstance(value, str):
            raise ValueError
        at = datetime.fromisoformat(value.strip().upper().replace(" UTC", "Z"))
        return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except (ValueError, OverflowError):
        raise CheckFailed(
            f"{name}: an instant like 2025-01-31T23:05:09Z", clip(in_words(value), 80)
        ) from None
