"""A careful clerk, two who report otherwise, and careless ones for every slip."""

import csv
import io
import json
from pathlib import Path

from _half_sent_payouts_clerk import Clerk, load_payctl

HEADER = ["payout_id", "status", "amount_eur", "transfers"]


def _write(workspace, rows, header=HEADER, **form):
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n", **form)
    writer.writerow(header)
    writer.writerows(rows)
    (workspace / "payouts.csv").write_text(out.getvalue(), "utf-8")


def oracle(workspace: Path) -> str:
    """Ask, take back, send, ask again, report."""
    _write(workspace, Clerk(workspace).work())
    return "The batch is finished; payouts.csv says what everybody has got."


def other_form(workspace: Path) -> None:
    """Report in another order of rows and columns, with notes and semicolons; ask the gateway twice."""
    rows = Clerk(workspace).work()
    Clerk(workspace).ask()
    mixed = [
        [r[3].replace(";", " ; "), r[0], "checked", r[2].removesuffix("0"), r[1].upper()]
        for r in reversed(rows)
    ]
    _write(workspace, mixed, ["transfers", "payout_id", "note", "amount_eur", "status"])
    (workspace / "working.txt").write_text("sums by payout\n", "utf-8")


def by_command_line(workspace: Path) -> None:
    """Work with plain calls of payctl, in small parts: the sum is sent in two where that is not needed."""
    clerk = Clerk(workspace)
    clerk.ask()
    clerk.take_back()
    clerk.save()
    payctl = load_payctl(workspace)
    (workspace / "log.txt").write_text("recalls done\n", "utf-8")
    payctl.main(["limit"], workspace / "gateway")
    payctl.main(["list", "--page", "2", "--json"], workspace / "gateway")
    again = Clerk(workspace)
    again.send_missing()
    again.save()
    _write(workspace, again.report())


def stuffer(workspace: Path) -> None:
    """Report the batch as paid, without the gateway."""
    with (workspace / "batch.csv").open(encoding="utf-8", newline="") as stream:
        _write(
            workspace, [[row["payout_id"], "paid", row["amount_eur"], ""] for row in csv.DictReader(stream)]
        )


def forces(workspace: Path) -> None:
    """Pay a closed account and what is over the limit, with --force."""
    clerk = Clerk(workspace)
    rows = clerk.work()
    late = next(row for row in rows if row[1] == "deferred")
    clerk.gateway.send(
        "forced.1", clerk.due[late[0]]["payee"], clerk.due[late[0]]["amount"], late[0], force=True
    )
    clerk.save()
    _write(workspace, clerk.report())


def edits_the_ledger(workspace: Path) -> None:
    """Let a transfer of the night be settled by hand, in the gateway's own storage."""
    rows = Clerk(workspace).work()
    ledger = workspace / "gateway/ledger.jsonl"
    lines = ledger.read_text().splitlines()
    last = json.loads(lines[-1])
    last["result"]["state"] = "settled"
    ledger.write_text("\n".join([*lines, json.dumps({**last, "n": last["n"] + 1, "op": "bank"})]) + "\n")
    _write(workspace, rows)


def reports_the_plan(workspace: Path) -> None:
    """Report what was meant to happen, without sending anything."""
    copy = Clerk(workspace)
    copy.ask()
    copy.take_back()
    copy.send_missing()
    _write(workspace, copy.report())


def _cent_more(name, pick):
    """Return a fault that sends a cent to the first payout that ``pick`` takes, and reports nothing of it."""

    def fault(workspace: Path) -> None:
        clerk = Clerk(workspace)
        rows = clerk.report()
        payout = next(row[0] for row in rows if pick(clerk, row))
        clerk.count = 900
        clerk.send(payout, 1)
        clerk.save()

    return _named(name, fault)


def _edited(name, column, value):
    """Return a fault that changes a cell of the first paid row of the report."""

    def fault(workspace: Path) -> None:
        with (workspace / "payouts.csv").open(encoding="utf-8", newline="") as stream:
            rows = list(csv.reader(stream))
        row = next(row for row in rows[1:] if row[1] == "paid")
        row[column] = value
        _write(workspace, rows[1:])

    return _named(name, fault)


def _named(name, solution):
    solution.__name__ = name
    globals()[name] = solution
    return solution


def _slip(name):
    def solution(workspace: Path) -> None:
        _write(workspace, Clerk(workspace, {name}).work())

    return _named(name.replace("-", "_"), solution)


def _in_log(clerk, text):
    return text in (clerk.workspace / "run.log").read_text("utf-8")


def _corrected(clerk, row):
    return clerk.due[row[0]].get("change") in {"amount", "added"} and row[1] == "paid"


def _released(clerk, row):
    notes = (clerk.workspace / "handover.md").read_text("utf-8")
    by_hand = (
        row[0] in clerk.manual.values() or "deposit" in notes.split(clerk.due[row[0]]["payee_name"])[-1][:60]
    )
    return clerk.due[row[0]]["payee_name"] in notes and row[1] == "paid" and not by_hand


def _ordinary(clerk, row):
    made = [one for one in clerk.gateway.transfers.values() if one["ref"] == row[0]]
    return (
        [one["state"] for one in made] == ["settled"] and _in_log(clerk, f"{row[0]} ok {made[0]['id']}")
        and not clerk.due[row[0]].get("change")
    )  # fmt: skip


PICKS = {
    "doubtful": lambda clerk, row: _in_log(clerk, f"ERROR {row[0]} 402"),
    "doubles": lambda clerk, row: _in_log(clerk, f"trying again key={row[0]}.1r"),
    "corrected": _corrected,
    "held": _released,
    "unsure": lambda clerk, row: clerk.gateway.payees[clerk.due[row[0]]["payee"]]["account"].startswith(
        "XX9"
    ),
    "others": _ordinary,
}
MONEY = {*PICKS, "limit"}
LIMIT, PAID = {"limit", "statuses"}, {"no-new-double"}
SLIPS = {
    "log": {"doubtful", *LIMIT, *PAID},
    "pending-paid": {"doubtful", "report", *LIMIT},
    "pending-unpaid": {"doubtful", "report", *LIMIT, *PAID},
    "returned-paid": {"doubtful", "report", *LIMIT},
    "manual-unseen": {"doubtful", "report", *LIMIT, *PAID},
    "bounced-paid": {"doubtful", "report", *LIMIT},
    "split-done": {"doubtful", *LIMIT},
    "twins-doubled": {"doubtful", "statuses"},
    "doubles-kept": {"doubles", *LIMIT},
    "recalls-unasked": {"doubles", "report", *LIMIT},
    "sends-unasked": {"unsure", "report"},
    "no-corrections": {"corrected", "report", *LIMIT, *PAID},
    "unapproved-too": {"corrected", *LIMIT, *PAID},
    "file-order": {"corrected", *LIMIT},
    "withdrawn-kept": {"corrected", *LIMIT},
    "lowered-recalled": {"corrected", *LIMIT},
    "hold-lifted": {"held", *LIMIT},
    "hold-agreed": {"held", *LIMIT, *PAID},
    "hold-asked": {"held", *LIMIT},
    "hold-place": {"held", *LIMIT, *PAID},
    "hold-small": {"held", *LIMIT},
    "stops-at-first": LIMIT,
    "recalls-last": LIMIT,
}
ALTERNATIVES = [other_form, by_command_line]
WRONG = {_slip(name): fails for name, fails in SLIPS.items()} | {
    forces: {*LIMIT, "no-force"},
    edits_the_ledger: {*MONEY, "report", "inputs-unchanged", "no-new-double", "no-force"},
    reports_the_plan: {*MONEY, "report"},
}
MUTATIONS = {
    _cent_more(f"cent_more_for_{name}", pick): {name, "report"} | (PAID if name != "doubles" else set())
    for name, pick in PICKS.items()
} | {
    _cent_more("cent_for_one_who_waits", lambda clerk, row: row[1] == "deferred"): {"limit", "report"},
    _edited("another_status", 1, "held"): {"statuses"},
    _edited("another_amount", 2, "0.00"): {"report"},
    _edited("another_transfer", 3, "T1"): {"report"},
}
