"""Writes the documents of a drawn contract: master, order forms, annex and amendments."""

from datetime import date

from _contract_in_force_model import number_of
from _contract_in_force_words import (
    ANNEX_DE,
    ANNEX_EN,
    ARTICLES,
    CLAUSES,
    INSERTS,
    ORDER,
    SURCHARGE,
)

MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
          "November", "December"]  # fmt: skip
MONATE = ["Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November",
          "Dezember"]  # fmt: skip
JAHRE = {3: "drei", 4: "vier", 5: "fünf"}
YEARS = {3: "three", 4: "four", 5: "five"}
STUNDEN = {5: "fünf", 6: "sechs", 8: "acht", 9: "neun", 18: "achtzehn", 20: "zwanzig"}
SET = {
    "days": ["In clause {ref} the number of days of the period is changed to {v}.",
             "The period in clause {ref} is changed: its number of days becomes {v}.",
             "For the number of days that clause {ref} gives for its period, {v} is put."],
    "pct": ["In clause {ref} the percentage is changed to {v} %.", "The percentage in clause {ref} becomes {v} %."],
    "eur": ["The amount in clause {ref} becomes EUR {v}.", "In clause {ref} the amount is changed to EUR {v}."],
    "fee": ["In clause {ref} the number of monthly Base Fees is changed to {v}."],
    "date": ["The date in clause {ref} becomes {v}."],
}  # fmt: skip
LIKE = [
    "The number of days of the period in clause {ref} becomes that of the period in clause {other} plus {v}.",
    "For the number of days that clause {ref} gives for its period, {v} more than clause {other} gives for "
    "its own is put.",
]
REPLACED = {
    "payment": "Invoices are payable within {days} days after receipt.",
    "fee": ORDER["fee"],
    "cap": "No adjustment raises an amount by more than {pct} %.",
}
SUPPLEMENT = {
    "cap": "What an adjustment, from that of 1 January 2022 on, would have come to beyond this limit is added, in "
    "percentage points, to the percentage of the next adjustment, within the limit that then holds; what still "
    "exceeds it is added to the one after, and so on.",
    "payment": "Interest of {interest} % a year is due on late payments.",
}


def long_date(day):
    """Return a day in English words."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def tag(day):
    """Return a day in German words."""
    return f"{day.day}. {MONATE[day.month - 1]} {day.year}"


def filled(text, figures, names):
    """Return a clause with its figures."""
    shown = {unit: long_date(date.fromisoformat(v)) if unit == "date" else v for unit, v in figures.items()}
    if "eur" in shown:
        shown["eur"] = f"{float(shown['eur']):,.2f}"
    return text.format(**{**names, **shown})


def schedule_one(world):
    """Return the signatories as of the beginning."""
    names = world.names
    lines = [f"For the Customer: {names['C1']}; {names['C2']}"]
    for who, role in world.signers.items():
        word = "director" if role == "director" else "holder of a joint proxy"
        lines.append(f"For the Supplier: {names[who]}, {word}")
    return lines


def schedule_two(world):
    """Return the holidays of the Master Agreement."""
    fixed = ", ".join(f"{day} {MONTHS[month - 1]}" for month, day in world.holidays["fixed"])
    years = {}
    for day in sorted(world.holidays["movable"]):
        years.setdefault(day.year, []).append(f"{day.day} {MONTHS[day.month - 1]}")
    lines = [f"In every year: {fixed}.", "And in the year"]
    return lines + [f"- {year}: {', '.join(days)}" for year, days in years.items()]


def master_text(world):
    """Return the Master Agreement as signed."""
    names = world.names
    out = ["# Master Agreement on cold rooms", "",
           f"between {names['customer']} (the Customer) and {names['supplier']} (the Supplier)", "",
           "Signed by both parties on 25 November 2019, in force from 1 January 2020", ""]  # fmt: skip
    for number, (article, clauses) in enumerate(world.structure["M"], start=1):
        out += [f"## Article {number} {ARTICLES[article]}", ""]
        for within, key in enumerate(clauses, start=1):
            figures = world.figures.get(("M", key), {})
            out += [f"{number}.{within} {filled(CLAUSES[key], figures, names)}", ""]
    out += ["## Schedule 1 Signatories", "", *schedule_one(world), ""]
    out += ["## Schedule 2 Holidays", "", *schedule_two(world), ""]
    return "\n".join(out)


def order_text(world, name):
    """Return an order form."""
    signed = {"OF1": date(2020, 2, 17), "OF2": date(2021, 8, 9)}[name]
    site = world.names["north" if name == "OF1" else "south"]
    begins = long_date(world.starts[name])
    out = [f"# Order Form {name[2:]}: {site}", ""]
    out += [f"Signed by both parties on {long_date(signed)}, in force from {begins}", ""]
    for number, key in enumerate(world.structure[name][0][1], start=1):
        figures = world.figures.get((name, key), {})
        text = ORDER[key] + (SURCHARGE if "surcharge" in figures else "")
        out += [f"{number} {filled(text, figures, {**world.names, 'site': site})}", ""]
    return "\n".join(out)


def annex_text(world, german):
    """Return Annex D in German, or its translation."""
    names = world.names
    months = MONATE if german else MONTHS
    feasts = world.holidays["german" if german else "english"]
    listed = ", ".join(f"{day}{'.' if german else ''} {months[month - 1]}" for month, day in feasts)
    figures = {key: dict(world.figures.get(("D", key), {})) for key in world.structure["D"][0][1]}
    if not german:
        figures["react"]["hours"] = names["english_hours"]
        figures["keep"]["months"] = names["english_months"]
    figures["keep"]["years"] = (JAHRE if german else YEARS)[figures["keep"].pop("months") // 12]
    figures["react"]["hours"] = STUNDEN[figures["react"]["hours"]] if german else figures["react"]["hours"]
    figures["spare"]["hours"] = STUNDEN[figures["spare"]["hours"]] if german else figures["spare"]["hours"]
    if german:
        out = [
            "# Anhang D",
            "",
            "Von beiden Parteien unterzeichnet am 7. Dezember 2020, in Kraft ab 1. Januar 2021",
            "",
        ]
    else:
        out = ["# Annex D (translation)", "", "Made by a translation office in December 2020", ""]
    for number, key in enumerate(world.structure["D"][0][1], start=1):
        text = (ANNEX_DE if german else ANNEX_EN)[key]
        shown = {**figures[key], "german": listed, "english": listed}
        out += [f"{number} {text.format(**{**names, **shown})}", ""]
    return "\n".join(out)


def paragraph(rng, op, world):
    """Return a paragraph of an amendment in words."""
    figures, ref = op.figures, op.ref
    where = f"clause {ref} of Order Form {op.doc[2:]}" if op.doc.startswith("OF") else f"clause {ref}"
    if op.verb == "insert":
        text = f"After {where} a new clause is inserted: “{filled(INSERTS[op.new], figures, world.names)}”"
    elif op.verb == "article":
        first, second = (filled(INSERTS[key], units, world.names) for key, units in figures.items())
        text = (
            f"After Article {ref} a new article “Minimum charge” of two clauses is inserted. The first clause: "
            f"“{first}” The second clause: “{second}”"
        )
    elif op.verb == "delete":
        text = f"{where.capitalize()} (electronic invoices) is deleted."
    elif op.verb == "replace":
        new = filled(REPLACED[op.key], figures, world.names)
        text = f"{where[0].upper() + where[1:]} is replaced by: “{new}”"
    elif op.verb == "supplement":
        text = (
            f"{where.capitalize()} is supplemented by: “{filled(SUPPLEMENT[op.key], figures, world.names)}”"
        )
    elif op.verb == "raise":
        text = (
            f"The Base Fee in {where}, as it holds on 30 June 2023, is raised by {figures['pct']} % and rounded to "
            "whole cents."
        )
    elif op.verb == "fix":
        text = (
            "By an oversight § 1 of Amendment No. 12 names a wrong limit. The percentage there reads "
            f"{figures['pct']} % "
            "from the first day of its effect."
        )
    else:
        (unit,) = figures
        value = filled("{" + unit + "}", figures, {})
        text = rng.choice(LIKE if op.like else SET[unit]).format(ref=ref, v=value, other=op.like_ref)
    if op.effect:
        text = text[:-1] + f", with effect from {long_date(op.effect)}."
    return text


def signature_lines(paper, names, german=False):
    """Return the lines below an amendment; a signature on a page of its own leaves a blank."""
    lines = []
    for sign in paper.signs:
        side = {"customer": "Customer", "supplier": "Supplier"}[sign.side]
        label = {"Customer": "Für den Auftraggeber", "Supplier": "Für den Auftragnehmer"}[side]
        label = label if german else f"For the {side}"
        if sign.apart:
            lines.append(f"{label}: ______________________")
            continue
        line = f"{label}: {names[sign.who]}, {tag(sign.day) if german else long_date(sign.day)}"
        if sign.until:
            whose = "our bank consents" if sign.side == "supplier" else "our supervisory board consents"
            line += f", on condition that {whose}, by {long_date(sign.until)} at the latest"
        lines.append(line)
    return lines


def amendment_text(rng, paper, world):
    """Return an amendment of the Master Agreement or an Order Form."""
    out = [f"# Amendment No. {paper.name[1:]}", "", f"Date: {long_date(paper.dated)}", ""]
    out += [f"{world.names['customer']} and {world.names['supplier']} agree:", ""]
    for number, op in enumerate(paper.ops, start=1):
        out += [f"§ {number} {paragraph(rng, op, world)}", ""]
    if paper.effect and paper.name != "A15":
        out += [f"§ {len(paper.ops) + 1} This amendment has effect from {long_date(paper.effect)}.", ""]
    return "\n".join(out + signature_lines(paper, world.names)) + "\n"


def nachtrag_text(paper, world):
    """Return an amendment of Annex D, in German."""
    number = paper.name[1:]
    out = [f"# {number}. Nachtrag zum Anhang D", "", f"Datum: {tag(paper.dated)}", ""]
    for index, op in enumerate(paper.ops, start=1):
        if op.verb == "insert":
            text = (
                f"Nach Ziffer {op.ref} wird eine neue Ziffer eingefügt: „Störungen der Fernüberwachung meldet der "
                "Auftragnehmer binnen drei Stunden.“"
            )
        elif op.verb == "set":
            text = f"In Ziffer {op.ref} tritt an die Stelle der Stundenzahl die Zahl {STUNDEN[op.figures['hours']]}."
        else:
            text = f"Die Frist in Ziffer {op.ref} verlängert sich um die Hälfte."
        out += [f"§ {index} {text}", ""]
    if number == "2":
        month, day = world.holidays["added"]
        out += [
            f"§ {len(paper.ops) + 1} Zu den Feiertagen kommt ab dem Jahr 2025 der {day}. {MONATE[month - 1]} hinzu.",
            "",
        ]
    return "\n".join(out + signature_lines(paper, world.names, german=True)) + "\n"


def nachtrag_translation(paper, world):
    """Return the translation of the second amendment of Annex D."""
    month, day = world.holidays["added"]
    hours, keep = paper.ops[0], paper.ops[1]
    return "\n".join([
        "# Second amendment of Annex D (translation)", "", f"Date: {long_date(paper.dated)}", "",
        f"§ 1 In no. {hours.ref} the number of hours becomes {hours.figures['hours']}.", "",
        f"§ 2 The period in no. {keep.ref} is extended by half a year.", "",
        f"§ 3 From the year 2025 on {day} {MONTHS[month - 1]} is a further holiday.", "",
    ])  # fmt: skip


def index_text(world):
    """Return the figures of the price index as CSV, in the order of their publication."""
    lines = ["month,base,published_on,value"]
    lines += [
        f"{year}-{month:02d},{base}=100,{day},{value}" for (year, month), base, day, value in world.index
    ]
    return "\n".join(lines) + "\n"


def printed_number(world, doc, key):
    """Return the number of a clause in the document as first signed."""
    return number_of(world.structure, doc, key)
