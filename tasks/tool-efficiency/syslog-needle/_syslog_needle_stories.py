"""The first four of six stories behind the six questions; each has two variants, of which the seed takes one."""

from __future__ import annotations

from random import Random

from _syslog_needle_fleet import Fleet, Machine
from _syslog_needle_notes import Notes
from _syslog_needle_plan import DAY, NoRoom, Plan
from _syslog_needle_values import first_or_last, measured

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
ROLES = {
    "closed": (2, 7),
    "stays": (2, 7),
    "gossip": (2, 7),
    "future": (2, 7),
    "limited": (2, 7),
    "longer": (2, 5),
    "named": (1, 5),
}
"""Machines that notes are about -> first and last day on which the value of question 5 can be bad."""
FORMS = ("{0}.example.net", "CAPITALS", "fwd-1/{0}", "fwd-2/{0}")


def tell(rng: Random, fleet: Fleet) -> Plan:
    """Return the plan of all lines that matter, and of the noise around them."""
    plan = Plan(rng, fleet)
    plan.variants = [rng.randrange(2) for _ in range(6)]
    _cast(plan)
    notes = Notes(plan)
    notes.tell_status()
    _kernel(plan)
    first_or_last(plan, notes)
    _spell(plan)
    _suppressed(plan)
    _moved(plan)
    measured(plan)
    _repeated(plan)
    notes.idle(34)
    plan.make_noise()
    plan.settle()
    return plan


def _cast(plan: Plan) -> None:
    """Choose the machines that notes are about, and when their values are bad."""
    rng, fleet = plan.rng, plan.fleet
    free = [m for m in fleet.plain() if m is not fleet.crashing]
    chosen = rng.sample(free, len(ROLES) + 1)
    plan.roles = dict(zip((*ROLES, "meant"), chosen, strict=True))
    plan.roles["opened"] = next(m for m in fleet.tests if m.role in ("web", "app") and m.first == m.name)
    plan.role_days = {role: rng.randint(first, last) for role, (first, last) in ROLES.items()}
    plan.role_days["opened"] = rng.randint(3, 6)
    plan.role_days["meant"] = plan.role_days["named"]


def stable(plan: Plan, *roles: str) -> list[Machine]:
    """Return machines that nothing happens to."""
    told = list(plan.roles.values())
    kept = [m for m in plan.fleet.plain(*roles) if m is not plan.fleet.crashing and m not in told]
    return [m for m in kept if not m.spellings]


def _spell(plan: Plan) -> None:
    """Let some machines' names be written in other forms for a while."""
    rng, moved = plan.rng, plan.fleet.moved
    forms = rng.sample(FORMS, 4)
    if forms[2] == "CAPITALS":  # Answers are compared without case, so that this form would cost nothing.
        forms[0], forms[2] = forms[2], forms[0]
    low = moved.renamed - rng.randint(30, 50) * 3600
    spans = [(moved, low, low + rng.randint(8, 14) * 3600)]
    low = moved.renamed + rng.randint(10, 30) * 3600
    spans.append((moved, low, low + rng.randint(8, 14) * 3600))
    spelled = rng.choice(stable(plan, "web", "app"))
    plan.roles["spelled"] = spelled
    low = plan.start + rng.randint(2, 5) * DAY + rng.randint(0, 3) * 3600
    plan.role_days["spelled"] = (low - plan.start) // DAY
    spans.append((spelled, low, low + rng.randint(8, 14) * 3600))
    for (machine, first, last), form in zip(spans, forms, strict=False):
        for edge in (first, last):
            plan.find(machine, 2, edge - 1, edge + 1)
        machine.spellings.append((first, last, form))
    straddled = plan.rng.choice(stable(plan, "web", "app"))
    plan.roles["straddled"] = straddled
    plan.words["form"] = forms[3]


# -- question 1 ----------------------------------------------------------------------------------


def _repeated(plan: Plan) -> None:
    """Question 1: a message that other lines stand for many times."""
    rng = plan.rng
    machines = [*rng.sample(stable(plan), 7), plan.roles["opened"], plan.roles["longer"]]
    kinds = ["once", "repeated", "twice", "between", "other"]
    kinds = rng.choices(kinds, (4, 5, 2, 2, 4), k=rng.randint(75, 100))
    kinds += ["itself"] * rng.randint(3, 5) + ["quoted"] * 5
    kinds += (
        ["joined"] * 2
        + ["joined-double"] * 2
        + ["joined-repeated"] * rng.randint(2, 3)
        + ["others-joined"] * 2
    )
    for number, kind in enumerate(kinds):
        _group(plan, machines[number % len(machines)], kind)
    low = plan.start + plan.role_days["longer"] * DAY
    for kind in ("once", "repeated", "once"):
        _group(plan, plan.roles["longer"], kind, (low, low + 24 * 3600))
    _near_breaks(plan)


def _group(plan: Plan, machine: Machine, kind: str, span: tuple[int, int] = (0, 0)) -> None:
    rng, fleet = plan.rng, plan.fleet
    program, text, other = REPEATED[plan.variants[0]]
    tag = fleet.pid(machine, program)
    at = plan.find(machine, 110, *span)
    edges = (int(edge) for key in ("opened", "longer") for edge in plan.words[key].split(","))
    if any(abs(at - edge) < 300 for edge in edges):
        return
    first, second = at + rng.randint(15, 50), at + rng.randint(60, 100)
    said, count = (other, 0) if kind == "other" else (text, 1)
    if "joined" in kind:
        parts = [text, other] if kind != "others-joined" else [other, other]
        parts = [text, text, other] if kind == "joined-double" else parts
        count = parts.count(text)
        said = "#012".join(parts if rng.random() < 0.7 else parts[::-1])
    if kind == "quoted":
        tag, count = fleet.pid(machine, "ticketd"), 0
        said = f"opened a ticket, reason given is {program}: {text}"
    plan.add(at, machine, f"{tag}: {said}", "1" if count else "", value=count)
    if kind == "between":
        plan.add(
            at + rng.randint(3, 9), machine, f"{fleet.pid(machine, 'timerd')}: tick took longer than 250 ms"
        )
    if kind == "itself":
        times = rng.randint(2, 19)
        said = f"{tag}: message repeated {times} times: [ {text}]"
        plan.add(first, machine, said, "1", form="itself", value=times)
    elif kind in ("repeated", "twice", "between", "other", "joined-repeated", "others-joined", "quoted"):
        plan.repeat(machine, at, first, rng.randint(2 if count == 1 else 1, 24))
    if kind == "twice":
        plan.repeat(machine, first, second, rng.randint(1, 24))


def _near_breaks(plan: Plan) -> None:
    """Add messages of outside machines which the relay sends once more, some of them two in one second."""
    rng, fleet = plan.rng, plan.fleet
    program, text, _ = REPEATED[plan.variants[0]]
    outside = [m for m in fleet.machines if m.behind and not m.test]
    for begin, _ in plan.outages:
        for machine in rng.sample([m for m in outside if m is not plan.roles["clocked"]], 2):
            at = plan.find(machine, 1, begin - 110, begin - 8)
            said = f"{fleet.pid(machine, program)}: {text}"
            plan.add(at, machine, said, "1", value=1, copied=True)
            if rng.random() < 0.5 or begin == plan.outages[1][0]:
                plan.add(at, machine, said, "1", value=1, copied=True, alone=False)
    for machine in rng.choices(outside, k=5):
        at = plan.find(machine, 2)
        if not any(first - 200 <= at <= last for first, last in plan.outages):
            said = f"{fleet.pid(machine, program)}: {text}"
            plan.add(at, machine, said, "1", value=1)
            plan.add(at, machine, said, "1", value=1, alone=False)


# -- question 2 ----------------------------------------------------------------------------------


def _suppressed(plan: Plan) -> None:
    """Question 2: messages of one day, most of them suppressed."""
    rng = plan.rng
    day = plan.start + rng.randint(3, 6) * DAY
    plan.words["day"], plan.words["program2"] = str(day), SUPPRESSED[plan.variants[1]][0]
    machines = rng.sample(stable(plan, "web", "app"), 6)
    late, early = machines[0], machines[1]
    _burst(plan, late, day - rng.randint(8, 40), day + rng.randint(8, 40), target=True)
    _burst(plan, early, day + DAY - rng.randint(8, 40), day + DAY + rng.randint(8, 40), target=True)
    straddled = plan.roles["straddled"]
    at = plan.find(straddled, 100, day + 6 * 3600, day + 12 * 3600)
    _burst(plan, straddled, at, at + 60, target=True, reserved=True)
    straddled.spellings.append((at + 30, at + rng.randint(3, 8) * 3600, plan.words["form"]))
    for begin, count in ((day, rng.randint(22, 30)), (plan.start, 35), (day + DAY, 25)):
        last = {day: day + DAY, plan.start: day}.get(begin, plan.end)
        for number in range(count):
            machine = rng.choice(machines)
            at = plan.find(machine, 100, begin + 300, last - 300)
            if number % 6 == 5:
                _twins(plan, machine, at)
            else:
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
    if machine is plan.roles["straddled"]:
        plan.add(first - 2, machine, f"{tag}: {other}")
    elif rng.random() < 0.5:
        plan.add(first - 1, machine, f"{tag}: {text if not target else other}", "" if target else "2")
    for _ in range(rng.randint(1, 3)):
        plan.add(first, machine, f"{tag}: {text if target else other}", "2" if target else "")
    count = rng.randint(11, 480)
    plan.add(last, machine, f"{tag}: {count} messages suppressed", form="suppressed", times=count)


def _twins(plan: Plan, machine: Machine, at: int) -> None:
    """Let two processes of the program write in turns, and both suppress."""
    rng = plan.rng
    program, text, other = SUPPRESSED[plan.variants[1]]
    tags = [f"{program}[{number}]" for number in rng.sample(range(4000, 30000), 2)]
    rows = [(tags[0], text), (tags[1], other)]
    rng.shuffle(rows)
    for offset, (tag, said) in enumerate(rows):
        plan.add(at + offset, machine, f"{tag}: {said}", "2" if said == text else "")
    for offset, tag in enumerate(tags if rng.random() < 0.5 else tags[:1]):
        count = rng.randint(11, 480)
        said = f"{tag}: {count} messages suppressed"
        plan.add(at + 40 + offset, machine, said, form="suppressed", times=count)


# -- questions 3 and 4 ---------------------------------------------------------------------------


def _moved(plan: Plan) -> None:
    """Question 3: messages of a machine that got another name on the way, while another got its old one."""
    rng, fleet = plan.rng, plan.fleet
    program, text, other = MOVED[plan.variants[2]]
    moved, spare = fleet.moved, fleet.spare
    alike = [m for m in stable(plan) if m.first.startswith(moved.first)]
    counts = [(moved, rng.randint(14, 40), plan.start + 600, moved.renamed - 600)]
    counts.append((moved, rng.randint(14, 40), moved.renamed + 600, plan.end - 900))
    counts += [(moved, rng.randint(2, 5), first + 60, last - 60) for first, last, _ in moved.spellings]
    counts.append((spare, rng.randint(3, 9), plan.start + 600, spare.renamed - 600))
    counts.append((spare, rng.randint(3, 9), spare.renamed + 600, plan.end - 900))
    counts += [(m, rng.randint(5, 20), plan.start + 600, plan.end - 900) for m in alike]
    counts += [
        (m, rng.randint(3, 12), plan.start + 600, plan.end - 900)
        for m in (fleet.mover, *rng.sample(stable(plan), 6))
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
