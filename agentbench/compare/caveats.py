"""What makes two runs less than comparable. Pure; found as codes with values, told in words in any language."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from agentbench.i18n import N_, _
from agentbench.model import Frozen

Json = dict[str, Any]

TEXTS = {
    "same-run": N_("{base} and {run} are the same run"),
    "suite_version": N_("the suite versions differ ({a}, {b}): tasks of one name may be different tasks"),
    "scoring_version": N_("the scoring rules differ ({a}, {b}): the same work may earn other points"),
    "scoring_method": N_("the scoring methods differ ({a}, {b}): L2 and L3 were judged by others"),
    "profile": N_("the profiles differ ({a}, {b}): the overall scores are over different tasks"),
    "seed": N_(
        "the seeds differ ({a}, {b}): the tasks have other inputs, so single tasks differ by luck too"
    ),
    "tier": N_("the tiers differ ({a}, {b}): the runs were driven in different ways"),
    "attempts": N_("the attempts per task differ ({a}, {b}): the means rest on different numbers of trials"),
    "mode": N_("the modes differ ({a}, {b}): the runs worked in different surroundings"),
    "sandbox": N_("the sandboxes differ ({a}, {b}): the agents saw different parts of the machine"),
    "setup": N_("the set-ups differ ({a}, {b}): that may be what you want to see, or what you forgot"),
    "filters": N_("the runs were filtered differently: the overall scores are over different tasks"),
    "files": N_("{n} of the common tasks differ in their files ({list}): they are left out"),
    "tasks": N_("the runs hold different tasks: {a} only in {base}, {b} only in {run}"),
    "unscored": N_("{run} has no score for {n} of {total} trials"),
    "single": N_("a task with one attempt varies by chance: read a difference of single tasks with care"),
}
_COMPARED = (
    "suite_version",
    "scoring_version",
    "scoring_method",
    "profile",
    "seed",
    "tier",
    "attempts",
    "mode",
)
_SHOWN = 5


class Caveat(Frozen, frozen=True):
    """One thing to know before reading a comparison."""

    code: str
    values: dict[str, str]
    """What its text names."""

    @property
    def text(self) -> str:
        """The caveat as a sentence without a full stop, in the current language."""
        return _(TEXTS[self.code]).format(**self.values)


def find(a: Json, b: Json, base: str, run: str) -> Iterator[Caveat]:
    """Yield the caveats of comparing payload ``b``, called ``run``, with payload ``a``, called ``base``."""
    names = {"base": base, "run": run}
    if a["run_id"] == b["run_id"] and a["signature"] == b["signature"]:
        yield Caveat(code="same-run", values=names)
    for key in _COMPARED:
        if a[key] != b[key]:
            yield Caveat(code=key, values={"a": str(a[key]), "b": str(b[key])})
    for code, one, two in (
        ("sandbox", a.get("sandbox"), b.get("sandbox")),
        ("setup", _setup(a), _setup(b)),
    ):
        if one != two:
            yield Caveat(code=code, values={"a": str(one), "b": str(two)})
    if a["filters"] != b["filters"]:
        yield Caveat(code="filters", values={})
    yield from _of_tasks(a, b, names)
    for name, payload in ((base, a), (run, b)):
        planned = payload["counts"]["planned"]
        if missing := planned - payload["counts"]["scored"]:
            yield Caveat(code="unscored", values={"run": name, "n": str(missing), "total": str(planned)})
    if min(a["attempts"], b["attempts"]) == 1:
        yield Caveat(code="single", values={})


def _of_tasks(a: Json, b: Json, names: dict[str, str]) -> Iterator[Caveat]:
    ours, theirs = ({task["task_id"]: task["digest"] for task in payload["tasks"]} for payload in (a, b))
    changed = [task for task, digest in theirs.items() if ours.get(task, digest) != digest]
    if changed:
        shown = ", ".join(changed[:_SHOWN]) + (", …" if len(changed) > _SHOWN else "")
        yield Caveat(code="files", values={"n": str(len(changed)), "list": shown})
    if ours.keys() != theirs.keys():
        only = {"a": str(len(ours.keys() - theirs.keys())), "b": str(len(theirs.keys() - ours.keys()))}
        yield Caveat(code="tasks", values=names | only)


def _setup(payload: Json) -> str | None:
    found: str | None = payload["agent"].get("settings", {}).get("setup")
    return found
