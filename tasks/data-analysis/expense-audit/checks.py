"""Judge `findings.csv` and `payable.csv`.

Beside the whole list of findings, five groups of claims are judged on their own, so that L0 shows what an auditor
overlooked: repeated receipts and honest look-alikes, approvals, the addenda, claims with two violations, and those
that the travel desk's mail decides.
"""

from __future__ import annotations

from decimal import Decimal

from agentbench.validators.base import Context, Verdict, failed, number, passed, same_map, same_set

FINDINGS, PAYABLE, EXPECTED = "findings.csv", "payable.csv", "expected.json"
CENT = Decimal("0.01")


def findings_exact(ctx: Context) -> Verdict:
    """Judge whether exactly the right codes are reported for exactly the right claims."""
    expected = {(claim, code) for claim, codes in _expected(ctx)["codes"].items() for code in codes}
    found = {(claim, code) for claim, codes in _found(ctx).items() for code in codes}
    return same_set({" ".join(pair) for pair in expected}, {" ".join(pair) for pair in found}, "findings")


def group_right(ctx: Context, group: str) -> Verdict:
    """Judge the codes of the claims of one ``group``, those without a violation included."""
    expected, found = _expected(ctx), _found(ctx)
    wrong = []
    for claim in expected["groups"][group]:
        right, given = set(expected["codes"].get(claim, [])), found.get(claim, set())
        if right != given:
            wrong.append(f"{claim}: {_words(given)} instead of {_words(right)}")
    total = len(expected["groups"][group])
    if wrong:
        return failed(f"{total} claims judged rightly", f"{len(wrong)} not: {'; '.join(wrong[:5])}")
    return passed(f"{total} claims, all right")


def payable_right(ctx: Context) -> Verdict:
    """Judge the amount of every employee who filed a claim; nobody else is paid anything."""
    expected = _expected(ctx)["payable"]
    found: dict[str, str] = {}
    for row in ctx.csv(PAYABLE, ("employee_id", "eur")):
        employee = row["employee_id"].upper()
        if employee in found:
            return failed("one row for each employee", f"more than one for {employee}")
        found[employee] = row["eur"]
    extra = sorted(
        name for name, amount in found.items() if name not in expected and number(amount, name) != 0
    )
    if extra:
        return failed("payment to those who filed claims", f"also to {', '.join(extra[:5])}")
    return same_map(expected, found, "amounts", tolerance=CENT)


def _expected(ctx: Context) -> dict:
    return ctx.expected(EXPECTED)


def _found(ctx: Context) -> dict[str, set[str]]:
    """Return the reported codes by claim; a row without a code reports nothing."""
    found: dict[str, set[str]] = {}
    for row in ctx.csv(FINDINGS, ("claim_id", "code")):
        if row["code"]:
            found.setdefault(row["claim_id"].upper(), set()).add(row["code"].strip("`").upper())
    return found


def _words(codes: set[str]) -> str:
    return " and ".join(sorted(codes)) or "no code"
