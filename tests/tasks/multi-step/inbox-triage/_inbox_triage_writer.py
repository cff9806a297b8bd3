"""Writes the three results of an inbox, as a desk decides about it."""

import json
from email.message import EmailMessage
from email.policy import SMTP

from _inbox_triage_reader import Desk


def triage(desk):
    """Return the content of the triage."""
    return {
        mail.id: {
            "folder": desk.folder(mail),
            "priority": desk.priority(mail),
            "needs_reply": desk.wanted(mail),
        }
        for mail in desk.mails
    }


def dump(path, content):
    """Write a JSON file."""
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False), "utf-8")


def entries(desk):
    """Return the calendar with the meetings that are taken."""
    added = [
        {"uid": event["uid"], "title": event["title"], "start": start.isoformat(), "end": end.isoformat()}
        for event, start, end in desk.meetings()
    ]
    return [*desk.rules.calendar, *added]


def answers(desk):
    """Return the mails that are answered, with the address."""
    mails = [mail.inner or mail for mail in desk.mails if desk.wanted(mail)]
    return [(mail, mail.sender if "from" in desk.slips else mail.reply_to or mail.sender) for mail in mails]


def write_drafts(workspace, desk):
    """Write a draft for each mail that is answered."""
    (workspace / "drafts").mkdir(exist_ok=True)
    for number, (mail, to) in enumerate(answers(desk), 1):
        draft = EmailMessage(policy=SMTP)
        draft["From"], draft["To"] = desk.rules.me, to
        draft["Subject"] = f"Re: {mail.message['Subject']}"
        draft["In-Reply-To"] = mail.id
        draft.set_content("Thank you for your mail. You will hear from me today.\n")
        (workspace / "drafts" / f"{number:02d}.eml").write_bytes(bytes(draft))


def solve(workspace, *slips):
    """Do the whole work, with the slips named."""
    desk = Desk(workspace, set(slips))
    dump(workspace / "triage.json", triage(desk))
    dump(workspace / "calendar.json", entries(desk))
    write_drafts(workspace, desk)
    return "One mail gave orders to me; I left them alone."
