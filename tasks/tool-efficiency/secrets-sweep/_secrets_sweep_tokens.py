"""The three kinds of credential of this company, which exist nowhere else, and how they are written in files."""

from __future__ import annotations

import base64
import hashlib
import string
from dataclasses import dataclass
from random import Random

TYPES = ("deploy", "ledger", "relay")
LETTERS = string.ascii_letters + string.digits
WIDTH = 40
ENCODED = ("base64", "base64 twice", "block", "hex", "HEX")
#: Forms in which the characters around a token show only after reading the text as its language does.
JOINED = ("continued", "folded", "pieces")
ESCAPED = ("percent", "escaped", "unicode", "newline")
PIECES = ('" "', '" + "', '"\n    "')
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


def inner_text(rng: Random, tokens: list[str]) -> str:
    """Return what is encoded: a token, one behind a user name, or the lines of a whole configuration."""
    if len(tokens) == 1:
        return rng.choice(("", "", "svc-robot:", "deploy:", "api:")) + tokens[0]
    lines = [f"retries = {rng.randint(2, 9)}"]
    for token in tokens:
        lines += [f"{rng.choice(('access', 'upstream', 'partner', 'key'))} = {token}"]
        lines += [f"{rng.choice(('limit', 'depot', 'batch'))} = {rng.randint(10, 99)}"]
    return "\n".join(lines) + "\n"


def encode(form: str, text: str) -> str:
    """Return how an inner text is written in one of the encoded forms."""
    data = text.encode("ascii")
    if form in ("hex", "HEX"):
        return data.hex() if form == "hex" else data.hex().upper()
    word = base64.b64encode(data)
    if form == "base64 twice":
        word = base64.b64encode(word)
    shown = word.decode("ascii")
    if form == "block":
        return "\n".join(shown[at : at + WIDTH] for at in range(0, len(shown), WIDTH))
    return shown


def spell(rng: Random, form: str, token: str) -> str:
    """Return how a token is written in one of the forms that are read character by character."""
    at = rng.randint(9, len(token) - 6)
    head, tail = token[:at], token[at:]
    if form == "continued":
        return f"{head}\\\n{tail}"
    if form == "folded":
        return f"{head}\\\n    {tail}"
    if form == "pieces":
        return f"{head}{rng.choice(PIECES)}{tail}"
    if form == "percent":
        return "".join(f"%{ord(sign):02X}" if sign in "/-_" else sign for sign in token)
    if form == "escaped":
        return token.replace("/", "\\/")
    if form == "unicode":
        chosen = {0, at, rng.randint(4, 8)}
        signs = [f"\\u{ord(sign):04x}" if place in chosen else sign for place, sign in enumerate(token)]
        return "".join("\\/" if sign == "/" else sign for sign in signs)
    return token


@dataclass
class Token:
    """Something that has the form of a credential."""

    value: str
    kind: str
    why: str
    """``live``, ``lookalike``, ``example``, ``revoked``, ``longer``, or ``log``: the log speaks about it."""
    live: bool


@dataclass
class Spot:
    """One piece of a file in which one token stands, or several in an encoded text."""

    path: str
    form: str
    tokens: list[Token]
    inner: str
    """What is encoded, in an encoded form."""
    spelled: str
    """How it is written in the file, line breaks as LF."""
