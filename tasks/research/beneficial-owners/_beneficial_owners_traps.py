"""Proof that every rule matters: what somebody who misses it gets wrong, and which checks that costs."""

from __future__ import annotations

from _beneficial_owners_world import World, naive_seen, rows

SLIPS = [
    "late-ignored",
    "late-by-day",
    "late-unscaled",
    "split-day-scaled",
    "units-by-receipt",
    "split-last",
    "split-after-return",
    "return-first",
    "rights-kept",
    "withdrawn-return",
    "no-corrections",
    "first-correction",
    "correction-late",
    "flat",
    "no-revival",
    "end-stays",
    "future-known",
    "received-counts",
    "no-nominees",
    "nominee-unscaled",
    "nominee-uncapped",
    "nominee-order",
    "nominee-self",
    "all-fixed",
    "return-clears",
    "treasury-registered",
    "end-inclusive",
    "until-exclusive",
    "votes-alike",
    "parts-alike",
    "treasury-counts",
    "treasury-votes",
    "chains-once",
    "floats",
    "daughters-out",
    "daughters-vote",
    "suspended-in-total",
    "daughters-direct",
    "daughters-registered",
    "delegation-unscaled",
    "delegation-economic",
    "nominee-delegates",
    "passes-on",
    "no-pools",
    "pool-persons",
    "control-at-half",
    "control-direct",
    "control-unpooled",
    "votes-multiplied",
    "no-merge",
    "no-former",
    "merge-twins",
    "merge-namesakes",
    "one-category",
    "rounded-first",
    "economic-above",
    "votes-at",
    "economic-first",
    "ever",
    "per-basis",
    "limits-of-today",
    "category-of-today",
    "last-received",
    "announced-counts",
]


def lost(world: World, slip: str) -> set[str]:
    """Return the checks that somebody with a slip fails."""
    checks = set()
    for supplier in world.suppliers:
        right, found = world.truth[supplier.company], rows(world, supplier, slip)
        if {who: row[:2] for who, row in right.items()} != {who: row[:2] for who, row in found.items()}:
            checks.add(supplier.theme)
        elif right != found:
            checks.add("since")
    return checks


def seen_alive(world: World) -> bool:
    """Return whether no way around replaying what was known gives the right days of `seen`."""
    ways = {"since": 0, "next": 0}
    for supplier in world.suppliers:
        right = world.seen[supplier.company]
        ways["since"] += {who: row[2] for who, row in world.truth[supplier.company].items()} != right
        ways["next"] += naive_seen(world, supplier) != right
    return ways["since"] >= 10 and ways["next"] >= 6
