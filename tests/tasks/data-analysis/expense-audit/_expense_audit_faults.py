"""Makes single faults in a right audit, each of which exactly the checks meant for it must see."""

import csv
import re
from pathlib import Path

from _expense_audit_reader import Auditor, table


def _edit(workspace, name, change):
    path = workspace / name
    with path.open(encoding="utf-8", newline="") as lines:
        header, *rows = csv.reader(lines)
    change(rows)
    with path.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([header, *rows])


def _codes(workspace):
    return Auditor(workspace).audit()[0]


def _drop(workspace, fits, by_mail=False):
    """Take the first finding out that fits, among those that the mail decides or among the others."""
    codes, decided = _codes(workspace), _decided_by_mail(workspace)
    _edit(
        workspace,
        "findings.csv",
        lambda rows: rows.remove(
            next(row for row in rows if (row[0] in decided) == by_mail and fits(row, codes[row[0]]))
        ),
    )


def _decided_by_mail(workspace):
    """Return the claims that come out differently if the mail is misread, and all copies of withdrawn receipts."""
    right = Auditor(workspace)
    codes, decided = right.audit()[0], set(right.gone)
    for slip in ("no-mail", "any-sender", "pending-granted", "no-retraction", "mail-any-day", "not-that-day"):
        other = Auditor(workspace, slip).audit()[0]
        decided |= {claim for claim in codes.keys() | other.keys() if codes.get(claim) != other.get(claim)}
    receipts = {row["claim_id"]: (row["employee_id"], row["date"], row["vendor"]) for row in right.claims}
    withdrawn = {receipts[claim] for claim in right.gone}
    return decided | {claim for claim, receipt in receipts.items() if receipt in withdrawn}


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
    old, new = (Auditor(workspace, slip).audit()[0] for slip in ("no-addendum", "addendum-always"))
    return [row["claim_id"] for row in table(workspace, "claims.csv")
            if old.get(row["claim_id"]) != new.get(row["claim_id"])]  # fmt: skip


def flips_an_addendum_claim(workspace: Path) -> None:
    """Forget the code of one claim that the addendum is about."""
    sensitive = _version_sensitive(workspace)
    _drop(workspace, lambda row, codes: row[0] in sensitive)


def flags_a_namesake(workspace: Path) -> None:
    """Take the bill of a vendor with a similar name for a duplicate."""
    found = _codes(workspace)
    fuzzy = Auditor(workspace, "fuzzy-vendors").audit()[0]
    honest = sorted(claim for claim, codes in fuzzy.items() if "DUPLICATE" in codes and claim not in found)
    _edit(workspace, "findings.csv", lambda rows: rows.append([honest[0], "DUPLICATE"]))


def flags_an_approved_one(workspace: Path) -> None:
    """Accuse a claim with an approval of having none."""
    found = {*_codes(workspace), *_decided_by_mail(workspace)}
    good = next(row["claim_id"] for row in table(workspace, "claims.csv")
                if row["category"] == "entertainment" and row["claim_id"] not in found)  # fmt: skip
    _edit(workspace, "findings.csv", lambda rows: rows.append([good, "UNAPPROVED"]))


def overlooks_a_message(workspace: Path) -> None:
    """Forget one finding that rests on the mail."""
    _drop(workspace, lambda row, codes: True, by_mail=True)


def accuses_a_withdrawn_one(workspace: Path) -> None:
    """Report a claim that was withdrawn."""
    gone = sorted(Auditor(workspace).gone)
    _edit(workspace, "findings.csv", lambda rows: rows.append([gone[0], "OVERCAP"]))


def wrong_code(workspace: Path) -> None:
    """Call one late claim outside."""

    def change(rows):
        codes, decided = _codes(workspace), _decided_by_mail(workspace)
        next(row for row in rows if codes[row[0]] == ["LATE"] and row[0] not in decided)[1] = "OUTSIDE"

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
