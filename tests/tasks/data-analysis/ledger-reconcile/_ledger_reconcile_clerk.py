"""A clerk who closes the month from the files alone; slips make a careless one of him."""

import re
from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from itertools import combinations

from _ledger_reconcile_papers import Papers, half_up, swapped

WEEKDAYS = {"EUR": (1, 4), "USD": (3,), "GBP": (0,)}
MISC = {"CHG": "8100", "INT": "8200", "DDB": "3300", "TRF": "2990"}


class Clerk(Papers):
    """Works through the rules."""

    def post(self, contra, cents):
        """Change account 1200."""
        if cents:
            self.journal.append((contra, cents))

    def close(self):
        """Work through the rules."""
        self.reversals()
        self.match()
        self.payouts()
        self.transfers()
        self.collectives()
        self.remainder()
        june = sum(line.cents for line in self.lines if line.day.month == 6 or "may-twice" in self.slips)
        self.ledger = self.opening + june + sum(cents for _, cents in self.journal)
        return self

    def reversals(self):
        """Take back from the last reversal on."""
        gone = set()
        for storno in reversed(self.lines):
            is_one = storno.text.startswith("Storno")
            if "storno-posts" in self.slips and storno.contra == "4000" and storno.cents > 0:
                is_one = False
            if not is_one or storno in gone:
                continue
            before = [
                line
                for line in self.lines
                if line.line < storno.line and line.ref == storno.ref and line.cents == -storno.cents
                if line not in gone
            ]
            if before:
                taken = before[0 if "oldest-reversed" in self.slips else -1]
                gone |= {storno, taken}
                self.groups.append([("ledger", str(storno.line)), ("ledger", str(taken.line))])
        self.left = [line for line in self.lines if line not in gone]

    def match(self):
        """Give events their lines."""
        families = defaultdict(lambda: ([], []))
        twins = set()
        for event in self.events:
            key = (event.order[:16], event.value, event.day)
            if event.day.month < 7 and not ("twins-double" in self.slips and key in twins):
                families[event.order[:16]][0].append(event)
            twins.add(key)
        for line in self.left:
            if line.ref.startswith("HL-"):
                families[line.ref][1].append(line)
        self.line_of = {}
        for events, lines in families.values():
            if "exact-first" in self.slips:
                self.match_in_turn(events, lines)
                continue
            fits = {event: [line for line in lines if self.fits(event, line)] for event in events}
            while fits:
                self.match_some(self.connected(fits), lines)
        self.alone()

    def fits(self, event, line):
        """Say whether a line can be an event's."""
        day = event.at.date() if "utc-day" in self.slips else event.day
        if not day <= line.day <= day + timedelta(days=2) and "any-day" not in self.slips:
            return False
        exchanged = "no-transposed" not in self.slips and swapped(line.cents, event.value)
        return line.cents == event.value or exchanged

    def match_in_turn(self, events, lines):
        """Exact amounts first, one after the other, then exchanged ones."""
        for exact in (True, False):
            for event in events:
                for line in lines:
                    if event in self.line_of or line in self.line_of.values():
                        continue
                    if self.fits(event, line) and (line.cents == event.value) == exact:
                        self.line_of[event] = line

    def connected(self, fits):
        """Take the events out of ``fits`` that hang together with the first."""
        some = [next(iter(fits))]
        for event in some:
            reach = set(map(id, fits[event]))
            some += [one for one in fits if one not in some and reach & set(map(id, fits[one]))]
        return {event: fits.pop(event) for event in sorted(some, key=lambda one: one.at)}

    def match_some(self, fits, lines):
        """Find the best matching of events that hang together."""
        events = list(fits)

        @cache
        def best(place, used):
            if place == len(events):
                return 0, 0, ()
            options = []
            for number, line in enumerate(lines):
                if line in fits[events[place]] and number not in used:
                    alone, wrong, rest = best(place + 1, used | {number})
                    options.append((alone, wrong + (line.cents != events[place].value), (number, *rest)))
            alone, wrong, rest = best(place + 1, used)
            options.append((alone + 1, wrong, (len(lines), *rest)))
            return min(options)

        for event, number in zip(events, best(0, frozenset())[2], strict=True):
            if number < len(lines):
                self.line_of[event] = lines[number]

    def alone(self):
        """Take back lines without an event, and book what is wrong or missing."""
        used = set(self.line_of.values())
        twins = {(line.ref, line.cents, line.day) for line in used}
        for line in self.left:
            if line.ref.startswith("HL-") and line not in used:
                double = (line.ref, line.cents, line.day) in twins
                self.open["ledger", str(line.line)] = "double" if double else "no-basis"
                self.post(line.contra, -line.cents)
        for event in self.events:
            if event.day.month < 7 or "next-month-in" in self.slips:
                line = self.line_of.get(event)
                contra = line.contra if line else "4000" if event.kind == "charge" else "4900"
                self.post(contra, event.value - (line.cents if line else 0))

    def payouts(self):
        """Compose the payouts of each account, and put the rest in transit."""
        paid = set()
        for account, weekdays in WEEKDAYS.items():
            banked = [one for one in self.entries if one.kind == "PAY" and f"PAYOUT {account}" in one.text]
            june = {one.day for one in banked}
            days = [date(2026, 5, 18) + timedelta(days=n) for n in range(44)]
            days = [day for day in days if day.weekday() in weekdays and (day.month == 5 or day in june)]
            self.pay_days = days
            mine = [event for event in self.events if event.account == account]
            for event in mine:
                dues = [n for n, day in enumerate(days) if event.theirs <= day - timedelta(days=2)]
                event["due"] = dues[0] if dues else len(days)
            for payout, events in zip(
                banked, self.compose(mine, banked, days.index(banked[0].day)), strict=True
            ):
                paid |= set(events)
                self.book_payout(payout, events)
        for event in self.events:
            if event not in paid:
                self.in_transit(event)

    def compose(self, waiting, payouts, now):
        """Return the events of each payout, or None."""
        if not payouts:
            return []
        payout, ready = payouts[0], [event for event in waiting if event.due <= now]
        rate = self.payout_rate(payout)
        free = [event for event in ready if event.kind == "charge" and now - event.due < 2]
        total, numbers = sum(event.net for event in ready), sum(event.no for event in ready)
        blind = "payouts-by-amount" in self.slips and rate == 1 and len(payouts) > 3
        near = int(payout.cents / rate)
        for net in [net for net in range(near - 3, near + 4) if half_up(net * rate) == payout.cents]:
            for held in self.held(free, len(ready) - payout.n, total - net, blind):
                if (numbers - sum(event.no for event in held)) % self.modulus == payout.t or blind:
                    found = self.go_on(held, ready, waiting, payouts, now)
                    if found is not None:
                        return found
        return None

    def go_on(self, held, ready, waiting, payouts, now):
        """Return a payout without the events held back and all later ones, or None."""
        kept = set(held)
        taken = [event for event in ready if event not in kept]
        gone = set(taken)
        rest = self.compose([event for event in waiting if event not in gone], payouts[1:], now + 1)
        return None if rest is None else [taken, *rest]

    def held(self, free, size, wanted, blind):
        """Yield what may have been held back, by its net sum."""
        if not size:
            if not wanted:
                yield ()
            return
        rows = [(event.net, place) for place, event in enumerate(free)]
        places = defaultdict(list)
        for net, place in rows:
            places[net].append(place)
        for some in combinations(rows, size - 1):
            for last in places.get(wanted - sum(net for net, _ in some), ()):
                if not some or last > some[-1][1]:
                    events = [*(free[place] for _, place in some), free[last]]
                    if blind or "any-held" in self.slips or len({one.theirs for one in events}) == size:
                        yield events

    def payout_rate(self, payout):
        """Return the rate in a payout's text."""
        hit = re.search(r"RATE (\d),(\d+)", payout.text)
        return Decimal(f"{hit[1]}.{hit[2]}") if hit else Decimal(1)

    def book_payout(self, payout, events):
        """Form the group and book fees and differences."""
        lines = [self.line_of[event] for event in events if event in self.line_of]
        group = [("bank", payout.id), *(("processor", event.event_id) for event in events)]
        self.groups.append([*group, *(("ledger", str(line.line)) for line in lines)])
        rate = self.payout_rate(payout)
        fee = half_up(sum(event.fee for event in events) * rate)
        if "fee-per-event" in self.slips:
            fee = sum(half_up(event.fee * rate) for event in events)
        self.post("6855", -fee)
        self.post("7900", payout.cents - sum(event.value for event in events) + fee)

    def in_transit(self, event):
        """Put an event that was not paid out where it belongs."""
        july = event.day.month > 6 and "next-month-in" not in self.slips
        self.open["processor", event.event_id] = "next-month" if july else "in-transit"
        if july:
            return
        self.bank += event.value
        if "transit-net" in self.slips:
            self.bank += half_up(event.net * self.rate(event.account, event.day)) - event.value
        if event in self.line_of:
            self.open["ledger", str(self.line_of[event].line)] = "in-transit"

    def transfers(self):
        """Compose the transfers of each customer."""
        by_customer = defaultdict(list)
        for entry in self.entries:
            if entry.kind == "TRF" and (hit := re.search(r"CUST (\d+)", entry.text)):
                by_customer[hit[1]].append(entry)
        for code, entries in by_customer.items():
            heads = [entry for entry in entries if entry.n]
            chosen = self.cover_transfers(
                [line for line in self.left if f"Cust. {code} " in line.text], heads, entries
            )
            for head, lines in zip(heads, chosen, strict=True):
                both = [one for one in entries if one is head or (one.day == head.day and not one.n)]
                if "rest-apart" in self.slips:
                    both = [head]
                group = [("bank", one.id) for one in both]
                self.groups.append(group + [("ledger", str(line.line)) for line in lines])
                for line in lines:
                    self.post("4800", -self.discount(line, head.day))

    def discount(self, line, day):
        """Return what the customer keeps."""
        issued = date.fromisoformat(re.search(r"invoice of (\S+)", line.text)[1])
        return half_up(Decimal(line.cents * self.kept) / 100) if (day - issued).days <= self.days else 0

    def cover_transfers(self, lines, heads, entries):
        """Return the lines of each transfer, or None."""
        if not heads:
            return []
        head = heads[0]
        total = sum(one.cents for one in entries if one is head or (one.day == head.day and not one.n))
        for some in combinations([line for line in lines if line.day <= head.day], head.n):
            if sum(line.cents - self.discount(line, head.day) for line in some) != total:
                continue
            if (
                sum(int(line.ref[-4:]) for line in some) % self.modulus != head.t
                and "transfers-by-amount" not in self.slips
            ):
                continue
            rest = self.cover_transfers([line for line in lines if line not in some], heads[1:], entries)
            if rest is not None:
                return [some, *rest]
        return None

    def collectives(self):
        """Compose the collective orders with as few exchanged amounts as possible; then place the returns."""
        orders = [entry for entry in self.entries if entry.kind == "COL"]
        lines = [line for line in self.left if line.contra == "3300"]
        ways = [self.ways(order, lines) for order in orders]
        most = 0
        while (chosen := self.cover(ways, frozenset(), most)) is None:
            most += 1
        groups = {}
        for order, some in zip(orders, chosen, strict=True):
            groups[order.id] = [("bank", order.id), *(("ledger", str(line.line)) for line in some)]
            self.post("3300", order.cents - sum(line.cents for line in some))
        for back in self.entries:
            if back.kind == "RTN":
                holders = [
                    order.id
                    for order, some in zip(orders, chosen, strict=True)
                    if order.day < back.day
                    if any(f"RETURN {x.text.upper()}" == back.text and x.cents == -back.cents for x in some)
                ]
                groups[holders[0 if "first-return" in self.slips else -1]].append(("bank", back.id))
                self.post("3300", back.cents)
        self.groups += groups.values()

    def ways(self, order, lines):
        """Return what an order may consist of, with the number of exchanged amounts."""
        near = [line for line in lines if timedelta(0) <= order.day - line.day <= timedelta(days=4)]
        found = []
        for some in combinations(near, order.n):
            if sum(int(line.ref[-4:]) for line in some) % self.modulus != order.t:
                continue
            gap = order.cents - sum(line.cents for line in some)
            if not gap or any(swapped(line.cents, line.cents + gap) for line in some):
                found.append((int(gap != 0), some))
        return sorted(found, key=lambda way: way[0])

    def cover(self, ways, used, most):
        """Return one way for each order, or None."""
        if not ways:
            return []
        for wrong, some in ways[0]:
            if wrong <= most and not used & set(some):
                rest = self.cover(ways[1:], used | set(some), most - wrong)
                if rest is not None:
                    return [some, *rest]
        return None

    def remainder(self):
        """Give what is in no group its reason."""
        grouped = {record for group in self.groups for record in group}
        for line in self.left:
            record = ("ledger", str(line.line))
            if not line.ref.startswith("HL-") and record not in grouped:
                self.open[record] = "outstanding"
                self.bank += line.cents
        for entry in self.entries:
            if ("bank", entry.id) in grouped:
                continue
            strange = (
                entry.kind == "TRF"
                and f"A/C {self.ours}" not in entry.text
                and "others-ours" not in self.slips
            )
            self.open["bank", entry.id] = "bank-error" if strange else "not-booked"
            if strange:
                self.bank -= entry.cents
            else:
                self.post(MISC[entry.kind], entry.cents)
