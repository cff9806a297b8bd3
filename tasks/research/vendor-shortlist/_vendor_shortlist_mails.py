"""Draws the correspondence: one thread per offer and one within the buyer's house.

Each function below writes the thread of one role. A mail's ``change`` is what it does if it counts, and
``holds`` whether it counts by rules 1 to 5 of the requirements.
"""

from datetime import timedelta, timezone
from fractions import Fraction

from _vendor_shortlist_letters import GENERIC, PAD, PAD_DE
from _vendor_shortlist_rules import OUTSIDE, TIB, Mail, between_units
from _vendor_shortlist_text import day, money
from _vendor_shortlist_words import ENGLISH


class Thread:
    """The mails about one offer, in the order they are written; ``k`` counts working days before closing."""

    def __init__(self, rng, needs, offer=None):
        self.rng, self.needs, self.offer = rng, needs, offer
        self.role = offer.role if offer else "own"
        self.people = {**needs.people, **(offer.people if offer else {})}
        self.german = bool(offer) and offer.style == "de"
        self.mails = []

    def at(self, k):
        """Return a moment in office hours, ``k`` working days before the closing day."""
        date = self.needs.closing
        while k:
            date -= timedelta(days=1)
            k -= date.weekday() < 5
        zone = timezone(timedelta(hours=self.rng.choice([1, 2, 2, 3])))
        return date.astimezone(zone).replace(hour=self.rng.randint(8, 16), minute=self.rng.randint(1, 58))

    def on(self, k):
        """Return the date of that day in words, without the year."""
        return day(self.at(k).date(), self.german).rsplit(" ", 1)[0]

    def cash(self, factor, amount=None, currency=None):
        """Return a unit price times ``factor`` as the offers print it, as number and in words."""
        value = f"{float(Fraction(self.offer.price['unit'] if amount is None else amount)) * factor:.2f}"
        return value, money(currency or self.offer.price["currency"], value, self.german)

    def say(self, who, when, words, change=None, holds=True, traps=()):
        """Add a mail; ``words`` is a key of the letters, or several, with the values they take.

        ``when`` is a working day before the closing day, or the moment itself.
        """
        keys = words if isinstance(words, list) else [words]
        texts = [self.rng.choice(GENERIC[key]).format(**values) for key, values in keys]
        german = self.german or keys[0][0] in OWN_GERMAN
        ours = who in self.needs.people
        if not ours and self.rng.random() < 0.5 and (not german or texts[0][0].isupper()):
            pads = PAD_DE if german else PAD
            texts.insert(0 if german else self.rng.choice([0, len(texts)]), self.rng.choice(pads))
        sent = self.at(when) if isinstance(when, int) else when
        to = "first" if self.offer and ours else "purchasing"
        if keys[0][0].startswith("phone"):
            to = "finance"
        earlier = [m for m in self.mails if m.sent < sent]
        quoted = ""
        if earlier and self.rng.random() < 0.45:
            last = max(earlier, key=lambda m: m.sent)
            quoted = f"{self.people[last.author]}, {self.on_date(last.sent)}:\n{last.text}"
        self.mails.append(Mail(self.role, who, sent, " ".join(texts), to, dict(change or {}),
                               holds, tuple(traps), quoted, german))  # fmt: skip

    def on_date(self, moment):
        """Return a moment's date in words."""
        return day(moment.date(), self.german)

    def filler(self, k, who="sales"):
        """Add a mail without any weight."""
        key = "filler-de" if self.german else self.rng.choice(["filler", "filler", "office"])
        self.say(who, k, (key, {}))


def _user(t):
    key = next(name for name, value in t.offer.terms.items() if value is None)
    value, fact = _fact(t, key)
    sales = t.people["sales"]
    t.say("sales", 11, ("fact", {"fact": fact}))
    t.say("first", 9, ("confirm", {"who": sales, "d": t.on(11)}), {key: value}, traps=["signed-only"])
    price, words = t.cash(0.97 / float(t.needs.rates["USD"]), currency="EUR")
    t.say("sales", 8, ("user-any", {"p": words}))
    low, words = t.cash(0.94)
    t.say("second", 6, ("user-24", {"p": words}), {"unit": low, "unit_currency": "USD"})
    low, words = t.cash(0.9)
    t.say("first", 5, ("user-36", {"p": words}), {"unit": low, "unit_currency": "USD"}, False, ["term"])
    low, words = t.cash(0.91)
    t.say("sales", 4, ("user-any", {"p": words}))
    t.say("first", 2, ("confirm", {"who": sales, "d": t.on(8)}), {"unit": price, "unit_currency": "EUR"},
          traps=["signed-only", "sent-order"])  # fmt: skip


def _fact(t, key):
    """Return a value that meets the requirement ``key``, and the sentence that states it."""
    if key == "retention":
        weeks = (t.needs.retention_days + 6) // 7 + t.rng.randint(1, 3)
        return ("weeks", weeks), t.rng.choice(ENGLISH["retention"]).format(f"{weeks} weeks")
    return ("held", t.rng.choice(ENGLISH["keys"])) if key == "keys" else (
        "always", t.rng.choice(ENGLISH["always"]))  # fmt: skip


def _tib(t):
    t.say("first", 10, ("half", {}), {"half_from": 1})
    percent = t.rng.choice([3, 4, 5])
    t.say("second", 8, ("early", {"n": percent}), {"early": percent}, False, ["early"])
    t.say("first", 6, ("half-later", {"d": t.on(10)}), {"half_from": 2})
    t.say("purchasing", 4, ("phone-half", {"who": t.people["first"]}), {"half_from": 1}, False, ["hearsay"])
    t.filler(t.rng.randint(1, 3))


def _steps(t):
    (_, middle), (_, top) = ((row, Fraction(unit)) for row, unit in t.offer.price["tiers"][1:])
    first = t.people["first"]
    between, words = t.cash(1, middle - (middle - top) * Fraction(2, 5))
    deputy = t.people["deputy"]
    t.say("second", 12, ("deputy", {"who": deputy, "d": t.on(10), "e": t.on(6)}))
    t.say("first", 11, ("middle", {"p": words}))
    t.say("deputy", 9, ("agree", {"who": first, "d": t.on(11)}), {"middle": between}, traps=["signed-only"])
    low, words = t.cash(0.93, top)
    t.say("first", 7, ("top", {"p": words, "d": t.on(11)}), {"top": low}, False, ["joint"])
    t.say("deputy", 5, ("agree", {"who": first, "d": t.on(7)}), {"top": low}, False, ["deputy"])
    t.say("second", 3, ("checking", {"who": first, "d": t.on(7)}))
    late = t.needs.closing.astimezone(timezone(timedelta(hours=2))) + timedelta(
        minutes=t.rng.randint(40, 170)
    )
    t.say("second", late, ("agree", {"who": first, "d": t.on(7)}), {"top": low}, False, ["closing"])


def _whole(t):
    first = t.people["first"]
    percent = t.rng.choice([8, 9, 10])
    t.say("first", 11, ("row", {"n": percent}), {"row": percent})
    bound = t.rng.randint(*between_units(t.needs))
    t.say("second", 9, ("waive-over", {"x": bound}), {"waive_over": bound})
    t.say("second", 6, ("left", {"who": first, "d": t.on(7)}))
    t.say("first", 4, ("all-rows", {"n": 5}), {"all_rows": 5}, False, ["left"])


def _term(t):
    price = t.offer.price
    setup, words = t.cash(0.5, price["setup"])
    t.filler(12)
    t.say("first", 11, ("install-if", {"d": t.on(5), "p": words}))
    low, words = t.cash(0.5, price["base"])
    t.say("first", 8, ("base-36", {"p": words}), {"base": low}, False, ["term"])
    t.say("purchasing", 7, ("install-yes", {}), {"setup": setup}, traps=["condition"])
    low, words = t.cash(0.7, price["base"])
    t.say("second", 4, ("base-second", {"p": words}), {"base_second": low})
    low, words = t.cash(0.4, price["base"])
    t.say("sales", 2, ("base-sales", {"p": words}), {"base": low, "base_second": low}, False, ["sales"])


def _option(t):
    percent = t.offer.price["option"]
    deputy = t.people["deputy"]
    t.say("first", 12, ("deputy", {"who": deputy, "d": t.on(10), "e": t.on(7)}))
    low, words = t.cash(0.95)
    t.say("second", 9, ("invoice-if", {"d": t.on(4), "p": words}))
    t.say("deputy", 8, ("care", {"n": percent - 2}), {"option": percent - 2}, traps=["signed-only"])
    t.say("admin", 7, ("invoice-yes", {}), {"unit": low}, False, ["our-voice"])
    t.say("purchasing", 6, ("invoice-yes", {}), {"unit": low}, False, ["taken-back"])
    t.say("purchasing", 5, ("withdraw", {"d": t.on(6)}))
    t.say("deputy", 5, ("care", {"n": percent - 4}), {"option": percent - 4}, False, ["deputy"])
    t.say("purchasing", 2, ("invoice-yes", {}), {"unit": low}, False, ["too-late"])
    t.filler(1)


def _mail(t):
    closing, right = t.needs.closing, t.offer.price["unit"]
    words = t.cash(1)[1]
    t.say("first", 12, ("unit", {"p": words}), {"unit": right})
    high, words = t.cash(1.05)
    t.say("second", 9, ("unit-up", {"p": words}), {"unit": high}, False, ["withdrawn"])
    wrong, words = t.cash(0.85)
    t.say("sales", 7, ("unit-as-was", {"p": words}), {"unit": wrong}, False, ["sales"])
    percent = t.rng.choice([3, 4])
    t.say("first", 6, ("percent-off", {"n": percent}), {"percent_off": percent})
    t.say("second", 3, ("withdraw", {"d": t.on(9)}))
    weeks = (t.needs.retention_days + 6) // 7 + t.rng.randint(1, 3)
    local = closing.astimezone(timezone(timedelta(hours=2)))
    moment = local - timedelta(minutes=t.rng.randint(15, 40))
    t.say("first", moment, ("retention", {"n": weeks}), {"retention": ("weeks", weeks)}, traps=["offset"])
    low, words = t.cash(0.93)
    moment = local + timedelta(days=1) - timedelta(minutes=t.rng.randint(60, 190))
    t.say("first", moment, ("unit-late", {"p": words}), {"unit": low}, False, ["closing"])


def _full(t):
    """An offer whose limit is enough for the volumes of the table, but not for those that hold in the end."""
    enough = int(t.needs.wanted[2]) + t.rng.randint(20, 30)
    t.say("sales", 10, ("room", {"n": enough}), {"capacity": ("TB", enough)}, False, ["sales"])
    t.say("first", 8, ("office", {}))
    t.say("second", 6, ("room-36", {"n": enough + 10}), {"capacity": ("TB", enough + 10)}, False, ["term"])
    short = between_units(t.needs)[1]
    t.say("first", 12, ("room", {"n": short}), {"capacity": ("TB", short)})


def _moved(t):
    first, second = t.offer.terms["location"]
    town, other = t.rng.choice(["Zurich", "Basel", "Lausanne"]), t.rng.choice(["Bergen", "Stavanger"])
    t.say("second", 11, ("move", {"old": second[0], "town": town, "land": OUTSIDE}),
          {"location": (first, (town, OUTSIDE))})  # fmt: skip
    t.say("first", 7, ("move-other", {"town": other, "land": "Norway"}),
          {"location": (first, (other, "Norway"))}, False, ["withdrawn"])  # fmt: skip
    t.filler(5)
    t.say("first", 3, ("withdraw", {"d": t.on(7)}))


def _late(t):
    """An offer that a mail breaks; the mail that would heal it is too late, though its clock looks early."""
    kind = t.rng.choice(["binding", "certificate"])
    limit = t.needs.decision if kind == "binding" else t.needs.start
    until = [limit - timedelta(days=t.rng.randint(5, 12)), limit + timedelta(days=t.rng.randint(10, 30))]
    t.say("first", 10, (kind, {"d": day(until[0])}), {kind: ("until", until[0])})
    t.filler(7)
    t.say("purchasing", 4, (f"phone-{kind}", {"who": t.people["first"], "d": day(until[1])}),
          {kind: ("until", until[1])}, False, ["hearsay"])  # fmt: skip
    sent = t.needs.closing.astimezone(timezone(timedelta(hours=-4))) + timedelta(
        minutes=t.rng.randint(70, 190)
    )
    later = until[1] + timedelta(days=t.rng.randint(1, 9))
    t.say("second", sent, (kind, {"d": day(later)}), {kind: ("until", later)}, False, ["closing", "offset"])


def _slow(t):
    first = t.people["first"]
    speed = f"{(t.needs.restore_mb * 8 + t.rng.choice([200, 300])) / 1000:.1f}"
    t.say("first", 11, ("monthly", {}))
    t.say("first", 9, ("speed", {"n": speed}), {"restore": ("Gbit/s", speed)}, False, ["joint"])
    t.say("second", 6, [("agree", {"who": first, "d": t.on(11)}), ("engineers", {})])
    t.filler(3)


def _silent(t):
    key = next(name for name, value in t.offer.terms.items() if value is None)
    value, fact = _fact(t, key)
    t.say("sales", 10, ("visit", {}))
    t.say("sales", 8, ("fact", {"fact": fact}), {key: value}, False, ["sales"])
    t.say(
        "first", 5, ("confirm", {"who": t.people["sales"], "d": t.on(10)}), {key: value}, False, ["confirm"]
    )
    t.filler(2)


def _own(t):
    second, third = t.needs.wanted[1:]
    more = t.rng.randint(5, 8)
    part = t.rng.randint(2, more - 2)
    users = t.needs.users
    early = second + t.rng.randint(4, 6)
    number = third / TIB
    t.say("it", 12, ("volumes", {"b": early, "c": float(number)}), {"volumes": (None, early, number)})
    t.say("staff", 10, ("users", {"n": more}), {"users": (None, users[1] + more, users[2] + more)})
    t.say("admin", 5, ("volume-admin", {"c": int(third) + 10}), {"volumes": (None, None, int(third) + 10)}, False,
          ["standing"])  # fmt: skip
    t.say("it", 7, ("volumes-third", {"d": t.on(12)}), {"volumes": (None, second, third)}, traps=["our-fix"])
    t.say("finance", 2, ("freeze", {}), {"users": users}, False, ["standing"])
    german = day(t.at(10).date(), True).rsplit(" ", 1)[0]
    t.say("staff", 4, ("users-part", {"d": german, "m": part}),
          {"users": (None, users[1] + part, users[2] + more)}, traps=["our-fix"])  # fmt: skip
    late = t.needs.closing.astimezone(timezone(timedelta(hours=2))) + timedelta(
        minutes=t.rng.randint(60, 170)
    )
    more_yet = int(number) + 4
    t.say(
        "it",
        late,
        ("volume-late", {"c": more_yet}),
        {"volumes": (None, None, more_yet * TIB)},
        False,
        ["closing"],
    )


OWN_GERMAN = ("users", "users-part", "volume-admin")
WRITERS = {"user": _user, "tib": _tib, "steps": _steps, "whole": _whole, "term": _term, "option": _option,
           "mail": _mail, "full": _full, "moved": _moved, "late": _late, "slow": _slow,
           "silent": _silent}  # fmt: skip


def draw_mails(rng, needs, offers):
    """Draw the whole correspondence; offers are those before the misprint of role ``mail``."""
    threads = []
    for offer in offers:
        threads.append(Thread(rng, needs, offer))
        WRITERS[offer.role](threads[-1])
    threads.append(Thread(rng, needs))
    _own(threads[-1])
    return [mail for thread in threads for mail in thread.mails]
