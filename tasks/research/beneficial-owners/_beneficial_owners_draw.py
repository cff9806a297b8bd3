"""Draws suppliers: who holds whom at first, and what is planned to happen, by theme.

A theme is a kind of care that its suppliers need. `SLOTS` of the world says for each supplier what is
planned and which slips must change its rows.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from _beneficial_owners_build import Builder
from _beneficial_owners_model import FIRST_DAY, Limit

Weights = dict[tuple[str, str], int]
Plan = Callable[["Cast"], None]


class Cast:
    """A builder with what the plans need: companies, days, and the noise around."""

    def __init__(self, builder: Builder, companies: list[str], limit: Limit) -> None:
        self.builder, self.rng, self.companies = builder, builder.rng, companies
        self.supplier, self.above = companies[0], companies[1:]
        self.people = builder.people
        self.span = builder.asof - FIRST_DAY
        self.busy: set[str] = set()
        self.frozen: set[str] = set()
        self.limit = limit

    def day(self, low: float, high: float) -> int:
        """Return a day between two parts of the time from the first returns to the day in asof.txt."""
        return FIRST_DAY + 70 + self.rng.randint(int(low * (self.span - 70)), int(high * (self.span - 70)))

    def pick(self) -> str:
        """Return a company that no other plan has, if there is one; it gets no returns by chance."""
        company = self.rng.choice([one for one in self.companies if one not in self.busy] or self.companies)
        self.busy.add(company)
        return company

    def soon(self, day: int) -> int:
        """Return a day of receipt not long after another."""
        return day + self.rng.randint(2, 19)

    def found(self, loops: int = 0, classes: float = 0.3, lead: tuple[int, int] = (25, 60)) -> None:
        """File the first returns of all companies, with as many circles as asked for."""
        rows = {name: self._first(at, name, lead) for at, name in enumerate(self.companies)}
        for _ in range(loops):
            self._loop(rows)
        for name, weights in rows.items():
            self.file(name, weights, classes)

    def file(self, name: str, weights: dict[str, int], classes: float) -> None:
        """File a first return: class A for all, and for some a second class with other rights."""
        rng = self.rng
        scale = rng.choice((4, 6, 10, 15, 20))
        held: Weights = {("A", holder): weight * scale for holder, weight in weights.items()}
        rights = {"A": (1, 1)}
        if rng.random() < classes:
            rights["B"] = rng.choice(((5, 1), (10, 1), (0, 2), (0, 3)))
            for holder in rng.sample(sorted(weights), min(2, len(weights))):
                held["B", holder] = rng.randint(1, 6) * scale
        opened = FIRST_DAY + rng.randint(15, 65)
        self.builder.opening(
            opened, name, {(holder, share): count for (share, holder), count in held.items()}, rights
        )

    def _first(self, at: int, name: str, lead: tuple[int, int]) -> dict[str, int]:
        """Return weights of the holders of a company: those after it in the list, and people."""
        rng = self.rng
        after = self.companies[at + 1 :]
        chosen = (
            after[:1] + rng.sample(after[1:], min(len(after[1:]), rng.choice((0, 1, 1, 2)))) if after else []
        )
        if at == 0 and len(after) > 1:
            chosen = sorted({*chosen, *rng.sample(after, 2)})
        some = rng.sample(self.people, rng.choice((1, 2, 2)) if chosen else 3)
        weights = {one: rng.randint(7, 33) for one in [*chosen, *some]}
        first = rng.choice(sorted(weights))
        rest = sum(weights.values()) - weights[first]
        share = rng.randint(*lead)
        weights[first] = max(rest * share // (100 - share), 5)
        return weights

    def _loop(self, rows: dict[str, dict[str, int]]) -> None:
        """Let a company hold shares in one above it."""
        rng = self.rng
        pairs = [
            (low, high)
            for at, low in enumerate(self.companies)
            for high in self.companies[at + 1 :]
            if low not in rows[high] and self._reaches(rows, low, high)
        ]
        if pairs:
            low, high = rng.choice(pairs)
            rows[high][low] = max(sum(rows[high].values()) * rng.randint(15, 45) // 100, 5)

    def _reaches(self, rows: dict[str, dict[str, int]], low: str, high: str) -> bool:
        found, todo = set(), [low]
        while todo:
            for holder in rows.get(todo.pop(), {}):
                if holder in rows and holder not in found:
                    found.add(holder)
                    todo.append(holder)
        return high in found

    def noise(self, until: int) -> None:
        """Plan plain filings until there are about as many as asked for."""
        rng = self.rng
        planned = len(self.builder.filings) + len(self.builder.plan)
        loose = [one for one in self.companies if one not in self.frozen]
        free = [one for one in loose if one not in self.busy]
        for _ in range(until - planned):
            day = self.day(0.03, 0.97)
            kind = rng.choice(("transfer", "transfer", "transfer", "issue", "return", "buyback", "return"))
            if kind == "return" and free:
                made = self.day(0.1, 0.9)
                self.builder.later(
                    made + rng.randint(25, 70), "return", company=rng.choice(free), effective=made
                )
            else:
                company = rng.choice(loose)
                kind = (
                    "transfer"
                    if kind in ("return", "buyback") and rng.random() < 0.6
                    else kind.replace("return", "issue")
                )
                self.builder.later(self.soon(day), kind, company=company, effective=day)


def bought(cast: Cast) -> None:
    """A company that buys shares of its own back."""
    day = cast.day(0.2, 0.9)
    company = cast.rng.choice(cast.companies)
    cast.builder.later(cast.soon(day), "buyback", company=company, effective=day)


def late_over_split(cast: Cast) -> None:
    """A transfer that a return did not know of, in shares from before a split."""
    company, b = cast.pick(), cast.builder
    early = cast.day(0.1, 0.3)
    split = early + cast.rng.randint(40, 120)
    made = split + cast.rng.choice((0, cast.rng.randint(30, 120)))
    returned = made + cast.rng.randint(20, 50)
    b.later(split, "split", company=company)
    b.later(returned, "return", company=company, effective=made)
    b.later(returned + cast.rng.randint(20, 120), "transfer", company=company, effective=early)
    between = made - cast.rng.randint(1, 12)
    b.later(made + cast.rng.randint(3, 12), "transfer", company=company, effective=between)


def returned_on_split(cast: Cast) -> None:
    """A return made up to the day of a split, a late transfer of that day, and one of before with a corrected day."""
    company, b = cast.pick(), cast.builder
    split = cast.day(0.25, 0.6)
    returned = split + cast.rng.randint(20, 50)
    b.later(
        split, "split", company=company, factor=cast.rng.choice((Fraction(2), Fraction(4), Fraction(1, 2)))
    )
    b.later(returned, "return", company=company, effective=split)
    b.later(returned + cast.rng.randint(5, 60), "transfer", company=company, effective=split)
    moved = [(returned + cast.rng.randint(130, 220), "correct", {"item": "effective"})]
    b.later(
        returned + cast.rng.randint(70, 120), "transfer", company=company, effective=split + 12, then=moved
    )


def contained(cast: Cast) -> None:
    """A transfer corrected after a return that contains it; one after the return corrected, and that corrected."""
    company, b = cast.pick(), cast.builder
    early = cast.day(0.1, 0.35)
    made = early + cast.rng.randint(40, 160)
    returned = made + cast.rng.randint(20, 50)
    fix = returned + cast.rng.randint(20, 150)
    then = [(fix, "correct", {})]
    b.later(cast.soon(early), "transfer", company=company, effective=early, then=then)
    second = made + cast.rng.randint(60, 200)
    again = second + cast.rng.randint(90, 160)
    deep = [(again, "correct", {"then": [(again + cast.rng.randint(20, 60), "correct", {})]})]
    b.later(cast.soon(second), "transfer", company=company, effective=second, then=deep)
    b.later(returned, "return", company=company, effective=made)


def old_return(cast: Cast) -> None:
    """A return for an older day that comes after the one for a newer day, and moves around both."""
    company, b = cast.pick(), cast.builder
    old = cast.day(0.2, 0.5)
    new = old + cast.rng.randint(90, 200)
    returned = new + cast.rng.randint(20, 50)
    early = old - cast.rng.randint(10, 60)
    b.later(cast.soon(old + 40), "transfer", company=company, effective=old + 40)
    b.later(returned, "return", company=company, effective=new)
    b.later(returned + cast.rng.randint(5, 30), "transfer", company=company, effective=early)
    b.later(returned + cast.rng.randint(40, 90), "return", company=company, effective=old, stray=True)


def struck(cast: Cast) -> None:
    """A return withdrawn; transfers on the day of a return, received before and after it."""
    company, b = cast.pick(), cast.builder
    made = cast.day(0.45, 0.6)
    returned = made + cast.rng.randint(20, 50)
    gone = [(returned + cast.rng.randint(60, 200), "withdraw", {})]
    b.later(returned, "return", company=company, effective=made, stray=True, then=gone)
    other = cast.pick()
    on = cast.day(0.2, 0.8)
    b.later(on + cast.rng.randint(5, 15), "transfer", company=other, effective=on)
    b.later(on + cast.rng.randint(16, 30), "return", company=other, effective=on)
    b.later(on + cast.rng.randint(35, 90), "transfer", company=other, effective=on)


def revived(cast: Cast) -> None:
    """A correction withdrawn, two corrections of one entry, a later day, and filings after the day in asof.txt."""
    company, b = cast.pick(), cast.builder
    first = cast.day(0.1, 0.4)
    fix = first + cast.rng.randint(60, 120)
    back = [(fix + cast.rng.randint(30, 90), "withdraw", {})]
    b.later(
        cast.soon(first),
        "transfer",
        company=company,
        effective=first,
        then=[(fix, "correct", {"then": back})],
    )
    other = cast.pick()
    second = cast.day(0.3, 0.5)
    fixes = [(second + 40 + at * 60 + cast.rng.randint(0, 30), "correct", {}) for at in range(2)]
    b.later(cast.soon(second), "transfer", company=other, effective=second, then=fixes)
    third = cast.day(0.6, 0.7)
    moved = [(third + cast.rng.randint(20, 60), "correct", {"item": "effective"})]
    b.later(cast.soon(third), "transfer", company=cast.pick(), effective=third, then=moved)
    last = b.asof - cast.rng.randint(10, 60)
    wrong = [(b.asof + cast.rng.randint(1, 30), "correct", {})]
    b.later(cast.soon(last - 20), "transfer", company=cast.supplier, effective=last - 20, then=wrong)
    b.later(b.asof + cast.rng.randint(1, 20), "transfer", company=company, effective=last)
    ahead = b.asof + cast.rng.randint(1, 30)
    b.later(b.asof - cast.rng.randint(1, 20), "nominee", company=cast.supplier, effective=ahead, part=0.7)


def split_day(cast: Cast) -> None:
    """A split and a transfer on one day, in a company with two classes."""
    company, b = cast.pick(), cast.builder
    day = cast.day(0.3, 0.8)
    factor = cast.rng.choice((Fraction(4), Fraction(5), Fraction(10)))
    b.later(day, "transfer", company=company, effective=day)
    b.later(day + 1, "transfer", company=company, effective=day)
    b.later(day, "split", company=company, factor=factor)


def held_for(cast: Cast) -> None:
    """A declaration by count before a split and before a return; another that ended."""
    company, b = cast.pick(), cast.builder
    day = cast.day(0.1, 0.4)
    split = day + cast.rng.randint(60, 200)
    made = split + cast.rng.randint(40, 120)
    late = split + cast.rng.randint(5, 30)
    b.later(late, "nominee", company=company, effective=day, part=cast.rng.choice((0.3, 0.4, 0.45)))
    b.later(
        split, "split", company=company, factor=cast.rng.choice((Fraction(2), Fraction(4), Fraction(5, 2)))
    )
    b.later(made + cast.rng.randint(20, 50), "return", company=company, effective=made)
    other = cast.pick()
    start = cast.day(0.2, 0.7)
    ended = [(b.asof - cast.rng.randint(0, 9), "end", {"effective": b.asof})]
    b.later(cast.soon(start), "nominee", company=other, effective=start, part=0.6, then=ended)


def held_all(cast: Cast) -> None:
    """A declaration over all shares, with more shares later; and shares held for the company itself."""
    company, b = cast.pick(), cast.builder
    day = cast.day(0.1, 0.4)
    source = cast.rng.choice(cast.people)
    more = day + cast.rng.randint(60, 300)
    b.later(cast.soon(day - 40), "transfer", company=company, effective=day - 40, target=source)
    b.later(cast.soon(day), "nominee", company=company, effective=day, part=0, source=source)
    b.later(cast.soon(more), "transfer", company=company, effective=more, target=source)
    other = cast.pick()
    start = cast.day(0.2, 0.7)
    b.later(cast.soon(start), "nominee", company=other, effective=start, part=0.4, target=other)
    third = cast.pick()
    bought = cast.day(0.1, 0.4)
    b.later(cast.soon(bought), "buyback", company=third, effective=bought)
    b.later(cast.soon(bought + 90), "nominee", company=third, effective=bought + 90, part=0.8, own=True)


def held_twice(cast: Cast) -> None:
    """Two declarations by one holder over more than there is, the earlier one filed last; and a nominee that sells."""
    company, b = cast.pick(), cast.builder
    day = cast.day(0.1, 0.5)
    source = cast.rng.choice(cast.people)
    first, second = cast.rng.sample([one for one in cast.people if one != source], 2)
    b.later(cast.soon(day - 60), "transfer", company=company, effective=day - 60, target=source)
    b.later(day + 50, "nominee", company=company, effective=day + 30, part=0.8, source=source, target=first)
    b.later(day + 90, "nominee", company=company, effective=day, part=0.7, source=source, target=second)
    other = cast.pick()
    start = cast.day(0.2, 0.5)
    seller = cast.rng.choice(cast.people)
    b.later(cast.soon(start - 30), "transfer", company=other, effective=start - 30, target=seller)
    b.later(cast.soon(start), "nominee", company=other, effective=start, part=0.9, source=seller)
    sold = start + cast.rng.randint(100, 300)
    b.later(cast.soon(sold), "transfer", company=other, effective=sold, source=seller)


def held_corrected(cast: Cast) -> None:
    """A declaration whose number or principal is corrected after a return, and a company as principal."""
    company, b = cast.pick(), cast.builder
    day = cast.day(0.1, 0.4)
    made = day + cast.rng.randint(60, 200)
    item = cast.rng.choice(("count", "target"))
    fixed = [(made + cast.rng.randint(80, 160), "correct", {"item": item})]
    b.later(cast.soon(day), "nominee", company=company, effective=day, part=0.6, then=fixed)
    split = made - cast.rng.randint(10, 50)
    b.later(
        split, "split", company=company, factor=cast.rng.choice((Fraction(2), Fraction(4), Fraction(5, 2)))
    )
    b.later(made + cast.rng.randint(20, 50), "return", company=company, effective=made)
    start = cast.day(0.3, 0.8)
    void = [(start + cast.rng.randint(150, 250), "withdraw", {})]
    over = [(start + cast.rng.randint(60, 120), "end", {"effective": start + 60, "then": void})]
    target = cast.rng.choice(cast.above)
    other = cast.rng.choice([one for one in cast.companies if one != target])
    b.later(cast.soon(start), "nominee", company=other, effective=start, part=0.5, target=target, then=over)


def joint_votes(cast: Cast) -> None:
    """Delegations before a split and from behind a nominee."""
    company, b = cast.supplier, cast.builder
    day = cast.day(0.1, 0.4)
    split = day + cast.rng.randint(60, 200)
    b.later(
        cast.soon(day), "delegation", company=company, effective=day, part=cast.rng.choice((0.5, 0.7, 0.9))
    )
    b.later(split, "split", company=company, factor=cast.rng.choice((Fraction(4), Fraction(5), Fraction(2))))
    other = cast.rng.choice((cast.supplier, cast.pick()))
    source, behind, voter = cast.rng.sample(cast.people, 3)
    start = cast.day(0.4, 0.6)
    b.later(cast.soon(start - 50), "transfer", company=other, effective=start - 50, target=source)
    b.later(
        cast.soon(start), "nominee", company=other, effective=start, part=0.7, source=source, target=behind
    )
    b.later(
        cast.soon(start + 60), "delegation", company=other, effective=start + 60, source=source, target=voter
    )
    b.later(cast.soon(start + 90), "delegation", company=other, effective=start + 90, source=behind, part=0.5)


def pooled(cast: Cast) -> None:
    """Pools with companies in them, one of them over, and one that ended by notice."""
    b = cast.builder
    for at in range(3):
        day = cast.day(0.1, 0.6)
        company = cast.supplier if at == 0 else cast.pick()
        options: dict = {"company": company, "effective": day}
        if at == 1:
            options["until"] = b.asof if cast.rng.random() < 0.6 else cast.day(0.8, 0.95)
        if at == 2:
            end = day + cast.rng.randint(100, 300)
            sooner = [(end + cast.rng.randint(30, 200), "correct", {"item": "effective"})]
            options["then"] = [(end + cast.rng.randint(1, 9), "end", {"effective": end, "then": sooner})]
        b.later(cast.soon(day), "pool", **options)


def passed_on(cast: Cast) -> None:
    """A delegate who delegates in turn, one until a day, and a company with half of the votes."""
    company, b = cast.pick(), cast.builder
    first, second, third = cast.rng.sample(cast.people, 3)
    day = cast.day(0.2, 0.5)
    b.later(cast.soon(day - 60), "transfer", company=company, effective=day - 60, target=second)
    b.later(cast.soon(day), "delegation", company=company, effective=day, source=first, target=second)
    b.later(
        cast.soon(day + 40), "delegation", company=company, effective=day + 40, source=second, target=third
    )
    until = b.asof if cast.rng.random() < 0.7 else cast.day(0.8, 0.95)
    start = cast.day(0.2, 0.6)
    b.later(cast.soon(start), "delegation", company=cast.supplier, effective=start, until=until)


def renewed(cast: Cast) -> None:
    """A common use in the supplier that is renewed from the next day on, or from the one after that."""
    parties = cast.rng.sample(cast.people, 2)
    start = cast.day(0.2, 0.45)
    for at, one in enumerate(parties):
        day = start - 60 - at * 9
        cast.builder.later(cast.soon(day), "transfer", company=cast.supplier, effective=day, target=one)
    for _ in range(2):
        until = start + cast.rng.randint(120, 260)
        options = {"company": cast.supplier, "effective": start, "parties": parties, "until": until}
        cast.builder.later(cast.soon(start), "pool", **options)
        start = until + cast.rng.choice((1, 1, 2))
    options = {"company": cast.supplier, "effective": start, "parties": parties}
    cast.builder.later(cast.soon(start), "pool", **options)
