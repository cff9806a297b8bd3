"""Plants the travel desk's mail: approvals, days of trips and withdrawals that no table has, and talk of them."""

from __future__ import annotations

from datetime import date, timedelta

from _expense_audit_letters import NOISE, TEXTS
from _expense_audit_mail import Approval, Claim, Message, Trip
from _expense_audit_rules import DAYS
from _expense_audit_world import CELLARS, COUNTRIES, RIDES, TABLES, Quarter


class Post:
    """Writes the mail of some employees, who have no other violations."""

    def __init__(self, quarter: Quarter, people: list[str]) -> None:
        self.q, self.rng, self.audit, self.people = quarter, quarter.rng, quarter.audit, people
        self.used: set[str] = set()
        self.decks: dict[str, list[str]] = {}

    def plant(self) -> None:
        """Plant all."""
        self._approvals()
        self._corrected()
        self._trips()
        self._withdrawn()
        for text in self.rng.sample(NOISE, 4):
            self._say("noise", self.rng.choice(self.q.trips).first, text=text)

    def _trip(self, people: list[str], last: int = 31) -> Trip:
        return self.q.pick(lambda one: one.employee in people and one.last.day <= last, self.used)

    def _say(self, intent: str, sent: date, **more: object) -> Message:
        """Add a message; its words come from a shuffled deck, so that few are used twice."""
        if "text" not in more:
            deck = self.decks.get(intent) or self.rng.sample(TEXTS[intent], len(TEXTS[intent]))
            more["text"] = deck.pop()
            self.decks[intent] = deck
        message = Message(
            sent, intent, style=self.rng.randrange(3), clock=self.rng.randrange(480, 1080), **more
        )
        self.audit.mail.messages.append(message)
        return message

    def _claim(self, trip: Trip, category: str, day: date, codes: str = "", **more: object) -> Claim:
        euros = self.rng.uniform(12, 60)
        if category == "entertainment":
            euros = self.rng.uniform(90, 240)
        elif category == "meal":
            euros = self.audit.new.meal * self.rng.uniform(1.2, 1.6)
        return self.q.add(trip, category, day, euros, remark="", planned=frozenset({codes} if codes else ()),
                          group="messages", **more)  # fmt: skip

    def _dinner(self, trip: Trip, codes: str = "") -> tuple[Claim, int]:
        """Add a claim for entertainment in the middle of a trip, and return a limit that is high enough."""
        day = trip.first + timedelta(days=3)
        claim = self._claim(trip, "entertainment", day, codes, vendor=self.rng.choice(CELLARS))
        return claim, (int(float(self.audit.euro(claim)) * self.rng.uniform(1.15, 1.5)) // 10 + 1) * 10

    # -- approvals -----------------------------------------------------------------------------------

    def _approvals(self) -> None:
        """Grant, revoke and raise in time and too late; let others nod; leave a request undecided."""
        good, bad = self.people[6:], self.people[:5]
        for kind, person in (
            ("grant", good), ("grant same", good), ("second", good),
            ("nod", bad[:1]), ("pending", bad[1:2]), ("revoke", bad[2:3]),
            ("revoke late", good), ("raise", good), ("raise late", bad[3:4]),
        ):  # fmt: skip
            trip, (intent, _, when) = self._trip(person), kind.partition(" ")
            claim, limit = self._dinner(trip, "UNAPPROVED" if person is not good else "")
            days = {"late": self.rng.randint(1, 3), "same": 0}.get(when, -self.rng.randint(3, 9))
            sent = claim.date + timedelta(days=days)
            more: dict = {"trip": trip, "limit": limit}
            if intent in ("revoke", "raise"):
                old = limit if intent == "revoke" else int(float(self.audit.euro(claim)) * 0.8) // 10 * 10
                decided = trip.first - timedelta(days=self.rng.randint(12, 25))
                row = Approval(trip.trip_id, "entertainment", old, "granted", decided)
                self.audit.approvals.append(row)
                more["approval"] = row
            if intent == "second":
                more["about"] = sent - timedelta(days=self.rng.randint(2, 5))
                self._say("nod", more["about"], trip=trip, limit=limit, sender="head")
            if intent == "nod":
                more["sender"] = "head"
            self._say(intent, sent, **more)

        self._between(self._trip(self.people[5:6]))

    def _between(self, trip: Trip) -> None:
        """Grant between two claims of one trip: only the second is approved."""
        self._claim(trip, "entertainment", trip.first + timedelta(days=1), "UNAPPROVED")
        limit = self._dinner(trip)[1] + 100
        self._say("grant", trip.first + timedelta(days=2), trip=trip, limit=limit)

    def _corrected(self) -> None:
        """Grant for one trip what was meant for another, and correct it."""
        trip, other = self._trip(self.people[4:5]), self._trip(self.people[6:])
        claim, limit = self._dinner(trip, "UNAPPROVED")
        meant, more = self._dinner(other)
        limit = max(limit, more)
        first = min(claim.date, meant.date) - timedelta(days=self.rng.randint(8, 12))
        self._say("grant", first, trip=trip, limit=limit)
        then = first + timedelta(days=self.rng.randint(2, 4))
        self._say("regrant", then, trip=trip, other=other, limit=limit, about=first)

    # -- trips ---------------------------------------------------------------------------------------

    def _trips(self) -> None:
        """Move days of trips by the desk's word, by a word taken back, and by the traveller's alone."""
        days, mail = timedelta, self.audit.mail
        longer, shorter = self._trip(self.people), self._trip(self.people, last=26)
        mail.booked[longer.trip_id] = longer.first, longer.last - days(2)
        mail.booked[shorter.trip_id] = shorter.first, shorter.last + days(3)
        for trip in (longer, shorter):
            self._say("end", trip.last - days(1), trip=trip, day=trip.last)
        one, two = self.rng.sample(RIDES, 2)
        self._claim(longer, "transport", longer.last - days(1), vendor=one)
        self._claim(longer, "transport", longer.last - days(1), vendor=two, filed=longer.last + days(29))
        self._claim(shorter, "transport", shorter.last + days(self.rng.randint(1, 2)), "OUTSIDE")
        self._claim(shorter, "transport", shorter.last - days(1), "LATE", filed=shorter.last + days(32))
        earlier = self._trip(self.people)
        mail.booked[earlier.trip_id] = earlier.first + days(1), earlier.last
        self._say("start", earlier.last + days(2), trip=earlier, day=earlier.first)
        self._claim(earlier, "transport", earlier.first)
        back, stay = self._trip(self.people, last=26), self._trip(self.people, last=26)
        said = self._say("end", back.last - days(2), trip=back, day=back.last + days(2))
        self._say("undo", back.last + days(3), trip=back, about=said.sent)
        self._wish(stay, stay.last + days(2), "wait")
        asked = self._trip(self.people)
        mail.booked[asked.trip_id] = asked.first, asked.last - days(2)
        self._wish(asked, asked.last, "agree")
        self._claim(asked, "transport", asked.last - days(1))
        for trip in (back, stay):
            self._claim(trip, "transport", trip.last + days(1), "OUTSIDE")

    def _wish(self, trip: Trip, day: date, answer: str) -> None:
        """Let a traveller ask for a later return, and the desk answer without naming the day."""
        asked = self._say("stay", trip.last - timedelta(days=3), trip=trip, day=day, sender=trip.employee)
        self._say(answer, trip.last, trip=trip, day=day, about=asked.sent)

    # -- withdrawals ---------------------------------------------------------------------------------

    def _withdrawn(self) -> None:
        """Withdraw claims and first copies of a receipt; take one withdrawal back; let a head demand one."""
        self.used.clear()
        self.used |= self.audit.mail.booked.keys()
        for kind in ("withdraw", "restore", "oust", "copies", "copies"):
            trip = self._trip(self.people)
            day = trip.first + timedelta(days=1)
            if kind == "copies":
                self._copies(trip, day)
                continue
            claim = self._claim(trip, "meal", day, "" if kind == "withdraw" else "OVERCAP",
                                vendor=self.rng.choice(TABLES))  # fmt: skip
            sent = claim.filed + timedelta(days=self.rng.randint(1, 3))
            if kind == "oust":
                self._say(kind, sent, claim=claim, sender="head")
                continue
            twin = self.q.add(trip, "transport", day, self.rng.uniform(12, 50), filed=claim.filed)
            said = self._say("withdraw", sent, claim=claim, twin=twin, sender=claim.employee)
            if kind == "restore":
                then = sent + timedelta(days=self.rng.randint(2, 5))
                self._say(kind, then, claim=claim, sender=claim.employee, about=said.sent)

    def _copies(self, trip: Trip, day: date) -> None:
        """File a receipt three times, or twice and too late, and withdraw the first."""
        filed = trip.last + timedelta(days=self.rng.randint(2, 8))
        triple = "copies" in self.decks
        name, copies, currency = self.rng.choice(TABLES), [], COUNTRIES[trip.country][0]
        amount = self.q.local(self.audit.old.meal * self.rng.uniform(0.5, 0.9), currency, day)
        for codes in ("", "", "DUPLICATE") if triple else ("", "LATE"):
            filed = trip.last + timedelta(days=DAYS + self.rng.randint(4, 9)) if codes == "LATE" else filed
            copies.append(self._claim(trip, "transport", day, codes, vendor=name, filed=filed))
            copies[-1].category, copies[-1].opened, copies[-1].amount = "meal", filed, amount
            filed += timedelta(days=self.rng.randint(2, 5))
        self._say("copies", filed, claim=copies[0], twin=copies[1], sender=trip.employee)
