"""The six stories behind the six questions; each has two variants, of which the seed takes one."""

from __future__ import annotations

from random import Random

from _syslog_needle_fleet import Fleet, Machine
from _syslog_needle_plan import DAY, NoRoom, Plan

REPEATED = (
    (
        "backupd",
        "cannot reach vault vault-2: connection refused",
        "cannot reach vault vault-1: connection refused",
    ),
    ("upsd", "UPS rack-b: battery communication lost", "UPS rack-a: battery communication lost"),
)
SUPPRESSED = (
    ("proxyd", "upstream parcel-api timed out after 30 s", "client sent malformed request header"),
    ("resolved", "query for labels.example.net was refused", "cache is full, dropping oldest entries"),
)
MOVED = (
    ("jobd", "job nightly-index failed (exit status 3)", "job hourly-sync failed (exit status 3)"),
    ("vpnd", "peer hub-east: handshake did not complete", "peer hub-west: handshake did not complete"),
)
KERNEL = (
    ("Out of memory: Killed process <n> (reportd)", "Out of memory: Killed process <n> (indexd)"),
    (
        "nvme nvme1: I/O <n> QID 3 timeout, reset controller",
        "nvme nvme0: I/O <n> QID 3 timeout, reset controller",
    ),
)
FIRST_LAST = (
    ("clusterd", "quorum lost, refusing writes", "quorum regained, accepting writes"),
    ("licensed", "license server unreachable, running on grace period", "license renewed for 30 days"),
)


def tell(rng: Random, fleet: Fleet) -> Plan:
    """Return the plan of all lines that matter, and of the noise around them."""
    plan = Plan(rng, fleet)
    plan.variants = [rng.randrange(2) for _ in range(6)]
    _kernel(plan)
    _first_or_last(plan)
    _suppressed(plan)
    _moved(plan)
    _measured(plan)
    _repeated(plan)
    plan.make_noise()
    plan.settle()
    return plan


def _stable(plan: Plan, *roles: str) -> list[Machine]:
    return [machine for machine in plan.fleet.plain(*roles) if machine is not plan.fleet.crashing]


def _repeated(plan: Plan) -> None:
    """Question 1: a message that `last message repeated` stands for many times."""
    rng, fleet = plan.rng, plan.fleet
    program, text, other = REPEATED[plan.variants[0]]
    plan.repeated_text = text
    machines = rng.sample(_stable(plan), 9)
    for _ in range(rng.randint(85, 120)):
        machine = rng.choice(machines)
        tag = fleet.pid(machine, program)
        kind = rng.choices(("once", "repeated", "twice", "between", "other"), (4, 5, 2, 2, 4))[0]
        at = plan.find(machine, 110)
        first, second = at + rng.randint(15, 50), at + rng.randint(60, 100)
        plan.add(at, machine, f"{tag}: {other if kind == 'other' else text}", "" if kind == "other" else "1")
        if kind == "between":
            plan.add(
                at + rng.randint(3, 9),
                machine,
                f"{fleet.pid(machine, 'timerd')}: tick took longer than 250 ms",
            )
        if kind != "once":
            plan.repeat(machine, at, first, rng.randint(1, 24))
        if kind == "twice":
            plan.repeat(machine, first, second, rng.randint(1, 24))


def _suppressed(plan: Plan) -> None:
    """Question 2: messages of one day, most of them suppressed."""
    rng = plan.rng
    day = plan.start + rng.randint(3, 6) * DAY
    plan.words["day"] = str(day)
    machines = rng.sample(_stable(plan, "web", "app"), 8)
    late, early = machines[0], machines[1]
    _burst(plan, late, day - rng.randint(8, 40), day + rng.randint(8, 40), target=True)
    _burst(plan, early, day + DAY - rng.randint(8, 40), day + DAY + rng.randint(8, 40), target=True)
    for begin, count in ((day, rng.randint(22, 30)), (plan.start, 35), (day + DAY, 25)):
        last = {day: day + DAY, plan.start: day}.get(begin, plan.end)
        for number in range(count):
            machine = rng.choice(machines)
            at = plan.find(machine, 100, begin + 300, last - 300)
            _burst(plan, machine, at, at + rng.randint(20, 90), target=number % 5 > 1, reserved=True)


def _burst(
    plan: Plan, machine: Machine, first: int, last: int, *, target: bool, reserved: bool = False
) -> None:
    """Add one to three messages and, at ``last``, how many more were suppressed."""
    rng = plan.rng
    program, text, other = SUPPRESSED[plan.variants[1]]
    if not reserved and not plan.reserve(machine, first, last):
        raise NoRoom("the day's edge is taken")
    tag = plan.fleet.pid(machine, program)
    if rng.random() < 0.5:
        plan.add(first - 1, machine, f"{tag}: {text if not target else other}", "" if target else "2")
    for _ in range(rng.randint(1, 3)):
        plan.add(first, machine, f"{tag}: {text if target else other}", "2" if target else "")
    count = rng.randint(11, 480)
    plan.add(last, machine, f"{tag}: {count} messages suppressed", form="suppressed", times=count)


def _moved(plan: Plan) -> None:
    """Question 3: messages of a machine that got another name on the way."""
    rng, fleet = plan.rng, plan.fleet
    program, text, other = MOVED[plan.variants[2]]
    moved, mover = fleet.moved, fleet.mover
    alike = [m for m in _stable(plan) if m.first.startswith(moved.first)]
    counts = [(moved, rng.randint(14, 40), plan.start + 600, moved.renamed - 600)]
    counts.append((moved, rng.randint(14, 40), moved.renamed + 600, plan.end - 900))
    counts += [(m, rng.randint(5, 20), plan.start + 600, plan.end - 900) for m in alike]
    counts += [
        (m, rng.randint(3, 12), plan.start + 600, plan.end - 900)
        for m in (mover, *rng.sample(_stable(plan), 6))
    ]
    for machine, count, low, high in counts:
        tag = fleet.pid(machine, program)
        for number in range(count + 6):
            at = plan.find(machine, 2, low, high)
            target = number < count
            plan.add(at, machine, f"{tag}: {text if target else other}", "3" if target else "")


def _kernel(plan: Plan) -> None:
    """Question 4: when a kernel saw something first, on a machine that booted three times."""
    rng, fleet = plan.rng, plan.fleet
    text, other = KERNEL[plan.variants[3]]
    machine = fleet.crashing
    third, fourth = machine.boots[2] // 1_000_000, machine.boots[3] // 1_000_000
    late = rng.randint(150, 500)
    at = plan.find(machine, late, third + 14 * 3600, third + 30 * 3600)
    plan.kernel(machine, at, late, text.replace("<n>", str(rng.randint(900, 9999))), "4")
    for _ in range(rng.randint(2, 4)):
        late = rng.randint(150, 500)
        at = plan.find(machine, late, fourth + 3600, fourth + 5 * 3600)
        plan.kernel(machine, at, late, text.replace("<n>", str(rng.randint(900, 9999))), "4")
    for stranger in (machine, *rng.sample([m for m in fleet.plain() if m is not machine], 5)):
        late = rng.randint(10, 500)
        at = plan.find(stranger, late)
        said = other if stranger is machine else rng.choice((text, other))
        plan.kernel(stranger, at, late, said.replace("<n>", str(rng.randint(900, 9999))))


def _measured(plan: Plan) -> None:
    """Question 5: the machines on which a measured value passed a bound."""
    rng, fleet = plan.rng, plan.fleet
    certificates = plan.variants[4] == 0
    bound = rng.choice((5, 6, 7)) if certificates else rng.choice((16, 20, 24))
    plan.words["bound"] = str(bound)
    machines = [m for m in fleet.machines if m not in (fleet.moved, fleet.crashing)]
    *bad, exact = rng.sample(_stable(plan), 5)
    tests = [fleet.old_test, *rng.sample([m for m in fleet.tests if m is not fleet.old_test], 2)]
    for machine in machines:
        spoiled = machine in bad or machine in tests or machine is fleet.mover
        heals = machine in (bad[0], fleet.mover, fleet.old_test)
        for day, value in enumerate(_values(rng, bound, spoiled, machine is exact, heals, certificates)):
            low = plan.start + day * DAY + 5 * 3600
            at = plan.find(machine, 2, low, low + 5000)
            tag = fleet.pid(machine, "certwatch" if certificates else "smartd")
            said = f"certificate {machine.called(at)}.example.net expires in {value} days"
            if not certificates:
                said = f"Device: /dev/sdb [SAT], {value} Currently unreadable (pending) sectors"
            plan.add(at, machine, f"{tag}: {said}", "5", value=value)


def _values(
    rng: Random, bound: int, spoiled: bool, exact: bool, heals: bool, certificates: bool
) -> list[int]:
    """Return nine daily values: bad ones pass the bound, an exact one only reaches it."""
    if certificates:
        worst = bound - rng.randint(1, 3) if spoiled else bound if exact else bound + rng.randint(3, 60)
        if heals:
            return [worst + 2, worst + 1, worst, *range(90, 84, -1)]
        return list(range(worst + 8, worst - 1, -1))
    worst = (
        bound + rng.randint(1, 90)
        if spoiled
        else bound
        if exact
        else rng.choice((0, 0, 0, rng.randint(1, bound - 2)))
    )
    values = sorted(rng.randint(worst // 2, worst) for _ in range(8))
    if heals:
        return [*values[-2:], worst, *[0] * 6]
    return [*values, worst]


def _first_or_last(plan: Plan) -> None:
    """Question 6: who was first (or last), when lines of the outside site arrive late."""
    rng, fleet = plan.rng, plan.fleet
    program, text, after = FIRST_LAST[plan.variants[5]]
    wants_first = plan.variants[5] == 0
    begin, end = plan.outages[1]
    outside = rng.sample([m for m in fleet.machines if m.behind and not m.test], 3)
    inside = rng.sample(_stable(plan), 4)
    middle = begin + (end - begin) // 2
    moments = [(m, plan.find(m, 5, begin + 120, middle - 200)) for m in outside]
    moments += [(m, plan.find(m, 5, middle + 60, end - 120)) for m in inside]
    more = (end + 3600, plan.end - 3600) if wants_first else (plan.start + 3600, begin - 3600)
    moments += [(m, plan.find(m, 5, *more)) for m in rng.sample(_stable(plan), 3) for _ in range(4)]
    for machine, at in moments:
        tag = fleet.pid(machine, program)
        plan.add(at, machine, f"{tag}: {text}", "6")
        plan.add(at + rng.randint(2, 5), machine, f"{tag}: {after}")
    for machine in rng.sample(_stable(plan), 3):
        at = plan.find(machine, 2, *((plan.start + 600, begin - 600) if wants_first else (end + 600, 0)))
        plan.add(at, machine, f"{fleet.pid(machine, program)}: {after}")
