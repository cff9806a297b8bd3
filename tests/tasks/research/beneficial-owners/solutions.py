"""A careful clerk, two who reckon and write otherwise, and careless ones for the slips of every theme.

A careless clerk is so about what holds on the day in asof.txt; days of `seen` are taken from the careful one, so that
each slip costs its own check. Slips of `seen` have mutations.

Most careless clerks come after the oracle, as mutations: they do all again but those days, which take longest.
"""

import csv
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction
from pathlib import Path

from _beneficial_owners_clerk import Clerk
from _beneficial_owners_reader import read, rows
from _beneficial_owners_seen import seen

HEADER = ["supplier_id", "person_id", "percent", "basis", "since", "seen"]


def _cents(percent):
    exact = Decimal(percent.numerator) / Decimal(percent.denominator)
    return str(exact.quantize(Decimal("0.01"), ROUND_HALF_UP))


def _rows(workspace, slips=()):
    if slips and (workspace / "owners.csv").is_file():
        days = {
            (row["supplier_id"], row["person_id"]): date.fromisoformat(row["seen"])
            for row in _left(workspace)
        }
        found = Clerk(workspace, slips).answers()
    else:
        clerk = Clerk(workspace)
        right = clerk.answers()
        days = seen(clerk, right)
        found = Clerk(workspace, slips, raw=clerk.raw).answers() if slips else right
    return [
        [
            supplier,
            who,
            _cents(percent),
            basis,
            since.isoformat(),
            days.get((supplier, who), since).isoformat(),
        ]
        for supplier, who, percent, basis, since in found
    ]


def _left(workspace):
    """Return the rows of the owners.csv that is there."""
    return rows(workspace / "owners.csv")


def _write(workspace, rows, header=HEADER, **form):
    with (workspace / "owners.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, **form)
        writer.writerow(header)
        writer.writerows(rows)


def oracle(workspace: Path) -> str:
    """Find the owners by the rules."""
    found = _rows(workspace)
    _write(workspace, found)
    return f"owners.csv has {len(found)} owners."


def other_form(workspace: Path) -> None:
    """Hand over other columns and orders, semicolons, more decimals, and notes."""
    found = [[*row[::-1], f"{float(row[2]):.1f} or so"] for row in reversed(_rows(workspace))]
    found = [[*row[:3], row[3] + "0", *row[4:]] for row in found]
    _write(workspace, found, [*HEADER[::-1], "remark"], delimiter=";")
    (workspace / "notes.md").write_text("how it was reckoned\n", "utf-8")


class Patient(Clerk):
    """Lets the profit go round until nothing is left of it, with many digits."""

    def economic(self, supplier, states):
        """Sum what arrives, round by round."""
        with localcontext() as context:
            context.prec = 45
            shares = {}
            for company, state in states.items():
                total = sum(state.parts.values())
                shares[company] = {
                    who: self._decimal(Fraction(part) / total) for who, part in state.parts.items()
                }
            flow, got = {supplier: Decimal(1)}, {}
            while flow and max(flow.values()) > Decimal("1e-25"):
                now, flow = flow, {}
                for company, amount in now.items():
                    for who, part in shares[company].items():
                        into = flow if who in shares else got
                        into[who] = into.get(who, Decimal(0)) + amount * part
            return got

    def _decimal(self, fraction):
        return Decimal(fraction.numerator) / Decimal(fraction.denominator)

    def _judged(self, mine, votes, limit):
        votes = self._decimal(votes)
        mine = (Decimal(mine) if isinstance(mine, Decimal) else self._decimal(mine)).quantize(
            Decimal("1e-18")
        )
        if mine >= limit[1] and votes > limit[2]:
            return (votes, "both") if votes > mine else (mine, "both")
        return (mine, "economic") if mine >= limit[1] else (votes, "voting") if votes > limit[2] else None


def round_by_round(workspace: Path) -> None:
    """Add up the rounds of the profit in place of solving equations; days as a spreadsheet quotes them."""
    clerk = Patient(workspace)
    found = clerk.answers()
    days = seen(Clerk(workspace), found)
    table = [
        [supplier, who.lower(), f"{percent:.4f} %", basis.upper(), since, days[supplier, who]]
        for supplier, who, percent, basis, since in found
    ]
    _write(workspace, table, quoting=csv.QUOTE_ALL)


def stuffer(workspace: Path) -> None:
    """Call everybody who is named in a return of a supplier its owner."""
    asof = (workspace / "asof.txt").read_text("utf-8").strip()
    clerk = Clerk(workspace)
    found = {}
    for file in sorted((workspace / "filings").iterdir()):
        one = read(file)
        if one.form == "return" and any(row["supplier_id"] == one.company for row in clerk.suppliers):
            total = sum(line.count for line in one.lines)
            for line in one.lines:
                if isinstance(line.target, tuple):
                    who = clerk.people.who(*line.target)
                    percent = f"{100 * line.count / total:.2f}"
                    found[one.company, who] = [one.company, who, percent, "both", asof, asof]
    _write(workspace, found.values())


def _named(name, solution):
    solution.__name__ = name
    globals()[name] = solution
    return solution


def _slip(slip):
    def careless(workspace: Path) -> None:
        _write(workspace, _rows(workspace, {slip}))

    return _named("misses_" + slip.replace("-", "_"), careless)


SLIPS = {
    "late": {"counts"},
    "late-units": {"counts"},
    "corrections-late": {"counts"},
    "revival": {"counts"},
    "nominal": {"nominees"},
    "uncapped": {"nominees"},
    "onward": {"votes"},
    "apart": {"votes"},
    "daughters": {"votes", "loops"},
    "above": {"loops"},
    "no-merge": {"people"},
    "rounded": {"none"},
    "at": {"none"},
    "ever": {"since"},
    "today": {"since"},
}
FROM_SCRATCH = ("late", "apart", "ever")
WRONG = {_slip(name): SLIPS[name] for name in FROM_SCRATCH}


def _edited(name, change):
    def fault(workspace: Path) -> None:
        found = _left(workspace)
        change(found)
        _write(workspace, [[row[column] for column in HEADER] for row in found])

    return _named(name, fault)


def _later(column):
    def change(rows):
        rows[len(rows) // 2][column] = (
            date.fromisoformat(rows[len(rows) // 2][column]) + timedelta(days=1)
        ).isoformat()

    return change


def _seen_is_since(rows):
    for row in rows:
        row["seen"] = row["since"]


def _theme_fault(name, theme_slip, change):
    """Put one fault into a row that a slip of the theme gets wrong, so that it is one of the theme."""

    def fault(workspace: Path) -> None:
        found = _left(workspace)
        change(found, _hit(found, Clerk(workspace, {theme_slip}))[0])
        _write(workspace, [[row[column] for column in HEADER] for row in found])

    return _named(name, fault)


def _hit(rows, careless):
    """Return the right rows of suppliers of which a careless clerk gets something wrong."""
    hit = []
    for supplier in careless.suppliers:
        right = {
            row["person_id"]: (row["percent"], row["basis"])
            for row in rows
            if row["supplier_id"] == supplier["supplier_id"]
        }
        found = careless.owners(supplier, careless.asof)
        if {who: (_cents(percent), basis) for who, (percent, basis) in found.items()} != right:
            hit += [row for row in rows if row["supplier_id"] == supplier["supplier_id"]]
    return hit


def _drop(rows, row):
    rows.remove(row)


def _raise(rows, row):
    row["percent"] = f"{float(row['percent']) + 0.03:.2f}"


def _other_basis(rows, row):
    row["basis"] = "economic" if row["basis"] != "economic" else "voting"


def _other_person(rows, row):
    row["person_id"] = "P-0000"


def adds_an_owner(workspace: Path) -> None:
    """Give an owner to a supplier that has none."""
    found = [[row[column] for column in HEADER] for row in _left(workspace)]
    none = {row["supplier_id"] for row in rows(workspace / "suppliers.csv")} - {row[0] for row in found}
    _write(workspace, [*found, [min(none), *found[0][1:]]])


def tidies_up(workspace: Path) -> None:
    """Remove an extract."""
    min((workspace / "filings").iterdir()).unlink()


ALTERNATIVES = [other_form, round_by_round]
MUTATIONS = {
    **{_slip(name): fails for name, fails in SLIPS.items() if name not in FROM_SCRATCH},
    _theme_fault("drops_an_owner", "late", _drop): {"counts"},
    _theme_fault("raises_a_percentage", "nominal", _raise): {"nominees"},
    _theme_fault("takes_another_basis", "onward", _other_basis): {"votes"},
    _theme_fault("drops_one_in_a_circle", "above", _drop): {"loops"},
    _theme_fault("names_somebody_else", "no-merge", _other_person): {"people"},
    _edited("seen_at_once", _seen_is_since): {"seen"},
    _edited("a_day_late", _later("since")): {"since"},
    _edited("seen_a_day_late", _later("seen")): {"seen"},
    adds_an_owner: {"none"},
    tidies_up: {"inputs-unchanged"},
}
