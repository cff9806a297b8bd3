"""``tasks check`` (the quality gate, as a table), ``tasks new`` (begin a task), ``tasks cards`` (a page about all)."""

from __future__ import annotations

import argparse
import contextlib
import os
import time
from pathlib import Path

import msgspec
from rich.console import Console
from rich.table import Table

from agentbench import cards, paths, scaffold, taskcheck, tasks
from agentbench.cli.common import Command, print_json, say
from agentbench.errors import UsageError
from agentbench.model import Difficulty, Task
from agentbench.taskcheck import Examined, Finding
from agentbench.validators import registry

FIRST_SEED = 101
_PLAIN_WIDTH = 110


def _configure(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True, metavar="check|new|cards")
    check = actions.add_parser("check", help="apply the quality gate", allow_abbrev=False)
    check.add_argument("ids", nargs="*", default=[], metavar="ID", help="tasks (default: all)")
    check.add_argument("--seeds", type=int, default=3, metavar="N", help="how many seeds (default 3)")
    check.add_argument(
        "--first-seed", type=int, default=FIRST_SEED, metavar="N", help=f"default {FIRST_SEED}"
    )
    check.add_argument("--jobs", type=int, default=os.cpu_count() or 1, metavar="N", help="processes at work")
    new = actions.add_parser("new", help="begin a task: files that load, to be written", allow_abbrev=False)
    new.add_argument("name", metavar="SUITE/SLUG", help="for example research/price-history")
    new.add_argument(
        "--difficulty", choices=[one.value for one in Difficulty], default="medium", help="default medium"
    )
    cards_ = actions.add_parser(
        "cards", help="print a page about all tasks, as docs/tasks.md", allow_abbrev=False
    )
    for action in (check, new, cards_):
        action.add_argument("--tasks", metavar="DIR", help="a folder of suites instead of the skill's own")
        action.add_argument("--json", action="store_true", help="print JSON for programs")
    parser.epilog = "Each takes --tasks DIR and --json; `agentbench tasks check --help` says more."


def _tasks(args: argparse.Namespace) -> int:
    return {"check": _check, "new": _new, "cards": _cards}[args.action](args)


def _check(args: argparse.Namespace) -> int:
    if not 1 <= args.seeds <= 100 or args.jobs < 1:
        raise UsageError("--seeds takes 1 to 100, --jobs at least 1", where="tasks check")
    loaded = tasks.load_suites(paths.tasks_dir(args.tasks), registry.catalogue(others=True), ids=args.ids)
    chosen = tasks.select(loaded, ids=args.ids)
    seeds = list(range(args.first_seed, args.first_seed + args.seeds))
    started = time.monotonic()
    examined: list[Examined] = []
    for one in taskcheck.examine_all([Path(task.folder) for task in chosen], seeds, args.jobs):
        examined.append(one)
        if not args.json:
            say(f"  {one.task_id:<40} seed {one.seed}  {_mark(one.findings)}")
    findings = [finding for one in examined for finding in one.findings] + taskcheck.same_answers(examined)
    if args.json:
        print_json({"tasks": [task.id for task in chosen], "seeds": seeds, "findings": findings})
    else:
        _print(chosen, examined, findings, time.monotonic() - started)
    return 1 if findings else 0


def _print(chosen: list[Task], examined: list[Examined], findings: list[Finding], seconds: float) -> None:
    """Print a row for each task, what is broken, and the verdict."""
    table = Table(box=None, pad_edge=False)
    for title in ("task", "difficulty", "checks", "required", "guards", "solutions", "seeds", "gate"):
        table.add_column(title, justify="right" if title in _NUMBERS else "left", no_wrap=True)
    for task in chosen:
        mine = [one for one in examined if one.task_id == task.id]
        guards = sum(check.guard for check in task.checks)
        table.add_row(
            f"{task.suite}/{task.slug}",
            task.difficulty.value,
            str(len(task.checks) - guards),
            str(sum(check.required and not check.guard for check in task.checks)),
            str(guards),
            str(max((one.solutions for one in mine), default=0)),
            str(len(mine)),
            _mark([finding for finding in findings if finding.task_id == task.id]),
        )
    console = Console(highlight=False, soft_wrap=True)
    if not console.is_terminal:
        console = Console(highlight=False, soft_wrap=True, width=_PLAIN_WIDTH)
    console.print()
    console.print(table)
    for told in _told_once(findings):
        say(f"BROKEN {told}")
    verdict = "gate met" if not findings else f"gate not met, {_count(len(findings), 'finding')}"
    n_seeds = len({one.seed for one in examined})
    say(f"{_count(len(chosen), 'task')} x {_count(n_seeds, 'seed')} in {seconds:.0f} s: {verdict}")


def _told_once(findings: list[Finding]) -> list[str]:
    """Return a line for each finding; what is broken alike on several seeds is told once, with all of them."""
    alike: dict[Finding, list[int]] = {}
    for one in sorted(findings, key=str):
        alike.setdefault(msgspec.structs.replace(one, seed=0), []).append(one.seed)
    lines = []
    for one, seeds in alike.items():
        first = str(msgspec.structs.replace(one, seed=seeds[0]))
        several = f"seeds {', '.join(map(str, seeds))}"
        lines.append(first if len(seeds) == 1 else first.replace(f"seed {seeds[0]}", several, 1))
    return lines


_NUMBERS = frozenset({"checks", "required", "guards", "solutions", "seeds"})


def _mark(findings: list[Finding]) -> str:
    return "ok" if not findings else f"{len(findings)} broken"


def _new(args: argparse.Namespace) -> int:
    if args.tasks:
        with contextlib.suppress(OSError):
            Path(args.tasks).expanduser().mkdir()
    made = scaffold.create(paths.tasks_dir(args.tasks), args.name, Difficulty(args.difficulty))
    if args.json:
        print_json({"files": [str(path) for path in made]})
        return 0
    for path in made:
        say(f"  {path}")
    where = f" --tasks {args.tasks}" if args.tasks else ""
    say(f"Write what is marked FILL IN, then: agentbench tasks check {args.name}{where}")
    say("docs/task-format.md says everything about these files.")
    return 0


def _cards(args: argparse.Namespace) -> int:
    suite = tasks.load_suites(paths.tasks_dir(args.tasks), registry.catalogue(others=True))
    if args.json:
        print_json([cards.facts(task) for task in suite])
    else:
        print(cards.markdown(suite), end="")
    return 0


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


COMMANDS = {"tasks": Command(_configure, _tasks)}
