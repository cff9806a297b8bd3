"""The package as the user has it, but right; `_green_for_wrong_reason_bugs` has what is put into it.

``@NAME@`` stands for a figure of the seed (`_green_for_wrong_reason_rates`).
"""

SOURCES = {}
"""Path below src/ → the text that keeps the rules."""

SOURCES["periods.py"] = '''\
"""Months, the days a contract is served in them, and due dates."""

import calendar
import re
from datetime import date, timedelta

DUE_DAYS = @DUE_DAYS@


def month_days(month: str) -> tuple[date, date]:
    """Return the first and the last day of a month written as 2025-02."""
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}", month):
        raise ValueError(f"not a month: {month}")
    first = date(int(month[:4]), int(month[5:]), 1)
    return first, first.replace(day=calendar.monthrange(first.year, first.month)[1])


def days_served(month: str, start: date, end: date | None) -> int:
    """Return on how many days of the month a contract is served."""
    first, last = month_days(month)
    begins = max(first, start)
    ends = last if end is None else min(last, end)
    return max(0, (ends - begins).days + 1)


def due_date(issued: date) -> date:
    """Return the day by which an invoice is to be paid."""
    due = issued + timedelta(days=DUE_DAYS)
    if due.weekday() >= 5:
        due += timedelta(days=7 - due.weekday())
    return due
'''

SOURCES["invoicing/__init__.py"] = '"""Invoices for the shops that ship with us."""\n'

SOURCES["invoicing/rates.py"] = '''\
"""The figures of billing-rules.md."""

from datetime import date
from decimal import Decimal

FEE = Decimal("@FEE@")
ALLOWANCE = @ALLOWANCE@
FIRST, SECOND = @FIRST@, @SECOND@
PRICES = (Decimal("@PRICE1@"), Decimal("@PRICE2@"), Decimal("@PRICE3@"))
HEAVY, HEAVY_PRICE = Decimal("@HEAVY@"), Decimal("@HEAVY_PRICE@")
BULKY, BULKY_PRICE = Decimal("@BULKY@"), Decimal("@BULKY_PRICE@")
DISCOUNTS = ((Decimal("@LARGE@"), Decimal("@LARGE_RATE@")), (Decimal("@MEDIUM@"), Decimal("@MEDIUM_RATE@")))
MINIMUM = Decimal("@MINIMUM@")
VAT, VAT_NEW = Decimal("@VAT@"), Decimal("@VAT_NEW@")
VAT_CHANGE = date.fromisoformat("@VAT_CHANGE@")
GOODWILL = Decimal("@GOODWILL@")
GRACE = @GRACE@
LATE, LATE_LEAST, LATE_FROM = Decimal("@LATE@"), Decimal("@LATE_LEAST@"), Decimal("@LATE_FROM@")
'''

SOURCES["invoicing/model.py"] = '''\
"""What goes into an invoice, and the invoice."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal


class BillingError(ValueError):
    """An input that cannot be billed."""


@dataclass(frozen=True)
class Contract:
    customer: str
    start: date
    end: date | None = None
    exempt: bool = False


@dataclass(frozen=True)
class Parcel:
    number: str
    day: date
    weight: Decimal


@dataclass(frozen=True)
class Credit:
    number: str
    granted: date
    amount: Decimal
    expires: date | None = None
    goodwill: bool = False


@dataclass
class Line:
    kind: str
    amount: Decimal


@dataclass
class Invoice:
    customer: str
    month: str
    exempt: bool
    lines: Sequence[Line]
    net: Decimal
    vat: Decimal
    gross: Decimal
    payable: Decimal
    average: Decimal
    issued: date
    due: date
    credits: dict[str, Decimal] = field(default_factory=dict)

    def settled(self) -> bool:
        """Return whether nothing is left to pay."""
        return self.payable == 0
'''

SOURCES["invoicing/money.py"] = '''\
"""Whole cents."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from invoicing.model import BillingError

CENT = Decimal("0.01")


def round_cents(amount: Decimal) -> Decimal:
    """Return the amount in whole cents, half a cent away from zero."""
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


def split(amount: Decimal, parts: int) -> Sequence[Decimal]:
    """Return the instalments of an amount."""
    if parts < 1:
        raise BillingError(f"cannot split into {parts} parts")
    each, odd = divmod(int(amount / CENT), parts)
    return [(each + (number < odd)) * CENT for number in range(parts)]
'''

SOURCES["invoicing/usage.py"] = '''\
"""What parcels cost."""

from collections.abc import Sequence
from decimal import Decimal

from invoicing import rates
from invoicing.model import BillingError
from invoicing.money import round_cents


def allowance(served: int, days: int) -> int:
    """Return how many parcels are free in a month of so many days, so many of them served."""
    return rates.ALLOWANCE * served // days


def usage_charge(units: int) -> Decimal:
    """Return the price of so many parcels beyond the allowance."""
    if units < 0:
        raise BillingError(f"{units} parcels")
    first = min(units, rates.FIRST)
    second = min(units, rates.SECOND) - first
    counts = (first, second, units - first - second)
    return round_cents(sum((count * price for count, price in zip(counts, rates.PRICES)), Decimal(0)))


def surcharge(weights: Sequence[Decimal]) -> Decimal:
    """Return what heavy parcels cost on top."""
    total = Decimal(0)
    for weight in weights:
        if weight >= rates.BULKY:
            total += rates.BULKY_PRICE
        elif weight > rates.HEAVY:
            total += rates.HEAVY_PRICE
    return total
'''

SOURCES["invoicing/discounts.py"] = '''\
"""The discount for those who send much."""

from decimal import Decimal

from invoicing import rates
from invoicing.money import round_cents


def volume_discount(charge: Decimal) -> Decimal:
    """Return the discount on a usage charge, as an amount of at least 0."""
    for least, percent in rates.DISCOUNTS:
        if charge >= least:
            return round_cents(charge * percent / 100)
    return Decimal("0.00")
'''

SOURCES["invoicing/credits.py"] = '''\
"""Paying from credits."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from invoicing import rates
from invoicing.model import Credit
from invoicing.money import round_cents


def use_credits(gross: Decimal, credits: Sequence[Credit], issued: date) -> dict[str, Decimal]:
    """Return what each credit pays of an invoice; those that pay nothing are left out."""
    usable = [
        credit
        for credit in credits
        if credit.granted <= issued and (credit.expires is None or issued <= credit.expires)
    ]
    left = gross
    kindness = round_cents(gross * rates.GOODWILL / 100)
    used = {}
    for credit in sorted(usable, key=lambda credit: (credit.granted, credit.number)):
        amount = min(credit.amount, left, kindness) if credit.goodwill else min(credit.amount, left)
        if credit.goodwill:
            kindness -= amount
        if amount > 0:
            used[credit.number] = amount
            left -= amount
    return used
'''

SOURCES["invoicing/dunning.py"] = '''\
"""Fees for late payment."""

from datetime import date, timedelta
from decimal import Decimal

from invoicing import rates
from invoicing.money import round_cents


def late_fee(open_amount: Decimal, due: date, paid: date) -> Decimal:
    """Return the fee for paying an open amount so late."""
    if paid <= due + timedelta(days=rates.GRACE) or open_amount < rates.LATE_FROM:
        return Decimal("0.00")
    begun = -(-(paid - due).days // 30)
    return max(rates.LATE_LEAST, round_cents(open_amount * rates.LATE * begun / 100))
'''

SOURCES["invoicing/engine.py"] = '''\
"""A month's invoice."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

import periods

from invoicing import rates
from invoicing.credits import use_credits
from invoicing.discounts import volume_discount
from invoicing.model import BillingError, Contract, Credit, Invoice, Line, Parcel
from invoicing.money import round_cents
from invoicing.usage import allowance, surcharge, usage_charge


def make_invoice(
    contract: Contract, month: str, parcels: Sequence[Parcel], credits: Sequence[Credit] = ()
) -> Invoice:
    """Return the invoice of a contract for a month."""
    first, last = _month(month)
    served = periods.days_served(month, contract.start, contract.end)
    if (contract.end is not None and contract.end < contract.start) or not served:
        raise BillingError(f"{contract.customer}: not served in {month}")
    begins = max(first, contract.start)
    ends = last if contract.end is None else min(last, contract.end)
    days = (last - first).days + 1
    kept = _counted(parcels, begins, ends)
    units = max(0, len(kept) - allowance(served, days))
    fee, usage = round_cents(rates.FEE * served / days), usage_charge(units)
    leaves = contract.end is not None and first <= contract.end <= last
    discount = Decimal(0) if leaves else volume_discount(usage)
    heavy = surcharge([parcel.weight for parcel in kept])
    least = round_cents(rates.MINIMUM * served / days)
    amounts = {
        "fee": fee,
        "usage": usage,
        "discount": -discount,
        "heavy": heavy,
        "minimum": max(Decimal(0), least - (fee + usage - discount)),
    }
    lines = [Line(kind, amount) for kind, amount in amounts.items() if amount]
    net = sum((line.amount for line in lines), Decimal(0))
    percent = _vat_rate(ends)
    vat = Decimal("0.00") if contract.exempt else round_cents(net * percent / 100)
    gross, issued = net + vat, last + timedelta(days=1)
    used = use_credits(gross, credits, issued)
    return Invoice(
        customer=contract.customer,
        month=month,
        exempt=contract.exempt,
        lines=lines,
        net=net,
        vat=vat,
        gross=gross,
        payable=gross - sum(used.values()),
        average=(usage / units).quantize(Decimal("0.001")) if units else Decimal(0),
        issued=issued,
        due=periods.due_date(issued),
        credits=used,
    )


def _month(month: str) -> tuple[date, date]:
    try:
        return periods.month_days(month)
    except ValueError as error:
        raise BillingError(f"unknown month {month!r}") from error


def _counted(parcels: Sequence[Parcel], begins: date, ends: date) -> list[Parcel]:
    """Return the parcels that count, each number once."""
    inside = [parcel for parcel in parcels if begins <= parcel.day <= ends]
    return list({parcel.number: parcel for parcel in sorted(inside, key=lambda parcel: parcel.weight)}.values())


def _vat_rate(day: date) -> Decimal:
    return rates.VAT_NEW if day >= rates.VAT_CHANGE else rates.VAT
'''
