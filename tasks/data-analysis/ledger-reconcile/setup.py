"""Sets up a month to close: bank statement, processor's events, ledger, and the rules of the close.

`build` draws until every composition of payouts, transfers and collective orders is the only one that fits, both
adjusted balances agree, and every slip of `_ledger_reconcile_slips` costs its checks.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path
from random import Random
from typing import TypeVar

import _ledger_reconcile_rules as rules
import _ledger_reconcile_slips as slips
import _ledger_reconcile_tillway as tillway
from _ledger_reconcile_books import Books, number_lines, pay_errors
from _ledger_reconcile_direct import Direct
from _ledger_reconcile_files import write
from _ledger_reconcile_records import Entry, Event, rounded, set_fees
from _ledger_reconcile_search import covers

Made = TypeVar("Made")
HERE = Path(__file__).resolve().parent
DRAWS = 200


def build(workspace: Path, hidden: Path, seed: int) -> None:
    """Write the month to ``workspace`` and the right close to ``hidden``."""
    why: list[str] = []
    for attempt in range(DRAWS):
        rng = Random(f"ledger-reconcile/{seed}/{attempt}")
        try:
            world = draw(rng)
            truth = proven(world)
        except LookupError as error:
            why.append(str(error))
            continue
        break
    else:
        raise AssertionError(f"no usable month: {why[-5:]}")
    write(workspace, rng, world, (HERE / "close-rules.md.tmpl").read_text("utf-8"))
    hidden.mkdir(exist_ok=True)
    (hidden / "expected.json").write_text(json.dumps(answer(world, truth), indent=1) + "\n", "utf-8")


def draw(rng: Random) -> rules.World:
    """Draw a month. Raises LookupError where nothing fits."""
    terms, rates = tillway.draw_terms(rng), tillway.draw_rates(rng)
    events = tillway.draw_events(rng, terms)
    books = Books(rng, events, rates)
    books.draw()
    set_fees(events, terms)
    tillway.sink_a_payout(rng, events, terms)
    books.settle_sunk()
    set_fees(events, terms)
    number_lines(rng, books.lines)
    _as_planned(events, books)
    world = rules.World(terms, rates, events, [], [])
    world.opening = rng.randint(4100000, 8900000)
    days = {account: list(some) for account, some in terms.days_of.items()}
    paid = _until(20, lambda: _paid(rng, world, days))
    _until(20, lambda: _filled(rng, world, books, paid))
    return world


def _as_planned(events: list[Event], books: Books) -> None:
    """Raise LookupError unless the postings without an event are those that were planted."""
    result = rules.Result()
    in_effect = rules.reversed_out(books.lines, result, "")
    left = rules.pair([one for one in events if one.day.month < 7], in_effect, result, "")
    rules.leftover(left, in_effect, result)
    if len({one.at for one in events}) < len(events):
        raise LookupError("two events at one time")
    found = Counter(result.open.values())
    if found != {"double": 9, "no-basis": 2}:
        raise LookupError(f"open items not as planned: {found}")


def _until(times: int, make: Callable[[], Made]) -> Made:
    """Return what ``make`` gives, once it does not raise LookupError."""
    for _ in range(times - 1):
        try:
            return make()
        except LookupError:
            continue
    return make()


def _paid(rng: Random, world: rules.World, days: dict[str, list[date]]) -> list[Entry]:
    """Draw payouts that can be composed in one way only."""
    world.terms.days_of = {account: list(some) for account, some in days.items()}
    entries, world.chain = tillway.draw_payouts(rng, world.events, world.terms, world.rates)
    if tillway.decoys(rng, world.chain, world.terms) < 3:
        raise LookupError("too few decoys")
    tillway.settle(rng, world.events, world.terms, world.chain)
    fees = [(payout.rate, [one.fee for one in taken]) for payout, taken in world.chain]
    if not sum(sum(rounded(fee * rate) for fee in some) - rounded(sum(some) * rate) for rate, some in fees):
        raise LookupError("fees come out alike")
    if not _other_is_silent(world):
        raise LookupError("held back by amount alone comes out right, or shows at the end of the month")
    return entries


def _other_is_silent(world: rules.World) -> bool:
    """Say whether the day rule of what is held back tells compositions apart that pay out the same events in all."""
    found = rules.first_chain(world, "any-held")
    right = [{one.number for one in taken} for payout, taken in world.chain if payout.who == "EUR"]
    other = [{one.number for one in taken} for payout, taken in found if payout.who == "EUR"]
    return right != other and set().union(*right) == set().union(*other)


def _filled(rng: Random, world: rules.World, books: Books, paid: list[Entry]) -> None:
    """Draw what did not go through the processor, and number all records."""
    direct = Direct(rng, world.terms)
    direct.draw()
    collected = [line for entry, taken in direct.made if entry.kind == "COL" for line in taken]
    back = {-entry.amount for entry in direct.entries if entry.kind == "RTN"}
    more = pay_errors(rng, books, [one for one in collected if one.day.day < 26 and one.amount not in back])
    world.lines = books.lines + direct.lines + more
    number_lines(rng, world.lines)
    world.entries = paid + direct.entries
    rng.shuffle(world.entries)
    world.entries.sort(key=lambda entry: entry.day)
    for number, entry in enumerate(world.entries, rng.randint(101, 600)):
        entry.number = number
    _only_one(world)
    in_effect = rules.reversed_out(world.lines, rules.Result(), "")
    both = [rules.fewest(rules.payment_options(world, in_effect, control)[1]) for control in (True, False)]
    if list(map(set, both[0])) == list(map(set, both[1])):
        raise LookupError("collective orders come out right by amount alone")


def proven(world: rules.World) -> rules.Result:
    """Return the right close. Raises LookupError unless it is the only one and every slip gives another."""
    world.memo = {}
    first = rules.reconcile(world)
    world.bank_opening = first.ledger - first.bank
    truth = rules.reconcile(world)
    same = slips.twins(world, truth)
    for slip, costs in slips.SLIPS.items():
        lost = slips.lost(rules.reconcile(world, slip), truth, same)
        if lost != costs and not (slip == "payments-by-amount" and costs <= lost):
            raise LookupError(f"{slip} costs {sorted(lost)}")
    return truth


def _only_one(world: rules.World) -> None:
    """Raise LookupError where transfers or collective orders can be composed in a second way."""
    in_effect = rules.reversed_out(world.lines, rules.Result(), "")
    for _, _, found in rules.customer_options(world, in_effect):
        if sum(1 for _ in zip(covers(found, 0), range(2), strict=False)) != 1:
            raise LookupError("transfers are ambiguous")
    _, found = rules.payment_options(world, in_effect)
    for most in range(5):
        ways = sum(1 for _ in zip(covers(found, most), range(2), strict=False))
        if ways:
            break
    if ways != 1 or most != 2:
        raise LookupError(f"collective orders: {ways} ways with {most} errors")


def answer(world: rules.World, truth: rules.Result) -> dict[str, object]:
    """Return what the checks compare with."""
    kinds: dict[str, list[list[list[str]]]] = {}
    for kind, group in truth.groups:
        kinds.setdefault(kind, []).append(sorted(map(list, group)))
    return {
        "groups": {kind: sorted(groups) for kind, groups in sorted(kinds.items())},
        "open": sorted([source, record, reason] for (source, record), reason in truth.open.items()),
        "twins": sorted(slips.twins(world, truth)),
        "moves": {account: amount for account, amount in sorted(truth.moves.items()) if amount},
        "bank": truth.bank,
        "ledger": truth.ledger,
        "records": {
            "bank": [entry.id for entry in world.entries],
            "processor": sorted(event.id for event in world.events),
            "ledger": [line.id for line in world.lines],
        },
    }
