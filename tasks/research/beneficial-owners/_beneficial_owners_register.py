"""Replays filings: what the register says of a company on a day, by all that was received up to the day in asof.txt.

A `slip` is a rule missed; the generator uses it to prove that the rule matters.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction

from _beneficial_owners_model import Entry, Filing

MOVES = ("transfer", "issue", "cancel", "split")
Who = Callable[[str, Filing], str]
Number = int | Fraction
Held = dict[str, dict[str, Number]]


@dataclass
class Company:
    """A company on a day: shares by class and holder, rights of a share by class, arrangements in force."""

    registered: Held
    rights: dict[str, tuple[Number, Number]]
    held: Held
    delegations: list[Entry]
    pools: list[frozenset[str]]


def tidy(number: Number) -> Number:
    """Return an int where it is one."""
    return int(number) if number.denominator == 1 else number


class Register:
    """All filings of a world or a part of it."""

    def __init__(self, filings: list[Filing], asof: int, slip: str = "", who: Who | None = None) -> None:
        self.slip, self.asof = slip, asof
        known = [one for one in filings if one.received <= asof or slip == "future-known"]
        if slip == "received-counts":
            known = [replace(one, effective=_later(one)) for one in known]
        if slip == "announced-counts":
            known = [replace(one, effective=min(one.effective, asof)) for one in known]
        self.filings = self._settled(known)
        if who:
            self.filings = [_renamed(one, who) for one in self.filings]
        self.by_company: dict[str, list[Filing]] = {}
        for one in self.filings:
            self.by_company.setdefault(one.company, []).append(one)
        self.ends: dict[int, int] = {}
        for one in self.filings:
            if one.form == "end":
                self.ends[one.concerns] = min(one.effective, self.ends.get(one.concerns, one.effective))
        self.steps = {company: self._days(some) for company, some in self.by_company.items()}
        self._seen: dict[tuple[str, int], Company] = {}

    def _settled(self, filings: list[Filing]) -> list[Filing]:
        """Apply corrections and withdrawals, the last received first, and leave out what they are."""
        dead: set[int] = set()
        fixes: dict[int, dict[tuple[int, str], Filing]] = {}
        settled = []
        forms = {one.no: one.form for one in filings}
        for one in sorted(filings, key=lambda one: -one.no):
            if one.no in dead:
                continue
            for fix in fixes.get(one.no, {}).values():
                one = self._fixed(one, fix)
            if one.form == "withdraw":
                if self.slip == "withdrawn-return" and forms.get(one.concerns) == "return":
                    continue
                if self.slip == "end-stays" and forms.get(one.concerns) == "end":
                    continue
                if self.slip == "no-revival" and forms.get(one.concerns) in ("correct", "withdraw"):
                    continue
                dead.add(one.concerns)
            elif one.form == "correct":
                if self.slip == "flat" and forms.get(one.concerns) == "correct":
                    continue
                some = fixes.setdefault(one.concerns, {})
                if self.slip == "first-correction":
                    some[one.entry, one.item] = one
                else:
                    some.setdefault((one.entry, one.item), one)
            else:
                settled.append(one)
        return settled[::-1]

    def _fixed(self, one: Filing, fix: Filing) -> Filing:
        if self.slip == "no-corrections":
            return one
        if fix.item == "effective":
            one = replace(one, effective=fix.effective)
        else:
            entries = list(one.entries)
            at = 0 if one.form == "correct" else fix.entry - 1
            new = fix.entries[0]
            entries[at] = entries[at]._replace(
                **({"count": new.count} if fix.item == "count" else {"target": new.target})
            )
            one = replace(one, entries=tuple(entries))
        return replace(one, no=fix.no) if self.slip == "correction-late" and one.form != "correct" else one

    def _days(self, filings: list[Filing]) -> list[int]:
        days = {one.effective for one in filings}
        days |= {one.effective + 1 for one in filings if one.form == "end" and self.slip == "end-inclusive"}
        days |= {one.until + (self.slip != "until-exclusive") for one in filings if one.until}
        return sorted(days)

    def at(self, company: str, day: int) -> Company | None:
        """Return the company on a day; None where no return is made up to it or a day before."""
        steps = self.steps.get(company, [])
        place = bisect_right(steps, day)
        if not place:
            return None
        key = (company, place)
        if key not in self._seen:
            self._seen[key] = self._replayed(company, steps[place - 1])
        return self._seen[key]

    def _replayed(self, company: str, day: int) -> Company:
        filings = self.by_company[company]
        base = max(
            (one for one in filings if one.form == "return" and one.effective <= day),
            key=lambda one: (0, one.no) if self.slip == "last-received" else (one.effective, one.no),
        )
        splits = [one for one in filings if one.form == "split" and one.effective <= day]
        rights: dict[str, tuple[Number, Number]] = {
            name: (votes, parts) for name, votes, parts in base.classes
        }
        held: Held = {name: {} for name in rights}
        for _, target, share, count in base.entries:
            held[share][target] = held[share].get(target, 0) + (count or 0)
        for one in sorted(self._after(filings, base, day), key=self._turn):
            if one.form == "split":
                self._split(one, held, rights)
                continue
            scale = Fraction(1)
            if one.effective <= base.effective and self.slip != "late-unscaled":
                scale = self._grown(splits, one.entries[0].share, one, base.effective)
            for source, target, share, count in one.entries:
                number = tidy((count or 0) * scale)
                if source:
                    held[share][source] = held[share].get(source, 0) - number
                if target:
                    held[share][target] = held[share].get(target, 0) + number
        registered = {share: dict(some) for share, some in held.items()}
        self._nominees(filings, base, day, splits, held)
        return Company(registered, rights, held, *self._arrangements(filings, day, splits, registered))

    def _after(self, filings: list[Filing], base: Filing, day: int) -> list[Filing]:
        """Return what is applied on top of a return."""

        def late(one: Filing) -> bool:
            if self.slip == "late-ignored":
                return False
            if self.slip == "late-by-day":
                return one.received > base.effective
            return one.no > base.no

        def counts(one: Filing) -> bool:
            if one.effective == base.effective and self.slip == "return-first":
                return True
            if one.effective == base.effective and one.form == "split" and self.slip == "split-after-return":
                return True
            return one.effective > base.effective or late(one)

        return [one for one in filings if one.form in MOVES and one.effective <= day and counts(one)]

    def _grown(self, splits: list[Filing], share: str, one: Filing, day: int) -> Fraction:
        after = one.received if self.slip == "units-by-receipt" else one.effective
        return grown(splits, share, after - (self.slip == "split-day-scaled"), day)

    def _turn(self, one: Filing) -> tuple[int, bool, int]:
        first = one.form == "split"
        return one.effective, first if self.slip == "split-last" else not first, one.no

    def _split(self, one: Filing, held: Held, rights: dict[str, tuple[Number, Number]]) -> None:
        share = one.entries[0].share
        held[share] = {holder: tidy(count * one.factor) for holder, count in held[share].items()}
        if self.slip != "rights-kept":
            votes, parts = rights[share]
            rights[share] = (tidy(votes / one.factor), tidy(parts / one.factor))

    def _live(self, filings: list[Filing], form: str, day: int) -> list[Filing]:
        last = -1 if self.slip == "end-inclusive" else 0
        spare = 1 if self.slip == "until-exclusive" else 0
        live = [
            one
            for one in filings
            if one.form == form
            and one.effective <= day
            and self.ends.get(one.no, day + 9) + (0 if not last else 1) > day
            and (one.until is None or one.until - spare >= day)
        ]
        return sorted(live, key=lambda one: (one.effective, one.no))

    def _nominees(
        self, filings: list[Filing], base: Filing, day: int, splits: list[Filing], held: Held
    ) -> None:
        live = [] if self.slip == "no-nominees" else self._live(filings, "nominee", day)
        if self.slip == "nominee-order":
            live.reverse()
        if self.slip == "return-clears":
            live = [one for one in live if one.effective > base.effective]
        gains: list[tuple[str, str, Number]] = []
        for one in live:
            for source, target, share, count in one.entries:
                if source == one.company and self.slip == "treasury-registered":
                    continue
                for name in [share] if share else list(held):
                    has = held[name].get(source, 0)
                    number: Number = has
                    if count is not None:
                        scale = self._grown(splits, name, one, day)
                        number = count if self.slip == "nominee-unscaled" else tidy(count * scale)
                    elif self.slip == "all-fixed":
                        number = self._then(one, source, name, splits, day)
                    moved = number if self.slip == "nominee-uncapped" else min(number, has)
                    held[name][source] = max(has - moved, 0)
                    if self.slip == "nominee-self" and target == one.company:
                        target = source
                    gains.append((name, target, moved))
        for name, target, moved in gains:
            held[name][target] = held[name].get(target, 0) + moved

    def _then(self, one: Filing, source: str, name: str, splits: list[Filing], day: int) -> Number:
        """Return what the registered holder had when a declaration over all shares began."""
        if one.effective == day:
            return 1 << 60
        company = self.at(one.company, one.effective)
        return (
            tidy(company.registered[name].get(source, 0) * grown(splits, name, one.effective, day))
            if company
            else 0
        )

    def _arrangements(
        self, filings: list[Filing], day: int, splits: list[Filing], registered: Held
    ) -> tuple[list[Entry], list[frozenset[str]]]:
        found = []
        for one in self._live(filings, "delegation", day):
            for source, target, share, count in one.entries:
                if count is not None and self.slip != "delegation-unscaled":
                    count = tidy(count * self._grown(splits, share, one, day))  # type: ignore[assignment]
                found.append(Entry(source, target, share, count))
        pools = [frozenset(entry.target for entry in one.entries) for one in self._live(filings, "pool", day)]
        return found, pools


def grown(splits: list[Filing], share: str, after: int, until: int) -> Fraction:
    """Return by what splits of a class after a day, up to another, multiply a count."""
    product = Fraction(1)
    for one in splits:
        if one.entries[0].share == share and after < one.effective <= until:
            product *= one.factor
    return product


def _later(one: Filing) -> int:
    """Return the day that somebody takes who goes by receipt; first returns stay."""
    return one.effective if one.form in ("return", "split") else max(one.effective, one.received)


def _renamed(one: Filing, who: Who) -> Filing:
    entries = tuple(
        entry._replace(source=who(entry.source, one), target=who(entry.target, one)) for entry in one.entries
    )
    return replace(one, entries=entries)
