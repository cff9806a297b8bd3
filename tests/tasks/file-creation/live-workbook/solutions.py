"""Solutions of live-workbook: the author's formulas, the same laid out otherwise, other ones, and ones with a fault.

A wrong solution is what somebody builds who misses one thing. A mutation is one fault in a workbook that is right: a
formula changed before it is built again, or a part of the file edited.
"""

import re
import zipfile

from _live_workbook_author import Author
from _live_workbook_author_faults import FAULTS, OTHERWISE


def oracle(workspace):
    """Build the workbook."""
    Author(workspace).finish()
    return "model.xlsx is built."


def months_across(workspace):
    """Months from left to right, helper sheets whose names need quotes, shared texts, formats."""
    Author(workspace, across=True).finish()


def other_algebra(workspace):
    """Loan by its interest, overdraft as a minimum, shares counted otherwise, payments looked up."""
    author = Author(workspace)
    author.replace(*OTHERWISE)
    author.finish()


def stuffer(workspace):
    """Give every output the formula of a zero."""
    author = Author(workspace)
    author.lines = {name: (texts[0], "0+0", "0+0", "0+0") for name, texts in author.lines.items()}
    author.years = dict.fromkeys(author.years, "0+0")
    author.keys = dict.fromkeys(author.keys, "0+0")
    author.finish()


def frozen(workspace):
    """Writes the right values of the day as formulas."""
    right = Author(workspace)
    right.finish()
    values = right.calc
    author = Author(workspace)
    author.frozen = lambda place: f"={float(values.cell(place)):.9f}+0"
    author.finish()


def share_by_months(workspace):
    """Counts month 1 as a whole one in the share of its FY."""
    _faulty(workspace, "share_by_months")


def calendar_days(workspace):
    """Pays by the days of the calendar (one person)."""
    _faulty(workspace, "calendar_days")


def extra_after_grace(workspace):
    """Lets the extra payment wait for the instalments."""
    _faulty(workspace, "extra_after_grace")


def debited_monthly(workspace):
    """Debits the interest of the overdraft each month."""
    _faulty(workspace, "debited_monthly")


def one_piece(workspace):
    """Solves for the overdraft as if it never went beyond its limit."""
    _faulty(workspace, "one_piece")


def only_displayed(workspace):
    """Leaves the rounding of the years to formats."""
    _faulty(workspace, "only_displayed")


def in_a_circle(workspace):
    """Looks for the tax to be paid in the month itself as well."""
    _faulty(workspace, "in_a_circle")


def edits_terms(workspace):
    """Writes into the data."""
    oracle(workspace)
    with (workspace / "data" / "terms.csv").open("a", encoding="utf-8") as stream:
        stream.write("note,1\n")


def renames_a_sheet(workspace):
    """Give PnL another name."""
    _edit(
        workspace,
        "xl/workbook.xml",
        lambda text: text.replace("PnL", "P and L").replace("P and L!", "'P and L'!"),
    )


def reckons_an_input(workspace):
    """Put a formula into the cell of an input."""
    with zipfile.ZipFile(workspace / "model.xlsx") as archive:
        names = archive.read("xl/workbook.xml").decode("utf-8")
    cell = re.search(r'name="raise_rate">[^<]*!([$A-Z0-9]+)<', names)[1].replace("$", "")
    _edit(
        workspace,
        "xl/worksheets/sheet1.xml",
        lambda text: re.sub(f'(<c r="{cell}">)<v>(.*?)<', r"\1<f>\2</f><v>\2<", text),
    )


def calls_another_function(workspace):
    """Use a function that is not listed."""
    _edit(
        workspace, "xl/worksheets/sheet3.xml", lambda text: text.replace("<f>MAX(0,", "<f>TRUNC(0)+MAX(0,", 1)
    )


def stores_an_old_value(workspace):
    """Let one stored value be that of yesterday."""
    _edit(
        workspace,
        "xl/worksheets/sheet4.xml",
        lambda text: re.sub(r"</f><v>(\d)", r"</f><v>1\1", text, count=1),
    )


def stores_nothing(workspace):
    """Leave the values out, as libraries that compute nothing do."""
    for number in range(1, 9):
        _edit(
            workspace, f"xl/worksheets/sheet{number}.xml", lambda text: re.sub("</f><v>.*?</v>", "</f>", text)
        )


def off_as_given(workspace):
    """Be off by 1 where the inputs are those given."""
    terms = dict(line.split(",") for line in (workspace / "data/terms.csv").read_text("utf-8").split()[1:])
    year, month, day = terms["open_date"].split("-")
    words = {"OPEN": f"DATE({year},{int(month)},{int(day)})", "CASH": terms["cash_open"]}
    words |= {"DELAY": terms["tax_delay"], "WAIT": terms["raise_wait"]}
    _faulty(workspace, "off_as_given", words)


def opening_sells_whole(workspace):
    """Sell in the days before the opening."""
    _faulty(workspace, "opening_sells_whole")


def spare_rows(workspace):
    """Never pay the people in the spare cells."""
    _faulty(workspace, "spare_rows")


def loan_whole_month(workspace):
    """Take interest on the loan for the whole of month 1."""
    _faulty(workspace, "loan_whole_month")


def overdraft_whole_month(workspace):
    """Take interest on the overdraft for the whole of month 1."""
    _faulty(workspace, "overdraft_whole_month")


def base_by_months(workspace):
    """Count month 1 as a whole one in the limit of losses alone."""
    _faulty(workspace, "base_by_months")


def ends_with_model(workspace):
    """Let a year end with month 36."""
    _faulty(workspace, "ends_with_model")


def never_is_last(workspace):
    """Say month 36 where the loan is never paid back."""
    _faulty(workspace, "never_is_last")


ALL = {"sales", "costs", "loan", "cash", "tax", "pnl", "keys"}
ALTERNATIVES = [months_across, other_algebra]
WRONG = {
    frozen: ALL,
    share_by_months: {"sales", "tax"},
    calendar_days: {"costs"},
    extra_after_grace: {"loan"},
    debited_monthly: {"given", "cash"},
    one_piece: {"given", "cash"},
    only_displayed: {"given", "pnl", "tax"},
    in_a_circle: {"formulas", "cached", "given", "cash", "tax", "pnl", "keys"},
    edits_terms: {"inputs-unchanged"},
}
MUTATIONS = {
    renames_a_sheet: {"package"},
    reckons_an_input: {"formulas"},
    calls_another_function: {"formulas", "cached", "given", *ALL} - {"sales", "costs"},
    stores_an_old_value: {"cached"},
    stores_nothing: {"cached"},
    off_as_given: {"given"},
    opening_sells_whole: {"sales"},
    spare_rows: {"costs"},
    loan_whole_month: {"loan"},
    overdraft_whole_month: {"cash"},
    base_by_months: {"tax"},
    ends_with_model: {"given", "pnl"},
    never_is_last: {"given", "keys"},
}


def _faulty(workspace, name, words=None):
    """Build the workbook with a fault."""
    author = Author(workspace)
    pairs = FAULTS[name]
    for word, value in (words or {}).items():
        pairs = [(old, new.replace(word, value)) for old, new in pairs]
    author.replace(*pairs)
    author.finish()


def _edit(workspace, part, change):
    """Change a part of the file; a part that is not there is left alone."""
    path = workspace / "model.xlsx"
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    if part in parts:
        parts[part] = change(parts[part].decode("utf-8")).encode("utf-8")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
