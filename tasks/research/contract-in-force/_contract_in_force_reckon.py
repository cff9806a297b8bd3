"""What the contract comes to on a day: index, fees, dates, and the twenty terms with document and clause."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from _contract_in_force_model import Calendar, Reading, number_of

FIRST_YEAR = 2021
LAST_YEAR = 2026
CARRIED_FROM = 2022
AMOUNTS = {
    "north": ("OF1", "fee"),
    "south": ("OF2", "fee"),
    "callout": ("M", "callout"),
    "hour": ("M", "hour"),
}

# Key of the template -> the check that judges its value.
GROUPS = {
    "base_fee_north_eur": "fees",
    "base_fee_south_eur": "fees",
    "callout_fee_eur": "rates",
    "night_hour_south_eur": "rates",
    "parts_discount_north_pct": "rates",
    "minimum_charge_eur": "totals",
    "liability_cap_eur": "totals",
    "payment_days": "periods",
    "objection_days": "periods",
    "defect_notice_bdays": "periods",
    "term_end": "dates",
    "last_notice_day": "dates",
    "invoice_due": "dates",
    "credit_claim_by": "dates",
    "termination_fee_months": "unsigned",
    "service_credit_pct": "unsigned",
    "response_hours_south": "annex",
    "records_months_south": "annex",
    "late_interest_pct": "silent",
    "e_invoice_discount_pct": "silent",
}


def rounded(value):
    """Return a Fraction with two decimals, half up (away from zero)."""
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return Fraction(str(exact.quantize(Decimal("0.01"), ROUND_HALF_UP)))


def index_quotient(index, year, missed):
    """Return the change of the index for the adjustment of ``year`` in percent, not yet rounded."""
    limit = date(year, 1, 1)
    months = [(year - 1, 10), (year - 2, 10)]
    for base in sorted({row[1] for row in index}, reverse=True):
        figures = []
        for month in months:
            rows = sorted((published, value) for m, b, published, value in index if (m, b) == (month, base))
            known = [row for row in rows if row[0] < limit]
            if "rebase" in missed:
                known = known or rows[:1]
            if known:
                row = known[0] if "revision-first" in missed else known[-1]
                figures.append(Fraction((rows if "revision-last" in missed else [row])[-1][1]))
        if len(figures) == 2:
            return (figures[0] / figures[1] - 1) * 100
    raise AssertionError(f"no index for {year}")


def percentages(reading):
    """Return the percentage of every adjustment by year."""
    result, carried = {}, Fraction(0)
    for year in range(FIRST_YEAR, LAST_YEAR + 1):
        raw = index_quotient(reading.world.index, year, reading.missed)
        if "round" not in reading.missed:
            raw = rounded(raw)
        raw = raw if "fall" in reading.missed else max(raw, Fraction(0))
        cap = reading.figures_at(date(year, 1, 1))["M", "cap"]
        limit = Fraction(str(cap["pct"][0]))
        if "carry" in cap and "carry" not in reading.missed:
            raw += carried
        else:
            carried = Fraction(0)
        result[year] = min(raw, limit)
        carried = raw - result[year] if year >= CARRIED_FROM else Fraction(0)
    return result


def amount(reading, name, steps):
    """Return an Indexed Amount on the as-of day and the document that fixed it."""
    place = AMOUNTS[name]
    world = reading.world
    value = Fraction(str(world.figures[place]["eur"]))
    since, source = world.starts[place[0]], place[0]
    moves = []
    for paper in reading.bound:
        for index, op in enumerate(paper.ops):
            fixes = op.verb in ("set", "replace") and "eur" in op.figures
            if (op.doc, reading.targets[paper.name, index]) == place and (fixes or op.verb == "raise"):
                moves.append((reading.effect(paper, op), paper, op))
    days = [(day, paper, op) for day, paper, op in moves if day <= world.as_of]
    days += [(date(year, 1, 1), None, None) for year in steps]
    for day, paper, op in sorted(days, key=lambda move: move[0]):
        if paper:
            source, since = paper.name, day
            value = (
                Fraction(str(op.figures["eur"])) if op.verb != "raise" else _raised(value, op.figures["pct"])
            )
        elif since <= _half_year(day, reading.missed):
            value = rounded(value * (1 + steps[day.year] / 100))
    return value, source


def _half_year(day, missed):
    """Return the last day from which an amount has had effect long enough to be adjusted on ``day``."""
    if "young" in missed:
        return day - timedelta(days=1)
    return date(day.year - 1, 6, 30) if "half" in missed else date(day.year - 1, 7, 1)


def _raised(value, pct):
    return rounded(value * (1 + Fraction(str(pct)) / 100))


def _dates(reading, now):
    """Return the four dates with the source of the clause they rest on."""
    world, missed = reading.world, reading.missed
    bound = any(p.name == "N2" for p in reading.bound)
    calendar = Calendar(world.holidays, missed, added=bound and "english-added" not in missed)
    extra = 0 if "count" in missed else 1
    end, source = now["M", "first"]["date"]
    end = date.fromisoformat(end)
    begun = date(2020, 1, 1)
    while end < world.as_of:
        years = 2
        for notice in world.events["short"]:
            then = world.as_of if "n-today" in missed else notice.date()
            wanted = reading.figures_at(then)["M", "renew"]["days"][0]
            if begun <= notice.date() <= end and calendar.received(notice) <= calendar.before(
                end, wanted + extra
            ):
                years = 1
        begun, end = end + timedelta(days=1), end.replace(year=end.year + years)
    days, renewed = now["M", "renew"]["days"]
    pay, payer = _payment(reading, now)
    due = calendar.onward(calendar.received(world.events["invoice"]) + timedelta(days=pay))
    claim, claimer = now["M", "claims"]["days"]
    by = calendar.after(calendar.received(world.events["report"]), claim)
    return {
        "term_end": (end, source, "first"),
        "last_notice_day": (calendar.before(end, days + extra), renewed, "renew"),
        "invoice_due": (due, payer, "payment"),
        "credit_claim_by": (by, claimer, "claims"),
    }


def _payment(reading, now):
    if "order-all" in reading.missed:
        return reading.world.figures["OF1", "ofpay"]["days"], "OF1"
    return now["M", "payment"]["days"]


def _annex(reading, now):
    if "annex" in reading.missed:
        return now["M", "response"]["hours"], now["M", "records"]["months"]
    if "order-all" in reading.missed:
        return (reading.world.figures["OF2", "ofresponse"]["hours"], "OF2"), now["D", "keep"]["months"]
    hours, months = now["D", "react"]["hours"], now["D", "keep"]["months"]
    return hours, months


def _night(reading, now):
    """Return surcharge, its source and place for the site South."""
    own = now["OF2", "fee"].get("surcharge")
    if own and "order-none" not in reading.missed:
        return (*own, ("OF2", "fee"))
    return (*now["M", "night"]["pct"], ("M", "night"))


def terms(world, missed=frozenset()):
    """Return the twenty terms: key -> (value, document, clause)."""
    if "english" in missed:
        world = _translated(world)
    reading = Reading(world, missed)
    now = reading.figures_at(world.as_of)
    steps = percentages(reading)
    sums = {name: amount(reading, name, steps) for name in AMOUNTS}
    year = 12 * (sums["north"][0] + sums["south"][0])
    night, night_source, night_place = _night(reading, now)
    minimum, liability = now["M", "minimum"]["pct"], now["M", "liability"]["pct"]
    share = now["M", "parts"]["pct"] if "order-none" in missed else now["OF1", "ofparts"]["pct"]
    hours, months = _annex(reading, now)
    pay = _payment(reading, now)
    table = {
        "base_fee_north_eur": (*sums["north"], ("OF1", "fee")),
        "base_fee_south_eur": (*sums["south"], ("OF2", "fee")),
        "callout_fee_eur": (*sums["callout"], ("M", "callout")),
        "night_hour_south_eur": (
            rounded(sums["hour"][0] * (1 + Fraction(night) / 100)), night_source, night_place),
        "parts_discount_north_pct": (*share, ("M", "parts") if "order-none" in missed else ("OF1", "ofparts")),
        "minimum_charge_eur": (rounded(year * Fraction(minimum[0]) / 100), minimum[1], ("M", "minimum")),
        "liability_cap_eur": (rounded(year * Fraction(liability[0]) / 100), liability[1], ("M", "liability")),
        "payment_days": (*pay, ("OF1", "ofpay") if "order-all" in missed else ("M", "payment")),
        "objection_days": (*now["M", "objection"]["days"], ("M", "objection")),
        "defect_notice_bdays": (*now["M", "defects"]["days"], ("M", "defects")),
        "termination_fee_months": (*now["M", "convenience"]["fee"], ("M", "convenience")),
        "service_credit_pct": (*now["M", "credit"]["pct"], ("M", "credit")),
        "response_hours_south": (*hours, _place(hours, "D", "react", "response")),
        "records_months_south": (*months, _place(months, "D", "keep", "records")),
        "late_interest_pct": (*now["M", "payment"].get("interest", (None, None)), ("M", "payment")),
        "e_invoice_discount_pct": (*now.get(("M", "einv"), {}).get("discount", (None, None)), ("M", "einv")),
    }  # fmt: skip
    for key, (value, source, clause) in _dates(reading, now).items():
        table[key] = (value, source, ("M", clause))
    numbers = reading.structure_at(world.as_of + timedelta(days=1))
    return {
        key: (value, source, number_of(numbers, *place)) if value is not None else (None, None, None)
        for key, (value, source, place) in table.items()
    }


def _place(entry, doc, key, master):
    if entry[1] in ("D", "N1", "N2"):
        return doc, key
    return ("OF2", "ofresponse") if entry[1] == "OF2" else ("M", master)


def _translated(world):
    """Return the world as the English translation of the annex tells it."""
    figures = dict(world.figures)
    figures["D", "react"] = {"hours": world.names["english_hours"]}
    figures["D", "keep"] = {"months": world.names["english_months"]}
    return replace(world, figures=figures)
