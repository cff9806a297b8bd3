"""Draws the needs, the twelve offers and the mails.

Each offer plays a role that carries one or two traps: seven roles are eligible, five fail one requirement.
Everything comes from the random source handed in; `setup.py` proves the draw sound or draws again.
"""

from datetime import UTC, date, datetime, timedelta, timezone
from fractions import Fraction
from math import ceil

from _vendor_shortlist_rules import OUTSIDE, Mail, Needs, Offer, cost, meets
from _vendor_shortlist_text import day, money

ELIGIBLE = {"user": "units", "tib": "units", "steps": "tiers", "whole": "tiers", "term": "terms",
            "option": "terms", "mail": "mail"}  # fmt: skip
EXCLUDED = ["maintenance", "moved", "late", "slow", "silent"]
# Cost of each role in parts of the cheapest eligible offer's.
RATIO = {"whole": (1, 1), "mail": (1.05, 1.09), "term": (1.06, 1.10), "steps": (1.08, 1.13),
         "option": (1.12, 1.18), "tib": (1.12, 1.18), "user": (1.20, 1.35), "maintenance": (0.88, 0.93),
         "late": (0.93, 0.96), "moved": (1.03, 1.06), "slow": (1.02, 1.06),
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
CODES = ["availability", "binding", "capacity", "certificate", "keys", "location", "restore", "retention",
         "support"]  # fmt: skip


def draw_needs(rng):
    """Draw what the buyer asks for."""
    first = rng.randint(58, 66)
    volumes = (first, first + rng.randint(9, 14), first + rng.randint(22, 30))
    users = rng.randint(52, 64)
    closing = date(2026, 5, 4) + timedelta(days=7 * rng.randint(0, 4) + rng.randint(0, 3))
    decision = closing + timedelta(days=rng.randint(35, 48))
    numbers = rng.sample(range(1, 10), 9)
    return Needs(
        buyer=rng.choice(BUYERS),
        users=(users, users + rng.randint(3, 7), users + rng.randint(9, 16)),
        volumes=volumes,
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
    )


def draw_terms(rng, needs, dated):
    """Draw the terms of an offer that meets every requirement."""
    minutes = needs.downtime * 43_200
    spare = "99.98" if minutes < 30 else "99.95"
    mb, peak = needs.restore_mb, max(needs.volumes)
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
        "capacity": rng.choice([("none", 0), ("TB", (peak // 10 + rng.randint(2, 6)) * 10)]),
    }


def _issued(expiry):
    """Return a day three years before ``expiry`` or a few days earlier; never the 29th of February."""
    return expiry.replace(year=expiry.year - 3, day=min(expiry.day, 28))


def bend_terms(role, terms, rng, needs):
    """Give the terms of ``role`` their trap: a failure, or something that only looks like one."""
    tight = needs.downtime * 43_200 < 30
    days = needs.retention_days
    if role == "maintenance":
        window = rng.choice([18, 20] if tight else [30, 35])
        terms["availability"] = ("percent", "99.98" if tight else "99.95", window)
    elif role == "slow":
        terms["restore"] = ("Gbit/s", f"{needs.restore_mb * 8 / 1000 - rng.choice([0.2, 0.3]):.1f}")
    elif role == "silent":
        terms[rng.choice(["keys", "retention", "support"])] = None
    elif role == "late":
        if rng.random() < 0.5:
            terms["certificate"] = ("until", needs.start - timedelta(days=rng.randint(8, 40)))
        else:
            terms["binding"] = ("until", needs.decision - timedelta(days=rng.randint(5, 20)))
    elif role == "tib":
        peak = max(needs.volumes)
        terms["capacity"] = ("TiB", peak - rng.randint(2, 4))
    elif role == "steps":
        terms["location"] = (terms["location"][0], rng.choice(NORTH))
    elif role == "whole":
        terms["availability"] = ("percent", "99.98" if tight else "99.95", 10 if tight else 15)
    elif role == "option":
        terms["support"] = "option"
    elif role == "mail":
        terms["retention"] = ("weeks", days // 7 - rng.randint(1, 2))


def draw_price(role, rng, volumes):
    """Draw the price model of a role; unit prices are in proportion and scaled afterwards."""
    step = rng.choice([20, 25, 30])
    tiers = [(step, rng.uniform(1.55, 1.75)), (step + 25, rng.uniform(1.2, 1.3)), (None, 1.0)]
    reached = [(50, rng.uniform(1.4, 1.6)), (rng.choice([64, 67, 70]), rng.uniform(1.18, 1.28)), (None, 1.0)]
    setup = rng.randint(12, 24) * 100
    extra = rng.randint(5, 11) * 90
    base = rng.randint(8, 20) * 10
    return {
        "user": {"kind": "user", "unit": 1, "currency": "USD", "setup": setup},
        "tib": {"kind": "tib", "unit": 1, "currency": "EUR", "setup": setup, "side_discount": 4},
        "steps": {"kind": "steps", "tiers": tiers, "currency": "EUR", "base": base},
        "whole": {"kind": "whole", "tiers": reached, "currency": "CHF", "per_year": True, "setup": setup},
        "term": {"kind": "flat", "unit": 1, "currency": "EUR", "base": base, "setup": setup + 700,
                 "waived_from": 36, "discount_from": 36, "discount": rng.choice([6, 7, 8]), "extra": extra},
        "option": {"kind": "flat", "unit": 1, "currency": "EUR", "per_year": True, "setup": setup,
                   "waived_from": 24, "option": rng.choice([6, 7, 8]), "extra": extra,
                   "minimum": volumes[0] + rng.randint(3, 6)},
        "mail": {"kind": "flat", "unit": 1, "currency": "EUR", "base": base},
        "maintenance": {"kind": "whole", "tiers": reached, "currency": "EUR", "base": base, "per_year": True},
        "moved": {"kind": "flat", "unit": 1, "currency": "GBP", "per_year": True, "setup": setup,
                  "minimum": 50},
        "late": {"kind": "user", "unit": 1, "currency": "EUR", "base": base},
        "slow": {"kind": "steps", "tiers": tiers, "currency": "USD", "setup": setup},
        "silent": {"kind": "flat", "unit": 1, "currency": "EUR", "base": base, "setup": setup,
                   "waived_from": rng.choice([24, 48])},
    }[role]  # fmt: skip


def scale_price(offer, needs, target):
    """Set the unit prices so that three years cost about ``target`` EUR, in whole cents."""
    price = offer.price

    def priced(factor):
        scaled = dict(price)
        if "tiers" in price:
            scaled["tiers"] = [(top, f"{unit * factor:.2f}") for top, unit in price["tiers"]]
        else:
            scaled["unit"] = f"{price['unit'] * factor:.2f}"
        return scaled

    low, high = 0.0, 5000.0
    for _ in range(40):
        middle = (low + high) / 2
        probe = Offer(**{**vars(offer), "price": priced(middle)})
        low, high = (middle, high) if cost(probe, needs) < target else (low, middle)
    return Offer(**{**vars(offer), "price": priced(high)})


def draw_offers(rng, needs):
    """Draw the twelve offers, eligible roles first."""
    roles = [*ELIGIBLE, *EXCLUDED]
    pair = rng.sample(rng.choice(NAMESAKES), 2)
    firms = dict(zip(roles, rng.sample(FIRMS, len(roles)), strict=True))
    firms.update(user=pair[0], moved=pair[1], term=rng.choice(GERMAN_FIRMS))
    styles = dict(zip(rng.sample(roles, len(roles)), ["html"] * 3 + ["txt"] * 4 + ["md"] * 5, strict=True))
    styles["term"] = "de"
    ids = rng.sample(range(11, 99), len(roles))
    cheapest = rng.randint(21_000, 27_000)
    offers = []
    for role, number in zip(roles, ids, strict=True):
        dated = needs.closing.date() - timedelta(days=rng.randint(20, 34))
        terms = draw_terms(rng, needs, dated)
        bend_terms(role, terms, rng, needs)
        offer = Offer(
            role=role,
            vendor_id=f"V{number}",
            company=firms[role],
            number=f"{''.join(rng.sample('ABCDEFGHKLMNPRSTUVWX', 2))}-26-{rng.randint(1000, 9899)}",
            address=f"{rng.choice(['offers', 'sales', 'tenders'])}@{slug(firms[role])}.example",
            dated=dated,
            style=styles[role],
            terms=terms,
            price=draw_price(role, rng, needs.volumes),
        )
        offers.append(scale_price(offer, needs, round(cheapest * rng.uniform(*RATIO[role]))))
    return offers


def slug(company):
    """Return a company's name as a file or host name, without its legal form."""
    letters = company.lower().replace("ü", "ue").replace("&", "").replace("-", "")
    return "-".join(letters.split()[:-1])


def draw_mails(rng, needs, offers):
    """Draw the correspondence; return it with the misprinted offer of role ``mail`` put back."""
    by_role = {offer.role: offer for offer in offers}
    closing = needs.closing

    def earlier(days):
        zone = timezone(timedelta(hours=rng.choice([1, 2, 3])))
        moment = closing - timedelta(days=days, hours=rng.randint(-4, 3), minutes=rng.randint(1, 58))
        moment -= timedelta(days=max(0, moment.weekday() - 4))
        return moment.astimezone(zone)

    return [
        *_own_mails(rng, needs, by_role["mail"], earlier),
        _moving_mail(rng, by_role["moved"], earlier(rng.randint(5, 9))),
        _late_mail(rng, needs, by_role["late"]),
        Mail("tib", earlier(rng.randint(2, 4)), f"Offer {by_role['tib'].number}: a small extra",
             "Good news from our sales team: whoever signs before the end of next month gets 4 % off the "
             f"whole amount of offer {by_role['tib'].number}. We would be glad to count you in."),
        Mail("whole", earlier(rng.randint(10, 14)), "Receipt",
             f"Thank you for confirming receipt of our offer {by_role['whole'].number}. We are at your "
             "disposal for questions and keep to what it says."),
        Mail("slow", earlier(rng.randint(6, 12)), "Webinar on fast restores",
             "On Thursday our engineers show how a restore of 40 TB was done over a weekend. A seat is "
             "reserved for you."),
        Mail("steps", earlier(rng.randint(3, 8)), "Contact person",
             f"From next week on your contact for offer {by_role['steps'].number} is Ms Ilse Varga. Nothing "
             "else changes."),
    ]  # fmt: skip


def _own_mails(rng, needs, offer, earlier):
    """Return the price correction, the last-hour retention correction and the late price cut."""
    closing, price = needs.closing, Fraction(offer.price["unit"])
    weeks = (needs.retention_days + 6) // 7 + rng.randint(1, 3)
    cut = f"{float(price) * 0.86:.2f}"
    local = closing.astimezone(timezone(timedelta(hours=2)))
    fix_time = local - timedelta(minutes=rng.randint(15, 40))
    cut_time = local + timedelta(days=1) - timedelta(minutes=rng.randint(60, 190))
    return [
        Mail("mail", earlier(rng.randint(9, 13)), f"Correction to offer {offer.number}",
             f"A figure slipped in our offer {offer.number}. The correct price is "
             f"{money('EUR', offer.price['unit'])} per TB of protected volume per month. Please excuse "
             "the misprint.",
             price={"unit": offer.price["unit"]}),
        Mail("mail", fix_time, f"Version history in offer {offer.number}",
             f"One more slip in our offer {offer.number}: deleted and overwritten versions remain restorable "
             f"for {weeks} weeks, as our data sheet says. All else stays as it is.",
             terms={"retention": ("weeks", weeks)}),
        Mail("mail", cut_time, f"Offer {offer.number}: our best price",
             f"As a last step towards you we lower the price of offer {offer.number} to {money('EUR', cut)} "
             "per TB of protected volume per month.", price={"unit": cut}),
    ]  # fmt: skip


def _moving_mail(rng, offer, sent):
    place = rng.choice(["Zurich", "Basel", "Lausanne"])
    first, second = offer.terms["location"]
    return Mail("moved", sent, f"Offer {offer.number}: change of site",
                f"Our site in {second[0]} closes this summer. Under offer {offer.number} the second copy "
                f"will therefore be kept in {place}, {OUTSIDE}, on identical equipment.",
                terms={"location": (first, (place, OUTSIDE))})  # fmt: skip


def _late_mail(rng, needs, offer):
    """Return the mail that would heal the offer, sent too late though its clock time looks early."""
    zone = timezone(timedelta(hours=-4))
    sent = needs.closing.astimezone(zone) + timedelta(minutes=rng.randint(70, 190))
    if meets("certificate", offer.terms["certificate"], offer, needs):
        until = needs.decision + timedelta(days=rng.randint(10, 30))
        words, change = "we extend the time for which it is binding until {}", {"binding": ("until", until)}
    else:
        until = needs.start + timedelta(days=1000)
        words, change = "our ISO/IEC 27001 certificate has been renewed and is now valid until {}", {
            "certificate": ("until", until)
        }
    body = f"To complete our offer {offer.number}: {words.format(day(until))}."
    return Mail("late", sent, f"Addition to offer {offer.number}", body, terms=change)


def misprint(offers):
    """Return the offers with the lower price that role ``mail`` printed before its correction."""
    result = []
    for offer in offers:
        if offer.role == "mail":
            wrong = f"{float(offer.price['unit']) * 0.85:.2f}"
            offer = Offer(**{**vars(offer), "price": {**offer.price, "unit": wrong}})
        result.append(offer)
    return result
