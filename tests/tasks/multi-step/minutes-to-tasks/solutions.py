"""A careful reader, two who write the same otherwise, one wrong reader for each slip, and single faults."""

import csv
from pathlib import Path

from _minutes_to_tasks_reader import REF as _REF
from _minutes_to_tasks_reader import follow as _follow
from _minutes_to_tasks_reader import staff as _staff

_HEADER = ["ref", "owner_email", "due", "status"]


def _reminders(tasks):
    mails = sorted({task["owner"] for task in tasks.values() if task["status"] == "open"})
    return {
        m: {r: t["due"] for r, t in tasks.items() if (t["owner"], t["status"]) == (m, "open")} for m in mails
    }


def _write_list(workspace, rows):
    with (workspace / "tasks.csv").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([_HEADER, *rows])


def _rows(tasks):
    return [[ref, task["owner"], task["due"], task["status"]] for ref, task in sorted(tasks.items())]


def _write_reminders(workspace, reminders):
    (workspace / "reminders").mkdir(exist_ok=True)
    for mail, due in reminders.items():
        lines = ["Hello, these are your open tasks:", *(f"- {ref}, due {day}" for ref, day in due.items())]
        (workspace / "reminders" / f"{mail}.txt").write_text("\n".join(lines) + "\n", "utf-8")


def _solve(workspace, *slips):
    tasks = _follow(workspace, set(slips))
    _write_list(workspace, _rows(tasks))
    _write_reminders(workspace, _reminders(tasks))
    return f"{len(tasks)} tasks."


def oracle(workspace: Path, turn: int = 1) -> str | None:
    """Read everything with care."""
    return _solve(workspace)


def semicolons(workspace: Path, turn: int = 1) -> str | None:
    """Other order of rows and columns, capitals, a column more, BOM and CRLF; a summary above each reminder."""
    tasks = _follow(workspace)
    lines = ["Status;Due;Title;Owner_Email;Ref"]
    lines += [
        f"{t['status'].upper()};{t['due']};some matter;{t['owner'].title()};{r}" for r, t in tasks.items()
    ]
    (workspace / "tasks.csv").write_bytes(("\ufeff" + "\r\n".join(lines)).encode("utf-8"))
    (workspace / "reminders").mkdir()
    for mail, due in _reminders(tasks).items():
        body = [f"Standing 2026-12-31: {', '.join(due)}", *(f"截止 {day}：{ref}" for ref, day in due.items())]
        (workspace / "reminders" / f"{mail}.txt").write_bytes("\r\n".join(body).encode("utf-8"))
    return None


def newest_first(workspace: Path, turn: int = 1) -> str | None:
    """Sort by due date from the last, keep notes, and write the reminders as small tables."""
    tasks = _follow(workspace)
    _write_list(workspace, sorted(_rows(tasks), key=lambda row: (row[2], row[0]), reverse=True))
    (workspace / "reminders").mkdir()
    (workspace / "reminders" / "README.md").write_text("One file for each person.\n", "utf-8")
    (workspace / "notes.md").write_text("\n".join(tasks), "utf-8")
    for mail, due in _reminders(tasks).items():
        table = "".join(f"| {ref} | {day} |\n" for ref, day in due.items())
        (workspace / "reminders" / f"{mail}.txt").write_text(f"| ref | due |\n|---|---|\n{table}", "utf-8")
    return None


def last_meeting(workspace: Path, turn: int = 1) -> str | None:
    """Count every day from the last meeting."""
    return _solve(workspace, "last-meeting")


def nearest_weekday(workspace: Path, turn: int = 1) -> str | None:
    """Take the next weekday of that name for the one of next week."""
    return _solve(workspace, "nearest")


def delay_from_meeting(workspace: Path, turn: int = 1) -> str | None:
    """Put back by a week from the meeting."""
    return _solve(workspace, "delay-from-meeting")


def no_delay(workspace: Path, turn: int = 1) -> str | None:
    """Keep the first due dates."""
    return _solve(workspace, "no-delay")


def no_handover(workspace: Path, turn: int = 1) -> str | None:
    """Miss that a task was handed over."""
    return _solve(workspace, "no-handover")


def no_clearing(workspace: Path, turn: int = 1) -> str | None:
    """Miss that somebody hands over everything."""
    return _solve(workspace, "no-clearing")


def clears_all(workspace: Path, turn: int = 1) -> str | None:
    """Miss the exception to it."""
    return _solve(workspace, "clears-all")


def clears_closed(workspace: Path, turn: int = 1) -> str | None:
    """Hand over closed tasks, too."""
    return _solve(workspace, "clears-closed")


def twins(workspace: Path, turn: int = 1) -> str | None:
    """Take two people whose names sound alike for one."""
    return _solve(workspace, "twins")


def lure(workspace: Path, turn: int = 1) -> str | None:
    """Guess whom a short name means."""
    return _solve(workspace, "lure")


def no_correction(workspace: Path, turn: int = 1) -> str | None:
    """Miss the correction of earlier minutes."""
    return _solve(workspace, "no-correction")


def talk_is_task(workspace: Path, turn: int = 1) -> str | None:
    """List what somebody wished for."""
    return _solve(workspace, "talk-is-task")


def first_talk_counts(workspace: Path, turn: int = 1) -> str | None:
    """Strike off for good what was first only talked about."""
    return _solve(workspace, "first-talk-counts")


def no_closing(workspace: Path, turn: int = 1) -> str | None:
    """Leave everything open."""
    return _solve(workspace, "no-closing")


def nearly_is_done(workspace: Path, turn: int = 1) -> str | None:
    """Take a task for done that is nearly done."""
    return _solve(workspace, "nearly-is-done")


def no_reopening(workspace: Path, turn: int = 1) -> str | None:
    """Miss that a task is open again."""
    return _solve(workspace, "no-reopening")


def reminds_of_all(workspace: Path, turn: int = 1) -> str | None:
    """Remind of closed tasks as well."""
    tasks = _follow(workspace)
    _write_list(workspace, _rows(tasks))
    _write_reminders(workspace, _reminders({ref: {**task, "status": "open"} for ref, task in tasks.items()}))
    return None


def english_dates(workspace: Path, turn: int = 1) -> str | None:
    """Write the dates of the reminders in words."""
    tasks = _follow(workspace)
    _write_list(workspace, _rows(tasks))
    words = {m: {ref: f"{d:%d %B}" for ref, d in due.items()} for m, due in _reminders(tasks).items()}
    _write_reminders(workspace, words)
    return None


def stuffer(workspace: Path, turn: int = 1) -> str | None:
    """List every ref once as open, with people in turn and one date for all, and remind everybody of everything."""
    texts = [path.read_text("utf-8") for path in sorted((workspace / "minutes").iterdir())]
    refs = sorted(set(_REF.findall("".join(texts))))
    mails = sorted(set(_staff(workspace).values()))
    _write_list(workspace, [[ref, mails[i % len(mails)], "2026-04-30", "open"] for i, ref in enumerate(refs)])
    _write_reminders(workspace, {mail: dict.fromkeys(refs, "2026-04-30") for mail in mails})
    return "All 16 tasks are listed."


def _edit(workspace, change):
    """Let ``change`` alter the rows of the finished list."""
    with (workspace / "tasks.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.reader(stream))[1:]
    change(rows)
    _write_list(workspace, rows)


def drops_a_row(workspace: Path, turn: int = 1) -> None:
    """One task is missing from the list."""
    _edit(workspace, lambda rows: rows.pop())


def adds_a_row(workspace: Path, turn: int = 1) -> None:
    """One ref that was only talked about is on the list."""
    texts = "".join(path.read_text("utf-8") for path in (workspace / "minutes").iterdir())
    listed = _follow(workspace)
    ref = min(set(_REF.findall(texts)) - listed.keys())
    _edit(workspace, lambda rows: rows.append([ref, rows[0][1], "2026-05-04", "open"]))


def repeats_a_row(workspace: Path, turn: int = 1) -> None:
    """One task is listed twice."""
    _edit(workspace, lambda rows: rows.append(rows[3]))


def changes_an_owner(workspace: Path, turn: int = 1) -> None:
    """One task has another owner in the list."""

    def change(rows):
        rows[5][1] = next(row[1] for row in rows if row[1] != rows[5][1])

    _edit(workspace, change)


def changes_a_date(workspace: Path, turn: int = 1) -> None:
    """One task is due a year early in the list."""

    def change(rows):
        rows[7][2] = rows[7][2].replace("2026", "2025")

    _edit(workspace, change)


def changes_a_status(workspace: Path, turn: int = 1) -> None:
    """One open task is done in the list."""

    def change(rows):
        next(row for row in rows if row[3] == "open")[3] = "done"

    _edit(workspace, change)


def _some_reminder(workspace):
    """Return the reminder of somebody with two open tasks or more."""
    files = sorted((workspace / "reminders").iterdir())
    return next(path for path in files if len(_REF.findall(path.read_text("utf-8"))) > 1)


def forgets_a_line(workspace: Path, turn: int = 1) -> None:
    """One open task is missing from a reminder."""
    path = _some_reminder(workspace)
    path.write_text("\n".join(path.read_text("utf-8").splitlines()[:-1]), "utf-8")


def reminds_the_idle(workspace: Path, turn: int = 1) -> None:
    """Somebody without open tasks gets a reminder."""
    there = {path.stem for path in (workspace / "reminders").iterdir()}
    mail = min(set(_staff(workspace).values()) - there)
    (workspace / "reminders" / f"{mail}.txt").write_text("You have nothing to do.\n", "utf-8")


def misdates_a_line(workspace: Path, turn: int = 1) -> None:
    """One due date in a reminder is wrong."""
    path = _some_reminder(workspace)
    path.write_text(path.read_text("utf-8").replace("2026", "2027", 1), "utf-8")


def signs_minutes(workspace: Path, turn: int = 1) -> None:
    """The last minutes get a line more."""
    with max((workspace / "minutes").iterdir()).open("a", encoding="utf-8") as stream:
        stream.write("\nAll transferred to tasks.csv.\n")


ALTERNATIVES = [semicolons, newest_first]
WRONG = {
    last_meeting: {"due", "reminder-dates"},
    nearest_weekday: {"due", "reminder-dates"},
    delay_from_meeting: {"due", "reminder-dates"},
    no_delay: {"due", "reminder-dates"},
    no_handover: {"owners", "reminders"},
    no_clearing: {"owners", "reminders"},
    clears_all: {"owners", "reminders"},
    clears_closed: {"owners"},
    twins: {"owners", "reminders"},
    lure: {"owners", "reminders"},
    no_correction: {"owners", "reminders"},
    talk_is_task: {"refs", "reminders"},
    first_talk_counts: {"refs", "reminders"},
    no_closing: {"owners", "statuses", "reminders"},
    nearly_is_done: {"statuses", "reminders"},
    no_reopening: {"due", "statuses", "reminders"},
    reminds_of_all: {"reminders"},
    english_dates: {"reminder-dates"},
}
MUTATIONS = {
    drops_a_row: {"refs"},
    adds_a_row: {"refs"},
    repeats_a_row: {"refs"},
    changes_an_owner: {"owners"},
    changes_a_date: {"due"},
    changes_a_status: {"statuses"},
    forgets_a_line: {"reminders"},
    reminds_the_idle: {"reminders"},
    misdates_a_line: {"reminder-dates"},
    signs_minutes: {"inputs-unchanged"},
}
