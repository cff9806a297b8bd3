"""A careful clerk, two who get there otherwise, one wrong table for every slip, and single faults."""

import csv
import io
from collections import defaultdict
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from _regional_sales_reader import files as _files
from _regional_sales_reader import german as _german
from _regional_sales_reader import solve as _solve
from _regional_sales_reader import tables as _tables


def _save(workspace, rows, header="month,region,net_eur,orders"):
    lines = [header, *(",".join(map(str, row)) for row in rows)]
    (workspace / "monthly.csv").write_text("\n".join(lines) + "\n", "utf-8")


def _slip(workspace, slip=""):
    table = _solve(workspace, slip)
    _save(workspace, [(*key, f"{float(net):.2f}", orders) for key, (net, orders) in sorted(table.items())])


def oracle(workspace: Path) -> str:
    """Follow the notes with care."""
    _slip(workspace)
    return "monthly.csv is ready."


# -- other right solutions -----------------------------------------------------------------------


def spelled_otherwise(workspace: Path) -> None:
    """Write semicolons, a BOM, CRLF, columns and rows in other order, more of them, unrounded figures."""
    rows = ["Region;Returns;Orders;Net_EUR;Month"]
    for (month, region), (net, orders) in sorted(_solve(workspace).items(), reverse=True):
        rows.append(f" {region.upper()};?;{orders}.0;{float(net):.6f};{month}")
    (workspace / "monthly.csv").write_bytes(b"\xef\xbb\xbf" + "\r\n".join(rows).encode())
    (workspace / "combine.py").write_text("print('how it was done')\n", "utf-8")


def file_by_file(workspace: Path) -> None:
    """Work in decimals, one export after the other, and remember what was seen."""
    rates, regions = _tables(workspace)
    net, orders = defaultdict(Decimal), defaultdict(set)
    seen = set()
    for system, path in reversed(_files(workspace)):
        text = path.read_bytes().decode("cp1252" if system == "Kontor" else "utf-8").lstrip("\ufeff")
        separator = max(";,\t", key=text.splitlines()[0].count)
        for row in csv.DictReader(io.StringIO(text, newline=""), delimiter=separator):
            for number, sign, day, value, currency, region in _moves(system, row):
                if (number, sign, day) in seen:
                    continue
                seen.add((number, sign, day))
                key = f"{day:%Y-%m}", regions[region]
                rate = rates.get((key[0], currency), Fraction(1))
                net[key] += sign * value * rate.denominator / rate.numerator
                orders[key] |= {number} if sign > 0 else set()
    _save(workspace, [(month, region, round(net[month, region], 2), len(orders[month, region]))
                      for month, region in net])  # fmt: skip


def _moves(system, row):
    """Return what a row stands for: number, sign, day, value, currency, region."""
    if system == "Tills":
        if row["status"] != "void":
            moves = [(1, row["sold_at"][:10], row["net"]), (-1, row["refunded_on"], row["refunded"])]
            for sign, day, value in moves[: 2 if row["refunded"] else 1]:
                yield (
                    row["number"],
                    sign,
                    date.fromisoformat(day),
                    Decimal(value),
                    row["currency"],
                    row["region"],
                )
    elif system == "Kontor":
        if row["Status"] != "storniert":
            sign = 1 if row["Art"] == "Bestellung" else -1
            day = datetime.strptime(row["Datum"], "%d.%m.%Y").date()
            value = Decimal(_german(row["Nettobetrag"]))
            yield row["Bestellnr"], sign, day, value, row["Währung"], row["Region"]
    elif row["State"] != "cancelled":
        value = Decimal(row["Net amount"].replace(",", ""))
        day = datetime.strptime(row["Date"], "%d/%m/%Y").date()
        yield row["Order ID"], 1 if value > 0 else -1, day, abs(value), row["Currency"], row["Ship region"]


# -- plausible, but wrong ------------------------------------------------------------------------


def decimal_comma(workspace: Path) -> None:
    """Take the German decimal comma for a thousands separator."""
    _slip(workspace, "decimal-comma")


def month_first(workspace: Path) -> None:
    """Read 03/04 as the 4th of March."""
    _slip(workspace, "month-first")


def cancelled_kept(workspace: Path) -> None:
    """Count cancelled orders."""
    _slip(workspace, "cancelled-kept")


def umlauts_lost(workspace: Path) -> None:
    """Lose the rows whose region was decoded wrongly."""
    _slip(workspace, "umlauts-lost")


def copies_twice(workspace: Path) -> None:
    """Count what two exports have in common twice."""
    _slip(workspace, "copies-twice")


def returns_twice(workspace: Path) -> None:
    """Count orders once, but subtract their returns in both exports."""
    _slip(workspace, "returns-twice")


def merged_by_look(workspace: Path) -> None:
    """Take orders of equal customer, day and amount for one."""
    _slip(workspace, "merged-by-look")


def one_return_each(workspace: Path) -> None:
    """Allow an order only one return."""
    _slip(workspace, "one-return-each")


def by_prefix(workspace: Path) -> None:
    """Take the South-East for the South."""
    _slip(workspace, "by-prefix")


def no_returns(workspace: Path) -> None:
    """Leave returns out."""
    _slip(workspace, "no-returns")


def returns_at_order(workspace: Path) -> None:
    """Subtract returns in the month of the order."""
    _slip(workspace, "returns-at-order")


def order_rate(workspace: Path) -> None:
    """Convert returns with the rate of the order's month."""
    _slip(workspace, "order-rate")


def sign_twice(workspace: Path) -> None:
    """Subtract amounts that are negative already."""
    _slip(workspace, "sign-twice")


def inverse_rate(workspace: Path) -> None:
    """Multiply by the rate."""
    _slip(workspace, "inverse-rate")


def last_rate(workspace: Path) -> None:
    """Convert everything with the latest rate."""
    _slip(workspace, "last-rate")


def returns_counted(workspace: Path) -> None:
    """Count the rows of returns as orders."""
    _slip(workspace, "returns-counted")


def returned_uncounted(workspace: Path) -> None:
    """Leave orders that came back whole out of the number of orders."""
    _slip(workspace, "returned-uncounted")


def cleans_in_place(workspace: Path) -> None:
    """Get everything right, but re-encode an export in place."""
    _slip(workspace)
    path = dict(_files(workspace))["Kontor"]
    path.write_bytes(path.read_bytes().decode("cp1252").encode("utf-8"))


def stuffer(workspace: Path) -> str:
    """Write a full table of months and regions with guessed figures."""
    rates, regions = _tables(workspace)
    months = sorted({month for month, _ in rates})
    _save(
        workspace,
        [(month, region, "9500.00", 80) for month in months for region in sorted(set(regions.values()))],
    )
    return "monthly.csv has net_eur and orders for every month and region; returns subtracted, cancelled out."


# -- single faults in a right table --------------------------------------------------------------


def _edit(workspace, change):
    path = workspace / "monthly.csv"
    header, *rows = [line.split(",") for line in path.read_text("utf-8").splitlines()]
    change(rows)
    _save(workspace, rows, ",".join(header))


def drops_a_row(workspace: Path) -> None:
    """Leave out the row with the highest sales."""
    _edit(workspace, lambda rows: rows.remove(max(rows, key=lambda row: float(row[2]))))


def adds_an_empty_row(workspace: Path) -> None:
    """Add a month without any order."""
    _edit(workspace, lambda rows: rows.append([f"{rows[0][0][:4]}-12", rows[0][1], "0.00", "0"]))


def adds_a_sum_row(workspace: Path) -> None:
    """Add the sum of all as one more row."""
    _edit(
        workspace, lambda rows: rows.append(["all", "all", f"{sum(float(row[2]) for row in rows):.2f}", "0"])
    )


def writes_a_row_twice(workspace: Path) -> None:
    """Write the first row twice."""
    _edit(workspace, lambda rows: rows.append(rows[0]))


def misspells_a_region(workspace: Path) -> None:
    """Write one region as it was typed."""

    def change(rows):
        next(row for row in rows if row[1] == "South")[1] = "Sued"

    _edit(workspace, change)


def five_cents_off(workspace: Path) -> None:
    """Be five cents off in one row."""

    def change(rows):
        rows[3][2] = f"{float(rows[3][2]) + 0.05:.2f}"

    _edit(workspace, change)


def cut_at_thousands(workspace: Path) -> None:
    """Cut one figure after a thousands separator."""

    def change(rows):
        big = max(rows, key=lambda row: float(row[2]))
        big[2] = big[2][:-6]

    _edit(workspace, change)


def one_order_short(workspace: Path) -> None:
    """Count one order too few in one row."""

    def change(rows):
        rows[1][3] = str(int(rows[1][3]) - 1)

    _edit(workspace, change)


def swaps_regions(workspace: Path) -> None:
    """Swap the figures of two regions in one month."""

    def change(rows):
        one = next(row for row in rows if row[1] == "South")
        two = next(row for row in rows if row[0] == one[0] and row[1] == "South-East")
        one[1], two[1] = two[1], one[1]

    _edit(workspace, change)


ALTERNATIVES = [spelled_otherwise, file_by_file]
MONEY = {"net", "total"}
WRONG = {
    decimal_comma: MONEY,
    month_first: {"keys", "net", "orders", "total"},
    cancelled_kept: {"keys", "net", "orders", "total"},
    umlauts_lost: {"net", "orders", "total"},
    copies_twice: {"net", "orders", "total"},
    returns_twice: MONEY,
    merged_by_look: {"net", "orders", "total"},
    one_return_each: MONEY,
    by_prefix: {"keys", "net", "orders"},
    no_returns: {"keys", "net", "total"},
    returns_at_order: {"keys", "net", "total"},
    order_rate: MONEY,
    sign_twice: MONEY,
    inverse_rate: MONEY,
    last_rate: MONEY,
    returns_counted: {"orders"},
    returned_uncounted: {"orders"},
    cleans_in_place: {"inputs-unchanged"},
}
MUTATIONS = {
    drops_a_row: {"keys", "total"},
    adds_an_empty_row: {"keys"},
    adds_a_sum_row: {"keys", "total"},
    writes_a_row_twice: {"keys", "total"},
    misspells_a_region: {"keys"},
    five_cents_off: {"net"},
    cut_at_thousands: MONEY,
    one_order_short: {"orders"},
    swaps_regions: {"net", "orders"},
    cleans_in_place: {"inputs-unchanged"},
}
