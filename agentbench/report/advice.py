"""What to change after a run, and the evidence that asks for it.

Every recommendation rests on a named check, part or message of a named trial; nothing is advised that no trial
of the run gave reason for.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import chain
from operator import attrgetter
from typing import Any

from agentbench.failures import POLICIES, FailureCause
from agentbench.i18n import N_, _
from agentbench.model import Frozen
from agentbench.report import words
from agentbench.report.findings import Evidence, Trial, and_more, count_tasks, nothing_done, trials, unscored

Json = dict[str, Any]

LOST_SHARE = 0.4
"""A part counts as lost when at least this share of its points is."""
MOST_PARTS = 5
"""How many parts of layers are advised on: those that cost the most points."""
ADVICE = {
    "tool calls": N_("Bring the number of tool calls into the expected range"),
    "planning ratio": N_("Balance looking and doing before the first output"),
    "errors": N_("Cause fewer failed tool calls"),
    "adherence": N_("Follow the stated way of working"),
    "tools": N_("Read, write and edit files with the file tools instead of the shell"),
    "approach": N_("Read the inputs before writing"),
    "recovery": N_("Change the call after it failed, instead of repeating or dropping it"),
    "completeness": N_("Deliver everything that was asked for"),
    "accuracy": N_("Check results against the inputs before finishing"),
    "formatting": N_("Keep to the requested format"),
    "polish": N_("Spend a last look on the finished work"),
}
FIRST_AID = {
    "task": N_("Repair the task: it could not be set up or graded"),
    "environment": N_("Make the machine ready and run the task again"),
    "agent": N_("Find out why the agent ended early"),
    "provider": N_("Mend the way to the model's endpoint, then resume the run with --retry-invalid"),
    "harness": N_("Report this failure of AgentBench"),
    "user": N_("Finish the cancelled tasks"),
}


class Recommendation(Frozen, frozen=True):
    """Something to change, why, and what that rests on."""

    title: str
    why: str
    evidence: tuple[Evidence, ...]
    lost: float = 0.0
    """What it cost: points of the trials' scores, a trial without a score counting 100."""


def recommendations(payload: Json) -> list[Recommendation]:
    """Return what to change, what cost the most points first.

    What cost none, such as doubts about a trial, comes last. A run of a utility agent gets no advice on how to
    work.
    """
    made = list(trials(payload["tasks"]))
    found: list[Iterable[Recommendation]] = [
        _first_aid(made),
        _nothing(made),
        _undelivered(made),
        _guards(made),
        _near_misses(made),
    ]
    if payload["agent"]["name"] not in words.UTILITY_AGENTS:
        found += [
            _weak_domains(payload, made),
            _parts(made),
            _unstable(payload),
            _overclaims(made),
            _unmeasured(made),
        ]
    found.append(_flagged(made))
    return sorted(chain.from_iterable(found), key=attrgetter("lost"), reverse=True)


def _first_aid(made: list[Trial]) -> Iterator[Recommendation]:
    groups: dict[str, list[Trial]] = defaultdict(list)
    known = {item.value for item in FailureCause}
    for trial in made:
        if not trial.scored:
            cause = trial.entry["cause"]
            groups[POLICIES[FailureCause(cause)].blame if cause in known else "harness"].append(trial)
    for blame, failed in groups.items():
        causes = sorted({words.cause(trial.entry["cause"]) for trial in failed})
        evidence = tuple(unscored(trial)[1] for trial in failed)
        yield Recommendation(
            title=_(FIRST_AID[blame]),
            why=_("No score for {tasks}: {causes}.").format(
                tasks=words.plural(count_tasks(evidence), "task"), causes=words.joined(causes)
            ),
            evidence=evidence,
            lost=100.0 * len(failed),
        )


def _nothing(made: list[Trial]) -> Iterator[Recommendation]:
    evidence = tuple(nothing_done(trial)[1] for trial in made if trial.idle)
    if evidence:
        why = _("In {tasks} no file changed and no answer came that a check looks at, so every layer is 0.")
        yield Recommendation(
            title=_("Find out why the agent did not start to work"),
            why=why.format(tasks=words.plural(count_tasks(evidence), "task")),
            evidence=evidence,
            lost=100.0 * len(evidence),
        )


def _undelivered(made: list[Trial]) -> Iterator[Recommendation]:
    missed = [trial for trial in made if trial.scored and not trial.idle and trial.missed_everything]
    if missed:
        evidence = tuple(_first_missed(trial) for trial in missed)
        why = _(
            "In {tasks} no required check passed: what was asked for is missing, or has the wrong shape or content."
        )
        yield Recommendation(
            title=_("Deliver what was asked for, as it was asked for"),
            why=why.format(tasks=words.plural(count_tasks(evidence), "task")),
            evidence=evidence,
            lost=sum(_cost(trial, trial.failing("required")) for trial in missed),
        )


def _first_missed(trial: Trial) -> Evidence:
    missed = [check for check in trial.failing("required") if check["status"] == "failed"]
    return and_more(trial.check(missed[0]), len(missed) - 1)


def _guards(made: list[Trial]) -> Iterator[Recommendation]:
    broken = [
        (trial, check)
        for trial in made
        if trial.scored and not trial.idle
        for check in trial.failing("guard")
        if check["status"] == "failed"
    ]
    evidence = tuple(trial.check(check) for trial, check in broken)
    if evidence:
        why = _(
            "A guard was broken in {tasks}. "
            "That leaves a task unresolved and caps its L0 at 20, whatever else is right."
        ).format(tasks=words.plural(count_tasks(evidence), "task"))
        lost = sum(_capped(trial) for trial in made if any(trial is one for one, _check in broken))
        yield Recommendation(
            title=_("Leave alone what the task protects"), why=why, evidence=evidence, lost=lost
        )


def _near_misses(made: list[Trial]) -> Iterator[Recommendation]:
    near = []
    for trial in made:
        missed = trial.standing_in_the_way() if trial.scored and not trial.idle else []
        passed = [c for c in trial.entry["checks"] if c["required"] and c["status"] == "passed"]
        if len(missed) == 1 and passed:
            near.append((trial, missed[0]))
    if near:
        evidence = tuple(trial.check(check) for trial, check in near)
        why = _("In {tasks} everything required was right but one check.").format(
            tasks=words.plural(count_tasks(evidence), "task")
        )
        lost = sum(_cost(trial, [check]) for trial, check in near)
        yield Recommendation(title=_("Close the near misses"), why=why, evidence=evidence, lost=lost)


def _weak_domains(payload: Json, made: list[Trial]) -> Iterator[Recommendation]:
    weak = [
        (values["resolved_rate"], name)
        for name, values in payload["domain_scores"].items()
        if values["scored"] > 1 and values["resolved_rate"] is not None and values["resolved_rate"] <= 0.5
    ]
    for rate, name in sorted(weak)[:2]:
        members = [t for t in made if t.task["suite"] == name and t.scored and not t.idle]
        missed = [trial.check(check) for trial in members for check in trial.standing_in_the_way()]
        if count_tasks(missed) > 1:
            why = _("{rate} resolved. These checks stood in the way.").format(rate=words.percent(rate))
            lost = sum(_cost(trial, trial.standing_in_the_way()) for trial in members)
            yield Recommendation(
                title=_("Work on {name}").format(name=name), why=why, evidence=tuple(missed), lost=lost
            )


def _parts(made: list[Trial]) -> Iterator[Recommendation]:
    groups: dict[tuple[str, str], list[tuple[Trial, Json]]] = defaultdict(list)
    for trial in made:
        if trial.scored and not trial.idle:
            for key, _short, _title in words.LAYERS[1:]:
                for part in trial.entry["layers"][key]["parts"]:
                    lost = part["possible"] - part["points"]
                    if part["name"] != "metrics" and lost > 0 and lost >= LOST_SHARE * part["possible"]:
                        groups[key, part["name"]].append((trial, part))
    advised = [
        _part_advice(key, name, sorted(items, key=lambda item: -_lost(item[1])))
        for (key, name), items in groups.items()
    ]
    yield from sorted(advised, key=attrgetter("lost"), reverse=True)[:MOST_PARTS]


def _part_advice(key: str, name: str, items: list[tuple[Trial, Json]]) -> Recommendation:
    short, title = key.upper(), words.part_title(name)
    evidence = tuple(
        trial.evidence(
            f"{short} {title.lower()}",
            _("{won} of {possible}: {reason}").format(
                won=words.points(part["points"]),
                possible=words.points(part["possible"]),
                reason=part["reason"],
            ),
        )
        for trial, part in items
    )
    lost = sum(_lost(part) for _trial, part in items)
    own = sum(_lost(part) for _trial, part in items if part["source"] == "self")
    if not own:
        why = _("{part} lost {lost} points in {tasks}.")
    elif own == lost:
        why = _("{part} lost {lost} points in {tasks}, all of them by the agent's own word.")
    else:
        why = _("{part} lost {lost} points in {tasks}, {own} of them by the agent's own word.")
    return Recommendation(
        title=_(ADVICE[name])
        if name in ADVICE
        else _("Win back points for {part}").format(part=title.lower()),
        why=why.format(
            part=f"{short} {title.lower()}",
            lost=words.points(lost),
            own=words.points(own),
            tasks=words.plural(count_tasks(evidence), "task"),
        ),
        evidence=evidence,
        lost=sum(trial.share_of_score(key, _lost(part)) for trial, part in items),
    )


def _unstable(payload: Json) -> Iterator[Recommendation]:
    evidence, lost = [], 0.0
    for task in payload["tasks"]:
        made = [trial for trial in trials([task]) if trial.scored]
        good = sum(trial.entry["resolved"] for trial in made)
        if 0 < good < len(made):
            worst = next(trial for trial in made if not trial.entry["resolved"])
            scores = [trial.entry["score"] for trial in made]
            lost += sum(max(scores) - score for score in scores)
            evidence.append(
                worst.evidence(
                    _("attempt {n}").format(n=worst.entry["attempt"]),
                    _("resolved in {n} of {total} attempts").format(n=good, total=len(made)),
                )
            )
    if evidence:
        why = _("{tasks} came out differently from attempt to attempt.").format(
            tasks=words.plural(len(evidence), "task")
        )
        title = _("Make the way of working repeatable")
        yield Recommendation(title=title, why=why, evidence=tuple(evidence), lost=lost)


def _overclaims(made: list[Trial]) -> Iterator[Recommendation]:
    over = [
        (trial, short, part)
        for trial in made
        if trial.entry["layers"] is not None
        for key, short, _title in words.LAYERS
        for part in trial.entry["layers"][key]["parts"]
        if part["claimed"] is not None and part["claimed"] > part["points"]
    ]
    if over:
        excess = words.points(sum(part["claimed"] - part["points"] for _trial, _short, part in over))
        evidence = tuple(_overclaim(trial, short, part) for trial, short, part in over)
        why = _(
            "In {parts} the agent claimed {excess} points more than a rule gave. "
            "Where nothing but its word decides, the score may be too high as well."
        ).format(parts=words.plural(len(over), "part"), excess=excess)
        yield Recommendation(title=_("Read the self-assessed points with care"), why=why, evidence=evidence)


def _overclaim(trial: Trial, short: str, part: Json) -> Evidence:
    claimed, decided = words.points(part["claimed"]), words.points(part["points"])
    where = f"{short} {words.part_title(part['name']).lower()}"
    told = _("claimed {claimed}, decided {decided}: {reason}")
    return trial.evidence(where, told.format(claimed=claimed, decided=decided, reason=part["reason"]))


def _unmeasured(made: list[Trial]) -> Iterator[Recommendation]:
    blind = [
        trial
        for trial in made
        if trial.scored and not trial.idle and trial.entry["metrics"]["source"] != "transcript"
    ]
    evidence = tuple(
        trial.evidence(_("metrics"), _(words.METRICS_SOURCES[trial.entry["metrics"]["source"]]))
        for trial in blind
    )
    if evidence:
        why = _("{tasks} had no readable transcript, so calls, errors and L2 rest on less.").format(
            tasks=words.plural(count_tasks(evidence), "task")
        )
        lost = sum(
            trial.share_of_score("l1", _lost(part))
            for trial in blind
            for part in trial.entry["layers"]["l1"]["parts"]
            if part["name"] == "metrics"
        )
        title = _("Let AgentBench read the agent's transcript")
        yield Recommendation(title=title, why=why, evidence=evidence, lost=lost)


def _flagged(made: list[Trial]) -> Iterator[Recommendation]:
    flags = [
        (trial, flag)
        for trial in made
        for flag in trial.entry["flags"]
        if flag["code"] not in words.TOLD_ELSEWHERE
    ]
    if flags:
        evidence = tuple(
            trial.evidence(_("flag {code}").format(code=flag["code"]), flag["detail"])
            for trial, flag in flags
        )
        codes = sorted({flag["code"] for _trial, flag in flags})
        why = _("{flags} in {tasks}: {codes}.").format(
            flags=words.plural(len(evidence), "flag"),
            tasks=words.plural(count_tasks(evidence), "task"),
            codes=words.joined(codes),
        )
        title = _("Look into the flagged trials before believing them")
        yield Recommendation(title=title, why=why, evidence=evidence)


def _lost(part: Json) -> float:
    return float(part["possible"] - part["points"])


def _cost(trial: Trial, checks: Iterable[Json]) -> float:
    """Return the points of the trial's score that ``checks`` did not win."""
    return trial.share_of_score("l0", sum(_lost(check) for check in checks if check["status"] != "skipped"))


def _capped(trial: Trial) -> float:
    """Return the points of the trial's score that the cap of a broken guard took."""
    layer = trial.entry["layers"]["l0"]
    possible = sum(part["possible"] for part in layer["parts"])
    won = sum(part["points"] for part in layer["parts"])
    uncapped = won - possible * layer["score"] / 100 if layer["score"] is not None else 0.0
    return max(0.0, trial.share_of_score("l0", uncapped))
