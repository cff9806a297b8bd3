"""What a report says about a run as a whole: its figures, why a figure is missing, and what to know first.

Everything is derived from the results payload; nothing is read from disk.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from agentbench.i18n import _
from agentbench.model import Frozen
from agentbench.report import words
from agentbench.report.findings import is_idle

Json = dict[str, Any]


class Fact(Frozen, frozen=True):
    """A labelled value; ``note`` explains it, and always says why when the value is a dash."""

    label: str
    value: str
    note: str = ""


def figures(payload: Json) -> list[Fact]:
    """Return the run's figures beside the overall score."""
    metrics, attempts = payload["metrics"], payload["attempts"]
    used = payload.get("usage")
    each = f" × {words.plural(attempts, 'attempt')}" if attempts > 1 else ""
    return [
        Fact(label="Resolved", value=words.percent(payload["resolved_rate"]), note=_resolved_note(payload)),
        Fact(label="Coverage", value=words.percent(payload["coverage"]), note=counted(payload)),
        Fact(
            label="Duration",
            value=words.seconds(payload["duration_ms"] / 1000),
            note="; ".join(
                filter(None, (words.plural(payload["task_count"], "task") + each, _worked(payload)))
            ),
        ),
        Fact(
            label="Tool calls",
            value=words.count(metrics["total_tool_calls"]),
            note=_calls_note(metrics),
        ),
        Fact(
            label="Tokens",
            value=words.count(metrics["est_tokens"]),
            note="the provider did not say" if metrics["est_tokens"] is None else "reported, not scored",
        )
        if used is None
        else _metered_tokens(used),
        Fact(
            label="Cost",
            value=words.money(metrics["cost_usd"]),
            note="no price or no token counts" if metrics["cost_usd"] is None else "reported, not scored",
        )
        if used is None
        else _metered_cost(used),
    ]


def _worked(payload: Json) -> str:
    """Return the working time of all scored trials in words; empty where it is not known of every one."""
    times = [
        entry["metrics"]["working_sec"]
        for task in payload["tasks"]
        for entry in task["attempts"]
        if entry["status"] == "scored"
    ]
    if not times or None in times:
        return ""
    return _("{time} of work").format(time=words.seconds(sum(times)))


def _metered_tokens(used: Json) -> Fact:
    """Return the tokens of all tries, as the metering proxy counted them."""
    tokens, failed = used["tokens"], used["n_failed"]
    asked = words.plural(used["n_requests"], "request") + (f", {failed} failed" if failed else "")
    first = "" if used["ttft_sec"] is None else f"; first token after {used['ttft_sec']:.2g} s"
    waited = f"; {words.seconds(used['wait_sec'])} of waiting" if used["wait_sec"] >= 1 else ""
    return Fact(label="Tokens", value=words.count(tokens["total"]), note=f"metered: {asked}{first}{waited}")


def _metered_cost(used: Json) -> Fact:
    cost = used["tokens"]["cost_usd"]
    note = (
        "no price of the model is known" if cost is None else f"prices of {used['prices_as_of']}, all tries"
    )
    return Fact(label="Cost", value=words.money(cost), note=note)


def identity(payload: Json) -> list[Fact]:
    """Return what was measured and how, one fact a line."""
    limits = _limits(payload)
    profile = f"{payload['profile']} (only {limits})" if limits else payload["profile"]
    return [
        Fact(
            label="Agent",
            value=words.agent(payload),
            note="" if payload["agent"]["version"] else "version not known",
        ),
        Fact(
            label="Model", value=payload["model"] or words.DASH, note="" if payload["model"] else "not known"
        ),
        *_harness(payload),
        Fact(label="Tier", value=payload["tier"], note=words.TIERS[payload["tier"]]),
        Fact(label="Scoring", value=payload["scoring_method"], note=f"rules v{payload['scoring_version']}"),
        Fact(label="Suite", value=words.suite(payload)),
        Fact(label="Profile", value=profile),
        Fact(label="Seed", value=str(payload["seed"])),
        Fact(label="Mode", value=f"{payload['mode']}, {payload['platform']}"),
    ]


def _harness(payload: Json) -> Iterator[Fact]:
    """Yield how the harness ran the agent; nothing for a self-run."""
    asked = payload.get("model_requested")
    if asked and asked != payload["model"]:
        yield Fact(label="Asked for", value=asked)
    if setup := payload["agent"].get("settings", {}).get("setup"):
        yield Fact(label="Set-up", value=str(setup))
    if sandbox := payload.get("sandbox"):
        yield Fact(label="Sandbox", value=sandbox)


def counted(payload: Json) -> str:
    """Return the denominators in words: planned, scored, and what is missing between them."""
    counts = payload["counts"]
    rest = [f"{counts[key]} {key}" for key in ("invalid", "unsupported", "cancelled") if counts[key]]
    text = f"{counts['scored']} of {words.plural(counts['planned'], f'planned {_unit(payload)}')} scored"
    return ", ".join([text, *rest])


def reliability(payload: Json) -> str:
    """Return pass@k and pass^k in words, k being the attempts of the run; empty for a single attempt.

    pass@k is the share of tasks resolved in at least one attempt, pass^k in all of them, over the tasks whose
    attempts were all scored.
    """
    k = payload["attempts"]
    whole = [
        [entry["resolved"] for entry in task["attempts"]]
        for task in payload["tasks"]
        if len(task["attempts"]) == k and all(entry["status"] == "scored" for entry in task["attempts"])
    ]
    if k == 1 or not whole:
        return ""
    some, every = (words.percent(sum(map(test, whole)) / len(whole)) for test in (any, all))
    return f"pass@{k} {some}, pass^{k} {every} over {words.plural(len(whole), 'task')}"


def scoring_sentence(payload: Json) -> str:
    """Return who judged what, in plain words."""
    method = payload["scoring_method"]
    if method == "externally-verified":
        return (
            "Externally verified: metrics come from transcripts, L2 from rules, "
            "and L3 from a judge other than the agent."
        )
    if payload["strict"]["requested"]:
        lead = "Self-scored: the conditions of external verification were not met"
    else:
        lead = "Self-scored"
    judges = {p["source"] for key in ("l2", "l3") for p in _parts(payload, key)}
    if method != "self-scored":
        return f"Scoring method: {method}."
    if "self" not in judges:
        others = sorted(words.SOURCES[name] for name in judges & {"rule", "judge"})
        decided = (
            f"what was judged in L2 and L3 was decided {words.joined(others)}"
            if others
            else "nobody judged L2 and L3"
        )
        return f"{lead}{';' if ':' in lead else ':'} {decided}."
    exceptions = [
        text
        for name, text in (("rule", "where its transcript decided"), ("judge", "where a judge did"))
        if name in judges
    ]
    limit = f", except {words.joined(exceptions)}" if exceptions else ""
    return f"Self-scored: L2 and L3 were judged by the agent itself{limit}."


def overall_note(payload: Json) -> str:
    """Return what to read beside the overall score, or why there is none."""
    if payload["overall_score"] is None:
        return "No score: no task was scored."
    as_zero = payload["score_if_invalid_is_zero"]
    missing = sum(task["score"] is None for task in payload["tasks"])
    if not missing or as_zero is None:
        return ""
    verb = "counts" if missing == 1 else "count"
    return f"{words.score(as_zero)} if the {words.plural(missing, 'task')} without a score {verb} as 0"


def domains(payload: Json) -> list[Json]:
    """Return the domain cards: name, score, and two notes: what was resolved, what has no score."""
    cards = []
    for name, values in payload["domain_scores"].items():
        tasks = [task for task in payload["tasks"] if task["suite"] == name]
        scored = [entry for task in tasks for entry in task["attempts"] if entry["status"] == "scored"]
        missing = values["task_count"] * payload["attempts"] - len(scored)
        if scored:
            note = f"{sum(entry['resolved'] for entry in scored)} of {len(scored)} resolved"
        else:
            note = f"none of {len(tasks)} tasks was scored" if len(tasks) > 1 else "its task was not scored"
        absent = f"{missing} not scored" if missing and scored else ""
        cards.append({"name": name, "score": values["score"], "note": note, "absent": absent})
    return cards


def notices(payload: Json) -> list[str]:
    """Return what a reader has to know before believing the figures, most important first."""
    return [
        *_agent_notices(payload),
        *_strict_notices(payload),
        *_failure_notices(payload),
        *payload["notes"],
        *_layer_notices(payload),
        *_coverage_notices(payload),
    ]


def missing_layer(key: str, entry: Json) -> str:
    """Return why a layer has no score in a task or an attempt."""
    if entry["status"] != "scored":
        return f"the task is {entry['status']}"
    if key == "l0":
        return "every earning check was skipped; the other layers carry its weight"
    return "nobody assessed it; the other layers carry its weight"


def missing_score(task: Json) -> str:
    """Return why a task has no score."""
    entry = task["attempts"][-1] if task["attempts"] else None
    if entry is None:
        return "it was never tried"
    reason = words.cause(entry["cause"])
    return f"{reason}: {entry['message']}" if entry["message"] else reason


def time_taken(task: Json) -> tuple[float | None, bool]:
    """Return the seconds that a task took and whether they are working time; else they are wall time.

    Of the attempt that the task's metrics come from; None when it never began.
    """
    working = task["metrics"]["working_sec"]
    if working is not None:
        return working, True
    scored = [entry for entry in task["attempts"] if entry["status"] == "scored"]
    shown = [*scored, *task["attempts"]][:1]
    return (shown[0]["wall_sec"] or None) if shown else None, False


def reckoning(task: Json) -> str:
    """Return the weights of a task's layers in words, with those that drop out."""
    weights = ", ".join(f"{short} {task['weights'][key]:g}" for key, short, _ in words.LAYERS)
    absent = [short for key, short, _ in words.LAYERS if task["layers"][key] is None]
    if task["score"] is None or not absent:
        return f"Weights: {weights}."
    verb = "has" if len(absent) == 1 else "have"
    return f"Weights: {weights}. {words.joined(absent)} {verb} no score and {'drops' if verb == 'has' else 'drop'} out."


def _agent_notices(payload: Json) -> Iterator[str]:
    does = words.UTILITY_AGENTS.get(payload["agent"]["name"])
    if does is not None:
        yield (
            f"“{payload['agent']['name']}” is a utility agent that {does}: this run tests the tasks "
            "and the scoring, and says nothing about an agent."
        )


def _failure_notices(payload: Json) -> Iterator[str]:
    """What ended tries early, and what of the plan is left."""
    ended = [one for one in payload.get("failures", ()) if one["blame"] not in ("task", "user")]
    if any(one["retried"] or one["blame"] == "agent" for one in ended):
        told = [
            f"{one['cause']} {one['tries']}" + (f" ({one['retried']} tried again)" if one["retried"] else "")
            for one in ended
        ]
        yield f"Tries that did not end by themselves: {', '.join(told)}. Every try is counted and paid for."
    if not payload.get("complete", True) and payload["tier"] == "harness-run":
        n_left = payload["counts"]["cancelled"] + payload.get("retries_due", 0)
        left = words.plural(n_left, "trial is", "trials are")
        yield f"Not finished: {left} left. Go on with `agentbench resume {payload['run_id']}`."
    if names := payload.get("nonstandard"):
        yield f"Not standard: {words.joined(names)} {'is' if len(names) == 1 else 'are'} not part of AgentBench."


def _strict_notices(payload: Json) -> Iterator[str]:
    if payload["strict"]["requested"] and payload["strict"]["unmet"]:
        unmet = "; ".join(payload["strict"]["unmet"])
        yield f"Strict scoring was asked for, but these conditions are not met: {unmet}."


def _layer_notices(payload: Json) -> Iterator[str]:
    """Layers that are missing in some of the scored tasks; the payload's own notes tell of those missing in all."""
    scored = [task for task in payload["tasks"] if task["status"] == "scored"]
    for key, short, title in words.LAYERS:
        absent = sum(task["layers"][key] is None for task in scored)
        if 0 < absent < len(scored):
            yield (
                f"{short} {title.lower()} was not assessed in {absent} of {len(scored)} scored tasks: it drops out "
                "there, and the weights of the other layers are scaled up."
            )


def _coverage_notices(payload: Json) -> Iterator[str]:
    if payload["counts"]["scored"] < payload["counts"]["planned"]:
        yield f"Not everything counts: {counted(payload)}. What has no score is left out, not taken as 0."
    if limits := _limits(payload):
        yield f"A filtered run ({limits}): its score does not compare with a whole profile's."
    flagged = sum(
        any(flag["code"] not in words.TOLD_ELSEWHERE for flag in task["flags"]) for task in payload["tasks"]
    )
    if flagged:
        verb = words.plural(flagged, "task carries", "tasks carry")
        yield f"{verb} a flag: look at the evidence before believing the score."


def _unit(payload: Json) -> str:
    return "task" if payload["attempts"] == 1 else "trial"


def _limits(payload: Json) -> str:
    filters = payload["filters"].items()
    return words.joined([f"{key} {', '.join(values)}" for key, values in filters if values])


def _resolved_note(payload: Json) -> str:
    entries = [
        entry for task in payload["tasks"] for entry in task["attempts"] if entry["status"] == "scored"
    ]
    if not entries:
        return "no task was scored"
    resolved = sum(entry["resolved"] for entry in entries)
    note = f"{resolved} of {words.plural(len(entries), f'scored {_unit(payload)}')}"
    if interval := payload.get("resolved_interval"):
        low, high = map(words.percent, interval)
        note += "; " + _("95% interval {low} to {high}").format(low=low, high=high)
    return "; ".join(filter(None, (note, reliability(payload))))


def _calls_note(metrics: Json) -> str:
    if metrics["total_tool_calls"] is None:
        return "no transcript and no count"
    errors = metrics["total_errors"]
    return "failures not known" if errors is None else f"{errors} failed"


def _parts(payload: Json, key: str) -> Iterator[Json]:
    for task in payload["tasks"]:
        for entry in task["attempts"]:
            if entry["layers"] is not None and not is_idle(entry):
                yield from entry["layers"][key]["parts"]
