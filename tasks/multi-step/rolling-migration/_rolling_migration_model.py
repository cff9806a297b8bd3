"""What the shop is, whichever version looks at it: the rules of PLAN.md in plain Python.

While both versions run, v1's rows are the whole truth but for points and hints; what v2 sees follows from them. With a
``slip`` the model goes wrong in one way, as somebody would who misses a rule.
"""

from __future__ import annotations

from typing import Any

SMALL = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz")
CARD = ("name", "email", "phone", "street", "zip", "city")
Place = tuple[str, str, str]
NOWHERE: Place = ("", "", "")


class Shop:
    """A shop's state. Methods ``v1_…`` and ``v2_…`` are the functions of the two programs."""

    def __init__(self, customers: list[list[Any]], orders: list[list[Any]], slip: str = "") -> None:
        self.cards: dict[int, dict[str, Any]] = {
            row[0]: dict(zip(CARD, row[1:7], strict=True)) for row in customers
        }
        self.orders: dict[int, list[Any]] = {row[0]: list(row[1:]) for row in orders}
        self.points: dict[int, int] = {}
        self.hints: dict[Place, str] = {}
        self.slip = slip
        self.counts: dict[int, int] = {}
        """What `orders_n` is off by, of somebody who forgets to count."""
        self.stale: dict[int, str | None] = {}
        """What v2 still sees as an email, of somebody who forgets to carry it."""
        self.first: list[int] = []
        """Who came to their emails in which order, for somebody to whom that matters."""
        self.after: dict[int, list[Any]] | None = None
        """Once v1 is gone: number → email, asked, email in conflict."""

    def call(self, version: str, name: str, args: list[Any]) -> Any:
        """Return what a function of one of the programs answers."""
        return getattr(self, f"{version}_{name}")(*args)

    # -- what v2 sees --------------------------------------------------------------------------

    def mail(self, text: str | None) -> str | None:
        """Return an email as v2 has it."""
        text = text or ""
        text = text if self.slip == "not-stripped" else text.strip(" ")
        return (text.lower() if self.slip == "all-letters" else text.translate(SMALL)) or None

    def mails(self) -> dict[int, list[Any]]:
        """Return number → email, asked, email in conflict (or None)."""
        if self.after is not None:
            return self.after
        found, holders = {}, {}
        order = sorted(self.cards)
        if self.slip == "first-comer":
            order = [id for id in self.first if id in self.cards] + [
                id for id in order if id not in self.first
            ]
        for id in order:
            text = self.cards[id]["email"]
            mail = self.mail(text)
            asked = int(bool(text) if self.slip == "null-is-empty" else text is not None)
            if mail is None or holders.setdefault(mail, id) == id:
                found[id] = [mail, asked, None]
            else:
                found[id] = [None, 1, text]
        for id in self.stale.keys() & found.keys():
            found[id] = [None, 1, self.stale[id]]
        return found

    def place(self, id: int) -> Place:
        """Return where somebody lives."""
        card = self.cards[id]
        return (card["street"] or "", card["zip"] or "", card["city"] or "")

    def residents(self, place: Place) -> list[int]:
        """Return who lives at an address."""
        return [id for id in sorted(self.cards) if self.place(id) == place] if place != NOWHERE else []

    # -- reads ---------------------------------------------------------------------------------

    def v1_customers(self) -> list[list[Any]]:
        """Return v1's customers."""
        bears = [order[0] for order in self.orders.values()]
        return [
            [id, *self.cards[id].values(), bears.count(id) + self.counts.get(id, 0)]
            for id in sorted(self.cards)
        ]

    def v1_orders(self) -> list[list[Any]]:
        """Return v1's orders."""
        return [[id, *self.orders[id]] for id in sorted(self.orders)]

    def v2_members(self) -> list[list[Any]]:
        """Return v2's members."""
        mails = self.mails()
        return [
            [id, card["name"], *mails[id][:2], card["phone"], self.points.get(id, 0)]
            for id, card in sorted(self.cards.items())
        ]

    def v2_homes(self) -> list[list[Any]]:
        """Return v2's addresses with those who live there."""
        living: dict[Place, list[int]] = {place: [] for place in self.hints if self.slip == "kept-empty"}
        for id in sorted(self.cards):
            living.setdefault(self.place(id), []).append(id)
        living.pop(NOWHERE, None)
        return [[*place, self.hints.get(place), ids] for place, ids in sorted(living.items())]

    def v2_conflicts(self) -> list[list[Any]]:
        """Return v2's conflicts."""
        return [[id, mail[2]] for id, mail in sorted(self.mails().items()) if mail[2] is not None]

    def v2_purchases(self) -> list[list[Any]]:
        """Return v2's purchases."""
        rows = []
        for id, (number, *rest) in sorted(self.orders.items()):
            known = number in self.cards
            if not known and self.slip == "dropped":
                continue
            rows.append([id, number if known else None, None if known else number, *rest])
        return rows

    def v2_login(self, email: str) -> int | None:
        """Return who has this email."""
        mail = email.strip(" ").translate(SMALL)
        return next((id for id, row in sorted(self.mails().items()) if row[0] == mail), None)

    # -- what v1 writes ------------------------------------------------------------------------

    def _carded(self, id: int, card: dict[str, Any]) -> None:
        """Set a card, whoever it is that changes it."""
        old = self.cards.get(id)
        was = self.place(id) if old else NOWHERE
        changed = bool(old) and self.mail(old["email"]) != self.mail(card["email"])
        if changed or not old:
            self.first = [one for one in self.first if one != id] + [id]
        if changed and self.slip == "no-promotion":
            self._hold(id, {})
        self.cards[id] = card
        self._left(was, self.place(id))

    def _hold(self, id: int, _: dict[str, Any]) -> None:
        """Keep those in conflict who wait for somebody's email, as they should not."""
        mine = self.mails()[id][0]
        for other, row in self.mails().items():
            if row[2] is not None and mine and self.mail(row[2]) == mine:
                self.stale[other] = row[2]

    def _left(self, was: Place, now: Place) -> None:
        """Let an address go where nobody lives any more."""
        if was == NOWHERE or self.residents(was):
            return
        if self.slip == "in-place" and was in self.hints and was != now:
            self.hints.setdefault(now, self.hints[was])
        if self.slip != "kept-empty":
            self.hints.pop(was, None)

    def v1_add_customer(self, id: int, *card: Any) -> str:
        """Add a customer."""
        if id in self.cards:
            return "exists"
        self._carded(id, dict(zip(CARD, card, strict=True)))
        return "ok"

    def v1_import_customer(self, id: int, *card: Any) -> str:
        """Add or replace a customer."""
        if id in self.cards and self.slip == "replaced-is-new":
            self.points.pop(id, None)
        new = dict(zip(CARD, card, strict=True))
        if id in self.cards and self.slip == "import-keeps-email":
            self._hold(id, {})
        if id in self.cards and self.slip == "import-makes-home" and len(self.residents(self.place(id))) == 1:
            self.hints.pop(self.place(id), None)
        self._carded(id, new)
        return "ok"

    def v1_change_customer(self, id: int, changes: dict[str, Any]) -> str:
        """Change fields of a customer."""
        if id not in self.cards:
            return "unknown"
        card = {**self.cards[id], **changes}
        if self.slip == "all-move" and changes.keys() & {"street", "zip", "city"}:
            for other in self.residents(self.place(id)):
                self.cards[other].update({field: card[field] for field in CARD[3:]})
        self._carded(id, card)
        return "ok"

    def v1_renumber_customer(self, old: int, new: int) -> str:
        """Give a customer another number."""
        if new in self.cards or old not in self.cards:
            return "exists" if new in self.cards else "unknown"
        for order in self.orders.values():
            order[0] = new if order[0] == old else order[0]
        self.cards[new] = self.cards.pop(old)
        self.first = [new if one == old else one for one in self.first]
        if self.slip != "renumbered-is-new" and old in self.points:
            self.points[new] = self.points.pop(old)
        elif self.slip == "renumbered-is-new":
            self.points.pop(old, None)
            if len(self.residents(self.place(new))) == 1:
                self.hints.pop(self.place(new), None)
        return "ok"

    def v1_rename_city(self, old: str, new: str) -> str:
        """Rename a city."""
        for id, card in sorted(self.cards.items()):
            if card["city"] == old:
                self._carded(id, {**card, "city": new})
        return "ok"

    def v1_delete_customer(self, id: int) -> str:
        """Delete a customer."""
        return self._delete(id)

    def _delete(self, id: int) -> str:
        if id not in self.cards:
            return "unknown"
        was = self.place(id)
        if self.slip == "no-promotion" and self.after is None:
            self._hold(id, {})
        del self.cards[id]
        self.counts.pop(id, None)
        if self.slip != "points-kept":
            self.points.pop(id, None)
        self.first = [one for one in self.first if one != id]
        if self.after is not None:
            self.after.pop(id)
        self._left(was, NOWHERE)
        return "ok"

    def v1_place_order(self, id: int, number: int, *rest: Any) -> str:
        """Take an order."""
        if id in self.orders:
            return "exists"
        self.orders[id] = [number, *rest]
        return "ok"

    def v1_change_order(self, id: int, *rest: Any) -> str:
        """Change an order."""
        if id not in self.orders:
            return "unknown"
        if self.slip == "null-note" and (self.orders[id][3] is None or rest[2] is None):
            rest = (*rest[:2], self.orders[id][3])
        self.orders[id] = [self.orders[id][0], *rest]
        return "ok"

    def v1_cancel_order(self, id: int) -> str:
        """Delete an order."""
        return "ok" if self.orders.pop(id, None) else "unknown"

    # -- what v2 writes ------------------------------------------------------------------------

    def v2_register(self, id: int, name: str, email: str | None, phone: str | None, *place: str) -> str:
        """Take on a member."""
        mail = self.mail(email)
        if id in self.cards:
            return "exists"
        if self._taken(id, mail):
            return "taken"
        text = mail or (None if email is None else "")
        if self.after is not None:
            self.after[id] = [mail, int(email is not None), None]
        self._carded(id, dict(zip(CARD, (name, text, phone, *place), strict=True)))
        if self.slip == "register-not-counted":
            self.counts[id] = -sum(order[0] == id for order in self.orders.values())
        return "ok"

    def _taken(self, id: int, mail: str | None) -> bool:
        return mail is not None and any(row[0] == mail and other != id for other, row in self.mails().items())

    def v2_save(self, id: int, changes: dict[str, Any]) -> str:
        """Change name or phone."""
        if id not in self.cards:
            return "unknown"
        self.cards[id].update(changes)
        if self.slip == "spells-email":
            mail = self.mails()[id]
            if mail[2] is None:
                self.cards[id]["email"] = mail[0] or ("" if mail[1] else None)
        if self.slip == "drops-conflict" and self.mails()[id][2] is not None:
            self.cards[id]["email"] = ""
        if self.slip == "spells-place":
            self.cards[id].update(zip(CARD[3:], self.place(id), strict=True))
        return "ok"

    def v2_add_points(self, id: int, points: int) -> str:
        """Give points."""
        if id not in self.cards:
            return "unknown"
        self.points[id] = self.points.get(id, 0) + points
        return "ok"

    def v2_set_email(self, id: int, email: str) -> str:
        """Give an email."""
        mail = self.mail(email)
        return "taken" if self._taken(id, mail) else self._mailed(id, mail, 1)

    def v2_clear_email(self, id: int) -> str:
        """Note that there is no email."""
        if self.slip == "not-given-up" and id in self.cards and self.mails()[id][2] is not None:
            return "ok"
        return self._mailed(id, None, 1)

    def v2_forget_email(self, id: int) -> str:
        """Note that nobody asked."""
        return self._mailed(id, None, 0)

    def _mailed(self, id: int, mail: str | None, asked: int) -> str:
        if id not in self.cards:
            return "unknown"
        if self.mails()[id] == [mail, asked, None]:
            return "ok"
        if self.after is not None:
            self.after[id] = [mail, asked, None]
            return "ok"
        self.stale.pop(id, None)
        if self.slip == "no-promotion-by-v2":
            self._hold(id, {})
        text = mail or ("" if asked else None)
        self._carded(id, {**self.cards[id], "email": text})
        return "ok"

    def _settled(self, id: int, place: Place) -> None:
        """Set where a member lives, unless that is known."""
        if self.place(id) != place:
            was = self.place(id)
            self.cards[id].update(zip(CARD[3:], place, strict=True))
            self._left(was, place)

    def v2_move(self, id: int, *place: str) -> str:
        """Move one member."""
        if id not in self.cards:
            return "unknown"
        self._settled(id, (place[0], place[1], place[2]))
        return "ok"

    def v2_correct_address(self, id: int, *parts: str) -> str:
        """Correct an address for all who live there."""
        place: Place = (parts[0], parts[1], parts[2])
        if id not in self.cards or NOWHERE in (self.place(id), place):
            return "unknown"
        was = self.place(id)
        if was == place:
            return "ok"
        hint = self.hints.get(place, self.hints.get(was))
        for other in [id] if self.slip == "corrects-one" else self.residents(was):
            self.cards[other].update(zip(CARD[3:], place, strict=True))
        self._left(was, place)
        if hint is not None:
            self.hints[place] = hint
        return "ok"

    def v2_set_hint(self, id: int, hint: str) -> str:
        """Note a hint."""
        if id not in self.cards or self.place(id) == NOWHERE:
            return "unknown"
        self.hints[self.place(id)] = hint
        return "ok"

    def v2_close(self, id: int) -> str:
        """Delete a member."""
        return self._delete(id)

    def v2_record(self, id: int, number: int, *rest: Any) -> str:
        """Take a purchase."""
        if number not in self.cards:
            return "unknown"
        self._reassigned(id, number)
        self.orders[id] = [number, *rest]
        return "ok"

    def v2_reassign(self, id: int, number: int) -> str:
        """Give a purchase to somebody."""
        if number not in self.cards or id not in self.orders:
            return "unknown"
        self._reassigned(id, number)
        self.orders[id][0] = number
        return "ok"

    def _reassigned(self, id: int, number: int) -> None:
        if self.slip == "not-recounted" and id in self.orders and self.orders[id][0] != number:
            old = self.orders[id][0]
            self.counts[old] = self.counts.get(old, 0) + 1
            self.counts[number] = self.counts.get(number, 0) - 1

    def v2_void(self, id: int) -> str:
        """Delete a purchase."""
        return "ok" if self.orders.pop(id, None) else "unknown"

    # -- the end of v1 -------------------------------------------------------------------------

    def contract(self) -> None:
        """Let v1 go: from here on emails are what v2 has."""
        self.after = self.mails()
