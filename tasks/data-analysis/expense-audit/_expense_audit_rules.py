"""The policy applied to the claims, and what comes out for somebody who misreads it.

`Audit.judge` without a slip is the truth. `TRAPS` maps each slip to exactly the checks it must cost; a drawn
quarter in which a slip costs nothing, or costs something else, is refused.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from itertools import combinations

from _expense_audit_mail import Approval, Claim, Mail

FORMS = ("GmbH", "AG", "KG", "Ltd", "SA")
ORDER = ("OUTSIDE", "LATE", "UNAPPROVED", "OVERCAP", "DUPLICATE")
DAYS = 30
REPEATS = {"findings", "repeats", "payable"}
APPROVALS = {"findings", "approvals", "payable"}
ADDENDUM = {"findings", "addendum", "payable"}
MESSAGES = {"findings", "messages", "payable"}
PLAIN = {"findings", "payable"}

TRAPS = {
    "raw-vendors": REPEATS,
    "fuzzy-vendors": REPEATS,
    "same-currency": REPEATS,
    "any-date": REPEATS,
    "any-employee": REPEATS,
    "any-amount": REPEATS,
    "by-number": REPEATS,
    "both-copies": REPEATS | MESSAGES,
    "next-rate": {"payable"},
    "addendum-by-filing": ADDENDUM,
    "no-addendum": ADDENDUM,
    "addendum-always": ADDENDUM,
    "by-arrival": ADDENDUM,
    "no-hotel-approval": ADDENDUM,
    "hotel-limit-once": ADDENDUM,
    "remarks": APPROVALS,
    "any-status": APPROVALS,
    "any-day": APPROVALS,
    "any-trip": APPROVALS,
    "any-limit": APPROVALS | MESSAGES,
    "cap-per-stay": ADDENDUM,
    "no-breakfast": PLAIN,
    "breakfast-once": PLAIN,
    "late-from-expense": PLAIN,
    "late-at-limit": PLAIN,
    "late-by-month": PLAIN,
    "last-day-out": PLAIN,
    "others-trip": PLAIN,
    "one-code": {"findings", "double"},
    "no-mail": MESSAGES,
    "any-sender": MESSAGES,
    "pending-granted": MESSAGES,
    "no-retraction": MESSAGES,
    "mail-any-day": MESSAGES,
    "not-that-day": MESSAGES,
    "no-agreement": MESSAGES,
    "withdrawn-copies": MESSAGES,
    "wrong-of-two": MESSAGES,
}


@dataclass
class Terms:
    """The numbers of the policy or, with the addendum, those that replace them. Amounts in EUR."""

    caps: dict[str, int]
    meal: int
    breakfast: int


@dataclass
class Audit:
    """All that an audit of one quarter needs."""

    old: Terms
    new: Terms
    since: date
    flight: int
    rates: dict[str, dict[date, Decimal]]
    claims: list[Claim] = field(default_factory=list)
    approvals: list[Approval] = field(default_factory=list)
    mail: Mail = field(default_factory=Mail)
    known: dict[tuple[str, bool], Decimal] = field(default_factory=dict)
    """Amounts in EUR by claim id and slip, once the claims are numbered."""
    truth: tuple[dict[str, set[str]], dict[str, Decimal]] | None = None

    def euro(self, claim: Claim, slip: str = "") -> Decimal:
        """Return the amount in EUR, rounded to the cent."""
        key = (claim.claim_id, slip == "next-rate")
        if key not in self.known:
            amount = self.unrounded(claim, slip).quantize(Decimal("0.01"), ROUND_HALF_UP)
            if not claim.claim_id:
                return amount
            self.known[key] = amount
        return self.known[key]

    def unrounded(self, claim: Claim, slip: str = "") -> Decimal:
        """Return the amount in EUR as it is before rounding."""
        amount = Decimal(claim.amount) / 100
        if claim.currency == "EUR":
            return amount
        table = self.rates[claim.currency]
        days = sorted(table)
        place = bisect_left(days, claim.date) if slip == "next-rate" else bisect_right(days, claim.date) - 1
        return amount / table[days[place]]

    def terms(self, claim: Claim, slip: str = "", night: int = 0) -> Terms:
        """Return the terms that hold for a claim, or for one night of it."""
        day = claim.date + timedelta(days=0 if slip == "by-arrival" else night)
        if slip == "addendum-by-filing":
            day = claim.filed
        new = (day >= self.since or slip == "addendum-always") and slip != "no-addendum"
        return self.new if new else self.old

    def judge(self, slip: str = "") -> tuple[dict[str, set[str]], dict[str, Decimal]]:
        """Return the codes of each claim and what each employee is paid."""
        codes, paid = {}, defaultdict(Decimal)
        gone = self.mail.withdrawn(slip)
        copies = self._copies(slip, set() if slip == "withdrawn-copies" else gone)
        for claim in self.claims:
            if claim.claim_id in gone:
                codes[claim.claim_id] = set()
                paid[claim.employee] += Decimal(0)
                continue
            amount, cap = self._allowed(claim, slip)
            found = {
                "OUTSIDE": self._outside(claim, slip),
                "LATE": self._late(claim, slip),
                "UNAPPROVED": self._unapproved(claim, slip),
                "OVERCAP": cap is not None and amount > cap,
                "DUPLICATE": claim.claim_id in copies,
            }
            broken = [code for code in ORDER if found[code]]
            if slip == "one-code":
                broken = broken[:1]
            codes[claim.claim_id] = set(broken)
            if set(broken) - {"OVERCAP"}:
                amount = Decimal(0)
            elif broken:
                amount = cap
            paid[claim.employee] += amount
        return codes, dict(paid)

    def _allowed(self, claim: Claim, slip: str) -> tuple[Decimal, Decimal | None]:
        """Return the amount that is compared with the cap, and the cap, if there is one."""
        amount = self.euro(claim, slip)
        if claim.category == "meal":
            return amount, Decimal(self.terms(claim, slip).meal)
        if claim.category != "hotel":
            return amount, None
        nights = [self.terms(claim, slip, night) for night in range(claim.nights)]
        if claim.breakfast and slip != "no-breakfast":
            amount -= sum(terms.breakfast for terms in nights[: 1 if slip == "breakfast-once" else None])
        caps = [terms.caps[claim.trip.country] for terms in nights[: 1 if slip == "cap-per-stay" else None]]
        lifted = [
            row.limit
            for row in self.approvals
            if row.category == "hotel" and row.trip_id == claim.trip.trip_id
            if row.status == "granted" and row.decided <= claim.date
        ]
        if lifted and slip != "no-hotel-approval":
            caps = [max(lifted)] * (1 if slip in ("cap-per-stay", "hotel-limit-once") else claim.nights)
        return amount, Decimal(sum(caps))

    def _outside(self, claim: Claim, slip: str) -> bool:
        if claim.trip.employee != claim.employee and slip != "others-trip":
            return True
        first, last = self.mail.span(claim.trip, slip)
        return not first <= claim.date <= last - timedelta(days=slip == "last-day-out")

    def _late(self, claim: Claim, slip: str) -> bool:
        last = claim.date if slip == "late-from-expense" else self.mail.span(claim.trip, slip)[1]
        if slip == "late-by-month":
            year, month = (last.year, last.month + 1)
            long = date(year, month + 1, 1) - timedelta(days=1)
            return claim.filed > date(year, month, min(last.day, long.day))
        return claim.filed > last + timedelta(days=DAYS - (slip == "late-at-limit"))

    def needs_approval(self, claim: Claim) -> bool:
        """Say whether a claim needs an approval."""
        flight = claim.category == "flight" and self.euro(claim) > self.flight
        return flight or claim.category == "entertainment"

    def _unapproved(self, claim: Claim, slip: str) -> bool:
        if not self.needs_approval(claim) or (slip == "remarks" and "pproved" in claim.remark):
            return False
        return not any(
            row.limit >= self.euro(claim) or slip == "any-limit" for row in self._fitting(claim, slip)
        )

    def _fitting(self, claim: Claim, slip: str) -> list[Approval]:
        """Return the approvals for a claim's trip and category on record on its day, whatever their limits."""
        trips = {claim.trip.trip_id}
        if slip == "any-trip":
            trips |= {other.trip.trip_id for other in self.claims if other.employee == claim.employee}
        return [
            row
            for row in self.mail.on_record(self.approvals, trips, claim.date, slip)
            if row.trip_id in trips and row.category == claim.category
            if (row.status == "granted" or slip == "any-status")
            and (row.decided <= claim.date or slip == "any-day")
        ]

    def _copies(self, slip: str, gone: set[str]) -> set[str]:
        """Return the ids of the claims for receipts that were filed before; those ``gone`` do not count."""
        alike = defaultdict(list)
        for claim in self.claims:
            employee = "" if slip == "any-employee" else claim.employee
            day = None if slip == "any-date" else claim.date
            if claim.claim_id not in gone:
                alike[employee, day, _vendor(claim.vendor, slip)].append(claim)
        found = set()
        for claims in alike.values():
            key = (lambda c: c.claim_id) if slip == "by-number" else (lambda c: (c.filed, c.claim_id))
            for first, later in combinations(sorted(claims, key=key), 2):
                if self._same_amount(first, later, slip):
                    found |= {later.claim_id} | ({first.claim_id} if slip == "both-copies" else set())
        return found

    def _same_amount(self, one: Claim, two: Claim, slip: str) -> bool:
        if slip == "same-currency":
            return (one.currency, one.amount) == (two.currency, two.amount)
        return self.gap(one, two) <= Decimal("0.02") or slip == "any-amount"

    def gap(self, one: Claim, two: Claim) -> Decimal:
        """Return the difference of two amounts as a share of the larger one."""
        low, high = sorted((self.euro(one), self.euro(two)))
        return (high - low) / high

    def off_edges(self) -> None:
        """Add a hundredth to amounts that come out at half a cent."""
        for claim in self.claims:
            if abs(self.unrounded(claim) * 100 % 1 - Decimal("0.5")) < Decimal("0.0001"):
                claim.amount += 1

    def lost(self, slip: str) -> set[str]:
        """Return the checks that a slip costs."""
        (codes, paid), (other, given) = self.truth or self.judge(), self.judge(slip)
        wrong = [claim for claim in self.claims if codes[claim.claim_id] != other[claim.claim_id]]
        lost = {claim.group for claim in wrong if claim.group} | ({"findings"} if wrong else set())
        if any(abs(given[name] - amount) > Decimal("0.02") for name, amount in paid.items()):
            lost.add("payable")
        return lost

    def complaints(self) -> list[str]:
        """Return all that makes the quarter unfit: unplanned findings, values on an edge, dead traps."""
        self.truth = codes, _ = self.judge()
        wrong = [
            f"{c.category} {c.claim_id}: {sorted(codes[c.claim_id])} instead of {sorted(c.planned)}"
            for c in self.claims
            if codes[c.claim_id] != c.planned
        ]
        for one, two in combinations(self.claims, 2):
            if (one.employee, one.date) != (two.employee, two.date):
                continue
            near = self.gap(one, two)
            if Decimal("0.015") < near < Decimal("0.04") and vendor_key(one.vendor) == vendor_key(two.vendor):
                wrong.append(f"{one.claim_id} and {two.claim_id}: nearly one amount")
        if wrong:
            return wrong
        for slip, costs in sorted(TRAPS.items(), key=lambda trap: not trap[0].startswith("any-")):
            if (lost := self.lost(slip)) != costs:
                return [f"{slip}: {sorted(lost)}"]
        return []


@cache
def vendor_key(name: str) -> str:
    """Return a vendor's name without all that does not count."""
    name = name.casefold()
    for umlaut, plain in (("ä", "ae"), ("ö", "oe"), ("ü", "ue")):
        name = name.replace(umlaut, plain)
    words = re.findall(r"[a-z0-9]+", name)
    while words and words[-1] in {form.casefold() for form in FORMS}:
        words.pop()
    return "".join(words)


def _vendor(name: str, slip: str) -> str:
    if slip == "raw-vendors":
        return name
    return vendor_key(name)[:9] if slip == "fuzzy-vendors" else vendor_key(name)
