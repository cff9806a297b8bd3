"""Judges the six answers, each by what kind of answer it is: a number, an instant, machines, or both.

What each check rests on, in questions.md: the question of its number; "How to read it" (repeated - copies, repeats,
`#012`, test machines and notes; suppressed - its process, the machine's spellings; kernel-clock - the kernel point;
renamed - machines; machines - machines, test machines, notes, and what the program itself says about its values;
late-lines - stamps and notes). The budgets and the guards rest on the request itself.
"""

from __future__ import annotations

import filecmp
import os
from datetime import UTC, datetime
from pathlib import Path
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
    safe_name,
    same_set,
)

ANSWERS = "answers.json"


def answer_right(ctx: Context, question: str) -> Verdict:
    """Judge the answer to one question."""
    expected = ctx.expected("expected.json")[question]
    given = _answer(ctx, question)
    if isinstance(expected, list):
        return same_set({_name(name) for name in expected}, _names(given), "machines")
    if isinstance(expected, dict):
        if not isinstance(given, dict):
            raise CheckFailed(f"answer {question}: an object with machine and at", in_words(given))
        right = (_name(expected["machine"]), _instant(expected["at"]))
        found = (_name(given.get("machine")), _instant(given.get("at")))
    elif isinstance(expected, str):
        right, found = (_instant(expected),), (_instant(given),)
    else:
        right, found = (number(expected),), (number(given, f"answer {question}"),)
    if right != found:
        return failed(_shown(right), _shown(found))
    return passed(_shown(found))


def inputs_untouched(ctx: Context) -> Verdict:
    """Guard: the log and the questions are as given.

    A file that the snapshot found equal, byte for byte, is here a copy of the given one with its times, so that
    size and time settle it without reading 80 MB twice more; only one that differs in these is compared.
    """
    changed = []
    for name in ("questions.md", "syslog"):
        try:
            same = filecmp.cmp(ctx.path(name), ctx.pristine / name)
        except CheckFailed:
            same = False
        if not same or (ctx.workspace / name).is_symlink():
            changed.append(name)
    if changed:
        return failed("syslog and questions.md unchanged", f"changed or gone: {', '.join(changed)}")
    return passed("both unchanged")


def nothing_left(ctx: Context) -> Verdict:
    """Guard: apart from the answers there is no file that was not given."""
    given = {path.relative_to(ctx.pristine).as_posix() for path in ctx.pristine.rglob("*")}
    left = {name for name in ctx.omitted if name not in given}
    for folder, folders, files in os.walk(ctx.workspace):
        linked = [name for name in folders if Path(folder, name).is_symlink()]
        names = {Path(folder, name).relative_to(ctx.workspace).as_posix() for name in (*files, *linked)}
        left |= names - given - {ANSWERS}
    if left:
        shown = ", ".join(safe_name(name) for name in sorted(left)[:5])
        return failed("no file but answers.json left behind", f"{len(left)} more: {shown}")
    return passed("nothing left behind")


def _answer(ctx: Context, question: str) -> Any:
    answers = ctx.json(ANSWERS)
    if not isinstance(answers, dict):
        raise CheckFailed(f"{ANSWERS}: an object with the question numbers as keys", in_words(answers))
    if question not in answers:
        raise CheckFailed(f"an answer {question}", "none")
    return answers[question]


def _names(value: object) -> set[str]:
    if not isinstance(value, list):
        raise CheckFailed("a list of machine names", in_words(value))
    return {_name(item) for item in value}


def _name(value: object) -> str:
    return value.strip().casefold() if isinstance(value, str) else f"({type(value).__name__})"


def _instant(value: object) -> datetime:
    """Return an instant of ISO 8601, in any zone; without one it is UTC. Fractions of a second are dropped."""
    try:
        if not isinstance(value, str):
            raise ValueError
        text = value.strip().upper().replace(" UTC", "Z")
        at = datetime.fromisoformat(text)
        at = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except (ValueError, OverflowError):
        raise CheckFailed("an instant in UTC like 2025-01-31T23:05:09Z", clip(in_words(value), 80)) from None
    return at.replace(microsecond=0)


def _shown(values: tuple[object, ...]) -> str:
    return " at ".join(clip(v.isoformat() if isinstance(v, datetime) else str(v), 80) for v in values)
