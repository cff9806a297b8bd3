"""What lies in the folder: the invoices of the month, Kim's notes and Kim's old lists."""

import csv
import io
import random
from datetime import date, timedelta

from _house_rules_ways import WEEKENDS, Invoice, Way, filled

SUPPLIERS = {
    "Alder & Finch Stationery": "AF-{:05d}",
    "Brightwater Cleaning": "BW{:06d}",
    "Calder Office Furniture": "COF/{:05d}",
    "Dovetail Print Works": "DP-{:05d}-B",
    "Eastgate Couriers": "EC-{:06d}",
    "Fernhill Catering": "FH {:05d}",
    "Grantley Fire Safety": "GFS-{:04d}",
    "Harrow Lift Service": "HL-{:05d}",
    "Ironbridge Waste": "IW.{:06d}",
    "Juniper Water Coolers": "JW-{:04d}",
    "Kestrel Telecom": "KT{:07d}",
    "Larkfield Energy": "LE-{:06d}",
}
REMARKS = [
    "",
    "",
    "",
    "",
    "partial delivery",
    "quarterly fee",
    "as ordered by phone",
    "see delivery note",
    "final",
]
HABITS = [
    "The franking machine eats the first envelope of the day. Feed it an empty one.",
    "Receipts without a date go back to the sender, no exceptions.",
    "Supplier calls only before eleven; after that the phone is off.",
    "Paper copies are kept for one quarter in the grey cupboard, key at reception.",
    "Reminders are answered the same day, even if only to say that it takes longer.",
    "The bank's cut-off is half past two. Nothing is released after two.",
]
MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


def spoken(month: date) -> str:
    """Return a month as people say it, such as ``April 2026``."""
    return f"{MONTHS[month.month - 1]} {month.year}"


def days_of(month: date) -> list[date]:
    """Return all days of a month."""
    days = [month + timedelta(days=number) for number in range(31)]
    return [day for day in days if day.month == month.month]


def draw_invoices(rng: random.Random, month: date, way: Way, centres: list[str]) -> list[Invoice]:
    """Draw the invoices of a month in the order of arrival; some fall due on weekends, also at its edge."""
    days = days_of(month)
    weekdays = [day for day in days if day.weekday() < 5]
    weekend = [day for day in days if day.weekday() > 4]
    edge = [day for day in weekend if way.shown(day).month != month.month]
    inside = [day for day in weekend if way.shown(day).month == month.month]
    due = (edge * 3)[: rng.randint(2, 3)] + rng.sample(inside, 5)
    due += [weekdays[0], weekdays[-1]]
    due += [rng.choice(weekdays) for _ in range(rng.randint(17, 22))]
    charged = {name: rng.choice(centres) for name in sorted(SUPPLIERS)}
    numbers = iter(rng.sample(range(1100, 9900), len(due) + 1))
    invoices = []
    for position, day in enumerate(due):
        large = position % 5 < 3
        cents = rng.randrange(103_000, 4_900_000) if large else rng.randrange(2_400, 97_000)
        invoices.append(_invoice(rng, next(numbers), day, _end(rng, cents), charged))
    first = next(one for one in reversed(invoices) if not one.weekend and one.cents > 200_000)
    again = SUPPLIERS[first.supplier].format(next(numbers))
    invoices.append(Invoice(again, *(getattr(first, name) for name in Invoice.__match_args__[1:])))
    return sorted(invoices, key=lambda one: (one.received, one.number))


def _invoice(rng: random.Random, number: int, due: date, cents: int, charged: dict[str, str]) -> Invoice:
    supplier = rng.choice(sorted(SUPPLIERS))
    received = due - timedelta(days=rng.choice([14, 21, 30, 30, 30]) + rng.randrange(4))
    shown = SUPPLIERS[supplier].format(number)
    return Invoice(shown, supplier, received, due, cents, charged[supplier], rng.choice(REMARKS))


def _end(rng: random.Random, cents: int) -> int:
    """Return the amount with a plausible ending: any, full tens of cents, or whole."""
    step = rng.choice([1, 1, 1, 10, 100])
    return cents // step * step


def plain(cents: int) -> str:
    """Return an amount as a spreadsheet exports it: no trailing zeros."""
    return f"{cents / 100:.2f}".rstrip("0").rstrip(".")


def invoices_csv(invoices: list[Invoice]) -> str:
    """Return the file that Dana brings."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["invoice", "supplier", "received", "due", "amount", "cost_centre", "remark"])
    for one in invoices:
        dates = (one.received.isoformat(), one.due.isoformat())
        writer.writerow([one.number, one.supplier, *dates, plain(one.cents), one.cost_centre, one.remark])
    return out.getvalue()


def list_csv(invoices: list[Invoice], way: Way) -> str:
    """Return a payment list as its owner likes it."""
    out = io.StringIO()
    writer = csv.DictWriter(out, ["invoice", "due", "amount", "cost_centre"], lineterminator="\n")
    writer.writeheader()
    writer.writerows(way.row(one) for one in invoices)
    return out.getvalue()


def kims_notes(rng: random.Random, kim: Way, month: date) -> str:
    """Return the notes of a colleague who likes everything otherwise."""
    habits = rng.sample(HABITS, 3)
    example = month + timedelta(days=rng.randint(12, 27))
    return f"""# Notes (Kim)

My notes for my own work. Please do not tidy them up.

## Payment lists

- file name `{filled(kim.name_form, month)}`, a new one every month, the old ones go to `archive/`
- dates like {kim.day(example)}, amounts like {kim.amount(rng.randrange(120_000, 990_000))}
- due on a weekend: show {WEEKENDS[kim.weekend]}
- cost centre {kim.cost_centre} on every line
- columns: invoice, due, amount, cost_centre

## Other things

- {habits[0]}
- {habits[1]}
- {habits[2]}
"""
