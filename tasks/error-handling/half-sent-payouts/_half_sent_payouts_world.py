"""The night of the crash: payees, batch, corrections, and what the gateway did for each payout.

Every payout that something happened to has a role. `draw` gives the world as data; what follows from it is
reckoned in `_half_sent_payouts_rules`.
"""

import random
import zlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta

CAP = 500_000

SENT_ROLES = (
    "funds", "funds", "funds-true", "pending", "pending", "pending", "returned-closed", "returned-closed",
    "returned-open", "manual", "manual-bounced", "split-half", "split-whole", "up", "up", "down", "twin",
    "unapproved-sent",
)  # fmt: skip
"""What befell payouts that the run had reached on the evening before."""
TODAY = ("double", "double-denied", "double-split", "withdrawn-sent", "withdrawn-denied")
"""What befell payouts that it had reached after midnight, so that a recall gives today's limit back."""
OPEN_ROLES = (
    "closed", "closed", "blocked", "hold", "hold-lifted", "hold-agreed", "hold-asked", "hold-place",
    "hold-other-place", "hold-small", "hold-large", "new-amount", "new-amount", "unapproved", "two-revisions",
    "withdrawn", "split", "manual-open", "unsure", "unsure", "unsure", "unsure",
)  # fmt: skip
"""What befalls payouts that it had not reached."""

FIRST = (
    "Alder", "Brook", "Castell", "Dornach", "Ewald", "Fenner", "Gallus", "Hollin", "Isard", "Jansen", "Korda",
    "Lamprecht", "Marwitz", "Nordahl", "Oster", "Pirner", "Quast", "Rethel", "Sandor", "Tervel", "Ulmen", "Vondra",
    "Wexler", "Ybarra", "Zeller",
)  # fmt: skip
LAST = (
    "Logistics", "Catering", "Printing", "Interiors", "Cleaning", "Software", "Metalworks", "Translations", "Courier",
    "Gardens", "Glazing",
)  # fmt: skip

SENT, RECALL = "sent", "recall"
WORDS = {
    "double": [(RECALL, 1, True)],
    "double-denied": [(RECALL, 1, False), (RECALL, 0, True)],
    "double-split": [(RECALL, 2, True)],
    "withdrawn-sent": [(RECALL, 0, True)],
    "withdrawn-denied": [(RECALL, 0, False)],
    "down": [(RECALL, 0, True)],
}
"""Role → what the bank must say (what is asked, of which transfer of the payout, whether it agrees)."""
BOTH = ("pending", "unsure")
"""Roles of which every second payout's first transfer is rejected in the end."""


def agrees(number, what, nth):
    """Return whether the bank agrees to the nth transfer of a payout, or to its recall; as payctl reckons it."""
    said = zlib.crc32(f"{number}/{nth}/{what}".encode())
    return bool(said % 2 if what == SENT else said % 3)


@dataclass
class Payout:
    """One line of the batch as it was first sent; amounts in cents."""

    number: str
    payee: str
    amount: int
    rank: str
    due: str
    role: str = ""


@dataclass
class World:
    """All that was drawn."""

    day: datetime
    """Today at midnight; the run began on the evening before."""
    payees: dict = field(default_factory=dict)
    batch: list = field(default_factory=list)
    revisions: list = field(default_factory=list)
    """Rows of the second batch file."""
    ledger: list = field(default_factory=list)
    log: list = field(default_factory=list)
    notes: list = field(default_factory=list)
    """(kind, facts) of the handover notes, in their order."""
    pending: dict = field(default_factory=dict)
    """Transfer → whether it turns out to be settled once somebody asks."""
    manual: dict = field(default_factory=dict)
    """Transfer → payout, as the notes say."""
    holds: set = field(default_factory=set)
    """Payouts held by treasury, as things stand at the end of the notes."""
    hold_slips: dict = field(default_factory=dict)
    """Slip → the holds of somebody who read the notes so."""
    limit: int = 0

    def by_role(self, role):
        """Return the payouts of a role."""
        return [one for one in self.batch if one.role == role]


def draw(rng: random.Random) -> World:
    """Return a world: 120 payouts, 74 of them reached by the run."""
    day = datetime(2026, rng.choice((2, 4, 6, 9, 10)), rng.randint(3, 26))
    world = World(day)
    _payees(rng, world)
    _batch(rng, world)
    Night(rng, world).run()
    _revise(rng, world)
    _notes(rng, world)
    return world


def _payees(rng, world):
    names = [f"{first} {last}" for first in FIRST for last in LAST]
    rng.shuffle(names)
    towns = rng.sample(("Linz", "Graz", "Bremen", "Kassel", "Leuven"), 2)
    house = rng.choice(("Gruber", "Maibach", "Tolnay"))
    chosen = [*(f"{house} Transport ({town})" for town in towns), *names[:128]]
    rng.shuffle(chosen)
    for number, name in enumerate(chosen):
        account = f"XX{rng.randrange(8 * 10**13):014}"
        since = world.day - timedelta(days=rng.randint(60, 900))
        world.payees[f"P{301 + number}"] = {
            "name": name,
            "account": account,
            "state": "open",
            "since": f"{since:%Y-%m-%d}",
        }


def _batch(rng, world):
    codes = sorted(world.payees)
    placed = [code for code in codes if "(" in world.payees[code]["name"]]
    others = [code for code in codes if code not in placed]
    rng.shuffle(others)
    named, others = others[:20], others[20:]
    first = rng.randint(2101, 7800)
    for place in range(120):
        due = world.day + timedelta(days=rng.randint(-3, 6))
        amount = rng.randint(9_000, 240_000)
        rank = rng.choice("ABBBCC") if place < 74 else rng.choice("ABBCCC")
        world.batch.append(
            Payout(f"PO-{first + place}", others[place % len(others)], amount, rank, f"{due:%Y-%m-%d}")
        )
    for places, roles in ((range(60, 73), TODAY), (range(2, 59), SENT_ROLES), (range(75, 120), OPEN_ROLES)):
        free = rng.sample(places, len(places))
        if places[0] == 2:
            free.sort(key=lambda place: place > 38)
        for count, role in enumerate(sorted(roles, key=lambda role: (role not in WORDS, role not in BOTH))):
            wanted = WORDS.get(role, [(SENT, 0, bool(count % 2))] if role in BOTH else [])
            place = next(
                (p for p in free if all(agrees(world.batch[p].number, a, n) is ok for a, n, ok in wanted)),
                free[0],
            )
            free.remove(place)
            world.batch[place].role = role
            world.batch[place].rank, world.batch[place].amount = (
                rng.choice("AB"),
                rng.randint(60_000, 240_000),
            )
            if role.startswith(("hold", "manual", "unsure")):
                world.batch[place].payee = named.pop()
            if role == "unsure":
                account = world.payees[world.batch[place].payee]["account"]
                world.payees[world.batch[place].payee]["account"] = f"XX9{account[3:]}"
    _shape(rng, world, placed)


def _shape(rng, world, placed):
    """Give payouts the amounts and payees that their roles need."""
    for role in ("split-half", "split-whole", "split", "double-split"):
        for one in world.by_role(role):
            one.amount = rng.randint(CAP + 60_000, 2 * CAP - 60_000) + (CAP if role == "split-half" else 0)
    for code, role in zip(placed, ("hold-place", "hold-other-place"), strict=True):
        (one,) = world.by_role(role)
        one.payee = code
    (small,), (large,) = world.by_role("hold-small"), world.by_role("hold-large")
    large.payee = small.payee
    large.amount = small.amount + rng.randint(30_000, 90_000)
    (twin,) = world.by_role("twin")
    other = next(one for one in world.batch[2:40] if not one.role)
    other.payee, other.amount, other.role = twin.payee, twin.amount, "twin"


class Night:
    """Plays the run up to its crash: fills the gateway's ledger and the log of the run."""

    def __init__(self, rng, world):
        self.rng, self.world = rng, world
        self.at = world.day - timedelta(minutes=rng.randint(48, 55))
        self.next_id = rng.randint(410_000, 780_000)
        self.seen = {}

    def run(self):
        """Go through the payouts that were reached, then through the bank's answers."""
        self.say("INFO", f"start batch=batch.csv payouts={len(self.world.batch)}")
        for place, one in enumerate(self.world.batch[:74]):
            self.at += timedelta(seconds=self.rng.randint(40, 70))
            self.payout(one, crashes=place == 73)
        self.bank()
        self.manual()

    def say(self, level, text):
        """Write a line of the log."""
        self.world.log.append(f"{self.at:%Y-%m-%dT%H:%M:%SZ} {level:<5} {text}")
        self.at += timedelta(seconds=self.rng.randint(1, 4))

    def record(self, op, result):
        """Write a line of the gateway's ledger."""
        at = f"{self.at:%Y-%m-%dT%H:%M:%S}+00:00"
        if op == "send":
            result = {**result, "at": at}
        self.seen[result["id"]] = result
        line = {"n": len(self.world.ledger) + 1, "at": at, "op": op, "result": result}
        self.world.ledger.append(line)
        return result

    def take(self, one, amount, *, key, state="accepted", ref=None):
        """Let the gateway take a transfer; return its id."""
        self.next_id += 1
        if state == "pending":
            self.world.pending[f"T{self.next_id}"] = agrees(one.number, SENT, 0)
        made = {
            "id": f"T{self.next_id}",
            "key": key,
            "payee": one.payee,
            "amount": amount,
            "ref": ref or one.number,
            "state": state,
        }
        return self.record("send", made)["id"]

    def payout(self, one, crashes):
        """Play one payout of the run."""
        amounts = [CAP] * (one.amount // CAP) + ([one.amount % CAP] if one.amount % CAP else [])
        if one.role == "split-half":
            amounts = amounts[:-1]
        for part, amount in enumerate(amounts, start=1):
            key = f"{one.number}.{part}"
            self.say("INFO", f"{one.number} send key={key} payee={one.payee} amount={amount / 100:.2f}")
            if crashes:
                self.take(one, amount, key=key)
                self.say("FATAL", "connection pool exhausted: worker 0 died with MemoryError")
                return
            self.send(one, amount, key)
        if one.role == "split-half":
            self.say("WARN", f"{one.number} part {len(amounts) + 1} not sent: worker busy, queued")

    def send(self, one, amount, key):
        """Play one transfer of the run as its payout's role demands."""
        role = one.role
        if role in {"funds", "funds-true", "pending"}:
            if role != "funds-true":
                self.take(one, amount, key=key, state="pending" if role == "pending" else "accepted")
            self.say("WARN", f"{one.number} timeout after 30 s, trying again key={key}")
            hopeless = (
                "timeout after 30 s, giving up"
                if role == "pending"
                else "402 insufficient funds on payer account, skipped"
            )
            self.say("ERROR", f"{one.number} {hopeless}")
            return
        number = self.take(one, amount, key=key)
        if role.startswith("double") and (role != "double-split" or key.endswith(".2")):
            again = f"{key}r"
            self.say("WARN", f"{one.number} timeout after 30 s, trying again key={again}")
            number = self.take(one, amount, key=again)
        self.say("INFO", f"{one.number} ok {number}")

    def bank(self):
        """Let banks answer in the small hours: some transfers are booked, some come back."""
        self.at = self.world.day + timedelta(hours=4, minutes=self.rng.randint(1, 40))
        for made in list(self.seen.values()):
            one = next(p for p in self.world.batch if p.number == made["ref"])
            self.at += timedelta(seconds=self.rng.randint(1, 9))
            if one.role in {"returned-closed", "returned-open"}:
                self.record("bank", {**made, "state": "returned"})
                self.world.payees[one.payee]["since"] = f"{self.world.day:%Y-%m-%d}"
                if one.role == "returned-closed":
                    self.world.payees[one.payee]["state"] = "closed"
                else:
                    self.world.payees[one.payee]["account"] = f"XX{self.rng.randrange(8 * 10**13):014}"
            elif one.role == "split-whole" or (not one.role and self.rng.random() < 0.3):
                self.record("bank", {**made, "state": "settled"})
        for role, state in (("closed", "closed"), ("blocked", "blocked")):
            for one in self.world.by_role(role):
                since = self.world.day - timedelta(days=self.rng.randint(1, 20))
                self.world.payees[one.payee].update(state=state, since=f"{since:%Y-%m-%d}")

    def manual(self):
        """Let treasury pay some by hand in the morning; one of these comes back."""
        self.at = self.world.day + timedelta(hours=7, minutes=self.rng.randint(2, 20))
        for place, one in enumerate(
            one for role in ("manual", "manual-open", "manual-bounced") for one in self.world.by_role(role)
        ):
            for made in [made for made in self.seen.values() if made["ref"] == one.number]:
                self.record("bank", {**made, "state": "returned"})
            self.at += timedelta(minutes=self.rng.randint(3, 9))
            number = self.take(
                one, one.amount, key=f"hand-{place + 1}", ref=f"HAND-{self.rng.randint(11, 99)}"
            )
            self.world.manual[number] = one.number
            if one.role == "manual-bounced":
                self.at += timedelta(minutes=25)
                self.record("bank", {**self.seen[number], "state": "returned"})
        stray = next(p for p in self.world.batch[74:] if not p.role)
        self.take(
            stray, self.rng.randint(9_000, 60_000), key="hand-9", ref=f"HAND-{self.rng.randint(100, 120)}"
        )


def _revise(rng, world):
    """Draw the corrections; rows are whole and carry a revision and who approved it."""
    rows = []

    def row(one, change, rev, approver, **more):
        values = {
            "payout_id": one.number,
            "payee": one.payee,
            "amount": one.amount,
            "class": one.rank,
            "due": one.due,
        }
        rows.append({**values, **more, "change": change, "rev": rev, "approved_by": approver})

    people = ("I. Falk", "B. Lindqvist")
    factor = {"up": 1.18, "down": 0.85, "new-amount": rng.choice((0.7, 1.4))}
    for role, share in factor.items():
        for one in world.by_role(role):
            row(one, "amount", 1, rng.choice(people), amount=round(one.amount * share / 5) * 5)
    for role in ("withdrawn-sent", "withdrawn-denied", "withdrawn"):
        for one in world.by_role(role):
            row(one, "withdrawn", 1, rng.choice(people))
    for role in ("unapproved-sent", "unapproved"):
        for one in world.by_role(role):
            row(one, rng.choice(("amount", "withdrawn")), 1, "", amount=round(one.amount * 1.3))
    (one,) = world.by_role("two-revisions")
    row(one, "amount", 3, "", amount=round(one.amount * 1.5))
    row(one, "amount", 2, people[0], amount=round(one.amount * 0.6))
    row(one, "withdrawn", 1, people[1])
    last = int(world.batch[-1].number[3:])
    taken = {one.payee for one in world.batch if one.role}
    spare = [
        code for code in sorted(world.payees) if world.payees[code]["state"] == "open" and code not in taken
    ]
    for place, code in enumerate(rng.sample(spare, 4)):
        made = Payout(
            f"PO-{last + 1 + place}", code, rng.randint(9_000, 200_000), "ABBA"[place], world.batch[place].due
        )
        row(made, "added", 1, people[place % 2] if place < 3 else "")
    rng.shuffle(rows)
    places = [place for place, known in enumerate(rows) if known["payout_id"] == one.number]
    several = sorted((rows[place] for place in places), key=lambda known: -known["rev"])
    for place, known in zip(places, several, strict=True):
        rows[place] = known
    world.revisions = rows


def _notes(rng, world):
    """Decide who is on hold at the end of the handover notes, and how they read to somebody careless."""
    only = {role: world.by_role(role)[0] for role in OPEN_ROLES if role.startswith("hold")}
    world.holds = {only[role].number for role in ("hold", "hold-agreed", "hold-place", "hold-small")}
    right = world.holds
    world.hold_slips |= {
        "hold-lifted": right | {only["hold-lifted"].number},
        "hold-agreed": right - {only["hold-agreed"].number},
        "hold-asked": right | {only["hold-asked"].number},
        "hold-place": right - {only["hold-place"].number} | {only["hold-other-place"].number},
        "hold-small": right | {only["hold-large"].number},
        "hold-none": set(),
    }
