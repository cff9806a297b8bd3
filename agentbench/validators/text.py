"""Checks about words: of files, of the reply, and of links. They never replace a check by outcome."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import PurePosixPath

from agentbench.validators.base import (
    CheckFailed,
    CheckSkipped,
    Context,
    Verdict,
    count_of,
    failed,
    missing_phrases,
    partial,
    passed,
)

_LINKS = {
    "wiki": re.compile(r"\[\[[^\[\]\n]+\]\]"),
    "markdown": re.compile(r"(?<!!)\[[^\[\]\n]*\]\([^()\s]+\)"),
    "html": re.compile(r"<a\s[^<>]*href=", re.IGNORECASE),
}


def content_contains(
    ctx: Context, sections: list[str] | None = None, contains: list[str] | None = None
) -> Verdict:
    """Judge how many of the words stand in the files of the pattern, without case: proportional."""
    return _proportional(*missing_phrases(_joined(ctx), sections, contains))


def word_count_range(ctx: Context, min: int, max: int) -> Verdict:
    """Judge the number of words: all points within ``min``–``max``, half within half and double, else none."""
    count = len(_joined(ctx).split())
    if min <= count <= max:
        return passed(f"{count} words", expected=f"{min} to {max} words")
    return partial(0.5 if min / 2 <= count <= max * 2 else 0.0, f"{min} to {max} words", f"{count} words")


def link_consistency(ctx: Context, files: str = "*.md") -> Verdict:
    """Judge whether links have one style: all points for one, half for one above 70 %, else none."""
    names = [name for name in ctx.files("**") if PurePosixPath(name).match(files)]
    styles: Counter[str] = Counter()
    for name in names:
        text = ctx.text(name)
        styles.update({style: len(form.findall(text)) for style, form in _LINKS.items()})
    total = styles.total()
    if not total:
        return failed("links of one style", f"no links in {count_of(len(names), 'files')}")
    most, count = styles.most_common(1)[0]
    share = 1.0 if count == total else 0.5 if count / total > 0.7 else 0.0
    return partial(share, "links of one style", f"{count} of {total} links are {most} links")


def response_contains(ctx: Context, contains: list[str]) -> Verdict:
    """Judge how many of the words stand in the agent's reply, without case: proportional."""
    return _proportional(*missing_phrases(_reply(ctx), contains))


def response_not_contains(ctx: Context, contains: list[str]) -> Verdict:
    """Judge whether the agent's reply, which must not be empty, has none of the words."""
    reply = _reply(ctx)
    if not reply.strip():
        return failed("a reply", "an empty reply")
    missing, _ = missing_phrases(reply, contains)
    if present := [str(phrase) for phrase in contains if str(phrase) not in missing]:
        return failed("none of the phrases", f"found: {', '.join(present)}")
    return passed("none of the phrases")


def _proportional(missing: list[str], total: int) -> Verdict:
    share = 1 - len(missing) / total if total else 0.0
    found = f"missing: {', '.join(missing)}" if missing else "all there"
    return partial(share, f"{total} phrases", found)


def _joined(ctx: Context) -> str:
    names = ctx.files()
    if not names:
        raise CheckFailed(f"a file {ctx.pattern}", "no such file")
    return "\n".join(ctx.text(name) for name in names)


def _reply(ctx: Context) -> str:
    if ctx.reply is None:
        raise CheckSkipped("nobody recorded the agent's reply")
    return ctx.reply
