"""A keeper of notes: reads reports by the sentence, keeps what they say in kb/journal.json, writes notes from it."""

import json
import re
from pathlib import Path

BACK = {"works-for": "employs", "owns": "owned-by", "supplies": "supplied-by", "located-in": "houses"}
ONE = r"[A-Z][\w. ]* \((Q-\d+)\)"
FORMS = [
    ("repeats", "works-for", rf"As (S-\d+) reported, {ONE} works for {ONE}", "vsx"),
    ("repeats", "works-for", rf"Wie in (S-\d+) zu lesen war, arbeitet {ONE} bei {ONE}", "vsx"),
    ("repeats", "owns", rf"According to (S-\d+), {ONE} belongs to {ONE}", "vxs"),
    ("repeats", "owns", rf"Laut (S-\d+) gehört {ONE} zu {ONE}", "vxs"),
    ("is", "works-for", rf"{ONE} (?:works for|arbeitet bei) {ONE}", "sx"),
    ("is", "works-for", rf"At {ONE}, {ONE} is in charge of purchasing", "xs"),
    ("is", "works-for", rf"The one to talk to at {ONE} is their employee {ONE}", "xs"),
    ("ends", "works-for", rf"{ONE} (?:has left|is no longer with) {ONE}", "sx"),
    ("ends", "works-for", rf"{ONE} ist bei {ONE} ausgeschieden", "sx"),
    ("talk", "works-for", rf"{ONE} is said to be on the way to {ONE}", "sx"),
    ("talk", "works-for", rf"Man hört, {ONE} gehe demnächst zu {ONE}", "sx"),
    ("talk", "works-for", rf"Some expect {ONE} at {ONE} by autumn", "sx"),
    ("ends", "owns", rf"{ONE} no longer belongs to {ONE}", "xs"),
    ("ends", "owns", rf"{ONE} has sold {ONE}", "sx"),
    ("ends", "owns", rf"{ONE} hat {ONE} verkauft", "sx"),
    ("is", "owns", rf"{ONE} belongs to {ONE}", "xs"),
    ("is", "owns", rf"{ONE} owns {ONE}", "sx"),
    ("is", "owns", rf"(?:Eigentümer von|Owner of) {ONE} (?:ist|is) {ONE}", "xs"),
    ("talk", "owns", rf"{ONE} would like to buy {ONE}, it was heard at the fair", "sx"),
    ("talk", "owns", rf"{ONE} soll sich für {ONE} interessieren", "sx"),
    ("talk", "owns", rf"It would make sense if {ONE} bought {ONE}", "sx"),
    ("ends", "supplies", rf"{ONE} has stopped supplying {ONE}", "sx"),
    ("ends", "supplies", rf"{ONE} is no longer supplied by {ONE}", "xs"),
    ("ends", "supplies", rf"{ONE} beliefert {ONE} nicht mehr", "sx"),
    ("is", "supplies", rf"{ONE} supplies {ONE}", "sx"),
    ("is", "supplies", rf"{ONE} gets its goods from {ONE}", "xs"),
    ("is", "supplies", rf"{ONE} wird von {ONE} beliefert", "xs"),
    ("is", "supplies", rf"Among the customers of {ONE} is {ONE}", "sx"),
    ("talk", "supplies", rf"{ONE} hopes to supply {ONE} one day", "sx"),
    ("talk", "supplies", rf"{ONE} hat {ONE} ein Angebot gemacht", "sx"),
    ("talk", "supplies", rf"Talks between {ONE} and {ONE} about deliveries go on", "sx"),
    ("is", "located-in", rf"{ONE} (?:sits in|hat seinen Sitz in) {ONE}", "sx"),
    ("is", "located-in", rf"The rooms of {ONE} are in {ONE}", "sx"),
    ("is", "phone", rf"{ONE} can be reached under (0[\d ]+\d)", "sx"),
    ("is", "phone", rf"The number of {ONE} is (0[\d ]+\d)", "sx"),
    ("is", "phone", rf"{ONE} hat die Nummer (0[\d ]+\d)", "sx"),
    ("is", "founded", rf"{ONE} was founded in (\d{{4}})", "sx"),
    ("is", "founded", rf"Founded in (\d{{4}}): {ONE}", "xs"),
    ("is", "founded", rf"{ONE} wurde (\d{{4}}) gegründet", "sx"),
]


class Keeper:
    """Acts on one message in one workspace."""

    def __init__(self, workspace: Path, slips=()):
        self.at, self.slips = workspace, frozenset(slips)
        path = workspace / "kb/journal.json"
        self.journal = (
            json.loads(path.read_text("utf-8"))
            if path.is_file()
            else {"says": [], "days": {}, "who": {}, "merged": {}, "off": []}
        )

    def act(self, turn, message):
        """Do what a message asks for."""
        flat = " ".join(message.split())
        if turn == 4:
            return self.answer()
        if turn == 2 and "not-merged" not in self.slips:
            gone, kept = re.search(r"that (Q-\d+) and (Q-\d+) are one", flat).groups()
            self.journal["merged"][gone] = kept
            if "merge-loses" in self.slips:
                self.journal["says"] = [one for one in self.journal["says"] if one[2] != gone]
        if turn == 3:
            self.retract(re.search(r"report (S-\d+)", flat)[1])
        for path in sorted((self.at / "inbox").iterdir()):
            self.read(path.read_text("utf-8"))
        self.keep()
        return None

    def retract(self, number):
        """Drop what a report said and what others pass on from it; for who slips, it is kept and marked."""
        if self.slips:
            self.journal["off"].append(number)
            return
        self.journal["says"] = [one for one in self.journal["says"] if number not in {one[0], one[5]}]
        del self.journal["days"][number]

    def read(self, text):
        """Take the statements of a report into the journal."""
        head, *body, index = text.strip().split("\n\n")
        number, day = re.match(r"Report (S-\d+)\n(\S+)", head).groups()
        self.journal["days"][number] = day
        for code, name, kind in re.findall(r"^(Q-\d+)  (.+) \((\w+)\)$", index, re.M):
            self.journal["who"].setdefault(code, [name, kind])
        for sentence in re.split(r"(?<=\.) (?=[A-Z\d])(?<![A-Z]\. )", " ".join(body)):
            for kind, attribute, pattern, order in FORMS:
                if hit := re.fullmatch(pattern, sentence.rstrip(".")):
                    parts = dict(zip(order, hit.groups(), strict=True))
                    self.journal["says"].append(
                        [number, kind, parts["s"], attribute, parts["x"], parts.get("v")]
                    )
                    break

    def facts(self):
        """Return {(subject, attribute, value): (sources, enders)}."""
        found, slips, merged = {}, self.slips, self.journal["merged"]
        for number, kind, subject, attribute, value, via in sorted(
            self.journal["says"], key=lambda one: (one[0], one[1] != "ends")
        ):
            source = via if kind == "repeats" and "passes-on" not in slips else number
            off = {number, source} & set(self.journal["off"])
            if off and kind == "repeats" and "repeats-stay" in slips:
                source, off = number, False
            stays = (kind == "ends" and "end-stays" in slips) or (
                attribute == "phone" and "phone-stays" in slips
            )
            if (kind == "talk" and "talk-too" not in slips) or (off and not stays):
                continue
            subject = merged.get(subject, subject)
            fact = subject, attribute, value
            if kind == "ends":
                if fact in found and "ends-forgotten" not in slips:
                    found[fact][1].add(number)
                continue
            for other, (_, enders) in found.items():
                if (
                    attribute == "phone"
                    and other[:2] == fact[:2]
                    and other != fact
                    and not enders
                    and "old-phones" not in slips
                ):
                    enders.add(number)
            if not off:
                found.setdefault(fact, (set(), set()))[0].add(source)
        for number, kind, subject, attribute, value, _ in self.journal["says"]:
            if "drops-shared" in slips and number in self.journal["off"] and kind == "is":
                found.pop((merged.get(subject, subject), attribute, value), None)
            if (
                "both-ends-go" in slips
                and number in self.journal["off"]
                and kind == "ends"
                and (subject, attribute, value) in found
            ):
                found[subject, attribute, value][1].clear()
        return {fact: how for fact, how in found.items() if how[0]}

    def keep(self):
        """Write all notes anew."""
        folder = self.at / "kb"
        folder.mkdir(exist_ok=True)
        for old in folder.glob("Q-*.md"):
            old.unlink()
        notes = {}
        for (subject, attribute, value), how in self.facts().items():
            linked = attribute in BACK
            notes.setdefault(subject, []).append((attribute, f"[[{value}]]" if linked else value, how))
            if linked and "one-way" not in self.slips:
                notes.setdefault(value, []).append((BACK[attribute], f"[[{subject}]]", how))
        for code, lines in notes.items():
            self.write(folder / f"{code}.md", code, sorted(lines, key=str))
        (folder / "journal.json").write_text(json.dumps(self.journal), "utf-8")
        (folder / "README.md").write_text(
            "journal.json has every statement; the notes are written from it.\n", "utf-8"
        )

    def write(self, path, code, lines):
        """Write one note."""
        days = self.journal["days"]
        name, kind = self.journal["who"][code]

        def brackets(numbers):
            return "; ".join(
                f"{days[one]} {one}" for one in sorted(numbers, key=lambda one: (days[one], one))
            )

        shown = {"## Facts": [], "## Earlier": []}
        for attribute, value, (sources, enders) in lines:
            ended = f" ended ({brackets(enders)})" if enders else ""
            shown["## Earlier" if enders else "## Facts"].append(
                f"- {attribute}: {value} ({brackets(sources)}){ended}"
            )
        head = [f"# {name}", f"id: {code}", f"type: {kind}", ""]
        path.write_text(
            "\n".join([*head, "## Facts", *shown["## Facts"], "", "## Earlier", *shown["## Earlier"], ""]),
            "utf-8",
        )

    def answer(self):
        """Answer the questions from the journal."""
        facts = self.facts()
        now = {fact for fact, (_, enders) in facts.items() if not enders}
        linked = [fact for fact in now if fact[1] in BACK]
        answers = {}
        for row in json.loads((self.at / "questions.json").read_text("utf-8")):
            text = row["question"]
            codes = re.findall(r"Q-\d+", text)
            quoted = re.search(r"'(\S+) (\S+) (.+)'", text)
            if text.startswith("Who works"):
                found = [s for s, a, v in now if (a, v) == ("works-for", codes[0])]
            elif text.startswith("Who owns"):
                found = [s for s, a, v in now if (a, v) == ("owns", codes[0])]
            elif "directly or through" in text:
                found = self.reached(now, codes[0])
            elif "has ended" in text:
                found = min(facts.get(quoted.groups(), ((), ()))[1], default=None)
            elif text.startswith("What is the phone"):
                found = next((v for s, a, v in now if (s, a) == (codes[0], "phone")), None)
            elif quoted:
                found = sorted(facts.get(quoted.groups(), ((), ()))[0])
            else:
                found = sum(len(facts[fact][0]) == 1 for fact in linked) if "alone" in text else len(linked)
            answers[row["id"]] = found
        (self.at / "answers.json").write_text(json.dumps(answers), "utf-8")

    def reached(self, now, start):
        """Return whom a firm supplies, directly or not."""
        found, todo = set(), [start]
        while todo:
            here = todo.pop()
            new = {v for s, a, v in now if (s, a) == (here, "supplies")} - found - {start}
            found |= new
            todo += new
            if "direct-only" in self.slips:
                return sorted(found)
        return sorted(found)
