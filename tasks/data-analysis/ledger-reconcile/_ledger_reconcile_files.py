"""Writes the drawn month as the files that bank, processor and ledger would give."""

from __future__ import annotations

import csv
import io
import sqlite3
from pathlib import Path
from random import Random
from string import Template

from _ledger_reconcile_records import Entry, Event, Line, Terms
from _ledger_reconcile_rules import World

PAGE = 34
OTHERS = ("1400", "2990", "3300", "4000", "4800", "4900", "6855", "7900", "8100", "8200")


def write(workspace: Path, rng: Random, world: World, rules: str) -> None:
    """Write all inputs."""
    (workspace / "bank.txt").write_text(statement(world), "utf-8")
    (workspace / "processor.csv").write_text(events_csv(world.events), "utf-8")
    (workspace / "close-rules.md").write_text(Template(rules).substitute(_words(world.terms)), "utf-8")
    ledger(workspace / "ledger.sqlite", rng, world)


def german(cents: int) -> str:
    """Return an amount as 1.234,56 with its sign behind it."""
    whole, part = divmod(abs(cents), 100)
    return f"{whole:,}".replace(",", ".") + f",{part:02d}" + ("-" if cents < 0 else "+")


def statement(world: World) -> str:
    """Return the bank statement, in pages."""
    out, balance = [], world.bank_opening
    ours, entries = world.terms.ours, world.entries
    for start in range(0, len(entries), PAGE):
        out += [
            f"KREDITBANK HALDEN          STATEMENT 06/2026         ACCOUNT {ours}        PAGE {start // PAGE + 1}",
            "",
        ]
        out += [f"{'':18}{'BALANCE 31.05.2026' if not start else 'CARRIED FORWARD':24}{german(balance):>16}"]
        out += ["NO    DATE    TYPE            AMOUNT EUR   TEXT"]
        for entry in entries[start : start + PAGE]:
            balance += entry.amount
            first, *more = _words_of(entry)
            out.append(f"{entry.id}  {entry.day:%d.%m.}  {entry.kind}  {german(entry.amount):>20}   {first}")
            out += [f"{'':44}{line}" for line in more]
        last = start + PAGE >= len(entries)
        out += [f"{'':18}{'BALANCE 30.06.2026' if last else 'CARRY':24}{german(balance):>16}", "", ""]
    return "\n".join(out)


def _words_of(entry: Entry) -> list[str]:
    text = entry.text
    control = f" CTL {entry.count}/{entry.control:02d}" if entry.count else ""
    if entry.kind == "PAY":
        text = f"TILLWAY PAYOUT {entry.who}"
        if entry.rate != 1:
            control = f" RATE {float(entry.rate):.5f}".replace(".", ",") + control
    words, lines = (text + control).split(), [""]
    for word in words:
        if len(lines[-1]) + len(word) > 34:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


def events_csv(events: list[Event]) -> str:
    """Return the events as the processor exports them."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["event_id", "created_utc", "account", "kind", "amount", "order"])
    for event in sorted(events, key=lambda one: one.number):
        amount = f"{'-' if event.amount < 0 else ''}{abs(event.amount) // 100}.{abs(event.amount) % 100:02d}"
        writer.writerow(
            [event.id, f"{event.at:%Y-%m-%dT%H:%M:%SZ}", event.account, event.kind, amount, event.order]
        )
    return out.getvalue()


def ledger(target: Path, rng: Random, world: World) -> None:
    """Write the ledger's database."""
    base = sqlite3.connect(target)
    base.executescript(
        "create table postings"
        " (line integer primary key, day text, ref text, text text, amount_cents integer, contra text);"
        "create table opening (account text primary key, amount_cents integer);"
        "create table rates (day text, currency text, eur text);"
    )
    base.executemany("insert into postings values (?,?,?,?,?,?)", map(_row, world.lines))
    base.execute("insert into opening values ('1200', ?)", (world.opening,))
    for account in OTHERS:
        base.execute("insert into opening values (?, ?)", (account, rng.randint(-9000000, 9000000)))
    for currency, table in world.rates.table.items():
        rows = [(str(day), currency, f"{float(rate):.4f}") for day, rate in sorted(table.items())]
        base.executemany("insert into rates values (?,?,?)", rows)
    base.commit()
    base.close()


def _row(line: Line) -> tuple[int, str, str, str, int, str]:
    return (line.number, str(line.day), line.ref, line.text, line.amount, line.contra)


def _words(terms: Terms) -> dict[str, str]:
    words = {"ours": terms.ours, "modulus": str(terms.modulus), "days": str(terms.days)}
    words |= {
        "discount": str(terms.discount // 100),
        "may": f"{terms.may / 100:.2f}",
        "fixed": f"{terms.fixed / 100:.2f}",
    }
    words |= {f"p{place}": f"{tenth / 100:.2f}" for place, tenth in enumerate(terms.tenths)}
    words["dispute"] = f"{terms.dispute / 100:.2f}"
    for account, borders in terms.steps.items():
        words |= {f"{account}{place}": f"{border // 100}.00" for place, border in enumerate(borders)}
    return words
