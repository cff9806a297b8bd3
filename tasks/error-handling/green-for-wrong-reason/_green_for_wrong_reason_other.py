"""Another package that keeps the rules, unlike the given one in all they leave open, and what can be broken in it.

Lines come in another order and as a tuple, mappings backwards, amounts without trailing zeros; the odd cents go to the
last instalments; refusals are of another kind with other words; invoices cannot be compared; `average` is off by what
is allowed; functions call each other elsewhere; no module or name is there that the rules do not list.
"""

SOURCES = {}

SOURCES["periods.py"] = """\
from datetime import date, timedelta


class Refused(ValueError):
    pass


def month_days(month: str) -> tuple[date, date]:
    if len(month) != 7 or month[4] != "-" or not (month[:4] + month[5:]).isdecimal():
        raise Refused
    if not 1 <= int(month[5:]) <= 12:
        raise Refused
    begins = date.fromisoformat(month + "-01")
    later = begins + timedelta(days=31)
    return begins, later - timedelta(days=later.day)


def days_served(month: str, start: date, end: date | None) -> int:
    first, last = month_days(month)
    days = [first.replace(day=number) for number in range(1, last.day + 1)]
    return len([day for day in days if start <= day and (end is None or day <= end)])


def due_date(issued: date) -> date:
    day = issued + timedelta(days=@DUE_DAYS@)
    while day.isoweekday() in (6, 7):
        day += timedelta(days=1)
    return day
"""

SOURCES["invoicing/__init__.py"] = ""

SOURCES["invoicing/model.py"] = """\
from collections import namedtuple
from datetime import date
from decimal import Decimal


class BillingError(ValueError):
    def __str__(self):
        return "refused"


class Contract:
    def __init__(self, customer: str, start: date, end: date | None = None, exempt: bool = False):
        self.customer, self.start, self.end, self.exempt = customer, start, end, exempt


class Parcel:
    def __init__(self, number: str, day: date, weight: Decimal):
        self.number, self.day, self.weight = number, day, weight


class Credit:
    def __init__(
        self,
        number: str,
        granted: date,
        amount: Decimal,
        expires: date | None = None,
        goodwill: bool = False,
    ):
        self.number, self.granted, self.amount = number, granted, amount
        self.expires, self.goodwill = expires, goodwill


class Line:
    __slots__ = ("_of",)

    def __init__(self, kind: str, amount: Decimal):
        self._of = kind, amount

    kind = property(lambda self: self._of[0])
    amount = property(lambda self: self._of[1])


_Fields = namedtuple(
    "_Fields", "customer month exempt lines net vat gross payable average issued due credits"
)


class Invoice:
    __slots__ = ("_fields",)

    def __init__(self, fields: _Fields):
        self._fields = fields

    def __getattr__(self, name):
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(self._fields, name)

    def settled(self) -> bool:
        return not self._fields.payable
"""

SOURCES["invoicing/money.py"] = """\
from collections.abc import Sequence
from decimal import Decimal

HALF = Decimal("0.5")


def round_cents(amount: Decimal) -> Decimal:
    cents, rest = divmod(abs(amount) * 100, 1)
    cents += rest >= HALF
    return (cents / 100 if amount > 0 else -cents / 100).normalize()


def split(amount: Decimal, parts: int) -> Sequence[Decimal]:
    if parts < 1:
        raise ValueError
    cents = int(amount * 100)
    return tuple(Decimal((cents + number) // parts) / 100 for number in range(parts))
"""

SOURCES["invoicing/usage.py"] = """\
from collections.abc import Sequence
from decimal import Decimal

from . import money


def allowance(served: int, days: int) -> int:
    return int(@ALLOWANCE@ * served / days)


def usage_charge(units: int) -> Decimal:
    if units < 0:
        raise ValueError
    price = units * Decimal("@PRICE3@")
    price += min(units, @SECOND@) * (Decimal("@PRICE2@") - Decimal("@PRICE3@"))
    price += min(units, @FIRST@) * (Decimal("@PRICE1@") - Decimal("@PRICE2@"))
    return money.round_cents(price)


def surcharge(weights: Sequence[Decimal]) -> Decimal:
    bulky = sum(weight >= Decimal("@BULKY@") for weight in weights)
    heavy = sum(weight > Decimal("@HEAVY@") for weight in weights) - bulky
    return bulky * Decimal("@BULKY_PRICE@") + heavy * Decimal("@HEAVY_PRICE@")
"""

SOURCES["invoicing/discounts.py"] = """\
from decimal import Decimal

from . import money


def volume_discount(charge: Decimal) -> Decimal:
    percent = Decimal(0)
    if charge >= Decimal("@MEDIUM@"):
        percent = Decimal("@MEDIUM_RATE@")
    if charge >= Decimal("@LARGE@"):
        percent = Decimal("@LARGE_RATE@")
    return money.round_cents(charge * percent / 100)
"""

SOURCES["invoicing/credits.py"] = """\
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from . import model, money


def use_credits(gross: Decimal, credits: Sequence[model.Credit], issued: date) -> dict[str, Decimal]:
    kind_limit = money.round_cents(gross * Decimal("@GOODWILL@") / 100)
    paid: list[tuple[str, Decimal]] = []
    total = kind = Decimal(0)
    for credit in sorted(credits, key=lambda credit: (credit.granted, credit.number)):
        if credit.granted > issued:
            continue
        if credit.expires and credit.expires < issued:
            continue
        amount = min(credit.amount, gross - total)
        if credit.goodwill:
            amount = min(amount, kind_limit - kind)
            kind += amount
        total += amount
        if amount:
            paid.append((credit.number, amount))
    return dict(reversed(paid))
"""

SOURCES["invoicing/dunning.py"] = """\
from datetime import date
from decimal import Decimal

from . import money


def late_fee(open_amount: Decimal, due: date, paid: date) -> Decimal:
    late = (paid - due).days
    if late <= @GRACE@:
        return Decimal()
    if open_amount < Decimal("@LATE_FROM@"):
        return Decimal()
    blocks = (late + 29) // 30
    fee = money.round_cents(open_amount * blocks * Decimal("@LATE@") / 100)
    return fee if fee > Decimal("@LATE_LEAST@") else Decimal("@LATE_LEAST@")
"""

SOURCES["invoicing/engine.py"] = """\
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

import periods

from . import credits as _credits
from . import discounts, model, money
from . import usage as _usage


def make_invoice(
    contract: model.Contract,
    month: str,
    parcels: Sequence[model.Parcel],
    credits: Sequence[model.Credit] = (),
) -> model.Invoice:
    begins, ends = periods.month_days(month)
    served = periods.days_served(month, contract.start, contract.end)
    if served == 0:
        raise ValueError
    length = ends.day
    issued = ends + timedelta(days=1)
    leaving = contract.end is not None and contract.end <= ends
    ends = min(ends, contract.end or ends)
    begins = max(begins, contract.start)
    weights: dict[str, Decimal] = {}
    for parcel in parcels:
        if begins <= parcel.day <= ends:
            weights[parcel.number] = max(parcel.weight, weights.get(parcel.number, Decimal(0)))
    units = max(len(weights) - _usage.allowance(served, length), 0)
    fee = money.round_cents(Decimal("@FEE@") * served / length)
    charge = _usage.usage_charge(units)
    discount = discounts.volume_discount(charge) if not leaving else Decimal(0)
    least = money.round_cents(Decimal("@MINIMUM@") * served / length)
    heavy = _usage.surcharge(list(weights.values()))
    missing = least - fee - charge + discount
    found = [("minimum", missing if missing > 0 else Decimal(0)), ("heavy", heavy)]
    found += [("discount", -discount), ("usage", charge), ("fee", fee)]
    lines = tuple(model.Line(kind, amount.normalize()) for kind, amount in found if amount)
    net = sum((line.amount for line in lines), Decimal(0))
    percent = Decimal("@VAT_NEW@" if ends >= date.fromisoformat("@VAT_CHANGE@") else "@VAT@")
    vat = money.round_cents(net * percent / 100) if not contract.exempt else Decimal(0)
    gross = net + vat
    used = _credits.use_credits(gross, credits, issued)
    payable = gross - sum(used.values(), Decimal(0))
    average = charge / units + Decimal("0.0009") if units else Decimal(0)
    return model.Invoice(model._Fields(
        contract.customer, month, contract.exempt, lines, net, vat, gross, payable, average,
        issued, periods.due_date(issued), used,
    ))
"""

_E, _U, _C = "invoicing/engine.py", "invoicing/usage.py", "invoicing/credits.py"
_M, _D, _L = "invoicing/money.py", "invoicing/discounts.py", "invoicing/dunning.py"
_VAT_LINES = "sum((money.round_cents(line.amount * percent / 100) for line in lines), Decimal(0))"
_TIERS = (
    "    price = money.round_cents(min(units, @FIRST@) * Decimal('@PRICE1@'))\n"
    "    price += money.round_cents(max(min(units, @SECOND@) - @FIRST@, 0) * Decimal('@PRICE2@'))\n"
    "    price += money.round_cents(max(units - @SECOND@, 0) * Decimal('@PRICE3@'))\n"
    "    return price\n"
)
MUTANTS = {
    "bounds": {
        "first": (_U, "min(units, @FIRST@)", "min(units, @FIRST@ - 1)"),
        "second": (_U, "min(units, @SECOND@)", "min(units, @SECOND@ - 1)"),
        "second-late": (_U, "min(units, @SECOND@)", "min(units, @SECOND@ + 1)"),
        "heavy": (_U, 'weight > Decimal("@HEAVY@")', 'weight >= Decimal("@HEAVY@")'),
        "bulky": (_U, 'weight >= Decimal("@BULKY@")', 'weight > Decimal("@BULKY@")'),
        "medium": (_D, 'charge >= Decimal("@MEDIUM@")', 'charge > Decimal("@MEDIUM@")'),
        "large": (_D, 'charge >= Decimal("@LARGE@")', 'charge > Decimal("@LARGE@")'),
        "late-from": (_L, "open_amount < Dec", "open_amount <= Dec"),
        "least": (_L, "fee if fee > Dec", "fee if fee + 1 > Dec"),
    },
    "calendar": {
        "first-day": ("periods.py", "start <= day and", "start < day and"),
        "last-day": ("periods.py", "day <= end)", "day < end)"),
        "parcel-first": (_E, "begins <= parcel.day", "begins < parcel.day"),
        "parcel-last": (_E, "parcel.day <= ends", "parcel.day < ends"),
        "vat-change": (_E, "ends >= date", "ends > date"),
        "granted": (_C, "granted > issued", "granted >= issued"),
        "expires": (_C, "expires < issued", "expires <= issued"),
        "grace": (_L, "late <= @GRACE@", "late < @GRACE@"),
        "block": (_L, "(late + 29) // 30", "(late + 30) // 30"),
        "saturday": ("periods.py", "in (6, 7)", "in (7,)"),
        "sunday": ("periods.py", "in (6, 7)", "in (6,)"),
    },
    "rounding": {
        "even": (_M, "rest >= HALF", "rest > HALF or (rest == HALF and cents % 2)"),
        "negative": (_M, "rest >= HALF", "rest > HALF or (rest == HALF and amount > 0)"),
        "tiers": (_U, "    return money.round_cents(price)\n", _TIERS),
        "allowance": (_U, "int(@ALLOWANCE@ * served / days)", "round(@ALLOWANCE@ * served / days)"),
        "vat-lines": (_E, "money.round_cents(net * percent / 100)", _VAT_LINES),
        "goodwill": (
            _C,
            'money.round_cents(gross * Decimal("@GOODWILL@") / 100)',
            'int(gross * Decimal("@GOODWILL@")) / Decimal(100)',
        ),
        "discount": (_D, "money.round_cents(charge * percent / 100)", "int(charge * percent) / Decimal(100)"),
        "split": (_M, "(cents + number) // parts", "(cents + parts // 2) // parts"),
        "uneven": (
            _M,
            "(cents + number) // parts",
            "(cents // parts + (cents % parts if number == 0 else 0))",
        ),
        "late": (
            _L,
            'money.round_cents(open_amount * blocks * Decimal("@LATE@") / 100)',
            'blocks * money.round_cents(open_amount * Decimal("@LATE@") / 100)',
        ),
    },
    "combined": {
        "heavy-free": (
            _E,
            "_usage.surcharge(list(weights.values()))",
            "_usage.surcharge(sorted(weights.values())[len(weights) - units:])",
        ),
        "heavy-minimum": (_E, "least - fee - charge + discount", "least - fee - charge + discount - heavy"),
        "heavy-discount": (
            _E,
            "discounts.volume_discount(charge) if",
            "discounts.volume_discount(charge + _usage.surcharge(list(weights.values()))) if",
        ),
        "leaving": (_E, "if not leaving", "if True"),
        "leaving-last": (_E, "contract.end <= ends\n", "contract.end < ends\n"),
        "greatest": (_E, "max(parcel.weight, weights.get(parcel.number, Decimal(0)))", "parcel.weight"),
        "minimum-part": (
            _E,
            'money.round_cents(Decimal("@MINIMUM@") * served / length)',
            'Decimal("@MINIMUM@")',
        ),
        "minimum-discount": (_E, "least - fee - charge + discount", "least - fee - charge"),
        "vat-month": (
            _E,
            'Decimal("@VAT_NEW@" if ends >=',
            'Decimal("@VAT_NEW@" if issued - timedelta(days=1) >=',
        ),
        "goodwill-left": (
            _C,
            "amount = min(amount, kind_limit - kind)",
            'amount = min(amount, money.round_cents((gross - total) * Decimal("@GOODWILL@") / 100))',
        ),
        "goodwill-each": (_C, "amount = min(amount, kind_limit - kind)", "amount = min(amount, kind_limit)"),
        "order": (_C, "(credit.granted, credit.number)", "(credit.number, credit.granted)"),
        "same-day": (_C, "(credit.granted, credit.number)", "credit.granted"),
        "blocks-grace": (_L, "(late + 29) // 30", "(late - @GRACE@ + 29) // 30"),
    },
}
"""Group → name → (file, right text, wrong text): what a repaired suite has to notice."""
PINNED = (
    "heavy", "late-from", "expires", "granted", "negative", "goodwill", "same-day", "leaving-last", "minimum-discount",
)  # fmt: skip
"""What is broken on every seed; the rest of each group's `EACH` is drawn."""
EACH = 5
