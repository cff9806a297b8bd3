"""The travel desk's mail: what its messages change in approvals, trips and claims, and what misreading them changes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

RETRACTIONS = ("regrant", "undo", "restore")
REALLY = {"copies": "withdraw", "agree": "end", "second": "grant"}
"""Messages that say in other words, or by an earlier message's, what others say outright."""
CHANGES = ("grant", "regrant", "revoke", "raise")
EMPTY = {
    "pending": ("pending-granted", "grant"),
    "wait": ("pending-granted", "end"),
    "nod": ("any-sender", "grant"),
    "stay": ("any-sender", "end"),
    "oust": ("any-sender", "withdraw"),
}
"""Messages without effect: the slip of somebody who believes them, and what they then are."""


@dataclass(frozen=True)
class Trip:
    """One business trip, with the days that it really had."""

    trip_id: str
    employee: str
    city: str
    country: str
    first: date
    last: date
    purpose: str


@dataclass
class Claim:
    """One claim; ``amount`` is in hundredths. ``planned`` are the codes it was made for, ``group`` its check."""

    employee: str
    trip: Trip
    filed: date
    date: date
    category: str
    vendor: str
    currency: str
    amount: int
    nights: int = 0
    breakfast: bool = False
    remark: str = ""
    planned: frozenset[str] = frozenset()
    group: str = ""
    opened: date = date.min
    claim_id: str = ""


@dataclass(frozen=True)
class Approval:
    """A row of approvals.csv, or what a message makes of it."""

    trip_id: str
    category: str
    limit: int
    status: str
    decided: date


@dataclass
class Message:
    """One message; ``sender`` is an employee or empty for the travel desk, ``about`` the day of an earlier message."""

    sent: date
    intent: str
    sender: str = ""
    trip: Trip | None = None
    other: Trip | None = None
    approval: Approval | None = None
    claim: Claim | None = None
    twin: Claim | None = None
    limit: int = 0
    day: date | None = None
    about: date | None = None
    text: str = ""
    style: int = 0
    clock: int = 0


@dataclass
class Mail:
    """All messages, and the days of trips as trips.csv has them where a message moved them."""

    messages: list[Message] = field(default_factory=list)
    booked: dict[str, tuple[date, date]] = field(default_factory=dict)
    known: dict[str, list[tuple[str, Message]]] = field(default_factory=dict)
    """The messages with an effect by slip, once all are written."""
    spans: dict[tuple[str, str], tuple[date, date]] = field(default_factory=dict)

    def _heard(self, slip: str) -> list[tuple[str, Message]]:
        """Return the messages that have an effect, in order, with their intent."""
        if slip not in self.known:
            self.known[slip] = list(self._effective(slip))
        return self.known[slip]

    def _effective(self, slip: str) -> Iterator[tuple[str, Message]]:
        """Yield the messages that have an effect, in order, with their intent."""
        for message in sorted(self.messages, key=lambda one: (one.sent, one.clock)):
            intent = REALLY.get(message.intent, message.intent)
            if slip == "no-agreement" and message.intent in ("agree", "second"):
                continue
            if intent in EMPTY:
                believer, intent = EMPTY[intent]
                if slip != believer:
                    continue
            if slip != "no-mail" and not (slip == "no-retraction" and intent in RETRACTIONS):
                yield intent, message

    def on_record(self, rows: list[Approval], trips: set[str], day: date, slip: str) -> list[Approval]:
        """Return the approvals for some trips as they stand at the end of a day."""
        rows = [row for row in rows if row.trip_id in trips]
        for intent, message in self._heard(slip):
            until = day - timedelta(days=slip == "not-that-day")
            if intent not in CHANGES or (message.sent > until and slip != "mail-any-day"):
                continue
            decided = date.min if slip == "mail-any-day" else message.sent
            if message.trip.trip_id in trips:
                if intent in ("revoke", "raise") and message.approval in rows:
                    rows.remove(message.approval)
                if intent == "raise":
                    rows.append(replace(message.approval, limit=message.limit))
                if intent == "regrant":
                    rows = [
                        row
                        for row in rows
                        if (row.trip_id, row.limit) != (message.trip.trip_id, message.limit)
                    ]
            gainer = {"grant": message.trip, "regrant": message.other}.get(intent)
            if gainer and gainer.trip_id in trips:
                rows.append(Approval(gainer.trip_id, "entertainment", message.limit, "granted", decided))
        return rows

    def span(self, trip: Trip, slip: str) -> tuple[date, date]:
        """Return the first and the last day of a trip."""
        key = (trip.trip_id, slip)
        if key not in self.spans:
            booked = first, last = self.booked.get(trip.trip_id, (trip.first, trip.last))
            for intent, message in self._heard(slip):
                if message.trip is trip and intent in ("start", "end", "undo"):
                    changed = {"start": (message.day, last), "end": (first, message.day), "undo": booked}
                    first, last = changed[intent]
            self.spans[key] = first, last
        return self.spans[key]

    def withdrawn(self, slip: str) -> set[str]:
        """Return the ids of the claims that were withdrawn for good."""
        gone: set[str] = set()
        for intent, message in self._heard(slip):
            if intent == "withdraw":
                other = message.twin if slip == "wrong-of-two" else None
                gone.add((other or message.claim).claim_id)
            elif intent == "restore":
                gone.discard(message.claim.claim_id)
        return gone
