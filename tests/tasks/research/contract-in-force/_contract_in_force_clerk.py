"""Reckons adjustments, amounts and dates from the lawyer's reading, and fills in the twenty terms."""

import json
import re
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from _contract_in_force_lawyer import FIGURES, HOME, Lawyer, half_up
from _contract_in_force_reader import WORDS, day_of, letter_with


def steps(lawyer):
    """Return the percentage of the adjustment of each year."""
    result, left = {}, Decimal(0)
    for year in range(2021, lawyer.book["as_of"].year + 1):
        raw = max(change(lawyer, year), Decimal(0))
        texts, _ = lawyer.text_at(date(year, 1, 1))
        cap = texts[lawyer.clause(texts, "M", "No adjustment raises")]
        left = left if "added, in percentage points" in cap and "carry" not in lawyer.slips else Decimal(0)
        limit = Decimal(re.search(FIGURES["pct"], cap)[1])
        result[year] = min(limit, raw + left)
        left = raw + left - result[year] if year >= 2022 else Decimal(0)
    return result


def change(lawyer, year):
    """Return the change of the index for a year in percent."""
    first = date(year, 1, 1)
    months = (f"{year - 1}-10", f"{year - 2}-10")
    known = {}
    for month, base, published, value in lawyer.book["index"]:
        seen = (base, month) in known
        early = "rebase" in lawyer.slips and not seen
        if (published < first or early) and not (seen and "revision-first" in lawyer.slips):
            known[base, month] = value
    base = max(base for base, month in known if all((base, m) in known for m in months))
    now, then = (known[base, month] for month in months)
    return half_up((Fraction(now) / Fraction(then) - 1) * 100)


def amount(lawyer, key, table):
    """Return an Indexed Amount on the as-of day, and the document that fixed it."""
    home, begins = HOME[key]
    clause = lawyer.clause(lawyer.texts, home, begins)
    value = Decimal(re.search(FIGURES["eur"], lawyer.texts[clause])[1].replace(",", ""))
    since, source = lawyer.book["since"][home], home
    events = [(date(year, 1, 1), pct, None) for year, pct in table.items()]
    for paper in lawyer.papers:
        for op in paper["ops"]:
            fixes = op["kind"] in ("eur", "raise") or (op["kind"] == "replace" and "EUR" in op["text"])
            if fixes and lawyer.resolved(paper, op)[1] == clause:
                events.append((lawyer.effect(paper, op), op, paper["name"]))
    for day, what, name in sorted(events, key=lambda event: event[0]):
        if name is None:
            if since <= date(day.year - 1, 7, 1) or "young" in lawyer.slips:
                value = half_up(Fraction(value) * (1 + Fraction(what) / 100))
            continue
        since, source = day, name
        if what["kind"] == "raise":
            value = half_up(Fraction(value) * (1 + Fraction(what["v"]) / 100))
        else:
            text = what["v"] if what["kind"] == "eur" else re.search(FIGURES["eur"], what["text"])[1]
            value = Decimal(text.replace(",", ""))
    return value, source


def term_end(lawyer, end):
    """Return the end of the running term."""
    begun, spare = date(2020, 1, 1), 0 if "count" in lawyer.slips else 1
    while end < lawyer.book["as_of"]:
        years = 2
        for received, _ in letter_with(lawyer.book, "notice of short renewal"):
            texts, _ = lawyer.text_at(lawyer.book["as_of"] if "n-today" in lawyer.slips else received.date())
            days = int(re.search(FIGURES["days"], texts[lawyer.clause(texts, *HOME["last_notice_day"])])[1])
            if begun <= received.date() <= end and lawyer.received(received) <= lawyer.walk(
                end, days + spare, -1
            ):
                years = 1
        begun, end = end + timedelta(days=1), end.replace(year=end.year + years)
    return end


class Clerk:
    """Fills in the terms."""

    def __init__(self, workspace, slips):
        self.lawyer = Lawyer(workspace, slips)
        self.slips = slips
        self.texts, self.source = self.lawyer.text_at(self.lawyer.book["as_of"])
        self.entries = {}

    def take(self, key, unit):
        """Return the figure of the clause of a term, and note document and number of the clause."""
        home, begins = HOME[key]
        clause = self.lawyer.clause(self.texts, home, begins)
        return self.note(key, home, clause, unit)

    def note(self, key, home, clause, unit):
        """Return a figure of a clause and note where it stands."""
        source = self.source.get((clause, unit), clause.split("/")[0].split(" ")[0])
        self.entries[key] = {"document": source, "clause": self.lawyer.number(home, clause)}
        return re.search(FIGURES[unit], self.texts[clause])[1]

    def put(self, key, value):
        """Note the value of a term."""
        self.entries.setdefault(key, {"document": None, "clause": None})["value"] = value

    def plain(self):
        """Note what is a figure of a clause."""
        for key, unit in (("objection_days", "days"), ("defect_notice_bdays", "days"), ("payment_days", "days"),
                          ("termination_fee_months", "fee"), ("service_credit_pct", "pct"),
                          ("parts_discount_north_pct", "pct")):  # fmt: skip
            self.put(key, int(self.take(key, unit)))
        interest = re.search(
            r"Interest of (\d+) %", self.texts[self.lawyer.clause(self.texts, *HOME["payment_days"])]
        )
        self.put("late_interest_pct", int(interest[1]) if interest else None)
        kept = self.lawyer.clause(self.texts, "M", "Invoices are sent electronically")
        self.put(
            "e_invoice_discount_pct",
            float(self.note("e_invoice_discount_pct", "M", kept, "pct")) if kept else None,
        )
        if "order-none" in self.slips:
            own = self.lawyer.clause(self.texts, "M", "On the list prices")
            self.put("parts_discount_north_pct", int(self.note("parts_discount_north_pct", "M", own, "pct")))
        if "order-all" in self.slips:
            self.put("payment_days", int(re.search(FIGURES["days"], self.texts["OF1 4"])[1]))

    def annex(self):
        """Note what the annex says."""
        hours = self.take("response_hours_south", "hours")
        years = self.take("records_months_south", "years")
        hours = WORDS.get(hours, hours)
        if "english" in self.slips:
            hours = re.search(FIGURES["hours"], self.lawyer.book["english"][0][2][1])[1]
        if "order-all" in self.slips:
            hours = re.search(FIGURES["hours"], self.texts["OF2 4"])[1]
        self.put("response_hours_south", int(hours))
        self.put("records_months_south", int(Decimal(WORDS.get(years, years)) * 12))

    def amounts(self):
        """Note the amounts in EUR."""
        lawyer = self.lawyer
        table = steps(lawyer)
        values = {}
        for key in ("base_fee_north_eur", "base_fee_south_eur", "callout_fee_eur", "hour"):
            self.take(key, "eur")
            values[key], self.entries[key]["document"] = amount(lawyer, key, table)
            self.put(key, values[key])
        del self.entries["hour"]
        year = 12 * Fraction(values["base_fee_north_eur"] + values["base_fee_south_eur"])
        for key in ("minimum_charge_eur", "liability_cap_eur"):
            self.put(key, half_up(year * Fraction(self.take(key, "pct")) / 100))
        key = "night_hour_south_eur"
        fee = lawyer.clause(self.texts, "OF2", "The Base Fee is")
        if "20:00" in self.texts[fee] and "order-none" not in self.slips:
            share = self.note(key, "OF2", fee, "pct")
        else:
            share = self.note(key, "M", lawyer.clause(self.texts, *HOME["night"]), "pct")
        self.put(key, half_up(Fraction(values["hour"]) * (1 + Fraction(share) / 100)))

    def dates(self):
        """Note the four dates."""
        lawyer = self.lawyer
        end = term_end(lawyer, day_of(self.take("term_end", "date")))
        self.put("term_end", end.isoformat())
        wanted = int(self.take("last_notice_day", "days")) + (0 if "count" in self.slips else 1)
        self.put("last_notice_day", lawyer.walk(end, wanted, -1).isoformat())
        pay = self.entries["payment_days"]
        self.entries["invoice_due"] = {"document": pay["document"], "clause": pay["clause"]}
        ((received, _),) = letter_with(lawyer.book, "our invoice R-")
        due = lawyer.received(received) + timedelta(days=pay["value"])
        while not lawyer.works(due):
            due += timedelta(days=1)
        self.put("invoice_due", due.isoformat())
        ((received, _),) = letter_with(lawyer.book, "service report for April")
        days = int(self.take("credit_claim_by", "days"))
        self.put("credit_claim_by", lawyer.walk(lawyer.received(received), days, 1).isoformat())


def answer(workspace, slips=frozenset()):
    """Return the twenty terms in the order of the template."""
    clerk = Clerk(workspace, frozenset(slips))
    clerk.plain()
    clerk.annex()
    clerk.amounts()
    clerk.dates()
    template = json.loads((workspace / "terms-template.json").read_text("utf-8"))
    return {
        key: {
            name: float(value) if isinstance(value, Decimal) else value
            for name, value in {"question": entry["question"], **clerk.entries[key]}.items()
        }
        for key, entry in template.items()
    }
