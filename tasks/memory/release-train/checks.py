"""Judges the tool after each message by hidden scenarios, and the decisions that were written down on the way.

A scenario is a row of commands; after each of them exit code, output and the stock file must be as the model says.
"""

import ast
import json
import re
import secrets
from pathlib import Path

from _release_train_model import play

from agentbench.validators.base import CheckFailed, Context, Verdict, failed, passed
from agentbench.validators.limits import parse_json

RUNNER = Path(__file__).with_name("_release_train_run.py").read_text("utf-8")
AT_LEAST = {1: 9, 2: 11, 3: 13, 4: 13, 5: 14, 6: 15}
"""Message → how many decisions there must be after it."""
WITHDRAWN = {"D-6"}
MOST_LINES = 25
TIMEOUT_SEC = 30.0
CALLS_OF_THE_PROGRAM = {**dict.fromkeys("12345", 2), "6": 4}
"""Message → how often the tool is started as a program; all else is asked of its `main`, which costs little."""


def behaves(ctx: Context, turn: str) -> Verdict:
    """Judge the tool by the scenarios of a message, and that it can be called as a program."""
    what = f"the tool behaves as agreed up to message {turn}"
    scenarios = _scenarios(ctx, turn)
    for scenario, results in zip(scenarios, _played(ctx, turn)[: len(scenarios)], strict=True):
        verdict = _verdict(scenario, results, what)
        if verdict.share < 1:
            return verdict
    return passed(what)


def _scenarios(ctx: Context, turn: str) -> list[dict]:
    """Return the scenarios of a message, and the beginning of one for the tool as a program."""
    scenarios = ctx.expected("tests.json")["tests"][turn]
    few = {key: scenarios[1][key][: CALLS_OF_THE_PROGRAM[turn]] for key in ("calls", "right")}
    return [*scenarios, {**scenarios[1], **few, "program": True}]


def _played(ctx: Context, turn: str) -> list:
    """Return what came of the scenarios of a message, and of those `_at_last`. Raises CheckFailed."""
    more = [scenario for scenario in _last_scenarios(ctx) if turn == "6"]
    what = f"the tool behaves as agreed up to message {turn}"
    return ctx.once(f"played {turn}", lambda: _run(ctx, [*_scenarios(ctx, turn), *more], what))


def old_files(ctx: Context) -> Verdict:
    """Judge that a file in the form of decision 9 is read, whoever wrote it."""
    scenario = _at_last(ctx)[1]
    return _verdict(scenario[0], scenario[1], "a file of the first day is read")


def _at_last(ctx: Context) -> list[tuple[dict, list]]:
    """Return a scenario that any tool for stock plays, and one that begins with an old file, with what came of them."""
    return ctx.once("at last", lambda: _played_at_last(ctx))


def _played_at_last(ctx: Context) -> list[tuple[dict, list]]:
    both = _last_scenarios(ctx)
    try:
        found = _played(ctx, "6")[-len(both) :]
    except CheckFailed:  # then it may still play these
        found = _run(ctx, both, "a tool that is read by others")
    return list(zip(both, found, strict=True))


def _last_scenarios(ctx: Context) -> list[dict]:
    known = ctx.expected("tests.json")
    simple: dict = {
        "calls": [["add", "wedge", "2"], ["take", "wedge", "1"], ["list"]],
        "files": {},
        "begin": [],
    }
    simple["right"] = play(simple, 6, known["nought"])
    first = known["old"][0][0].upper()
    calls = [["list"], ["add", first, "2"], ["take", first, "1"], ["list", "--json"], ["undo"], ["list"]]
    scenario = {"calls": calls, "files": {}, "begin": known["old"]}
    right = play(scenario, 6, known["nought"])
    stored = "".join(json.dumps({"qty": number, "name": name}) + "\n" for name, number in known["old"])
    return [simple, {**scenario, "stored": stored, "right": right}]


def _built(ctx: Context) -> None:
    """Raise CheckFailed where there is no tool that the decisions could be about."""
    verdict = _verdict(*_at_last(ctx)[0], "a tool that keeps stock")
    if verdict.share < 1:
        raise CheckFailed(verdict.expected, verdict.found)


def readable(ctx: Context) -> Verdict:
    """Judge that no function has over 25 lines or no docstring."""
    try:
        tree = ast.parse(ctx.text("stockctl.py"))
    except (SyntaxError, ValueError, MemoryError) as error:
        raise CheckFailed("stockctl.py: Python", str(error)) from None
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    bad = [
        one.name
        for one in functions
        if (one.end_lineno or 0) - one.lineno >= MOST_LINES or not ast.get_docstring(one)
    ]
    if not functions or bad:
        return failed(
            "functions of at most 25 lines, each with a docstring", ", ".join(bad[:5]) or "no functions"
        )
    return passed(f"{len(functions)} functions")


def decisions_kept(ctx: Context) -> Verdict:
    """Judge that decisions are numbered without a gap, that none is missing, and that none was changed later."""
    _built(ctx)
    before: list[str] = []
    for turn in sorted(ctx.workspaces):
        lines = _decisions(ctx.workspaces[turn])
        numbers = [int(re.match(r"D-(\d{1,4})", line)[1]) for line in lines]
        if numbers != list(range(1, len(lines) + 1)) or len(lines) < AT_LEAST[turn]:
            return failed(
                f"D-1 to D-{AT_LEAST[turn]} after message {turn}",
                f"{len(lines)} lines, numbered {numbers[-3:]}",
            )
        if lines[: len(before)] != before:
            changed = next((old for old, new in zip(before, lines, strict=False) if old != new), "one")
            return failed("lines that stay as they were written", f"message {turn} changed {changed[:60]}")
        before = lines
    return passed(f"{len(before)} decisions, none changed")


def promises_right(ctx: Context) -> Verdict:
    """Judge which decisions are said to be in force."""
    _built(ctx)
    given = ctx.json("promises.json")
    if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
        raise CheckFailed("promises.json: a list of objects", type(given).__name__)
    found = {str(one.get("id")).strip().upper(): one.get("in_force") for one in given}
    ids = {line.split(":")[0] for line in _decisions(ctx.workspace)}
    right = {one: one not in WITHDRAWN for one in ids}
    wrong = [one for one in sorted(right) if found.get(one) is not right[one]]
    if len(right) < AT_LEAST[6] or wrong or found.keys() - right.keys() or len(found) != len(given):
        return failed(
            "every decision, and whether it is in force",
            f"wrong: {', '.join(wrong[:6]) or 'others or too few'}",
        )
    return passed(f"{len(right)} decisions")


def _decisions(root: Path) -> list[str]:
    path = root / "DECISIONS.md"
    if path.is_symlink() or not path.is_file() or path.stat().st_size > 200_000:
        raise CheckFailed("DECISIONS.md", "missing, or far too large")
    return [
        line.strip()
        for line in path.read_text("utf-8", "replace").splitlines()
        if re.match(r"D-\d{1,4}:", line)
    ]


def _run(ctx: Context, scenarios: list[dict], what: str) -> list:
    """Run scenarios in a box; return what came of each command of each scenario. Raises CheckFailed."""
    ctx.path("stockctl.py")
    place = ctx.copy()
    word = secrets.token_hex(12)
    (place / "_run_hidden.py").write_text(RUNNER, "utf-8")
    sent = [{key: value for key, value in one.items() if key not in {"right", "begin"}} for one in scenarios]
    done = ctx.run(
        ["python3", "-S", "_run_hidden.py", word],
        cwd=place,
        timeout_sec=TIMEOUT_SEC,
        stdin=json.dumps(sent).encode(),
    )
    text = done.stdout.decode("utf-8", "replace")
    if word not in text:
        raise CheckFailed(what, "longer than it may take" if done.timed_out else f"no result: {done.tail()}")
    try:
        found = parse_json(text.rpartition(word)[2])
    except ValueError:
        found = None
    if not isinstance(found, list) or len(found) != len(scenarios):
        raise CheckFailed(what, "results that cannot be read")
    return found


def _verdict(scenario: dict, results: list, what: str) -> Verdict:
    """Compare what came of each command of a scenario."""
    try:
        for argv, right, given in zip(scenario["calls"], scenario["right"], results, strict=True):
            if problem := _differs(right, given):
                return failed(what, f"{' '.join(argv) or 'no command'}: {problem}")
    except (ValueError, TypeError, KeyError, AttributeError):
        return failed(what, "results that cannot be read")
    return passed(what)


def _differs(right: list, given: list) -> str:
    """Return what is wrong with what came of a command, empty if nothing is."""
    code, text, held = given
    if code != right[0]:
        return f"exit code {str(code)[:80]} instead of {right[0]}"
    if isinstance(right[1], dict):
        if not _covers(right[1], _parsed(text)):
            return f"printed {text[:120]!r}"
    elif text != right[1]:
        return f"printed {text[:120]!r} instead of {right[1][:120]!r}"
    rows = [_parsed(line) for line in held.split("\n") if line.strip()]
    stock = [[row.get("name"), row.get("qty")] if isinstance(row, dict) else None for row in rows]
    return "" if stock == right[2] else f"FILE holds {str(stock)[:120]} instead of {str(right[2])[:120]}"


def _parsed(text: str) -> object:
    try:
        return parse_json(text)
    except ValueError:
        return None


def _covers(right: object, given: object) -> bool:
    """Return whether a JSON value has all that it must have; objects may have more keys."""
    if isinstance(right, dict):
        return isinstance(given, dict) and all(
            key in given and _covers(value, given[key]) for key, value in right.items()
        )
    if isinstance(right, list):
        return isinstance(given, list) and len(given) == len(right) and all(map(_covers, right, given))
    return type(given) is type(right) and given == right
