"""``compare``: is one run better than another?"""

from __future__ import annotations

import argparse

from agentbench import paths
from agentbench.cli.common import Command, add_results, print_json, results_dir, say, write_out
from agentbench.compare import TARGET, compare_all, document, pages, text
from agentbench.compare.data import MOST_RUNS
from agentbench.compare.types import Comparison
from agentbench.errors import ResultsError, UsageError
from agentbench.report import words
from agentbench.stored import load_intact


def _configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "a", metavar="A", help="the baseline: a run id, the start of one, `latest`, or a path"
    )
    parser.add_argument("b", metavar="B")
    parser.add_argument("more", metavar="C", nargs="*", default=[], help="more runs, each compared with A")
    parser.add_argument("--html", metavar="FILE", help="write a page as well")
    parser.add_argument("--markdown", metavar="FILE", help="write Markdown as well")
    parser.add_argument(
        "--detect",
        metavar="POINTS",
        type=float,
        default=TARGET,
        help=f"say what would show a difference of so many points (default {TARGET:g})",
    )
    add_results(parser)


def _compare(args: argparse.Namespace) -> int:
    names = [args.a, args.b, *args.more]
    if not 0 < args.detect <= 100:
        raise UsageError(f"{args.detect:g} is not above 0 and at most 100", where="--detect")
    if len(names) > MOST_RUNS:
        raise UsageError(f"{len(names)} runs are more than {MOST_RUNS}", where="compare")
    payloads = [load_intact(paths.find_run(results_dir(args), name)) for name in names]
    comparisons = compare_all(payloads, args.detect)
    for comparison in comparisons:
        _require_shared(comparison)
    if args.html:
        write_out("--html", args.html, pages.render_html(comparisons).encode())
    if args.markdown:
        write_out("--markdown", args.markdown, pages.render_markdown(comparisons).encode())
    if args.json:
        print_json(document.as_json(comparisons))
    else:
        say(text.render_text(comparisons))
    return 0


def _require_shared(comparison: Comparison) -> None:
    """Raise ResultsError for runs that have nothing to compare."""
    if comparison.paired.n:
        return
    shared = any(task.change == "not-comparable" for task in comparison.tasks)
    raise ResultsError(
        "no task that both runs hold has a score in both"
        if shared
        else "the runs share no task of equal files",
        where=words.clean(f"{comparison.a.run_id}, {comparison.b.run_id}"),
        hint="Nothing can be compared.",
    )


COMMANDS = {"compare": Command(_configure, _compare)}
