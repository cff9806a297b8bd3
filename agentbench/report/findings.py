"""What failed in a run, grouped by cause, with the evidence.

Every failure rests on a named check or message of a named trial. An attempt that was tried again counts with
its last try. A check that was won in part has failed: it did not pass in full.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, groupby
from operator import itemgetter
from typing import Any

from msgspec import structs

from agentbench.failures import FailureCause
from agentbench.i18n import N_, _, ngettext
from agentbench.model import Frozen
from agentbench.report import words

Json = dict[str, Any]

_LABELS = {
    "guard": N_("Guard broken"),
    "required": N_("Required check failed"),
    "optional": N_("Optional check failed"),
}


class Evidence(Frozen, frozen=True):
    """One fact of one trial."""

    task_id: str
    task_name: str
    attempt: int
    where: str
    """The check, part or message it is about, in words."""
    detail: str
    """What was found there."""


class Failure(Frozen, frozen=True):
    """Trials that failed for one cause."""

    kind: str
    """``not-scored``, ``nothing-done``, ``guard``, ``required`` or ``optional``."""
    title: str
    evidence: tuple[Evidence, ...]

    @property
    def n_tasks(self) -> int:
        """How many tasks it touched."""
        return count_tasks(self.evidence)


class Trial(Frozen, frozen=True):
    """A task with the last try of one of its attempts."""

    task: Json
    entry: Json

    @property
    def scored(self) -> bool:
        """Whether it has a score."""
        return bool(self.entry["status"] == "scored")

    @property
    def idle(self) -> bool:
        """Whether it has a score of 0 because nothing was done."""
        return is_idle(self.entry)

    def failing(self, kind: str) -> list[Json]:
        """Return the checks of a kind (``guard``, ``required``, ``optional``) that did not pass in full.

        A skipped optional check costs nothing; a skipped guard or required one keeps the trial unresolved.
        """
        costly = ("failed", "partial") if kind == "optional" else ("failed", "partial", "skipped")
        return [check for check in self.entry["checks"] if _kind(check) == kind and check["status"] in costly]

    @property
    def missed_everything(self) -> bool:
        """Whether required checks were decided, and all of these failed."""
        required = [check["status"] for check in self.entry["checks"] if _kind(check) == "required"]
        return "failed" in required and set(required) <= {"failed", "skipped"}

    def share_of_score(self, key: str, points: float) -> float:
        """Return what ``points`` of a layer are worth in the score of the trial, 0–100."""
        layers, weights = self.entry["layers"], self.task["weights"]
        possible = sum(part["possible"] for part in layers[key]["parts"])
        total = sum(weights[name] for name, layer in layers.items() if layer["score"] is not None)
        if layers[key]["score"] is None or not possible or not total:
            return 0.0
        return float(100 * points / possible * weights[key] / total)

    def standing_in_the_way(self) -> list[Json]:
        """Return the checks that keep the trial unresolved."""
        return [*self.failing("guard"), *self.failing("required")]

    def evidence(self, where: str, detail: str) -> Evidence:
        """Return ``detail`` as evidence from this trial."""
        return Evidence(
            task_id=self.task["task_id"],
            task_name=self.task["name"],
            attempt=self.entry["attempt"],
            where=where,
            detail=detail,
        )

    def check(self, check: Json) -> Evidence:
        """Return what a check found as evidence from this trial."""
        found = check["found"] or _("nothing was recorded")
        skipped = check["status"] == "skipped"
        if check["expected"]:
            text = (
                _("skipped: {found}; expected {expected}")
                if skipped
                else _("found {found}; expected {expected}")
            )
        else:
            text = _("skipped: {found}") if skipped else _("found {found}")
        told = text.format(found=found, expected=check["expected"])
        return self.evidence(_("check {id}").format(id=check["id"]), told)


def top_failures(payload: Json) -> list[Failure]:
    """Return the failures grouped by cause, the cause that touched the most tasks first.

    Causes: no score, no work, a broken guard, a failed check. Checks are grouped by their validator; required
    ones whose validator failed in this task only, by how many required checks of the task failed.
    """
    made = list(trials(payload["tasks"]))
    failures = [
        *_grouped(made, "not-scored", lambda trial: [] if trial.scored else [unscored(trial)]),
        *_grouped(made, "nothing-done", lambda trial: [nothing_done(trial)] if trial.idle else []),
        *_check_failures(made, "guard"),
        *_check_failures(made, "required"),
    ]
    failures.sort(key=lambda failure: -failure.n_tasks)
    return failures + _check_failures(made, "optional")


def nothing_failed(payload: Json) -> str:
    """Return what to say of a run without a failure; a skipped check is not a passed one."""
    statuses = [check["status"] for trial in trials(payload["tasks"]) for check in trial.entry["checks"]]
    skipped = statuses.count("skipped")
    if not statuses:
        return _("No check was run.")
    if skipped:
        told = ngettext("No check failed; {n} was skipped.", "No check failed; {n} were skipped.", skipped)
        return told.format(n=skipped)
    return _("Nothing failed: every check of every task passed.")


def trials(tasks: Iterable[Json]) -> Iterator[Trial]:
    """Yield the trials of ``tasks``, in order; a task that was never tried counts as one."""
    for task in tasks:
        tries = sorted(task["attempts"], key=lambda entry: (entry["attempt"], entry["try_no"]))
        last = {entry["attempt"]: entry for entry in tries} or {1: _never_tried(task)}
        yield from (Trial(task=task, entry=entry) for entry in last.values())


def count_tasks(evidence: Iterable[Evidence]) -> int:
    """Return how many tasks the evidence comes from."""
    return len({item.task_id for item in evidence})


def is_idle(entry: Json) -> bool:
    """Return whether an attempt is 0 because nothing was done: L1 then has scoring's one part ``work``."""
    layers = entry["layers"]
    return layers is not None and [part["name"] for part in layers["l1"]["parts"]] == ["work"]


def unscored(trial: Trial) -> tuple[str, Evidence]:
    """Return the cause and the evidence of a trial without a score."""
    entry = trial.entry
    title = _("Not scored: {cause}").format(cause=words.cause(entry["cause"]))
    said = entry["message"] or _("no message was recorded")
    return title, trial.evidence(words.shown(entry["status"]), said)


def nothing_done(trial: Trial) -> tuple[str, Evidence]:
    """Return the cause and the evidence of a trial in which nothing was done."""
    return _("Nothing was done"), trial.evidence(
        _("no work"), _("changed no file and gave no answer that a check looks at")
    )


def and_more(first: Evidence, n_more: int) -> Evidence:
    """Return a fact that stands for others as well, and says so."""
    if not n_more:
        return first
    told = _("{what} (and {n} more)").format(what=first.detail, n=n_more)
    return structs.replace(first, detail=told)


def _kind(check: Json) -> str:
    return "guard" if check["guard"] else "required" if check["required"] else "optional"


def _never_tried(task: Json) -> Json:
    cause = FailureCause.REQUIREMENT if task["status"] == "unsupported" else FailureCause.CANCELLED
    return {
        "attempt": 1,
        "try_no": 1,
        "status": task["status"],
        "cause": cause.value,
        "message": "never tried",
        "layers": None,
        "checks": [],
        "flags": task["flags"],
    }


def _grouped(
    made: list[Trial], kind: str, finder: Callable[[Trial], list[tuple[str, Evidence]]]
) -> list[Failure]:
    groups: dict[str, list[Evidence]] = defaultdict(list)
    for title, evidence in chain.from_iterable(map(finder, made)):
        groups[title].append(evidence)
    return [Failure(kind=kind, title=title, evidence=tuple(items)) for title, items in groups.items()]


def _check_failures(made: list[Trial], kind: str) -> list[Failure]:
    label = _(_LABELS[kind])
    failing = [
        (trial, check) for trial in made if trial.scored and not trial.idle for check in trial.failing(kind)
    ]
    tasks: dict[str, set[str]] = defaultdict(set)
    for trial, check in failing:
        tasks[check["type"]].add(trial.task["task_id"])
    shared = {name for name, ids in tasks.items() if len(ids) > 1}
    groups: dict[str, list[Evidence]] = defaultdict(list)
    for trial, check in failing:
        if check["type"] in shared:
            groups[_("{what}: {name}").format(what=label, name=check["type"])].append(trial.check(check))
    for trial, checks in _by_trial((trial, check) for trial, check in failing if check["type"] not in shared):
        first = trial.check(checks[0])
        title = _extent(trial) if kind == "required" else label
        groups[title].append(and_more(first, len(checks) - 1))
    return [Failure(kind=kind, title=title, evidence=tuple(items)) for title, items in groups.items()]


def _by_trial(found: Iterable[tuple[Trial, Json]]) -> Iterator[tuple[Trial, list[Json]]]:
    for trial, pairs in groupby(found, key=itemgetter(0)):
        yield trial, [check for _trial, check in pairs]


def _extent(trial: Trial) -> str:
    n_required = sum(_kind(check) == "required" for check in trial.entry["checks"])
    n_failing = len(trial.failing("required"))
    if n_failing == 1:
        return _("One required check failed")
    if n_failing == n_required:
        return _("Every required check failed")
    return _("More than one required check failed")
