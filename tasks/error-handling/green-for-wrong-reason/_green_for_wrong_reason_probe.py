"""Asks a package: a case is an expression over its public names. Runs in the sandbox too, beside the agent's code."""

from datetime import date, timedelta
from decimal import Decimal

PUBLIC = {
    "periods": ["month_days", "days_served", "due_date"],
    "invoicing.money": ["round_cents", "split"],
    "invoicing.usage": ["allowance", "usage_charge", "surcharge"],
    "invoicing.discounts": ["volume_discount"],
    "invoicing.credits": ["use_credits"],
    "invoicing.dunning": ["late_fee"],
    "invoicing.engine": ["make_invoice"],
    "invoicing.model": ["Contract", "Parcel", "Credit"],
}
"""Module → the names that billing-rules.md lists with a signature."""
_PLAIN = (
    "customer",
    "month",
    "exempt",
    "net",
    "vat",
    "gross",
    "payable",
    "average",
    "issued",
    "due",
    "credits",
)


def names(module) -> dict:
    """Return what cases are evaluated in; ``module`` gives a module by its name."""
    space = {name: getattr(module(path), name) for path, listed in PUBLIC.items() for name in listed}
    contract, parcel = space["Contract"], space["Parcel"]

    def shop(start, end, exempt=False):
        return contract("Wren & Co", day(start or "2024-03-01"), day(end) if end else None, exempt)

    def rows(month, count, more=()):
        first = date.fromisoformat(f"{month}-01")
        listed = [(f"P{n:03}", n * 7 % 37 - 2, "2.5") for n in range(count)]
        return [
            parcel(number, first + timedelta(days=at - 1), Decimal(weight))
            for number, at, weight in [*listed, *more]
        ]

    def inside(month, count, weight="2.5"):
        return rows(month, 0, [(f"Q{n}", n % 28 + 1, weight) for n in range(count)])

    space |= {"D": Decimal, "date": date, "day": day, "timedelta": timedelta, "view": view, "sorted": sorted}
    return space | {"shop": shop, "rows": rows, "inside": inside}


def day(text: str) -> date:
    """Return a date."""
    return date.fromisoformat(text)


def view(invoice) -> dict:
    """Return an invoice as a mapping, its lines by kind."""
    kinds = [line.kind for line in invoice.lines]
    lines = {line.kind: line.amount for line in invoice.lines}
    found = {name: getattr(invoice, name) for name in _PLAIN}
    return found | {"lines": lines, "single": len(kinds) == len(lines), "settled": invoice.settled()}


def answer(case: str, space: dict):
    """Return the value of a case, as JSON can hold it; numbers are texts."""
    try:
        return shown(eval(case, dict(space)))
    except ValueError:
        return "refused"
    except Exception as error:
        return f"error: {type(error).__name__}: {error}"[:200]


def shown(value):
    """Return a value as JSON can hold it; equal amounts are shown alike."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, (int, Decimal)):
        return format(Decimal(value).normalize() + 0, "f") if Decimal(value).is_finite() else str(value)
    if isinstance(value, dict):
        return {str(key): shown(one) for key, one in sorted(value.items())}
    if isinstance(value, (list, tuple)):
        return [shown(one) for one in value]
    return str(value)
