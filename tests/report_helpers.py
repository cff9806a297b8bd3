"""What the tests of the report share: the runs they render, and a browser's view of a page."""

from __future__ import annotations

from typing import Any

import html5lib
import pytest
from payload_sample import sample
from payloads import hostile, nothing_scored, payload, utility

RUNS = {
    "sample": sample(),
    "hostile": hostile(),
    "nop": utility("nop"),
    "oracle": utility("oracle"),
    "nothing-scored": nothing_scored(),
    "empty": payload([]),
}
HTML = "{http://www.w3.org/1999/xhtml}"


def every_run() -> Any:
    return pytest.mark.parametrize("run", RUNS.values(), ids=RUNS.keys())


def tree(page: str) -> Any:
    """Parse a page as a browser does; a parse error fails the test."""
    return html5lib.HTMLParser(strict=True).parse(page)


def text_of(element: Any) -> str:
    """Return the visible text of an element, scripts and styles left out, white space joined."""
    pieces: list[str] = []

    def walk(node: Any) -> None:
        if node.tag not in (f"{HTML}script", f"{HTML}style"):
            pieces.append(node.text or "")
            for child in node:
                walk(child)
                pieces.append(child.tail or "")

    walk(element)
    return " ".join("".join(pieces).split())


def strings(value: Any) -> list[str]:
    """Return every string value of a JSON value."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for item in value.values() for text in strings(item)]
    return [text for item in value for text in strings(item)] if isinstance(value, list) else []
