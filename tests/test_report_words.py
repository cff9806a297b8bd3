"""Figures in words: rounding, units, and what is not known."""

from __future__ import annotations

from typing import Any

import pytest

from agentbench.report import words


@pytest.mark.parametrize(
    ("function", "value", "shown"),
    [
        (words.score, 79.96, "80.0"),
        (words.score, 0.0, "0.0"),
        (words.score, None, "–"),
        (words.band, 79.96, "good"),
        (words.band, 79.94, "fair"),
        (words.band, 60, "fair"),
        (words.band, 59.94, "poor"),
        (words.band, 0, "poor"),
        (words.band, None, "none"),
        (words.percent, 1.0, "100%"),
        (words.percent, 0.9999, "99.9%"),
        (words.percent, 0.705, "70.5%"),
        (words.percent, None, "–"),
        (words.count, 1240312, "1,240,312"),
        (words.count, 8.5, "8.5"),
        (words.count, 0, "0"),
        (words.size, 999, "999 B"),
        (words.size, 2100, "2.1 kB"),
        (words.size, 999_960, "1.0 MB"),
        (words.money, 4.125, "$4.12"),
        (words.money, 0.0004, "$0.0004"),
        (words.money, 0, "$0.00"),
        (words.seconds, 0.44, "0.4 s"),
        (words.seconds, 9.97, "10 s"),
        (words.seconds, 59.7, "1 min"),
        (words.seconds, 185, "3 min 5 s"),
        (words.seconds, 7260, "2 h 1 min"),
        (words.seconds, None, "–"),
        (words.points, 12.5, "12.5"),
        (words.points, 30.0, "30"),
        (words.when, "2026-11-19T08:11:58Z", "19 November 2026, 08:11 UTC"),
        (words.when, "some day", "some day"),
        (words.joined, ["a", "b", "c"], "a, b and c"),
        (words.joined, [], ""),
        (words.clean, "a\x1b\u202eb\r", r"a\x1b\u202eb\x0d"),
        (words.clean, ({"\x07": ("\x1b",)},), [{r"\x07": [r"\x1b"]}]),
        (words.clean, "שלום\tüñ 漢字\n", "שלום\tüñ 漢字\n"),
    ],
)
def test_words(function: Any, value: Any, shown: str) -> None:
    assert function(value) == shown
