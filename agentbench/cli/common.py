"""What the commands share: the shape of a command, and the options that select tasks and places."""

from __future__ import annotations

import argparse
import secrets
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from agentbench import codec, i18n, paths, tasks
from agentbench.agents.base import About
from agentbench.errors import UsageError
from agentbench.i18n import _
from agentbench.identity import Options, TrialLimits
from agentbench.model import Task
from agentbench.report import words
from agentbench.validators import registry

MAX_ATTEMPTS = 100


class Command(msgspec.Struct, frozen=True):
    """A command: adds its options to a parser, and runs."""

    configure: Callable[[argparse.ArgumentParser], None]
    execute: Callable[[argparse.Namespace], int]


def add_results(parser: argparse.ArgumentParser) -> None:
    """Add ``--results``, ``--json`` and ``--lang``."""
    where = "where runs lie (default $AGENTBENCH_RESULTS, else ./agentbench-results)"
    parser.add_argument("--results", metavar="DIR", help=where)
    parser.add_argument("--json", action="store_true", help="print JSON for programs")
    add_language(parser)


def add_language(parser: argparse.ArgumentParser) -> None:
    """Add ``--lang``, which `cli.main` heeds."""
    parser.add_argument(
        "--lang",
        choices=tuple(i18n.LANGUAGES),
        help="language of reports and tables (default: your locale's)",
    )


def add_selection(parser: argparse.ArgumentParser) -> None:
    """Add the options that select tasks."""
    parser.add_argument("--fast", action="store_true", help="easy and medium tasks only")
    parser.add_argument(
        "--suite", action="append", default=[], metavar="NAME", help="one domain; may be repeated"
    )
    parser.add_argument("--task", action="append", default=[], metavar="ID", help="one task; may be repeated")
    parser.add_argument("--tasks", metavar="DIR", help="a folder of suites instead of the skill's own")


def add_run(parser: argparse.ArgumentParser) -> None:
    """Add the options of a run."""
    parser.add_argument(
        "--strict",
        action="store_true",
        help="say what is missing for externally verified scoring, which no run can earn yet",
    )
    parser.add_argument("--attempts", type=int, default=1, metavar="N", help="independent attempts per task")
    parser.add_argument("--seed", type=int, metavar="N", help="seed of the inputs (default: random)")
    parser.add_argument("--keep-workspace", action="store_true", help="leave the workspaces under /tmp")


def selected(args: argparse.Namespace) -> list[Task]:
    """Return the tasks that the options select. Raises TaskError, UsageError."""
    loaded = tasks.load_suites(
        paths.tasks_dir(args.tasks),
        registry.catalogue(others=args.tasks is not None),
        ids=() if args.suite else args.task,
    )
    return tasks.select(loaded, fast=args.fast, suites=args.suite, ids=args.task)


def run_options(
    args: argparse.Namespace,
    *,
    kind: str,
    about: About,
    sandbox: str | None = None,
    limits: TrialLimits | None = None,
) -> Options:
    """Return the options of a run. Raises UsageError for numbers out of range."""
    if not 1 <= args.attempts <= MAX_ATTEMPTS:
        raise UsageError(f"{args.attempts} is not between 1 and {MAX_ATTEMPTS}", where="--attempts")
    if args.seed is not None and not 0 <= args.seed < 2**31:
        raise UsageError(f"{args.seed} is not between 0 and {2**31 - 1}", where="--seed")
    return Options(
        kind=kind,
        about=about,
        sandbox=sandbox,
        limits=limits or TrialLimits(),
        fast=args.fast,
        suites=tuple(args.suite),
        task_ids=tuple(args.task),
        tasks_dir=str(paths.tasks_dir(args.tasks)),
        attempts=args.attempts,
        seed=secrets.randbelow(2**31 - MAX_ATTEMPTS) if args.seed is None else args.seed,
        strict=args.strict,
        keep_workspace=args.keep_workspace,
    )


def results_dir(args: argparse.Namespace) -> Path:
    """Return where runs lie."""
    return paths.results_dir(args.results)


def print_json(value: Any) -> None:
    """Print ``value`` as indented JSON."""
    sys.stdout.write(msgspec.json.format(msgspec.json.encode(value), indent=2).decode() + "\n")


def write_out(option: str, file: str, content: bytes) -> None:
    """Write a file that an option asks for, and say so on standard error. Raises UsageError, EnvironmentNotReady."""
    path = Path(file).expanduser().absolute()
    if path.is_dir():
        raise UsageError("is a folder", where=f"{option} {file}", hint="Name a file in it.")
    if not path.parent.is_dir():
        raise UsageError("no such folder", where=f"{option} {path.parent}", hint="Make it first.")
    codec.atomic_write(path, content)
    print(_("Wrote {file}").format(file=words.clean(str(path))), file=sys.stderr)


def say(text: str) -> None:
    """Print ``text``, whatever the terminal can encode."""
    encoding = sys.stdout.encoding or "utf-8"
    print(text.encode(encoding, "backslashreplace").decode(encoding))
