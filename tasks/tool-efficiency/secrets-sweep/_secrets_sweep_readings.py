"""What has the form of a credential in the bytes of a file, however it is written there."""

from __future__ import annotations

import base64
import binascii
import codecs
import re
from collections.abc import Iterator
from urllib.parse import unquote

BODY = re.compile(r"dpk_[A-Za-z0-9]{28}[0-9a-f]{4}|LG(?:-\d{4}){4}|rly/[a-z2-7]{20}/\d\d", re.ASCII)
WORD = re.compile(r"[A-Za-z0-9+/]{24,}={0,2}")
HEX = re.compile(r"(?:[0-9a-fA-F]{2}){22,}")
DEPTH = 4


def decoded(data: bytes) -> str:
    """Return the text of a file: UTF-16 with a byte order mark, or one character for each byte."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", "replace")
    return data.decode("latin-1")


def tokens(data: bytes) -> set[str]:
    """Return all tokens in the bytes of a file, also inside longer words, in every form of detect.md."""
    return set(_tokens(decoded(data).replace("\r\n", "\n"), DEPTH))


def _tokens(text: str, depth: int) -> Iterator[str]:
    flat = re.sub(r"\\\n[ \t]*", "", text)
    flat = re.sub(r"([\"'])[\s+]*\1", "", flat)
    flat = re.sub(r"\\u00([0-9a-fA-F]{2})", lambda hit: chr(int(hit[1], 16)), flat).replace("\\/", "/")
    for reading in {text, unquote(flat, "latin-1")}:
        yield from BODY.findall(reading)
    if not depth:
        return
    whole = [re.sub(r"\s", "", block) for block in _blocks(text)]
    for word in (*WORD.findall(text), *whole):
        try:
            said = base64.b64decode(word, validate=True)
        except (binascii.Error, ValueError):
            continue
        if said.isascii():
            yield from _tokens(said.decode("ascii"), depth - 1)
    for word in HEX.findall(text):
        yield from _tokens(bytes.fromhex(word).decode("latin-1"), depth - 1)


def _blocks(text: str) -> Iterator[str]:
    """Yield what stands between BEGIN and END lines; a text with many of the one and none of the other is no trap."""
    end = 0
    while (begin := text.find("-----BEGIN ", end)) >= 0:
        start = text.find("\n", begin) + 1
        end = text.find("-----END", start)
        if not start or end < 0:
            return
        yield text[start:end]
