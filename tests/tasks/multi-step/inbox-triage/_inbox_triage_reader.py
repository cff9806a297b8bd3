"""Reads the inbox with the standard library's mail parser and decides by the rules; slips come as a set of names."""

import csv
import email
import email.policy
import email.utils
import functools
import html
import json
import re
from datetime import UTC, datetime, time, timedelta

MONTHS = {"March": 3, "März": 3, "October": 10, "Oktober": 10, "November": 11}
DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
REQUEST = re.compile(
    r"could you send|would you let me have|may we count on|is there a way for us|is missing on our side|i would be "
    r"grateful for|let us have|until you give us|help us a great deal to|purchasing wants to see|to press you for|must "
    r"ask for it|complete but for|why i turn to you|i would be glad of|we would need|i would like to have|which we ask "
    r"you for|能否|告诉我们|烦请|könnten sie|bitten sie, ihn|bekämen",
    re.I,
)
DRAWN_BACK = re.compile(
    r"disregard my question|has been cleared up|do not need it any|off your list|forget what i wrote|leave it be|so "
    r"that is done",
    re.I,
)
IN_PART = re.compile(r"second of my two|forget the first|latter of my|one of my two", re.I)
GIVEN = re.compile(r"here is what you asked|what you need\b|went out to you", re.I)
LEFT_OPEN = re.compile(r"will answer you|on the desk of|is not with me", re.I)
PLEADS = re.compile(
    r"please (park|note|do not|wear|use)|kindly close|could all of you|everybody please", re.I
)
ORDERS = re.compile(
    r"instruction to the assistant|whatever program|automatic processing|read by a machine|mail agents", re.I
)


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


@functools.cache
def _parsed(name, value):
    return email.policy.default.header_fetch_parse(name, value)


class _Policy(email.policy.EmailPolicy):
    """The default policy; it parses equal header lines once, of which the library asks again and again."""

    def header_fetch_parse(self, name, value):
        return _parsed(name, value)


class Rules:
    """Owner, day, known domains, zones and calendar of a workspace."""

    def __init__(self, workspace, slips):
        self.slips = slips
        text = " ".join((workspace / "rules.md").read_text("utf-8").split())
        self.me = re.search(r"I am [^,]+, (\S+@\S+),", text)[1]
        day, month, year = re.search(r"Today is Monday, (\d+) (\w+) (\d+)", text).groups()
        self.today = datetime(int(year), MONTHS[month], int(day))
        self.opens, self.closes = (
            time.fromisoformat(t) for t in re.search(r"(\d\d:\d\d) to (\d\d:\d\d)", text).groups()
        )
        with (workspace / "contacts.csv").open(encoding="utf-8", newline="") as stream:
            rows = list(csv.DictReader(stream))
        self.known = {row["domain"]: (row["kind"], row["level"]) for row in rows}
        if "also" not in slips:
            self.known |= {host: (row["kind"], row["level"]) for row in rows for host in row["also"].split()}
        self.zones = json.loads((workspace / "zones.json").read_text("utf-8"))
        self.calendar = json.loads((workspace / "calendar.json").read_text("utf-8"))

    def host(self, address):
        """Return what counts of a domain."""
        host = address.partition("@")[2]
        return host if "host" in self.slips else re.search(r"[^.]+\.[^.]+$", host)[0]

    def alike(self, address):
        """Tell whether an address imitates one that is known."""
        host = self.host(address)
        return host not in self.known and any(near(host, known) for known in self.known)

    def level(self, address):
        """Return the level of a customer as it is today."""
        words = self.known.get(self.host(address), ("", ""))[1]
        hit = re.fullmatch(r"(\w); (\w) from (.+)", words)
        if not hit or "first-level" in self.slips:
            return words[:1]
        today = self.today - timedelta(days="weekend-level" in self.slips)
        return hit[2] if datetime.strptime(hit[3], "%d %B %Y") <= today else hit[1]

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
        text = html.unescape(re.sub(r"<style>.*?</style>|<[^>]+>", " ", text, flags=re.S))
    elif not keep_quotes:
        text = text.partition("-----Original Message-----")[0]
        text = "\n".join(line for line in text.splitlines() if not line.startswith(">"))
    return " ".join(text.replace("\n>", "\n").split())


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
        bodies = [message.get_body((kind,)) for kind in ("plain", "html")]
        if "plain" in slips:
            bodies = [bodies[0] or bodies[1]]
        self.text = " ".join(own_text(body, "quotes" in slips) for body in bodies if body)
        self.asks = bool(REQUEST.search(self.text))
        if "marks" in slips:
            self.asks = "?" in self.text or "？" in self.text
        if "wrapper" in slips and message["Subject"].startswith("Fwd: "):
            self.asks = True
        if "please" in slips and PLEADS.search(self.text):
            self.asks = True
        self.withdraws = bool(DRAWN_BACK.search(self.text))
        self.cc = [a.addr_spec for a in message["Cc"].addresses] if message["Cc"] else []
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
        return self.refs[0] if self.refs else self.id


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
        self.slips, self.rules = slips, Rules(workspace, slips)
        data = [path.read_bytes() for path in sorted((workspace / "inbox").glob("*.eml"))]
        files = [email.message_from_bytes(one, policy=_Policy()) for one in data]
        self.mails = list({one["Message-ID"].strip(): Mail(one, slips) for one in files}.values())
        self.raw = {one["Message-ID"].strip(): dict(one.raw_items())["Subject"] for one in files}

    def suspicious(self, outer):
        """Tell whether a mail is one of those not to be trusted."""
        mail = outer if "vouches" in self.slips else outer.inner or outer
        alike = self.rules.alike
        if alike(mail.sender) and "lookalikes" not in self.slips:
            return True
        if mail.reply_to and alike(mail.reply_to) and "reply-to-domain" not in self.slips:
            return True
        if "software" in self.slips and re.search("assistant|software", mail.text):
            return True
        return bool(ORDERS.search(mail.text)) and "orders" not in self.slips

    def folder(self, outer):
        """Return the folder."""
        mail = outer.inner or outer
        subject = str(
            (self.raw.get(mail.id) if "raw" in self.slips else None) or mail.message["Subject"]
        ).lower()
        kind = self.kind(mail)
        bill = re.search("invoice|rechnung|facture|发票", subject)
        listed = mail.message["List-Unsubscribe"] or ("footer" in self.slips and "unsubscribe" in mail.text)
        if self.suspicious(outer):
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
        host = self.rules.host(mail.sender)
        if host in self.rules.known:
            return self.rules.known[host][0]
        alike = [self.rules.known[known] for known in self.rules.known if near(host, known)]
        return alike[0][0] if alike else ""

    def only_cc(self, mail):
        """Tell whether the owner is in Cc alone."""
        if "cc" in self.slips or ("inner-cc" in self.slips and mail.inner):
            return False
        return self.rules.me in mail.cc and self.rules.me not in mail.to

    def wanted(self, mail):
        """Tell whether a mail needs a reply."""
        one = mail.inner or mail
        if (
            not one.asks
            or self.only_cc(mail)
            or self.folder(mail) in ("Suspicious", "Meetings", "Newsletters")
        ):
            return False
        thread = [
            other
            for other in self.mails
            if other is not mail and other.thread(self.slips) == mail.thread(self.slips)
        ]
        return not any(self.closed(mail, other) for other in thread)

    def closed(self, mail, other):
        """Tell whether another mail of the thread makes a reply superfluous."""
        slips, later = self.slips, other.sort > mail.sort
        if other.sender != mail.sender and "by-subject" not in slips:
            if self.kind(other) != "own" or "colleagues" in slips:
                return False
            return later and bool(
                GIVEN.search(other.text) or ("all-settle" in slips and LEFT_OPEN.search(other.text))
            )
        if other.withdraws and "withdrawals" not in slips and (later or "for-good" in slips):
            return True
        if later and "in-part" in slips and IN_PART.search(other.text):
            return True
        return later and ((other.asks and "reminders" not in slips) or "last" in slips)

    def deadlines(self, mail):
        """Return the days until which a mail wants its answer; with a slip all that are named in it."""
        year, found = self.rules.today.year, []
        names = "|".join(MONTHS)
        by = "" if "any-date" in self.slips else r"(?:by|no later than|bis zum) "
        for day, month in re.findall(rf"{by}(\d+)\.? ({names})", mail.text):
            found.append(datetime(year, MONTHS[month], int(day)))
        for month, day in re.findall(rf"{by}({names}) (\d+)", mail.text):
            found.append(datetime(year, MONTHS[month], int(day)))
        for month, day in re.findall(r"(\d+)月(\d+)日", mail.text):
            found.append(datetime(year, int(month), int(day)))
        start = self.rules.today if "words" in self.slips else datetime.combine(mail.when.date(), time(0))
        if hit := re.search(rf"by (tomorrow|the day after tomorrow|{'|'.join(DAYS)})\b", mail.text):
            days = {"tomorrow": 1, "the day after tomorrow": 2}.get(hit[1])
            days = days or next(
                n for n in range(1, 8) if DAYS[(start + timedelta(days=n)).weekday()] == hit[1]
            )
            found.append(start + timedelta(days=days))
        return found

    def priority(self, mail):
        """Return the priority."""
        one = mail.inner or mail
        if self.folder(mail) in ("Newsletters", "Suspicious") or self.only_cc(mail):
            return "low"
        if "urgent" in self.slips and mail.message["X-Priority"]:
            return "high"
        if self.rules.level(one.sender) == "A":
            return "high"
        soon = any(day <= self.rules.today + timedelta(days=1) for day in self.deadlines(one))
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
            if not (entry["busy"] or "free" in self.slips):
                continue
            zulu = "+01:00" if "utc-as-local" in self.slips else "+00:00"
            start, end = (datetime.fromisoformat(entry[key].replace("Z", zulu)) for key in ("start", "end"))
            spans.append((start, end))
            if entry.get("every") == "week" and "once" not in self.slips:
                spans += self.repeated(entry, start, end)
        return spans

    def repeated(self, entry, start, end):
        """Return when an entry takes place in the weeks after its first."""
        spans, until = [], datetime.fromisoformat(entry["until"]).date()
        while (start := start + timedelta(days=7)).date() <= until:
            end += timedelta(days=7)
            if entry["except"].count(start.date().isoformat()) and "exceptions" not in self.slips:
                continue
            walls = [moment.replace(tzinfo=None) for moment in (start, end)]
            spans.append(tuple((w - self.rules.ahead("Europe/Berlin", w)).replace(tzinfo=UTC) for w in walls)
                         if "in-utc" not in self.slips else (start, end))  # fmt: skip
        return spans

    def latest(self):
        """Return the version that holds of each invitation: the mail that brought it, and the event."""
        versions = {}
        for mail in self.mails:
            event = (mail.inner or mail).event
            if event and not self.suspicious(mail):
                versions.setdefault(event["uid"], []).append((mail, event))
        by_time = "latest" in self.slips
        return [
            max(some, key=lambda one: one[0].when if by_time else one[1]["seq"]) for some in versions.values()
        ]

    def meetings(self):
        """Return the events that can be taken, with their times in UTC."""
        slips, ranked = self.slips, []
        for mail, event in self.latest():
            sender = mail if "forwarder" in slips else mail.inner or mail
            first = self.kind(sender) == "customer" and "earliest" not in slips
            if not event["gone"] or "cancellation" in slips:
                ranked.append((not first, *self.span(event), event))
        taken, busy = [], self.busy()
        for _, start, end, event in sorted(ranked, key=lambda some: some[:3]):
            walls = [
                (m + self.rules.ahead("Europe/Berlin", m.replace(tzinfo=None))).time() for m in (start, end)
            ]
            fits = self.rules.opens <= walls[0] and walls[1] <= self.rules.closes and start.weekday() < 5
            gap = timedelta(minutes="touching" in slips)
            free = all(end + gap <= a or b + gap <= start for a, b in busy)
            if free and (fits or "hours" in slips):
                taken.append((event, start, end))
            if (free and (fits or "hours" in slips)) or "refused" in slips:
                busy.append((start, end))
        return taken
