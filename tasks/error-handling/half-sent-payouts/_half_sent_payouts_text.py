"""The documents of the task: rules, description of the gateway, the handover notes, both batch files."""

import csv
import io
from datetime import timedelta
from pathlib import Path
from string import Template

TREASURY = ("Ines Falk", "Bo Lindqvist")


def _template(name):
    return Template(Path(__file__).with_name(f"{name}.tmpl").read_text("utf-8"))


def rules_text():
    """Return payout-rules.md."""
    return _template("payout-rules.md").substitute(one=TREASURY[0], two=TREASURY[1])


def payctl_text(world):
    """Return payctl.md."""
    return _template("payctl.md").substitute(today=f"{world.day:%Y-%m-%d}")


def batch_text(world):
    """Return batch.csv."""
    name = {code: known["name"] for code, known in world.payees.items()}
    return _csv([[o.number, o.payee, name[o.payee], _eur(o.amount), o.rank, o.due] for o in world.batch])


def revisions_text(world):
    """Return batch_v2.csv."""
    last = ("class", "due", "change", "rev", "approved_by")
    rows = [
        [
            row["payout_id"],
            row["payee"],
            world.payees[row["payee"]]["name"],
            _eur(row["amount"]),
            *(row[key] for key in last),
        ]
        for row in world.revisions
    ]
    return _csv(rows, last[2:])


def _csv(rows, more=()):
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["payout_id", "payee", "payee_name", "amount_eur", "class", "due", *more])
    writer.writerows(rows)
    return out.getvalue()


def _eur(amount):
    return f"{amount // 100}.{amount % 100:02}"


class Notes:
    """Writes handover.md: what was written in the morning, by whom, in order."""

    def __init__(self, rng, world):
        self.rng, self.world = rng, world
        self.entries = []

    def text(self):
        """Return the notes."""
        self.hand_payments()
        self.holds()
        self.chatter()
        self.entries.sort(key=lambda entry: entry[0])
        at = self.world.day + timedelta(hours=7, minutes=self.rng.randint(40, 55))
        out = [f"# Handover, {self.world.day:%A %-d %B}", ""]
        out += ["Whoever knows something for the colleague who finishes the payout run: here, please.", ""]
        for _, who, what in self.entries:
            out += [f"**{at:%H:%M} {who}**: {what}", ""]
            at += timedelta(minutes=self.rng.randint(2, 9))
        return "\n".join(out)

    def add(self, place, who, what):
        """Add an entry; ``place`` orders them."""
        self.entries.append((place + self.rng.random() / 100, who, what))

    def name(self, role):
        """Return the name of a role's payee."""
        return self.world.payees[self.world.by_role(role)[0].payee]["name"]

    def treasury(self):
        """Return one of the two who decide."""
        return self.rng.choice(TREASURY)

    def hand_payments(self):
        """Say which transfers by hand are whose."""
        say = self.rng.choice
        for number, payout in self.world.manual.items():
            one = next(o for o in self.world.batch if o.number == payout)
            ref = next(line["result"]["ref"] for line in self.world.ledger if line["result"]["id"] == number)
            name, amount = self.world.payees[one.payee]["name"], _eur(one.amount)
            if one.role == "manual-bounced":
                text = say(
                    (
                        f"{ref} is for {payout}, they could not wait.",
                        f"Did {payout} by hand just now ({ref}).",
                    )
                )
            elif one.role == "manual":
                text = say(
                    (
                        f"What {name} was to get had come back. Sent the {amount} again by hand, {ref}.",
                        f"{ref}: that is {name}, whose {amount} came back in the night. Paid again by hand.",
                    )
                )
            else:
                text = say(
                    (
                        f"{name} needed theirs before eight: {ref}, the {amount} of the batch.",
                        f"Paid {name} the {amount} of this batch by hand, see {ref}; else they stop delivering.",
                    )
                )
            self.add(1 + len(self.entries) / 10, self.treasury(), text)
        refs = {
            line["result"]["ref"]: line["result"]
            for line in self.world.ledger
            if line["result"].get("key") == "hand-9"
        }
        for ref, made in refs.items():
            name = self.world.payees[made["payee"]]["name"]
            self.add(
                1.9,
                self.treasury(),
                f"And {ref} to {name} is the deposit for the summer party, it has nothing to do with the batch.",
            )

    def holds(self):
        """Say who is on hold, with corrections, agreements and wishes of people who do not decide."""
        say, two = self.rng.choice, self.rng.sample(TREASURY, 2)
        small, large = (_eur(self.world.by_role(role)[0].amount) for role in ("hold-small", "hold-large"))
        asked, agreed, lifted = (self.name(role) for role in ("hold-asked", "hold-agreed", "hold-lifted"))
        place, other = self.name("hold-place"), self.name("hold-other-place")
        house, town = place.split(" (")[0], other.split("(")[1].rstrip(")")
        self.add(
            2.0,
            two[0],
            say(
                (
                    f"{self.name('hold')}: on hold until their new contract is signed.",
                    f"Please nothing to {self.name('hold')} today, we have set off a claim against them.",
                )
            ),
        )
        self.add(
            2.1,
            two[0],
            say(
                (
                    f"{lifted} is on hold, the bank details look odd.",
                    f"Hold {lifted}, I am waiting for a call back.",
                )
            ),
        )
        self.add(
            2.2,
            "Tomas Reuter (purchasing)",
            say(
                (
                    f"Hold back what {agreed} gets, half of the delivery is broken.",
                    f"{agreed} should get nothing before the complaint is settled.",
                )
            ),
        )
        self.add(
            2.3,
            "Mina Okoro (facilities)",
            say(
                (
                    f"{asked} must not be paid either, we are not happy with the work at all.",
                    f"Please stop {asked}, the work was never finished.",
                )
            ),
        )
        self.add(2.4, two[1], say((f"On hold: {house} in {town}.", f"{house}, the ones in {town}: hold.")))
        self.add(
            2.6,
            two[1],
            say(
                (
                    f"Of the two payouts to {self.name('hold-small')} the {small} is on hold, the {large} may go.",
                    f"{self.name('hold-small')} has two in this batch. Only the one of {small} is held.",
                )
            ),
        )
        self.second_thoughts(two)

    def second_thoughts(self, two):
        """Say what ``two`` of treasury agreed to, corrected, left open and lifted later in the morning."""
        say = self.rng.choice
        asked, agreed, lifted = (self.name(role) for role in ("hold-asked", "hold-agreed", "hold-lifted"))
        house = self.name("hold-place").split(" (")[0]
        self.add(
            3.1,
            two[1],
            say(
                (
                    f"I talked to Tomas: agreed, so we do that with {agreed}.",
                    f"What Tomas wants for {agreed} is right, do it.",
                )
            ),
        )
        self.add(
            3.2,
            two[1],
            say(
                (
                    "Correction of mine: wrong town. It is the other house of that name; the one I named is "
                    "to be paid as usual.",
                    f"Sorry, mixed up the two of {house}. The other town is on hold, not the one I wrote.",
                )
            ),
        )
        self.add(
            3.3,
            two[1],
            say(
                (
                    f"Mina asked about {asked}. I have not decided; until I do, nothing changes for them.",
                    f"About {asked}: that is for Mina to sort out with them, there is no hold from us.",
                )
            ),
        )
        self.add(
            3.4,
            two[0],
            say(
                (
                    f"{lifted} have called back, all in order. Pay them.",
                    f"The details of {lifted} are right after all, hold lifted.",
                )
            ),
        )

    def chatter(self):
        """Add what matters to nobody who finishes the run."""
        for place, who, text in (
            (
                0.5,
                "Jun Abe (operations)",
                "The worker died in the night. It will not be started again; please finish by hand.",
            ),
            (
                2.35,
                "Jun Abe (operations)",
                "If the log says 402: that was a bug of the client, the payer account was never short.",
            ),
            (3.6, "Tomas Reuter (purchasing)", "Thanks!"),
        ):
            self.add(place, who, text)
