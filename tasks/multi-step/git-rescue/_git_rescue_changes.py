"""What happened after the old main line: Mia's work, Tomas's, the owner's branch, the mirror script."""

from _git_rescue_story import Change, Draw, Edit


def mirror_changes(d: Draw) -> tuple[Change, Change, Change]:
    """Return what is on the forced `main` above the old commits: script, Tomas, script."""
    one = Change("mirror1", d.robot, "Mirror sync", (
        ("put", "MIRROR", "state: 1\n"),
        ("sub", f"{d.pkg}/quote.py", "    price = rates.base_price(weight_g, zone)\n",
         "    price = rates.base_price(int(weight_g), zone)\n"),
    ))  # fmt: skip
    tomas = Change("minimum", d.tomas, "Introduce a minimum price", (
        ("sub", f"{d.pkg}/rates.py", f"EXPRESS_CENTS = {d.express}\n",
         f"EXPRESS_CENTS = {d.express}\nMINIMUM_CENTS = {d.minimum}\n"),
        ("sub", f"{d.pkg}/quote.py", "    return price\n", "    return max(price, rates.MINIMUM_CENTS)\n"),
        ("put", "tests/test_minimum.py", f"""
            import unittest

            from {d.pkg} import rates


            class Minimum(unittest.TestCase):
                def test_minimum_is_below_every_base_price(self):
                    self.assertLess(rates.MINIMUM_CENTS, min(rates.BASE.values()))
            """),
    ), "Whatever else goes up or down: what the customer pays in the end is never\nbelow the minimum."
       " Needed since <<quote>>.")  # fmt: skip
    two = Change("mirror2", d.robot, "Mirror sync", (("sub", "MIRROR", "state: 1\n", "state: 2\n"),))
    return one, tomas, two


def mia_changes(d: Draw) -> dict[str, Change]:
    """Return Mia's commits; the keys ending in ``-old`` are earlier versions of the same commits."""
    table, surcharge, paper = (
        "Add the fuel surcharge table",
        "Charge the fuel surcharge",
        "Document the fuel surcharge",
    )
    body = ("The surcharge is a share of the base price. Express is not part of that base,\n"
            "and whatever lowers a customer's price leaves the surcharge as it is.")  # fmt: skip
    after = "Goes with <<docs>>."
    return {
        "fuel": Change("fuel", d.mia, table, _fuel_table(d, 'f"Fuel {cents // 100}.{cents % 100:02d} EUR"')),
        "fuel-old": Change("fuel", d.mia, table, _fuel_table(d, 'f"Fuel {cents // 100}.{cents % 100} EUR"')),
        "charge": Change("charge", d.mia, surcharge, _charge(d, before_express=True), body),
        "charge-old": Change("charge", d.mia, surcharge, _charge(d, before_express=False), body),
        "paper": Change("paper", d.mia, paper, _paper(f"{d.fuel / 10:.1f} %", "of the base price"), after),
        "paper-old": Change("paper", d.mia, paper, _paper(f"{d.fuel // 10} %", "of the price"), after),
        "other": Change("other", d.mia, "Try printing the surcharge on labels", (
            ("sub", f"{d.pkg}/labels.py", "WIDTH = 32\n", "WIDTH = 40\n"),)),
    }  # fmt: skip


def _fuel_table(d: Draw, label: str) -> tuple[Edit, ...]:
    return (
        ("put", f"{d.pkg}/fuel.py", f"""
            \"\"\"The fuel surcharge.\"\"\"

            PER_MILLE = {d.fuel}


            def label(cents):
                \"\"\"Return the surcharge as printed on the invoice.\"\"\"
                return {label}
            """),
    )  # fmt: skip


def _charge(d: Draw, *, before_express: bool) -> tuple[Edit, ...]:
    zone, price, _ = d.zones[2]
    total, cents = price + (price * d.fuel + 500) // 1000, 1234 if before_express else 1250
    add = "    price += money.share(price, fuel.PER_MILLE)\n"
    line = (
        "    price = rates.base_price(weight_g, zone)\n"
        if before_express
        else "        price += rates.EXPRESS_CENTS\n"
    )
    return (
        ("sub", f"{d.pkg}/quote.py", "from . import rates\n", "from . import fuel, money, rates\n"),
        ("sub", f"{d.pkg}/quote.py", line, line + add),
        ("sub", "tests/test_quote.py", f'self.assertEqual(quote(1, "{zone}"), {price})\n',
         f'self.assertEqual(quote(1, "{zone}"), {total})\n'),
        ("put", "tests/test_fuel.py", f"""
            import unittest

            from {d.pkg} import fuel


            class Label(unittest.TestCase):
                def test_two_digits(self):
                    self.assertEqual(fuel.label({cents}), "Fuel {cents // 100}.{cents % 100} EUR")
            """),
    )  # fmt: skip


def _paper(amount: str, base: str) -> tuple[Edit, ...]:
    first = "- the base price, by zone and weight\n"
    return (("sub", "docs/pricing.md", first, f"{first}- the fuel surcharge, {amount} {base}\n"),)


def islands_change(d: Draw) -> Change:
    """Return the commit that Mia's second stash is to become, without its untracked table."""
    return Change("islands", d.mia, "Treat island postcodes as slow", (
        ("sub", f"{d.pkg}/postcodes.py", '["remote.csv"]\n', '["remote.csv", "islands.csv"]\n'),
        ("sub", f"{d.pkg}/postcodes.py", 'row["postcode"] for', 'row["postcode"].strip() for'),
    ))  # fmt: skip


def old_islands_edits(d: Draw) -> tuple[Edit, ...]:
    """Return what Mia's first stash changes in tracked files."""
    return islands_change(d).edits[:1]


def islands_table(d: Draw, *, final: bool) -> str:
    """Return ``data/islands.csv`` as the second or the first of Mia's stashes has it."""
    rows = [f"{code},{'ferry' if final else 'island'}\n" for code in (d.islands if final else d.islands[:3])]
    return "postcode,reason\n" + "".join(rows)


def owner_changes(d: Draw) -> list[Change]:
    """Return the three commits of the branch that was being rebased."""
    rates = "".join(f'    "{name}": {share},\n' for name, share in d.accounts)
    grams = Change("grams", d.owner, "Print small weights in grams", (
        ("sub", f"{d.pkg}/labels.py", '    return f"{grams / 1000:.1f} kg"\n',
         '    return f"{grams} g" if grams < 1000 else f"{grams / 1000:.1f} kg"\n'),
    ), "Asked for by the depots; see <<labels>>.")  # fmt: skip
    discount = Change("discount", d.owner, "Give account customers their discount", (
        ("put", f"{d.pkg}/discount.py",
         f'"""Discounts of account customers."""\n\nPER_MILLE = {{\n{rates}}}\n\n\n'
         'def per_mille(account):\n    """Return the discount of an account, 0 for everybody else."""\n'
         "    return PER_MILLE.get(account, 0)\n"),
        ("sub", f"{d.pkg}/quote.py", "from . import rates\n", "from . import discount, money, rates\n"),
        ("sub", f"{d.pkg}/quote.py", "express=False):\n", "express=False, account=None):\n"),
        ("sub", f"{d.pkg}/quote.py", "    price = rates.base_price(weight_g, zone)\n",
         "    price = rates.base_price(weight_g, zone)\n"
         "    price -= money.share(price, discount.per_mille(account))\n"),
        ("put", "tests/test_discount.py", f"""
            import unittest

            from {d.pkg} import discount


            class PerMille(unittest.TestCase):
                def test_strangers_get_none(self):
                    self.assertEqual(discount.per_mille(None), 0)
                    self.assertEqual(discount.per_mille("{d.accounts[0][0]}"), {d.accounts[0][1]})
            """),
    ), "The discount is a share of the base price alone: nothing that is charged on\ntop of it is discounted."
       "\n\n"
       f"#{d.issue} has the list that the percentages come from.")  # fmt: skip
    account = Change("account", d.owner, "Take the account on the command line", (
        ("sub", f"{d.pkg}/cli.py", '    parser.add_argument("--express", action="store_true")\n',
         '    parser.add_argument("--express", action="store_true")\n    parser.add_argument("--account")\n'),
        ("sub", f"{d.pkg}/cli.py", "zone, express=args.express)\n",
         "zone, express=args.express, account=args.account)\n"),
    ), "Completes <<discount>>.")  # fmt: skip
    return [grams, discount, account]


def set_aside_edit(d: Draw) -> Edit:
    """Return the owner's edit that the rebase put aside when it started."""
    return ("sub", f"{d.pkg}/labels.py", "WIDTH = 32\n", "WIDTH = 36  # the new printers\n")


def later_edit() -> Edit:
    """Return the owner's edit made after the rebase had stopped."""
    return ("sub", "docs/pricing.md", "Heavier goods go by pallet, on request.\n",
            "Heavier goods go by pallet; ask two days ahead.\nPallets are priced by hand.\n")  # fmt: skip
