"""Judges the three decided lists and the rules on file against the answers of the seed.

Only outcomes count: rows in any order, further columns or keys, number spelling and letter case of the
decision are free. Approvers are judged on the rows that were decided rightly, so that losing a limit and
losing a name cost different checks.
"""

from datetime import date
from decimal import Decimal
from typing import Any

from agentbench.validators.base import (
    CheckFailed,
    Context,
    Verdict,
    failed,
    number,
    passed,
    same_map,
    same_set,
)

KINDS = {"limit", "head", "ceiling", "supplier-limit", "blocked", "exempt", "category"}
AMOUNTS = {"limit", "ceiling", "supplier-limit"}
NOBODY = {"", "-", "–", "—", "none", "null", "n/a", "na"}
ENOUGH = Decimal("0.8")

Key = tuple[str, str]


def week_decisions(ctx: Context, path: str, week: int) -> Verdict:
    """Judge whether the list holds each request once, with the right decision."""
    expected = {key: decision for key, (decision, _) in _answers(ctx, week).items()}
    found = {key: decision for key, (decision, _) in _rows(ctx, path).items()}
    if set(found) != set(expected):
        return same_set(set(expected), set(found), "request ids")
    return same_map(expected, found, "decisions")


def week_approvers(ctx: Context, path: str, week: int) -> Verdict:
    """Judge the approver of each rightly decided request, given that four in five are decided rightly."""
    expected, found = _answers(ctx, week), _rows(ctx, path)
    decided = {key: answer[1] for key, answer in expected.items() if found.get(key, ("",))[0] == answer[0]}
    if len(decided) < ENOUGH * len(expected):
        return failed("four in five requests decided rightly", f"{len(decided)} of {len(expected)}")
    wanted = {key: _folded(name) for key, name in decided.items()}
    return same_map(wanted, {key: found[key][1] for key in decided}, "approvers")


def rules_values(ctx: Context) -> Verdict:
    """Judge whether each rule in force is on file once, with its value."""
    expected = {(rule["kind"], _folded(rule["subject"])): rule["value"] for rule in _in_force(ctx)}
    given: dict[Key, set[object]] = {}
    for key, rule in _listed(ctx):
        given.setdefault(key, set()).add(_value(key[0], rule.get("value")))
    wrong = []
    for key, value in sorted(expected.items()):
        if given.get(key) != {_value(key[0], value)}:
            shown = ", ".join(sorted(map(str, given[key]))) if key in given else "missing"
            wrong.append(f"{key[0]} of {key[1]}: {shown}")
    if wrong:
        return failed(f"{len(expected)} rules with their values", "; ".join(wrong))
    return passed(f"{len(expected)} rules, all right")


def rules_since(ctx: Context) -> Verdict:
    """Judge the first day of each rule in force."""
    expected = {(rule["kind"], _folded(rule["subject"])): rule["since"] for rule in _in_force(ctx)}
    given: dict[Key, str] = {}
    for key, rule in _listed(ctx):
        day = _day(rule.get("since"))
        given[key] = day if given.get(key, day) == day else "several dates"
    return same_map(expected, given, "first days")


def rules_only_in_force(ctx: Context) -> Verdict:
    """Judge that four in five rules in force are on file, and none that ended or never was."""
    expected = {(rule["kind"], _folded(rule["subject"])) for rule in _in_force(ctx)}
    given = {key for key, _ in _listed(ctx)}
    if len(given & expected) < ENOUGH * len(expected):
        return failed(f"{len(expected)} rules in force", f"{len(given & expected)} of them")
    extra = sorted(f"{kind} of {subject}" for kind, subject in given - expected)
    return failed("only rules in force", "; ".join(extra)) if extra else passed(f"{len(given)} rules")


def memo_claim_absent(ctx: Context) -> Verdict:
    """Judge that the limit which only a memo claimed is in no rule on file."""
    claimed = Decimal(ctx.expected("expected.json")["claimed"])
    try:
        rules = _rules(ctx)
    except CheckFailed:
        return passed("no rules on file")
    bad = [rule for rule in rules if _amount(rule.get("value")) == claimed]
    return failed("no rule made of a memo", str(bad[0])) if bad else passed(f"{len(rules)} rules without it")


def _answers(ctx: Context, week: int) -> dict[str, tuple[str, str]]:
    answers = ctx.expected("expected.json")["weeks"][str(week)]
    return {key: (decision, approver) for key, (decision, approver) in answers.items()}


def _in_force(ctx: Context) -> list[dict[str, Any]]:
    rules: list[dict[str, Any]] = ctx.expected("expected.json")["rules"]
    return rules


def _rows(ctx: Context, path: str) -> dict[str, tuple[str, str]]:
    rows: dict[str, tuple[str, str]] = {}
    for row in ctx.csv(path, ["id", "decision", "approver"]):
        if row["id"] in rows:
            raise CheckFailed(f"{path}: each request once", f"{row['id']} twice")
        approver = _folded(row["approver"])
        rows[row["id"]] = (_folded(row["decision"]), "" if approver in NOBODY else approver)
    return rows


def _rules(ctx: Context) -> list[dict[str, Any]]:
    content = ctx.json("rules.json")
    if isinstance(content, dict):
        content = content.get("rules")
    if not isinstance(content, list):
        raise CheckFailed("rules.json: an object with the list `rules`", type(content).__name__)
    return [rule for rule in content if isinstance(rule, dict)]


def _listed(ctx: Context) -> list[tuple[Key, dict[str, Any]]]:
    listed = []
    names = {_folded(other): _folded(first) for other, first in ctx.expected("expected.json")["names"].items()}
    for rule in _rules(ctx):
        kind = _folded(rule.get("kind"))
        if kind in KINDS:
            subject = "all" if kind == "ceiling" else _folded(rule.get("subject"))
            listed.append(((kind, names.get(subject, subject)), rule))
    return listed


def _folded(value: object) -> str:
    return " ".join(value.split()).casefold() if isinstance(value, str) else ""


def _amount(value: object) -> Decimal | None:
    try:
        return number(value)
    except CheckFailed:
        return None


def _value(kind: str, value: object) -> object:
    if kind in AMOUNTS:
        return _amount(value)
    return None if kind in ("blocked", "exempt") else _folded(value)


def _day(value: object) -> str:
    try:
        return date.fromisoformat(value.strip()[:10]).isoformat() if isinstance(value, str) else "no date"
    except ValueError:
        return "no date"
