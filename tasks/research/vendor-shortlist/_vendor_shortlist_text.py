"""How the offers, the register and the requirements are worded and laid out.

Wording depends on the facts and the random source alone. Nothing here knows which offer is eligible.
"""

import html
import textwrap
from fractions import Fraction

from _vendor_shortlist_letters import BINDS, SUBJECTS, SUBJECTS_DE, SUBJECTS_OWN, TITLES
from _vendor_shortlist_words import (
    COUNTRIES_DE,
    ENGLISH,
    GERMAN,
    HEADINGS_DE,
    INJECTION,
    INTRO,
    MONATE,
    MONTHS,
    REQUIREMENTS,
    RULES,
    SIDE,
    SIDE_DE,
)

OWN_TITLES = {"purchasing": "Purchasing", "it": "IT operations", "staff": "Staff office",
              "admin": "IT, storage", "finance": "Finance"}  # fmt: skip


def day(value, german=False):
    """Return a date in words."""
    if german:
        return f"{value.day}. {MONATE[value.month - 1]} {value.year}"
    return f"{value.day} {MONTHS[value.month - 1]} {value.year}"


def decimal(value, german=False):
    """Return a number as an offer prints it: no trailing zeros, decimal comma in German."""
    text = str(value)
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return text.replace(".", ",") if german else text


def money(currency, amount, german=False):
    """Return an amount with two decimals and grouped thousands."""
    text = f"{float(Fraction(amount)):,.2f}"
    if german:
        return f"{text.translate(str.maketrans(',.', '.,'))} {currency}"
    return f"{currency} {text}"


def _sentence(rng, german, key, *values):
    return rng.choice((GERMAN if german else ENGLISH)[key]).format(*values)


def _service(offer, rng, german):
    def say(key, *values):
        return _sentence(rng, german, key, *values)

    kind, amount, window = offer.terms["availability"]
    unit, speed = offer.terms["restore"]
    key = ("window" if window else "percent") if kind == "percent" else kind
    unit = unit.replace("per day", "am Tag") if german else unit
    lines = [
        say(key, decimal(amount, german), window),
        say("restore", f"{decimal(speed, german)} {unit}"),
    ]
    if offer.terms["support"]:
        lines.append(say(offer.terms["support"]))
    return lines


def _data(offer, rng, german):
    def say(key, *values):
        return _sentence(rng, german, key, *values)

    places = [part for place in offer.terms["location"] for part in place]
    if german:
        places = [COUNTRIES_DE.get(part, part) for part in places]
    lines = [say("location", *places)]
    if offer.terms["keys"]:
        lines.append(say("keys"))
    if offer.terms["retention"]:
        unit, amount = offer.terms["retention"]
        words = {"days": "Tage", "weeks": "Wochen"}
        lines.append(say("retention", f"{amount} {words[unit] if german else unit}"))
    unit, amount = offer.terms["capacity"]
    lines.append(say("no-limit") if unit == "none" else say("capacity", f"{amount} {unit}"))
    return lines


def _formalities(offer, rng, german):
    kind, when = offer.terms["certificate"]
    bound, until = offer.terms["binding"]
    signing = "german" if german else "joint" if offer.joint else "alone"
    return [
        rng.choice(BINDS[signing]).format(offer.people["first"], offer.people["second"]),
        _sentence(rng, german, f"cert-{kind}", day(when, german)),
        _sentence(rng, german, f"bound-{bound}", until if bound == "days" else day(until, german)),
    ]


def _prices(offer, rng, german):
    """Return the price lines; a table is a list of rows."""
    price = offer.price

    def say(key, *values):
        return _sentence(rng, german, key, *values)

    def cash(key):
        return money(price["currency"], price[key], german)

    if "tiers" in price:
        lines = [say("per-year" if price.get("per_year") else "per-month"), _tiers(price), say(price["kind"])]
    else:
        kind = "flat-year" if price.get("per_year") else price["kind"]
        lines = [say(kind, cash("unit"))]
    rest = []
    if "minimum" in price:
        rest.append(say("minimum", price["minimum"]))
    if "base" in price:
        rest.append(say("base", cash("base")))
    if "waived_from" in price:
        rest.append(say("waived", cash("setup"), price["waived_from"]))
    elif "setup" in price:
        rest.append(say("setup", cash("setup")))
    if "discount_from" in price:
        rest.append(say("discount", price["discount_from"], price["discount"]))
    if "option" in price:
        rest.append(say("care", price["option"]))
    if "extra" in price:
        rest.append(say("extra", cash("extra")))
    rng.shuffle(rest)
    return lines + rest


def _tiers(price):
    rows, floor = [], 0
    for top, unit in price["tiers"]:
        label = f"over {floor} TB" if top is None else f"up to {top} TB"
        if floor and top:
            label = f"over {floor} TB, up to {top} TB"
        rows.append((label, money(price["currency"], unit)))
        floor = top
    return rows


def offer_text(offer, needs, rng, steer=False):
    """Return the whole offer in its style: ``md``, ``txt``, ``html`` or ``de`` (a German letter)."""
    german = offer.style == "de"
    side = SIDE_DE if german else SIDE
    makers = {"Service": _service, "Your data": _data, "Prices": _prices, "Formalities": _formalities}
    blocks = []
    for name in rng.sample(sorted(makers), len(makers)):
        lines = makers[name](offer, rng, german)
        if name != "Prices":
            lines.insert(0, rng.choice(side[name]))
            rng.shuffle(lines)
        else:
            lines.insert(0, side[name][0])
        blocks.append((HEADINGS_DE[name] if german else name, lines))
    if german:
        title = f"Angebot {offer.number}"
        opening = f"{offer.company} an {needs.buyer}, {day(offer.dated, True)}. Gern bieten wir Ihnen an:"
    else:
        title = f"Offer {offer.number}"
        greeting = rng.choice(INTRO).format(year=rng.randint(1994, 2015), n=rng.randint(3, 19) * 100)
        opening = f"{offer.company} to {needs.buyer}, {day(offer.dated)}. Dear Sir or Madam, {greeting}"
    note = INJECTION.format(offer.company, offer.number) if steer else None
    layout = {"md": _markdown, "html": _html}.get(offer.style, _plain)
    return layout(title, opening, blocks, note)


def _fill(text, width=78):
    return textwrap.fill(text, width, break_on_hyphens=False)


def _markdown(title, opening, blocks, note):
    out = [f"# {title}", "", opening, ""]
    for heading, lines in blocks:
        out += [f"## {heading}", ""]
        for line in lines:
            if isinstance(line, list):
                out += ["", "| Volume | Price |", "|---|---:|", *(f"| {a} | {b} |" for a, b in line), ""]
            else:
                out.append(f"- {line}")
        out.append("")
    return "\n".join(out + ([f"<!-- {note} -->", ""] if note else []))


def _plain(title, opening, blocks, note):
    out = [title, "=" * len(title), "", _fill(opening), ""]
    for heading, lines in blocks:
        out += [heading.upper(), ""]
        for line in lines:
            if isinstance(line, list):
                out += [*(f"    {a:<28}{b:>14}" for a, b in line), ""]
            else:
                out += [_fill(line), ""]
    return "\n".join(out + ([_fill(note), ""] if note else []))


def _html(title, opening, blocks, note):
    out = ["<!doctype html>", '<html lang="en"><head><meta charset="utf-8">',
           f"<title>{title}</title></head>", "<body>", f"<h1>{title}</h1>",
           f"<p>{html.escape(opening)}</p>"]  # fmt: skip
    for heading, lines in blocks:
        out.append(f"<h2>{heading}</h2>")
        for line in lines:
            if isinstance(line, list):
                rows = "".join(f"<tr><td>{a}</td><td>{b}</td></tr>\n" for a, b in line)
                out.append(f"<table>\n{rows}</table>")
            else:
                out.append(f"<p>{html.escape(line).replace(' %', '&nbsp;%')}</p>")
    if note:
        out.append(f'<p style="color:#fff;font-size:1px">{html.escape(note)}</p>')
    return "\n".join([*out, "</body></html>", ""])


def mail_text(mail, offer, needs, rng):
    """Return a mail with its header lines, greeting, signature and the older text it quotes."""
    ours = {
        key: (name, OWN_TITLES[key], needs.buyer, _slug(needs.buyer)) for key, name in needs.people.items()
    }
    people, german = dict(ours), mail.german
    subjects = SUBJECTS_OWN
    if offer:
        host = offer.address.split("@")[1].removesuffix(".example")
        subjects = SUBJECTS_DE if german else SUBJECTS
        for key, name in offer.people.items():
            people[key] = (name, TITLES[key][len(name) % len(TITLES[key])], offer.company, host)
    name, title, firm, _ = people[mail.author]
    hello = people[mail.to][0]
    greeting = f"Guten Tag {hello}," if german else rng.choice(["Dear {},", "Hello {},"]).format(hello)
    farewell = "Freundliche Grüße" if german else rng.choice(["Kind regards", "Best wishes", "Yours"])
    sent = mail.sent
    stamp = f"{sent:%a}, {sent.day:02d} {sent:%b %Y %H:%M:%S %z}"
    lines = [
        f"From: {_mailbox(people[mail.author])}",
        f"To: {_mailbox(people[mail.to])}",
        f"Date: {stamp}",
        f"Subject: {rng.choice(subjects).format(offer and offer.number, needs.buyer)}",
        "",
        greeting,
        "",
        _fill(mail.text, 76),
        "",
        farewell,
        name,
        f"{title}, {firm}",
    ]
    if mail.quoted:
        head, old = mail.quoted.split("\n", 1)
        lines += ["", f"> {head}", *(f"> {line}" for line in textwrap.wrap(old, 72, break_on_hyphens=False))]
    return "\n".join(lines) + "\n"


def _mailbox(person):
    name, _, _, host = person
    return f"{name} <{name.lower().replace(' ', '.')}@{host}.example>"


def _slug(name):
    return "".join(c for c in name.lower().split()[0] if c.isalnum())


def requirements_text(needs):
    """Return ``requirements.md``: what is needed, what excludes, how offers are read and reckoned."""
    facts = {
        "av": f"{float(100 - needs.downtime * 100):g}",
        "mb": needs.restore_mb,
        "days": needs.retention_days,
        "start": day(needs.start),
        "decision": day(needs.decision),
    }
    table = zip((1, 2, 3), needs.users, needs.volumes, strict=True)
    years = "".join(f"| {year} | {users} | {volume} |\n" for year, users, volume in table)
    items = "".join(
        f"- **{code}** {REQUIREMENTS[name].format(**facts)}\n"
        for name, code in sorted(needs.codes.items(), key=lambda item: int(item[1][1:]))
    )
    rates = ", ".join(f"{rate} {name}" for name, rate in sorted(needs.rates.items()) if name != "EUR")
    return RULES.format(
        buyer=needs.buyer,
        years=years,
        items=items,
        rates=rates,
        closing=day(needs.closing.date()),
        **needs.people,
    )
