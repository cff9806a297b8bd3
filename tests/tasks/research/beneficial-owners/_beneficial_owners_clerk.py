"""A clerk of another school: counts all shares in those of the last day, so that splits are dealt with once.

`slips` are rules that a careless clerk misses.
"""

from collections import defaultdict
from copy import copy
from datetime import date, timedelta
from fractions import Fraction

from _beneficial_owners_people import People
from _beneficial_owners_reader import Line, count, day, holder, read, rows

ZERO = 0
DAY = timedelta(days=1)


def whole(number):
    """Return an int where a number is one, which is quicker."""
    return int(number) if number.denominator == 1 else number


def copied(filing):
    """Return a filing that can be changed without changing this one."""
    new = copy(filing)
    new.lines = list(filing.lines)
    return new


class State:
    """A company on a day: parts and votes by holder, who votes for whom, and who votes together."""

    def __init__(self):
        self.parts, self.votes, self.delegated, self.pools = defaultdict(int), defaultdict(int), [], []
        self.shares, self.rights = defaultdict(int), {}


class Clerk:
    """Works out owners from a workspace."""

    def __init__(self, workspace, slips=(), until=None, of=None, raw=None):
        self.slips, self.workspace = set(slips), workspace
        self.asof = date.fromisoformat((workspace / "asof.txt").read_text("utf-8").strip())
        self.until = until or self.asof
        self.people = of.people if of else People(workspace, slips)
        self.raw = raw or [read(file) for file in sorted((workspace / "filings").iterdir())]
        self.filings = [
            copied(one) for one in self.raw if one.received <= self.until or "future" in self.slips
        ]
        self._settle()
        self.of = defaultdict(list)
        for one in self.filings:
            self.of[one.company].append(one)
        self.ended = {one.concerns: one.effective for one in self.filings if one.form == "end"}
        self.suppliers = of.suppliers if of else rows(workspace / "suppliers.csv")
        self.limits = of.limits if of else self._limits((workspace / "rules.md").read_text("utf-8"))
        self.memo = {}

    def _limits(self, text):
        limits = defaultdict(list)
        for line in text.splitlines():
            cells = [cell.strip(" %") for cell in line.strip().strip("|").split("|")]
            if len(cells) == 4 and cells[2].isdigit():
                limits[cells[0]].append((date.fromisoformat(cells[1]), int(cells[2]), int(cells[3])))
        return {category: sorted(some) for category, some in limits.items()}

    def _settle(self):
        """Let what was received last speak first: it strikes or changes what came before."""
        by_no = {one.no: one for one in self.filings}
        struck, changed = set(), set()
        for no in sorted(by_no, reverse=True):
            one = by_no[no]
            if no in struck:
                continue
            if one.form == "withdraw" and not (
                "revival" in self.slips and by_no[one.concerns].form == "correct"
            ):
                struck.add(one.concerns)
            if one.form == "correct" and (one.concerns, one.entry, one.item) not in changed:
                changed.add((one.concerns, one.entry, one.item))
                self._change(by_no[one.concerns], one)
        gone = struck | {no for no, one in by_no.items() if one.form in ("withdraw", "correct")}
        self.filings = [one for no, one in sorted(by_no.items()) if no not in gone]
        for one in self.filings:
            one.lines = [
                Line(self._who(line.source, one), self._who(line.target, one), line.share, line.count)
                for line in one.lines
            ]

    def _change(self, target, fix):
        if target.form == "correct":
            target.value = fix.value
        elif fix.item == "effective":
            target.effective = day(fix.value)
        else:
            value = count(fix.value) if fix.item == "count" else holder(fix.value)
            target.lines[fix.entry - 1] = target.lines[fix.entry - 1]._replace(**{fix.item: value})
            if "corrections-late" in self.slips:
                target.no = fix.no

    def _who(self, name, one):
        if name == "self":
            return one.company
        return self.people.who(*name) if isinstance(name, tuple) else name

    def after(self, company, share, when):
        """Return by what later splits multiply a count of a day."""
        product = 1
        for one in self.of[company]:
            if one.form == "split" and one.lines[0].share == share and one.effective > when:
                product *= one.factor
        return whole(product)

    def state(self, company, when):
        """Return a company on a day."""
        last = max((step for step in self.steps(company) if step <= when), default=None)
        if last and (company, last) not in self.memo:
            self.memo[company, last] = self._state(company, last)
        return self.memo.get((company, last))

    def steps(self, company):
        """Return the days on which something changes in a company."""
        if ("steps", company) not in self.memo:
            days = {one.effective for one in self.of[company]}
            days |= {one.until + DAY for one in self.of[company] if one.until}
            self.memo["steps", company] = sorted(days)
        return self.memo["steps", company]

    def _state(self, company, when):
        known = [one for one in self.of[company] if one.effective <= when]
        last = max((one for one in known if one.form == "return"), key=lambda one: (one.effective, one.no))
        has = defaultdict(int)
        for one in known:
            late = one.effective <= last.effective
            if one.form not in ("return", "transfer", "issue", "cancel") or (
                one.form == "return" and one is not last
            ):
                continue
            if late and one is not last and (one.no < last.no or "late" in self.slips):
                continue
            since = last.effective if late and "late-units" in self.slips else one.effective
            for line in one.lines:
                number = whole(line.count * self.after(company, line.share, since))
                has[line.share, line.target] += number
                if line.source:
                    has[line.share, line.source] -= number
        for share in last.classes:
            has.pop((share, ""), None)
        self._declare(company, when, last, has)
        return self._weigh(company, when, last, has)

    def live(self, company, form, when):
        """Return declarations or arrangements in force on a day, in their order."""
        live = [
            one
            for one in self.of[company]
            if one.form == form
            and one.effective <= when
            and not (one.until and one.until < when)
            and not (one.no in self.ended and self.ended[one.no] <= when)
        ]
        return sorted(live, key=lambda one: (one.effective, one.no))

    def _covered(self, company, one, left):
        """Return (source, target, class, number) of what a filing covers of what is left."""
        found = []
        for line in one.lines:
            for share in [line.share] if line.share else sorted({share for share, _ in left}):
                number = left[share, line.source]
                if line.count is not None:
                    units = (
                        1
                        if "nominal" in self.slips and one.form == "nominee"
                        else self.after(company, line.share, one.effective)
                    )
                    if "nominal" in self.slips and one.form == "nominee":
                        units = self.after(company, line.share, max(one.effective, self.now))
                    number = (
                        min(number, line.count * units)
                        if one.form != "nominee" or "uncapped" not in self.slips
                        else line.count * units
                    )
                left[share, line.source] -= number
                found.append((line.source, line.target, share, number))
        return found

    def _declare(self, company, when, last, has):
        self.now = when
        left, moves = defaultdict(int, has), []
        for one in self.live(company, "nominee", when):
            if "return-ends" not in self.slips or one.effective > last.effective:
                moves += self._covered(company, one, left)
        for source, target, share, number in moves:
            has[share, source] = max(has[share, source] - number, ZERO)
            has[share, target] += number

    def _weigh(self, company, when, last, has):
        state = State()
        for (share, who), number in has.items():
            if who == company or not number:
                continue
            grown = self.after(company, share, last.effective)
            votes, parts = (whole(Fraction(right) / grown) for right in last.classes[share])
            state.shares[share, who] = number
            state.rights[share] = votes
            state.votes[who] += number * votes
            state.parts[who] += number * parts
        left = defaultdict(int, state.shares)
        for one in self.live(company, "delegation", when):
            state.delegated += self._covered(company, one, left)
        state.pools = [{line.target for line in one.lines} for one in self.live(company, "pool", when)]
        return state

    def group(self, supplier):
        """Return all companies that ever were above a supplier, and itself."""
        if ("group", supplier) not in self.memo:
            found, todo = set(), [supplier]
            while todo:
                company = todo.pop()
                if company in self.of and company not in found:
                    found.add(company)
                    todo += [
                        name for one in self.of[company] for line in one.lines for name in line[:2] if name
                    ]
            self.memo["group", supplier] = sorted(found)
        return self.memo["group", supplier]

    def economic(self, supplier, states):
        """Pass the profit on from company to company, each of them taken out of the circle in turn."""
        shares = {}
        for company, state in states.items():
            total = sum(state.parts.values())
            shares[company] = {who: Fraction(part) / total for who, part in state.parts.items() if part}
        if "once" in self.slips:
            return self._once(shares, supplier, (supplier,))
        for company in [one for one in states if one != supplier] + [supplier]:
            own = shares[company].pop(company, ZERO)
            spread = {who: part / (1 - own) for who, part in shares[company].items()}
            shares[company] = spread
            for other, some in shares.items():
                if other != company and company in some:
                    part = some.pop(company)
                    for who, more in spread.items():
                        some[who] = some.get(who, ZERO) + part * more
        return shares[supplier]

    def _once(self, shares, company, above):
        found = defaultdict(int)
        for who, part in shares[company].items():
            if who not in shares:
                found[who] += part
            elif who not in above:
                for last, more in self._once(shares, who, (*above, who)).items():
                    found[last] += part * more
        return found

    def ballots(self, states):
        """Return for each company who casts how many votes."""
        found = {}
        for company, state in states.items():
            below = set() if "daughters" in self.slips else self._below(company, states)
            cast = defaultdict(int, {who: votes for who, votes in state.votes.items() if who not in below})
            for source, target, share, number in state.delegated:
                if source not in below:
                    cast[source] -= number * state.rights.get(share, 0)
                    cast[target] += number * state.rights.get(share, 0)
                    if "onward" in self.slips:
                        self._onward(state, cast, target)
            found[company] = cast
        return found

    def _onward(self, state, cast, voter):
        for source, target, _, _ in state.delegated:
            if source == voter:
                cast[target] += cast[source]
                cast[source] = ZERO

    def _below(self, company, states):
        """Return the daughters of a company."""
        below, before = set(), None
        while below != before:
            before = set(below)
            for other, state in states.items():
                mine = sum(votes for who, votes in state.votes.items() if who in below or who == company)
                if other != company and 2 * mine > sum(state.votes.values()):
                    below.add(other)
        return below

    def voting(self, supplier, states):
        """Return everybody's share of the votes of a supplier."""
        ballots = self.ballots(states)
        totals = {company: sum(cast.values()) for company, cast in ballots.items()}
        persons = {who for cast in ballots.values() for who in cast if who.startswith("P-")}
        persons |= {
            who for state in states.values() for pool in state.pools for who in pool if who.startswith("P-")
        }
        found = {}
        for person in persons:
            own, before = {person}, None
            while own != before:
                before = set(own)
                own |= {one for one in states if 2 * self._cast(one, own, states, ballots) > totals[one]}
                if "half" in self.slips:
                    own |= {one for one in states if 2 * self._cast(one, own, states, ballots) >= totals[one]}
            found[person] = Fraction(self._cast(supplier, own, states, ballots)) / totals[supplier]
        return found

    def _cast(self, company, own, states, ballots):
        pools = [] if "apart" in self.slips else states[company].pools
        mates = set().union(own, *(pool for pool in pools if pool & own))
        return sum(votes for who, votes in ballots[company].items() if who in mates)

    def owners(self, supplier, when):
        """Return percentage and basis of the owners of a supplier on a day."""
        states = {
            one: state for one in self.group(supplier["supplier_id"]) if (state := self.state(one, when))
        }
        if supplier["supplier_id"] not in states:
            return {}
        key = (supplier["supplier_id"], *map(id, states.values()))
        if key not in self.memo:
            self.memo[key] = (self.economic(key[0], states), self.voting(key[0], states))
        economic, voting = self.memo[key]
        if "today" in self.slips:
            when = self.asof
        critical = supplier["critical_from"] and date.fromisoformat(supplier["critical_from"]) <= when
        limit = [one for one in self.limits["critical" if critical else "ordinary"] if one[0] <= when][-1]
        found = {}
        for who in {*economic, *voting}:
            if who.startswith("P-"):
                mine, votes = 100 * economic.get(who, ZERO), 100 * voting.get(who, ZERO)
                if "rounded" in self.slips:
                    mine = Fraction(round(mine * 100), 100)
                found[who] = self._judged(mine, votes, limit)
        return {who: one for who, one in found.items() if one}

    def _judged(self, mine, votes, limit):
        owns = mine > limit[1] or (mine == limit[1] and "above" not in self.slips)
        rules = votes > limit[2] or ("at" in self.slips and votes == limit[2])
        if owns and rules:
            return max(mine, votes), "both"
        return (mine, "economic") if owns else (votes, "voting") if rules else None

    def _turns(self, supplier):
        """Return the days on which other thresholds begin."""
        turns = {limit[0] for limits in self.limits.values() for limit in limits}
        if supplier["critical_from"]:
            turns.add(max(date.fromisoformat(supplier["critical_from"]), min(turns)))
        return turns

    def answers(self):
        """Return all rows: supplier, person, exact percentage, basis, since."""
        found = []
        for supplier in self.suppliers:
            steps = {step for one in self.group(supplier["supplier_id"]) for step in self.steps(one)}
            steps = sorted(
                (step for step in steps | self._turns(supplier) if step <= self.asof), reverse=True
            )
            for who, (percent, basis) in sorted(self.owners(supplier, self.asof).items()):
                since = self.asof
                for step in steps:
                    then = self.owners(supplier, step).get(who)
                    if then and ("basis" not in self.slips or then[1] == basis):
                        since = step
                    elif "ever" not in self.slips:
                        break
                found.append((supplier["supplier_id"], who, percent, basis, since))
        return found
