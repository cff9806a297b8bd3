"""Draws what both versions write while they run side by side: every case that a rule speaks of, in any order."""

from __future__ import annotations

from random import Random
from typing import Any

from _rolling_migration_draw import CITIES, Draw
from _rolling_migration_model import NOWHERE, Shop

Step = list[Any]


class Work:
    """A run's steps, each with what it has to give; the model goes along."""

    def __init__(self, draw: Draw, shop: Shop) -> None:
        self.draw, self.rng, self.shop = draw, draw.rng, shop
        self.steps: list[Step] = []
        self.number = 900

    def call(self, version: str, name: str, *args: Any) -> None:
        """Add a call."""
        self.steps.append([version, name, list(args)])
        self.shop.call(version, name, list(args))

    def either(self, name1: str, name2: str, *args: Any) -> None:
        """Add a call of v1 or its twin of v2."""
        version, name = self.rng.choice((("v1", name1), ("v2", name2)))
        self.call(version, name, *args)

    # -- whom to choose ------------------------------------------------------------------------

    def ids(self) -> list[int]:
        """Return all numbers."""
        return sorted(self.shop.cards)

    def one(self, *but: int) -> int:
        """Return somebody."""
        return self.rng.choice([id for id in self.ids() if id not in but])

    def unborn(self, top: int = 300) -> int:
        """Return a number that nobody and no order bears."""
        borne = {order[0] for order in self.shop.orders.values()} | self.shop.cards.keys()
        return self.rng.choice([id for id in range(1, top) if id not in borne])

    def order_id(self) -> int:
        """Return a new order number."""
        self.number += 1
        return self.number

    def holder(self, middle: bool = False) -> int:
        """Return somebody whose email nobody else has; with ``middle`` with others on both sides."""
        mails = self.shop.mails()
        alone = [id for id, row in mails.items() if row[0] and not self.twins(row[0])]
        ids = self.ids()
        alone = [id for id in sorted(alone) if not middle or id in ids[4:-4]] or sorted(alone)
        return self.rng.choice(alone)

    def twins(self, mail: str | None) -> list[int]:
        """Return who is in conflict about an email."""
        rows = self.shop.mails().items()
        return sorted(id for id, row in rows if row[2] is not None and self.shop.mail(row[2]) == mail)

    def pair(self) -> tuple[int, int]:
        """Return somebody who has an email and somebody who would have it, if need be after making them so."""
        for id, row in sorted(self.shop.mails().items(), key=lambda _: self.rng.random()):
            if row[0] and self.twins(row[0]):
                return id, self.twins(row[0])[0]
        self.twin_above()
        return self.pair()

    def home(self, least: int, most: int, hint: bool) -> int:
        """Return somebody whose address so many share, with a hint for it if asked, if need be after making it so."""
        fits = [id for id in self.ids() if least <= len(self.shop.residents(self.shop.place(id))) <= most]
        if not fits:
            id, other = self.one(), self.one()
            self.call("v2", "move", id, *self.draw.place())
            if least > 1 and other != id:
                self.call("v2", "move", other, *self.shop.place(id))
            return self.home(least, most, hint)
        id = self.rng.choice(fits)
        if hint and self.shop.place(id) not in self.shop.hints:
            self.call("v2", "set_hint", id, f"hint {self.order_id()}")
        return id

    def card(self, id: int, **changes: Any) -> list[Any]:
        """Return a card as it is, but for the changes."""
        return list({**self.shop.cards[id], **changes}.values())

    def bearer(self) -> int:
        """Return somebody with an order."""
        borne = sorted({order[0] for order in self.shop.orders.values()} & self.shop.cards.keys())
        if not borne:
            self.call("v1", "place_order", self.order_id(), self.one(), *self.draw.order())
            return self.bearer()
        return self.rng.choice(borne)

    # -- emails and conflicts ------------------------------------------------------------------

    def twin_above(self) -> None:
        """Somebody comes to the email of a lower number."""
        low = self.rng.choice([id for id in self.ids()[:-2] if self.shop.mails()[id][0]])
        high = self.rng.choice([id for id in self.ids() if id > low])
        mail = self.shop.mails()[low][0]
        self.call("v1", "change_customer", high, {"email": self.draw.spelled(mail)})

    def twin_below(self) -> None:
        """Somebody comes to the email of a higher number."""
        high = self.holder(middle=True)
        low = self.rng.choice([id for id in self.ids() if id < high] or [high])
        mail = self.shop.mails()[high][0]
        self.call("v1", "change_customer", low, {"email": self.draw.spelled(mail)})

    def released(self) -> None:
        """Who has a wanted email gets another one, or leaves."""
        way = self.rng.randrange(4)
        self.released_as(way)

    def released_as(self, way: int) -> None:
        """Who has a wanted email gets another one (0, 1) or leaves (2, 3)."""
        id, _ = self.pair()
        if way < 2:
            self.either_email(id, way)
        else:
            self.call(*(("v1", "delete_customer"), ("v2", "close"))[way - 2], id)

    def either_email(self, id: int, way: int) -> None:
        """Give a new email by v1 or v2."""
        if way:
            self.call("v2", "set_email", id, self.draw.spelled(self.draw.mail()))
        else:
            self.call("v1", "change_customer", id, {"email": self.draw.spelled(self.draw.mail())})

    def released_by_v1(self) -> None:
        """v1 gives who has a wanted email another one."""
        self.released_as(0)

    def released_by_v2(self) -> None:
        """v2 gives who has a wanted email another one."""
        self.released_as(1)

    def released_by_leaving(self) -> None:
        """Who has a wanted email is deleted by v1, and another one by v2."""
        self.released_as(2)
        self.released_as(3)

    def settled(self) -> None:
        """Those in conflict get another email, give theirs up, or were never asked."""
        mail = self.draw.mail()
        self.call("v2", "set_email", self.pair()[1], self.draw.spelled(mail))
        self.call("v2", "login", mail)
        self.call("v2", "clear_email", self.pair()[1])
        self.call("v2", "forget_email", self.pair()[1])

    def respelled(self) -> None:
        """Somebody in conflict is spelled anew, and saved by v2; the email stays in conflict and taken."""
        id, twin = self.pair()
        mail = self.shop.mails()[id][0]
        self.call("v1", "change_customer", twin, {"email": self.draw.spelled(str(mail))})
        self.call("v2", "save", twin, {"phone": self.draw.phone()})
        self.call("v2", "set_email", twin, mail)
        self.call("v2", "login", self.draw.spelled(str(mail)))

    def kept_spelling(self) -> None:
        """v2 saves somebody whose email v1 spells its own way, also one of only spaces."""
        id = self.holder()
        self.call("v1", "change_customer", id, {"email": self.draw.spelled(str(self.shop.mails()[id][0]))})
        self.call("v2", "save", id, {"name": self.draw.name()})
        self.call("v2", "set_email", id, self.shop.mails()[id][0])
        other = self.one(id)
        self.call("v1", "change_customer", other, {"email": "   "})
        self.call("v2", "save", other, {"phone": self.draw.phone()})

    def nothing(self) -> None:
        """NULL becomes '' and back, by both."""
        one = self.one()
        two = self.one(one)
        for id, emails in ((one, (None, "")), (two, ("", None))):
            for email in emails:
                self.call("v1", "change_customer", id, {"email": email})
            self.call("v2", "save", id, {"phone": self.draw.phone()})
        third = self.one(one, two)
        self.call("v2", "clear_email", third)
        self.call("v2", self.rng.choice(("forget_email", "clear_email")), self.rng.choice((one, two, third)))

    def umlauts(self) -> None:
        """Other letters than A to Z are as different as they look."""
        mail = self.draw.mail("ä")
        one = self.one()
        self.call("v1", "change_customer", one, {"email": mail.replace("ä", "Ä")})
        self.call("v1", "change_customer", self.one(one), {"email": mail})
        self.call("v2", "login", mail)

    # -- addresses -----------------------------------------------------------------------------

    def one_moves(self) -> None:
        """v1 moves one of several who live together."""
        id = self.home(2, 9, hint=True)
        self.call("v1", "change_customer", id, {"street": self.draw.place()[0]})

    def last_moves(self) -> None:
        """v1 moves somebody who lives alone, and there was a hint."""
        id = self.home(1, 1, hint=True)
        street = self.shop.cards[id]["street"]
        self.call("v1", "change_customer", id, {"street": self.draw.place()[0]})
        self.call("v1", "change_customer", id, {"street": street})

    def joins(self) -> None:
        """Somebody moves to others, by either version."""
        place = self.shop.place(self.home(1, 9, hint=True))
        id = self.one()
        self.call("v1", "change_customer", id, dict(zip(("street", "zip", "city"), place, strict=True)))
        self.call("v2", "move", self.one(id), *place)

    def corrected(self) -> None:
        """v2 corrects the address of several."""
        id = self.home(2, 9, hint=True)
        self.call("v2", "correct_address", id, *self.draw.place())

    def become_one(self) -> None:
        """v2 corrects an address so that it is another one that is known."""
        id = self.home(2, 9, hint=self.rng.random() < 0.5)
        other = self.home(1, 9, hint=self.rng.random() < 0.5)
        if self.shop.place(id) != self.shop.place(other):
            self.call("v2", "correct_address", id, *self.shop.place(other))

    def moved_by_v2(self) -> None:
        """v2 moves one of several, and somebody to nowhere."""
        id = self.home(2, 9, hint=False)
        self.call("v2", "move", id, *self.draw.place())
        self.call("v2", "move", self.one(id), *NOWHERE)

    def empty_parts(self) -> None:
        """An address with an empty part, spelled as NULL here and as '' there."""
        street, _, city = self.draw.place()
        one = self.one()
        two = self.one(one)
        self.call("v1", "change_customer", one, {"street": street, "zip": None, "city": city})
        self.call("v2", "move", two, street, "", city)
        self.call("v2", "set_hint", two, f"hint {self.order_id()}")
        self.call("v2", "save", one, {"phone": self.draw.phone()})
        self.call("v2", "move", one, street, "", city)
        self.call("v1", "change_customer", two, {"zip": None})

    def empty_corrected(self) -> None:
        """v2 corrects an address of which v1 spells an empty part as NULL."""
        street, _, city = self.draw.place()
        one = self.one()
        self.call("v1", "change_customer", one, {"street": street, "zip": None, "city": city})
        self.call("v2", "correct_address", one, street, "", self.rng.choice(CITIES))

    def renamed(self) -> None:
        """v1 renames a city where several live, one with a hint."""
        city = self.shop.cards[self.home(1, 9, hint=True)]["city"]
        self.call("v1", "rename_city", city, self.rng.choice([one for one in CITIES if one != city]))

    # -- numbers, cards, points ----------------------------------------------------------------

    def imported(self) -> None:
        """The till sends a card again: with another phone, email, or address; and a new one."""
        id = self.home(1, 1, hint=True)
        self.call("v2", "add_points", id, self.rng.randrange(1, 50))
        self.call("v1", "import_customer", id, *self.card(id, phone=self.draw.phone(), name=self.draw.name()))
        self.call("v1", "import_customer", self.unborn(), *self.new_card())

    def imported_email(self) -> None:
        """A card comes again with another email, somebody waits for the old one; another with one that is taken."""
        id, _ = self.pair()
        self.call("v1", "import_customer", id, *self.card(id, email=self.draw.mail()))
        high = self.holder(middle=True)
        low = self.rng.choice([one for one in self.ids() if one < high] or [high])
        mail = self.draw.spelled(str(self.shop.mails()[high][0]))
        self.call("v2", "add_points", high, 3)
        self.call("v1", "import_customer", low, *self.card(low, email=mail))

    def imported_home(self) -> None:
        """A card comes, new or again, with an address where others live who have a hint."""
        place = self.shop.place(self.home(1, 9, hint=True))
        parts = dict(zip(("street", "zip", "city"), place, strict=True))
        id = self.one()
        self.call("v1", "import_customer", id, *self.card(id, **parts))
        new = self.unborn()
        self.call("v1", "import_customer", new, *self.new_card()[:3], *place)

    def new_card(self) -> list[Any]:
        """Return a card of somebody new."""
        return [self.draw.name(), self.draw.mail(), self.draw.phone(), *self.draw.place()]

    def renumbered(self) -> None:
        """Somebody with points, orders and a hint gets another number, which an order of nobody bears."""
        id = self.home(1, 1, hint=True)
        self.call("v2", "add_points", id, self.rng.randrange(1, 50))
        self.call("v1", "place_order", self.order_id(), id, *self.draw.order())
        new = self.unborn()
        if self.rng.random() < 0.5:
            self.call("v1", "place_order", self.order_id(), new, *self.draw.order())
        self.call("v1", "renumber_customer", id, new)

    def renumbered_twin(self) -> None:
        """Somebody in conflict gets the lowest number, who had the email one above all."""
        id, twin = self.pair()
        free = [one for one in range(1, id) if one not in self.shop.cards]
        if free:
            self.call("v1", "renumber_customer", twin, self.rng.choice(free))
        id, _ = self.pair()
        self.call("v1", "renumber_customer", id, max(self.ids()) + 7)

    def again(self) -> None:
        """Somebody is deleted and comes back under the same number."""
        for add in ("v1 add_customer", "v1 import_customer", "v2 register"):
            id = self.bearer()
            self.call("v2", "add_points", id, 5)
            self.either("delete_customer", "close", id)
            self.call("v1", "place_order", self.order_id(), id, *self.draw.order())
            self.call(*add.split(), id, *self.new_card())

    def newcomers(self) -> None:
        """New ones by v2: with a taken email, without, with an address that is known."""
        place = self.shop.place(self.one())
        taken = self.shop.mails()[self.holder()][0]
        self.call("v2", "register", self.unborn(), self.draw.name(), taken, None, *self.draw.place())
        self.call("v2", "register", self.unborn(), self.draw.name(), None, "", *place)
        self.call("v2", "register", self.unborn(), self.draw.name(), "", None, *NOWHERE)
        mail = self.draw.spelled(self.draw.mail())
        self.call("v2", "register", self.unborn(), self.draw.name(), mail, None, *self.draw.place())

    def saved(self) -> None:
        """Names and phones by both."""
        self.call("v1", "change_customer", self.one(), {"phone": None, "name": self.draw.name()})
        self.call("v2", "save", self.one(), {"phone": "", "name": self.draw.name()})
        self.call("v1", "change_customer", self.one(), {"phone": ""})

    # -- orders --------------------------------------------------------------------------------

    def ordered(self) -> None:
        """Orders of somebody and of nobody by v1, changed and cancelled by either."""
        one, two = self.order_id(), self.order_id()
        self.call("v1", "place_order", one, self.one(), *self.draw.order()[:2], None)
        self.call("v1", "place_order", two, self.unborn(), *self.draw.order()[:2], "")
        self.call("v1", "change_order", one, *self.draw.order()[:2], "")
        self.call("v1", "change_order", two, *self.draw.order()[:2], None)
        self.either("cancel_order", "void", self.rng.choice(sorted(self.shop.orders)))

    def recorded(self) -> None:
        """Purchases by v2, once more for somebody else, given to somebody else, one of nobody too."""
        id = self.order_id()
        self.call("v2", "record", id, self.one(), *self.draw.order())
        self.call("v2", "record", id, self.one(), *self.draw.order())
        self.call("v2", "reassign", id, self.one())
        nobody = [id for id, order in sorted(self.shop.orders.items()) if order[0] not in self.shop.cards]
        if nobody:
            self.call("v2", "reassign", self.rng.choice(nobody), self.one())
        self.either("cancel_order", "void", self.rng.choice(sorted(self.shop.orders)))


SCENES = [
    *("twin_above", "twin_below", "released_by_v1", "released_by_v2", "released_by_leaving", "settled"),
    *("respelled", "kept_spelling", "nothing", "umlauts", "one_moves", "last_moves", "joins", "corrected"),
    *(
        "become_one",
        "moved_by_v2",
        "empty_parts",
        "empty_corrected",
        "renamed",
        "imported",
        "imported_email",
        "imported_home",
    ),
    *("renumbered", "renumbered_twin", "again", "newcomers", "saved", "ordered", "recorded"),
]


def scenes(rng: Random) -> list[str]:
    """Return all scenes, in any order, some twice."""
    chosen = SCENES + rng.sample(SCENES, 6)
    rng.shuffle(chosen)
    return chosen
