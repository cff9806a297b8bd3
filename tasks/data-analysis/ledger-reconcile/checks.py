"""Judges groups as sets of records, open items, correcting entries and balances; names and order are free."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

from agentbench.validators.base import (
    CheckFailed,
    Context,
    Verdict,
    failed,
    number,
    passed,
    same_map,
    same_set,
)

Record = tuple[str, str]
Group = frozenset[Record]
SHARE = 0.8
"""How much of the open items must be given before their reasons earn anything."""


def payouts_right(ctx: Context, kind: str) -> Verdict:
    """Judge which events each payout consists of, the ledger's lines left aside."""
    right = {frozenset(r for r in group if r[0] != "ledger") for group in _right(ctx, kind)}
    given = {frozenset(r for r in group if r[0] != "ledger") for group in _groups(ctx).values()}
    return _all_there(right, given, f"{kind} payouts")


def lines_right(ctx: Context) -> Verdict:
    """Judge which of the ledger's lines stand in the groups of the payouts."""
    right = {}
    for group in _right(ctx, "eur") | _right(ctx, "foreign"):
        payout = next(record for source, record in group if source == "bank")
        right[payout] = {record for source, record in group if source == "ledger"}
    found: dict[str, set[str]] = {payout: set() for payout in right}
    for group in _groups(ctx).values():
        for payout in right.keys() & {record for source, record in group if source == "bank"}:
            found[payout] |= {record for source, record in group if source == "ledger"}
    wrong = [
        f"bank {payout}: {len(lines - found[payout])} lines missing, {len(found[payout] - lines)} too many"
        for payout, lines in sorted(right.items())
        if found[payout] != lines
    ]
    if wrong:
        return failed(f"the lines of {len(right)} payouts", f"{len(wrong)} wrong: {'; '.join(wrong[:5])}")
    return passed(f"the lines of {len(right)} payouts, all right")


def groups_right(ctx: Context, kind: str) -> Verdict:
    """Judge whole groups of a kind; for reversals, also that nothing else is a group of lines alone."""
    right, given = _right(ctx, kind), set(_groups(ctx).values())
    if kind == "pair":
        alone = {group for group in given if {source for source, _ in group} == {"ledger"}}
        return same_set(_named(right), _named(alone), "groups of reversals")
    return _all_there(right, given, f"groups of {kind}s")


def twins_kept(ctx: Context) -> Verdict:
    """Judge that no line of equal events of one day is called open, and each is in a group with a payout."""
    twins = set(ctx.expected("expected.json")["twins"])
    grouped: set[str] = set()
    for group in _groups(ctx).values():
        if {"bank", "processor"} <= {source for source, _ in group}:
            grouped |= {record for source, record in group if source == "ledger"}
    lost = {line for source, line in _open(ctx) if source == "ledger"} & twins | (twins - grouped)
    if lost:
        return failed(f"{len(twins)} lines of equal events stay", f"not so: {', '.join(sorted(lost)[:8])}")
    return passed(f"{len(twins)} lines of equal events stay")


def open_right(ctx: Context) -> Verdict:
    """Judge which records are open, the ledger's with their reasons, and that every other one is in one group."""
    right = {(source, record): reason for source, record, reason in ctx.expected("expected.json")["open"]}
    placed = {record for group in _groups(ctx).values() for record in group}
    if both := placed & _open(ctx).keys():
        raise CheckFailed("no record both in a group and open", _shown(min(both)))
    missing = (
        {(source, r) for source, some in _records(ctx).items() for r in some} - placed - _open(ctx).keys()
    )
    if missing:
        raise CheckFailed(
            "every record in a group or open", f"{len(missing)} nowhere: {_shown(min(missing))}"
        )
    return same_set(_items(right), _items(_open(ctx)), "open items")


def reasons_right(ctx: Context) -> Verdict:
    """Judge the reasons of open events and bank lines, if most of them are given."""
    every = ctx.expected("expected.json")["open"]
    right = {(source, record): reason for source, record, reason in every if source != "ledger"}
    given = {record: reason for record, reason in _open(ctx).items() if record in right}
    if len(given) < SHARE * len(right):
        return failed(f"reasons for {len(right)} open items", f"only {len(given)} of them are given")
    wanted = {_shown(record): right[record] for record in given}
    return same_map(wanted, {_shown(record): reason for record, reason in given.items()}, "reasons")


def journal_right(ctx: Context) -> Verdict:
    """Judge that every entry balances, and where all accounts end once the entries are applied."""
    sums: dict[str, Decimal] = defaultdict(Decimal)
    moves: dict[str, Decimal] = defaultdict(Decimal)
    for place, row in enumerate(ctx.csv("journal.csv", ["entry", "account", "amount"]), start=2):
        if not any(row.values()):
            continue
        amount = number(row["amount"], f"journal.csv, row {place}")
        sums[row["entry"]] += amount
        moves[row["account"]] += amount
    if uneven := [entry for entry, total in sums.items() if total]:
        return failed("every entry adds up to zero", f"{len(uneven)} do not: {', '.join(sorted(uneven)[:5])}")
    right = {
        account: Decimal(cents) / 100 for account, cents in ctx.expected("expected.json")["moves"].items()
    }
    found = {account: moves.get(account, Decimal(0)) for account in right}
    if other := [account for account, total in moves.items() if total and account not in right]:
        return failed(f"changes of {len(right)} accounts", f"also of {', '.join(sorted(other)[:5])}")
    return same_map(right, found, "accounts", tolerance=Decimal(0))


def balances_right(ctx: Context) -> Verdict:
    """Judge both adjusted balances to the cent."""
    known, given = ctx.expected("expected.json"), ctx.json("summary.json")
    if not isinstance(given, dict):
        raise CheckFailed("summary.json: an object with both balances", str(given)[:80])
    right = {f"adjusted_{side}": Decimal(known[side]) / 100 for side in ("bank", "ledger")}
    found = {name: number(given.get(name), name) for name in right}
    return same_map(right, found, "balances", tolerance=Decimal(0))


def _right(ctx: Context, kind: str) -> set[Group]:
    return {frozenset((s, r) for s, r in group) for group in ctx.expected("expected.json")["groups"][kind]}


def _records(ctx: Context) -> dict[str, set[str]]:
    return ctx.once(
        "records", lambda: {s: set(some) for s, some in ctx.expected("expected.json")["records"].items()}
    )


def _record(ctx: Context, row: dict[str, str], name: str) -> Record:
    """Return a row's record. Numbers of the bank may be given without zeros in front."""
    source, record = row["source"].casefold(), row["record_id"].upper()
    if source == "bank" and record.isascii() and record.isdigit():
        record = record.zfill(4)
    if record not in _records(ctx).get(source, ()):
        raise CheckFailed(f"{name}: records of the three sources", f"{source} {record}"[:60])
    return source, record


def _groups(ctx: Context) -> dict[str, Group]:
    """Return the groups by name. Raises CheckFailed where a record stands there twice."""
    return ctx.once("groups", lambda: _read_groups(ctx))


def _read_groups(ctx: Context) -> dict[str, Group]:
    groups: dict[str, set[Record]] = defaultdict(set)
    seen: set[Record] = set()
    for row in ctx.csv("matches.csv", ["group", "source", "record_id"]):
        if not any(row.values()):
            continue
        record = _record(ctx, row, "matches.csv")
        if record in seen:
            raise CheckFailed("matches.csv: no record twice", _shown(record))
        seen.add(record)
        groups[row["group"]].add(record)
    return {name: frozenset(group) for name, group in groups.items()}


def _open(ctx: Context) -> dict[Record, str]:
    """Return open items and their reasons. Raises CheckFailed where a record stands there twice."""
    return ctx.once("open", lambda: _read_open(ctx))


def _read_open(ctx: Context) -> dict[Record, str]:
    found: dict[Record, str] = {}
    for row in ctx.csv("open_items.csv", ["source", "record_id", "reason"]):
        if not any(row.values()):
            continue
        record = _record(ctx, row, "open_items.csv")
        if record in found:
            raise CheckFailed("open_items.csv: no record twice", _shown(record))
        found[record] = row["reason"].strip("`").casefold()
    return found


def _all_there(right: set[Group], given: set[Group], what: str) -> Verdict:
    missing = right - given
    if missing:
        heads = sorted(min(_shown(r) for r in group if r[0] == "bank") for group in missing)
        return failed(f"{len(right)} {what}", f"{len(missing)} not as they should be: {', '.join(heads[:6])}")
    return passed(f"{len(right)} {what}, all right")


def _items(opened: dict[Record, str]) -> set[str]:
    """Return open items in words; those of the ledger with their reasons."""
    return {
        _shown(record) + (f" ({reason})" if record[0] == "ledger" else "")
        for record, reason in opened.items()
    }


def _named(groups: set[Group]) -> set[str]:
    return {" and ".join(sorted(record for _, record in group)) for group in groups}


def _shown(record: Record) -> str:
    return f"{record[0]} {record[1]}"
