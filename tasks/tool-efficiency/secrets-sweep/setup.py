"""Build a tree of 900 files with live credentials in it, among others that only look like them.

Tokens, places and names come from the seed. That every trap is alive is proven from the places: each kind of
decoy stands both beside a live token and in files of its own, each form and the folder of the false note hold some.
"""

from __future__ import annotations

import json
from pathlib import Path
from random import Random

from _secrets_sweep_files import N_FILES
from _secrets_sweep_text import DETECT
from _secrets_sweep_tree import DECOYS, Tree

DRAWS = 200


def is_sound(tree: Tree) -> bool:
    """Tell whether all places can be told apart and every trap costs what it should."""
    live = [one for one in tree.found if one.what == "live"]
    paths = {one.path for one in live}
    if len({(one.path, tree.line_of(one), one.type) for one in live}) < len(live):
        return False
    if any(tree.text(one.path).count(one.spelled) != 1 for one in tree.found):
        return False
    for what in DECOYS:
        places = {one.path for one in tree.found if one.what == what}
        if not places & paths or not places - paths:
            return False
    moved = [
        one
        for one in live
        for broken in live
        if broken.form == "continued" and broken.path == one.path and tree.line_of(broken) < tree.line_of(one)
    ]
    nested = [
        one
        for one in live
        if tree.name_of(one.path, one.type, longest=False) != tree.name_of(one.path, one.type)
    ]
    forms = {(one.path.endswith(".ipynb"), one.form) for one in live}
    repeated = len({one.token for one in live}) < len(live)
    legacy = {one.form for one in live if one.path.startswith("tools/legacy/")} == {"plain"}
    same_line = any(
        one is not other and (one.path, tree.line_of(one)) == (other.path, tree.line_of(other))
        for one in tree.found
        for other in tree.found
    )
    notebooks = {(True, "plain"), (True, "escaped")} <= forms
    return bool(moved) and nested and notebooks and repeated and legacy and not same_line


def draw(seed: int) -> Tree:
    """Return the first tree of this seed in which every trap is alive."""
    for attempt in range(DRAWS):
        try:
            tree = Tree(Random(f"secrets-sweep/{seed}/{attempt}"))
        except IndexError:  # no file was left for a token
            continue
        if is_sound(tree):
            return tree
    raise AssertionError("no draw with all traps alive")


def build(workspace: Path, hidden: Path, seed: int) -> None:
    """Write the tree, the rules and the lists to ``workspace``, and what is right to ``hidden``."""
    tree = draw(seed)
    if len(tree.files.texts) != N_FILES:
        raise AssertionError(f"{len(tree.files.texts)} files")
    for name in sorted(tree.files.texts):
        target = workspace / "tree" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(tree.text(name).encode("ascii"))
    (workspace / "detect.md").write_text(DETECT, "utf-8")
    (workspace / "revoked.txt").write_text(tree.revoked_text(), "utf-8")
    rows = [f"tree/{folder},{kind},{name}" for folder, kind, name in tree.names]
    (workspace / "names.csv").write_text("\n".join(["folder,type,name", *rows]) + "\n", "utf-8")
    live = [
        {
            "path": f"tree/{one.path}",
            "line": tree.line_of(one),
            "type": one.type,
            "form": one.form,
            "token": one.token,
            "spelled": one.spelled,
        }
        for one in tree.found
        if one.what == "live"
    ]
    live.sort(key=lambda one: (one["path"], one["line"], one["type"]))
    paths = sorted({one.path for one in tree.found if one.what == "live"})
    expected = {"live": live, "cleaned": {f"tree/{path}": tree.cleaned(path) for path in paths}}
    (hidden / "expected.json").write_text(json.dumps(expected, indent=1) + "\n", "utf-8")
