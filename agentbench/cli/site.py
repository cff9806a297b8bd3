"""``site``: the runs as pages in a folder."""

from __future__ import annotations

import argparse
from pathlib import Path

from agentbench.cli.common import Command, add_results, print_json, results_dir, say
from agentbench.i18n import _
from agentbench.site.static import write


def _configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("out", metavar="OUT", help="folder to write to: new, empty, or an earlier site")
    add_results(parser)


def _site(args: argparse.Namespace) -> int:
    out = Path(args.out).expanduser().absolute()
    n_reports, left = write(results_dir(args), out)
    if args.json:
        print_json({"index": str(out / "index.html"), "reports": n_reports, "left_out": left})
        return 0
    for line in left:
        say(_("Left out: {line}").format(line=line))
    say(_("Wrote {n} reports; begin with {file}").format(n=n_reports, file=out / "index.html"))
    return 0


COMMANDS = {"site": Command(_configure, _site)}
