"""Sorts what both versions show by kind of rule, so that each check looks at its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Dump = dict[str, Any]
EMAIL = {"set_email", "clear_email", "forget_email"}
PLACE = {"move", "correct_address", "set_hint", "rename_city"}
ORDER = {"place_order", "change_order", "cancel_order", "record", "reassign", "void"}

KINDS: dict[str, tuple[tuple[str, tuple[int, ...]], ...]] = {
    "people": (("v1.customers", (0, 1, 3)), ("v2.members", (0, 1, 4, 5))),
    "emails": (("v1.customers", (0, 2)), ("v2.members", (0, 2, 3))),
    "conflicts": (("v2.conflicts", (0, 1)),),
    "addresses": (("v1.customers", (0, 4, 5, 6)), ("v2.homes", (0, 1, 2, 3, 4))),
    "orders": (
        ("v1.customers", (0, 7)),
        ("v1.orders", (0, 1, 2, 3, 4)),
        ("v2.purchases", (0, 1, 2, 3, 4, 5)),
    ),
}
"""Kind → the columns of the reads that it looks at."""
PLAIN = (
    ("v1.customers", (0, 1, 3)),
    ("v1.orders", (0, 1, 2, 3)),
    ("v2.members", (0, 1, 4)),
    ("v2.purchases", (0, 3, 4)),
)
"""What is right even where finer rules are missed."""


def kind_of(name: str) -> str:
    """Return what kind of check a call's answer belongs to."""
    if name == "login":
        return "conflicts"
    for kind, names in (("emails", EMAIL), ("addresses", PLACE), ("orders", ORDER)):
        if name in names:
            return kind
    return "people"


def part(dump: Any, columns: tuple[tuple[str, tuple[int, ...]], ...]) -> dict[str, list[list[Any]] | str]:
    """Return these columns of a dump; text where a read went wrong; reads that were not done are left out."""
    found: dict[str, list[list[Any]] | str] = {}
    for read, numbers in columns:
        if not isinstance(dump, dict):
            return {read: "nothing"}
        if read not in dump:
            continue
        rows = dump[read]
        try:
            found[read] = [[row[number] for number in numbers] for row in rows]
        except (TypeError, IndexError, KeyError):
            found[read] = str(rows)[:120]
    return found


def difference(want: Any, got: Any, columns: tuple[tuple[str, tuple[int, ...]], ...]) -> str:
    """Return a difference between two dumps in these columns, or nothing."""
    right, found = part(want, columns), part(got, columns)
    for read, rows in right.items():
        other = found.get(read, "nothing")
        if rows == other:
            continue
        if isinstance(rows, str) or isinstance(other, str):
            return f"{read}: {other}"
        extra = [row for row in other if row not in rows]
        missing = [row for row in rows if row not in other]
        return f"{read}: {extra[:1] or 'nothing'} instead of {missing[:1] or 'nothing'}"
    return ""


def changed(want: list[Any], other: list[Any], steps: list[Any], kind: str) -> bool:
    """Return whether two lists of answers differ in what a check looks at."""
    same: Callable[[Any, Any], bool] = lambda one, two: not difference(one, two, KINDS[kind])  # noqa: E731
    for step, one, two in zip(steps, want, other, strict=True):
        if step[0] == "dump" and not same(one, two):
            return True
        if step[0] in ("v1", "v2") and kind_of(step[1]) == kind and one != two:
            return True
    return False
