"""A careful reader of the log, two others who come to the same answers, and one wrong reader for every slip."""

import json
import re
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

from _syslog_needle_reader import Questions, Reader


def _save(workspace: Path, answers: dict) -> str:
    (workspace / "answers.json").write_text(json.dumps(answers, indent=2) + "\n", "utf-8")
    return "All six questions are answered in answers.json."


def _slip(workspace: Path, *slips: str) -> str:
    return _save(workspace, Reader(workspace, slips).answers())


def oracle(workspace: Path, turn: int = 1) -> str | None:
    """Read the log once and follow the rules line by line."""
    return _slip(workspace)


# -- other right solutions -----------------------------------------------------------------------


def spelled_otherwise(workspace: Path, turn: int = 1) -> str | None:
    """Write the same answers in other order, as text, in another zone, with notes, BOM and CRLF."""
    answers = Reader(workspace).answers()
    there = timezone(timedelta(hours=5, minutes=30))

    def elsewhere(text: str) -> str:
        return datetime.fromisoformat(text).astimezone(there).isoformat(sep=" ")

    table = {
        "notes": ["read with a script"],
        "6": {"at": elsewhere(answers["6"]["at"]), "machine": answers["6"]["machine"].upper(), "lines": 9},
        "5": [*answers["5"][::-1], answers["5"][0]],
        "4": answers["4"].replace("T", " ").replace("Z", " UTC"),
        "3": str(answers["3"]),
        "2": float(answers["2"]),
        "1": f" {answers['1']} ",
    }
    text = json.dumps(table, indent=1).replace("\n", "\r\n")
    (workspace / "answers.json").write_text("\ufeff" + text, "utf-8", newline="")
    return None


def by_search(workspace: Path, turn: int = 1) -> str | None:
    """Search the whole text instead: pick the lines of each machine that matters, then answer from these."""
    ask = Questions(workspace)
    text = (workspace / "syslog").read_text("ascii").split("\n")
    renames = dict(
        re.search(r"from '(\S+)' to '(\S+)'", line).groups() for line in text if "hostname from" in line
    )
    rows = _rows(text, ask.suppressed[0])
    total, kind = 0, {}
    for stamp, host, said in rows:
        count = re.fullmatch(r"(\d+) messages suppressed", said)
        kind[host] = kind.get(host) if count else said
        if kind[host] == ask.suppressed[1] and stamp.startswith(ask.day):
            total += int(count[1]) if count else 1
    machine = {ask.renamed[2], *(old for old, new in renames.items() if new == ask.renamed[2])}
    moved = [row for row in _rows(text, ask.renamed[0]) if row[1] in machine and row[2] == ask.renamed[1]]
    bad = set()
    for _, host, said in _rows(text, ask.measured[0]):
        value = int(re.search(r"(\d+) (?:days$|Currently)", said)[1])
        if (value < ask.measured[1]) if ask.fewer else (value > ask.measured[1]):
            bad.add(renames.get(host, host))
    reports = [(row[0], row[1]) for row in _rows(text, ask.reported[0]) if row[2] == ask.reported[1]]
    reports.sort(key=lambda row: _instant(ask, row[0]))
    stamp, host = reports[0 if ask.first else -1]
    answers = {
        "1": _repeats(text, ask),
        "2": total,
        "3": len(moved),
        "4": _kernel_time(text, ask),
        "5": sorted(bad - ask.tests),
        "6": {"machine": renames.get(host, host), "at": _instant(ask, stamp).isoformat()},
    }
    return _save(workspace, answers)


def _rows(text: list[str], program: str) -> list[tuple[str, str, str]]:
    """Return stamp, machine and message of all lines of a program."""
    pattern = re.compile(rf"(.{{15}}) (\S+) {program}(?:\[\d+\])?: (.*)")
    return [hit.groups() for line in text if program in line and (hit := pattern.fullmatch(line))]


def _instant(ask: Questions, stamp: str) -> datetime:
    return datetime.strptime(f"{ask.year} {stamp}", "%Y %b %d %H:%M:%S").replace(tzinfo=UTC)


def _repeats(text: list[str], ask: Questions) -> int:
    """Count each message, then go from each machine's repetitions back to what it had written before."""
    ours = [row for row in _rows(text, ask.repeated[0]) if row[2] == ask.repeated[1]]
    total = len(ours)
    for host in {row[1] for row in ours}:
        lines = [line[17 + len(host) :] for line in text if line.startswith(f"{host} ", 16)]
        for number, line in enumerate(lines):
            if hit := re.fullmatch(r"last message repeated (\d+) times?", line):
                before = number - 1
                while lines[before].startswith("last message repeated"):
                    before -= 1
                total += int(hit[1]) if lines[before].endswith(": " + ask.repeated[1]) else 0
    return total


def _kernel_time(text: list[str], ask: Questions) -> str:
    mine = re.compile(rf".{{15}} {ask.kernel_host} kernel: \[ *(\d+)\.(\d+)\] (.*)")
    lines = [hit.groups() for line in text if " kernel: " in line and (hit := mine.fullmatch(line))]
    pattern = ".*".join(map(re.escape, ask.kernel_text))
    boot = 0
    for seconds, micros, said in lines:
        since = int(seconds) * 1_000_000 + int(micros)
        if clock := re.search(r"setting system clock to .* \((\d+)\)", said):
            boot = int(clock[1]) * 1_000_000 - since
        elif re.search(pattern, said):
            return datetime.fromtimestamp((boot + since) // 1_000_000, UTC).isoformat()
    raise AssertionError("no such message")


# -- plausible, but wrong ------------------------------------------------------------------------


def counts_lines(workspace: Path, turn: int = 1) -> str | None:
    """Count matching lines, as grep does."""
    return _slip(workspace, "no-repeats", "no-suppressed")


def ignores_repeats(workspace: Path, turn: int = 1) -> str | None:
    """Leave out `last message repeated`."""
    return _slip(workspace, "no-repeats")


def repeats_the_line_before(workspace: Path, turn: int = 1) -> str | None:
    """Take a repetition for one of the line before it in the file, of whatever machine."""
    return _slip(workspace, "by-file-line")


def repeats_of_anything(workspace: Path, turn: int = 1) -> str | None:
    """Add every repetition that follows on the same machine within a minute."""
    return _slip(workspace, "of-anything")


def ignores_suppressed(workspace: Path, turn: int = 1) -> str | None:
    """Leave out suppressed messages."""
    return _slip(workspace, "no-suppressed")


def suppressed_of_anything(workspace: Path, turn: int = 1) -> str | None:
    """Add all that the program suppressed, whatever it was."""
    return _slip(workspace, "suppressed-of-anything")


def suppressed_when_first_said(workspace: Path, turn: int = 1) -> str | None:
    """Count suppressed messages on the day of the message that they follow."""
    return _slip(workspace, "when-first-said")


def all_days(workspace: Path, turn: int = 1) -> str | None:
    """Overlook that question 2 is about one day."""
    return _slip(workspace, "all-days")


def one_name(workspace: Path, turn: int = 1) -> str | None:
    """Know machines only by the name that stands in the line."""
    return _slip(workspace, "one-name")


def name_prefix(workspace: Path, turn: int = 1) -> str | None:
    """Search for the old name without an end, and find web-10 with web-1."""
    return _slip(workspace, "name-prefix")


def kernel_stamps(workspace: Path, turn: int = 1) -> str | None:
    """Believe the stamp of a kernel message."""
    return _slip(workspace, "stamp")


def first_boot(workspace: Path, turn: int = 1) -> str | None:
    """Reckon from the first boot in the log."""
    return _slip(workspace, "first-boot")


def last_boot(workspace: Path, turn: int = 1) -> str | None:
    """Reckon from the last boot in the log."""
    return _slip(workspace, "last-boot")


def boot_stamp(workspace: Path, turn: int = 1) -> str | None:
    """Take the stamp of the boot messages for the moment of the boot."""
    return _slip(workspace, "boot-stamp")


def fewest_seconds(workspace: Path, turn: int = 1) -> str | None:
    """Take the message with the fewest seconds for the first."""
    return _slip(workspace, "fewest-seconds")


def with_test_machines(workspace: Path, turn: int = 1) -> str | None:
    """Count test machines."""
    return _slip(workspace, "tests-too")


def by_written_name(workspace: Path, turn: int = 1) -> str | None:
    """Miss that a test machine once had another name."""
    return _slip(workspace, "test-by-written-name")


def bound_itself(workspace: Path, turn: int = 1) -> str | None:
    """Read `fewer than` as `at most`, `more than` as `at least`."""
    return _slip(workspace, "bound-itself")


def last_value(workspace: Path, turn: int = 1) -> str | None:
    """Look at each machine's last value only."""
    return _slip(workspace, "last-value")


def file_order(workspace: Path, turn: int = 1) -> str | None:
    """Take the first (or last) match in the file."""
    return _slip(workspace, "file-order")


def leaves_an_extract(workspace: Path, turn: int = 1) -> str | None:
    """Answer all, but leave an extract behind."""
    (workspace / "work").mkdir()
    (workspace / "work/kernel.txt").write_text("extract\n", "utf-8")
    return _slip(workspace)


def cuts_the_log(workspace: Path, turn: int = 1) -> str | None:
    """Answer all, but cut the log down to what was of use."""
    said = _slip(workspace)
    with (workspace / "syslog").open("r+b") as log:
        log.truncate(1_000_000)
    return said


def stuffer(workspace: Path, turn: int = 1) -> str | None:
    """Guess: every machine, round numbers, the first stamp that looks right."""
    ask = Questions(workspace)
    with (workspace / "syslog").open("rb") as log:
        hosts = sorted(set(re.findall(r"^.{15} (\S+)", log.read(2_000_000).decode("ascii"), re.M)))
    at = f"{ask.year}-06-01T12:00:00Z"
    answers = {"1": 100, "2": 1000, "3": 20, "4": at, "5": hosts, "6": {"machine": hosts[0], "at": at}}
    return _save(workspace, answers)


ALTERNATIVES = [spelled_otherwise, by_search]
WRONG = {
    counts_lines: {"repeated", "suppressed"},
    ignores_repeats: {"repeated"},
    repeats_the_line_before: {"repeated"},
    repeats_of_anything: {"repeated"},
    ignores_suppressed: {"suppressed"},
    suppressed_of_anything: {"suppressed"},
    suppressed_when_first_said: {"suppressed"},
    all_days: {"suppressed"},
    one_name: {"renamed", "machines"},
    name_prefix: {"renamed"},
    kernel_stamps: {"kernel-clock"},
    first_boot: {"kernel-clock"},
    last_boot: {"kernel-clock"},
    boot_stamp: {"kernel-clock"},
    fewest_seconds: {"kernel-clock"},
    with_test_machines: {"machines"},
    by_written_name: {"machines"},
    bound_itself: {"machines"},
    last_value: {"machines"},
    file_order: {"late-lines"},
    leaves_an_extract: {"nothing-left"},
    cuts_the_log: {"inputs-unchanged"},
}


# -- one fault in the oracle's output ------------------------------------------------------------


def _change(workspace: Path, key: str, change) -> None:
    path = workspace / "answers.json"
    answers = json.loads(path.read_text("utf-8"))
    answers[key] = change(answers[key])
    path.write_text(json.dumps(answers), "utf-8")


def _later(text: str) -> str:
    return (datetime.fromisoformat(text) + timedelta(seconds=1)).isoformat()


def one_repeat_more(workspace: Path, turn: int = 1) -> None:
    """Answer 1 is one too high."""
    _change(workspace, "1", lambda count: count + 1)


def one_suppressed_less(workspace: Path, turn: int = 1) -> None:
    """Answer 2 is one too low."""
    _change(workspace, "2", lambda count: count - 1)


def one_job_more(workspace: Path, turn: int = 1) -> None:
    """Answer 3 is one too high."""
    _change(workspace, "3", lambda count: count + 1)


def a_second_later(workspace: Path, turn: int = 1) -> None:
    """Answer 4 is a second late."""
    _change(workspace, "4", _later)


def one_machine_less(workspace: Path, turn: int = 1) -> None:
    """Answer 5 lacks a machine."""
    _change(workspace, "5", lambda names: names[1:])


def a_test_machine(workspace: Path, turn: int = 1) -> None:
    """Answer 5 names a test machine."""
    _change(workspace, "5", lambda names: [*names, min(Questions(workspace).tests)])


def another_machine(workspace: Path, turn: int = 1) -> None:
    """Answer 6 has the right instant and the wrong machine."""
    _change(workspace, "6", lambda found: {**found, "machine": "cache-2"})


def another_moment(workspace: Path, turn: int = 1) -> None:
    """Answer 6 has the right machine and is a second late."""
    _change(workspace, "6", lambda found: {**found, "at": _later(found["at"])})


def no_third_answer(workspace: Path, turn: int = 1) -> None:
    """Answer 3 is missing."""
    path = workspace / "answers.json"
    answers = json.loads(path.read_text("utf-8"))
    del answers["3"]
    path.write_text(json.dumps(answers), "utf-8")


def a_script_left(workspace: Path, turn: int = 1) -> None:
    """A script stays behind."""
    (workspace / "scan.py").write_text("print()\n", "utf-8")


def a_byte_of_the_log(workspace: Path, turn: int = 1) -> None:
    """One byte of the log is another, its length the same."""
    with (workspace / "syslog").open("r+b") as log:
        log.seek(70_000_000)
        byte = log.read(1)
        log.seek(70_000_000)
        log.write(b"#" if byte != b"#" else b"%")


def questions_marked(workspace: Path, turn: int = 1) -> None:
    """Somebody ticked off the questions."""
    with (workspace / "questions.md").open("a", encoding="utf-8") as text:
        text.write("done\n")


MUTATIONS = {
    one_repeat_more: {"repeated"},
    one_suppressed_less: {"suppressed"},
    one_job_more: {"renamed"},
    no_third_answer: {"renamed"},
    a_second_later: {"kernel-clock"},
    one_machine_less: {"machines"},
    a_test_machine: {"machines"},
    another_machine: {"late-lines"},
    another_moment: {"late-lines"},
    a_script_left: {"nothing-left"},
    a_byte_of_the_log: {"inputs-unchanged"},
    questions_marked: {"inputs-unchanged"},
}
