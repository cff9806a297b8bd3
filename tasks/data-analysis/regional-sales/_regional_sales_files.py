"""Writes the exports as the three shop systems do, each in its own format, and what explains them."""

from __future__ import annotations

import csv
import io
from datetime import date
from random import Random

from _regional_sales_rules import Order
from _regional_sales_world import SPELLINGS, World

NOTES = """\
# The three exports

All three run to {end}. Amounts are without VAT, in the currency that stands beside them.

| File | System | Encoding | Separator | Dates | Numbers |
|---|---|---|---|---|---|
| `{kontor}` | Kontor, our web shop | Windows-1252 | semicolon | day.month.year | 1.234,56 |
| `{bazaar}` | Bazaar, the market place | UTF-8 with BOM | comma | day/month/year | 1,234.56 |
| `{tills}` | Tills of our stores | UTF-8 | tab | year-month-day | 1234.56 |

- **Kontor** writes returns as rows of their own (`Art` = `Retoure`), with the number of the order, the day on
  which the parcel came back and its value as a positive amount. Cancelled is `storniert`.
- **Bazaar** does the same with `Type` = `Refund`; the amount is negative there. Cancelled is `cancelled`.
- **Tills**: one row per sale; if something came back, `refunded_on` and `refunded` say when and how much.
  Cancelled is `void`.
- An order may come back in several parcels; each of them is a return.
- Order numbers are unique across the systems. For some time now Bazaar has passed a part of its orders on to Kontor
  for shipping, and Kontor orders for pick-up on to the tills. Such an order is in both exports under the same
  number, and so are its returns. It is still one order, and each of its returns one return. The two exports agree
  about everything but the notation.
- Different numbers are different orders, however alike they look.
"""
NAMES = {
    "kontor": ("kontor_{0}.csv", "kontor-export-{0}.csv", "Kontor_Bestellungen_{0}.csv"),
    "bazaar": ("bazaar-orders-{0}.csv", "bazaar_{0}.csv", "Bazaar report {0}.csv"),
    "tills": ("tills_{0}.tsv", "tills-{0}.txt", "pos-sales-{0}.tsv"),
}
GOOD = {"kontor": ("bezahlt", "versandt", "versandt"), "bazaar": ("completed", "shipped"), "tills": ("ok",)}
BAD = {"kontor": "storniert", "bazaar": "cancelled", "tills": "void"}
MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
          "November", "December"]  # fmt: skip


class Files:
    """The input files of one world, by name."""

    def __init__(self, world: World, rng: Random) -> None:
        self.world, self.rng = world, rng
        self.names = {shop: rng.choice(names).format(world.year) for shop, names in NAMES.items()}

    def all(self) -> dict[str, bytes]:
        """Return name → content."""
        end = self.world.end
        notes = NOTES.format(end=f"{end.day} {MONTHS[end.month - 1]} {end.year}", **self.names)
        return {
            f"exports/{self.names['kontor']}": self._kontor().encode("cp1252"),
            f"exports/{self.names['bazaar']}": self._bazaar().encode("utf-8-sig"),
            f"exports/{self.names['tills']}": self._tills().encode(),
            "exports/NOTES.md": notes.encode(),
            "rates.csv": self._rates().encode(),
            "regions.csv": self._regions().encode(),
        }

    def _entries(self, shop: str) -> list[tuple[Order, str]]:
        """Return the orders of an export with the region as it is spelled there."""
        own = [(order, order.spelling) for order in self.world.orders if order.shop == shop]
        return own + [(order, order.copy_spelling) for order in self.world.orders if order.copy == shop]

    def _rows(self, shop: str) -> list[tuple[date, Order, str, int, str]]:
        """Return day, order, region, amount and state of each row; the state of a return is empty."""
        rows = []
        for order, spelling in self._entries(shop):
            state = BAD[shop] if order.cancelled else self.rng.choice(GOOD[shop])
            rows.append((order.at.date(), order, spelling, order.cents, state))
            rows += [(back.on, order, spelling, back.cents, "") for back in order.returns]
        return sorted(rows, key=lambda row: (row[0], row[1].number, row[4]))

    def _kontor(self) -> str:
        table = [["Bestellnr", "Art", "Datum", "Kunde", "Region", "Nettobetrag", "Währung", "Status"]]
        for day, order, region, cents, state in reversed(self._rows("kontor")):
            kind = "Bestellung" if state else "Retoure"
            amount = f"{cents / 100:,.2f}".translate(str.maketrans(",.", ".,"))
            row = [order.number, kind, f"{day:%d.%m.%Y}", order.customer, region, amount, order.currency]
            table.append([*row, state or "erstattet"])
        return _text(table, ";", "\r\n")

    def _bazaar(self) -> str:
        table = [["Order ID", "Type", "Date", "Buyer", "Ship region", "Net amount", "Currency", "State"]]
        for day, order, region, cents, state in self._rows("bazaar"):
            amount = f"{cents / 100 if state else -cents / 100:,.2f}"
            row = [order.number, "Sale" if state else "Refund", f"{day:%d/%m/%Y}", order.customer, region]
            table.append([*row, amount, order.currency, state or "refunded"])
        return _text(table, ",", "\n")

    def _tills(self) -> str:
        table = [
            [
                "number",
                "sold_at",
                "customer",
                "region",
                "currency",
                "net",
                "status",
                "refunded_on",
                "refunded",
            ]
        ]
        for order, region in sorted(self._entries("tills"), key=lambda entry: (entry[0].at, entry[0].number)):
            state = BAD["tills"] if order.cancelled else "ok"
            back = (
                [f"{order.returns[0].on}", f"{order.returns[0].cents / 100:.2f}"]
                if order.returns
                else ["", ""]
            )
            row = [order.number, f"{order.at:%Y-%m-%d %H:%M}", order.customer, region, order.currency]
            table.append([*row, f"{order.cents / 100:.2f}", state, *back])
        return _text(table, "\t", "\n")

    def _rates(self) -> str:
        table = [["month", "currency", "units_per_eur"]]
        for (month, currency), rate in sorted(self.world.rates.items()):
            if currency != "EUR":
                table.append([month, currency, f"{float(rate):.4f}"])
        return _text(table, ",", "\n")

    def _regions(self) -> str:
        table = [["typed", "region"]]
        for region in self.world.regions:
            typed = {name for shop in SPELLINGS.values() for name in shop[region]} | {region}
            table += [[name, region] for name in sorted(typed)]
        return _text(table, ",", "\n")


def _text(table: list[list[str]], separator: str, end: str) -> str:
    stream = io.StringIO()
    csv.writer(stream, delimiter=separator, lineterminator=end).writerows(table)
    return stream.getvalue()
