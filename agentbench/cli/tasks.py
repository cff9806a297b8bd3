"""``tasks check``: the quality gate, as a table."""

from __future__ import annotations

import argparse
import os
import time
from pathlib import Path

from agentbench import paths, taskcheck, tasks
from agentbench.cli.common import Command, print_json, say
from agentbench.errors import UsageError
from agentbench.taskcheck import Examined, Finding
from agentbench.validators import registry

FIRST_SEED = 101


def _configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("action", choices=["check"], metavar="check", help="check: apply the quality gate")
    parser.add_argument("ids", nargs="*", default=[], metavar="ID", help="tasks (default: all)")
    parser.add_argument("--seeds", type=int, default=3, metavar="N", help="how many seeds (default 3)")
    parser.add_argument(
        "--first-seed", type=int, default=FIRST_SEED, metavar="N", help=f"default {FIRST_SEED}"
    )
    parser.add_argument(
        "--jobs", type=int, default=os.cpu_count() or 1, metavar="N", help="processes at work"
    )
    parser.add_argument("--tasks", metavar="DIR", help="a folder of suites instead of the skill's own")
    parser.add_argument("--json", action="store_true", help="print JSON for programs")


def _tasks(args: argparse.Namespace) -> int:
    if not 1 <= args.seeds <= 100 or args.jobs < 1:
        raise UsageError("--seeds takes 1 to 100, --jobs at least 1", where="tasks check")
    loaded = tasks.load_suites(paths.tasks_dir(args.tasks), registry.catalogue(), ids=args.ids)
    chosen = tasks.select(loaded, ids=args.ids)
    seeds = list(range(args.first_seed, args.first_seed + args.seeds))
    started = time.monotonic()
    examined: list[Examined] = []
    for one in taskcheck.examine_all([Path(task.folder) for task in chosen], seeds, args.jobs):
        examined.append(one)
        if not args.json:
            mark = "ok" if not one.findings else f"{len(one.findings)} broken"
            say(f"  {one.task_id:<40} seed {one.seed}  {one.solutions:>2} solutions  {mark}")
    findings = [finding for one in examined for finding in one.findings] + taskcheck.same_answers(examined)
    if args.json:
        print_json({"tasks": [task.id for task in chosen], "seeds": seeds, "findings": findings})
    else:
        _print(findings, len(chosen), len(seeds), time.monotonic() - started)
    return 1 if findings else 0


def _print(findings: list[Finding], n_tasks: int, n_seeds: int, seconds: float) -> None:
    for finding in sorted(findings, key=str):
        say(f"BROKEN {finding}")
    verdict = "gate met" if not findings else f"gate not met, {_count(len(findings), 'finding')}"
    say(f"{_count(n_tasks, 'task')} x {_count(n_seeds, 'seed')} in {seconds:.0f} s: {verdict}")


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


COMMANDS = {"tasks": Command(_configure, _tasks)}
