"""The validators about words: proportional pools, word counts, links and replies."""

from __future__ import annotations

import pytest
from bench import Bench, fill

from agentbench.model import CheckStatus

TEXT = "# Summary\n\nThe Budget is 2024 EUR.\n\n## Next Steps\n"


@pytest.mark.parametrize(
    ("sections", "points"),
    [
        (["summary", "NEXT STEPS"], 40.0),
        (["Summary", "Risks"], 20.0),
        (["Summary", "Risks", "Owners", "Dates"], 10.0),
        (["Risks"], 0.0),
        ([2024, "budget"], 40.0),
        ([2025, "budget"], 20.0),
        ([], 0.0),
    ],
)
def test_content_contains_shares_a_pool_of_40(bench: Bench, sections: list[object], points: float) -> None:
    """40 · found / all, without case; numbers in the YAML are words too; no phrases win nothing."""
    fill(bench.left, {"out.md": TEXT})
    assert bench.points("content-contains", "out.md", sections=sections) == points


def test_content_contains_joins_files_and_lists(bench: Bench) -> None:
    """The phrases may stand in any file of the pattern; ``sections`` and ``contains`` are one pool."""
    fill(bench.left, {"a.md": "alpha", "b.md": "beta"})
    found = bench.judge("content-contains", "*.md", sections=["alpha", "gamma"], contains=["beta", "delta"])
    assert (found.status, found.points) == (CheckStatus.PARTIAL, 20.0)
    assert found.found == "missing: gamma, delta"


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00summary"])
def test_content_contains_wins_nothing_from_what_is_no_text(bench: Bench, content: bytes | None) -> None:
    """A folder or bytes that are not UTF-8 lose the check; they do not break the trial."""
    fill(bench.left, {"out.md": content})
    found = bench.judge("content-contains", "out.md", sections=["summary"])
    assert (found.status, found.points) == (CheckStatus.FAILED, 0.0)


def test_content_contains_ignores_bom_and_line_ends(bench: Bench) -> None:
    """CRLF and a byte order mark are no content."""
    fill(bench.left, {"out.md": b"\xef\xbb\xbfone\r\ntwo"})
    assert bench.points("content-contains", "out.md", sections=["one\ntwo"]) == 40.0


@pytest.mark.parametrize(
    ("words", "points"),
    [
        (49, 0.0),
        (50, 15.0),
        (99, 15.0),
        (100, 30.0),
        (200, 30.0),
        (201, 15.0),
        (400, 15.0),
        (401, 0.0),
        (0, 0.0),
    ],
)
def test_word_count_range_at_every_boundary(bench: Bench, words: int, points: float) -> None:
    """100 to 200: 30 within, 15 from half (50) to double (400), both included, else 0."""
    fill(bench.left, {"out.md": "word \n" * words})
    assert bench.points("word-count-range", "out.md", min=100, max=200) == points


def test_word_count_range_of_a_missing_file_is_0(bench: Bench) -> None:
    """Also where 0 words would be within the range."""
    assert bench.points("word-count-range", "out.md", min=0, max=10) == 0.0


@pytest.mark.parametrize(
    ("text", "points"),
    [
        ("[[a]] [[b|c]] [[d#e]]", 30.0),
        ("[a](b) [c](d)", 30.0),
        ('<a href="x">x</a>', 30.0),
        ("[[a]] [[b]] [[c]] [d](e)", 15.0),
        ("[[a]] " * 7 + "[x](y) " * 3, 0.0),
        ("[[a]] " * 71 + "[x](y) " * 29, 15.0),
        ("[[a]] [b](c)", 0.0),
        ("![picture](x.png)", 0.0),
        ("no links", 0.0),
    ],
)
def test_link_consistency_at_every_boundary(bench: Bench, text: str, points: float) -> None:
    """One style 30, one style above 70 % (not at it) 15, else 0; pictures are no links."""
    fill(bench.left, {"kb/note.md": text, "other.txt": "[x](y) [[z]]"})
    assert bench.points("link-consistency", "kb") == points


def test_link_consistency_takes_the_files_named(bench: Bench) -> None:
    """``files`` chooses among all files of the workspace."""
    fill(bench.left, {"a.md": "[[a]]", "b.html": '<a href="x">x</a>', "c.html": "[[mixed]]"})
    assert bench.points("link-consistency", files="*.md") == 30.0
    assert bench.points("link-consistency", files="*.html") == 0.0


def test_link_consistency_is_linear_in_hostile_text(bench: Bench) -> None:
    """A megabyte of opening brackets is judged at once, not in quadratic time."""
    fill(bench.left, {"a.md": "[" * 1_000_000 + "[[a]]", "b.md": "<a " * 300_000})
    assert bench.judge("link-consistency").status is not CheckStatus.SKIPPED


@pytest.mark.parametrize(
    ("reply", "points"), [("It is Done, 42 rows", 30.0), ("done", 15.0), ("nothing of it", 0.0), ("", 0.0)]
)
def test_response_contains_is_proportional(bench: Bench, reply: str, points: float) -> None:
    """30 · found / all, without case."""
    assert bench.knows(reply=reply).points("response-contains", contains=["done", 42]) == points


@pytest.mark.parametrize(
    ("reply", "points"), [("All fine.", 30.0), ("The SECRET is out", 0.0), ("   ", 0.0), ("7 things", 0.0)]
)
def test_response_not_contains_needs_a_reply(bench: Bench, reply: str, points: float) -> None:
    """Saying nothing is no way to keep a secret for points."""
    assert bench.knows(reply=reply).points("response-not-contains", contains=["secret", 7]) == points


@pytest.mark.parametrize("kind", ["response-contains", "response-not-contains"])
def test_reply_nobody_recorded_is_skipped(bench: Bench, kind: str) -> None:
    """Not recorded is not empty: the check leaves the reckoning."""
    assert bench.judge(kind, contains=["x"]).status is CheckStatus.SKIPPED
