"""A comparison as JSON: its data, with the sentences in English whatever the language of the user."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from agentbench.compare import sentences
from agentbench.compare.types import Comparison
from agentbench.i18n import speaking


def as_json(comparisons: Sequence[Comparison]) -> dict[str, Any]:
    """Return the baseline and every comparison with it. Points are 0 to 100, shares 0 to 1, null is not known."""
    with speaking("en"):
        return {
            "baseline": msgspec.to_builtins(comparisons[0].a),
            "comparisons": [_one(comparison) for comparison in comparisons],
        }


def _one(comparison: Comparison) -> dict[str, Any]:
    plain: dict[str, Any] = msgspec.to_builtins(comparison)
    plain["warnings"] = [
        {"code": caveat.code, **caveat.values, "text": caveat.text} for caveat in comparison.caveats
    ]
    del plain["caveats"]
    plain["answer"] = [sentences.headline(comparison), *sentences.details(comparison)]
    return plain
