"""Snapshots: what an agent left, kept as data and rebuilt without touching anything outside."""

from __future__ import annotations

import io
import json
import os
import tarfile
from pathlib import Path

import pytest

from agentbench import snapshot
from agentbench.errors import ResultsError


@pytest.fixture
def given(tmp_path: Path) -> Path:
    """A workspace as it was given."""
    made = tmp_path / "given"
    (made / "folder").mkdir(parents=True)
    (made / "keep.txt").write_text("keep")
    (made / "edit.txt").write_text("old")
    (made / "folder" / "gone.txt").write_text("gone")
    (made / "link").symlink_to("keep.txt")
    return made


@pytest.fixture
def left(tmp_path: Path, given: Path) -> Path:
    """The same workspace, to be changed by a test."""
    made = tmp_path / "left"
    snapshot.copy_tree(given, made)
    return made


def _through(left: Path, given: Path, name: str = "again") -> tuple[snapshot.Difference, Path]:
    """Save, rebuild, and check that nothing was lost between the two."""
    archive, again = left.with_name("archive.tar.gz"), left.with_name(name)
    difference = snapshot.save(left, given, archive)
    assert snapshot.load(archive) == difference
    assert snapshot.restore(archive, given, again) == difference
    return difference, again


def _tree(root: Path) -> dict[str, object]:
    found: dict[str, object] = {}
    for path in sorted(root.rglob("*")):
        name = os.fsdecode(os.path.relpath(path, root))
        executable = bool(path.lstat().st_mode & 0o100)
        if path.is_symlink():
            found[name] = ("link", os.readlink(path))
        else:
            found[name] = "folder" if path.is_dir() else (path.read_bytes(), executable)
    return found


def test_nothing_changed(left: Path, given: Path) -> None:
    """An untouched workspace is no difference at all."""
    difference, again = _through(left, given)
    assert difference.empty
    assert _tree(again) == _tree(given)


def test_every_kind_of_change(left: Path, given: Path) -> None:
    """New, changed, deleted, executable, replaced by another kind: all come back byte for byte."""
    (left / "edit.txt").write_text("new")
    (left / "keep.txt").chmod(0o755)
    (left / "folder" / "gone.txt").unlink()
    (left / "folder").rmdir()
    (left / "folder").write_text("now a file")
    (left / "link").unlink()
    (left / "link").mkdir()
    (left / "link" / "inner.bin").write_bytes(bytes(range(256)))
    (left / "empty").mkdir()
    (left / "dangling").symlink_to("nowhere/at/all")
    difference, again = _through(left, given)
    assert _tree(again) == _tree(left)
    assert set(difference.changed) == {
        "edit.txt", "keep.txt", "folder", "link", "link/inner.bin", "empty", "dangling",
    }  # fmt: skip
    assert difference.deleted == ("folder/gone.txt",)
    assert difference.omitted == {}


@pytest.mark.parametrize(
    "name",
    ["new\nline", "-rf", "...", "..a", "a\\b", "ünï", "tab\t", os.fsdecode(b"\xff\xfe"), " "],
)
def test_odd_names(left: Path, given: Path, name: str) -> None:
    """Names with line ends, leading dashes, dots or bytes that are no text survive."""
    (left / name).write_text("content")
    (left / f"{name}d").mkdir()
    (left / f"{name}d" / name).write_text("inner")
    difference, again = _through(left, given)
    assert _tree(again) == _tree(left)
    assert name in difference.changed


def test_the_same_bytes(left: Path, given: Path) -> None:
    """Two snapshots of the same state are the same bytes, whatever the file times and their order."""
    for name in ("b", "a", "c"):
        (left / name).write_text(name)
    first, second = left.with_name("one.tar.gz"), left.with_name("two.tar.gz")
    snapshot.save(left, given, first)
    for name in ("c", "a"):
        (left / name).unlink()
        (left / name).write_text(name)
        os.utime(left / name, (1, 1))
    snapshot.save(left, given, second)
    assert first.read_bytes() == second.read_bytes()


def test_what_is_not_kept(left: Path, given: Path, tmp_path: Path) -> None:
    """Links that lead out or in a circle, special files and huge ones are named with the reason, never opened."""
    (tmp_path / "outside").write_text("secret")
    (left / "out").symlink_to("/etc/passwd")
    (left / "near").symlink_to("../outside")
    (left / "up").symlink_to("..")
    (left / "loop").symlink_to("loop")
    (left / "ring-a").symlink_to("ring-b")
    (left / "ring-b").symlink_to("ring-a")
    (left / "here").symlink_to(".")
    os.mkfifo(left / "fifo")
    with (left / "huge").open("wb") as stream:
        stream.truncate(1024**3)
    difference, again = _through(left, given)
    assert set(difference.omitted) == {"out", "near", "up", "loop", "ring-a", "ring-b", "fifo", "huge"}
    assert all(difference.omitted.values())
    assert difference.changed == ("here",)
    assert "outside" not in str(_tree(again))


def test_closed_files_and_folders(left: Path, given: Path) -> None:
    """What the agent closed by its mode is read all the same."""
    (left / "closed").mkdir()
    (left / "closed" / "file").write_text("content")
    (left / "closed" / "file").chmod(0)
    (left / "closed").chmod(0)
    _, again = _through(left, given)
    assert (again / "closed" / "file").read_text() == "content"


def test_depth_is_limited(left: Path, given: Path) -> None:
    """Folders beyond a depth are left out and named; what lies above is kept."""
    here = left
    for _ in range(snapshot.MAX_DEPTH + 50):
        here = here / "d"
        here.mkdir()
    difference, again = _through(left, given)
    assert len(difference.omitted) == 1
    assert "deep" in next(iter(difference.omitted.values()))
    assert (again / "d" / "d").is_dir()


def test_the_shallow_come_first(left: Path, given: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there are too many entries, a folder full of packages does not crowd out the answer beside it."""
    monkeypatch.setattr(snapshot, "MAX_ENTRIES", 20)
    (left / "a-packages" / "one").mkdir(parents=True)
    for number in range(30):
        (left / "a-packages" / "one" / f"{number}.js").write_text("x")
    (left / "z-answer.txt").write_text("42")
    difference, again = _through(left, given)
    assert (again / "z-answer.txt").read_text() == "42"
    assert len(difference.changed) == 20
    assert difference.omitted


def test_total_size_is_limited(left: Path, given: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond the total, files are left out and named."""
    monkeypatch.setattr(snapshot, "MAX_TOTAL_BYTES", 1000)
    for name in ("a", "b", "c"):
        (left / name).write_bytes(b"x" * 400)
    difference, _ = _through(left, given)
    assert difference.changed == ("a", "b")
    assert list(difference.omitted) == ["c"]


def test_a_copy_gives_the_same_difference(left: Path, given: Path, tmp_path: Path) -> None:
    """A workspace copied between two turns is judged like the workspace itself, special and huge files included."""
    (left / "new.txt").write_text("new")
    (left / "new.txt").chmod(0)
    (left / "tool").write_text("#!/bin/sh\n")
    (left / "tool").chmod(0o700)
    (left / "out").symlink_to("/etc/passwd")
    (left / "loop").symlink_to("loop")
    os.mkfifo(left / "fifo")
    with (left / "huge").open("wb") as stream:
        stream.truncate(snapshot.MAX_FILE_BYTES + 1)
    copy = tmp_path / "copy"
    snapshot.copy_tree(left, copy)
    assert (copy / "huge").stat().st_blocks < 100
    assert snapshot.save(copy, given, tmp_path / "a") == snapshot.save(left, given, tmp_path / "b")
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def _forge(archive: Path, members: list[tarfile.TarInfo], index: dict[str, object] | None = None) -> None:
    whole = {"changed": [], "deleted": [], "omitted": {}, **(index or {})}
    data = json.dumps(whole).encode()
    head = tarfile.TarInfo(snapshot._INDEX)
    head.size = len(data)
    with tarfile.open(archive, "w:gz") as tar:
        tar.addfile(head, io.BytesIO(data))
        for member in members:
            tar.addfile(member, io.BytesIO(b"x" * member.size))


def _member(name: str, kind: bytes = tarfile.REGTYPE, link: str = "", size: int = 0) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.type, member.linkname, member.size = kind, link, size
    return member


@pytest.mark.parametrize(
    "members",
    [
        [_member("../evil", size=3)],
        [_member("/tmp/agentbench-evil", size=3)],
        [_member("a/../../evil", size=3)],
        [_member("")],
        [_member("hard", tarfile.LNKTYPE, "/etc/passwd")],
        [_member("fifo", tarfile.FIFOTYPE)],
        [_member("device", tarfile.CHRTYPE)],
    ],
    ids=lambda members: members[-1].name or "nameless",
)
def test_a_forged_archive(tmp_path: Path, given: Path, members: list[tarfile.TarInfo]) -> None:
    """An archive whose entries would leave the workspace, or are no plain files, is refused and harmless."""
    archive = tmp_path / "forged.tar.gz"
    _forge(archive, members)
    before = sorted(path.name for path in tmp_path.iterdir())
    with pytest.raises(ResultsError, match="forged"):
        snapshot.restore(archive, given, tmp_path / "again")
    assert sorted(path.name for path in tmp_path.iterdir()) in (before, sorted([*before, "again"]))


@pytest.mark.parametrize(
    "members",
    [
        [_member("way", tarfile.SYMTYPE, ".."), _member("way/evil", size=3)],
        [_member("way", tarfile.SYMTYPE, "/etc/passwd")],
    ],
)
def test_forged_links_are_dropped(tmp_path: Path, given: Path, members: list[tarfile.TarInfo]) -> None:
    """A link that leads out is not restored but named, and nothing is written through it."""
    archive = tmp_path / "forged.tar.gz"
    _forge(archive, members)
    before = sorted(path.name for path in tmp_path.iterdir())
    difference = snapshot.restore(archive, given, tmp_path / "again")
    assert "leads out" in difference.omitted["way"]
    assert not (tmp_path / "again" / "way").is_symlink()
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([*before, "again"])


def test_links_through_links(tmp_path: Path, left: Path, given: Path) -> None:
    """Links that pass when stored pass when restored, whatever the order of their names."""
    (left / "deep" / "er").mkdir(parents=True)
    (left / "x").mkdir()
    (left / "sub").symlink_to("deep/er")
    (left / "a").symlink_to("sub/../../x")
    archive = tmp_path / "left.tar.gz"
    assert "a" in snapshot.save(left, given, archive).changed
    assert snapshot.restore(archive, given, tmp_path / "again").omitted == {}
    assert (tmp_path / "again" / "a").resolve() == tmp_path / "again" / "x"


@pytest.mark.slow
def test_inputs_behind_a_crowd(tmp_path: Path) -> None:
    """Above the limit of entries inputs are still looked at: untouched ones are not taken for deleted."""
    given, left = tmp_path / "given", tmp_path / "left"
    for root in (given, left):
        (root / "zz" / "conf").mkdir(parents=True)
        (root / "zz" / "conf" / "same.txt").write_text("same")
        (root / "zz" / "conf" / "other.txt").write_text("before")
    (left / "zz" / "conf" / "other.txt").write_text("after")
    (left / "crowd").mkdir()
    for number in range(41_000):
        (left / "crowd" / str(number)).touch()
    difference = snapshot.save(left, given, tmp_path / "left.tar.gz")
    assert difference.deleted == ()
    assert not any(name.endswith("same.txt") for name in (*difference.changed, *difference.omitted))
    assert any(name.endswith("other.txt") for name in (*difference.changed, *difference.omitted))
    assert any("not looked at" in reason for reason in difference.omitted.values())


def test_a_forged_deletion(tmp_path: Path, given: Path) -> None:
    """An archive cannot have files outside deleted."""
    (tmp_path / "canary").write_text("alive")
    _forge(tmp_path / "forged.tar.gz", [], {"deleted": ["../canary"]})
    with pytest.raises(ResultsError, match="forged"):
        snapshot.restore(tmp_path / "forged.tar.gz", given, tmp_path / "again")
    assert (tmp_path / "canary").read_text() == "alive"


@pytest.mark.parametrize("keep", [0, 1, 20, 100, -1, -20])
def test_a_damaged_archive(tmp_path: Path, left: Path, given: Path, keep: int) -> None:
    """An archive that was cut off is named as damaged."""
    (left / "new.bin").write_bytes(os.urandom(50_000))
    archive = tmp_path / "cut.tar.gz"
    snapshot.save(left, given, archive)
    archive.write_bytes(archive.read_bytes()[:keep])
    with pytest.raises(ResultsError, match="cut"):
        snapshot.restore(archive, given, tmp_path / "again")


@pytest.mark.parametrize("place", [12, 2000, 25_000, -6])
def test_a_flipped_byte(tmp_path: Path, left: Path, given: Path, place: int) -> None:
    """A single wrong byte anywhere in an archive is noticed."""
    (left / "new.bin").write_bytes(os.urandom(50_000))
    archive = tmp_path / "flipped.tar.gz"
    snapshot.save(left, given, archive)
    data = bytearray(archive.read_bytes())
    data[place] ^= 0x55
    archive.write_bytes(data)
    with pytest.raises(ResultsError, match="flipped"):
        snapshot.restore(archive, given, tmp_path / "again")


def test_an_archive_that_explodes(tmp_path: Path, given: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An archive that unpacks to more than a snapshot may hold is refused before anything is written."""
    monkeypatch.setattr(snapshot, "_MAX_UNPACKED_BYTES", 1_000_000)
    archive = tmp_path / "bomb.tar.gz"
    _forge(archive, [_member("big", size=5_000_000)])
    with pytest.raises(ResultsError, match="bomb"):
        snapshot.load(archive)
