"""The people and numbers of the story, and changes as edits that fit on any base.

A change is transplanted by applying its edits to another set of files; where an edit's anchor text is not
there exactly once, `apply` raises, so a change that would not transplant cleanly cannot go unnoticed.
"""

import random
from dataclasses import dataclass
from textwrap import dedent

Files = dict[str, str]
Edit = tuple[str, ...]


@dataclass(frozen=True)
class Person:
    """Somebody who commits."""

    name: str
    mail: str
    zone: str

    def at(self, seconds: int) -> str:
        """Return the line that git stores for this person at ``seconds`` since the epoch."""
        return f"{self.name} <{self.mail}> {seconds} {self.zone}"


@dataclass(frozen=True)
class Change:
    """One commit's worth of work; ``<<key>>`` in the body is the abbreviated id of another change."""

    key: str
    who: Person
    subject: str
    edits: tuple[Edit, ...]
    body: str = ""

    @property
    def message(self) -> str:
        return f"{self.subject}\n" + (f"\n{self.body.strip()}\n" if self.body else "")


@dataclass(frozen=True)
class Draw:
    """What the seed decides."""

    pkg: str
    owner: Person
    mia: Person
    tomas: Person
    team: tuple[Person, ...]
    robot: Person
    token: str
    test_token: str
    zones: tuple[tuple[str, int, int], ...]
    """Zone, price of the first step in cents, price of each further step."""
    step_g: int
    express: int
    minimum: int
    fuel: int
    accounts: tuple[tuple[str, int], ...]
    islands: tuple[str, ...]
    issue: int
    topic: str
    env_name: str
    fillers: tuple[int, ...]


def draw(rng: random.Random) -> Draw:
    """Draw the project: people, names, prices, the token."""
    last = rng.sample(
        ["Aalto", "Berger", "Castel", "Dvorak", "Ekström", "Ferro", "Grünwald", "Horváth", "Ivić"], 6
    )
    team = [("Li Na", "+0800"), ("Jonas", "+0100"), ("Priya", "+0530"), ("René", "+0200"), ("Ada", "-0500")]
    rng.shuffle(team)
    domain = rng.choice(["ostkai.example.com", "nordhub.example.org", "hafen12.example.net"])

    def person(first: str, surname: str, zone: str) -> Person:
        mail = "".join(letter for letter in first.lower() if letter.isascii() and letter.isalpha())
        return Person(f"{first} {surname}", f"{mail}@{domain}", zone)

    people = [person(first, last[at % 4], zone) for at, (first, zone) in enumerate(team)]
    low = rng.randrange(390, 560, 10)
    zones, price = [], low
    for letter in rng.sample("ABCDEFGH", 4):
        zones.append((letter, price, rng.randrange(35, 140, 5)))
        price += rng.randrange(110, 300, 10)
    names = rng.sample(["Adler", "Brandt", "Corvo", "Delta", "Elbe", "Fjord", "Gamma"], 3)
    return Draw(
        pkg=rng.choice(["parcelrate", "haulquote", "freightdesk", "cargotariff", "shipcost"]),
        owner=people[0],
        mia=person("Mia", last[4], rng.choice(["+0100", "+0200"])),
        tomas=person("Tomas", last[5], rng.choice(["+0000", "+0200"])),
        team=tuple(people[1:]),
        robot=Person("mirror", f"mirror@{domain}", "+0000"),
        token="rly_live_" + _letters(rng),
        test_token="rly_test_" + _letters(rng),
        zones=tuple(zones),
        step_g=rng.choice([250, 500, 1000]),
        express=rng.randrange(350, 900, 10),
        minimum=low - rng.choice([10, 20, 30]),
        fuel=rng.randrange(41, 118, 2),
        accounts=tuple((name, rng.randrange(135, 345, 5)) for name in names),
        islands=tuple(
            sorted(rng.sample(["18565", "23769", "25938", "25980", "25992", "26465", "26548", "27498"], 5))
        ),
        issue=rng.randrange(130, 900),
        topic=rng.choice(["topic/account-discounts", "feature/discounts", "work/discounts"]),
        env_name=rng.choice(["relay-prod.env", "relay-live.env", "gateway.env"]),
        fillers=tuple(rng.sample(range(6), 3)),
    )


def _letters(rng: random.Random) -> str:
    return "".join(rng.choice("abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789") for _ in range(28))


def apply(files: Files, edits: tuple[Edit, ...]) -> Files:
    """Return ``files`` after ``edits``. Raises ValueError where an edit does not fit."""
    files = dict(files)
    for kind, path, *rest in edits:
        if kind == "put":
            files[path] = dedent(rest[0]).lstrip("\n") if rest[0].startswith("\n") else rest[0]
        elif kind == "move":
            files[rest[0]] = files.pop(path)
        else:
            old, new = rest
            if files[path].count(old) != 1:
                raise ValueError(f"{path}: {old!r} is there {files[path].count(old)} times")
            files[path] = files[path].replace(old, new)
    return files
