"""Audits the claims as policy and addendum say, or with one of the slips that the task is built around.

It shares no code with the generator, so that each proves the other. ``slip`` names what an auditor got wrong.
"""

import csv
import re
from collections import defaultdict
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

MONTHS = "January February March April May June July August September October November December"


def table(workspace: Path, name: str) -> list[dict[str, str]]:
    """Return the rows of an input file."""
    with (workspace / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def _terms(workspace):
    """Return the terms of the policy, those of the addendum, the day between them and the bound for flights."""
    policy = re.sub(r"\s+", " ", (workspace / "policy.md").read_text("utf-8"))
    addendum = re.sub(r"\s+", " ", (workspace / "addendum.md").read_text("utf-8"))
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
        self.trips = {row["trip_id"]: row for row in table(workspace, "trips.csv")}
        self.approvals = table(workspace, "approvals.csv")
        self.rates = {(row["currency"], row["date"]): Fraction(row["units_per_eur"])
                      for row in table(workspace, "fx.csv")}  # fmt: skip
        self.claims = table(workspace, "claims.csv")
        for claim in self.claims:
            claim["eur"] = self._convert(claim)

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

    def _capped(self, claim):
        day = claim["filed_on" if self.slip == "addendum-by-filing" else "date"]
        terms = self.new if date.fromisoformat(day) >= self.since else self.old
        terms = {"no-addendum": self.old, "addendum-always": self.new}.get(self.slip, terms)
        if claim["category"] == "meal":
            return claim["eur"], terms["meal"]
        if claim["category"] != "hotel":
            return claim["eur"], claim["eur"]
        nights = int(claim["nights"])
        cut = terms["breakfast"] * {"breakfast-once": 1, "no-breakfast": 0}.get(self.slip, nights)
        cap = terms[self.trips[claim["trip_id"]]["country"]] * (1 if self.slip == "cap-per-stay" else nights)
        return claim["eur"] - (cut if claim["breakfast"] == "yes" else 0), cap

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
        category, employee = claim["category"], claim["employee_id"]
        if category != "entertainment" and not (category == "flight" and claim["eur"] > self.flight):
            return False
        if self.slip == "remarks" and "approved" in claim["remark"].lower():
            return False
        return not any(
            row["category"] == category
            and (
                row["trip_id"] == claim["trip_id"]
                or (self.slip == "any-trip" and self.trips[row["trip_id"]]["employee_id"] == employee)
            )
            and (row["status"] == "granted" or self.slip == "any-status")
            and (row["decided_on"] <= claim["date"] or self.slip == "any-day")
            and (Fraction(row["limit_eur"]) >= claim["eur"] or self.slip == "any-limit")
            for row in self.approvals
        )

    def _copies(self):
        """Return the ids of the claims whose receipt was filed before."""
        order = sorted(self.claims, key=lambda claim: (claim["filed_on"], claim["claim_id"]))
        if self.slip == "by-number":
            order = self.claims
        stands, copies = defaultdict(list), set()
        for claim in order:
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
