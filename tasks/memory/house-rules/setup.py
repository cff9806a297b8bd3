"""Builds Kim's papers, the invoices, the values of Dana's message and the right answer.

The same seed gives the same bytes. A draw is kept only if each point of Dana's way, when forgotten or taken
from Kim, changes the list where the check meant for it looks, and nowhere else.
"""

import json
import random
import shutil
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from _house_rules_papers import draw_invoices, invoices_csv, kims_notes, list_csv, spoken
from _house_rules_ways import (
    AMOUNT_FORMS,
    DANAS_NAMES,
    DATE_FORMS,
    KIMS_NAMES,
    WEEKENDS,
    Invoice,
    Way,
    misremembered,
)

#: Months that end (Dana moves dates on) or begin (she moves them back) on a weekend.
MONTHS = {
    "after": [date(2026, 1, 1), date(2026, 2, 1), date(2026, 5, 1), date(2026, 10, 1), date(2027, 1, 1)],
    "before": [date(2026, 2, 1), date(2026, 3, 1), date(2026, 8, 1), date(2026, 11, 1), date(2027, 5, 1)],
}
LARGE = 100_000
"""Cents from which an amount needs a sign between its thousands."""


@dataclass(frozen=True)
class Plan:
    """Everything one seed decides."""

    dana: Way
    kim: Way
    month: date
    invoices: list[Invoice]
    notes: str
    old_lists: dict[str, str]


def draw(rng: random.Random) -> Plan:
    """Draw both ways, the month and all papers; `plan` decides whether the draw is kept."""
    weekend = rng.choice(sorted(WEEKENDS))
    dates = rng.sample(DATE_FORMS, 2)
    amounts = rng.sample(AMOUNT_FORMS, 2)
    centres = [str(number) for number in rng.sample(range(4100, 4990), 5)]
    names = rng.choice(DANAS_NAMES), rng.choice(KIMS_NAMES)
    other = "before" if weekend == "after" else "after"
    dana = Way(dates[0], *amounts[0], weekend, centres[0], names[0])
    kim = Way(dates[1], *amounts[1], other, centres[1], names[1])
    month = rng.choice(MONTHS[weekend])
    invoices = draw_invoices(rng, month, dana, centres[1:])
    old_lists = {}
    for back in (2, 1):
        earlier = (month - timedelta(days=30 * back - 15)).replace(day=1)
        old = draw_invoices(rng, earlier, kim, centres[1:])
        old_lists[kim.name(earlier)] = list_csv(old, kim)
    return Plan(dana, kim, month, invoices, kims_notes(rng, kim, earlier), old_lists)


def plan(seed: int) -> Plan:
    """Return the first draw of this seed in which each of Dana's points matters."""
    for attempt in range(200):
        found = draw(random.Random(f"house-rules/{seed}/{attempt}"))
        if sound(found):
            return found
    raise AssertionError(f"no sound draw for seed {seed}")


def sound(found: Plan) -> bool:
    """Tell whether the invoices are told apart and each forgotten point costs its own check."""
    dana, invoices = found.dana, found.invoices
    if len({one.number for one in invoices}) != len(invoices):
        return False
    crossing = [one for one in invoices if dana.shown(one.due).month != found.month.month]
    if len(crossing) < 2 or {one.due.weekday() for one in invoices if one.weekend} != {5, 6}:
        return False
    if any(not one.weekend for one in crossing) or sum(one.cents >= LARGE for one in invoices) < 10:
        return False
    return all(
        lost(found, way) == {point.split()[0]} for point, way in misremembered(dana, found.kim).items()
    )


def lost(found: Plan, way: Way) -> set[str]:
    """Return the checks that somebody fails who writes the list in this way."""
    dana, checks = found.dana, set()
    if way.name(found.month) != dana.name(found.month):
        checks.add("file-name")
    for one in found.invoices:
        if way.day(one.due) != dana.day(one.due):
            checks.add("date-form")
        if way.amount(one.cents) != dana.amount(one.cents):
            checks.add("amount-form")
        if way.shown(one.due) != dana.shown(one.due):
            checks.add("weekend" if one.weekend else "values")
        if way.row(one)["cost_centre"] != dana.cost_centre:
            checks.add("cost-centre")
    return checks


def expected(found: Plan) -> dict[str, object]:
    """Return what the checks compare with."""
    dana = found.dana
    return {
        "name": dana.name(found.month),
        "date_form": dana.date_form,
        "thousands": dana.thousands,
        "decimal": dana.decimal,
        "cost_centre": dana.cost_centre,
        "rows": {
            one.number: {
                "amount": f"{one.cents // 100}.{one.cents % 100:02d}",
                "invoiced": one.due.isoformat(),
                "due": dana.shown(one.due).isoformat(),
                "weekend": one.weekend,
            }
            for one in found.invoices
        },
    }


def messages(found: Plan) -> dict[str, str]:
    """Return the values of the placeholders in Dana's messages."""
    dana = found.dana
    return {
        "date_form": dana.date_form,
        "amount_like": dana.amount(123_450),
        "weekend": WEEKENDS[dana.weekend],
        "cost_centre": dana.cost_centre,
        "name_form": dana.name_form,
        "month": spoken(found.month),
    }


def write(path: Path, text: str) -> None:
    """Write UTF-8 text with LF line ends as a new file, never through a link that lies at ``path``."""
    if path.is_symlink() or path.is_file():
        path.unlink()
    elif path.is_dir():
        shutil.rmtree(path)
    path.write_bytes(text.encode("utf-8"))


def build(workspace: Path, hidden: Path, seed: int) -> None:
    """Write Kim's papers for the agent; the right answer and the message values to ``hidden``."""
    found = plan(seed)
    (workspace / "archive").mkdir()
    for name, text in found.old_lists.items():
        write(workspace / "archive" / name, text)
    write(workspace / "NOTES.md", found.notes)
    write(hidden / "expected.json", json.dumps(expected(found), indent=1, sort_keys=True))
    write(hidden / "messages.json", json.dumps(messages(found), indent=1, sort_keys=True))


def before_turn(workspace: Path, hidden: Path, seed: int, turn: int) -> None:
    """Place the invoices when Dana comes back."""
    if turn == 2:
        write(workspace / "invoices.csv", invoices_csv(plan(seed).invoices))
