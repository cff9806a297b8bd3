"""What differs between seeds in the rules: amounts, percentages, days; and the texts that state them."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from random import Random
from string import Template
from types import SimpleNamespace

TEXTS = Path(__file__).resolve().parent / "texts"
DAY_0 = date(2026, 1, 1)
"""Days are counted from here, and minutes from its beginning in UTC."""


def day(year: int, month: int, number: int) -> int:
    """Return a date as its number of days since `DAY_0`."""
    return (date(year, month, number) - DAY_0).days


def as_date(number: int) -> date:
    """Return the date of a day's number."""
    return DAY_0 + timedelta(days=number)


def weekday(number: int) -> int:
    """Return 0 for Monday to 6 for Sunday."""
    return (number + 3) % 7


MEMO_1_ROUNDING = day(2026, 7, 1)
MEMO_2_NIGHT = day(2026, 11, 1)
NEW_YEAR = day(2027, 1, 1)


class Deal(SimpleNamespace):
    """The terms of a seed. Percentages are whole, money is in cents, days are numbers, both ends included."""


def draw_deal(rng: Random) -> Deal:
    """Draw the terms."""
    south_from, south_to = rng.choice([(23, 5), (23, 7), (20, 4)])
    night = rng.choice([18, 20, 22])
    overtime = rng.choice([24, 25, 26, 28])
    stage = rng.choice([120, 150, 180])
    floor = rng.randrange(1130, 1230, 10) * 100
    values = {
        "break_long": 45,
        "night_from": 22,
        "night_to": 6,
        "night_pct": night,
        "sunday_pct": rng.choice([45, 50, 55]),
        "holiday_pct": rng.choice([100, 110, 120]),
        "ot_pct": overtime,
        "contribution": rng.randrange(1780, 1960, 10),
        "ceiling": rng.randrange(310, 335, 5) * 1000,
        "floor": floor,
        "per_dependant": rng.randrange(170, 240, 10) * 100,
        "share": rng.choice([60, 65, 70]),
        "north_break": rng.choice([50, 55]),
        "south_from": south_from,
        "south_to": south_to,
        "south_pct": rng.choice([30, 32, 35]),
        "south_floor": rng.randrange(60, 120, 5) * 100,
        "m1_night": day(2026, 5, rng.randint(11, 26)),
        "m1_night_pct": night + rng.choice([4, 5, 6]),
        "m1_floor": floor + rng.randrange(150, 200, 10) * 100,
        "m2_from": 21,
        "m2_to": 6,
        "m2_stage": day(2026, 10, rng.choice([29, 30])),
        "m2_stage_min": stage,
        "m2_ot_pct": overtime + rng.choice([15, 18, 20]),
        "m2_overlap": day(2026, 11, rng.choice([10, 11, 12])),
        "m2_floor_day": day(2026, 12, rng.randint(8, 18)),
        "m2_floor": floor + rng.randrange(50, 110, 10) * 100,
        "m2_break": day(2026, 11, rng.randint(17, 20)),
        "m2_break_min": 60,
        "m2_target": day(2026, 10, rng.randint(6, 14)),
        "m3_window": day(2026, 12, rng.randint(9, 17)),
        "m3_rest_from": day(2026, 12, rng.choice([22, 23, 24])),
        "m3_rest_to": day(2027, 1, rng.choice([12, 13, 14])),
        "m3_advent_from": day(2026, 11, 29),
        "m3_advent_to": day(2026, 12, 20),
        "m3_sunday_pct": rng.choice([70, 75, 80]),
        "m3_night_end": day(2027, 1, rng.randint(4, 9)),
        "m3_contribution": rng.randrange(1970, 2100, 10),
        "m3_ceiling": rng.randrange(340, 360, 5) * 1000,
    }
    return Deal(**values)


_MONEY = {"ceiling", "floor", "per_dependant", "south_floor", "m1_floor", "m2_floor", "m3_ceiling"}
_DAYS = {
    "m1_night",
    "m2_stage",
    "m2_overlap",
    "m2_floor_day",
    "m2_break",
    "m2_target",
    "m3_window",
    "m3_rest_from",
    "m3_rest_to",
    "m3_advent_from",
    "m3_advent_to",
    "m3_night_end",
}
_HOURS = {"night_from", "night_to", "south_from", "south_to", "m2_from", "m2_to"}


def texts(deal: Deal) -> dict[str, str]:
    """Return the rule texts and formats by file name."""
    words = {name: _words(name, value) for name, value in vars(deal).items()}
    found = {}
    for path in sorted(TEXTS.glob("*.md")):
        name = path.name if path.name == "formats.md" else f"rules/{path.name}"
        found[name] = Template(path.read_text("utf-8")).substitute(words)
    return found


def _words(name: str, value: int) -> str:
    if name in _MONEY:
        return f"{value / 100:,.2f} EUR"
    if name in _DAYS:
        return f"{as_date(value):%d %B %Y}".lstrip("0")
    if name in _HOURS:
        return f"{value:02d}"
    if name in ("contribution", "m3_contribution"):
        return f"{value / 100:.1f}"
    return str(value)
