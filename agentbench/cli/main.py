"""Find the command, import its module alone, run it, and turn errors into one line and an exit code.

Exit codes: 0 ok, 1 finished but a gate is not met, 2 usage, 3 unexpected, 4 invalid task or results,
5 environment not ready, 130 interrupted.
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
import tempfile
import traceback
from collections.abc import Sequence
from types import ModuleType
from typing import Any, NoReturn

from agentbench import __version__, i18n
from agentbench.errors import AgentBenchError, EnvironmentNotReady, UsageError, did_you_mean

#: command → (module of this package, one line of help)
COMMANDS: dict[str, tuple[str, str]] = {
    "start": ("skill", "begin a benchmark of the agent that calls this, and print its first task"),
    "done": ("skill", "hand in the task at hand; print its score and the next task"),
    "status": ("skill", "say where the run stands, and print the task at hand again"),
    "run": ("run", "benchmark an agent headlessly"),
    "resume": ("resume", "go on with a run that was stopped or killed"),
    "list": ("list", "list the tasks, by domain"),
    "results": ("results", "list the runs"),
    "compare": ("compare", "say whether one run is better than another"),
    "analyze": ("analyze", "say what many runs tell of tasks, agents and the measurement"),
    "view": ("view", "show the runs as pages on this machine"),
    "site": ("site", "write the same pages to a folder"),
    "report": ("report", "write the reports of a run again"),
    "doctor": ("doctor", "say what this machine has and lacks for a benchmark"),
    "tasks": ("tasks", "check the tasks of a suite, begin a new one, print their cards"),
}


class Parser(argparse.ArgumentParser):
    """An argument parser whose errors are ours: one line, in words for people."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.register("type", int, _whole)
        self.register("type", float, _number)

    def error(self, message: str) -> NoReturn:
        """Raise UsageError where argparse would exit."""
        raise UsageError(
            message.removeprefix("argument "),
            where=self.prog.removeprefix("agentbench "),
            hint=f"See `{self.prog} --help`.",
        )


def _whole(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"needs a whole number, not {text!r}") from None


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"needs a number, not {text!r}") from None


def main(argv: Sequence[str]) -> int:
    """Run one command and return its exit code. Raises AgentBenchError."""
    if not argv or argv[0] in {"-h", "--help", "help"}:
        print(overview())
        return 0
    if argv[0] in {"-V", "--version"}:
        print(f"agentbench {__version__}")
        return 0
    name = argv[0]
    if name not in COMMANDS:
        raise UsageError(
            "unknown command", where=name, hint=did_you_mean(name, COMMANDS) or "See `agentbench --help`."
        )
    module = _module(name)
    parser = Parser(prog=f"agentbench {name}", description=COMMANDS[name][1], allow_abbrev=False)
    command = module.COMMANDS[name]
    command.configure(parser)
    args = parser.parse_args(argv[1:])
    with i18n.speaking(getattr(args, "lang", None) or i18n.of_locale()):
        code: int = command.execute(args)
    return code


def _module(name: str) -> ModuleType:
    """Return the module of a command. Raises EnvironmentNotReady when a package of an extra is not installed."""
    try:
        return importlib.import_module(f"agentbench.cli.{COMMANDS[name][0]}")
    except ModuleNotFoundError as error:
        package = (error.name or "").partition(".")[0]
        if package in {"", "agentbench"}:
            raise
        raise EnvironmentNotReady(
            f"needs the package {package}, which is not installed",
            where=name,
            hint="Install it: pip install 'agentbench[harness,analysis]'.",
        ) from None


def overview() -> str:
    """Return the help of the program."""
    width = max(map(len, COMMANDS))
    lines = [f"  {name:<{width}}  {text}" for name, (_, text) in COMMANDS.items()]
    return "\n".join(
        [
            f"agentbench {__version__}: the benchmark an agent can run on itself, and that others can believe",
            "",
            *lines,
            "",
            "`agentbench COMMAND --help` says more. Results go to --results DIR, $AGENTBENCH_RESULTS or",
            "./agentbench-results.",
        ]
    )


def entry() -> NoReturn:
    """Run as a program: never a traceback, always the exit code of the error."""
    try:
        code = main(sys.argv[1:])
        sys.stdout.flush()
    except AgentBenchError as error:
        print(f"agentbench: {error}", file=sys.stderr)
        code = error.exit_code
    except KeyboardInterrupt:
        print("agentbench: interrupted", file=sys.stderr)
        code = 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    except Exception as error:
        print(f"agentbench: unexpected {type(error).__name__}: {error}. Log: {_log()}", file=sys.stderr)
        code = 3
    sys.exit(code)


def _log() -> str:
    """Write the current traceback to a file and return its path, or why that cannot be."""
    try:
        with tempfile.NamedTemporaryFile(
            "w", prefix="agentbench-error-", suffix=".log", delete=False, encoding="utf-8"
        ) as log:
            log.write(traceback.format_exc())
        return log.name
    except OSError as error:
        return f"none, it cannot be written ({error.strerror})"
