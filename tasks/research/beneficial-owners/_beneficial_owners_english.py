"""Writes filings in English: as a form with a table, or as running text."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from datetime import date

from _beneficial_owners_model import Entry, Filing

Holder = Callable[[str, Filing, str], str]
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
TITLES = {
    "return": "Annual return",
    "transfer": "Notice of transfer",
    "issue": "Notice of issue of shares",
    "cancel": "Notice of cancellation of treasury shares",
    "split": "Notice of split or consolidation",
    "nominee": "Declaration of nominee",
    "delegation": "Certificate of voting arrangement: delegation",
    "pool": "Certificate of voting arrangement: common use",
    "end": "Notice of end",
    "correct": "Correction",
    "withdraw": "Withdrawal",
}
DAYS = {
    "return": "Made up to",
    "transfer": "Entered in register of members",
    "issue": "Issued on",
    "cancel": "Cancelled on",
    "split": "Effective on",
    "nominee": "Held for the principal from",
    "delegation": "Valid from",
    "pool": "Valid from",
    "end": "Ended; first day without it",
}
ITEMS = {"count": "shares", "target": "holder", "effective": "effective day"}


def day(ordinal: int, style: str) -> str:
    """Return a day as a layout prints it."""
    one = date.fromordinal(ordinal)
    return f"{one.day} {MONTHS[one.month - 1]} {one.year}" if style == "form" else one.isoformat()


def number(no: int) -> str:
    """Return the number of a filing."""
    return f"{no // 100000:02d}-{no % 100000:05d}"


def decimal(value: object) -> str:
    """Return a right without needless zeros."""
    return f"{float(value):.4f}".rstrip("0").rstrip(".")  # type: ignore[arg-type]


def written(one: Filing, names: dict[str, tuple[str, str]], holder: Holder, style: str) -> str:
    """Return the extract of a filing."""
    return _form(one, names, holder) if style == "form" else _prose(one, names, holder)


def _form(one: Filing, names: dict[str, tuple[str, str]], holder: Holder) -> str:
    fields = [("Filing", number(one.no)), ("Company", f"{one.company}  {names[one.company][0]}")]
    fields.append(("Received", day(one.received, "form")))
    if one.signed:
        fields.append(("Date of instrument", day(one.signed, "form")))
    if one.concerns:
        fields.append(("Concerns filing", number(one.concerns)))
    if one.form in DAYS:
        fields.append((DAYS[one.form], day(one.effective, "form")))
    if one.until:
        fields.append(("Last day", day(one.until, "form")))
    if one.form == "correct":
        fields += [("Entry", str(one.entry)), (f"Reads: {ITEMS[one.item]}", _item(one, holder, "form"))]
    if one.form == "split":
        fields.append((f"Class {one.entries[0].share}", _change(one)))
    lines = ["REGISTER OF COMPANIES", f"Extract: {TITLES[one.form]}", ""]
    lines += [f"{label} {'.' * (34 - len(label))} {value}" for label, value in fields]
    if one.classes:
        lines += ["", "Class | Votes per share | Profit parts per share"]
        lines += [f"{name:5} | {decimal(votes):15} | {decimal(parts)}" for name, votes, parts in one.classes]
    if one.form not in ("correct", "split", "end", "withdraw"):
        lines += ["", *_table(one, holder)]
    return "\n".join(lines) + "\n"


def _table(one: Filing, holder: Holder) -> list[str]:
    heads = {"transfer": ("Transferor", "Transferee"), "nominee": ("Registered holder", "Principal"),
             "delegation": ("Holder", "Voted by"), "issue": ("Issued to",), "pool": ("Party",),
             "return": ("Member",), "cancel": ("Held by",)}[one.form]  # fmt: skip
    columns = ["No.", *heads] + (["Class", "Shares"] if one.form != "pool" else [])
    lines = []
    for at, entry in enumerate(one.entries, 1):
        who = [holder(name, one, "form") for name in (entry.source, entry.target) if name]
        cells = [str(at), *who]
        if one.form != "pool":
            cells += [entry.share or "all", "all" if entry.count is None else f"{entry.count:,}"]
        lines.append(cells)
    widths = [max(len(row[at]) for row in [columns, *lines]) for at in range(len(columns))]
    return [
        " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in [columns, *lines]
    ]


def _change(one: Filing) -> str:
    return f"every {one.factor.denominator} become {one.factor.numerator}"


def _item(one: Filing, holder: Holder, style: str) -> str:
    if one.item == "count":
        return f"{one.entries[0].count:,}"
    return day(one.effective, style) if one.item == "effective" else holder(one.entries[0].target, one, style)


def _prose(one: Filing, names: dict[str, tuple[str, str]], holder: Holder) -> str:
    head = f"Register of Companies. {TITLES[one.form]} no. {number(one.no)}, received {day(one.received, 'prose')}."
    about = f"This concerns {names[one.company][0]} (company {one.company})."
    parts = [head, " ".join([about, *_sentences(one, holder)])]
    unit = 1000 if one.form == "return" and one.no % 2 else 1
    if one.form == "return":
        rights = " ".join(
            f"A share of class {name} has {decimal(votes)} votes and {decimal(rest)} parts of the profit."
            for name, votes, rest in one.classes
        )
        parts += [rights, "Members, in thousands of shares:" if unit > 1 else "Members, in shares:"]
    if one.form not in ("correct", "split", "end", "withdraw"):
        parts += [f"({at}) {_entry(one, entry, holder, unit)}" for at, entry in enumerate(one.entries, 1)]
    return (
        "\n\n".join(textwrap.fill(part, 72, break_on_hyphens=False, break_long_words=False) for part in parts)
        + "\n"
    )


def _sentences(one: Filing, holder: Holder) -> list[str]:
    when = day(one.effective, "prose")
    concerned = number(one.concerns)
    until = [f"Its last day is {day(one.until, 'prose')}."] if one.until else []
    return {
        "return": [f"It is made up to {when}."],
        "transfer": [
            f"The instrument is of {day(one.signed or 1, 'prose')}; the register of members was changed on {when}."
        ],
        "issue": [f"The shares were issued on {when}."],
        "cancel": [f"Treasury shares were cancelled on {when}."],
        "split": [f"On {when}, of the shares of class {one.entries[0].share if one.entries else ''}, {_change(one)}."],
        "nominee": [f"Since {when} the registered holder has been holding for the principal."],
        "delegation": [f"From {when} the votes of a holder are cast by another.", *until],
        "pool": [f"From {when} the parties use their votes together.", *until],
        "end": [f"What was filed as {concerned} has ended; {when} is the first day without it."],
        "withdraw": [f"Filing {concerned} is withdrawn."],
        "correct": [f"In filing {concerned}, entry {one.entry}, the {ITEMS.get(one.item, '')} shall read: "
                    f"{_item(one, holder, 'prose') if one.form == 'correct' else ''}."],
    }[one.form]  # fmt: skip


def _entry(one: Filing, entry: Entry, holder: Holder, unit: int) -> str:
    source = holder(entry.source, one, "prose") if entry.source else ""
    target = holder(entry.target, one, "prose") if entry.target else ""
    if one.form == "pool":
        return f"{target}."
    if entry.count is None:
        shares = f"all shares of class {entry.share}" if entry.share else "all shares of all classes"
    else:
        count = f"{entry.count:,}" if unit == 1 else decimal(entry.count / 1000)
        shares = f"{count} of class {entry.share}"
    return {
        "return": f"{target}: {shares}.",
        "issue": f"{target}: {shares}.",
        "cancel": f"{source}: {shares}.",
        "transfer": f"{shares} from {source} to {target}.",
        "nominee": f"{source} holds {shares} for {target}.",
        "delegation": f"{target} casts the votes of {shares} of {source}.",
    }[one.form]
