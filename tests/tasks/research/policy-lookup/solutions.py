"""A careful clerk, two who write the same answers differently, one wrong solution for every slip, single faults."""

import json
from pathlib import Path

from _policy_lookup_reader import answers as _answers
from _policy_lookup_reader import papers as _papers


def _save(workspace, table):
    (workspace / "answers.json").write_text(json.dumps(table, indent=2), "utf-8")
    return "The answers are in answers.json."


def _load(workspace):
    return json.loads((workspace / "answers.json").read_text("utf-8"))


def oracle(workspace: Path, turn: int = 1) -> str | None:
    """Read everything with care."""
    return _save(workspace, _answers(workspace))


def spelled_otherwise(workspace: Path, turn: int = 1) -> str | None:
    """Write other order, text numbers, short paths in lists, extra keys, BOM and CRLF."""
    table = {"note": "as of the day given"}
    for name, entry in reversed(_answers(workspace).items()):
        value, source = entry["value"], entry["source"]
        table[name] = {
            "why": "see there",
            "source": [source.removeprefix("handbook/")] if source else "no file",
            "value": None if value is None else f"{value:.2f}",
        }
    (workspace / "notes.md").write_text("| question | file |\n", "utf-8")
    (workspace / "answers.json").write_text("\ufeff" + json.dumps(table, indent=1), "utf-8", newline="\r\n")
    return None


def one_source_short(workspace: Path, turn: int = 1) -> str | None:
    """Write floats throughout, and name one file wrongly, which leaves eight right ones."""
    table = _answers(workspace)
    for entry in table.values():
        if entry["value"] is not None:
            entry["value"] = float(entry["value"])
    next(e for e in table.values() if e["source"])["source"] = "handbook/README.md"
    return _save(workspace, table)


def takes_drafts(workspace: Path, turn: int = 1) -> str | None:
    """Take drafts for rules."""
    return _save(workspace, _answers(workspace, {"status"}))


def takes_coming_versions(workspace: Path, turn: int = 1) -> str | None:
    """Take approved versions before they are in force."""
    return _save(workspace, _answers(workspace, {"effective"}))


def as_of_today(workspace: Path, turn: int = 1) -> str | None:
    """Go by the clock instead of the day given."""
    return _save(workspace, _answers(workspace, {"as-of"}))


def newest(workspace: Path, turn: int = 1) -> str | None:
    """Take the highest version number."""
    return _save(workspace, _answers(workspace, {"newest"}))


def oldest(workspace: Path, turn: int = 1) -> str | None:
    """Take the lowest version number."""
    return _save(workspace, _answers(workspace, {"oldest"}))


def from_the_day_after(workspace: Path, turn: int = 1) -> str | None:
    """Leave out the first day of a version."""
    return _save(workspace, _answers(workspace, {"first-day"}))


def no_annex(workspace: Path, turn: int = 1) -> str | None:
    """Read general documents only."""
    return _save(workspace, _answers(workspace, {"no-annex"}))


def any_annex(workspace: Path, turn: int = 1) -> str | None:
    """Apply an annex at every site."""
    return _save(workspace, _answers(workspace, {"any-annex"}))


def newer_wins(workspace: Path, turn: int = 1) -> str | None:
    """Let a newer general document override an annex."""
    return _save(workspace, _answers(workspace, {"newer-wins"}))


def weeks(workspace: Path, turn: int = 1) -> str | None:
    """Give the figure in weeks."""
    return _save(workspace, _answers(workspace, {"weeks"}))


def guesses(workspace: Path, turn: int = 1) -> str | None:
    """Apply the rule of a similar case."""
    return _save(workspace, _answers(workspace, {"similar"}))


def no_sources(workspace: Path, turn: int = 1) -> str | None:
    """Name document numbers instead of files."""
    table = _answers(workspace)
    for entry in table.values():
        entry["source"] = entry["source"] and Path(entry["source"]).name[:5]
    return _save(workspace, table)


def tidies_up(workspace: Path, turn: int = 1) -> str | None:
    """Answer rightly, but delete the drafts."""
    for paper in _papers(workspace):
        if paper["draft"]:
            (workspace / "handbook" / paper["file"]).unlink()
    return _save(workspace, _answers(workspace))


def stuffer(workspace: Path, turn: int = 1) -> str | None:
    """Answer null throughout, with files picked by number."""
    asked = json.loads((workspace / "questions.json").read_text("utf-8"))["questions"]
    files = [f"handbook/{paper['file']}" for paper in _papers(workspace)]
    table = {q["id"]: {"value": None, "source": files[i]} for i, q in enumerate(asked)}
    _save(workspace, table)
    return "All ten questions are answered from the versions in force, annexes included."


def _asked(workspace, kind):
    """Return the id of a question by what governs it: ``annex``, ``weeks``, ``silent``, ``versions`` or ``plain``."""
    table = _load(workspace)
    units = {
        q["id"]: q["unit"] for q in json.loads((workspace / "questions.json").read_text("utf-8"))["questions"]
    }
    numbers = [paper["number"] for paper in _papers(workspace)]
    rivals = _answers(workspace, {"any-annex"})
    for name, entry in sorted(table.items()):
        source = entry["source"] and Path(entry["source"]).name[:5]
        found = "plain"
        if source is None:
            found = "silent"
        elif source.startswith("AX") or rivals[name] != entry:
            found = "annex" if source.startswith("AX") else "general"
        elif units[name] == "calendar days":
            found = "weeks"
        elif numbers.count(source) > 1:
            found = "versions"
        if found == kind:
            return name
    raise LookupError(kind)


def _bend(workspace, kind):
    """Add one to the value of a question of that kind."""
    table = _load(workspace)
    entry = table[_asked(workspace, kind)]
    entry["value"] = (entry["value"] or 0) + 1
    _save(workspace, table)


def bends_plain(workspace: Path, turn: int = 1) -> None:
    """Change one plain value."""
    _bend(workspace, "plain")


def bends_version(workspace: Path, turn: int = 1) -> None:
    """Change one value from a document with several versions."""
    _bend(workspace, "versions")


def bends_annex(workspace: Path, turn: int = 1) -> None:
    """Change the value from the annex."""
    _bend(workspace, "annex")


def bends_general(workspace: Path, turn: int = 1) -> None:
    """Change the value at the site without an annex for it."""
    _bend(workspace, "general")


def bends_weeks(workspace: Path, turn: int = 1) -> None:
    """Change the converted value."""
    _bend(workspace, "weeks")


def fills_the_gap(workspace: Path, turn: int = 1) -> None:
    """Put a number where the handbook does not say."""
    _bend(workspace, "silent")


def drops_the_open_question(workspace: Path, turn: int = 1) -> None:
    """Leave the question without an answer out."""
    table = _load(workspace)
    del table[_asked(workspace, "silent")]
    _save(workspace, table)


def drops_an_answer(workspace: Path, turn: int = 1) -> None:
    """Leave a plain question out."""
    table = _load(workspace)
    del table[_asked(workspace, "plain")]
    _save(workspace, table)


def two_sources_wrong(workspace: Path, turn: int = 1) -> None:
    """Name a wrong file twice."""
    table = _load(workspace)
    for kind in ("plain", "annex"):
        table[_asked(workspace, kind)]["source"] = "handbook/README.md"
    _save(workspace, table)


def edits_the_guide(workspace: Path, turn: int = 1) -> None:
    """Add a line to the reading guide."""
    with (workspace / "handbook/README.md").open("a", encoding="utf-8") as handle:
        handle.write("\n")


ALTERNATIVES = [spelled_otherwise, one_source_short]
WRONG = {
    takes_drafts: {"versions"},
    takes_coming_versions: {"versions", "sources"},
    as_of_today: {"versions", "sources"},
    newest: {"versions", "sources"},
    oldest: {"versions", "sources"},
    from_the_day_after: {"versions"},
    no_annex: {"annex"},
    any_annex: {"annex"},
    newer_wins: {"annex"},
    weeks: {"units"},
    guesses: {"silent"},
    no_sources: {"sources"},
    tidies_up: {"inputs-unchanged"},
}
MUTATIONS = {
    bends_plain: {"plain"},
    bends_version: {"versions"},
    bends_annex: {"annex"},
    bends_general: {"annex"},
    bends_weeks: {"units"},
    fills_the_gap: {"silent"},
    drops_the_open_question: {"silent"},
    drops_an_answer: {"plain"},
    two_sources_wrong: {"sources"},
    edits_the_guide: {"inputs-unchanged"},
}
