"""Judges what was salvaged from the given store, and what the program makes of hidden ones."""

import base64
import stat

from agentbench.validators.base import CheckFailed, Context, Verdict, failed, parse_csv, passed
from agentbench.validators.limits import parse_json

TIMEOUT_SEC = 20.0
MOST_BYTES = 20_000_000


def given_right(ctx: Context, part: str) -> Verdict:
    """Judge ``part`` (records or damage) of what was written to out/."""
    (store,) = _stores(ctx)["given"]
    if part == "records":
        problem = _records(ctx.text("out/records.jsonl"), store)
    else:
        problem = _damage(ctx.text("out/damage.csv"), store)
    return failed(f"the {part} of data/", problem) if problem else passed(f"the {part} of data/")


def hidden_right(ctx: Context, store: str) -> Verdict:
    """Judge records and damage of the hidden stores of a kind."""
    for number, known in enumerate(_stores(ctx)[store], start=1):
        if problem := _problem(ctx, known):
            return failed(f"salvage.py reads stores with {store}", f"store {number}: {problem}")
    return passed(f"{len(_stores(ctx)[store])} stores read")


def _stores(ctx: Context) -> dict:
    return ctx.once("stores", lambda: ctx.expected("stores.json"))


def _problem(ctx: Context, known: dict) -> str:
    """Return what is wrong with the program's reading of a store, empty if nothing is."""
    ctx.path("salvage.py")
    place = ctx.once("program", lambda: ctx.copy())
    folder = ctx.scratch()
    (folder / "store").mkdir()
    for name, data in known["files"].items():
        (folder / "store" / name).write_bytes(base64.b64decode(data))
    argv = ["python3", "salvage.py", str(folder / "store"), str(folder / "result")]
    done = ctx.run(argv, cwd=place, timeout_sec=TIMEOUT_SEC)
    if done.timed_out:
        return f"longer than {TIMEOUT_SEC:g} s"
    if not done.ok:
        return f"exit code {done.rc}: {done.tail()}"
    if any(
        _bytes(folder / "store" / name) != base64.b64decode(data) for name, data in known["files"].items()
    ):
        return "the store was changed"
    return _records(_text(folder / "result" / "records.jsonl"), known) or _damage(
        _text(folder / "result" / "damage.csv"), known
    )


def _text(path) -> str:
    data = _bytes(path)
    if data is None:
        raise CheckFailed(f"{path.name} in OUT", "missing, or far too large")
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError:
        raise CheckFailed(f"{path.name} in UTF-8", "other bytes") from None


def _bytes(path) -> bytes | None:
    """Return what a program has left under a name; None where that is no regular file that can be read."""
    try:
        facts = path.lstat()
        return path.read_bytes() if stat.S_ISREG(facts.st_mode) and facts.st_size <= MOST_BYTES else None
    except OSError:
        return None


def _records(text: str, known: dict) -> str:
    """Return what is wrong with records, empty if nothing is."""
    given = {}
    for line in text.split("\n"):
        if not line.strip():
            continue
        row = _row(line)
        if row is None or row[0] in given:
            return f"a line that is no record, or a key twice: {line[:80]}"
        given[row[0]] = row[1:]
    right = {key: tuple(found) for key, found in known["records"].items()}
    missing, extra = sorted(right.keys() - given.keys()), sorted(given.keys() - right.keys())
    wrong = [key for key in right if key in given and given[key] != right[key]]
    if not missing and not extra and not wrong:
        return ""
    names = ", ".join([*missing[:2], *extra[:2], *wrong[:2]])
    return f"{len(missing)} records missing, {len(extra)} made up, {len(wrong)} with another value: {names}"


def _row(line: str) -> tuple[str, str, int] | None:
    try:
        row = parse_json(line)
    except ValueError:
        return None
    if not isinstance(row, dict):
        return None
    key, value, log = row.get("key"), row.get("value"), row.get("log")
    fit = (
        isinstance(key, str) and isinstance(value, str) and isinstance(log, int) and not isinstance(log, bool)
    )
    return (key, value, log) if fit else None


def _damage(text: str, known: dict) -> str:
    """Return what is wrong with the ranges, empty if nothing is."""
    rows = parse_csv(text, ["segment", "start", "end"], "damage.csv")
    given = sorted(tuple(_whole(row[name]) for name in ("segment", "start", "end")) for row in rows)
    right = sorted(map(tuple, known["damage"]))
    if given == right:
        return ""
    missing, extra = [one for one in right if one not in given], [one for one in given if one not in right]
    return f"{len(missing)} ranges missing, {len(extra)} others: {missing[:2]} {extra[:2]}"


def _whole(text: str) -> int:
    digits = text.strip().removesuffix(".seg")
    return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) < 12 else -1
