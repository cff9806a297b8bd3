"""Draws what the three shops sold: orders, cancellations, returns, copies in a second export, rates, spellings."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import replace
from datetime import date, datetime, timedelta
from fractions import Fraction
from math import exp
from random import Random

from _regional_sales_rules import Order, Return

FIXED = ("South", "South-East", "Coast", "Islands")
CHOICE = ("North", "East", "West", "Centre", "Alps")
SMALL = "Islands"
SPELLINGS = {
    "kontor": {
        "North": ["Nord"],
        "South": ["Süd", "Süd", "Sued"],
        "South-East": ["Südost", "Südost", "Suedost"],
        "East": ["Ost"],
        "West": ["West", "Westen"],
        "Centre": ["Mitte"],
        "Alps": ["Alpen"],
        "Coast": ["Küste", "Küste", "Kueste"],
        "Islands": ["Inseln"],
    },
    "bazaar": {
        "North": ["North"],
        "South": ["South"],
        "South-East": ["South East", "South-East"],
        "East": ["East"],
        "West": ["West"],
        "Centre": ["Centre", "Center"],
        "Alps": ["Alps"],
        "Coast": ["Coast", "Seaside"],
        "Islands": ["Islands", "Isles"],
    },
    "tills": {
        "North": ["Nord", "NORTH"],
        "South": ["Sued", "SOUTH"],
        "South-East": ["Suedost", "SO"],
        "East": ["Ost", "EAST"],
        "West": ["West", "WEST"],
        "Centre": ["Mitte", "CENTRE"],
        "Alps": ["Alpen", "ALPS"],
        "Coast": ["Kueste", "COAST"],
        "Islands": ["Inseln"],
    },
}
CURRENCIES = {
    "kontor": ["EUR"] * 6 + ["CHF"],
    "bazaar": ["GBP"] * 5 + ["EUR", "SEK"],
    "tills": ["CHF"] * 3 + ["EUR"] * 2,
}
USUAL_RATE = {"CHF": 0.95, "GBP": 0.85, "SEK": 11.2}
FIRST = ["Anna", "Bela", "Carla", "Dirk", "Edda", "Finn", "Gesa", "Henk", "Ines", "Jörg", "Käthe", "Lars",
         "Mona", "Nils", "Olga", "Pia", "Ruth", "Sönke", "Tove", "Uwe", "Vera", "Wim", "Yara", "Zoë"]  # fmt: skip
LAST = ["Adelmann", "Brückner", "Corvin", "Dahlkamp", "Eschweg", "Fährmann", "Grothe", "Hinrichs",
        "Iversen", "Jansky", "Köpping", "Lüdemann", "Merzbach", "Nørholm", "Ottensen", "Pruisken",
        "Rosenfeldt", "Sägebrecht", "Thomsen", "Uhlhorn", "Vossberg", "Wittmaack"]  # fmt: skip
PREFIX = {"kontor": "K", "bazaar": "B", "tills": "T"}


class World:
    """One year's orders of three shops."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.year = rng.randint(2022, 2025)
        first = rng.randint(1, 2)
        self.months = list(range(first, first + rng.randint(6, 7)))
        self.regions = sorted([*FIXED, *rng.sample(CHOICE, rng.randint(3, 4))])
        weights = {region: rng.uniform(0.6, 1.6) for region in self.regions if region != SMALL}
        self.popular, self.shares = list(weights), list(weights.values())
        self.numbers = {"kontor": rng.randint(10_000, 60_000), "bazaar": rng.randint(100_000, 700_000),
                        "tills": rng.randint(2_000, 9_000)}  # fmt: skip
        self.rates = self._draw_rates()
        self.orders: list[Order] = []
        for shop, most in (("kontor", 1900), ("bazaar", 1350), ("tills", 1050)):
            for _ in range(rng.randint(most * 4 // 5, most)):
                self._sell(shop, rng.choice(self.months))
        self._hand_over()
        self._repeat()
        self._part_returns()
        self._islands()
        self.orders.sort(key=lambda order: (order.at, order.number))
        self._number()

    @property
    def end(self) -> date:
        """The last day in the exports."""
        return date(self.year, self.months[-1], monthrange(self.year, self.months[-1])[1])

    def _draw_rates(self) -> dict[tuple[str, str], Fraction]:
        rates = {}
        for currency, usual in USUAL_RATE.items():
            level = usual * self.rng.uniform(0.96, 1.04)
            for month in range(1, 13):
                level *= 1 + self.rng.choice((-1, 1)) * self.rng.uniform(0.004, 0.02)
                rates[f"{self.year}-{month:02}", currency] = Fraction(round(level * 10_000), 10_000)
        for month in range(1, 13):
            rates[f"{self.year}-{month:02}", "EUR"] = Fraction(1)
        return rates

    def _sell(self, shop: str, month: int, region: str = "", **fixed: object) -> None:
        rng = self.rng
        day = rng.randint(1, monthrange(self.year, month)[1])
        at = datetime(self.year, month, day, rng.randint(8, 21), rng.randrange(60))
        region = region or rng.choices(self.popular, self.shares)[0]
        order = Order(
            number="",
            shop=shop,
            at=at,
            customer=f"{rng.choice(FIRST)} {rng.choice(LAST)}",
            region=region,
            spelling=rng.choice(SPELLINGS[shop][region]),
            currency=rng.choice(CURRENCIES[shop]),
            cents=min(480_000, max(590, round(exp(rng.gauss(4.3, 0.95)) * 20) * 5)),
            cancelled=rng.random() < 0.06,
        )
        if not order.cancelled and rng.random() < 0.09:
            order = replace(order, returns=self._returns(order))
        self.orders.append(replace(order, **fixed))

    def _returns(self, order: Order, parcels: int = 1) -> tuple[Return, ...]:
        days = sorted(self.rng.sample(range(4, 55), parcels))
        found, left = [], order.cents
        for wait in days:
            share = self.rng.choice((0.25, 0.4, 0.6)) if parcels > 1 or self.rng.random() < 0.5 else 1
            cents = max(1, round(left * share)) if share != 1 else left
            left -= cents
            on = order.at.date() + timedelta(days=wait)
            if on <= self.end:
                found.append(Return(on, cents))
        return tuple(found)

    def _hand_over(self) -> None:
        """Put market orders into the web shop's export, and web orders for pick-up into the tills'."""
        since = datetime(self.year, self.months[1], self.rng.randint(3, 20))
        for i, order in enumerate(self.orders):
            target = {"bazaar": "kontor", "kontor": "tills"}.get(order.shop)
            likely = 0.3 if order.returns else 0.09
            if target and order.at >= since and self.rng.random() < likely:
                spelling = self.rng.choice(SPELLINGS[target][order.region])
                self.orders[i] = replace(order, copy=target, copy_spelling=spelling)

    def _repeat(self) -> None:
        """Let some customers order the same again on the same day: honest repeats."""
        plain = [o for o in self.orders if not (o.cancelled or o.returns or o.copy)]
        for order in self.rng.sample(plain, self.rng.randint(9, 14)):
            later = order.at + timedelta(minutes=self.rng.randint(2, 70))
            self.orders.append(replace(order, at=later))

    def _part_returns(self) -> None:
        """Let some orders come back in two parcels."""
        half = self.end - timedelta(days=70)
        early = [
            i
            for i, o in enumerate(self.orders)
            if o.shop != "tills" and o.cents > 4000 and o.at.date() < half
            and not (o.cancelled or o.returns or o.copy)
        ]  # fmt: skip
        for i in self.rng.sample(early, self.rng.randint(9, 13)):
            self.orders[i] = replace(self.orders[i], returns=self._returns(self.orders[i], parcels=2))

    def _islands(self) -> None:
        """Give the small region months with orders, one with a return only and one with a cancelled order only."""
        busy = self.rng.sample(self.months[:4], 2)
        quiet = self.rng.sample(
            [month for month in self.months[1:] if month > min(busy) and month not in busy], 2
        )
        for month in busy:
            for _ in range(self.rng.randint(2, 5)):
                shop = self.rng.choice(["kontor", "bazaar"])
                self._sell(shop, month, SMALL, cancelled=False, returns=())
        on = date(self.year, quiet[0], self.rng.randint(2, 27))
        self._sell(
            "kontor", min(busy), SMALL, currency="EUR", cancelled=False, cents=self.rng.randint(900, 6000) * 5
        )
        last = self.orders[-1]
        self.orders[-1] = replace(last, returns=(Return(on, last.cents),))
        self._sell("kontor", quiet[1], SMALL, cancelled=True, returns=())

    def _number(self) -> None:
        for i, order in enumerate(self.orders):
            self.numbers[order.shop] += self.rng.randint(1, 4)
            self.orders[i] = replace(order, number=f"{PREFIX[order.shop]}-{self.numbers[order.shop]}")
