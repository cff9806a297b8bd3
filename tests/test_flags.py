"""The table of flags: every one that is given is in it, and the docs say the same."""

from __future__ import annotations

import ast
import re

from agentbench.flags import FLAGS, excluding
from agentbench.paths import CHECKOUT, PACKAGE


def test_every_flag_that_is_given_has_a_meaning() -> None:
    """No code of a flag anywhere in the package is missing from the table, and none in it is never given."""
    given = set()
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Flag":
                codes = [key.value for key in node.keywords if key.arg == "code"]
                given |= {code.value for code in codes if isinstance(code, ast.Constant)}
            elif isinstance(node, ast.Dict) and node.keys and all(isinstance(v, ast.List) for v in node.values):
                given |= {key.value for key in node.keys if isinstance(key, ast.Constant) and key.value in FLAGS}
    assert given == set(FLAGS)


def test_the_docs_list_them_all() -> None:
    """With the same words, in docs/integrity.md."""
    text = (CHECKOUT / "docs" / "integrity.md").read_text("utf-8")
    rows = re.findall(r"^\| `([a-z-]+)` \| (.+) \| (yes|no) \|$", text, re.MULTILINE)
    assert {code: (says, word == "yes") for code, says, word in rows} == {
        code: (meaning.says, meaning.excludes) for code, meaning in FLAGS.items()
    }


def test_an_unknown_flag_excludes() -> None:
    """What nobody can explain nobody should vouch for."""
    assert not excluding([])
    assert not excluding(["no-work"])
    assert excluding(["no-work", "unsandboxed"])
    assert excluding(["from-the-future"])
