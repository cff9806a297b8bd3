"""``run``: benchmark an agent headlessly."""

from __future__ import annotations

import argparse
from typing import Any

import msgspec

from agentbench import estimate, runner, sandbox
from agentbench.agents import registry as agents
from agentbench.agents.base import About, Agent
from agentbench.cli import harness
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
from agentbench.errors import UsageError
from agentbench.identity import TrialLimits
from agentbench.metering.upstream import APIS
from agentbench.paths import find_run
from agentbench.sandbox.base import Kind

_EPILOG = """\
examples:
  agentbench run --agent oracle                                  the reference solutions; needs nothing
  agentbench run --fast --base-url http://127.0.0.1:8000/v1 --model my-model --attempts 3 --jobs 4
  agentbench run --fast --model anthropic/claude-sonnet-4-5 --setup as-is --max-cost 20
  agentbench run --agent command --command 'mycli -p {prompt}' --base-url URL --model my-model
"""
_ONLY = {
    "thinking": "openclaw",
    "setup": "openclaw",
    "command": "command",
    "pass_env": "command",
    "show": "command",
    "from": "replay",
}


def _configure(parser: argparse.ArgumentParser) -> None:
    parser.epilog = _EPILOG
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    agent = parser.add_argument_group("who works")
    known = ", ".join(agents.names())
    agent.add_argument("--agent", default="openclaw", metavar="NAME", help=f"{known} (default openclaw)")
    agent.add_argument("--model", metavar="ID", help="the model; PROVIDER/MODEL without --base-url")
    agent.add_argument("--base-url", metavar="URL", help="an OpenAI-compatible endpoint")
    agent.add_argument("--api-key-env", metavar="NAME", help="the variable that holds the endpoint's key")
    agent.add_argument("--api", choices=APIS, help="what the endpoint speaks (default openai-completions)")
    agent.add_argument(
        "--request-timeout", type=harness.duration, metavar="TIME", help="for an answer to begin"
    )
    agent.add_argument("--thinking", metavar="LEVEL", help="OpenClaw's thinking level")
    agent.add_argument(
        "--setup", choices=("clean", "as-is"), help="clean, or your own configuration, skills and memory"
    )
    agent.add_argument("--command", metavar="TEMPLATE", help="of a command-line agent (docs/agents.md)")
    agent.add_argument("--pass-env", action="append", metavar="NAME", help="variable that the command gets")
    agent.add_argument("--show", action="append", metavar="PATH", help="what else the command may read")
    agent.add_argument("--from", dest="from_run", metavar="RUN", help="the run to play again")
    add_selection(parser)
    add_run(parser)
    harness.add_settings(parser)
    limits = parser.add_argument_group("limits of one trial, and its sandbox")
    limits.add_argument(
        "--trial-timeout", type=harness.duration, metavar="TIME", help="instead of the tasks' own"
    )
    limits.add_argument("--trial-requests", type=int, metavar="N", help="to the model")
    limits.add_argument("--trial-tokens", type=int, metavar="N", help="of the model")
    limits.add_argument(
        "--trial-memory", type=harness.size, default="4G", metavar="SIZE", help="(default 4G)"
    )
    limits.add_argument("--trial-disk", type=harness.size, default="2G", metavar="SIZE", help="(default 2G)")
    limits.add_argument("--trial-processes", type=int, default=512, metavar="N", help="(default 512)")
    limits.add_argument(
        "--sandbox", metavar="NAME", help="bubblewrap (default where it works), docker or none"
    )
    limits.add_argument("--docker-image", metavar="IMAGE", help="for --sandbox docker")
    parser.add_argument(
        "--dry-run", action="store_true", help="show the plan and what it may take, then stop"
    )
    add_results(parser)


def _run(args: argparse.Namespace) -> int:
    options = _agent_options(args)
    agent = agents.make(args.agent, options)
    chosen = selected(args)
    if args.from_run and args.seed is None:
        args.seed = getattr(agent, "seed", None)
    settings = harness.settings(args)
    if args.sandbox and not agent.boxed:
        raise UsageError(f"means nothing to --agent {args.agent}", where="--sandbox")
    kind = sandbox.choose(args.sandbox) if agent.boxed else Kind.NONE
    about = _about(agent, options)
    limits = _limits(args, boxed=agent.boxed)
    made = run_options(
        args, kind="harness-run", about=about, sandbox=kind.value if agent.boxed else None, limits=limits
    )
    metered = harness.front(about.settings.get("endpoint"), args)
    plan = estimate.plan(made, chosen, settings.jobs, results_dir(args))
    if args.dry_run:
        if args.json:
            print_json(msgspec.to_builtins(plan))
        else:
            say(estimate.text(plan))
        return 0
    agent.check(chosen)
    with harness.proxy(metered, limits) as proxy:
        if not args.no_preflight:
            harness.try_out(agent, proxy, kind, limits, quiet=args.json)
        run = runner.create(made, chosen, agent, results_dir(args))
        return harness.conduct(run, agent, proxy, settings, as_json=args.json)


def _agent_options(args: argparse.Namespace) -> dict[str, Any]:
    """Return what the agent is made of, as JSON values. Raises UsageError for options that do not fit it."""
    given = {
        "model": args.model,
        "base_url": args.base_url,
        "api_key_env": args.api_key_env,
        "api": args.api,
        "request_timeout": args.request_timeout,
        "thinking": args.thinking,
        "setup": args.setup,
        "command": args.command,
        "pass_env": args.pass_env,
        "show": args.show,
        "docker_image": args.docker_image,
        "from": str(find_run(results_dir(args), args.from_run).root) if args.from_run else None,
    }
    found = {name: value for name, value in given.items() if value is not None}
    if args.agent not in agents.names():
        return found
    for name in found:
        if name in _ONLY and args.agent != _ONLY[name]:
            option = f"--{name.replace('_', '-')}"
            raise UsageError(f"belongs to --agent {_ONLY[name]}, not to {args.agent}", where=option)
    if args.agent in agents.ACTORS and found:
        option = f"--{next(iter(found)).replace('_', '-')}"
        raise UsageError(f"means nothing to --agent {args.agent}", where=option)
    if args.base_url and not args.model:
        raise UsageError("needs --model", where="--base-url", hint="The model's name at that endpoint.")
    return found


def _about(agent: Agent, options: dict[str, Any]) -> About:
    """Return what the run records of its agent, with the endpoint of its model."""
    about = agent.about()
    if "endpoint" in about.settings or not options.get("base_url"):
        return about
    endpoint = {
        "base_url": options["base_url"],
        "model": options["model"],
        "api": options.get("api") or APIS[0],
        "api_key_env": options.get("api_key_env"),
        "request_timeout": options.get("request_timeout"),
    }
    return msgspec.structs.replace(
        about, model=options["model"], settings={**about.settings, "endpoint": endpoint}
    )


def _limits(args: argparse.Namespace, *, boxed: bool) -> TrialLimits:
    for option, value in (
        ("--trial-requests", args.trial_requests),
        ("--trial-tokens", args.trial_tokens),
        ("--trial-processes", args.trial_processes),
        ("--trial-timeout", args.trial_timeout),
    ):
        if value is not None and value <= 0:
            raise UsageError(f"{value:g} is not more than 0", where=option)
    return TrialLimits(
        timeout_sec=args.trial_timeout,
        requests=args.trial_requests,
        tokens=args.trial_tokens,
        memory_bytes=args.trial_memory if boxed else None,
        disk_bytes=args.trial_disk if boxed else None,
        n_processes=args.trial_processes if boxed else None,
    )


COMMANDS = {"run": Command(_configure, _run)}
