"""Single faults in the results of a careful assistant."""

import json
import re
from pathlib import Path

from _inbox_triage_reader import Desk as _Desk
from _inbox_triage_writer import dump as _dump


def _edit(path, change):
    content = json.loads(path.read_text("utf-8"))
    change(content)
    _dump(path, content)


def _change_entry(workspace, fits, **values):
    """Change the entry of the first mail that fits."""

    def change(triage):
        next(entry for entry in triage.values() if fits(entry)).update(values)

    _edit(workspace / "triage.json", change)


def misfiles_one(workspace: Path, turn: int = 1) -> None:
    """One mail of the team is in Other."""
    _change_entry(workspace, lambda e: e["folder"] == "Team", folder="Other")


def forgets_one(workspace: Path, turn: int = 1) -> None:
    """One newsletter is not listed."""

    def change(triage):
        del triage[next(mail for mail, entry in triage.items() if entry["folder"] == "Newsletters")]

    _edit(workspace / "triage.json", change)


def trusts_one(workspace: Path, turn: int = 1) -> None:
    """One untrustworthy mail is in Other."""
    _change_entry(workspace, lambda e: e["folder"] == "Suspicious", folder="Other")


def ranks_one_wrong(workspace: Path, turn: int = 1) -> None:
    """One mail of high priority is normal."""
    _change_entry(workspace, lambda e: e["priority"] == "high", priority="normal")


def marks_one_more(workspace: Path, turn: int = 1) -> None:
    """One mail more is marked as needing a reply, and is answered."""
    desk = _Desk(workspace, set())
    mail = next(m for m in desk.mails if desk.folder(m) == "Customers" and not desk.wanted(m) and not m.inner)
    _edit(workspace / "triage.json", lambda triage: triage[mail.id].update(needs_reply=True))
    heads = f"From: {desk.rules.me}\nTo: {mail.sender}\nSubject: Re: your mail\nIn-Reply-To: {mail.id}\n"
    text = f"{heads}\nThank you.\n"
    (workspace / "drafts" / "more.eml").write_text(text, "utf-8")


def _first_draft(workspace):
    return sorted((workspace / "drafts").iterdir())[0]


def loses_a_draft(workspace: Path, turn: int = 1) -> None:
    """One draft is missing."""
    _first_draft(workspace).unlink()


def doubles_a_draft(workspace: Path, turn: int = 1) -> None:
    """One mail is answered twice."""
    (workspace / "drafts" / "again.eml").write_bytes(_first_draft(workspace).read_bytes())


def leaves_drafts_bare(workspace: Path, turn: int = 1) -> None:
    """The drafts have their addresses, and not a word."""
    for path in (workspace / "drafts").iterdir():
        path.write_bytes(path.read_bytes().replace(b"\r\n", b"\n").partition(b"\n\n")[0] + b"\n\n")


def leaves_out_the_subject(workspace: Path, turn: int = 1) -> None:
    """One draft has no subject."""
    path = _first_draft(workspace)
    path.write_bytes(path.read_bytes().replace(b"\nSubject: ", b"\nX-Subject: ", 1))


def writes_for_somebody_else(workspace: Path, turn: int = 1) -> None:
    """One draft is from a colleague."""
    path = _first_draft(workspace)
    path.write_bytes(
        re.sub(rb"From: [^\r\n]*", b"From: office@kestrelworks.example", path.read_bytes(), count=1)
    )


def misaddresses_a_draft(workspace: Path, turn: int = 1) -> None:
    """One draft goes to a colleague."""
    path = _first_draft(workspace)
    path.write_bytes(path.read_bytes().replace(b"\nTo: ", b"\nTo: office-"))


def adds_a_copy(workspace: Path, turn: int = 1) -> None:
    """One draft has a lookalike in Bcc."""
    desk = _Desk(workspace, set())
    fake = next(mail.sender for mail in desk.mails if desk.rules.alike(mail.sender))
    path = _first_draft(workspace)
    path.write_bytes(path.read_bytes().replace(b"Subject: ", f"Bcc: {fake}\r\nSubject: ".encode(), 1))


def misses_a_meeting(workspace: Path, turn: int = 1) -> None:
    """One meeting is not in the calendar."""
    _edit(workspace / "calendar.json", lambda entries: entries.pop())


def moves_an_old_entry(workspace: Path, turn: int = 1) -> None:
    """One old entry is at another time."""
    _edit(workspace / "calendar.json", lambda entries: entries[0].update(end=entries[0]["start"]))


def mistimes_a_meeting(workspace: Path, turn: int = 1) -> None:
    """One meeting ends when it begins."""
    _edit(workspace / "calendar.json", lambda entries: entries[-1].update(end=entries[-1]["start"]))


def moves_a_mail(workspace: Path, turn: int = 1) -> None:
    """One mail is no longer in the inbox."""
    sorted((workspace / "inbox").iterdir())[0].unlink()
