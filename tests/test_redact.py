"""Values of secrets never get past the scrubber, however they are cut; what merely resembles them does."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from agentbench import redact
from agentbench.redact import Scrubber

KEY = "sk-secret-0123456789"
OTHER = f"{KEY}-and-more"


def test_values_give_way_to_names_the_longest_first() -> None:
    """A value that contains another one is not left half."""
    scrubber = Scrubber({"KEY": KEY, "OTHER": OTHER})
    assert scrubber.text(f"a {OTHER} b {KEY}") == "a [OTHER] b [KEY]"
    assert scrubber.data(f"{KEY}{OTHER}".encode()) == b"[KEY][OTHER]"


def test_placeholders_are_no_secrets() -> None:
    """``EMPTY`` and the like are words that an agent may say."""
    scrubber = Scrubber({"KEY": "EMPTY", "OTHER": "lm-studio", "NOTHING": ""})
    assert not scrubber
    assert scrubber.text("EMPTY lm-studio") == "EMPTY lm-studio"


@pytest.mark.parametrize("size", [1, 2, 7, len(KEY), 64])
def test_a_value_split_over_blocks_is_found(size: int) -> None:
    """Wherever the cuts are; nothing of the rest is lost or changes place."""
    whole = f"s{KEY}k {KEY[:-1]}! {KEY[:5]}".encode()
    stream = Scrubber({"KEY": KEY}).stream()
    passed = [stream.keep(whole[at : at + size]) for at in range(0, len(whole), size)]
    assert b"".join([*passed, stream.rest()]) == f"s[KEY]k {KEY[:-1]}! {KEY[:5]}".encode()


def test_a_stream_holds_nothing_back_that_cannot_begin_a_value() -> None:
    """So that an answer reaches the agent word by word."""
    stream = Scrubber({"KEY": KEY}).stream()
    assert stream.keep(b"Hello") == b"Hello"
    assert stream.keep(b" sk-s") == b" "
    assert stream.keep(b"hrug") == b"sk-shrug"


def test_a_tree_is_scrubbed_in_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Across the edge of a read block; links are not followed, what is too large to rewrite goes."""
    monkeypatch.setattr(redact, "_BLOCK", 16)
    monkeypatch.setattr(redact, "MAX_FILE_BYTES", 1000)
    outside = tmp_path / "outside.txt"
    outside.write_text(KEY)
    root = tmp_path / "root"
    (root / "deep").mkdir(parents=True)
    (root / "deep" / "a.bin").write_bytes(b"\xff" * 10 + KEY.encode() + b"\x00")
    (root / "large.log").write_text("x" * 2000 + KEY)
    (root / "clean.txt").write_text(KEY[:-1])
    (root / "link.txt").symlink_to(outside)
    assert Scrubber({"KEY": KEY}).tree(root) == ["deep/a.bin", "large.log"]
    assert (root / "deep" / "a.bin").read_bytes() == b"\xff" * 10 + b"[KEY]\x00"
    assert not (root / "large.log").exists()
    assert (root / "clean.txt").read_text() == KEY[:-1]
    assert outside.read_text() == KEY


def test_odd_trees_are_coped_with(tmp_path: Path) -> None:
    """Folders without rights, deep nesting, a second name of a file elsewhere, a value as JSON spells it."""
    secret = 'tok"en-0123456789'
    root = tmp_path / "root"
    closed = root / "closed"
    closed.mkdir(parents=True)
    (closed / "a.txt").write_text(secret)
    (closed / "a.txt").chmod(0o000)
    closed.chmod(0o000)
    deep = root
    for _ in range(300):
        deep = deep / "d"
    deep.mkdir(parents=True)
    (deep / "log.json").write_text(json.dumps({"said": secret}))
    outside = tmp_path / "mine.txt"
    outside.write_text(secret)
    (root / "same.txt").hardlink_to(outside)
    changed = Scrubber({"KEY": secret}).tree(root)
    assert changed == ["closed/a.txt", f"{'d/' * 300}log.json", "same.txt"]
    assert outside.read_text() == secret
    assert (root / "same.txt").read_text() == "[KEY]"
    assert json.loads((deep / "log.json").read_text()) == {"said": "[KEY]"}
