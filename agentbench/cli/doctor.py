"""``doctor``: what this machine has and lacks for a benchmark, and the next step for each problem."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator

import msgspec

from agentbench import doctor, providers
from agentbench.agents import openclaw_setup
from agentbench.cli.common import Command, add_results, add_selection, print_json, results_dir, say, selected
from agentbench.doctor import Finding, State
from agentbench.errors import EnvironmentNotReady, UsageError
from agentbench.metering.upstream import APIS, Upstream
from agentbench.report import words

_MARKS = {State.OK: "ok", State.NOTE: "note", State.PROBLEM: "PROBLEM"}
_COLOURS = {State.OK: "32", State.NOTE: "33", State.PROBLEM: "31;1"}


def _configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--model", metavar="ID", help="try this model out too; PROVIDER/MODEL without --base-url"
    )
    parser.add_argument("--base-url", metavar="URL", help="an OpenAI-compatible endpoint")
    parser.add_argument("--api-key-env", metavar="NAME", help="the variable that holds the endpoint's key")
    parser.add_argument("--api", choices=APIS, help="what the endpoint speaks (default openai-completions)")
    parser.add_argument("--quick", action="store_true", help="do not try the tasks out")
    add_selection(parser)
    add_results(parser)


def _doctor(args: argparse.Namespace) -> int:
    found: list[Finding] = []
    for finding in _findings(args):
        found.append(finding)
        if not args.json:
            _show(finding)
    problems = sum(one.state is State.PROBLEM for one in found)
    notes = any(one.state is State.NOTE for one in found)
    if args.json:
        print_json({"problems": problems, "findings": msgspec.to_builtins(found)})
    else:
        say(
            f"\n{words.plural(problems, 'problem')} in {len(found)} findings."
            if problems
            else f"\nNo problem in {len(found)} findings{': mind the notes' if notes else ''}."
        )
    return EnvironmentNotReady.exit_code if problems else 0


def _findings(args: argparse.Namespace) -> Iterator[Finding]:
    yield from doctor.machine(results_dir(args))
    if args.model or args.base_url:
        endpoint = _endpoint(args)
        name = endpoint["api_key_env"]
        key = os.environ.get(name) if name else None
        if name and not key:
            step = f"export {name}=…"
            yield Finding(what="Key", state=State.PROBLEM, found=f"{name} is not set", next_step=step)
        else:
            yield from doctor.endpoint(endpoint, key)
    if not args.quick:
        yield from doctor.suite(selected(args))


def _endpoint(args: argparse.Namespace) -> dict[str, str]:
    """Return the endpoint that the options name. Raises UsageError."""
    if not args.model:
        raise UsageError("needs --model", where="--base-url", hint="The model's name at that endpoint.")
    if args.base_url:
        api = args.api or APIS[0]
        root = Upstream(base_url=args.base_url, model=args.model, api=api).root
        return {"base_url": root, "model": args.model, "api": api, "api_key_env": args.api_key_env or ""}
    found, model = providers.find(args.model, openclaw_setup.own_providers())
    name = args.api_key_env or found.api_key_env
    return {"base_url": found.base_url, "model": model, "api": args.api or found.api, "api_key_env": name}


def _show(finding: Finding) -> None:
    mark = f"{_MARKS[finding.state]:<8}"
    if sys.stdout.isatty() and "NO_COLOR" not in os.environ:
        mark = f"\x1b[{_COLOURS[finding.state]}m{mark}\x1b[0m"
    say(f"{mark}{finding.what:<12} {words.one_line(words.clean(finding.found))}")
    if finding.next_step:
        say(f"{'':<21}-> {finding.next_step}")
    sys.stdout.flush()


COMMANDS = {"doctor": Command(_configure, _doctor)}
