"""Tokens to cost, by a dated price table. An unknown price gives an unknown cost, never 0.

Prices are public list prices in US dollars per million tokens. `load_prices` adds a user's own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import msgspec

from agentbench.errors import UsageError
from agentbench.model import Frozen, Tokens

PRICES_AS_OF = "2025-11-01"
_DATE = re.compile(r"-(?:\d{4}-\d{2}-\d{2}|\d{8})\Z")
_MILLION = 1_000_000


class Price(Frozen):
    """What a model costs, in USD per million tokens. None where the provider names no price of its own."""

    input: float
    output: float
    cached_input: float | None = None
    cache_write: float | None = None


Prices = Mapping[str, Price]

PRICES: Prices = {
    "gpt-5": Price(input=1.25, output=10.0, cached_input=0.125),
    "gpt-5-mini": Price(input=0.25, output=2.0, cached_input=0.025),
    "gpt-5-nano": Price(input=0.05, output=0.4, cached_input=0.005),
    "gpt-4.1": Price(input=2.0, output=8.0, cached_input=0.5),
    "gpt-4.1-mini": Price(input=0.4, output=1.6, cached_input=0.1),
    "gpt-4o": Price(input=2.5, output=10.0, cached_input=1.25),
    "gpt-4o-mini": Price(input=0.15, output=0.6, cached_input=0.075),
    "claude-opus-4-1": Price(input=15.0, output=75.0, cached_input=1.5, cache_write=18.75),
    "claude-sonnet-4-5": Price(input=3.0, output=15.0, cached_input=0.3, cache_write=3.75),
    "claude-sonnet-4": Price(input=3.0, output=15.0, cached_input=0.3, cache_write=3.75),
    "claude-haiku-4-5": Price(input=1.0, output=5.0, cached_input=0.1, cache_write=1.25),
}


def cost_usd(model: str | None, tokens: Tokens, prices: Prices = PRICES) -> float | None:
    """Return the cost of ``tokens`` with ``model`` in USD; None when the price or a count is not known.

    A provider prefix (``openai/``) and a trailing date of the name do not matter. Cached tokens without a price of
    their own cost as much as new ones.
    """
    price = _price(model, prices)
    if price is None or tokens.input is None or tokens.output is None:
        return None
    cached = price.input if price.cached_input is None else price.cached_input
    written = price.input if price.cache_write is None else price.cache_write
    parts = (
        tokens.input * price.input,
        tokens.output * price.output,
        (tokens.cache_read or 0) * cached,
        (tokens.cache_write or 0) * written,
    )
    return sum(parts) / _MILLION


def is_priced(model: str | None, prices: Prices = PRICES) -> bool:
    """Return whether a price of ``model`` is known."""
    return _price(model, prices) is not None


def load_prices(path: Path) -> dict[str, Price]:
    """Return our prices with those of a JSON file ``{model: {input, output, cached_input, cache_write}}`` over them.

    Raises UsageError in one line.
    """
    where = f"--prices {path}"
    try:
        own = msgspec.json.decode(path.read_bytes(), type=dict[str, Price])
    except OSError as error:
        raise UsageError(error.strerror or "cannot be read", where=where) from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        hint = 'For example {"my-model": {"input": 0.2, "output": 0.6}}, USD per million tokens.'
        raise UsageError(str(error), where=where, hint=hint) from None
    if bad := next((name for name, price in own.items() if price.input < 0 or price.output < 0), None):
        raise UsageError(f"the price of {bad!r} is negative", where=where)
    return {**PRICES, **own}


def _price(model: str | None, prices: Prices) -> Price | None:
    if model is None:
        return None
    short = model.rpartition("/")[2]
    names = (model, short, _DATE.sub("", short))
    return next((prices[name] for name in names if name in prices), None)
