"""Judges the sweep: the reported places, that no live value is left, and the edited files as a whole.

What each check rests on, in detect.md: found and found-encoded - "Which are live", "Where they stand", "The report";
found-log - the four rules of the log under "Which are live"; removed and removed-encoded - the request ("no live
credential may remain"); edits - "The replacement"; guards: rest-unchanged - its last sentence, no-values - the last
sentence of "The report".
"""

from __future__ import annotations

import codecs
import filecmp
import os
from typing import Any

from _secrets_sweep_readings import tokens

from agentbench.validators.base import (
    CheckFailed,
    Context,
    Verdict,
    failed,
    in_words,
    number,
    passed,
    safe_name,
    same_set,
)

REPORT, EXPECTED = "secrets.json", "expected.json"
MOST_OTHERS = 3
"""How many places where nothing live stands a report may have for each that is right: beyond, it is no report."""
KEPT = 0.25
"""The share of the other lines without which an edited file is no longer that file."""


def places_right(ctx: Context, group: str) -> Verdict:
    """Judge the reported places of a group: ``plain``, ``encoded``, or ``log``, the plain ones the log speaks about.

    A place of the report where nothing live stands counts with the first, where a token died by the log with the last.
    """
    given = ctx.once("given", lambda: _given(ctx))
    groups: dict[str, set[str]] = {"plain": set(), "encoded": set(), "log": set()}
    for one in _live(ctx):
        groups[_group(one)].add(_place(one))
    dead = {_place(one) for one in _expected(ctx)["dead"]}
    if (n_others := len(given.difference(*groups.values()))) > MOST_OTHERS * len(_live(ctx)):
        return failed("a report of the places of live credentials", f"{n_others} where none stands")
    others = set().union(*(places for name, places in groups.items() if name != group))
    if group == "plain":
        found = given - others - dead
    else:
        found = given & (groups[group] | dead if group == "log" else groups[group])
    return same_set(groups[group], found, "places")


def removed(ctx: Context, encoded: bool) -> Verdict:
    """Judge whether no live credential that stood as it is (or not so) is left, in files that are still there."""
    live = [one for one in _live(ctx) if (one["form"] != "plain") == encoded]
    for name in sorted({one["path"] for one in live}):
        text = _expected(ctx)["cleaned"][name]["text"]
        lines = {line for line in text.split("\n") if line.strip() and "${" not in line}
        kept = lines & set(_text(ctx, name).split("\n"))
        if len(kept) < KEPT * len(lines):
            return failed(f"{name} with its other lines", f"{len(kept)} of {len(lines)} are there")
    present = ctx.once("present", lambda: _present(ctx))
    values = {one["token"] for one in live}
    left = {one["path"] for one in live if one["token"] in present.get(one["path"], ())}
    edited = _expected(ctx)["cleaned"]
    left |= {name for name, inside in present.items() if name not in edited and values & inside}
    if left:
        shown = ", ".join(safe_name(name) for name in sorted(left)[:5])
        return failed("no live credential left", f"{len(left)} files with some: {shown}")
    return passed(f"none of {len(live)} left")


def edits_exact(ctx: Context) -> Verdict:
    """Judge whether every file with live credentials now is what it has to be; line ends are free."""
    wrong = []
    cleaned = _expected(ctx)["cleaned"]
    for name, right in sorted(cleaned.items()):
        try:
            same = _text(ctx, name).rstrip("\n") == right["text"].rstrip("\n")
        except CheckFailed as failure:
            wrong.append(f"{name} ({failure.found})")
            continue
        if not same:
            wrong.append(name)
    if wrong:
        return failed(f"{len(cleaned)} files edited as asked", f"{len(wrong)} differ: {'; '.join(wrong[:5])}")
    return passed(f"{len(cleaned)} files edited as asked")


def rest_unchanged(ctx: Context) -> Verdict:
    """Guard: files without a live credential are byte for byte as they were given."""
    edited = _expected(ctx)["cleaned"]
    given, _ = ctx.once("changed", lambda: _changed(ctx))
    changed = sorted(name for name in given if name not in edited)
    if changed:
        return failed("the other files unchanged", f"{len(changed)} changed: {', '.join(changed[:5])}")
    return passed("the other files unchanged")


def no_values(ctx: Context) -> Verdict:
    """Guard: the report holds no live credential, in no form."""
    report = _content(ctx, REPORT)
    inside = tokens(report)
    for one in _live(ctx):
        if one["token"] in inside or one["spelled"].encode("ascii") in report:
            return failed("no credential in the report", f"that of {one['path']}, line {one['line']}")
    return passed("no credential in the report")


def _expected(ctx: Context) -> dict[str, Any]:
    known: dict[str, Any] = ctx.once("expected", lambda: ctx.expected(EXPECTED))
    return known


def _live(ctx: Context) -> list[dict[str, Any]]:
    live: list[dict[str, Any]] = _expected(ctx)["live"]
    return live


def _group(one: dict[str, Any]) -> str:
    if one["form"] != "plain":
        return "encoded"
    return "log" if one["log"] else "plain"


def _given(ctx: Context) -> set[str]:
    rows = ctx.json(REPORT)
    if not isinstance(rows, list):
        raise CheckFailed(f"{REPORT}: a list", in_words(rows))
    return {_place(row) for row in rows}


def _text(ctx: Context, name: str) -> str:
    """Return an edited file in the encoding it was given in, line ends as LF."""
    return ctx.once(f"text {name}", lambda: _read(ctx, name))


def _read(ctx: Context, name: str) -> str:
    data = _bytes(ctx, name)
    encoding = _expected(ctx)["cleaned"][name]["encoding"]
    if encoding == "utf-16" and data[:2] != codecs.BOM_UTF16_LE:
        return ""
    try:
        return data.decode(encoding).replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise CheckFailed(f"{name} in {encoding}", "other bytes") from None


def _bytes(ctx: Context, name: str) -> bytes:
    return ctx.once(f"bytes {name}", lambda: ctx.bytes(name))


def _names(root: str) -> dict[str, str]:
    """Return the regular files below a folder: name -> path. Links and special files are left out."""
    found, folders = {}, [""]
    while folders:
        folder = folders.pop()
        with os.scandir(f"{root}/{folder}") as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    folders.append(f"{folder}{entry.name}/")
                elif entry.is_file(follow_symlinks=False):
                    found[folder + entry.name] = entry.path
    return found


def _changed(ctx: Context) -> tuple[set[str], set[str]]:
    """Return the given files that are not as they were, and the files that are new or other than given."""
    before, after = _names(str(ctx.pristine)), _names(str(ctx.workspace))
    same = {
        name
        for name, path in before.items()
        if name in after and name not in ctx.omitted and filecmp.cmp(path, after[name], shallow=False)
    }
    return set(before) - same, set(after) - same


def _present(ctx: Context) -> dict[str, set[str]]:
    """Return the tokens in every file of the tree that has live ones or is not as it was given."""
    present: dict[str, set[str]] = {}
    for one in _live(ctx):
        present.setdefault(one["path"], set()).add(one["token"])
    gone, new = ctx.once("changed", lambda: _changed(ctx))
    present |= {name: set() for name in gone & set(present)}
    return present | {name: tokens(_content(ctx, name)) for name in new if name.startswith("tree/")}


def _content(ctx: Context, name: str) -> bytes:
    """Return the bytes of a file, none where there is no such file."""
    try:
        return _bytes(ctx, name)
    except CheckFailed:
        return b""


def _place(row: object) -> str:
    """Return path, line and type of a row as one text."""
    if not isinstance(row, dict):
        raise CheckFailed("objects with path, line and type", in_words(row))
    path, kind = row.get("path"), row.get("type")
    if not isinstance(path, str) or not isinstance(kind, str):
        raise CheckFailed("path and type as texts", f"{in_words(path)}, {in_words(kind)}")
    line = number(row.get("line"), "line").normalize()
    return f"{safe_name(path.strip().removeprefix('./'))}:{line:f} {safe_name(kind.strip().casefold())}"
