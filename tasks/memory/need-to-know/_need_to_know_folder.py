"""A client's folder over five messages, and what has to come of each.

`build` proves that each thing forgotten changes a price of the enquiry it bears on, and draws again where it does not.
"""

import json
import random
from pathlib import Path

import _need_to_know_papers as papers
import _need_to_know_world as worlds

BEARS_ON = {
    "one-margin": (1, 2),
    "old-margin": (2,),
    "favour-forgotten": (1,),
    "favour-again": (2,),
    "half-up": (1, 2),
    "first-cost": (1, 2),
    "old-costs": (2,),
}
"""Slip → enquiries of which it must change a price."""


def plan(seed):
    """Return the first world of this seed in which every slip shows."""
    for attempt in range(200):
        rng = random.Random(f"need-to-know/{seed}/{attempt}")
        world = worlds.draw(rng)
        if sound(world):
            return rng, world
    raise AssertionError("no draw with all traps alive")


def sound(world):
    """Return whether every slip changes a price where it bears, and a cost is never also the price but by favour."""
    for slip, rounds in BEARS_ON.items():
        for number in rounds:
            if worlds.priced(world, number, slip) == worlds.priced(world, number):
                return False
    return len({item for item, _, _, _, _ in world.costs[2]}) == sum(map(len, worlds.CATEGORIES.values()))


def build(workspace: Path, hidden: Path, seed: int) -> None:
    """Write what is there at the beginning, and the hidden answers and later inputs."""
    rng, world = plan(seed)
    files = {
        "crm/contacts.csv": papers.book_text(rng, world),
        f"crm/cards/{world.mail.split('@')[0].replace('.', '-')}.vcf": papers.card_text(world),
        "crm/history.json": papers.history_text(world),
        "internal/costs.csv": papers.costs_text(world, 1),
        "shared/README.txt": f"Portal of {world.client}: everything in this folder can be seen by the client.\n",
    }
    for name, text in files.items():
        _write(workspace / name, text)
    later = {
        "2": {"rfq1.csv": papers.enquiry_text(world, 1), "letters/1.eml": papers.letter_1(world)},
        "4": {
            "rfq2.csv": papers.enquiry_text(world, 2),
            "letters/2.txt": papers.letter_2(world),
            "internal/costs.csv": papers.costs_text(world, 2),
        },
        "5": {"letters/3.txt": papers.letter_3(world)},
    }
    (hidden / "later.json").write_text(json.dumps(later, sort_keys=True), "utf-8")
    (hidden / "messages.json").write_text(json.dumps(words(world), sort_keys=True), "utf-8")
    (hidden / "expected.json").write_text(json.dumps(expected(world), sort_keys=True), "utf-8")


def words(world):
    """Return what fills the messages."""
    return {
        "client": world.client,
        "other": world.other,
        "margin": world.margin,
        "margin_2": world.margin_2,
        "margin_3": world.margin_3,
        "margin_other": world.margin_other,
        "category_2": world.category_2,
        "category_3": world.category_3,
        "favour": world.favour,
        "title": "Ms",
        "her_name": f"{world.her_first} {world.her_last}",
        "her_last": world.her_last,
        "her_birthday": f"{world.birthday.day} {papers.MONTHS[world.birthday.month - 1]} {world.birthday.year}",
        "her_phone": world.phone(world.line),
        "her_mail": world.mail,
        "namesake_firm": world.namesake_firm,
    }


def expected(world):
    """Return what the checks compare with; money in cents."""
    return {
        "priced": {str(number): worlds.priced(world, number) for number in (1, 2)},
        "hers": papers.hers(world),
        "other": world.other,
        "suppliers": worlds.SUPPLIERS,
        "margins": [world.margin, world.margin_2, world.margin_3, world.margin_other],
        "costs": {
            item: sorted({cost for i, _, _, cost, _ in world.costs[2] if i == item})
            for item, *_ in world.costs[2]
        },
        "contact": {
            "name": world.successor,
            "email": world.mail_of(world.successor),
            "phone": {
                "4": f"{world.trunk}{world.successor_line}".replace(" ", ""),
                "5": f"{world.trunk}{world.new_line}".replace(" ", ""),
            },
        },
        "costs_text": {"1": papers.costs_text(world, 1), "2": papers.costs_text(world, 2)},
    }


def _write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
