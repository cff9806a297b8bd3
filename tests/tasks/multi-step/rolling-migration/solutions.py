"""Solutions of rolling-migration."""

import re
from pathlib import Path

from _rolling_migration_program import PROGRAM


def oracle(workspace: Path) -> str:
    """Write the program."""
    _deliver(workspace, PROGRAM)
    return "migrate.py is written."


def _deliver(workspace: Path, program: str) -> None:
    size = re.search(r"adds at most (\d+) rows", (workspace / "PLAN.md").read_text("utf-8"))[1]
    schema = (workspace / "schema_v2.sql").read_text("utf-8")
    text = program.lstrip().replace("@SIZE@", size).replace("@SCHEMA@", schema)
    (workspace / "migrate.py").write_text(text, "utf-8")
