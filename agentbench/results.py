"""The results payload: what a run found, computed from its identity and stored tries alone. Pure.

The same identity and tries always give the same payload; ``schemas/results.schema.json`` describes it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from agentbench import __version__, flags, scoring, signing, stats, tally
from agentbench.identity import Identity, TaskRef
from agentbench.model import Metrics, MetricsSource, Status, TrialResult
from agentbench.trial import Outcome

SCHEMA_VERSION = 1


class Tried(msgspec.Struct, frozen=True):
    """The last try of a trial with what its agent handed in, and the tries before it."""

    result: TrialResult
    outcome: Outcome | None
    """None for a try that never began."""
    before: tuple[TrialResult, ...] = ()
    """Earlier tries: they failed, and were paid for."""
    retry_due: bool = False
    """Whether the run was stopped before the try that was to follow."""

    @property
    def all(self) -> tuple[TrialResult, ...]:
        """Every try, oldest first."""
        return (*self.before, self.result)


def build(
    identity: Identity, tries: Mapping[tuple[str, int], Tried], *, duration_ms: int, ledger_head: str
) -> dict[str, Any]:
    """Return the signed payload. Trials of the plan without a try count as cancelled."""
    tasks = [_task(ref, identity, tries) for ref in identity.tasks]
    done = list(tries.values())
    payload: dict[str, Any] = {
        "schema_version": SCHEMA_VERSION,
        **_measured(identity, done),
        **_found(tasks, done, identity),
        "duration_ms": duration_ms,
        "ledger_head": ledger_head,
        "metrics": _totals(done),
        "usage": tally.usage(done),
        "failures": tally.failures(done),
        "notes": _notes(identity, done),
        "tasks": tasks,
    }
    payload = msgspec.json.decode(msgspec.json.encode(payload))
    payload["signature"] = signing.sign(payload)
    return payload


def _measured(identity: Identity, done: Sequence[Tried]) -> dict[str, Any]:
    """Return what was measured, and how."""
    outcomes = [one.outcome for one in done if one.outcome is not None]
    unmet = _unmet(done)
    return {
        "run_id": identity.run_id,
        "timestamp": identity.created_at,
        "platform": "openclaw" if identity.kind == "self-run" else "harness",
        "mode": "sandboxed",
        "profile": identity.profile,
        "suite_version": identity.suite_version,
        "agentbench_version": __version__,
        "scoring_version": identity.scoring_version,
        "scoring_method": "self-scored" if unmet or not identity.strict else "externally-verified",
        "strict": {"requested": identity.strict, "unmet": unmet if identity.strict else []},
        "tier": identity.kind,
        "task_count": len(identity.tasks),
        "agent": {
            "name": identity.agent,
            "version": _single(one.agent_version for one in outcomes),
            "settings": identity.about.settings,
        },
        "model": _single(one.model for one in outcomes),
        "model_requested": identity.about.model,
        "sandbox": identity.sandbox,
        "nonstandard": [*([identity.agent] if identity.about.nonstandard else []), *identity.strangers],
        "seed": identity.seed,
        "attempts": identity.attempts,
        "fingerprint": identity.fingerprint,
        "filters": {"suite": list(identity.suites), "task": list(identity.task_ids)},
        "provenance": msgspec.to_builtins(identity.provenance),
    }


def _found(tasks: Sequence[dict[str, Any]], done: Sequence[Tried], identity: Identity) -> dict[str, Any]:
    """Return what came out, with its denominators."""
    domain_scores = _domains(tasks)
    counts = _counts(identity, done)
    resolved = [one.result.resolved for one in done if one.result.status is Status.SCORED]
    at, hat = stats.pass_table([count for task in tasks if (count := tally.counts(task["attempts"]))[0]])
    return {
        "overall_score": scoring.mean(domain["score"] for domain in domain_scores.values()),
        "domain_scores": domain_scores,
        "counts": counts,
        "retries_due": (due := sum(one.retry_due for one in done)),
        "complete": counts["cancelled"] == 0 and not due,
        "coverage": _share(counts["scored"], counts["planned"]),
        "resolved_rate": _share(sum(resolved), len(resolved)),
        "resolved_interval": stats.wilson(sum(resolved), len(resolved)),
        "pass_at": at,
        "pass_hat": hat,
        "score_if_invalid_is_zero": _pessimistic(tasks, identity.attempts),
    }


def _task(ref: TaskRef, identity: Identity, tries: Mapping[tuple[str, int], Tried]) -> dict[str, Any]:
    done = [tries[key] for attempt in range(1, identity.attempts + 1) if (key := (ref.id, attempt)) in tries]
    scored = [one.result for one in done if one.result.status is Status.SCORED]
    statuses = [one.result.status for one in done]
    status = Status.SCORED if scored else statuses[0] if statuses else Status.CANCELLED
    shown = (
        scored[0].metrics
        if scored
        else done[0].result.metrics
        if done
        else Metrics(source=MetricsSource.NONE)
    )
    attempts = [_attempt(one) for one in done]
    at, hat = stats.pass_table([count]) if (count := tally.counts(attempts))[0] else ({}, {})
    return {
        "task_id": ref.id,
        "name": ref.name,
        "suite": ref.suite,
        "difficulty": ref.difficulty,
        "version": ref.version,
        "digest": ref.digest,
        "weights": msgspec.to_builtins(ref.weights),
        "status": status,
        "resolved": bool(scored) and all(result.resolved for result in scored),
        "score": scoring.mean(result.score for result in scored),
        "layers": {
            name: scoring.mean(
                getattr(result.layers, name).score for result in scored if result.layers is not None
            )
            for name in ("l0", "l1", "l2", "l3")
        },
        "metrics": msgspec.to_builtins(shown),
        "metrics_source": shown.source,
        "flags": _distinct_flags(done),
        "attempts": attempts,
        "pass_at": at,
        "pass_hat": hat,
    }


def _attempt(one: Tried) -> dict[str, Any]:
    attempt: dict[str, Any] = msgspec.to_builtins(one.result)
    del attempt["task_id"]
    attempt["execution_trace"] = one.outcome.execution_trace if one.outcome else None
    attempt["blame"] = tally.blame(one.result)
    attempt["verifiable"] = one.result.status is Status.SCORED and not flags.excluding(
        [flag.code for flag in one.result.flags]
    )
    attempt["tries"] = [tally.short(result) for result in one.all]
    return attempt


def _domains(tasks: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    domains: dict[str, list[Mapping[str, Any]]] = {}
    for task in tasks:
        domains.setdefault(str(task["suite"]), []).append(task)
    found = {}
    for suite, members in domains.items():
        attempts = [a for task in members for a in task["attempts"] if a["status"] == Status.SCORED]
        found[suite] = {
            "score": scoring.mean(task["score"] for task in members),
            "resolved_rate": _share(sum(a["resolved"] for a in attempts), len(attempts)),
            "task_count": len(members),
            "scored": sum(task["status"] == Status.SCORED for task in members),
        }
    return found


def _pessimistic(tasks: Sequence[Mapping[str, Any]], attempts: int) -> float | None:
    """Return the overall score with every trial of the plan that has no score as 0: a bound, not the result."""
    suites: dict[str, list[float]] = {}
    for task in tasks:
        scores = [a["score"] for a in task["attempts"] if a["score"] is not None]
        suites.setdefault(str(task["suite"]), []).append(sum(scores) / attempts)
    return scoring.mean(scoring.mean(scores) for scores in suites.values())


def _counts(identity: Identity, done: Sequence[Tried]) -> dict[str, int]:
    planned = len(identity.tasks) * identity.attempts
    statuses = Counter(one.result.status for one in done)
    return {
        "planned": planned,
        "scored": statuses[Status.SCORED],
        "invalid": statuses[Status.INVALID],
        "unsupported": statuses[Status.UNSUPPORTED],
        "cancelled": statuses[Status.CANCELLED] + planned - len(done),
    }


def _totals(done: Sequence[Tried]) -> dict[str, Any]:
    metrics = [one.result.metrics for one in done if one.result.status is Status.SCORED]
    ratios = [m.planning_ratio for m in metrics if m.planning_ratio is not None]
    costs = [m.tokens.cost_usd for m in metrics if m.tokens.cost_usd is not None]
    return {
        "total_tool_calls": _sum(m.tool_calls for m in metrics),
        "total_errors": _sum(m.errors for m in metrics),
        "avg_planning_ratio": round(sum(ratios) / len(ratios), 4) if ratios else None,
        "est_tokens": _sum(m.tokens.total for m in metrics),
        "cost_usd": round(sum(costs), 6) if costs else None,
    }


def _unmet(done: Sequence[Tried]) -> list[str]:
    """Return the conditions of ``externally-verified`` that the run does not meet."""
    scored = [one.result for one in done if one.result.status is Status.SCORED]
    unmet = []
    if not scored or any(result.metrics.source is not MetricsSource.TRANSCRIPT for result in scored):
        unmet.append("metrics of every trial come from a transcript")
    for name, source in (("l2", "rule"), ("l3", "judge")):
        layers = [getattr(result.layers, name) for result in scored if result.layers is not None]
        if not layers or any(
            layer.score is None or any(part.source != source for part in layer.parts) for layer in layers
        ):
            who = "rules" if source == "rule" else "a judge other than the agent"
            unmet.append(f"{name.upper()} of every trial is decided by {who}")
    return unmet


def _notes(identity: Identity, done: Sequence[Tried]) -> list[str]:
    notes = []
    layers = [one.result.layers for one in done if one.result.layers is not None]
    if any(part.name == "metrics" for one in layers for part in one.l1.parts):
        notes.append("Trials without metrics have L1 = 50 by the rule; see docs/scoring.md.")
    unscored = [n for n in ("l2", "l3") if layers and all(getattr(one, n).score is None for one in layers)]
    if unscored:
        names = " and ".join(name.upper() for name in unscored)
        notes.append(f"Nobody assessed {names}: the weights of the other layers were scaled up.")
    if any(one.result.metrics.source is MetricsSource.SELF_REPORTED for one in done):
        notes.append("Some metrics are the agent's own count, as no transcript could be read.")
    return notes


def _distinct_flags(done: Sequence[Tried]) -> list[dict[str, str]]:
    seen = {(flag.code, flag.detail): None for one in done for flag in one.result.flags}
    return [{"code": code, "detail": detail} for code, detail in seen]


def _single(values: Any) -> str | None:
    distinct = sorted({value for value in values if value is not None})
    return ", ".join(distinct) if distinct else None


def _sum(values: Any) -> int | None:
    known = [value for value in values if value is not None]
    return sum(known) if known else None


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None
