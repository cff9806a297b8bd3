"""Draws the rows of a shop: dirty ones with everything that the rules speak of, or calm ones."""

from __future__ import annotations

from random import Random
from typing import Any

FIRST = [
    "Ada",
    "Bo",
    "Cem",
    "Dai",
    "Eva",
    "Fay",
    "Gil",
    "Hao",
    "Ida",
    "Jan",
    "Kim",
    "Leo",
    "Mia",
    "Noa",
    "Oda",
    "Pia",
    "Rui",
    "Sol",
    "Tam",
    "Uma",
    "Vic",
    "Wim",
    "Yan",
    "Zoe",
]
LAST = [
    "Abel",
    "Brandt",
    "Costa",
    "Dorn",
    "Ekman",
    "Faber",
    "Groth",
    "Hahn",
    "Iwers",
    "Jonas",
    "Kolb",
    "Lind",
    "Moser",
    "Nolte",
    "Orth",
    "Peters",
]
STREETS = ["Elm Row", "Mill Lane", "Quay", "Long Acre", "Hill Street", "Fern Way", "Old Market", "Ropewalk"]
CITIES = ["Ulmstedt", "Norden", "Haven", "Kirkby", "Talby"]
HOSTS = ["mail.test", "post.test", "inbox.test"]
Rows = list[list[Any]]


class Draw:
    """Draws values, none of those that must be different twice."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.used: set[str] = set()

    def name(self) -> str:
        """Return a name."""
        return f"{self.rng.choice(FIRST)} {self.rng.choice(LAST)}"

    def mail(self, letter: str = "") -> str:
        """Return an email that nobody has, in small letters."""
        while True:
            who = f"{self.rng.choice(FIRST)}.{letter}{self.rng.choice(LAST)}{self.rng.randrange(10, 100)}".lower()
            text = f"{who}@{self.rng.choice(HOSTS)}"
            if text not in self.used:
                self.used.add(text)
                return text

    def spelled(self, mail: str) -> str:
        """Return another spelling of the same email, with capitals, and now and then with spaces."""
        letters = list(mail)
        for index in range(len(letters)):
            if letters[index].isascii() and (index == 0 or self.rng.random() < 0.3):
                letters[index] = letters[index].upper()
        text = "".join(letters)
        return self.rng.choice((text, text, f" {text}", f"{text}  "))

    def phone(self) -> str | None:
        """Return a phone number, '' or NULL."""
        return self.rng.choice((None, "", *(f"0{self.rng.randrange(10**6, 10**7)}" for _ in range(4))))

    def place(self) -> list[str]:
        """Return an address that nobody has."""
        while True:
            street = f"{self.rng.choice(STREETS)} {self.rng.randrange(1, 90)}"
            place = [street, f"{self.rng.randrange(10000, 99999)}", self.rng.choice(CITIES)]
            if street not in self.used:
                self.used.add(street)
                return place

    def note(self) -> str | None:
        """Return a note, '' or NULL."""
        return self.rng.choice((None, "", "gift", "call first", "back door"))

    def order(self) -> list[Any]:
        """Return day, cents and note of an order."""
        day = f"2026-{self.rng.randrange(1, 13):02}-{self.rng.randrange(1, 29):02}"
        return [day, self.rng.randrange(100, 20000), self.note()]


def numbers(rng: Random, count: int) -> list[int]:
    """Return customer numbers with gaps between them."""
    return sorted(rng.sample(range(3, 4 * count), count))


def dirty(draw: Draw, count: int) -> tuple[Rows, Rows]:
    """Return customers and orders with twins, shared addresses in several spellings, and orders of nobody."""
    rng = draw.rng
    mails: list[str | None] = [None, None, "", "", "  "]
    umlaut = draw.mail("ö")
    mails += [umlaut, umlaut.replace("ö", "Ö")]
    for size in (2, 2, 3):
        mail = draw.mail()
        mails += [draw.spelled(mail) for _ in range(size)]
    while len(mails) < count:
        mail = draw.mail()
        mails.append(rng.choice((mail, draw.spelled(mail))))
    shared = [draw.place() for _ in range(4)]
    street, _, city = draw.place()
    places: list[list[Any]] = [[None, None, None], ["", "", ""], ["", None, ""], ["", "", rng.choice(CITIES)]]
    places += [[street, None, city], [street, "", city]]
    for place in shared:
        places += [list(place) for _ in range(rng.randrange(2, 4))]
    while len(places) < count:
        places.append(list(draw.place()))
    rng.shuffle(mails)
    rng.shuffle(places)
    ids = numbers(rng, count)
    customers = [[id, draw.name(), mails[n], draw.phone(), *places[n]] for n, id in enumerate(ids)]
    unknown = [id for id in range(1, 4 * count) if id not in ids]
    bearers = [rng.choice(ids) for _ in range(count)] + rng.sample(unknown, 3) + [unknown[0]]
    return customers, orders(draw, bearers)


def calm(draw: Draw, count: int) -> tuple[Rows, Rows]:
    """Return customers and orders without anything odd, two of them to an address now and then."""
    ids = numbers(draw.rng, count)
    places = [draw.place() for _ in ids]
    for n in range(3, count, 4):
        places[n] = places[n - 2]
    customers = [[id, draw.name(), draw.mail(), f"0{id}", *places[n]] for n, id in enumerate(ids)]
    return customers, orders(draw, [draw.rng.choice(ids) for _ in range(count + 4)])


def orders(draw: Draw, bearers: list[int]) -> Rows:
    """Return an order for each number."""
    draw.rng.shuffle(bearers)
    ids = sorted(draw.rng.sample(range(100, 400), len(bearers)))
    return [[id, bearer, *draw.order()] for id, bearer in zip(ids, bearers, strict=True)]
