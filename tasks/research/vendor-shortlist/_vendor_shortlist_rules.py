"""What the offers mean: who is eligible, why not, and what three years cost.

`judge` gives the right answer. Given names of missed traps it gives the answer of a reader who
overlooked exactly those, so that `setup.py` can prove for each seed which checks that reader would lose.
Amounts are exact fractions; nothing is rounded here.
"""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from fractions import Fraction
from math import ceil

EXTRA_COUNTRIES = ("Iceland", "Liechtenstein", "Norway")
OUTSIDE = "Switzerland"
TIB = Fraction(2**40, 10**12)
MONTH_MIN, YEAR_MIN = 43_200, 525_600
TERM_MONTHS = 24

# Missed trap -> exactly the checks it must cost.
_COSTS = {"cost-units", "cost-tiers", "cost-terms", "cost-mail"}
_SETS = {"eligible", "excluded"}
TRAPS = {
    "own-mails": {*_COSTS, *_SETS, "recommended"},
    "our-fix": {*_COSTS, *_SETS, "recommended"},
    "standing": {*_COSTS, "eligible"},
    "mails": {*_COSTS, *_SETS, "recommended"},
    "closing": {*_COSTS, *_SETS, "recommended"},
    "offset": {*_SETS, "cost-mail", "recommended"},
    "sales": {*_SETS, "cost-mail", "cost-terms", "recommended"},
    "signed-only": {"eligible", "cost-units", "cost-tiers", "cost-terms"},
    "joint": {*_SETS, "cost-tiers"},
    "confirm": _SETS,
    "withdrawn": {*_SETS, "cost-mail"},
    "hearsay": {*_SETS, "cost-units", "recommended"},
    "left": {"cost-tiers"},
    "row": {"cost-tiers"},
    "deputy": {"cost-tiers", "cost-terms"},
    "condition": {"cost-terms"},
    "our-voice": {"cost-terms"},
    "taken-back": {"cost-terms"},
    "too-late": {"cost-terms"},
    "second-year": {"cost-units", "cost-terms"},
    "sent-order": {"cost-units"},
    "unit-currency": {"cost-units"},
    "early": {"cost-units"},
    "tib-limit": {"cost-units", "eligible"},
    "currency": {"cost-units", "cost-tiers"},
    "steps-as-whole": {"cost-tiers"},
    "whole-as-steps": {"cost-tiers", "recommended"},
    "term": {*_SETS, "cost-terms", "recommended"},
    "option": {"cost-terms", "eligible"},
    "option-price": {"cost-terms"},
    "extras": {"cost-terms"},
    "minimum": {"cost-terms"},
    "silence": _SETS,
    "bits": _SETS,
}


@dataclass(frozen=True)
class Needs:
    """What the buyer asks for. Volumes in TB per contract year; rates are units of currency per EUR.

    ``volumes`` and ``users`` are what the table of the requirements says; ``wanted`` what the mails of
    those who may change it make of the volumes.
    """

    buyer: str
    users: tuple
    volumes: tuple
    wanted: tuple
    downtime: Fraction
    restore_mb: int
    retention_days: int
    start: date
    decision: date
    closing: datetime
    rates: dict
    codes: dict
    people: dict


@dataclass(frozen=True)
class Offer:
    """One vendor's offer. ``terms``: requirement -> stated value, None where the offer is silent."""

    role: str
    vendor_id: str
    company: str
    number: str
    address: str
    dated: date
    style: str
    terms: dict
    price: dict
    people: dict
    joint: bool


@dataclass(frozen=True)
class Mail:
    """A mail of the vendor in ``role``, or of our own house (role ``own``).

    ``change`` is what it does to the offer (or the needs), if it counts: name -> value. ``holds`` says
    whether it counts. A reader who missed one of ``traps`` believes the opposite.
    """

    role: str
    author: str
    sent: datetime
    text: str
    to: str = ""
    change: dict = field(default_factory=dict)
    holds: bool = True
    traps: tuple = ()
    quoted: str = ""
    german: bool = False


def between_units(needs):
    """Return the bounds of whole TB that the third year passes in TiB, and would not if it were TB."""
    return int(needs.wanted[2] / TIB) + 2, int(needs.wanted[2]) - 1


def counts(mail, missed):
    """Return whether a reader who missed ``missed`` lets ``mail`` change something."""
    if ("own-mails" if mail.role == "own" else "mails") in missed:
        return False
    return mail.holds != any(trap in missed for trap in mail.traps)


def corrected(offers, mails, needs, missed=frozenset()):
    """Return offers and needs as the counting mails leave them, the latest mail prevailing."""
    result = {offer.role: offer for offer in offers}
    for mail in sorted(mails, key=lambda m: m.sent):
        if not mail.change or not counts(mail, missed):
            continue
        if mail.role == "own":
            now = {name: getattr(needs, name) for name in mail.change}
            new = {
                name: tuple(
                    old if given is None else given for old, given in zip(now[name], row, strict=True)
                )
                for name, row in mail.change.items()
            }
            needs = replace(needs, **new)
            continue
        offer = result[mail.role]
        terms = {name: mail.change.get(name, value) for name, value in offer.terms.items()}
        price = {**offer.price, **{k: v for k, v in mail.change.items() if k not in terms}}
        result[mail.role] = replace(offer, terms=terms, price=price)
    return list(result.values()), needs


def meets(name, value, offer, needs, missed=frozenset()):
    """Return whether the stated ``value`` of an offer meets the requirement ``name``."""
    if value is None:
        return "silence" in missed
    if name == "availability":
        return _downtime(value) <= needs.downtime
    if name == "location":
        return all(country != OUTSIDE for _, country in value)
    if name == "restore":
        return restore_speed(value, missed) >= needs.restore_mb
    if name == "retention":
        unit, amount = value
        return amount * (7 if unit == "weeks" else 1) >= needs.retention_days
    if name == "support":
        return value == "always" or (value == "option" and "option" not in missed)
    if name == "certificate":
        kind, day = value
        return (day if kind == "until" else day.replace(year=day.year + 3)) >= needs.start
    if name == "binding":
        kind, amount = value
        return (amount if kind == "until" else offer.dated + timedelta(days=amount)) >= needs.decision
    if name == "capacity":
        unit, amount = value
        factor = TIB if unit == "TiB" and "tib-limit" not in missed else 1
        return unit == "none" or amount * factor >= max(needs.volumes)
    return True  # keys: stated means met


def _downtime(value):
    """Return the share of time without service, from a promise in percent, minutes or hours."""
    kind, amount, maintenance = value
    if kind == "minutes":
        return Fraction(amount, MONTH_MIN)
    if kind == "hours":
        return Fraction(amount) * 60 / YEAR_MIN
    share = 1 - Fraction(amount) / 100
    return share + Fraction(maintenance, MONTH_MIN)


def restore_speed(value, missed=frozenset()):
    """Return a restore speed in MB/s."""
    unit, amount = value
    amount = Fraction(amount)
    if unit == "Gbit/s":
        return amount * 1000 / (1 if "bits" in missed else 8)
    return amount * 1_000_000 / 86_400 if unit == "TB per day" else amount


def cost(offer, needs, missed=frozenset(), table=None):
    """Return the cost of three contract years in EUR, as a Fraction.

    ``table`` are the volumes that a reader goes by who looks up a row by the table of the requirements.
    """
    price = {**offer.price, "usd": needs.rates["USD"]}
    price = _tiers_changed(price, (table if "row" in missed and table else needs).volumes[2])
    years = enumerate(zip(needs.users, needs.volumes, strict=True), start=1)
    recurring = sum(_year(price, year, users, volume, missed) for year, (users, volume) in years)
    term = 36 if "term" in missed else TERM_MONTHS
    if price.get("discount_from") and term >= price["discount_from"]:
        recurring *= 1 - Fraction(price["discount"]) / 100
    if offer.terms["support"] == "option" and "option-price" not in missed:
        recurring *= 1 + Fraction(price["option"]) / 100
    total = recurring
    waived = price.get("waived_from") and term >= price["waived_from"]
    waived = waived or needs.volumes[2] > price.get("waive_over", 10**6)
    if not waived:
        total += Fraction(price.get("setup", 0))
    if "extras" in missed:
        total += 3 * price.get("extra", 0)
    total *= 1 - Fraction(price.get("early", 0)) / 100
    return total if "currency" in missed else total / Fraction(needs.rates[price["currency"]])


def _tiers_changed(price, third):
    """Return ``price`` with what mails did to its tiers; ``third`` is the volume of the third year."""
    if "tiers" not in price:
        return price
    tiers = [(top, Fraction(unit)) for top, unit in price["tiers"]]
    for index, key in ((1, "middle"), (2, "top")):
        if key in price:
            tiers[index] = (tiers[index][0], Fraction(price[key]))
    if "row" in price:
        at = next(i for i, (top, _) in enumerate(tiers) if top is None or third <= top)
        tiers[at] = (tiers[at][0], tiers[at][1] * (100 - price["row"]) / 100)
    if "all_rows" in price:
        tiers = [(top, unit * (100 - price["all_rows"]) / 100) for top, unit in tiers]
    return {**price, "tiers": tiers}


def _year(price, year, users, volume, missed):
    """Return one contract year's recurring fees in the offer's currency, before discounts and options."""
    months = 1 if price.get("per_year") else 12
    base = 12 * Fraction(price.get("base", 0))
    if "base_second" in price and (year > 1 or "second-year" in missed):
        base = 12 * Fraction(price["base_second"])
    kind = price["kind"]
    if kind == "user":
        unit = Fraction(price["unit"])
        if price.get("unit_currency", "USD") == "EUR" and "unit-currency" not in missed:
            unit *= Fraction(price["usd"])
        return base + 12 * users * unit
    if kind == "flat":
        months *= 1 - Fraction(price.get("percent_off", 0)) / 100
        billed = volume if "minimum" in missed else max(volume, price.get("minimum", 0))
        return base + months * billed * Fraction(price["unit"])
    if kind == "tib":
        start = 1 if "second-year" in missed else price.get("half_from", 9)
        units = Fraction(ceil(volume / TIB * 2), 2) if year >= start else ceil(volume / TIB)
        return base + 12 * units * Fraction(price["unit"])
    if (kind == "steps" and "steps-as-whole" not in missed) or (
        kind == "whole" and "whole-as-steps" in missed
    ):
        return base + months * _by_steps(price["tiers"], volume)
    return base + months * volume * next(
        Fraction(unit) for top, unit in price["tiers"] if top is None or volume <= top
    )


def _by_steps(tiers, volume):
    total, floor = Fraction(0), 0
    for top, unit in tiers:
        inside = max(0, (volume if top is None else min(volume, top)) - floor)
        total += inside * Fraction(unit)
        floor = top if top is not None else floor
    return total


def judge(offers, mails, needs, missed=frozenset()):
    """Return ``eligible`` (ids), ``excluded`` (id -> codes), ``cost`` (id -> EUR) and ``recommended``."""
    table = needs
    final, needs = corrected(offers, mails, needs, missed)
    excluded, costs = {}, {}
    for offer in final:
        failed = [
            needs.codes[name]
            for name, value in sorted(offer.terms.items())
            if not meets(name, value, offer, needs, missed)
        ]
        if failed:
            excluded[offer.vendor_id] = failed
        else:
            costs[offer.vendor_id] = cost(offer, needs, missed, table)
    return {
        "eligible": sorted(costs),
        "excluded": excluded,
        "cost": costs,
        "recommended": min(costs, key=costs.get),
    }
