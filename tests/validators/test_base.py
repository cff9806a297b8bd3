"""Evidence is worded for people: values as JSON has them, and numbers that agree with their nouns."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import msgspec
import pytest
from bench import Bench

from agentbench.validators.base import CheckFailed, count_of, in_words, number, same_map, same_set


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "null"),
        (True, "true"),
        (1.5, "1.5"),
        ("naïve 'x'", "\"naïve 'x'\""),
        ({"default": "a"}, "an object"),
        ([1, 2], "a list"),
        (Decimal("1.50"), "1.50"),
    ],
)
def test_values_are_shown_as_json_has_them(value: Any, shown: str) -> None:
    """Never with the words of Python: no NoneType, no repr of a dictionary."""
    assert in_words(value) == shown


@pytest.mark.parametrize(
    ("amount", "what", "shown"),
    [
        (1, "right findings", "1 right finding"),
        (2, "rows", "2 rows"),
        (0, "rows", "0 rows"),
        (1, "entries", "1 entry"),
    ],
)
def test_numbers_agree_with_their_nouns(amount: int, what: str, shown: str) -> None:
    """One thing is singular."""
    assert count_of(amount, what) == shown


def test_a_wrong_number_is_named_as_json_has_it() -> None:
    """``null`` and objects where a number belongs."""
    for value, shown in ((None, "null"), ({"a": 1}, "an object"), ("x", '"x"')):
        with pytest.raises(CheckFailed) as caught:
            number(value)
        assert caught.value.found == shown


def test_wrong_values_stand_beside_the_right_ones() -> None:
    """Values of two kinds by their kind; two containers whole, as their kinds would say nothing."""
    found = same_map({"a": "x", "b": [1, 2], "c": 1}, {"a": None, "b": [1], "c": {"d": 1}}, "values").found
    assert found == '3 wrong: a: null instead of "x"; b: [1] instead of [1, 2]; c: an object instead of 1'


def test_sets_name_what_is_missing_and_extra() -> None:
    """A missing text bears no quotes; null is called null; one is singular."""
    verdict = same_set({"a"}, {None}, "names")
    assert (verdict.expected, verdict.found) == ("exactly the 1 right name", "1 missing: a; 1 extra: null")
    assert same_set({"a"}, {"a"}, "names").found == "1 name, all right"


def test_what_checks_share_is_made_once_for_a_turn(bench: Bench) -> None:
    """Also a failure: it is raised again, without a second try."""
    calls: list[str] = []

    def fails() -> int:
        calls.append("fails")
        raise CheckFailed("a number", "none")

    ctx = bench.context
    assert [ctx.once("list", lambda: calls.append("made") or [1]) for _ in range(2)] == [[1], [1]]
    for again in (ctx, msgspec.structs.replace(ctx, pattern="other.txt")):
        with pytest.raises(CheckFailed, match="a number"):
            again.once("number", fails)
    assert calls == ["made", "fails"]
