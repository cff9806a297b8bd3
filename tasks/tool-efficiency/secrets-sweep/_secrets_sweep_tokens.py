"""The three kinds of credential of this company, which exist nowhere else, and how they are written in files."""

from __future__ import annotations

import base64
import hashlib
import string
from dataclasses import dataclass
from random import Random

TYPES = ("deploy", "ledger", "relay")
LETTERS = string.ascii_letters + string.digits
BASE32 = string.ascii_lowercase + "234567"


def fingerprint(token: str) -> str:
    """Return what the lists know a token by."""
    return hashlib.sha256(token.encode("ascii")).hexdigest()[:16]


def fresh(rng: Random, kind: str) -> str:
    """Return a new valid token."""
    if kind == "deploy":
        body = "".join(rng.choices(LETTERS, k=28))
        return f"dpk_{body}{hashlib.sha256(body.encode('ascii')).hexdigest()[:4]}"
    if kind == "ledger":
        digits = [rng.randrange(10) for _ in range(15)]
        text = "".join(map(str, [*digits, _luhn(digits)]))
        return "LG-" + "-".join(text[i : i + 4] for i in range(0, 16, 4))
    body = "".join(rng.choices(BASE32, k=20))
    return f"rly/{body}/{_weighted(body):02}"


def _luhn(digits: list[int]) -> int:
    doubled = [digit * 2 if place % 2 == 0 else digit for place, digit in enumerate(digits)]
    return -sum(value - 9 if value > 9 else value for value in doubled) % 10


def _weighted(body: str) -> int:
    return sum(place * BASE32.index(letter) for place, letter in enumerate(body, 1)) % 97


def lookalike(rng: Random, kind: str) -> str:
    """Return a token whose check digits are wrong."""
    token = fresh(rng, kind)
    if kind == "deploy":
        last = rng.choice([digit for digit in "0123456789abcdef" if digit != token[-1]])
        return token[:-1] + last
    if kind == "ledger":
        return token[:-1] + str((int(token[-1]) + rng.randint(1, 9)) % 10)
    return f"{token[:-2]}{(int(token[-2:]) + rng.randint(1, 96)) % 97:02}"


def longer(rng: Random, kind: str) -> str:
    """Return a valid token inside a longer word."""
    token = fresh(rng, kind)
    if rng.random() < 0.5:
        return {"deploy": "tmp_", "ledger": "CAT", "relay": "x-"}[kind] + token
    return token + {"deploy": "0f", "ledger": "-0001", "relay": "4"}[kind]


def encoded(rng: Random, token: str) -> str:
    """Return a token in base64, alone or behind a user name."""
    user = rng.choice(("", "", "svc-robot:", "deploy:", "api:"))
    return base64.b64encode(f"{user}{token}".encode("ascii")).decode("ascii")


def continued(rng: Random, token: str) -> str:
    """Return a token broken by a backslash at the end of a line."""
    at = rng.randint(9, len(token) - 6)
    return f"{token[:at]}\\\n{token[at:]}"


@dataclass
class Found:
    """One place of the tree where a token stands, or something like one."""

    path: str
    type: str
    what: str
    """``live``, or the kind of decoy: lookalike, example, revoked, longer."""
    form: str
    """``plain``, ``base64``, ``continued``, ``escaped``."""
    token: str
    spelled: str
    """How it is written in the file, line break included."""
