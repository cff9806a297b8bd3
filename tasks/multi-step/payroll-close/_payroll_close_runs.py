"""Runs payroll.py on the hidden months and reads what it leaves. Whatever is in there leads to CheckFailed at most."""

from __future__ import annotations

import json
import stat
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from _payroll_close_model import PAYSLIP

from agentbench.validators.base import CheckFailed, Context, clip, number, parse_csv

FILES = ("payslips.csv", "exceptions.csv", "journal.csv")
AGAIN = "again"
MONTH_SEC = 30.0
_MAX_BYTES = 1024 * 1024
_MAX_ROWS = 2000

DRIVER = """
import json, os, subprocess, sys
ends = []
for n, (name, source, target) in enumerate(json.loads(sys.argv[1])):
    argv = [sys.executable, "payroll.py", source, target]
    env = {**os.environ, "PYTHONHASHSEED": str(n)}
    quiet = subprocess.DEVNULL
    try:
        done = subprocess.run(argv, stdin=quiet, stdout=quiet, stderr=subprocess.PIPE, timeout=SECONDS, env=env)
        ends.append([name, done.returncode, done.stderr[-300:].decode("utf-8", "replace")])
    except subprocess.TimeoutExpired:
        ends.append([name, -1, "not done in time"])
print(json.dumps(ends))
"""
"""Runs all months, one process each, the first of them twice."""

Entry = tuple[str, str]
"""An account and a party."""


class Books(NamedTuple):
    """Where a month's three files lie, and why there may be none."""

    folder: Path
    problem: str = ""

    def text(self, name: str) -> str:
        """Return a file's text. Raises CheckFailed."""
        return self.raw(name).decode("utf-8-sig", "replace").replace("\r\n", "\n").replace("\r", "\n")

    def raw(self, name: str) -> bytes:
        """Return a file's bytes. Raises CheckFailed."""
        if self.problem:
            raise CheckFailed("payroll.py ends with exit code 0", self.problem)
        path = self.folder / name
        try:
            facts = path.lstat()
            if not stat.S_ISREG(facts.st_mode) or facts.st_size > _MAX_BYTES:
                raise CheckFailed(f"{name}: a regular file of sensible size", "something else")
            return path.read_bytes()
        except OSError:
            raise CheckFailed(f"{name} is written", "no such file") from None

    def rows(self, name: str, columns: tuple[str, ...]) -> list[dict[str, str]]:
        """Return a file's rows that are not empty. Raises CheckFailed."""
        rows = [row for row in parse_csv(self.text(name), columns, name) if any(row.values())]
        if len(rows) > _MAX_ROWS:
            raise CheckFailed(f"{name}: at most {_MAX_ROWS} rows", f"{len(rows)}")
        return rows

    def payslips(self) -> dict[str, dict[str, Decimal]]:
        """Return the payslips in cents, by employee. Raises CheckFailed."""
        found: dict[str, dict[str, Decimal]] = {}
        for row in self.rows("payslips.csv", ("employee", *PAYSLIP)):
            who = row["employee"]
            if who in found:
                raise CheckFailed("one payslip for each employee", f"two for {clip(who, 20)}")
            found[who] = {column: cents(row[column], f"{clip(who, 20)} {column}") for column in PAYSLIP}
        return found

    def exceptions(self) -> set[str]:
        """Return the exceptions as ``employee time code``. Raises CheckFailed."""
        rows = self.rows("exceptions.csv", ("employee", "time", "code"))
        found = [
            f"{row['employee']} {_instant(row['time'])} {row['code'].strip('`').upper()}" for row in rows
        ]
        if len(set(found)) != len(found):
            raise CheckFailed("one row for each exception", "a row twice")
        return set(found)

    def journal(self, account: str = "") -> dict[Entry, Decimal]:
        """Return debit less credit, in cents, by account and party; zeros left out. Raises CheckFailed.

        With ``account`` the rows of others are not looked at.
        """
        found: dict[Entry, Decimal] = {}
        for row in self.rows("journal.csv", ("account", "party", "debit", "credit")):
            key = (row["account"], row["party"])
            if account and account != key[0]:
                continue
            debit, credit = (cents(row[side] or "0", f"journal.csv {side}") for side in ("debit", "credit"))
            if min(debit, credit) < 0 or (debit and credit):
                raise CheckFailed("a positive amount on one side", f"{debit / 100} and {credit / 100}")
            if key in found:
                raise CheckFailed("one row for each account and party", f"two for {clip(' '.join(key), 40)}")
            found[key] = debit - credit
        return {key: amount for key, amount in found.items() if amount}


def cents(text: str, where: str) -> Decimal:
    """Return an amount in cents. Raises CheckFailed."""
    return number(text, where) * 100


def all_books(ctx: Context) -> dict[str, Books]:
    """Return what payroll.py left for each hidden month, and for the first one `AGAIN`."""
    ctx.path("payroll.py")
    return ctx.once("books", lambda: _run(ctx))


def _run(ctx: Context) -> dict[str, Books]:
    months, desk = ctx.expected("months.json"), ctx.scratch()
    jobs = []
    for name, files in months.items():
        source = desk / "in" / name
        source.mkdir(parents=True)
        for file, text in files.items():
            (source / file).write_text(text, encoding="utf-8")
        jobs.append((name, str(source), str(desk / "out" / name)))
    jobs.append((AGAIN, jobs[0][1], str(desk / "out" / AGAIN)))
    (desk / "out").mkdir()
    # The last word says which folder the sandbox has to show beside the program's own.
    argv = ["python3", "-P", "-c", DRIVER.replace("SECONDS", str(MONTH_SEC)), json.dumps(jobs), str(desk)]
    done = ctx.run(argv, cwd=ctx.copy(), timeout_sec=MONTH_SEC * len(jobs) + 10)
    try:
        ends = {name: (int(rc), str(tail)) for name, rc, tail in json.loads(done.stdout)}
    except (ValueError, TypeError, RecursionError):
        raise CheckFailed("payroll.py runs", done.tail()) from None
    books = {}
    for name, _, target in jobs:
        rc, tail = ends.get(name, (-1, "not run"))
        tail = "OUT is a link" if Path(target).is_symlink() else clip(tail, 200)
        books[name] = Books(Path(target), f"{name}: {rc}: {tail}" if rc or Path(target).is_symlink() else "")
    return books


def _instant(text: str) -> str:
    try:
        moment = datetime.fromisoformat(text.replace("Z", "+00:00").replace("z", "+00:00"))
        return f"{moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    except (ValueError, OverflowError):
        return clip(text, 40)
