"""Writes the input files: policy, addendum, claims, trips, approvals and rates."""

from __future__ import annotations

import csv
import io

from _expense_audit_rules import DAYS, FORMS, Audit, Claim, Trip

MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
          "November", "December"]  # fmt: skip

POLICY = """\
# Travel expense policy

Valid from 1 January {year}. Each violation has a code, which the audit reports for the claim.

1. **EUR.** Rules and caps apply to amounts in EUR. A claim in another currency is converted with the rate of its
   `date` in `fx.csv` (how many units of the currency 1 EUR is) and rounded to the cent, half a cent up. The bank
   publishes rates on business days only: for any other day, the rate of the last business day before it holds.
2. **Trip.** A claim belongs to a trip in `trips.csv` that the claimant made, and its `date` is a day of that
   trip, the first and the last day included. Otherwise: `OUTSIDE`.
3. **Time.** A claim is filed at most {days} days after the last day of the trip it names; on the {days}th day it is
   still in time. Otherwise: `LATE`.
4. **Approval.** Entertainment of any amount, and flights of more than {flight} EUR, need an approval: a row of
   `approvals.csv` for the same trip and category that is `granted`, was decided on the claim's `date` or earlier,
   and whose limit is not below the claim's amount. Only such a row is an approval. Otherwise: `UNAPPROVED`.
5. **Hotels.** `date` is the day of arrival, `nights` the number of nights. If `breakfast` is `yes`, the price
   includes breakfast, which we do not pay: {breakfast}.00 EUR per night are deducted first. What is left may reach,
   but not exceed, the cap of the trip's country for each night:

   | Country | EUR per night |
   |---|---:|
{caps}
   Otherwise: `OVERCAP`.
6. **Meals.** A claim for a meal may reach, but not exceed, {meal}.00 EUR. Otherwise: `OVERCAP`.
7. **Duplicates.** Every receipt is paid once. Two claims are for the same receipt if employee, `date` and vendor
   are the same and the smaller amount in EUR is at most 2 % below the larger one (card companies convert at rates
   of their own). The claim with the earlier `filed_on` stands, and on the same day that with the lower `claim_id`.
   Every other one is a `DUPLICATE`. A vendor is the same if the names differ only in capital and small letters,
   spaces, punctuation, ä/ae, ö/oe, ü/ue, ß/ss or a legal form at the end ({forms}).
8. **Payment.** A claim with `OVERCAP` and no other code is paid up to the cap (the cap per night times the nights,
   or the cap for a meal). A claim with any other code is not paid. All others are paid in full, hotels after the
   deduction for breakfast. The rules are independent of each other: a claim gets the code of every rule that it
   breaks, whether or not it is paid anyway.

`claim_id` is given when a claim is begun, which may be days before it is filed.
"""
ADDENDUM = """\
# Addendum 1 to the travel expense policy

For claims whose `date` is {since} or later, no matter when they are filed, these amounts replace those of the
policy. Everything else stays as it is, and so does everything for claims with an earlier `date`.

- Rule 5, cap per night: {caps}.
- Rule 5, breakfast: {breakfast}.00 EUR per night.
- Rule 6, meals: {meal}.00 EUR.
"""


def files(audit: Audit, trips: list[Trip]) -> dict[str, str]:
    """Return name → text of every input file."""
    year = audit.since.year
    caps = "".join(f"   | {country} | {cap}.00 |\n" for country, cap in sorted(audit.old.caps.items()))
    moved = [f"{c} {cap}.00 EUR" for c, cap in sorted(audit.new.caps.items()) if audit.old.caps[c] != cap]
    day = f"{audit.since.day} {MONTHS[audit.since.month - 1]} {year}"
    old, new = audit.old, audit.new
    return {
        "policy.md": POLICY.format(year=year, days=DAYS, flight=audit.flight, breakfast=old.breakfast, caps=caps,
                                   meal=old.meal, forms=", ".join(FORMS)),
        "addendum.md": ADDENDUM.format(since=day, caps=", ".join(moved), breakfast=new.breakfast, meal=new.meal),
        "claims.csv": _text(
            "claim_id employee_id trip_id filed_on date category vendor currency amount nights breakfast remark",
            [_claim(claim) for claim in audit.claims],
        ),
        "trips.csv": _text(
            "trip_id employee_id city country first_day last_day purpose",
            [[t.trip_id, t.employee, t.city, t.country, t.first, t.last, t.purpose] for t in trips],
        ),
        "approvals.csv": _approvals(audit),
        "fx.csv": _text(
            "date currency units_per_eur",
            sorted([day, currency, rate] for currency, table in audit.rates.items() for day, rate in table.items()),
        ),
    }  # fmt: skip


def _claim(claim: Claim) -> list:
    hotel = claim.category == "hotel"
    return [claim.claim_id, claim.employee, claim.trip.trip_id, claim.filed, claim.date, claim.category, claim.vendor,
            claim.currency, f"{claim.amount / 100:.2f}", claim.nights if hotel else "",
            ("yes" if claim.breakfast else "no") if hotel else "", claim.remark]  # fmt: skip


def _approvals(audit: Audit) -> str:
    rows = sorted(audit.approvals, key=lambda row: (row.decided, row.trip_id, row.category))
    return _text(
        "approval_id trip_id category limit_eur status decided_on",
        [
            [f"A{number}", row.trip_id, row.category, f"{row.limit}.00", row.status, row.decided]
            for number, row in enumerate(rows, start=int(f"{audit.since.day}1"))
        ],
    )


def _text(header: str, rows: list[list]) -> str:
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\n").writerows([header.split(), *rows])
    return stream.getvalue()
