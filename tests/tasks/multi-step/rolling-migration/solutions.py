"""Solutions of rolling-migration."""

import re
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
    """FILL"""
    _faulty(workspace, "reads_first")


def one_by_one(workspace: Path) -> None:
    """FILL"""
    _faulty(workspace, "one_by_one")


def first_comer(workspace: Path) -> None:
    """FILL"""
    _faulty(workspace, "first_comer")


def v2_does_not_release(workspace: Path) -> None:
    """FILL"""
    _faulty(workspace, "v2_does_not_release")


def imports_anew(workspace: Path) -> None:
    """FILL"""
    _faulty(workspace, "imports_anew")


def or_ignore(workspace: Path) -> None:
    """FILL"""
    _faulty(workspace, "or_ignore")


def not_equal(workspace: Path) -> None:
    """FILL"""
    _faulty(workspace, "not_equal")


def spells_place(workspace: Path) -> None:
    """FILL"""
    _faulty(workspace, "spells_place")


def trusts_foreign_keys(workspace: Path) -> None:
    """FILL"""
    _faulty(workspace, "trusts_foreign_keys")


def does_not_count(workspace: Path) -> None:
    """FILL"""
    _faulty(workspace, "does_not_count")


def moves_house(workspace: Path) -> None:
    """FILL"""
    _faulty(workspace, "moves_house")


def all_at_once(workspace: Path) -> None:
    """FILL"""
    _faulty(workspace, "all_at_once")


def remembers(workspace: Path) -> None:
    """FILL"""
    _faulty(workspace, "remembers")


def drops_all_triggers(workspace: Path) -> None:
    """FILL"""
    _faulty(workspace, "drops_all_triggers")


def leaves_its_state(workspace: Path) -> None:
    """FILL"""
    _faulty(workspace, "leaves_its_state")


def renumbers_anew(workspace: Path) -> None:
    """FILL"""
    _faulty(workspace, "renumbers_anew")


def never_gives_up(workspace: Path) -> None:
    """FILL"""
    _faulty(workspace, "never_gives_up")


def settles_for_all(workspace: Path) -> None:
    """FILL"""
    _faulty(workspace, "settles_for_all")


ALTERNATIVES = [by_rows, in_steps]
WRONG = {}
MUTATIONS = {}


def _faulty(workspace: Path, name: str) -> None:
    """Deliver the program with a fault."""
    _deliver(workspace, faults.replaced(PROGRAM, faults.FAULTS[name]))


def _deliver(workspace: Path, program: str) -> None:
    size = re.search(r"adds at most (\d+) rows", (workspace / "PLAN.md").read_text("utf-8"))[1]
    schema = (workspace / "schema_v2.sql").read_text("utf-8")
    text = program.lstrip().replace("@SIZE@", size).replace("@SCHEMA@", schema)
    (workspace / "migrate.py").write_text(text, "utf-8")
