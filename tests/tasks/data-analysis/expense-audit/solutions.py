"""A careful auditor, two who write it down or work otherwise, one wrong audit for every slip, and single faults."""

from collections import defaultdict
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from _expense_audit_faults import (
    accuses_a_withdrawn_one,
    drops_a_duplicate,
    drops_a_late_one,
    drops_an_approval,
    drops_one_of_two,
    edits_the_policy,
    flags_a_namesake,
    flags_an_approved_one,
    flips_an_addendum_claim,
    invents_a_claim,
    leaves_out_the_unpaid,
    overlooks_a_message,
    pays_a_total,
    two_cents_off,
    wrong_code,
)
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
    """Settle the mail first, then go through the rules one after the other over all claims, in decimals."""
    auditor = _Auditor(workspace)
    claims = {row["claim_id"]: row for row in _table(workspace, "claims.csv")}
    paid = {claim["employee_id"]: Decimal(0) for claim in claims.values()}
    for name in auditor.gone:
        del claims[name]
    findings, net = defaultdict(set), {}
    for name, claim in claims.items():
        net[name] = _converted(claim, auditor.rates)
        trip = auditor.trips[claim["trip_id"]]
        days = trip["first_day"] <= claim["date"] <= trip["last_day"]
        if claim["employee_id"] != trip["employee_id"] or not days:
            findings[name].add("OUTSIDE")
        if _ordinal(claim["filed_on"]) > _ordinal(trip["last_day"]) + 30:
            findings[name].add("LATE")
    rest = dict(net)
    for name, claim in claims.items():
        needed = {"entertainment": -1, "flight": auditor.flight}.get(claim["category"], 10**9)
        limits = _limits(auditor, claim)
        if net[name] > needed and max(limits, default=-1) < net[name]:
            findings[name].add("UNAPPROVED")
        cut, cap = _cut_and_cap(auditor, claim, limits)
        rest[name] -= cut
        if cap is not None and rest[name] > cap:
            findings[name].add("OVERCAP")
            rest[name] = cap
    names = sorted(claims, key=lambda name: (claims[name]["filed_on"], name))
    for i, name in enumerate(names):
        if any(_one_receipt(claims[name], claims[other], net[name], net[other]) for other in names[:i]):
            findings[name].add("DUPLICATE")
    for name, claim in claims.items():
        paid[claim["employee_id"]] += 0 if findings[name] - {"OVERCAP"} else rest[name]
    _save(workspace, findings, paid)


def _converted(claim, rates):
    known = [day for currency, day in rates if currency == claim["currency"] and day <= claim["date"]]
    rate = rates[claim["currency"], max(known)] if known else 1
    return (Decimal(claim["amount"]) / Decimal(str(float(rate)))).quantize(Decimal("0.01"), ROUND_HALF_UP)


def _ordinal(day):
    return date.fromisoformat(day).toordinal()


def _limits(auditor, claim):
    """Return the limits of the approvals that a claim may lean on."""
    return [
        Decimal(row["limit_eur"])
        for row in auditor.on_record(claim["trip_id"], claim["category"], claim["date"])
        if row["status"] == "granted" and row["decided_on"] <= claim["date"]
    ]


def _cut_and_cap(auditor, claim, limits):
    """Return what comes off a claim before it is capped, and the cap, added up night by night."""
    first, since = _ordinal(claim["date"]), auditor.since.toordinal()
    if claim["category"] == "meal":
        return 0, Decimal(int((auditor.new if first >= since else auditor.old)["meal"]))
    if claim["category"] != "hotel":
        return 0, None
    cut = cap = Decimal(0)
    for night in range(first, first + int(claim["nights"])):
        terms = auditor.new if night >= since else auditor.old
        cut += int(terms["breakfast"]) if claim["breakfast"] == "yes" else 0
        cap += limits[0] if limits else int(terms[auditor.trips[claim["trip_id"]]["country"]])
    return cut, cap


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


def by_arrival(workspace: Path) -> None:
    """Judge hotel bills across the addendum's day by arrival."""
    _slip(workspace, "by-arrival")


def no_hotel_approval(workspace: Path) -> None:
    """Overlook approvals of dearer hotels."""
    _slip(workspace, "no-hotel-approval")


def hotel_limit_once(workspace: Path) -> None:
    """Take the limit of a hotel's approval for the whole bill."""
    _slip(workspace, "hotel-limit-once")


def no_mail(workspace: Path) -> None:
    """Audit by the tables alone."""
    _slip(workspace, "no-mail")


def any_sender(workspace: Path) -> None:
    """Believe whoever writes to the travel desk."""
    _slip(workspace, "any-sender")


def pending_granted(workspace: Path) -> None:
    """Take an undecided request for an approval."""
    _slip(workspace, "pending-granted")


def no_retraction(workspace: Path) -> None:
    """Overlook what later messages take back."""
    _slip(workspace, "no-retraction")


def mail_any_day(workspace: Path) -> None:
    """Take approvals as they stand at the end, whatever the claim's date."""
    _slip(workspace, "mail-any-day")


def not_that_day(workspace: Path) -> None:
    """Leave out what the desk wrote on the very day of a claim."""
    _slip(workspace, "not-that-day")


def no_agreement(workspace: Path) -> None:
    """Overlook that the desk agreed to what others had written."""
    _slip(workspace, "no-agreement")


def withdrawn_copies(workspace: Path) -> None:
    """Call the second copy of a receipt a duplicate of one that was withdrawn."""
    _slip(workspace, "withdrawn-copies")


def wrong_of_two(workspace: Path) -> None:
    """Withdraw the other of the two claims that a message names."""
    _slip(workspace, "wrong-of-two")


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


ALTERNATIVES = [spelled_otherwise, rule_by_rule]
REPEATS = {"findings", "repeats", "payable"}
APPROVALS = {"findings", "approvals", "payable"}
ADDENDUM = {"findings", "addendum", "payable"}
MESSAGES = {"findings", "messages", "payable"}
PLAIN = {"findings", "payable"}
WRONG = {
    **dict.fromkeys([raw_vendors, fuzzy_vendors, same_currency, any_date, any_employee, any_amount], REPEATS),
    by_number: REPEATS,
    both_copies: REPEATS | MESSAGES,
    next_rate: {"payable"},
    **dict.fromkeys([addendum_by_filing, no_addendum, addendum_always, by_arrival], ADDENDUM),
    **dict.fromkeys([no_hotel_approval, hotel_limit_once, cap_per_stay], ADDENDUM),
    **dict.fromkeys([remarks, any_status, any_day, any_trip], APPROVALS),
    any_limit: APPROVALS | MESSAGES,
    **dict.fromkeys([no_mail, any_sender, pending_granted, no_retraction, mail_any_day], MESSAGES),
    **dict.fromkeys([not_that_day, no_agreement, withdrawn_copies, wrong_of_two], MESSAGES),
    **dict.fromkeys([no_breakfast, breakfast_once], PLAIN),
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
    overlooks_a_message: {"findings", "messages"},
    accuses_a_withdrawn_one: {"findings", "messages"},
    wrong_code: {"findings"},
    invents_a_claim: {"findings"},
    two_cents_off: {"payable"},
    leaves_out_the_unpaid: {"payable"},
    pays_a_total: {"payable"},
    edits_the_policy: {"inputs-unchanged"},
}
