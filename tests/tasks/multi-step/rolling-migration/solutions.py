"""Solutions of rolling-migration. A wrong one, or a mutation, is the oracle's program with one thing missed."""

import re
import subprocess
import sys
from pathlib import Path

import _rolling_migration_faults as faults
from _rolling_migration_program import PROGRAM


def oracle(workspace: Path) -> str:
    """Write the program."""
    _deliver(workspace, PROGRAM)
    return "migrate.py is written."


def by_rows(workspace: Path) -> None:
    """Carry the rows in Python from the top, and leave what is not moved yet to the backfill."""
    _deliver(workspace, faults.replaced(PROGRAM, faults.BY_ROWS))


def in_steps(workspace: Path) -> None:
    """One row a transaction, a write-ahead log, and tables made and dropped one by one."""
    _deliver(workspace, faults.replaced(PROGRAM, faults.IN_STEPS))


def reads_first(workspace: Path) -> None:
    """Reads a batch before the transaction in which it is written."""
    _faulty(workspace, "reads_first")


def one_by_one(workspace: Path) -> None:
    """Lets each statement of expand stand for itself."""
    _faulty(workspace, "one_by_one")


def first_comer(workspace: Path) -> None:
    """Lets who came first keep a shared email."""
    _faulty(workspace, "first_comer")


def v2_does_not_release(workspace: Path) -> None:
    """Forgets who waits for the email of a member whom v2 deletes."""
    _faulty(workspace, "v2_does_not_release")


def imports_anew(workspace: Path) -> None:
    """Takes a card that comes again for a new customer."""
    _faulty(workspace, "imports_anew")


def not_equal(workspace: Path) -> None:
    """Compares emails in a way that NULL escapes."""
    _faulty(workspace, "not_equal")


def notes_who_moved(workspace: Path) -> None:
    """Relies in a table of its own on foreign keys, which v1 has switched off."""
    _faulty(workspace, "notes_who_moved")


def does_not_count(workspace: Path) -> None:
    """Leaves orders_n to v1's triggers alone."""
    _faulty(workspace, "does_not_count")


def moves_house(workspace: Path) -> None:
    """Changes the address itself if one alone lives there."""
    _faulty(workspace, "moves_house")


def all_at_once(workspace: Path) -> None:
    """Moves everything in one transaction."""
    _faulty(workspace, "all_at_once")


def remembers(workspace: Path) -> None:
    """Remembers across a rollback that the backfill had ended."""
    _faulty(workspace, "remembers")


def drops_all_triggers(workspace: Path) -> None:
    """Drops v1's own triggers with the others."""
    _faulty(workspace, "drops_all_triggers")


def leaves_its_state(workspace: Path) -> None:
    """Keeps a table of its own after contract."""
    _faulty(workspace, "leaves_its_state")


def renumbers_anew(workspace: Path) -> None:
    """Takes somebody with another number for somebody else."""
    _faulty(workspace, "renumbers_anew")


def settles_for_all(workspace: Path) -> None:
    """Keeps the first spelling of an email in conflict."""
    _faulty(workspace, "settles_for_all")


def migrates_ours(workspace: Path) -> None:
    """Begins with the database that was to stay as it is."""
    oracle(workspace)
    argv = [sys.executable, "-S", "migrate.py", "shop.db", "expand"]
    subprocess.run(argv, cwd=workspace, check=True, timeout=60)


def stuffer(workspace: Path) -> None:
    """Deliver a program that makes the new tables and says that all is done."""
    schema = (workspace / "schema_v2.sql").read_text("utf-8").replace(" TABLE ", " TABLE IF NOT EXISTS ")
    text = (
        f"import sqlite3, sys\ndb = sqlite3.connect(sys.argv[1])\ndb.executescript({schema!r})\ndb.commit()\n"
    )
    (workspace / "migrate.py").write_text(text, "utf-8")


ALTERNATIVES = [by_rows, in_steps]
WRONG = {
    one_by_one: {"killed"},
    first_comer: {"emails", "conflicts", "live"},
    v2_does_not_release: {"emails", "conflicts"},
    imports_anew: {"people"},
    remembers: {"phases"},
    migrates_ours: {"inputs-unchanged"},
}
MUTATIONS = {
    reads_first: {"live"},
    renumbers_anew: {"people"},
    not_equal: {"emails", "conflicts"},
    settles_for_all: {"conflicts"},
    moves_house: {"addresses"},
    does_not_count: {"orders"},
    all_at_once: {"batches"},
    drops_all_triggers: {"killed", "phases", "rollback"},
    leaves_its_state: {"contract"},
    notes_who_moved: {"sound"},
}


def _faulty(workspace: Path, name: str) -> None:
    """Deliver the program with a fault."""
    _deliver(workspace, faults.replaced(PROGRAM, faults.FAULTS[name]))


def _deliver(workspace: Path, program: str) -> None:
    size = re.search(r"adds at most (\d+) rows", (workspace / "PLAN.md").read_text("utf-8"))[1]
    schema = (workspace / "schema_v2.sql").read_text("utf-8")
    text = program.lstrip().replace("@SIZE@", size).replace("@SCHEMA@", schema)
    (workspace / "migrate.py").write_text(text, "utf-8")
