"""The price index: monthly figures on two bases, with late revisions of some Octobers."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

# What October comes to against the October before, in percent: low and high end of the draw.
OCTOBERS = {2020: (-0.6, -0.2), 2021: (3.9, 4.3), 2022: (1.8, 2.3), 2023: (1.5, 2.3), 2024: (4.2, 4.8),
            2025: (1.6, 2.4)}  # fmt: skip
OLD, NEW = 2015, 2020
NEW_SINCE = date(2023, 11, 20)


def draw_index(rng):
    """Return rows ((year, month), base year, published, value): October of each year and all months between."""
    level = {2019: rng.uniform(104, 107)}
    for year, (low, high) in OCTOBERS.items():
        level[year] = level[year - 1] * (1 + rng.uniform(low, high) / 100)
    rows = []
    for year in range(2019, 2026):
        for month in range(1, 13):
            if (year, month) < (2019, 10):
                continue
            value = _between(level, year, month) * (1 if month == 10 else rng.uniform(0.998, 1.002))
            rows += _published(rng, (year, month), value)
    return tuple(sorted(rows, key=lambda row: (row[2], row[1], row[0])))


def _between(level, year, month):
    """Return the level of a month on the straight line between two Octobers."""
    start = year if month >= 10 else year - 1
    passed = month - 10 if month >= 10 else month + 2
    following = level.get(start + 1, level[start])
    return level[start] + (following - level[start]) * passed / 12


def _published(rng, month, value):
    """Return the rows of a month: old base until the change, new base from 2020 on, revisions."""
    year, number = month
    first = date(year + number // 12, number % 12 + 1, rng.randint(13, 16))
    rows = []
    if first < date(2024, 1, 1):
        rows.append((month, OLD, first, _shown(value)))
    fresh = value / 1.063 * rng.uniform(0.998, 1.002)
    if year >= 2020:
        rows.append((month, NEW, max(first, NEW_SINCE), _shown(fresh)))
    if number == 10 and year >= 2024:
        early, late = rng.sample([-0.5, -0.3, 0.3, 0.5], 2)
        rows.append((month, NEW, date(year, 12, rng.randint(10, 18)), _shown(fresh + early)))
        rows.append((month, NEW, date(year + 1, 2, rng.randint(10, 18)), _shown(fresh + late)))
    return rows


def _shown(value):
    return str(Decimal(value).quantize(Decimal("0.1"), ROUND_HALF_UP))
