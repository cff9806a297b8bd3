"""The tests as the user has them. ``<<expression>>`` stands for the value that the given package has for it.

``{{FORM}}`` is one of a pair (`FORMS`): in one of two places, which the seed decides, it makes a test vacuous, and in
the other it leaves it able to fail. ``[[NAME]]`` (`ASKS_TOO_MUCH`) asks for more than the rules do, on most seeds.
"""

FILES = {}

HEAD = """\
import unittest
from datetime import date, timedelta
from decimal import Decimal as D
from unittest import mock

import support
from support import cases, day, line, parcels, shop
"""

FILES["support.py"] = '''\
"""What several test files need."""

import json
import unittest
from datetime import date
from decimal import ROUND_HALF_UP
from decimal import Decimal as D
from pathlib import Path

from invoicing import discounts, usage
from invoicing.model import Contract, Parcel

DATA = Path(__file__).resolve().parent / "data"


def day(text):
    return date.fromisoformat(text)


def shop(start="2024-03-01", end=None, exempt=False):
    """Return a contract; it began long ago and goes on."""
    return Contract("Nettle & Sons", day(start), end and day(end), exempt)


def parcels(month, count, weight="2"):
    """Return so many parcels, spread over a month from its second day to its twentieth."""
    return [Parcel(f"P{n:04}", day(f"{month}-{n % 19 + 2:02}"), D(weight)) for n in range(count)]


def line(invoice, kind):
    """Return the amount of a kind of line, 0 if there is none."""
    return sum((found.amount for found in invoice.lines if found.kind == kind), D(0))


def cases(kind):
    """Return the examples of a kind that the accountants gave us."""
    return [case for case in json.loads((DATA / "cases.json").read_text()) if case["kind"] == kind]


def charge_by_hand(units):
    steps = ((<<FIRST>>, <<PRICE1>>), (<<SECOND - FIRST>>, <<PRICE2>>), (10**6, <<PRICE3>>))
    total = D(0)
    for size, price in steps:
        total += min(units, size) * price
        units -= min(units, size)
    return total.quantize(D("0.01"), rounding=ROUND_HALF_UP)


def discount_by_hand(charge):
    percent = <<LARGE_RATE>> if charge > <<LARGE>> else <<MEDIUM_RATE>> if charge > <<MEDIUM>> else D(0)
    return (charge * percent / 100).quantize(D("0.01"), rounding=ROUND_HALF_UP)


_BY_HAND = {"charge": {{hand-charge}}, "discount": {{hand-discount}}}


def by_hand(what, value):
    """Return what the price list gives for it, reckoned by hand."""
    return _BY_HAND[what](value)


class _Near:
    def near(self, found, wanted):
        self.assertLess(abs(found - wanted), D("0.005"), f"{found} is not {wanted}")


class Amounts({{base-amounts}}):
    """For tests of single amounts."""

    one = D("1.00")


class Days({{base-days}}):
    """For tests that reckon with days."""

    due = day("2025-03-17")


class Till:
    """Adds up what goes in, until it is closed."""

    def __init__(self):
        self.total, self.open = D(0), True

    def take(self, amount):
        self.total += amount

    def __enter__(self):
        return self

    def __exit__(self, *problem):
        return self.close()

    def close(self):
        {{close-till}}


class Diary:
    """Notes a fee a day, until it is closed."""

    def __init__(self):
        self.fees, self.open = {}, True

    def note(self, when, fee):
        self.fees[when] = fee

    def __enter__(self):
        return self

    def __exit__(self, *problem):
        return self.close()

    def close(self):
        {{close-diary}}
'''

FILES["periods.py"] = "STALE"

FILES["test_periods.py"] = (
    HEAD
    + """\
from invoicing.engine import make_invoice
from periods import days_served, due_date, month_days


class TestDays(unittest.TestCase):
    def test_until_the_last_day(self):
        self.assertEqual(days_served("2025-04", day("2025-01-10"), day("2025-04-12")), 12)

    def test_whole_month(self):
        days = days_served("2024-02", day("2023-07-01"), None)
        self.assertEqual(days, (month_days("2024-02")[1] - month_days("2024-02")[0]).days + 1)

    def test_fee_of_a_whole_month(self):
        invoice = make_invoice(shop(), "2025-06", [])
        self.assertEqual(line(invoice, "fee"), <<FEE>>)


class TestDue(unittest.TestCase):
    def test_weekend(self):
        for when in ("2025-03-01", "2025-05-01", "2025-06-01"):
            self.assertLess(due_date(day(when)).weekday(), 5)

    def test_invoice(self):
        invoice = make_invoice(shop(), "2025-06", [])
        self.assertEqual(invoice.issued, date(2025, 7, 1))
        self.assertLess(invoice.due.weekday(), 5)
        self.assertLessEqual(invoice.issued + timedelta(days=<<DUE_DAYS>>), invoice.due)
"""
)

FILES["test_money.py"] = (
    HEAD
    + """\
from invoicing.money import round_cents, split


class TestRounding(unittest.TestCase):
    def test_up(self):
        self.assertEqual(round_cents(D("3.128")), D("3.13"))
        self.assertEqual(round_cents(D("3.1249")), D("3.12"))

    def test_changes_what_is_not_whole(self):
        self.assertNotEqual(round_cents(D("0.124")), D("0.124"))

    def test_negative(self):
        self.assertTrue(round_cents(D("-2.718")), D("-2.72"))

    def test_written_out(self):
        self.assertEqual([[written]], "7.50")


class TestSplit(support.Amounts):
    def test_sum(self):
        self.near(sum(split(D("25.00"), 7)), D("25.00"))

    def test_two(self):
        self.near(min(split(self.one, 2)), D("0.50"))


class TestInstalments(unittest.TestCase):
    def test_thirds(self):
        self.assertEqual([[thirds]])

    def test_differ_by_a_cent_at_most(self):
        parts = split(D("40.05"), 4)
        self.assertTrue({{all-parts}}abs(part - parts[0]) <= D("0.01") for part in parts{{end-parts}})

    def test_none(self):
        with self.assertRaises((TypeError, ValueError)):
            split(D("10.00"), {{parts}}=0)

    def test_examples(self):
        for case in cases("split"):
            with self.subTest(amount=case["amount"]):
                found = split(D(case["amount"]), case["parts"])
                self.assertEqual(sorted(found), [D(part) for part in case["found"]])

    def test_into_one(self):
        for found, wanted in zip(split(D("9.99"), 1), [D("9.99")]):
            self.assertEqual(found, wanted)
"""
)

FILES["test_usage.py"] = (
    HEAD
    + """\
from invoicing.usage import allowance, surcharge, usage_charge

WEIGHTS = (D(3), <<HEAVY + 1>>, <<BULKY + 1>>)


def scale():
    raise RuntimeError("no scale is connected")


def list_price(weights):
    return {<<HEAVY + 1>>: <<HEAVY_PRICE>>, <<BULKY + 1>>: <<BULKY_PRICE>>}.get(weights[0], D(0))


class TestAllowance(unittest.TestCase):
    def test_whole(self):
        self.assertEqual(allowance(30, 30), <<ALLOWANCE>>)

    def test_part(self):
        self.assertLessEqual(allowance(15, 30), <<ALLOWANCE>>)


class TestPrices(unittest.TestCase):
    def test_first_step_to_its_end(self):
        self.assertEqual(usage_charge(<<FIRST - 20>>), <<usage_charge(FIRST - 20)>>)

    def test_second_step(self):
        self.assertEqual(usage_charge(<<SECOND - 21>>) - usage_charge(<<SECOND - 31>>), <<10 * PRICE2>>)


class TestScale(unittest.TestCase):
    def setUp(self):
        stand_in = {"scale": lambda: [WEIGHTS[1]], {{patch-scale}}: list_price}
        self.enterContext(mock.patch.multiple(__name__, **stand_in))

    def test_heavy(self):
        self.assertEqual(surcharge(scale()), list_price([WEIGHTS[1]]))


class TestSurcharge(unittest.TestCase):
    def test_light(self):
        self.assertEqual(surcharge([D(1), D("2.5")]), 0)

    def test_together(self):
        self.assertEqual(surcharge(WEIGHTS), <<HEAVY_PRICE + BULKY_PRICE>>)

    def test_no_parcels(self):
        fee = surcharge([])
        if fee:
            self.assertEqual(fee, D("0.00"))


class {{class-prices}}(unittest.TestCase):
    def test_nothing(self):
        self.assertEqual(usage_charge(0), 0)

    def test_negative(self):
        with self.assertRaises((TypeError, ValueError)):
            usage_charge({{units}}=-1)

    def test_grows(self):
        sizes = {{map-sizes}}(int, "5 35 70 200".split()){{end-sizes}}
        found = [usage_charge(size) for size in sizes]
        for size, before, after in zip(sizes, found, found[1:]):
            self.assertLess(before, after, size)

    def test_by_hand(self):
        self.assertEqual(usage_charge(<<FIRST - 15>>), support.by_hand("charge", <<FIRST - 15>>))

    def test_rates(self):
        [[rates]]
        self.assertEqual(usage_charge(1000) - usage_charge(990), <<10 * PRICE3>>)
"""
)

FILES["test_discounts.py"] = (
    HEAD
    + """\
from invoicing.discounts import volume_discount
from invoicing.engine import make_invoice


class TestDiscount(unittest.TestCase):
    def test_small(self):
        self.assertEqual(volume_discount(<<MEDIUM - 10>>), 0)

    def test_medium(self):
        discount = volume_discount(<<MEDIUM + 4>>)
        self.assertTrue({{or-discount}})

    def test_by_hand(self):
        self.assertEqual(volume_discount(<<LARGE + D("8.13")>>), support.by_hand("discount", <<LARGE + D("8.13")>>))

    def test_never_more_than_the_charge(self):
        self.assertLessEqual(volume_discount(D("80.00")), D("80.00"))


class TestDiscountOnInvoice(unittest.TestCase):
    def test_line(self):
        [[patched]]

    def test_not_without_usage(self):
        invoice = make_invoice(shop(), "2025-02", parcels("2025-02", 5))
        for found in invoice.lines:
            if found.kind == "discount":
                self.fail("a discount on nothing")
"""
)
