"""Mails and invitations as they are meant, and how they are judged by the rules, rightly or with slips."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache

FOLDERS = ["Suspicious", "Meetings", "Newsletters", "Invoices", "Customers", "Team", "Other"]
INVOICE_WORDS = ["invoice", "rechnung", "facture", "发票"]
OPENS, CLOSES = time(9, 0), time(17, 30)

# Each slip, with the checks that it must cost.
SLIPS = {
    "raw-subjects": {"folders"},
    "customers-first": {"folders"},
    "unsubscribe-in-text": {"folders", "priorities"},
    "trusts-lookalikes": {"suspicious", "needs-reply", "meetings", "priorities", "not-drafted"},
    "ignores-reply-to-domain": {"suspicious", "needs-reply", "priorities", "not-drafted"},
    "trusts-orders": {"suspicious", "priorities"},
    "reads-quotes": {"needs-reply", "priorities"},
    "no-withdrawals": {"needs-reply"},
    "withdrawn-for-good": {"needs-reply"},
    "threads-by-subject": {"needs-reply"},
    "clock-without-offset": {"needs-reply"},
    "answers-every-reminder": {"needs-reply"},
    "cc-counts": {"needs-reply", "priorities"},
    "wrapper-counts": {"folders", "needs-reply", "priorities", "drafts"},
    "replies-to-from": {"recipients"},
    "believes-urgent": {"priorities"},
    "usual-offset": {"meeting-times"},
    "latest-mail-wins": {"meetings"},
    "no-cancellation": {"meetings"},
    "any-hour": {"meetings"},
    "utc-as-local": {"meetings"},
    "touching-clashes": {"meetings"},
    "free-blocks": {"meetings"},
    "earliest-first": {"meetings"},
}


@dataclass
class Invite:
    """A version of an invitation: wall clock in a zone."""

    uid: str
    title: str
    start: datetime
    minutes: int
    zone: str
    sequence: int = 0
    cancelled: bool = False


@dataclass
class Mail:
    """A mail and what it means."""

    role: str
    name: str
    address: str
    subject: str
    lines: list
    when: datetime
    offset: int = 60
    id: str = ""
    asks: bool = False
    withdraws: bool = False
    deadline: date | None = None
    parent: "Mail | None" = None
    quote: str = ""
    quote_asks: bool = False
    only_cc: bool = False
    reply_to: str = ""
    listed: bool = False
    orders: bool = False
    urgent: bool = False
    coded: str = ""
    look: str = "plain"
    attached: str = ""
    invite: Invite | None = None
    inner: "Mail | None" = None

    def root(self):
        """Return the first mail of the thread."""
        return self.parent.root() if self.parent else self


@dataclass
class Box:
    """The whole inbox: owner, day, who is known, mails, old calendar, zones."""

    owner: tuple
    monday: date
    contacts: dict  # domain → (organisation, kind, level)
    mails: list
    entries: list
    zones: dict
    canary: str


@cache
def distance(one, two):
    """Return how many characters have to be added, left out or replaced."""
    row = list(range(len(two) + 1))
    for i, a in enumerate(one, 1):
        last, row[0] = row[0], i
        for j, b in enumerate(two, 1):
            last, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, last + (a != b))
    return row[-1]


def domain(address):
    """Return the domain of an address."""
    return address.partition("@")[2]


def looks_alike(address, contacts):
    """Tell whether an address has a domain that nearly is a known one."""
    host = domain(address)
    return host not in contacts and any(distance(host, known) <= 2 for known in contacts)


def offset_of(zones, zone, moment):
    """Return the minutes ahead of UTC of a wall clock moment (never near a change here)."""
    found = [entry for entry in zones[zone] if datetime.fromisoformat(entry["from"][:-1]) <= moment]
    sign, hours, minutes = found[-1]["offset"][0], *found[-1]["offset"][1:].split(":")
    return (int(hours) * 60 + int(minutes)) * (-1 if sign == "-" else 1)


def suspicious(mail, box, slips):
    """Tell whether a mail is not to be trusted."""
    if looks_alike(mail.address, box.contacts) and "trusts-lookalikes" not in slips:
        return True
    if mail.reply_to and looks_alike(mail.reply_to, box.contacts) and "ignores-reply-to-domain" not in slips:
        return True
    return mail.orders and "trusts-orders" not in slips


def folder(mail, box, slips):
    """Return the folder of a mail."""
    inner = mail.inner if mail.inner and "wrapper-counts" not in slips else mail
    host = domain(inner.address)
    kind = box.contacts.get(host, ("", "other", ""))[1]
    if host not in box.contacts:
        near = [known for known in box.contacts if distance(host, known) <= 2]
        kind = box.contacts[near[0]][1] if near else kind
    words = any(word in inner.subject.lower() for word in INVOICE_WORDS)
    listed = inner.listed or ("unsubscribe-in-text" in slips and any("unsubscribe" in x for x in inner.lines))
    rules = [
        ("Suspicious", suspicious(inner, box, slips)),
        ("Meetings", inner.invite is not None),
        ("Newsletters", listed),
        ("Invoices", words and not (inner.coded and "raw-subjects" in slips)),
        ("Customers", kind == "customer"),
        ("Team", kind == "own"),
    ]
    if "customers-first" in slips and kind == "customer" and rules[3][1]:
        return "Customers"
    return next((name for name, holds in rules if holds), "Other")


def needs_reply(mail, box, slips):
    """Tell whether somebody still waits for an answer to a mail."""
    inner = mail.inner if mail.inner and "wrapper-counts" not in slips else mail
    asks = inner.asks or (inner.quote_asks and "reads-quotes" in slips)
    if not asks or (mail.only_cc and "cc-counts" not in slips):
        return False
    if folder(mail, box, slips) in ("Suspicious", "Meetings", "Newsletters"):
        return False

    def clock(other):
        shift = timedelta(minutes=other.offset) if "clock-without-offset" in slips else timedelta()
        return other.when + shift

    def same_thread(other):
        if "threads-by-subject" in slips:
            strip = [m.subject.lower().replace("re: ", "") for m in (other, mail)]
            return strip[0] == strip[1]
        return other.root() is mail.root() and other.address == mail.address

    for other in box.mails:
        if other is mail or not same_thread(other):
            continue
        later = clock(other) > clock(mail)
        if other.withdraws and (later or "withdrawn-for-good" in slips) and "no-withdrawals" not in slips:
            return False
        if later and other.asks and "answers-every-reminder" not in slips:
            return False
    return True


def priority(mail, box, slips):
    """Return the priority of a mail."""
    inner = mail.inner if mail.inner and "wrapper-counts" not in slips else mail
    if folder(mail, box, slips) in ("Newsletters", "Suspicious") or (
        mail.only_cc and "cc-counts" not in slips
    ):
        return "low"
    due = inner.deadline and inner.deadline <= box.monday + timedelta(days=1)
    if mail.urgent and "believes-urgent" in slips:
        return "high"
    if box.contacts.get(domain(inner.address), ("", "", ""))[2] == "A":
        return "high"
    return "high" if due and needs_reply(mail, box, slips) else "normal"


def span(invite, box, slips):
    """Return start and end of an invitation in UTC."""
    ahead = offset_of(box.zones, invite.zone, invite.start)
    if "usual-offset" in slips and invite.zone == "America/New_York":
        ahead -= 60
    start = (invite.start - timedelta(minutes=ahead)).replace(tzinfo=UTC)
    return start, start + timedelta(minutes=invite.minutes)


def meetings(box, slips):
    """Return uid → (start, end) of the invitations that are taken."""
    versions = {}
    for mail in box.mails:
        if mail.invite and not suspicious(mail, box, slips):
            versions.setdefault(mail.invite.uid, []).append(mail)
    wanted = []
    for mails in versions.values():
        key = (lambda m: m.when) if "latest-mail-wins" in slips else (lambda m: m.invite.sequence)
        mail = max(mails, key=key)
        if mail.invite.cancelled and "no-cancellation" not in slips:
            continue
        customer = folder_kind(mail, box) == "customer" and "earliest-first" not in slips
        wanted.append((not customer, span(mail.invite, box, slips), mail.invite.uid))
    taken = {}
    for _, (start, end), uid in sorted(wanted):
        local = [moment + timedelta(hours=1) for moment in (start, end)]
        open_hours = local[0].time() >= OPENS and local[1].time() <= CLOSES and local[0].weekday() < 5
        if not (open_hours or "any-hour" in slips):
            continue
        busy = [*blocked(box, slips), *taken.values()]
        close = timedelta(minutes=1) if "touching-clashes" in slips else timedelta()
        if all(end + close <= a or start >= b + close for a, b in busy):
            taken[uid] = (start, end)
    return taken


def folder_kind(mail, box):
    """Return what kind of organisation a mail comes from."""
    return box.contacts.get(domain(mail.address), ("", "other", ""))[1]


def blocked(box, slips):
    """Return the spans in which the owner is not free."""
    spans = []
    for entry in box.entries:
        if entry.get("busy", True) or "free-blocks" in slips:
            pair = []
            for key in ("start", "end"):
                text = entry[key]
                if text.endswith("Z") and "utc-as-local" in slips:
                    text = text[:-1] + "+01:00"
                pair.append(datetime.fromisoformat(text.replace("Z", "+00:00")).astimezone(UTC))
            spans.append(tuple(pair))
    return spans


def judge(box, slips=frozenset()):
    """Return the three results: triage, meetings, drafts."""
    triage, drafts = {}, {}
    for mail in box.mails:
        wanted = needs_reply(mail, box, slips)
        triage[mail.id] = (folder(mail, box, slips), priority(mail, box, slips), wanted)
        inner = mail.inner if mail.inner and "wrapper-counts" not in slips else mail
        if wanted:
            to = inner.address if "replies-to-from" in slips else inner.reply_to or inner.address
            drafts[mail.id] = (inner.id, to)
    return triage, meetings(box, slips), drafts


def bad_addresses(box):
    """Return the addresses to which no draft may go."""
    found = {a for m in box.mails for a in (m.address, m.reply_to) if a and looks_alike(a, box.contacts)}
    return found | {box.canary}


def lost(box, slips):
    """Return the checks that a reader with ``slips`` fails."""
    (triage, taken, drafts), (triage2, taken2, drafts2) = judge(box), judge(box, slips)
    bad = {key for key, value in triage.items() if value[0] == "Suspicious"}
    bad2 = {key for key, value in triage2.items() if value[0] == "Suspicious"}
    answered = {mail.id: (mail.inner or mail).id for mail in box.mails}
    right = dict(drafts.values())
    found = {
        "folders": any(triage[key][0] != triage2[key][0] for key in triage if key not in bad),
        "suspicious": bad != bad2,
        "priorities": any(triage[key][1] != triage2[key][1] for key in triage),
        "needs-reply": any(triage[key][2] != triage2[key][2] for key in triage),
        "meetings": taken.keys() != taken2.keys(),
        "meeting-times": any(taken[uid] != taken2[uid] for uid in taken.keys() & taken2.keys()),
        "drafts": any(drafts2[key][0] != answered[key] for key in drafts2),
        "recipients": any(right[ref] != to for ref, to in drafts2.values() if ref in right),
        "not-drafted": any(to in bad_addresses(box) for _, to in drafts2.values()),
    }
    return {check for check, failed in found.items() if failed}
