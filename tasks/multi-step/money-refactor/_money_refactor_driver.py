"""Carries out the runs in a file, in the folder it is started in, and prints the answers. Knows no right ones.

The shop lives in a child, which is asked step by step and has never seen the file. What lies in the databases is looked
at by this process, into which no line of the shop ever comes. The last line printed is ``{"seal", "answers"}``.
"""

import contextlib
import ctypes
import io
import json
import os
import runpy
import sqlite3
import sys
import unittest
from pathlib import Path

_connect = sqlite3.connect
_SET_DUMPABLE = 4
_MOST_CHARS = 10_000_000


def connect(*args, **keys):
    """Open a database without waiting for the disk."""
    db = _connect(*args, **keys)
    db.execute("PRAGMA synchronous = OFF")
    return db


def dump(path):
    """Return what lies in a database: values of type REAL, columns of whole numbers, view and inbox."""
    db = _connect(path)
    names = [row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    reals, columns = set(), []
    for name in names[:60]:
        if name == "bank_inbox":
            continue
        rows = db.execute(f'SELECT * FROM "{name}" LIMIT 20000').fetchall()
        for column in list(zip(*rows, strict=True))[:60]:
            reals |= {value for value in column if isinstance(value, float)}
            kept = [value for value in column if value is not None]
            if kept and all(isinstance(value, int) and abs(value) < 10**15 for value in kept):
                columns.append(sorted(kept))
    inbox = db.execute("SELECT ref, amount, done FROM bank_inbox ORDER BY rowid").fetchall()
    view = db.execute("SELECT no, day, currency, amount FROM ledger_export LIMIT 20000").fetchall()
    db.close()
    return {
        "reals": sorted(reals)[:20000],
        "columns": columns,
        "inbox": inbox,
        "view": sorted(map(list, view)),
    }


def migrate(path):
    """Run migrate.py and return its exit code."""
    kept = sys.argv
    sys.argv = ["migrate.py", path]
    try:
        runpy.run_path("migrate.py", run_name="__main__")
    except SystemExit as error:
        return error.code or 0
    finally:
        sys.argv = kept
    return 0


def serve(requests, answers):
    """Be the shop: answer a line with a line until there are no more."""
    sqlite3.connect = connect
    sys.path.insert(0, ".")
    sys.stdout = io.StringIO()
    for line in requests:
        kind, path, request = json.loads(line)
        try:
            from shop import api

            if kind == "tests":
                answer = tests()
            else:
                answer = migrate(path) if kind == "migrate" else api.handle(path, request)
            text = json.dumps(answer)
        except Exception as error:
            text = json.dumps({"raised": f"{type(error).__name__}: {str(error)[:120]}"})
        answers.write(text + "\n")
        answers.flush()


def tests():
    """Return how many of the given tests ran, and whether all are green."""
    suite = unittest.defaultTestLoader.loadTestsFromName("tests.test_shop")
    result = unittest.TextTestRunner(stream=io.StringIO()).run(suite)
    return [result.testsRun, result.wasSuccessful()]


def start():
    """Fork the shop; return a function that asks it."""
    to_shop, from_shop = os.pipe(), os.pipe()
    if os.fork() == 0:
        try:
            with contextlib.suppress(OSError, AttributeError):
                ctypes.CDLL(None).prctl(_SET_DUMPABLE, 1, 0, 0, 0)
            null = os.open(os.devnull, os.O_RDWR)
            for number in (0, 1):
                os.dup2(null, number)
            os.close(to_shop[1])
            os.close(from_shop[0])
            serve(os.fdopen(to_shop[0], encoding="utf-8"), os.fdopen(from_shop[1], "w", encoding="utf-8"))
        finally:
            os._exit(0)
    os.close(to_shop[0])
    os.close(from_shop[1])
    requests = os.fdopen(to_shop[1], "w", encoding="utf-8")
    answers = os.fdopen(from_shop[0], encoding="utf-8", errors="replace")

    def ask(*request):
        requests.write(json.dumps(request) + "\n")
        requests.flush()
        return json.loads(answers.readline(_MOST_CHARS))

    return ask


def step(ask, path, one):
    """Carry out a step."""
    kind = one["kind"]
    if kind in ("ask", "migrate"):
        return ask(kind, path, one.get("request"))
    if kind == "dump":
        return dump(path)
    if kind == "file":
        return Path(one["path"]).read_text("utf-8")
    if kind == "write":
        Path(one["path"]).write_text(one["text"], "utf-8")
    elif kind == "sql":
        db = connect(path)
        for statement, rows in one["script"]:
            if rows is None:
                db.executescript(statement)
            else:
                db.executemany(statement, rows)
        db.commit()
        db.close()
    return None


def main(runs_file):
    """Read runs, carry them out, print what came back."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_SET_DUMPABLE, 0, 0, 0, 0)  # the shop does not look into this process
    ask = start()
    runs = json.loads(Path(runs_file).read_text("utf-8"))
    Path(runs_file).unlink()
    seal, settings = runs.pop("seal"), runs.pop("settings")
    answers = {}
    for name, steps in runs.items():
        found = answers[name] = []
        for one in steps:
            try:
                answer = step(ask, f"hidden-{name}.db", one)
                json.dumps(answer)
            except Exception as error:
                answer = {"raised": f"{type(error).__name__}: {str(error)[:120]}"}
            found.append(answer)
    Path("settings.json").write_text(settings, "utf-8")
    with contextlib.suppress(OSError, ValueError, RecursionError):
        answers["tests"] = ask("tests", "", None)
    print("\n" + json.dumps({"seal": seal, "answers": answers}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
