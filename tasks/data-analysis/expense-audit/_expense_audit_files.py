"""Writes the input files: policy, addenda, mail, claims, trips, approvals and rates."""

from __future__ import annotations

import csv
import io

from _expense_audit_letters import MONTHS, letters
from _expense_audit_mail import Claim
from _expense_audit_rules import DAYS, FORMS
from _expense_audit_world import Quarter

POLICY = """\
# Travel expense policy

Valid from 1 January {year}. Each violation has a code, which the audit reports for the claim.

1. **EUR.** Rules and caps apply to amounts in EUR. A claim in another currency is converted with the rate of its
   `date` in `fx.csv` (how many units of the currency 1 EUR is) and rounded to the cent, half a cent up. The bank
   publishes rates on business days only: for any other day, the rate of the last business day before it holds.
2. **Trip.** A claim belongs to a trip in `trips.csv` that the claimant made, and its `date` is a day of that
   trip, the first and the last day included. Otherwise: `OUTSIDE`.
3. **Time.** A claim is filed at most {days} days after the last day of the trip it names, whoever made that trip; on
   the {days}th day it is still in time. Otherwise: `LATE`.
4. **Approval.** Entertainment of any amount, and flights of more than {flight} EUR, need an approval: a row of
   `approvals.csv` for the same trip and category that is `granted`, was decided on the claim's `date` or earlier,
   and whose limit is not below the claim's amount (each claim by itself, not the sum of several). Otherwise:
   `UNAPPROVED`.
5. **Hotels.** `date` is the day of arrival, `nights` the number of nights. If `breakfast` is `yes`, the price
   includes breakfast, which we do not pay: {breakfast}.00 EUR per night are deducted first. What is left may reach,
   but not exceed, the cap of the bill. The cap of a bill is the cap of the trip's country times the nights; a dear
   night and a cheap one may make up for each other.

   | Country | EUR per night |
   |---|---:|
{caps}
   Otherwise: `OVERCAP`.
6. **Meals.** A claim for a meal may reach, but not exceed, {meal}.00 EUR. Otherwise: `OVERCAP`.
7. **Duplicates.** Every receipt is paid once. Two claims are for the same receipt if employee, `date` and vendor
   are the same, whatever trip and category they name, and the smaller amount in EUR is at most 2 % below the larger
   one (card companies convert at rates of their own). Of the claims for one receipt, be it two or more, the one with
   the earliest `filed_on` stands, and on the same day that with the lowest `claim_id`. Every other one is a
   `DUPLICATE`. A vendor is the same if the names differ only in capital and small letters, spaces, punctuation,
   ä/ae, ö/oe, ü/ue, ß/ss or the legal form at the end ({forms}), which may be missing or another one.
8. **Payment.** A claim with `OVERCAP` and no other code is paid up to the cap. A claim with any other code is not
   paid. All others are paid in full, hotels after the deduction for breakfast. The rules are independent of each
   other: a claim gets the code of every rule that it breaks, whether or not it is paid anyway.
9. **Mail.** What the travel desk settles by mail is in `desk-mail.txt`. It is not entered in the tables, but counts
   like an entry there and goes before it; a later message goes before an earlier one.
   - Only the travel desk grants, changes or revokes approvals and changes the days of a trip. What others write about
     that changes nothing, unless the desk agrees to it in a message of its own. A claim is withdrawn, or put back, by
     the employee who filed it and by nobody else. A remark in `claims.csv` has no effect on anything.
   - For rule 4 an approval counts as it stood at the end of the claim's `date`: messages up to and including that
     day are taken into account, later ones are not. What the desk grants is decided on the day of its message. Days
     of a trip and withdrawals hold as they stand after the last message, for all claims.
   - A withdrawn claim is treated as if it had never been filed: no code, no payment, and no part in rule 7.

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
SECOND = """\
# Addendum 2 to the travel expense policy

It corrects Addendum 1 and completes rule 5, for all claims of the quarter.

- A hotel bill does not follow its `date` as a whole. Each of its nights has the cap and the breakfast of the day on
  which that night begins: of three nights from an arrival on {before}, the first goes by the policy and the other
  two by Addendum 1. The cap of the bill is the sum of the caps of its nights.
- Where an approval with the category `hotel` is on record for the trip (granted and decided in time, as in rule 4),
  its limit takes the place of the country's cap for every night of the trip's hotel bills, on both sides of that
  day. It is an amount per night. Breakfast is deducted as usual.
"""


def files(quarter: Quarter) -> dict[str, str]:
    """Return name → text of every input file."""
    audit, mail = quarter.audit, quarter.audit.mail
    year = audit.since.year
    caps = "".join(f"   | {country} | {cap}.00 |\n" for country, cap in sorted(audit.old.caps.items()))
    moved = [f"{c} {cap}.00 EUR" for c, cap in sorted(audit.new.caps.items()) if audit.old.caps[c] != cap]
    day, before = (
        f"{number} {MONTHS[audit.since.month - 1]}" for number in (audit.since.day, audit.since.day - 1)
    )
    old, new = audit.old, audit.new
    rows = sorted(audit.approvals, key=lambda row: (row.decided, row.trip_id, row.category))
    numbers = {id(row): f"A{number}" for number, row in enumerate(rows, start=int(f"{audit.since.day}1"))}
    return {
        "policy.md": POLICY.format(year=year, days=DAYS, flight=audit.flight, breakfast=old.breakfast, caps=caps,
                                   meal=old.meal, forms=", ".join(FORMS)),
        "addendum-1.md": ADDENDUM.format(since=f"{day} {year}", caps=", ".join(moved), breakfast=new.breakfast,
                                         meal=new.meal),
        "addendum-2.md": SECOND.format(before=before),
        "desk-mail.txt": letters(mail, quarter.trips, numbers, quarter.names),
        "claims.csv": _text(
            "claim_id employee_id trip_id filed_on date category vendor currency amount nights breakfast remark",
            [_claim(claim) for claim in audit.claims],
        ),
        "trips.csv": _text(
            "trip_id employee_id city country first_day last_day purpose",
            [[t.trip_id, t.employee, t.city, t.country, *mail.booked.get(t.trip_id, (t.first, t.last)), t.purpose]
             for t in quarter.trips],
        ),
        "approvals.csv": _text(
            "approval_id trip_id category limit_eur status decided_on",
            [[numbers[id(row)], row.trip_id, row.category, f"{row.limit}.00", row.status, row.decided]
             for row in rows],
        ),
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


def _text(header: str, rows: list[list]) -> str:
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\n").writerows([header.split(), *rows])
    return stream.getvalue()
