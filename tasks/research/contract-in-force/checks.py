"""Judges `terms.json`: the twenty terms by kind, then the documents and clauses that they stand in.

What each check rests on: fees, rates, totals - the clauses on adjustment, cap and young amounts of the Master
Agreement, and the amendments of prices; periods - the clauses on clause numbers and Binding Days; dates - those on
counting, receipt and renewal; unsigned - those on signatures, conditions and conflict; annex - those on language and
rank; silent - that on replaced clauses, and the prompt's "null"; documents and clauses - the prompt's definitions.
Order, extra keys, numbers given as text and document names by file are accepted.
"""

import re
from datetime import date
from decimal import Decimal

from agentbench.validators.base import CheckFailed, Context, Verdict, clip, failed, in_words, number, passed

FILE = "terms.json"
TOLERANCE = Decimal("0.01")
ENOUGH = 8
"""Right values without which a null is no finding but an empty answer."""


def values_right(ctx: Context, group: str) -> Verdict:
    """Judge the values of the terms of one ``group``: numbers within 0.01, dates exact."""
    right = {key: entry for key, entry in _truth(ctx).items() if entry["group"] == group}
    wrong = [
        f"{key}: {_shown(ctx, key, 'value')} instead of {entry['value']}"
        for key, entry in sorted(right.items())
        if not _same(_given(ctx, key, "value"), entry["value"])
    ]
    if wrong:
        return failed(f"{len(right)} right values ({group})", "; ".join(wrong))
    return passed(f"{len(right)} values, all right")


def silent_null(ctx: Context) -> Verdict:
    """Judge whether what is not agreed is null, in a table that has other terms right."""
    truth = _truth(ctx)
    found = sum(
        _same(_given(ctx, key, "value"), entry["value"])
        for key, entry in truth.items()
        if entry["value"] is not None
    )
    if found < ENOUGH:
        return failed(f"at least {ENOUGH} other terms right", f"{found} right")
    wrong = [
        f"{key}: {_shown(ctx, key, 'value')}"
        for key, entry in sorted(truth.items())
        if entry["value"] is None and _given(ctx, key, "value") is not None
    ]
    if wrong:
        return failed("null where nothing is agreed", "; ".join(wrong))
    return passed("null where nothing is agreed")


def documents_right(ctx: Context, least: int) -> Verdict:
    """Judge whether the document is right for at least ``least`` terms."""
    files = {_path(path): name for name, path in ctx.expected("expected.json")["files"].items()}

    def same(given: object, right: str) -> bool:
        name = _path(given)
        return right.casefold() in (name, files.get(name, "").casefold())

    return _enough(ctx, "document", least, same)


def clauses_right(ctx: Context, least: int) -> Verdict:
    """Judge whether the clause number is right for at least ``least`` terms."""

    def same(given: object, right: str) -> bool:
        text = str(given) if isinstance(given, str | int | float) and not isinstance(given, bool) else ""
        found = re.fullmatch(
            r"(?:(?:clause|no\.|number|ziffer|§)\s*)?([0-9]{1,3}(?:\.[0-9]{1,3})?)\.?",
            text.strip().casefold(),
        )
        return found is not None and found[1] == right

    return _enough(ctx, "clause", least, same)


def _enough(ctx: Context, part: str, least: int, same) -> Verdict:
    right, wrong = 0, []
    for key, entry in sorted(_truth(ctx).items()):
        if entry["value"] is None:
            fits = _given(ctx, key, "value") is None
        else:
            fits = same(_given(ctx, key, part), entry[part])
        if fits:
            right += 1
        else:
            wrong.append(f"{key}: {_shown(ctx, key, part)} instead of {entry[part]}")
    if right < least:
        return failed(f"the {part} of at least {least} terms", f"{right} right; {'; '.join(wrong[:6])}")
    return passed(f"{right} right")


def _truth(ctx: Context) -> dict[str, dict[str, str | None]]:
    return ctx.expected("expected.json")["terms"]


def _given(ctx: Context, key: str, part: str) -> object:
    """Return a part of an entry; the text "missing" where there is none. Raises CheckFailed."""
    content = ctx.once("terms", lambda: ctx.json(FILE))
    if not isinstance(content, dict):
        raise CheckFailed(f"{FILE}: an object keyed as in the template", in_words(content))
    entry = content.get(key)
    return entry.get(part, "missing") if isinstance(entry, dict) else "missing"


def _shown(ctx: Context, key: str, part: str) -> str:
    return clip(in_words(_given(ctx, key, part)), 60)


def _same(given: object, right: str | None) -> bool:
    if right is None or given is None:
        return right is given
    if re.fullmatch(r"\d{4}-\d\d-\d\d", right):
        try:
            return isinstance(given, str) and date.fromisoformat(given.strip()) == date.fromisoformat(right)
        except ValueError:
            return False
    try:
        value = number(given)
    except CheckFailed:
        return False
    return value.adjusted() < 15 and abs(value - Decimal(right)) <= TOLERANCE


def _path(value: object) -> str:
    """Return the name or path of a document in one spelling."""
    if not isinstance(value, str):
        return in_words(value)
    path = value.strip().replace("\\", "/").casefold().removeprefix("./")
    return path.removeprefix("contracts/")
