"""What each slip must cost, and the checks that a close fails.

`twins` are lines of equal events of one day. They are honest repeats that somebody in a hurry calls doubles.
"""

from __future__ import annotations

from collections import defaultdict

from _ledger_reconcile_rules import Record, Result, World

SLIPS: dict[str, set[str]] = {
    "any-held": {"lines", "payouts-eur"},
    "fee-per-event": {"journal"},
    "payouts-by-amount": {"lines", "payouts-eur"},
    "exact-first": {"lines", "open-items"},
    "any-day": {"lines", "open-items"},
    "utc-day": {"lines", "open-items"},
    "oldest-reversed": {"lines", "payments", "reversals"},
    "storno-posts": {"lines", "open-items", "reversals"},
    "twins-double": {"lines", "open-items", "twins"},
    "no-transposed": {"lines", "open-items"},
    "transfers-by-amount": {"open-items", "transfers"},
    "payments-by-amount": {"payments"},
    "first-return": {"payments"},
    "rest-apart": {"balances", "journal", "open-items", "transfers"},
    "next-month-in": {"balances", "journal", "reasons"},
    "transit-net": {"balances"},
    "closing-rate": {"balances"},
    "others-ours": {"balances", "journal", "reasons"},
    "may-twice": {"balances"},
}
"""Slip → exactly the checks that it must cost."""


def lost(close: Result, truth: Result, same: set[str]) -> set[str]:
    """Return the checks that a close fails where ``truth`` is right and lines are the ``same``."""

    def bare(kind: str, one: Result) -> set[frozenset[Record]]:
        return {frozenset(record for record in group if record[0] != "ledger") for group in one.of(kind)}

    books = [{(r, reason) for r, reason in one.open.items() if r[0] == "ledger"} for one in (close, truth)]
    both = [record for record in close.open.keys() & truth.open.keys() if record[0] != "ledger"]
    equal = {
        "payouts-eur": bare("eur", close) == bare("eur", truth),
        "payouts-foreign": bare("foreign", close) == bare("foreign", truth),
        "lines": _lines(close) == _lines(truth),
        "twins": not same - {line for lines in _lines(close).values() for _, line in lines},
        "transfers": close.of("transfer") == truth.of("transfer"),
        "payments": close.of("payment") == truth.of("payment"),
        "reversals": close.of("pair") == truth.of("pair"),
        "open-items": close.open.keys() == truth.open.keys() and books[0] == books[1],
        "reasons": all(close.open[record] == truth.open[record] for record in both),
        "journal": all(close.moves[one] == truth.moves[one] for one in {*close.moves, *truth.moves}),
        "balances": (close.bank, close.ledger) == (truth.bank, truth.ledger),
    }
    return {check for check, same in equal.items() if not same}


def twins(world: World, truth: Result) -> set[str]:
    """Return the lines, in payouts, of events with equal references, amounts and days."""
    seen: dict[object, list[str]] = defaultdict(list)
    for event in world.events:
        line = truth.pairs.get(event.number)
        if line and line.amount == event.value and ("ledger", line.id) not in truth.open:
            seen[event.ref, event.value, event.day].append(line.id)
    return {line for lines in seen.values() if len(lines) > 1 for line in lines}


def _lines(one: Result) -> dict[Record, set[Record]]:
    """Return the ledger's lines in the group of each payout."""
    groups = one.of("eur", "foreign")
    return {min(group): {record for record in group if record[0] == "ledger"} for group in groups}
