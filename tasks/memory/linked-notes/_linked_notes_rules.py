"""What the knowledge base holds after each message, also for somebody who misses a point.

A base is {(subject, attribute, value): (sources, enders)}: the reports that say a fact, and those that say it ended.
Facts are kept from the side of their subject; `both_sides` adds the other one.
"""

from _linked_notes_world import BACK

SLIPS = {
    "talk-too": 1,
    "passes-on": 1,
    "ends-forgotten": 1,
    "old-phones": 1,
    "not-merged": 2,
    "merge-loses": 2,
    "end-stays": 3,
    "phone-stays": 3,
    "drops-shared": 3,
    "repeats-stay": 3,
    "both-ends-go": 3,
}
"""Slip → the first message after which the base differs by it."""


def base(world, when, slips=frozenset()):
    """Return the base after message ``when``."""
    found = {}
    for report in world.first if when == 1 else world.reports:
        for statement in sorted(report.says, key=lambda one: (one[0] != "ends", str(one))):
            _take(world, found, report.number, statement, when, slips)
    if when == 3 and "drops-shared" in slips:
        for report in world.reports:
            for statement in report.says if report.number == world.retracted else ():
                found.pop(statement[1:4], None)
    days = {report.number: (report.day, report.number) for report in world.reports}
    return {
        fact: (tuple(sorted(sources, key=days.__getitem__)), tuple(sorted(enders, key=days.__getitem__)))
        for fact, (sources, enders) in found.items()
        if sources
    }


def _take(world, found, number, statement, when, slips):
    kind, subject, attribute, value, via = statement
    if kind == "talk" and "talk-too" not in slips:
        return
    source = via if kind == "repeats" and "passes-on" not in slips else number
    bad = when == 3 and world.retracted in {number, source}
    if bad and kind == "repeats" and "repeats-stay" in slips:
        source, bad = number, False
    if (
        bad
        and not (kind == "ends" and "end-stays" in slips)
        and not (attribute == "phone" and "phone-stays" in slips)
    ):
        return
    if when > 1 and "not-merged" not in slips and subject == world.gone:
        if "merge-loses" in slips and number in {report.number for report in world.first}:
            return
        subject = world.kept
    fact = subject, attribute, value
    if kind == "ends":
        if "ends-forgotten" not in slips and fact in found:
            found[fact][1].add(number)
            if (
                when == 3
                and "both-ends-go" in slips
                and any(s == statement for r in world.first for s in r.says)
            ):
                found[fact][1].clear()
        return
    if attribute == "phone" and "old-phones" not in slips:
        for other, (_, enders) in found.items():
            if other[:2] == (subject, "phone") and other != fact and not enders:
                enders.add(number)
    if not bad:
        found.setdefault(fact, (set(), set()))[0].add(source)


def both_sides(facts):
    """Return a base with the other side of every link added."""
    found = dict(facts)
    for (subject, attribute, value), how in facts.items():
        if attribute in BACK:
            found[value, BACK[attribute], subject] = how
    return found


def current(facts):
    """Return the facts that hold, from the side of their subject."""
    return {fact for fact, (_, enders) in facts.items() if not enders}


def reached(facts, start):
    """Return the firms that a firm supplies, directly or over others."""
    found, todo = set(), [start]
    while todo:
        here = todo.pop()
        for subject, attribute, value in current(facts):
            if (subject, attribute) == (here, "supplies") and value not in found | {start}:
                found.add(value)
                todo.append(value)
    return sorted(found)
