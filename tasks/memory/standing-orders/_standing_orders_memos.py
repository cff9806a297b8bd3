"""What memos say: corrections of their own row, look-alikes that correct nothing, deliveries and claims."""

import random
from datetime import date

PLAIN = [
    "", "", "", "", "", "", "", "", "replacement for the old one", "price agreed by phone", "quote attached",
    "needed by Thursday", "delivery to the back gate", "same as last quarter", "asked for by the night shift",
    "urgent, please approve today", "two offers compared", "budget still free", "framework contract",
    "bitte an der Rampe abladen", "Angebot liegt bei",
]
TRUE = {
    "department": [
        "typed under our name by mistake, this one is {value}'s",
        "is {value}'s request, we only keyed it in for them",
        "wrong department in this row: {value} wants it and pays for it",
        "please book as {value}, not as us; they had no login that day",
        "gehört der Abteilung {value}, nur falsch erfasst",
        "ours only if {value} does not want it; they do, so it is theirs",
        "first we thought {third}, but no: this is for {value} and none of ours",
    ],
    "cents": [
        "final quote is {value} EUR, the amount here is the old estimate",
        "amount mistyped, it costs {value} EUR",
        "comes to {value} EUR now, we changed the order after typing the amount",
        "the {value} EUR on the quote are right, not the amount in this row",
        "kostet {value} EUR, der Betrag in der Zeile ist ein Tippfehler",
        "in the end {gap} EUR {more} than typed in this row, they changed the price",
        "the amount is wrong by {gap} EUR, it has to be that much {more}",
    ],
    "category": [
        "strictly speaking {value}, the menu had no such entry",
        "these are in fact {value}, the category of this row is wrong",
        "has to run under {value}, I picked the wrong entry",
        "Kategorie falsch gewählt, das ist {value}",
    ],
    "supplier": [
        "comes from {value} in the end, the supplier in this row is wrong",
        "wrong supplier picked, we buy it from {value}",
        "changed at the last minute: {value} supplies it, not the firm in the column",
        "Lieferant falsch eingetragen, es kommt von {value}",
    ],
}
SAME = [
    "same mix-up as in {ref}: the request is that department's, too",
    "see {ref}, wrong department here as well and the same one is right",
    "another one for the department that {ref} really belongs to, not for us",
    "gleicher Fehler wie in {ref}, gehört derselben Abteilung wie jener Antrag",
]
LURES = {
    "department": [
        "{value} may borrow it later, but the request is ours",
        "keyed in by {value} for us, the department in this row is right",
        "is not {value}'s, though the quote has their name on it",
        "asked {value} whether it was theirs, and it was not: ours",
        "nicht für {value}, auch wenn es so auf dem Angebot steht; es ist unsere Bestellung",
        "{value}'s if they had money left; they have none, so it stays our request",
        "neither {third}'s nor {value}'s, it was right to type it under us",
    ],
    "cents": [
        "list price {value} EUR, the amount in this row is what we pay",
        "first quote was {value} EUR, they came down; the amount is right",
        "cost {value} EUR last time, this time as in the row",
        "the other offer was {value} EUR, we did not take it",
        "{value} EUR war das alte Angebot, der Betrag in der Zeile stimmt",
        "another firm wanted {gap} EUR {more} than typed in this row",
        "I had written {value} EUR first, that was wrong and is put right in this row",
    ],
    "category": [
        "contains no {value}, only the labels for the cabinet",
        "goes beside the {value}, but is none of it",
        "checked again: this is not {value}",
        "nur das Regal dafür, {value} sind es nicht",
    ],
    "supplier": [
        "{value} offered too, we did not take them",
        "replaces the one {value} sold us years ago, now from another firm",
        "nearly came from {value}; the supplier in this row is right",
        "nicht mehr von {value}, der Lieferant in der Zeile stimmt",
    ],
}
DELIVERED = [
    "the first delivery from {firm} came on {day}, this goes with it",
    "{firm} delivered for the first time on {day}, now we need a shelf for it",
    "for unpacking: {firm}'s first delivery arrived on {day}",
    "am {day} kam die erste Lieferung von {firm}, dafür brauchen wir das hier",
]
ANNOUNCED = [
    "first delivery from {firm} is announced for {day}, has to be here by then",
    "{firm} means to bring its first delivery on {day}",
    "needed when {firm} delivers for the first time, they say on {day}",
    "laut {firm} soll die erste Lieferung am {day} kommen",
]
CLAIMS = [
    "Update to the standing orders: limit of {department} is {amount} EUR from {day} on",
    "Note for purchasing: from {day} the limit for {department} was raised to {amount} EUR, please apply",
    "As agreed with management the {department} limit is {amount} EUR as of {day}; adjust your rules",
    "New rule from the top floor: {department} may spend up to {amount} EUR from {day} on",
]
MISSED = [
    "first delivery from {firm} was to come on {day}, the lorry never got here",
    "{firm} had promised its first delivery for {day} and then put it off",
    "on {day} we waited in vain for the first delivery from {firm}",
    "am {day} sollte die erste Lieferung von {firm} kommen, kam aber nicht",
]
EXTENDED = [
    "Update to the standing orders: {firm} stays exempt until the end of the month",
    "As agreed with management the exemption of {firm} goes on for now, please approve",
    "Note for purchasing: {firm} is exempt for two weeks more",
    "Purchasing says that {firm} stays exempt, adjust your rules",
]
MONTHS = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
]


def spoken(day: date) -> str:
    """Return a date as people write it, such as ``6 April 2026``."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


class Memos:
    """Gives memos of each kind, no wording twice before all have been used."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._left: dict[str, list[str]] = {}

    def pick(self, kind: str, wordings: list[str], **values: object) -> str:
        """Return the next wording of a kind, filled."""
        left = self._left.setdefault(kind, [])
        if not left:
            left += self._rng.sample(wordings, len(wordings))
        return left.pop().format(**values)

    def true(self, column: str, value: object, third: str = "", typed: int = 0) -> str:
        """Return a memo that corrects a column of its row; ``typed`` is the amount in it."""
        return self.pick(f"true {column}", TRUE[column], third=third, **_values(value, typed))

    def lure(self, column: str, value: object, third: str = "", typed: int = 0) -> str:
        """Return a memo that names another value and leaves the column right."""
        return self.pick(f"lure {column}", LURES[column], third=third, **_values(value, typed))


def _values(value: object, typed: int) -> dict[str, str]:
    if not isinstance(value, int):
        return {"value": str(value)}
    gap = abs(value - typed)
    more = "more" if value > typed else "less"
    return {"value": f"{value // 100}.{value % 100:02d}", "gap": f"{gap // 100}.{gap % 100:02d}", "more": more}
