"""Judge migrate.py by what both versions of the shop see after hidden runs.

What each check rests on, by rule of PLAN.md. people: 1, 8; emails: 2, 5; conflicts: 3; addresses: 4, 5, 8; orders: 1,
6, 7; live: 10 (with 1 to 8); batches: 9, 10; killed: 14; phases: 13; rollback: 12; contract: 11; sound: 15.

The checks of phases look at what does not hang on the finer rules: they hold a program against itself (without a kill,
before and after) and against what is plain.
"""

from __future__ import annotations

from typing import Any

from _rolling_migration_look import KINDS, PLAIN, difference, kind_of
from _rolling_migration_model import Shop
from _rolling_migration_plan import BOTH, dumped
from _rolling_migration_runs import code, ended, error, expected, given, steps

from agentbench.validators.base import Context, Verdict, failed, passed

ALL = tuple(column for columns in KINDS.values() for column in columns)
BARE = 2
"""Kills that must have hit, in each phase, for a check to say something."""


def kind_right(ctx: Context, kind: str) -> Verdict:
    """What the programs see of this kind is right, after everything that either writes."""
    for name in ("mixed1", "mixed2"):
        history: list[str] = []
        for step, note, answer in steps(ctx, name):
            if step[0] == "phase" and (wrong := ended(step, answer)):
                return failed("every phase ends with 0", wrong)
            if note["as"] != "mixed":
                continue
            if step[0] == "dump":
                if wrong := difference(note["want"], answer, KINDS[kind]):
                    return failed(f"{kind} as PLAN.md says", f"after {'; '.join(history[-6:])}: {wrong}")
                history.clear()
                continue
            history.append(f"{step[0]} {step[1]}")
            if kind_of(step[1]) == kind and answer != note["want"]:
                return failed(f"{step[0]} {step[1]} answers {note['want']}", str(answer))
    return passed(f"{kind} right in both versions all along")


def live_right(ctx: Context) -> Verdict:
    """Everything is right that was written while the backfill ran."""
    run = expected(ctx)["runs"]["live"]
    shop, calls = Shop(run["customers"], run["orders"]), 0
    for step, _, answer in steps(ctx, "live"):
        if step[0] in ("phase", "watch"):
            if wrong := ended(step, answer):
                return failed("every phase ends with 0", wrong)
            for version, name, args, found in answer.get("injected", ()):
                right = shop.call(version, name, args)
                calls += 1
                if found != right:
                    return failed(f"during the backfill {version} {name} answers {right}", str(found))
        if step[0] == "dump" and (wrong := difference(dumped(shop, BOTH), answer, ALL)):
            return failed("what was written during the backfill reaches both forms", wrong)
    if calls < 10:
        return failed("moments at which others can write during a backfill", f"{calls} calls were possible")
    return passed(f"{calls} calls during the backfill, all carried over")


def batches_bounded(ctx: Context) -> Verdict:
    """The backfill moves a few rows at a time, and leaves the database free between."""
    most, largest, moved = expected(ctx)["batch"], 0, [0, 0]
    for step, note, answer in steps(ctx, "ordered"):
        if note["as"] == "prepared":
            right = {"v2.members": [], "v2.homes": [], "v2.conflicts": [], "v2.purchases": []}
            if answer != right:
                return failed("expand moves nobody", difference(right, answer, ALL) or "nothing")
        if note["as"] == "watched":
            if wrong := ended(step, answer):
                return failed("backfill ends with 0", wrong)
            largest = max(max(pair) for pair in answer["steps"])
            moved = [sum(pair[n] for pair in answer["steps"]) for n in (0, 1)]
    if largest > most:
        return failed(f"at most {most} rows between two moments when the database is free", f"{largest}")
    run = expected(ctx)["runs"]["ordered"]
    if moved != [len(run["customers"]), len(run["orders"])]:
        return failed("the backfill moves all customers and orders", f"{moved} of them")
    return passed(f"never more than {largest} rows")


def killed_same(ctx: Context) -> Verdict:
    """After a kill at any point and another call, everything is as if there had been no kill."""
    base: dict[str, Any] = {}
    kills: dict[str, int] = {}
    likes: list[tuple[str, Any, Any]] = []
    undo = None
    for step, note, answer in steps(ctx, "killed"):
        name = note["as"]
        if wrong := error(answer) if name == "call" else ended(step, answer) if name == "done" else "":
            return failed("after a kill the versions work on and the phase ends with 0", wrong)
        if name.startswith("base"):
            base[name[5:]] = answer
            if step[0] == "dump" and (wrong := difference(note["want"], answer, PLAIN)):
                return failed("customers and orders are all there without a kill", wrong)
        elif name == "killed" and code(answer) == -9:
            kills[step[1]] = kills.get(step[1], 0) + 1
        elif name == "undo":
            undo = answer
        elif name == "like undo":
            likes.append(("undo" if undo and undo[0] == 0 else "contract 0", step, answer))
            if undo not in ([0, None], [3, 0]):
                return failed("a killed contract is undone, or called again", f"{undo}")
        elif name.startswith("like"):
            likes.append((name[5:], step, answer))
        elif name in ("start", "undone"):
            base.setdefault("start", answer)
            if answer != base["start"]:
                return failed("a killed backfill can be rolled back", "something else is left")
    for phase in ("expand", "backfill", "contract", "rollback"):
        if kills.get(phase, 0) < BARE:
            return failed(f"{phase} works statement by statement through sqlite3", "nothing to kill")
    for name, step, answer in likes:
        if wrong := _unlike(base.get(name), answer, step[0] == "dump"):
            return failed(f"the same end as without a kill ({name})", wrong)
    return passed(f"{sum(kills.values())} kills, always the same end")


def _unlike(right: Any, answer: Any, dump: bool) -> str:
    if not dump:
        return "" if right == answer else "other tables, triggers or indexes"
    return difference(right, answer, ALL)


def phases_ordered(ctx: Context) -> Verdict:
    """Phases out of order are refused, and done ones change nothing."""
    same: dict[str, Any] = {}
    rest = 0
    for step, note, answer in steps(ctx, "ordered"):
        name, wrong = note["as"], ""
        if name == "left":
            rest = answer
        elif name in ("done", "watched", "refused") or (name == "refused if left" and rest):
            wrong = ended(step, answer, 3 if name.startswith("refused") else 0)
        elif name == "call":
            wrong = error(answer)
        elif name.startswith("same"):
            if name not in same and step[0] == "dump":
                wrong = difference(note["want"], answer, PLAIN)
            if same.setdefault(name, answer) != answer:
                wrong = f"{name[5:]}: not as it was"
        if wrong:
            return failed("phases in their order, once or more than once", wrong)
    return passed("refused out of order, harmless when done")


def rolled_back(ctx: Context) -> Verdict:
    """A rollback keeps what v2 wrote and leaves nothing else, and all can begin anew."""
    seen: dict[str, Any] = {}
    for step, note, answer in steps(ctx, "back"):
        name, wrong = note["as"], ""
        if name == "done":
            wrong = ended(step, answer)
        elif name == "call":
            wrong = error(answer)
        elif name == "bare" and seen.setdefault(name, answer) != answer:
            wrong = "tables, triggers or indexes are not what they were"
        elif name in ("before", "after"):
            wrong = difference(note["want"], answer, PLAIN)
            wrong = wrong or difference(seen.setdefault("rows", answer), answer, ALL)
        elif name == "anew":
            wrong = difference(note["want"], answer, (*PLAIN, ("v2.members", (0, 5))))
        if wrong:
            return failed("a rollback that loses nothing and leaves nothing", wrong)
    return passed("rolled back and begun anew")


def contracted(ctx: Context) -> Verdict:
    """Contract leaves v2's tables as they were and nothing else, and v2 runs on."""
    seen: dict[str, Any] = {}
    for step, note, answer in steps(ctx, "end"):
        name, wrong = note["as"], ""
        if name == "done":
            wrong = ended(step, answer)
        elif name == "call":
            wrong = error(answer)
        elif name == "form":
            wrong = _other_form(expected(ctx)["form"], answer)
        elif name in ("before", "after"):
            wrong = difference(note["want"], answer, PLAIN)
            wrong = wrong or difference(seen.setdefault("rows", answer), answer, ALL)
        elif name == "later":
            wrong = difference(note["want"], answer, PLAIN)
        if wrong:
            return failed("the tables of schema_v2.sql, as v2 had them", wrong)
    return passed("v2 alone, with everything")


def _other_form(right: dict[str, Any], found: Any) -> str:
    if not isinstance(found, dict):
        return "nothing"
    odd = sorted(name for name in right.keys() | found.keys() if right.get(name) != found.get(name))
    return f"other than in the schema: {', '.join(odd[:5])}" if odd else ""


def always_sound(ctx: Context) -> Verdict:
    """SQLite finds nothing wrong at any moment, with everybody in the new tables."""
    looks = 0
    for name in given(ctx):
        for step, note, answer in steps(ctx, name):
            if note["as"] == "sound":
                looks += 1
                if answer:
                    return failed(
                        "nothing found by foreign_key_check and integrity_check", f"{name}: {answer}"
                    )
            if note["as"] != "mixed" or step[0] != "dump":
                continue
            if wrong := difference(note["want"], answer, (("v2.members", (0,)), ("v2.purchases", (0,)))):
                return failed("all members and purchases", wrong)
    return passed(f"sound in {looks} looks")
