"""``resume``: go on with a run that was stopped, killed or cut off, exactly where its ledger stands."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from agentbench import finish, identity, report, runner, sandbox, schedule, tasks
from agentbench.agents import registry as agents
from agentbench.agents.base import Agent
from agentbench.cli import harness
from agentbench.cli.common import Command, add_results, results_dir, say
from agentbench.errors import ResultsError, TaskError, UsageError
from agentbench.identity import Identity
from agentbench.paths import RunPaths, find_run, launcher
from agentbench.provenance import suite_version
from agentbench.sandbox.base import Kind
from agentbench.scoring import SCORING_VERSION
from agentbench.state import Follower
from agentbench.validators import registry


def _configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("run", help="a run id, the beginning of one, a path, or `latest`")
    harness.add_settings(parser)
    parser.add_argument(
        "--retry-invalid",
        action="store_true",
        help="try trials again that failed for provider, environment or harness",
    )
    add_results(parser)


def _resume(args: argparse.Namespace) -> int:
    run = find_run(results_dir(args), args.run)
    known = identity.load(run)
    if known.kind != "harness-run":
        raise UsageError(
            "is a self-run", where=run.run_id, hint=f"The agent goes on with it: `{launcher()} status`."
        )
    settings = harness.settings(args, retry_invalid=args.retry_invalid)
    if not args.json and _is_finished(run, known, args):
        print(f"{run.run_id} is finished; its reports were written again.", file=sys.stderr)
        runner.drop_retries(run)
        say(report.terminal_summary(finish.finish(run), Path(run.root)))
        return 0
    agent = agents.make(known.about.name, known.about.settings)
    if differing := _differences(known, agent):
        for line in differing:
            print(line, file=sys.stderr)
        raise ResultsError(
            "what it measures is not what is here now", where=run.run_id, hint="Start a new run for that."
        )
    kind = sandbox.choose(known.sandbox) if known.sandbox else Kind.NONE
    agent.check([])
    with harness.proxy(harness.front(known.about.settings.get("endpoint"), args), known.limits) as proxy:
        if not args.no_preflight:
            harness.try_out(agent, proxy, kind, known.limits, quiet=args.json)
        return harness.conduct(run, agent, proxy, settings, as_json=args.json)


def _is_finished(run: RunPaths, known: Identity, args: argparse.Namespace) -> bool:
    follower = Follower(run)
    found = [follower.tries(*trial) for trial in known.plan()]
    again = args.retry_invalid and any(tries and schedule.is_worth_another(tries) for tries in found)
    return not again and all(schedule.is_finished(tries, args.retries) for tries in found)


def _differences(known: Identity, agent: Agent) -> list[str]:
    """Return what has changed since the run began, a line each: field, then and now."""
    now = agent.about()
    pairs = [
        ("scoring version", known.scoring_version, SCORING_VERSION),
        ("agent version", known.about.version, now.version),
        ("agent", known.about.name, now.name),
    ]
    if known.suite_version != "custom":
        pairs.append(("suite version", known.suite_version, suite_version()))
    for ref in known.tasks:
        try:
            folder = Path(known.tasks_dir) / ref.path
            digest = tasks.load_task(
                folder, registry.catalogue(others=known.suite_version == "custom")
            ).digest
        except TaskError as error:
            digest = str(error)
        pairs.append((f"task {ref.id}", ref.digest, digest))
    return [f"{field}: then {then}, now {current}" for field, then, current in pairs if then != current]


COMMANDS = {"resume": Command(_configure, _resume)}
