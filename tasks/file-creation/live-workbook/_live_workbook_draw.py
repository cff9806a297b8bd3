"""Draws the given inputs, and the ten changes that the workbook is recalculated with."""

from __future__ import annotations

from random import Random

from _live_workbook_model import Inputs, as_date, serial

Change = dict[str, dict[int, float | None]]
"""Input → number of its cell, from 0 → the new value (None: emptied)."""


def draw_inputs(rng: Random) -> Inputs:
    """Draw the given inputs: opening on the first of a month, nobody paid for part of one, the loan never paid back."""
    year, month = rng.choice([2026, 2027]), rng.choice([2, 5, 8])
    opening = serial(year, month, 1)
    inputs: Inputs = {
        "product_launch": [serial(year, month, 1), serial(year, month + 4, 1), serial(year, month + 9, 15)],
        "product_units": [rng.randrange(480, 620), rng.randrange(300, 390), rng.randrange(160, 240)],
        "product_growth": [
            rng.choice([0.06, 0.07, 0.09]),
            rng.choice([0.11, 0.13]),
            rng.choice([0.22, 0.26]),
        ],
        "product_price": [_price(rng, 38, 44), _price(rng, 61, 68), _price(rng, 97, 109)],
        "product_cost": [_price(rng, 13, 15), _price(rng, 21, 24), _price(rng, 33, 37)],
        "tier_above": [0, rng.randrange(2000, 2400, 20), rng.randrange(4000, 4600, 20), 6000],
        "tier_rebate": [0, rng.choice([0.03, 0.04]), rng.choice([0.07, 0.08]), rng.choice([0.11, 0.12])],
        "staff_start": [serial(year, month + n, 1) for n in (-14, -3, 0, 0, 2, 5, 8)],
        "staff_end": [None] * 7,
        "staff_salary": [rng.randrange(36000, 71000, 300) for _ in range(7)],
    }
    inputs["staff_start"].append(serial(year, month + 16, 1))
    inputs["staff_end"].append(serial(year, month + 29, 1) - 1)
    inputs["staff_salary"].append(rng.randrange(40000, 60000, 300))
    for name in ("staff_start", "staff_end", "staff_salary"):
        inputs[name] += [None, None]
    terms = _terms(rng, year, month, opening)
    return inputs | {name: [value] for name, value in terms.items()}


def _price(rng: Random, low: int, high: int) -> float:
    return rng.randrange(low * 100, high * 100, 5) / 100


def _terms(rng: Random, year: int, month: int, opening: int) -> dict[str, float]:
    return {
        "open_date": opening,
        "fy_end_month": rng.choice([3, 6, 9, 12]),
        "price_rise": rng.choice([0.023, 0.027, 0.031]),
        "raise_month": rng.choice([1, 4, 7]),
        "raise_rate": rng.choice([0.024, 0.028, 0.032]),
        "raise_wait": rng.choice([6, 9]),
        "social_rate": rng.choice([0.205, 0.21, 0.215]),
        "social_cap": rng.randrange(56000, 62000, 600),
        "rent": rng.randrange(3200, 4400, 50),
        "rent_rise": rng.choice([0.02, 0.025, 0.03]),
        "loan_amount": rng.randrange(180, 220, 5) * 1000,
        "loan_rate": rng.choice([0.054, 0.06, 0.066]),
        "loan_grace": rng.choice([6, 9, 12]),
        "loan_pay": rng.randrange(4200, 5200, 100),
        "loan_extra": rng.randrange(10, 18) * 1000,
        "loan_extra_date": serial(year, month + 20, 18),
        "cash_open": rng.randrange(20, 35) * 1000,
        "collect_now": rng.choice([0.35, 0.4, 0.45]),
        "collect_lag": rng.choice([1, 2]),
        "od_rate": rng.choice([0.084, 0.09, 0.096]),
        "od_limit": rng.randrange(60, 75, 5) * 1000,
        "od_extra": rng.choice([0.036, 0.042, 0.048]),
        "tax_rate": rng.choice([0.24, 0.27, 0.29]),
        "tax_delay": rng.choice([3, 4, 5]),
        "loss_brought": rng.randrange(8, 16) * 1000,
        "loss_years": 3,
        "loss_base": rng.randrange(20, 32, 2) * 1000,
        "loss_share": rng.choice([0.5, 0.6]),
    }


def changed(given: Inputs, change: Change) -> Inputs:
    """Return the inputs with a change made."""
    inputs = {name: list(values) for name, values in given.items()}
    for name, cells in change.items():
        for place, value in cells.items():
            inputs[name][int(place)] = value
    return inputs


def _one(**terms: float) -> Change:
    return {name: {0: value} for name, value in terms.items()}


def _column(name: str, values: list[float | None], start: int = 0) -> Change:
    return {name: {start + number: value for number, value in enumerate(values)}}


def _growth(rng: Random, *thousandths: int) -> Change:
    return _column("product_growth", [(number + rng.randrange(-9, 10)) / 1000 for number in thousandths])


def _opening(rng: Random, given: Inputs) -> Change:
    """The opening moves to a day within a month of another year."""
    opening = serial(rng.choice([2025, 2029]), rng.choice([3, 9, 11]), rng.randrange(9, 24))
    return _one(open_date=opening, fy_end_month=rng.choice([4, 8, 10]))


def _leap(rng: Random, given: Inputs) -> Change:
    """Opening on the last day of a month, with people and products around the February of a leap year."""
    month = rng.choice([8, 10, 12])
    opening = serial(2027, month, 31)
    starts = [serial(2027, 2, 28), serial(2028, 2, 29), serial(2028, 2, 28), serial(2029, 2, 28), opening]
    ends = [serial(2028, 2, 28), None, serial(2029, 2, 27), None, serial(2028, 3, 30)]
    change = _one(open_date=opening, raise_month=3, raise_wait=rng.choice([0, 12]))
    change |= _column("staff_start", [*starts, serial(2028, 3, 31)]) | _column("staff_end", [*ends, None])
    return change | _column("product_launch", [serial(2027, month - 1, 20), opening, serial(2028, 2, 29 - 9)])


def _whole_year(rng: Random, given: Inputs) -> Change:
    """Financial years as long as twelve months, the first begun in a January of shorter raises."""
    year = rng.choice([2026, 2028])
    change = _one(open_date=serial(year, 4, 1), fy_end_month=3, raise_month=4, raise_wait=0)
    change |= _one(collect_now=rng.choice([0.0, 1.0]), loan_grace=0, loss_years=2)
    return change | _column(
        "staff_start", [serial(year, 4, 1), serial(year - 1, 4, 1), serial(year + 1, 4, 1)]
    )


def _tiers(rng: Random, given: Inputs) -> Change:
    """Other tiers, products that grow fast or shrink, launches before the opening, and a profit from the start."""
    opening = int(given["open_date"][0] or 0)
    above = [0, rng.randrange(900, 1300, 10), rng.randrange(1500, 2100, 10), rng.randrange(2400, 3300, 10)]
    change = _column("tier_above", above) | _column("tier_rebate", [0.01, 0.06, 0.02, 0.15])
    launches = [
        opening - rng.randrange(400, 700),
        opening - rng.randrange(34, 58),
        opening + rng.randrange(40, 90),
    ]
    change |= _column("product_launch", launches) | _growth(rng, -83, 313, 179)
    change |= _column("product_units", [int((one or 0) * 1.9) for one in given["product_units"]])
    change |= _one(loss_brought=rng.randrange(300, 380) * 1000, rent=1800)
    end = (as_date(opening).month + rng.choice([5, 7, 8])) % 12 + 1
    return change | _one(open_date=opening + rng.randrange(5, 20), fy_end_month=end)


def _people(rng: Random, given: Inputs) -> Change:
    """People who come and go within months, and the spare rows filled."""
    opening = int(given["open_date"][0] or 0)
    starts = [
        opening - 200,
        opening - 90,
        opening + 75,
        opening + 76,
        opening + 380,
        opening + 410,
        opening - 400,
    ]
    starts += [
        opening + rng.randrange(90, 300),
        opening + rng.randrange(20, 60),
        opening + rng.randrange(300, 500),
    ]
    ends = [opening - 5, opening + 500, opening + 80, None, None, opening + 700, opening + 29]
    ends += [None, opening + rng.randrange(250, 600), None]
    change = _column("staff_start", [*starts]) | _column("staff_end", [*ends])
    change |= _column("staff_salary", [rng.randrange(48000, 96000, 600) for _ in starts])
    change |= _one(raise_month=rng.randrange(2, 13), raise_wait=rng.choice([3, 7]), social_cap=54000)
    return change | _one(cash_open=rng.randrange(150, 260) * 1000)


def _payoff(rng: Random, given: Inputs) -> Change:
    """A loan that is paid off within the model, with the extra payment in the months without instalment."""
    opening = int(given["open_date"][0] or 0) + rng.randrange(8, 18)
    change = _one(
        open_date=opening, loan_amount=rng.randrange(60, 80) * 1000, loan_rate=rng.choice([0.09, 0.12])
    )
    change |= _one(loan_grace=rng.choice([7, 10]), loan_pay=rng.randrange(3300, 4400, 100))
    return change | _one(
        loan_extra_date=opening + rng.randrange(70, 130), loan_extra=rng.randrange(9, 14) * 1000
    )


def _credit(rng: Random, given: Inputs) -> Change:
    """An overdraft from the first day, far beyond its limit, and in part paid back."""
    opening = int(given["open_date"][0] or 0) + rng.randrange(4, 22)
    change = _one(
        open_date=opening, cash_open=-rng.randrange(60, 90) * 1000, od_limit=rng.randrange(20, 32) * 1000
    )
    change |= _one(od_rate=rng.choice([0.11, 0.13]), od_extra=rng.choice([0.07, 0.09]))
    return change | _one(loan_amount=rng.randrange(40, 60) * 1000, loan_grace=24, collect_lag=3)


def _losses(rng: Random, given: Inputs) -> Change:
    """Years of loss, and of profit too small to use it all before it ends."""
    change = _one(
        loss_years=2, loss_brought=rng.randrange(120, 180) * 1000, loss_base=rng.randrange(8, 14) * 1000
    )
    change |= _one(loss_share=rng.choice([0.3, 0.4]), rent=rng.randrange(9, 12) * 1000, rent_rise=0.0)
    change |= _growth(rng, 117, 453, 597)
    return change | _one(fy_end_month=rng.choice([1, 7]), open_date=serial(2026, rng.choice([3, 10]), 17))


def _lags(rng: Random, given: Inputs) -> Change:
    """Everything is paid later, and the tax a year after."""
    change = _one(
        collect_now=rng.choice([0.1, 0.15]), collect_lag=rng.choice([4, 5, 6]), tax_delay=rng.choice([11, 12])
    )
    change |= _one(loss_brought=0, loss_years=1, loan_grace=36, price_rise=rng.choice([0.041, 0.043, 0.047]))
    return change | _one(fy_end_month=rng.choice([2, 8, 11]))


def _everything(rng: Random, given: Inputs) -> Change:
    """A bit of all."""
    opening = serial(2028, rng.choice([1, 5, 8]), rng.choice([30, 31]))
    launches = [
        opening - rng.randrange(700, 1100),
        opening - rng.randrange(20, 50),
        opening + rng.randrange(360, 420),
    ]
    change = _one(
        open_date=opening,
        fy_end_month=rng.choice([4, 9, 12]),
        price_rise=rng.choice([0.047, 0.051, 0.053]),
        raise_month=1,
    )
    change |= _column("product_launch", launches) | _column("tier_above", [0, 1300, 2750, 3410])
    change |= _column(
        "staff_start", [opening - 250, opening, opening + 31, opening + 400, opening + 61, opening + 90]
    )
    change |= _column("staff_end", [opening + 333, None, opening + 620, None, opening + 150, opening + 700])
    change |= _one(loan_amount=rng.randrange(75, 110) * 1000, loan_pay=6500, loan_grace=3, tax_delay=1)
    change |= _one(loan_extra_date=opening + 200, cash_open=-rng.randrange(5, 30) * 1000, od_limit=15000)
    return change | _one(
        loss_brought=rng.randrange(30, 50) * 1000, loss_years=1, loss_base=9000, loss_share=0.35
    )


DRAWS = (_opening, _leap, _whole_year, _tiers, _people, _payoff, _credit, _losses, _lags, _everything)
"""What draws the ten changes, each from the given inputs."""
