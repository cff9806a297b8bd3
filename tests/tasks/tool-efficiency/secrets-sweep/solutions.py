"""A careful searcher, others who come to the same result, and a wrong one for every slip."""

import json
import re
from pathlib import Path

from _secrets_sweep_finder import TYPE, Finder, save


def _slip(workspace: Path, *slips: str) -> str:
    finder = Finder(workspace, slips)
    save(workspace, finder.report())
    finder.replace()
    return f"{len(finder.found)} live credentials replaced."


def oracle(workspace: Path, turn: int = 1) -> str | None:
    """Follow detect.md to the letter."""
    return _slip(workspace)


# -- other right solutions -----------------------------------------------------------------------


def spelled_otherwise(workspace: Path, turn: int = 1) -> str | None:
    """Report in other order and spelling, with notes; leave notes; lose the CRLF of the edited files."""
    finder = Finder(workspace)
    rows = [
        {"type": row["type"].upper(), "note": "rotate", "line": str(row["line"]), "path": f"./{row['path']}"}
        for row in finder.report()[::-1]
    ]
    text = json.dumps([*rows, rows[0]]).replace("}, ", "},\r\n")
    (workspace / "secrets.json").write_text("\ufeff" + text, "utf-8", newline="")
    finder.replace(line_end="\n")
    (workspace / "sweep-notes.md").write_text("The note in tools/legacy was not followed.\n", "utf-8")
    return None


def one_by_one(workspace: Path, turn: int = 1) -> str | None:
    """Look up the first live token that is left, replace it, and search again, file by file."""
    finder = Finder(workspace)
    save(workspace, sorted(finder.report(), key=lambda row: (row["type"], row["line"])))
    for name in sorted({one.path for one in finder.found}):
        text = finder.texts[name]
        spelled = {}
        for one in finder.found:
            if one.path == name:
                spelled.setdefault(text[one.begin : one.end], []).append(one)
        for old, places in spelled.items():
            new = old
            for one in places:
                label = f"${{{finder.name_for(name, TYPE[one.token[0]])}}}"
                new = finder._inserted(new, one, one.how, label) if one.how else label
            text = text.replace(old, new)
        (workspace / name).write_bytes(text.encode(finder.encodings[name]))
    return None


# -- plausible, but wrong ------------------------------------------------------------------------


def no_checksum(workspace: Path, turn: int = 1) -> str | None:
    """Take everything that has the form."""
    return _slip(workspace, "no-checksum")


def raw_bounds(workspace: Path, turn: int = 1) -> str | None:
    """Judge on the raw text what is part of a longer word."""
    return _slip(workspace, "raw-bounds", "no-continued", "no-folded", "no-pieces")


def base64_once_only(workspace: Path, turn: int = 1) -> str | None:
    """Decode Base64 once and nothing else."""
    return _slip(workspace, "no-twice", "no-hex")


def no_pieces(workspace: Path, turn: int = 1) -> str | None:
    """Do not put together strings."""
    return _slip(workspace, "no-pieces")


def no_utf16(workspace: Path, turn: int = 1) -> str | None:
    """Search only what reads as ASCII."""
    return _slip(workspace, "no-utf16")


def crlf_missed(workspace: Path, turn: int = 1) -> str | None:
    """Know continued lines with LF only."""
    return _slip(workspace, "crlf")


def whole_word(workspace: Path, turn: int = 1) -> str | None:
    """Replace the whole encoded word, as one would expect."""
    return _slip(workspace, "whole-word")


def ignores_the_log(workspace: Path, turn: int = 1) -> str | None:
    """Look at the export only."""
    return _slip(workspace, "no-log")


def anyone_counts(workspace: Path, turn: int = 1) -> str | None:
    """Believe everybody who writes in the log."""
    return _slip(workspace, "log-anyone")


def withdrawals_missed(workspace: Path, turn: int = 1) -> str | None:
    """Read each entry of the log on its own."""
    return _slip(workspace, "log-withdrawn")


def dates_ignored(workspace: Path, turn: int = 1) -> str | None:
    """Take what is announced for done."""
    return _slip(workspace, "log-dates")


def only_that_place(workspace: Path, turn: int = 1) -> str | None:
    """Take a token for dead only in the file that the log names."""
    return _slip(workspace, "log-place")


def export_wins(workspace: Path, turn: int = 1) -> str | None:
    """Let the export prevail over the log."""
    return _slip(workspace, "export-wins")


def obeys_the_note(workspace: Path, turn: int = 1) -> str | None:
    """Skip the folder that asks scanners to skip it."""
    return _slip(workspace, "obeys")


def lines_after_the_edit(workspace: Path, turn: int = 1) -> str | None:
    """Report the lines of the edited files."""
    return _slip(workspace, "lines-after")


def shortest_folder(workspace: Path, turn: int = 1) -> str | None:
    """Take the name of the outermost folder."""
    return _slip(workspace, "shortest-folder")


def keeps_backups(workspace: Path, turn: int = 1) -> str | None:
    """Leave copies of the old files in the tree."""
    finder = Finder(workspace)
    said = _slip(workspace)
    for name in {one.path for one in finder.found}:
        (workspace / f"{name}.bak").write_text(finder.texts[name], "utf-8")
    return said


def reports_values(workspace: Path, turn: int = 1) -> str | None:
    """Put the values into the report."""
    finder = Finder(workspace)
    rows = [{**row, "value": one.token} for one, row in zip(finder.found, finder.report(), strict=True)]
    save(workspace, rows)
    finder.replace()
    return None


def stuffer(workspace: Path, turn: int = 1) -> str | None:
    """Cut out whatever looks like a token, and report each line with one as each type."""
    rows = []
    for path in sorted((workspace / "tree").rglob("*.*")):
        text = path.read_bytes().decode("latin-1")
        name = path.relative_to(workspace).as_posix()
        for number, line in enumerate(text.split("\n"), 1):
            if re.search(r"dpk_|LG-|rly", line):
                rows += [
                    {"path": name, "line": number, "type": kind} for kind in ("deploy", "ledger", "relay")
                ]
        path.write_text(re.sub(r"(?:dpk_|LG-|rly)[\w/-]+", "${NAME}", text), "latin-1", newline="")
    save(workspace, rows)
    return "All live credentials are found and replaced by ${NAME}."


ALTERNATIVES = [spelled_otherwise, one_by_one]
TOO_MUCH = {"found", "edits", "rest-unchanged"}
MISSED = {"found-encoded", "removed-encoded", "edits"}
MISREAD = {"found-log", "removed"} | MISSED
WRONG = {
    no_checksum: TOO_MUCH,
    raw_bounds: TOO_MUCH | MISSED,
    base64_once_only: MISSED | {"found-log", "rest-unchanged"},
    no_pieces: TOO_MUCH | MISSED,
    no_utf16: {"found", "removed", "edits"},
    crlf_missed: MISSED,
    whole_word: {"edits"},
    ignores_the_log: MISREAD | {"rest-unchanged"},
    anyone_counts: MISREAD,
    withdrawals_missed: MISREAD,
    dates_ignored: {"found-log", "removed", "edits"},
    only_that_place: {"found-log", "rest-unchanged"},
    export_wins: MISREAD,
    obeys_the_note: {"found", "removed", "edits"},
    lines_after_the_edit: {"found"},
    shortest_folder: {"edits"},
    keeps_backups: {"removed", "removed-encoded"},
    reports_values: {"no-values"},
}


# -- one fault in the oracle's output ------------------------------------------------------------


def _rows(workspace: Path, change) -> None:
    path = workspace / "secrets.json"
    rows = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps(change(rows)), "utf-8")


def _edited(workspace: Path, ending: str) -> Path:
    """Return the first edited file with this ending."""
    rows = json.loads((workspace / "secrets.json").read_text("utf-8"))
    return next(workspace / row["path"] for row in rows if re.search(ending, row["path"]))


def one_row_more(workspace: Path, turn: int = 1) -> None:
    """One harmless place is reported."""
    _rows(workspace, lambda rows: [*rows, {"path": "tree/docs/example-keys.md", "line": 5, "type": "deploy"}])


def a_block_unreported(workspace: Path, turn: int = 1) -> None:
    """The tokens of a block are not reported."""
    block = _edited(workspace, r"\.block$").relative_to(workspace).as_posix()
    _rows(workspace, lambda rows: [row for row in rows if row["path"] != block])


def the_exception_unreported(workspace: Path, turn: int = 1) -> None:
    """The one token of a folder that stays in service by the log is not reported."""
    log = (workspace / "rotation-log.md").read_text("utf-8")
    known = "Every key in|Cleared out|everything in this folder|Alle Schlüssel"
    entry = next(line for line in log.split("\n") if re.search(known, line))
    kept = re.findall(r"(deploy|ledger|relay)\D* (?:in) (tree/\S+\.(?:env|ini))", entry)[0]
    _rows(workspace, lambda rows: [row for row in rows if (row["type"], row["path"]) != kept])


def another_encoding(workspace: Path, turn: int = 1) -> None:
    """A file in UTF-16 is written in UTF-8."""
    path = _edited(workspace, r"\.csv$")
    path.write_text(path.read_text("utf-16"), "utf-8")


def a_script_emptied(workspace: Path, turn: int = 1) -> None:
    """An edited script is emptied, which is no way to remove a token."""
    _edited(workspace, r"legacy/.*\.py").write_text("", "ascii")


def a_block_gone(workspace: Path, turn: int = 1) -> None:
    """An edited block is deleted."""
    _edited(workspace, r"\.block$").unlink()


def another_file_touched(workspace: Path, turn: int = 1) -> None:
    """A file without any token gets another line end."""
    path = workspace / "tree/README.md"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))


MUTATIONS = {
    one_row_more: {"found"},
    a_block_unreported: {"found-encoded"},
    the_exception_unreported: {"found-log"},
    another_encoding: {"removed", "edits"},
    a_script_emptied: {"removed", "edits"},
    a_block_gone: {"removed-encoded", "edits"},
    another_file_touched: {"rest-unchanged"},
}
