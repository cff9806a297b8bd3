"""Writes a mail as bytes, by hand, so that the same mail has the same bytes under every Python."""

import base64
import html
import quopri
import textwrap
from datetime import timedelta, timezone

DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
CHARSETS = {"latin": "iso-8859-1", "gb": "gb18030"}


def coded(text, style, charset="utf-8"):
    """Return a header text as encoded words where it has to be, or where ``style`` (q, b) asks for it."""
    if text.isascii() and not style:
        return text
    words, chunk = [], ""
    for char in [*text, None]:
        if char is None or len((chunk + char).encode(charset)) > 30:
            data = chunk.encode(charset)
            if style == "q":
                body = "".join(chr(b) if chr(b).isalnum() and b < 128 else f"={b:02X}" for b in data)
                words.append(f"=?{charset}?Q?{body}?=")
            else:
                words.append(f"=?{charset}?B?{base64.b64encode(data).decode()}?=")
            chunk = ""
        chunk += char or ""
    return "\r\n ".join(words)


def stamp(when, offset):
    """Return a Date header."""
    local = when.astimezone(timezone(timedelta(minutes=offset)))
    clock = f"{local:%H:%M:%S} {'-' if offset < 0 else '+'}{abs(offset) // 60:02d}{abs(offset) % 60:02d}"
    return f"{DAYS[local.weekday()]}, {local.day:02d} {MONTHS[local.month - 1]} {local.year} {clock}"


def part(text, subtype, style, charset="utf-8", extra=""):
    """Return a text part: headers, empty line, encoded body."""
    data = text.replace("\n", "\r\n").encode(charset)
    if style == "base64":
        body, how = base64.encodebytes(data).replace(b"\n", b"\r\n"), "base64"
    elif style == "qp":
        body, how = (
            quopri.encodestring(data.replace(b"\r\n", b"\n")).replace(b"\n", b"\r\n"),
            "quoted-printable",
        )
    else:
        body, how = data, "8bit"
    head = (
        f"Content-Type: text/{subtype}; charset={charset}{extra}\r\nContent-Transfer-Encoding: {how}\r\n\r\n"
    )
    return head.encode() + body


def multipart(kind, parts, mark):
    """Return a multipart body with its header."""
    head = f'Content-Type: multipart/{kind}; boundary="{mark}"\r\n\r\n'.encode()
    lines = b"".join(b"--" + mark.encode() + b"\r\n" + body + b"\r\n" for body in parts)
    return head + lines + b"--" + mark.encode() + b"--\r\n"


def quotation(mail):
    """Return style, text and intro of what a mail quotes."""
    style, _, text = mail.quote.partition(":")
    before = mail.when - timedelta(days=19)
    return style, text, f"On {before.day} {MONTHS[before.month - 1]} {before.year}, {mail.name} wrote:"


def greeting(mail):
    """Return how a mail begins, in its language."""
    return {"q": "Guten Tag,", "b": "您好，"}[mail.coded] if mail.role == "foreign-asks" else mail.hello


def wrapped(lines):
    """Return paragraphs in lines of a usual width, with an empty line between."""
    return "\n\n".join(textwrap.fill(x, 72, break_long_words=False, break_on_hyphens=False) for x in lines)


def plain_text(mail):
    """Return the text of a mail with greeting, quotation and name."""
    lines = mail.lines[:]
    if mail.orders == "html":
        lines = [line for line in lines if "@" not in line]
    body = wrapped(lines)
    style, text, intro = quotation(mail)
    quote = "\n".join(f"> {line}" for line in wrapped([text]).split("\n"))
    if style == "outlook":
        head = f"-----Original Message-----\nFrom: {mail.name}\nSubject: {mail.subject[4:]}"
        return f"{mail.hello}\n\n{body}\n\n{mail.name}\n\n{head}\n\n{wrapped([text])}\n"
    if style and mail.role == "below-quote":
        body = f"{intro}\n> Hello,\n{quote}\n\n{body}"
    elif style:
        return f"{mail.hello}\n\n{body}\n\n{mail.name}\n\n{intro}\n> Hello,\n>\n{quote}\n> \n"
    return f"{greeting(mail)}\n\n{body}\n\n{mail.name}\n"


def html_text(mail):
    """Return the same as a web page."""
    hidden = '<p style="font-size: 1px; color: #fefefe">'
    marks = [hidden if mail.orders == "html" and "@" in line else "<p>" for line in mail.lines]
    rows = "".join(f"{mark}{html.escape(line)}</p>\n" for mark, line in zip(marks, mail.lines, strict=True))
    rows = f"<p>{html.escape(greeting(mail))}</p>\n{rows}<p>{html.escape(mail.name)}</p>\n"
    style, text, intro = quotation(mail)
    if style:
        block = f"<p>{html.escape(intro)}</p>\n<blockquote><p>{html.escape(text)}</p></blockquote>\n"
        rows = block + rows if mail.role == "below-quote" else rows + block
    return f"<html><head><style>p {{ margin: 4px }}</style></head><body>\n{rows}</body></html>\n"


def calendar_text(mail):
    """Return an invitation as iCalendar."""
    event = mail.invite
    end = event.start + timedelta(minutes=event.minutes)
    method = "CANCEL" if event.cancelled else "REQUEST"
    length = (
        f"DURATION:PT{event.minutes}M"
        if event.minutes == 30
        else f"DTEND;TZID={event.zone}:{end:%Y%m%dT%H%M%S}"
    )
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Mailroom//Calendar 4.1//EN", f"METHOD:{method}", "BEGIN:VEVENT",
        f"UID:{event.uid[:40]}", *([f" {event.uid[40:]}"] if event.uid[40:] else []),
        f"SEQUENCE:{event.sequence}", f"DTSTAMP:{mail.when:%Y%m%dT%H%M%SZ}", f"SUMMARY:{event.title}",
        f"ORGANIZER;CN={mail.name}:mailto:{mail.address}", f"DTSTART;TZID={event.zone}:{event.start:%Y%m%dT%H%M%S}",
        length, f"STATUS:{'CANCELLED' if event.cancelled else 'CONFIRMED'}", "END:VEVENT", "END:VCALENDAR", "",
    ]  # fmt: skip
    return "\n".join(lines), method


def content(mail, rng, box):
    """Return the body of a mail with its Content-Type."""
    mark = f"=_{rng.randrange(16**16):016x}"
    charset = CHARSETS.get(mail.look, "utf-8")
    if mail.inner:
        inner = b"Content-Type: message/rfc822\r\nContent-Disposition: attachment\r\n\r\n"
        inner += render(mail.inner, rng, box)
        return multipart("mixed", [part(plain_text(mail), "plain", "qp"), inner], mark)
    if mail.invite:
        text, method = calendar_text(mail)
        event = part(text, "calendar", rng.choice(["base64", "8bit"]), extra=f"; method={method}")
        return multipart("alternative", [part(plain_text(mail), "plain", "qp"), event], mark)
    both = [part(plain_text(mail), "plain", "qp"), part(html_text(mail), "html", "base64")]
    if mail.attached:
        paper = (
            base64.encodebytes(b"%PDF-1.4\n% scanned\n" + rng.randbytes(90)).replace(b"\n", b"\r\n").decode()
        )
        name = f'name="{mail.attached}"'
        pdf = f"Content-Type: application/pdf; {name}\r\nContent-Transfer-Encoding: base64\r\n"
        pdf += f"Content-Disposition: attachment; file{name}\r\n\r\n{paper}"
        return multipart("mixed", [both[0], pdf.encode()], mark)
    if mail.look == "alt":
        return multipart("alternative", both, mark)
    if mail.look == "html":
        return part(html_text(mail), "html", rng.choice(["qp", "base64"]))
    style = {"latin": "qp", "gb": "base64"}.get(mail.look, mail.look)
    return part(plain_text(mail), "plain", style, charset)


def render(mail, rng, box):
    """Return the whole mail."""
    name, address = box.owner
    me = f"{name} <{address}>"
    colleague = f"Front office <office@{address.partition('@')[2]}>"
    charset = CHARSETS.get(mail.look, "iso-8859-1" if mail.coded == "q" else "utf-8")
    lines = [f"From: {coded(mail.name, '')} <{mail.address}>"]
    lines.append(f"To: {mail.to or (colleague if mail.only_cc else me)}")
    if mail.only_cc:
        lines.append(f"Cc: {me}")
    if mail.reply_to:
        lines.append(f"Reply-To: {mail.reply_to}")
    lines += [f"Date: {stamp(mail.when, mail.offset)}", f"Message-ID: <{mail.id}>"]
    if mail.parent:
        chain, one = [], mail.parent
        while one:
            chain.insert(0, f"<{one.id}>")
            one = one.parent
        lines += [f"In-Reply-To: <{mail.parent.id}>", "References: " + "\r\n ".join(chain)]
    lines.append(f"Subject: {coded(mail.subject, mail.coded, charset)}")
    if mail.urgent:
        lines += ["X-Priority: 1 (Highest)", "Importance: high"]
    if mail.listed:
        host = mail.address.partition("@")[2]
        lines += [
            f"List-Id: <news.{host}>",
            f"List-Unsubscribe: <https://{host}/off/{rng.randrange(16**8):08x}>",
        ]
    lines.append("MIME-Version: 1.0")
    return "\r\n".join(lines).encode() + b"\r\n" + content(mail, rng, box)
