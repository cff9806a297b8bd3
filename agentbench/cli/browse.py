"""``list``, ``results``, ``compare``, ``report``: look at tasks and at what runs found."""

from __future__ import annotations

import argparse
from typing import Any

from agentbench import identity as identities
from agentbench import paths, report, signing, stored, tasks
from agentbench.cli.common import Command, add_results, add_selection, print_json, results_dir, say
from agentbench.compare import compare, render_comparison
from agentbench.errors import ResultsError
from agentbench.instructions import points
from agentbench.paths import RunPaths
from agentbench.validators import registry


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
        say(f"## {suite} ({len(members)} task{'s' if len(members) > 1 else ''})")
        for task in members:
            say(f"  - {task.slug} [{task.difficulty}] {task.name}")
    say(
        f"\n{len(chosen)} tasks in {len(suites)} domains. Run one with --task ID, a domain with --suite NAME."
    )
    return 0


def _results(args: argparse.Namespace) -> int:
    rows = [_row(run) for run in paths.list_runs(results_dir(args))]
    if args.json:
        print_json(rows)
        return 0
    if not rows:
        say(f"No runs in {results_dir(args)} yet.")
        return 0
    say(f"{'Run':<20} {'Date (UTC)':<17} {'Overall':>10}  {'Profile':<8} {'Tasks':>5}")
    for row in rows:
        date = str(row["timestamp"])[:16].replace("T", " ")
        overall = (
            "unfinished"
            if row["overall_score"] is None and not row["finished"]
            else points(row["overall_score"])
        )
        note = "" if row["intact"] is not False else "  signature does not match"
        say(f"{row['run_id']:<20} {date:<17} {overall:>10}  {row['profile']:<8} {row['task_count']:>5}{note}")
    return 0


def _row(run: RunPaths) -> dict[str, Any]:
    """Return the line of one run; an unfinished one is taken from its identity."""
    if run.results.is_file():
        payload = stored.load(run)
        return {
            **{
                name: payload[name]
                for name in ("run_id", "timestamp", "overall_score", "profile", "task_count")
            },
            "path": str(run.root),
            "finished": True,
            "intact": signing.is_intact(payload),
        }
    identity = identities.load(run)
    return {
        "run_id": identity.run_id,
        "timestamp": identity.created_at,
        "overall_score": None,
        "profile": identity.profile,
        "task_count": len(identity.tasks),
        "path": str(run.root),
        "finished": False,
        "intact": None,
    }


def load_intact(run: RunPaths) -> dict[str, Any]:
    """Return the payload of a finished run. Raises ResultsError when it is damaged or was edited."""
    payload = stored.load(run)
    if not signing.is_intact(payload):
        raise ResultsError(
            "the signature does not match", where=str(run.results), hint="The file was changed."
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
