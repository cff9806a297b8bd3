"""Solvers of `memory/house-rules`: they see a message and the workspace, and remember through a file.

The honest solver takes Dana's points out of her first message, keeps them in ``memory/dana.json`` and writes
the list from there. A wrong solver is the same with one slip; a mutation spoils one thing of the right list.
"""

import csv
import json
import re
from datetime import date, timedelta
from pathlib import Path

from _house_rules_hand import (
    COLUMNS,
    NOTES,
    invoices,
    kims_wishes,
    month_of,
    read_list,
    rows_for,
    shown,
    solve,
    spelled,
    the_list,
    wishes,
    write_list,
)


def oracle(workspace: Path, turn: int, message: str) -> str:
    """Note how Dana likes it, then write the list by the notes."""
    return solve(workspace, turn, message)


# -- other right ways --------------------------------------------------------------------------------


def sorted_with_supplier(workspace: Path, turn: int, message: str) -> str:
    """Sort by day, add a column, use semicolons, BOM and CRLF."""
    reply = solve(workspace, turn, message)
    if turn == 2:
        path = the_list(workspace)
        supplier = {row["invoice"]: row["supplier"] for row in invoices(workspace)}
        lines = ["Cost_Centre;Amount;Due;Supplier;Invoice"]
        for row in sorted(read_list(path), key=lambda row: (row["due"], row["invoice"]), reverse=True):
            cells = (row["cost_centre"], row["amount"], row["due"], supplier[row["invoice"]], row["invoice"])
            lines.append(";".join(cells))
        path.write_bytes(("\ufeff" + "\r\n".join(lines)).encode("utf-8"))
    return reply


def keeps_her_words(workspace: Path, turn: int, message: str) -> str:
    """Keep the message itself, read it anew later, write to a draft first and quote every cell."""
    diary = workspace / "MEMORY.md"
    if turn == 1:
        diary.write_text(f"# What Dana said\n\n{message}\n", "utf-8")
        return "Noted."
    how = wishes(diary.read_text("utf-8"))
    rows = rows_for(invoices(workspace), how)
    (workspace / "draft").mkdir()
    write_list(workspace / "draft/list.csv", rows[:3])
    with (workspace / spelled(how["name"], month_of(message))).open(
        "w", encoding="utf-8", newline=""
    ) as stream:
        writer = csv.writer(stream, quoting=csv.QUOTE_ALL)
        writer.writerow(COLUMNS)
        for row in sorted(rows, key=lambda row: row["invoice"]):
            writer.writerow({**row, "amount": row["amount"].replace(" ", "\u00a0")}.values())
    return "Done."


# -- plausible but wrong -----------------------------------------------------------------------------


def goes_by_kim(workspace: Path, turn: int, message: str) -> str | None:
    """Keep nothing, and take Kim's notes for the house rules."""
    if turn == 1:
        return "Noted."
    how = kims_wishes(workspace)
    write_list(workspace / spelled(how["name"], month_of(message)), rows_for(invoices(workspace), how))
    return "Done."


def copies_the_columns(workspace: Path, turn: int, message: str) -> str | None:
    """Keep nothing, and copy the four columns as they are."""
    if turn == 2:
        rows = [{name: row[name] for name in COLUMNS} for row in invoices(workspace)]
        write_list(workspace / "payment_list.csv", rows)
    return "Done."


def writes_to_kims_notes(workspace: Path, turn: int, message: str) -> str:
    """Put Dana's wishes into the file that is Kim's."""
    if turn == 1:
        with (workspace / "NOTES.md").open("a", encoding="utf-8") as stream:
            stream.write(f"\n## Dana\n\n{message}")
    return solve(workspace, turn, message)


def takes_kims_dates(workspace: Path, turn: int, message: str) -> str:
    """Remember all but the form of the dates."""
    return solve(workspace, turn, message, date=kims_wishes(workspace)["date"])


def takes_kims_amounts(workspace: Path, turn: int, message: str) -> str:
    """Remember all but the form of the amounts."""
    return solve(workspace, turn, message, amount=kims_wishes(workspace)["amount"])


def takes_kims_weekends(workspace: Path, turn: int, message: str) -> str:
    """Remember all but where weekends go."""
    return solve(workspace, turn, message, monday=kims_wishes(workspace)["monday"])


def takes_kims_centre(workspace: Path, turn: int, message: str) -> str:
    """Remember all but the cost centre."""
    return solve(workspace, turn, message, centre=kims_wishes(workspace)["centre"])


def takes_kims_name(workspace: Path, turn: int, message: str) -> str:
    """Remember all but the name of the file."""
    return solve(workspace, turn, message, name=kims_wishes(workspace)["name"])


def keeps_iso_dates(workspace: Path, turn: int, message: str) -> str:
    """Leave the form of the dates as in the invoices."""
    return solve(workspace, turn, message, date="YYYY-MM-DD")


def stays_in_month(workspace: Path, turn: int, message: str) -> str:
    """Move a weekend the wrong way where the right way leads out of the month."""
    reply = solve(workspace, turn, message)
    if turn == 2:
        how, month = json.loads((workspace / NOTES).read_text("utf-8")), month_of(message)
        due = {row["invoice"]: date.fromisoformat(row["due"]) for row in invoices(workspace)}
        rows = read_list(the_list(workspace))
        for row in rows:
            day = due[row["invoice"]]
            if shown(day, how["monday"]).month != month.month:
                row["due"] = spelled(how["date"], shown(day, not how["monday"]))
        write_list(the_list(workspace), rows)
    return reply


def keeps_invoice_centres(workspace: Path, turn: int, message: str) -> str:
    """Book each line where its invoice says."""
    reply = solve(workspace, turn, message)
    if turn == 2:
        centre = {row["invoice"]: row["cost_centre"] for row in invoices(workspace)}
        rows = [{**row, "cost_centre": centre[row["invoice"]]} for row in read_list(the_list(workspace))]
        write_list(the_list(workspace), rows)
    return reply


def drops_repeats(workspace: Path, turn: int, message: str) -> str:
    """Take two invoices of like supplier, day and amount for one."""
    reply = solve(workspace, turn, message)
    if turn == 2:
        like = {row["invoice"]: (row["supplier"], row["due"], row["amount"]) for row in invoices(workspace)}
        once = {like[row["invoice"]]: row for row in read_list(the_list(workspace))}
        write_list(the_list(workspace), list(once.values()))
    return reply


def stuffer(workspace: Path, turn: int, message: str) -> str:
    """Put the invoices under likely headers, names and values, without having kept a thing."""
    if turn == 2:
        month = month_of(message)
        rows = [
            {
                "invoice": row["invoice"],
                "due": f"{date.fromisoformat(row['due']):%m/%d/%Y}",
                "amount": f"EUR {row['amount']}",
                "cost_centre": "4417",
            }
            for row in invoices(workspace)
        ]
        for name in (f"dana-payment-list-{month:%B-%Y}.csv", "payment_list.csv", "dana.csv"):
            write_list(workspace / name, rows)
    return "Done, just the way you like it: dates, amounts, weekends and cost centre."


# -- one fault in the right list ---------------------------------------------------------------------


def changed(workspace: Path, change: object) -> None:
    """Apply a change to the lines of the list."""
    rows = read_list(the_list(workspace))
    write_list(the_list(workspace), change(rows) or rows)


def first(workspace: Path, wanted: object, column: str, new: object) -> None:
    """Change one cell of the first line whose invoice is wanted."""
    given = {row["invoice"]: row for row in invoices(workspace)}
    rows = read_list(the_list(workspace))
    row = next(row for row in rows if wanted(given[row["invoice"]]))
    row[column] = new(row[column])
    write_list(the_list(workspace), rows)


def on_weekend(row: dict) -> bool:
    """Tell whether an invoice falls due on a weekend."""
    return date.fromisoformat(row["due"]).weekday() > 4


def loses_a_line(workspace: Path, turn: int) -> None:
    """Drop a line that is not due on a weekend."""
    if turn == 2:
        keep = next(row["invoice"] for row in invoices(workspace) if not on_weekend(row))
        changed(workspace, lambda rows: [row for row in rows if row["invoice"] != keep])


def doubles_a_line(workspace: Path, turn: int) -> None:
    """List one invoice twice."""
    if turn == 2:
        changed(workspace, lambda rows: [*rows, rows[0]])


def adds_a_total(workspace: Path, turn: int) -> None:
    """Add a line that is no invoice."""
    if turn == 2:
        changed(workspace, lambda rows: [*rows, {**rows[0], "invoice": "TOTAL"}])


def wrong_amount(workspace: Path, turn: int) -> None:
    """Change one digit of an amount."""
    if turn == 2:
        first(workspace, lambda row: True, "amount", lambda cell: str(9 - int(cell[0]) or 5) + cell[1:])


def wrong_day(workspace: Path, turn: int) -> None:
    """Move the due date of a line by one working day in the middle of a week."""
    if turn == 2:
        middle = next(
            row for row in invoices(workspace) if date.fromisoformat(row["due"]).weekday() in (1, 2, 3)
        )
        how = json.loads((workspace / NOTES).read_text("utf-8"))
        other = spelled(how["date"], date.fromisoformat(middle["due"]) + timedelta(days=1))
        first(workspace, lambda row: row["invoice"] == middle["invoice"], "due", lambda _: other)


def forgets_one_weekend(workspace: Path, turn: int) -> None:
    """Leave one Saturday or Sunday as it is."""
    if turn == 2:
        how = json.loads((workspace / NOTES).read_text("utf-8"))
        row = next(row for row in invoices(workspace) if on_weekend(row))
        other = spelled(how["date"], date.fromisoformat(row["due"]))
        first(workspace, on_weekend, "due", lambda _: other)


def one_iso_date(workspace: Path, turn: int) -> None:
    """Write one date in the form of the invoices."""
    if turn == 2:
        row = next(row for row in invoices(workspace) if not on_weekend(row))
        first(workspace, lambda one: not on_weekend(one), "due", lambda _: row["due"])


def one_plain_amount(workspace: Path, turn: int) -> None:
    """Write one large amount without a sign between the thousands."""
    if turn == 2:
        first(
            workspace,
            lambda row: float(row["amount"]) >= 1000,
            "amount",
            lambda cell: re.sub(r"\D(?=\d{3})", "", cell),
        )


def one_currency(workspace: Path, turn: int) -> None:
    """Write a currency behind one amount."""
    if turn == 2:
        first(workspace, lambda row: True, "amount", lambda cell: f"{cell} EUR")


def one_other_centre(workspace: Path, turn: int) -> None:
    """Book one line elsewhere."""
    if turn == 2:
        first(workspace, lambda row: True, "cost_centre", lambda cell: str(int(cell) + 1))


def other_name(workspace: Path, turn: int) -> None:
    """Give the list a slightly other name."""
    if turn == 2:
        path = the_list(workspace)
        path.rename(path.with_name(path.name.replace("dana", "Dana")))


def every_likely_name(workspace: Path, turn: int) -> None:
    """Lay copies of the list under other names beside it, in case."""
    if turn == 2:
        path = the_list(workspace)
        for name in ("dana.csv", "payment_list.csv"):
            (workspace / name).write_bytes(path.read_bytes())


def other_folder(workspace: Path, turn: int) -> None:
    """Put the list where Kim's are."""
    if turn == 2:
        path = the_list(workspace)
        path.rename(workspace / "archive" / path.name)


def tidies_kims_notes(workspace: Path, turn: int) -> None:
    """Add a line break to Kim's notes in the first session."""
    if turn == 1:
        with (workspace / "NOTES.md").open("a", encoding="utf-8") as stream:
            stream.write("\n")


def moves_kims_list(workspace: Path, turn: int) -> None:
    """Delete one of Kim's old lists."""
    if turn == 2:
        min((workspace / "archive").iterdir()).unlink()


ALTERNATIVES = [sorted_with_supplier, keeps_her_words]
POINTS = {"file-name", "date-form", "amount-form", "weekend", "cost-centre"}
WRONG = {
    goes_by_kim: POINTS,
    copies_the_columns: POINTS,
    writes_to_kims_notes: {"kims-notes"},
    takes_kims_dates: {"date-form"},
    takes_kims_amounts: {"amount-form"},
    takes_kims_weekends: {"weekend"},
    takes_kims_centre: {"cost-centre"},
    takes_kims_name: {"file-name"},
    keeps_iso_dates: {"date-form"},
    stays_in_month: {"weekend"},
    keeps_invoice_centres: {"cost-centre"},
    drops_repeats: {"rows"},
}
MUTATIONS = {
    loses_a_line: {"rows"},
    doubles_a_line: {"rows"},
    adds_a_total: {"rows"},
    wrong_amount: {"values"},
    wrong_day: {"values"},
    forgets_one_weekend: {"weekend"},
    one_iso_date: {"date-form"},
    one_plain_amount: {"amount-form"},
    one_currency: {"amount-form"},
    one_other_centre: {"cost-centre"},
    other_name: {"file-name"},
    every_likely_name: {"file-name"},
    other_folder: {"file-name"},
    tidies_kims_notes: {"kims-notes"},
    moves_kims_list: {"inputs-unchanged"},
}
