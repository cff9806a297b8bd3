"""Build the expense audit: a quarter's claims with violations and look-alikes, the rules, the right findings.

A drawn quarter is used only if the policy finds exactly what was planted and every slip of
`_expense_audit_rules.TRAPS` costs exactly the checks that it should; else another one is drawn.
"""

from __future__ import annotations

import json
from pathlib import Path
from random import Random

from _expense_audit_files import files
from _expense_audit_plants import Plants
from _expense_audit_world import Quarter

DRAWS = 60


def build(workspace: Path, hidden: Path, seed: int) -> None:
    """Write claims and rules to ``workspace`` and the right findings and amounts to ``hidden``."""
    complaints: list[str] = []
    for draw in range(DRAWS):
        quarter = Quarter(Random(f"expense-audit/{seed}/{draw}"))
        complaints = _complete(quarter)
        if not complaints:
            break
    else:
        raise RuntimeError(f"no usable quarter in {DRAWS} draws: {complaints[:5]}")
    for name, text in files(quarter).items():
        (workspace / name).write_text(text, "utf-8")
    codes, paid = quarter.audit.judge()
    groups: dict[str, list[str]] = {}
    for claim in quarter.audit.claims:
        if claim.group:
            groups.setdefault(claim.group, []).append(claim.claim_id)
    expected = {
        "codes": {claim: sorted(found) for claim, found in sorted(codes.items()) if found},
        "groups": groups,
        "payable": {employee: f"{amount:.2f}" for employee, amount in sorted(paid.items())},
    }
    hidden.mkdir(exist_ok=True)
    (hidden / "expected.json").write_text(json.dumps(expected, indent=1) + "\n", "utf-8")


def _complete(quarter: Quarter) -> list[str]:
    """Plant, number the claims in the order in which they were begun, and return what is wrong with them."""
    try:
        Plants(quarter).plant()
    except LookupError as error:
        return [str(error)]
    quarter.audit.off_edges()
    rng, claims = quarter.rng, quarter.audit.claims
    rng.shuffle(claims)
    claims.sort(key=lambda claim: claim.opened)
    number = rng.randint(2000, 7000)
    for claim in claims:
        number += rng.randint(1, 3)
        claim.claim_id = f"C{number}"
    return quarter.audit.complaints()
