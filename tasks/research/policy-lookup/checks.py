"""Judges `answers.json`: values by kind of question, the question without an answer, the governing files.

What each check rests on: plain - the prompt's "value"; versions - rules 1 to 3 of handbook/README.md and the
prompt's "as it stands on the day given"; annex - rule 4; units - rule 5 and "in the unit that the question
names"; silent - rule 6 and "If the handbook does not say, value is null"; sources - the prompt's "source".
Order, extra keys, numbers given as text and paths with or without the folder `handbook/` are accepted.
"""

from decimal import Decimal

from agentbench.validators.base import (
    CheckFailed,
    Context,
    Verdict,
    clip,
    failed,
    in_words,
    number,
    passed,
)

FILE = "answers.json"
ENOUGH = 5
"""Right values without which a null is no finding but an empty answer."""


def values_right(ctx: Context, group: str) -> Verdict:
    """Judge the values of the questions of one ``group``."""
    right = {name: entry for name, entry in _truth(ctx).items() if entry["group"] == group}
    answers = _answers(ctx)
    wrong = []
    for name, entry in sorted(right.items()):
        given = answers.get(name, {})
        if not _same_value(given.get("value"), entry["value"]):
            shown = clip(in_words(given["value"]), 60) if "value" in given else "missing"
            wrong.append(f"{name}: {shown} instead of {entry['value']}")
    if wrong:
        return failed(f"{len(right)} right values ({group})", "; ".join(wrong))
    return passed(f"{len(right)} values, all right")


def silent_null(ctx: Context) -> Verdict:
    """Judge whether the question that the handbook leaves open is null, in a list that answers others."""
    truth, answers = _truth(ctx), _answers(ctx)
    found = sum(
        _same_value(answers.get(name, {}).get("value"), entry["value"])
        for name, entry in truth.items()
        if entry["value"] is not None
    )
    if found < ENOUGH:
        return failed(f"at least {ENOUGH} other questions answered", f"{found} right")
    for name, entry in truth.items():
        if entry["value"] is None and answers.get(name, {}).get("value", "missing") is not None:
            shown = clip(in_words(answers.get(name, {}).get("value", "missing")), 60)
            return failed(f"{name}: null, as the handbook does not say", shown)
    return passed("null where the handbook does not say")


def sources_right(ctx: Context, least: int) -> Verdict:
    """Judge whether the governing file is named for at least ``least`` of the questions with an answer."""
    answers, wrong, right = _answers(ctx), [], 0
    for name, entry in sorted(_truth(ctx).items()):
        if entry["source"] is None:
            continue
        given = _file(answers.get(name, {}).get("source"))
        if given == _file(entry["source"]):
            right += 1
        else:
            wrong.append(f"{name}: {clip(given, 60)} instead of {entry['source']}")
    if right < least:
        return failed(f"the governing file of at least {least} questions", "; ".join(wrong[:5]))
    return passed(f"{right} governing files")


def _truth(ctx: Context) -> dict[str, dict[str, str | None]]:
    return ctx.expected("expected.json")


def _answers(ctx: Context) -> dict[str, dict[str, object]]:
    """Return the entries that are objects, by question id. Raises CheckFailed."""
    content = ctx.json(FILE)
    if not isinstance(content, dict):
        raise CheckFailed(f"{FILE}: an object keyed by question id", in_words(content))
    return {name.strip().upper(): entry for name, entry in content.items() if isinstance(entry, dict)}


def _same_value(given: object, right: str | None) -> bool:
    if right is None:
        return given is None
    try:
        return number(given) == Decimal(right)
    except CheckFailed:
        return False


def _file(value: object) -> str:
    """Return a path below the handbook in one spelling; a list of one path counts as that path."""
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if not isinstance(value, str):
        return in_words(value)
    path = value.strip().replace("\\", "/").casefold().removeprefix("./")
    return path.removeprefix("handbook/")
