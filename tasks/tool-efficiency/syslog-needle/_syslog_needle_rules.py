"""The six answers as questions.md defines them, or as somebody who missed something would give them."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator

from _syslog_needle_fleet import Machine
from _syslog_needle_plan import DAY, Line, Plan

#: What can be missed -> the answers that it costs.
TRAPS: dict[str, set[str]] = {
    "repeats-ignored": {"1"},
    "repeats-of-anything": {"1"},
    "suppressed-ignored": {"2"},
    "suppressed-of-anything": {"2"},
    "counted-when-first-said": {"2"},
    "all-days": {"2"},
    "one-name": {"3", "5"},
    "name-prefix": {"3"},
    "stamp": {"4"},
    "first-boot": {"4"},
    "last-boot": {"4"},
    "boot-stamp": {"4"},
    "fewest-seconds": {"4"},
    "test-machines-too": {"5"},
    "test-machine-by-name": {"5"},
    "bound-itself": {"5"},
    "last-value": {"5"},
    "file-order": {"6"},
}


def answers(plan: Plan, mistakes: Collection[str] = ()) -> dict[str, object]:
    """Return question number -> answer."""
    return {
        "1": _repeated(plan, mistakes),
        "2": _suppressed(plan, mistakes),
        "3": _moved(plan, mistakes),
        "4": instant(_kernel(plan, mistakes)),
        "5": _measured(plan, mistakes),
        "6": _first_or_last(plan, mistakes),
    }


def instant(at: int) -> str:
    """Return a second as UTC text."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(at))


def _of(plan: Plan, topic: str) -> Iterator[Line]:
    return (line for line in plan.lines if line.topic == topic)


def _repeated(plan: Plan, mistakes: Collection[str]) -> int:
    total = 0
    last: dict[int, str] = {}
    seen: dict[int, int] = {}
    for line in plan.lines:
        machine = line.machine.number
        if line.form == "repeat":
            near = "repeats-of-anything" in mistakes and line.at - seen.get(machine, 0) <= 60
            if "repeats-ignored" not in mistakes and (near or last[machine] == "1"):
                total += line.times
            continue
        last[machine] = line.topic
        if line.topic == "1":
            seen[machine] = line.at
            total += 1
    return total


def _suppressed(plan: Plan, mistakes: Collection[str]) -> int:
    total = 0
    day = int(plan.words["day"])
    last: dict[int, Line] = {}
    for line in plan.lines:
        machine = line.machine.number
        if line.form == "suppressed":
            said = last[machine]
            at = said.at if "counted-when-first-said" in mistakes else line.at
            counts = said.topic == "2" or "suppressed-of-anything" in mistakes
            if "suppressed-ignored" in mistakes or not counts:
                continue
        else:
            last[machine], at = line, line.at
            if line.topic != "2":
                continue
        if "all-days" in mistakes or day <= at < day + DAY:
            total += line.times
    return total


def _moved(plan: Plan, mistakes: Collection[str]) -> int:
    moved = plan.fleet.moved

    def ours(line: Line) -> bool:
        if "one-name" in mistakes:
            return line.machine.called(line.at) == moved.name
        if "name-prefix" in mistakes:
            return line.machine.called(line.at).startswith((moved.first, moved.name))
        return line.machine is moved

    return sum(ours(line) for line in _of(plan, "3"))


def _kernel(plan: Plan, mistakes: Collection[str]) -> int:
    machine = plan.fleet.crashing
    found = [line for line in _of(plan, "4") if line.machine is machine]
    since = {id(line): line.true - plan.boot_of(machine, line.true // 1_000_000) for line in found}
    first = min(found, key=lambda line: since[id(line)] if "fewest-seconds" in mistakes else line.true)
    boot = first.true - since[id(first)]
    if "stamp" in mistakes:
        return first.at
    if "first-boot" in mistakes:
        boot = machine.boots[1]
    elif "last-boot" in mistakes:
        boot = machine.boots[-1]
    elif "boot-stamp" in mistakes:
        boot = (
            next(line.at for line in plan.lines if line.machine is machine and line.at * 1_000_000 >= boot)
            * 1_000_000
        )
    return (boot + since[id(first)]) // 1_000_000


def _measured(plan: Plan, mistakes: Collection[str]) -> list[str]:
    bound, certificates = int(plan.words["bound"]), plan.variants[4] == 0
    tests = {machine.name for machine in plan.fleet.tests}
    last: dict[str, int] = {}
    found: set[str] = set()

    def name(machine: Machine, at: int) -> str | None:
        written = machine.called(at)
        if "one-name" in mistakes:
            return None if written in tests else written
        known = written if "test-machine-by-name" in mistakes else machine.name
        return machine.name if known not in tests or "test-machines-too" in mistakes else None

    for line in _of(plan, "5"):
        who = name(line.machine, line.at)
        past = line.value < bound if certificates else line.value > bound
        past = past or ("bound-itself" in mistakes and line.value == bound)
        if who is not None:
            last[who] = past
            if past:
                found.add(who)
    if "last-value" in mistakes:
        found = {who for who, past in last.items() if past}
    return sorted(found)


def _first_or_last(plan: Plan, mistakes: Collection[str]) -> dict[str, str]:
    lines = list(_of(plan, "6"))

    def arrival(line: Line) -> int:
        if line.machine.behind and "file-order" in mistakes:
            return next((end for begin, end in plan.outages if begin <= line.at < end), line.at)
        return line.at

    ranked = sorted(lines, key=arrival)
    line = ranked[0] if plan.variants[5] == 0 else ranked[-1]
    return {"machine": line.machine.called(line.at), "at": instant(line.at)}


def is_sound(plan: Plan) -> bool:
    """Tell whether no two candidates of question 6 tie and every trap costs exactly its answers."""
    moments = [line.at for line in _of(plan, "6")]
    if len(set(moments)) < len(moments):
        return False
    truth = answers(plan)
    if len(truth["5"]) < 4:  # type: ignore[arg-type]
        return False
    for trap, costs in TRAPS.items():
        given = answers(plan, {trap})
        if {key for key in truth if truth[key] != given[key]} != costs:
            return False
    return True
