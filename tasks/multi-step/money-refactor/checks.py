"""Judge the shop by what it answers to hidden requests, and what lies in its databases afterwards.

What each check rests on. totals: `shop/orders.py` (`priced`), `shop/store.py` (price), CONTRACTS.md "Numbers"; splits:
`shop/money.py` (`split`); refunds: `shop/refunds.py`, `shop/cards.py`; thresholds: `priced` and `search` in
`shop/orders.py` (major units of any currency); migrated: CONTRACTS.md "migrate.py" and "Numbers", `shop/money.py`
(`stored`, `from_till`), `shop/store.py` (currency of a column); stored: the prompt (whole numbers, rerun), CONTRACTS.md
"migrate.py"; outside: CONTRACTS.md "In the database", `shop/receipts.py`, `shop/reports.py`; plugin:
`shop/plugins.py`; cache: CONTRACTS.md "Cache", `shop/quotes.py`.
"""

import filecmp
import json
import math
import secrets
from pathlib import Path
from typing import Any

from agentbench.validators.base import CheckFailed, Context, Verdict, clip, failed, find_files, passed

_PROGRAM = Path(__file__).with_name("_money_refactor_driver.py").read_text("utf-8")
_SECONDS = 120
_MOST = 10**12
_KEPT = ("CONTRACTS.md", "settings.json", "tests/*", "plugins/*", "cache/*", "data/*")


def answers_right(ctx: Context, group: str) -> Verdict:
    """Judge whether every step of a group gave what it has to."""
    answers, count = _answers(ctx), 0
    for name, steps in ctx.once("runs", lambda: ctx.expected("runs.json"))["runs"].items():
        found = answers.get(name)
        if not isinstance(found, list) or len(found) != len(steps):
            return failed(f"{len(steps)} answers", "none")
        for step, answer in zip(steps, found, strict=True):
            if group not in step.get("group", ()):
                continue
            wrong = _wrong(step, answer, found, group)
            if not wrong and group == "stored" and step["kind"] == "dump":
                wrong = _wrong_totals(ctx, steps, found, answer)
            if wrong:
                return failed(*(clip(text, 400) for text in wrong))
            count += 1
    return passed(f"{count} answers as in the contracts")


def tests_kept(ctx: Context) -> Verdict:
    """Guard: the given tests are green."""
    found = _answers(ctx).get("tests")
    return passed("green") if found == [6, True] else failed("6 tests, all green", str(found)[:80])


def inputs_kept(ctx: Context) -> Verdict:
    """Guard: what is not to be changed is as given."""
    for pattern in _KEPT:
        for name in find_files(ctx.pristine, pattern):
            if not filecmp.cmp(ctx.path(name), ctx.pristine / name, shallow=False):
                return failed(f"{name} as given", "changed")
    return passed("as given")


def _answers(ctx: Context) -> dict[str, Any]:
    """Return run → what each step gave."""
    found: dict[str, Any] = ctx.once("answers", lambda: _run(ctx))
    return found


def _run(ctx: Context) -> dict[str, Any]:
    known = ctx.once("runs", lambda: ctx.expected("runs.json"))
    copy = ctx.copy()
    driver = ctx.scratch() / "driver.py"
    driver.write_text(_PROGRAM, "utf-8")
    runs = {name: [_shown(step) for step in steps] for name, steps in known["runs"].items()}
    seal = secrets.token_hex(16)
    given = driver.with_name("runs.json")
    given.write_text(json.dumps(runs | {"settings": known["settings"], "seal": seal}), "utf-8")
    if (copy / "cache").is_symlink() or not (copy / "cache").is_dir():
        raise CheckFailed("cache/", "no such folder")
    done = ctx.run(["python3", str(driver), str(given)], cwd=copy, timeout_sec=_SECONDS)
    if done.timed_out:
        raise CheckFailed(f"answers within {_SECONDS} s", "none")
    lines = done.stdout.decode("utf-8", "replace").rstrip("\n").rpartition("\n")
    try:
        said = json.loads(lines[2])
        found = said["answers"] if said["seal"] == seal else None
    except (ValueError, KeyError, TypeError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise CheckFailed("answers to the requests", done.tail())
    return found


def _shown(step: dict[str, Any]) -> dict[str, Any]:
    """Return a step without what is expected."""
    return {key: step[key] for key in ("kind", "request", "path", "text", "script") if key in step}


def _wrong(step: dict[str, Any], answer: Any, found: list[Any], group: str) -> tuple[str, str] | None:
    """Return what was expected and what came instead, or None."""
    shown = json.dumps(answer)
    if step["kind"] == "dump":
        return _wrong_dump(step, answer, found, group)
    if "json" in step:
        try:
            return None if _same(step["json"], json.loads(answer)) else (f"quote {step['json']}", shown)
        except (ValueError, TypeError, RecursionError):
            return "a quote as JSON", shown
    if _same(step["expect"], answer):
        return None
    return f"{json.dumps(step.get('request', step['kind']))}: {json.dumps(step['expect'])}", shown


def _wrong_dump(step: dict[str, Any], answer: Any, found: list[Any], group: str) -> tuple[str, str] | None:
    if not isinstance(answer, dict) or "columns" not in answer:
        return "a database that can be read", str(answer)
    if group == "outside":
        for name in ("view", "inbox"):
            if answer.get(name) != step[name]:
                bad = (
                    [row for row in step[name] if row not in answer[name]] if answer.get(name) else step[name]
                )
                return (
                    f"{name}: {len(step[name])} rows, such as {bad[:2]}",
                    f"{len(answer.get(name) or ())} rows",
                )
        return None
    strange = set(answer["reals"]) - set(step["reals"])
    if strange:
        return "no amount as REAL", f"{len(strange)} values, such as {sorted(strange)[:3]}"
    if "same_as" in step and found[step["same_as"]] != answer:
        return "migrate.py changes nothing the second time", "other rows"
    return None


def _wrong_totals(
    ctx: Context, steps: list[dict[str, Any]], found: list[Any], answer: dict[str, Any]
) -> tuple[str, str] | None:
    """Hold the columns of a database against the totals that the shop itself answered."""
    digits = json.loads(ctx.once("runs", lambda: ctx.expected("runs.json"))["settings"])["currencies"]
    totals: dict[str, int] = {}
    for step, shown in zip(steps, found, strict=True):
        if step.get("request", {}).get("op") not in ("order", "show", "accept"):
            continue
        if not isinstance(shown, dict) or shown.get("currency") not in digits or "total" not in shown:
            return "an order with its total", json.dumps(shown)
        total = shown["total"]
        if isinstance(total, (int, float)) and abs(total) < _MOST:
            totals[step["request"]["no"]] = round(total * 10 ** digits[shown["currency"]])
    if totals and sorted(totals.values()) in answer["columns"]:
        return None
    return (
        "a column with the totals as whole numbers of minor units",
        f"{len(answer['columns'])} other columns",
    )


def _same(expected: Any, found: Any) -> bool:
    """Return whether an answer is the expected one: kinds as well, but for whole numbers."""
    if isinstance(expected, bool) or expected is None or isinstance(expected, str):
        return type(found) is type(expected) and bool(found == expected)
    if isinstance(expected, dict):
        known = isinstance(found, dict) and expected.keys() <= found.keys()
        return known and all(_same(value, found[key]) for key, value in expected.items())
    if isinstance(expected, list):
        fits = isinstance(found, list) and len(found) == len(expected)
        return fits and all(_same(one, other) for one, other in zip(expected, found, strict=True))
    if isinstance(found, bool) or not isinstance(found, (int, float)):
        return False
    return abs(found) < _MOST and math.isclose(found, expected, rel_tol=1e-12, abs_tol=1e-9)
