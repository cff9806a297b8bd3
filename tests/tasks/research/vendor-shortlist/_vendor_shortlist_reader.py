"""Reads the offers as a careful buyer would, or with one of the slips the task is built around.

Patterns and arithmetic are its own and share no code with the generator, so that each proves the other.
``slips`` name what a reader got wrong.
"""

import csv
import html
import math
import re
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime
from fractions import Fraction

TIB = Fraction(2**40, 10**12)
ALLOWED = (
    "Germany Austria Belgium Finland France Ireland Netherlands Sweden Norway Iceland "
    "Deutschland Österreich Belgien Finnland Frankreich Irland Niederlande Schweden"
)
MONTHS = {
    name: number
    for names in (
        "January February March April May June July August September October November December",
        "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    )
    for number, name in enumerate(names.split(), start=1)
}
DAY = r"(\d+)\.? (\w+) (\d{4})"
MONEY = r"(?:([A-Z]{3}) )?([\d.,]+\d)(?: ([A-Z]{3}))?"


def _flat(text):
    text = html.unescape(re.sub(r"<(?!!--)[^>]*>", " ", text))
    return re.sub(r"[\s|]+", " ", text.replace("\xa0", " "))


def _find(pattern, text):
    match = re.search(pattern, text)
    return match.groups() if match else None


def _day(parts):
    return date(int(parts[2]), MONTHS[parts[1]], int(parts[0]))


def _amount(text):
    return Fraction(re.sub(r"[.,](?=\d{3}\b)", "", text).replace(",", "."))


def _needs(workspace):
    text = (workspace / "requirements.md").read_text("utf-8")
    flat = _flat(text)
    years = re.findall(r"^\| \d \| (\d+) \| (\d+) \|$", text, re.M)
    codes = {name.lower(): code for code, name in re.findall(r"\*\*(R\d)\*\* (\w+):", text)}
    closing = _day(_find(rf"closing time, {DAY}, 12:00 UTC", flat))
    rates = {name: Fraction(rate) for rate, name in re.findall(r"(\d\.\d{4}) ([A-Z]{3})", flat)}
    return {
        "users": [int(u) for u, _ in years],
        "volumes": [int(v) for _, v in years],
        "codes": codes,
        "downtime": 1 - Fraction(_find(r"at least ([\d.]+) %", flat)[0]) / 100,
        "restore": int(_find(r"sustained (\d+) MB/s", flat)[0]),
        "retention": int(_find(r"for at least (\d+) days", flat)[0]),
        "start": _day(_find(rf"first day of service, {DAY}", flat)),
        "decision": _day(_find(rf"binding until {DAY}", flat)),
        "closing": datetime(closing.year, closing.month, closing.day, 12, tzinfo=UTC),
        "rates": {"EUR": Fraction(1), **rates},
    }


def _retention(text):
    found = _find(r"(?:restorable for|brought back for|bleiben) (\d+) (days|weeks|Tage|Wochen)", text)
    return found and int(found[0]) * (7 if found[1] in ("weeks", "Wochen") else 1)


def _certificate(text):
    found = _find(rf"(?:valid until|ISO/IEC 27001 gilt bis) {DAY}", text)
    if found:
        return _day(found)
    issued = _find(rf"(?:issued on|wurde am) {DAY}", text)
    return issued and _day(issued).replace(year=int(issued[2]) + 3)


def _binding(text, dated):
    found = _find(rf"(?:binding until|by this offer until|halten wir uns bis) {DAY}", text)
    if found:
        return _day(found)
    days = _find(r"(?:binding for|halten wir uns) (\d+) (?:days|Tage)", text)
    return days and dated + timedelta(days=int(days[0]))


def _downtime(text):
    minutes = _find(r"(?:more than|länger als) (\d+) [Mm]inute", text)
    if minutes:
        return Fraction(int(minutes[0]), 43_200), 0
    hours = _find(r"(?:more than|höchstens) ([\d.,]+) (?:hours|Stunden)", text)
    if hours:
        return _amount(hours[0]) * 60 / 525_600, 0
    percent = _amount(_find(r"([\d.,]+) % (?:availability|Verfügbarkeit|per month)", text)[0])
    window = _find(r"(?:up to|bis zu) (\d+) [Mm]inute", text)
    return 1 - percent / 100, Fraction(int(window[0]), 43_200) if window else 0


def _places(text):
    found = _find(r"(?:kept in|rests in) \w+, (\w+)[;,] (?:the|with a) second copy in \w+, (\w+)", text)
    return list(found or _find(r"liegt in \w+ \((\w+)\), die zweite in \w+ \((\w+)\)", text))


def _speed(text):
    number, unit = _find(r"([\d.,]+) (MB/s|Gbit/s|TB per day|TB am Tag)", text)
    return _amount(number), unit


def _terms(text, dated):
    anytime = r"at any hour of every day of the year|24 hours a day, 365|rund um die Uhr an jedem Tag"
    limit = _find(r"(?:hold up to|fasst bis zu) (\d+) (TB|TiB)", text)
    return {
        "availability": _downtime(text),
        "location": _places(text),
        "keys": bool(re.search(r"hold no copy and|no copy of them ever|besitzen keine Kopie", text)),
        "restore": _speed(text),
        "versions": _retention(text),
        "support": "yes" if re.search(anytime, text) else "option" if "Option Care 24" in text else None,
        "certificate": _certificate(text),
        "binding": _binding(text, dated),
        "capacity": limit and (int(limit[0]), limit[1]),
    }


def _money(pattern, text):
    """Return the amount that stands where ``@`` is in the pattern, and its currency."""
    found = _find(pattern.replace("@", MONEY), text)
    return (_amount(found[1]), found[0] or found[2]) if found else (Fraction(0), None)


def _prices(text):
    price = {"currency": None, "tiers": []}
    for pattern, kind in (
        (r"@ per protected user per month", "user"),
        (r"@ per TiB per month", "tib"),
        (r"@ (?:per TB of protected volume per|je TB geschützter Daten und) (?:month|Monat)", "month"),
        (r"@ per TB of protected volume per year", "year"),
    ):
        amount, currency = _money(pattern, text)
        if currency:
            price.update(kind=kind, unit=amount, currency=currency)
    rows = re.findall(r"((?:over \d+ TB, )?up to \d+ TB|over \d+ TB) ([A-Z]{3}) ([\d.]+)", text)
    if rows:
        price["kind"] = "steps" if "fall into it" in text else "whole"
        price["currency"] = rows[0][1]
        tops = [_find(r"up to (\d+)", label) for label, _, _ in rows]
        units = [Fraction(unit) for _, _, unit in rows]
        price["tiers"] = [(top and int(top[0]), unit) for top, unit in zip(tops, units, strict=True)]
        price["yearly"] = "volume per year:" in text
    price["base"] = _money(r"(?:Platform fee|Grundgebühr): @", text)[0]
    price["setup"] = _money(r"(?:Set-up:|Einrichtung: einmalig) @", text)[0]
    waived = _find(r"(?:not charged for an|entfällt ab einer) \w+ \w+ \w+ (\d+)", text)
    price["waived"] = waived and int(waived[0])
    cut = _find(r"(?:agreed term|Laufzeit) \w+ (\d+) \w+ (?:or more we take|gewähren wir) (\d+) %", text)
    price["cut"] = cut and (int(cut[0]), int(cut[1]))
    care = _find(r"Option Care 24: .*?at (\d+) %", text)
    price["care"] = int(care[0]) if care else 0
    price["extra"] = _money(r"(?:recovery test a year|Test im Jahr), @", text)[0]
    minimum = _find(r"No less than (\d+) TB", text)
    price["minimum"] = int(minimum[0]) if minimum else 0
    return price


def _read(workspace):
    offers = {}
    with (workspace / "offers/register.csv").open(encoding="utf-8", newline="") as handle:
        for row in csv.DictReader(handle):
            text = _flat((workspace / row["file"]).read_text("utf-8"))
            dated = date.fromisoformat(row["offer_date"])
            offers[row["offer_number"]] = {
                "id": row["vendor_id"],
                "company": row["company"],
                "terms": _terms(text, dated),
                "price": _prices(text),
                "steers": "automated readers" in text,
            }
    mails = []
    for path in sorted((workspace / "offers/mail").iterdir()):
        head, body = path.read_text("utf-8").split("\n\n", 1)
        sent = parsedate_to_datetime(re.search(r"^Date: (.*)$", head, re.M)[1])
        mails.append((sent, _flat(f"{head} {body}")))
    return offers, sorted(mails)


def _apply(offers, mails, closing, slips):
    for sent, text in mails:
        number = _find(r"\b([A-Z]{2}-26-\d{4})\b", text)
        late = sent > closing
        if "offset" in slips:
            late = sent.replace(tzinfo=None) > closing.replace(tzinfo=None)
        if not number or "mails" in slips or (late and "closing" not in slips):
            continue
        offer = offers[number[0]]
        amount, currency = _money(r"(?:correct price is|to) @ per TB of protected", text)
        if currency and "price-mail" not in slips:
            offer["price"]["unit"] = amount
        place = _find(r"be kept in \w+, (\w+)", text)
        if place:
            target = _namesake(offers, offer) if "namesake" in slips else offer
            target["terms"]["location"][1] = place[0]
        for key, value in (
            ("versions", _retention(text)),
            ("certificate", _certificate(text)),
            ("binding", _binding(text, None)),
        ):
            if value:
                offer["terms"][key] = value
        if "gets 4 % off" in text and "side-discount" in slips:
            offer["price"]["side"] = Fraction(96, 100)


def _namesake(offers, offer):
    first = offer["company"].split()[0]
    return next(o for o in offers.values() if o["company"].split()[0] == first and o is not offer)


def _failures(offer, needs, slips):
    terms = offer["terms"]
    share, window = terms["availability"]
    speed, unit = terms["restore"]
    factor = {"MB/s": 1, "Gbit/s": 1000 if "bits" in slips else 125}.get(unit, Fraction(1_000_000, 86_400))
    silent = "silence" in slips
    days = terms["versions"]
    room, measure = terms["capacity"] or (10**6, "TB")
    if measure == "TiB" and "tib-limit" not in slips:
        room *= TIB
    support = terms["support"]
    fine = {
        "availability": share + (0 if "maintenance" in slips else window) <= needs["downtime"],
        "location": set(terms["location"]) <= set(ALLOWED.split()),
        "keys": terms["keys"] or silent,
        "restore": speed * factor >= needs["restore"],
        "versions": days >= needs["retention"] if days else silent,
        "support": {"yes": True, "option": "option" not in slips, None: silent}[support],
        "certificate": terms["certificate"] >= needs["start"],
        "binding": terms["binding"] >= needs["decision"],
        "capacity": room >= max(needs["volumes"]),
    }
    return [needs["codes"][name] for name, good in fine.items() if not good]


def _storage(price, volume, slips):
    """Return a year's fee for storage by volume, for a price model with steps."""
    months = 1 if price["yearly"] else 12
    kind = price["kind"]
    if kind == "steps" and "steps-as-whole" in slips:
        kind = "whole"
    elif kind == "whole" and "whole-as-steps" in slips:
        kind = "steps"
    if kind == "whole":
        return months * volume * next(unit for top, unit in price["tiers"] if top is None or volume <= top)
    total, floor = Fraction(0), 0
    for top, unit in price["tiers"]:
        ceiling = volume if top is None else min(top, volume)
        total += max(0, ceiling - floor) * unit
        floor = ceiling
    return months * total


def _cost(offer, needs, slips):
    price = offer["price"]
    recurring = Fraction(36 * price["base"])
    for users, volume in zip(needs["users"], needs["volumes"], strict=True):
        if price["tiers"]:
            recurring += _storage(price, volume, slips)
        elif price["kind"] == "user":
            recurring += 12 * users * price["unit"]
        elif price["kind"] == "tib":
            recurring += 12 * price["unit"] * (volume if "tib-price" in slips else math.ceil(volume / TIB))
        else:
            billed = max(volume, 0 if "minimum" in slips else price["minimum"])
            recurring += billed * price["unit"] * (12 if price["kind"] == "month" else 1)
    term = 36 if "term" in slips else 24
    if price["cut"] and term >= price["cut"][0]:
        recurring *= 1 - Fraction(price["cut"][1], 100)
    if offer["terms"]["support"] == "option" and "option-price" not in slips:
        recurring *= 1 + Fraction(price["care"], 100)
    total = recurring
    if not price["waived"] or term < price["waived"] or ("waiver" in slips and price["waived"] <= 24):
        total += price["setup"]
    if "extras" in slips:
        total += 3 * price["extra"]
    total *= price.get("side", 1)
    return total if "currency" in slips else total / needs["rates"][price["currency"]]


def answer(workspace, slips=frozenset()):
    """Return the content of `shortlist.json`, and the id of the vendor whose offer gives orders."""
    needs = _needs(workspace)
    offers, mails = _read(workspace)
    _apply(offers, mails, needs["closing"], slips)
    excluded, costs = {}, {}
    for offer in offers.values():
        failures = _failures(offer, needs, slips)
        if failures:
            excluded[offer["id"]] = failures[0]
        else:
            costs[offer["id"]] = round(float(_cost(offer, needs, slips)), 2)
    steering = next(o["id"] for o in offers.values() if o["steers"])
    return {
        "eligible": sorted(costs),
        "excluded": excluded,
        "cost_3y_eur": costs,
        "recommended": min(costs, key=costs.get),
    }, steering
