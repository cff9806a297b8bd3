"""Runs the driver on the hidden runs, and hands out what each step gave. Whatever comes back, CheckFailed at most."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from agentbench.validators.base import CheckFailed, Context

HERE = Path(__file__).resolve().parent
SECONDS = 150
Step = list[Any]
Note = dict[str, Any]


def expected(ctx: Context) -> dict[str, Any]:
    """Return the hidden runs and the size of a batch."""
    found: dict[str, Any] = ctx.once("expected", lambda: ctx.expected("runs.json"))
    return found


def given(ctx: Context) -> dict[str, list[Any]]:
    """Return what each step of each run gave. Raises CheckFailed."""
    ctx.path("migrate.py")
    found: dict[str, list[Any]] = ctx.once("given", lambda: _run(ctx))
    return found


def _run(ctx: Context) -> dict[str, list[Any]]:
    runs = expected(ctx)["runs"]
    driver = ctx.scratch() / "_rolling_migration_driver.py"
    for name in ("driver", "fork"):
        text = (HERE / f"_rolling_migration_{name}.py").read_text("utf-8")
        (driver.parent / f"_rolling_migration_{name}.py").write_text(text, "utf-8")
    shown = {name: {key: run[key] for key in ("customers", "orders", "steps")} for name, run in runs.items()}
    apps = {one: (HERE / "inputs" / f"app_{one}.py").read_text("utf-8") for one in ("v1", "v2")}
    done = ctx.run(
        ["python3", str(driver)],
        cwd=ctx.copy(),
        timeout_sec=SECONDS,
        stdin=json.dumps({**apps, "runs": shown}).encode(),
    )
    try:
        answers = json.loads(done.stdout)
        fits = not done.timed_out and all(
            len(answers[name]) == len(run["steps"]) for name, run in runs.items()
        )
    except (ValueError, TypeError, KeyError, RecursionError):
        raise CheckFailed("migrate.py can be run", done.tail()) from None
    if not fits:
        raise CheckFailed(f"all phases of all runs end within {SECONDS} s", "not done in time")
    found: dict[str, list[Any]] = answers
    return found


def steps(ctx: Context, name: str) -> Iterator[tuple[Step, Note, Any]]:
    """Yield each step of a run with its note and what it gave. Raises CheckFailed."""
    run = expected(ctx)["runs"][name]
    yield from zip(run["steps"], run["notes"], given(ctx)[name], strict=True)


def code(answer: Any) -> Any:
    """Return the exit code of a phase."""
    return answer.get("rc") if isinstance(answer, dict) else None


def ended(step: Step, answer: Any, right: int = 0) -> str:
    """Return what is wrong about how a phase ended, or nothing."""
    if code(answer) == right:
        return ""
    why = str(answer.get("error", ""))[-200:] if isinstance(answer, dict) else ""
    return f"{step[1]} ended with {code(answer)} instead of {right} {why}"


def error(answer: Any) -> str:
    """Return the error that a call met, or nothing."""
    return str(answer["error"]) if isinstance(answer, dict) and "error" in answer else ""
