"""``report``: write the reports of a finished run again, for people and for CI."""

from __future__ import annotations

import argparse
import webbrowser

from agentbench import paths, report
from agentbench.cli.common import Command, add_results, print_json, results_dir, say, write_out
from agentbench.errors import EnvironmentNotReady
from agentbench.stored import load_intact


def _configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("run", metavar="RUN", nargs="?", default="latest")
    parser.add_argument("--open", action="store_true", help="show report.html in the browser")
    parser.add_argument("--junit", metavar="FILE", help="write JUnit XML for a CI server as well")
    add_results(parser)


def _report(args: argparse.Namespace) -> int:
    run = paths.find_run(results_dir(args), args.run)
    payload = load_intact(run)
    report.write_reports(run.root, payload)
    if args.junit:
        write_out("--junit", args.junit, report.render_junit(payload))
    if args.json:
        print_json({"run_id": run.run_id, "html": str(run.report_html), "markdown": str(run.report_md)})
    else:
        say(report.terminal_summary(payload, run.root))
    if args.open and not webbrowser.open(run.report_html.as_uri()):
        raise EnvironmentNotReady(
            "no browser could be started", where="--open", hint=f"Open {run.report_html} yourself."
        )
    return 0


COMMANDS = {"report": Command(_configure, _report)}
