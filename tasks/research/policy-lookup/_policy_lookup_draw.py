"""Draws a handbook with its versions and annexes, and ten questions; knows which file governs what.

`governing` gives the right answer. Given names of missed traps it gives the answer of a reader who overlooked
exactly those.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from _policy_lookup_texts import COMPANIES, DOCUMENTS, FOLDERS, RULES, SECOND, SILENT, SITES, STAFF

TODAY = date(2026, 6, 1)
"""A day by which everything approved has taken effect: the clock of whoever ignores the as-of date."""

# Missed trap -> exactly the checks it must cost.
TRAPS = {
    "status": {"versions"},
    "effective": {"versions", "sources"},
    "as-of": {"versions", "sources"},
    "newest": {"versions", "sources"},
    "oldest": {"versions", "sources"},
    "first-day": {"versions"},
    "no-annex": {"annex"},
    "any-annex": {"annex"},
    "newer-wins": {"annex"},
    "weeks": {"units"},
    "similar": {"silent"},
}
GROUPS = {"current": "versions", "future": "versions", "draft": "versions", "all": "versions",
          "plain": "plain", "annexed": "annex", "general": "annex", "weeks": "units", "silent": "silent"}  # fmt: skip
ENOUGH_SOURCES = 8


@dataclass(frozen=True)
class Paper:
    """One file of the handbook: a version of a document, or of a site's annex (``site`` is set)."""

    number: str
    version: int
    status: str
    effective: date
    site: str
    figures: dict
    style: str
    layout: int

    @property
    def file(self):
        """Return the path inside the handbook."""
        title = f"site annex {self.site}" if self.site else DOCUMENTS[self.number][0]
        slug = "-".join(title.lower().split())
        return f"{FOLDERS[self.number[:2]]}/{self.number}-{slug}-v{self.version}.{self.style}"


@dataclass(frozen=True)
class Question:
    """A question of the staff; ``rule`` is None where the handbook has no answer."""

    role: str
    rule: str | None
    near: str | None
    site: str
    unit: str
    text: str


@dataclass(frozen=True)
class Handbook:
    """The whole draw. ``sites`` begins with the head office."""

    company: str
    sites: tuple
    as_of: date
    papers: tuple
    questions: tuple


def governing(book, question, missed=frozenset()):
    """Return value (Decimal or None) and governing file of a question."""
    rule = question.rule
    if rule is None:
        if "similar" not in missed:
            return None, None
        rule = question.near
    today = TODAY if "as-of" in missed else book.as_of
    found = []
    for paper in book.papers:
        others = [p for p in book.papers if p.number == paper.number and _binds(p, today, missed)]
        others.sort(key=lambda p: p.version)
        chosen = others and paper is others[0 if "oldest" in missed else -1]
        here = not paper.site or paper.site == question.site or "any-annex" in missed
        if chosen and here and rule in paper.figures:
            found.append(paper)
    annexes = [paper for paper in found if paper.site]
    chosen = next(paper for paper in found if not paper.site)
    if annexes and "no-annex" not in missed:
        chosen = (
            max([chosen, annexes[0]], key=lambda p: p.effective) if "newer-wins" in missed else annexes[0]
        )
    factor = 1 if "weeks" in missed else RULES[rule].factor
    return Decimal(str(chosen.figures[rule])) * factor, chosen.file


def _binds(paper, today, missed):
    if missed & {"newest", "oldest"}:
        return True
    if paper.status != "approved" and "status" not in missed:
        return False
    if "first-day" in missed and paper.effective == today:
        return False
    return paper.effective <= today or "effective" in missed


def lost_checks(book, missed):
    """Return the checks that a reader who missed these traps fails."""
    lost, sources = set(), 0
    for question in book.questions:
        right, given = governing(book, question), governing(book, question, missed)
        if right[0] != given[0]:
            lost.add(GROUPS[question.role])
        sources += question.rule is not None and right[1] == given[1]
    return lost | ({"sources"} if sources < ENOUGH_SOURCES else set())


def draw_handbook(rng):
    """Draw a handbook of twenty documents in 29 files and ten questions about it."""
    silent = rng.choice(SILENT)
    roles = _draw_roles(rng, silent)
    sites = tuple(rng.sample(SITES, 4))
    as_of = date(2025, rng.randint(4, 10), rng.choice((1, 15)))
    numbers = {_home(rule) for rule in roles.values()} | {_home(silent.near)}
    spare = sorted(set(DOCUMENTS) - numbers)
    numbers |= set(rng.sample(spare, 20 - len(numbers)))
    base = {rule: rng.choice(RULES[rule].figures) for number in sorted(numbers) for rule in rules_of(number)}
    papers = []
    for number in sorted(numbers):
        role = next((r for r, rule in roles.items() if _home(rule) == number), "")
        papers += _versions(rng, number, role, roles.get(role), base, as_of)
    asked = set(roles.values()) | {silent.near}
    papers += _annexes(rng, roles["annexed"], sites, sorted(set(base) - asked), base, as_of)
    company = rng.choice(COMPANIES)
    return Handbook(company, sites, as_of, tuple(papers), _questions(rng, roles, silent, sites))


def rules_of(number):
    """Return the rules that a document lays down, in its order."""
    return [item[1:] for _, items in DOCUMENTS[number][2] for item in items if item.startswith("@")]


def _home(rule):
    return next(number for number in DOCUMENTS if rule in rules_of(number))


def _draw_roles(rng, silent):
    """Choose a rule for each kind of question, each from another document."""
    taken = {_home(silent.near)}
    roles = {}
    for role in ("annexed", "weeks", "current", "future", "draft", "all", "idle", "plain1", "plain2"):
        fit = [
            name
            for name, rule in RULES.items()
            if rule.question
            and _home(name) not in taken
            and (rule.factor > 1) == (role == "weeks")
            and (name in SECOND or role != "annexed")
        ]
        roles[role] = rng.choice(fit)
        taken.add(_home(roles[role]))
    return roles


def _versions(rng, number, role, rule, base, as_of):
    """Return the versions of one document: what its role needs of old, current, draft and coming ones."""
    own = {name: base[name] for name in rules_of(number)}
    version = rng.randint(2, 5)
    since = as_of if role == "current" else _first(as_of - timedelta(days=rng.randint(70, 420)))
    values = rng.sample([f for f in RULES[rule].figures if f != own[rule]], 2) if rule else [None, None]
    styles = [rng.choice(("md", "md", "txt")) for _ in range(3)]
    layout = rng.randrange(3)

    def paper(step, status, effective, figures):
        return Paper(number, version + step, status, effective, "", figures, styles[step], layout)

    papers = []
    if role in ("current", "all"):
        before = _first(since - timedelta(days=rng.randint(300, 800)))
        papers.append(paper(-1, "approved", before, {**own, rule: values[0]}))
    papers.append(paper(0, "approved", since, own))
    if role in ("future", "all"):
        soon = _first(as_of + timedelta(days=rng.randint(33, 75)))
        papers.append(paper(1, "approved", soon, {**own, rule: values[1]}))
    if role in ("draft", "idle"):
        planned = _first(as_of - timedelta(days=rng.randint(5, 30)))
        papers.append(paper(1, "draft", planned, {**own, rule: values[1]}))
    return papers


def _first(day):
    return day.replace(day=1)


def _annexes(rng, rule, sites, free, base, as_of):
    """Return three annexes, older than the general rule; two of them list ``rule``, the second does not."""
    values = rng.sample([f for f in RULES[rule].figures if f != base[rule]], 2)
    names = rng.sample([name for name in free if len(RULES[name].figures) > 1], 8)
    parts = [[rule, *names[:2]], names[2:5], [rule, *names[5:7]]]
    papers = []
    for index, (site, part) in enumerate(zip(sites[1:], parts, strict=True)):
        figures = {}
        for name in sorted(part, key=lambda n: (_home(n), n)):
            others = [f for f in RULES[name].figures if f != base[name]]
            figures[name] = values[index // 2] if name == rule else rng.choice(others)
        since = _first(as_of - timedelta(days=rng.randint(480, 900)))
        style = rng.choice(("md", "txt"))
        papers.append(
            Paper(f"AX-0{index + 1}", rng.randint(1, 3), "approved", since, site, figures, style, index)
        )
    return papers


def _questions(rng, roles, silent, sites):
    def question(role, rule, site):
        return Question(role, rule, None, site, RULES[rule].unit, RULES[rule].question)

    listed = [
        question(role, roles[role], rng.choice(sites))
        for role in ("weeks", "current", "future", "draft", "all")
    ]
    listed += [question("plain", roles[role], rng.choice(sites)) for role in ("plain1", "plain2")]
    listed.append(question("annexed", roles["annexed"], sites[1]))
    listed.append(replace(question("general", roles["annexed"], sites[2]), text=SECOND[roles["annexed"]]))
    listed.append(Question("silent", None, silent.near, rng.choice(sites), silent.unit, silent.question))
    rng.shuffle(listed)
    return tuple(listed)


def draw_people(rng):
    """Return a name for each of the ten questions."""
    return rng.sample(STAFF, 10)
