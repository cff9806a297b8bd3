"""An export of 800 member records, some seventy of which cannot be imported.

`build` proves that each trap of `_import_with_rejects_rules.TRAPS`, when missed, costs exactly the checks
listed there, and draws again where it does not.
"""

import json
import random
from pathlib import Path

from _import_with_rejects_draw import RECORDS, Entry, draw, export
from _import_with_rejects_rules import COLUMNS, TRAPS, Answer, chunks, is_utf8, judge
from _import_with_rejects_words import SCHEMA

VALUES = {
    "texts": ["name", "street", "city", "email", "note"],
    "postcodes": ["postcode"],
    "dates-and-fees": ["birth_date", "joined", "fee"],
}
ENOUGH = 0.8


def lost(truth: Answer, answer: Answer) -> set[str]:
    """Return the checks that ``answer`` fails when ``truth`` is right."""
    checks = set()
    both = truth.clean.keys() & answer.clean.keys()
    kept, given = ({key: stripped(one.clean[key]) for key in both} for one in (truth, answer))
    if truth.clean.keys() != answer.clean.keys():
        checks.add("clean-ids")
    for check, names in VALUES.items():
        if any(kept[key][name] != given[key][name] for key in both for name in names):
            checks.add(check)
    if truth.rejects.keys() != answer.rejects.keys():
        checks.add("reject-lines")
    lines = truth.rejects.keys() & answer.rejects.keys()
    if len(lines) < ENOUGH * len(truth.rejects) or any(truth.rejects[n] != answer.rejects[n] for n in lines):
        checks.add("reject-codes")
    if len(answer.clean) + len(answer.rejects) != truth.records:
        checks.add("complete")
    return checks


def stripped(row: dict[str, str]) -> dict[str, str]:
    """Return a row as the checks read it."""
    return {name: cell.strip() for name, cell in row.items()}


def sound(entries: list[Entry], data: bytes, codes: dict[int, str]) -> bool:
    """Tell whether the file means what was drawn, and each trap costs exactly its checks."""
    truth = judge(data)
    if truth.rejects != codes or truth.records != RECORDS:
        return False
    if len(truth.clean) + len(truth.rejects) != RECORDS:
        return False
    written_old = sum(len(entry.old_lines) for entry in entries)
    if sum(not is_utf8(line) for _, lines in chunks(data) for line in lines) != written_old:
        return False
    return all(lost(truth, judge(data, trap)) == checks for trap, checks in TRAPS.items())


def plan(seed: int) -> tuple[bytes, Answer]:
    """Return the file and the right answer of a seed."""
    for attempt in range(100):
        rng = random.Random(f"import-with-rejects/{seed}/{attempt}")
        entries = draw(rng)
        data, codes = export(rng, entries)
        if sound(entries, data, codes):
            return data, judge(data)
    raise AssertionError(f"no draw with all traps alive for seed {seed}")


def build(workspace: Path, hidden: Path, seed: int) -> None:
    """Write the export and its description for the agent, the right answer to ``hidden``."""
    data, truth = plan(seed)
    (workspace / "members.csv").write_bytes(data)
    (workspace / "schema.md").write_bytes(SCHEMA.encode("utf-8"))
    expected = {
        "clean": {key: {name: row[name] for name in COLUMNS} for key, row in truth.clean.items()},
        "rejects": {str(line): code for line, code in truth.rejects.items()},
        "records": truth.records,
    }
    (hidden / "expected.json").write_bytes(
        json.dumps(expected, ensure_ascii=False, indent=1, sort_keys=True).encode("utf-8")
    )
