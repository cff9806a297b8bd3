"""What hidden tests ask of the package, and loading a package from sources to answer it."""

import functools
import sys
import types
from datetime import date, timedelta
from decimal import Decimal

from _green_for_wrong_reason_probe import answer, names

_ORDER = ("money", "usage", "discounts", "credits", "dunning", "engine")


_NEAR = Decimal("0.0015")
"""0.001 by the rules, and half of it as the right answer is rounded to three decimals."""


def load(sources: dict[str, str]) -> dict:
    """Return the public names of a package made of ``sources``; none of its modules stays loaded."""
    try:
        package = sys.modules["invoicing"] = types.ModuleType("invoicing")
        package.__path__ = []
        paths = [
            "periods.py",
            "invoicing/rates.py",
            "invoicing/model.py",
            *(f"invoicing/{n}.py" for n in _ORDER),
        ]
        for path in paths:
            if path in sources:
                name = path.removesuffix(".py").replace("/", ".")
                module = sys.modules[name] = types.ModuleType(name)
                module.__package__ = name.rpartition(".")[0]
                exec(_compiled(path, sources[path]), module.__dict__)
                if module.__package__:
                    setattr(package, name.rpartition(".")[2], module)
        return names(lambda name: sys.modules[name])
    finally:
        for name in [name for name in sys.modules if name.split(".")[0] in ("periods", "invoicing")]:
            del sys.modules[name]


@functools.cache
def _compiled(path: str, text: str) -> types.CodeType:
    return compile(text, path, "exec")


def answers(space: dict, cases: list[str]) -> list:
    """Return what a package answers to each case."""
    return [answer(case, space) for case in cases]


def same(found, wanted) -> bool:
    """Return whether two answers say the same; the average is for display, and may be off by a little."""
    if isinstance(wanted, dict) and isinstance(found, dict) and "average" in wanted:
        try:
            near = abs(Decimal(str(found.get("average"))) - Decimal(wanted["average"])) <= _NEAR
        except ArithmeticError:
            return False
        return near and {**found, "average": 0} == {**wanted, "average": 0}
    return type(found) is type(wanted) and found == wanted


def draw(rng, figures: dict[str, str]) -> list[str]:
    """Return the cases as expressions: every bound of the rules from both sides, and months as they come."""
    first, second = int(figures["FIRST"]), int(figures["SECOND"])
    cases = [
        f"usage_charge({n})" for n in (0, 1, first - 1, first, first + 1, second - 1, second, second + 1)
    ]
    cases += [f"usage_charge({rng.randint(1, 2 * second)})" for _ in range(16)] + ["usage_charge(-1)"]
    cases += [f"allowance({n}, {m})" for m in (28, 30, 31) for n in (1, 7, 13, 17, 22, m - 1, m)]
    for name in ("HEAVY", "BULKY"):
        for step in ("-0.1", "0", "0.1"):
            cases.append(f'surcharge([D("{Decimal(figures[name]) + Decimal(step)}")])')
    for name in ("MEDIUM", "LARGE"):
        cases += [f'volume_discount(D("{Decimal(figures[name]) + Decimal(n) / 100}"))' for n in (-1, 0, 1)]
    top = int(Decimal(figures["MEDIUM"]) * 100)
    cases += [f'volume_discount(D("{Decimal(rng.randrange(top, 4 * top, 10)) / 100}"))' for _ in range(24)]
    cases += [
        f'round_cents(D("{n}"))' for n in ("0.005", "0.015", "0.025", "-0.125", "-0.135", "2.0049", "-7.1")
    ]
    for amount, parts in (("10.00", 3), ("0.02", 3), ("99.99", 8), ("5.00", 1), ("12.34", 5)):
        cases.append(f'sorted(split(D("{amount}"), {parts}))')
    cases += ['split(D("1.00"), 0)', *_days(rng), *_late(figures), *_credit_cases(rng)]
    return list(dict.fromkeys(cases + _months(rng, figures)))


def _days(rng):
    cases = [f"due_date(date(2025, {rng.choice([1, 3, 6, 8])}, {n}))" for n in range(1, 15)]
    spans = [
        ("2025-01-01", None),
        ("2025-02-01", "2025-02-28"),
        ("2025-02-11", None),
        ("2024-12-05", "2025-02-01"),
        ("2025-02-28", "2025-03-09"),
        ("2025-03-01", None),
        ("2024-01-01", "2025-01-31"),
    ]
    spans += [(f"2025-02-{rng.randint(2, 9):02}", f"2025-02-{rng.randint(12, 27)}") for _ in range(3)]
    for start, end in spans:
        cases.append(f'days_served("2025-02", day("{start}"), {f"day({end!r})" if end else None})')
    return [
        *cases,
        'month_days("2024-02")',
        'month_days("2025-00")',
        'month_days("2025-7")',
        'month_days("2025-12")',
    ]


def _late(figures):
    grace, least = int(figures["GRACE"]), Decimal(figures["LATE_FROM"])
    low = (Decimal(figures["LATE_LEAST"]) - Decimal("0.50")) / Decimal(figures["LATE"]) * 100
    amounts = ["480.00", str(least), str(least - Decimal("0.01")), f"{low:.2f}"]
    days = [-3, 0, grace, grace + 1, 29, 30, 31, 32, 30 + grace, 31 + grace, 60, 61, 95]
    cases = []
    for amount in amounts:
        for n in days:
            cases.append(
                f'late_fee(D("{amount}"), day("2025-03-17"), day("{date(2025, 3, 17) + timedelta(days=n)}"))'
            )
    return cases + [f'late_fee(D("{cents / 100:.2f}"), day("2025-03-17"), day("2025-05-20"))'
                    for cents in range(20010, 20160, 10)]  # fmt: skip


def _credit_cases(rng):
    cases = []
    for _ in range(16):
        credits = []
        for number in rng.sample(range(1, 90), rng.randint(2, 4)):
            granted = rng.choice(["2025-01-03", "2025-01-17", "2025-02-11", "2025-03-01", "2025-03-02"])
            expires = rng.choice(
                ["None", "None", 'day("2025-02-28")', 'day("2025-03-01")', 'day("2025-04-30")']
            )
            amount = f"{rng.randint(3, 40)}.{rng.choice(['00', '35', '50'])}"
            goodwill = rng.random() < 0.5
            credits.append(f'Credit("K{number:02}", day("{granted}"), D("{amount}"), {expires}, {goodwill})')
        gross = f"{rng.randint(20, 130)}.{rng.randint(10, 99)}"
        cases.append(f'use_credits(D("{gross}"), [{", ".join(credits)}], day("2025-03-01"))')
    for gross in ("100.00", "73.10", "55.50"):
        gift = 'Credit("K8", day("2025-01-09"), D("70.00"), None, True)'
        usual = 'Credit("K7", day("2025-01-02"), D("31.00"))'
        cases.append(f'use_credits(D("{gross}"), [{gift}, {usual}], day("2025-03-01"))')
    gift = 'Credit("K2", day("2025-01-05"), D("90.00"), None, True)'
    cases.append(f'use_credits(D("71.30"), [{gift}], day("2025-03-01"))')
    return cases


def _months(rng, figures):
    change = date.fromisoformat(figures["VAT_CHANGE"])
    month, before = f"{change:%Y-%m}", change - timedelta(days=1)
    allowance, first = int(figures["ALLOWANCE"]), int(figures["FIRST"])
    cases = _targeted(figures, month, change)
    spans = [(month, None, end) for end in (before, change, change - timedelta(days=5))]
    spans += [
        ("2025-01", None, None),
        ("2025-02", date(2025, 2, 12), None),
        ("2025-06", date(2025, 6, 1), None),
        ("2025-11", None, date(2025, 11, 30)),
        ("2025-11", None, date(2025, 12, 1)),
        ("2025-09", date(2025, 9, 3), date(2025, 9, 24)),
        ("2025-12", None, None),
    ]
    spans.append(("2025-03", date(2025, 4, 1), None))
    counts = [0, allowance // 2, *(allowance + n for n in (0, 9, first // 2, first + 20, 3 * first))]
    for span, start, end in spans:
        for count in rng.sample(counts, 3):
            cases.append(_month(rng, figures, (span, start, end), count))
    cases += [_month(rng, figures, ("2025-01", None, None), rng.randint(1, 250)) for _ in range(12)]
    cases += [f'view(make_invoice(shop(None, None), "{name}", []))' for name in ("2025-13", "2025-1", "soon")]
    return cases


def _targeted(figures, month, change):
    """Return months in which a rule meets another, or a bound, that chance seldom brings together."""
    allowance, charge, medium = int(figures["ALLOWANCE"]), Decimal(0), 0
    while charge < Decimal(figures["MEDIUM"]):
        medium += 1
        charge += Decimal(figures["PRICE1" if medium <= int(figures["FIRST"]) else "PRICE2"])
    heavy = Decimal(figures["HEAVY"]) + 1
    served = [(month, None, str(change - timedelta(days=n))) for n in (0, 1, 6)]
    served += [
        (f"2025-{change.month + 1:02}", None, None),
        ("2025-02", None, "2025-02-28"),
        ("2025-02", None, None),
    ]
    cases = [f'view(make_invoice(shop({start!r}, {end!r}), "{name}", []))' for name, start, end in served]
    cases += [f'view(make_invoice(shop(None, "2025-{n:02}-{m}"), "2025-{n:02}", inside("2025-{n:02}", {k})))'
              for n, m in ((1, 31), (6, 30)) for k in (allowance + medium + 1, allowance + medium + 80)]  # fmt: skip
    for n in (-1, 0, 1, 3, 60):
        cases.append(
            f'view(make_invoice(shop(None, None), "2025-01", inside("2025-01", {allowance + medium + n})))'
        )
    for n in (3, allowance, allowance + 30, allowance + medium - 1):
        cases.append(f'view(make_invoice(shop(None, None), "2025-01", inside("2025-01", {n}, "{heavy}")))')
    for n in (allowance + 40, allowance + 45, allowance + medium + 30):
        twice = f'[("X", 4, "1"), ("X", 35, "{heavy + 20}"), ("Y", -3, "{heavy + 20}"), ("Y", 5, "2")]'
        rows = f'inside("2025-01", {n}) + rows("2025-01", 0, {twice})'
        cases.append(f'view(make_invoice(shop(None, None), "2025-01", {rows}))')
    return cases


def _month(rng, figures, served, count):
    """Return an invoice with ``count`` rows on any day from before to after, some heavy, some numbers twice."""
    month, start, end = served
    rows = []
    for n in range(min(count, 6)):
        weight = Decimal(figures[rng.choice(["HEAVY", "BULKY"])]) + rng.choice([0, 1])
        rows.append(f'("H{n}", {rng.randint(1, 28)}, "{weight}")')
        if n % 2:
            rows.append(f'("H{n}", {rng.choice([-1, 3, 15, 30, 33])}, "{rng.choice([1, weight + 9])}")')
    credits = 'Credit("K3", day("2025-01-02"), D("20.00"))' if rng.random() < 0.4 else ""
    contract = f"shop({start and str(start)!r}, {end and str(end)!r}, {rng.random() < 0.1})"
    return f'view(make_invoice({contract}, "{month}", rows("{month}", {count}, [{", ".join(rows)}]), [{credits}]))'
