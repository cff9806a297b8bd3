"""The tests that the oracle writes: a small model of billing-rules.md, and what it is asked beside the package.

``@NAME@`` stands for a figure that `figures` reads from the rules.
"""

import re
from pathlib import Path

_AMOUNT = r"([\d.]+)"
_PLACES = {
    "FEE": r"month is {} × days", "ALLOWANCE": r"\n   {} parcels are free", "FIRST": r"The first {} charged",
    "PRICE1": r"charged parcels of a month cost {} each", "SECOND": r"\n   {}th", "PRICE2": r"th {} each",
    "PRICE3": r"further ones {} each", "HEAVY": r"more than {} kg", "HEAVY_PRICE": r"kg costs {} on top",
    "BULKY": r"one of {} kg", "BULKY_PRICE": r"more costs {} on top", "MEDIUM": r"usage is at least {},",
    "MEDIUM_RATE": r", {} % of it are taken", "LARGE": r"if it is at least {},", "LARGE_RATE": r"{} % of it \(all",
    "MINIMUM": r"come to at least {} a month", "VAT": r"VAT is {} % of it", "VAT_NEW": r"and {} % from",
    "GOODWILL": r"at most {} % of the gross", "DUE_DAYS": r"is due {} days", "GRACE": r"pays up to {} days",
    "LATE": r"fee is {} % of the open", "LATE_LEAST": r"and at least {}. If", "LATE_FROM": r"less than {} is open",
}  # fmt: skip


def figures(workspace: Path) -> dict[str, str]:
    """Return the figures that billing-rules.md states."""
    text = (workspace / "billing-rules.md").read_text("utf-8")
    found = {name: re.search(place.format(_AMOUNT), text)[1] for name, place in _PLACES.items()}
    return found | {"VAT_CHANGE": re.search(r"% from (\d{4}-\d\d-\d\d) on", text)[1]}


def model_tests(workspace: Path, *without: tuple[str, str]) -> str:
    """Return the text of test_rules.py, with these pieces replaced."""
    text = MODEL + ASKED
    for old, new in without:
        if text.count(old) != 1:
            raise ValueError(f"{old!r} is not in the tests exactly once")
        text = text.replace(old, new)
    known = figures(workspace)
    return re.sub(r"@([A-Z_0-9]+)@", lambda hit: known[hit[1]], text)


MODEL = """\
import calendar
import functools
import itertools
import random
import unittest
from datetime import date, timedelta
from decimal import Decimal as D

import periods
from invoicing import credits, discounts, dunning, engine, money, usage
from invoicing.model import Contract, Credit, Parcel

FIRST, SECOND, ALLOWANCE = @FIRST@, @SECOND@, @ALLOWANCE@
HEAVY, BULKY = D("@HEAVY@"), D("@BULKY@")
MEDIUM, LARGE = D("@MEDIUM@"), D("@LARGE@")
LATE_FROM, GRACE = D("@LATE_FROM@"), @GRACE@
CHANGE = date.fromisoformat("@VAT_CHANGE@")
ONE_DAY = timedelta(days=1)


def cents(amount):
    whole = int(abs(amount) * 100 + D("0.5"))
    return D(whole if amount >= 0 else -whole) / 100


def days_of(month):
    year, number = int(month[:4]), int(month[5:])
    return [date(year, number, n + 1) for n in range(calendar.monthrange(year, number)[1])]


def served(month, start, end):
    return [day for day in days_of(month) if start <= day and (end is None or day <= end)]


def charge(units):
    steps = min(units, FIRST), max(0, min(units, SECOND) - FIRST), max(0, units - SECOND)
    return cents(steps[0] * D("@PRICE1@") + steps[1] * D("@PRICE2@") + steps[2] * D("@PRICE3@"))


def on_top(weights):
    return sum((D("@BULKY_PRICE@") if w >= BULKY else D("@HEAVY_PRICE@") if w > HEAVY else D(0) for w in weights), D(0))


def discount(amount):
    rate = D("@LARGE_RATE@") if amount >= LARGE else D("@MEDIUM_RATE@") if amount >= MEDIUM else D(0)
    return cents(amount * rate / 100)


def pay(gross, given, issued):
    left, kind, used = gross, cents(gross * D("@GOODWILL@") / 100), {}
    for one in sorted(given, key=lambda one: (one.granted, one.number)):
        if one.granted <= issued and not (one.expires and one.expires < issued):
            amount = min(one.amount, left, kind if one.goodwill else left)
            left -= amount
            kind -= amount if one.goodwill else 0
            if amount:
                used[one.number] = amount
    return used


def late(amount, due, paid):
    n = (paid - due).days
    if n <= GRACE or amount < LATE_FROM:
        return D(0)
    return max(D("@LATE_LEAST@"), cents(amount * D("@LATE@") * -(-n // 30) / 100))


def due(issued):
    day = issued + timedelta(days=@DUE_DAYS@)
    return day + {5: 2, 6: 1}.get(day.weekday(), 0) * ONE_DAY


def bill(contract, month, parcels, given):
    whole, here = days_of(month), served(month, contract.start, contract.end)
    among = set(here)
    weights = {}
    for one in parcels:
        if one.day in among:
            weights[one.number] = max(one.weight, weights.get(one.number, D(0)))
    units = max(0, len(weights) - ALLOWANCE * len(here) // len(whole))
    fee, used = cents(D("@FEE@") * len(here) / len(whole)), charge(units)
    off = D(0) if contract.end in whole else discount(used)
    least = cents(D("@MINIMUM@") * len(here) / len(whole))
    lines = {"fee": fee, "usage": used, "discount": -off, "heavy": on_top(weights.values()),
             "minimum": max(D(0), least - fee - used + off)}
    net = sum(lines.values())
    vat = D(0) if contract.exempt else cents(net * (D("@VAT_NEW@") if here[-1] >= CHANGE else D("@VAT@")) / 100)
    issued = whole[-1] + ONE_DAY
    credits = pay(net + vat, given, issued)
    lines = {kind: amount for kind, amount in lines.items() if amount}
    return {"lines": lines, "net": net, "vat": vat, "gross": net + vat,
            "credits": credits, "payable": net + vat - sum(credits.values()), "issued": issued, "due": due(issued),
            "customer": contract.customer, "month": month, "exempt": contract.exempt}, used / units if units else D(0)
"""

ASKED = """

def shop(start=date(2024, 3, 1), end=None, exempt=False):
    return Contract("Finch Ltd", start, end, exempt)


def sent(month, n, weight="2"):
    return all_sent(month, weight)[:n]


@functools.cache
def all_sent(month, weight):
    days = days_of(month)
    return [Parcel(f"A{k}", days[k % len(days)], D(weight)) for k in range(300)]


class TestParts(unittest.TestCase):
    def test_usage(self):
        for n in [0, 1, FIRST - 1, FIRST, FIRST + 1, SECOND - 1, SECOND, SECOND + 1, *range(9, 2 * SECOND, 19)]:
            self.assertEqual(usage.usage_charge(n), charge(n), n)
        for days in (28, 30, 31):
            for n in range(1, days + 1, 3):
                self.assertEqual(usage.allowance(n, days), ALLOWANCE * n // days)
        for w in (D(1), HEAVY, HEAVY + D("0.001"), BULKY - D("0.001"), BULKY, BULKY + 1):
            self.assertEqual(usage.surcharge([w, D(2)]), on_top([w]))
        self.assertEqual(usage.surcharge([]), 0)
        with self.assertRaises(ValueError):
            usage.usage_charge(-1)

    def test_discount(self):
        odd = [MEDIUM + n * D("0.10") for n in range(0, 99, 2)]
        for n in [MEDIUM - D("0.01"), MEDIUM, LARGE - D("0.01"), LARGE, 10 * LARGE, *odd]:
            self.assertEqual(discounts.volume_discount(n), discount(n), n)

    def test_money(self):
        for text in ("0.005", "0.015", "0.025", "0.0249", "-0.015", "-0.125", "-0.124", "3.2"):
            self.assertEqual(money.round_cents(D(text)), cents(D(text)), text)
        for text, n in (("10.00", 3), ("0.02", 3), ("99.99", 7), ("5.05", 1), ("12.34", 5)):
            parts = money.split(D(text), n)
            self.assertEqual((len(parts), sum(parts)), (n, D(text)))
            self.assertLessEqual(max(parts) - min(parts), D("0.01"))
            self.assertEqual([cents(part) for part in parts], list(parts))
        with self.assertRaises(ValueError):
            money.split(D("1.00"), 0)

    def test_days(self):
        for n in range(14):
            self.assertEqual(periods.due_date(date(2025, 5, 1) + n * ONE_DAY), due(date(2025, 5, 1) + n * ONE_DAY))
        for number in range(1, 13):
            month = f"2024-{number:02}"
            self.assertEqual(tuple(periods.month_days(month)), tuple(days_of(month)[::len(days_of(month)) - 1]))
        for start in (date(2025, 1, 31), date(2025, 2, 1), date(2025, 2, 9), date(2025, 3, 1)):
            for end in (None, date(2025, 2, 9), date(2025, 2, 20), date(2025, 2, 28), date(2025, 3, 1)):
                self.assertEqual(periods.days_served("2025-02", start, end), len(served("2025-02", start, end)))
        for month in ("2025-13", "2025-00", "2025-1", "May"):
            with self.assertRaises(ValueError):
                periods.month_days(month)
            with self.assertRaises(ValueError):
                engine.make_invoice(shop(), month, [])

    def test_late(self):
        start = date(2025, 3, 17)
        for amount in (D("480.00"), LATE_FROM, LATE_FROM - D("0.01"), D("200.30"), D("200.50"), D("200.70")):
            for n in (-2, 0, GRACE, GRACE + 1, 30, 31, 30 + GRACE, 60, 61, 95):
                paid = start + n * ONE_DAY
                self.assertEqual(dunning.late_fee(amount, start, paid), late(amount, start, paid), (amount, n))
        for n in range(70, 250, 9):
            paid = start + 20 * ONE_DAY
            self.assertEqual(dunning.late_fee(D(n), start, paid), late(D(n), start, paid))


class TestCredits(unittest.TestCase):
    def same(self, gross, *given):
        issued = date(2025, 3, 1)
        found = credits.use_credits(D(gross), [Credit(*one) for one in given], issued)
        self.assertEqual(found, pay(D(gross), [Credit(*one) for one in given], issued))

    def test_days(self):
        for n in (-1, 0, 1):
            at = date(2025, 3, 1) + n * ONE_DAY
            self.same("50.00", ("K1", at, D("9.00")))
            self.same("50.00", ("K1", date(2025, 1, 1), D("9.00"), at))

    def test_order(self):
        early, later = date(2025, 1, 4), date(2025, 2, 4)
        kinds = [(D("9.00"), date(2025, 3, 9)), (D("9.50"), date(2025, 4, 9)), (D("9.00"),), (D("9.50"), None, True)]
        for one, two in itertools.permutations(kinds, 2):
            self.same("10.00", ("K9", early, *one), ("K1", later, *two))
            self.same("10.00", ("K1", later, *one), ("K9", early, *two))
            self.same("10.00", ("K9", early, *one), ("K1", early, *two))

    def test_goodwill(self):
        early, later = date(2025, 1, 4), date(2025, 2, 4)
        for gross in ("100.00", "63.30", "63.70", "63.11", "40.05", "40.02", "40.03", "40.06", "40.09"):
            self.same(gross, ("K1", early, D("90.00"), None, True))
            self.same(gross, ("K1", early, D("9.00")), ("K2", later, D("90.00"), None, True))
            self.same(gross, ("K1", early, D("9.00"), None, True), ("K2", later, D("90.00"), None, True))


class TestMonths(unittest.TestCase):
    def same(self, contract, month, parcels, given=()):
        found = engine.make_invoice(contract, month, parcels, given)
        wanted, average = bill(contract, month, parcels, given)
        lines = list(found.lines)
        seen = {name: getattr(found, name) for name in wanted} | {"lines": {line.kind: line.amount for line in lines}}
        self.assertEqual(seen, wanted)
        self.assertEqual(len(lines), len(wanted["lines"]))
        self.assertLessEqual(abs(found.average - average), D("0.001"))
        self.assertEqual(found.settled(), wanted["payable"] == 0)

    def test_sizes(self):
        medium = next(n for n in range(999) if charge(n) >= MEDIUM)
        for n in (0, ALLOWANCE + 1, *(ALLOWANCE + medium + k for k in (-1, 0, 2))):
            self.same(shop(), "2025-01", sent("2025-01", n))
        for n in (3, ALLOWANCE, ALLOWANCE + medium - 2):
            self.same(shop(), "2025-02", sent("2025-02", n, str(HEAVY + 1)))
        self.same(shop(exempt=True), "2025-02", sent("2025-02", ALLOWANCE + medium, str(BULKY)))

    def test_parts_of_months(self):
        many = max(130, ALLOWANCE + 9 + next(n for n in range(999) if charge(n) >= MEDIUM))
        for start, end in ((9, None), (1, None), (None, 9), (None, 28), (3, 22), (1, 1), (None, 31)):
            contract = shop(date(2025, 2, start) if start else date(2024, 3, 1),
                            end and (date(2025, 2, end) if end < 29 else date(2025, 3, 1)))
            self.same(contract, "2025-02", sent("2025-02", many))
        self.same(shop(date(2025, 2, 9)), "2025-02", [])

    def test_vat(self):
        month = f"{CHANGE:%Y-%m}"
        for n in (-3, -1, 0, 1):
            self.same(shop(end=CHANGE + n * ONE_DAY), month, [])
        for number in (1, 2, 4, 7, 10, 12):
            self.same(shop(), f"2025-{number:02}", [])
        for n in (41, 52, 66, 79):
            self.same(shop(), "2025-03", sent("2025-03", n))

    def test_numbers(self):
        inside, outside = date(2025, 2, 4), date(2025, 3, 1)
        for first, second in ((inside, inside), (inside, outside), (outside, inside)):
            for weights in ((D(1), HEAVY + 1), (BULKY, D(2))):
                twice = [Parcel("Z", first, weights[0]), Parcel("Z", second, weights[1])]
                self.same(shop(), "2025-02", sent("2025-02", ALLOWANCE + 60) + twice)

    def test_settled(self):
        gross = bill(shop(), "2025-02", [], ())[0]["gross"]
        for left in ("0.00", "0.01"):
            self.same(shop(), "2025-02", [], [Credit("K1", date(2025, 1, 4), gross - D(left))])

    def test_refused(self):
        for start, end in (("2025-03-01", None), ("2024-03-01", "2025-01-31"), ("2025-02-09", "2025-02-08")):
            with self.assertRaises(ValueError):
                engine.make_invoice(shop(date.fromisoformat(start), end and date.fromisoformat(end)), "2025-02", [])

    def test_as_they_come(self):
        dice = random.Random(4)
        for _ in range(4):
            rows = [Parcel(f"B{dice.randrange(130)}", date(2025, 2, 1) + dice.randrange(-2, 31) * ONE_DAY,
                           HEAVY + dice.randrange(-8, 14)) for _ in range(dice.randrange(170))]
            given = [Credit(f"K{n}", date(2025, dice.choice([1, 2]), dice.randrange(1, 29)), D(dice.randrange(1, 60)),
                            None, dice.random() < 0.5) for n in range(dice.randrange(4))]
            end = date(2025, 2, dice.randrange(6, 29)) if dice.random() < 0.4 else None
            self.same(shop(date(2025, 2, 3) if dice.random() < 0.3 else date(2024, 3, 1), end), "2025-02", rows, given)


if __name__ == "__main__":
    unittest.main()
"""
