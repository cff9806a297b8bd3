"""Build a tree of 240 files with live credentials in it, among others that only look like them, and a rotation log.

Tokens, places, names and the wording of the log come from the seed. That every trap is alive is proven from the
places: each kind of decoy stands both beside a live token and in files of its own, each form and the folder of the
false note hold some, and each token that the log speaks about stands in a file.
"""

from __future__ import annotations

import json
from pathlib import Path
from random import Random
from typing import Any

from _secrets_sweep_carriers import GOES_ON, LIVE
from _secrets_sweep_files import N_FILES
from _secrets_sweep_log import SUBJECTS, Log
from _secrets_sweep_text import DETECT
from _secrets_sweep_tokens import Spot, fingerprint
from _secrets_sweep_tree import DECOYS, Tree

DRAWS = 200


def live_places(tree: Tree) -> list[tuple[Spot, Any]]:
    """Return every live token with its spot, in the order of the report."""
    live = [(one, token) for one in tree.spots for token in one.tokens if token.live]
    return sorted(live, key=lambda pair: (pair[0].path, tree.line_of(pair[0]), pair[1].kind))


def is_sound(tree: Tree) -> bool:
    """Tell whether all places can be told apart and every trap costs what it should."""
    live = live_places(tree)
    paths = {one.path for one, _ in live}
    all_places = [(one.path, tree.line_of(one), token.kind) for one in tree.spots for token in one.tokens]
    if len(set(all_places)) < len(all_places):
        return False
    if any(tree.text(one.path).count(one.spelled) != 1 for one in tree.spots):
        return False
    for what in DECOYS:
        places = {one.path for one in tree.spots if any(token.why == what for token in one.tokens)}
        if not places & paths or not places - paths:
            return False
    moved = any(
        one.path == broken.path and tree.line_of(broken) < tree.line_of(one)
        for broken, _ in live
        if "\n" in broken.spelled
        for one, _ in live
    )
    nested = any(
        tree.name_of(one.path, token.kind, longest=False) != tree.name_of(one.path, token.kind)
        for one, token in live
    )
    by_form = {one.form for one, _ in live}
    every_form = {form for _, _, form, _ in LIVE} | {"block", "escaped"} <= by_form
    crlf = any(one.form == "continued" and one.path in tree.files.crlf for one, _ in live)
    repeated = len({token.value for _, token in live}) < len(live)
    values = {token.value for one in tree.spots for token in one.tokens} | {*tree.revoked, *tree.examples}
    apart = len({fingerprint(value)[:6] for value in values}) == len(values)
    goes_on = sum(one.tokens[0].why == "longer" for one in tree.spots) == DECOYS["longer"] + len(GOES_ON)
    return moved and nested and every_form and crlf and repeated and apart and goes_on


def draw(seed: int) -> tuple[Tree, Random]:
    """Return the first tree of this seed in which every trap is alive, and the dice for what is left."""
    for attempt in range(DRAWS):
        rng = Random(f"secrets-sweep/{seed}/{attempt}")
        try:
            tree = Tree(rng, SUBJECTS)
        except IndexError:  # no file was left for a token
            continue
        if is_sound(tree):
            return tree, rng
    raise AssertionError("no draw with all traps alive")


def expected(tree: Tree) -> dict[str, object]:
    """Return what is right: the places of live tokens, those of others the log speaks about, the edited files."""
    said = {id(spot.tokens[0]) for spot in tree.said.values()}
    live = [
        {
            "path": f"tree/{one.path}",
            "line": tree.line_of(one),
            "type": token.kind,
            "form": one.form,
            "log": id(token) in said,
            "token": token.value,
            "spelled": one.spelled,
        }
        for one, token in live_places(tree)
    ]
    dead = [
        {"path": f"tree/{one.path}", "line": tree.line_of(one), "type": token.kind}
        for one in tree.spots
        for token in one.tokens
        if id(token) in said and not token.live
    ]
    cleaned = {}
    for path in sorted({one.path for one, _ in live_places(tree)}):
        encoding = "utf-16" if path in tree.files.utf16 else "ascii"
        cleaned[f"tree/{path}"] = {"text": tree.cleaned(path), "encoding": encoding}
    return {"live": live, "dead": dead, "cleaned": cleaned}


def build(workspace: Path, hidden: Path, seed: int) -> None:
    """Write the tree, the rules and the lists to ``workspace``, and what is right to ``hidden``."""
    tree, rng = draw(seed)
    if len(tree.files.texts) != N_FILES:
        raise AssertionError(f"{len(tree.files.texts)} files")
    for name in sorted(tree.files.texts):
        target = workspace / "tree" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(tree.data(name, tree.text(name)))
    (workspace / "detect.md").write_text(DETECT, "utf-8")
    (workspace / "revoked.txt").write_text(tree.revoked_text(), "utf-8")
    (workspace / "rotation-log.md").write_text(Log(rng, tree).text(), "utf-8")
    rows = [f"tree/{folder},{kind},{name}" for folder, kind, name in tree.names]
    (workspace / "names.csv").write_text("\n".join(["folder,type,name", *rows]) + "\n", "utf-8")
    (hidden / "expected.json").write_text(json.dumps(expected(tree), indent=1) + "\n", "utf-8")
