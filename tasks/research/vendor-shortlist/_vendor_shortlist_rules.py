"""What the offers mean: who is eligible, why not, and what three years cost.

`judge` gives the right answer. Given names of missed traps it gives the answer of a reader who
overlooked exactly those, so that `setup.py` can prove for each seed which checks that reader would lose.
Amounts are exact fractions; nothing is rounded here.
"""

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from math import ceil

EXTRA_COUNTRIES = ("Iceland", "Liechtenstein", "Norway")
OUTSIDE = "Switzerland"
TIB = Fraction(2**40, 10**12)
MONTH_MIN, YEAR_MIN = 43_200, 525_600
TERM_MONTHS = 24

# Missed trap -> exactly the checks it must cost.
TRAPS = {
    "maintenance": {"eligible", "excluded", "recommended"},
    "silence": {"eligible", "excluded"},
    "bits": {"eligible", "excluded"},
    "mails": {"eligible", "excluded", "cost-mail"},
    "price-mail": {"cost-mail", "recommended"},
    "closing": {"eligible", "excluded", "cost-mail", "recommended"},
    "offset": {"eligible", "excluded", "cost-mail", "recommended"},
    "namesake": {"eligible", "excluded", "cost-units"},
    "tib-limit": {"eligible", "cost-units"},
    "tib-price": {"cost-units"},
    "currency": {"cost-units", "cost-tiers"},
    "steps-as-whole": {"cost-tiers", "recommended"},
    "whole-as-steps": {"cost-tiers", "recommended"},
    "term": {"cost-terms", "recommended"},
    "waiver": {"cost-terms"},
    "option": {"eligible", "cost-terms"},
    "option-price": {"cost-terms"},
    "extras": {"cost-terms"},
    "minimum": {"cost-terms"},
    "side-discount": {"cost-units"},
}


@dataclass(frozen=True)
class Needs:
    """What the buyer asks for. Volumes in TB per contract year; rates are units of currency per EUR."""

    buyer: str
    users: tuple
    volumes: tuple
    downtime: Fraction
    restore_mb: int
    retention_days: int
    start: date
    decision: date
    closing: datetime
    rates: dict
    codes: dict


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


@dataclass(frozen=True)
class Mail:
    """A mail of ``role``; ``terms`` and ``price`` are what it changes in the offer."""

    role: str
    sent: datetime
    subject: str
    body: str
    terms: dict = field(default_factory=dict)
    price: dict = field(default_factory=dict)


def counts(mail, closing, missed):
    """Return whether a reader who missed ``missed`` lets ``mail`` change the offer."""
    if "mails" in missed:
        return False
    if "price-mail" in missed and mail.price:
        return False
    if "closing" in missed:
        return True
    if "offset" in missed:
        return mail.sent.replace(tzinfo=None) <= closing.replace(tzinfo=None)
    return mail.sent.astimezone(UTC) <= closing


def corrected(offers, mails, closing, missed=frozenset()):
    """Return the offers as the counting mails leave them, the latest mail prevailing."""
    result = {offer.role: offer for offer in offers}
    for mail in sorted(mails, key=lambda m: m.sent):
        if not counts(mail, closing, missed):
            continue
        role = mail.role
        if "namesake" in missed and "location" in mail.terms:
            role = "user"
        offer = result[role]
        result[role] = replace(
            offer, terms={**offer.terms, **mail.terms}, price={**offer.price, **mail.price}
        )
    return list(result.values())


def meets(name, value, offer, needs, missed=frozenset()):
    """Return whether the stated ``value`` of an offer meets the requirement ``name``."""
    if value is None:
        return "silence" in missed
    if name == "availability":
        return _downtime(value, missed) <= needs.downtime
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


def _downtime(value, missed):
    """Return the share of time without service, from a promise in percent, minutes or hours."""
    kind, amount, maintenance = value
    if kind == "minutes":
        return Fraction(amount, MONTH_MIN)
    if kind == "hours":
        return Fraction(amount) * 60 / YEAR_MIN
    share = 1 - Fraction(amount) / 100
    return share if "maintenance" in missed else share + Fraction(maintenance, MONTH_MIN)


def restore_speed(value, missed=frozenset()):
    """Return a restore speed in MB/s."""
    unit, amount = value
    amount = Fraction(amount)
    if unit == "Gbit/s":
        return amount * 1000 / (1 if "bits" in missed else 8)
    return amount * 1_000_000 / 86_400 if unit == "TB per day" else amount


def cost(offer, needs, missed=frozenset()):
    """Return the cost of three contract years in EUR, as a Fraction."""
    price = offer.price
    years = zip(needs.users, needs.volumes, strict=True)
    recurring = sum(_year(price, users, volume, missed) for users, volume in years)
    term = 36 if "term" in missed else TERM_MONTHS
    if price.get("discount_from") and term >= price["discount_from"]:
        recurring *= 1 - Fraction(price["discount"]) / 100
    if offer.terms["support"] == "option" and "option-price" not in missed:
        recurring *= 1 + Fraction(price["option"]) / 100
    total = recurring
    waived = price.get("waived_from") and term >= price["waived_from"]
    if not waived or ("waiver" in missed and price["waived_from"] <= TERM_MONTHS):
        total += price.get("setup", 0)
    if "extras" in missed:
        total += 3 * price.get("extra", 0)
    if "side-discount" in missed:
        total *= 1 - Fraction(price.get("side_discount", 0)) / 100
    return total if "currency" in missed else total / Fraction(needs.rates[price["currency"]])


def _year(price, users, volume, missed):
    """Return one contract year's recurring fees in the offer's currency, before discounts and options."""
    months = 1 if price.get("per_year") else 12
    base = 12 * Fraction(price.get("base", 0))
    kind = price["kind"]
    if kind == "user":
        return base + 12 * users * Fraction(price["unit"])
    if kind == "flat":
        billed = volume if "minimum" in missed else max(volume, price.get("minimum", 0))
        return base + months * billed * Fraction(price["unit"])
    if kind == "tib":
        units = volume if "tib-price" in missed else ceil(volume / TIB)
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
    final = corrected(offers, mails, needs.closing, missed)
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
            costs[offer.vendor_id] = cost(offer, needs, missed)
    return {
        "eligible": sorted(costs),
        "excluded": excluded,
        "cost": costs,
        "recommended": min(costs, key=costs.get),
    }
