"""``list``: the tasks, by domain."""

from __future__ import annotations

import argparse

from agentbench import paths, tasks
from agentbench.cli.common import Command, add_selection, print_json, say
from agentbench.report import words
from agentbench.validators import registry


def _configure(parser: argparse.ArgumentParser) -> None:
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


COMMANDS = {"list": Command(_configure, _list)}
