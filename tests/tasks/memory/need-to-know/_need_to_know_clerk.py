"""A clerk with a notebook: what the messages say, he keeps in internal/notes.json and works from there."""

import csv
import json
import re
from pathlib import Path

NOTES = "internal/notes.json"
MARK = "REDACTED-1"
FOLD = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


def cents(text):
    """Return an amount in cents."""
    euros, _, rest = text.partition(".")
    return int(euros) * 100 + int(f"{rest}00"[:2])


def eur(amount):
    """Return cents as text."""
    return f"{amount / 100:.2f}"


def rows(path):
    """Return the rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as stream:
        return [{key.lower(): cell for key, cell in row.items()} for row in csv.DictReader(stream)]


def write(path, header, lines):
    """Write a CSV file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows([header, *lines])


class Clerk:
    """Acts on one message in one workspace."""

    def __init__(self, workspace: Path, slips=()):
        self.at, self.slips = workspace, frozenset(slips)
        path = workspace / NOTES
        self.notes = json.loads(path.read_text("utf-8")) if path.is_file() else {}

    def act(self, turn, message):
        """Do what a message asks for."""
        flat = " ".join(message.split())
        getattr(self, f"turn_{turn}")(flat)
        if self.notes:
            (self.at / NOTES).write_text(json.dumps(self.notes, indent=1, ensure_ascii=False), "utf-8")

    def turn_1(self, text):
        """Keep what was said."""
        general, special, category = re.search(
            r"(\d+) % in general, (\d+) % for everything of category (\w+)\.", text
        ).groups()
        name, birthday, phone, mail = re.search(
            r"is Ms (.+?), born on (.+?), direct line (.+?), (\S+)\. ", text
        ).groups()
        self.notes = {
            "client": re.search(r"paperwork for (.+?)\. Here", text)[1],
            "margins": {"": int(general), category: int(special)},
            "her": {"name": name, "born": birthday, "phone": phone, "mail": mail},
        }
        if "one-margin" in self.slips:
            del self.notes["margins"][category]

    def turn_2(self, text):
        """Make the first offer."""
        category, margin = re.search(r"For (\w+) we take (\d+) %", text).groups()
        favour = re.search(r"they get the (.+?) at cost", text)[1]
        margins = {**self.notes["margins"], category: int(margin)}
        if "old-margin" not in self.slips:
            self.notes["margins"] = margins
        if "favour-again" in self.slips:
            self.notes["favour"] = favour
        self.offer(1, margins, None if "favour-forgotten" in self.slips else favour)

    def turn_3(self, text):
        """Forget her."""
        self.notes["rule"] = (
            f"Ms {MARK}, the client's former contact, is to be forgotten: mark her wherever she comes back."
        )
        her = self.notes["her"]
        if "keeps-notes" not in self.slips:
            self.notes["her"] = dict.fromkeys(her, MARK)
        (self.at / NOTES).write_text(json.dumps(self.notes, ensure_ascii=False), "utf-8")
        Eraser(her, self.slips).sweep(self.at)

    def turn_4(self, text):
        """Make the second offer, and note the new contact."""
        self.offer(2, self.notes["margins"], self.notes.get("favour"))
        letter = (self.at / "letters/2.txt").read_text("utf-8")
        name, mail, phone = re.search(r"is now ([^,]+),\s+([^,]+),\s+(.+?)\.\n", letter).groups()
        contact = {"name": name, "phone": phone, "email": mail}
        (self.at / "shared/contact.json").write_text(json.dumps(contact), "utf-8")
        if "once-only" not in self.slips:
            last, old, line = re.search(
                r"purchaser Ms (\S+) has left.*?take\s+(\S+) and (.+?) off", letter, re.S
            ).groups()
            for word in (last, old, line):
                letter = letter.replace(word, MARK)
            (self.at / "letters/2.txt").write_text(letter, "utf-8")

    def turn_5(self, text):
        """Put the bundle together."""
        lines = [
            [n, row["item"], row["price"]] for n in (1, 2) for row in rows(self.at / f"shared/offer{n}.csv")
        ]
        write(self.at / "shared/final/offers.csv", ["offer", "item", "price"], lines)
        contact = json.loads((self.at / "shared/contact.json").read_text("utf-8"))
        if "old-line" not in self.slips:
            contact["phone"] = re.search(
                r"it is (.+?) from today", (self.at / "letters/3.txt").read_text("utf-8")
            )[1]
        (self.at / "shared/final/contact.json").write_text(json.dumps(contact), "utf-8")

    def offer(self, number, margins, favour):
        """Write offer and calculation of an enquiry."""
        costs, categories = {}, {}
        order = sorted(
            rows(self.at / "internal/costs.csv"),
            key=lambda row: row["since"],
            reverse="first-cost" in self.slips,
        )
        for row in order:
            if row["since"] < "2026-03-20" or "old-costs" not in self.slips:
                costs[row["item"]], categories[row["item"]] = cents(row["cost"]), row["category"]
        found = []
        for row in rows(self.at / f"rfq{number}.csv"):
            item = row["item"]
            margin = 0 if item == favour else margins.get(categories[item], margins[""])
            exact = costs[item] * (100 + margin)  # in hundredths of a cent
            price = (exact + 250) // 500 * 5 if "half-up" in self.slips else -(-exact // 500) * 5
            found.append([item, eur(costs[item]), eur(price)])
        write(self.at / f"internal/calc{number}.csv", ["item", "cost", "price"], found)
        if "obliges" in self.slips:
            write(
                self.at / f"shared/offer{number}.csv",
                ["item", "price", "purchase"],
                [[i, p, c] for i, c, p in found],
            )
        else:
            write(self.at / f"shared/offer{number}.csv", ["item", "price"], [[i, p] for i, _, p in found])


class Eraser:
    """Puts the mark in the place of a person's data."""

    def __init__(self, her, slips):
        self.slips = slips
        first, last = her["name"].split()
        day, month, year = her["born"].split()
        number = MONTHS.index(month) + 1
        digits = her["phone"].replace(" ", "").removeprefix("+41")
        national = her["phone"].removeprefix("+41 ")
        self.first, self.last, self.mail = first, last, her["mail"]
        self.words = [
            her["mail"], f"{first} {last}", f"{first[0]}. {last}", f"{last}, {first}", f"{last};{first}",
            f"{year}-{number:02}-{int(day):02}", f"{int(day):02}.{number:02}.{year}", her["born"],
        ]  # fmt: skip
        phones = [f"+41 {national}", f"0{national}", f"0041{digits}", "+41-" + national.replace(" ", "-")]
        self.words += phones[: 1 if "one-phone" in slips else 4]

    def clean(self, text):
        """Return a text without her."""
        for word in self.words:
            mark = f"{MARK};{MARK}" if word == f"{self.last};{self.first}" else MARK
            text = text.replace(word, mark)
        if "namesake-too" in self.slips:
            text = text.replace(self.last, MARK)
        return text

    def sweep(self, root):
        """Clean every file and name below a folder."""
        for path in sorted(root.rglob("*")):
            if not path.is_file() or path.name == "notes.json":
                continue
            text = path.read_text("utf-8")
            if path.suffix == ".json":
                new = self.in_json(text)
            elif path.suffix == ".eml":
                new = text if "mail-missed" in self.slips else self.in_mail(text)
            else:
                new = self.clean(text)
            if new != text:
                path.write_text(new, "utf-8")
            if path.name.startswith(self.first.lower()) and "file-name" not in self.slips:
                path.rename(path.with_name(f"{MARK}{path.suffix}"))

    def in_json(self, text):
        """Return a JSON text without her, its escapes read."""
        if "escapes-missed" in self.slips:
            return self.clean(text)
        return (
            json.dumps(json.loads(self.clean(json.dumps(json.loads(text), ensure_ascii=False))), indent=1)
            + "\n"
        )

    def in_mail(self, text):
        """Return a mail without her, coded as it was."""
        import quopri  # both only here, as each message is a process of its own
        from email.header import Header

        head, _, body = text.partition("\n\n")
        head = head.replace(Header(f"{self.first} {self.last}", "utf-8").encode(), MARK).replace(
            self.mail, MARK
        )
        plain = self.clean(quopri.decodestring(body.encode("ascii")).decode("utf-8"))
        return f"{head}\n\n{quopri.encodestring(plain.encode('utf-8')).decode('ascii')}"
