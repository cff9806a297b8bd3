"""Draws what reaches the bank without the processor: customers' transfers, payments to suppliers, and the rest."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from random import Random

from _ledger_reconcile_records import FIRST, LAST, Entry, Line, Terms, rounded

CUSTOMERS = (
    "Bauer Optik",
    "Kita Regenbogen",
    "Hotel Linde",
    "Praxis Dr. Amann",
    "Tischlerei Voss",
    "Cafe Morgenrot",
)
SUPPLIERS = (
    "Mueller Druck",
    "Nora Petersen",
    "Papier Kranz",
    "J. Okafor Design",
    "Textil Weber",
    "Spedition Ahlers",
)
SUPPLIERS += ("Lena Brandt Foto", "Holz und Rahmen")
FEES = (38000, 45000, 45000, 45000, 52000, 60000, 60000, 72500)


def day_of(number: int) -> date:
    """Return a day of June."""
    return FIRST + timedelta(days=number - 1)


class Direct:
    """Postings and bank lines; `made` is what each bank line of several postings consists of."""

    def __init__(self, rng: Random, terms: Terms):
        self.rng, self.terms = rng, terms
        self.lines: list[Line] = []
        self.entries: list[Entry] = []
        self.made: list[tuple[Entry, list[Line]]] = []
        self.payment = rng.randint(2100, 7000)
        self.invoice = rng.randint(4100, 8000)

    def draw(self) -> None:
        """Draw everything."""
        for place, name in enumerate(CUSTOMERS):
            self.customer(name, str(self.rng.randint(1000, 9899) // 10 * 10 + place), split=place == 2)
        self.payments()
        self.returns()
        self.strangers()

    def number(self, line: Line) -> int:
        return int(line.ref[-4:])

    def control(self, lines: list[Line]) -> int:
        return sum(self.number(line) for line in lines) % self.terms.modulus

    def customer(self, name: str, code: str, split: bool) -> None:
        """A customer with equal monthly rates for several shops pays some at a time, in no order."""
        rate = self.rng.choice([11900, 14875, 23800, 29750])
        lines = []
        for _ in range(9):
            self.invoice += self.rng.randint(1, 9)
            issued = self.rng.randint(1, 17)
            day = day_of(issued + self.rng.randint(1, 3))
            amount = rate * self.rng.choice([1, 1, 1, 2, 2, 3])
            text = f"Cust. {code} {name}, advised; invoice of {day_of(issued):%Y-%m-%d}"
            lines.append(
                Line(day, f"INV-2026-{self.invoice:07d}", text, amount, "1400", step=24 * self.rng.random())
            )
        self.lines += lines
        open_ones = list(lines)
        for day in (day_of(15), day_of(19), day_of(24)):
            ready = [line for line in open_ones if line.day <= day]
            taken = self.rng.sample(ready, min(self.rng.randint(2, 3), len(ready)))
            open_ones = [line for line in open_ones if line not in taken]
            amount = sum(line.amount - discount(line, day, self.terms) for line in taken)
            text = f"{name.upper()} CUST {code} A/C {self.terms.ours}"
            first = amount - (amount // 3 // 100 * 100 if split and day == day_of(19) else 0)
            entry = Entry(day, "TRF", first, text, count=len(taken), control=self.control(taken), who=code)
            self.entries.append(entry)
            self.made.append((entry, taken))
            if first != amount:
                self.entries.append(Entry(day, "TRF", amount - first, f"{text} REST", who=code))

    def supplier_line(self, day: date, payee: str, amount: int) -> Line:
        self.payment += self.rng.randint(1, 12)
        line = Line(
            day, f"ZA-{day:%y%m%d}-{self.payment:04d}", payee, -amount, "3300", step=24 * self.rng.random()
        )
        self.lines.append(line)
        return line

    def payments(self) -> None:
        """Payments are ordered one by one and carried out together, up to three days later; some never."""
        waiting: list[Line] = []
        rng = self.rng
        dropped = rng.sample(range(6, 20), 2)
        for number in range(1, 31):
            day = day_of(number)
            if day.weekday() > 4:
                continue
            for _ in range(rng.choice([2, 2, 3, 3, 4])):
                amount = rng.choice(FEES) if rng.random() < 0.7 else rng.randint(2100, 99000)
                waiting.append(self.supplier_line(day, rng.choice(SUPPLIERS), amount))
            if number in dropped:
                waiting.pop()
            if day.weekday() in (0, 2, 4) and number > 1 and number < 30:
                old = [line for line in waiting if (day - line.day).days >= 2]
                new = [line for line in waiting if line not in old]
                taken = old + rng.sample(new, min(len(new), max(0, 4 - len(old))))
                waiting = [line for line in waiting if line not in taken]
                entry = Entry(day, "COL", sum(line.amount for line in taken), "COLLECTIVE ORDER")
                entry.count, entry.control = len(taken), self.control(taken)
                self.entries.append(entry)
                self.made.append((entry, taken))

    def returns(self) -> None:
        """Payments come back: one to a payee who was paid the same amount in three collective orders."""
        rng = self.rng
        collectives = [(entry, taken) for entry, taken in self.made if entry.kind == "COL"]
        payee, amount = rng.choice(SUPPLIERS), rng.randint(610, 890) * 100 + 50
        for place in (2, 4, 6, 8):
            entry, taken = collectives[place]
            taken[0].text, taken[0].amount = payee, -amount
        other = collectives[7][1][1]
        other.amount = -(rng.randint(910, 990) * 100 + 70)
        for entry, taken in collectives:
            entry.amount = sum(line.amount for line in taken)
        last = collectives[6][0].day
        self.entries.append(
            Entry(last + timedelta(days=1), "RTN", amount, f"RETURN {payee.upper()}", who=payee)
        )
        last = collectives[7][0].day
        text = f"RETURN {other.text.upper()}"
        self.entries.append(Entry(last + timedelta(days=1), "RTN", -other.amount, text, who=other.text))

    def strangers(self) -> None:
        """Bank lines that the ledger knows nothing of, and two credits that are not ours."""
        rng, ours = self.rng, self.terms.ours
        add = self.entries.append
        for day, amount in ((9, 490), (19, 1275), (30, 1890)):
            add(Entry(day_of(day), "CHG", -amount - rng.randint(0, 90), "ACCOUNT CHARGES"))
        add(Entry(LAST, "INT", rng.randint(310, 990), "CREDIT INTEREST Q2"))
        for day, payee in ((3, "STADTWERKE HALDEN"), (16, "KONTORHAUS MIETE"), (24, "TELEFONICA NORD")):
            add(Entry(day_of(day), "DDB", -rng.randint(6100, 149000), payee))
        add(Entry(day_of(12), "TRF", rng.randint(5100, 39000), f"F. ALBRECHT DANKE A/C {ours}"))
        digits = list(ours)
        place = next(p for p in range(5, 8) if digits[p] != digits[p + 1])
        digits[place], digits[place + 1] = digits[place + 1], digits[place]
        wrong = "".join(digits)
        for day in (11, 23):
            who = rng.choice(("P. SORENSEN", "ATELIER LUND", "R. KOWALSKI", "GEMEINDE ALTHOF"))
            add(Entry(day_of(day), "TRF", rng.randint(9000, 89000), f"{who} RECHNUNG {day}06 A/C {wrong}"))


def discount(line: Line, day: date, terms: Terms) -> int:
    """Return what a customer may keep of an invoice paid on that day."""
    issued = date.fromisoformat(line.text[-10:])
    if (day - issued).days > terms.days:
        return 0
    return rounded(Fraction(line.amount * terms.discount, 10000))
