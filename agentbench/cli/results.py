"""``results``: the runs, one a line."""

from __future__ import annotations

import argparse
from typing import Any

from agentbench import identity as identities
from agentbench import paths, signing, stored
from agentbench.cli.common import Command, add_results, print_json, results_dir, say
from agentbench.errors import AgentBenchError
from agentbench.paths import RunPaths
from agentbench.report import words

_HEAD = ("Run", "Date (UTC)", "Agent", "Model", "Overall", "Resolved", "Profile", "Tasks", "Seed")
_RIGHT = (False, False, False, False, True, True, False, True, True)
_OF_PAYLOAD = (
    "run_id",
    "timestamp",
    "overall_score",
    "resolved_rate",
    "profile",
    "task_count",
    "model",
    "seed",
)


def _results(args: argparse.Namespace) -> int:
    rows = [_row(run) for run in paths.list_runs(results_dir(args), unreadable=True)]
    if args.json:
        print_json(rows)
        return 0
    if not rows:
        say(f"No runs in {results_dir(args)} yet.")
        return 0
    lines = [_HEAD, *(_cells(row) for row in rows if not row["error"])]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    aligned = iter(["  ".join(map(_aligned, line, widths, _RIGHT)).rstrip() for line in lines])
    say(next(aligned))
    for row in rows:
        if row["error"]:
            say(words.one_line(words.clean(f"{row['run_id']}  cannot be read: {row['error']}")))
        else:
            say(next(aligned) + ("  signature does not match" if row["intact"] is False else ""))
    return 0


def _cells(row: dict[str, Any]) -> tuple[str, ...]:
    """Return what `_HEAD` announces of a run; a dash for what is not known."""
    return (
        row["run_id"],
        str(row["timestamp"])[:16].replace("T", " "),
        *(_short(row[name]) for name in ("agent", "model")),
        words.score(row["overall_score"]) if row["finished"] else "unfinished",
        words.percent(row["resolved_rate"]),
        row["profile"],
        str(row["task_count"]),
        str(row["seed"]),
    )


def _short(name: str | None) -> str:
    text = words.one_line(words.clean(name or words.DASH))
    return text if len(text) <= 40 else f"{text[:39]}…"


def _aligned(text: str, width: int, right: bool) -> str:
    return text.rjust(width) if right else text.ljust(width)


def _row(run: RunPaths) -> dict[str, Any]:
    """Return the line of one run; where it cannot be read, ``error`` says why and the figures are None."""
    try:
        return _figures(run)
    except (AgentBenchError, OSError) as error:
        return {
            **dict.fromkeys((*_OF_PAYLOAD, "agent", "finished", "intact")),
            "run_id": run.run_id,
            "path": str(run.root),
            "error": " ".join(str(error).split()),
        }


def _figures(run: RunPaths) -> dict[str, Any]:
    """Return the line of a readable run; an unfinished one is taken from its identity."""
    if run.results.is_file():
        payload = stored.load(run)
        return {
            **{name: payload[name] for name in _OF_PAYLOAD},
            "agent": payload["agent"]["name"],
            "path": str(run.root),
            "finished": True,
            "intact": signing.is_intact(payload),
            "error": None,
        }
    identity = identities.load(run)
    return {
        "run_id": identity.run_id,
        "timestamp": identity.created_at,
        "overall_score": None,
        "profile": identity.profile,
        "task_count": len(identity.tasks),
        "seed": identity.seed,
        "resolved_rate": None,
        "model": None,
        "agent": identity.agent,
        "path": str(run.root),
        "finished": False,
        "intact": None,
        "error": None,
    }


COMMANDS = {"results": Command(add_results, _results)}
