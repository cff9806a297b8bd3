"""The close carried out on the drawn records, and what comes out for somebody who slips at one rule.

`reconcile` without a slip is the truth. It asserts nothing itself: setup.py compares, and draws again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from typing import Any

from _ledger_reconcile_direct import discount
from _ledger_reconcile_records import CONTRA, LATE, Entry, Event, Line, Rates, Terms, rounded, transposed
from _ledger_reconcile_search import Chain, chains, covers, options, within

Record = tuple[str, str]
CARRIED = 4
"""A collective order carries out payments ordered at most that many days before."""
IN_BOOKS = {
    "exact-first",
    "any-day",
    "utc-day",
    "oldest-reversed",
    "storno-posts",
    "twins-double",
    "no-transposed",
}
"""Slips at the ledger's own lines and those of the events."""
UNBOOKED = {"CHG": "8100", "INT": "8200", "DDB": "3300", "TRF": "2990"}


@dataclass
class World:
    """All records of the month and what the rules say of them."""

    terms: Terms
    rates: Rates
    events: list[Event]
    lines: list[Line]
    entries: list[Entry]
    chain: Chain = field(default_factory=list)
    opening: int = 0
    bank_opening: int = 0
    memo: dict[object, Any] = field(default_factory=dict)
    """What several slips have in common."""

    def once(self, key: object, make: Callable[[], Any]) -> Any:
        """Return what ``make`` gives; it is called once for a key."""
        if key not in self.memo:
            self.memo[key] = make()
        return self.memo[key]


@dataclass
class Result:
    """Groups by kind, open items with their reasons, the movement of each account, both adjusted balances."""

    groups: list[tuple[str, frozenset[Record]]] = field(default_factory=list)
    open: dict[Record, str] = field(default_factory=dict)
    moves: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    bank: int = 0
    ledger: int = 0
    pairs: dict[int, Line] = field(default_factory=dict)
    """Number of an event → its posting."""

    def post(self, contra: str, amount: int) -> None:
        """Correct account 1200 by the amount, against another account."""
        self.moves["1200"] += amount
        self.moves[contra] -= amount

    def of(self, *kinds: str) -> set[frozenset[Record]]:
        """Return the groups of these kinds."""
        return {group for kind, group in self.groups if kind in kinds}


def reconcile(world: World, slip: str = "") -> Result:
    """Return the close of the month."""
    books = slip if slip in IN_BOOKS else ""
    begun, direct = world.once(("books", books), lambda: begin(world, books))
    result = Result(list(begun.groups), dict(begun.open), defaultdict(int, begun.moves), pairs=begun.pairs)
    chain = first_chain(world, slip) if slip in ("payouts-by-amount", "any-held") else world.chain
    payouts(world, chain, result, slip)
    customers(world, direct, result, slip)
    payments(world, direct, result, slip)
    grouped = {record for _, group in result.groups for record in group}
    for line in direct:
        if ("ledger", line.id) not in grouped:
            result.open["ledger", line.id] = "outstanding"
            result.bank += line.amount
    rest(world, result, slip)
    may = sum(line.amount for line in world.lines if line.day.month == 5)
    booked = sum(line.amount for line in world.lines if line.day.month == 6)
    result.ledger = world.opening + booked + result.moves["1200"] + (may if slip == "may-twice" else 0)
    result.bank += world.bank_opening + sum(entry.amount for entry in world.entries)
    return result


def begin(world: World, slip: str) -> tuple[Result, list[Line]]:
    """Return reversals, the events' postings and those without an event; and the postings that are not the shop's."""
    result = Result()
    in_effect = reversed_out(world.lines, result, slip)
    shop = [line for line in in_effect if line.ref.startswith("HL-")]
    left = pair([one for one in world.events if one.day.month < 7], shop, result, slip)
    leftover(left, shop, result)
    return result, [line for line in in_effect if not line.ref.startswith("HL-")]


def reversed_out(lines: Sequence[Line], result: Result, slip: str) -> list[Line]:
    """Pair reversals with what they take back, the last one first, and return the postings in effect."""
    gone: set[int] = set()
    storni = sorted((line for line in lines if line.reverses), key=lambda line: -line.number)
    if slip == "storno-posts":
        storni = [line for line in storni if line.contra != "4000" or line.amount < 0]
    for storno in storni:
        earlier = [
            line
            for line in lines
            if line.number < storno.number and line.ref == storno.ref and line.amount == -storno.amount
            if id(line) not in gone
        ]
        if id(storno) in gone or not earlier:
            continue
        taken = (min if slip == "oldest-reversed" else max)(earlier, key=lambda line: line.number)
        gone |= {id(storno), id(taken)}
        result.groups.append(("pair", frozenset({("ledger", storno.id), ("ledger", taken.id)})))
    return [line for line in lines if id(line) not in gone]


def pair(events: Sequence[Event], lines: Sequence[Line], result: Result, slip: str) -> list[Line]:
    """Give events their postings so that as few as possible stay alone, and return the postings that do."""
    ordered = sorted(events, key=lambda one: (one.at, one.number))
    if slip == "twins-double":
        seen: set[tuple[str, int, date]] = set()
        ordered = [
            one for one in ordered if (key := (one.ref, one.value, one.day)) not in seen and not seen.add(key)
        ]
    by_ref: dict[str, list[Line]] = defaultdict(list)
    for line in sorted(lines, key=lambda line: line.number):
        by_ref[line.ref].append(line)
    edges: dict[int, list[tuple[Line, int]]] = {}
    for event in ordered:
        near = [line for line in by_ref[event.ref] if _near(line, event, slip)]
        edges[event.number] = [
            (line, int(line.amount != event.value))
            for line in near
            if line.amount == event.value
            or (slip != "no-transposed" and transposed(line.amount, event.value))
        ]
    if slip == "exact-first":
        _in_turn(ordered, edges, result)
    else:
        for some in clusters(ordered, edges):
            result.pairs |= best(some, edges)
    taken = {id(line) for line in result.pairs.values()}
    return [line for line in lines if id(line) not in taken]


def _in_turn(ordered: Sequence[Event], edges: dict[int, list[tuple[Line, int]]], result: Result) -> None:
    taken: set[int] = set()
    for wrong in (0, 1):
        for event in ordered:
            fitting = [
                line for line, error in edges[event.number] if error == wrong and id(line) not in taken
            ]
            if fitting and event.number not in result.pairs:
                result.pairs[event.number] = fitting[0]
                taken.add(id(fitting[0]))


def clusters(ordered: Sequence[Event], edges: dict[int, list[tuple[Line, int]]]) -> list[list[Event]]:
    """Return the events in sets that share no posting, each in the order of time."""
    home: dict[int, list[Event]] = {}
    for event in ordered:
        met = {id(one): one for line, _ in edges[event.number] if (one := home.get(line.number))}
        merged = sorted(
            [event, *(one for some in met.values() for one in some)], key=lambda e: (e.at, e.number)
        )
        for one in merged:
            home.update((line.number, merged) for line, _ in edges[one.number])
    return list({id(some): some for some in home.values()}.values())


def best(some: Sequence[Event], edges: dict[int, list[tuple[Line, int]]]) -> dict[int, Line]:
    """Return the pairing with the fewest alone, then the fewest transposed, then the lowest postings in turn."""
    lines = sorted(
        {line.number: line for one in some for line, _ in edges[one.number]}.values(), key=lambda x: x.number
    )
    place = {line.number: number for number, line in enumerate(lines)}

    @cache
    def solve(at: int, used: int) -> tuple[int, int, tuple[int, ...]]:
        if at == len(some):
            return 0, 0, ()
        alone, wrong, chosen = solve(at + 1, used)
        found = (alone + 1, wrong, (len(lines), *chosen))
        for line, error in edges[some[at].number]:
            bit = 1 << place[line.number]
            if not used & bit:
                alone, wrong, chosen = solve(at + 1, used | bit)
                found = min(found, (alone, wrong + error, (place[line.number], *chosen)))
        return found

    chosen = solve(0, 0)[2]
    return {one.number: lines[at] for one, at in zip(some, chosen, strict=True) if at < len(lines)}


def _near(line: Line, event: Event, slip: str) -> bool:
    if slip == "any-day":
        return True
    day = event.at.date() if slip == "utc-day" else event.day
    return day <= line.day <= day + timedelta(days=LATE)


def leftover(left: Sequence[Line], shop: Sequence[Line], result: Result) -> None:
    """Take postings without an event back."""
    known = {(line.ref, line.amount, line.day) for line in shop if line not in left}
    for line in left:
        double = (line.ref, line.amount, line.day) in known
        result.open["ledger", line.id] = "double" if double else "no-basis"
        result.post(line.contra, -line.amount)


def first_chain(world: World, slip: str) -> Chain:
    """Return the first composition of the payouts in EUR that is found, with the right ones for the rest."""
    mine = [payout for payout, _ in world.chain if payout.who == "EUR"]
    others = [(payout, taken) for payout, taken in world.chain if payout.who != "EUR"]
    return [*next(iter(chains(world.events, mine, world.terms, slip))), *others]


def payouts(world: World, chain: Chain, result: Result, slip: str) -> None:
    """Group what was paid out, book fees, differences and gaps; the rest is in transit."""
    paid: set[int] = set()
    for payout, taken in chain:
        paid |= {one.number for one in taken}
        group = {("bank", payout.id)} | {("processor", one.id) for one in taken}
        group |= {("ledger", result.pairs[one.number].id) for one in taken if one.number in result.pairs}
        result.groups.append(("eur" if payout.who == "EUR" else "foreign", frozenset(group)))
        fee = rounded(sum(one.fee for one in taken) * payout.rate)
        if slip == "fee-per-event":
            fee = sum(rounded(one.fee * payout.rate) for one in taken)
        gap = payout.amount - sum(one.value for one in taken)
        result.post("6855", -fee)
        if gap + fee:
            result.post("7900", gap + fee)
    for event in world.events:
        line = result.pairs.get(event.number)
        late = event.day.month > 6 and slip != "next-month-in"
        if event.number not in paid:
            result.open["processor", event.id] = "next-month" if late else "in-transit"
            if not late:
                result.bank += _transit(event, world, slip)
                if line:
                    result.open["ledger", line.id] = "in-transit"
        if not late and (line is None or line.amount != event.value):
            result.post(CONTRA[event.kind], event.value - (line.amount if line else 0))


def _transit(event: Event, world: World, slip: str) -> int:
    if slip == "transit-net":
        return rounded(event.net * world.rates.at(event.account, event.day))
    if slip == "closing-rate":
        return rounded(event.amount * world.rates.at(event.account, date(2026, 6, 30)))
    return event.value


def customer_options(world: World, lines: Sequence[Line], slip: str = ""):
    """Yield, for each customer, the transfers and what each may consist of."""
    transfers = [entry for entry in world.entries if entry.kind == "TRF" and entry.who]
    for code in sorted({entry.who for entry in transfers}):
        mine = [entry for entry in transfers if entry.who == code and entry.count]
        parts = [[one for one in transfers if one.who == code and one.day == entry.day] for entry in mine]
        found = []
        for entry, several in zip(mine, parts, strict=True):
            ready = [line for line in lines if f"Cust. {code} " in line.text and line.day <= entry.day]

            def worth(line: Line, day: date = entry.day) -> int:
                return line.amount - discount(line, day, world.terms)

            total = sum(one.amount for one in several)
            found.append(
                options(entry, ready, worth, total, world.terms.modulus, slip != "transfers-by-amount")
            )
        yield mine, parts, found


def customers(world: World, direct: Sequence[Line], result: Result, slip: str) -> None:
    """Group transfers with the invoices they pay, and book the discounts."""
    key = (
        "transfers",
        slip == "transfers-by-amount",
        tuple(line.number for line in direct if line.contra == "1400"),
    )
    for mine, parts, found in world.once(key, lambda: list(customer_options(world, direct, slip))):
        chosen = next(covers(found, 0), None)
        for entry, several, lines in zip(mine, parts, chosen[1] if chosen else [()] * len(mine), strict=True):
            if slip == "rest-apart":
                several = [entry]
            group = {("bank", one.id) for one in several} | {("ledger", line.id) for line in lines}
            result.groups.append(("transfer", frozenset(group)))
            for line in lines:
                if less := discount(line, entry.day, world.terms):
                    result.post("4800", -less)


def payment_options(world: World, lines: Sequence[Line], control: bool = True):
    """Return the collective orders and what each may consist of."""
    collectives = [entry for entry in world.entries if entry.kind == "COL"]
    found = []
    for entry in collectives:
        ready = within(lines, entry.day - timedelta(days=CARRIED), entry.day)
        ready = [line for line in ready if line.contra == "3300"]
        found.append(
            options(entry, ready, lambda line: line.amount, entry.amount, world.terms.modulus, control)
        )
    return collectives, found


def fewest(found: Sequence[Sequence[tuple[int, tuple[Line, ...]]]]) -> list[tuple[Line, ...]]:
    """Return the first way to choose with as few transposed postings as can be."""
    for most in range(len(found) + 1):
        for _, chosen in covers(found, most):
            return chosen
    return [()] * len(found)


def payments(world: World, direct: Sequence[Line], result: Result, slip: str) -> None:
    """Group collective orders with their payments, and returns with what they return."""
    control, key = (
        slip != "payments-by-amount",
        tuple(line.number for line in direct if line.contra == "3300"),
    )
    chosen = world.once(("orders", control, key), lambda: fewest(payment_options(world, direct, control)[1]))
    collectives = [entry for entry in world.entries if entry.kind == "COL"]
    made = list(zip(collectives, chosen, strict=True))
    groups = {
        entry.id: {("bank", entry.id)} | {("ledger", line.id) for line in lines} for entry, lines in made
    }
    for entry, lines in made:
        if gap := entry.amount - sum(line.amount for line in lines) if lines else 0:
            result.post("3300", gap)
    for back in [entry for entry in world.entries if entry.kind == "RTN"]:
        holding = [
            entry
            for entry, lines in made
            if entry.day < back.day
            and any((line.text, -line.amount) == (back.who, back.amount) for line in lines)
        ]
        if holding:
            taken = (min if slip == "first-return" else max)(holding, key=lambda entry: entry.day)
            groups[taken.id].add(("bank", back.id))
        result.post("3300", back.amount)
    result.groups += [("payment", frozenset(group)) for group in groups.values()]


def rest(world: World, result: Result, slip: str) -> None:
    """Book what only the bank knows; what is not ours stays out of the bank's balance."""
    grouped = {record for _, group in result.groups for record in group}
    for entry in world.entries:
        if ("bank", entry.id) in grouped or ("bank", entry.id) in result.open:
            continue
        ours = entry.kind != "TRF" or world.terms.ours in entry.text or slip == "others-ours"
        result.open["bank", entry.id] = "not-booked" if ours else "bank-error"
        if ours:
            result.post(UNBOOKED.get(entry.kind, "2990"), entry.amount)
        else:
            result.bank -= entry.amount
