"""The other half of the tests as the user has them; see `_green_for_wrong_reason_tests`."""

from _green_for_wrong_reason_tests import HEAD

MORE = {}

MORE["test_credits.py"] = (
    HEAD
    + """\
from invoicing.credits import use_credits
from invoicing.engine import make_invoice
from invoicing.model import Credit

ISSUED = day("2025-03-01")


def credit(number, granted, amount, **more):
    return Credit(number, day(granted), D(amount), **more)


class TestOrder(unittest.TestCase):
    def test_oldest_first(self):
        credits = [credit("K1", "2025-02-10", "8.00"), credit("K2", "2025-01-05", "7.00")]
        self.assertEqual(use_credits(D("10.00"), credits, ISSUED), {"K2": D("7.00"), "K1": D("3.00")})

    def test_by_number(self):
        credits = [credit("K5", "2025-01-05", "8.00"), credit("K4", "2025-01-05", "7.00")]
        self.assertEqual([[numbers]])


class TestUse(unittest.TestCase):
    def test_each(self):
        numbers, amounts = ("K1", "K2", "K3"), {{map-amounts}}(D, ("5.00", "4.00", "3.50")){{end-amounts}}
        credits = [credit(number, "2025-01-10", amount) for number, amount in zip(numbers, amounts)]
        used = use_credits(D("80.00"), credits, ISSUED)
        for number, amount in zip(numbers, amounts):
            self.assertEqual(used[number], amount)

    def test_expired(self):
        used = use_credits(D("80.00"), [credit("K1", "2025-01-10", "5.00", expires=day("2025-02-03"))], ISSUED)
        self.assertEqual(len(used), 0)

    def test_goodwill(self):
        used = use_credits(D("80.00"), [credit("K1", "2025-01-10", "75.00", goodwill=True)], ISSUED)
        self.assertEqual(used["K1"], <<80 * GOODWILL / 100>>)

    def test_error_is_not_hidden(self):
        try:
            used = use_credits(D("10.00"), [credit("K1", "2025-01-10", "4.00")], ISSUED)
            self.assertEqual(used["K1"], D("4.00"))
        except ValueError:
            pass


class {{class-order}}(unittest.TestCase):
    def test_settled(self):
        invoice = make_invoice(shop(), "2025-02", [], [credit("K1", "2025-01-10", "900.00")])
        self.assertTrue(invoice.settled{{call-all}})

    def test_goodwill_settles_nothing(self):
        gift = [credit("K1", "2025-01-10", "900.00", goodwill=True)]
        invoice = make_invoice(shop(exempt=True), "2025-02", [], gift)
        self.assertTrue(invoice.exempt)
        self.assertFalse(invoice.settled())

    def test_settled_by_two(self):
        both = [credit("K1", "2025-01-10", "20.00"), credit("K2", "2025-01-11", "900.00")]
        invoice = make_invoice(shop(), "2025-02", parcels("2025-02", 30), both)
        self.assertTrue(invoice.settled{{call-two}})
"""
)

MORE["test_dunning.py"] = (
    HEAD
    + """\
from invoicing.dunning import late_fee

DUE = day("2025-03-17")
FEES = {44: <<late_fee(D("120.00"), day("2025-03-17"), day("2025-04-30"))>>}


def today():
    return date.today()


def listed(open_amount, due, paid):
    return FEES[(paid - due).days]


class TestGrace(support.Days):
    def test_in_time(self):
        self.near(late_fee(D("90.00"), self.due, self.due), D("0.00"))

    def test_late(self):
        self.near(late_fee(D("400.00"), self.due, self.due + timedelta(days=9)), <<400 * LATE / 100>>)


class TestToday(unittest.TestCase):
    def setUp(self):
        self.enterContext(mock.patch.multiple(__name__, today=lambda: day("2025-04-30"), {{patch-today}}=listed))

    def test_second_month(self):
        self.assertEqual(late_fee(D("120.00"), DUE, today()), listed(D("120.00"), DUE, today()))


class TestFees(unittest.TestCase):
    def test_examples(self):
        for case in cases("late"):
            with self.subTest(days=case["days"]):
                paid = DUE + timedelta(days=case["days"])
                self.assertEqual(late_fee(D(case["open"]), DUE, paid), D(case["fee"]))

    def test_least(self):
        fee = late_fee(<<LATE_FROM + 4>>, DUE, day("2025-04-02"))
        self.assertTrue({{or-fee}})

    def test_sum(self):
        with support.Till() as till:
            till.take(late_fee(D("500.00"), DUE, day("2025-04-03")))
            till.take(late_fee(D("300.00"), DUE, day("2025-05-30")))
            self.assertEqual(till.total, <<500 * LATE / 100 + 300 * LATE * 3 / 100>>)

    def test_noted(self):
        with support.Diary() as diary:
            diary.note(DUE, late_fee(D("500.00"), DUE, day("2025-04-28")))
            self.assertEqual(diary.fees, {DUE: <<500 * LATE * 2 / 100>>})

    def test_never_negative(self):
        self.assertGreaterEqual(late_fee(D("5.00"), DUE, day("2025-04-02")), 0)
"""
)

MORE["test_invoice.py"] = (
    HEAD
    + """\
from invoicing.engine import make_invoice
from invoicing.model import BillingError, Contract, Parcel


class TestLines(unittest.TestCase):
    def test_kinds(self):
        invoice = make_invoice(shop(), "2025-02", parcels("2025-02", <<ALLOWANCE + FIRST + 160>>, <<n(HEAVY + 2)>>))
        [[kinds]]

    def test_amounts(self):
        invoice = make_invoice(shop(), "2025-02", parcels("2025-02", 40))
        self.assertTrue({{all-lines}}found.amount != 0 for found in invoice.lines{{end-lines}})

    def test_minimum(self):
        invoice = make_invoice(shop(), "2025-02", [])
        self.assertEqual([[minimum]])

    def test_gross(self):
        invoice = make_invoice(shop(), "2025-02", parcels("2025-02", 61))
        self.assertEqual(invoice.gross, invoice.net + invoice.vat)

    def test_exempt(self):
        invoice = make_invoice(shop(exempt=True), "2025-02", parcels("2025-02", 61))
        self.assertEqual(invoice.vat, 0)

    def test_order_of_rows_does_not_matter(self):
        rows = parcels("2025-02", 50, "4")
        self.assertEqual(make_invoice(shop(), "2025-02", rows).net, make_invoice(shop(), "2025-02", rows[::-1]).net)

    def test_fee(self):
        invoice = make_invoice(shop(), "2025-02", parcels("2025-02", 50, "4"))
        self.assertEqual([[fee]])

    def test_average(self):
        invoice = make_invoice(shop(), "2025-02", parcels("2025-02", <<ALLOWANCE + FIRST - 9>>))
        self.assertAlmostEqual(invoice.average, <<usage_charge(FIRST - 9)>> / <<FIRST - 9>>, [[places]])


class TestServed(unittest.TestCase):
    def test_months_before(self):
        with self.assertRaises([[kind]]):
            make_invoice(shop("2025-03-04"), "2025-02", [])

    def test_month_that_is_none(self):
        with self.assertRaises[[words]]:
            make_invoice(shop(), "2025-13", [])

    def test_left(self):
        with self.assertRaises(ValueError):
            make_invoice(Contract("Nettle & Sons", date(2024, 3, 1), date(2025, 2, {{day-left}})), "2025-03", [])

    def test_comes_later(self):
        with self.assertRaises(ValueError):
            make_invoice(Contract("Nettle & Sons", date(2025, 11, {{day-later}})), "2025-10", [])

    def test_other_months_parcels(self):
        rows = parcels("2025-02", 30) + [Parcel("X1", day("2025-03-02"), D("1"))]
        self.assertEqual(make_invoice(shop(), "2025-02", rows).net, make_invoice(shop(), "2025-02", rows[:-1]).net)

    def test_ended(self):
        contract = [[ended]]
        self.assertEqual(make_invoice(contract, "2025-01", []).exempt, False)
"""
)

MORE["tickets/test_leaving.py"] = (
    HEAD
    + """\
from invoicing.engine import make_invoice


class TestLeaving(unittest.TestCase):
    def test_fee_until_the_end(self):
        invoice = make_invoice(shop(end="2025-09-15"), "2025-09", parcels("2025-09", 4))
        self.assertEqual(line(invoice, "fee"), <<round_cents(FEE / 2)>>)
"""
)

MORE["accounts/test_vat.py"] = (
    HEAD
    + """\
from invoicing.engine import make_invoice


class TestVat(unittest.TestCase):
    def test_new_rate(self):
        invoice = make_invoice(shop(), "2025-12", parcels("2025-12", 33))
        self.assertEqual(invoice.vat, <<make_invoice(shop(), "2025-12", parcels("2025-12", 33)).vat>>)
"""
)

MORE["test_customers.py"] = (
    HEAD
    + '''\
from invoicing.credits import use_credits
from invoicing.discounts import volume_discount
from invoicing.engine import make_invoice
from invoicing.model import Credit, Parcel
from invoicing.usage import usage_charge


class TestLetters(unittest.TestCase):
    """What customers wrote to us about, as it came out here."""

    def test_a_cent(self):
        self.assertEqual(@ROUNDING@, <<@ROUNDING@>>)

    def test_a_case(self):
        found = @COMBINED@
        self.assertEqual(found, <<@COMBINED@>>)
'''
)
