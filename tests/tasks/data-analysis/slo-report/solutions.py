"""A careful analyst, two who write the same figures otherwise, and careless ones for every slip."""

import csv
from pathlib import Path

from _slo_report_analyst import Analyst, write

HEADER, HOURS = ["route", "requests", "errors", "p95_ms", "budget_left_pct"], ["hour_utc", "route"]


def _report(workspace, slips=()):
    rows, bad = Analyst(workspace, slips).work()
    write(workspace, "slo.csv", HEADER, rows)
    write(workspace, "bad_hours.csv", HOURS, bad)


def oracle(workspace: Path) -> str:
    """Count by the rules and by the words that count."""
    _report(workspace)
    return "slo.csv and bad_hours.csv are written."


def other_form(workspace: Path) -> None:
    """Write the same with semicolons, in another order, rounded, with a note and other names of hours."""
    rows, bad = Analyst(workspace).work()
    mixed = [
        [f"{float(r[4]):.2f}", r[0].upper(), r[2], f"{float(r[3]):.1f}", r[1], "ok"] for r in reversed(rows)
    ]
    write(
        workspace,
        "slo.csv",
        ["budget_left_pct", "route", "errors", "p95_ms", "requests", "note"],
        mixed,
        delimiter=";",
    )
    write(workspace, "bad_hours.csv", HOURS, [[h.replace("Z", ":00+00:00"), r] for h, r in reversed(bad)])
    (workspace / "notes.md").write_text("the diary, in order\n", "utf-8")


def stuffer(workspace: Path) -> None:
    """List the routes with zeros."""
    rows = [
        [line.split()[2], 0, 0, 0, 100] for line in (workspace / "routes.txt").read_text().splitlines()[1:]
    ]
    write(workspace, "slo.csv", HEADER, rows)
    write(workspace, "bad_hours.csv", HOURS, [])


def _named(name, solution):
    solution.__name__ = name.replace("-", "_")
    globals()[solution.__name__] = solution
    return solution


def _slip(name):
    return _named(name, lambda workspace: _report(workspace, {name}))


def _cell(name, file, row, column, change):
    """Return a fault that changes a cell of a file that the oracle left."""

    def fault(workspace: Path) -> None:
        with (workspace / file).open(encoding="utf-8", newline="") as stream:
            rows = list(csv.reader(stream))
        line = next(line for line in rows if row in line)
        line[column] = change(line[column])
        write(workspace, file, rows[0], rows[1:])

    return _named(name, fault)


def drops_an_hour(workspace: Path) -> None:
    """Leave a bad hour out."""
    lines = (workspace / "bad_hours.csv").read_text("utf-8").splitlines()
    (workspace / "bad_hours.csv").write_text("\n".join(lines[:-1]) + "\n", "utf-8")


ALTERNATIVES = [other_form]
SLIPS = {
    "no-rollback": {"p95"},
    "note-as-local": {"p95"},
    "ms-as-us": {"p95"},
    "gone-in-p95": {"p95"},
    "gone-is-error": {"agents", "budget"},
    "probes-in": {"lines", "p95", "budget"},
    "quotes-lost": {"lines", "p95", "budget"},
    "first-objective": {"budget"},
    "withdrawn-objective": {"budget"},
    "no-maintenance": {"agents", "p95", "budget", "bad-hours"},
    "local-hours": {"bad-hours"},
    "share-or-more": {"bad-hours"},
}
WRONG = {_slip(name): fails for name, fails in SLIPS.items()}
MUTATIONS = {
    _cell("one_request_more", "slo.csv", "users-me", 1, lambda text: str(int(text) + 1)): {"paths"},
    _cell("one_error_less", "slo.csv", "search", 2, lambda text: str(int(text) - 1)): {"agents"},
    _cell("another_count", "slo.csv", "files", 1, lambda text: str(int(text) - 1)): {"lines"},
    _cell("slower", "slo.csv", "reports", 3, lambda text: str(float(text) + 0.2)): {"p95"},
    _cell("more_left", "slo.csv", "checkout", 4, lambda text: str(float(text) + 0.05)): {"budget"},
    drops_an_hour: {"bad-hours"},
}
