"""The ledger: durable, in order, chained, and whole after whatever happens to it."""

from __future__ import annotations

import json
import multiprocessing
import os
import resource
import signal
from pathlib import Path

import pytest

from agentbench import ledger
from agentbench.errors import EnvironmentNotReady, ResultsError
from agentbench.paths import RunPaths


@pytest.fixture
def run(tmp_path: Path) -> RunPaths:
    """A run with three events."""
    made = RunPaths(tmp_path / "run")
    for number in range(3):
        ledger.append(made, "event", number=number, text="ü\n\u2028")
    return made


def test_events_come_back_in_order(run: RunPaths) -> None:
    """What was appended is read back, numbered from 1, each line with the hash of the one before."""
    entries = ledger.read(run)
    assert [entry.seq for entry in entries] == [1, 2, 3]
    assert [entry.data["number"] for entry in entries] == [0, 1, 2]
    assert entries[0].prev == ledger.GENESIS
    assert [entry.prev for entry in entries[1:]] == [entry.hash for entry in entries[:-1]]
    assert ledger.head(run) == entries[-1].hash
    assert run.ledger.read_bytes().count(b"\n") == 3


def test_what_was_appended_is_read_from_a_mark_on(run: RunPaths) -> None:
    """Reading after a mark gives the lines since, and checks that they follow it; a torn line is not yet there."""
    entries, mark = ledger.read_after(run, ledger.Mark())
    assert entries == ledger.read(run)
    assert ledger.read_after(run, mark) == ([], mark)
    added = ledger.append(run, "event", number=3)
    with run.ledger.open("ab") as stream:
        stream.write(b'{"seq":')
    news, later = ledger.read_after(run, mark)
    assert news == [added]
    assert ledger.read_after(run, later) == ([], later)
    with pytest.raises(ResultsError, match=r"ledger\.jsonl:4: the chain is broken"):
        ledger.read_after(run, ledger.Mark(mark.offset, mark.seq, ledger.GENESIS))


def test_no_ledger_is_no_events(tmp_path: Path) -> None:
    """A run without a ledger has no events and the first hash."""
    run = RunPaths(tmp_path / "none")
    assert ledger.read(run) == []
    assert ledger.head(run) == ledger.GENESIS


@pytest.mark.parametrize("line", [0, 1, 2])
@pytest.mark.parametrize(("old", "new"), [(b'"number":', b'"nummer":'), (b'"seq":', b'"sec":'), (b"{", b"[")])
def test_an_edited_line_breaks_the_chain(run: RunPaths, line: int, old: bytes, new: bytes) -> None:
    """Any change of any line is noticed, and the line is named."""
    lines = run.ledger.read_bytes().splitlines(keepends=True)
    assert old in lines[line]
    lines[line] = lines[line].replace(old, new, 1)
    run.ledger.write_bytes(b"".join(lines))
    with pytest.raises(ResultsError, match=f"ledger.jsonl:{line + 1}"):
        ledger.read(run)


@pytest.mark.parametrize("order", [[1, 2], [0, 2], [1, 0, 2], [0, 1, 1, 2]])
def test_a_missing_or_moved_line_breaks_the_chain(run: RunPaths, order: list[int]) -> None:
    """Lines cannot be dropped, doubled or put in another order."""
    lines = run.ledger.read_bytes().splitlines(keepends=True)
    run.ledger.write_bytes(b"".join(lines[n] for n in order))
    with pytest.raises(ResultsError, match="ledger"):
        ledger.read(run)


@pytest.mark.parametrize("cut", range(1, 60, 7))
def test_a_torn_line_never_counts(run: RunPaths, cut: int) -> None:
    """Whatever part of the last line is left: it is no event, is kept aside, and appending goes on."""
    lines = run.ledger.read_bytes().splitlines(keepends=True)
    torn = lines[2][:cut]
    run.ledger.write_bytes(lines[0] + lines[1] + torn)
    assert len(ledger.read(run)) == 2
    ledger.append(run, "event", number=9)
    assert [entry.data["number"] for entry in ledger.read(run)] == [0, 1, 9]
    assert (run.root / "ledger.torn-1").read_bytes() == torn


def test_only_a_torn_line(tmp_path: Path) -> None:
    """A ledger that holds nothing but half a line begins anew."""
    run = RunPaths(tmp_path)
    run.ledger.write_bytes(b'{"seq"')
    ledger.append(run, "event")
    assert [entry.seq for entry in ledger.read(run)] == [1]


def test_long_entries(run: RunPaths) -> None:
    """An entry longer than any window of reading is read back, and the next one is chained to it."""
    ledger.append(run, "event", number=3, text="x" * 700_000)
    ledger.append(run, "event", number=4)
    assert [entry.data["number"] for entry in ledger.read(run)] == [0, 1, 2, 3, 4]


def test_a_write_that_fails_leaves_the_ledger_as_it_was(run: RunPaths) -> None:
    """A full disk (here: a limit on file size) stops an append without a trace; later ones work."""
    before = run.ledger.read_bytes()
    old = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(before) + 50, limits[1]))
    try:
        with pytest.raises(EnvironmentNotReady):
            ledger.append(run, "event", number=3)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, old)
    assert run.ledger.read_bytes() == before
    ledger.append(run, "event", number=3)
    assert len(ledger.read(run)) == 4


def _append_many(root: str, count: int) -> None:
    for number in range(count):
        ledger.append(RunPaths(Path(root)), "event", owner=os.getpid(), number=number)


def test_writers_at_once(tmp_path: Path) -> None:
    """Processes that append at the same time lose nothing, and the chain holds."""
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=_append_many, args=(str(tmp_path), 15)) for _ in range(3)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)
    entries = ledger.read(RunPaths(tmp_path))
    assert len(entries) == 45
    for owner in {entry.data["owner"] for entry in entries}:
        numbers = [entry.data["number"] for entry in entries if entry.data["owner"] == owner]
        assert numbers == list(range(15))


def test_locks_exclude_and_end(tmp_path: Path) -> None:
    """A lock that is held is not given again, and is free after its body, also when that raises."""
    path = tmp_path / "deep" / "lock"
    with ledger.locked(path, blocking=False) as mine:
        assert mine
        with ledger.locked(path, blocking=False) as second:
            assert not second
    with pytest.raises(KeyError), ledger.locked(path):
        raise KeyError
    with ledger.locked(path, blocking=False) as mine:
        assert mine


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    """A ledger below a regular file is the environment's fault."""
    (tmp_path / "file").write_text("")
    with pytest.raises(EnvironmentNotReady):
        ledger.append(RunPaths(tmp_path / "file" / "run"), "event")


def test_lines_are_canonical(run: RunPaths) -> None:
    """A line is canonical JSON: sorted keys, no spaces, so that anybody can compute its hash."""
    line = run.ledger.read_bytes().splitlines()[1]
    value = json.loads(line)
    again = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    assert again == line
