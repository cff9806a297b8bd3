"""The list of runs, and how far one that goes on has come, as pages of our shell."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from agentbench import __version__, history, identity, ledger, state
from agentbench.history import Summary
from agentbench.i18n import _
from agentbench.model import Frozen, Status
from agentbench.paths import RunPaths
from agentbench.report import words
from agentbench.report.page import render_page

SPARK_RUNS = 12
LEAST_SPAN = 20.0
"""Points that the height of a trend spans at least."""
SPARK_WIDTH, SPARK_HEIGHT = 84.0, 22.0


class Links(Frozen, frozen=True):
    """Where the pages of a run lie, as addresses relative to the list."""

    report: str
    """With ``{run}`` for the run's id."""
    compare: str
    """With ``{a}`` and ``{b}``."""
    form: str | None
    """What compares chosen runs; None where no server answers."""


SERVED = Links(report="run/{run}/", compare="compare?run={a}&run={b}", form="compare")
STATIC = Links(report="{run}/report.html", compare="compare/{a}--{b}.html", form=None)


class TrialLine(Frozen, frozen=True):
    """A trial of a run that goes on."""

    name: str
    suite: str
    attempt: int
    state: str
    """``waiting``, ``working``, ``grading``, or what came of it."""
    score: float | None
    tries: int
    message: str


class Progress(Frozen, frozen=True):
    """How far a run has come."""

    trials: tuple[TrialLine, ...]
    done: int
    resolved: int


def render_runs(runs: Sequence[Summary], links: Links) -> str:
    """Return the list of runs, the latest first."""
    alike = history.series(runs)
    rows = [_row(run, alike.get(run.run_id, []), links) for run in reversed(runs)]
    context = {
        "rows": rows,
        "form": links.form,
        "agents": sorted({str(run.agent) for run in runs if run.agent}),
        "models": sorted({str(run.model) for run in runs if run.model}),
        "version": __version__,
        "spark_size": (SPARK_WIDTH, SPARK_HEIGHT),
    }
    return render_page("runs.html.j2", _plain(context), assets=("lists", "runs"), live=links.form is not None)


def _row(run: Summary, series: Sequence[Summary], links: Links) -> dict[str, Any]:
    before = series[-2] if len(series) > 1 else None
    return {
        "run": msgspec.structs.asdict(run) | {"tasks": None},
        "report": links.report.format(run=run.run_id) if run.error is None else None,
        "compare": links.compare.format(a=before.run_id, b=run.run_id) if before else None,
        "spark": spark([one.overall_score for one in series[-SPARK_RUNS:]]),
        "state": _state(run),
    }


def _state(run: Summary) -> str:
    if run.error is not None:
        return _("cannot be read: {why}").format(why=run.error)
    if not run.finished:
        return _("unfinished")
    if not run.intact:
        return _("signature does not match")
    return "" if run.complete else _("{n} of {all} trials").format(n=run.settled, all=run.planned)


def spark(scores: Sequence[float | None]) -> str:
    """Return the points of a line through the known scores; empty for fewer than two."""
    known = [score for score in scores if score is not None]
    if len(known) < 2:
        return ""
    low, high = min(known), max(known)
    span = max(LEAST_SPAN, high - low)
    base = (low + high - span) / 2
    step = (SPARK_WIDTH - 6) / (len(known) - 1)
    height = SPARK_HEIGHT - 6
    places = [(3 + step * n, 3 + height * (1 - (score - base) / span)) for n, score in enumerate(known)]
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in places)


def progress(run: RunPaths) -> Progress:
    """Return how far a run has come, from its plan and its ledger. Raises AgentBenchError."""
    plan = identity.load(run)
    now = state.replay(ledger.read(run))
    lines = []
    for attempt in range(1, plan.attempts + 1):
        for task in plan.tasks:
            tries = now.tries.get((task.id, attempt), [])
            lines.append(
                TrialLine(
                    name=task.name,
                    suite=task.suite,
                    attempt=attempt,
                    state=_trial_state(tries),
                    score=tries[-1].score if tries else None,
                    tries=len(tries),
                    message=tries[-1].message if tries else "",
                )
            )
    settled = [line for line in lines if line.state not in ("waiting", "working", "grading")]
    resolved = sum(line.state == "resolved" for line in settled)
    return Progress(trials=tuple(lines), done=len(settled), resolved=resolved)


def _trial_state(tries: Sequence[state.TryState]) -> str:
    if not tries or tries[-1].retry_due:
        return "waiting"
    last = tries[-1]
    if last.status is None:
        return "grading" if last.submitted else "working"
    if last.status is Status.SCORED:
        return "resolved" if last.resolved else "unresolved"
    return last.status.value


def render_progress(run: RunPaths) -> str:
    """Return the page of a run that goes on; it brings itself up to date. Raises AgentBenchError."""
    plan = identity.load(run)
    found = progress(run)
    context = {
        "run": {name: getattr(plan, name) for name in ("run_id", "agent", "created_at", "seed")},
        "progress": {"done": found.done, "resolved": found.resolved},
        "trials": [msgspec.structs.asdict(trial) for trial in found.trials],
        "share": found.done / max(1, len(found.trials)),
        "attempts": plan.attempts,
        "version": __version__,
    }
    return render_page("progress.html.j2", _plain(context), assets=("lists", "runs", "progress"), live=True)


def _plain(context: dict[str, Any]) -> dict[str, Any]:
    """Return the values as JSON types with texts that steer nothing; a dash stands in for what is not known."""
    cleaned: dict[str, Any] = words.clean(msgspec.to_builtins(context))
    return cleaned | {"dash": words.DASH}
