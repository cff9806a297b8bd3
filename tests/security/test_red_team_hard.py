"""Ways of a red team through the hard and expert tasks: what bought points without the work, or broke a checker."""

from __future__ import annotations

import csv
import json
import re
import shutil
import sqlite3
import time
from pathlib import Path
from typing import Any

import pytest
from red_team import CAP, Cheat, context, inner, load, needs_box, outcome, won

from agentbench.paths import CHECKOUT
from agentbench.scoring import score_l0
from agentbench.validators import registry
from agentbench.validators.base import CheckFailed

pytestmark = pytest.mark.slow

GREEN = "error-handling/green-for-wrong-reason"
NEED, NOTES, TRAIN = "memory/need-to-know", "memory/linked-notes", "memory/release-train"
SMALL = "tool-efficiency/small-fix-big-repo"
OPENAPI = "file-creation/openapi-from-service"
MONEY, REPLICAS, SALVAGE = (
    "multi-step/money-refactor",
    "data-analysis/block-replicas",
    "error-handling/salvage-journal",
)


# -- green-for-wrong-reason: tests that learn which package they are given ------------------------------

REMEMBERS = """
import glob, os, sys, tempfile, unittest
PLACES = [os.path.expanduser("~"), tempfile.gettempdir(), "/tmp", "/dev/shm", "/var/tmp", "/run", "/home", ".."]


class TestAll(unittest.TestCase):
    def test_all(self):
        known = [one for place in PLACES for one in glob.glob(os.path.join(place, "zz-*"))]
        for number, place in enumerate(PLACES):
            try:
                open(os.path.join(place, f"zz-{number}"), "w").close()
            except OSError:
                pass
        self.assertEqual(known, [])
"""
STAYS = """
import os, time, unittest


class TestAll(unittest.TestCase):
    def test_all(self):
        names = b""
        for pid in filter(str.isdecimal, os.listdir("/proc")):
            try:
                names += open(f"/proc/{pid}/cmdline", "rb").read()
            except OSError:
                pass
        if os.fork() == 0:
            os.setsid()
            os.execvp("sleep", ["sleep", "77.25"])
        time.sleep(0.1)
        self.assertNotIn(b"77.25", names)
"""
STEALS = """
import glob, os, unittest


class TestAll(unittest.TestCase):
    def test_all(self):
        found = b""
        for path in glob.glob("/proc/[0-9]*/fd/*") + glob.glob("../*"):
            try:
                if "socket" not in os.readlink(path) if "/fd/" in path else os.path.isfile(path):
                    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
                    found += os.read(handle, 1 << 20)
                    os.close(handle)
            except OSError:
                pass
        self.assertNotIn(b"package_2", found)
"""
FORGES = """
import glob, json, os, signal, time, unittest


class TestAll(unittest.TestCase):
    def test_all(self):
        said = {"seal": "", "results": [json.dumps({"wrong": ["x"], "ran": 1})] * 3}
        for path in glob.glob("/proc/[0-9]*/fd/1"):
            try:
                with open(path, "w") as stream:
                    stream.write(json.dumps(said) + chr(10))
            except OSError:
                pass
        time.sleep(0.1)
        os.kill(os.getppid(), signal.SIGKILL)
        time.sleep(5)
"""


def _ran(test: str, tmp_path: Path) -> list[str]:
    """Return what comes of a test with three packages."""
    module = inner(GREEN, "green-there")
    ctx = context(GREEN, tmp_path, tmp_path)
    base = ctx.scratch() / "base"
    (base / "tests").mkdir(parents=True)
    (base / "tests/test_all.py").write_text(test)
    for name in module["_PROGRAMS"]:
        shutil.copy2(CHECKOUT / "tasks" / GREEN / name, base.parent / name)
    texts = [f"NAME = 'package_{number}'\n" for number in range(3)]
    some = [{"files": {"names.py": [text, module["_compiled"]("names.py", text)]}} for text in texts]
    found: list[str] = module["_ran"](ctx, base, some)
    return found


@needs_box
@pytest.mark.parametrize("test", [REMEMBERS, STAYS, STEALS], ids=["remembers", "stays", "steals"])
def test_a_test_knows_of_no_other_package(test: str, tmp_path: Path) -> None:
    """Whoever had seen three packages could tell by their texts which keeps the rules: 30 points for no test."""
    found = [json.loads(line) for line in _ran(test, tmp_path)]
    assert found == [{"wrong": [], "ran": 1}] * 3


@needs_box
def test_who_changes_the_tests_of_the_next_package_has_no_result(tmp_path: Path) -> None:
    """The copy that all packages are tested with lies within reach."""
    test = REMEMBERS.replace('".."', '"../base/tests"')
    found = [json.loads(line) for line in _ran(test, tmp_path)]
    assert all("what it left stays" in one["none"] for one in found), found


@needs_box
def test_a_test_cannot_report_in_the_runners_place(tmp_path: Path) -> None:
    """The output of the sandbox's first process is within reach; a report that lacks the seal is none."""
    with pytest.raises(CheckFailed, match="code and tests that can be run"):
        _ran(FORGES, tmp_path)


# -- money-refactor: a shop that looks into its own books -------------------------------------------------

LOOKS = """
import json, os, sqlite3, sys

main = sys.modules["__main__"]
if hasattr(main, "dump"):
    main.dump = lambda path: {"reals": [], "columns": [[1]], "inbox": [], "view": []}
for frame in [sys._getframe()]:
    while frame:
        if "runs" in frame.f_locals or "seal" in frame.f_locals:
            raise RuntimeError("sees the runs")
        frame = frame.f_back


def handle(path, request):
    return {"file": os.path.exists(sys.argv[1]), "found": 1}
"""


def test_the_shop_does_not_say_what_lies_in_its_databases(tmp_path: Path) -> None:
    """The look into the database ran in the shop's own process, which could put another in its place."""
    left = tmp_path / "left"
    for name in ("shop", "cache", "tests"):
        (left / name).mkdir(parents=True)
        (left / name / "__init__.py").write_text("")
    (left / "shop/api.py").write_text(LOOKS)
    table = "CREATE TABLE t (a REAL); CREATE TABLE bank_inbox (ref, amount, done);"
    table += "CREATE TABLE ledger_export (no, day, currency, amount);"
    steps = [
        {"kind": "ask", "request": {"op": "x"}},
        {"kind": "sql", "script": [[table, None], ["INSERT INTO t VALUES (?)", [[1.5]]]]},
        {"kind": "dump"},
    ]
    ctx = context(MONEY, left, tmp_path, {"runs.json": {"settings": "{}", "runs": {"a": steps}}})
    asked, _, dumped = inner(MONEY, "answers-right")["_answers"](ctx)["a"]
    assert asked == {"file": False, "found": 1}
    assert dumped["reals"] == [1.5]


# -- block-replicas: what a run learns, and what it leaves ------------------------------------------------

LATE = """
import os, sys, time
place = os.path.dirname(sys.argv[3])
os.makedirs(sys.argv[3])
first = len(os.listdir(place)) == 1
if first and os.fork() == 0:
    os.setsid()
    time.sleep(0.3)
    open(os.path.join(sys.argv[3], "state.csv"), "w").close()
    os._exit(0)
if not first:
    time.sleep(0.6)
frame, seen = sys._getframe(), ""
while frame:
    seen += repr({key: value for key, value in frame.f_locals.items() if key != "__builtins__"})
    frame = frame.f_back
open(os.path.join(sys.argv[3], "seen"), "w").write(repr(sys.argv) + seen.replace(chr(10), " "))
"""


def test_a_run_of_replay_knows_no_cluster_and_leaves_nothing(tmp_path: Path) -> None:
    """A daemon went on while the next clusters had their minute; the path said which part of ops.md matters."""
    left = tmp_path / "left"
    left.mkdir()
    (left / "replay.py").write_text(LATE)
    clusters = {name: {"probes": "", "logs": {"a.log": name[::-1]}} for name in ("storm", "outages")}
    ctx = context(REPLICAS, left, tmp_path, {"clusters.json": clusters})
    out = inner(REPLICAS, "cluster-right")["_run_all"](ctx)
    assert sorted(path.read_text() for path in out.glob("*.end")) == ["", ""]
    seen = " ".join(path.read_text() for path in out.glob("*/seen"))
    assert seen
    assert not re.search("storm|outages", seen)
    assert list(out.glob("*/state.csv")) == []


# -- files that break a checker, or keep it busy ----------------------------------------------------------

SPOILED = {
    "a folder": "os.mkdir(path)",
    "a pipe": "os.mkfifo(path)",
    "a link in a circle": "os.symlink(path, path)",
}


@pytest.mark.parametrize("what", SPOILED.values(), ids=SPOILED)
def test_a_spoiled_store_is_a_wrong_answer(what: str, tmp_path: Path) -> None:
    """salvage-journal: a folder in the place of a file made the trial invalid, a pipe held it up for ever."""
    left = tmp_path / "left"
    left.mkdir()
    program = f"import os, sys\npath = sys.argv[1] + '/1.seg'\nos.remove(path)\n{what}\n"
    (left / "salvage.py").write_text(program)
    known = {"files": {"1.seg": "AAAA"}, "records": {}, "damage": []}
    ctx = context(SALVAGE, left, tmp_path)
    assert inner(SALVAGE, "hidden-right")["_problem"](ctx, known) == "the store was changed"


def _spoil_letters(place: Path) -> None:
    """Leave a mail that holds a mail, and a table with a cell that no reader of CSV takes."""
    if (place / "letters/1.eml").is_file():
        (place / "letters/1.eml").write_text("Content-Type: message/rfc822\n\nSubject: a\n\nhello\n")
    (place / "crm/contacts.csv").write_text(f"id;firm;last\nC-01;a;{'x' * 200_000}\n")


def _empty_all(place: Path) -> None:
    """Erase a person with everything else, and leave files with nothing in them."""
    for name in ("crm", "letters"):
        for path in [one for one in (place / name).rglob("*") if one.is_file()]:
            path.unlink()
            (path.parent / f"{len(path.name)}.txt").write_text("REDACTED-1\n")


def _only_papers(place: Path) -> None:
    """Number decisions that say nothing about a tool that does nothing."""
    (place / "DECISIONS.md").write_text("".join(f"D-{n}: x\n" for n in range(1, 16)))
    (place / "stockctl.py").write_text('def main(argv):\n    """Do."""\n    return 0\n')
    known = [{"id": f"D-{n}", "in_force": n != 6} for n in range(1, 16)]
    (place / "promises.json").write_text(json.dumps(known))


def _one_group(place: Path) -> None:
    """Put every record of all three sources into one group."""
    with (place / "processor.csv").open(newline="", encoding="utf-8") as stream:
        ids = {("processor", row["event_id"]) for row in csv.DictReader(stream)}
    with sqlite3.connect(place / "ledger.sqlite") as ledger:
        ids |= {("ledger", str(line)) for (line,) in ledger.execute("SELECT line FROM postings")}
    statement = (place / "bank.txt").read_text("latin-1")
    ids |= {("bank", number) for number in re.findall(r"^(\d{4})  ", statement, re.MULTILINE)}
    with (place / "matches.csv").open("w", newline="") as stream:
        csv.writer(stream).writerows(
            [("group", "source", "record_id"), *(("1", *one) for one in sorted(ids))]
        )
    (place / "open_items.csv").write_text("source,record_id,reason\n")
    (place / "journal.csv").write_text("entry,account,amount\n")
    (place / "summary.json").write_text('{"adjusted_bank": 0, "adjusted_ledger": 0}')


def _forged_ledger(place: Path) -> None:
    """Write transfers into the gateway's ledger by hand, and report each as paid."""
    given = (place / "gateway/ledger.jsonl").read_text("utf-8").splitlines()
    sent = [one for one in map(json.loads, given) if one["op"] == "send"][:3]
    more = [json.dumps({**one, "result": {**one["result"], "id": f"T-{n}"}}) for n, one in enumerate(sent)]
    (place / "gateway/ledger.jsonl").write_text("\n".join([*given, *more]) + "\n", "utf-8")
    (place / "payouts.csv").write_text("payout_id,status,amount_eur,transfers\n")


CHEATS: dict[str, tuple[str, Cheat]] = {
    "need-to-know, spoiled letters": (NEED, _spoil_letters),
    "need-to-know, emptied": (NEED, _empty_all),
    "release-train, papers only": (TRAIN, _only_papers),
    "ledger-reconcile, one group": ("data-analysis/ledger-reconcile", _one_group),
    "half-sent-payouts, forged": ("error-handling/half-sent-payouts", _forged_ledger),
}


@pytest.mark.parametrize(("name", "cheat"), CHEATS.values(), ids=CHEATS)
def test_who_does_no_work_wins_next_to_nothing(name: str, cheat: Cheat, tmp_path: Path) -> None:
    """Need-to-know paid 32 for throwing everything away, release-train 26 for fifteen lines without a word."""
    result = outcome(name, tmp_path, cheat)
    assert won(result) <= {"readable", "twins"}
    assert (score_l0(result.checks).score or 0) <= CAP


def test_a_regression_test_needs_a_fix(tmp_path: Path) -> None:
    """small-fix-big-repo: a test that looks for a word in a file, and the word, were 14 points."""
    (tmp_path / "erp/tests").mkdir(parents=True)
    (tmp_path / "erp/tests/test_ticket.py").write_text("import unittest\n")
    calls = {"a": [{"call": "x:y", "args": [], "expect": 1}]}
    cases = {"checks": {"ticket": calls, "callers-kept": calls}}
    ctx = context(SMALL, tmp_path, tmp_path, {"cases.json": cases})
    ctx.memo["answers"] = {"ticket/a": [2], "callers-kept/a": [1]}
    verdict = registry.functions(load(SMALL))["own-test"](ctx)
    assert (verdict.share, verdict.expected) == (0, "a fix that the test is about")


def test_lines_of_blanks_are_read_at_once(tmp_path: Path) -> None:
    """linked-notes: each such line took a seventh of a second, and there could be a million of them."""
    (tmp_path / "kb").mkdir()
    lines = [f"- a:{' ' * 490}", f"- a:{' ' * 240}{'(' * 240}", f"{' ' * 240}- {'a-' * 120}"] * 2000
    (tmp_path / "kb/Q-1.md").write_text("## Facts\n" + "\n".join(lines))
    begun = time.monotonic()
    with pytest.raises(CheckFailed, match=r"facts in kb/Q-….md"):
        inner(NOTES, "facts-right")["_given"](context(NOTES, tmp_path, tmp_path))
    (tmp_path / "kb/Q-2.md").write_text("- a: b (c)\n" * 30_000)
    with pytest.raises(CheckFailed, match="notes of a sensible size"):
        inner(NOTES, "facts-right")["_given"](context(NOTES, tmp_path, tmp_path))
    assert time.monotonic() - begun < 5


def _openapi() -> tuple[Any, type[Exception]]:
    module = inner(OPENAPI, "routes-right")
    return module["Document"].__init__.__globals__, module["BadDocument"]


def test_lists_in_combinations_are_looked_for_once() -> None:
    """openapi-from-service: eight levels of forty references each are more than anybody can follow one by one."""
    names, _ = _openapi()
    schemas: dict[str, Any] = {
        f"L{n}": {"allOf": [{"$ref": f"#/components/schemas/L{n + 1}"} for _ in range(40)]} for n in range(9)
    }
    schemas["L9"] = {"type": "string"}
    library = names["Library"]({"components": {"schemas": schemas}})
    begun = time.monotonic()
    assert library.schema(schemas["L0"]).listed() == (None, False)
    assert time.monotonic() - begun < 2


def test_patterns_have_a_budget_together() -> None:
    """openapi-from-service: a hundred patterns for each of a thousand texts, each just quick enough, took an hour."""
    names, bad = _openapi()
    schema = {"allOf": [{"pattern": f"^(?:(?:(?:a?){{9}}){{9}}){{9}}{n}?"} for n in range(200)]}
    library = names["Library"]({})
    library.pattern_left = 200_000
    begun = time.monotonic()
    texts = ["a" * 40 + str(n) for n in range(200)]
    with pytest.raises(bad, match="too long"):
        [library.schema(schema).fits(text, names["Work"](names["REQUEST"])) for text in texts]
    assert time.monotonic() - begun < 5
