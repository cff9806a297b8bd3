"""Who is who, and what each report states, ends, repeats or only surmises.

A statement is (kind, subject, attribute, value): kind is `is`, `ends`, `repeats` (what another report said) or `talk`.
"""

import random
from dataclasses import dataclass, field
from datetime import date, timedelta

PEOPLE = (
    "Mara Levin",
    "Tobias Renz",
    "Ines Calder",
    "Jonas Wirth",
    "Petra Holm",
    "Sami Okafor",
    "Lena Brandt",
    "Viktor Sand",
)
FIRMS = ("Ostheim Logistics", "Brenner Glas", "Nordkap Foods", "Calumet Press", "Tessin Motors", "Aldine Paper",
         "Rhenus Tools")  # fmt: skip
SITES = ("Hafen Ost", "Werk Lindau", "Dock Seven", "Halle Nord", "Tower Street")
BACK = {"works-for": "employs", "owns": "owned-by", "supplies": "supplied-by", "located-in": "houses"}
PLAIN = ("phone", "founded")


@dataclass
class Report:
    """One report: its number, date, and statements; ``via`` of a statement names the report that it repeats."""

    number: str
    day: date
    says: list = field(default_factory=list)


@dataclass
class World:
    """Everything that one seed decides."""

    names: dict = field(default_factory=dict)
    types: dict = field(default_factory=dict)
    first: list = field(default_factory=list)
    second: list = field(default_factory=list)
    kept: str = ""
    gone: str = ""
    retracted: str = ""

    @property
    def reports(self):
        """Return all reports in their order."""
        return [*self.first, *self.second]


def draw(rng: random.Random) -> World:
    """Return a world with nine reports in the first inbox and seven in the second."""
    world = World()
    ids = [f"Q-{number}" for number in sorted(rng.sample(range(11, 99), 21))]
    rng.shuffle(ids)
    people, firms, sites = rng.sample(PEOPLE, 8), rng.sample(FIRMS, 7), rng.sample(SITES, 5)
    for name, kind in [
        *((p, "person") for p in people),
        *((f, "firm") for f in firms),
        *((s, "site") for s in sites),
    ]:
        code = ids.pop()
        world.names[code], world.types[code] = name, kind
    twin = ids.pop()
    original = of_type(world, "person")[0]
    given, family = world.names[original].split()
    world.names[twin], world.types[twin] = f"{given[0]}. {family}", "person"
    world.kept, world.gone = original, twin
    start, number = date(2026, rng.randint(1, 5), rng.randint(2, 9)), rng.randint(11, 60)
    for place in range(16):
        report = Report(f"S-{number + place}", start + timedelta(days=3 * place + rng.randint(0, 2)))
        (world.first if place < 9 else world.second).append(report)
    Plot(rng, world).fill()
    return world


def of_type(world, kind):
    """Return the ids of a type, in their order."""
    return [code for code, found in world.types.items() if found == kind]


class Plot:
    """Puts statements into the reports so that each trap is there, and fills up with plain ones."""

    def __init__(self, rng, world):
        self.rng, self.world = rng, world
        self.people = [code for code in of_type(world, "person") if code not in {world.kept, world.gone}]
        self.firms, self.sites = of_type(world, "firm"), of_type(world, "site")
        self.used = set()

    def fill(self):
        """Fill all reports."""
        self.retraction()
        self.merge()
        self.changes()
        self.plain()

    def say(self, report, kind, subject, attribute, value, via=None):
        """Add a statement to a report."""
        report.says.append((kind, subject, attribute, value, via))
        self.used.add((subject, attribute, value))

    def phone(self):
        """Return a new phone number."""
        first, second, third, fourth = (
            self.rng.randint(*ends) for ends in ((31, 91), (200, 999), (10, 99), (10, 99))
        )
        return f"0{first} {second} {third} {fourth}"

    def retraction(self):
        """Fill the report that is retracted later, and what others make of it."""
        world, rng = self.world, self.rng
        first, second = world.first, world.second
        bad = rng.choice(first[3:5])
        world.retracted = bad.number
        a, b, c, d, e, f, g = self.firms
        lone = self.sites[-1]
        self.say(first[0], "is", self.people[0], "works-for", a)
        self.say(bad, "ends", self.people[0], "works-for", a)
        self.say(bad, "is", self.people[0], "works-for", b)
        self.say(bad, "is", c, "owns", d)
        self.say(first[6], "repeats", c, "owns", d, bad.number)
        self.say(bad, "is", e, "supplies", f)
        self.say(second[1], "is", e, "supplies", f)
        self.say(bad, "is", g, "located-in", lone)
        self.say(first[1], "is", b, "phone", old := self.phone())
        self.say(bad, "is", b, "phone", self.phone())
        self.used.add((b, "phone", old))
        self.say(second[2], "repeats", self.people[1], "works-for", c, bad.number)
        self.say(bad, "is", self.people[1], "works-for", c)
        self.say(first[2], "is", self.people[2], "works-for", d)
        self.say(bad, "is", self.people[2], "works-for", d)
        self.say(first[0], "is", d, "supplies", a)
        self.say(bad, "ends", d, "supplies", a)
        self.say(second[4], "ends", d, "supplies", a)

    def merge(self):
        """Give both ids of one person facts, some of them the same."""
        world = self.world
        first, second = world.first, world.second
        bad = next(one for one in first if one.number == world.retracted)
        firm, other, third = self.firms[3], self.firms[5], self.firms[0]
        self.say(bad, "is", world.kept, "works-for", firm)
        self.say(first[7], "is", world.gone, "works-for", firm)
        self.say(first[5], "is", world.gone, "owns", other)
        self.say(second[0], "is", world.kept, "phone", number := self.phone())
        self.say(second[3], "is", world.gone, "phone", number)
        self.say(first[8], "is", world.kept, "owns", third)
        self.say(second[5], "ends", world.gone, "owns", third)

    def changes(self):
        """Let some things end, and numbers change."""
        first, second = self.world.first, self.world.second
        one, two, three = self.people[3:6]
        firm, other = self.firms[4], self.firms[6]
        self.say(first[1], "is", one, "works-for", firm)
        self.say(first[5], "is", two, "works-for", firm)
        self.say(second[1], "ends", one, "works-for", firm)
        self.say(second[1], "is", one, "works-for", other)
        self.say(
            first[4 if self.world.retracted != first[4].number else 3], "is", firm, "phone", self.phone()
        )
        self.say(second[3], "is", firm, "phone", self.phone())
        self.say(second[0], "repeats", two, "works-for", firm, first[5].number)
        self.say(first[7], "is", three, "owns", other)
        self.say(second[6], "is", three, "owns", other)
        self.say(second[2], "talk", three, "owns", self.firms[1])
        self.say(first[6], "talk", self.firms[2], "supplies", self.firms[0])
        self.say(second[4], "talk", two, "works-for", self.firms[5])

    def plain(self):
        """Fill up with plain facts, each said once or twice."""
        rng, world = self.rng, self.world
        sound = [report for report in world.reports if report.number != world.retracted]
        chain = self.firms[:]
        rng.shuffle(chain)
        wanted = [(a, "supplies", b) for a, b in zip(chain, chain[2:], strict=False)]
        wanted += [
            (firm, "located-in", site)
            for firm, site in zip(self.firms, rng.choices(self.sites[:-1], k=6), strict=False)
        ]
        wanted += [(firm, "founded", str(rng.randint(1890, 2015))) for firm in self.firms]
        wanted += [(person, "phone", self.phone()) for person in self.people]
        wanted += [(self.people[5], "works-for", chain[0]), (self.people[1], "owns", chain[1])]
        for subject, attribute, value in wanted:
            if (subject, attribute, value) in self.used:
                continue
            for report in sorted(rng.sample(sound, rng.choice((1, 1, 2))), key=lambda one: one.number):
                self.say(report, "is", subject, attribute, value)
        for report in world.reports:
            rng.shuffle(report.says)
