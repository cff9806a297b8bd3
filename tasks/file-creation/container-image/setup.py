"""A service without an image, a policy with dated notes, and hidden events, files and edits.

`build` proves that every misreading of the notes gives another value for some matter and that each kind of file
and event that a rule names is there.
"""

import json
import random

from _container_image_app import (
    NAMES,
    PACKAGES,
    WORDS,
    added_files,
    app_files,
    is_document,
    is_secret,
    is_shipped,
)
from _container_image_rules import hidden_events, holding, wanted
from _container_image_text import FORMATS, POLICY, README, ROWS, images_table, note_text
from _container_image_tools import IMAGES

SHAPES = {
    "lifted": [
        ("all", 0, 0),
        ("service", 1, 0),
        ("all", 3, 1),
        ("withdraws", 5, 2),
        ("all", 6, 0),
        ("other-tier", 7, 0),
    ],
    "firm": [("all", 0, 0), ("service", 1, 0), ("all", 3, 1), ("tier", 9, 0)],
    "revived": [("all", 0, 0), ("tier", 1, 0), ("withdraws", 3, 1), ("withdraws", 5, 2)],
    "fallback": [("all", 0, 1), ("tier", 2, 0), ("service", 4, 0), ("withdraws", 7, 2)],
    "later": [("all", 0, 0), ("all", 2, 1), ("service", 4, 0), ("all", 6, 0), ("other-tier", 7, 0)],
}
"""Kind of chain → its notes: reach, day (of 10; 8 is today), and whether firm, or which of the chain it withdraws."""
WINNER = {"lifted": 1, "firm": 2, "revived": 1, "fallback": 1, "later": 2}
MISSED = {
    "lifted": {"latest", "withdrawal"},
    "firm": {"firm", "future"},
    "revived": {"revival"},
    "fallback": {"withdrawal", "absolute"},
    "later": {"latest", "absolute"},
}
HANDS = ("Ilka Brandt", "Tomas Reuel", "Yara Nyquist", "Piet Okonjo")


def draw_values(rng):
    """Return matter → values, the one that is to hold first."""
    uids = [str(one) for one in rng.sample(range(10_010, 10_990, 10), 5)]
    ports = [str(one) for one in rng.sample(range(7100, 9900, 20), 5)]
    runs = [one for one in IMAGES if "py-run" in one]
    prefixes = rng.sample(["rel", "release", "train", "ship", "cut", "stable"], 5)
    staging = rng.sample(["main", "release"], 2)
    return {
        "base": rng.sample(runs, 5),
        "uid": uids,
        "port": ports,
        "release": prefixes,
        "staging": [staging[0], *[staging[1]] * 4],
    }


def draw_notes(rng, values):
    """Return the notes, and which kind of chain each matter has."""
    shapes = dict(zip(values, rng.sample(sorted(SHAPES), len(SHAPES)), strict=True))
    notes = []
    for matter, shape in shapes.items():
        rest = iter(values[matter][1:])
        chain = []
        for place, (reach, day, extra) in enumerate(SHAPES[shape]):
            stamp = f"{2024 + (6 + day * 3) // 12}-{(6 + day * 3) % 12 + 1:02d}-{rng.randrange(1, 28):02d}"
            gone = reach == "withdraws"
            note = {
                "matter": matter,
                "scope": reach,
                "from": stamp,
                "firm": bool(extra) and not gone,
                "withdraws": None,
            }
            if gone:
                note.update(scope=chain[extra]["scope"], withdraws=chain[extra], value=None)
            else:
                note["value"] = values[matter][0] if place == WINNER[shape] else next(rest)
            chain.append(note)
        notes += chain
    for place, note in enumerate(sorted(notes, key=lambda one: (one["from"], one["matter"])), 1):
        note["id"] = f"N-{place + 11}"
        note["by"] = rng.choice(HANDS)
    for note in notes:
        if note["withdraws"]:
            note["withdraws"] = note["withdraws"]["id"]
    return sorted(notes, key=lambda one: one["id"]), shapes


def prove(notes, shapes, values, cast, tree, extra):
    """Raise AssertionError where a trap is dead."""
    today = cast["today"]
    for matter, shape in shapes.items():
        right = values[matter][0]
        if holding(notes, matter, today) != right:
            raise AssertionError(f"{matter}: another note holds")
        for how in MISSED[shape]:
            if holding(notes, matter, today, how) == right:
                raise AssertionError(f"{matter}: {how} makes no difference")
    for some in (tree, extra):
        trusted = [path for path in some if path.endswith(".pem") and is_shipped(cast, path)]
        mails = [path for path in some if path.endswith(".md") and is_shipped(cast, path)]
        inner = [path for path in some if is_secret(cast, path) and "/trust/dev/" in path]
        drafts = [path for path in some if is_document(cast, path) and "/drafts/" in path]
        if not (trusted and mails and inner and drafts):
            raise AssertionError("a kind of file is missing")


def draw_cast(rng, values):
    """Return names and values of this draw."""
    pkg, other_pkg = rng.sample(NAMES, 2)
    tier, other = rng.sample(["edge", "core"], 2)
    month = rng.randrange(7, 9)
    cast = {
        "pkg": pkg,
        "other_pkg": other_pkg,
        "tier": tier,
        "other_tier": other,
        "today": f"2026-{month:02d}-15",
    }
    cast["words"] = rng.sample(WORDS, 3)
    cast["web"] = rng.choice(["web", "front", "assets-src", "ui"])
    cast["out"] = rng.choice(["public/packed", "var/bundle", "generated/site", "target/pack"])
    cast["team"] = rng.choice(["harbour", "lantern", "meadow"])
    names = rng.sample(PACKAGES, 5)
    cast["deps"] = {
        name: f"{rng.randrange(1, 5)}.{rng.randrange(1, 15)}.{rng.randrange(9)}" for name in names
    }
    cast["release"], cast["staging"] = values["release"][0], values["staging"][0]
    cast["stale"] = values["release"][1:4]
    cast["base"], cast["uid"], cast["port"] = (values[one][0] for one in ("base", "uid", "port"))
    cast["readme"] = README.format(
        pkg=pkg, up=pkg.upper(), team=cast["team"], other=other, out=cast["out"],
        base=values["base"][1], uid=values["uid"][1], port=values["port"][1],
    )  # fmt: skip
    return cast


def build(workspace, hidden, seed):
    """Write service and documents to ``workspace``; what is tried, and what must come of it, to ``hidden``."""
    rng = random.Random(f"container-image/{seed}")
    values = draw_values(rng)
    cast = draw_cast(rng, values)
    notes, shapes = draw_notes(rng, values)
    tree = app_files(rng, cast)
    extra = added_files(cast)
    prove(notes, shapes, values, cast, tree, extra)
    for path, text in tree.items():
        file = workspace / "app" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    shown = "\n\n".join(note_text(note, cast, rng.randrange(2)) for note in notes)
    (workspace / "platform-policy.md").write_text(
        POLICY.format(pkg=cast["pkg"], table="".join(ROWS).rstrip(), notes=shown + "\n"), "utf-8"
    )
    (workspace / "formats.md").write_text(FORMATS.format(images=images_table()), "utf-8")
    events = [{"event": one, "wanted": wanted(one, cast)} for one in hidden_events(cast)]
    facts = {"cast": cast, "tree": tree, "extra": extra, "events": events}
    (hidden / "facts.json").write_text(json.dumps(facts, indent=0) + "\n", "utf-8")
    (hidden / "messages.json").write_text(
        json.dumps({"today": cast["today"], "service": cast["pkg"]}), "utf-8"
    )
