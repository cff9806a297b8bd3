"""A handbook of some forty notes in two languages, whose links follow written rules, and a logbook that people wrote.

`build` proves for each trap of `_linked_handbook_rules.TRAPS` that missing it changes the groups of answers listed
there, and for each of `_linked_handbook_log.MISREAD` that it leads to other published notes; else it draws again.
"""

import json
from pathlib import Path
from random import Random

from _linked_handbook_draw import Web, draw_notes, to_translation
from _linked_handbook_log import MISREAD, Log, cast_roles
from _linked_handbook_rules import EXACT, TRAPS, Book, Link, Names, Note, answers, group_of, lost, plain
from _linked_handbook_words import (
    BLOCKS,
    DOUBLE,
    ESCAPED,
    FILLERS,
    HOUSES,
    INLINE,
    RESTORE,
    SECRET,
    SHEET,
    SPECIAL,
    SYNTAX,
    TABLE,
)

BOTH_SIGNS = 3
BAR = "\\|"


def sound(notes: list[Note], names: Names, touched: set[str]) -> bool:
    """Return whether every rule decides something and no link is ambiguous."""
    published = [note for note in notes if note.published]
    if len(published) < 30 or to_translation(notes, names):
        return False
    one_sided = [note.lang for note in published if partner(notes, note) and not note.translation]
    if min(one_sided.count("de"), one_sided.count("en")) < BOTH_SIGNS:
        return False
    seen: set[tuple[str, str, str]] = set()
    for note in notes:
        for kind, name in [("title", note.title), *(("alias", name) for name in note.aliases)]:
            if (note.lang, kind, name.casefold()) in seen:
                return False
            seen.add((note.lang, kind, name.casefold()))
    truth = answers(notes, names)
    book = Book(notes, names)
    groups = {(n.file, link.target): group_of(book, n, link, touched) for n in notes for link in n.links}
    for trap, least in TRAPS.items():
        losses = lost(truth, answers(notes, names, frozenset({trap})), groups)
        if not losses >= least or (trap in EXACT and losses != least):
            return False
    return True


def misread(log: Log, notes: list[Note]) -> bool:
    """Return whether the logbook says what it should, and something else to every careless reader."""
    right = {note.file for note in notes if note.published}
    return log.published() == right and all(log.published(slip) != right for slip in MISREAD)


def partner(notes: list[Note], note: Note) -> str | None:
    """Return the file of the published translation of a note."""
    for other in notes:
        if other.published and (note.translation == other.file or other.translation == note.file):
            return other.file
    return None


def _written(link: Link, bar: str = "|") -> str:
    text = f"[[{link.target}{bar}{link.label}]]" if link.label else f"[[{link.target}]]"
    if link.form == "wrapped":
        text = "\n".join(text.rsplit(" ", 1))
    space = "" if link.tail == "." else " "
    return f"{link.lead} {text}{space}{link.tail}{'' if link.tail.endswith('.') else '.'}"


def _table(lang: str, links: list[Link]) -> str:
    first, second = TABLE[lang]
    rows = [f"| {number} | {_written(link, BAR)} |" for number, link in enumerate(links, start=1)]
    return "\n".join([f"| {first} | {second} |", "|---|---|", *rows])


def compose(rng: Random, note: Note, truth: dict) -> str:
    """Return the Markdown of a note, and note in ``truth`` which text and code its page must have."""
    lang = note.lang
    groups: list[list[str]] = [[note.intro], *([text] for _, text in note.sections)]
    if rng.random() < 0.45:
        extra = rng.choice(SPECIAL[lang])
        truth["sentences"].append(extra)
        rng.choice(groups).append(extra)
    filler = rng.choice(FILLERS[lang])
    truth["sentences"].append(filler.replace("*", ""))
    rng.choice(groups).append(filler)
    if note.topic in ("door", "writing", "faq", "team", "repair"):
        sentence, code = INLINE[lang][{"door": 0, "writing": 1}.get(note.topic, 2)]
        truth["inline"].append(code)
        rng.choice(groups).append(sentence)
    groups[0].insert(0, SECRET[lang].format(note.secret))  # in each: it must not tell which are published
    if note.topic in ("kiln", "keys", "faq"):
        written, shown = ESCAPED[lang][note.topic == "faq"]
        truth["sentences"].append(shown)
        rng.choice(groups).append(written)
    if note.topic in ("backup", "laser"):
        truth["inline"].append(DOUBLE[lang][1])
        rng.choice(groups).append(DOUBLE[lang][0])
    if tabled := [link for link in note.links if link.form == "table"]:
        rng.choice(groups).append(_table(lang, tabled))
    links = [link for link in note.links if link.form not in ("table", "heading")]
    while links:
        some, links = links[:2], links[2:]
        joined = [_written(link) for link in some]
        rng.choice(groups).append(
            "\n".join(f"- {line}" for line in joined)
            if rng.random() < 0.3 and "\n" not in "".join(joined)
            else " ".join(joined)
        )
    if note.topic in BLOCKS:
        fence, language, code = BLOCKS[note.topic]
        restore = RESTORE[lang].get(note.topic, "")
        code = code.replace("{restore}", restore).replace("{title}", "Backup")
        truth["blocks"].append(code)
        groups[1].append(f"{fence}{language}\n{code}\n{fence}")
    lines = list(groups[0])
    for number, (heading, _) in enumerate(note.sections):
        deeper = number > 0 and note.topic != "saw" and rng.random() < 0.25
        lines += [f"{'###' if deeper else '##'} {heading}", *groups[number + 1]]
    return "\n\n".join([*lines, SHEET[lang].format(note.sheet)]) + "\n"


def _head(note: Note) -> str:
    rows = [f"title: {note.title}", f"lang: {note.lang}", f"status: {note.status}"]
    rows += [f"aliases: {'; '.join(note.aliases)}"]
    rows += [f"translation: {note.translation}"] if note.translation else []
    return "\n".join(["---", *rows, "---", "", ""])


def expected_links(book: Book, note: Note, touched: set[str]) -> list[dict]:
    """Return for each link of a note the words before it, its text and the place it leads to."""
    rows = []
    for link in note.links:
        place = book.resolve(note, link)
        file, heading = place or (None, None)
        name = link.target.partition("#")[0]
        meant = book.find(note, name) if name else note
        group, by_log = group_of(book, note, link, touched)
        row = {"lead": link.lead, "label": link.label or link.target, "target": link.target, "by_log": by_log}
        kind = "broken" if place is None else group
        meant_file = meant.file if meant else None
        rows.append({**row, "file": file, "heading": heading, "meant": meant_file, "kind": kind})
    return rows


def draw(seed: int) -> tuple[list[Note], Log, Names, Random]:
    """Return the first handbook of this seed in which every trap is alive."""
    for attempt in range(2000):
        rng = Random(f"linked-handbook:{seed}:{attempt}")
        notes, alike = draw_notes(rng)
        cast = cast_roles(rng, notes, alike)
        if cast is None:
            continue
        log = Log(rng, notes, cast)
        names = Names(log.former, log.first, log.proposed)
        touched = {note.file for note in cast.values()}
        web = Web(rng, notes, names, list(cast.values()))
        if misread(log, notes) and web.draw() and sound(notes, names, touched):
            return notes, log, names, rng
    raise AssertionError("no handbook with all traps")


def build(workspace: Path, hidden: Path, seed: int) -> None:
    """Write the notes, their rules and the logbook to ``workspace``, and what the site must hold to ``hidden``."""
    notes, log, names, rng = draw(seed)
    first, second, third = sorted(log.editors)
    syntax = SYNTAX.replace("{house}", rng.choice(HOUSES)).replace(
        "{editors}", f"{first}, {second} and {third}"
    )
    (workspace / "SYNTAX.md").write_bytes(syntax.encode())
    (workspace / "logbook.md").write_bytes(log.written().encode())
    touched = {note.file for note in log.cast.values()}
    book = Book(notes, names)
    pages = {}
    for note in notes:
        truth = {"sentences": [], "inline": [], "blocks": []}
        text = note.written(_head(note) + compose(rng, note, truth))
        target = workspace / "notes" / note.file
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes((text.replace("\n", "\r\n") if note.crlf else text).encode())
        if note.published:
            pages[note.file] = {
                "sheet": note.sheet,
                "by_log": note.file in touched,
                "title": note.title,
                "lang": note.lang,
                "translation": partner(notes, note),
                "headings": [plain(heading) for heading, _ in note.sections],
                "links": expected_links(book, note, touched),
                **truth,
            }
    kept = {note.file: [note.sheet, note.secret] for note in notes if not note.published}
    broken = sorted(answers(notes, names)["broken"])
    rows = [
        (file, link["target"]) for file, page in pages.items() for link in page["links"] if link["by_log"]
    ]
    held = {file: codes for file, codes in kept.items() if file in touched}
    secrets = sorted(code for file, codes in kept.items() if file not in touched for code in codes)
    payload = {"pages": pages, "broken": broken, "log_rows": rows, "held": held, "secrets": secrets}
    payload["log_notes"] = sorted(touched)
    (hidden / "expected.json").write_text(json.dumps(payload, indent=1, ensure_ascii=False), "utf-8")
