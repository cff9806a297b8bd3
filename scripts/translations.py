"""Bring the catalogue up to date with the texts that the source marks, and compile it.

    .venv/bin/python scripts/translations.py

New texts come in without a translation, which `tests/test_i18n.py` then asks for; texts that are gone are dropped.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
FILE = ROOT / "agentbench" / "locale" / "zh_CN" / "LC_MESSAGES" / "agentbench.po"
DAY = datetime(2026, 11, 28, tzinfo=UTC)
"""In the header, always the same: the same texts give the same bytes."""
KEYWORDS = {"_": None, "ngettext": (1, 2), "N_": None, "NN_": (1, 2)}


def marked() -> set[str | tuple[str, ...]]:
    """Return the texts that the source marks, with their plural where they have one."""
    with (ROOT / "babel.cfg").open() as stream:
        methods, options = parse_mapping_cfg(stream)
    found = extract_from_dir(ROOT, methods, options, KEYWORDS)
    return {
        tuple(text) if isinstance(text, tuple) else text for _file, _line, text, _comments, _context in found
    }


def main() -> None:
    """Write agentbench.po and agentbench.mo."""
    known: dict[str, object] = {}
    if FILE.is_file():
        with FILE.open("rb") as stream:
            for message in read_po(stream, locale="zh_CN"):
                first = message.id if isinstance(message.id, str) else message.id[0]
                known[first] = message.string if isinstance(message.string, str) else message.string[0]
    made = Catalog(locale="zh_CN", project="AgentBench", creation_date=DAY, revision_date=DAY, fuzzy=False)
    for text in marked():
        string = known.get(text if isinstance(text, str) else text[0], "")
        made.add(text, string if isinstance(text, str) else (string,))
    for message in made:
        message.flags.discard("python-format")
    FILE.parent.mkdir(parents=True, exist_ok=True)
    with FILE.open("wb") as stream:
        write_po(stream, made, sort_output=True, width=100, omit_header=True)
    with FILE.with_suffix(".mo").open("wb") as stream:
        write_mo(stream, made)


if __name__ == "__main__":
    main()
