"""``run``: benchmark an agent headlessly, with a progress bar."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from agentbench import finish, report, runner
from agentbench.agents import registry as agents
from agentbench.cli.common import (
    Command,
    add_results,
    add_run,
    add_selection,
    print_json,
    results_dir,
    run_options,
    say,
    selected,
)
from agentbench.errors import ResultsError
from agentbench.instructions import points
from agentbench.model import Status, Task, TrialResult
from agentbench.report import words

NOTHING_SCORED = ResultsError.exit_code


def _configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--agent", required=True, metavar="NAME", help=f"who works: {', '.join(agents.AGENTS)}"
    )
    add_selection(parser)
    add_run(parser)
    add_results(parser)


def _run(args: argparse.Namespace) -> int:
    agent = agents.make(args.agent)
    chosen = selected(args)
    options = run_options(args, kind="harness-run", agent=agent.name)
    console = Console(stderr=True, highlight=False)
    with Progress(
        TextColumn("{task.description}", table_column=None),
        BarColumn(bar_width=30),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
        disable=args.json or not console.is_terminal,
    ) as bar:
        meter = _Meter(bar, chosen, options.attempts, quiet=args.json)
        run, _ = runner.run(options, chosen, agent, results_dir(args), meter.tell)
    payload = finish.finish(run)
    if args.json:
        print_json(payload)
    else:
        for line in meter.causes(payload):
            print(line, file=sys.stderr, flush=True)
        say(report.terminal_summary(payload, Path(run.root)))
    return 0 if payload["counts"]["scored"] else NOTHING_SCORED


class _Meter:
    """Shows a line per finished trial, and the bar where there is a terminal."""

    def __init__(self, bar: Progress, chosen: list[Task], attempts: int, *, quiet: bool) -> None:
        self._names = {task.id: task.name for task in chosen}
        self._width = max(map(len, self._names.values()))
        self._bar = bar
        self._row = bar.add_task("starting", total=len(chosen) * attempts)
        self._quiet = quiet
        self._begun: tuple[str, int] | None = None
        self._never_begun: set[tuple[str, int]] = set()

    def tell(self, task_id: str, attempt: int, result: TrialResult | None) -> None:
        """Take note that a trial begins, or of what became of it."""
        name = self._names[task_id]
        if self._begun != (task_id, attempt):
            self._begun = (task_id, attempt)
            self._bar.update(self._row, description=name)
            return
        self._begun = None
        if result is None:
            self._never_begun.add((task_id, attempt))
        self._bar.advance(self._row)
        if not self._quiet:
            self._print(f"{name:<{self._width}}  {_verdict(result)}")

    def causes(self, payload: dict[str, Any]) -> Iterator[str]:
        """Yield a line for each trial that could not begin: only the payload knows why."""
        for task in payload["tasks"]:
            for entry in task["attempts"]:
                if (task["task_id"], entry["attempt"]) in self._never_begun:
                    number = f" (attempt {entry['attempt']})" if payload["attempts"] > 1 else ""
                    yield words.one_line(
                        words.clean(f"No score for {task['name']}{number}: {entry['message']}")
                    )

    def _print(self, line: str) -> None:
        if self._bar.disable:
            print(line, file=sys.stderr, flush=True)
        else:
            self._bar.console.print(line, markup=False, highlight=False)


def _verdict(result: TrialResult | None) -> str:
    if result is None or result.status is not Status.SCORED or result.layers is None:
        return f"no score: {result.message}" if result is not None else "no score; the cause follows below"
    layers = result.layers
    parts = (("L0", layers.l0), ("L1", layers.l1), ("L2", layers.l2), ("L3", layers.l3))
    shown = " ".join(f"{name}:{points(layer.score)}" for name, layer in parts)
    verdict = "resolved" if result.resolved else "not resolved"
    return f"{points(result.score):>5}/100  ({shown})  {verdict}"


COMMANDS = {"run": Command(_configure, _run)}
