"""Draws the whole world: people, companies, limits, and suppliers that each prove the rules of their theme."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from random import Random

import _beneficial_owners_corners as corners
import _beneficial_owners_draw as draw
from _beneficial_owners_build import Builder, Unfit, renumbered, sound
from _beneficial_owners_draw import Cast
from _beneficial_owners_engine import Owners
from _beneficial_owners_model import FIRST_DAY, Filing, Limit, Person, Row, Supplier
from _beneficial_owners_people import Registry, company_names
from _beneficial_owners_register import Register


@dataclass(frozen=True)
class Slot:
    """What one supplier is about: plans, slips that must change its rows, number of companies and filings."""

    theme: str
    plans: tuple[Callable[[Cast], None], ...]
    must: tuple[str, ...]
    companies: int = 4
    filings: int = 14
    loops: int = 0
    classes: float = 0.3
    founded: bool = False


def _slot(theme: str, plans: str, must: str, **more: int | float | bool) -> Slot:
    made = tuple(getattr(draw, name, None) or getattr(corners, name) for name in plans.split())
    return Slot(theme, made, tuple(must.split()), **more)  # type: ignore[arg-type]


SLOTS = [
    _slot("counts", "late_over_split", "late-ignored late-unscaled since:ever", filings=16),
    _slot("counts", "contained old_return", "correction-late flat last-received seen", filings=20),
    _slot("counts", "struck", "withdrawn-return late-ignored return-first since:per-basis seen", filings=16),
    _slot(
        "counts",
        "revived",
        "no-revival first-correction future-known announced-counts",
        companies=5,
        filings=20,
    ),
    _slot(
        "counts",
        "returned_on_split split_day",
        "split-after-return split-day-scaled split-last rights-kept",
        filings=17,
        classes=1.0,
    ),
    _slot(
        "nominees",
        "held_for",
        "nominee-unscaled units-by-receipt end-inclusive return-clears since:ever",
        filings=15,
    ),
    _slot("nominees", "held_all", "all-fixed nominee-self treasury-registered", companies=5, filings=16),
    _slot("nominees", "held_twice", "nominee-order nominee-uncapped", filings=15),
    _slot("nominees", "held_corrected", "return-clears nominee-unscaled end-stays", filings=16),
    _slot(
        "votes",
        "joint_votes",
        "delegation-unscaled nominee-delegates delegation-economic",
        filings=15,
        classes=0.6,
    ),
    _slot("votes", "pooled", "no-pools pool-persons control-unpooled", companies=5, filings=15),
    _slot(
        "votes",
        "daughters",
        "daughters-vote suspended-in-total daughters-direct daughters-registered",
        filings=13,
        founded=True,
    ),
    _slot("votes", "halves passed_on", "passes-on control-at-half", companies=4, filings=14, founded=True),
    _slot("votes", "renewed", "no-pools since:until-exclusive since:per-basis", companies=3, filings=14),
    _slot("loops", "bought", "chains-once treasury-counts", companies=5, filings=14, loops=2),
    _slot("loops", "exact", "floats", companies=3, filings=12, founded=True),
    _slot("loops", "daughters", "daughters-out daughters-registered", companies=5, filings=12, founded=True),
    _slot("people", "", "no-merge since:per-basis", filings=13),
    _slot("people", "", "no-former since:received-counts", filings=13),
    _slot("people", "", "merge-twins merge-namesakes since:limits-of-today", filings=13),
    _slot("none", "at_votes", "votes-at", companies=3, filings=8, founded=True),
    _slot("none", "nearly", "rounded-first", companies=3, filings=8, founded=True),
    _slot("none", "at_half", "control-at-half", companies=3, filings=8, founded=True),
]


@dataclass
class World:
    """Everything there is, and the right rows."""

    asof: int
    limits: dict[str, list[Limit]]
    names: dict[str, tuple[str, str]]
    registry: Registry
    suppliers: list[Supplier]
    truth: dict[str, dict[str, Row]]
    seen: dict[str, dict[str, int]]

    @property
    def filings(self) -> list[Filing]:
        """Return all filings in order."""
        return sorted((one for some in self.suppliers for one in some.filings), key=lambda one: one.no)


TRIES = 400
Rows = dict[str, tuple]


def draw_world(rng: Random) -> World:
    """Draw everything. Raises Unfit where no usable supplier was found for a slot."""
    asof = date(2024, rng.randint(3, 9), rng.randint(2, 27)).toordinal()
    limits = _limits(rng)
    registry = Registry(rng)
    names = company_names(rng, sum(slot.companies for slot in SLOTS))
    free = sorted(names)
    rng.shuffle(free)
    world = World(asof, limits, names, registry, [], {}, {})
    for slot in SLOTS:
        companies = [free.pop() for _ in range(slot.companies)]
        supplier = _supplier(rng, world, slot, companies)
        world.suppliers.append(supplier)
        world.truth[supplier.company] = rows(world, supplier, "")
        world.seen[supplier.company] = seen(world, supplier)
    _number(rng, world)
    return world


def _limits(rng: Random) -> dict[str, list[Limit]]:
    """Draw thresholds by category: those of the beginning, and two changes."""
    first, second = date(2022, rng.randint(2, 9), 1).toordinal(), date(2023, rng.randint(2, 6), 1).toordinal()
    high, low = rng.choice(((25, 20), (20, 25))), rng.choice(((10, 15), (15, 10)))
    return {
        "critical": [Limit(FIRST_DAY, 20, 20), Limit(first, *low)],
        "ordinary": [Limit(FIRST_DAY, 25, 25), Limit(second, *high)],
    }


def _supplier(rng: Random, world: World, slot: Slot, companies: list[str]) -> Supplier:
    """Draw one supplier until its slips are alive."""
    people = _people(rng, world.registry, slot)
    for _ in range(TRIES):
        critical = 0
        if slot.theme != "none" and rng.random() < 0.6:
            critical = rng.randint(FIRST_DAY - 200, world.asof - 90)
        supplier = Supplier(companies[0], critical, slot.theme, companies=companies)
        builder = Builder(rng, supplier, people, world.asof, rng.choice((0.3, 0.5, 0.7)))
        cast = Cast(builder, companies, world.limits["critical" if critical else "ordinary"][-1])
        try:
            if not slot.founded:
                cast.found(slot.loops, slot.classes)
            for plan in slot.plans:
                plan(cast)
            cast.noise(slot.filings)
            builder.run()
        except Unfit:
            continue
        supplier.filings = builder.filings
        if sound(supplier, world.asof) and _usable(world, supplier, slot):
            return supplier
    raise Unfit(f"no supplier for {slot}")


def _people(rng: Random, registry: Registry, slot: Slot) -> list[str]:
    """Return whom a supplier is about."""
    if slot.theme != "people":
        return [registry.plain() for _ in range(8)]
    if "no-merge" in slot.must:
        return [
            registry.two_entries(True),
            registry.two_entries(False),
            registry.two_entries(True),
            registry.plain(),
            registry.plain(),
        ]
    if "no-former" in slot.must:
        day = FIRST_DAY + rng.randint(300, 700)
        return [
            registry.renamed(day),
            registry.renamed(day + 90),
            registry.plain(),
            registry.plain(),
            registry.two_entries(True),
        ]
    return [*registry.twins(), *registry.namesakes(), registry.plain(), registry.plain()]


def _usable(world: World, supplier: Supplier, slot: Slot) -> bool:
    truth = now(world, supplier, "")
    if (slot.theme == "none") != (not truth) or len(truth) > 4:
        return False
    if any(
        now(world, supplier, slip) == truth for slip in slot.must if not slip.startswith(("since:", "seen"))
    ):
        return False
    if truth:
        right = rows(world, supplier, "")
        plain = {FIRST_DAY, *(limit.since for limit in engine_of(world, supplier, "").limits)}
        if {since for _, _, since in right.values()} <= plain:
            return False
        slips = [slip[6:] for slip in slot.must if slip.startswith("since:")]
        if any(rows(world, supplier, slip) == right for slip in slips):
            return False
    if slot.theme != "nominees" and any(one.form == "nominee" for one in supplier.filings):
        # Here declarations serve another theme: carelessness about their numbers must cost nothing.
        right = rows(world, supplier, "")
        if any(rows(world, supplier, slip) != right for slip in ("nominee-uncapped", "nominee-unscaled")):
            return False
    if "seen" in slot.must and seen(world, supplier, "seen-corrected") == seen(world, supplier):
        return False
    return clear(world, supplier) and all(sound(supplier, one.received) for one in supplier.filings)


def clear(world: World, supplier: Supplier) -> bool:
    """Return whether nobody is close to a threshold on any day; exactly on it only where meant."""
    engine = engine_of(world, supplier, "")
    for day in engine.days:
        limits = [one for one in engine.limits if one.since <= day][-1]
        economic, votes = engine.percents(day)
        for shares, limit, on in ((economic, limits.economic, ("loops",)), (votes, limits.votes, ("none",))):
            close = [share for share in shares.values() if abs(float(share) * 100 - limit) < 0.0005]
            if any(share * 100 != limit for share in close) or (close and supplier.theme not in on):
                return False
    return True


def engine_of(world: World, supplier: Supplier, slip: str) -> Owners:
    """Return the engine of a supplier with a slip."""
    register = Register(supplier.filings, world.asof, slip, _who(world.registry.people, slip))
    return Owners(register, supplier, world.limits)


def naive_seen(world: World, supplier: Supplier) -> dict[str, int]:
    """Return the first receipt not before `since`, which somebody in a hurry takes."""
    received = sorted(one.received for one in supplier.filings)
    owners = world.truth[supplier.company]
    return {
        who: next((day for day in received if day >= since), since) for who, (_, _, since) in owners.items()
    }


def seen(world: World, supplier: Supplier, slip: str = "") -> dict[str, int]:
    """Return since when each owner was one without a break by what had been received on each day."""
    engine = engine_of(world, supplier, "")
    received = sorted({one.received for one in supplier.filings if one.received <= world.asof})
    steps = {one.effective for one in supplier.filings} | {
        one.until + 1 for one in supplier.filings if one.until
    }
    steps |= {*received, *(day + 1 for day in received), *engine.days}
    days = sorted((day for day in steps if FIRST_DAY <= day <= world.asof), reverse=True)
    engines: dict[int, Owners] = {}
    running = dict.fromkeys(engine.owners(world.asof), world.asof)
    done: dict[str, int] = {}
    for day in days:
        last = bisect_right(received, day - (slip == "seen-after"))
        if last not in engines:
            until = received[last - 1] if last else 0
            known = [
                one
                for one in supplier.filings
                if one.received <= until or (slip == "seen-corrected" and one.concerns)
            ]
            engines[last] = Owners(Register(known, world.asof), supplier, world.limits)
        then = engines[last].owners(day)
        for who in list(running):
            if who in then:
                running[who] = day
            else:
                done[who] = running.pop(who)
        if not running:
            break
    return {_id(world, who): day for who, day in (done | running).items()}


def _who(people: dict[str, Person], slip: str) -> Callable[[str, Filing], str] | None:
    """Return under which key a slip takes a holder in a filing; None where it is the person."""
    if slip not in ("no-merge", "no-former", "merge-twins", "merge-namesakes"):
        return None

    def who(holder: str, filing: Filing) -> str:
        person = people.get(holder)
        if person is None:
            return holder
        name = person.name(filing.language, filing.received)
        if slip == "no-merge":
            return "p" + name.person_id
        if slip == "no-former":
            return "p" + name.person_id if name.formerly else holder
        return (person.twin if slip == "merge-twins" else person.namesake) or holder

    return who


def now(world: World, supplier: Supplier, slip: str) -> Rows:
    """Return percentage and basis by person_id on the day in asof.txt."""
    engine = engine_of(world, supplier, slip)
    return {_id(world, who): found for who, found in engine.owners(world.asof).items()}


def rows(world: World, supplier: Supplier, slip: str) -> dict[str, Row]:
    """Return the rows of a supplier by person_id."""
    return {_id(world, who): row for who, row in engine_of(world, supplier, slip).rows().items()}


def _id(world: World, key: str) -> str:
    return key[1:] if key.startswith("pP-") else world.registry.person_id(key)


def _number(rng: Random, world: World) -> None:
    """Give all filings their final numbers, in order of receipt."""
    order = sorted(
        (one.received, at, one.no) for at, supplier in enumerate(world.suppliers) for one in supplier.filings
    )
    numbers: dict[int, dict[int, int]] = {at: {} for at in range(len(world.suppliers))}
    last = 0
    for received, at, no in order:
        year = date.fromordinal(received).year % 100 * 100000
        last = max(last + rng.randint(1, 9), year + rng.randint(100, 180))
        numbers[at][no] = last
    for at, supplier in enumerate(world.suppliers):
        supplier.filings = renumbered(supplier.filings, numbers[at])
