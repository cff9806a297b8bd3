"""Read a results.json that lies on disk: it may be damaged, foreign, or made by somebody who means harm."""

from __future__ import annotations

from functools import cache
from typing import Any

import jsonschema_rs
import msgspec

from agentbench import ledger, signing
from agentbench.codec import sha256
from agentbench.errors import ResultsError
from agentbench.paths import RunPaths, data_dir

MAX_BYTES = 64 * 1024**2


def load(run: RunPaths) -> dict[str, Any]:
    """Return the results payload of a finished run.

    Raises ResultsError when the run is not finished, or the file is no results file by its schema.
    """
    where = str(run.results)
    if not run.results.is_file():
        raise ResultsError(
            "the run is not finished", where=run.run_id, hint="`agentbench status` goes on with it."
        )
    try:
        if (size := run.results.stat().st_size) > MAX_BYTES:
            raise ResultsError(f"{size} bytes is too large for a results file", where=where)
        payload = msgspec.json.decode(run.results.read_bytes())
    except (OSError, msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ResultsError(f"cannot be read ({error})", where=where) from None
    fault = next(iter(_validator().iter_errors(payload)), None)
    if fault is not None:
        place = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in fault.instance_path)
        shown = f"${place} " if place else ""
        raise ResultsError(f"is not a results file: {shown}{fault.message[:200]}", where=where)
    assert isinstance(payload, dict)
    return payload


@cache
def _validator() -> jsonschema_rs.Draft202012Validator:
    schema = msgspec.json.decode((data_dir("schemas") / "results.schema.json").read_bytes())
    return jsonschema_rs.Draft202012Validator(schema)


def load_intact(run: RunPaths) -> dict[str, Any]:
    """Return the payload of a finished run. Raises ResultsError when it is damaged or was edited."""
    payload = load(run)
    if not signing.is_intact(payload):
        raise ResultsError(
            "the signature does not match", where=str(run.results), hint="The file was changed."
        )
    recorded = [entry.data.get("results") for entry in ledger.read(run) if entry.event == "run-finished"]
    if recorded and sha256(run.results.read_bytes()) not in recorded:
        raise ResultsError(
            "is not the file that the run ended with", where=str(run.results), hint="See its ledger."
        )
    return payload
