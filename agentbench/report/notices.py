"""What a reader has to know before believing the figures of a report."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from agentbench.i18n import _, ngettext
from agentbench.report import facts, words

Json = dict[str, Any]


def notices(payload: Json) -> list[str]:
    """Return what a reader has to know before believing the figures, most important first."""
    return [
        *_agent_notices(payload),
        *_strict_notices(payload),
        *_failure_notices(payload),
        *map(_, payload["notes"]),
        *_layer_notices(payload),
        *_coverage_notices(payload),
    ]


def _agent_notices(payload: Json) -> Iterator[str]:
    does = words.UTILITY_AGENTS.get(payload["agent"]["name"])
    if does is not None:
        yield _(
            "“{name}” is a utility agent that {does}: this run tests the tasks "
            "and the scoring, and says nothing about an agent."
        ).format(name=payload["agent"]["name"], does=_(does))


def _failure_notices(payload: Json) -> Iterator[str]:
    """What ended tries early, and what of the plan is left."""
    ended = [one for one in payload.get("failures", ()) if one["blame"] not in ("task", "user")]
    if any(one["retried"] or one["blame"] == "agent" for one in ended):
        told = [
            _("{cause} {n} ({again} tried again)").format(
                cause=one["cause"], n=one["tries"], again=one["retried"]
            )
            if one["retried"]
            else f"{one['cause']} {one['tries']}"
            for one in ended
        ]
        yield _("Tries that did not end by themselves: {list}. Every try is counted and paid for.").format(
            list=_(", ").join(told)
        )
    if not payload.get("complete", True) and payload["tier"] == "harness-run":
        n_left = payload["counts"]["cancelled"] + payload.get("retries_due", 0)
        yield ngettext(
            "Not finished: {n} trial is left. Go on with `agentbench resume {run}`.",
            "Not finished: {n} trials are left. Go on with `agentbench resume {run}`.",
            n_left,
        ).format(n=n_left, run=payload["run_id"])
    if names := payload.get("nonstandard"):
        yield ngettext(
            "Not standard: {names} is not part of AgentBench.",
            "Not standard: {names} are not part of AgentBench.",
            len(names),
        ).format(names=words.joined(names))


def _strict_notices(payload: Json) -> Iterator[str]:
    if payload["strict"]["requested"] and payload["strict"]["unmet"]:
        unmet = _("; ").join(map(_, payload["strict"]["unmet"]))
        yield _("Strict scoring was asked for, but these conditions are not met: {list}.").format(list=unmet)


def _layer_notices(payload: Json) -> Iterator[str]:
    """Layers that are missing in some of the scored tasks; the payload's own notes tell of those missing in all."""
    scored = [task for task in payload["tasks"] if task["status"] == "scored"]
    for key, short, title in words.LAYERS:
        absent = sum(task["layers"][key] is None for task in scored)
        if 0 < absent < len(scored):
            yield _(
                "{layer} was not assessed in {n} of {total} scored tasks: it drops out there, and the weights of "
                "the other layers are scaled up."
            ).format(layer=f"{short} {_(title).lower()}", n=absent, total=len(scored))


def _coverage_notices(payload: Json) -> Iterator[str]:
    if payload["counts"]["scored"] < payload["counts"]["planned"]:
        yield _("Not everything counts: {counts}. What has no score is left out, not taken as 0.").format(
            counts=facts.counted(payload)
        )
    if limits := facts.limits(payload):
        yield _("A filtered run ({limits}): its score does not compare with a whole profile's.").format(
            limits=limits
        )
    flagged = sum(
        any(flag["code"] not in words.TOLD_ELSEWHERE for flag in task["flags"]) for task in payload["tasks"]
    )
    if flagged:
        yield ngettext(
            "{n} task carries a flag: look at the evidence before believing the score.",
            "{n} tasks carry a flag: look at the evidence before believing the score.",
            flagged,
        ).format(n=flagged)
