"""``start``, ``done``, ``status``: the calls an agent makes when it benchmarks itself."""

from __future__ import annotations

import argparse
import importlib
from pathlib import Path
from typing import Any

from agentbench import active, protocol, scoring
from agentbench.agents.base import About
from agentbench.cli.common import (
    Command,
    add_results,
    add_run,
    add_selection,
    print_json,
    results_dir,
    run_options,
    say,
    selected,
)
from agentbench.errors import UsageError
from agentbench.handin import HandIn
from agentbench.paths import RunPaths


def _configure_start(parser: argparse.ArgumentParser) -> None:
    add_selection(parser)
    add_run(parser)
    add_results(parser)


def _start(args: argparse.Namespace) -> int:
    options = run_options(args, kind="self-run", about=About(name="openclaw"))
    run, report = protocol.start(options, selected(args), results_dir(args))
    return _conclude(run, report, as_json=args.json)


def _configure_done(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("token", help="the word printed with the task")
    parser.add_argument("--l2", metavar="POINTS", help="adherence, tools, approach, recovery")
    parser.add_argument("--l3", metavar="POINTS", help="completeness, accuracy, formatting, polish")
    parser.add_argument(
        "--calls", type=int, metavar="N", help="own count of tool calls, where no transcript can be read"
    )
    parser.add_argument("--errors", type=int, metavar="N", help="own count of failed calls")
    parser.add_argument(
        "--planning", type=float, metavar="P", help="share of the time before the first output, 0-1"
    )
    parser.add_argument(
        "--reply", metavar="FILE", help="the final answer to the user, where no transcript can be read"
    )
    parser.add_argument("--trace", metavar="FILE", help="what was understood, approach, files, difficulties")
    add_results(parser)


def _done(args: argparse.Namespace) -> int:
    if (args.l2 is None) != (args.l3 is None):
        raise UsageError("--l2 and --l3 go together", where="done")
    for name, low, high in (("calls", 0, 10**6), ("errors", 0, 10**6), ("planning", 0.0, 1.0)):
        value = getattr(args, name)
        if value is not None and not low <= value <= high:
            raise UsageError(f"{value} is not between {low} and {high}", where=f"--{name}")
    given = HandIn(
        token=args.token,
        assessment=scoring.parse_assessment(args.l2, args.l3) if args.l2 is not None else None,
        calls=args.calls,
        errors=args.errors,
        planning=args.planning,
        reply=args.reply,
        trace=args.trace,
    )
    run, report = protocol.done(results_dir(args), given)
    return _conclude(run, report, as_json=args.json)


def _status(args: argparse.Namespace) -> int:
    run, report = protocol.status(results_dir(args))
    return _conclude(run, report, as_json=args.json)


def _conclude(run: RunPaths, report: protocol.Report, *, as_json: bool) -> int:
    """Print what a call found; when every trial has its verdict, finish the run and print its summary."""
    payload: dict[str, Any] | None = None
    if report.complete:
        # The report needs Jinja2, which the other calls need not pay for.
        payload = importlib.import_module("agentbench.finish").finish(run)
        summary = importlib.import_module("agentbench.report").terminal_summary(payload, Path(run.root))
        report.lines += ["", summary]
    if as_json:
        print_json(
            {"run_id": run.run_id, "path": str(run.root), "complete": report.complete, "text": report.lines}
        )
    else:
        say("\n".join(report.lines))
    if report.complete:
        active.forget(run)
    return 0


COMMANDS = {
    "start": Command(_configure_start, _start),
    "done": Command(_configure_done, _done),
    "status": Command(add_results, _status),
}
