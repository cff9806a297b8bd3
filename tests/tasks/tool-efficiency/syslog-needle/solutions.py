"""A careful reader of the log, one who writes the same otherwise, and readers with a slip for each question."""

import json
import re
from datetime import datetime, timedelta, timezone
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


# -- plausible, but wrong ------------------------------------------------------------------------
# Each takes one slip for each question, so that few readings of the log cover many; the checks must tell them apart.


def greps(workspace: Path, turn: int = 1) -> str | None:
    """Count matching lines by the name that stands in them, and believe stamps and the order of the file."""
    return _slip(workspace, "no-repeats", "no-suppressed", "one-name", "stamp", "file-order")


def reads_no_notes(workspace: Path, turn: int = 1) -> str | None:
    """Leave out the notes, the day of question 2, the end of a name and the machine's later boots."""
    return _slip(workspace, "notes-ignored", "all-days", "name-prefix", "first-boot")


def believes_everybody(workspace: Path, turn: int = 1) -> str | None:
    """Follow notes of people without a say; miss joined lines, processes side by side and the step of a clock."""
    return _slip(workspace, "anybody", "joined-whole", "by-program", "step-ignored")


def rigid_patterns(workspace: Path, turn: int = 1) -> str | None:
    """Know names and kernel lines in their common form only, count copies, and miss the note about a clock."""
    return _slip(workspace, "spelling", "copies-counted", "plain-brackets", "clock-ignored")


def last_name_wins(workspace: Path, turn: int = 1) -> str | None:
    """Take a name used twice for one machine; reckon from the last boot; miss the second machine of a drill."""
    slips = ("name-reuse", "own-repeats", "when-first-said", "last-boot", "second-drill-missed")
    return _slip(workspace, *slips)


def skims(workspace: Path, turn: int = 1) -> str | None:
    """Miss units, corrections and ends of tests; take equal lines, or parts of one line, for one message."""
    slips = ("units-ignored", "no-correction", "no-end", "joined-once", "equal-once")
    return _slip(workspace, *slips, "suppressed-of-anything", "fewest-seconds")


def stuffer(workspace: Path, turn: int = 1) -> str | None:
    """Guess: every machine, round numbers, the first stamp that looks right."""
    ask = Questions(workspace)
    with (workspace / "syslog").open("rb") as log:
        hosts = sorted(set(re.findall(r"^.{15} (\S+)", log.read(2_000_000).decode("ascii"), re.M)))
    at = f"{ask.year}-06-01T12:00:00Z"
    answers = {"1": 100, "2": 1000, "3": 20, "4": at, "5": hosts, "6": {"machine": hosts[0], "at": at}}
    return _save(workspace, answers)


ALTERNATIVES = [spelled_otherwise]
WRONG = {
    greps: {"repeated", "suppressed", "renamed", "kernel-clock", "machines", "late-lines"},
    reads_no_notes: {"repeated", "suppressed", "renamed", "kernel-clock", "machines", "late-lines"},
    believes_everybody: {"repeated", "suppressed", "kernel-clock", "machines", "late-lines"},
    rigid_patterns: {"repeated", "suppressed", "renamed", "kernel-clock", "machines", "late-lines"},
    last_name_wins: {"repeated", "suppressed", "renamed", "kernel-clock", "machines", "late-lines"},
    skims: {"repeated", "suppressed", "kernel-clock", "machines"},
}


# -- one fault in the oracle's output ------------------------------------------------------------


def _change(workspace: Path, key: str, change) -> None:
    path = workspace / "answers.json"
    answers = json.loads(path.read_text("utf-8"))
    answers[key] = change(answers[key])
    path.write_text(json.dumps(answers), "utf-8")


def _later(text: str) -> str:
    return (datetime.fromisoformat(text) + timedelta(seconds=1)).isoformat()


def one_more_of_1(workspace: Path, turn: int = 1) -> None:
    """Answer 1 is one too high."""
    _change(workspace, "1", lambda count: count + 1)


def one_less_of_2(workspace: Path, turn: int = 1) -> None:
    """Answer 2 is one too low."""
    _change(workspace, "2", lambda count: count - 1)


def one_more_of_3(workspace: Path, turn: int = 1) -> None:
    """Answer 3 is one too high."""
    _change(workspace, "3", lambda count: count + 1)


def no_answer_3(workspace: Path, turn: int = 1) -> None:
    """Answer 3 is missing."""
    path = workspace / "answers.json"
    answers = json.loads(path.read_text("utf-8"))
    del answers["3"]
    path.write_text(json.dumps(answers), "utf-8")


def a_second_late_in_4(workspace: Path, turn: int = 1) -> None:
    """Answer 4 is a second late."""
    _change(workspace, "4", _later)


def a_test_machine_in_5(workspace: Path, turn: int = 1) -> None:
    """Answer 5 names a test machine."""
    _change(workspace, "5", lambda names: [*names, "lab-1"])


def a_machine_less_in_5(workspace: Path, turn: int = 1) -> None:
    """Answer 5 lacks a machine."""
    _change(workspace, "5", lambda names: names[1:])


def another_machine_in_6(workspace: Path, turn: int = 1) -> None:
    """Answer 6 has the right instant and another machine."""
    _change(workspace, "6", lambda found: {**found, "machine": "cache-2"})


def a_second_late_in_6(workspace: Path, turn: int = 1) -> None:
    """Answer 6 has the right machine a second late."""
    _change(workspace, "6", lambda found: {**found, "at": _later(found["at"])})


def a_script_left(workspace: Path, turn: int = 1) -> None:
    """A script stays behind, in a folder."""
    (workspace / "work").mkdir()
    (workspace / "work/scan.py").write_text("print()\n", "utf-8")


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
    one_more_of_1: {"repeated"},
    one_less_of_2: {"suppressed"},
    one_more_of_3: {"renamed"},
    no_answer_3: {"renamed"},
    a_second_late_in_4: {"kernel-clock"},
    a_test_machine_in_5: {"machines"},
    a_machine_less_in_5: {"machines"},
    another_machine_in_6: {"late-lines"},
    a_second_late_in_6: {"late-lines"},
    a_script_left: {"nothing-left"},
    a_byte_of_the_log: {"inputs-unchanged"},
    questions_marked: {"inputs-unchanged"},
}
