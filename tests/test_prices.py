"""Tokens to cost: exact where price and counts are known, unknown where not, never a guess."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from agentbench import usage
from agentbench.errors import UsageError
from agentbench.model import Tokens
from agentbench.usage import Price

PRICES = {
    "m": Price(input=2.0, output=10.0, cached_input=0.5, cache_write=2.5),
    "plain": Price(input=2.0, output=10.0),
}
SPENT = Tokens(input=1_000_000, output=100_000, cache_read=400_000, cache_write=40_000)


@pytest.mark.parametrize(
    ("model", "cost"),
    [
        ("m", 2.0 + 1.0 + 0.2 + 0.1),
        ("x/m", 3.3),
        ("m-2025-01-31", 3.3),
        ("x/m-20250131", 3.3),
        ("plain", 2.0 + 1.0 + 0.8 + 0.08),
        ("m-mini", None),
        (None, None),
    ],
)
def test_cost(model: str | None, cost: float | None) -> None:
    """In USD, each kind of token at its own price; a prefix and a date of the name do not matter."""
    found = usage.cost_usd(model, SPENT, PRICES)
    assert found == (None if cost is None else pytest.approx(cost))


def test_unknown_counts_cost_an_unknown_sum() -> None:
    """Not zero."""
    assert usage.cost_usd("m", Tokens(input=5), PRICES) is None
    assert usage.cost_usd("m", Tokens(), PRICES) is None


def test_prices_of_ones_own(tmp_path: Path) -> None:
    """Over the table, which stays."""
    path = tmp_path / "prices.json"
    path.write_text(json.dumps({"my-model": {"input": 0.2, "output": 0.6}, "gpt-5": {"input": 9, "output": 9}}))
    prices = usage.load_prices(path)
    assert usage.is_priced("my-model", prices)
    assert prices["gpt-5"].input == 9
    assert prices["gpt-4o"] == usage.PRICES["gpt-4o"]


@pytest.mark.parametrize(
    ("text", "said"),
    [("{", "--prices"), ('{"m": {"input": 1}}', "output"), ('{"m": {"input": -1, "output": 1}}', "negative")],
)
def test_a_wrong_price_file_is_one_line(tmp_path: Path, text: str, said: str) -> None:
    """Which file, and what."""
    path = tmp_path / "prices.json"
    path.write_text(text)
    with pytest.raises(UsageError, match=said) as caught:
        usage.load_prices(path)
    assert "\n" not in str(caught.value)
