"""What the agent left behind, as data: the difference between a workspace and its generated inputs.

A snapshot holds regular files, directories, and symlinks that stay inside; everything else (FIFO, socket,
device, link that leads out, file over the limit) is named with the reason and never opened.
"""

from __future__ import annotations

import filecmp
import gzip
import io
import json
import os
import shutil
import stat
import tarfile
from pathlib import Path, PurePosixPath

import msgspec

from agentbench.codec import atomic_write
from agentbench.errors import ResultsError

MAX_FILE_BYTES = 64 * 1024**2
MAX_TOTAL_BYTES = 256 * 1024**2
MAX_ENTRIES = 20_000
_INDEX = ".agentbench-snapshot.json"


class Difference(msgspec.Struct, frozen=True):
    """What a workspace has that its inputs have not; paths are relative, with ``/``."""

    changed: tuple[str, ...]
    """Files, directories and symlinks that are new or differ."""
    deleted: tuple[str, ...]
    omitted: dict[str, str]
    """Path → why it was not kept."""

    @property
    def empty(self) -> bool:
        """Whether the workspace is as it was given."""
        return not (self.changed or self.deleted or self.omitted)


def save(workspace: Path, given: Path, archive: Path) -> Difference:
    """Write what differs from ``given`` to ``archive`` (tar, gzip, reproducible) and return the difference.

    Raises EnvironmentNotReady when the archive cannot be written.
    """
    now, before = _scan(workspace), _scan(given)
    omitted = {name: reason for name, (kind, reason) in now.items() if kind == "omit"}
    changed: list[str] = []
    total = 0
    for name, (kind, detail) in now.items():
        if kind == "omit" or _same(name, kind, detail, before, workspace, given):
            continue
        if kind == "big":
            omitted[name] = f"{detail} bytes, over the limit of {MAX_FILE_BYTES}"
            continue
        size = (workspace / name).stat().st_size if kind == "file" else 0
        if total + size > MAX_TOTAL_BYTES or len(changed) >= MAX_ENTRIES:
            omitted[name] = f"over the limit of {MAX_TOTAL_BYTES} bytes or {MAX_ENTRIES} entries in all"
            continue
        total += size
        changed.append(name)
    deleted = [name for name in before if name not in now]
    difference = Difference(tuple(changed), tuple(deleted), omitted)
    atomic_write(archive, _pack(workspace, difference, now))
    return difference


def load(archive: Path) -> Difference:
    """Return the difference that ``archive`` holds. Raises ResultsError when it is damaged."""
    with _open(archive) as tar:
        return _index(tar, archive)


def restore(archive: Path, given: Path, target: Path) -> Difference:
    """Rebuild the workspace at ``target`` (must not exist) from its inputs and the snapshot.

    Raises ResultsError for a damaged archive or one whose entries would leave ``target``.
    """
    shutil.copytree(given, target, symlinks=True)
    with _open(archive) as tar:
        difference = _index(tar, archive)
        for name in sorted(difference.deleted, key=len, reverse=True):
            _remove(_inside(target, name, archive))
        for member in tar:
            if member.name == _INDEX:
                continue
            _extract(tar, member, _inside(target, member.name, archive), archive)
    return difference


def _scan(root: Path) -> dict[str, tuple[str, str]]:
    """Return path → (kind, detail) of everything below ``root``, sorted; kinds: file, dir, link, omit."""
    found: dict[str, tuple[str, str]] = {}
    pending = [""]
    while pending and len(found) <= MAX_ENTRIES * 2:
        folder = pending.pop()
        try:
            entries = sorted(os.scandir(root / folder), key=lambda entry: entry.name)
        except OSError as error:
            found[folder] = ("omit", f"cannot be read: {error.strerror}")
            continue
        for entry in entries:
            name = f"{folder}/{entry.name}" if folder else entry.name
            found[name] = _describe(root, name, entry)
            if found[name][0] == "dir":
                pending.append(name)
    return dict(sorted(found.items()))


def _describe(root: Path, name: str, entry: os.DirEntry[str]) -> tuple[str, str]:
    info = entry.stat(follow_symlinks=False)
    if stat.S_ISLNK(info.st_mode):
        target = os.readlink(root / name)
        inside = (root / name).parent.joinpath(target).resolve().is_relative_to(root.resolve())
        return ("link", target) if inside else ("omit", "a link that leads out of the workspace")
    if stat.S_ISDIR(info.st_mode):
        Path(entry.path).chmod(stat.S_IMODE(info.st_mode) | 0o700)
        return ("dir", "")
    if not stat.S_ISREG(info.st_mode):
        return ("omit", "neither a file nor a directory (FIFO, socket or device)")
    if not info.st_mode & 0o400:
        Path(entry.path).chmod(stat.S_IMODE(info.st_mode) | 0o400)
    if info.st_size > MAX_FILE_BYTES:
        return ("big", str(info.st_size))
    return ("file", "x" if info.st_mode & 0o100 else "")


def _same(
    name: str,
    kind: str,
    detail: str,
    before: dict[str, tuple[str, str]],
    workspace: Path,
    given: Path,
) -> bool:
    if before.get(name) != (kind, detail):
        return False
    return kind not in {"file", "big"} or filecmp.cmp(workspace / name, given / name, shallow=False)


def _pack(workspace: Path, difference: Difference, kinds: dict[str, tuple[str, str]]) -> bytes:
    buffer = io.BytesIO()
    with (
        gzip.GzipFile(fileobj=buffer, mode="wb", mtime=0, compresslevel=6) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as tar,
    ):
        index = json.dumps(msgspec.to_builtins(difference), ensure_ascii=True).encode()
        _add(tar, _INDEX, tarfile.REGTYPE, data=index)
        for name in difference.changed:
            kind, detail = kinds[name]
            if kind == "dir":
                _add(tar, name, tarfile.DIRTYPE, mode=0o755)
            elif kind == "link":
                _add(tar, name, tarfile.SYMTYPE, link=detail)
            else:
                data = (workspace / name).read_bytes()
                _add(tar, name, tarfile.REGTYPE, data=data, mode=0o755 if detail else 0o644)
    return buffer.getvalue()


def _add(
    tar: tarfile.TarFile, name: str, kind: bytes, *, data: bytes = b"", link: str = "", mode: int = 0o644
) -> None:
    member = tarfile.TarInfo(name)
    member.type, member.linkname, member.mode, member.size = kind, link, mode, len(data)
    tar.addfile(member, io.BytesIO(data) if data else None)


def _open(archive: Path) -> tarfile.TarFile:
    try:
        return tarfile.open(archive, "r:gz", errors="surrogateescape")
    except (OSError, tarfile.TarError, EOFError) as error:
        raise ResultsError(f"is not a readable snapshot ({error})", where=str(archive)) from None


def _index(tar: tarfile.TarFile, archive: Path) -> Difference:
    try:
        member = tar.next()
        stream = tar.extractfile(member) if member is not None and member.name == _INDEX else None
        if stream is None:
            raise ResultsError("has no index", where=str(archive))
        raw = json.loads(stream.read())
        return msgspec.convert(raw, Difference)
    except (OSError, EOFError, tarfile.TarError, ValueError, msgspec.ValidationError) as error:
        raise ResultsError(f"is damaged ({error})", where=str(archive)) from None


def _inside(target: Path, name: str, archive: Path) -> Path:
    parts = PurePosixPath(name).parts
    path = target.joinpath(*parts)
    parent = path.parent.resolve()
    if not parts or name.startswith("/") or ".." in parts or not parent.is_relative_to(target.resolve()):
        raise ResultsError(f"an entry would leave the workspace: {name!r}", where=str(archive))
    return path


def _extract(tar: tarfile.TarFile, member: tarfile.TarInfo, path: Path, archive: Path) -> None:
    if member.isdir():
        if path.is_symlink() or path.is_file():
            path.unlink()
        path.mkdir(parents=True, exist_ok=True)
        return
    _remove(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    if member.issym():
        path.symlink_to(member.linkname)
        return
    stream = tar.extractfile(member) if member.isreg() else None
    if stream is None or member.size > MAX_TOTAL_BYTES:
        raise ResultsError(f"an entry is not a plain file: {member.name!r}", where=str(archive))
    with path.open("wb") as out:
        shutil.copyfileobj(stream, out)
    path.chmod(0o755 if member.mode & 0o100 else 0o644)


def _remove(path: Path) -> None:
    if path.is_symlink() or path.is_file():
        path.unlink()
    elif path.is_dir():
        shutil.rmtree(path)
