"""The stories behind questions 5 and 6: values in two units, and who was first when clocks and links fail."""

from __future__ import annotations

from _syslog_needle_fleet import Machine
from _syslog_needle_notes import DRILL, DRILL_TOO, SUSPECTED, Notes
from _syslog_needle_plan import DAY, NoRoom, Plan

FIRST_LAST = (
    ("clusterd", "quorum lost, refusing writes", "quorum regained, accepting writes"),
    ("licensed", "license server unreachable, running on grace period", "license renewed for 30 days"),
)
MEASURED = (
    ("certwatch", "certificate {0}.example.net: remaining={1}", ("days", "hours")),
    ("thermald", "air inlet of {0}: {1}", ("Celsius", "Fahrenheit")),
)
STARTED = "version {0} starting, all values in {1}"


# -- question 5 ----------------------------------------------------------------------------------


def measured(plan: Plan) -> None:
    """Question 5: the machines on which a measured value passed a bound while they were in production."""
    rng, fleet = plan.rng, plan.fleet
    remaining = plan.variants[4] == 0
    plan.words["bound"] = str(rng.choice((5, 6, 7)) if remaining else rng.choice((38, 40, 42)))
    told = list(plan.roles.values())
    free = [m for m in fleet.plain() if m not in told and m is not fleet.crashing and not m.spellings]
    chosen = rng.sample(free, 7)
    bad = dict.fromkeys(chosen[:3], 0) | dict.fromkeys(chosen[4:6], 0)
    bad |= {machine: plan.role_days[role] for role, machine in plan.roles.items() if role in plan.role_days}
    for machine in bad:
        bad[machine] = bad[machine] or rng.randint(2, 8)
    bad |= {fleet.mover: rng.randint(1, 2), fleet.spare: rng.randint(1, 3), fleet.old_test: rng.randint(1, 2)}
    bad[next(m for m in fleet.tests if m.behind)] = rng.randint(1, 8)
    exact, updated = chosen[3], {chosen[4]: 9, chosen[6]: 9, chosen[5]: 0}
    updated[chosen[5]] = rng.randint(1, bad[chosen[5]] - 1)
    for machine in fleet.machines:
        if machine in (fleet.moved, fleet.crashing):
            continue
        first = rng.randint(1, bad.get(machine, 8) - 1) if machine in updated else 9
        back = updated.get(machine, 9)
        if back < 9:
            first = 0
        for day, value in enumerate(
            _values(plan, machine is exact, machine in (chosen[4], chosen[6]), bad.get(machine))
        ):
            _reading(plan, machine, day, value, (first, back))


def _reading(plan: Plan, machine: Machine, day: int, value: float, span: tuple[int, int]) -> None:
    """Add the value of a day; ``span``: days from and before which the newer version writes it."""
    program, text, units = MEASURED[plan.variants[4]]
    low = plan.start + day * DAY + 5 * 3600
    at = plan.find(machine, 2, low, low + 5000)
    tag = plan.fleet.pid(machine, program)
    newer = span[0] <= day < span[1]
    if day in (0, *span):
        said = STARTED.format("3.0" if newer else "2.8", units[newer])
        before = plan.find(machine, 2, low - 4 * 3600, low - 300)
        plan.add(before, machine, f"{tag}: {said}")
    written: float = value
    if plan.variants[4] == 0:
        written = round(value * 24) if newer else int(value)
    elif newer:
        written = round(value * 1.8 + 32, 1)
    said = text.format(machine.called(at), written)
    plan.add(at, machine, f"{tag}: {said}", "5", value=round(value * 1000), times=round(written * 1000))


def _values(plan: Plan, exact: bool, updated: bool, bad_day: int | None) -> list[float]:
    """Return nine daily values: a bad machine's pass the bound on one day, an exact one's only reach it."""
    rng, bound = plan.rng, int(plan.words["bound"])
    if plan.variants[4] == 0:
        if bad_day is not None:
            worst = bound - (1 / 24 if updated else 1)
            end: float = rng.randint(60, 90)
            return [worst + bad_day - d if d <= bad_day else end - d for d in range(9)]
        worst = bound + (2 / 24 if updated else 0 if exact else rng.randint(1, 60))
        return [worst + 8 - d for d in range(9)]
    values = [rng.randint(240, bound * 10 - 30) / 10 for _ in range(9)]
    if bad_day is not None:
        values[bad_day] = bound + rng.randint(5, 30) / 10
    elif exact or updated:
        values[rng.randint(2, 8)] = float(bound) if exact else bound - 0.5
    return values


# -- question 6 ----------------------------------------------------------------------------------


def first_or_last(plan: Plan, notes: Notes) -> None:
    """Question 6: who was first (or last), when lines of the outside site arrive late and a clock is wrong."""
    rng, fleet = plan.rng, plan.fleet
    plan.words["program6"] = FIRST_LAST[plan.variants[5]][0]
    wants_first = plan.variants[5] == 0
    begin, end = plan.outages[1]
    outside = rng.sample([m for m in fleet.machines if m.behind and not m.test], 3)
    told = list(plan.roles.values())
    free = [m for m in fleet.plain() if m not in told and m is not fleet.crashing]
    inside = rng.sample(free, 9)
    middle = begin + (end - begin) // 2
    moments = [(m, plan.find(m, 5, begin + 200, middle - 100)) for m in outside[1:]]
    moments += [(m, plan.find(m, 5, middle + 60, end - 300)) for m in inside[1:4]]
    if wants_first:
        winner, at = outside[0], begin + rng.randint(30, 150)
    else:
        winner, at = inside[0], end - rng.randint(30, 150)
    minutes = (1 if wants_first else -1) * rng.randint(16, 26)
    plan.roles["clocked"] = winner
    if not plan.reserve(winner, at - 2400, at + 2400):
        raise NoRoom("the clock's hour is taken")
    plan.silence(winner, at - 2300, at + 2300)
    _report(plan, winner, at, minutes * 60)
    notes.clock(at + minutes * 60, winner.first, minutes, end + rng.randint(3, 20) * 3600)
    suspects = end + rng.randint(21, 30) * 3600
    notes.drill(at + minutes * 60, winner.first, SUSPECTED, rng.choice(notes.others), suspects)
    _drills(plan, notes, inside[4:6], (begin, end))
    more = (end + 3600, plan.end - 3600) if wants_first else (plan.start + 3600, begin - 3600)
    moments += [(m, plan.find(m, 5, *more)) for m in inside[6:] for _ in range(4)]
    for machine, moment in moments:
        _report(plan, machine, moment)
    program, _, after = FIRST_LAST[plan.variants[5]]
    for machine in inside[6:]:
        at = plan.find(machine, 2, *((plan.start + 600, begin - 600) if wants_first else (end + 600, 0)))
        plan.add(at, machine, f"{fleet.pid(machine, program)}: {after}")


def _drills(plan: Plan, notes: Notes, machines: list[Machine], outage: tuple[int, int]) -> None:
    """Add two reports that would be first (or last), had they not been drills of one morning."""
    rng, wants_first = plan.rng, plan.variants[5] == 0
    midnight = (outage[0] - plan.start) // DAY * DAY + plan.start + (-DAY if wants_first else DAY)
    morning = midnight + rng.randint(6, 9) * 3600
    for number, machine in enumerate(machines):
        plan.roles[f"drill{number}"] = machine
        at = plan.find(machine, 5, morning + number * 5400, morning + number * 5400 + 3000)
        _report(plan, machine, at, drill="both" if number == 0 else "second")
        if number == 0:
            who, first = rng.choice(notes.officers), at
        else:
            told = notes.drill(first, machines[0].first, DRILL, who, morning + 5 * 3600)
            notes.drill(at, machine.first, DRILL_TOO, who, told + 300)


def _report(plan: Plan, machine: Machine, at: int, shift: int = 0, drill: str = "") -> None:
    program, text, after = FIRST_LAST[plan.variants[5]]
    tag = plan.fleet.pid(machine, program)
    plan.add(at, machine, f"{tag}: {text}", "6", shift=shift, form=drill or "plain")
    plan.add(at + plan.rng.randint(2, 5), machine, f"{tag}: {after}", shift=shift)
