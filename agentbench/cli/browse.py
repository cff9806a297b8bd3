"""``list``, ``results``, ``compare``, ``report``: look at tasks and at what runs found."""

from __future__ import annotations

import argparse
from typing import Any

from agentbench import identity as identities
from agentbench import ledger, paths, report, signing, stored, tasks
from agentbench.cli.common import Command, add_results, add_selection, print_json, results_dir, say
from agentbench.codec import sha256
from agentbench.compare import compare, render_comparison
from agentbench.errors import AgentBenchError, ResultsError
from agentbench.paths import RunPaths
from agentbench.report import words
from agentbench.validators import registry

_HEAD = ("Run", "Date (UTC)", "Agent", "Model", "Overall", "Resolved", "Profile", "Tasks", "Seed")
_RIGHT = (False, False, False, False, True, True, False, True, True)
_OF_PAYLOAD = (
    "run_id",
    "timestamp",
    "overall_score",
    "resolved_rate",
    "profile",
    "task_count",
    "model",
    "seed",
)


def _configure_list(parser: argparse.ArgumentParser) -> None:
    add_selection(parser)
    parser.add_argument("--json", action="store_true", help="print JSON for programs")


def _list(args: argparse.Namespace) -> int:
    loaded = tasks.load_suites(paths.tasks_dir(args.tasks), registry.catalogue())
    chosen = tasks.select(loaded, fast=args.fast, suites=args.suite, ids=args.task)
    if args.json:
        print_json(
            [
                {
                    "id": task.id,
                    "name": task.name,
                    "suite": task.suite,
                    "difficulty": task.difficulty,
                    "profiles": ["fast", "full"] if task.difficulty in tasks.FAST else ["full"],
                }
                for task in chosen
            ]
        )
        return 0
    suites = list(dict.fromkeys(task.suite for task in chosen))
    for suite in suites:
        members = [task for task in chosen if task.suite == suite]
        say(f"## {suite} ({words.plural(len(members), 'task')})")
        for task in members:
            say(f"  - {task.slug} ({task.id}) [{task.difficulty}] {task.name}")
    say(
        f"\n{words.plural(len(chosen), 'task')} in {words.plural(len(suites), 'domain')}. "
        "Run one with --task ID, a domain with --suite NAME."
    )
    return 0


def _results(args: argparse.Namespace) -> int:
    rows = [_row(run) for run in paths.list_runs(results_dir(args), unreadable=True)]
    if args.json:
        print_json(rows)
        return 0
    if not rows:
        say(f"No runs in {results_dir(args)} yet.")
        return 0
    lines = [_HEAD, *(_cells(row) for row in rows if not row["error"])]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    aligned = iter(["  ".join(map(_aligned, line, widths, _RIGHT)).rstrip() for line in lines])
    say(next(aligned))
    for row in rows:
        if row["error"]:
            say(words.one_line(words.clean(f"{row['run_id']}  cannot be read: {row['error']}")))
        else:
            say(next(aligned) + ("  signature does not match" if row["intact"] is False else ""))
    return 0


def _cells(row: dict[str, Any]) -> tuple[str, ...]:
    """Return what `_HEAD` announces of a run; a dash for what is not known."""
    return (
        row["run_id"],
        str(row["timestamp"])[:16].replace("T", " "),
        *(_short(row[name]) for name in ("agent", "model")),
        words.score(row["overall_score"]) if row["finished"] else "unfinished",
        words.percent(row["resolved_rate"]),
        row["profile"],
        str(row["task_count"]),
        str(row["seed"]),
    )


def _short(name: str | None) -> str:
    text = words.one_line(words.clean(name or words.DASH))
    return text if len(text) <= 40 else f"{text[:39]}…"


def _aligned(text: str, width: int, right: bool) -> str:
    return text.rjust(width) if right else text.ljust(width)


def _row(run: RunPaths) -> dict[str, Any]:
    """Return the line of one run; where it cannot be read, ``error`` says why and the figures are None."""
    try:
        return _figures(run)
    except (AgentBenchError, OSError) as error:
        return {
            **dict.fromkeys((*_OF_PAYLOAD, "agent", "finished", "intact")),
            "run_id": run.run_id,
            "path": str(run.root),
            "error": " ".join(str(error).split()),
        }


def _figures(run: RunPaths) -> dict[str, Any]:
    """Return the line of a readable run; an unfinished one is taken from its identity."""
    if run.results.is_file():
        payload = stored.load(run)
        return {
            **{name: payload[name] for name in _OF_PAYLOAD},
            "agent": payload["agent"]["name"],
            "path": str(run.root),
            "finished": True,
            "intact": signing.is_intact(payload),
            "error": None,
        }
    identity = identities.load(run)
    return {
        "run_id": identity.run_id,
        "timestamp": identity.created_at,
        "overall_score": None,
        "profile": identity.profile,
        "task_count": len(identity.tasks),
        "seed": identity.seed,
        "resolved_rate": None,
        "model": None,
        "agent": identity.agent,
        "path": str(run.root),
        "finished": False,
        "intact": None,
        "error": None,
    }


def load_intact(run: RunPaths) -> dict[str, Any]:
    """Return the payload of a finished run. Raises ResultsError when it is damaged or was edited."""
    payload = stored.load(run)
    if not signing.is_intact(payload):
        raise ResultsError(
            "the signature does not match", where=str(run.results), hint="The file was changed."
        )
    recorded = [entry.data.get("results") for entry in ledger.read(run) if entry.event == "run-finished"]
    if recorded and sha256(run.results.read_bytes()) not in recorded:
        raise ResultsError(
            "is not the file that the run ended with", where=str(run.results), hint="See its ledger."
        )
    return payload


def _configure_compare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("a", metavar="A", help="a run id, the start of one, `latest`, or a path")
    parser.add_argument("b", metavar="B")
    add_results(parser)


def _compare(args: argparse.Namespace) -> int:
    a, b = (load_intact(paths.find_run(results_dir(args), name)) for name in (args.a, args.b))
    comparison = compare(a, b)
    if args.json:
        print_json(comparison)
    else:
        say(render_comparison(comparison))
    return 0


def _configure_report(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("run", metavar="RUN", nargs="?", default="latest")
    add_results(parser)


def _report(args: argparse.Namespace) -> int:
    run = paths.find_run(results_dir(args), args.run)
    payload = load_intact(run)
    report.write_reports(run.root, payload)
    if args.json:
        print_json({"run_id": run.run_id, "html": str(run.report_html), "markdown": str(run.report_md)})
    else:
        say(report.terminal_summary(payload, run.root))
    return 0


COMMANDS = {
    "list": Command(_configure_list, _list),
    "results": Command(add_results, _results),
    "compare": Command(_configure_compare, _compare),
    "report": Command(_configure_report, _report),
}
