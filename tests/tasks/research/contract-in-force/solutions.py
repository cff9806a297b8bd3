"""A careful lawyer, two who write the same answer differently, one wrong solution for every slip, single faults."""

import json
from pathlib import Path

from _contract_in_force_clerk import answer as _answer


def _save(workspace, table):
    (workspace / "terms.json").write_text(json.dumps(table, indent=2), "utf-8")
    return "The terms are in terms.json."


def oracle(workspace: Path, turn: int = 1) -> str | None:
    """Carry every effect through."""
    return _save(workspace, _answer(workspace))


def spelled_otherwise(workspace: Path, turn: int = 1) -> str | None:
    """Write other order, text numbers, files for ids, clause as number, extra keys, BOM and CRLF."""
    table = {"note": "as of the day given"}
    lines = (workspace / "contracts/register.csv").read_text("utf-8").splitlines()[1:]
    files = {line.split(",")[0]: line.rsplit(",", 1)[1] for line in lines}
    for key, entry in reversed(_answer(workspace).items()):
        value, clause = entry["value"], entry["clause"]
        table[key] = {
            "why": "see there",
            "clause": None if clause is None else f"Clause {clause}" if "." in clause else int(clause),
            "document": files.get(entry["document"], "none"),
            "value": f"{value:.2f}" if isinstance(value, int | float) else value,
        }
    (workspace / "notes.md").write_text("| amendment | Binding Day |\n", "utf-8")
    (workspace / "terms.json").write_text("\ufeff" + json.dumps(table, indent=1), "utf-8", newline="\r\n")
    return None


def some_places_open(workspace: Path, turn: int = 1) -> str | None:
    """Give ids in lower case, and leave document and clause of three terms open."""
    table = _answer(workspace)
    for key, entry in table.items():
        entry["document"] = entry["document"] and entry["document"].lower()
        if key in ("term_end", "invoice_due", "base_fee_north_eur"):
            entry.update(document=None, clause=None)
    return _save(workspace, table)


def _slip(workspace, slip):
    return _save(workspace, _answer(workspace, {slip}))


def reported_late(workspace: Path, turn: int = 1) -> str | None:
    """Take signatories from the day named, whenever the letter came."""
    return _slip(workspace, "receipt")


def evening(workspace: Path, turn: int = 1) -> str | None:
    """Count what comes in the evening or on a holiday on the same day."""
    return _slip(workspace, "evening")


def any_two(workspace: Path, turn: int = 1) -> str | None:
    """Take any two signatures of the Supplier."""
    return _slip(workspace, "director")


def still_signs(workspace: Path, turn: int = 1) -> str | None:
    """Count the signature of somebody who had left."""
    return _slip(workspace, "left")


def last_signature(workspace: Path, turn: int = 1) -> str | None:
    """Take the last signature of all for the Binding Day."""
    return _slip(workspace, "last-sign")


def unconditional(workspace: Path, turn: int = 1) -> str | None:
    """Overlook the conditions of signatures."""
    return _slip(workspace, "condition-signed")


def letter_day(workspace: Path, turn: int = 1) -> str | None:
    """Take the day of the letter for the day on which a condition was met."""
    return _slip(workspace, "condition-letter")


def consent_alone(workspace: Path, turn: int = 1) -> str | None:
    """Take a consent with a proviso for a consent."""
    return _slip(workspace, "subject")


def unsigned_copy(workspace: Path, turn: int = 1) -> str | None:
    """Overlook the signature page among the letters."""
    return _slip(workspace, "counterpart")


def numbers_when_bound(workspace: Path, turn: int = 1) -> str | None:
    """Read clause numbers as of the Binding Day."""
    return _slip(workspace, "numbers-bound")


def not_backwards(workspace: Path, turn: int = 1) -> str | None:
    """Let no amendment have effect before its Binding Day."""
    return _slip(workspace, "no-retro")


def replaced_in_part(workspace: Path, turn: int = 1) -> str | None:
    """Keep what a replaced clause said beside the new wording."""
    return _slip(workspace, "replace")


def coming_effects(workspace: Path, turn: int = 1) -> str | None:
    """Apply what has no effect yet."""
    return _slip(workspace, "future")


def translation(workspace: Path, turn: int = 1) -> str | None:
    """Read the annex in its translation."""
    return _slip(workspace, "english")


def orders_first(workspace: Path, turn: int = 1) -> str | None:
    """Let the order forms go before everything."""
    return _slip(workspace, "order-all")


def correction_missed(workspace: Path, turn: int = 1) -> str | None:
    """Overlook the correction of an amendment."""
    return _slip(workspace, "correction")


def too_young(workspace: Path, turn: int = 1) -> str | None:
    """Adjust amounts fixed a few months ago."""
    return _slip(workspace, "young")


def first_figures(workspace: Path, turn: int = 1) -> str | None:
    """Take the figures of the index as first published."""
    return _slip(workspace, "revision-first")


def a_day_late(workspace: Path, turn: int = 1) -> str | None:
    """Count the day of receipt among the Business Days."""
    return _slip(workspace, "count")


def stuffer(workspace: Path, turn: int = 1) -> str | None:
    """Hand in the template with figures of the documents as first signed."""
    table = json.loads((workspace / "terms-template.json").read_text("utf-8"))
    first = {
        "payment_days": 30,
        "service_credit_pct": 4,
        "term_end": "2023-12-31",
        "records_months_south": 24,
    }
    for key, entry in table.items():
        entry.update(value=first.get(key), document="M", clause="5.2")
    return _save(workspace, table)


# -- one fault in the oracle's file ----------------------------------------------------------------


def _edit(workspace, change):
    path = workspace / "terms.json"
    table = json.loads(path.read_text("utf-8"))
    change(table)
    path.write_text(json.dumps(table, indent=2), "utf-8")


def _more(workspace, key, more):
    _edit(workspace, lambda table: table[key].update(value=round(table[key]["value"] + more, 2)))


def fee_two_cents_more(workspace: Path) -> None:
    """Give a Base Fee two cents too much."""
    _more(workspace, "base_fee_south_eur", 0.02)


def rate_two_cents_less(workspace: Path) -> None:
    """Give an hour at night two cents too little."""
    _more(workspace, "night_hour_south_eur", -0.02)


def total_two_cents_more(workspace: Path) -> None:
    """Give the minimum charge two cents too much."""
    _more(workspace, "minimum_charge_eur", 0.02)


def another_period(workspace: Path) -> None:
    """Give a day more to notify defects."""
    _more(workspace, "defect_notice_bdays", 1)


def another_date(workspace: Path) -> None:
    """Swap two dates."""
    _edit(workspace, lambda table: table["invoice_due"].update(value=table["credit_claim_by"]["value"] + "?"))


def another_credit(workspace: Path) -> None:
    """Give one percent more of credit."""
    _more(workspace, "service_credit_pct", 1)


def another_hour(workspace: Path) -> None:
    """Give an hour less to be there."""
    _more(workspace, "response_hours_south", -1)


def zero_for_nothing(workspace: Path) -> None:
    """Write 0 where nothing is agreed."""
    _edit(workspace, lambda table: table["late_interest_pct"].update(value=0))


def master_throughout(workspace: Path) -> None:
    """Name the Master Agreement for every term."""
    _edit(workspace, lambda table: [entry.update(document="M") for entry in table.values()])


def paragraphs_for_clauses(workspace: Path) -> None:
    """Name paragraphs of the amendments."""
    _edit(workspace, lambda table: [entry.update(clause="1") for entry in table.values()])


def signs_the_copy(workspace: Path) -> None:
    """Add a line to an input."""
    with (workspace / "contracts/register.csv").open("a", encoding="utf-8") as handle:
        handle.write("\n")


ALTERNATIVES = [spelled_otherwise, some_places_open]
WRONG = {
    reported_late: {"annex", "dates", "documents", "periods", "rates"},
    evening: {"annex", "dates", "rates"},
    any_two: {"rates"},
    still_signs: {"totals", "unsigned"},
    last_signature: {"unsigned"},
    unconditional: {"dates", "documents", "periods", "silent", "totals", "unsigned"},
    letter_day: {"dates", "periods"},
    consent_alone: {"dates", "documents", "silent", "totals", "unsigned"},
    unsigned_copy: {"dates", "unsigned"},
    numbers_when_bound: {"annex", "dates", "documents", "periods", "rates"},
    not_backwards: {"fees", "rates", "totals"},
    replaced_in_part: {"fees", "rates", "silent", "totals"},
    coming_effects: {"periods"},
    translation: {"annex", "dates", "rates"},
    orders_first: {"annex", "dates", "periods"},
    correction_missed: {"fees", "rates", "totals"},
    too_young: {"rates"},
    first_figures: {"fees", "rates", "totals"},
    a_day_late: {"dates"},
}
MUTATIONS = {
    fee_two_cents_more: {"fees"},
    rate_two_cents_less: {"rates"},
    total_two_cents_more: {"totals"},
    another_period: {"periods"},
    another_date: {"dates"},
    another_credit: {"unsigned"},
    another_hour: {"annex"},
    zero_for_nothing: {"silent"},
    master_throughout: {"documents"},
    paragraphs_for_clauses: {"clauses"},
    signs_the_copy: {"inputs-unchanged"},
}
