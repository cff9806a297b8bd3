"""A handbook of some forty notes in two languages whose links have to be followed by written rules.

`build` proves for each trap of `_linked_handbook_rules.TRAPS` that missing it changes exactly the groups of answers
listed there, and draws again where it does not.
"""

import json
from pathlib import Path
from random import Random

from _linked_handbook_draw import Web, draw_notes, to_translation
from _linked_handbook_rules import TRAPS, Note, answers, lost, plain, resolve
from _linked_handbook_words import BLOCKS, FILLERS, HOUSES, INLINE, RESTORE, SECRET, SHEET, SPECIAL, SYNTAX

BOTH_SIGNS = 3


def sound(notes: list[Note]) -> bool:
    """Return whether every rule decides something and no link is ambiguous."""
    published = [note for note in notes if note.published]
    if not 30 <= len(published) <= 42 or to_translation(notes):
        return False
    one_sided = [note.lang for note in published if partner(notes, note) and not note.translation]
    if min(one_sided.count("de"), one_sided.count("en")) < BOTH_SIGNS:
        return False
    names: set[tuple[str, str, str]] = set()
    for note in notes:
        for kind, name in [("title", note.title), *(("alias", name) for name in note.aliases)]:
            if (note.lang, kind, name.casefold()) in names:
                return False
            names.add((note.lang, kind, name.casefold()))
    truth = answers(notes)
    return all(lost(truth, answers(notes, frozenset({trap}))) == losses for trap, losses in TRAPS.items())


def partner(notes: list[Note], note: Note) -> str | None:
    """Return the file of the published translation of a note."""
    for other in notes:
        if other.published and (note.translation == other.file or other.translation == note.file):
            return other.file
    return None


def _written(link) -> str:
    text = f"[[{link.target}|{link.label}]]" if link.label else f"[[{link.target}]]"
    space = "" if link.tail == "." else " "
    return f"{link.lead} {text}{space}{link.tail}{'' if link.tail.endswith('.') else '.'}"


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
    if not note.published:
        groups[0].insert(0, SECRET[lang].format(note.secret))
    links = list(note.links)
    while links:
        some, links = links[:2], links[2:]
        joined = [_written(link) for link in some]
        rng.choice(groups).append(
            "\n".join(f"- {line}" for line in joined) if rng.random() < 0.3 else " ".join(joined)
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


def expected_links(notes: list[Note], note: Note) -> list[dict]:
    """Return for each link of a note the words before it, its text and the place it leads to."""
    rows = []
    for link in note.links:
        place = resolve(notes, note, link.target)
        file, heading = place or (None, None)
        row = {"lead": link.lead, "label": link.label or link.target, "file": file, "heading": heading}
        rows.append(
            {**row, "kind": "broken" if place is None else "headings" if "#" in link.target else "notes"}
        )
    return rows


def draw(seed: int) -> tuple[list[Note], Random]:
    """Return the first handbook of this seed in which every trap is alive."""
    for attempt in range(2000):
        rng = Random(f"linked-handbook:{seed}:{attempt}")
        notes = draw_notes(rng)
        if Web(rng, notes).draw() and sound(notes):
            return notes, rng
    raise AssertionError("no handbook with all traps")


def build(workspace: Path, hidden: Path, seed: int) -> None:
    """Write the notes and their rules to ``workspace``, and what the site must hold to ``hidden``."""
    notes, rng = draw(seed)
    (workspace / "SYNTAX.md").write_bytes(SYNTAX.replace("{house}", rng.choice(HOUSES)).encode())
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
                "title": note.title,
                "lang": note.lang,
                "translation": partner(notes, note),
                "headings": [plain(heading) for heading, _ in note.sections],
                "links": expected_links(notes, note),
                **truth,
            }
    secrets = sorted(code for note in notes if not note.published for code in (note.sheet, note.secret))
    broken = sorted(answers(notes)["broken"])
    payload = {"pages": pages, "broken": broken, "secrets": secrets}
    (hidden / "expected.json").write_text(json.dumps(payload, indent=1, ensure_ascii=False), "utf-8")
