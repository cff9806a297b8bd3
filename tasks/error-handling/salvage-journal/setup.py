"""The damaged store of the first machine, and hidden ones for each kind of trouble.

`build` proves for every hidden store that each slip it is about reads it otherwise, and that an undamaged store
gives what was written; it draws again where that does not hold.
"""

import base64
import json
import random
from pathlib import Path
from string import Template

import _salvage_journal_stores as stores
from _salvage_journal_read import salvage

HIDDEN = {"frames": 2, "transactions": 2, "items": 1, "segments": 1, "fuzzed": 3, "intact": 1}
"""Kind → how many hidden stores of it."""


def build(workspace: Path, hidden: Path, seed: int) -> None:
    """Write FORMAT.md and data/, and the hidden stores with what they hold."""
    text = Path(__file__).with_name("FORMAT.md.tmpl").read_text("utf-8")
    (workspace / "FORMAT.md").write_text(Template(text).substitute(size=stores.SIZE), "utf-8")
    given = drawn(seed, "given", 0, (1,))
    (workspace / "data").mkdir()
    for name, data in given[0].items():
        (workspace / "data" / name).write_bytes(data)
    known = {"given": [answer(*given)]}
    for kind, count in HIDDEN.items():
        known[kind] = [answer(*drawn(seed, kind, number, (1, 2))) for number in range(count)]
    (hidden / "stores.json").write_text(json.dumps(known, sort_keys=True), "utf-8")


def drawn(seed, kind, number, versions):
    """Return (files, records, damage) of a store in which every slip shows."""
    for attempt in range(100):
        rng = random.Random(f"salvage-journal/{seed}/{kind}/{number}/{attempt}")
        files, state = stores.make(rng, kind, versions)
        records, damage = salvage(files, stores.SIZE)
        if kind == "intact" and (records != state or damage):
            raise AssertionError("an undamaged store is not read as it was written")
        alive = (
            salvage(files, stores.SIZE, frozenset([slip])) != (records, damage)
            for slip in stores.PROVES.get(kind, ())
        )
        if records and all(alive):
            return files, records, damage
    raise AssertionError(f"no store of kind {kind} in which every slip shows")


def answer(files, records, damage):
    """Return a store and what it holds, as JSON."""
    return {
        "files": {name: base64.b64encode(data).decode("ascii") for name, data in files.items()},
        "records": {key: list(found) for key, found in records.items()},
        "damage": damage,
    }
