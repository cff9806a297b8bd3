"""Works out who owns a supplier: economic shares by linear equations, votes by control, and since when."""

from __future__ import annotations

from fractions import Fraction
from math import lcm

from _beneficial_owners_model import FIRST_DAY, Limit, Row, Supplier
from _beneficial_owners_register import Company, Number, Register

Weights = dict[str, Number]
Shares = dict[str, Fraction]


class Owners:
    """The owners of one supplier, day by day."""

    def __init__(self, register: Register, supplier: Supplier, limits: dict[str, list[Limit]]) -> None:
        self.register, self.slip = register, register.slip
        self.companies = [one for one in supplier.companies if one in register.by_company]
        self.company = supplier.company
        self.limits = self._limits(limits, supplier.critical_from)
        steps = {day for one in self.companies for day in register.steps[one]}
        steps |= {one.since for one in self.limits} | {FIRST_DAY}
        self.days = sorted(day for day in steps if FIRST_DAY <= day <= register.asof)
        self._seen: dict[tuple[int, ...], tuple[Shares, Shares]] = {}

    def _limits(self, limits: dict[str, list[Limit]], critical_from: int) -> list[Limit]:
        """Return the thresholds of the supplier's category of each day."""
        if self.slip == "one-category":
            return limits["ordinary"]
        if self.slip == "category-of-today":
            return limits["critical" if critical_from else "ordinary"]
        before = [one for one in limits["ordinary"] if not critical_from or one.since < critical_from]
        if not critical_from:
            return before
        begin = [one for one in limits["critical"] if one.since <= critical_from][-1:]
        after = [one for one in limits["critical"] if one.since > critical_from]
        return before + [one._replace(since=critical_from) for one in begin] + after

    def percents(self, day: int) -> tuple[Shares, Shares]:
        """Return each person's exact economic share and share of votes on a day."""
        found = {name: self.register.at(name, day) for name in self.companies}
        if not found.get(self.company):
            return {}, {}
        key = tuple(map(id, found.values()))
        if key not in self._seen:
            some = {name: company for name, company in found.items() if company}
            economic = economics(some, self.company, self.slip)
            votes = Votes(some, self.slip).shares(self.company)
            self._seen[key] = (economic, votes)
        return self._seen[key]

    def owners(self, day: int) -> dict[str, tuple[Fraction, str]]:
        """Return percentage and basis of everybody who reaches a threshold on a day."""
        economic, votes = self.percents(day)
        limits = self.limits[-1:] if self.slip == "limits-of-today" else self.limits
        limit = [one for one in limits if one.since <= day or len(limits) == 1][-1]
        found = {}
        for who in sorted(economic.keys() | votes.keys()):
            mine, cast = economic.get(who, Fraction(0)) * 100, votes.get(who, Fraction(0)) * 100
            if self._owns(mine, limit.economic):
                basis = "both" if self._votes(cast, limit.votes) else "economic"
            elif self._votes(cast, limit.votes):
                basis = "voting"
            else:
                continue
            percent = {"both": max(mine, cast), "economic": mine, "voting": cast}[basis]
            found[who] = (mine if basis == "both" and self.slip == "economic-first" else percent, basis)
        return found

    def _owns(self, mine: Fraction, limit: int) -> bool:
        if self.slip == "rounded-first":
            return round(mine * 100) >= limit * 100
        return mine > limit if self.slip == "economic-above" else mine >= limit

    def _votes(self, cast: Fraction, limit: int) -> bool:
        return cast >= limit if self.slip == "votes-at" else cast > limit

    def rows(self) -> dict[str, Row]:
        """Return the owners on the day in asof.txt, with the first day of the run of each."""
        last = self.register.asof
        now = self.owners(last)
        since = dict.fromkeys(now, last)
        running = dict(now)
        for day in reversed(self.days):
            then = self.owners(day)
            if self.slip == "ever":
                since |= dict.fromkeys(since.keys() & then.keys(), day)
                continue
            for who in list(running):
                other = self.slip == "per-basis" and then.get(who, ("", ""))[1] != now[who][1]
                if who not in then or other:
                    del running[who]
                else:
                    since[who] = day
            if not running:
                break
        return {who: (*now[who], since[who]) for who in now}


def economics(companies: dict[str, Company], supplier: str, slip: str = "") -> Shares:
    """Return the economic share of every holder that is no company with filings."""
    if slip not in ("chains-once", "daughters-out", "delegation-economic", "floats"):
        return _passed_on(companies, supplier, slip)
    direct = {name: _parts(name, company, slip) for name, company in companies.items()}
    if slip == "chains-once":
        return _walked(direct, supplier, {supplier})
    if slip in ("daughters-out", "delegation-economic"):
        direct = {name: _cast_parts(name, companies, slip) for name in companies}
    order = [supplier, *sorted(direct.keys() - {supplier})]
    place = {name: at for at, name in enumerate(order)}
    # Row i: flow[i] - sum over j of flow[j] * direct[j][i] = 1 for the supplier; one solve serves all persons.
    size = len(order)
    table = [[Fraction(int(i == j)) for j in range(size)] + [Fraction(int(i == 0))] for i in range(size)]
    for name, holders in direct.items():
        for holder, share in holders.items():
            if holder in place:
                table[place[holder]][place[name]] -= share
    if slip == "floats":
        table = [[float(cell) for cell in row] for row in table]  # type: ignore[misc]
        direct = {
            name: {holder: float(share) for holder, share in some.items()} for name, some in direct.items()
        }  # type: ignore[misc]
    flow = _solved(table)
    shares: Shares = {}
    for name, holders in direct.items():
        for holder, share in holders.items():
            if holder not in place and flow[place[name]]:
                shares[holder] = shares.get(holder, Fraction(0)) + flow[place[name]] * share
    return _people(shares)


def _passed_on(companies: dict[str, Company], supplier: str, slip: str) -> Shares:
    """Solve the equations in whole numbers, which is quicker: x is what a company gets for each of its parts."""
    parts = {name: _whole(_weights(name, company, slip)) for name, company in companies.items()}
    order = [supplier, *(name for name in parts if name != supplier)]
    place = {name: at for at, name in enumerate(order)}
    size = len(order)
    table = [[0] * size + [int(at == 0)] for at in range(size)]
    for name, holders in parts.items():
        table[place[name]][place[name]] += sum(holders.values())
        for holder, count in holders.items():
            if holder in place:
                table[place[holder]][place[name]] -= count
    last = 1
    for at in range(size):  # Bareiss: every division is exact.
        lead = table[at][at]
        if not lead:
            raise ZeroDivisionError("companies that hold nothing but each other")
        for row in range(size):
            if row != at:
                factor = table[row][at]
                table[row] = [
                    (cell * lead - factor * top) // last
                    for cell, top in zip(table[row], table[at], strict=True)
                ]
        last = lead
    got: dict[str, int] = {}
    for name, holders in parts.items():
        for holder, count in holders.items():
            if holder not in place:
                got[holder] = got.get(holder, 0) + count * table[place[name]][-1]
    return _people({holder: Fraction(count, last) for holder, count in got.items()})


def _whole(weights: Weights) -> dict[str, int]:
    scale = lcm(*(weight.denominator for weight in weights.values()))
    return {holder: int(weight * scale) for holder, weight in weights.items()}


def _people(shares: Shares) -> Shares:
    return {who: share for who, share in shares.items() if share and who.startswith("p")}


def _solved(table: list[list[Fraction]]) -> list[Fraction]:
    size = len(table)
    for at in range(size):
        pivot = next(row for row in range(at, size) if table[row][at])
        table[at], table[pivot] = table[pivot], table[at]
        lead = table[at][at]
        if lead != 1:
            table[at] = [cell / lead if cell else cell for cell in table[at]]
        for row in range(size):
            factor = table[row][at]
            if row != at and factor:
                table[row] = [
                    cell - factor * top if top else cell
                    for cell, top in zip(table[row], table[at], strict=True)
                ]
    return [row[-1] for row in table]


def _walked(direct: dict[str, Shares], name: str, above: set[str]) -> Shares:
    """Sum chains that pass no company twice."""
    shares: Shares = {}
    for holder, share in direct[name].items():
        if holder not in direct:
            shares[holder] = shares.get(holder, Fraction(0)) + share
        elif holder not in above:
            for who, part in _walked(direct, holder, above | {holder}).items():
                shares[who] = shares.get(who, Fraction(0)) + share * part
    return _people(shares) if above == {name} else shares


def _parts(name: str, company: Company, slip: str) -> Shares:
    parts = _weights(name, company, slip)
    total = sum(parts.values())
    return {holder: Fraction(part) / total for holder, part in parts.items()}


def _weights(name: str, company: Company, slip: str) -> Weights:
    parts: Weights = {}
    for share, holders in company.held.items():
        right = 1 if slip == "parts-alike" else company.rights[share][1]
        for holder, count in holders.items():
            if count and right:
                parts[holder] = parts.get(holder, 0) + count * right
    own = parts.pop(name, 0)
    if slip == "treasury-counts":
        parts["000000"] = own
    return parts


def _cast_parts(name: str, companies: dict[str, Company], slip: str) -> Shares:
    """Return parts where somebody lets daughters' shares or delegated ones go the way of the votes."""
    parts = _parts(name, companies[name], "")
    votes = Votes(companies, "")
    if slip == "daughters-out":
        for holder in votes.daughters(name):
            parts.pop(holder, None)
    else:
        moved = votes.moved(name, [1 if share == "A" else 0 for share in companies[name].held])
        for source, target, share in moved:
            part = min(share, parts.get(source, Fraction(0)))
            parts[source] = parts.get(source, Fraction(0)) - part
            parts[target] = parts.get(target, Fraction(0)) + part
    total = sum(parts.values())
    return {holder: part / total for holder, part in parts.items()}


class Votes:
    """Who can cast how many votes in the companies of a group on a day."""

    def __init__(self, companies: dict[str, Company], slip: str) -> None:
        self.companies, self.slip = companies, slip
        self.raw = {name: self._raw(name, company) for name, company in companies.items()}
        self.cast: dict[str, Weights] = {}
        self.total: dict[str, Number] = {}
        for name in companies:
            self.cast[name] = self._cast(name)
            self.total[name] = sum(self.cast[name].values())
            if slip == "suspended-in-total":
                self.total[name] = sum(self.raw[name].values())

    def _raw(self, name: str, company: Company) -> Weights:
        votes: Weights = {}
        for share, holders in company.held.items():
            right = 1 if self.slip == "votes-alike" else company.rights[share][0]
            for holder, count in holders.items():
                if right and count and (holder != name or self.slip == "treasury-votes"):
                    votes[holder] = votes.get(holder, 0) + count * right
        return votes

    def daughters(self, name: str) -> set[str]:
        """Return the companies in which a company and its daughters have more than half of the votes."""
        found: set[str] = set()
        grew = True
        while grew:
            grew = False
            for other, votes in self.raw.items():
                if other == name or other in found:
                    continue
                mothers = {name} if self.slip == "daughters-direct" else found | {name}
                held = sum(votes.get(one, 0) for one in mothers)
                if held * 2 > sum(votes.values()):
                    found.add(other)
                    grew = True
        return found

    def moved(self, name: str, classes: list[int]) -> list[tuple[str, str, Fraction]]:
        """Return what delegations move, as shares of all parts; for a slip alone."""
        company = self.companies[name]
        total = sum(sum(some.values()) for some in company.held.values())
        found = []
        for source, target, share, count in company.delegations:
            has = sum(company.held[one].get(source, 0) for one in ([share] if share else company.held))
            found.append((source, target, Fraction(has if count is None else min(count, has)) / total))
        return found

    def _cast(self, name: str) -> Weights:
        company = self.companies[name]
        suspended = set() if self.slip == "daughters-vote" else self.daughters(name)
        votes = {holder: count for holder, count in self.raw[name].items() if holder not in suspended}
        if self.slip == "daughters-registered":
            votes |= self._declared(company, suspended & self.raw[name].keys())
        left: dict[tuple[str, str], Number] = {}
        got: Weights = {}
        for source, target, share, count in company.delegations:
            if source not in votes and not (self.slip == "passes-on" and source in got):
                continue
            for one in [share] if share else list(company.held):
                held = company.registered if self.slip == "nominee-delegates" else company.held
                has = left.setdefault((one, source), held[one].get(source, 0))
                number = has if count is None else min(count, has)
                left[one, source] -= number
                moved = number * (1 if self.slip == "votes-alike" else company.rights[one][0])
                votes[source] = votes.get(source, 0) - moved
                got[target] = got.get(target, 0) + moved
            if self.slip == "passes-on" and count is None:
                moved = got.pop(source, 0)
                got[target] = got.get(target, 0) + moved
        for target, number in got.items():
            votes[target] = votes.get(target, 0) + number
        return {holder: max(count, 0) for holder, count in votes.items() if count}

    def _declared(self, company: Company, suspended: set[str]) -> Weights:
        """Return votes of daughters from shares that others are registered for; for a slip alone."""
        votes: Weights = {}
        for share, holders in company.held.items():
            for holder in suspended & holders.keys():
                more = max(holders[holder] - company.registered[share].get(holder, 0), 0)
                votes[holder] = votes.get(holder, 0) + more * company.rights[share][0]
        return {holder: count for holder, count in votes.items() if count}

    def _counted(self, name: str, group: set[str], pooled: bool = True) -> Number:
        """Return the votes in a company of a group and of those who are in a pool with one of the group."""
        all_in = set(group)
        if pooled and self.slip != "no-pools":
            for pool in self.companies[name].pools:
                members = (
                    {one for one in group if one.startswith("p")} if self.slip == "pool-persons" else group
                )
                if pool & members:
                    all_in |= pool
        return sum(self.cast[name].get(one, 0) for one in all_in)

    def controlled(self, person: str) -> set[str]:
        """Return the companies that somebody controls."""
        group = {person}
        grew = True
        while grew:
            grew = False
            for name in self.companies:
                if name in group or not self.total[name]:
                    continue
                by = {person} if self.slip == "control-direct" else group
                votes = self._counted(name, by, self.slip != "control-unpooled") * 2
                if votes > self.total[name] or (self.slip == "control-at-half" and votes == self.total[name]):
                    group.add(name)
                    grew = True
        return group - {person}

    def shares(self, supplier: str) -> Shares:
        """Return everybody's share of the votes in a supplier."""
        if self.slip == "votes-multiplied":
            return self._multiplied(supplier)
        everybody = {one for votes in self.cast.values() for one in votes if one.startswith("p")}
        everybody |= {
            one for some in self.companies.values() for pool in some.pools for one in pool if one[0] == "p"
        }
        total = self.total[supplier]
        shares = {
            who: Fraction(self._counted(supplier, self.controlled(who) | {who})) / total
            for who in sorted(everybody)
        }
        return {who: share for who, share in shares.items() if share}

    def _multiplied(self, supplier: str) -> Shares:
        direct = {
            name: {holder: Fraction(count) / self.total[name] for holder, count in votes.items()}
            for name, votes in self.cast.items()
        }
        return _walked(direct, supplier, {supplier})
