"""Draws what a workspace's service is like: its names, bounds, words and habits, and the rows it starts with."""

import random

COMPANIES = ["Tarnhus Gear Hire", "Skerry & Vane Rentals", "Holmgate Tool Loan", "Brackwater Outfitters"]
LEVELS = [("basic", "silver", "gold"), ("walk-in", "regular", "trade"), ("private", "club", "firm", "school")]
KINDS = [
    ("tent", "stove", "canoe", "pump"),
    ("drill", "ladder", "mixer", "saw"),
    ("kayak", "sled", "lamp", "winch"),
]
COUNTRIES = ["at", "be", "ch", "de", "dk", "fi", "fr", "lu", "nl", "no", "se"]
PLUGINS = ["calendar", "labels", "stocktake"]
BOTH = ["refuse", "ignore"]


def draw_service(rng: random.Random) -> dict[str, object]:
    """Return marker → value for the templates of the service."""
    d: dict[str, object] = {**_names(rng), **_bounds(rng), **_habits(rng)}
    levels, kinds = rng.choice(LEVELS), rng.choice(KINDS)
    countries = rng.sample(COUNTRIES, 4)
    d |= {"level_words": levels, "kind_words": kinds, "country_words": countries}
    d |= {"levels": _quoted(levels), "kinds": _quoted(kinds), "countries": _quoted(countries)}
    d["country_default"] = countries[rng.randrange(4)]
    d["third_state"] = rng.choice(["repair", "lost", "retired"])
    d["on"], d["off"] = rng.choice([("1", "0"), ("yes", "no"), ("on", "off")])
    return d


def _names(rng):
    site = rng.choice(["X-Site", "X-Branch", "X-Depot", "X-Counter"])
    letters = rng.choice(["SK", "GR", "TL", "HX"])
    return {
        "company": rng.choice(COMPANIES),
        "base": rng.choice(["/v1", "/v2", "/api", "/hire"]),
        "level": rng.choice(["level", "tier", "grade"]),
        "credit": rng.choice(["credit", "credit_limit", "allowance"]),
        "pin": rng.choice(["pin", "pickup_pin", "secret"]),
        "rate": rng.choice(["rate", "daily_rate", "price_per_day"]),
        "units": rng.choice(["units", "quantity", "pieces"]),
        "mass": rng.choice(["mass_kg", "weight_kg", "kilos"]),
        "notes": rng.choice(["notes", "remarks", "comment"]),
        "account": rng.choice(["account", "invoice", "credit"]),
        "courier": rng.choice(["courier", "van", "bike"]),
        "ref": rng.choice(["BK", "HR", "RES", "ORD"]),
        "site_header": site,
        "site_header_lower": site.lower(),
        "site_letters": letters,
        "sku_letters": rng.choice(["TG", "QM", "RB", "KN"]),
    }


def _bounds(rng):
    d = {
        "street_high": rng.randint(20, 40),
        "name_low": 2,
        "name_high": rng.randint(24, 48),
        "tags_high": rng.randint(3, 6),
        "credit_high": rng.choice([500, 800, 1500, 2500]),
        "pin_low": rng.choice([3, 4]),
        "pin_high": rng.choice([5, 6, 8]),
        "slug_tail": rng.randint(9, 15),
        "phone_low": rng.choice([6, 7, 8]),
        "phone_high": rng.choice([13, 14, 15]),
        "title_low": rng.choice([3, 4]),
        "title_high": rng.randint(30, 60),
        "rate_high": rng.choice([250, 400, 750]),
        "units_high": rng.choice([60, 150, 240, 365]),
        "mass_high": rng.choice([80, 120, 300]),
        "box_high": rng.choice([200, 300, 400]),
        "serial_low": rng.choice([4, 5]),
        "serial_high": rng.randint(10, 16),
        "extras_high": rng.randint(2, 4),
        "count_high": rng.choice([8, 12, 20]),
        "lines_high": rng.randint(3, 5),
        "iban": rng.choice([14, 16, 18, 20]),
        "order_high": rng.randint(10, 20),
        "terms_step": rng.choice([7, 10, 15]),
        "drop_high": rng.randint(30, 60),
        "discount_high": rng.choice([20, 30, 40]),
        "notes_high": rng.randint(40, 80),
        "top_least": rng.choice([1, 5, 10]),
        "quarter": rng.choice([10, 15, 20, 30]),
        "opens": rng.choice([7, 8, 9]),
        "closes": rng.choice([17, 18, 19]),
    }
    d["terms_low"], d["terms_high"] = d["terms_step"] + rng.randint(0, 2), d["terms_step"] * rng.randint(3, 6)
    letters, digits = rng.choice(["[A-Z]{2}", "[A-Z]"]), rng.randint(3, 5)
    d["postcode"] = rng.choice([f"{letters}[0-9]{{{digits}}}", f"[0-9]{{{digits}}}[A-Z]?"])
    return d


def _habits(rng):
    """Whatever treats two cases unlike each other is drawn so that both ways always occur in a workspace."""
    guard, fixed, unknown = rng.random() < 0.5, rng.sample(BOTH, 2), rng.sample(BOTH, 2)
    first, second, third, fourth = (rng.sample(BOTH, 2) for _ in range(4))
    whole = rng.sample([True, False], 2)
    plugins = rng.sample(PLUGINS, 2)
    site_whole = rng.random() < 0.5
    return {
        "customer_fixed": fixed[0],
        "item_fixed": fixed[1],
        "booking_fixed": rng.choice(BOTH),
        "customer_unknown": unknown[0],
        "item_unknown": unknown[1],
        "booking_unknown": rng.choice(BOTH),
        "address_unknown": unknown[1],
        "line_unknown": first[0],
        "card_unknown": second[0],
        "transfer_unknown": second[1],
        "confirm_unknown": third[0],
        "label_unknown": fourth[0],
        "stocktake_unknown": fourth[1],
        "customer_guarded": guard,
        "item_guarded": not guard,
        "item_unique": rng.choice(["", '"serial",']),
        "customer_kept": rng.random() < 0.5,
        "customer_least": rng.choice([0, 1]),
        "level_fold": rng.random() < 0.5,
        "postcode_whole": whole[0],
        "voucher_whole": whole[1],
        "sku_whole": not site_whole,
        "site_match": "fullmatch" if site_whole else "match",
        "by_null": rng.random() < 0.5,
        "extras_void": rng.random() < 0.5,
        "label_low": rng.choice([0, 1]),
        "label_void": rng.random() < 0.5,
        "stocktake_texts": rng.random() < 0.5,
        "money_low_closed": rng.random() < 0.5,
        "expanded": rng.choice(["brief", "full"]),
        "expand_most": rng.choice([1, 2]),
        "voucher": rng.choice(["V[0-9]{4}", "[A-Z]{3}[0-9]{2}"]),
        "plugins": plugins,
        "page": rng.choice([10, 15]),
        "page_most": rng.choice([40, 60, 100]),
        "max_body": rng.choice([2048, 3072, 4096]),
    }


def finish(d: dict) -> dict:
    """Return the draw with what follows from other parts of it."""
    digits = int(d["postcode"].split("[0-9]{")[1][0])
    letters = {"[A": "A", "[0": ""}[d["postcode"][:2]] * (2 if "[A-Z]{2}" in d["postcode"] else 1)
    return {
        **d,
        "postcodes": [letters + "4" * digits],
        "vouchers": ["V2468" if d["voucher"][0] == "V" else "FRI20"],
        "site_pattern": f"{d['site_letters']}[0-9]{{2}}",
        "sku": f"{d['sku_letters']}-[0-9]{{4}}",
        "site_value": f"{d['site_letters']}07",
    }


def _quoted(words):
    return ", ".join(f'"{word}"' for word in words)


def settings_of(d: dict) -> dict[str, object]:
    """Return settings.json."""
    return {
        "base": d["base"],
        "page": d["page"],
        "page_most": d["page_most"],
        "max_body": d["max_body"],
        "keys": {
            "demo-reader": "reader",
            "demo-clerk": "clerk",
            "demo-manager": "manager",
            "demo-office": "office",
        },
        "features": {"invoices": False, "reminders": True},
        "plugins": d["plugins"],
    }
