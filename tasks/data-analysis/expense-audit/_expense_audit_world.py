"""Draws a quarter: people, trips, rates, terms of the policy, and the claims that are in order."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from _expense_audit_mail import Claim, Trip
from _expense_audit_rules import DAYS, FORMS, Audit, Terms

EASTER = {2023: date(2023, 4, 9), 2024: date(2024, 3, 31), 2025: date(2025, 4, 20), 2026: date(2026, 4, 5)}
COUNTRIES = {
    "DE": ("EUR", 118, ("Bremen", "Kassel", "Ulm")),
    "AT": ("EUR", 128, ("Graz", "Linz")),
    "CH": ("CHF", 196, ("Bern", "Basel")),
    "GB": ("GBP", 176, ("Leeds", "Bristol")),
    "DK": ("DKK", 162, ("Aarhus", "Odense")),
    "PL": ("PLN", 104, ("Poznan", "Gdynia")),
    "CZ": ("CZK", 98, ("Brno", "Pilsen")),
}
USUAL_RATE = {"CHF": 0.96, "GBP": 0.855, "DKK": 7.46, "PLN": 4.31, "CZK": 24.6}
HOTELS = ["Hotel Königshof", "Gasthof Grüner Bär", "Pension Schröder", "Hotel Weißes Roß", "Haus Möwe",
          "Hotel Brückentor", "Zum Löwen", "Hotel Müller", "Parkhotel Höfer", "Hotel Schönblick"]  # fmt: skip
TABLES = ["Bistro Käthe", "Osteria Verdi", "Brasserie Nord", "Gasthaus Mühle", "Café Lindner", "Weinstube Röder",
          "Speisehaus Krüger", "Kantine Elf", "The Copper Kettle", "Trattoria Bruno", "Gartenlokal Jänisch",
          "Pizzeria Lago", "Suppenküche Ost", "Imbiss am Markt"]  # fmt: skip
CELLARS = [
    "Weinkeller Hübner",
    "Golfclub Auental",
    "Brewhouse Tavern",
    "Operncafé",
    "Seeterrasse",
    "The Old Mint",
]
RIDES = ["City Cab", "Funktaxi Süd", "Regionalbahn Mitte", "Flughafenbus", "Taxi Brandt", "Metro Kiosk"]
WINGS = ["Aerovia", "Nordflug", "Skylark Air"]
REMARKS = ["", "", "", "", "", "client visit", "late arrival", "card slip attached", "paid in cash",
           "see trip report", "receipt in the local language"]  # fmt: skip
FORENAMES = ["Ines", "Jonas", "Mara", "Piotr", "Sofie", "Lukas", "Hanna", "Emil", "Karin", "Tomas", "Ruth"]
SURNAMES = ["Albers", "Brandner", "Castell", "Dorn", "Ebner", "Falk", "Gerlach", "Holm", "Ivens", "Jansky",
            "Kessel", "Lorenz", "Mertens"]  # fmt: skip
PURPOSES = [
    "customer workshop",
    "trade fair",
    "site inspection",
    "supplier audit",
    "training",
    "installation",
]


def vary(rng: Random, name: str) -> str:
    """Return a hotel's or restaurant's name as somebody else would type it: never the same text."""
    pairs = {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"}
    plain = "".join(pairs.get(letter, letter) for letter in name)
    words = [word for word in plain.split() if word not in FORMS]
    short = " ".join(words)
    forms = [
        short.upper(),
        f"{'-'.join(words)}",
        f"{short}, {rng.choice(FORMS)}.",
        f"{short.upper()} {rng.choice(FORMS)}",
    ]
    return rng.choice([form for form in forms if form != name])


class Quarter:
    """The second quarter of one year, with claims that are all in order."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.year = rng.choice(sorted(EASTER))
        self.people = [f"E{number}" for number in sorted(rng.sample(range(1010, 1990), rng.randint(39, 41)))]
        rng.shuffle(self.people)
        self.raised = rng.sample(["CH", "GB", "PL", "DE"], 2)
        self.lowered = rng.sample(["AT", "DK", "CZ"], 1)
        old, new = self._terms()
        since = date(self.year, 5, rng.randint(11, 20))
        self.audit = Audit(old, new, since, rng.randrange(320, 400, 10), self._rates())
        self.trips: list[Trip] = []
        self.across: list[Trip] = []
        """Trips to countries with a new cap that begin before the addendum and end after it."""
        forenames, surnames = (
            self.rng.sample(FORENAMES, len(FORENAMES)),
            self.rng.sample(SURNAMES, len(SURNAMES)),
        )
        self.names = {
            person: f"{forenames[n % len(forenames)]} {surnames[n % len(surnames)]}"
            for n, person in enumerate(self.people)
        }
        self.stays: dict[str, Claim] = {}
        """The usual hotel bill of a trip, by trip id."""
        self._plan_trips()
        for trip in self.trips:
            self._usual(trip)

    def _terms(self) -> tuple[Terms, Terms]:
        rng = self.rng
        old = {country: cap + rng.randrange(-6, 7, 2) for country, (_, cap, _) in COUNTRIES.items()}
        new = {country: round(old[country] * 1.22 / 2) * 2 for country in self.raised}
        new |= {country: round(old[country] * 0.8 / 2) * 2 for country in self.lowered}
        meal = rng.randrange(38, 46)
        return Terms(old, meal, rng.randrange(7, 10)), Terms(
            old | new, meal + rng.randint(9, 12), rng.randrange(11, 14)
        )

    def _rates(self) -> dict[str, dict[date, Decimal]]:
        easter = EASTER[self.year]
        closed = {easter - timedelta(days=2), easter + timedelta(days=1), date(self.year, 5, 1)}
        rates = {}
        for currency, usual in sorted(USUAL_RATE.items()):
            level = usual * self.rng.uniform(0.98, 1.02)
            rates[currency] = {}
            for number in range(120):
                day = date(self.year, 3, 20) + timedelta(days=number)
                if day.weekday() < 5 and day not in closed:
                    step = self.rng.choice((-1, 1)) * self.rng.uniform(0.001, 0.004)
                    level = usual + (level * (1 + step) - usual) * 0.98
                    rates[currency][day] = Decimal(f"{level:.4f}")
        return rates

    def _plan_trips(self) -> None:
        """Give everybody two or three trips, one a month; some travel together, one has a single trip."""
        rng, number = self.rng, self.rng.randint(200, 500)
        plans = []
        for person in self.people[:-1]:
            for month in sorted(rng.sample((4, 5, 6), rng.choice((2, 3, 3, 3)))):
                first = date(self.year, month, rng.randint(1, 23))
                plans.append(
                    (
                        person,
                        rng.choice([*sorted(COUNTRIES), *self.lowered]),
                        first,
                        first + timedelta(days=rng.randint(4, 5)),
                    )
                )
        plans.append((self.people[-1], "DE", date(self.year, 4, 8), date(self.year, 4, 12)))
        together = [plan for plan in plans if plan[0] in self.people[8:12] and plan[2].month == 6]
        for person, guide in zip(self.people[12:16], together, strict=False):
            plans = [plan for plan in plans if plan[0] != person or plan[2].month != 6]
            plans.append((person, *guide[1:]))
        plans = [plan for plan in plans if plan[0] not in self.people[20:24] or plan[2].month != 5]
        for person, country in zip(self.people[20:24], [*self.raised, *self.lowered * 2], strict=True):
            first = self.audit.since - timedelta(days=2)
            plans.append((person, country, first, first + timedelta(days=rng.randint(4, 5))))
        cities: dict[tuple, str] = {}
        for person, country, first, last in sorted(plans, key=lambda plan: (plan[2], plan[0])):
            number += rng.randint(1, 3)
            city = cities.setdefault((country, first, last), rng.choice(COUNTRIES[country][2]))
            trip = Trip(f"T{number}", person, city, country, first, last, rng.choice(PURPOSES))
            self.trips.append(trip)
            if person in self.people[20:24] and first == self.audit.since - timedelta(days=2):
                self.across.append(trip)

    # -- what plants use, too ------------------------------------------------------------------------

    def pick(self, fits: Callable[[Trip], bool], used: set[str]) -> Trip:
        """Return a random trip that fits and was not used for the same purpose yet."""
        found = [trip for trip in self.trips if trip.trip_id not in used and fits(trip)]
        if not found:
            raise LookupError("no trip fits")
        trip = self.rng.choice(found)
        used.add(trip.trip_id)
        return trip

    def inner(self, trip: Trip) -> list[date]:
        """Return the days of a trip without the first and the last."""
        return [trip.first + timedelta(days=n) for n in range(1, (trip.last - trip.first).days)]

    def add(self, trip: Trip, category: str, day: date, euros: float, **more: object) -> Claim:
        """Add a claim of about so many EUR, in the currency of the country unless told otherwise."""
        rng = self.rng
        currency = more.pop("currency", COUNTRIES[trip.country][0])
        vendors = {"hotel": HOTELS, "meal": TABLES, "entertainment": CELLARS, "flight": WINGS}.get(
            category, RIDES
        )
        name = str(more.pop("vendor", "")) or rng.choice(vendors)
        if category == "hotel" and "nights" not in more:
            more["nights"] = 1
        claim = Claim(
            employee=str(more.pop("employee", trip.employee)),
            trip=trip,
            filed=more.pop("filed", trip.last + timedelta(days=rng.randint(2, DAYS - 7))),
            date=day,
            category=category,
            vendor=name,
            currency=str(currency),
            amount=self.local(euros, str(currency), day),
            remark=str(more.pop("remark", rng.choice(REMARKS))),
        )
        for name, value in more.items():
            setattr(claim, name, value)
        claim.opened = claim.filed - timedelta(days=rng.randint(0, 6))
        self.audit.claims.append(claim)
        return claim

    def local(self, euros: float, currency: str, day: date) -> int:
        """Return an amount in hundredths of a currency."""
        if currency == "EUR":
            return round(euros * 100)
        table = self.audit.rates[currency]
        return round(euros * 100 * float(table[max(known for known in table if known <= day)]))

    def low_cap(self, country: str) -> int:
        """Return the lower of the two caps of a country."""
        return min(terms.caps[country] for terms in (self.audit.old, self.audit.new))

    def high_cap(self, country: str) -> int:
        """Return the higher of the two caps of a country."""
        return max(terms.caps[country] for terms in (self.audit.old, self.audit.new))

    # -- claims in order -----------------------------------------------------------------------------

    def _usual(self, trip: Trip) -> None:
        rng = self.rng
        late = {}
        if trip.employee == self.people[-1]:
            late = {
                "filed": trip.last + timedelta(days=DAYS + rng.randint(12, 30)),
                "planned": frozenset({"LATE"}),
            }
        nights = (trip.last - trip.first).days
        breakfast = rng.random() < 0.45
        price = self.low_cap(trip.country) * rng.uniform(0.55, 0.88)
        price += (
            self.audit.terms(Claim(trip.employee, trip, trip.first, trip.first, "", "", "", 0)).breakfast
            * breakfast
        )
        stay = self.add(trip, "hotel", trip.first, price * nights, nights=nights, breakfast=breakfast, **late)
        self.stays[trip.trip_id] = stay
        meals = rng.sample(range(nights + 1), rng.randint(1, 2))
        for number in sorted(meals):
            day = trip.first + timedelta(days=number)
            self.add(trip, "meal", day, rng.uniform(0.3, 0.93) * self.audit.old.meal, **late)
        self.add(trip, "transport", rng.choice((trip.first, trip.last)), rng.uniform(8, 90), **late)
        if rng.random() < 0.3 and not late:
            euros = rng.uniform(0.3, 0.95) * self.audit.flight
            self.add(trip, "flight", trip.first, euros, currency="EUR")
