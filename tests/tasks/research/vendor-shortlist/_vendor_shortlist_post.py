"""Reads the mails: what each says, whether its writer may say it, and when it counts.

It knows the wordings by their marks. Nothing here knows which mails matter.
"""

import re
from datetime import date
from email.utils import parsedate_to_datetime
from fractions import Fraction

MONTHS = {"April": 4, "May": 5, "Mai": 5, "June": 6, "Juni": 6}
FAIL = "never"
MARKS = {
    "withdraw": r"went out in error|I take back|ignore my mail|is withdrawn",
    "confirm": r"our position and binds us|I confirm the mail|as if I had sent it|has my approval",
    "agree": r"I agree to what|has my signature too|second signature|count me in",
    "left": r"has left us|no longer with the company|parted from|does not work here",
    "deputy": r"decides on our offer in my place|acts for me|signs for me|stands in for me",
    "told": r"told me on the phone|I spoke to",
    "install": r"unsere IT (?:installiert )?die Agenten selbst|Agenten installiert unsere IT selbst",
    "invoice": r"[Oo]ne invoice a year|Yearly invoices in advance",
}


class Letter:
    """One mail: its writer, its moment, its words without what is quoted, and what its words do."""

    def __init__(self, text, closing, slips):
        head, body = text.split("\n\n", 1)
        self.writer, self.host = re.search(r"^From: (.*) <.*@(.*)>$", head, re.M).groups()
        self.sent = parsedate_to_datetime(re.search(r"^Date: (.*)$", head, re.M)[1])
        self.day = self.sent.date()
        lines = [line for line in body.split("\n") if not line.startswith(">")]
        self.text = re.sub(r"\s+", " ", " ".join(lines[1:]))
        self.marks = {name for name, mark in MARKS.items() if re.search(mark, self.text)}
        found = re.findall(r"(\d+)\.? (April|May|Mai|June|Juni)\b(?! \d{4})", self.text)
        self.days = [date(self.day.year, MONTHS[month], int(number)) for number, month in found]
        self.timely = self.sent <= closing
        if "offset" in slips:
            self.timely = self.sent.replace(tzinfo=None) <= closing.replace(tzinfo=None)

    def names(self, people):
        """Return the person of ``people`` that the text speaks of."""
        return next((name for name in people if name in self.text), None)


def read_letters(workspace, closing, slips):
    """Return the timely mails that were not taken back, by time."""
    folder = workspace / "offers/mail"
    letters = [Letter(path.read_text("utf-8"), closing, slips) for path in sorted(folder.iterdir())]
    letters = sorted((mail for mail in letters if mail.timely), key=lambda mail: mail.sent)
    gone = set()
    for mail in letters:
        if "withdraw" in mail.marks:
            ours = "Purchasing" in mail.text
            if ("taken-back" if ours else "withdrawn") not in slips:
                gone.add((mail.writer, mail.days[0]))
    return [mail for mail in letters if (mail.writer, mail.day) not in gone]


def own_figures(letters, needs, slips):
    """Change volumes and users as those may who are named for it."""
    if "own-mails" in slips:
        return
    tib, table = Fraction(2**40, 10**12), list(needs["users"])
    anybody = "standing" in slips
    for mail in letters:
        again = bool(mail.days)
        if again and "our-fix" in slips:
            continue
        if mail.writer == needs["it"] or (anybody and "IT, storage" in mail.text):
            named = [Fraction(value) for value in re.findall(r"([\d.]+) Ti?B", mail.text)]
            if len(named) == 2:
                needs["said"] = named[1]
                needs["volumes"][1:] = named
            elif len(named) == 1:
                needs["volumes"][2] = named[0] * (tib if "TiB" in mail.text else 1)
            elif again:
                needs["volumes"][1:] = [needs["table"][1], needs["said"] * tib]
        elif mail.writer == needs["staff"] and again:
            part = int(re.search(r"(?:erst|kommen|nur) (\d+) (?:davon|wie|statt)", mail.text)[1])
            needs["users"][1] = table[1] + part
        elif mail.writer == needs["staff"]:
            more = int(re.search(r"(\d+) (?:zusätzliche )?Nutzer", mail.text)[1])
            needs["users"][1:] = [number + more for number in table[1:]]
        elif anybody and re.search(r"Finance,", mail.text):
            needs["users"][:] = table


def vendor_changes(offer, letters, needs, slips):
    """Return what the mails change in ``offer``: ``(key, value)`` in the order in which it takes effect."""
    theirs = [mail for mail in letters if mail.host == offer["host"]]
    if "hearsay" in slips:
        theirs += [m for m in letters if "told" in m.marks and m.names(offer["signers"])]
    posted = _Post(offer, theirs, slips)
    effects = []
    for mail in theirs:
        found = _says(mail, offer)
        if not found:
            continue
        moment = posted.moment(mail)
        if "hearsay" in slips and "told" in mail.marks:
            moment = mail.sent
        for key, value, condition in found:
            if moment and _fulfilled(condition, mail, letters, needs):
                effects.append((mail.sent if "sent-order" in slips else moment, key, value))
    return [(key, value) for _, key, value in sorted(effects, key=lambda effect: effect[0])]


class _Post:
    """Who of a vendor may bind it, and when what they wrote does."""

    def __init__(self, offer, mails, slips):
        self.signers, self.joint, self.slips, self.mails = offer["signers"], offer["joint"], slips, mails
        others = {mail.writer for mail in mails}
        self.left, self.deputies = {}, {}
        for mail in mails:
            if mail.writer not in self.signers:
                continue
            if "left" in mail.marks:
                self.left[mail.names(self.signers)] = mail.days[0]
            if "deputy" in mail.marks:
                self.deputies[mail.names(others - set(self.signers))] = (mail.writer, mail.days)

    def stands_for(self, mail):
        """Return the signer as whom the mail's writer acts that day, if any."""
        if mail.writer in self.signers:
            gone = self.left.get(mail.writer)
            return None if gone and mail.day > gone else mail.writer
        if mail.writer in self.deputies and "signed-only" not in self.slips:
            signer, (first, last) = self.deputies[mail.writer]
            return signer if first <= mail.day <= last or "deputy" in self.slips else None
        return None

    def moment(self, mail):
        """Return when the mail begins to count, None if it never does."""
        signer = self.stands_for(mail)
        if not signer:
            later = self._answers(mail, "confirm") if "signed-only" not in self.slips else []
            if later:
                return later[0].sent
            known = mail.writer in (*self.signers, *self.deputies)
            return mail.sent if "sales" in self.slips and not known else None
        if not self.joint or "joint" in self.slips:
            return mail.sent
        consents = [m for m in self._answers(mail, "agree") if self.stands_for(m) not in (signer, None)]
        return consents[0].sent if consents else None

    def _answers(self, mail, mark):
        """Return the mails of signers or deputies that make ``mail`` their own."""
        days = {mail.day}
        if mark == "confirm" and "confirm" in self.slips:
            idle = {m.day for m in self.mails if m.writer == mail.writer and not _worded(m)}
            days |= idle
        return [
            m
            for m in self.mails
            if mark in m.marks and mail.writer in m.text and m.days[0] in days and self.stands_for(m)
        ]


def _worded(mail):
    return bool(re.search(r"\d|keys|[Tt]elephone", mail.text))


def _fulfilled(condition, mail, letters, needs):
    if condition is None:
        return True
    if condition == FAIL:
        return False
    return any(condition in m.marks and m.writer == needs["lead"] and m.day <= mail.days[0] for m in letters)


def _cash(text):
    found = re.search(r"([A-Z]{3}) (\d[\d.,]*\d)|(\d[\d.,]*\d) (EUR)", text)
    if not found:
        return None, None
    number = re.sub(r"[.,](?=\d{3}\b)", "", found[2] or found[3]).replace(",", ".")
    return Fraction(number), found[1] or found[4]


def _says(mail, offer):
    """Return ``(key, value, condition)`` for everything a vendor's mail would change."""
    text, kind = mail.text, offer["price"]["kind"]
    amount, currency = _cash(text)
    percent = re.search(r"(\d+) %", text)
    percent = percent and int(percent[1])
    hard = FAIL if re.search(r"36 (?:months|Monate)|three years of agreed", text) else None
    found = []

    def put(pattern, key, value, condition=hard):
        if re.search(pattern, text):
            found.append((key, value, condition))
            return True
        return False

    if amount is not None and put("protected user", "unit", amount):
        put("protected user", "currency-of-unit", currency)
    elif amount is not None:
        _ = (
            put("second line|row between|the middle one|Step two", "middle", amount)
            or put("row beneath|last line|largest volumes|for the next one", "top", amount)
            or put("Einrichtung", "setup", amount, "install")
            or put("Grundgebühr.*zweiten|zweiten.*Grundgebühr", "base-second", amount)
            or put("Grundgebühr", "base-all", amount)
            or put("invoice", "unit", amount, "invoice")
            or put("per TB of protected volume", "unit", amount)
        )
    if kind == "tib" and mail.days:
        put("contract year", "half", 2)
    elif kind == "tib":
        put("half.* TiB|by the half", "half", 1)
    if percent:
        _ = (
            put("Care 24", "care", percent)
            or put("third contract year|contract year three", "row", percent)
            or put("every row|all rows|each price of the table", "rows", percent)
            or put("price per TB", "percent-off", percent)
        )
    passed = re.search(r"(?:above|more than|pass) (\d+) TB", text)
    put(r"set.up", "waive", passed and int(passed[1])) if passed else None
    return found + _says_terms(text, hard)


def _says_terms(text, hard):
    found = []
    for pattern, key in (
        (r"()keys stay with you alone|hold the encryption keys", "keys"),
        (r"()at any hour of every day of the year|24 hours a day, 365", "support"),
        (r"(\d+) weeks", "versions"),
        (r"^(?=.*account).* (\d+) TB", "room"),
        (r"second copy.* (?:in|to) \w+, (\w+)", "second-place"),
        (r"([\d.]+) Gbit/s", "speed"),
    ):
        match = re.search(pattern, text)
        if match:
            found.append((key, match[1], hard))
    day = re.search(r"until (\d+) (\w+) (\d{4})", text)
    if day:
        found.append(("certificate" if "certificate" in text else "binding", day.groups(), hard))
    return found
