"""Finds a person's data in a text, in whatever writing: plain, escaped, quoted-printable, Base64, percent-encoded."""

import base64
import binascii
import quopri
import re
from urllib.parse import unquote

NEAR = 45
"""How many characters away the name or firm of the other person may stand."""


def readings(data: bytes) -> list[str]:
    """Return the text of a file as it stands and as it reads once decoded, in lower case."""
    plain = data.decode("utf-8", "replace")
    found = {plain, data.decode("utf-16", "replace") if data[:2] in {b"\xff\xfe", b"\xfe\xff"} else plain}
    found |= {data.decode("latin-1")}
    found.add(quopri.decodestring(data).decode("utf-8", "replace"))
    found.add(re.sub(r"\\u([0-9a-fA-F]{4})", lambda hit: chr(int(hit[1], 16)), plain))
    found.add(unquote(plain))
    words = [_decoded(word) for word in re.findall(r"[A-Za-z0-9+/]{12,}={0,2}", plain)]
    found.add("\n".join(words))
    return sorted(text.casefold() for text in found)


def _decoded(word: str) -> str:
    try:
        return base64.b64decode(word + "=" * (-len(word) % 4)).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return ""


def trace(text: str, hers: dict, allowed: tuple[str, ...]) -> str | None:
    """Return what of her data stands in a lower-case text, None if nothing does.

    Her last name may stand near one of ``allowed``: the other bearer's first name and firm.
    """
    if re.search(rf"(?<!\w){re.escape(hers['first'])}(?!\w)", text):
        return "her first name"
    for last in hers["last"]:
        for hit in re.finditer(re.escape(last), text):
            around = text[max(0, hit.start() - NEAR) : hit.end() + NEAR]
            if not any(word in around for word in allowed):
                return "her last name"
    if any(born in text for born in hers["born"]):
        return "her birthday"
    for line in text.splitlines():
        if hers["digits"] in re.sub(r"\D", "", line):
            return "her direct line"
    return None


def trace_in(data: bytes, hers: dict, allowed: tuple[str, ...]) -> str | None:
    """Return what of her data stands in a file, None if nothing does."""
    for text in readings(data):
        if found := trace(text, hers, allowed):
            return found
    return None
