"""Audits the claims as policy and addendum say, or with one of the slips that the task is built around.

It shares no code with the generator, so that each proves the other. ``slip`` names what an auditor got wrong.
"""

import csv
import re
from collections import defaultdict
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

from _expense_audit_postbox import letters

MONTHS = "January February March April May June July August September October November December"


def table(workspace: Path, name: str) -> list[dict[str, str]]:
    """Return the rows of an input file."""
    with (workspace / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def _terms(workspace):
    """Return the terms of the policy, those of the addendum, the day between them and the bound for flights."""
    policy = re.sub(r"\s+", " ", (workspace / "policy.md").read_text("utf-8"))
    addendum = re.sub(r"\s+", " ", (workspace / "addendum-1.md").read_text("utf-8"))
    old = {
        **{country: Fraction(cap) for country, cap in re.findall(r"\| ([A-Z]{2}) \| ([\d.]+) ", policy)},
        "meal": Fraction(re.search(r"not exceed, ([\d.]+) EUR", policy)[1]),
        "breakfast": Fraction(re.search(r"pay: ([\d.]+) EUR per night", policy)[1]),
    }
    new = {
        **old,
        **{country: Fraction(cap) for country, cap in re.findall(r"\b([A-Z]{2}) ([\d.]+) EUR", addendum)},
        "meal": Fraction(re.search(r"meals: ([\d.]+) EUR", addendum)[1]),
        "breakfast": Fraction(re.search(r"breakfast: ([\d.]+) EUR", addendum)[1]),
    }
    day, month, year = re.search(r"`date` is (\d+) (\w+) (\d{4}) or later", addendum).groups()
    since = date(int(year), MONTHS.split().index(month) + 1, int(day))
    return old, new, since, int(re.search(r"more than (\d+) EUR, need", policy)[1])


class Auditor:
    """The inputs of one workspace, and what they come to."""

    def __init__(self, workspace: Path, slip: str = "") -> None:
        self.slip = slip
        self.old, self.new, self.since, self.flight = _terms(workspace)
        trips = table(workspace, "trips.csv")
        self.letters = letters(workspace, trips, str(self.since.year))
        self.trips = {row["trip_id"]: dict(row) for row in trips}
        self.approvals = table(workspace, "approvals.csv")
        self.rates = {(row["currency"], row["date"]): Fraction(row["units_per_eur"])
                      for row in table(workspace, "fx.csv")}  # fmt: skip
        self.claims = table(workspace, "claims.csv")
        for claim in self.claims:
            claim["eur"] = self._convert(claim)
        self.said = [letter for letter in self.letters if self._counts(letter)]
        self.gone: set[str] = set()
        for letter in self.said:
            self._settle(letter, {row["trip_id"]: row for row in trips})

    def _counts(self, letter):
        """Say whether a message has an effect."""
        kind, slip = letter["kind"], self.slip
        if slip == "no-mail" or (slip == "no-retraction" and kind in ("undo", "regrant", "restore")):
            return False
        if kind in ("pending", "wait"):
            return slip == "pending-granted"
        if kind in ("agree", "second") and slip == "no-agreement":
            return False
        if kind in ("withdraw", "restore"):
            owner = next(
                claim["employee_id"] for claim in self.claims if claim["claim_id"] == letter["claim"]
            )
            return letter["sender"] == owner or slip == "any-sender"
        return letter["sender"] == "desk" or slip == "any-sender"

    def _settle(self, letter, booked):
        """Apply what a message says about the days of a trip or a claim."""
        kind = letter["kind"]
        if kind in ("start", "end", "agree", "wait"):
            self.trips[letter["trip"]]["first_day" if kind == "start" else "last_day"] = letter["day"]
        elif kind == "undo":
            self.trips[letter["trip"]] = dict(booked[letter["trip"]])
        elif kind == "withdraw":
            self.gone.add(letter["twin" if self.slip == "wrong-of-two" else "claim"])
        elif kind == "restore":
            self.gone.discard(letter["claim"])

    def on_record(self, trip: str, category: str, day: str) -> list[dict[str, str]]:
        """Return the approvals for a trip and category at the end of a day."""
        rows = {row["approval_id"]: row for row in self.approvals if row["category"] == category}
        for number, letter in enumerate(self.said):
            too_late = letter["day_sent"] > day or (self.slip == "not-that-day" and letter["day_sent"] == day)
            if too_late and self.slip != "mail-any-day":
                continue
            kind, named = letter["kind"], letter.get("approval")
            if kind in ("grant", "pending", "second", "regrant") and category == "entertainment":
                if kind == "regrant":
                    wrong = (letter["trip"], int(letter["limit"]))
                    rows = {
                        key: row
                        for key, row in rows.items()
                        if (row["trip_id"], Fraction(row["limit_eur"])) != wrong
                    }
                rows[f"mail {number}"] = {"trip_id": letter.get("gainer", letter["trip"]), "status": "granted",
                                          "limit_eur": letter["limit"], "decided_on": ""}  # fmt: skip
            elif kind == "revoke":
                rows.pop(named, None)
            elif kind == "raise" and named in rows:
                rows[named] = {**rows[named], "limit_eur": letter["limit"]}
        employee = self.trips[trip]["employee_id"]
        return [
            row
            for row in rows.values()
            if row["trip_id"] == trip
            or (self.slip == "any-trip" and self.trips[row["trip_id"]]["employee_id"] == employee)
        ]

    def _convert(self, claim):
        amount, day = Fraction(claim["amount"]), date.fromisoformat(claim["date"])
        if claim["currency"] == "EUR":
            return amount
        while (claim["currency"], str(day)) not in self.rates:
            day += timedelta(days=1 if self.slip == "next-rate" else -1)
        return Fraction(int(amount / self.rates[claim["currency"], str(day)] * 100 + Fraction(1, 2)), 100)

    def audit(self) -> tuple[dict[str, list[str]], dict[str, Fraction]]:
        """Return the codes of each claim in violation, and the payment of each employee."""
        copies = self._copies()
        codes, paid = {}, defaultdict(Fraction)
        for claim in self.claims:
            if claim["claim_id"] in self.gone:
                paid[claim["employee_id"]] += 0
                continue
            net, cap = self._capped(claim)
            broken = [
                code
                for code, wrong in (
                    ("OUTSIDE", self._outside(claim)),
                    ("LATE", self._late(claim)),
                    ("UNAPPROVED", self._unapproved(claim)),
                    ("OVERCAP", net > cap),
                    ("DUPLICATE", claim["claim_id"] in copies),
                )
                if wrong
            ]
            if self.slip == "one-code":
                broken = broken[:1]
            if broken:
                codes[claim["claim_id"]] = broken
            paid[claim["employee_id"]] += {(): net, ("OVERCAP",): cap}.get(tuple(broken), 0)
        return codes, dict(paid)

    def _terms_on(self, claim, night=0):
        day = date.fromisoformat(claim["filed_on" if self.slip == "addendum-by-filing" else "date"])
        if self.slip not in ("addendum-by-filing", "by-arrival"):
            day += timedelta(days=night)
        terms = self.new if day >= self.since else self.old
        return {"no-addendum": self.old, "addendum-always": self.new}.get(self.slip, terms)

    def _capped(self, claim):
        if claim["category"] == "meal":
            return claim["eur"], self._terms_on(claim)["meal"]
        if claim["category"] != "hotel":
            return claim["eur"], claim["eur"]
        nights = [self._terms_on(claim, night) for night in range(int(claim["nights"]))]
        capped = nights[:1] if self.slip == "cap-per-stay" else nights
        cut = {"breakfast-once": nights[:1], "no-breakfast": []}.get(self.slip, nights)
        cap = sum(terms[self.trips[claim["trip_id"]]["country"]] for terms in capped)
        for row in self.on_record(claim["trip_id"], "hotel", claim["date"]):
            in_time = row["status"] == "granted" and row["decided_on"] <= claim["date"]
            if in_time and row["trip_id"] == claim["trip_id"] and self.slip != "no-hotel-approval":
                cap = Fraction(row["limit_eur"]) * (1 if self.slip == "hotel-limit-once" else len(capped))
        net = claim["eur"] - sum(terms["breakfast"] for terms in cut if claim["breakfast"] == "yes")
        return net, cap

    def _outside(self, claim):
        trip = self.trips[claim["trip_id"]]
        last = trip["last_day"]
        if self.slip == "last-day-out":
            last = str(date.fromisoformat(last) - timedelta(days=1))
        foreign = trip["employee_id"] != claim["employee_id"] and self.slip != "others-trip"
        return foreign or not trip["first_day"] <= claim["date"] <= last

    def _late(self, claim):
        start = (
            claim["date"] if self.slip == "late-from-expense" else self.trips[claim["trip_id"]]["last_day"]
        )
        start = date.fromisoformat(start)
        if self.slip == "late-by-month":
            month_later = (start.replace(day=1) + timedelta(days=32)).strftime("%Y-%m")
            return claim["filed_on"] > f"{month_later}-{start.day:02}"
        days = (date.fromisoformat(claim["filed_on"]) - start).days
        return days > 30 - (self.slip == "late-at-limit")

    def _unapproved(self, claim):
        category = claim["category"]
        if category != "entertainment" and not (category == "flight" and claim["eur"] > self.flight):
            return False
        if self.slip == "remarks" and "approved" in claim["remark"].lower():
            return False
        return not any(
            (row["status"] == "granted" or self.slip == "any-status")
            and (row["decided_on"] <= claim["date"] or self.slip == "any-day")
            and (Fraction(row["limit_eur"]) >= claim["eur"] or self.slip == "any-limit")
            for row in self.on_record(claim["trip_id"], category, claim["date"])
        )

    def _copies(self):
        """Return the ids of the claims whose receipt was filed before."""
        order = sorted(self.claims, key=lambda claim: (claim["filed_on"], claim["claim_id"]))
        if self.slip == "by-number":
            order = self.claims
        stands, copies = defaultdict(list), set()
        for claim in order:
            if claim["claim_id"] in self.gone and self.slip != "withdrawn-copies":
                continue
            before = stands[self._receipt(claim)]
            for other in before:
                if self._equal(other, claim):
                    copies |= {claim["claim_id"]} | (
                        {other["claim_id"]} if self.slip == "both-copies" else set()
                    )
            before.append(claim)
        return copies

    def _receipt(self, claim):
        vendor = claim["vendor"]
        if self.slip != "raw-vendors":
            vendor = plain_vendor(vendor)
        if self.slip == "fuzzy-vendors":
            vendor = vendor[:9]
        employee = "" if self.slip == "any-employee" else claim["employee_id"]
        return employee, "" if self.slip == "any-date" else claim["date"], vendor

    def _equal(self, one, two):
        if self.slip == "any-amount":
            return True
        if self.slip == "same-currency":
            return (one["amount"], one["currency"]) == (two["amount"], two["currency"])
        return min(one["eur"], two["eur"]) >= Fraction(98, 100) * max(one["eur"], two["eur"])


def plain_vendor(name: str) -> str:
    """Return a vendor's name without what the policy says does not count."""
    name = name.upper().replace("Ä", "AE").replace("Ö", "OE").replace("Ü", "UE")
    name = re.sub(r"[^\w]+", " ", name).strip()
    name = re.sub(r"( (GMBH|AG|KG|LTD|SA))+$", "", name)
    return name.replace(" ", "")
