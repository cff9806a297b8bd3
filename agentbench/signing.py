"""The seed format's signature: an HMAC whose key everybody can compute.

It shows that the bytes of a result are undamaged, and nothing more; docs/integrity.md says so.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from typing import Any

from agentbench.codec import canonical_json


def key(run_id: str, suite_version: str) -> bytes:
    """Return the key of a run's signature."""
    return f"agentbench-v1-{run_id}-{suite_version}-integrity".encode()


def signed_bytes(payload: Mapping[str, Any]) -> bytes:
    """Return the bytes that are signed: canonical JSON (RFC 8785) of the payload without ``signature``."""
    return canonical_json({name: value for name, value in payload.items() if name != "signature"})


def sign(payload: Mapping[str, Any]) -> str:
    """Return the signature of a results payload: HMAC-SHA256 as hex."""
    secret = key(str(payload["run_id"]), str(payload["suite_version"]))
    return hmac.new(secret, signed_bytes(payload), hashlib.sha256).hexdigest()


def is_intact(payload: Mapping[str, Any]) -> bool:
    """Return whether the payload carries its own right signature."""
    given = str(payload.get("signature", "")).encode("utf-8", "surrogatepass")
    return hmac.compare_digest(given, sign(payload).encode())
