"""Reads the inbox with the standard library's mail parser and decides by the rules; slips come as a set of names."""

import csv
import email
import email.policy
import email.utils
import html
import json
import re
from datetime import UTC, datetime, time, timedelta

MONTHS = {"March": 3, "März": 3, "October": 10, "Oktober": 10, "November": 11}
DRAWN_BACK = r"disregard|has been settled|do not need it any longer"


def near(one, two):
    """Tell whether two different texts are at most two changes apart."""
    todo, seen = [(0, 0, 0)], set()
    while todo:
        i, j, cost = todo.pop()
        if cost > 2 or (i, j, cost) in seen:
            continue
        seen.add((i, j, cost))
        if i == len(one) and j == len(two):
            return True
        if i < len(one) and j < len(two):
            todo.append((i + 1, j + 1, cost + (one[i] != two[j])))
        todo += [(i + 1, j, cost + 1)] * (i < len(one)) + [(i, j + 1, cost + 1)] * (j < len(two))
    return False


class Rules:
    """Owner, day, known domains, zones and calendar of a workspace."""

    def __init__(self, workspace):
        text = " ".join((workspace / "rules.md").read_text("utf-8").split())
        self.me = re.search(r"I am [^,]+, (\S+@\S+),", text)[1]
        day, month, year = re.search(r"Today is Monday, (\d+) (\w+) (\d+)", text).groups()
        self.today = datetime(int(year), MONTHS[month], int(day))
        self.opens, self.closes = (
            time.fromisoformat(t) for t in re.search(r"(\d\d:\d\d) to (\d\d:\d\d)", text).groups()
        )
        with (workspace / "contacts.csv").open(encoding="utf-8", newline="") as stream:
            self.known = {row["domain"]: (row["kind"], row["level"]) for row in csv.DictReader(stream)}
        self.zones = json.loads((workspace / "zones.json").read_text("utf-8"))
        self.calendar = json.loads((workspace / "calendar.json").read_text("utf-8"))

    def alike(self, address):
        """Tell whether an address imitates one that is known."""
        host = address.partition("@")[2]
        return host not in self.known and any(near(host, known) for known in self.known)

    def ahead(self, zone, wall):
        """Return how far a zone is ahead of UTC at a time of its own clocks."""
        last = max(e["from"] for e in self.zones[zone] if datetime.fromisoformat(e["from"][:-1]) <= wall)
        offset = next(e["offset"] for e in self.zones[zone] if e["from"] == last)
        return datetime.fromisoformat(f"2000-01-01T00:00:00{offset}").utcoffset()


def own_text(part, keep_quotes):
    """Return the text of a part without what it quotes."""
    text = part.get_content()
    if part.get_content_subtype() == "html":
        if not keep_quotes:
            text = re.sub(r"<blockquote>.*?</blockquote>", "", text, flags=re.S)
        return html.unescape(re.sub(r"<style>.*?</style>|<[^>]+>", " ", text, flags=re.S))
    if keep_quotes:
        return text
    text = text.partition("-----Original Message-----")[0]
    return "\n".join(line for line in text.splitlines() if not line.startswith(">"))


class Mail:
    """One mail, or one that is attached to another."""

    def __init__(self, message, slips):
        self.message = message
        self.id = message["Message-ID"].strip()
        self.sender = message["From"].addresses[0].addr_spec
        self.reply_to = message["Reply-To"].addresses[0].addr_spec if message["Reply-To"] else ""
        self.to = [a.addr_spec for a in message["To"].addresses]
        self.when = message["Date"].datetime
        self.sort = self.when.replace(tzinfo=UTC) if "clock" in slips else self.when
        self.refs = re.findall(r"<[^<>]+>", f"{message['References'] or ''} {message['In-Reply-To'] or ''}")
        body = message.get_body(
            ("html", "plain") if message.get_content_type() == "text/html" else ("plain", "html")
        )
        self.text = own_text(body, "quotes" in slips)
        self.asks = "?" in self.text or "？" in self.text
        self.withdraws = bool(re.search(DRAWN_BACK, self.text)) and not self.asks
        parts = list(message.iter_parts()) if message.is_multipart() else []
        inner = [p for p in parts if p.get_content_type() == "message/rfc822"]
        self.inner = Mail(inner[0].get_payload(0), slips) if inner and "wrapper" not in slips else None
        self.event = next(
            (read_event(p.get_content()) for p in parts if p.get_content_subtype() == "calendar"), None
        )

    def thread(self, slips):
        """Return what the mails of a thread have in common."""
        if "by-subject" in slips:
            return re.sub(r"^(Re: )+", "", self.message["Subject"])
        return (self.refs[0] if self.refs else self.id), self.sender


def read_event(text):
    """Return the fields of an invitation."""
    text = (text if isinstance(text, str) else text.decode("utf-8")).replace("\r\n", "\n").replace("\n ", "")
    fields = dict(re.findall(r"^([A-Z]+)(?:;[^:\n]*)?:(.*)$", text, re.M))
    zone = re.search(r"DTSTART;TZID=([^:]+):", text)[1]
    start = datetime.strptime(fields["DTSTART"], "%Y%m%dT%H%M%S")
    if "DTEND" in fields:
        end = datetime.strptime(fields["DTEND"], "%Y%m%dT%H%M%S")
    else:
        end = start + timedelta(minutes=int(re.search(r"PT(\d+)M", fields["DURATION"])[1]))
    return {"uid": fields["UID"], "title": fields["SUMMARY"], "seq": int(fields["SEQUENCE"]), "zone": zone,
            "span": (start, end), "gone": fields["METHOD"] == "CANCEL"}  # fmt: skip


class Desk:
    """Decides about every mail."""

    def __init__(self, workspace, slips):
        self.slips, self.rules = slips, Rules(workspace)
        data = [path.read_bytes() for path in sorted((workspace / "inbox").glob("*.eml"))]
        self.mails = [Mail(email.message_from_bytes(one, policy=email.policy.default), slips) for one in data]
        self.raw = {
            m.id: email.message_from_bytes(one)["Subject"] for m, one in zip(self.mails, data, strict=True)
        }

    def suspicious(self, mail):
        """Tell whether a mail is one of those not to be trusted."""
        alike = self.rules.alike
        if alike(mail.sender) and "lookalikes" not in self.slips:
            return True
        if mail.reply_to and alike(mail.reply_to) and "reply-to-domain" not in self.slips:
            return True
        return "to the assistant" in mail.text and "orders" not in self.slips

    def folder(self, mail):
        """Return the folder."""
        mail = mail.inner or mail
        subject = str(
            (self.raw.get(mail.id) if "raw" in self.slips else None) or mail.message["Subject"]
        ).lower()
        kind = self.kind(mail)
        bill = re.search("invoice|rechnung|facture|发票", subject)
        listed = mail.message["List-Unsubscribe"] or ("footer" in self.slips and "unsubscribe" in mail.text)
        if self.suspicious(mail):
            return "Suspicious"
        if mail.event:
            return "Meetings"
        if listed:
            return "Newsletters"
        if bill and not ("customers-first" in self.slips and kind == "customer"):
            return "Invoices"
        return {"customer": "Customers", "own": "Team"}.get(kind, "Other")

    def kind(self, mail):
        """Return what the sender's organisation is to us; who falls for a lookalike takes it for the real one."""
        host = mail.sender.partition("@")[2]
        alike = [self.rules.known[known] for known in self.rules.known if near(host, known)]
        return alike[0][0] if alike else ""

    def wanted(self, mail):
        """Tell whether a mail needs a reply."""
        one, slips = mail.inner or mail, self.slips
        if not one.asks or (self.rules.me not in mail.to and "cc" not in slips):
            return False
        if self.folder(mail) in ("Suspicious", "Meetings", "Newsletters"):
            return False
        for other in self.mails:
            if other is mail or other.thread(slips) != mail.thread(slips):
                continue
            later = other.sort > mail.sort
            if other.withdraws and "withdrawals" not in slips and (later or "for-good" in slips):
                return False
            if other.asks and later and "reminders" not in slips:
                return False
        return True

    def priority(self, mail):
        """Return the priority."""
        one = mail.inner or mail
        if self.folder(mail) in ("Newsletters", "Suspicious"):
            return "low"
        if self.rules.me not in mail.to and "cc" not in self.slips:
            return "low"
        if "urgent" in self.slips and mail.message["X-Priority"]:
            return "high"
        if self.rules.known.get(one.sender.partition("@")[2], ("", ""))[1] == "A":
            return "high"
        hit = re.search(r"(\d+)\.? (March|März|October|Oktober|November)", one.text)
        parts = (MONTHS[hit[2]], int(hit[1])) if hit else None
        if hit := re.search(r"(\d+)月(\d+)日", one.text):
            parts = int(hit[1]), int(hit[2])
        soon = parts and datetime(self.rules.today.year, *parts) <= self.rules.today + timedelta(days=1)
        return "high" if soon and self.wanted(mail) else "normal"

    def span(self, event):
        """Return when an event begins and ends, in UTC."""
        start, end = event["span"]
        ahead = self.rules.ahead(event["zone"], start)
        if "usual-offset" in self.slips and event["zone"] == "America/New_York":
            ahead = timedelta(hours=-5)
        return tuple((moment - ahead).replace(tzinfo=UTC) for moment in (start, end))

    def busy(self):
        """Return when the owner is not free."""
        spans = []
        for entry in self.rules.calendar:
            if entry["busy"] or "free" in self.slips:
                words = [entry[key] for key in ("start", "end")]
                zulu = "+01:00" if "utc-as-local" in self.slips else "+00:00"
                spans.append(tuple(datetime.fromisoformat(word.replace("Z", zulu)) for word in words))
        return spans

    def meetings(self):
        """Return the events that can be taken, with their times in UTC."""
        slips, versions = self.slips, {}
        for mail in self.mails:
            if mail.event and not self.suspicious(mail):
                versions.setdefault(mail.event["uid"], []).append(mail)
        final = [
            max(some, key=lambda m: m.when if "latest" in slips else m.event["seq"])
            for some in versions.values()
        ]
        ranked = []
        for mail in final:
            first = self.kind(mail) == "customer" and "earliest" not in slips
            if not mail.event["gone"] or "cancellation" in slips:
                ranked.append((not first, *self.span(mail.event), mail.event))
        taken, busy = [], self.busy()
        for _, start, end, event in sorted(ranked, key=lambda some: some[:3]):
            walls = [
                (m + self.rules.ahead("Europe/Berlin", m.replace(tzinfo=None))).time() for m in (start, end)
            ]
            fits = self.rules.opens <= walls[0] and walls[1] <= self.rules.closes and start.weekday() < 5
            gap = timedelta(minutes="touching" in slips)
            if (fits or "hours" in slips) and all(end + gap <= a or b + gap <= start for a, b in busy):
                busy.append((start, end))
                taken.append((event, start, end))
        return taken
