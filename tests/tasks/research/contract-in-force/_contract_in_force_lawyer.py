"""Carries the documents' effects on each other through: the text on any day, with the source of each figure.

`answer` takes the names of slips, and then reads like somebody who makes them.
"""

import re
from datetime import date, time, timedelta
from decimal import ROUND_HALF_UP, Decimal

from _contract_in_force_reader import DAY, WORDS, day_of, days_of, letter_with, read

FIGURES = {
    "days": r"(\d+)(?= (?:Business D|d)ays)",
    "pct": r"([\d.]+)(?= %)",
    "eur": r"(?<=EUR )([\d,]+\.\d\d)",
    "fee": r"(\d+)(?= monthly Base Fees)",
    "hours": r"(\w+)(?= (?:Stunden|hours))",
    "years": r"([\w.]+)(?= (?:Jahre|years))",
    "months": r"(\d+)(?= months)",
    "date": rf"({DAY})",
}
HOME = {
    "callout_fee_eur": ("M", "A call-out costs"), "hour": ("M", "An hour of work on a call-out"),
    "night": ("M", "An hour between"), "cap": ("M", "No adjustment raises"),
    "payment_days": ("M", "Invoices are payable"),
    "objection_days": ("M", "Objections to"), "service_credit_pct": ("M", "For each alarm answered"),
    "credit_claim_by": ("M", "Credits are claimed"), "liability_cap_eur": ("M", "For damage"),
    "defect_notice_bdays": ("M", "Defects are"), "term_end": ("M", "Its first term"),
    "last_notice_day": ("M", "At the end of a term"), "termination_fee_months": ("M", "The Customer may end"),
    "minimum_charge_eur": ("M", "In each calendar year"), "base_fee_north_eur": ("OF1", "The Base Fee is"),
    "base_fee_south_eur": ("OF2", "The Base Fee is"), "parts_discount_north_pct": ("OF1", "On the list prices"),
    "response_hours_south": ("D", "Der Auftragnehmer ist binnen"),
    "records_months_south": ("D", "Die Temperaturaufzeichnungen"),
}  # fmt: skip


def half_up(value):
    """Return a Fraction as Decimal with two places."""
    return (Decimal(value.numerator) / Decimal(value.denominator)).quantize(Decimal("0.01"), ROUND_HALF_UP)


class Lawyer:
    """One reading of the whole."""

    def __init__(self, workspace, slips=frozenset()):
        self.book, self.slips = read(workspace), frozenset(slips)
        self.added = None
        german = self.book["english" if "english" in slips else "documents"]
        text = (german if "english" in slips else german["D"])[0][1][1]
        self.yearly = set(self.book["yearly"]) | set(days_of(text))
        self.bound = {paper["name"]: self.binding(paper) for paper in self.book["papers"]}
        for paper in self.book["papers"]:
            for op in paper["ops"]:
                if op["kind"] == "holiday" and self.bound[paper["name"]]:
                    self.added = days_of(op["v"] + " ")[0]
        self.papers = sorted(
            (
                p
                for p in self.book["papers"]
                if self.bound[p["name"]] and self.bound[p["name"]] <= self.book["as_of"]
            ),
            key=lambda p: self.bound[p["name"]],
        )
        self.base, self.texts = {}, {}
        for name, parts in self.book["documents"].items():
            self.base[name] = [[f"{name} {number}" for number, _ in part] for part in parts]
            self.texts.update({f"{name} {number}": text for part in parts for number, text in part})

    # -- days ---------------------------------------------------------------------------------------

    def works(self, day):
        """Return whether a day is a Business Day."""
        feast = (day.month, day.day) in self.yearly or day in self.book["feasts"]
        return (
            day.weekday() < 5 and not feast and not (day.year >= 2025 and (day.month, day.day) == self.added)
        )

    def received(self, moment):
        """Return the day on which something counts as received."""
        day = moment.date()
        if "evening" in self.slips:
            return day
        if moment.time() > time(16):
            day += timedelta(days=1)
        while not self.works(day):
            day += timedelta(days=1)
        return day

    def walk(self, day, count, step):
        """Return the ``count``-th Business Day from a day, forward or back."""
        while count:
            day += timedelta(days=step)
            count -= self.works(day)
        return day

    # -- signatures ---------------------------------------------------------------------------------

    def binding(self, paper):
        """Return the Binding Day of an amendment, or None."""
        customer, supplier = [], []
        for sign in sorted(paper["signs"], key=lambda s: s["day"]):
            day = self.condition(paper, sign)
            if day is None or (sign["apart"] and "counterpart" in self.slips):
                continue
            role = self.role(sign) if sign["side"] == "S" else ""
            if sign["side"] == "C":
                customer.append(day)
            elif role:
                supplier.append((day, role))
        supplier.sort()
        for index, (day, _) in enumerate(supplier):
            if (
                index
                and customer
                and ("director" in self.slips or "director" in [r for _, r in supplier[: index + 1]])
            ):
                last = supplier[-1][0] if "last-sign" in self.slips else day
                return max(min(customer), last)
        return None

    def role(self, sign):
        """Return the role in which somebody signed for the Supplier."""
        role = self.book["signers"].get(sign["name"], "")
        for name, given, since, received in self.book["news"]:
            holds = since if "receipt" in self.slips else max(since, self.received(received))
            if name == sign["name"] and holds <= sign["day"] and not (given == "" and "left" in self.slips):
                role = given
        return role

    def condition(self, paper, sign):
        """Return the day on which a signature counts as given, or None."""
        if sign["until"] is None or "condition-signed" in self.slips:
            return sign["day"]
        met = None
        for received, text in letter_with(self.book, f"Amendment No. {paper['name'][1:]}"):
            stated = re.search(rf"(?:since|met on|consent on) ({DAY})", text)
            if not stated:
                continue
            final = re.search(rf"(?:had them since|met on) ({DAY})", text)
            if final and "subject" not in self.slips:
                met = received.date() if "condition-letter" in self.slips else day_of(final[1])
            elif "subject" in self.slips and met is None:
                met = day_of(stated[1])
        return max(met, sign["day"]) if met and met <= sign["until"] else None

    # -- clauses ------------------------------------------------------------------------------------

    def order(self, day):
        """Return the clauses in order at the beginning of a day, and the texts of the inserted ones."""
        order = {name: [list(part) for part in parts] for name, parts in self.base.items()}
        for paper in self.papers:
            if self.bound[paper["name"]] >= day:
                break
            for number, op in enumerate(paper["ops"]):
                self.reorder(order, paper, number, op)
        return order

    def reorder(self, order, paper, number, op):
        """Insert or delete what a paragraph says."""
        if op["kind"] not in ("insert", "article", "delete"):
            return
        home = "D" if paper["name"][0] == "N" else "M"
        before = self.order(paper["day"])
        if op["kind"] == "article":
            first = before["M"][int(op["ref"]) - 1][0]
            at = next(i for i, part in enumerate(order["M"]) if first in part)
            order["M"].insert(at + 1, [f"{paper['name']}/{number}/0", f"{paper['name']}/{number}/1"])
            return
        key = self.found(before, home, op["ref"])
        part = next(part for part in order[home] if key in part)
        if op["kind"] == "delete":
            part.remove(key)
        else:
            part.insert(part.index(key) + 1, f"{paper['name']}/{number}/0")

    @staticmethod
    def found(order, home, ref):
        """Return the clause that bears a number."""
        article, within = ref.split(".") if home == "M" else ("1", ref)
        try:
            return order[home][int(article) - 1][int(within) - 1]
        except IndexError:
            return None

    def number(self, home, key):
        """Return the number of a clause after the as-of day's events."""
        for article, part in enumerate(self.order(self.book["as_of"] + timedelta(days=1))[home], 1):
            if key in part:
                within = part.index(key) + 1
                return f"{article}.{within}" if home == "M" else str(within)
        return None

    def effect(self, paper, op):
        """Return the day from which a paragraph holds."""
        bound = self.bound[paper["name"]]
        day = op["from"] or paper["effect"] or bound
        if "future" in self.slips:
            day = min(day, self.book["as_of"])
        if op["kind"] == "fix":
            day = next(p for p in self.papers if p["name"] == "A12")["effect"]
        return max(day, bound) if "no-retro" in self.slips else day

    def resolved(self, paper, op, which="ref"):
        """Return home and key of the clause that a paragraph names."""
        home = f"OF{op['order']}" if op.get("order") else "D" if paper["name"][0] == "N" else "M"
        day = self.bound[paper["name"]] if "numbers-bound" in self.slips else paper["day"]
        if "numbers-first" in self.slips:
            day = date(2020, 1, 1)
        if op["kind"] == "delete":
            day = paper["day"]
        return home, self.found(self.order(day), home, op[which])

    def text_at(self, day):
        """Return the wording of all clauses on a day and the source of each figure."""
        texts, source = dict(self.texts), {}
        for paper in self.papers:
            for number, op in enumerate(paper["ops"]):
                if self.effect(paper, op) <= day and op["kind"] != "holiday":
                    self.amend(texts, source, paper, (number, op))
        return texts, source

    def amend(self, texts, source, paper, numbered):
        """Apply one paragraph to the wording."""
        number, op = numbered
        kind, name = op["kind"], paper["name"]
        if kind in ("insert", "article"):
            for index, text in enumerate([op["text"], op.get("second")]):
                texts[f"{name}/{number}/{index}"] = text or ""
            return
        if kind == "fix":
            key = self.clause(texts, "M", "No adjustment raises") if "correction" not in self.slips else None
            kind = "pct"
        else:
            _, key = self.resolved(paper, op)
        if key is None or kind == "raise":
            return
        if kind == "delete":
            texts[key] = ""
        elif kind == "supplement":
            texts[key] += " " + op["text"]
        elif kind == "replace":
            texts[key] = op["text"] + (" " + texts[key] if "replace" in self.slips else "")
            source.update({(key, unit): name for unit in FIGURES})
        else:
            self.refigure(texts, source, name, (key, kind, self.figure(texts, paper, op)))

    def figure(self, texts, paper, op):
        """Return the figure that a paragraph puts."""
        if op["kind"] != "days+":
            return op.get("v")
        _, other = self.resolved(paper, op, "like")
        there = re.search(FIGURES["days"], texts.get(other, ""))
        return str(int(op["v"]) + int(there[1])) if there else None

    def refigure(self, texts, source, name, change):
        """Put a new figure into the wording of a clause."""
        key, kind, value = change
        unit = "days" if kind == "days+" else kind
        if kind == "half":
            unit = "years" if re.search(FIGURES["years"], texts[key]) else "hours"
            old = re.search(FIGURES[unit], texts[key])
            value = str(Decimal(WORDS.get(old[1]) or old[1]) * 3 / 2) if old else None
            if "english" in self.slips and old:
                value = str(Decimal(WORDS[old[1]]) - 1 + Decimal("0.5"))
        if value is not None and re.search(FIGURES[unit], texts[key]):
            texts[key] = re.sub(FIGURES[unit], value, texts[key], count=1)
            source[key, unit] = name

    def clause(self, texts, home, begins):
        """Return the clause of a document that begins with some words."""
        own = {key for part in self.order(self.book["as_of"] + timedelta(days=1))[home] for key in part}
        return next((key for key, text in texts.items() if key in own and text.startswith(begins)), None)
