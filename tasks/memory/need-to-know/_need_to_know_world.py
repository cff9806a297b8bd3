"""The client, the people, the costs and the enquiries of one seed."""

import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction

CLIENTS = ("Helvor AG", "Tarnbeck GmbH", "Osswald & Cie", "Lindmark AB", "Corvena SA")
OTHERS = ("Brixa Werke", "Palandt Systems", "Norrgard Group", "Quillon Ltd")
SUPPLIERS = ("Feyer Components", "Shun Hing Parts", "Adlerwerk", "Motala Metall", "Ponte Rosso")
FIRST = ("Irina", "Renata", "Solveig", "Beatrix", "Annelie", "Jolanda")
LAST = ("Wäger", "Brühl", "Grönke", "Tümmler", "Käsmann")
NAMESAKE_FIRST = ("Peter", "Urs", "Martin")
STAFF = ("Oskar Lindt", "Nadia Ferro", "Tom Hagen", "Vera Pohl", "Emil Sturm", "Clara Winkel", "Jan Ruckert")
SUCCESSORS = ("Matteo Frei", "Johanna Berg", "Kaspar Noll", "Livia Sand")
CATEGORIES = {
    "cables": ("patch cable", "power cord", "fibre lead", "ribbon cable", "hose line"),
    "sensors": ("light barrier", "pressure probe", "tilt sensor", "flow meter", "hall switch"),
    "fixings": ("rail clip", "wall bracket", "end stop", "cage nut", "clamp set"),
    "drives": ("stepper motor", "servo pack", "gear head", "brake unit", "drum motor"),
}
FOLD = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


@dataclass
class World:
    """Everything that one seed decides; money in cents, margins in percent."""

    client: str
    other: str
    her_first: str
    her_last: str
    namesake: str
    namesake_firm: str
    birthday: date
    trunk: str
    """Beginning of the client's numbers, national and without its zero: ``44 555 01``."""
    line: str
    board: str
    successor: str
    successor_line: str
    new_line: str
    margin: int = 0
    margin_2: int = 0
    margin_3: int = 0
    margin_other: int = 0
    category_2: str = ""
    category_3: str = ""
    favour: str = ""
    staff: list = field(default_factory=list)
    costs: dict = field(default_factory=dict)
    """Round → rows (item, category, supplier, cost, since) of costs.csv."""
    enquiries: dict = field(default_factory=dict)
    """Round → items with quantities."""

    @property
    def domain(self):
        """Return the client's mail domain."""
        return self.client.split()[0].lower() + ".example"

    @property
    def mail(self):
        """Return her mail address."""
        return f"{self.her_first.lower()}.{self.her_last.lower().translate(FOLD)}@{self.domain}"

    def phone(self, line, form=0):
        """Return a number of the client in one of its writings."""
        national = f"{self.trunk} {line}"
        forms = (
            f"+41 {national}",
            f"0{national}",
            f"0041{national}".replace(" ", ""),
            f"+41-{national}".replace(" ", "-"),
        )
        return forms[form]

    def mail_of(self, name):
        """Return the mail address of somebody at the client."""
        return ".".join(name.lower().translate(FOLD).split()) + "@" + self.domain


def draw(rng: random.Random) -> World:
    """Return a world."""
    lines = rng.sample(range(10, 99), 4)
    namesake_first = rng.choice(NAMESAKE_FIRST)
    client = rng.choice(CLIENTS)
    last = rng.choice(LAST)
    world = World(
        client=client,
        other=rng.choice(OTHERS),
        her_first=rng.choice(FIRST),
        her_last=last,
        namesake=f"{namesake_first} {last}",
        namesake_firm=rng.choice([name for name in CLIENTS if name != client]),
        birthday=date(rng.randint(1968, 1994), rng.randint(1, 12), rng.randint(13, 28)),
        trunk=f"{rng.choice((31, 43, 44, 61))} {rng.randint(311, 898)} {rng.randint(10, 98)}",
        line=str(lines[0]),
        board="00",
        successor=rng.choice(SUCCESSORS),
        successor_line=str(lines[1]),
        new_line=str(lines[2]),
        staff=rng.sample(STAFF, 5),
    )
    world.margin, world.margin_2, world.margin_3, world.margin_other = rng.sample(range(11, 34), 4)
    world.category_2, world.category_3 = rng.sample(sorted(CATEGORIES), 2)
    draw_goods(rng, world)
    return world


def draw_goods(rng, world):
    """Draw items, their costs at both times, and what is asked for."""
    items = [
        (f"{name} {rng.choice('ABC')}{rng.randint(10, 99)}", category)
        for category, names in CATEGORIES.items()
        for name in names
    ]
    rng.shuffle(items)
    first = date(2026, 1, 12)
    rows = []
    for item, category in items:
        supplier, cost = rng.choice(SUPPLIERS), rng.randint(180, 48_000)
        rows.append((item, category, supplier, cost, first))
        if rng.random() < 0.4:
            rows.append(
                (
                    item,
                    category,
                    rng.choice(SUPPLIERS),
                    round(cost * rng.uniform(0.8, 1.2)),
                    first + timedelta(days=rng.randint(20, 40)),
                )
            )
    rng.shuffle(rows)
    later = [
        (i, c, s, round(cost * rng.uniform(0.9, 1.15)), first + timedelta(days=70))
        for i, c, s, cost, since in rows
        if since == first and rng.random() < 0.5
    ]
    world.costs = {1: rows, 2: [*rows, *later]}
    rng.shuffle(world.costs[2])
    by_category = {name: [item for item, category in items if category == name] for name in CATEGORIES}
    one = [rng.choice(by_category[name]) for name in CATEGORIES] + rng.sample([item for item, _ in items], 8)
    two = [rng.choice(by_category[name]) for name in CATEGORIES] + rng.sample([item for item, _ in items], 8)
    world.favour = rng.choice(one)
    two.append(world.favour)
    for number, chosen in ((1, one), (2, two)):
        wanted = sorted(set(chosen))
        rng.shuffle(wanted)
        world.enquiries[number] = [(item, rng.choice((10, 25, 40, 100))) for item in wanted]


SLIPS = ("one-margin", "old-margin", "favour-forgotten", "favour-again", "half-up", "first-cost", "old-costs")


def priced(world, number, slip=None):
    """Return item → (cost, price) in cents for an enquiry; ``slip`` is what somebody forgot."""
    costs, categories = {}, {}
    rows = world.costs[1 if slip == "old-costs" else number]
    for item, category, _, cost, _ in sorted(rows, key=lambda row: row[4], reverse=slip == "first-cost"):
        costs[item], categories[item] = cost, category
    found = {}
    for item, _ in world.enquiries[number]:
        margin = world.margin
        if categories[item] == world.category_2 and slip != "one-margin":
            margin = world.margin_2
        if categories[item] == world.category_3 and not (slip == "old-margin" and number == 2):
            margin = world.margin_3
        favoured = (number == 1 and slip != "favour-forgotten") or slip == "favour-again"
        if item == world.favour and favoured:
            margin = 0
        exact = Fraction(costs[item] * (100 + margin), 100)
        price = round(exact / 5) * 5 if slip == "half-up" else -(-exact // 5) * 5
        found[item] = costs[item], int(price)
    return found
