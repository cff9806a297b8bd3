"""What a report says about a run as a whole: its figures, why a figure is missing, and what to know first.

Everything is derived from the results payload; nothing is read from disk.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from agentbench.i18n import _, ngettext
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
    size = words.plural(payload["task_count"], "task")
    if attempts > 1:
        size = _("{tasks} × {attempts}").format(tasks=size, attempts=words.plural(attempts, "attempt"))
    return [
        Fact(
            label=_("Resolved"), value=words.percent(payload["resolved_rate"]), note=_resolved_note(payload)
        ),
        Fact(label=_("Coverage"), value=words.percent(payload["coverage"]), note=counted(payload)),
        Fact(
            label=_("Duration"),
            value=words.seconds(payload["duration_ms"] / 1000),
            note=_("; ").join(filter(None, (size, _worked(payload)))),
        ),
        Fact(
            label=_("Tool calls"),
            value=words.count(metrics["total_tool_calls"]),
            note=_calls_note(metrics),
        ),
        Fact(
            label=_("Tokens"),
            value=words.count(metrics["est_tokens"]),
            note=_("the provider did not say")
            if metrics["est_tokens"] is None
            else _("reported, not scored"),
        )
        if used is None
        else _metered_tokens(used),
        Fact(
            label=_("Cost"),
            value=words.money(metrics["cost_usd"]),
            note=_("no price or no token counts")
            if metrics["cost_usd"] is None
            else _("reported, not scored"),
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
    parts = [_("metered: {requests}").format(requests=words.plural(used["n_requests"], "request"))]
    if used["n_failed"]:
        parts.append(_("{n} failed").format(n=used["n_failed"]))
    if used["ttft_sec"] is not None:
        parts.append(_("first token after {time}").format(time=f"{used['ttft_sec']:.2g} s"))
    if used["wait_sec"] >= 1:
        parts.append(_("{time} of waiting").format(time=words.seconds(used["wait_sec"])))
    return Fact(label=_("Tokens"), value=words.count(used["tokens"]["total"]), note=_("; ").join(parts))


def _metered_cost(used: Json) -> Fact:
    cost = used["tokens"]["cost_usd"]
    note = (
        _("no price of the model is known")
        if cost is None
        else _("prices of {day}, all tries").format(day=used["prices_as_of"])
    )
    return Fact(label=_("Cost"), value=words.money(cost), note=note)


def identity(payload: Json) -> list[Fact]:
    """Return what was measured and how, one fact a line."""
    chosen = limits(payload)
    profile = payload["profile"]
    if chosen:
        profile = _("{profile} (only {limits})").format(profile=profile, limits=chosen)
    return [
        Fact(
            label=_("Agent"),
            value=words.agent(payload),
            note="" if payload["agent"]["version"] else _("version not known"),
        ),
        Fact(
            label=_("Model"),
            value=payload["model"] or words.DASH,
            note="" if payload["model"] else _("not known"),
        ),
        *_harness(payload),
        Fact(label=_("Tier"), value=payload["tier"], note=_(words.TIERS[payload["tier"]])),
        Fact(
            label=_("Scoring"),
            value=payload["scoring_method"],
            note=_("rules v{version}").format(version=payload["scoring_version"]),
        ),
        Fact(label=_("Suite"), value=words.suite(payload)),
        Fact(label=_("Profile"), value=profile),
        Fact(label=_("Seed"), value=str(payload["seed"])),
        Fact(label=_("Mode"), value=f"{payload['mode']}, {payload['platform']}"),
    ]


def _harness(payload: Json) -> Iterator[Fact]:
    """Yield how the harness ran the agent; nothing for a self-run."""
    asked = payload.get("model_requested")
    if asked and asked != payload["model"]:
        yield Fact(label=_("Asked for"), value=asked)
    if setup := payload["agent"].get("settings", {}).get("setup"):
        yield Fact(label=_("Set-up"), value=str(setup))
    if sandbox := payload.get("sandbox"):
        yield Fact(label=_("Sandbox"), value=sandbox)


def counted(payload: Json) -> str:
    """Return the denominators in words: planned, scored, and what is missing between them."""
    counts = payload["counts"]
    rest = [
        text.format(n=counts[key])
        for key, text in (
            ("invalid", _("{n} invalid")),
            ("unsupported", _("{n} unsupported")),
            ("cancelled", _("{n} cancelled")),
        )
        if counts[key]
    ]
    planned = words.plural(counts["planned"], f"planned {_unit(payload)}")
    return _(", ").join([_("{n} of {planned} scored").format(n=counts["scored"], planned=planned), *rest])


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
    over = words.plural(len(whole), "task")
    return _("pass@{k} {some}, pass^{k} {every} over {tasks}").format(k=k, some=some, every=every, tasks=over)


def scoring_sentence(payload: Json) -> str:
    """Return who judged what, in plain words."""
    method = payload["scoring_method"]
    if method == "externally-verified":
        return _(
            "Externally verified: metrics come from transcripts, L2 from rules, "
            "and L3 from a judge other than the agent."
        )
    if method != "self-scored":
        return _("Scoring method: {method}.").format(method=method)
    told = [_("Self-scored: {who}.").format(who=_judges(payload))]
    if payload["strict"]["requested"]:
        told.insert(0, _("The conditions of external verification were not met."))
    return _(" ").join(told)


def _judges(payload: Json) -> str:
    """Return who judged L2 and L3, in words."""
    judges = {p["source"] for key in ("l2", "l3") for p in _parts(payload, key)}
    return {
        (False, False, False): _("nobody judged L2 and L3"),
        (False, True, False): _("what was judged in L2 and L3 was decided by rule"),
        (False, False, True): _("what was judged in L2 and L3 was decided by a judge"),
        (False, True, True): _("what was judged in L2 and L3 was decided by rule or by a judge"),
        (True, False, False): _("L2 and L3 were judged by the agent itself"),
        (True, True, False): _(
            "L2 and L3 were judged by the agent itself, except where its transcript decided"
        ),
        (True, False, True): _("L2 and L3 were judged by the agent itself, except where a judge did"),
        (True, True, True): _(
            "L2 and L3 were judged by the agent itself, except where its transcript decided or a judge did"
        ),
    }["self" in judges, "rule" in judges, "judge" in judges]


def overall_note(payload: Json) -> str:
    """Return what to read beside the overall score, or why there is none."""
    if payload["overall_score"] is None:
        return _("No score: no task was scored.")
    as_zero = payload["score_if_invalid_is_zero"]
    missing = sum(task["score"] is None for task in payload["tasks"])
    if not missing or as_zero is None:
        return ""
    return ngettext(
        "{score} if the {n} task without a score counts as 0",
        "{score} if the {n} tasks without a score count as 0",
        missing,
    ).format(score=words.score(as_zero), n=missing)


def domains(payload: Json) -> list[Json]:
    """Return the domain cards: name, score, and two notes: what was resolved, what has no score."""
    cards = []
    for name, values in payload["domain_scores"].items():
        tasks = [task for task in payload["tasks"] if task["suite"] == name]
        scored = [entry for task in tasks for entry in task["attempts"] if entry["status"] == "scored"]
        missing = values["task_count"] * payload["attempts"] - len(scored)
        if scored:
            resolved = sum(entry["resolved"] for entry in scored)
            note = _("{n} of {total} resolved").format(n=resolved, total=len(scored))
        else:
            note = ngettext("its task was not scored", "none of {n} tasks was scored", len(tasks))
            note = note.format(n=len(tasks))
        absent = _("{n} not scored").format(n=missing) if missing and scored else ""
        cards.append({"name": name, "score": values["score"], "note": note, "absent": absent})
    return cards


def missing_layer(key: str, entry: Json) -> str:
    """Return why a layer has no score in a task or an attempt."""
    if entry["status"] != "scored":
        return _("the task is {status}").format(status=words.shown(entry["status"]))
    if key == "l0":
        return _("every earning check was skipped; the other layers carry its weight")
    return _("nobody assessed it; the other layers carry its weight")


def missing_score(task: Json) -> str:
    """Return why a task has no score."""
    entry = task["attempts"][-1] if task["attempts"] else None
    if entry is None:
        return _("it was never tried")
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
    weights = _(", ").join(f"{short} {task['weights'][key]:g}" for key, short, _title in words.LAYERS)
    absent = [short for key, short, _title in words.LAYERS if task["layers"][key] is None]
    told = _("Weights: {weights}.").format(weights=weights)
    if task["score"] is None or not absent:
        return told
    dropped = ngettext(
        "{layers} has no score and drops out.", "{layers} have no score and drop out.", len(absent)
    ).format(layers=words.joined(absent))
    return _("{one} {two}").format(one=told, two=dropped)


def _unit(payload: Json) -> str:
    return "task" if payload["attempts"] == 1 else "trial"


def limits(payload: Json) -> str:
    """Return what the run was limited to, in words; empty for a whole profile."""
    filters = payload["filters"].items()
    names = {"suite": _("suite {names}"), "task": _("task {names}")}
    return words.joined([names[key].format(names=_(", ").join(values)) for key, values in filters if values])


def _resolved_note(payload: Json) -> str:
    entries = [
        entry for task in payload["tasks"] for entry in task["attempts"] if entry["status"] == "scored"
    ]
    if not entries:
        return _("no task was scored")
    resolved = sum(entry["resolved"] for entry in entries)
    total = words.plural(len(entries), f"scored {_unit(payload)}")
    note = _("{n} of {total}").format(n=resolved, total=total)
    if interval := payload.get("resolved_interval"):
        low, high = map(words.percent, interval)
        note = _("; ").join((note, _("95% interval {low} to {high}").format(low=low, high=high)))
    return _("; ").join(filter(None, (note, reliability(payload))))


def _calls_note(metrics: Json) -> str:
    if metrics["total_tool_calls"] is None:
        return _("no transcript and no count")
    errors = metrics["total_errors"]
    return _("failures not known") if errors is None else _("{n} failed").format(n=errors)


def _parts(payload: Json, key: str) -> Iterator[Json]:
    for task in payload["tasks"]:
        for entry in task["attempts"]:
            if entry["layers"] is not None and not is_idle(entry):
                yield from entry["layers"][key]["parts"]
