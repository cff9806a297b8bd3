"""The old main line: the project as it grew before the trouble began."""

import random

from _git_rescue_story import Change, Draw, Edit


def base_changes(d: Draw, rng: random.Random) -> tuple[list[Change], int]:
    """Return the old main line, and how many of its commits the mirror script left on `main`."""
    a, b, c, e = (rng.choice(d.team) for _ in range(4))
    first = [
        Change("start", d.owner, f"Start the {d.pkg} package", _start(d)),
        Change("rates", a, "Add base prices by zone", _rates(d)),
        Change("relay", b, "Add the label relay", _relay(d)),
        Change("quote", d.owner, "Quote prices with express option", _quote(d)),
        Change(
            "move", c, "Move deployment files under ops", _move(d), "They are read by the deploy job only."
        ),
        Change("docs", e, "Describe prices and how to call the relay", _docs(d)),
        Change("labels", d.owner, "Print labels and read postcodes", _labels(d)),
    ]
    last = [
        Change("envtoken", b, "Take the relay token from the environment", _env_token(d),
               f"The old one ({d.token})\nis switched off as soon as <<relay>> is no longer deployed."),
        Change("zonecheck", a, "Refuse unknown zones", _zone_check(d),
               "Follow-up to <<quote>>, which gave a KeyError."),
        Change("cli", d.owner, "Add a command line", _cli(d), "The prices are those of <<rates>>."),
    ]  # fmt: skip
    pool = _fillers(d)
    for at in d.fillers:
        subject, edits = pool[at]
        change = Change(f"filler{at}", rng.choice(d.team), subject, edits)
        line = rng.choice([first, last])
        line.insert(rng.randrange(1, len(line)), change)
    return first + last, len(first)


def _start(d: Draw) -> tuple[Edit, ...]:
    return (
        ("put", "README.md", f"""
            # {d.pkg}

            Parcel prices and labels for our depots. Run the tests with `python3 -m unittest`.
            """),
        ("put", f"{d.pkg}/__init__.py", f"""
            \"\"\"Parcel prices and labels.\"\"\"

            NAME = "{d.pkg}"
            """),
        ("put", f"{d.pkg}/money.py", """
            \"\"\"Arithmetic in cents.\"\"\"


            def share(cents, per_mille):
                \"\"\"Return so many thousandths of ``cents``, half a cent rounded up.\"\"\"
                return (cents * per_mille + 500) // 1000
            """),
        ("put", "tests/__init__.py", ""),
        ("put", "tests/test_money.py", f"""
            import unittest

            from {d.pkg} import money


            class Share(unittest.TestCase):
                def test_half_goes_up(self):
                    self.assertEqual(money.share(250, 10), 3)
            """),
    )  # fmt: skip


def _rates(d: Draw) -> tuple[Edit, ...]:
    base = "".join(f'    "{zone}": {price},\n' for zone, price, _ in d.zones)
    step = "".join(f'    "{zone}": {price},\n' for zone, _, price in d.zones)
    zone, price, more = d.zones[1]
    return (
        ("put", f"{d.pkg}/rates.py",
         f'"""Prices by zone, in cents."""\n\nSTEP_G = {d.step_g}\nBASE = {{\n{base}}}\n'
         f"STEP = {{\n{step}}}\nEXPRESS_CENTS = {d.express}\n\n\ndef base_price(weight_g, zone):\n"
         '    """Return the price of the zone for each started step of STEP_G grams."""\n'
         "    steps = max(1, -(-weight_g // STEP_G))\n    return BASE[zone] + STEP[zone] * (steps - 1)\n"),
        ("put", "tests/test_rates.py", f"""
            import unittest

            from {d.pkg} import rates


            class BasePrice(unittest.TestCase):
                def test_started_steps_count(self):
                    self.assertEqual(rates.base_price({d.step_g}, "{zone}"), {price})
                    self.assertEqual(rates.base_price({d.step_g + 1}, "{zone}"), {price + more})
            """),
    )  # fmt: skip


def _relay(d: Draw) -> tuple[Edit, ...]:
    return (
        ("put", f"deploy/{d.env_name}",
         f"RELAY_URL=https://relay.example.net/v2\nRELAY_TOKEN={d.token}\nRELAY_RETRIES=3\n"),
        ("put", f"{d.pkg}/relay.py", """
            \"\"\"Requests to the label relay.\"\"\"

            PREFIXES = ("rly_live_", "rly_test_")


            def headers(token):
                \"\"\"Return the headers of a request.\"\"\"
                if not token.startswith(PREFIXES):
                    raise ValueError("not a relay token")
                return {"Authorization": f"Bearer {token}"}
            """),
        ("put", "tests/test_relay.py", f"""
            import unittest

            from {d.pkg} import relay

            TOKEN = "{d.test_token}"


            class Headers(unittest.TestCase):
                def test_token_is_sent(self):
                    self.assertIn(TOKEN, relay.headers(TOKEN)["Authorization"])
            """),
    )  # fmt: skip


def _quote(d: Draw) -> tuple[Edit, ...]:
    zone, price, _ = d.zones[2]
    return (
        ("put", f"{d.pkg}/quote.py", """
            \"\"\"Price quotes.\"\"\"

            from . import rates


            def quote(weight_g, zone, *, express=False):
                \"\"\"Return the price in cents of a parcel of ``weight_g`` grams.\"\"\"
                price = rates.base_price(weight_g, zone)
                if express:
                    price += rates.EXPRESS_CENTS
                return price
            """),
        ("put", "tests/test_quote.py", f"""
            import unittest

            from {d.pkg}.quote import quote


            class Quote(unittest.TestCase):
                def test_one_step(self):
                    self.assertEqual(quote(1, "{zone}"), {price})

                def test_express(self):
                    self.assertEqual(quote(1, "{zone}", express=True) - quote(1, "{zone}"), {d.express})
            """),
    )  # fmt: skip


def _move(d: Draw) -> tuple[Edit, ...]:
    return (
        ("move", f"deploy/{d.env_name}", f"ops/{d.env_name}"),
        ("sub", f"ops/{d.env_name}", "RELAY_RETRIES=3\n", "RELAY_RETRIES=5\nRELAY_TIMEOUT=20\n"),
        (
            "put",
            "ops/README.md",
            f"`{d.env_name}` is sourced by the deploy job before it starts the service.\n",
        ),
    )


def _docs(d: Draw) -> tuple[Edit, ...]:
    return (
        ("put", "docs/pricing.md", """
            # Prices

            ## How a price is made up

            - the base price, by zone and weight
            - express, where it is ordered

            ## Conditions

            Prices are net and in euros.
            They hold for parcels up to 31.5 kg.
            Heavier goods go by pallet, on request.

            ## Questions

            Ask the depot that takes the parcel in.
            """),
        ("put", "docs/runbook.md", f"""
            # Relay runbook

            Is the relay up? This must answer 200:

                curl -s -o /dev/null -w '%{{http_code}}' https://relay.example.net/v2/ping \\
                  -H 'Authorization: Bearer {d.token}'

            If it does not, call the duty phone.
            """),
    )  # fmt: skip


def _labels(d: Draw) -> tuple[Edit, ...]:
    return (
        ("put", f"{d.pkg}/labels.py", """
            \"\"\"Label texts.\"\"\"

            WIDTH = 32


            def line(text):
                \"\"\"Return ``text`` cut to the width of a label.\"\"\"
                return text[:WIDTH]


            def address(name, street, town):
                \"\"\"Return the lines of an address.\"\"\"
                return [line(name), line(street), line(town)]


            def weight(grams):
                \"\"\"Return a weight as printed.\"\"\"
                return f"{grams / 1000:.1f} kg"
            """),
        ("put", "data/remote.csv", "postcode,reason\n83471,mountain\n87561,mountain\n94145,forest\n"),
        ("put", f"{d.pkg}/postcodes.py", """
            \"\"\"Postcodes that need a second day.\"\"\"

            import csv
            from pathlib import Path

            DATA = Path(__file__).parent.parent / "data"
            TABLES = ["remote.csv"]


            def slow():
                \"\"\"Return the postcodes of all tables.\"\"\"
                found = set()
                for name in TABLES:
                    with open(DATA / name, encoding="utf-8", newline="") as file:
                        found |= {row["postcode"] for row in csv.DictReader(file)}
                return found
            """),
    )  # fmt: skip


def _env_token(d: Draw) -> tuple[Edit, ...]:
    return (
        ("sub", f"ops/{d.env_name}", f"RELAY_TOKEN={d.token}\n", "RELAY_TOKEN=${RELAY_TOKEN}\n"),
        ("sub", "docs/runbook.md", f"Bearer {d.token}'", 'Bearer \'"$RELAY_TOKEN"'),
    )


def _zone_check(d: Draw) -> tuple[Edit, ...]:
    return (
        ("sub", f"{d.pkg}/quote.py", "    price = rates.base_price(weight_g, zone)\n",
         "    if zone not in rates.BASE:\n        raise ValueError(f\"unknown zone: {zone}\")\n"
         "    price = rates.base_price(weight_g, zone)\n"),
        ("sub", "tests/test_quote.py", "    def test_express(self):\n",
         "    def test_unknown_zone(self):\n        with self.assertRaises(ValueError):\n"
         "            quote(1, \"?\")\n\n    def test_express(self):\n"),
    )  # fmt: skip


def _cli(d: Draw) -> tuple[Edit, ...]:
    return (
        ("put", f"{d.pkg}/cli.py", """
            \"\"\"The command line.\"\"\"

            import argparse

            from .quote import quote


            def main(argv=None):
                \"\"\"Print one price.\"\"\"
                parser = argparse.ArgumentParser()
                parser.add_argument("weight_g", type=int)
                parser.add_argument("zone")
                parser.add_argument("--express", action="store_true")
                args = parser.parse_args(argv)
                cents = quote(args.weight_g, args.zone, express=args.express)
                print(f"{cents / 100:.2f}")
            """),
        ("put", f"bin/{d.pkg}",
         f"#!/bin/sh\nexec python3 -c 'from {d.pkg}.cli import main; main()' \"$@\"\n"),
    )  # fmt: skip


def _fillers(d: Draw) -> list[tuple[str, tuple[Edit, ...]]]:
    return [
        ("Add a FAQ", (("put", "docs/faq.md", "# FAQ\n\nDo prices change on Sundays? No.\n"),)),
        (
            "Explain volumetric weight",
            (("put", "docs/volume.md", "Length × width × height in cm, divided by 5000.\n"),),
        ),
        ("Add editor settings", (("put", ".editorconfig", "root = true\n\n[*.py]\nindent_size = 4\n"),)),
        ("Ignore build output", (("put", ".gitignore", "__pycache__/\nbuild/\n"),)),
        ("List the depots", (("put", "data/depots.csv", "id,town\n1,Kiel\n2,Köln\n3,Linz\n"),)),
        ("Name code owners", (("put", "CODEOWNERS", f"* {d.owner.mail}\n/{d.pkg}/ {d.team[0].mail}\n"),)),
    ]
