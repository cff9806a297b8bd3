"""Runs sync.py through the hidden nights: our server, its scripts, the agent's program in a copy.

One process serves all nights, each at an address and with a log of its own, and one sandbox holds all runs of the
program. When they are over, the logs and the mirrors as each night left them are read. What the program does wrong
becomes part of the `Night`; only a server of ours that does not come up raises.
"""

import hashlib
import json
import shutil
import sqlite3
import stat
import time
import unicodedata
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from agentbench import process
from agentbench.validators.base import CheckFailed, Context, clip, number

TIMEOUT_SEC = 45.0
_ALL_SEC = 5 * TIMEOUT_SEC
_SERVER_START_SEC = 20.0
_MAX_ROWS = 20_000
_MAX_DB_BYTES = 64 * 1024 * 1024
_MAX_LOG_BYTES = 16 * 1024 * 1024


class Night(NamedTuple):
    """What became of one run of sync.py; ``problem`` is empty when it ended as it should."""

    problem: str
    log: list[dict]


def all_nights(ctx: Context) -> dict[str, list[Night]]:
    """Return the nights of every scenario, a scenario's list ending with its first problem."""
    if b"import" not in ctx.bytes("sync.py"):
        raise CheckFailed("sync.py: a program that reaches a server", "it imports nothing")
    return ctx.once("nights", lambda: _run_nights(ctx))


def _run_nights(ctx: Context) -> dict[str, list[Night]]:
    scenarios = ctx.expected("nights.json")["scenarios"]
    named = {name: _secret(name, one) for name, one in scenarios.items()}
    unnamed = _unnamed(scenarios, named)
    seal = _secret("seal", *scenarios.values())
    desk, kept = ctx.scratch(), ctx.scratch()
    script = desk / "nights.json"
    script.write_text(json.dumps(unnamed))
    runner = Path(shutil.copy(ctx.task_dir / "_flaky_api_sync_runner.py", kept))
    for name, scenario in unnamed.items():
        if not scenario["from"]:
            (kept / name).mkdir()
            (kept / name / "tokens.json").write_text(json.dumps(scenario["tokens"]))
    host = str(ctx.task_dir / "_flaky_api_sync_host.py")
    argv = [
        "python3",
        "-I",
        "-S",
        "-B",
        host,
        str(ctx.task_dir / "inputs" / "server.py"),
        str(script),
        str(desk),
    ]
    with process.background(argv, cwd=desk) as running:
        known = json.loads(running.read_line(_SERVER_START_SEC))
        script.unlink()
        (kept / "plan.json").write_text(json.dumps({**_plan(unnamed, known), "seal": seal}))
        argv = ["python3", str(runner), str(kept / "plan.json"), str(kept)]
        done = ctx.run(argv, cwd=ctx.copy(), timeout_sec=_ALL_SEC, loopback=True)
    ran = _ran(done, seal)
    nights: dict[str, list[Night]] = {}
    for name, scenario in scenarios.items():
        nights[name] = _judged(ctx, named[name], scenario, ran.get(named[name], []), (desk, kept))
        first = nights.get(scenario["from"] or name, [])
        if not ran.get(named[name]) and first and first[-1].problem:
            nights[name] = [Night(f"its first night, {scenario['from']}: {first[-1].problem}", [])]
    return nights


def _secret(word: str, *scenarios: dict) -> str:
    """Return a text that is the same for a seed and that nobody guesses who does not know its scenarios."""
    return hashlib.sha256(json.dumps([word, scenarios]).encode()).hexdigest()[:12]


def _unnamed(scenarios: dict, named: dict[str, str]) -> dict:
    """Return the scenarios by names and in an order that do not tell what they are about, each night with its key."""
    found = {}
    for name, one in sorted(scenarios.items(), key=lambda item: (bool(item[1]["from"]), named[item[0]])):
        keyed = [{**night, "key": _secret(f"{name}/{n}", one)} for n, night in enumerate(one["nights"], 1)]
        found[named[name]] = {**one, "from": named.get(one["from"]), "nights": keyed}
    return found


def _plan(scenarios: dict, known: dict) -> dict:
    """Return what the runner is told: where each night is served, not what it brings or how it must end."""
    plan = {
        name: {
            "from": one["from"],
            "nights": [
                [url, night["key"]] for url, night in zip(known["urls"][name], one["nights"], strict=True)
            ],
        }
        for name, one in scenarios.items()
    }
    return {"control": known["control"], "timeout": TIMEOUT_SEC, "scenarios": plan}


def _ran(done: process.Completed, seal: str) -> dict[str, list[dict]]:
    """Return what the runner printed. Raises CheckFailed when sync.py has brought it down, or spoke in its place."""
    try:
        said = json.loads(done.stdout.decode().splitlines()[-1])
        ran = said["nights"]
        sound = said["seal"] == seal and all(
            isinstance(one["rc"], int) and isinstance(one["timed_out"], bool) and isinstance(one["tail"], str)
            for nights in ran.values()
            for one in nights
        )
    except (ValueError, TypeError, KeyError, AttributeError, IndexError, RecursionError):
        sound = False
    if not sound:
        raise CheckFailed(
            "sync.py runs through the nights", f"the run of all nights broke down, {done.tail()}"
        )
    return ran


def _judged(
    ctx: Context, name: str, scenario: dict, ran: list[dict], folders: tuple[Path, Path]
) -> list[Night]:
    logs, kept = folders
    nights: list[Night] = []
    for number_, (night, ended) in enumerate(zip(scenario["nights"], ran, strict=False), 1):
        problem = _problem(ctx, night, ended, kept / f"{name}-{number_}" / "mirror.db")
        log = _log(logs / f"{name}-{number_}.jsonl")
        if not problem and night["ends"] == "killed" and not any(line.get("fault") == "kill" for line in log):
            problem = "sync.py ended before the request at which it was to be killed"
        nights.append(Night(f"night {number_}: {problem}" if problem else "", log))
        if problem:
            return nights
    if len(nights) < len(scenario["nights"]):
        nights.append(Night(f"night {len(nights) + 1} did not come about", []))
    return nights


def read_items(database: Path, scratch: Path, *, may_lack: bool = False) -> list[tuple]:
    """Return the rows of table ``items`` in one spelling, read from a copy. Raises CheckFailed.

    With ``may_lack`` a file or table that is not there yet has no rows.
    """
    for suffix in ("", "-wal", "-journal"):
        source = database.with_name(database.name + suffix)
        if source.is_symlink() or not source.exists():
            continue
        facts = source.stat()
        if not stat.S_ISREG(facts.st_mode) or facts.st_size > _MAX_DB_BYTES:
            raise CheckFailed(f"{source.name}: a regular file of sensible size", "something else")
        shutil.copyfile(source, scratch / f"copy.db{suffix}")
    if not (scratch / "copy.db").exists():
        if may_lack:
            return []
        raise CheckFailed(f"{database.name} exists", "no such file")
    try:
        found = _select(scratch / "copy.db")
    except (sqlite3.Error, MemoryError, ValueError) as error:
        if may_lack and "no such table" in str(error):
            return []
        raise CheckFailed("table items(id, name, qty, updated)", str(error)) from None
    if len(found) > _MAX_ROWS:
        raise CheckFailed("a row per item", f"more than {_MAX_ROWS} rows")
    return [_plain(row) for row in found]


def difference(expected: list[list], found: list[tuple]) -> str:
    """Say how ``found`` differs from the ``expected`` rows; empty when it does not."""
    wanted = {row[0]: _plain(tuple(row)) for row in expected}
    held = {row[0]: row for row in found}
    parts = [
        (len(found) - len(held), "repeated", []),
        (len(wanted.keys() - held.keys()), "missing", sorted(wanted.keys() - held.keys())),
        (len(held.keys() - wanted.keys()), "not in stock", sorted(map(str, held.keys() - wanted.keys()))),
    ]
    stale = sorted(name for name in wanted.keys() & held.keys() if wanted[name] != held[name])
    parts.append((len(stale), "with other values", stale))
    return "; ".join(f"{n} items {what} ({', '.join(names[:3])})" for n, what, names in parts if n)


def _select(copy: Path) -> list[tuple]:
    end = time.monotonic() + 5
    connection = sqlite3.connect(copy)
    try:
        connection.text_factory = lambda raw: raw.decode("utf-8", "backslashreplace")
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, 1_000_000)
        connection.set_progress_handler(lambda: time.monotonic() > end, 10_000)
        query = "SELECT items.id, items.name, items.qty, items.updated FROM items LIMIT ?"
        return connection.execute(query, (_MAX_ROWS + 1,)).fetchall()
    finally:
        connection.close()


def _plain(row: tuple) -> tuple:
    name, title, qty, updated = row
    return (
        name if isinstance(name, str) else repr(name),
        unicodedata.normalize("NFC", title) if isinstance(title, str) else repr(title),
        _quantity(qty),
        _instant(updated),
    )


def _quantity(value: object) -> Decimal | str | None:
    if value is None:
        return None
    try:
        return number(value)
    except CheckFailed:
        return repr(value)


def _instant(value: object) -> datetime | str:
    try:
        parsed = datetime.fromisoformat(str(value))
        return parsed.replace(tzinfo=parsed.tzinfo or UTC).astimezone(UTC)
    except (ValueError, OverflowError):
        return repr(value)


def _log(log: Path) -> list[dict]:
    if not log.exists():
        return []
    with log.open("rb") as stream:
        lines = stream.read(_MAX_LOG_BYTES).split(b"\n")[:-1]
    try:
        entries = [json.loads(line) for line in lines]
        sound = all(_is_entry(one) for one in entries)
    except (ValueError, TypeError, KeyError, RecursionError):
        sound = False
    if not sound:  # without a sandbox sync.py could reach it
        raise CheckFailed("the server's log as it wrote it", "damaged")
    return entries


def _is_entry(one: dict) -> bool:
    """Tell whether a line of a log can be the server's. Raises what a value of another kind raises."""
    moments = one["arrived"], one.get("quiet_until", 0.0), float(one["generation"] or 0)
    return isinstance(one["status"], int) and all(isinstance(moment, float) for moment in moments)


def _problem(ctx: Context, night: dict, ended: dict, database: Path) -> str:
    if ended["timed_out"]:
        return f"sync.py was not done after {TIMEOUT_SEC:.0f} s"
    if night["ends"] == "mirror" and ended["rc"] != 0:
        return f"sync.py failed, exit code {ended['rc']}: {clip(ended['tail'], 300)}"
    if night["ends"] == "failure" and ended["rc"] == 0:
        return "sync.py reported success (exit code 0)"
    try:
        return difference(night["rows"], read_items(database, ctx.scratch(), may_lack=not night["rows"]))
    except CheckFailed as error:
        return f"{error.expected}: {error.found}"
