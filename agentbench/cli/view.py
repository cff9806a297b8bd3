"""``view``: the runs as pages on loopback."""

from __future__ import annotations

import argparse
import asyncio
import sys
import webbrowser

from agentbench import i18n
from agentbench.cli.common import Command, add_results, print_json, results_dir, say
from agentbench.errors import UsageError
from agentbench.i18n import _
from agentbench.site.server import serve


def _configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--port", type=int, default=8737, metavar="N", help="port on 127.0.0.1 (default 8737; 0: any)"
    )
    parser.add_argument("--open", action="store_true", help="show it in the browser")
    add_results(parser)


def _view(args: argparse.Namespace) -> int:
    if not 0 <= args.port < 65536:
        raise UsageError(f"{args.port} is not between 0 and 65535", where="--port")

    def ready(address: str) -> None:
        if args.json:
            print_json({"address": address})
        else:
            say(
                _("Runs of {folder} on {address} (Ctrl-C ends it)").format(
                    folder=results_dir(args), address=address
                )
            )
        sys.stdout.flush()
        if args.open:
            webbrowser.open(address)

    asyncio.run(serve(results_dir(args), args.port, i18n.language(), ready))
    return 0


COMMANDS = {"view": Command(_configure, _view)}
