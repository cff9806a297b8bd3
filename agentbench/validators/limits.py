"""Read JSON and CSV that an agent wrote, within limits: no grader dies of them, or takes hours. Raises ValueError."""

from __future__ import annotations

import csv
import io
import json
import math
from typing import Any

MAX_PARSED_CHARS = 8 * 1024 * 1024
MAX_CELLS = 2_000_000
"""Of a CSV file: rows by columns."""
MAX_JSON_DEPTH = 100


def parse_json(text: str) -> Any:
    """Return the value of a JSON text; NaN, numbers beyond a float and deep nesting count as invalid."""
    _require(text)
    try:
        value = json.loads(text, parse_constant=_refuse_constant, parse_float=_finite)
    except RecursionError as error:
        raise ValueError(str(error)) from None
    _refuse_depth(value)
    return value


def csv_rows(text: str, delimiter: str) -> list[list[str]]:
    """Return the rows of a CSV text that are not blank."""
    _require(text)
    rows: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(text), delimiter=delimiter, skipinitialspace=True):
            if any(cell.strip() for cell in row):
                rows.append(row)
                if len(rows) * len(rows[0]) > MAX_CELLS:
                    raise ValueError(f"more than {MAX_CELLS} cells")
    except csv.Error as error:
        raise ValueError(str(error)) from None
    return rows


def _require(text: str) -> None:
    if len(text) > MAX_PARSED_CHARS:
        raise ValueError(f"{len(text)} characters, more than {MAX_PARSED_CHARS}")


def _refuse_constant(name: str) -> float:
    raise ValueError(f"{name} is not JSON")


def _finite(text: str) -> float:
    if math.isinf(value := float(text)):
        raise ValueError("a number is beyond all bounds")
    return value


def _refuse_depth(value: Any) -> None:
    level = [value]
    for _ in range(MAX_JSON_DEPTH):
        nested = [item for item in level if isinstance(item, (dict, list))]
        if not nested:
            return
        level = [inner for item in nested for inner in (item.values() if isinstance(item, dict) else item)]
    raise ValueError(f"nesting over {MAX_JSON_DEPTH} levels")
