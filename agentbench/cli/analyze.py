"""``analyze``: what many runs say of the tasks, of the measurement and of the agents."""

from __future__ import annotations

import argparse
import itertools
from collections.abc import Iterable
from pathlib import Path

from agentbench import history, paths
from agentbench.analysis import layout, study, text
from agentbench.analysis.data import Attempt, Claim, Run, TaskResult
from agentbench.analysis.study import Warning
from agentbench.analysis.table import GROUPS
from agentbench.cli.common import Command, add_results, print_json, results_dir, say, write_out
from agentbench.errors import ResultsError
from agentbench.history import AttemptLine, Summary
from agentbench.report import words
from agentbench.stored import load_intact

_MOST_NAMED = 5


def _configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "runs",
        nargs="*",
        metavar="RUN",
        help="a run id, the start of one, `latest`, or a path (default: all finished, intact runs)",
    )
    parser.add_argument(
        "--group",
        choices=GROUPS,
        default="run",
        help="what a row is: a run, or all runs of one agent, set-up and model, or of one model",
    )
    parser.add_argument("--markdown", metavar="FILE", help="write it to FILE as Markdown too")
    add_results(parser)


def _analyze(args: argparse.Namespace) -> int:
    runs, left_out = _named(args) if args.runs else _all(results_dir(args))
    found = study.analyse(runs, group=args.group, left_out=left_out)
    sections = text.sections(found)
    if args.markdown:
        write_out("--markdown", args.markdown, layout.markdown(sections).encode())
    if args.json:
        print_json(found)
    else:
        say(layout.terminal(sections).rstrip("\n"))
    return 0


def _named(args: argparse.Namespace) -> tuple[list[Run], list[Warning]]:
    chosen = {(run := paths.find_run(results_dir(args), name)).root.resolve(): run for name in args.runs}
    return [
        as_run(history.of_payload(load_intact(run), str(run.root), intact=True)) for run in chosen.values()
    ], []


def _all(folder: Path) -> tuple[list[Run], list[Warning]]:
    """Return the runs of a folder that can be analysed, and what was left out."""
    summaries = history.load(folder)
    usable = history.finished(summaries)
    working = [run for run in usable if run.agent not in words.UTILITY_AGENTS]
    idle = sorted({str(run.agent) for run in usable} & set(words.UTILITY_AGENTS))
    if idle and not working:
        raise ResultsError(
            f"all finished runs are of utility agents ({', '.join(idle)}), which are left out",
            where=str(folder),
            hint="Name those to analyse: agentbench analyze RUN",
        )
    if not working:
        raise ResultsError(
            "no finished run here", where=str(folder), hint="Finish one first, or name --results DIR."
        )
    left_out = []
    if idle:
        left_out.append(Warning(code="utility", values={"agents": words.joined(idle)}))
    used = {run.run_id for run in usable}
    rest = [run.run_id for run in summaries if run.run_id not in used]
    if rest:
        named = ", ".join(rest[:_MOST_NAMED]) + (", …" if len(rest) > _MOST_NAMED else "")
        left_out.append(Warning(code="unusable", values={"n": len(rest), "runs": named}))
    return list(map(as_run, working)), left_out


def as_run(run: Summary) -> Run:
    """Return what the index knows of a finished run, as an analysis takes it."""
    return Run(
        run_id=run.run_id,
        timestamp=str(run.timestamp),
        agent=str(run.agent),
        setup=run.setup,
        model=run.model_requested or run.model,
        suite_version=str(run.suite_version),
        scoring_version=str(run.scoring_version),
        scoring_method=str(run.scoring_method),
        tier=str(run.tier),
        n_attempts=run.n_attempts or 1,
        tasks=tuple(
            TaskResult(
                task_id=task.task_id,
                digest=task.digest,
                name=task.name,
                suite=task.suite,
                difficulty=task.difficulty,
                attempts=tuple(_attempts(task.attempts)),
            )
            for task in run.tasks
        ),
    )


def _attempts(lines: Iterable[AttemptLine]) -> Iterable[Attempt]:
    for line in lines:
        yield Attempt(
            number=line.attempt,
            resolved=line.resolved,
            score=line.score,
            working_sec=line.working_sec,
            cost_usd=line.cost_usd,
            tokens=line.tokens,
            tool_calls=line.tool_calls,
            claims=tuple(itertools.starmap(Claim, line.claims)),
        )


COMMANDS = {"analyze": Command(_configure, _analyze)}
