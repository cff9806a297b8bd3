"""What the agent left behind, as data: the difference between a workspace and its generated inputs.

A snapshot holds regular files, directories, and symlinks that stay inside; everything else (FIFO, socket,
device, link that leads out or in a circle, file over the limit, too deep a folder) is named with the reason
and never opened. The files that lie highest come first where there are too many.
"""

from __future__ import annotations

import contextlib
import filecmp
import gzip
import io
import json
import os
import shutil
import stat
import tarfile
import zlib
from collections import deque
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

import msgspec

from agentbench.codec import atomic_write
from agentbench.errors import ResultsError
from agentbench.paths import lacks_room

MAX_FILE_BYTES = 64 * 1024**2
MAX_TOTAL_BYTES = 256 * 1024**2
MAX_ENTRIES = 20_000
MAX_DEPTH = 100
MAX_NAME_BYTES = 1024
_MAX_UNPACKED_BYTES = MAX_TOTAL_BYTES + MAX_ENTRIES * 8192
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
    before = _scan(given)
    now = _scan(workspace, also=before)
    omitted = {name: reason for name, (kind, reason) in now.items() if kind == "omit"}
    changed: list[str] = []
    total = 0
    for name, (kind, detail) in sorted(now.items(), key=lambda item: (item[0].count("/"), item[0])):
        if kind == "omit" or _same(name, kind, detail, before, workspace, given):
            continue
        if kind == "big":
            omitted[name] = f"{detail} bytes, over the limit of {MAX_FILE_BYTES}"
            continue
        size = _size(workspace / name) if kind == "file" else 0
        if total + size > MAX_TOTAL_BYTES or len(changed) >= MAX_ENTRIES:
            omitted[name] = f"over the limit of {MAX_TOTAL_BYTES} bytes or {MAX_ENTRIES} entries in all"
            continue
        total += size
        changed.append(name)
    deleted = [name for name in before if not os.path.lexists(workspace / name)]
    difference = Difference(tuple(sorted(changed)), tuple(deleted), omitted)
    atomic_write(archive, _pack(workspace, difference, now))
    return difference


def load(archive: Path) -> Difference:
    """Return the difference that ``archive`` holds. Raises ResultsError when it is damaged."""
    with _open(archive) as tar:
        return _index(tar, archive)


def restore(archive: Path, given: Path, target: Path) -> Difference:
    """Rebuild the workspace at ``target`` (must not exist) from its inputs and the snapshot.

    Links are made last; one that leads out is dropped and named in ``omitted``. Raises ResultsError for a
    damaged archive or one whose entries would leave ``target``.
    """
    shutil.copytree(given, target, symlinks=True)
    links: dict[str, str] = {}
    with _open(archive) as tar:
        difference = _index(tar, archive)
        for name in sorted(difference.deleted, key=len, reverse=True):
            _remove(_inside(target, name, archive))
        for member in tar:
            if member.issym():
                links[member.name] = member.linkname
            elif member.name != _INDEX:
                _extract(tar, member, _inside(target, member.name, archive), archive)
    for name, leads_to in links.items():
        path = _inside(target, name, archive)
        _remove(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.symlink_to(leads_to)
    lost = {name: reason for name in links if (reason := _leaves(target, target / name))}
    for name in lost:
        (target / name).unlink()
    return msgspec.structs.replace(difference, omitted={**difference.omitted, **lost})


def copy_tree(source: Path, target: Path) -> None:
    """Copy a workspace that an agent goes on using, for a later `save`: of the same difference, at less size.

    What could not be kept anyway is stood in for by its like: a file over the limit by an empty one of its
    length, what is neither file nor folder by a FIFO. Raises OSError when the machine is at fault.
    """
    target.mkdir(mode=0o700)
    for name, (kind, detail) in _scan(source).items():
        try:
            _copy_entry(source / name, target / name, kind, detail)
        except OSError as error:
            if lacks_room(error):
                raise


def _copy_entry(source: Path, target: Path, kind: str, detail: str) -> None:
    if kind == "dir":
        target.mkdir(mode=0o700)
    elif source.is_symlink():
        target.symlink_to(source.readlink())
    elif kind == "big":
        target.touch()
        os.truncate(target, int(detail))
    elif kind == "file" and (data := _read(source)) is not None:
        target.write_bytes(data)
        target.chmod(0o755 if detail else 0o644)
    elif kind == "omit" and not target.exists():
        os.mkfifo(target)


def _scan(root: Path, also: Iterable[str] = ()) -> dict[str, tuple[str, str]]:
    """Return path → (kind, detail) of what lies below ``root``, sorted; kinds: file, dir, link, omit, big.

    Goes level by level and stops after twice `MAX_ENTRIES`, which is noted; ``also`` is looked at in any case.
    """
    found: dict[str, tuple[str, str]] = {}
    with contextlib.suppress(OSError):
        root.chmod(stat.S_IMODE(root.stat().st_mode) | 0o700)
    pending = deque([""])
    while pending and len(found) <= MAX_ENTRIES * 2:
        folder = pending.popleft()
        try:
            names = sorted(entry.name for entry in os.scandir(root / folder))
        except OSError as error:
            found[folder or "."] = ("omit", f"cannot be read: {error.strerror}")
            continue
        for name in (f"{folder}/{entry}" if folder else entry for entry in names):
            found[name] = _describe(root, name)
            if found[name][0] == "dir":
                pending.append(name)
    if pending:
        found[f"{pending[0]}/…"] = ("omit", f"over {MAX_ENTRIES * 2} entries: the rest was not looked at")
    for name in also:
        if name not in found and os.path.lexists(root / name):
            found[name] = _describe(root, name)
    return dict(sorted(found.items()))


def _describe(root: Path, name: str) -> tuple[str, str]:
    path = root / name
    if name.count("/") >= MAX_DEPTH or len(os.fsencode(name)) > MAX_NAME_BYTES:
        return ("omit", f"over {MAX_DEPTH} folders deep or {MAX_NAME_BYTES} bytes of path")
    try:
        info = path.lstat()
    except OSError as error:
        return ("omit", f"cannot be read: {error.strerror}")
    if stat.S_ISLNK(info.st_mode):
        if reason := _leaves(root, path):
            return ("omit", reason)
        return ("link", os.readlink(path))
    if stat.S_ISDIR(info.st_mode):
        with contextlib.suppress(OSError):
            path.chmod(stat.S_IMODE(info.st_mode) | 0o700)
        return ("dir", "")
    if not stat.S_ISREG(info.st_mode):
        return ("omit", "neither a file nor a directory (FIFO, socket or device)")
    if not info.st_mode & 0o400:
        with contextlib.suppress(OSError):
            path.chmod(stat.S_IMODE(info.st_mode) | 0o400)
    if info.st_size > MAX_FILE_BYTES:
        return ("big", str(info.st_size))
    return ("file", "x" if info.st_mode & 0o100 else "")


def _leaves(root: Path, link: Path) -> str | None:
    """Return why a symlink may not be kept, None when it stays inside ``root``."""
    end = Path(os.path.realpath(link))
    if end.is_symlink():
        return "a link that leads in a circle"
    return None if end.is_relative_to(os.path.realpath(root)) else "a link that leads out of the workspace"


def _size(path: Path) -> int:
    try:
        return path.lstat().st_size
    except OSError:
        return 0


def _read(path: Path) -> bytes | None:
    """Return the bytes of a regular file up to the limit, None when it is gone or became something else."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(descriptor, "rb") as stream:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                return None
            return stream.read(MAX_FILE_BYTES)
    except OSError as error:
        if lacks_room(error):
            raise
        return None


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
    if kind not in {"file", "big"}:
        return True
    try:
        return filecmp.cmp(workspace / name, given / name, shallow=False)
    except OSError:
        return False


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
            elif (data := _read(workspace / name)) is not None:
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
        unpacked = 0
        with gzip.open(archive) as stream:
            while block := stream.read(1024**2):
                unpacked += len(block)
                if unpacked > _MAX_UNPACKED_BYTES:
                    raise ResultsError("unpacks to more than a snapshot may hold", where=str(archive))
        return tarfile.open(archive, "r:gz", errors="surrogateescape")
    except (OSError, tarfile.TarError, EOFError, zlib.error) as error:
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
    parent, top = os.path.realpath(path.parent), os.path.realpath(target)
    leads_out = parent != top and not parent.startswith(top + os.sep)
    if not parts or name.startswith("/") or ".." in parts or leads_out:
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
