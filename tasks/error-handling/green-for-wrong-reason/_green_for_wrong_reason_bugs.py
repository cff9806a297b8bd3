"""The bugs of which four, one of each group, are put into the package."""

BUGS = {
    "days": {
        "end": (
            "periods.py",
            "max(0, (ends - begins).days + 1)",
            "max(0, (ends - begins).days + (ends == last))",
        ),
        "sunday": (
            "periods.py",
            "    if due.weekday() >= 5:\n        due += timedelta(days=7 - due.weekday())\n",
            "    if due.weekday() == 5:\n        due += timedelta(days=2)\n",
        ),
    },
    "bound": {
        "first": (
            "invoicing/usage.py",
            "first = min(units, rates.FIRST)",
            "first = min(units, rates.FIRST - 1)",
        ),
        "grace": ("invoicing/dunning.py", "if paid <= due +", "if paid < due +"),
        "heavy": ("invoicing/usage.py", "elif weight > rates.HEAVY", "elif weight >= rates.HEAVY"),
    },
    "rounding": {
        "discount": (
            "invoicing/discounts.py",
            "return round_cents(charge * percent / 100)",
            'return (charge * percent / 100).quantize(Decimal("0.01"))',
        ),
        "tiers": (
            "invoicing/usage.py",
            "round_cents(sum((count * price for count, price in zip(counts, rates.PRICES)), Decimal(0)))",
            "sum((round_cents(count * price) for count, price in zip(counts, rates.PRICES)), Decimal(0))",
        ),
        "vat": (
            "invoicing/engine.py",
            "round_cents(net * percent / 100)",
            "sum(round_cents(line.amount * percent / 100) for line in lines)",
        ),
    },
    "combined": {
        "vat-day": ("invoicing/engine.py", "percent = _vat_rate(ends)", "percent = _vat_rate(last)"),
        "numbers": (
            "invoicing/engine.py",
            "    inside = [parcel for parcel in parcels if begins <= parcel.day <= ends]\n"
            "    return list({parcel.number: parcel for parcel in "
            "sorted(inside, key=lambda parcel: parcel.weight)}.values())\n",
            "    single = {parcel.number: parcel for parcel in sorted(parcels, key=lambda parcel: parcel.weight)}\n"
            "    return [parcel for parcel in single.values() if begins <= parcel.day <= ends]\n",
        ),
        "goodwill": (
            "invoicing/credits.py",
            "        amount = min(credit.amount, left, kindness) if credit.goodwill else min(credit.amount, left)\n"
            "        if credit.goodwill:\n"
            "            kindness -= amount\n",
            "        amount = min(credit.amount, left, kindness) if credit.goodwill else min(credit.amount, left)\n"
            "        kindness = min(kindness - amount * credit.goodwill, "
            "round_cents((left - amount) * rates.GOODWILL / 100))\n",
        ),
    },
}
"""Group → name → (file, right text, wrong text). One of each group is put in."""


def with_bug(sources: dict[str, str], bug: tuple[str, str, str]) -> dict[str, str]:
    """Return the sources with one right text replaced by the wrong one."""
    path, old, new = bug
    assert old in sources[path], (path, old)
    return {**sources, path: sources[path].replace(old, new)}
