"""The rows a service starts with: enough of each shape that every answer can be seen."""

import random

FIRST = [
    "Ana",
    "Bo",
    "Cleo",
    "Dirk",
    "Edda",
    "Finn",
    "Greta",
    "Hugo",
    "Ines",
    "Jarl",
    "Kaja",
    "Levi",
    "Mira",
    "Nils",
]
LAST = [
    "Aldag",
    "Brekke",
    "Corbin",
    "Dahl",
    "Evers",
    "Fosse",
    "Grimm",
    "Holm",
    "Ibsen",
    "Jansen",
    "Krog",
    "Lund",
]
STREETS = ["Kaigata", "Mill Lane", "Rue Basse", "Am Wall", "Holmvej", "Quai Nord"]
ADJECTIVES = ["light", "heavy", "large", "small", "red", "old"]
CREATED = 1735722000


def draw_rows(rng: random.Random, d: dict) -> dict[str, list[dict]]:
    """Return table → rows."""
    customers = [_customer(rng, d, n) for n in range(24)]
    items = [_item(rng, d, n) for n in range(9)]
    bookings = [_booking(rng, d, n, items) for n in range(21)]
    return {"customers": customers, "items": items, "bookings": bookings, "stocktakes": []}


def _customer(rng, d, n):
    name = f"{FIRST[n % len(FIRST)]} {rng.choice(LAST)}"
    row = {"key": str(101 + n), "name": name, d["level"]: d["level_words"][n % len(d["level_words"])]}
    if n % 4 != 3:
        row["email"] = f"{name.split()[0].lower()}{n}@mail{n}.example"
    if n % 4 == 3 or n % 3 == 0:
        row["phone"] = f"+47{rng.randrange(10**7, 10**8)}"
    row["tags"] = rng.sample(["early", "dog", "group", "late", "club-x"], n % 3)
    row[d["credit"]] = None if n % 3 == 0 else f"{rng.randrange(100, 20000) / 100:.2f}"
    if n % 3 != 1:
        country = rng.choice(d["country_words"])
        row["address"] = {
            "street": f"{rng.choice(STREETS)} {n + 1}",
            "postcode": d["postcodes"][0],
            "country": country,
        }
        if n % 2:
            row["address"]["hint"] = "ring twice"
    row["created_at"] = CREATED + 5000 * n
    return row


def _item(rng, d, n):
    sku = f"{d['sku_letters']}-{1001 + n}"
    if n == 5 and not d["sku_whole"]:
        sku += "-K"
    kind = d["kind_words"][n % len(d["kind_words"])]
    row = {
        "key": sku,
        "sku": sku,
        "title": f"{rng.choice(ADJECTIVES)} {kind} {n + 1}",
        "kind": kind,
        d["rate"]: rng.choice([4.5, 9, 12.25, 30, 7.9]),
        d["units"]: 4 + n,
        "box": None if n % 2 else [10 + n, 20, 30],
        "serial": None if n % 3 else f"S{rng.randrange(1000, 9999)}{n}",
        "extras": {} if n % 2 else {"colour": "green", "set": "two"},
        "fragile": n % 4 == 1,
        "state": ["available", "out", d["third_state"]][n % 3],
        "created_at": CREATED + 700 * n,
    }
    if n % 3 != 2:
        row[d["mass"]] = rng.choice([2.5, 11, 0.75])
    return row


def _booking(rng, d, n, items):
    payments = [
        {"kind": "card", "last4": f"{rng.randrange(10000):04d}", "holder": "A Dahl"},
        {"kind": "transfer", "iban": "NO" + "".join(rng.choice("0123456789") for _ in range(d["iban"]))},
        {"kind": d["account"], "order": "PO 77" if n % 2 else None, "days": d["terms_step"] * 2},
        {"kind": "transfer", "iban": "DE" + "1" * d["iban"], "holder": "Edda Krog"},
    ]
    status = ["draft", "confirmed", "returned"][n % 3]
    row = {
        "key": f"{d['ref']}-{6001 + n}",
        "customer": 101 + n if n < 12 else 101 + n % 6,
        "lines": [{"sku": one["sku"], "count": 1} for one in rng.sample(items[:5], 1 + n % 2)],
        "start": f"2025-0{3 + n % 3}-1{n % 7}",
        "end": f"2025-0{3 + n % 3}-2{n % 5}",
        "pickup": None if n % 2 else f"{d['opens'] + 1:02d}:00",
        "payment": payments[n // 3 % 4],
        "delivery": d["courier"] if n % 5 == 4 else "counter",
        d["notes"]: None if n % 3 else "gate is open",
        "status": status,
        "created_at": CREATED + 9000 * n,
        "confirmed_at": None if status == "draft" else CREATED + 9000 * n + 600,
    }
    if row["delivery"] != "counter":
        row["drop_off"] = f"{rng.choice(STREETS)} 3"
    if n % 6 == 1:
        row["discount"] = 10
    if n % 6 == 2:
        row["voucher"] = d["vouchers"][0]
    return row
