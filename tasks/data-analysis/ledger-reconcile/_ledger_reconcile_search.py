"""Finds what a bank line consists of, by number, sum and control total, and all ways in which that can be."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from itertools import combinations

from _ledger_reconcile_records import WAITS, Entry, Event, Line, Terms, cutoff, rounded, transposed

Chain = list[tuple[Entry, tuple[Event, ...]]]
Sums = list[tuple[int, int, int, tuple[Event, ...]]]


def left_out(
    free: Sequence[Event], size: int, sums: Sequence[int], control: tuple[int, int] | None, apart: bool
) -> Iterator[tuple[Event, ...]]:
    """Yield the sets of ``size`` events with one of the net sums whose numbers give the control total.

    ``control`` is what is left and the modulus; ``apart`` wants no two events of one of Tillway's days.
    """
    half = len(free) // 2
    wanted_rest, modulus = control or (0, 1)
    known: dict[tuple[int, int, int], list[tuple[Event, ...]]] = {}
    for count, number, net, some in _subsets(free[:half], size, apart):
        known.setdefault((count, number % modulus, net), []).append(some)
    for count, number, net, others in _subsets(free[half:], size, apart):
        rest = (wanted_rest - number) % modulus
        for total in sums:
            for some in known.get((size - count, rest, total - net), ()):
                if not apart or len({one.their_day for one in (*some, *others)}) == size:
                    yield (*some, *others)


def _subsets(free: Sequence[Event], most: int, apart: bool) -> Sums:
    """Return the sets of at most that many events: how many, sum of numbers, net sum, the events."""
    found: Sums = [(0, 0, 0, ())]
    done, day = 0, None
    for event in free:
        if event.their_day != day:
            done, day = len(found), event.their_day
        base = found[:done] if apart else found
        found += [
            (c + 1, n + event.number, t + event.net, (*some, event)) for c, n, t, some in base if c < most
        ]
    return found


def due(event: Event, days: Sequence[date]) -> int:
    """Return the place of the first payout day on which an event is due."""
    return next(place for place, day in enumerate(days) if event.at < cutoff(day))


def chains(
    events: Sequence[Event], payouts: Sequence[Entry], terms: Terms, slip: str = ""
) -> Iterator[Chain]:
    """Yield every way to compose the payouts of one account that fits number, sum and control total of all."""
    account = payouts[0].who
    days = terms.days_of[account]
    first = days.index(payouts[0].day)
    mine = sorted((one for one in events if one.account == account), key=lambda one: (one.at, one.number))
    later = [one for one in mine if one.at >= cutoff(payouts[-1].day)]
    places = {id(one): due(one, days) for one in mine if one not in later}
    coming = [one for one in mine if id(one) in places]

    def extend(place: int, waiting: list[Event]) -> Iterator[Chain]:
        if place == len(payouts):
            yield []
            return
        now = first + place
        ready = waiting + [one for one in coming if places[id(one)] == now]
        if not place:
            ready = [one for one in coming if places[id(one)] <= now]
        payout = payouts[place]
        ready.sort(key=lambda one: (one.at, one.number))
        free = [one for one in ready if one.kind == "charge" and now - places[id(one)] < WAITS]
        size, total = len(ready) - payout.count, sum(one.net for one in ready)
        control = ((sum(one.number for one in ready) - payout.control) % terms.modulus, terms.modulus)
        if size < 0:
            return
        blind = slip == "payouts-by-amount" and place < len(payouts) - 3
        sums, apart = [total - net for net in _nets(payout)], not blind and slip != "any-held"
        for out in left_out(free, size, sums, None if blind else control, apart):
            taken = tuple(one for one in ready if one not in out)
            for rest in extend(place + 1, list(out)):
                yield [(payout, taken), *rest]

    yield from extend(0, [])


def _nets(payout: Entry) -> list[int]:
    """Return the sums in the account's currency that come out at the payout's amount."""
    near = int(payout.amount / payout.rate)
    return [net for net in range(near - 2, near + 3) if rounded(net * payout.rate) == payout.amount]


Cover = list[tuple[Line, ...]]


def covers(
    options: Sequence[Sequence[tuple[int, tuple[Line, ...]]]], most: int
) -> Iterator[tuple[int, Cover]]:
    """Yield the ways to choose one option for each bank line, no posting twice, with at most ``most`` errors in all."""
    used: set[int] = set()

    def choose(place: int, errors: int) -> Iterator[tuple[int, Cover]]:
        if place == len(options):
            yield errors, []
            return
        for wrong, lines in options[place]:
            if errors + wrong > most or any(id(line) in used for line in lines):
                continue
            used.update(map(id, lines))
            for total, rest in choose(place + 1, errors + wrong):
                yield total, [lines, *rest]
            used.difference_update(map(id, lines))

    yield from choose(0, 0)


def options(
    entry: Entry,
    lines: Sequence[Line],
    worth: Callable[[Line], int],
    total: int,
    modulus: int,
    control: bool = True,
) -> list[tuple[int, tuple[Line, ...]]]:
    """Return what a bank line may consist of, with 1 where a posting must have transposed digits, 0 elsewhere."""
    found = []
    for some in combinations(lines, entry.count):
        if control and sum(int(line.ref[-4:]) for line in some) % modulus != entry.control:
            continue
        gap = total - sum(worth(line) for line in some)
        if not gap:
            found.append((0, some))
        elif entry.kind == "COL" and any(transposed(line.amount, line.amount + gap) for line in some):
            found.append((1, some))
    return sorted(found, key=lambda one: one[0])


def within(lines: Sequence[Line], first: date, last: date) -> list[Line]:
    """Return the postings of these days, both included."""
    return [line for line in lines if first <= line.day <= last]
