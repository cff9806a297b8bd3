"""Runs sync.py through the hidden nights: our server, its scripts, the agent's program in a copy.

One process serves all nights, each at an address and with a log of its own. A night is over when sync.py has ended;
then its log and the mirror are read. What the program does wrong becomes part of the `Night`; only a server of ours
that does not come up raises.
"""

import json
import shutil
import sqlite3
import stat
import time
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from agentbench import process
from agentbench.validators.base import CheckFailed, Context, number

TIMEOUT_SEC = 45.0
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
    ctx.path("sync.py")
    return ctx.once("nights", lambda: _run_nights(ctx))


def _run_nights(ctx: Context) -> dict[str, list[Night]]:
    scenarios = ctx.expected("nights.json")["scenarios"]
    desk, host = ctx.scratch(), ctx.task_dir / "_flaky_api_sync_host.py"
    script = desk / "nights.json"
    script.write_text(json.dumps({name: scenario["nights"] for name, scenario in scenarios.items()}))
    argv = ["python3", "-I", "-S", "-B", str(host), str(ctx.task_dir / "inputs" / "server.py"), str(script), str(desk)]
    with process.background(argv, cwd=desk) as running:
        urls = json.loads(running.read_line(_SERVER_START_SEC))
        script.unlink()
        with ThreadPoolExecutor(max_workers=5) as pool:
            tasks = {
                name: pool.submit(_scenario, ctx, scenario, urls[name], desk / name)
                for name, scenario in reversed(scenarios.items())
            }
    return {name: task.result() for name, task in tasks.items()}


def read_items(database: Path, scratch: Path) -> list[tuple]:
    """Return the rows of table ``items`` in one spelling, read from a copy. Raises CheckFailed."""
    for suffix in ("", "-wal", "-journal"):
        source = database.with_name(database.name + suffix)
        if source.is_symlink() or not source.exists():
            continue
        facts = source.stat()
        if not stat.S_ISREG(facts.st_mode) or facts.st_size > _MAX_DB_BYTES:
            raise CheckFailed(f"{source.name}: a regular file of sensible size", "something else")
        shutil.copyfile(source, scratch / f"copy.db{suffix}")
    if not (scratch / "copy.db").exists():
        raise CheckFailed(f"{database.name} exists", "no such file")
    try:
        found = _select(scratch / "copy.db")
    except (sqlite3.Error, MemoryError, ValueError) as error:
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


def _scenario(ctx: Context, scenario: dict, urls: list[str], logs: Path) -> list[Night]:
    """Run the nights of one scenario in turn, on one mirror and one token file, up to the first problem."""
    work, kept = ctx.copy(), ctx.scratch()
    (kept / "tokens.json").write_text(json.dumps(scenario["tokens"]))
    nights: list[Night] = []
    for number_, (night, url) in enumerate(zip(scenario["nights"], urls, strict=True), 1):
        argv = ["python3", "sync.py", url, str(kept / "tokens.json"), str(kept / "mirror.db")]
        done = ctx.run(argv, cwd=work, timeout_sec=TIMEOUT_SEC, loopback=True)
        problem = _problem(ctx, night, done, kept / "mirror.db")
        nights.append(Night(f"night {number_}: {problem}" if problem else "", _log(logs, number_)))
        if problem:
            break
    return nights


def _log(logs: Path, number_: int) -> list[dict]:
    log = logs.with_name(f"{logs.name}-{number_}.jsonl")
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


def _problem(ctx: Context, night: dict, done: process.Completed, database: Path) -> str:
    if done.timed_out:
        return f"sync.py was not done after {TIMEOUT_SEC:.0f} s"
    if night["ends"] == "mirror" and done.rc != 0:
        return f"sync.py failed, {done.tail()}"
    if night["ends"] == "failure" and done.rc == 0:
        return "sync.py reported success (exit code 0)"
    try:
        return difference(night["rows"], read_items(database, ctx.scratch()))
    except CheckFailed as error:
        return f"{error.expected}: {error.found}"
