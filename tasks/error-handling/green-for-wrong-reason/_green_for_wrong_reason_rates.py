"""The figures of a seed, and how they are filled into texts."""

import re
from datetime import date, timedelta
from decimal import Decimal


def draw(rng) -> dict[str, str]:
    """Return name → figure, as it stands in code."""
    price = rng.choice([355, 375, 385, 395, 415])
    medium = Decimal(rng.choice([30, 35, 40]))
    heavy = rng.choice([12, 15, 18, 20])
    vat = rng.choice([17, 19])
    change = date(2025, rng.choice([4, 5, 7, 8, 10]), rng.randint(12, 19))
    fee = Decimal(f"{rng.choice([19, 22, 24, 26])}.{rng.choice(['50', '80', '90'])}")
    return {
        "FEE": str(fee),
        "ALLOWANCE": str(rng.choice([20, 25, 30])),
        "FIRST": str(rng.choice([43, 47, 53, 57])),
        "SECOND": str(rng.choice([124, 137, 146])),
        "PRICE1": f"0.{price}",
        "PRICE2": f"0.{price - rng.choice([30, 50])}",
        "PRICE3": f"0.{price - rng.choice([90, 110])}",
        "HEAVY": str(heavy),
        "HEAVY_PRICE": rng.choice(["0.70", "0.85", "0.95"]),
        "BULKY": str(heavy + rng.choice([10, 12, 15])),
        "BULKY_PRICE": rng.choice(["2.10", "2.40", "2.75"]),
        "MEDIUM": str(medium),
        "MEDIUM_RATE": rng.choice(["2.5", "5"]),
        "LARGE": str(medium * 2 + rng.choice([0, 5])),
        "LARGE_RATE": "7.5",
        "MINIMUM": f"{int(fee + medium) + rng.choice([4, 6, 7])}.{rng.choice(['00', '50'])}",
        "VAT": str(vat),
        "VAT_NEW": str(vat + rng.choice([2, 4])),
        "VAT_CHANGE": change.isoformat(),
        "VAT_BEFORE": (change - timedelta(days=1)).isoformat(),
        "GOODWILL": str(rng.choice([15, 25, 35])),
        "DUE_DAYS": str(rng.choice([10, 12, 15, 20])),
        "GRACE": str(rng.choice([3, 4, 5])),
        "LATE": rng.choice(["1.5", "2.5"]),
        "LATE_LEAST": rng.choice(["2.00", "2.50", "3.00"]),
        "LATE_FROM": rng.choice(["15.00", "20.00", "25.00"]),
    }


def fill(text: str, figures: dict[str, str]) -> str:
    """Return the text with every ``@NAME@`` replaced."""
    return re.sub(r"@([A-Z_0-9]+)@", lambda hit: figures[hit[1]], text)


def fill_all(sources: dict[str, str], figures: dict[str, str]) -> dict[str, str]:
    """Return the sources with every ``@NAME@`` replaced."""
    return {path: fill(text, figures) for path, text in sources.items()}
