"""Judges the task list column by column, and the reminders by who gets one, their refs and their dates.

What each check rests on: refs - rule 1 of conventions.md and "one row for each task"; owners - rules 3, 4 and 8;
due - rules 2, 6 and 7; statuses - rule 5; reminders - "for everybody who now has at least one open task, and for
nobody else", "mention no refs other than the person's own open ones"; reminder-dates - "in that line no other ref or
date". Columns are judged on the tasks that are listed, so that a missing row costs ``refs`` alone.
"""

from __future__ import annotations

import re
from typing import Any

from agentbench.validators.base import CheckFailed, Context, Verdict, failed, same_map, same_set

_COLUMNS = ["ref", "owner_email", "due", "status"]
_DATE = re.compile(r"(?<!\d)(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)", re.ASCII)
_REF = re.compile(r"(?<![A-Za-z0-9])([A-Z]{2,5})-\d{3}(?!\d)", re.ASCII | re.IGNORECASE)
_ENOUGH = 0.8
_MOST_REMINDERS = 200
_MOST_CHARS = 100_000


def refs_exact(ctx: Context) -> Verdict:
    """Judge whether the list has exactly the refs that were given to somebody, each once."""
    rows = _rows(ctx)
    if twice := sorted(ref for ref, found in rows.items() if len(found) > 1):
        return failed("one row for each task", f"several for {', '.join(twice[:5])}")
    return same_set(set(_tasks(ctx)), set(rows), "refs")


def owners_right(ctx: Context) -> Verdict:
    """Judge the owner of each task that is listed."""
    return _column(ctx, "owner", "owner_email", str.casefold)


def due_dates_right(ctx: Context) -> Verdict:
    """Judge the due date of each task that is listed."""
    return _column(ctx, "due", "due", _day)


def statuses_right(ctx: Context) -> Verdict:
    """Judge the status of each task that is listed."""
    return _column(ctx, "status", "status", str.casefold)


def reminders_exact(ctx: Context) -> Verdict:
    """Judge whether exactly the people with open tasks get a reminder, each with exactly their open refs."""
    right: dict[str, set[str]] = {}
    for ref, task in _tasks(ctx).items():
        if task["status"] == "open":
            right.setdefault(task["owner"], set()).add(ref)
    found = {
        mail: {ref for line in lines for ref in _refs(ctx, line)} for mail, lines in _reminders(ctx).items()
    }
    if found.keys() != right.keys():
        return same_set(set(right), set(found), "people reminded")
    return same_map(
        {mail: ", ".join(sorted(refs)) for mail, refs in right.items()},
        {mail: ", ".join(sorted(refs)) for mail, refs in found.items()},
        "reminders",
    )


def reminder_dates(ctx: Context) -> Verdict:
    """Judge whether each open ref that is reminded of stands in a line with its due date alone."""
    right = {ref: task["due"] for ref, task in _tasks(ctx).items() if task["status"] == "open"}
    named: set[str] = set()
    found: dict[str, set[str]] = {}
    for lines in _reminders(ctx).values():
        for line in lines:
            refs = _refs(ctx, line)
            named |= refs & right.keys()
            days = {_day(hit[0]) for hit in _DATE.finditer(line)}
            if len(refs) == 1 and days:
                found.setdefault(*refs, set()).add(" and ".join(sorted(days)))
    if len(named) < _ENOUGH * len(right):
        return failed(f"reminders of {len(right)} open tasks", f"of {len(named)}")
    shown = {ref: ", ".join(sorted(days)) for ref, days in found.items()}
    return same_map({ref: right[ref] for ref in named}, shown, "due dates in reminders")


def _tasks(ctx: Context) -> dict[str, dict[str, Any]]:
    tasks: dict[str, dict[str, Any]] = ctx.expected("expected.json")["tasks"]
    return tasks


def _rows(ctx: Context) -> dict[str, list[dict[str, str]]]:
    """Return ref → its rows, normally one."""
    rows: dict[str, list[dict[str, str]]] = {}
    for row in ctx.csv("tasks.csv", _COLUMNS):
        rows.setdefault(row["ref"].upper(), []).append(row)
    return rows


def _column(ctx: Context, key: str, column: str, normal: Any) -> Verdict:
    """Judge one column on the expected tasks that are listed, if nearly all of them are."""
    tasks, rows = _tasks(ctx), _rows(ctx)
    listed = [ref for ref in tasks if ref in rows]
    if len(listed) < _ENOUGH * len(tasks):
        raise CheckFailed(f"rows for {len(tasks)} tasks", f"{len(listed)} of them")
    found = {ref: ", ".join(sorted({normal(row[column]) for row in rows[ref]})) for ref in listed}
    return same_map({ref: tasks[ref][key] for ref in listed}, found, f"values of {column}")


def _reminders(ctx: Context) -> dict[str, list[str]]:
    """Return address → lines of the reminder. Raises CheckFailed for none, or beyond measure."""
    names = ctx.files("reminders/*.txt")
    if not 0 < len(names) <= _MOST_REMINDERS:
        raise CheckFailed("files reminders/<email>.txt", f"{len(names)} files")
    reminders: dict[str, list[str]] = {}
    for name in names:
        mail = name.removeprefix("reminders/").removesuffix(".txt").casefold()
        if len(text := ctx.text(name)) > _MOST_CHARS:
            raise CheckFailed("reminders of a few lines", f"{len(text)} characters")
        reminders.setdefault(mail, []).extend(text.split("\n"))
    return reminders


def _refs(ctx: Context, line: str) -> set[str]:
    """Return the words of a line that look like our refs."""
    families = {ref.partition("-")[0] for ref in ctx.expected("expected.json")["refs"]}
    return {hit[0].upper() for hit in _REF.finditer(line) if hit[1].upper() in families}


def _day(text: str) -> str:
    """Return a date as YYYY-MM-DD, or the text where it has none."""
    hit = _DATE.search(text)
    return f"{hit[1]}-{int(hit[2]):02d}-{int(hit[3]):02d}" if hit else text
