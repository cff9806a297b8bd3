"""Builds the filings about one supplier, in order of receipt: each filing is drawn from what the register then says."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from random import Random

from _beneficial_owners_model import FIRST_DAY, Entry, Filing, Supplier
from _beneficial_owners_register import MOVES, Register, tidy

UNIT = 1000
"""Opening counts are multiples of this."""


class Unfit(Exception):
    """A draw that cannot be used."""


class Builder:
    """A supplier, companies above it, their people, and the filings so far."""

    def __init__(self, rng: Random, supplier: Supplier, people: list[str], asof: int, prefer: float) -> None:
        self.rng, self.supplier, self.people, self.asof, self.prefer = rng, supplier, people, asof, prefer
        self.filings: list[Filing] = []
        self.plan: list[tuple[int, int, str, dict]] = []

    def later(self, received: int, kind: str, **options: object) -> None:
        """Plan a step that is drawn once all filings received before it are there."""
        self.plan.append((received, len(self.plan), kind, options))

    def run(self) -> None:
        """Draw all planned steps in order of receipt."""
        while self.plan:
            self.plan.sort(key=lambda step: step[:2])
            received, _, kind, options = self.plan.pop(0)
            getattr(self, f"_{kind}")(received, **options)

    def add(self, received: int, effective: int, company: str, form: str, **more: object) -> Filing:
        """File something."""
        language = more.pop("language", "") or ("zh" if self.rng.random() < self.prefer else "en")
        one = Filing(len(self.filings) + 1, received, effective, company, form, language=language, **more)  # type: ignore[arg-type]
        self.filings.append(one)
        return one

    def register(self, company: str) -> Register:
        """Return what is known now of a company."""
        return Register([one for one in self.filings if one.company == company], self.asof + 999)

    def _holdings(self, company: str, *days: int) -> dict[tuple[str, str], int]:
        """Return (class, holder) → the least that is registered on these days, in the shares of the first of them."""
        found: dict[tuple[str, str], int] = {}
        register = self.register(company)
        splits = [one for one in register.by_company[company] if one.form == "split"]
        for at, day in enumerate(days):
            state = register.at(company, day)
            if state is None:
                raise Unfit("no company yet")
            here = {}
            for share, holders in state.registered.items():
                scale = Fraction(1)
                for one in splits:
                    if one.entries[0].share == share and days[0] < one.effective <= day:
                        scale *= one.factor
                here |= {
                    (share, holder): int(count / scale) for holder, count in holders.items() if count > 0
                }
            found = (
                here if not at else {key: min(found[key], here[key]) for key in found.keys() & here.keys()}
            )
        return found

    def opening(
        self,
        received: int,
        company: str,
        weights: dict[tuple[str, str], int],
        rights: dict[str, tuple[int, int]],
    ) -> None:
        """File the first return of a company."""
        entries = [Entry("", holder, share, weight * UNIT) for (holder, share), weight in weights.items()]
        classes = tuple((name, *rights[name]) for name in sorted(rights))
        self.add(received, FIRST_DAY, company, "return", entries=tuple(entries), classes=classes)

    def _transfer(self, received: int, company: str, effective: int, **more: object) -> None:
        """Let somebody pass shares to a new or an old holder, or to the company itself."""
        held = self._holdings(company, effective, max(effective, received))
        share, source = self._source(held, company, str(more.get("source", "")))
        target = str(more.get("target") or self._target(company, share, source, effective))
        part = self.rng.choice((0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5))
        count = max(int(held[share, source] * part) // 100 * 100, 100)
        if count >= held[share, source]:
            raise Unfit("too few shares")
        if target == source:
            raise Unfit("nobody hands anything to oneself")
        entries = (Entry(source, target, share, count),)
        signed = effective - self.rng.randint(3, 40)
        filing = self.add(received, effective, company, "transfer", entries=entries, signed=signed)
        for step in more.get("then", ()):  # type: ignore[attr-defined]
            self.later(step[0], step[1], concerns=filing.no, **step[2])

    def _source(self, held: dict[tuple[str, str], int], company: str, wish: str) -> tuple[str, str]:
        some = sorted(key for key, count in held.items() if key[1] != company and count >= 1000)
        some = [key for key in some if key[1] == wish] or some
        if not some:
            raise Unfit("nobody to pass shares")
        return self.rng.choice(some)

    def _target(self, company: str, share: str, source: str, day: int) -> str:
        register = self.register(company)
        state = register.at(company, day)
        assert state
        old = sorted(one for one in state.registered[share] if one not in (source, company))
        new = [one for one in self.people if one != source]
        return self.rng.choice(old if old and self.rng.random() < 0.5 else new)

    def _buyback(self, received: int, company: str, effective: int) -> None:
        self._transfer(received, company, effective, target=company)

    def _issue(self, received: int, company: str, effective: int, target: str = "") -> None:
        held = self._holdings(company, effective, max(effective, received))
        share, _ = self.rng.choice(sorted(held))
        total = sum(count for (name, _), count in held.items() if name == share)
        count = max(int(total * self.rng.choice((0.05, 0.1, 0.2))) // 1000 * 1000, 1000)
        target = target or self.rng.choice(self.people)
        self.add(received, effective, company, "issue", entries=(Entry("", target, share, count),))

    def _cancel(self, received: int, company: str, effective: int) -> None:
        held = {
            key: count
            for key, count in self._holdings(company, effective, received).items()
            if key[1] == company
        }
        if not held:
            raise Unfit("no treasury shares")
        share, _ = self.rng.choice(sorted(held))
        count = held[share, company] // 200 * 100
        if count < 100:
            raise Unfit("too few treasury shares")
        self.add(received, effective, company, "cancel", entries=(Entry(company, "", share, count),))

    def _split(self, received: int, company: str, share: str = "A", factor: Fraction = Fraction(0)) -> None:
        """Split or consolidate; entered on the day of receipt."""
        factor = factor or self.rng.choice(
            (Fraction(2), Fraction(4), Fraction(5), Fraction(10), Fraction(1, 2), Fraction(5, 2))
        )
        entries = (Entry("", "", share, None),)
        self.add(received, received, company, "split", entries=entries, factor=factor)

    def _return(self, received: int, company: str, effective: int, **more: object) -> None:
        """File a return of what the register knows."""
        state = self.register(company).at(company, effective)
        assert state
        entries = [
            Entry("", holder, share, int(count))
            for share, holders in state.registered.items()
            for holder, count in holders.items()
            if count
        ]
        if any(count != int(count) for holders in state.registered.values() for count in holders.values()):
            raise Unfit("parts of shares")
        self.rng.shuffle(entries)
        if more.get("stray"):
            at = self.rng.randrange(len(entries))
            count = self._other(entries[at].count or 0)
            entries[at] = entries[at]._replace(count=count)
        classes = tuple((name, *state.rights[name]) for name in sorted(state.rights))
        filing = self.add(received, effective, company, "return", entries=tuple(entries), classes=classes)
        for step in more.get("then", ()):  # type: ignore[attr-defined]
            self.later(step[0], step[1], concerns=filing.no, **step[2])

    def _stated(self, received: int, company: str, effective: int, **more: object) -> None:
        """File a return with given contents."""
        self.add(received, effective, company, "return", **more)

    def _other(self, count: int) -> int:
        """Return another count for an entry."""
        part = self.rng.choice((0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 1.2))
        return max(int(count * part) // 100 * 100, 100)

    def _correct(self, received: int, concerns: int, item: str = "count", **more: object) -> None:
        """Correct an entry of a filing, or a correction."""
        old = self.filings[concerns - 1]
        at = self.rng.randrange(len(old.entries)) if old.form == "return" else 0
        entry = old.entry if old.form == "correct" else at + 1
        effective, new = received, old.entries[at] if old.entries else Entry("", "", "", None)
        if item == "count":
            new = new._replace(count=self._other(new.count or 0))
        elif item == "target":
            new = new._replace(
                target=self.rng.choice([one for one in self.people if one not in (new.target, new.source)])
            )
        else:
            effective = old.effective - self.rng.randint(30, 160)
        item = old.item if old.form == "correct" else item
        filing = self.add(
            received,
            effective,
            old.company,
            "correct",
            concerns=concerns,
            entry=entry,
            item=item,
            entries=(new,),
        )
        for step in more.get("then", ()):  # type: ignore[attr-defined]
            self.later(step[0], step[1], concerns=filing.no, **step[2])

    def _withdraw(self, received: int, concerns: int, **more: object) -> None:
        filing = self.add(
            received, received, self.filings[concerns - 1].company, "withdraw", concerns=concerns
        )
        for step in more.get("then", ()):  # type: ignore[attr-defined]
            self.later(step[0], step[1], concerns=filing.no, **step[2])

    def _nominee(
        self, received: int, company: str, effective: int, part: float = 0.5, **more: object
    ) -> None:
        """Let a registered holder declare to hold for somebody; `part` 0: all shares, above 1: more than there are."""
        held = self._holdings(company, effective)
        if more.get("own"):
            mine = sorted(key for key in held if key[1] == company)
            if not mine:
                raise Unfit("no treasury shares")
            share, source = mine[0]
        else:
            share, source = self._source(held, company, str(more.get("source", "")))
        target = str(more.get("target") or self.rng.choice([one for one in self.people if one != source]))
        if target == source:
            raise Unfit("nobody hands anything to oneself")
        count = max(int(held[share, source] * part) // 100 * 100, 100) if part else None
        entries = (Entry(source, target, share if part or self.rng.random() < 0.5 else "", count),)
        filing = self.add(received, effective, company, "nominee", entries=entries)
        for step in more.get("then", ()):  # type: ignore[attr-defined]
            self.later(step[0], step[1], concerns=filing.no, **step[2])

    def _end(self, received: int, concerns: int, effective: int, **more: object) -> None:
        filing = self.add(received, effective, self.filings[concerns - 1].company, "end", concerns=concerns)
        for step in more.get("then", ()):  # type: ignore[attr-defined]
            self.later(step[0], step[1], concerns=filing.no, **step[2])

    def _delegation(
        self, received: int, company: str, effective: int, part: float = 0.0, **more: object
    ) -> None:
        """Let a holder, after declarations, have somebody else vote."""
        state = self.register(company).at(company, effective)
        if state is None:
            raise Unfit("no company yet")
        some = sorted(
            (share, holder)
            for share, holders in state.held.items()
            for holder, count in holders.items()
            if holder != company and count >= 1000 and state.rights[share][0]
        )
        wish = str(more.get("source", ""))
        share, source = self.rng.choice([key for key in some if key[1] == wish] or some)
        target = str(more.get("target") or self.rng.choice([one for one in self.people if one != source]))
        if target == source:
            raise Unfit("nobody hands anything to oneself")
        count = max(int(state.held[share][source] * part) // 100 * 100, 100) if part else None
        entries = (Entry(source, target, share if part or self.rng.random() < 0.5 else "", count),)
        until = more.get("until")
        filing = self.add(received, effective, company, "delegation", entries=entries, until=until)
        for step in more.get("then", ()):  # type: ignore[attr-defined]
            self.later(step[0], step[1], concerns=filing.no, **step[2])

    def _pool(self, received: int, company: str, effective: int, **more: object) -> None:
        """Let holders use their votes together."""
        state = self.register(company).at(company, effective)
        if state is None:
            raise Unfit("no company yet")
        some = sorted(
            {one for held in state.held.values() for one, count in held.items() if count and one != company}
        )
        if len(some) < 2:
            raise Unfit("no pool of one")
        parties = more.get("parties") or self.rng.sample(some, min(len(some), self.rng.choice((2, 2, 3))))
        entries = tuple(Entry("", one, "", None) for one in parties)  # type: ignore[attr-defined]
        filing = self.add(received, effective, company, "pool", entries=entries, until=more.get("until"))
        for step in more.get("then", ()):  # type: ignore[attr-defined]
            self.later(step[0], step[1], concerns=filing.no, **step[2])


def sound(supplier: Supplier, asof: int) -> bool:
    """Return whether no count is ever negative or broken, and no right without end."""
    register = Register(supplier.filings, asof)
    for company, steps in register.steps.items():
        for day in steps:
            state = register.at(company, day)
            assert state
            for share, holders in state.registered.items():
                if any(count < 0 or count != int(count) for count in holders.values()):
                    return False
                if any((right * 100).denominator != 1 for right in state.rights[share]):
                    return False
            if any(
                entry.count is not None and entry.count != int(entry.count) for entry in state.delegations
            ):
                return False
    return all(one.form not in MOVES or one.effective > FIRST_DAY for one in supplier.filings)


def renumbered(filings: list[Filing], numbers: dict[int, int]) -> list[Filing]:
    """Return filings with other numbers."""
    return [replace(one, no=numbers[one.no], concerns=numbers.get(one.concerns, 0)) for one in filings]


__all__ = ["Builder", "Unfit", "renumbered", "sound", "tidy"]
