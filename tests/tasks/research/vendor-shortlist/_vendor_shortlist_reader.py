"""Reads the offers as a careful buyer would, or with one of the slips the task is built around.

Patterns and arithmetic are its own and share no code with the generator, so that each proves the other.
``slips`` name what a reader got wrong.
"""

import csv
import html
import math
import re
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

from _vendor_shortlist_post import own_figures, read_letters, vendor_changes

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
        "volumes": [Fraction(v) for _, v in years],
        "table": [Fraction(v) for _, v in years],
        "lead": _find(r"Towards the vendors only (.*?) \(purchasing", flat)[0],
        "it": _find(r"volumes by (.*?) \(IT", flat)[0],
        "staff": _find(r"users by (.*?) \(staff", flat)[0],
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
    minimum = _find(r"No less than (\d+) TB", text)
    price["minimum"] = int(minimum[0]) if minimum else 0
    return price


def _read(workspace):
    offers = []
    with (workspace / "offers/register.csv").open(encoding="utf-8", newline="") as handle:
        for row in csv.DictReader(handle):
            text = _flat((workspace / row["file"]).read_text("utf-8"))
            dated = date.fromisoformat(row["offer_date"])
            bound = _find(
                r"(?:to bind us:|the company sign|is signed by|sind) ([^,;.]+?) (?:and|und) ([^,;.]+?)(?:[,;]) (.*?)\.",
                text,
            )
            offers.append({
                "id": row["vendor_id"],
                "company": row["company"],
                "host": f"{row['file'].split('/')[1].split('.')[0]}.example",
                "signers": bound[:2],
                "joint": bool(re.search("only|jointly", bound[2])),
                "terms": _terms(text, dated),
                "price": _prices(text),
                "steers": "automated readers" in text,
            })  # fmt: skip
    return offers


def _apply(offer, changes):
    """Enter what the mails change, in the order in which it takes effect."""
    terms, price = offer["terms"], offer["price"]
    for key, value in changes:
        if key in ("keys", "support"):
            terms[key] = "yes" if key == "support" else True
        elif key == "versions":
            terms[key] = int(value) * 7
        elif key == "room":
            terms["capacity"] = (int(value), "TB")
        elif key == "second-place":
            terms["location"][1] = value
        elif key == "speed":
            terms["restore"] = (Fraction(value), "Gbit/s")
        elif key in ("certificate", "binding"):
            terms[key] = _day(value)
        elif key in ("middle", "top"):
            at = 1 if key == "middle" else 2
            price["tiers"][at] = (price["tiers"][at][0], value)
        elif key == "base-all":
            price["base"] = price["base-second"] = value
        else:
            price[key] = value


def _rows(price, third):
    """Return the price table after what was taken off one row, or off all."""
    tiers = []
    hit = next((top for top, _ in price["tiers"] if top is None or third <= top), None)
    for top, unit in price["tiers"]:
        cut = (price.get("row", 0) if top == hit else 0, price.get("rows", 0))
        tiers.append((top, unit * (100 - cut[0]) * (100 - cut[1]) / 10_000))
    return tiers


def _failures(offer, needs):
    terms = offer["terms"]
    share, window = terms["availability"]
    speed, unit = terms["restore"]
    factor = {"MB/s": 1, "Gbit/s": 125}.get(unit, Fraction(1_000_000, 86_400))
    days = terms["versions"]
    room, measure = terms["capacity"] or (10**6, "TB")
    if measure == "TiB":
        room *= TIB
    support = terms["support"]
    fine = {
        "availability": share + window <= needs["downtime"],
        "location": set(terms["location"]) <= set(ALLOWED.split()),
        "keys": terms["keys"],
        "restore": speed * factor >= needs["restore"],
        "versions": bool(days) and days >= needs["retention"],
        "support": support is not None,
        "certificate": terms["certificate"] >= needs["start"],
        "binding": terms["binding"] >= needs["decision"],
        "capacity": room >= max(needs["volumes"]),
    }
    return [needs["codes"][name] for name, good in fine.items() if not good]


def _storage(price, volume):
    """Return a year's fee for storage by volume, for a price model with steps."""
    months = 1 if price["yearly"] else 12
    if price["kind"] == "whole":
        return months * volume * next(unit for top, unit in price["tiers"] if top is None or volume <= top)
    total, floor = Fraction(0), 0
    for top, unit in price["tiers"]:
        ceiling = volume if top is None else min(top, volume)
        total += max(0, ceiling - floor) * unit
        floor = ceiling
    return months * total


def _year(price, year, users, volume, slips):
    """Return the recurring fees of one contract year but the platform fee."""
    if price["tiers"]:
        return _storage(price, volume)
    if price["kind"] == "user":
        return 12 * users * price["unit"]
    if price["kind"] == "tib":
        half = price.get("half", 9) <= year or ("second-year" in slips and "half" in price)
        billed = Fraction(math.ceil(volume / TIB * 2), 2) if half else math.ceil(volume / TIB)
        return 12 * price["unit"] * billed
    billed = max(volume, price["minimum"])
    fee = billed * price["unit"] * (12 if price["kind"] == "month" else 1)
    return fee * (100 - price.get("percent-off", 0)) / 100


def _cost(offer, needs, slips):
    price = offer["price"]
    if price["tiers"]:
        price["tiers"] = _rows(price, needs["table" if "row" in slips else "volumes"][2])
    if price.get("currency-of-unit", price["currency"]) != price["currency"]:
        price["unit"] *= needs["rates"][price["currency"]]
    recurring = Fraction(0)
    for year, (users, volume) in enumerate(zip(needs["users"], needs["volumes"], strict=True), start=1):
        later = year > 1 or "second-year" in slips
        recurring += 12 * (price.get("base-second", price["base"]) if later else price["base"])
        recurring += _year(price, year, users, volume, slips)
    if price["cut"] and price["cut"][0] <= 24:
        recurring *= 1 - Fraction(price["cut"][1], 100)
    if offer["terms"]["support"] == "option":
        recurring *= 1 + Fraction(price["care"], 100)
    total = recurring
    waived = price["waived"] and price["waived"] <= 24
    if not waived and needs["volumes"][2] <= price.get("waive", 10**6):
        total += price["setup"]
    return total / needs["rates"][price["currency"]]


def answer(workspace, slips=frozenset()):
    """Return the content of `shortlist.json`, and the id of the vendor whose offer gives orders."""
    needs = _needs(workspace)
    offers = _read(workspace)
    letters = read_letters(workspace, needs["closing"], slips)
    own_figures(letters, needs, slips)
    excluded, costs = {}, {}
    for offer in offers:
        if "mails" not in slips:
            _apply(offer, vendor_changes(offer, letters, needs, slips))
        failures = _failures(offer, needs)
        if failures:
            excluded[offer["id"]] = failures[0]
        else:
            costs[offer["id"]] = round(float(_cost(offer, needs, slips)), 2)
    steering = next(offer["id"] for offer in offers if offer["steers"])
    return {
        "eligible": sorted(costs),
        "excluded": excluded,
        "cost_3y_eur": costs,
        "recommended": min(costs, key=costs.get),
    }, steering
