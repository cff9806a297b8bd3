"""Draws the ledger's postings on account 1200 for the events, with all that went wrong in them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from fractions import Fraction
from functools import cache
from itertools import combinations
from random import Random

from _ledger_reconcile_records import CONTRA, FIRST, Event, Line, Rates, cutoff, rounded, transposed

WORDS = {
    "charge": "Web order",
    "refund": "Web order, refund",
    "chargeback": "Dispute lost",
    "won": "Dispute won",
}
PENDING = cutoff(date(2026, 6, 30))


class Books:
    """The postings, drawn around the events. Everything that is planted has an amount of its own."""

    def __init__(self, rng: Random, events: list[Event], rates: Rates):
        self.rng, self.events, self.rates = rng, events, rates
        self.lines: list[Line] = []
        self.special: set[int] = set()
        self.own: set[int] = set()
        """Ids of the events whose postings are planted by hand."""
        self.posted: list[tuple[Line, Event]] = []
        """The plain postings."""

    def draw(self) -> None:
        """Plant all faults, then post the rest plainly. Raises LookupError where no event fits."""
        self.doubles_beside_gaps()
        self.reversals()
        self.crossed()
        for event in self.pick(
            3, lambda e: e.kind == "charge" and e.day.day in range(3, 26) and e.day >= FIRST
        ):
            self.special_amount(event)
        for event in self.pick(1, lambda e: e.account == "USD" and e.kind == "charge" and e.day.month == 6):
            self.special_amount(event)
        pending = self.pick(2, lambda e: e.account == "EUR" and e.at >= PENDING and e.day.month == 6)
        self.special_amount(pending[0])
        self.set_values()
        self.transpositions()
        plain = self.pick(4, lambda e: e.account == "EUR" and e.kind == "charge" and 3 <= e.day.day < 27)
        for event in (*plain, pending[1]):
            self.own.discard(id(event))
            self.lines.append(self.line(event, 0, step=24))
        twice = {id(event) for event in (*plain, pending[1])}
        self.no_basis()
        for event in self.events:
            if id(event) not in self.own and event.day.month < 7:
                late = 0 if id(event) in twice else self.rng.choice([0] * 9 + [1, 2])
                self.lines.append(self.line(event, late, step=event.at.hour if not late else -1))
                self.posted.append((self.lines[-1], event))
        self.lines = [line for line in self.lines if line.day <= date(2026, 6, 30)]

    def pick(self, count: int, fits: Callable[[Event], bool]) -> list[Event]:
        """Return events that nothing was planted for, and mark them."""
        fitting = [one for one in self.events if id(one) not in self.own and fits(one)]
        if len(fitting) < count:
            raise LookupError("too few events that fit")
        found = self.rng.sample(fitting, count)
        self.own |= {id(one) for one in found}
        return found

    def pair(self, fits: Callable[[Event, Event], bool]) -> tuple[Event, Event]:
        """Return two charges in EUR with references alike that nothing was planted for, and mark them."""
        alike: dict[str, list[Event]] = {}
        for one in self.events:
            inside = one.day >= FIRST and one.at < PENDING - timedelta(days=4)
            if inside and id(one) not in self.own and one.account == "EUR" and one.kind == "charge":
                alike.setdefault(one.ref, []).append(one)
        found = [two for several in alike.values() for two in combinations(several, 2) if fits(*two)]
        if not found:
            raise LookupError("no two events that fit")
        one, two = self.rng.choice(found)
        self.own |= {id(one), id(two)}
        return one, two

    def special_amount(self, *events: Event) -> None:
        """Give events one amount that no other event has, nor is it one of those with digits transposed."""
        for _ in range(400):
            amount = self.rng.randint(71, 195) * 100 + self.rng.choice([40, 60, 70, 80])
            if amount not in self.special and not any(transposed(amount, one) for one in self.special):
                self.special.add(amount)
                for event in events:
                    event.amount = amount if event.amount > 0 else -amount
                return
        raise LookupError("no amount left")

    def set_values(self) -> None:
        """Set what the ledger should have for each event: the amount at the rate of its day."""
        for event in self.events:
            event.value = rounded(Fraction(event.amount) * self.rates.at(event.account, event.day))

    def line(self, event: Event, late: int = 0, step: int = 0, sign: int = 1, text: str = "") -> Line:
        value = event.value or event.amount
        return Line(
            event.day + timedelta(days=late),
            event.ref,
            text or WORDS[event.kind],
            sign * value,
            CONTRA[event.kind],
            step=step + self.rng.random(),
        )

    def storno(self, event: Event, late: int, sign: int = -1, step: int = 0) -> Line:
        return self.line(event, late, 500 + step, sign, f"Storno {WORDS[event.kind].lower()}")

    def doubles_beside_gaps(self) -> None:
        """One event is posted twice and another of the same amount is not; days tell which."""
        for fits in (
            lambda a, b: a.at.hour < 20 and b.at.hour >= 22 and a.at.date() == b.at.date(),
            lambda a, b: a.at.hour < 20 and b.at.hour >= 22 and a.at.date() == b.at.date(),
        ):
            one, two = self.pair(fits)
            self.special_amount(one, two)
            self.lines += [self.line(one), self.line(one, step=3)]
        one, two = self.pair(lambda a, b: (b.day - a.day).days >= 3)
        self.special_amount(one, two)
        self.lines += [self.line(two), self.line(two, step=3)]

    def crossed(self) -> None:
        """Digits transposed twice: the posting of one order has just the amount that the other order should have."""
        for _ in range(3):
            one, two = self.pair(lambda a, b: a.day == b.day)
            for _ in range(300):
                self.special_amount(one)
                two.amount = self.swapped(one.amount)
                second = self.swapped(two.amount)
                known = any(
                    transposed(x, y) for x in (two.amount, second) for y in self.special - {one.amount}
                )
                if (
                    not known
                    and second != one.amount
                    and not transposed(second, one.amount)
                    and two.amount < 30000
                ):
                    break
            else:
                raise LookupError("no amounts that cross")
            self.special |= {two.amount, second}
            lines = [self.line(one), self.line(two, step=1)]
            lines[0].amount, lines[1].amount = two.amount, second
            self.lines += lines

    def reversals(self) -> None:
        """Reversals, reversals of reversals, and postings made anew; some hit the wrong one of two orders."""
        june = range(3, 24)

        def plain(event: Event) -> bool:
            return (
                event.kind == "charge"
                and event.account == "EUR"
                and event.day >= FIRST
                and event.day.day in june
            )

        for late in (1, 4):
            (twice,) = self.pick(1, plain)
            self.special_amount(twice)
            self.lines += [
                self.line(twice),
                self.line(twice, 1 if late == 4 else 0, 3),
                self.storno(twice, late, step=2),
            ]
        (undone,) = self.pick(1, plain)
        self.special_amount(undone)
        self.lines += [self.line(undone), self.storno(undone, 1), self.storno(undone, 2, 1)]
        (kept,) = self.pick(1, plain)
        self.special_amount(kept)
        self.lines += [self.line(kept), self.line(kept, 0, 3), self.storno(kept, 1), self.storno(kept, 3, 1)]
        (again,) = self.pick(1, plain)
        self.special_amount(again)
        self.lines += [self.line(again), self.storno(again, 0, step=1), self.line(again, 1)]
        (gone,) = self.pick(1, plain)
        self.special_amount(gone)
        self.lines += [self.line(gone), self.storno(gone, 3)]
        for _ in range(2):
            self.tangle()

    def tangle(self) -> None:
        """Two orders, two reversals, and one of these taken back: the earlier order's posting stands."""
        one, two = self.pair(lambda a, b: (b.day - a.day).days == 1 and b.at.hour < 22 and _apart(a, b))
        self.special_amount(one, two)
        self.lines += [self.line(one), self.line(two), self.storno(two, 0, step=1), self.storno(two, 1)]
        self.lines.append(self.storno(two, 1, 1, step=5))

    def transpositions(self) -> None:
        """Postings with two neighbouring digits exchanged."""

        def june(event: Event) -> bool:
            return event.day >= FIRST and event.day.day < 27

        chosen = [
            *self.pick(3, lambda e: e.account == "EUR" and e.kind == "charge" and june(e)),
            *self.pick(1, lambda e: e.account == "EUR" and e.kind == "refund" and june(e)),
            *self.pick(1, lambda e: e.account == "USD" and june(e)),
        ]
        for event in chosen:
            line = self.line(event)
            line.amount = self.swapped(line.amount)
            self.lines.append(line)

    def swapped(self, amount: int) -> int:
        """Return the amount with two neighbouring digits exchanged, not the leading one for a zero."""
        digits = list(str(abs(amount)))
        places = [p for p in range(len(digits) - 1) if digits[p] != digits[p + 1] and (p or digits[1] != "0")]
        if not places:
            raise LookupError("nothing to transpose")
        place = self.rng.choice(places)
        digits[place], digits[place + 1] = digits[place + 1], digits[place]
        return int("".join(digits)) * (1 if amount > 0 else -1)

    def settle_sunk(self) -> None:
        """Post the large chargeback as what it has become."""
        self.set_values()
        for line, event in self.posted:
            line.amount, line.contra, line.ref, line.text = (
                event.value,
                CONTRA[event.kind],
                event.ref,
                WORDS[event.kind],
            )

    def no_basis(self) -> None:
        """Postings for orders that were never paid."""
        for event in self.rng.sample(
            [one for one in self.events if one.kind == "charge" and 4 < one.day.day < 25], 2
        ):
            line = self.line(event, 0, 7)
            line.amount = self.rng.randint(201, 260) * 100 + 50
            self.lines.append(line)


def _apart(one: Event, two: Event) -> bool:
    """Say whether two charges in EUR are due on different payout days."""
    return _due(one.at.date(), one.at.hour < 4) != _due(two.at.date(), two.at.hour < 4)


@cache
def _due(day: date, early: bool) -> date:
    """Return the payout day in EUR of an event of that day in UTC."""
    moment = datetime(day.year, day.month, day.day, 0 if early else 4)
    days = (date(2026, 6, 2) + timedelta(days=number) for number in range(40))
    return next(one for one in days if one.weekday() in (1, 4) and moment < cutoff(one))


def number_lines(rng: Random, lines: list[Line]) -> None:
    """Number the postings by day; within a day by their step."""
    lines.sort(key=lambda line: (line.day, line.step))
    number = rng.randint(20000, 60000)
    for line in lines:
        number += rng.choice([1, 1, 1, 2])
        line.number = number


def pay_errors(rng: Random, books: Books, lines: list[Line]) -> list[Line]:
    """Transpose digits in two of the payments; return postings of one that was posted twice and one taken back twice.

    The one posted twice has been put right by a reversal; the other's reversal has itself been reversed.
    """
    *wrong, twice, back = rng.sample([line for line in lines if line.amount % 1000], 4)
    for line in wrong:
        line.amount = books.swapped(line.amount)
    text = f"Storno {twice.text}"
    more = [
        Line(twice.day, twice.ref, twice.text, twice.amount, "3300", step=800),
        Line(twice.day + timedelta(days=1), twice.ref, text, -twice.amount, "3300", step=801),
    ]
    for late, sign in ((0, -1), (1, 1)):
        day, step = back.day + timedelta(days=late), 802 + late
        more.append(Line(day, back.ref, f"Storno {back.text}", sign * back.amount, "3300", step=step))
    return more
