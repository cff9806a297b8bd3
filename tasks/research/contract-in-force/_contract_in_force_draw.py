"""Draws one contract: parties, figures, amendments with their signatures, letters, index, events.

What happens is the same on every seed; names, numbers of clauses, figures and days differ. The printed clause
number of each paragraph is the one its author meant: that of the day in the heading of the amendment.
"""

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from _contract_in_force_index import draw_index
from _contract_in_force_model import Calendar, Consent, News, Op, Paper, Reading, Sign, World, number_of
from _contract_in_force_words import PEOPLE, SITES, customer_name, supplier_name

EASTER = {2020: (4, 12), 2021: (4, 4), 2022: (4, 17), 2023: (4, 9), 2024: (3, 31), 2025: (4, 20), 2026: (4, 5),
          2027: (3, 28), 2028: (4, 16), 2029: (4, 1)}  # fmt: skip
PEOPLE_KEYS = ("C1", "C2", "S1", "S2", "P1", "P2", "P3", "P4", "B1", "B2")
ADDED = [(3, 10), (3, 11), (3, 12), (3, 17), (3, 18), (3, 19)]
PERIODS = [28, 35, 42]
PROMOTED = date(2021, 12, 31)
"""A Friday and holiday by the German annex: what is received then counts on Monday."""


def movable():
    """Return Good Friday, Easter Monday, Ascension Day and Whit Monday of ten years."""
    return [date(year, *day) + timedelta(days=n) for year, day in EASTER.items() for n in (-2, 1, 39, 50)]


def draw_structure(rng):
    """Return the order of the clauses of all documents; some have fillers that move the numbers."""
    sites = rng.random() < 0.5
    front = {part: rng.random() < 0.5 for part in ("payment", "levels", "term")}
    parts = [
        ["reading", ["whole", "ranks", "language", "bday", "count", "receipt"]],
        ["changes", ["sign", "signers", "condition", "effect", "numbers", "replaced", "conflict"]],
        ["services", ["scope", "access"]],
        ["sites", ["sitelist", "sitechange"]],
        ["prices", ["prices", "callout", "hour", "night", "parts", "index", "cap", "young"]],
        ["payment", ["vat", "invoices", "payment", "objection", "setoff"]],
        ["levels", ["reports", "response", "uptime", "credit", "claims"]],
        ["liable", ["care", "warranty", "liability", "insurance", "defects"]],
        ["records", ["records", "audit"]],
        ["term", ["start", "first", "renew", "convenience"]],
        ["final", ["assign", "law"]],
    ]
    drop = set() if sites else {"sites"}
    gone = {name for part, name in (("payment", "vat"), ("term", "start")) if not front[part]}
    gone |= set() if front["levels"] else {"reports", "care"}
    master = [
        [f"A:{name}", [c for c in clauses if c not in gone]] for name, clauses in parts if name not in drop
    ]
    return {
        "M": master,
        "OF1": [["OF1", ["ofsite", "fee", "ofparts", "ofpay", "ofresponse"]]],
        "OF2": [["OF2", ["ofsite", "fee", "ofpay", "ofresponse"]]],
        "D": [["D", ["scope", "feasts", "react", "spare", "keep", "contact"]]],
    }


def money(rng, low, high, step="0.50"):
    """Return an amount between two, a multiple of ``step``, as text."""
    unit = Decimal(step)
    return str((unit * rng.randint(int(low / unit), int(high / unit))).quantize(Decimal("0.01")))


def draw_figures(rng):
    """Return the figures of the documents as first signed."""
    return {
        ("M", "callout"): {"eur": money(rng, 92, 118)},
        ("M", "hour"): {"eur": money(rng, 78, 90)},
        ("M", "night"): {"pct": rng.choice([20, 25])},
        ("M", "parts"): {"pct": rng.choice([6, 7, 8])},
        ("M", "cap"): {"pct": "2.5"},
        ("M", "payment"): {"days": 30, "interest": rng.choice([6, 7, 8])},
        ("M", "objection"): {"days": rng.choice([20, 24])},
        ("M", "setoff"): {"days": rng.choice([16, 18])},
        ("M", "response"): {"hours": rng.choice([10, 12])},
        ("M", "credit"): {"pct": 4},
        ("M", "claims"): {"days": rng.choice([11, 12, 13])},
        ("M", "liability"): {"pct": rng.choice([130, 140, 150])},
        ("M", "defects"): {"days": rng.choice([15, 16])},
        ("M", "records"): {"months": 24},
        ("M", "audit"): {"days": 14},
        ("M", "first"): {"date": "2023-12-31"},
        ("M", "renew"): {"days": rng.randint(71, 76)},
        ("M", "convenience"): {"days": rng.randint(40, 50), "fee": rng.choice([6, 7])},
        ("OF1", "fee"): {"eur": money(rng, 13200, 15900, "5")},
        ("OF1", "ofparts"): {"pct": rng.choice([11, 12, 13])},
        ("OF1", "ofpay"): {"days": rng.choice([50, 60])},
        ("OF2", "fee"): {"eur": money(rng, 8100, 8900, "5"), "surcharge": rng.choice([35, 40])},
        ("OF2", "ofpay"): {"days": 21},
        ("OF1", "ofresponse"): {"hours": 4},
        ("OF2", "ofresponse"): {"hours": 2},
        ("D", "react"): {"hours": rng.choice([5, 6])},
        ("D", "spare"): {"hours": rng.choice([18, 20])},
        ("D", "keep"): {"months": rng.choice([48, 60])},
    }


class Days:
    """Draws Business Days within ranges."""

    def __init__(self, rng, calendar):
        self.rng, self.calendar = rng, calendar

    def __call__(self, year, month, first, last):
        days = [date(year, month, day) for day in range(first, last + 1)]
        return self.rng.choice([day for day in days if self.calendar.works(day)])


def signed(customer, supplier, until=None):
    """Return signatures of ``customer`` (who, day) and ``supplier`` [(who, day)…]; the first may hang on ``until``."""
    side, hang = until or ("", None)
    first = Sign("customer", *customer, until=hang if side == "customer" else None)
    others = [
        Sign("supplier", who, day, until=hang if side == "supplier" and not index else None)
        for index, (who, day) in enumerate(supplier)
    ]
    return (first, *others)


def early_papers(rng, day, values):
    """Return the amendments 1 to 5."""
    return [
        Paper("A1", day(2020, 9, 1, 9), signed(("C1", day(2020, 9, 14, 18)), [("S1", day(2020, 9, 14, 18)),
              ("P1", day(2020, 9, 21, 25))]), (Op("insert", "M", "invoices", {"days": 10, "discount": "0.5"},
              new="einv"),)),
        Paper("A2", day(2021, 3, 1, 4), signed(("C1", day(2021, 3, 8, 11)), [("S1", day(2021, 3, 10, 12)),
              ("P3", day(2021, 3, 15, 19)), ("P1", day(2021, 6, 7, 10))]),
              (Op("article", "M", "A:payment", {"minimum": {"pct": rng.choice([72, 75, 78])}, "yearend": {}},
                  new="A:minimum"),), effect=date(2021, 1, 1)),
        Paper("A3", day(2021, 5, 3, 7), signed(("C2", day(2021, 5, 10, 12)), [("S2", day(2021, 6, 15, 18)),
              ("P1", day(2021, 6, 21, 24))]), (Op("set", "M", "defects", {"days": rng.choice([8, 9])}),)),
        Paper("A4", day(2021, 12, 13, 16), signed(("C1", day(2021, 12, 20, 22)), [("P2", day(2021, 12, 21, 23)),
              ("P1", PROMOTED), ("S2", day(2022, 2, 22, 24))]),
              (Op("insert", "M", "prices", new="travel"),
               Op("replace", "M", "payment", {"days": 45}),
               Op("set", "M", "cap", {"pct": "3.5"}),
               Op("set", "M", "liability", {"pct": rng.choice([100, 110, 120])})), effect=date(2022, 1, 1)),
        Paper("A5", day(2022, 2, 7, 15), signed(("C2", day(2022, 2, 28, 28)), [("S2", day(2022, 3, 1, 4)),
              ("P2", day(2022, 3, 7, 11))]),
              (Op("set", "M", "hour", {"eur": values["hour"]}, effect=day(2022, 8, 1, 1)),
               Op("set", "M", "parts", {"pct": 9}))),
    ]  # fmt: skip


def middle_papers(rng, day, values):
    """Return the amendments 6 to 10; 6 and 10 are signed under a condition."""
    six, seven = rng.sample([5, 6, 7], 2)
    return [
        Paper("A6", day(2022, 10, 3, 7), signed(("C1", day(2022, 10, 10, 14)), [("S1", day(2022, 10, 17, 21)),
              ("P2", day(2022, 10, 17, 21))], ("supplier", date(2023, 2, 28))),
              (Op("delete", "M", "einv"), Op("replace", "OF2", "fee", {"eur": values["south"]}),
               Op("set", "M", "credit", {"pct": six})), effect=date(2022, 6, rng.randint(10, 20))),
        Paper("A7", day(2022, 12, 1, 7), signed(("C1", day(2022, 12, 8, 9)), [("S2", day(2022, 12, 8, 9)),
              ("P1", day(2022, 12, 13, 16)), ("P2", day(2023, 2, 6, 10))]),
              (Op("set", "M", "objection", {"days": values["more"]}, like="defects"),
               Op("supplement", "M", "cap", {"carry": True}),
               Op("set", "M", "night", {"pct": rng.choice([27, 28, 30])}),
               Op("set", "M", "credit", {"pct": seven})), effect=date(2023, 1, 1)),
        Paper("A8", day(2023, 2, 1, 3), signed(("C2", day(2023, 2, 13, 15)), [("S1", day(2023, 2, 13, 15)),
              ("P3", day(2023, 2, 20, 23))]),
              (Op("set", "M", "payment", {"days": values["pay"]}),
               Op("raise", "OF1", "fee", {"pct": rng.choice(["1.75", "2.25", "2.75"])})), effect=date(2023, 7, 1)),
        Paper("A9", day(2023, 9, 4, 8), (*signed(("C2", day(2023, 10, 16, 20)), [("S1", day(2023, 9, 18, 20)),
              ("P1", day(2023, 9, 18, 20))]),),
              (Op("insert", "M", "response", new="confirm"), Op("set", "M", "first", {"date": "2024-03-31"}),
               Op("set", "M", "convenience", {"fee": rng.choice([4, 5])}),
               Op("set", "M", "convenience", {"days": values["ahead"]}))),
        Paper("A10", day(2024, 4, 8, 12), signed(("C1", day(2024, 4, 22, 26)), [("S1", day(2024, 4, 15, 19)),
              ("P3", day(2024, 4, 15, 19))], ("customer", date(2024, 6, 28))),
              (Op("insert", "M", "first", new="review"), Op("set", "M", "convenience", {"fee": rng.choice([2, 3])}),
               Op("supplement", "M", "payment", {"interest": 5}),
               Op("set", "M", "liability", {"pct": rng.choice([60, 70, 80])}))),
    ]  # fmt: skip


def late_papers(rng, day, values):
    """Return the amendments 11 to 15; 11 lacks a signature, 13 is bound but not yet in effect."""
    return [
        Paper("A11", day(2024, 9, 2, 6), signed(("C1", day(2024, 9, 16, 18)), [("S1", day(2024, 9, 16, 18)),
              ("P1", day(2024, 9, 23, 27))]),
              (Op("set", "M", "credit", {"pct": rng.choice([8, 9, 10])}),
               Op("set", "M", "minimum", {"pct": rng.choice([85, 88])}))),
        Paper("A12", day(2025, 2, 3, 7), signed(("C2", day(2025, 2, 17, 19)), [("S2", day(2025, 2, 24, 26)),
              ("P1", day(2025, 3, 10, 14))]),
              (Op("replace", "M", "cap", {"pct": "3.0"}),), effect=date(2024, 1, 1)),
        Paper("A13", day(2025, 6, 10, 13), signed(("C1", day(2025, 6, 23, 25)), [("S2", day(2025, 7, 1, 4)),
              ("P2", day(2025, 7, 1, 4))]),
              (Op("insert", "M", "first", new="handover"),
               Op("set", "M", "objection", {"days": rng.choice([6, 7])})), effect=date(2026, 7, 1)),
        Paper("A14", day(2025, 9, 1, 5), signed(("C2", day(2025, 9, 15, 17)), [("S2", day(2025, 9, 22, 24)),
              ("P3", day(2025, 10, 6, 10))]),
              (Op("set", "M", "renew", {"days": values["renew"]}, like="convenience"),), effect=date(2026, 1, 1)),
        Paper("A15", day(2026, 3, 16, 20), signed(("C1", day(2026, 3, 30, 31)), [("S2", day(2026, 3, 30, 31)),
              ("P1", values["as_of"])]), (Op("fix", "M", "cap", {"pct": "3.2"}),), effect=date(2024, 1, 1)),
    ]  # fmt: skip


def annex_papers(rng, day):
    """Return the two amendments of the German annex; the first is not bound by the day of the second."""
    named = date(2023, 5, 11)
    return [
        Paper("N1", day(2023, 4, 24, 27), signed(("C1", day(2023, 5, 3, 5)), [("S2", day(2023, 5, 8, 10)),
              ("P4", named), ("P2", day(2023, 7, 3, 6))]),
              (Op("insert", "D", "feasts", {"hours": 3}, new="remote"),)),
        Paper("N2", day(2023, 6, 5, 8), signed(("C2", day(2023, 6, 12, 15)), [("S2", day(2023, 7, 10, 12)),
              ("P2", day(2023, 7, 17, 20))]),
              (Op("set", "D", "spare", {"hours": rng.choice([8, 9])}),
               Op("scale", "D", "keep", {"months": Fraction(3, 2)}))),
    ]  # fmt: skip


def with_refs(world):
    """Return the world with the printed clause number of every paragraph: that of the day in the heading."""
    for paper in world.papers:
        structure = Reading(world).structure_at(paper.dated)
        ops = tuple(
            replace(
                op,
                ref=number_of(structure, op.doc, op.key),
                like_ref=number_of(structure, op.doc, op.like) if op.like else "",
            )
            for op in paper.ops
        )
        assert all(op.ref for op in ops), paper.name
        papers = tuple(replace(paper, ops=ops) if p.name == paper.name else p for p in world.papers)
        world = replace(world, papers=papers)
    return world


def draw_news(rng, day):
    """Return what the Supplier wrote about its signatories."""

    def at(when, hour):
        return datetime(when.year, when.month, when.day, hour, rng.choice([12, 25, 38, 47]))

    return (
        News("P3", "proxy", date(2021, 3, 1), at(day(2021, 5, 17, 28), 10)),
        News("P1", "director", date(2021, 12, 1), at(PROMOTED, 10)),
        News("P4", "proxy", date(2023, 5, 2), at(date(2023, 5, 11), rng.choice([16, 17]))),
        News("S1", "", date(2024, 9, 1), at(day(2024, 8, 19, 27), 9)),
    )


def draw_consents(day):
    """Return how the two conditions were met: that of amendment 6 in time, that of amendment 10 not."""
    return {
        "A6": Consent(day(2023, 1, 9, 13), day(2023, 1, 24, 27), day(2023, 2, 8, 10)),
        "A10": Consent(day(2024, 6, 17, 21), day(2024, 7, 1, 3), day(2024, 7, 8, 12)),
    }


def draw_events(rng, calendar, world, summer):
    """Return what was received when: short-renewal notice, invoice and service report."""
    wanted = world.figures["M", "renew"]["days"] + 1
    first, latest = (calendar.before(date(year, 3, 31), wanted) for year in (2024, 2025))
    pay = next(
        op.figures["days"] for p in world.papers if p.name == "A8" for op in p.ops if op.key == "payment"
    )
    counted = date(2026, *summer) - timedelta(days=pay)
    invoice = calendar.before(counted, 1)
    report = rng.choice([d for d in (date(2026, 5, n) for n in range(18, 23)) if calendar.works(d)])
    minute = rng.choice([14, 22, 35, 41])
    return {
        "short": (
            datetime(first.year, first.month, first.day, 15, minute),
            datetime(latest.year, latest.month, latest.day, 16, minute),
        ),
        "invoice": datetime(invoice.year, invoice.month, invoice.day, 17, minute + 3),
        "report": datetime(report.year, report.month, report.day, rng.choice([9, 11, 14]), minute),
    }


def draw_world(rng):
    """Draw a whole contract."""
    summer = rng.choice([(6, 2), (6, 3)])
    added = rng.choice(ADDED)
    german = [(1, 6), summer, (12, 24), (12, 31)]
    holidays = {"fixed": [(1, 1), (5, 1), (12, 25), (12, 26)], "movable": movable(), "german": german,
                "english": [(1, 6), (summer[0] + 1, summer[1]), (12, 24)], "added": added}  # fmt: skip
    calendar = Calendar(holidays, frozenset())
    day = Days(rng, calendar)
    figures = draw_figures(rng)
    values = {
        "as_of": date(2026, 5, rng.randint(26, 29)),
        "hour": money(rng, 93, 108),
        "south": money(rng, 9100, 9900, "5"),
        "pay": rng.choice(PERIODS),
        "ahead": figures["M", "convenience"]["days"] - rng.choice([3, 4, 6]),
        "more": rng.randint(2, 4),
    }
    values["renew"] = rng.randint(60, 65) - values["ahead"]
    papers = [
        *early_papers(rng, day, values),
        *middle_papers(rng, day, values),
        *late_papers(rng, day, values),
    ]
    papers[8] = replace(papers[8], signs=(replace(papers[8].signs[0], apart=True), *papers[8].signs[1:]))
    papers += annex_papers(rng, day)
    people = dict(zip(PEOPLE_KEYS, rng.sample(PEOPLE, len(PEOPLE_KEYS)), strict=True))
    north, south = rng.choice(SITES)
    keep = figures["D", "keep"]["months"]
    names = {
        **people, "customer": customer_name(rng), "supplier": supplier_name(rng), "north": north, "south": south,
        "english_hours": figures["D", "react"]["hours"] - 2, "english_months": keep - 12,
    }  # fmt: skip
    world = World(
        names=names,
        structure=draw_structure(rng),
        figures=figures,
        signers={"S1": "director", "S2": "director", "P1": "proxy", "P2": "proxy"},
        papers=tuple(papers),
        news=draw_news(rng, day),
        consents=draw_consents(day),
        holidays=holidays,
        index=draw_index(rng),
        starts={"M": date(2020, 1, 1), "OF1": date(2020, 3, 1), "OF2": date(2021, 9, 1)},
        events={},
        as_of=values["as_of"],
    )
    world = with_refs(world)
    return replace(world, events=draw_events(rng, calendar, world, summer))
