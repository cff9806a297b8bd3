"""A careful searcher, two others who come to the same result, and a wrong one for every slip."""

import base64
import json
import re
from pathlib import Path

from _secrets_sweep_finder import EXACT, TYPE, Finder, checks_out, save


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
    finder.replace()
    for name in {one[0] for one in finder.found}:
        path = workspace / name
        path.write_bytes(path.read_bytes().replace(b"\r\n", b"\n"))
    (workspace / "sweep-notes.md").write_text("The note in tools/legacy was not followed.\n", "utf-8")
    return None


def line_by_line(workspace: Path, turn: int = 1) -> str | None:
    """Search line by line, and put each form into plain sight before looking at it."""
    finder = Finder(workspace)
    rows = []
    for path in sorted((workspace / "tree").rglob("*.*")):
        name = path.relative_to(workspace).as_posix()
        lines = path.read_bytes().decode("ascii").split("\n")
        out, number = [], 0
        while number < len(lines):
            line, first = lines[number], number + 1
            while path.suffix in (".sh", ".env") and line.endswith("\\"):
                number += 1
                line = line[:-1] + "\n" + lines[number]
            for word in re.split(r"[\s\"'=,;()\[\]{}`]+", line.replace("\n", "")):
                if (token := _token(word)) and finder._is_live(token):
                    kind = TYPE[token[0]]
                    rows.append({"path": name, "line": first, "type": kind})
                    loose = "\n?".join(re.escape(letter) for letter in word.rstrip("\\"))
                    loose += "" if EXACT.match(word) else "=*"
                    label = f"${{{finder.name_for(name, kind)}}}"
                    line = re.sub(loose, lambda hit: label, line)  # noqa: B023
            out.append(line.replace("\n", "\\\n"))
            number += 1
        new = "\n".join(out).encode("ascii")
        if new != path.read_bytes():
            path.write_bytes(new)
    save(workspace, rows)
    return None


def _token(word: str) -> str | None:
    """Return the valid token that a word is, plain or in base64."""
    word = word.rstrip("\\").replace("\\/", "/")
    for padding in ("", "=", "=="):
        try:
            said = base64.b64decode(word + padding, validate=True).decode("ascii").rpartition(":")[2]
        except ValueError:
            continue
        if EXACT.fullmatch(said) and checks_out(said):
            return said
    return word if EXACT.fullmatch(word) and checks_out(word) else None


# -- plausible, but wrong ------------------------------------------------------------------------


def no_checksum(workspace: Path, turn: int = 1) -> str | None:
    """Take everything that has the form."""
    return _slip(workspace, "no-checksum")


def examples_too(workspace: Path, turn: int = 1) -> str | None:
    """Take the documented examples for live."""
    return _slip(workspace, "examples")


def revoked_too(workspace: Path, turn: int = 1) -> str | None:
    """Do not look at revoked.txt."""
    return _slip(workspace, "revoked")


def longer_words(workspace: Path, turn: int = 1) -> str | None:
    """Find tokens inside longer words."""
    return _slip(workspace, "longer")


def no_base64(workspace: Path, turn: int = 1) -> str | None:
    """Search plain text only."""
    return _slip(workspace, "no-base64")


def no_continued(workspace: Path, turn: int = 1) -> str | None:
    """Search single lines only."""
    return _slip(workspace, "no-continued")


def no_escaped(workspace: Path, turn: int = 1) -> str | None:
    """Miss slashes that JSON escapes."""
    return _slip(workspace, "no-escaped")


def no_notebooks(workspace: Path, turn: int = 1) -> str | None:
    """Leave notebooks out, as many tools do."""
    return _slip(workspace, "no-notebooks")


def obeys_the_note(workspace: Path, turn: int = 1) -> str | None:
    """Skip the folder that asks scanners to skip it."""
    return _slip(workspace, "obeys")


def lines_after_the_edit(workspace: Path, turn: int = 1) -> str | None:
    """Report the lines of the edited files."""
    return _slip(workspace, "lines-after")


def shortest_folder(workspace: Path, turn: int = 1) -> str | None:
    """Take the name of the outermost folder."""
    return _slip(workspace, "shortest-folder")


def each_value_once(workspace: Path, turn: int = 1) -> str | None:
    """Report each token once, wherever it stands."""
    finder = Finder(workspace)
    seen, rows = set(), []
    for one, row in zip(finder.found, finder.report(), strict=True):
        if one[3] not in seen:
            seen.add(one[3])
            rows.append(row)
    save(workspace, rows)
    finder.replace()
    return None


def masks(workspace: Path, turn: int = 1) -> str | None:
    """Put asterisks instead of names."""
    finder = Finder(workspace)
    save(workspace, finder.report())
    finder.replace(lambda label, old: "*" * len(old))
    return None


def encodes_the_name(workspace: Path, turn: int = 1) -> str | None:
    """Put the name in base64 where the token was."""
    finder = Finder(workspace)
    save(workspace, finder.report())

    def how(label: str, old: str) -> str:
        plain = re.search(r"dpk_|LG-|rly", old)
        return label if plain else base64.b64encode(label.encode()).decode()

    finder.replace(how)
    return None


def keeps_the_line_break(workspace: Path, turn: int = 1) -> str | None:
    """Leave the lines of a continued token apart."""
    finder = Finder(workspace)
    save(workspace, finder.report())
    finder.replace(lambda label, old: f"{label}\\\n" if "\n" in old else label)
    return None


def keeps_backups(workspace: Path, turn: int = 1) -> str | None:
    """Leave copies of the old files in the tree."""
    finder = Finder(workspace)
    said = _slip(workspace)
    for name in {one[0] for one in finder.found}:
        (workspace / f"{name}.bak").write_text(finder.texts[name], "ascii")
    return said


def reports_values(workspace: Path, turn: int = 1) -> str | None:
    """Put the values into the report."""
    finder = Finder(workspace)
    rows = [{**row, "value": one[3]} for one, row in zip(finder.found, finder.report(), strict=True)]
    save(workspace, rows)
    finder.replace()
    return None


def only_reports(workspace: Path, turn: int = 1) -> str | None:
    """Write the report and replace nothing."""
    save(workspace, Finder(workspace).report())
    return None


def removes_files(workspace: Path, turn: int = 1) -> str | None:
    """Write the report and delete the files instead."""
    finder = Finder(workspace)
    save(workspace, finder.report())
    for name in {one[0] for one in finder.found}:
        (workspace / name).unlink()
    return None


def stuffer(workspace: Path, turn: int = 1) -> str | None:
    """Cut out whatever looks like a token, and report each line with one as each type."""
    rows = []
    for path in sorted((workspace / "tree").rglob("*.*")):
        text = path.read_text("ascii")
        name = path.relative_to(workspace).as_posix()
        for number, line in enumerate(text.split("\n"), 1):
            if re.search(r"dpk_|LG-|rly", line):
                rows += [
                    {"path": name, "line": number, "type": kind} for kind in ("deploy", "ledger", "relay")
                ]
        path.write_text(re.sub(r"(?:dpk_|LG-|rly)[\w/-]+", "${NAME}", text), "ascii")
    save(workspace, rows)
    return "All live credentials are found and replaced by ${NAME}."


ALTERNATIVES = [spelled_otherwise, line_by_line]
TOO_MUCH = {"found", "edits", "rest-unchanged"}
MISSED = {"found", "removed-encoded", "edits"}
WRONG = {
    no_checksum: TOO_MUCH,
    examples_too: TOO_MUCH,
    revoked_too: TOO_MUCH,
    longer_words: TOO_MUCH,
    no_base64: MISSED,
    no_continued: MISSED,
    no_escaped: MISSED,
    no_notebooks: {"found", "removed", "removed-encoded", "edits"},
    obeys_the_note: {"found", "removed", "edits"},
    lines_after_the_edit: {"found"},
    shortest_folder: {"edits"},
    each_value_once: {"found"},
    masks: {"edits"},
    encodes_the_name: {"edits"},
    keeps_the_line_break: {"edits"},
    keeps_backups: {"removed", "removed-encoded"},
    reports_values: {"no-values"},
    only_reports: {"removed", "removed-encoded", "edits"},
    removes_files: {"removed", "removed-encoded", "edits"},
}


# -- one fault in the oracle's output ------------------------------------------------------------


def _rows(workspace: Path, change) -> None:
    path = workspace / "secrets.json"
    rows = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps(change(rows)), "utf-8")


def _edited(workspace: Path, suffix: str) -> Path:
    """Return an edited file of this ending."""
    rows = json.loads((workspace / "secrets.json").read_text("utf-8"))
    return next(workspace / row["path"] for row in rows if row["path"].endswith(suffix))


def one_row_less(workspace: Path, turn: int = 1) -> None:
    """One place is not reported."""
    _rows(workspace, lambda rows: rows[1:])


def one_row_more(workspace: Path, turn: int = 1) -> None:
    """One harmless place is reported."""
    _rows(workspace, lambda rows: [*rows, {"path": "tree/docs/example-keys.md", "line": 5, "type": "deploy"}])


def one_line_off(workspace: Path, turn: int = 1) -> None:
    """One place is reported a line too low."""
    _rows(workspace, lambda rows: [{**rows[0], "line": rows[0]["line"] + 1}, *rows[1:]])


def one_other_type(workspace: Path, turn: int = 1) -> None:
    """One place has another type."""
    other = {"deploy": "relay", "relay": "ledger", "ledger": "deploy"}
    _rows(workspace, lambda rows: [*rows[:-1], {**rows[-1], "type": other[rows[-1]["type"]]}])


def one_other_name(workspace: Path, turn: int = 1) -> None:
    """One token is replaced by another name."""
    path = _edited(workspace, ".yaml")
    path.write_text(re.sub(r"\$\{\w+\}", "${OTHER_KEY}", path.read_text("ascii")), "ascii")


def one_line_changed(workspace: Path, turn: int = 1) -> None:
    """Another line of an edited file is changed, too."""
    path = _edited(workspace, ".log")
    path.write_text(path.read_text("ascii").replace("status=200", "status=204", 1), "ascii")


def a_remark_added(workspace: Path, turn: int = 1) -> None:
    """A file gets a remark about what was done."""
    path = _edited(workspace, ".sh")
    path.write_text(path.read_text("ascii") + "# credentials removed\n", "ascii")


def a_log_emptied(workspace: Path, turn: int = 1) -> None:
    """An edited log is emptied, which is no way to remove a token."""
    _edited(workspace, ".log").write_text("", "ascii")


def an_export_gone(workspace: Path, turn: int = 1) -> None:
    """An edited export is deleted."""
    _edited(workspace, ".json").unlink()


def an_example_replaced(workspace: Path, turn: int = 1) -> None:
    """An example key is replaced where it is documented."""
    path = workspace / "tree/docs/example-keys.md"
    path.write_text(re.sub(r"`LG[\d-]+`", "`${EXAMPLE}`", path.read_text("ascii"), count=1), "ascii")


def another_file_touched(workspace: Path, turn: int = 1) -> None:
    """A file without any token gets another line end."""
    path = workspace / "tree/README.md"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))


def a_list_updated(workspace: Path, turn: int = 1) -> None:
    """The names are sorted."""
    path = workspace / "names.csv"
    path.write_text("\n".join(sorted(path.read_text("ascii").split("\n"))), "ascii")


MUTATIONS = {
    one_row_less: {"found"},
    one_row_more: {"found"},
    one_line_off: {"found"},
    one_other_type: {"found"},
    one_other_name: {"edits"},
    one_line_changed: {"edits"},
    a_remark_added: {"edits"},
    a_log_emptied: {"removed", "edits"},
    an_export_gone: {"removed-encoded", "edits"},
    an_example_replaced: {"rest-unchanged"},
    another_file_touched: {"rest-unchanged"},
    a_list_updated: {"rest-unchanged"},
}
