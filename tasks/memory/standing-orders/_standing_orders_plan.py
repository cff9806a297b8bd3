"""Draws everything one seed decides, and keeps the draw only if each trap is alive in it.

Each trap of `misreadings` must change exactly the checks it is meant to change (``ALIVE``), so the score of a
solver tells which rule was lost.
"""

import csv
import io
import json
import random
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from _standing_orders_lists import (
    SECOND_NAMES,
    SUPPLIERS,
    Cast,
    Desk,
    NoPlace,
    first_week,
    second_name,
    second_week,
    third_week,
)
from _standing_orders_memos import Memos, spoken
from _standing_orders_rules import DAY, Claim, Orders, Request, at_first, decide_all, in_force
from _standing_orders_traps import ALIVE, ALIVE_AT_LEAST, Told, differences, late_day, misreadings

DEPARTMENTS = [
    "Workshop", "Logistics", "Laboratory", "Office", "Canteen", "Facilities", "Marketing", "Training",
]
PEOPLE = [
    "Amara Holt", "Bruno Keller", "Chiara Lindqvist", "Daniel Osei", "Elif Arslan", "Farid Nassar",
    "Greta Vos", "Hugo Tremblay", "Ilse Brandner", "Jonas Weir", "Kavya Raman", "Lucien Moreau",
    "Marta Zielinska", "Nils Aaltonen", "Oona Byrne", "Pavel Hruska",
]
SPECIAL = ["chemicals", "pressurised gas", "laser equipment", "radio equipment", "lithium batteries"]
FORM = """# Form of `rules.json`

One JSON object: `{"as_of": "YYYY-MM-DD", "rules": [ ... ]}`. Each rule is an object with four keys:

| key | meaning |
|---|---|
| `kind` | one of the kinds below |
| `subject` | whom or what the rule is about, written as in the lists; of a firm with two names, either |
| `value` | see below; `null` where the kind has none |
| `since` | first day on which the rule has held with this value, `YYYY-MM-DD` |

| kind | subject | value |
|---|---|---|
| `limit` | department | its limit, a number in EUR |
| `head` | department | full name of its head, whoever signs at the moment |
| `ceiling` | `all` | the amount above which the highest approver decides, a number in EUR |
| `supplier-limit` | supplier | the supplier's own limit, a number in EUR |
| `blocked` | supplier | `null` |
| `exempt` | supplier | `null` |
| `category` | category | full name of the approver of this category |

Only rules in force on the day `as_of` are listed, one entry for each kind and subject: nothing that has
ended, nothing that was replaced. Orders that fit none of these kinds are left out.
"""


@dataclass(frozen=True)
class Plan:
    """Everything one seed decides."""

    orders: Orders
    cast: Cast
    claim: Claim
    told: Told
    as_of: date
    lists: tuple[list[Request], ...]


def far_apart(amounts: list[int]) -> bool:
    """Tell whether each amount is at least an eighth above the next lower one."""
    ordered = sorted(amounts)
    return all(low * 9 // 8 < high for low, high in pairwise(ordered))


def draw_cast(rng: random.Random) -> tuple[list[str], Cast]:
    """Return the departments in the user's order, the one of the new head next after the one of the leave."""
    departments = rng.sample(DEPARTMENTS, 4)
    place = rng.randrange(4)
    calm, moved = departments[place], departments[(place + 1) % 4]
    changed, claimed = rng.sample([name for name in departments if name not in (calm, moved)], 2)
    return departments, Cast(changed, moved, claimed, calm)


def draw_limits(rng: random.Random) -> tuple[list[int], int, int] | None:
    """Return old limits, the new one of the first and third, and the claim about the third; None if too near."""
    amounts = [euro * 100 for euro in rng.sample(range(900, 4000, 50), 4)]
    new = amounts[0] * rng.choice([rng.randrange(55, 75), rng.randrange(135, 170)]) // 500000 * 5000
    claimed = max(amounts[2], new) * rng.randrange(135, 180) // 500000 * 5000 + 2000
    fit = far_apart([amounts[0], new]) and far_apart([amounts[0], amounts[2], new, claimed]) and new > 60000
    return (amounts, new, claimed) if fit else None


def draw(rng: random.Random) -> Plan | None:
    """Draw orders, changes and lists once; None where limits lie too near each other."""
    monday = date(2026, 2, 2) + timedelta(weeks=rng.randrange(36))
    week2, week3 = monday + 7 * DAY, monday + 14 * DAY
    people, suppliers = rng.sample(PEOPLE, 9), rng.sample(sorted(SUPPLIERS), len(SUPPLIERS))
    departments, cast = draw_cast(rng)
    drawn = draw_limits(rng)
    if drawn is None:
        return None
    amounts, new, claimed = drawn
    base = rng.choice([date(2025, 7, 1), date(2025, 10, 1), date(2026, 1, 1)])
    old = dict(zip((cast.changed, cast.moved, cast.claimed, cast.calm), amounts, strict=True))
    limits = {name: ((base, old[name]),) for name in departments}
    limits[cast.changed] += ((monday + rng.randint(1, 3) * DAY, new),)
    limits[cast.claimed] += ((week2, new),)
    heads = {name: ((base, person),) for name, person in zip(departments, people, strict=False)}
    dates = [monday - days * DAY for days in rng.sample(range(6, 26), 4)]
    heads[cast.calm] = ((base, people[8]), (dates[0], heads[cast.calm][0][1]))
    takes_over = week2 + rng.randint(2, 3) * DAY
    heads[cast.moved] += ((takes_over, people[4]),)
    leave_to = week3 + rng.randint(3, 4) * DAY
    delivered = week3 + rng.randint(1, 2) * DAY
    stocktaking = rng.choice([day for day in (week3 + 2 * DAY, week3 + 3 * DAY) if day != delivered])
    closed = (takes_over - DAY, stocktaking)
    claim = Claim(cast.claimed, claimed, takes_over + rng.randint(0, 1) * DAY)
    second = rng.sample(SECOND_NAMES, 2)
    orders = Orders(
        limits=limits, heads=heads, ceiling=rng.randrange(300, 441) * 5000, ceiling_since=base,
        director=people[5], chair=people[6],
        blocked=suppliers[0], blocked_since=dates[1],
        capped=suppliers[1], cap=rng.randrange(4, 9) * 3000, capped_since=dates[2],
        capped_until=week2 + 3 * DAY,
        category=rng.choice(SPECIAL), officer=people[7], category_since=dates[3],
        exempt=suppliers[2], exempt_from=week2, exempt_to=delivered,
        names={second[0]: suppliers[0], second[1]: suppliers[2]}, closed=frozenset(closed),
        away=cast.calm, leave=(week2, leave_to - 2 * DAY),
    )
    told = Told(week2, week2 + rng.randint(2, 3) * DAY, leave_to, closed)
    lists = draw_lists(rng, orders, cast, claim, told, suppliers[3:])
    return Plan(orders, cast, claim, told, week3 + 4 * DAY, lists)


def draw_lists(
    rng: random.Random, orders: Orders, cast: Cast, claim: Claim, told: Told, suppliers: list[str]
) -> tuple[list[Request], ...]:
    """Draw the three lists."""
    taken: set[tuple[date, str, str]] = set()
    memos = Memos(rng)
    starts = [told.week2 - 7 * DAY, told.week2, told.week2 + 7 * DAY]
    known = [at_first(orders), orders, orders]
    desks = [
        Desk(rng, said, cast, claim, start, suppliers, taken, memos)
        for said, start in zip(known, starts, strict=True)
    ]
    first_week(desks[0])
    second_week(desks[1], late_day(orders.heads[cast.calm][-1][0]), told.announced)
    third_week(desks[2], late_day(orders.blocked_since), told.leave_to)
    number = rng.randrange(2100, 7800)
    marks: dict[str, str] = {}
    return tuple(desk.finish(number + 100 * index, marks) for index, desk in enumerate(desks))


def plan(seed: int) -> Plan:
    """Return the first draw of this seed in which all traps are alive."""
    for attempt in range(400):
        try:
            found = draw(random.Random(f"standing-orders/{seed}/{attempt}"))
        except NoPlace:
            continue
        if found is not None and sound(found):
            return found
    raise AssertionError(f"no sound draw for seed {seed}")


def sound(found: Plan) -> bool:
    """Tell whether each trap changes what it should, and the claimed limit is a number of its own."""
    orders = found.orders
    numbers = {cents for history in orders.limits.values() for _, cents in history}
    if found.claim.cents in numbers | {orders.ceiling, orders.cap}:
        return False
    if any(orders.category == row.category for rows in found.lists[:2] for row in rows):
        return False
    right = decide_all(found.lists, orders)
    for name, (naive, slips) in misreadings(orders, found.cast, found.claim, found.told).items():
        changed = differences(right, decide_all(found.lists, naive, slips), name)
        if not (ALIVE_AT_LEAST[name] <= changed if name in ALIVE_AT_LEAST else changed == ALIVE[name]):
            return False
    return True


def messages(found: Plan) -> dict[str, str]:
    """Return the values of the placeholders in the user's messages."""
    orders, cast, told = found.orders, found.cast, found.told
    (_, old), (changed_on, new) = orders.limits[cast.changed]
    (base, earlier), (late_since, late) = orders.heads[cast.calm]
    moved_on, new_head = orders.heads[cast.moved][-1]
    words = {
        "director": orders.director, "chair": orders.chair, "ceiling": str(orders.ceiling // 100),
        "base": spoken(base), "earlier_head": earlier,
        "late_head": late, "late_dept": cast.calm, "late_since": spoken(late_since),
        "blocked": orders.blocked, "blocked_since": spoken(orders.blocked_since),
        "blocked_alias": second_name(orders, orders.blocked),
        "capped": orders.capped, "cap": str(orders.cap // 100), "capped_since": spoken(orders.capped_since),
        "category": orders.category, "officer": orders.officer,
        "category_since": spoken(orders.category_since),
        "changed_dept": cast.changed, "delta": str(abs(new - old) // 100),
        "delta_word": "more" if new > old else "less", "changed_on": spoken(changed_on),
        "followed_dept": cast.claimed, "follow_on": spoken(orders.limits[cast.claimed][-1][0]),
        "exempt": orders.exempt, "exempt_alias": second_name(orders, orders.exempt),
        "exempt_from": spoken(orders.exempt_from), "capped_until": spoken(orders.capped_until),
        "moved_dept": cast.moved, "new_head": new_head, "moved_on": spoken(moved_on),
        "away_head": late, "leave_from": spoken(orders.leave[0]), "leave_to": spoken(told.leave_to),
        "closed_on": spoken(told.closed[1]), "as_of": spoken(found.as_of),
    }
    for number, department in enumerate(orders.limits, start=1):
        words[f"dept_{number}"] = department
        words[f"head_{number}"] = orders.heads[department][1 if department == cast.calm else 0][1]
        words[f"limit_{number}"] = str(orders.limits[department][0][1] // 100)
    return words


def as_csv(rows: list[Request]) -> str:
    """Return a list as the agent gets it."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["id", "date", "department", "supplier", "category", "amount", "memo"])
    for row in rows:
        amount = f"{row.cents // 100}.{row.cents % 100:02d}"
        writer.writerow(
            [row.id, row.day.isoformat(), row.department, row.supplier, row.category, amount, row.memo]
        )
    return out.getvalue()


def files(seed: int) -> dict[str, str]:
    """Return every file of a seed by name: the lists, the form, the answers and the message values."""
    found = plan(seed)
    answers = {str(week): one for week, one in enumerate(decide_all(found.lists, found.orders), start=1)}
    expected = {
        "weeks": answers,
        "rules": in_force(found.orders, found.as_of),
        "names": dict(found.orders.names),
        "claimed": found.claim.cents // 100,
    }
    lists = {f"week{week}.csv": as_csv(rows) for week, rows in enumerate(found.lists, start=1)}
    return lists | {
        "rules-form.md": FORM,
        "expected.json": json.dumps(expected, indent=1, sort_keys=True),
        "messages.json": json.dumps(messages(found), indent=1, sort_keys=True),
    }
