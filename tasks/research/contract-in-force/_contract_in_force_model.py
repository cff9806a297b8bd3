"""What a contract file consists of, and when its amendments bind and what their clause numbers mean.

`Reading` carries every step through. Given names of missed traps it reads like somebody who overlooked
exactly those. What the figures come to is in `_contract_in_force_reckon`.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property

CLOSE = time(16, 0)
NEW_HOLIDAY_FROM = date(2025, 1, 1)
NEVER = date(9999, 1, 1)
BY_NAME = ("insert", "article", "delete", "fix")
"""What a paragraph names so plainly that no number is needed to find its clause."""


@dataclass(frozen=True)
class Sign:
    """A signature; ``until`` is the last day for its condition, ``apart`` one on a separate page."""

    side: str
    who: str
    day: date
    until: date | None = None
    apart: bool = False


@dataclass(frozen=True)
class Op:
    """One paragraph of an amendment: what it does to clause ``key`` of ``doc``, printed as ``ref``.

    ``figures`` maps units to values. ``new`` is the key of an inserted clause or article. With ``like``, printed
    as ``like_ref``, the figure is what stands in that clause, plus the one given.
    """

    verb: str
    doc: str
    key: str
    figures: dict = field(default_factory=dict)
    effect: date | None = None
    new: str = ""
    ref: str = ""
    like: str = ""
    like_ref: str = ""


@dataclass(frozen=True)
class Paper:
    """An amendment of the Master Agreement (A…) or of the German annex (N…)."""

    name: str
    dated: date
    signs: tuple
    ops: tuple
    effect: date | None = None


@dataclass(frozen=True)
class News:
    """A letter on a signatory of the Supplier: ``role`` is director, proxy, or nothing for no longer."""

    who: str
    role: str
    since: date
    received: datetime


@dataclass(frozen=True)
class Consent:
    """How the condition of a signature was met: given, no longer subject to anything, reported."""

    given: date
    complete: date
    letter: date


@dataclass(frozen=True)
class World:
    """The whole draw."""

    names: dict
    structure: dict
    figures: dict
    signers: dict
    papers: tuple
    news: tuple
    consents: dict
    holidays: dict
    index: tuple
    starts: dict
    events: dict
    as_of: date


class Calendar:
    """Business Days, as somebody reads them who missed some traps."""

    def __init__(self, holidays, missed, added=True):
        annex = "english" if "english" in missed else "german"
        self.fixed = set(holidays["fixed"]) | (set() if "annex" in missed else set(holidays[annex]))
        self.movable = set(holidays["movable"])
        self.added = holidays["added"] if added and not missed & {"annex"} else None
        self.missed = missed

    def works(self, day):
        """Return whether ``day`` is a Business Day."""
        plain = (day.month, day.day)
        if day.weekday() > 4 or plain in self.fixed or day in self.movable:
            return False
        return not (plain == self.added and day >= NEW_HOLIDAY_FROM)

    def onward(self, day):
        """Return ``day`` or the next Business Day after it."""
        while not self.works(day):
            day += timedelta(days=1)
        return day

    def after(self, day, count):
        """Return the ``count``-th Business Day after ``day``."""
        for _ in range(count):
            day = self.onward(day + timedelta(days=1))
        return day

    def before(self, day, count):
        """Return the ``count``-th Business Day before ``day``."""
        while count:
            day -= timedelta(days=1)
            count -= self.works(day)
        return day

    def received(self, moment):
        """Return the day on which something counts as received."""
        day = moment.date()
        if "evening" in self.missed:
            return day
        if moment.time() > CLOSE:
            day += timedelta(days=1)
        return self.onward(day)


def _copy(structure):
    return {doc: [[part[0], list(part[1])] for part in parts] for doc, parts in structure.items()}


def number_of(structure, doc, key):
    """Return the number that a clause or article bears; None if it is not there."""
    for index, (name, clauses) in enumerate(structure[doc], start=1):
        if name == key:
            return str(index)
        if key in clauses:
            within = clauses.index(key) + 1
            return f"{index}.{within}" if doc == "M" else str(within)
    return None


def clause_at(structure, doc, ref):
    """Return the key of what bears the number ``ref``; None if nothing does."""
    if doc == "M" and "." not in ref:
        return structure[doc][int(ref) - 1][0] if int(ref) <= len(structure[doc]) else None
    article, within = ref.split(".") if doc == "M" else (1, ref)
    if int(article) > len(structure[doc]):
        return None
    clauses = structure[doc][int(article) - 1][1]
    return clauses[int(within) - 1] if int(within) <= len(clauses) else None


class Reading:
    """The contract as somebody reads it who missed the traps ``missed``."""

    def __init__(self, world, missed=frozenset()):
        self.world, self.missed = world, frozenset(missed)
        self.early = Calendar(world.holidays, self.missed, added=False)
        self.binding = {paper.name: self._binding(paper) for paper in world.papers}

    # -- signatures ---------------------------------------------------------------------------------

    def _role(self, who, day):
        """Return the role of a signatory of the Supplier on a day; nothing if there is none."""
        role = self.world.signers.get(who, "")
        for news in self.world.news:
            since = news.since
            if not news.role and "left" in self.missed:
                continue
            if "receipt" not in self.missed:
                since = max(since, self.early.received(news.received))
            if news.who == who and since <= day:
                role = news.role
        return role

    def _counts_on(self, paper, sign):
        """Return the day on which a signature counts as given."""
        if sign.apart and "counterpart" in self.missed:
            return NEVER
        if sign.until is None or "condition-signed" in self.missed:
            return sign.day
        consent = self.world.consents[paper.name]
        met = consent.given if "subject" in self.missed else consent.complete
        if "condition-letter" in self.missed:
            met = consent.letter
        late = met > sign.until and "longstop" not in self.missed
        return NEVER if late or "condition-never" in self.missed else max(met, sign.day)

    def _binding(self, paper):
        customer, roles = [], []
        for sign in paper.signs:
            day = self._counts_on(paper, sign)
            if sign.side == "customer":
                customer.append(day)
            elif role := self._role(sign.who, sign.day):
                roles.append((day, role))
        enough = [
            day
            for day, _ in roles
            if sum(other <= day for other, _ in roles) >= 2
            and ("director" in self.missed or any(o <= day and r == "director" for o, r in roles))
        ]
        if not customer or not enough:
            return NEVER
        bound = max(min(customer), min(enough))
        if "last-sign" in self.missed and bound < NEVER:
            return max([bound, *(day for day, _ in roles)])
        return bound

    @cached_property
    def bound(self):
        """Return the papers that bind on the as-of day, in the order in which they prevail."""
        papers = [p for p in self.world.papers if self.binding[p.name] <= self.world.as_of]
        if "later-number" in self.missed:
            return papers
        return sorted(papers, key=lambda p: self.binding[p.name])

    # -- numbers ------------------------------------------------------------------------------------

    def structure_at(self, day):
        """Return the clauses in their order at the beginning of a day."""
        structure = _copy(self.world.structure)
        for paper in sorted(self.bound, key=lambda p: self.binding[p.name]):
            since = self.binding[paper.name]
            if "renumber-effect" in self.missed:
                since = paper.effect or since
            if since >= day:
                continue
            for op in paper.ops:
                self._restructure(structure[op.doc], op)
        return structure

    def _restructure(self, parts, op):
        for index, part in enumerate(parts):
            if op.verb == "article" and part[0] == op.key:
                parts.insert(index + 1, [op.new, list(op.figures)])
                return
            if op.key in part[1]:
                at = part[1].index(op.key)
                if op.verb == "insert":
                    part[1].insert(at + 1, op.new)
                elif op.verb == "delete":
                    del part[1][at]
                return

    def target(self, paper, doc, ref):
        """Return the clause that an amendment means by a printed number."""
        day = paper.dated
        if "numbers-first" in self.missed:
            day = date(1, 1, 1)
        elif "numbers-bound" in self.missed:
            day = self.binding[paper.name]
        return clause_at(self.structure_at(day), doc, ref)

    @cached_property
    def targets(self):
        """Return the clause that each paragraph of a bound amendment changes."""
        return {
            (paper.name, index): op.key if op.verb in BY_NAME else self.target(paper, op.doc, op.ref)
            for paper in self.bound
            for index, op in enumerate(paper.ops)
        }

    # -- figures ------------------------------------------------------------------------------------

    def effect(self, paper, op):
        """Return the day from which a paragraph holds."""
        bound = self.binding[paper.name]
        day = op.effect or paper.effect or bound
        if "future" in self.missed and day > self.world.as_of:
            return self.world.as_of
        return max(day, bound) if "no-retro" in self.missed else day

    def figures_at(self, day):
        """Return value and source of every figure on a day: (doc, clause) -> unit -> (value, document)."""
        state = {
            place: {unit: (value, place[0]) for unit, value in units.items()}
            for place, units in self.world.figures.items()
        }
        for paper in self.bound:
            for index, op in enumerate(paper.ops):
                if self.effect(paper, op) <= day:
                    self._apply(state, paper, op, self.targets[paper.name, index])
        return state

    def _apply(self, state, paper, op, key):
        place = (op.doc, key)
        if op.verb == "insert":
            state[op.doc, op.new] = {unit: (value, paper.name) for unit, value in op.figures.items()}
        elif op.verb == "article":
            for clause, units in op.figures.items():
                state[op.doc, clause] = {unit: (value, paper.name) for unit, value in units.items()}
        elif place not in state or op.verb == "raise":
            return
        elif op.verb == "delete":
            del state[place]
        elif op.verb == "scale":
            for unit, factor in op.figures.items():
                if unit in state[place]:
                    state[place][unit] = (state[place][unit][0] * factor, paper.name)
                    if "english" in self.missed:
                        state[place][unit] = (state[place][unit][0] / factor + 6, paper.name)
        elif op.verb == "fix" and "correction" in self.missed:
            return
        else:
            self._write(state, place, paper, op)

    def _write(self, state, place, paper, op):
        units = state[place]
        given = {unit: (value, paper.name) for unit, value in op.figures.items()}
        if op.like:
            other = state.get((op.doc, self.target(paper, op.doc, op.like_ref)), {})
            given = {
                unit: (other.get(unit, (0, ""))[0] + entry[0], paper.name) for unit, entry in given.items()
            }
        if op.verb == "supplement":
            units.update(given)
        elif given.keys() & units.keys():
            if op.verb == "replace" and "replace" not in self.missed:
                units.clear()
            if op.verb == "set":
                given = {unit: entry for unit, entry in given.items() if unit in units}
            units.update(given)
