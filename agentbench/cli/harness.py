"""What ``run`` and ``resume`` share: their options, the proxy, signals, the view, and how a run ends."""

from __future__ import annotations

import argparse
import contextlib
import importlib
import os
import re
import signal
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import FrameType
from typing import Any

import msgspec
from rich.console import Console

from agentbench import desks, finish, identity, preflight, progress, report, runner, schedule, usage
from agentbench.agents.base import Agent
from agentbench.cli.common import say
from agentbench.desks import Proxy
from agentbench.errors import EnvironmentNotReady, ResultsError, UsageError
from agentbench.identity import Identity, TrialLimits
from agentbench.metering.records import Limits
from agentbench.metering.upstream import Upstream
from agentbench.paths import RunPaths, launcher
from agentbench.runner import Event, Settings, Stop
from agentbench.sandbox.base import Kind
from agentbench.state import Follower

NOTHING_SCORED = ResultsError.exit_code
STOPPED = 1
INTERRUPTED = 130
_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*([smhd]?)\Z")
_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*([kmgt]?)b?\Z", re.IGNORECASE)


def duration(text: str) -> float:
    """Return the seconds of ``90``, ``90s``, ``15m``, ``8h``, ``1d``."""
    hit = _DURATION.match(text.strip())
    if hit is None:
        raise argparse.ArgumentTypeError(f"needs a time like 90, 15m or 8h, not {text!r}")
    return float(hit[1]) * {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400}[hit[2]]


def size(text: str) -> int:
    """Return the bytes of ``500M``, ``4G`` (powers of 1024)."""
    hit = _SIZE.match(text.strip())
    if hit is None:
        raise argparse.ArgumentTypeError(f"needs a size like 500M or 4G, not {text!r}")
    return int(float(hit[1]) * 1024 ** " kmgt".index(hit[2].lower() or " "))


def add_settings(parser: argparse.ArgumentParser) -> None:
    """Add the options that may change when a run is resumed."""
    group = parser.add_argument_group("how to go about it (may change on resume)")
    group.add_argument("--jobs", type=int, metavar="N", help="agents at work at the same time (default 1)")
    group.add_argument(
        "--retries", type=int, default=2, metavar="N", help="further tries after a failure of the machinery"
    )
    group.add_argument(
        "--backoff", type=duration, default=2.0, metavar="TIME", help="first wait before a retry; it doubles"
    )
    group.add_argument("--max-cost", type=float, metavar="USD", help="stop when this call has spent so much")
    group.add_argument("--max-tokens", type=int, metavar="N", help="stop when this call has used so many")
    group.add_argument("--max-time", type=duration, metavar="TIME", help="stop after this time, e.g. 8h")
    group.add_argument("--prices", metavar="FILE", help="prices of your own, JSON (docs/harness.md)")
    group.add_argument("--no-preflight", action="store_true", help="do not try the model out first")


def settings(args: argparse.Namespace, **more: Any) -> Settings:
    """Return the settings that the options ask for. Raises UsageError for numbers out of range."""
    for option, value, low, high in (
        ("--jobs", args.jobs, 1, 256),
        ("--retries", args.retries, 0, 100),
        ("--max-cost", args.max_cost, 0, 1e9),
        ("--max-tokens", args.max_tokens, 0, 1e15),
    ):
        if value is not None and not low <= value <= high:
            raise UsageError(f"{value} is not between {low} and {high:g}", where=option)
    return Settings(
        jobs=args.jobs or 1,
        retries=args.retries,
        backoff_sec=args.backoff,
        max_cost_usd=args.max_cost,
        max_tokens=args.max_tokens,
        max_time_sec=args.max_time,
        **more,
    )


class Front(msgspec.Struct, frozen=True):
    """What the metering proxy is made of: the endpoint behind it, its key, and what tokens cost."""

    upstream: Upstream
    key: str | None
    prices: Mapping[str, usage.Price]


def front(endpoint: Mapping[str, Any] | None, args: argparse.Namespace) -> Front | None:
    """Return what is metered and how; None without an endpoint.

    ``endpoint`` has ``base_url``, ``model``, ``api`` and ``api_key_env``. Raises UsageError, EnvironmentNotReady.
    """
    prices = usage.load_prices(Path(args.prices)) if args.prices else usage.PRICES
    if endpoint is None:
        if args.max_cost is not None or args.max_tokens is not None:
            raise UsageError("nothing is metered for this agent", where="--max-cost, --max-tokens")
        return None
    if args.max_cost is not None and not usage.is_priced(endpoint["model"], prices):
        raise UsageError(
            f"no price of {endpoint['model']} is known",
            where="--max-cost",
            hint="Give it with --prices FILE.",
        )
    key = None
    if name := endpoint.get("api_key_env"):
        key = os.environ.get(name)
        if not key:
            raise EnvironmentNotReady("is not set", where=f"--api-key-env {name}", hint=f"export {name}=…")
    upstream = Upstream(
        base_url=endpoint["base_url"],
        model=endpoint["model"],
        api=endpoint["api"],
        first_byte_sec=endpoint.get("request_timeout") or 600.0,
    )
    return Front(msgspec.structs.replace(upstream, base_url=upstream.root), key, prices)


@contextlib.contextmanager
def proxy(found: Front | None, limits: TrialLimits) -> Iterator[Proxy | None]:
    """Run the metering proxy for the body; where nothing is metered there is none."""
    if found is None:
        yield None
        return
    kind = importlib.import_module("agentbench.metering.proxy").Proxy
    most = Limits(requests=limits.requests, tokens=limits.tokens)
    with kind(found.upstream, found.key, limits=most, prices=found.prices) as made:
        yield made


def try_out(agent: Agent, found: Proxy | None, kind: Kind, limits: TrialLimits, *, quiet: bool) -> None:
    """Let the agent do one small thing. Raises EnvironmentNotReady when its model does not work."""
    if found is None:
        return
    passed = preflight.check(desks.Site(agent, found, kind, limits))
    if not quiet:
        served = f", served as {passed.use.models[0]}" if passed.use and passed.use.models else ""
        print(
            f"preflight: the model answers and calls tools ({passed.seconds:.0f} s{served})", file=sys.stderr
        )


def conduct(run: RunPaths, agent: Agent, found: Proxy | None, chosen: Settings, *, as_json: bool) -> int:
    """Work on a run until it is finished or stopped, write its results, say where they lie; return the exit code."""
    stop = Stop()
    view = _view(run, chosen, as_json=as_json)
    try:
        with view, _signals(stop, view):
            runner.work(run, agent, found, chosen, view.tell, stop)
    finally:
        payload = finish.finish(run)
    if isinstance(view, progress.Json):
        view.write("finished", run=str(run.root), stopped=stop.why, results=payload)
    else:
        say(report.terminal_summary(payload, Path(run.root)))
    counts = payload["counts"]
    if stop.why and not payload["complete"]:
        print(f"stopped: {stop.why}. Go on with: {launcher()} resume {run.run_id}", file=sys.stderr)
        return INTERRUPTED if stop.why == _INTERRUPT or stop.killed else STOPPED
    return 0 if counts["scored"] else NOTHING_SCORED


_INTERRUPT = "interrupted"


def _view(run: RunPaths, chosen: Settings, *, as_json: bool) -> progress.View:
    if as_json:
        return progress.Json(sys.stdout)
    known: Identity = identity.load(run)
    follower = Follower(run)
    plan = known.plan()
    done = sum(schedule.is_finished(follower.tries(*trial), chosen.retries) for trial in plan)
    shown = progress.Plan(
        {ref.id: ref.name for ref in known.tasks}, len(plan), done, known.attempts, chosen.jobs
    )
    console = Console(stderr=True, highlight=False)
    if console.is_terminal:
        return progress.Screen(shown, console)
    return progress.Plain(shown, lambda text: print(text, file=sys.stderr, flush=True))


@contextlib.contextmanager
def _signals(stop: Stop, view: progress.View) -> Iterator[None]:
    """Let the first SIGINT or SIGTERM begin nothing new, and the second end what runs."""

    def heed(number: int, frame: FrameType | None) -> None:
        if stop.why == _INTERRUPT:
            stop.kill()
            view.tell(Event(kind="stopping", detail="ending the running tries"))
        else:
            stop.why = _INTERRUPT
            detail = "running tries may end; Ctrl-C again ends them now"
            view.tell(Event(kind="stopping", detail=detail))

    before = {number: signal.signal(number, heed) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
