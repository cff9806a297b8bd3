"""Judges `clean.csv` and `rejects.csv` against the answers of the seed.

What each check rests on: ids and lines - the table in `schema.md`, and in the prompt "the line on which the record
starts"; codes - "the one that comes first in this table counts"; texts, postcodes, dates and fees - the section on
`clean.csv` and the lines on encoding; complete - "in exactly one of the two files". Values are judged on the right
records and codes on the right lines, so that choosing wrongly and writing wrongly cost different checks.
"""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from agentbench.validators.base import (
    CheckFailed,
    Context,
    Verdict,
    clip,
    failed,
    number,
    passed,
    same_map,
    same_set,
)

COLUMNS = ["member_id", "name", "street", "postcode", "city", "birth_date", "joined", "email", "fee", "note"]
ENOUGH = Decimal("0.8")


def clean_ids_exact(ctx: Context) -> Verdict:
    """Judge whether `clean.csv` has exactly the members whose records can be imported."""
    return same_set(set(_truth(ctx)["clean"]), {row["member_id"] for row in _clean(ctx)}, "member ids")


def values_right(ctx: Context, columns: Sequence[str]) -> Verdict:
    """Judge some columns of all rightly chosen members, given that four in five are there."""
    truth = _truth(ctx)["clean"]
    rows = [row for row in _clean(ctx) if row["member_id"] in truth]
    if len({row["member_id"] for row in rows}) < ENOUGH * len(truth):
        return failed("four in five of the right members", f"{len(rows)} of {len(truth)}")
    wrong = [
        f"{row['member_id']} {name}: {clip(row[name], 60)!r} instead of {truth[row['member_id']][name]!r}"
        for row in rows
        for name in columns
        if not _same(name, row[name], truth[row["member_id"]][name])
    ]
    if wrong:
        return failed(f"{', '.join(columns)} by schema.md", f"{len(wrong)} wrong: {'; '.join(wrong[:5])}")
    return passed(f"{len(rows)} rows, all right")


def reject_lines_exact(ctx: Context) -> Verdict:
    """Judge whether `rejects.csv` has exactly the lines on which the other records start."""
    return same_set(set(_codes(ctx)), {line for line, _ in _rejects(ctx)}, "lines")


def reject_codes_right(ctx: Context) -> Verdict:
    """Judge the code of each right line, given that four in five are there."""
    truth = _codes(ctx)
    given: dict[int, set[str]] = {}
    for line, code in _rejects(ctx):
        given.setdefault(line, set()).add(code)
    known = {line: code for line, code in truth.items() if line in given}
    if len(known) < ENOUGH * len(truth):
        return failed("four in five of the right lines", f"{len(known)} of {len(truth)}")
    return same_map(known, {line: " and ".join(sorted(given[line])) for line in known}, "codes")


def each_record_once(ctx: Context) -> Verdict:
    """Judge whether the two files together have as many records as the export, and none of them twice.

    Real work must be there: four in five of the right members, and half as many rejects as there should be.
    """
    truth = _truth(ctx)
    members = [row["member_id"] for row in _clean(ctx)]
    lines = [line for line, _ in _rejects(ctx)]
    if twice := [*_repeated(members), *(f"line {line}" for line in _repeated(lines))]:
        return failed("no record twice", ", ".join(clip(one, 40) for one in twice[:5]))
    if len(truth["clean"].keys() & set(members)) < ENOUGH * len(truth["clean"]):
        return failed("four in five of the right members", f"{len(members)} rows, most of them others")
    if 2 * len(lines) < len(truth["rejects"]):
        return failed(f"{len(truth['rejects'])} rejects", str(len(lines)))
    found = f"{len(members)} clean and {len(lines)} rejected"
    right = len(members) + len(lines) == truth["records"]
    return passed(found) if right else failed(f"{truth['records']} records in all", found)


def _truth(ctx: Context) -> dict[str, Any]:
    truth: dict[str, Any] = ctx.expected("expected.json")
    return truth


def _codes(ctx: Context) -> dict[int, str]:
    return {int(line): code for line, code in _truth(ctx)["rejects"].items()}


def _clean(ctx: Context) -> list[dict[str, str]]:
    return ctx.csv("clean.csv", COLUMNS)


def _rejects(ctx: Context) -> list[tuple[int, str]]:
    """Return line and code of each row. Raises CheckFailed when a line is no whole number."""
    rows = []
    for row in ctx.csv("rejects.csv", ["line", "code"]):
        line = number(row["line"], "line")
        if line != line.to_integral_value():
            raise CheckFailed("line: a whole number", clip(row["line"], 40))
        rows.append((int(line), row["code"].casefold()))
    return rows


def _repeated(values: Iterable[Any]) -> list[Any]:
    return sorted(value for value, times in Counter(values).items() if times > 1)


def _same(name: str, cell: str, right: str) -> bool:
    if name == "fee":
        try:
            return number(cell) == number(right)
        except CheckFailed:
            return False
    return unicodedata.normalize("NFC", cell) == unicodedata.normalize("NFC", right)
