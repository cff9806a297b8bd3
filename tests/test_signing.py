"""The signature: HMAC-SHA256 over canonical JSON, the same hex that openssl gives; damage shows."""

from __future__ import annotations

import copy
import shutil
import subprocess
from typing import Any

import pytest
from payloads import payload, simple_task

from agentbench import signing


@pytest.fixture
def signed() -> dict[str, Any]:
    """Return a payload with its right signature."""
    made = payload([simple_task("demo", "é")])
    made["signature"] = signing.sign(made)
    return made


def test_key_is_the_one_of_the_seed_format() -> None:
    """agentbench-v1-{run_id}-{suite_version}-integrity."""
    assert signing.key("20250101-000000", "1.0.0") == b"agentbench-v1-20250101-000000-1.0.0-integrity"


def test_openssl_gives_the_same_hex(signed: dict[str, Any]) -> None:
    """Anybody can check a result without this program."""
    openssl = shutil.which("openssl")
    assert openssl, "openssl is part of every machine that runs these tests"
    key = signing.key(signed["run_id"], signed["suite_version"]).decode()
    done = subprocess.run(
        [openssl, "dgst", "-sha256", "-hmac", key],
        input=signing.signed_bytes(signed),
        capture_output=True,
        check=True,
    )
    assert done.stdout.decode().split()[-1] == signed["signature"]


def test_key_order_and_the_signature_itself_are_not_signed(signed: dict[str, Any]) -> None:
    """The same content in another order, or before it was signed, gives the same bytes."""
    turned = dict(reversed(signed.items()))
    assert signing.signed_bytes(turned) == signing.signed_bytes(signed)
    del turned["signature"]
    assert signing.sign(turned) == signed["signature"]
    assert signing.is_intact(signed)


@pytest.mark.parametrize("field", ["overall_score", "run_id", "suite_version", "model", "notes"])
def test_any_change_breaks_it(signed: dict[str, Any], field: str) -> None:
    """A changed field, also one deep inside, no longer matches."""
    changed = copy.deepcopy(signed)
    changed[field] = "other"
    assert not signing.is_intact(changed)
    deep = copy.deepcopy(signed)
    deep["tasks"][0]["name"] += " "
    assert not signing.is_intact(deep)


@pytest.mark.parametrize("signature", ["", None, "é", "\udcff", 7, "0" * 64])
def test_a_signature_of_any_shape_is_just_not_right(signed: dict[str, Any], signature: object) -> None:
    """Damage in the signature itself is an answer, not an exception."""
    assert not signing.is_intact({**signed, "signature": signature})
    del signed["signature"]
    assert not signing.is_intact(signed)
