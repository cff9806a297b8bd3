"""Bytes in, bytes out: canonical JSON, strict decoding, and writes that are whole or not there."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from agentbench import codec
from agentbench.errors import AgentBenchError, EnvironmentNotReady, ResultsError
from agentbench.model import Flag, Tokens


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"b": 1, "a": [True, None, 1.0]}, '{"a":[true,null,1],"b":1}'),
        ({"ä": "\n", "a": 1e21}, '{"a":1e+21,"ä":"\\n"}'),
        (Flag(code="c", detail="d"), '{"code":"c","detail":"d"}'),
        (Path("/tmp/x"), '"/tmp/x"'),
        ([0.1, -0.0, 100], "[0.1,0,100]"),
    ],
)
def test_canonical_json_is_rfc_8785(value: object, text: str) -> None:
    """Sorted keys, no spaces, shortest numbers, UTF-8 as it is."""
    assert codec.canonical_json(value) == text.encode()


@pytest.mark.parametrize(
    "value", [float("nan"), float("inf"), 2**60, {1: 2}, "\ud800", {"\ud800": 1}, object()]
)
def test_canonical_json_refuses_what_json_cannot_say(value: object) -> None:
    """NaN, infinity, integers beyond 2**53, keys that are no text, lone surrogates, foreign types."""
    with pytest.raises(ResultsError, match="stored as JSON"):
        codec.canonical_json(value)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b'{"code": "a"}', "missing required field `detail`"),
        (b'{"code": "a", "detail": 1}', r"Expected `str`, got `int` - at `\$.detail`"),
        (b'{"code": "a", "detail": "b", "more": 1}', "unknown field `more`"),
        (b'{"code": "a", ', "truncated"),
        (b'{"code": "\xff", "detail": ""}', "x.json: "),
        (b"[" * 100_000, "x.json: "),
        (b"", "truncated"),
    ],
)
def test_decoding_is_strict_and_names_the_file(data: bytes, message: str) -> None:
    """Whatever is in the file: one ResultsError that names it, and the field where there is one."""
    with pytest.raises(ResultsError, match=message) as caught:
        codec.decode_json(data, Flag, where="x.json")
    assert str(caught.value).startswith("x.json: ")


def test_written_json_reads_back(tmp_path: Path) -> None:
    """A struct survives; unknown stays unknown; folders are made."""
    path = tmp_path / "a" / "b" / "tokens.json"
    data = codec.write_json(path, Tokens(input=3))
    assert path.read_bytes() == data
    assert codec.read_json(path, Tokens) == Tokens(input=3)
    assert codec.read_json(path, Tokens).output is None


def test_reading_what_is_not_there_is_a_results_error(tmp_path: Path) -> None:
    """Absent and unreadable files are named."""
    for path in (tmp_path / "gone.json", tmp_path):
        with pytest.raises(ResultsError, match=str(path)):
            codec.read_json(path, Flag)


def test_atomic_write_replaces_and_leaves_nothing_beside(tmp_path: Path) -> None:
    """Only the new content is there afterwards, with the mode asked for."""
    path = tmp_path / "key"
    codec.atomic_write(path, b"old")
    codec.atomic_write(path, b"new", mode=0o600)
    assert path.read_bytes() == b"new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [left.name for left in tmp_path.iterdir()] == ["key"]


def test_atomic_write_that_fails_keeps_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that fills up while writing: the old bytes stay, no temporary file remains."""
    path = tmp_path / "file"
    codec.atomic_write(path, b"old")

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(EnvironmentNotReady, match="No space left on device"):
        codec.atomic_write(path, b"new")
    assert path.read_bytes() == b"old"
    assert [left.name for left in tmp_path.iterdir()] == ["file"]


def test_atomic_write_below_a_file_says_so(tmp_path: Path) -> None:
    """A path through a regular file is one line with a hint and exit code 5."""
    (tmp_path / "file").write_text("x")
    with pytest.raises(EnvironmentNotReady, match="choose another place") as caught:
        codec.atomic_write(tmp_path / "file" / "below" / "x.json", b"")
    assert caught.value.exit_code == 5


def test_errors_are_one_line_with_where_what_and_hint() -> None:
    """``where: what. hint``, whatever line breaks came in."""
    error = AgentBenchError("is\nbroken.", where="a.yaml:3", hint="Mend it.")
    assert str(error) == "a.yaml:3: is broken. Mend it."


def test_digest_names_its_kind() -> None:
    """sha256 of the empty text is well known."""
    assert codec.sha256(b"") == "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
