"""``compare``: two runs side by side."""

from __future__ import annotations

import argparse

from agentbench import paths
from agentbench.cli.common import Command, add_results, print_json, results_dir, say
from agentbench.compare import compare, render_comparison
from agentbench.stored import load_intact


def _configure(parser: argparse.ArgumentParser) -> None:
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


COMMANDS = {"compare": Command(_configure, _compare)}
