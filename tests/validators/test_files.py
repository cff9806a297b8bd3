"""The validators about files: points of the seed format, and what a hostile workspace can do to them."""

from __future__ import annotations

from pathlib import Path

import pytest
from bench import Bench, fill

from agentbench.model import CheckStatus


@pytest.mark.parametrize("pattern", ["out.md", "*.md", "**/*.md", "**", "o?t.md"])
def test_file_exists_wins_30(bench: Bench, pattern: str) -> None:
    """One matching regular file is enough."""
    fill(bench.left, {"out.md": "x", "deep/er/other.txt": "y"})
    assert bench.points("file-exists", pattern) == 30.0


@pytest.mark.parametrize(
    "pattern", ["gone.md", "*.txt", "er/*.txt", "deep/*.txt", "out", "OUT.MD", ".git/**"]
)
def test_file_exists_wins_nothing_without_a_match(bench: Bench, pattern: str) -> None:
    """``*`` stays within a folder, names are exact, and ``.git`` is never searched."""
    fill(bench.left, {"out.md": "x", "deep/er/other.txt": "y", ".git/HEAD": "z"})
    found = bench.judge("file-exists", pattern)
    assert (found.status, found.points, found.possible) == (CheckStatus.FAILED, 0.0, 30.0)


def test_file_exists_takes_no_folder_link_out_or_loop(bench: Bench, tmp_path: Path) -> None:
    """A folder, a link out of the workspace, a dangling link and a loop are no files."""
    fill(tmp_path, {"outside.txt": "x"})
    fill(bench.left, {"folder.txt": None})
    (bench.left / "out.txt").symlink_to(tmp_path / "outside.txt")
    (bench.left / "dangling.txt").symlink_to("nowhere")
    (bench.left / "loop.txt").symlink_to("loop.txt")
    assert bench.points("file-exists", "*.txt") == 0.0


def test_file_exists_says_why_a_file_was_refused(bench: Bench) -> None:
    """The snapshot's reason is the evidence."""
    bench.knows(omitted={"pipe": "neither a file nor a directory"})
    assert bench.judge("file-exists", "pipe").found == "neither a file nor a directory"


def test_file_exists_shows_odd_names_as_text(bench: Bench) -> None:
    """A newline in a file name cannot forge a line of evidence."""
    fill(bench.left, {"a\nPASSED.txt": "x"})
    assert bench.judge("file-exists", "*.txt").found == "a\\x0aPASSED.txt exists"


@pytest.mark.parametrize(
    ("paths", "points"),
    [
        (["a", "a/b.txt", "c.txt"], 30.0),
        (["a", "missing"], 15.0),
        (["missing", "gone", "c.txt"], 10.0),
        (["missing"], 0.0),
        (["a/../c.txt"], 30.0),
        (["../given"], 0.0),
        (["/etc"], 0.0),
        (["loop", "c.txt"], 15.0),
        ([], 0.0),
    ],
)
def test_directory_structure_is_proportional(bench: Bench, paths: list[str], points: float) -> None:
    """30 · existing / all; what lies outside the workspace does not exist."""
    fill(bench.left, {"a/b.txt": "x", "c.txt": "y"})
    (bench.left / "loop").symlink_to("loop")
    assert bench.points("directory-structure", paths=paths) == points


def test_file_unchanged_compares_bytes(bench: Bench) -> None:
    """30 for byte-equal files, 0 as soon as one byte of one of them differs; new files do not matter."""
    for root in (bench.left, bench.given):
        fill(root, {"in/a.txt": "x\n", "in/b.txt": "y\n"})
    fill(bench.left, {"in/new.txt": "z"})
    assert bench.points("file-unchanged", "in/**") == 30.0
    fill(bench.left, {"in/b.txt": "y\r\n"})
    found = bench.judge("file-unchanged", "in/**")
    assert (found.points, found.found) == (0.0, "1 changed or gone: in/b.txt")


@pytest.mark.parametrize("key", ["path", "file"])
def test_file_unchanged_takes_path_or_file_before_the_pattern(bench: Bench, key: str) -> None:
    """The seed format names the file in the entry."""
    for root in (bench.left, bench.given):
        fill(root, {"a.txt": "x", "b.txt": "y"})
    fill(bench.left, {"b.txt": "changed"})
    assert bench.points("file-unchanged", "b.txt", **{key: "a.txt"}) == 30.0
    assert bench.points("file-unchanged", "a.txt", **{key: "b.txt"}) == 0.0


@pytest.mark.parametrize("how", ["deleted", "folder", "link to a twin", "link out"])
def test_file_unchanged_sees_replacements(bench: Bench, tmp_path: Path, how: str) -> None:
    """A file that became a folder or a link is changed, even if the bytes behind the link are equal."""
    for root in (bench.left, bench.given, tmp_path):
        fill(root, {"a.txt": "x", "twin.txt": "x"})
    (bench.left / "a.txt").unlink()
    if how == "folder":
        (bench.left / "a.txt").mkdir()
    elif how == "link to a twin":
        (bench.left / "a.txt").symlink_to("twin.txt")
    elif how == "link out":
        (bench.left / "a.txt").symlink_to(tmp_path / "a.txt")
    assert bench.points("file-unchanged", "a.txt") == 0.0


def test_file_unchanged_without_an_input_is_not_passed(bench: Bench) -> None:
    """A pattern that matches no input holds for nothing: that is no pass."""
    assert bench.points("file-unchanged", "typo.txt") == 0.0


def test_file_modified_needs_every_file_changed_and_there(bench: Bench) -> None:
    """Untouched or deleted inputs lose; so does a pattern without inputs."""
    for root in (bench.left, bench.given):
        fill(root, {"a.txt": "x", "b.txt": "y"})
    fill(bench.left, {"a.txt": "new"})
    assert bench.points("file-modified", "a.txt") == 30.0
    assert bench.points("file-modified", "*.txt") == 0.0
    (bench.left / "a.txt").unlink()
    assert bench.points("file-modified", path="a.txt") == 0.0
    assert bench.points("file-modified", file="typo.txt") == 0.0


@pytest.mark.parametrize(
    ("regex", "points"), [(r"\d{4}-[a-z]+\.md", 30.0), (r"\d{4}", 0.0), (r"2024-.*", 0.0), (".*", 30.0)]
)
def test_filename_matches_every_name_in_full(bench: Bench, regex: str, points: float) -> None:
    """The whole name of every file has to match, not a part of one."""
    fill(bench.left, {"2024-may.md": "", "notes/2025-june.md": ""})
    assert bench.points("filename-matches", "**/*.md", regex=regex) == points


def test_filename_matches_needs_a_file(bench: Bench) -> None:
    """No file, no points: "every" of nothing is not enough."""
    assert bench.points("filename-matches", "*.md", regex=".*") == 0.0
