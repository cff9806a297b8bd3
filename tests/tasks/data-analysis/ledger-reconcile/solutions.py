"""A careful clerk, two who hand over in another form, and careless ones for every slip."""

import csv
import json
from collections import defaultdict
from datetime import timedelta
from pathlib import Path

from _ledger_reconcile_clerk import Clerk


def _euros(cents):
    return f"{'-' if cents < 0 else ''}{abs(cents) // 100}.{abs(cents) % 100:02d}"


def _rows(workspace, name, header, rows, delimiter=","):
    with (workspace / name).open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, delimiter=delimiter)
        writer.writerow(header)
        writer.writerows(rows)


def _hand_over(workspace, clerk):
    groups = [(f"G{n:03d}", *record) for n, group in enumerate(clerk.groups, 1) for record in group]
    _rows(workspace, "matches.csv", ["group", "source", "record_id"], groups)
    opened = [(*record, reason) for record, reason in clerk.open.items()]
    _rows(workspace, "open_items.csv", ["source", "record_id", "reason"], opened)
    journal = []
    for number, (contra, cents) in enumerate(clerk.journal, 1):
        journal += [(number, "1200", _euros(cents)), (number, contra, _euros(-cents))]
    _rows(workspace, "journal.csv", ["entry", "account", "amount"], journal)
    _balances(workspace, clerk.bank, clerk.ledger)


def _balances(workspace, bank, ledger):
    given = {"adjusted_bank": _euros(bank), "adjusted_ledger": _euros(ledger)}
    (workspace / "summary.json").write_text(json.dumps(given), "utf-8")


def oracle(workspace: Path) -> str:
    """Close the month by the rules."""
    clerk = Clerk(workspace).close()
    _hand_over(workspace, clerk)
    return f"June is closed: both balances are {_euros(clerk.bank)}."


def one_entry(workspace: Path) -> None:
    """Hand over one entry, other names and orders, semicolons, numbers without zeros, and notes."""
    clerk = Clerk(workspace).close()
    groups = [
        ("checked", record.lstrip("0"), source.upper(), f"{min(group)[1]}/{len(group)}/{group[0][1]}")
        for group in reversed(clerk.groups)
        for source, record in reversed(group)
    ]
    _rows(workspace, "matches.csv", ["note", "record_id", "Source", "Group"], groups, ";")
    opened = sorted((reason.upper(), record, source, "") for (source, record), reason in clerk.open.items())
    _rows(workspace, "open_items.csv", ["reason", "record_id", "source", "remark"], opened, "\t")
    sums = defaultdict(int)
    for contra, cents in clerk.journal:
        sums["1200"] += cents
        sums[contra] -= cents
    journal = [("close", account, cents / 100, "June") for account, cents in sums.items()]
    _rows(workspace, "journal.csv", ["entry", "account", "amount", "text"], journal)
    given = {"adjusted_bank": clerk.bank / 100, "adjusted_ledger": clerk.ledger / 100, "period": "2026-06"}
    (workspace / "summary.json").write_text("\ufeff" + json.dumps(given, indent=2), "utf-8")
    (workspace / "working.md").write_text("sums by payout\n", "utf-8")


def split_entries(workspace: Path) -> None:
    """Hand over entries by account, each in two halves."""
    clerk = Clerk(workspace).close()
    clerk.groups.sort(key=len)
    clerk.journal = [
        (contra, part) for contra, cents in sorted(clerk.journal) for part in (cents // 2, cents - cents // 2)
    ]
    _hand_over(workspace, clerk)


def stuffer(workspace: Path) -> None:
    """Put everything into plausible places without working it out."""
    clerk = Clerk(workspace)
    clerk.groups = [[("bank", entry.id)] for entry in clerk.entries]
    clerk.open = {("processor", event.event_id): "in-transit" for event in clerk.events}
    clerk.open |= {("ledger", str(line.line)): "outstanding" for line in clerk.lines}
    clerk.ledger = clerk.bank
    _hand_over(workspace, clerk)


def _named(name, solution):
    solution.__name__ = name
    globals()[name] = solution
    return solution


def _slip(slip):
    def careless(workspace: Path) -> None:
        _hand_over(workspace, Clerk(workspace, {slip}).close())

    return _named(slip.replace("-", "_"), careless)


ALTERNATIVES = [one_entry, split_entries]
SLIPS = {
    "any-held": {"lines", "payouts-eur"},
    "fee-per-event": {"journal"},
    "payouts-by-amount": {"lines", "payouts-eur"},
    "exact-first": {"lines", "open-items"},
    "any-day": {"lines", "open-items"},
    "utc-day": {"lines", "open-items"},
    "oldest-reversed": {"lines", "payments", "reversals"},
    "storno-posts": {"lines", "open-items", "reversals"},
    "twins-double": {"lines", "open-items", "twins"},
    "no-transposed": {"lines", "open-items"},
    "transfers-by-amount": {"open-items", "transfers"},
    "first-return": {"payments"},
    "rest-apart": {"balances", "journal", "open-items", "transfers"},
    "next-month-in": {"balances", "journal", "reasons"},
    "transit-net": {"balances"},
    "others-ours": {"balances", "journal", "reasons"},
    "may-twice": {"balances"},
}
WRONG = {_slip(name): fails for name, fails in SLIPS.items()}


def _edited(name, file, change):
    def fault(workspace: Path) -> None:
        target = workspace / file
        rows = list(csv.reader(target.read_text("utf-8").splitlines()))
        change(workspace, rows)
        _rows(workspace, file, rows[0], rows[1:])

    return _named(name, fault)


def _swap_ids(source, fits):
    """Exchange a record of the first group that fits with one of the next."""

    def change(workspace, rows):
        groups = defaultdict(list)
        for row in rows[1:]:
            groups[row[0]].append(row)
        clerk = Clerk(workspace)
        kinds = {entry.id: f"{entry.kind} {entry.text}" for entry in clerk.entries}
        chosen = [
            next(row for row in group if row[1] == source)
            for group in groups.values()
            if any(row[1] == source for row in group)
            and fits(" ".join(kinds[row[2]] for row in group if row[1] == "bank"))
        ]
        chosen[0][2], chosen[1][2] = chosen[1][2], chosen[0][2]

    return change


def off_by_a_cent(workspace: Path) -> None:
    """Report the ledger's balance a cent too high."""
    given = json.loads((workspace / "summary.json").read_text("utf-8"))
    given["adjusted_ledger"] = float(given["adjusted_ledger"]) + 1
    (workspace / "summary.json").write_text(json.dumps(given), "utf-8")


def _reasons(workspace, rows):
    next(row for row in rows if row[0] == "bank")[2] = "doubtful"


def _twin_opened(workspace, rows):
    """Call a line open that is one of two of the same order, amount and day."""
    clerk = Clerk(workspace)
    lines, events = defaultdict(list), defaultdict(int)
    for line in clerk.lines:
        lines[line.ref, line.cents, line.day].append(str(line.line))
    for event in clerk.events:
        events[event.order[:16], event.value, event.day] += 1
    opened = {row[1] for row in rows if row[0] == "ledger"}
    twins = [
        several
        for (ref, cents, day), several in lines.items()
        if len(several) > 1 and events[ref, cents, day] == len(several) and not opened & set(several)
        if not any(events[ref, cents, day - timedelta(days=days)] for days in (1, 2))
    ]
    rows.append(["ledger", next(one for one in twins if _in_payout(workspace, one))[-1], "double"])


def _in_payout(workspace, lines):
    rows = list(csv.reader((workspace / "matches.csv").read_text("utf-8").splitlines()))
    groups = {row[0] for row in rows if row[2] in lines}
    return all(any(row[0] == group and row[1] == "processor" for row in rows) for group in groups)


MUTATIONS = {
    _edited("swaps_eur_events", "matches.csv", _swap_ids("processor", lambda text: "PAYOUT EUR" in text)): {
        "payouts-eur"
    },
    _edited("swaps_usd_events", "matches.csv", _swap_ids("processor", lambda text: "PAYOUT USD" in text)): {
        "payouts-foreign"
    },
    _edited("swaps_lines", "matches.csv", _swap_ids("ledger", lambda text: "PAYOUT GBP" in text)): {"lines"},
    _edited("swaps_invoices", "matches.csv", _swap_ids("ledger", lambda text: "TRF" in text)): {"transfers"},
    _edited("swaps_payments", "matches.csv", _swap_ids("ledger", lambda text: "COL" in text)): {"payments"},
    _edited("swaps_reversals", "matches.csv", _swap_ids("ledger", lambda text: not text)): {"reversals"},
    _edited("wrong_reason", "open_items.csv", _reasons): {"reasons"},
    _edited("opens_a_twin", "open_items.csv", _twin_opened): {"twins", "open-items"},
    _edited("wrong_account", "journal.csv", lambda workspace, rows: rows[2].__setitem__(1, "4801")): {
        "journal"
    },
    off_by_a_cent: {"balances"},
}
