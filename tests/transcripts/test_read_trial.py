"""What is read from a session, and where a trial begins and ends in it."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from session_stores import LAUNCHER, OTHER, TOKEN, Keep, Talk, recent_session

from agentbench.trajectory import Trajectory, calls, calls_beside, metrics
from agentbench.transcripts import Transcript, probe, read_trial, sqlite

DONE = f"{LAUNCHER} done {TOKEN} --l2 30,25,25,20 --l3 25,25,25,25"
SHOWN = f"Running: a task. Then: {LAUNCHER} done {TOKEN}"


def read(keep: Keep, *talks: Talk, tokens: tuple[str, ...] = (TOKEN,)) -> Transcript:
    keep({f"s{number}": talk.records for number, talk in enumerate(talks)})
    found = read_trial(tokens)
    assert found is not None
    return found


def commands(found: Transcript) -> list[str | None]:
    return [call.command for call in calls(found.trajectory)]


def opened() -> Talk:
    return Talk().user(0, "/benchmark").calls(1, f"{LAUNCHER} start --fast").returns(2, SHOWN)


@pytest.mark.parametrize("jsonl", [False, True])
def test_a_real_session_is_read_in_full(keep: Keep, jsonl: bool) -> None:
    """Pins the shapes of OpenClaw 2026.9.6: compressed events, what a failed call is, and that an answer which
    called an unknown tool is missing with its tokens while the result of the call is there.
    """
    keep({"real": recent_session()}, jsonl=jsonl)
    found = read_trial([TOKEN])
    assert found is not None
    assert found.source == ("openclaw-jsonl" if jsonl else "openclaw-sqlite")
    assert found.agent_version == (None if jsonl else "2026.9.6")
    assert found.model == "loopback/scripted"
    assert found.replies == {TOKEN: "My reply for turn one."}
    measured = metrics(found.trajectory, started_at=found.started_at, ended_at=found.ended_at)
    assert (measured.tool_calls, measured.errors) == (12, 4)
    assert measured.tokens.output == sum(range(26, 60, 3)) - 44
    assert measured.tokens.total == sum(range(1060, 1281, 20)) - 1180
    assert measured.tokens.cost_usd is None
    assert [call.name for call in calls(found.trajectory) if call.failed] == [
        "read",
        "edit",
        "nosuchtool",
        "exec",
    ]
    assert msgspec.json.decode(msgspec.json.encode(found.trajectory), type=Trajectory) == found.trajectory


def test_a_trial_runs_from_the_shown_token_to_the_call_that_hands_it_in(keep: Keep) -> None:
    talk = opened().calls(3, "echo work").returns(4, "work").calls(5, DONE, text="Finished.")
    talk.returns(6, f"Score. Next: {LAUNCHER} done {OTHER}").calls(7, "echo other task").returns(8, "x")
    found = read(keep, talk)
    assert commands(found) == ["echo work"]
    assert found.replies == {TOKEN: "Finished."}
    assert (found.ended_at - found.started_at).total_seconds() == 3
    assert found.trajectory.final_metrics is not None
    assert found.trajectory.final_metrics.total_completion_tokens == 4


def test_an_open_trial_ends_with_what_is_there(keep: Keep) -> None:
    found = read(keep, opened().calls(3, "echo work").returns(4, "work").says(5, "Half way."))
    assert commands(found) == ["echo work"]
    assert found.replies == {TOKEN: "Half way."}


def test_a_refused_hand_in_does_not_end_the_turn(keep: Keep) -> None:
    talk = opened().calls(3, f"{LAUNCHER} done {TOKEN}").returns(4, "agentbench: no points", exitCode=2)
    talk.calls(5, "echo more").returns(6, "more").calls(7, DONE)
    assert commands(read(keep, talk)) == ["echo more"]


@pytest.mark.parametrize(
    ("made", "counted"),
    [
        (("touch a", DONE), ["touch a"]),
        ((DONE, "touch late"), []),
        ((f"python3 solve.py && {DONE}",), [f"python3 solve.py && {DONE}"]),
    ],
)
def test_work_beside_the_hand_in_counts(keep: Keep, made: tuple[str, ...], counted: list[str]) -> None:
    assert commands(read(keep, opened().calls(3, *made))) == counted


def test_a_call_made_beside_the_start_is_not_part_of_the_trial(keep: Keep) -> None:
    talk = Talk().user(0, "/benchmark").calls(1, f"{LAUNCHER} start", "echo early")
    talk.returns(2, SHOWN, of=1).returns(3, "early").calls(4, "echo a").returns(5, "a").calls(6, DONE)
    assert commands(read(keep, talk)) == ["echo a"]


@pytest.mark.parametrize(
    ("talk", "audited"),
    [
        (
            Talk()
            .user(0, "/benchmark")
            .calls(1, f"{LAUNCHER} done {OTHER}", "cat checks.py")
            .returns(2, SHOWN, of=1)
            .returns(3, "early")
            .calls(4, DONE),
            ["cat checks.py"],
        ),
        (
            opened()
            .calls(3, f"{LAUNCHER} start --seed 7 --results /tmp/x")
            .returns(4, "Running: the same task")
            .calls(5, DONE),
            [f"{LAUNCHER} start --seed 7 --results /tmp/x"],
        ),
        (opened().calls(3, f"{LAUNCHER} status").returns(4, SHOWN).calls(5, DONE), []),
    ],
)
def test_calls_beside_the_work_are_kept_for_the_audit(keep: Keep, talk: Talk, audited: list[str]) -> None:
    """No work, but made with the answers in reach: with the call that showed the turn, or to start another run."""
    found = read(keep, talk)
    assert commands(found) == []
    assert [call.command for call in calls_beside(found.trajectory)] == audited


def test_showing_the_turn_again_changes_nothing(keep: Keep) -> None:
    talk = opened().calls(3, "echo a").returns(4, "a").calls(5, f"{LAUNCHER} status").returns(6, SHOWN)
    found = read(keep, talk.calls(7, "echo b").returns(8, "b").calls(9, DONE))
    assert commands(found) == ["echo a", "echo b"]
    assert (found.ended_at - found.started_at).total_seconds() == 7


def test_a_trial_goes_on_in_another_session(keep: Keep) -> None:
    before = opened().calls(3, "echo a").returns(4, "a").says(5, "I stop here.")
    after = Talk().user(100, "go on").calls(101, f"{LAUNCHER} status").returns(102, SHOWN)
    after.calls(103, "echo b").returns(104, "b").calls(106, DONE, text="Both done.")
    found = read(keep, before, after)
    assert commands(found) == ["echo a", "echo b"]
    assert found.replies == {TOKEN: "Both done."}
    measured = metrics(found.trajectory, started_at=found.started_at, ended_at=found.ended_at)
    assert measured.working_sec == pytest.approx(3 + 4, abs=0.01)


def test_a_resumed_session_that_was_not_shown_the_turn_starts_at_the_users_message(keep: Keep) -> None:
    before = opened().calls(3, "echo a").returns(4, "a")
    after = Talk().user(50, "hello").says(51, "Hi.").user(60, "finish the benchmark")
    after.calls(61, "echo b").returns(62, "b").calls(63, DONE)
    assert commands(read(keep, before, after)) == ["echo a", "echo b"]


def test_turns_are_joined_and_the_time_between_is_waiting(keep: Keep) -> None:
    talk = opened().calls(3, "echo a").returns(4, "a").calls(5, DONE, text="First.")
    talk.returns(25, f"Message 2 of 2: {LAUNCHER} done {OTHER}")
    talk.calls(26, "echo b").returns(27, "b").calls(30, f"{LAUNCHER} done {OTHER}", text="Second.")
    found = read(keep, talk, tokens=(TOKEN, OTHER))
    assert commands(found) == ["echo a", "echo b"]
    assert found.replies == {TOKEN: "First.", OTHER: "Second."}
    assert [step.extra["turn"] for step in found.trajectory.steps if step.extra] == [1, 1, 2, 2]
    measured = metrics(found.trajectory, started_at=found.started_at, ended_at=found.ended_at)
    assert measured.working_sec == pytest.approx(28 - 20, abs=0.01)


def test_a_request_that_started_late_was_waiting(keep: Keep) -> None:
    """OpenClaw leaves no event for a rate limit: the gap before the request is all there is."""
    talk = opened().calls(3, "echo a").returns(4, "a").calls(40, "echo b", asked=38).returns(41, "b")
    found = read(keep, talk.calls(42, DONE))
    measured = metrics(found.trajectory, started_at=found.started_at, ended_at=found.ended_at)
    assert measured.working_sec == pytest.approx(40 - 34, abs=0.01)


def test_a_message_of_the_user_ends_a_wait(keep: Keep) -> None:
    talk = opened().says(3, "Shall I?").user(63, "yes").calls(64, "echo a").returns(65, "a").calls(66, DONE)
    found = read(keep, talk)
    assert [step.source for step in found.trajectory.steps] == ["agent", "user", "agent", "agent"]
    measured = metrics(found.trajectory, started_at=found.started_at, ended_at=found.ended_at)
    assert measured.working_sec == pytest.approx(64 - 60, abs=0.01)


def test_only_a_session_with_the_token_counts(keep: Keep) -> None:
    newer = Talk().user(300, "hello").calls(301, "echo private").returns(302, "x")
    keep({"ours": opened().calls(3, "echo a").records, "foreign": newer.records})
    assert read_trial(["0000000000"]) is None
    found = read_trial([TOKEN])
    assert found is not None
    assert commands(found) == ["echo a"]
    assert "private" not in str(found.raw)


def test_nothing_older_than_the_trial_is_looked_at(keep: Keep) -> None:
    keep({"s": opened().calls(3, "echo a").records})
    assert read_trial([TOKEN], since=datetime.now(UTC) - timedelta(minutes=11)) is not None
    assert read_trial([TOKEN], since=datetime.now(UTC) - timedelta(minutes=1)) is None


def test_reading_changes_nothing_and_does_not_wait_for_a_lock(keep: Keep) -> None:
    path = keep({"s": opened().calls(3, "echo a").records})
    before = path.read_bytes()
    with closing(sqlite3.connect(path, isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("INSERT INTO transcript_events VALUES ('x', 1, '{}', 1, NULL, NULL, NULL)")
        began = time.monotonic()
        found = read_trial([TOKEN])
        assert time.monotonic() - began < 1
        writer.execute("ROLLBACK")
    assert found is not None
    assert path.read_bytes() == before


@pytest.mark.parametrize("content", [b"", b"not a database" * 100])
def test_a_damaged_or_foreign_store_is_no_transcript(tmp_path: Path, keep: Keep, content: bytes) -> None:
    path = keep({"s": []})
    path.with_name(path.name + "-wal").unlink(missing_ok=True)
    path.write_bytes(content)
    (tmp_path / "half.jsonl").write_bytes(
        b'{"type":"message","id":"1"\n[]\n{"type":"message","message":7}\n\xff\n'
    )
    assert read_trial([TOKEN]) is None
    assert not probe()


def change(store: Path, seq: int, assignment: str, *values: object) -> None:
    """Overwrite columns of one stored event."""
    with closing(sqlite3.connect(store)) as database, database:
        cursor = database.execute(f"UPDATE transcript_events SET {assignment} WHERE seq = ?", (*values, seq))
        assert cursor.rowcount == 1


def worked() -> Talk:
    """A trial of three calls; the second one's result is event 6, and long enough to be compressed."""
    talk = opened().calls(3, "echo one").returns(4, "one").calls(5, "shot").returns(6, "x" * 3000)
    return talk.calls(7, "echo three").returns(8, "three").calls(9, DONE, text="Finished.")


def test_a_result_of_many_megabytes_is_read(keep: Keep) -> None:
    """A screenshot of 9 MiB is an event like any other, with its text and its failure mark."""
    talk = worked()
    image = {"type": "image", "data": "iVBORw0K" * (9 * 2**17), "mimeType": "image/png"}
    talk.records[6]["message"] |= {"content": [{"type": "text", "text": "shot"}, image], "isError": True}
    found = read(keep, talk)
    assert commands(found) == ["echo one", "shot", "echo three"]
    assert [call.failed for call in calls(found.trajectory)] == [False, True, False]
    assert found.replies == {TOKEN: "Finished."}


@pytest.mark.parametrize("position", [6, 7])
def test_an_event_beyond_the_bound_loses_its_content_alone(
    keep: Keep, monkeypatch: pytest.MonkeyPatch, position: int
) -> None:
    """Its role, time and call are kept, so a result still answers its call; an answer's calls are lost."""
    monkeypatch.setattr(sqlite, "_MAX_EVENT_BYTES", 40_000)
    talk = worked()
    content = talk.records[position]["message"]["content"]
    content.append({"type": "image", "data": "iVBORw0K" * 10_000, "mimeType": "image/png"})
    found = read(keep, talk)
    made = list(calls(found.trajectory))
    assert [call.command for call in made] == ["echo one", "shot", "echo three" if position == 6 else None]
    assert [None if call.result is None else call.result.content for call in made] == (
        ["one", "", "three"] if position == 6 else ["one", "x" * 3000, "three"]
    )


@pytest.mark.parametrize(
    ("assignment", "values"),
    [
        ("event_zstd = ?", [b"\x28\xb5\x2f\xfd damaged"]),
        ("event_zstd = NULL", []),
        ("event_zstd = substr(event_zstd, 1, 40)", []),
        ("event_zstd = NULL, event_json = ?", ['{"type":"message","id":"z","message":{"role":"toolRes']),
        ("event_zstd = NULL, event_json = ?", ['{"type":"message","message":[' + "[" * 100_000]),
        ("event_zstd = NULL, event_json = CAST(x'7b22ff22' AS TEXT)", []),
        ("event_zstd = NULL, event_json = ?", [f'{{"type":"message","message":{{"x":"{TOKEN}']),
        (
            "event_zstd = NULL, event_json = ?",
            [f'{{"type":"message","message":{{"role":"toolResult","x":"{TOKEN}'],
        ),
    ],
)
def test_a_damaged_event_loses_no_other(keep: Keep, assignment: str, values: list[object]) -> None:
    """Whatever is wrong with one row, the rest of the trial is read and measured."""
    store = keep({"s": worked().records})
    change(store, 6, assignment, *values)
    found = read_trial([TOKEN])
    assert found is not None
    assert commands(found) == ["echo one", "shot", "echo three"]
    assert found.replies == {TOKEN: "Finished."}


def test_an_older_schema_without_compression_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AGENTBENCH_TRANSCRIPTS", str(tmp_path))
    path = tmp_path / "store.sqlite"
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("CREATE TABLE transcript_events (session_id, seq, event_json, created_at)")
        for number, record in enumerate(opened().calls(3, "echo a").records):
            moment = int(datetime.fromisoformat(record["timestamp"]).timestamp() * 1000)
            row = ("s", number, msgspec.json.encode(record).decode(), moment)
            database.execute("INSERT INTO transcript_events VALUES (?, ?, ?, ?)", row)
    found = read_trial([TOKEN])
    assert found is not None
    assert found.agent_version is None
    assert commands(found) == ["echo a"]


def test_probe_sees_the_running_call_of_the_launcher(keep: Keep) -> None:
    keep({"s": Talk().user(590, "/benchmark").calls(591, f"{LAUNCHER} start --fast").records})
    assert probe()


def test_probe_sees_a_call_that_went_to_the_background(keep: Keep) -> None:
    talk = Talk().user(590, "/benchmark").calls(591, f"{LAUNCHER} start --fast")
    keep({"s": talk.returns(593, "Command still running", status="running").records})
    assert probe()


def test_probe_is_false_without_a_running_call(keep: Keep) -> None:
    keep({"s": opened().calls(595, "sleep 5").records})
    assert not probe()


@pytest.mark.slow
def test_a_store_of_100_000_events_is_searched_in_a_tenth_of_a_second(keep: Keep) -> None:
    """`done` has a quarter of a second in all; the busiest store must not eat it."""
    talk = opened().calls(3, "echo a").returns(4, "a").calls(5, DONE)
    old = {"type": "message", "id": "0", "message": {"role": "user", "content": "x" * 700}}
    moment = talk.began - timedelta(hours=40)
    bulk = [
        old | {"id": f"old{n}", "timestamp": (moment + timedelta(seconds=n)).isoformat()}
        for n in range(100_000)
    ]
    keep({"s": [*bulk, *talk.records]})
    took = []
    for _ in range(3):
        began = time.perf_counter()
        assert read_trial([TOKEN]) is not None
        took.append(time.perf_counter() - began)
    assert min(took) < 0.1


@pytest.mark.parametrize(
    "made", ["./scripts/agentbench status 'grep -rn x .'", f"PATH=. {LAUNCHER} status", "agentbench status"]
)
def test_a_program_that_bears_the_launchers_name_counts(keep: Keep, made: str) -> None:
    """Else an agent could do all its work, and look at the grader, in calls that nobody counts or audits."""
    assert commands(read(keep, opened().calls(3, made).returns(4, "x").calls(5, DONE))) == [made]
