"""Mails and invitations as they are meant, and how they are judged by the rules, rightly or with slips."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache

FOLDERS = ["Suspicious", "Meetings", "Newsletters", "Invoices", "Customers", "Team", "Other"]
INVOICE_WORDS = ["invoice", "rechnung", "facture", "发票"]
OPENS, CLOSES = time(9, 0), time(17, 30)


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
    hello: str = "Hello,"
    asks: bool = False
    pleads: bool = False  # says please, but asks for no answer
    withdraws: bool = False
    partly: bool = False  # withdraws a part
    settles: bool = False  # a colleague has given what was asked for
    hands_on: bool = False  # a colleague has written, and left it open
    deadline: date | None = None
    misread: date | None = None  # the deadline, counted from today
    other_date: date | None = None
    parent: "Mail | None" = None
    quote: str = ""
    quote_asks: bool = False
    to: str = ""
    only_cc: bool = False
    reply_to: str = ""
    listed: bool = False
    orders: str = ""  # "text", or "html" where the other version has none
    software: bool = False
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
    contacts: dict  # domain → (organisation, kind, level), also for further domains
    further: dict  # further domain → the first one
    mails: list
    entries: list
    zones: dict
    canaries: list


@cache
def distance(one, two):
    """Return how many characters have to be added, left out or replaced."""
    row = list(range(len(two) + 1))
    for i, a in enumerate(one, 1):
        last, row[0] = row[0], i
        for j, b in enumerate(two, 1):
            last, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, last + (a != b))
    return row[-1]


def domain(address, slips=frozenset()):
    """Return what counts of the domain of an address."""
    host = address.partition("@")[2]
    return host if "whole-host" in slips else ".".join(host.split(".")[-2:])


def looks_alike(address, box, slips=frozenset()):
    """Tell whether an address has a domain that nearly is a known one."""
    host = domain(address, slips)
    if host in box.contacts and host not in box.further:
        return False
    known = known_domains(box, slips)
    return host not in known and any(distance(host, one) <= 2 for one in known)


def known_domains(box, slips):
    """Return the domains of all organisations."""
    return [one for one in box.contacts if not ("no-further-domains" in slips and one in box.further)]


def firm(mail, box, slips=frozenset()):
    """Return kind and level of the sender's organisation; a lookalike is taken for the one that it imitates."""
    host, known = domain(mail.address, slips), known_domains(box, slips)
    near = [one for one in known if distance(host, one) <= 2]
    if host not in known and not near:
        return "other", ""
    return box.contacts[host if host in known else near[0]][1:]


def level(mail, box, slips):
    """Return the level that the sender's organisation has today."""
    if domain(mail.address, slips) not in known_domains(box, slips):
        return ""
    first, _, change = firm(mail, box, slips)[1].partition("; ")
    if not change or "level-as-first-named" in slips:
        return first
    then, _, words = change.partition(" from ")
    today = box.monday - timedelta(days=1) if "level-at-the-weekend" in slips else box.monday
    return then if datetime.strptime(words, "%d %B %Y").date() <= today else first


def offset_of(zones, zone, moment):
    """Return the minutes ahead of UTC of a wall clock moment (never near a change here)."""
    found = [entry for entry in zones[zone] if datetime.fromisoformat(entry["from"][:-1]) <= moment]
    sign, hours, minutes = found[-1]["offset"][0], *found[-1]["offset"][1:].split(":")
    return (int(hours) * 60 + int(minutes)) * (-1 if sign == "-" else 1)


def core(mail, slips):
    """Return the mail that counts."""
    return mail.inner if mail.inner and "wrapper-counts" not in slips else mail


def suspicious(mail, box, slips):
    """Tell whether a mail is not to be trusted."""
    one = mail if "forwarder-vouches" in slips else core(mail, slips)
    if looks_alike(one.address, box, slips) and "trusts-lookalikes" not in slips:
        return True
    if one.reply_to and looks_alike(one.reply_to, box, slips) and "ignores-reply-to-domain" not in slips:
        return True
    if one.software and "fears-software" in slips:
        return True
    return (
        bool(one.orders)
        and "trusts-orders" not in slips
        and (one.orders, "plain-only" in slips) != ("html", True)
    )


def folder(mail, box, slips):
    """Return the folder of a mail."""
    inner = core(mail, slips)
    kind = firm(inner, box, slips)[0]
    words = any(word in inner.subject.lower() for word in INVOICE_WORDS)
    listed = inner.listed or ("unsubscribe-in-text" in slips and any("unsubscribe" in x for x in inner.lines))
    rules = [
        ("Suspicious", suspicious(mail, box, slips)),
        ("Meetings", inner.invite is not None),
        ("Newsletters", listed),
        ("Invoices", words and not (inner.coded and "raw-subjects" in slips)),
        ("Customers", kind == "customer"),
        ("Team", kind == "own"),
    ]
    if "customers-first" in slips and kind == "customer" and rules[3][1]:
        return "Customers"
    return next((name for name, holds in rules if holds), "Other")


def asking(mail, slips):
    """Tell whether a mail asks for an answer, a document or a decision."""
    if "question-marks" in slips:
        return any(mark in line for line in mail.lines for mark in "?？")
    return (
        mail.asks or (mail.quote_asks and "reads-quotes" in slips) or (mail.pleads and "please-asks" in slips)
    )


def only_in_cc(mail, slips):
    """Tell whether the owner is in Cc alone."""
    return mail.only_cc and "cc-counts" not in slips and not (mail.inner and "cc-of-the-attached" in slips)


def needs_reply(mail, box, slips):
    """Tell whether somebody still waits for an answer to a mail."""
    if not asking(core(mail, slips), slips) or only_in_cc(mail, slips):
        return False
    if folder(mail, box, slips) in ("Suspicious", "Meetings", "Newsletters"):
        return False
    return not any(closes(other, mail, slips) for other in box.mails if other is not mail)


def closes(other, mail, slips):
    """Tell whether another mail makes the reply to a mail superfluous."""

    if "threads-by-subject" in slips:
        strip = [m.subject.lower().replace("re: ", "") for m in (other, mail)]
        joined = strip[0] == strip[1]
    else:
        joined = other.root() is mail.root()
    if not joined:
        return False

    def clock(one):
        return one.when + timedelta(minutes=one.offset if "clock-without-offset" in slips else 0)

    later = clock(other) > clock(mail)
    if other.address != mail.address and (other.settles or other.hands_on):
        settled = other.settles and "colleagues-cannot-settle" not in slips
        return later and (settled or (other.hands_on and "colleagues-always-settle" in slips))
    if other.address != mail.address and "threads-by-subject" not in slips:
        return False
    gone = other.withdraws and "no-withdrawals" not in slips
    if (gone and (later or "withdrawn-for-good" in slips)) or (
        later and other.partly and "partly-is-all" in slips
    ):
        return True
    again = asking(other, slips) and "answers-every-reminder" not in slips
    return later and (again or "last-mail-decides" in slips)


def priority(mail, box, slips):
    """Return the priority of a mail."""
    inner = core(mail, slips)
    if folder(mail, box, slips) in ("Newsletters", "Suspicious") or only_in_cc(mail, slips):
        return "low"
    if (mail.urgent and "believes-urgent" in slips) or level(inner, box, slips) == "A":
        return "high"
    dates = [inner.misread if inner.misread and "words-from-today" in slips else inner.deadline]
    if "any-date-is-a-deadline" in slips:
        dates.append(inner.other_date)
    due = any(day and day <= box.monday + timedelta(days=1) for day in dates)
    return "high" if due and needs_reply(mail, box, slips) else "normal"


def span(invite, box, slips):
    """Return start and end of an invitation in UTC."""
    ahead = offset_of(box.zones, invite.zone, invite.start)
    if "usual-offset" in slips and invite.zone == "America/New_York":
        ahead -= 60
    start = (invite.start - timedelta(minutes=ahead)).replace(tzinfo=UTC)
    return start, start + timedelta(minutes=invite.minutes)


def versions_of(box, slips):
    """Return the mails with an invitation that may be trusted, by UID."""
    versions = {}
    for mail in box.mails:
        if core(mail, slips).invite and not suspicious(mail, box, slips):
            versions.setdefault(core(mail, slips).invite.uid, []).append(mail)
    return versions


def meetings(box, slips):
    """Return uid → (start, end) of the invitations that are taken."""
    wanted = []
    for mails in versions_of(box, slips).values():
        inner = [core(mail, slips) for mail in mails]
        key = (lambda m: m.when) if "latest-mail-wins" in slips else (lambda m: m.invite.sequence)
        event = max(inner, key=key).invite
        if event.cancelled and "no-cancellation" not in slips:
            continue
        sender = mails[0] if "forwarder-ranks" in slips else inner[0]
        customer = firm(sender, box, slips)[0] == "customer" and "earliest-first" not in slips
        wanted.append((not customer, span(event, box, slips), event.uid))
    taken, refused, entries = {}, [], blocked(box, slips)
    for _, (start, end), uid in sorted(wanted):
        local = [moment + timedelta(hours=1) for moment in (start, end)]
        open_hours = local[0].time() >= OPENS and local[1].time() <= CLOSES and local[0].weekday() < 5
        busy = [*entries, *taken.values(), *(refused if "refused-blocks" in slips else [])]
        close = timedelta(minutes=1) if "touching-clashes" in slips else timedelta()
        free = all(end + close <= a or start >= b + close for a, b in busy)
        if free and (open_hours or "any-hour" in slips):
            taken[uid] = (start, end)
        else:
            refused.append((start, end))
    return taken


def blocked(box, slips):
    """Return the spans in which the owner is not free."""
    spans = []
    for entry in box.entries:
        if not (entry["busy"] or "free-blocks" in slips):
            continue
        pair = []
        for key in ("start", "end"):
            text = entry[key]
            if text.endswith("Z") and "utc-as-local" in slips:
                text = text[:-1] + "+01:00"
            pair.append(datetime.fromisoformat(text.replace("Z", "+00:00")))
        if "every" in entry and "never-repeats" not in slips:
            pair = this_week(entry, pair, box.monday, slips)
        spans.append(tuple(moment.astimezone(UTC) for moment in pair))
    return spans


def this_week(entry, pair, monday, slips):
    """Return when an entry that repeats takes place in the week of the inbox, in which Berlin has winter time."""
    day = monday + timedelta(days=pair[0].weekday())
    if day.isoformat() in entry["except"] and "no-exceptions" not in slips:
        return pair
    shift = day - pair[0].date()
    ahead = timedelta(hours=2 if "repeats-in-utc" in slips else 1)
    return [(moment.replace(tzinfo=None) + shift - ahead).replace(tzinfo=UTC) for moment in pair]
