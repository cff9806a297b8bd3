"""A salvager that follows FORMAT.md, one of another build, and one for every slip."""

import json
import subprocess
import sys
from pathlib import Path

from _salvage_journal_program import program


def _deliver(workspace, text, run=None):
    (workspace / "salvage.py").write_text(text, "utf-8")
    file = workspace / "salvage.py"
    if run is not None:
        file = workspace / "right.py"
        file.write_text(run, "utf-8")
    subprocess.run(
        [sys.executable, "-S", str(file), str(workspace / "data"), str(workspace / "out")], check=True
    )
    if run is not None:
        file.unlink()


def oracle(workspace: Path) -> str:
    """Write the program and run it."""
    _deliver(workspace, program())
    return "salvage.py is written, and out/ has what is left."


def in_another_form(workspace: Path) -> None:
    """Deliver a package of two files, rows in another order, and semicolons."""
    text = program()
    for old, new in (
        ("stream.write(json.dumps(", "stream.write(json.dumps(dict(note=1) | "),
        ("csv.writer(stream)", "csv.writer(stream, delimiter=';')"),
        ("main(*sys.argv[1:])\n", ""),
        ("*damage]", "*damage[::-1]]"),
    ):
        text = text.replace(old, new)
    (workspace / "journal.py").write_text(text, "utf-8")
    _deliver(workspace, "import sys\n\nimport journal\n\njournal.main(*sys.argv[1:])\n")


def stuffer(workspace: Path) -> None:
    """Write empty results, and a program that does."""
    text = (
        "import pathlib, sys\nout = pathlib.Path(sys.argv[2])\nout.mkdir(exist_ok=True)\n"
        "(out / 'records.jsonl').write_text('')\n(out / 'damage.csv').write_text('segment,start,end\\n')\n"
    )
    _deliver(workspace, text)


def _named(name, solution):
    solution.__name__ = name.replace("-", "_")
    globals()[solution.__name__] = solution
    return solution


def _slip(name):
    return _named(name, lambda workspace: _deliver(workspace, program(name), program()))


def _mutation(name):
    """Return a fault in the program alone."""

    def fault(workspace: Path) -> None:
        (workspace / "salvage.py").write_text(program(name), "utf-8")

    return _named(f"program_{name}", fault)


def another_value(workspace: Path) -> None:
    """Change a value of the given store's records."""
    path = workspace / "out/records.jsonl"
    first, *rest = path.read_text("utf-8").splitlines()
    row = json.loads(first)
    row["value"] += "."
    path.write_text("\n".join([json.dumps(row), *rest]) + "\n", "utf-8")


def a_byte_less(workspace: Path) -> None:
    """Let a range of the given store end a byte too early."""
    path = workspace / "out/damage.csv"
    head, first, *rest = path.read_text("utf-8").splitlines()
    segment, start, end = first.split(",")
    path.write_text("\n".join([head, f"{segment},{start},{int(end) - 1}", *rest]) + "\n", "utf-8")


HIDDEN = {"frames", "transactions", "items", "segments", "fuzzed", "intact"}
DOUBT = HIDDEN - {"intact"}
FAILS = {
    "no-resync": {"frames", "transactions", "items", "fuzzed"},
    "any-generation": {"frames"},
    "tail-damaged": HIDDEN,
    "no-copy": {"segments"},
    "copied-too": {"segments"},
    "no-doubt": DOUBT,
    "doubt-for-ever": DOUBT,
    "file-order": HIDDEN,
    "one-order": HIDDEN,
    "batch-first": {"items"},
    "no-flag": HIDDEN,
    "crashes": {"items"},
}
ALTERNATIVES = [in_another_form]
WRONG = {_slip(name): fails for name, fails in FAILS.items()}
MUTATIONS = {
    another_value: {"given-records"},
    a_byte_less: {"given-damage"},
    _mutation("copied-too"): {"segments"},
    _mutation("no-doubt"): DOUBT,
    _mutation("file-order"): HIDDEN,
}
