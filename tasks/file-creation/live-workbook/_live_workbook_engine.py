"""The rules of brief.md and review.md, applied to inputs: the truth, and what a *slip* makes of it.

Each stage takes the rows that it builds upon, so that a workbook can be judged on its own earlier rows.
"""

from __future__ import annotations

import math

from _live_workbook_model import MONTHS, YEARS, Rows, rounded, serial
from _live_workbook_trade import Trade

COSTS = ("m_goods", "m_pay", "m_social", "m_rent")
INTEREST = ("m_loan_interest", "m_od_interest")


class Engine(Trade):
    """Computes all outputs from inputs, with or without a slip."""

    def rows(self) -> Rows:
        """Return all outputs."""
        rows = {"m_first": [float(first) for first in self.cal.firsts], **self.sales(), **self.staff()}
        rows |= {"m_rent": self.rent(), **self.loan()}
        rows["m_tax"], rows["m_od_interest"] = [0.0] * MONTHS, [0.0] * MONTHS
        for _ in range(YEARS + 1):
            rows |= self.cash(rows)
            rows |= self.tax(rows)
        rows |= self.pnl(rows)
        return rows | self.keys(rows)

    def loan(self) -> Rows:
        """Return interest and balance of the loan."""
        balance = self.term("loan_amount")
        extra_day, slip = int(self.term("loan_extra_date")), self.slip
        interests, balances = [], []
        for month in range(MONTHS):
            share = 1.0 if slip == "loan-whole-month" else self.cal.open[month]
            half = self.term("loan_rate") / 12 * share / 2
            due = self.term("loan_pay") if month >= self.term("loan_grace") else 0.0
            if self.cal.firsts[month] <= extra_day <= self.cal.lasts[month]:
                due = due if slip == "no-extra-in-grace" and not due else due + self.term("loan_extra")
            if slip == "opening-balance":
                closing = balance * (1 + 2 * half) - due
            elif slip == "average-without-interest":
                closing = balance + half * max(0.0, 2 * balance - due) - due
            else:
                closing = (balance * (1 + half) - due) / (1 - half)
            self.edges.append(abs(closing) if balance else 1.0)
            if slip == "last-interest-full" and closing < 0:
                interest = (2 * half * balance) / (1 - half)
            else:
                interest = half * (balance + max(0.0, closing))
            if slip == "opening-balance":
                interest = 2 * half * balance
            elif slip == "average-without-interest":
                interest = half * max(0.0, 2 * balance - due)
            balance = closing if slip == "below-zero" else max(0.0, closing)
            interests.append(interest)
            balances.append(balance)
        return {"m_loan_interest": interests, "m_loan": balances}

    def _flow(self, rows: Rows, month: int) -> float:
        """Return what moves the account in a month, besides the interest of its overdraft."""
        revenue, slip = rows["m_revenue"], self.slip
        now, lag = self.term("collect_now"), int(self.term("collect_lag"))
        lag = 1 if slip == "lag-one" else lag
        late = (1 - now) * revenue[month - lag] if month >= lag else 0.0
        flow = now * revenue[month] + late - sum(rows[name][month] for name in ("m_goods", "m_pay", "m_rent"))
        if slip == "social-at-once":
            flow -= rows["m_social"][month]
        elif month:
            flow -= rows["m_social"][month - 1]
        before = rows["m_loan"][month - 1] if month else self.term("loan_amount")
        paid = before + rows["m_loan_interest"][month] - rows["m_loan"][month]
        flow += self.term("loan_amount") * (month == 0) - paid
        for end in self.cal.ends:
            if end + int(self.term("tax_delay")) == month and end < MONTHS:
                flow -= rows["m_tax"][end]
        return flow

    def cash(self, rows: Rows) -> Rows:
        """Return interest of the overdraft and cash, on the given rows."""
        cash, owed, limit = self.term("cash_open"), 0.0, self.term("od_limit")
        interests, balances, slip = [], [], self.slip
        for month in range(MONTHS):
            share = 1.0 if slip == "overdraft-whole-month" else self.cal.open[month]
            low, high = (self.term(name) / 12 * share / 2 for name in ("od_rate", "od_extra"))
            high = 0.0 if slip == "no-extra-rate" else high
            head = low * max(0.0, -cash) + high * max(0.0, -cash - limit)
            closing = cash + self._flow(rows, month)
            debits = self.cal.months[month] % 3 == 0 or slip == "debited-monthly"
            if slip == "quarter-of-model":
                debits = month % 3 == 2
            if debits and slip != "interest-not-in-average":
                closing -= owed + head
                if closing < 0:
                    deep = (closing + high * limit) / (1 - low - high)
                    closing = deep if deep < -limit else closing / (1 - low)
            interest = head + low * max(0.0, -closing) + high * max(0.0, -closing - limit)
            if slip == "average-signed":
                interest = max(0.0, -(cash + closing)) * low + high * max(0.0, -(cash + closing) - 2 * limit)
            if slip == "interest-not-in-average" and debits:
                closing -= owed + interest
            owed = 0.0 if debits else owed + interest
            interests.append(interest)
            balances.append(closing)
            cash = closing
        return {"m_od_interest": interests, "m_cash": balances}

    # -- tax and what follows --------------------------------------------------------------------

    def profits(self, rows: Rows) -> list[float]:
        """Return the profit of each month, before tax."""
        costs = [sum(rows[name][month] for name in COSTS + INTEREST) for month in range(MONTHS)]
        return [revenue - cost for revenue, cost in zip(rows["m_revenue"], costs, strict=True)]

    def tax(self, rows: Rows) -> Rows:
        """Return tax by month, and losses used and left by FY, on the given rows."""
        profits, slip, taxes = self.profits(rows), self.slip, [0.0] * MONTHS
        losses, lives = [self.term("loss_brought")], int(self.term("loss_years"))
        lives = 99 if slip == "losses-live-on" else lives
        used, left = [], []
        for fy in range(YEARS):
            months = [month for month in range(MONTHS) if self.cal.fy[month] == fy]
            profit = sum(profits[month] for month in months)
            profit = rounded(profit) if slip == "rounded-profit-taxed" else profit
            base = self.term("loss_base") * (1.0 if slip == "whole-base" else self.cal.share[fy])
            room = base + self.term("loss_share") * max(0.0, profit - base)
            room = max(0.0, min(profit, profit if slip == "no-cap" else room))
            taken = 0.0
            order = range(max(0, fy + 1 - lives), fy + 1)
            for origin in order[::-1] if slip == "newest-first" else order:
                part = min(losses[origin], room - taken)
                losses[origin] -= part
                taken += part
            losses.append(0.0 if slip == "brought-only" else max(0.0, -profit))
            used.append(taken)
            left.append(sum(losses[max(0, fy + 2 - lives) :]))
            if slip == "expired-still-left":
                left[-1] = sum(losses[max(0, fy + 1 - lives) :])
            if months:
                amount = self.term("tax_rate") * max(0.0, profit - taken)
                self.edges.append(min(amount % 1, 1 - amount % 1) if amount else 1.0)
                taxes[months[-1]] = amount if slip == "tax-not-rounded" else float(math.floor(amount))
        return {"m_tax": taxes, "loss_used": used, "loss_left": left}

    def pnl(self, rows: Rows) -> Rows:
        """Return the figures of PnL, on the given rows (with loss_used and loss_left)."""
        cal = self.cal

        def sums(names: tuple[str, ...]) -> list[float]:
            values = [sum(rows[name][month] for name in names) for month in range(MONTHS)]
            return [sum(values[m] for m in range(MONTHS) if cal.fy[m] == fy) for fy in range(YEARS)]

        revenue, costs, interest, tax = sums(("m_revenue",)), sums(COSTS), sums(INTEREST), sums(("m_tax",))
        profit = [a - b - c for a, b, c in zip(revenue, costs, interest, strict=True)]
        net = [a - b for a, b in zip(profit, tax, strict=True)]
        lines = {
            "revenue": revenue,
            "costs": costs,
            "interest": interest,
            "profit": profit,
            "tax": tax,
            "net": net,
        }
        lines |= {"loss_used": rows["loss_used"], "loss_left": rows["loss_left"]}
        found = {f"fy_{name}": [self.round(value) for value in line] for name, line in lines.items()}
        if self.slip == "only-displayed":
            found = {f"fy_{name}": line for name, line in lines.items()}
        if self.slip == "from-rounded":
            parts = zip(
                *(found[f"fy_{name}"] for name in ("revenue", "costs", "interest", "tax")), strict=True
            )
            found["fy_net"] = [a - b - c - d for a, b, c, d in parts]
        found["fy_end"] = [float(serial(cal.years[0], cal.months[0] + end + 1, 1) - 1) for end in cal.ends]
        if self.slip == "end-of-model":
            found["fy_end"] = [min(end, float(cal.lasts[-1])) for end in found["fy_end"]]
        found["fy_months"] = [float(cal.fy.count(fy)) for fy in range(YEARS)]
        return found

    def keys(self, rows: Rows) -> Rows:
        """Return the key figures, on the given rows."""
        cash, slip = rows["m_cash"], self.slip
        lowest = min(cash)
        profits = self.profits(rows)
        if slip != "before-tax":
            profits = [profit - tax for profit, tax in zip(profits, rows["m_tax"], strict=True)]
        steady = MONTHS
        while steady and profits[steady - 1] > 0:
            steady -= 1
        if slip == "first-profit":
            steady = next((n for n, profit in enumerate(profits) if profit > 0), MONTHS)
        free = next((n for n, balance in enumerate(rows["m_loan"]) if balance < 1e-6), MONTHS)
        firsts = [*rows["m_first"], 0.0]
        return {
            "low_cash": [lowest],
            "low_month": [firsts[cash.index(lowest)]],
            "loan_end": [firsts[free]],
            "steady_month": [firsts[steady]],
        }
