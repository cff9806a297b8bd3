"""The rules for the calendar, sales, staff and rent: what stands on the inputs alone, with or without a *slip*."""

from __future__ import annotations

import math
from typing import NamedTuple

from _live_workbook_model import MONTHS, YEARS, Inputs, Rows, as_date, rounded, serial, shifted


class Calendar(NamedTuple):
    """What rule 1 makes of opening day and end of the financial year, by month and by FY."""

    firsts: list[int]
    lasts: list[int]
    begins: list[int]
    """The first open day."""
    open: list[float]
    """Open days over days."""
    years: list[int]
    months: list[int]
    fy: list[int]
    ends: list[int]
    """The number of each FY's last month, which may lie after the model."""
    share: list[float]


class Trade:
    """Computes rows from inputs. ``edges`` collects how near to an edge values were: a half, a whole tax, no loan."""

    def __init__(self, inputs: Inputs, slip: str = "") -> None:
        self.inputs, self.slip = inputs, slip
        self.edges: list[float] = []
        self.cal = self._calendar()
        self._limits: dict[int, list[float]] = {}

    def term(self, name: str) -> float:
        """Return a single input."""
        return self.inputs[name][0] or 0.0

    def round(self, value: float, digits: int = 0) -> float:
        """Return a number rounded, and note how near to a half it was."""
        size = abs(value) * 10**digits
        self.edges.append(abs(size - math.floor(size) - 0.5))
        return rounded(value, digits)

    def _calendar(self) -> Calendar:
        opening = int(self.term("open_date"))
        day = as_date(opening)
        firsts = [serial(day.year, day.month + n, 1) for n in range(MONTHS + 1)]
        lasts = [first - 1 for first in firsts[1:]]
        firsts = firsts[:MONTHS]
        begins = [max(first, opening) for first in firsts]
        shares = [
            (last - begin + 1) / (last - first + 1)
            for first, last, begin in zip(firsts, lasts, begins, strict=True)
        ]
        months = [as_date(first).month for first in firsts]
        head = (int(self.term("fy_end_month")) - months[0]) % 12
        ends = [head + 12 * n for n in range(YEARS)]
        fy = [next(n for n, end in enumerate(ends) if month <= end) for month in range(MONTHS)]
        weights = [1.0] * MONTHS if self.slip == "share-by-months" else shares
        share = [sum(weights[m] for m in range(MONTHS) if fy[m] == n) / 12 for n in range(YEARS)]
        if self.slip == "share-first-only":
            share[1:] = [1.0] * (YEARS - 1)
        if self.slip == "no-share":
            share = [1.0] * YEARS
        return Calendar(
            firsts, lasts, begins, shares, [as_date(x).year for x in firsts], months, fy, ends, share
        )

    # -- sales -----------------------------------------------------------------------------------

    def sales(self) -> Rows:
        """Return units, revenue and cost of goods."""
        units, revenue, goods = [0.0] * MONTHS, [0.0] * MONTHS, [0.0] * MONTHS
        for number, launch in enumerate(self.inputs["product_launch"]):
            sold = [self._units(number, int(launch or 0), month) for month in range(MONTHS)]
            prices = self._prices(self.inputs["product_price"][number] or 0.0)
            cost = self.inputs["product_cost"][number] or 0.0
            earned = self._earned(sold, prices, int(launch or 0))
            for month in range(MONTHS):
                units[month] += sold[month]
                revenue[month] += earned[month]
                goods[month] += sold[month] * cost
        return {"m_units": units, "m_revenue": revenue, "m_goods": goods}

    def _units(self, number: int, launch: int, month: int) -> float:
        cal, begun = self.cal, as_date(launch)
        first, last = cal.firsts[month], cal.lasts[month]
        begin = max(launch, first if self.slip == "opening-sells-whole" else cal.begins[month])
        days = max(0, last - begin + 1)
        if not days:
            return 0.0
        reached = as_date(last if self.slip == "anniversary-in-month" else first)
        years = reached.year - begun.year - ((reached.month, reached.day) < (begun.month, begun.day))
        if self.slip == "growth-by-calendar":
            years = reached.year - begun.year
        if self.slip == "growth-from-opening":
            years = (month - max(0, self._age(launch, 0) * -1)) // 12
        rate = 1 + (self.inputs["product_growth"][number] or 0.0)
        amount = (
            (self.inputs["product_units"][number] or 0.0) * rate ** max(0, years) * days / (last - first + 1)
        )
        return amount if self.slip == "units-not-rounded" else self.round(amount)

    def _age(self, launch: int, month: int) -> int:
        """Return how many calendar months a month is after that of the launch."""
        begun = as_date(launch)
        return self.cal.years[month] * 12 + self.cal.months[month] - begun.year * 12 - begun.month

    def _prices(self, price: float) -> dict[int, float]:
        rate, year = 1 + self.term("price_rise"), self.cal.years[0]
        prices, exact = {year: price}, price
        for later in range(year + 1, self.cal.years[-1] + 1):
            exact *= rate
            price = self.round(price * rate, 2)
            prices[later] = {"price-exact": exact, "price-rounded-once": rounded(exact, 2)}.get(
                self.slip, price
            )
        return prices

    def _earned(self, sold: list[float], prices: dict[int, float], launch: int) -> list[float]:
        cal, counted, found = self.cal, 0.0, []
        counts = [0.0] * YEARS
        key = cal.years if self.slip == "tiers-by-calendar" else cal.fy
        for month, units in enumerate(sold):
            if month and key[month] != key[month - 1]:
                counted = 0.0
            intro = 0 <= self._age(launch, month) <= 2
            if self.slip == "intro-from-opening":
                intro = 0 <= self._age(max(launch, cal.begins[0]), month) <= 2
            rebated = self._rebated(counted + units, cal.fy[month]) - self._rebated(counted, cal.fy[month])
            if self.slip == "whole-volume":
                rebated = units * self._rate(counted + units, cal.fy[month])
            if intro and self.slip != "no-intro":
                rebated = 0.0
            found.append(prices[cal.years[month]] * (units - rebated))
            counts[cal.fy[month]] += units
            counted += 0.0 if intro and self.slip == "intro-not-counted" else units
        return found

    def _above(self, fy: int) -> list[float]:
        if fy not in self._limits:
            above = [(value or 0.0) * self.cal.share[fy] for value in self.inputs["tier_above"]]
            exact = self.slip == "limits-not-rounded"
            self._limits[fy] = above if exact else [self.round(value) for value in above]
        return self._limits[fy]

    def _rebated(self, count: float, fy: int) -> float:
        """Return the rebates of so many units of an FY, in units."""
        above = self._above(fy)
        tops = [*above[1:], math.inf]
        rates = [rate or 0.0 for rate in self.inputs["tier_rebate"]]
        return sum(
            rate * max(0.0, min(count, top) - low) for rate, low, top in zip(rates, above, tops, strict=True)
        )

    def _rate(self, count: float, fy: int) -> float:
        reached = [n for n, low in enumerate(self._above(fy)) if count > low]
        return (self.inputs["tier_rebate"][reached[-1]] or 0.0) if reached else 0.0

    # -- staff and rent --------------------------------------------------------------------------

    def staff(self) -> Rows:
        """Return pay, contributions and heads."""
        rows = {"m_pay": [0.0] * MONTHS, "m_social": [0.0] * MONTHS, "m_heads": [0.0] * MONTHS}
        people = zip(
            *(self.inputs[name] for name in ("staff_start", "staff_end", "staff_salary")), strict=True
        )
        for number, (start, end, salary) in enumerate(people):
            if start is None or (self.slip == "spare-rows" and number > 7):
                continue
            until = math.inf if end is None else end
            pay, paid = self._paid(start, until, salary or 0.0)
            social = self._social(pay, paid)
            for month, last in enumerate(self.cal.lasts):
                rows["m_pay"][month] += pay[month]
                rows["m_social"][month] += social[month]
                here = start <= last and (until > last if self.slip == "gone-on-last-day" else until >= last)
                if self.slip == "heads-if-paid":
                    here = paid[month]
                rows["m_heads"][month] += here
        return rows

    def _paid(self, start: float, until: float, salary: float) -> tuple[list[float], list[bool]]:
        pay, paid = [], []
        rate, raises = 1 + self.term("raise_rate"), self._raise_days(start)
        for month in range(MONTHS):
            begin = self.cal.firsts[month] if self.slip == "opening-pays-whole" else self.cal.begins[month]
            first, last = max(start, begin), min(until, self.cal.lasts[month])
            days = self._days(first, last, month) if first <= last else 0.0
            pay.append(salary / 12 * days / 30 * rate ** self._raises(raises, month))
            paid.append(days > 0)
        return pay, paid

    def _days(self, first: float, last: float, month: int) -> float:
        if self.slip == "calendar-days":
            return (last - first + 1) / (self.cal.lasts[month] - self.cal.firsts[month] + 1) * 30
        if self.slip == "capped-days":
            return min(30, last - first + 1)
        return self._day(last) - self._day(first) + 1

    def _day(self, number: float) -> int:
        day, next_day = as_date(number), as_date(number + 1)
        february = day.month == 2 and next_day.month == 3
        if self.slip == "february-short" and february:
            return 30 if as_date(number).day == 28 and day.year % 4 else day.day
        if self.slip == "february-as-it-is":
            february = False
        return 30 if day.day == 31 or february else day.day

    def _raises(self, days: list[int], month: int) -> int:
        return sum(day <= self.cal.firsts[month] for day in days)

    def _raise_days(self, start: float) -> list[int]:
        """Return the days on which somebody gets a raise."""
        found = []
        for year in range(self.cal.years[0], self.cal.years[-1] + 1):
            day = serial(year, int(self.term("raise_month")), 1)
            waited = start <= shifted(day, -int(self.term("raise_wait")))
            if self.slip == "wait-exclusive":
                waited = start < shifted(day, -int(self.term("raise_wait")))
            if self.slip == "no-wait":
                waited = start <= day
            after = day > self.term("open_date")
            if self.slip == "raise-on-opening":
                after = day >= self.cal.firsts[0]
            if after and waited:
                found.append(day)
        return found

    def _social(self, pay: list[float], paid: list[bool]) -> list[float]:
        twelfth, found = self.term("social_cap") / 12, []
        total = cap = base = 0.0
        for month in range(MONTHS):
            key = self.cal.fy if self.slip == "cap-by-fy" else self.cal.years
            if month and key[month] != key[month - 1]:
                total = cap = base = 0.0
            total += pay[month]
            cap += twelfth if paid[month] or self.slip == "cap-for-all-months" else 0.0
            if self.slip == "cap-whole-year":
                cap = twelfth * 12
            reached = min(total, cap)
            if self.slip == "cap-monthly":
                reached = base + min(pay[month], twelfth)
            found.append(self.term("social_rate") * (reached - base))
            base = reached
        return found

    def rent(self) -> list[float]:
        """Return the rent of each month."""
        rate = 1 + self.term("rent_rise")
        shares = [1.0] * MONTHS if self.slip == "whole-rent" else self.cal.open
        steps = [month // 12 for month in range(MONTHS)]
        if self.slip == "rent-by-calendar":
            steps = [year - self.cal.years[0] for year in self.cal.years]
        return [self.term("rent") * share * rate**step for share, step in zip(shares, steps, strict=True)]
