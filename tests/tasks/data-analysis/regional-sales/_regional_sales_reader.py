"""Reads the three exports as a careful clerk would, or with one of the slips that the task is built around.

It shares no code with the generator, so that each proves the other. ``slip`` names what a reader got wrong.
"""

import csv
import io
import re
from collections import defaultdict
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple


class Entry(NamedTuple):
    """One sale or return, as one export tells of it."""

    system: str
    number: str
    back: bool
    day: date
    customer: str
    region: str
    amount: Fraction
    currency: str
    cancelled: bool


def _exports(workspace):
    """Yield the name of each system and the rows of its export."""
    for system, path in files(workspace):
        text = path.read_bytes().decode("cp1252" if system == "Kontor" else "utf-8-sig")
        separator = {"Kontor": ";", "Bazaar": ",", "Tills": "\t"}[system]
        yield system, list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))[1:]


def files(workspace: Path) -> list[tuple[str, Path]]:
    """Return system and path of each export, as the notes say."""
    notes = (workspace / "exports/NOTES.md").read_text("utf-8")
    found = re.findall(r"^\| `(.+?)` \| (\w+)", notes, re.M)
    return [(system, workspace / "exports" / name) for name, system in found]


def _amount(system, text, slip):
    if system == "Kontor":
        text = text.replace(",", "").replace(".", "") if slip == "decimal-comma" else german(text)
    value = Fraction(text.replace(",", ""))
    return value if slip == "sign-twice" else abs(value)


def german(text: str) -> str:
    """Return a German number in English notation."""
    return text.replace(".", "").replace(",", ".")


def _day(system, text, slip):
    if system == "Tills":
        return date.fromisoformat(text[:10])
    one, two, year = (int(part) for part in re.split(r"[./]", text))
    if slip == "month-first" and system == "Bazaar" and one <= 12:
        return date(year, one, two)
    return date(year, two, one)


def _read(workspace, slip=""):
    """Return all entries of all exports, in the order of the files."""
    entries = []
    for system, rows in _exports(workspace):
        for row in rows:
            if system == "Tills":
                number, sold, customer, region, currency, net, status, back_on, back = row
                told = [(False, sold, net)] + ([(True, back_on, back)] if back else [])
            else:
                number, kind, when, customer, region, net, currency, status = row
                told = [(kind in ("Retoure", "Refund"), when, net)]
            for back, when, value in told:
                entries.append(
                    Entry(
                        system,
                        number,
                        back,
                        _day(system, when, slip),
                        customer,
                        region,
                        _amount(system, value, slip),
                        currency,
                        status in ("storniert", "cancelled", "void"),
                    )
                )
    return entries


def tables(workspace: Path) -> tuple[dict, dict]:
    """Return (month, currency) → units per EUR, and typed name → region."""
    with (workspace / "rates.csv").open(encoding="utf-8", newline="") as lines:
        rates = {
            (row["month"], row["currency"]): Fraction(row["units_per_eur"]) for row in csv.DictReader(lines)
        }
    with (workspace / "regions.csv").open(encoding="utf-8", newline="") as lines:
        regions = {row["typed"]: row["region"] for row in csv.DictReader(lines)}
    return rates, regions


def _own(entries, slip):
    """Return the entries without those that an export has from another system."""
    kept = [e for e in entries if e.system[0] == e.number[0] or slip == "copies-twice"]
    if slip == "returns-twice":
        kept = [e for e in entries if e.system[0] == e.number[0] or e.back]
    if slip == "merged-by-look":
        seen, unlike = set(), []
        for entry in kept:
            look = (entry.system, entry.day, entry.customer, entry.amount, entry.currency)
            if entry.back or look not in seen:
                unlike.append(entry)
            if not entry.back:
                seen.add(look)
        kept = unlike
    if slip == "one-return-each":
        firsts = {}
        for entry in sorted(kept, key=lambda e: e.day):
            firsts.setdefault((entry.number, entry.back), entry)
        kept = list(firsts.values())
    return kept


def solve(workspace: Path, slip: str = "") -> dict[tuple[str, str], list]:
    """Return (month, region) → [net, orders]."""
    rates, regions = tables(workspace)
    entries = _own(_read(workspace, slip), slip)
    ordered = {entry.number: entry for entry in entries if not entry.back}
    returned = defaultdict(Fraction)
    for entry in entries:
        if entry.back:
            returned[entry.number] += entry.amount
    table = defaultdict(lambda: [Fraction(0), 0])
    for entry in entries:
        region = regions[entry.region]
        if slip == "by-prefix" and region.startswith("South"):
            region = "South"
        if entry.cancelled and slip != "cancelled-kept":
            continue
        if slip == "no-returns" and entry.back:
            continue
        if slip == "umlauts-lost" and entry.system == "Kontor" and not entry.region.isascii():
            continue
        day = ordered[entry.number].day if slip == "returns-at-order" else entry.day
        month = f"{(ordered[entry.number].day if slip == 'order-rate' else day):%Y-%m}"
        if slip == "last-rate":
            month = max(month for month, _ in rates)
        rate = rates.get((month, entry.currency), Fraction(1))
        value = entry.amount * rate if slip == "inverse-rate" else entry.amount / rate
        cell = table[f"{day:%Y-%m}", region]
        cell[0] += -value if entry.back else value
        whole = slip == "returned-uncounted" and returned[entry.number] == entry.amount
        cell[1] += (not entry.back or slip == "returns-counted") and not whole
    return table
