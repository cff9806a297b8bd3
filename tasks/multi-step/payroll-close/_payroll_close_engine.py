"""The rules applied to a month: the truth, and what comes out for somebody who misses one of them (a *slip*).

All clock times end up as multiples of 5 minutes and all terms change at whole local hours, so a shift is cut into
pieces at whole hours; each piece has one local date, one night and one special percentage.
"""

from __future__ import annotations

from _payroll_close_deal import MEMO_1_ROUNDING, NEW_YEAR, weekday
from _payroll_close_model import Contract, Correction, Month, Piece, Result, Row, Terms, World, Writ, rounded

LONGEST = 16 * 60


class Payroll:
    """One month's payroll, with or without a slip."""

    def __init__(self, world: World, month: Month, slip: str = "") -> None:
        self.world, self.month, self.slip = world, month, slip
        self.terms = Terms(world, slip)
        self.contracts: dict[str, list[Contract]] = {}
        for contract in sorted(month.contracts):
            self.contracts.setdefault(contract.employee, []).append(contract)

    def result(self) -> Result:
        """Return what the month comes to."""
        payslips, exceptions, writs = {}, set(), {}
        for employee in sorted(self.month.staff):
            payslip, wrong = self.person(employee, writs)
            exceptions |= wrong
            if payslip:
                payslips[employee] = payslip
        return Result(payslips, exceptions, writs)

    def person(
        self, employee: str, writs: dict[str, int]
    ) -> tuple[dict[str, int], set[tuple[str, int, str]]]:
        """Return somebody's payslip (empty: none) and exceptions, and add to ``writs`` what each gets."""
        rows = [row for row in self.month.rows if row.employee == employee]
        if self.slip == "repeats-by-minute":
            rows = list({(row.second // 60, row.kind): row for row in rows}.values())
        elif self.slip != "repeats-kept":
            rows = list({(row.second, row.kind): row for row in reversed(rows)}.values())
        if not rows and self.slip == "idle-left-out":
            return {}, set()
        ordered = sorted(rows, key=lambda row: (row.second, row.kind))
        pieces, wrong = self.shifts(ordered)
        if self.slip == "paired-by-site":
            both = [self.shifts([row for row in ordered if row.site == site]) for site in self.world.sites]
            pieces, wrong = (
                [one for found, _ in both for one in found],
                [one for _, found in both for one in found],
            )
        exceptions = {(employee, row.second, code) for row, number, code in wrong if self._reports(number)}
        sums = self._columns(employee, pieces, [number for _, number, _ in wrong])
        if self.slip == "gone-not-reported" and not self._employed(employee):
            exceptions = set()
        if not self._employed(employee) and (not any(sums.values()) or self.slip == "leavers-left-out"):
            return {}, exceptions
        return self._net(employee, sums, writs), exceptions

    # -- from rows to pieces ---------------------------------------------------------------------

    def shifts(self, rows: list[Row]) -> tuple[list[Piece], list[tuple[Row, int, str]]]:
        """Return the working minutes of an employee's rows, and the exceptions with their days."""
        pieces: list[Piece] = []
        wrong: list[tuple[Row, int, str]] = []
        place = 0
        while place < len(rows):
            row = rows[place]
            after = rows[place + 1] if place + 1 < len(rows) else None
            number = self.terms.local(row.site, row.second // 60) // 1440
            place += 1
            if row.kind == "out":
                wrong.append((row, number, "NO_IN"))
            elif after is None or after.kind == "in":
                wrong.append((row, number, "NO_OUT"))
            else:
                place += 1
                code = self._shift(row, after.second, pieces)
                if code:
                    wrong.append((row, number, code))
        return pieces, wrong

    def _shift(self, row: Row, out: int, pieces: list[Piece]) -> str:
        begin, end = rounded(row.second), rounded(out)
        if end - begin > LONGEST and self.slip != "any-length":
            return "TOO_LONG"
        first_day = self.terms.local(row.site, row.second // 60 if self.slip == "raw-day" else begin) // 1440
        contract = self.contract(row.employee, first_day)
        if contract is None:
            return "NO_CONTRACT"
        pieces += self.cut(row.site, begin, end, contract)
        return ""

    def cut(self, site: str, begin: int, end: int, contract: Contract) -> list[Piece]:
        """Return the working minutes from ``begin`` to ``end`` in pieces."""
        region = self.world.sites[contract.site if self.slip == "home-region" else site][0]
        first_day = self.terms.local(site, begin) // 1440
        length = end - begin
        if self.slip == "wall-clock":
            length = self.terms.local(site, end) - self.terms.local(site, begin)
        pause = self.terms.pause(first_day, length, region)
        spans = [(begin, end)]
        if pause:
            spans = [(begin, begin + 240), (begin + 240 + pause, end)]
            if self.slip == "break-at-end":
                spans = [(begin, end - pause)]
        found = []
        for start, stop in spans:
            while start < stop:
                step = min(stop, (start // 60 + 1) * 60)
                local = self.terms.local(site, start)
                number = first_day if self.slip == "shift-date" else local // 1440
                whose = contract
                if self.slip == "ended-with-contract" and not self.contract(contract.employee, number):
                    break
                if self.slip == "rate-by-day":
                    whose = self.contract(contract.employee, number) or contract
                found.append(Piece(start, step - start, number, local % 1440 // 60, region, whose, first_day))
                start = step
        if length != end - begin and found:
            last = found[-1]
            found.append(last._replace(minutes=length - (end - begin)))
        return found

    def contract(self, employee: str, number: int) -> Contract | None:
        """Return the contract in force on a day."""
        for contract in self.contracts.get(employee, []):
            if contract.since <= number and (contract.until is None or number <= contract.until):
                return contract
        return None

    # -- from pieces to columns ------------------------------------------------------------------

    def _columns(self, employee: str, pieces: list[Piece], wrong: list[int]) -> dict[str, int]:
        own = [piece for piece in pieces if self._in_month(piece.day)]
        sums = {"base": 0, "night": 0, "special": 0}
        if self.slip == "rounded-daily":
            for number in {piece.day for piece in own}:
                for name, exact in self._exact([piece for piece in own if piece.day == number]).items():
                    sums[name] += self._cents(exact)
        else:
            sums = {name: self._cents(exact) for name, exact in self._exact(own).items()}
        sums["overtime"] = self._cents(self._overtime(employee, pieces, wrong))
        sums["holiday_pay"] = self._cents(
            self._holiday_pay(employee, {piece.day for piece in pieces}, set(wrong))
        )
        mine = [row for row in self.month.corrections if row.employee == employee]
        sums["correction"] = sum(self._corrected(row) for row in mine)
        return sums

    def _exact(self, pieces: list[Piece]) -> dict[str, int]:
        """Return base, night and special in six-thousandths of a cent."""
        base = night = special = 0
        for piece in pieces:
            value = piece.minutes * piece.contract.rate
            number = piece.first_day if self.slip == "terms-by-start" else piece.day
            base += value * 100
            by_night, by_day = self.terms.premiums(number, piece.hour, piece.region)
            night += value * by_night
            special += value * by_day
        return {"base": base, "night": night, "special": special}

    def _overtime(self, employee: str, pieces: list[Piece], wrong: list[int]) -> int:
        total, slip = 0, self.slip
        for monday in range(self.month.first - 6, self.month.last - 5):
            if weekday(monday) != 0:
                continue
            days = range(monday, monday + 7)
            held = [number for number in wrong if number in days]
            if slip == "held-by-month":
                held = [number for number in held if self._in_month(number)]
            if held and slip != "not-held":
                continue
            mine = sorted(piece for piece in pieces if piece.day in days)
            if slip == "month-part":
                mine = [piece for piece in mine if self._in_month(piece.day)]
            total += self._week(mine, self._target(employee, days))
        return total

    def _target(self, employee: str, days: range) -> int:
        target = 0
        latest = [self.contract(employee, number) for number in days]
        for number in days[:5]:
            contract = self.contract(employee, number)
            if self.slip == "last-contract":
                contract = next((one for one in reversed(latest) if one), None)
            if contract is None:
                continue
            off = number >= self.world.deal.m2_target and self.slip != "holiday-in-target"
            if self.slip == "all-holidays-off":
                off = True
            if not (off and self.terms.holiday(number, self.world.sites[contract.site][0])):
                target += contract.weekly // 5
        return target

    def _week(self, pieces: list[Piece], target: int) -> int:
        """Return the overtime of a week's pieces in six-thousandths of a cent."""
        deal, slip, terms = self.world.deal, self.slip, self.terms
        total = worked = before = 0
        if slip == "first-minutes":
            target, pieces = sum(piece.minutes for piece in pieces) - target, pieces[:]
        for piece in pieces:
            over = min(piece.minutes, worked + piece.minutes - target)
            worked += piece.minutes
            if slip == "first-minutes":
                over = min(piece.minutes, target - worked + piece.minutes)
            if over <= 0:
                continue
            staged = piece.day >= deal.m2_stage
            low = max(0, min(over, deal.m2_stage_min - before)) if staged else over
            if not (slip == "stage-from-day" and not staged):
                before += over
            night = terms.premiums(piece.day, piece.hour, piece.region)[0] if terms.overlap(piece.day) else 0
            rate = self.contract(piece.contract.employee, self.month.last) if slip == "current-rate" else None
            cents = (rate or piece.contract).rate
            least = -100 if slip == "less-than-nothing" else 0
            total += low * cents * max(least, deal.ot_pct - night)
            total += (over - low) * cents * max(least, deal.m2_ot_pct - night)
        return total

    def _holiday_pay(self, employee: str, worked: set[int], wrong: set[int]) -> int:
        total = 0
        for number in range(self.month.first, self.month.last + 1):
            contract = self.contract(employee, number)
            if contract is None or weekday(number) > 4:
                continue
            off = number not in wrong or self.slip == "exception-is-free"
            if off and (number not in worked or self.slip == "paid-though-worked"):
                off = self.terms.holiday(number, self.world.sites[contract.site][0])
                total += contract.weekly // 5 * contract.rate * 100 if off else 0
        return total

    # -- corrections and deductions --------------------------------------------------------------

    def _corrected(self, row: Correction) -> int:
        paid = self._worth(row, row.paid_out) if row.paid_out is not None and self.slip != "paid-again" else 0
        return self._worth(row, row.right_out) - paid

    def _worth(self, row: Correction, out: int) -> int:
        begin = rounded(row.begin)
        first_day = self.terms.local(row.site, begin) // 1440
        contract = self.contract(row.employee, first_day)
        if self.slip == "rate-of-today":
            contract = self.contracts[row.employee][-1]
        pieces = self.cut(row.site, begin, rounded(out), contract)
        ruled = first_day if self.slip == "rounding-by-start" else None
        new = [
            piece
            for piece in pieces
            if (ruled or piece.day) >= MEMO_1_ROUNDING or self.slip == "new-rounding"
        ]
        old = [piece for piece in pieces if piece not in new]
        total = sum(self._cents(exact) for exact in self._exact(new).values())
        for number in sorted({piece.day for piece in old}):
            exact = self._exact([piece for piece in old if piece.day == number])
            total += sum(5 * ((value + 15000) // 30000) for value in exact.values())
        return total

    def _net(self, employee: str, sums: dict[str, int], writs: dict[str, int]) -> dict[str, int]:
        deal, gross, new = self.world.deal, sum(sums.values()), self.month.last >= NEW_YEAR
        percent, ceiling = (
            (deal.m3_contribution, deal.m3_ceiling) if new else (deal.contribution, deal.ceiling)
        )
        counted = gross if self.slip == "premiums-counted" else gross - sums["night"] - sums["special"]
        if self.slip != "no-ceiling":
            counted = min(counted, ceiling)
        contribution = (counted * percent + 5000) // 10000
        net = gross - contribution
        excess = max(0, net - self._protected(employee))
        mine = [writ for writ in self.month.writs if writ.employee == employee and self._counts(writ)]
        taken = self._share([writ for writ in mine if writ.kind == "maintenance"], excess, writs)
        rest = excess * deal.share // 100
        rest -= rest % 100 if self.slip != "not-full-euros" else 0
        if self.slip == "beside-maintenance":
            rest = min(rest, excess - taken)
        else:
            rest = max(0, rest - taken)
        taken += self._share([writ for writ in mine if writ.kind == "ordinary"], rest, writs)
        ends = {
            "gross": gross,
            "contribution": contribution,
            "net": net,
            "garnished": taken,
            "payout": net - taken,
        }
        return {**sums, **ends}

    def _protected(self, employee: str) -> int:
        deal, slip = self.world.deal, self.slip
        amount = self.terms.floor(self.month.first, self.month.last)
        if slip != "no-dependants":
            amount += self.month.staff[employee][1] * deal.per_dependant
        if self.world.sites[self.home(employee)][0] == "South" and slip != "no-south-floor":
            amount += deal.south_floor
        return amount

    def home(self, employee: str) -> str:
        """Return the home site."""
        future = self.slip == "future-home"
        return [one for one in self.contracts[employee] if one.since <= self.month.last or future][-1].site

    def _counts(self, writ: Writ) -> bool:
        limit = self.month.first + (99 if self.slip == "any-served" else 14)
        return writ.served <= limit - (self.slip == "before-15th")

    def _share(self, writs: list[Writ], pool: int, paid: dict[str, int]) -> int:
        """Pay these writs from the pool, note what each gets in ``paid`` and return the sum."""
        total = 0
        alone = self.slip == "by-number"
        for key in sorted({(writ.served, writ.writ if alone else "") for writ in writs}):
            group = [w for w in writs if (w.served, w.writ if alone else "") == key]
            group.sort(key=lambda writ: writ.writ if self.slip == "numbers-as-text" else int(writ.writ[1:]))
            owed = sum(writ.balance for writ in group)
            amounts = [writ.balance for writ in group]
            if pool < owed:
                amounts = [pool * writ.balance // owed for writ in group]
                for place in range(len(group))[:: -1 if self.slip == "cents-to-last" else 1]:
                    amounts[place] += min(pool - sum(amounts), group[place].balance - amounts[place])
            for writ, amount in zip(group, amounts, strict=True):
                paid[writ.writ] = amount
            pool -= sum(amounts)
            total += sum(amounts)
        return total

    # -- small things ----------------------------------------------------------------------------

    def _cents(self, exact: int) -> int:
        whole, rest = divmod(exact, 6000)
        if self.slip == "half-even":
            return whole + (rest > 3000 or (rest == 3000 and whole % 2 == 1))
        return whole + (rest >= 3000)

    def _in_month(self, number: int) -> bool:
        return self.month.first <= number <= self.month.last

    def _reports(self, number: int) -> bool:
        return self._in_month(number) or self.slip == "all-reported"

    def _employed(self, employee: str) -> bool:
        return any(
            one.since <= self.month.last and (one.until is None or one.until >= self.month.first)
            for one in self.contracts.get(employee, [])
        )


def journal(payslips: dict[str, dict[str, int]], writs: dict[str, int], homes: dict[str, str]) -> dict:
    """Return the journal of these payslips: (account, party) → debit less credit, in cents."""
    sums: dict[tuple[str, str], int] = {}

    def book(account: str, party: str, amount: int) -> None:
        sums[account, party] = sums.get((account, party), 0) + amount

    for employee, slip in payslips.items():
        home = homes[employee]
        book("6010", home, slip["base"])
        book("6020", home, slip["night"] + slip["special"] + slip["overtime"])
        book("6030", home, slip["holiday_pay"])
        book("6040", home, slip["correction"])
        book("2710", home, -slip["contribution"])
        book("2700", employee, -slip["payout"])
    for writ, amount in writs.items():
        book("2720", writ, -amount)
    return {key: amount for key, amount in sums.items() if amount}
