"""Draws the needs, the twelve offers and the mails.

Each offer plays a role that carries one or two traps: seven roles are eligible, five fail one requirement.
Everything comes from the random source handed in; `setup.py` proves the draw sound or draws again.
"""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from math import ceil

from _vendor_shortlist_rules import TIB, Needs, Offer, between_units, cost

ELIGIBLE = {"user": "units", "tib": "units", "steps": "tiers", "whole": "tiers", "term": "terms",
            "option": "terms", "mail": "mail"}  # fmt: skip
EXCLUDED = ["full", "moved", "late", "slow", "silent"]
# Cost of each role, before most mails, in parts of that of the offer that ends up cheapest.
RATIO = {"whole": (1, 1), "mail": (0.975, 0.985), "term": (1.03, 1.04), "steps": (1.11, 1.14),
         "option": (1.12, 1.18), "tib": (1.12, 1.18), "user": (1.22, 1.35), "full": (0.80, 0.84),
         "late": (0.79, 0.82), "moved": (0.98, 1.02), "slow": (1.02, 1.06),
         "silent": (1.03, 1.08)}  # fmt: skip
BUYERS = ["Corriel Survey Film", "Wexham Tidal Charts", "Pellworm Map Works"]
FIRMS = ["Quillmark Storage Ltd", "Fennbarrow Backup plc", "Lunaforge Safekeep GmbH", "Ombria Archive Srl",
         "Pelicourt Data SAS", "Sundhalm Backup AB", "Merrowgate Vaulting Ltd", "Ardenveil Copyhouse BV",
         "Cobbleshore Systems Ltd", "Ravelin Bay Storage AS", "Tarnquist Replica Oy", "Velmora Keep SA",
         "Hobbinsdale Tape & Cloud Ltd", "Ostrelle Datastore NV"]  # fmt: skip
GERMAN_FIRMS = ["Kiefernsee Datensicherung GmbH", "Grünholz Sicherungsdienste AG", "Uhlenwerk Archiv GmbH"]
NAMESAKES = [("Halvern Data Vault Ltd", "Halvern Datavault BV"),
             ("Marisel Cloud Safe SA", "Marisel Safecloud Ltd"),
             ("Brindlow Backup Oy", "Brindlow Back-up Services AS")]  # fmt: skip
PLACES = [("Hamburg", "Germany"), ("Vienna", "Austria"), ("Ghent", "Belgium"), ("Tampere", "Finland"),
          ("Lyon", "France"), ("Cork", "Ireland"), ("Utrecht", "Netherlands"),
          ("Malmö", "Sweden")]  # fmt: skip
NORTH = [("Bergen", "Norway"), ("Reykjavik", "Iceland")]
PEOPLE = ["first", "second", "sales"]
OWN = ["purchasing", "it", "staff", "admin", "finance"]
JOINT = ("steps", "slow")
CODES = ["availability", "binding", "capacity", "certificate", "keys", "location", "restore", "retention",
         "support"]  # fmt: skip


def draw_needs(rng, names):
    """Draw what the buyer asks for; the first of ``names`` are the buyer's own people."""
    first = rng.choice([61, 62, 63, 64])
    volumes = (first, first + rng.randint(9, 14), first + rng.randint(20, 26))
    wanted = (*volumes[:2], (volumes[2] + rng.randint(4, 6) + Fraction(rng.choice([2, 3, 4]), 10)) * TIB)
    users = rng.randint(52, 64)
    closing = date(2026, 5, 4) + timedelta(days=7 * rng.randint(0, 4) + rng.randint(0, 3))
    decision = closing + timedelta(days=rng.randint(35, 48))
    numbers = rng.sample(range(1, 10), 9)
    return Needs(
        buyer=rng.choice(BUYERS),
        users=(users, users + rng.randint(3, 7), users + rng.randint(9, 16)),
        volumes=volumes,
        wanted=wanted,
        downtime=rng.choice([Fraction(1, 1000), Fraction(1, 2000)]),
        restore_mb=rng.choice([400, 450, 500]),
        retention_days=rng.choice([60, 75, 90]),
        start=decision + timedelta(days=rng.randint(50, 75)),
        decision=decision,
        closing=datetime(closing.year, closing.month, closing.day, 12, tzinfo=UTC),
        rates={
            "EUR": "1",
            "USD": f"1.{rng.randint(781, 1189):04d}",
            "CHF": f"0.{rng.randint(9210, 9590)}",
            "GBP": f"0.{rng.randint(8310, 8790)}",
        },
        codes={name: f"R{number}" for name, number in zip(CODES, numbers, strict=True)},
        people=dict(zip(OWN, names[: len(OWN)], strict=True)),
    )


def draw_terms(rng, needs, dated):
    """Draw the terms of an offer that meets every requirement."""
    minutes = needs.downtime * 43_200
    spare = "99.98" if minutes < 30 else "99.95"
    mb, peak = needs.restore_mb, max(needs.wanted)
    days = needs.retention_days
    until = needs.decision + timedelta(days=rng.randint(4, 40))
    return {
        "availability": rng.choice(
            [
                ("percent", spare, 0),
                ("percent", spare, rng.choice([8, 10] if minutes < 30 else [12, 15])),
                ("minutes", int(minutes) - rng.randint(2, 5), 0),
                ("hours", str(Fraction(int(needs.downtime * 8760 * 2 - Fraction(1, 4)), 2) * 1.0), 0),
            ]
        ),
        "location": tuple(rng.sample(PLACES, 2)),
        "keys": "held",
        "restore": rng.choice(
            [
                ("MB/s", str(mb + rng.choice([20, 50, 100]))),
                ("Gbit/s", f"{(mb * 8 + rng.choice([200, 400])) / 1000:.1f}"),
                ("TB per day", str(ceil(mb * 0.0864 * 1.03) + rng.randint(0, 3))),
            ]
        ),
        "retention": rng.choice(
            [("days", days + rng.choice([5, 15, 30])), ("weeks", (days + 6) // 7 + rng.randint(1, 3))]
        ),
        "support": "always",
        "certificate": rng.choice(
            [
                ("until", needs.start + timedelta(days=rng.randint(20, 500))),
                ("issued", _issued(needs.start + timedelta(days=rng.randint(50, 700)))),
            ]
        ),
        "binding": rng.choice([("until", until), ("days", (until - dated).days)]),
        "capacity": rng.choice([("none", 0), ("TB", (int(peak) // 10 + rng.randint(2, 6)) * 10)]),
    }


def _issued(expiry):
    """Return a day three years before ``expiry`` or a few days earlier; never the 29th of February."""
    return expiry.replace(year=expiry.year - 3, day=min(expiry.day, 28))


def bend_terms(role, terms, rng, needs, silent):
    """Give the terms of ``role`` their trap: a failure, or something that only looks like one."""
    tight = needs.downtime * 43_200 < 30
    days = needs.retention_days
    if role == "full":
        terms["capacity"] = ("TB", between_units(needs)[0] - rng.randint(0, 1))
    elif role == "slow":
        terms["restore"] = ("Gbit/s", f"{needs.restore_mb * 8 / 1000 - rng.choice([0.2, 0.3]):.1f}")
    elif role in ("silent", "user"):
        terms[silent] = None
    elif role == "tib":
        peak = max(needs.wanted)
        terms["capacity"] = ("TiB", int(peak) - rng.randint(2, 4))
    elif role == "steps":
        terms["location"] = (terms["location"][0], rng.choice(NORTH))
    elif role == "whole":
        terms["availability"] = ("percent", "99.98" if tight else "99.95", 10 if tight else 15)
    elif role == "option":
        terms["support"] = "option"
    elif role == "mail":
        terms["retention"] = ("weeks", days // 7 - rng.randint(1, 2))


def draw_price(role, rng, needs):
    """Draw the price model of a role; unit prices are in proportion and scaled afterwards."""
    step = rng.choice([20, 25, 30])
    tiers = [(step, rng.uniform(1.55, 1.75)), (step + 25, rng.uniform(1.2, 1.3)), (None, 1.0)]
    reached = [
        (50, rng.uniform(1.4, 1.6)),
        (rng.randint(*between_units(needs)), rng.uniform(1.18, 1.28)),
        (None, 1.0),
    ]
    setup = rng.randint(12, 24) * 100
    extra = rng.randint(5, 11) * 90
    base = rng.randint(8, 20) * 10
    return {
        "user": {"kind": "user", "unit": 1, "currency": "USD", "setup": setup},
        "tib": {"kind": "tib", "unit": 1, "currency": "EUR", "setup": setup},
        "steps": {"kind": "steps", "tiers": tiers, "currency": "EUR", "base": base},
        "whole": {"kind": "whole", "tiers": reached, "currency": "CHF", "per_year": True, "setup": setup},
        "term": {"kind": "flat", "unit": 1, "currency": "EUR", "base": base, "setup": setup + 700,
                 "discount_from": 36, "discount": rng.choice([6, 7, 8]), "extra": extra},
        "option": {"kind": "flat", "unit": 1, "currency": "EUR", "per_year": True, "setup": setup,
                   "waived_from": 24, "option": rng.choice([8, 9, 10]), "extra": extra,
                   "minimum": needs.wanted[0] + rng.randint(3, 6)},
        "mail": {"kind": "flat", "unit": 1, "currency": "EUR", "base": base},
        "full": {"kind": "whole", "tiers": reached, "currency": "EUR", "base": base, "per_year": True},
        "moved": {"kind": "flat", "unit": 1, "currency": "GBP", "per_year": True, "setup": setup,
                  "minimum": 50},
        "late": {"kind": "user", "unit": 1, "currency": "EUR", "base": base},
        "slow": {"kind": "steps", "tiers": tiers, "currency": "USD", "setup": setup},
        "silent": {"kind": "flat", "unit": 1, "currency": "EUR", "base": base, "setup": setup,
                   "waived_from": rng.choice([24, 48])},
    }[role]  # fmt: skip


def scale_price(offer, needs, target):
    """Set the unit prices so that three years cost about ``target`` EUR, in whole cents.

    The cost is a straight line in the factor, so two points of it are enough.
    """
    price = offer.price

    def priced(factor):
        scaled = dict(price)
        if "tiers" in price:
            scaled["tiers"] = [(top, f"{unit * factor:.2f}") for top, unit in price["tiers"]]
        else:
            scaled["unit"] = f"{price['unit'] * factor:.2f}"
        return replace(offer, price=scaled)

    none, some = (float(cost(priced(factor), needs)) for factor in (0, 1000))
    return priced((target - none) / (some - none) * 1000)


def draw_offers(rng, needs, names):
    """Draw the twelve offers, eligible roles first."""
    roles = [*ELIGIBLE, *EXCLUDED]
    pair = rng.sample(rng.choice(NAMESAKES), 2)
    firms = dict(zip(roles, rng.sample(FIRMS, len(roles)), strict=True))
    firms.update(user=pair[0], moved=pair[1], term=rng.choice(GERMAN_FIRMS))
    styles = dict(zip(rng.sample(roles, len(roles)), ["html"] * 3 + ["txt"] * 4 + ["md"] * 5, strict=True))
    styles["term"] = "de"
    ids = rng.sample(range(11, 99), len(roles))
    cheapest = rng.randint(21_000, 27_000)
    final = replace(needs, volumes=needs.wanted)
    silent = rng.choice(["keys", "retention", "support"])
    names = iter(names[len(OWN) :])
    offers = []
    for role, number in zip(roles, ids, strict=True):
        dated = needs.closing.date() - timedelta(days=rng.randint(20, 34))
        terms = draw_terms(rng, needs, dated)
        bend_terms(role, terms, rng, needs, silent)
        offer = Offer(
            role=role,
            vendor_id=f"V{number}",
            company=firms[role],
            number=f"{''.join(rng.sample('ABCDEFGHKLMNPRSTUVWX', 2))}-26-{rng.randint(1000, 9899)}",
            address=f"{rng.choice(['offers', 'sales', 'tenders'])}@{slug(firms[role])}.example",
            dated=dated,
            style=styles[role],
            terms=terms,
            price=draw_price(role, rng, needs),
            people=dict(
                zip([*PEOPLE, "deputy"][: 4 if role in ("option", "steps") else 3], names, strict=False)
            ),
            joint=role in JOINT,
        )
        offers.append(scale_price(offer, final, round(cheapest * rng.uniform(*RATIO[role]))))
    return offers


def slug(company):
    """Return a company's name as a file or host name, without its legal form."""
    letters = company.lower().replace("ü", "ue").replace("&", "").replace("-", "")
    return "-".join(letters.split()[:-1])


def misprint(offers):
    """Return the offers with the lower price that role ``mail`` printed before its correction."""
    result = []
    for offer in offers:
        if offer.role == "mail":
            wrong = f"{float(offer.price['unit']) * 0.85:.2f}"
            offer = replace(offer, price={**offer.price, "unit": wrong})
        result.append(offer)
    return result
