"""The runs of a folder as files that any web server, or none, shows: the same pages as ``view``."""

from __future__ import annotations

from pathlib import Path

import msgspec

from agentbench import codec, history, paths, report, stored
from agentbench.compare import compare_all
from agentbench.compare.pages import render_html
from agentbench.errors import AgentBenchError, UsageError
from agentbench.history import Summary
from agentbench.site import pages

MARK = ".agentbench-site"


def write(results: Path, out: Path) -> tuple[int, list[str]]:
    """Write the list, the report of each finished run, and its comparison with the one before that measured the same.

    Returns how many reports were written, and a line for each run that is left out. ``out`` must be new, empty, or an
    earlier site, whose pages of runs that are gone stay. Raises UsageError, EnvironmentNotReady.
    """
    if out.exists() and not out.is_dir():
        raise UsageError("is no folder", where=str(out))
    if out.is_dir() and any(out.iterdir()) and not (out / MARK).is_file():
        raise UsageError("holds other files", where=str(out), hint="Name a new or empty folder.")
    runs = history.load(results)
    codec.atomic_write(out / MARK, b"")
    shown, left = [], []
    for run in runs:
        try:
            _write_run(out, results, run)
            shown.append(run)
        except AgentBenchError as error:
            left.append(f"{run.run_id}: {error}")
    _write_comparisons(out, results, shown)
    codec.atomic_write(out / "index.html", pages.render_runs(shown, pages.STATIC).encode())
    return len(shown), left


def _write_run(out: Path, results: Path, run: Summary) -> None:
    payload = stored.load_intact(_paths(results, run))
    codec.atomic_write(out / run.run_id / "report.html", report.render_html(payload).encode())
    codec.atomic_write(out / run.run_id / "summary.json", msgspec.json.encode(run))


def _write_comparisons(out: Path, results: Path, shown: list[Summary]) -> None:
    for run_id, series in history.series(shown).items():
        if len(series) > 1:
            before, run = series[-2:]
            payloads = [stored.load_intact(_paths(results, one)) for one in (before, run)]
            page = render_html(compare_all(payloads))
            codec.atomic_write(out / "compare" / f"{before.run_id}--{run_id}.html", page.encode())


def _paths(results: Path, run: Summary) -> paths.RunPaths:
    return paths.RunPaths(results / Path(run.path).name)
