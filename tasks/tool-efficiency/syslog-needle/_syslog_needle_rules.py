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
    "own-repeats-ignored": {"1"},
    "joined-whole": {"1"},
    "joined-counted-once": {"1"},
    "quoted-too": {"1"},
    "copies-counted": {"1"},
    "equal-lines-once": {"1"},
    "suppressed-ignored": {"2"},
    "suppressed-of-anything": {"2"},
    "counted-when-first-said": {"2"},
    "all-days": {"2"},
    "by-program": {"2"},
    "spelling": {"2", "3", "5"},
    "one-name": {"3", "5"},
    "name-reuse": {"3", "5"},
    "name-prefix": {"3"},
    "stamp": {"4"},
    "first-boot": {"4"},
    "last-boot": {"4"},
    "boot-stamp": {"4"},
    "fewest-seconds": {"4"},
    "step-ignored": {"4"},
    "plain-brackets": {"4"},
    "test-machines-too": {"1", "5"},
    "test-machine-by-name": {"5"},
    "bound-itself": {"5"},
    "last-value": {"5"},
    "units-ignored": {"5"},
    "notes-ignored": {"1", "5"},
    "keywords": {"5"},
    "anybody": {"5", "6"},
    "from-the-note-on": {"5"},
    "no-end": {"5"},
    "not-longer": {"1", "5"},
    "no-correction": {"5"},
    "corrected-from-then-on": {"5"},
    "drills-ignored": {"6"},
    "second-drill-missed": {"6"},
    "clock-ignored": {"6"},
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
    return iter(plan.picked[topic])


def is_test(plan: Plan, machine: Machine, at: int, mistakes: Collection[str]) -> bool:
    """Tell whether a machine is a test machine at a second, by the list and the notes."""
    if "test-machines-too" in mistakes:
        return False
    periods = plan.tests.get(machine.number, [])
    for mistake in mistakes:
        periods = plan.misread.get(mistake, {}).get(machine.number, periods)
    return any(first <= at < end for first, end in periods)


def _units(line: Line, mistakes: Collection[str]) -> int:
    """Return how often one line says the message of question 1."""
    if line.topic != "1":
        return int("quoted-too" in mistakes and "opened a ticket" in line.said)
    if line.form == "itself":
        return 0 if "own-repeats-ignored" in mistakes else line.value
    joined = "#012" in line.said
    count = 0 if joined and "joined-whole" in mistakes else line.value
    if "joined-counted-once" in mistakes:
        count = min(count, 1)
    if line.copied and "copies-counted" in mistakes:
        count *= 2
    return 0 if not line.alone and "equal-lines-once" in mistakes else count


def _repeated(plan: Plan, mistakes: Collection[str]) -> int:
    total = 0
    last: dict[int, int] = {}
    seen: dict[int, int] = {}
    for line in _of(plan, "1"):
        machine = line.machine.number
        if line.form == "repeat":
            near = "repeats-of-anything" in mistakes and line.at - seen.get(machine, 0) <= 60
            count = line.times * (max(last[machine], 1) if near else last[machine])
            count = 0 if "repeats-ignored" in mistakes else count
        else:
            count = last[machine] = _units(line, mistakes)
            if line.topic == "1":
                seen[machine] = line.at
        if count and not is_test(plan, line.machine, line.at, mistakes):
            total += count
    return total


def _suppressed(plan: Plan, mistakes: Collection[str]) -> int:
    total = 0
    day = int(plan.words["day"])
    last: dict[tuple[str, str], Line] = {}
    for line in _of(plan, "2"):
        machine = line.machine.written(line.at) if "spelling" in mistakes else str(line.machine.number)
        tag = "" if "by-program" in mistakes else line.tag
        key = (machine, tag)
        if line.form == "suppressed":
            said = last.get(key)
            if said is None:
                continue
            at = said.at if "counted-when-first-said" in mistakes else line.at
            counts = said.topic == "2" or "suppressed-of-anything" in mistakes
            if "suppressed-ignored" in mistakes or not counts:
                continue
        else:
            last[key], at = line, line.at
            if line.topic != "2":
                continue
        if "all-days" in mistakes or day <= at < day + DAY:
            total += line.times
    return total


def _moved(plan: Plan, mistakes: Collection[str]) -> int:
    moved = plan.fleet.moved

    def ours(line: Line) -> bool:
        written = line.machine.written(line.at)
        if "spelling" in mistakes and written != line.machine.called(line.at):
            return False
        if "one-name" in mistakes:
            return line.machine.called(line.at) == moved.name
        if "name-prefix" in mistakes:
            return line.machine.called(line.at).startswith((moved.first, moved.name))
        return line.machine is moved or ("name-reuse" in mistakes and line.machine is plan.fleet.spare)

    return sum(ours(line) for line in _of(plan, "3"))


def _kernel(plan: Plan, mistakes: Collection[str]) -> int:
    machine = plan.fleet.crashing
    found = [line for line in _of(plan, "4") if line.machine is machine]
    if "plain-brackets" in mistakes:
        found = [line for line in found if "[T" not in line.said.replace(" ", "")]
    since = {id(line): line.true - plan.boot_of(machine, line.true // 1_000_000) for line in found}
    first = min(found, key=lambda line: since[id(line)] if "fewest-seconds" in mistakes else line.true)
    boot = first.true - since[id(first)]
    if "stamp" in mistakes:
        return first.at
    if "step-ignored" in mistakes:
        boot += int(plan.words["off"]) * 1_000_000
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
    bound, remaining = int(plan.words["bound"]) * 1000, plan.variants[4] == 0
    tests = {machine.name for machine in plan.fleet.tests}
    last: dict[str, bool] = {}
    found: set[str] = set()
    for line in _of(plan, "5"):
        machine, called = line.machine, line.machine.called(line.at)
        who = machine.name
        if "one-name" in mistakes:
            who = called
        elif "name-reuse" in mistakes and machine is plan.fleet.spare:
            who = plan.fleet.moved.name
        elif "spelling" in mistakes and called != machine.written(line.at):
            who = machine.written(line.at)
        by_list = "test-machine-by-name" in mistakes and machine is plan.fleet.old_test
        if called not in tests if by_list else is_test(plan, machine, line.at, mistakes) is False:
            value = line.times if "units-ignored" in mistakes else line.value
            past = value < bound if remaining else value > bound
            last[who] = past = past or ("bound-itself" in mistakes and value == bound)
            if past:
                found.add(who)
    if "last-value" in mistakes:
        found = {who for who, past in last.items() if past}
    return sorted(found)


def _first_or_last(plan: Plan, mistakes: Collection[str]) -> dict[str, str]:
    skipped = {"both", "second"}
    if "drills-ignored" in mistakes:
        skipped = set()
    elif "second-drill-missed" in mistakes:
        skipped = {"both"}
    lines = [line for line in _of(plan, "6") if line.form not in skipped]
    if "anybody" in mistakes:
        lines = [line for line in lines if line.machine is not plan.roles["clocked"]]

    def at(line: Line) -> int:
        return line.at + line.shift * ("clock-ignored" in mistakes)

    def arrival(line: Line) -> int:
        if line.machine.behind and "file-order" in mistakes:
            return next((end for begin, end in plan.outages if begin <= line.at < end), line.at)
        return at(line)

    ranked = sorted(lines, key=arrival)
    line = ranked[0] if plan.variants[5] == 0 else ranked[-1]
    return {"machine": line.machine.called(line.at), "at": instant(at(line))}


def is_sound(plan: Plan) -> bool:
    """Tell whether no two candidates of question 6 tie and every trap costs exactly its answers."""
    moments = [line.at for line in _of(plan, "6")] + [
        line.at + line.shift for line in _of(plan, "6") if line.shift
    ]
    return len(set(moments)) == len(moments) and not unsound(plan)


def unsound(plan: Plan) -> list[tuple[str, set[str]]]:
    """Return the traps that do not cost exactly their answers, with what they cost."""
    truth = answers(plan)
    found = []
    for trap, costs in TRAPS.items():
        given = answers(plan, {trap})
        lost = {key for key in truth if truth[key] != given[key]}
        if lost != costs:
            found.append((trap, lost))
    return found
