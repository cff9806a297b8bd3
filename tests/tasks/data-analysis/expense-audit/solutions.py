"""A careful auditor, two who write it down or work otherwise, one wrong audit for every slip, and single faults."""

import csv
import re
from collections import defaultdict
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from _expense_audit_reader import Auditor as _Auditor
from _expense_audit_reader import plain_vendor as _plain_vendor
from _expense_audit_reader import table as _table


def _save(workspace, codes, paid):
    findings = [f"{claim},{code}" for claim, broken in codes.items() for code in broken]
    (workspace / "findings.csv").write_text("\n".join(["claim_id,code", *findings]) + "\n", "utf-8")
    payments = [f"{employee},{float(amount):.2f}" for employee, amount in sorted(paid.items())]
    (workspace / "payable.csv").write_text("\n".join(["employee_id,eur", *payments]) + "\n", "utf-8")
    return f"{len(findings)} findings."


def _slip(workspace, slip=""):
    return _save(workspace, *_Auditor(workspace, slip).audit())


def oracle(workspace: Path) -> str:
    """Apply policy and addendum with care."""
    return _slip(workspace)


# -- other right solutions -----------------------------------------------------------------------


def spelled_otherwise(workspace: Path) -> None:
    """Write semicolons, a BOM, CRLF, reversed rows, notes, whole rows of claims, and figures of other length."""
    codes, paid = _Auditor(workspace).audit()
    lines = ["note;Code;Claim_ID"]
    lines += [f"rule broken;{code.lower()};{claim}" for claim, broken in codes.items() for code in broken]
    text = "\r\n".join([lines[0], *reversed(lines[1:])])
    (workspace / "findings.csv").write_bytes(b"\xef\xbb\xbf" + text.encode())
    rows = [f"{float(amount):.4f}\t{employee}" for employee, amount in paid.items()]
    (workspace / "payable.csv").write_text("\n".join(["eur\temployee_id", *rows]), "utf-8")
    (workspace / "audit-notes.md").write_text(
        "Some claims call themselves approved. They are not.\n", "utf-8"
    )


def rule_by_rule(workspace: Path) -> None:
    """Go through the rules one after the other over all claims, in decimals."""
    auditor = _Auditor(workspace)
    cent = Decimal("0.01")
    claims = {row["claim_id"]: row for row in _table(workspace, "claims.csv")}
    trips = {row["trip_id"]: row for row in _table(workspace, "trips.csv")}
    findings, net, rest = defaultdict(set), {}, {}
    for name, claim in claims.items():
        known = [
            day for currency, day in auditor.rates if currency == claim["currency"] and day <= claim["date"]
        ]
        rate = auditor.rates[claim["currency"], max(known)] if known else 1
        euros = Decimal(claim["amount"]) / Decimal(str(float(rate)))
        net[name] = rest[name] = euros.quantize(cent, ROUND_HALF_UP)
        trip = trips[claim["trip_id"]]
        if (
            claim["employee_id"] != trip["employee_id"]
            or not trip["first_day"] <= claim["date"] <= trip["last_day"]
        ):
            findings[name].add("OUTSIDE")
        if (
            date.fromisoformat(claim["filed_on"]).toordinal()
            - date.fromisoformat(trip["last_day"]).toordinal()
            > 30
        ):
            findings[name].add("LATE")
    for name, claim in claims.items():
        needed = {"entertainment": -1, "flight": auditor.flight}.get(claim["category"], 10**9)
        fitting = [
            row
            for row in auditor.approvals
            if (row["trip_id"], row["category"], row["status"])
            == (claim["trip_id"], claim["category"], "granted")
            if row["decided_on"] <= claim["date"] and Decimal(row["limit_eur"]) >= net[name]
        ]
        if net[name] > needed and not fitting:
            findings[name].add("UNAPPROVED")
        terms = auditor.new if date.fromisoformat(claim["date"]) >= auditor.since else auditor.old
        if claim["category"] in ("meal", "hotel"):
            nights = int(claim["nights"] or 1)
            kind = "meal" if claim["category"] == "meal" else trips[claim["trip_id"]]["country"]
            if claim["breakfast"] == "yes":
                rest[name] -= nights * int(terms["breakfast"])
            if rest[name] > nights * int(terms[kind]):
                findings[name].add("OVERCAP")
                rest[name] = Decimal(nights * int(terms[kind]))
    names = sorted(claims, key=lambda name: (claims[name]["filed_on"], name))
    for i, name in enumerate(names):
        if any(_one_receipt(claims[name], claims[other], net[name], net[other]) for other in names[:i]):
            findings[name].add("DUPLICATE")
    paid = defaultdict(Decimal)
    for name, claim in claims.items():
        paid[claim["employee_id"]] += 0 if findings[name] - {"OVERCAP"} else rest[name]
    _save(workspace, findings, paid)


def _one_receipt(one, two, first, second):
    same = (one["employee_id"], one["date"]) == (two["employee_id"], two["date"])
    return (
        same
        and _plain_vendor(one["vendor"]) == _plain_vendor(two["vendor"])
        and abs(first - second) <= max(first, second) * Decimal("0.02")
    )


# -- plausible, but wrong ------------------------------------------------------------------------


def raw_vendors(workspace: Path) -> None:
    """Compare vendors letter by letter."""
    _slip(workspace, "raw-vendors")


def fuzzy_vendors(workspace: Path) -> None:
    """Take vendors whose names begin alike for one."""
    _slip(workspace, "fuzzy-vendors")


def same_currency(workspace: Path) -> None:
    """Look for duplicates only by equal amount and currency."""
    _slip(workspace, "same-currency")


def any_date(workspace: Path) -> None:
    """Take equal amounts on two nights for a duplicate."""
    _slip(workspace, "any-date")


def any_employee(workspace: Path) -> None:
    """Take the bills of two colleagues for a duplicate."""
    _slip(workspace, "any-employee")


def any_amount(workspace: Path) -> None:
    """Take two receipts of one vendor and day for a duplicate."""
    _slip(workspace, "any-amount")


def by_number(workspace: Path) -> None:
    """Let the lower claim number stand, whenever it was filed."""
    _slip(workspace, "by-number")


def both_copies(workspace: Path) -> None:
    """Report both claims for one receipt."""
    _slip(workspace, "both-copies")


def next_rate(workspace: Path) -> None:
    """Convert weekends with Monday's rate."""
    _slip(workspace, "next-rate")


def addendum_by_filing(workspace: Path) -> None:
    """Apply the addendum by the day of filing."""
    _slip(workspace, "addendum-by-filing")


def no_addendum(workspace: Path) -> None:
    """Overlook the addendum."""
    _slip(workspace, "no-addendum")


def addendum_always(workspace: Path) -> None:
    """Apply the addendum to the whole quarter."""
    _slip(workspace, "addendum-always")


def remarks(workspace: Path) -> None:
    """Believe remarks that speak of an approval."""
    _slip(workspace, "remarks")


def any_status(workspace: Path) -> None:
    """Take a refusal for an approval."""
    _slip(workspace, "any-status")


def any_day(workspace: Path) -> None:
    """Accept an approval given afterwards."""
    _slip(workspace, "any-day")


def any_trip(workspace: Path) -> None:
    """Accept an approval for another trip."""
    _slip(workspace, "any-trip")


def any_limit(workspace: Path) -> None:
    """Overlook the limit of an approval."""
    _slip(workspace, "any-limit")


def cap_per_stay(workspace: Path) -> None:
    """Compare whole hotel bills with the cap for one night."""
    _slip(workspace, "cap-per-stay")


def no_breakfast(workspace: Path) -> None:
    """Deduct no breakfast."""
    _slip(workspace, "no-breakfast")


def breakfast_once(workspace: Path) -> None:
    """Deduct breakfast once per bill."""
    _slip(workspace, "breakfast-once")


def late_from_expense(workspace: Path) -> None:
    """Count the thirty days from the receipt."""
    _slip(workspace, "late-from-expense")


def late_at_limit(workspace: Path) -> None:
    """Call the thirtieth day late."""
    _slip(workspace, "late-at-limit")


def late_by_month(workspace: Path) -> None:
    """Count a month instead of thirty days."""
    _slip(workspace, "late-by-month")


def last_day_out(workspace: Path) -> None:
    """Leave the last day out of a trip."""
    _slip(workspace, "last-day-out")


def others_trip(workspace: Path) -> None:
    """Overlook that a trip was somebody else's."""
    _slip(workspace, "others-trip")


def one_code(workspace: Path) -> None:
    """Report only the first violation of a claim."""
    _slip(workspace, "one-code")


def sorts_the_claims(workspace: Path) -> None:
    """Audit rightly, but leave the claims sorted by employee."""
    _slip(workspace)
    path = workspace / "claims.csv"
    header, *rows = path.read_text("utf-8").splitlines()
    path.write_text("\n".join([header, *sorted(rows, key=lambda row: row.split(",")[1])]) + "\n", "utf-8")


def stuffer(workspace: Path) -> str:
    """Report every code for every suspicious claim, and pay everything as claimed."""
    claims = _table(workspace, "claims.csv")
    codes = ("OUTSIDE", "LATE", "UNAPPROVED", "OVERCAP", "DUPLICATE")
    suspect = [row for row in claims if row["remark"] or row["category"] in ("hotel", "entertainment")]
    paid = defaultdict(float)
    for row in claims:
        paid[row["employee_id"]] += float(row["amount"])
    _save(workspace, {row["claim_id"]: codes for row in suspect}, paid)
    return "All violations found: duplicates, late claims, caps of the addendum, missing approvals."


# -- single faults in a right audit --------------------------------------------------------------


def _edit(workspace, name, change):
    path = workspace / name
    with path.open(encoding="utf-8", newline="") as lines:
        header, *rows = csv.reader(lines)
    change(rows)
    with path.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([header, *rows])


def _codes(workspace):
    return _Auditor(workspace).audit()[0]


def _drop(workspace, fits):
    """Take the first finding out that fits."""
    codes = _codes(workspace)
    _edit(
        workspace,
        "findings.csv",
        lambda rows: rows.remove(next(row for row in rows if fits(row, codes[row[0]]))),
    )


def drops_a_duplicate(workspace: Path) -> None:
    """Forget one duplicate."""
    _drop(workspace, lambda row, codes: codes == ["DUPLICATE"])


def drops_an_approval(workspace: Path) -> None:
    """Forget one missing approval."""
    _drop(workspace, lambda row, codes: codes == ["UNAPPROVED"])


def drops_one_of_two(workspace: Path) -> None:
    """Forget one of a claim's two codes."""
    _drop(workspace, lambda row, codes: len(codes) == 2)


def drops_a_late_one(workspace: Path) -> None:
    """Forget one late claim."""
    _drop(workspace, lambda row, codes: codes == ["LATE"])


def _version_sensitive(workspace):
    """Return the claims that policy and addendum judge differently, and their codes."""
    old, new = (_Auditor(workspace, slip).audit()[0] for slip in ("no-addendum", "addendum-always"))
    return [row["claim_id"] for row in _table(workspace, "claims.csv")
            if old.get(row["claim_id"]) != new.get(row["claim_id"])]  # fmt: skip


def flips_an_addendum_claim(workspace: Path) -> None:
    """Forget the code of one claim that the addendum is about."""
    sensitive = _version_sensitive(workspace)
    _drop(workspace, lambda row, codes: row[0] in sensitive)


def flags_a_namesake(workspace: Path) -> None:
    """Take the bill of a vendor with a similar name for a duplicate."""
    found = _codes(workspace)
    fuzzy = _Auditor(workspace, "fuzzy-vendors").audit()[0]
    honest = sorted(claim for claim, codes in fuzzy.items() if "DUPLICATE" in codes and claim not in found)
    _edit(workspace, "findings.csv", lambda rows: rows.append([honest[0], "DUPLICATE"]))


def flags_an_approved_one(workspace: Path) -> None:
    """Accuse a claim with an approval of having none."""
    found = _codes(workspace)
    good = next(row["claim_id"] for row in _table(workspace, "claims.csv")
                if row["category"] == "entertainment" and row["claim_id"] not in found)  # fmt: skip
    _edit(workspace, "findings.csv", lambda rows: rows.append([good, "UNAPPROVED"]))


def wrong_code(workspace: Path) -> None:
    """Call one late claim outside."""

    def change(rows):
        codes = _codes(workspace)
        next(row for row in rows if codes[row[0]] == ["LATE"])[1] = "OUTSIDE"

    _edit(workspace, "findings.csv", change)


def invents_a_claim(workspace: Path) -> None:
    """Report a claim that does not exist."""
    _edit(workspace, "findings.csv", lambda rows: rows.append(["C1", "LATE"]))


def two_cents_off(workspace: Path) -> None:
    """Pay one employee two cents too much."""

    def change(rows):
        rows[0][1] = f"{float(rows[0][1]) + 0.02:.2f}"

    _edit(workspace, "payable.csv", change)


def leaves_out_the_unpaid(workspace: Path) -> None:
    """Leave out the employee who is paid nothing."""
    _edit(workspace, "payable.csv", lambda rows: rows.remove(next(row for row in rows if float(row[1]) == 0)))


def pays_a_total(workspace: Path) -> None:
    """Add a row with the sum."""
    _edit(
        workspace,
        "payable.csv",
        lambda rows: rows.append(["TOTAL", f"{sum(float(row[1]) for row in rows):.2f}"]),
    )


def edits_the_policy(workspace: Path) -> None:
    """Leave a mark in the policy."""
    path = workspace / "policy.md"
    path.write_text(re.sub("Valid from", "Read. Valid from", path.read_text("utf-8")), "utf-8")


ALTERNATIVES = [spelled_otherwise, rule_by_rule]
REPEATS = {"findings", "repeats", "payable"}
APPROVALS = {"findings", "approvals", "payable"}
ADDENDUM = {"findings", "addendum", "payable"}
PLAIN = {"findings", "payable"}
WRONG = {
    **dict.fromkeys([raw_vendors, fuzzy_vendors, same_currency, any_date, any_employee, any_amount], REPEATS),
    **dict.fromkeys([by_number, both_copies], REPEATS),
    next_rate: {"payable"},
    **dict.fromkeys([addendum_by_filing, no_addendum, addendum_always], ADDENDUM),
    **dict.fromkeys([remarks, any_status, any_day, any_trip, any_limit], APPROVALS),
    **dict.fromkeys([cap_per_stay, no_breakfast, breakfast_once], PLAIN),
    **dict.fromkeys([late_from_expense, late_at_limit, late_by_month, last_day_out, others_trip], PLAIN),
    one_code: {"findings", "double"},
    sorts_the_claims: {"inputs-unchanged"},
}
MUTATIONS = {
    drops_a_duplicate: {"findings", "repeats"},
    drops_an_approval: {"findings", "approvals"},
    drops_one_of_two: {"findings", "double"},
    drops_a_late_one: {"findings"},
    flips_an_addendum_claim: {"findings", "addendum"},
    flags_a_namesake: {"findings", "repeats"},
    flags_an_approved_one: {"findings", "approvals"},
    wrong_code: {"findings"},
    invents_a_claim: {"findings"},
    two_cents_off: {"payable"},
    leaves_out_the_unpaid: {"payable"},
    pays_a_total: {"payable"},
    edits_the_policy: {"inputs-unchanged"},
}
