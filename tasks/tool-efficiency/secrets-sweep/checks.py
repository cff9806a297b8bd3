"""Judges the sweep: the reported places, that no live value is left, and the edited files as a whole.

What each check rests on, in detect.md: found - "Which are live", "Where they stand", "The report"; removed and
removed-encoded - the request ("no live credential may remain"); edits - "The replacement"; guards: rest-unchanged -
its last sentence, no-values - the last sentence of "The report".
"""

from __future__ import annotations

import filecmp
import os
from pathlib import Path
from typing import Any

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
KEPT = 0.5
"""The share of the other lines without which an edited file is no longer that file."""


def places_exact(ctx: Context) -> Verdict:
    """Judge whether exactly the places of live credentials are reported."""
    rows = ctx.json(REPORT)
    if not isinstance(rows, list):
        raise CheckFailed(f"{REPORT}: a list", in_words(rows))
    right = {_place(one) for one in _live(ctx)}
    return same_set(right, {_place(row) for row in rows}, "places")


def removed(ctx: Context, forms: list[str]) -> Verdict:
    """Judge whether no live credential is left in one of these ``forms``, in files that are still there."""
    live = [one for one in _live(ctx) if one["form"] in forms]
    cleaned = ctx.expected(EXPECTED)["cleaned"]
    for name in sorted({one["path"] for one in live}):
        lines = {line for line in cleaned[name].splitlines() if line.strip() and "${" not in line}
        kept = lines & set(ctx.text(name).split("\n"))
        if len(kept) < KEPT * len(lines):
            return failed(f"{name} with its other lines", f"{len(kept)} of {len(lines)} are there")
    values = {one["spelled"].encode("ascii") for one in live}
    left = {one["path"] for one in live if one["token"].encode("ascii") in _content(ctx, one["path"])}
    for path in _paths(ctx.workspace / "tree"):
        content = b"" if path.is_symlink() else path.read_bytes().replace(b"\r\n", b"\n")
        if any(value in content for value in values):
            left.add(path.relative_to(ctx.workspace).as_posix())
    if left:
        shown = ", ".join(safe_name(name) for name in sorted(left)[:5])
        return failed("no live credential left", f"{len(left)} files with some: {shown}")
    return passed(f"none of {len(live)} left")


def edits_exact(ctx: Context) -> Verdict:
    """Judge whether every file with live credentials now is what it has to be; line ends are free."""
    wrong = []
    cleaned = ctx.expected(EXPECTED)["cleaned"]
    for name, text in sorted(cleaned.items()):
        try:
            same = ctx.text(name).rstrip("\n") == text.replace("\r\n", "\n").rstrip("\n")
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
    edited = ctx.expected(EXPECTED)["cleaned"]
    given = {path.relative_to(ctx.pristine).as_posix(): path for path in _paths(ctx.pristine)}
    changed = [name for name, path in given.items() if name not in edited and not _same(ctx, name, path)]
    if changed:
        return failed(
            "the other files unchanged", f"{len(changed)} changed: {', '.join(sorted(changed)[:5])}"
        )
    return passed("the other files unchanged")


def no_values(ctx: Context) -> Verdict:
    """Guard: the report holds no live credential, in no form."""
    report = _content(ctx, REPORT)
    for one in _live(ctx):
        for value in (one["token"], one["spelled"], one["token"].replace("/", "\\/")):
            if value.encode("ascii") in report:
                return failed("no credential in the report", f"that of {one['path']}, line {one['line']}")
    return passed("no credential in the report")


def _paths(root: Path) -> list[Path]:
    return [Path(folder, name) for folder, _, names in os.walk(root) for name in names]


def _same(ctx: Context, name: str, given: Path) -> bool:
    """Tell whether a file is there, of its own and not by a link, with the bytes it was given."""
    now = ctx.workspace / name
    if name in ctx.omitted or now.is_symlink() or not now.is_file():
        return False
    return filecmp.cmp(now, given, shallow=False)


def _live(ctx: Context) -> list[dict[str, Any]]:
    live: list[dict[str, Any]] = ctx.expected(EXPECTED)["live"]
    return live


def _content(ctx: Context, name: str) -> bytes:
    """Return the bytes of a file, none where there is no such file."""
    try:
        return ctx.bytes(name)
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
