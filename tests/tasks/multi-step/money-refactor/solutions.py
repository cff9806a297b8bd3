"""Shops in minor units: right ones of three kinds, tempting wrong ones, single slips."""

import re
from pathlib import Path

from _money_refactor_shop import FILES
from _money_refactor_shop_more import MORE


def _write(workspace: Path) -> None:
    for name, text in (FILES | MORE).items():
        (workspace / name).write_text(text.lstrip("\n"), "utf-8")


def _edit(workspace: Path, name: str, *pairs: tuple[str, str]) -> None:
    path = workspace / name
    text = path.read_text("utf-8")
    for old, new in pairs:
        assert old in text, f"{name}: {old}"
        text = text.replace(old, new)
    path.write_text(text, "utf-8")


def oracle(workspace: Path) -> str:
    """Whole numbers inside, decimals at the edges."""
    _write(workspace)
    return "shop/ counts in minor units; migrate.py brings a database into the new form."


def other_names(workspace: Path) -> None:
    """Tables and columns with other names, prices as text, one column more."""
    _write(workspace)
    for name in ("store", "cards", "bank"):
        path = workspace / f"shop/{name}.py"
        path.write_text(re.sub(r"\bpayments\b", "incoming", path.read_text("utf-8")), "utf-8")
    _edit(
        workspace,
        "migrate.py",
        (
            '        db.execute(f"DROP TABLE {name}")',
            '        db.execute(f"ALTER TABLE {name} RENAME TO old_{name}")',
        ),
        (
            'if any(f"CREATE TABLE {name} " in statement for name in COLUMNS)',
            'if re.search(r"TABLE (?!meta|bank_inbox)", statement)',
        ),
        ("import sqlite3\n", "import re\nimport sqlite3\n"),
        ('f"INSERT INTO {name} VALUES', 'f"INSERT INTO {NEW.get(name, name)} VALUES'),
        ('OWNER = {"cards": 1}', 'OWNER = {"cards": 1}\nNEW = {"payments": "incoming"}'),
        (
            '    db.execute("UPDATE meta',
            '    for name in COLUMNS:\n        db.execute(f"DROP TABLE old_{name}")\n    db.execute("UPDATE meta',
        ),
    )
    _edit(workspace, "shop/store.py", ("price REAL", "price NUMERIC"))
    (workspace / "tests/test_more.py").write_text('"""More."""\n', "utf-8")


def fractions(workspace: Path) -> str:
    """Fractions for what comes in, and a database that is written anew as a whole."""
    _write(workspace)
    _edit(
        workspace,
        "shop/money.py",
        ("from decimal import ROUND_HALF_UP, Decimal\n", "from decimal import Decimal\n"),
        ("return Decimal(value.numerator) / value.denominator", "return value"),
        (
            'Decimal(f"{value:.12g}") if isinstance(value, float) else Decimal(value)',
            'Fraction(f"{value:.12g}" if isinstance(value, float) else value)',
        ),
        (
            "int(value.quantize(Decimal(1), ROUND_HALF_UP))",
            "int(value + Fraction(1, 2)) if value > 0 else -int(Fraction(1, 2) - value)",
        ),
        ("exact(value).scaleb(digits(currency))", "exact(value) * 10 ** digits(currency)"),
    )
    for name in ("orders", "refunds"):
        path = workspace / f"shop/{name}.py"
        path.write_text(path.read_text("utf-8").replace("-whole(net * asked", "-whole(asked * net"), "utf-8")
    return "Done."


# -- tempting and wrong ----------------------------------------------------------------------------


def cents_everywhere(workspace: Path) -> None:
    """Has hundredths of everything inside."""
    _write(workspace)
    _edit(
        workspace,
        "shop/money.py",
        ("scaleb(digits(currency))", "scaleb(2)"),
        ("scaleb(-digits(currency))", "scaleb(-2)"),
    )


def rounds_to_even(workspace: Path) -> None:
    """Rounds as Python does."""
    _write(workspace)
    _edit(workspace, "shop/money.py", ("int(value.quantize(Decimal(1), ROUND_HALF_UP))", "round(value)"))


def floats_by_letter(workspace: Path) -> None:
    """Takes a float for what Python prints of it."""
    _write(workspace)
    _edit(workspace, "shop/money.py", ('Decimal(f"{value:.12g}")', "Decimal(repr(value))"))


def limits_in_cents(workspace: Path) -> None:
    """Turns the thresholds of the settings into cents and compares minor units with them."""
    _write(workspace)
    _edit(
        workspace,
        "shop/orders.py",
        ("major(goods, currency) >= exact(config", "goods >= 100 * exact(config"),
        ("major(total, currency) > exact(", "total > 100 * exact("),
    )


def moves_the_inbox(workspace: Path) -> None:
    """Converts what the bank has written."""
    _write(workspace)
    _edit(
        workspace,
        "migrate.py",
        (
            '    db.execute("UPDATE meta',
            '    db.execute("UPDATE bank_inbox SET amount = round(amount * 100)")\n'
            '    db.execute("UPDATE meta',
        ),
    )
    _edit(workspace, "shop/bank.py", ('units(row["amount"], paid["currency"])', 'int(float(row["amount"]))'))


def prices_in_minor_units(workspace: Path) -> None:
    """Rounds the price of a unit."""
    _write(workspace)
    _edit(
        workspace,
        "shop/orders.py",
        (
            'units(exact(line["qty"]) * exact(line["price"]), currency)',
            'whole(exact(line["qty"]) * units(line["price"], currency))',
        ),
    )


def cache_in_minor_units(workspace: Path) -> None:
    """Keeps quotes in the new form."""
    _write(workspace)
    _edit(
        workspace,
        "shop/quotes.py",
        ('line[name] = number(line[name], found["currency"])', "line[name] = int(line[name])"),
    )


def cards_at_home(workspace: Path) -> None:
    """Takes all cards for those of the head office."""
    _write(workspace)
    _edit(
        workspace,
        "migrate.py",
        (
            "            for place in columns",
            '            currency = "EUR" if name == "cards" else currency\n            for place in columns',
        ),
    )


# -- single slips ----------------------------------------------------------------------------------


def refunds_by_float(workspace: Path) -> None:
    """Adds up quantities as floats."""
    _edit(
        workspace,
        "shop/refunds.py",
        ('exact(request["qty"]), exact(line["qty"])', 'request["qty"], line["qty"]'),
        ('sum(exact(one["qty"]) for', 'sum(one["qty"] for'),
        ("-whole(net * asked / ordered)", "-whole(net * exact(asked) / exact(ordered))"),
    )


def till_points(workspace: Path) -> None:
    """Takes a point for decimals where a till wrote no comma."""
    _edit(
        workspace,
        "shop/money.py",
        ('text.replace(".", "").replace', '(text.replace(".", "") if "," in text else text).replace'),
    )


def view_by_division(workspace: Path) -> None:
    """Loses the minus of small refunds."""
    _edit(workspace, "shop/store.py", ("CASE WHEN {0} < 0 THEN '-'", "CASE WHEN {0} <= -100000 THEN '-'"))


def again_and_again(workspace: Path) -> None:
    """Migrates what is migrated."""
    _edit(workspace, "migrate.py", ('.fetchone() == ("1",)', ".fetchone()"))


def splits_below_nothing(workspace: Path) -> None:
    """Divides a negative amount as it comes, not like its opposite."""
    _edit(workspace, "shop/money.py", ("    if amount < 0:", "    if amount is None:"))


def credits_together(workspace: Path) -> None:
    """Rounds the credits of all plugins together."""
    _edit(
        workspace,
        "shop/plugins.py",
        (
            "units(importlib.import_module(name).credit(cart) or 0, currency)",
            "exact(importlib.import_module(name).credit(cart) or 0)",
        ),
        ("import number, units", "import exact, number, units"),
        ("min(total, goods)", "min(units(total, currency), goods)"),
    )


def whole_percentages(workspace: Path) -> None:
    """Cuts percentages."""
    _edit(workspace, "shop/orders.py", ("exact(pct)", "exact(int(pct))"))


def review_at_the_limit(workspace: Path) -> None:
    """Has an order looked at that reaches the limit."""
    _edit(workspace, "shop/orders.py", ("> exact(settings", ">= exact(settings"))


_ALL = {"totals", "splits", "refunds", "thresholds", "migrated", "stored", "outside", "plugin", "cache"}
ALTERNATIVES = [other_names, fractions]
WRONG = {
    cents_everywhere: _ALL,
    rounds_to_even: {"totals", "refunds", "migrated", "outside", "plugin", "cache"},
    floats_by_letter: {"migrated", "outside", "plugin"},
    limits_in_cents: {"thresholds"},
    moves_the_inbox: {"outside"},
    prices_in_minor_units: {"totals"},
    cache_in_minor_units: {"cache"},
    cards_at_home: {"migrated"},
}
MUTATIONS = {
    splits_below_nothing: {"splits"},
    refunds_by_float: {"refunds", "migrated", "outside"},
    till_points: {"migrated", "outside", "cache"},
    view_by_division: {"outside"},
    again_and_again: {"stored"},
    credits_together: {"plugin"},
    whole_percentages: {"totals"},
    review_at_the_limit: {"thresholds"},
}
