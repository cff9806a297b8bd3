"""The names of inputs and outputs, dates as serial numbers, and rounding."""

from __future__ import annotations

import functools
import math
from calendar import monthrange
from datetime import date, timedelta

MONTHS, YEARS = 36, 4
TABLES = {
    "product_launch": 3,
    "product_units": 3,
    "product_growth": 3,
    "product_price": 3,
    "product_cost": 3,
    "tier_above": 4,
    "tier_rebate": 4,
    "staff_start": 10,
    "staff_end": 10,
    "staff_salary": 10,
}
"""Names of columns of inputs, and their number of cells."""
FILES = {
    "products.csv": ("product", ("launch", "units", "growth", "price", "cost")),
    "tiers.csv": ("tier", ("above", "rebate")),
    "staff.csv": ("person", ("start", "end", "salary")),
}
"""File → the column that tells its rows apart, the columns that are inputs."""
TERMS = (
    "open_date",
    "fy_end_month",
    "price_rise",
    "raise_month",
    "raise_rate",
    "raise_wait",
    "social_rate",
    "social_cap",
    "rent",
    "rent_rise",
    "loan_amount",
    "loan_rate",
    "loan_grace",
    "loan_pay",
    "loan_extra",
    "loan_extra_date",
    "cash_open",
    "collect_now",
    "collect_lag",
    "od_rate",
    "od_limit",
    "od_extra",
    "tax_rate",
    "tax_delay",
    "loss_brought",
    "loss_years",
    "loss_base",
    "loss_share",
)
"""Names of single inputs."""
DATES = ("open_date", "loan_extra_date", "product_launch", "staff_start", "staff_end")
SIZES = {**dict.fromkeys(TERMS, 1), **TABLES}
"""Input → number of cells."""

MONTHLY = (
    "m_first",
    "m_units",
    "m_revenue",
    "m_goods",
    "m_pay",
    "m_social",
    "m_heads",
    "m_rent",
    "m_loan_interest",
    "m_loan",
    "m_od_interest",
    "m_cash",
    "m_tax",
)
YEARLY = (
    "fy_end",
    "fy_months",
    "fy_revenue",
    "fy_costs",
    "fy_interest",
    "fy_profit",
    "fy_loss_used",
    "fy_loss_left",
    "fy_tax",
    "fy_net",
)
KEYS = ("low_cash", "low_month", "loan_end", "steady_month")
OUTPUTS = {**dict.fromkeys(MONTHLY, MONTHS), **dict.fromkeys(YEARLY, YEARS), **dict.fromkeys(KEYS, 1)}
"""Output → number of cells."""
SHEETS = {**dict.fromkeys(SIZES, "Inputs"), **dict.fromkeys(MONTHLY, "Months")}
SHEETS |= dict.fromkeys(YEARLY + KEYS, "PnL")
"""Name → the sheet that its cells lie on."""

Inputs = dict[str, list[float | None]]
Rows = dict[str, list[float]]

_EPOCH = date(1899, 12, 30)


@functools.lru_cache(maxsize=10_000)
def serial(year: int, month: int, day: int) -> int:
    """Return the serial number of a date; months beyond 1 to 12 run into other years."""
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    return (date(year, month, 1) - _EPOCH).days + day - 1


@functools.lru_cache(maxsize=10_000)
def as_date(number: float) -> date:
    """Return the date of a serial number."""
    return _EPOCH + timedelta(days=int(number))


@functools.lru_cache(maxsize=10_000)
def shifted(number: float, months: int) -> int:
    """Return the date so many months on; the last day of the month where it is too short."""
    day = as_date(number)
    total = day.year * 12 + day.month - 1 + months
    year, month = divmod(total, 12)
    return serial(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def rounded(value: float, digits: int = 0) -> float:
    """Return a number rounded, halves away from zero; what floats cannot tell from a half is one."""
    scale = 10**digits
    size = abs(value) * scale
    return math.copysign(math.floor(size + 0.5 + size * 2e-15 + 1e-12) / scale, value)
