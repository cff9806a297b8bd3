"""Reads an xlsx package strictly: what would have to be repaired is refused, as are bombs. Raises CheckFailed.

What is asked for stands in "The file" of brief.md.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import NamedTuple
from xml.etree import ElementTree

from _live_workbook_parse import Refused, cell_place
from _live_workbook_values import Error, Value

from agentbench.validators.base import CheckFailed, clip

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_R_ID = f"{{{_OFFICE}}}id"
_RELS = "{http://schemas.openxmlformats.org/package/2006/relationships}"
_TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml."
_MAX_PARTS, _MAX_BYTES, _MAX_CELLS = 300, 24 * 1024 * 1024, 150_000
_TITLE = re.compile(r"[^\[\]:*?/\\]{1,31}")
_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d{1,3})?")


class Cell(NamedTuple):
    """A cell as the file has it: its formula ("" for none) and its value."""

    formula: str
    value: Value


class Workbook(NamedTuple):
    """What the file holds: cells by sheet and place, and the texts of the defined names by name in lower case."""

    sheets: dict[str, dict[tuple[int, int], Cell]]
    names: dict[str, str]


def read(data: bytes) -> Workbook:
    """Return the workbook in a file. Raises CheckFailed."""
    try:
        return _Package(data).workbook()
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError) as error:
        raise CheckFailed("model.xlsx: a sound ZIP file", clip(str(error), 200)) from None
    except (ElementTree.ParseError, ValueError, LookupError, OverflowError) as error:
        raise CheckFailed("model.xlsx: sound parts", clip(str(error), 200)) from None
    except Refused as error:
        raise CheckFailed("model.xlsx: sound cells", clip(str(error), 200)) from None


class _Package:
    """A ZIP file with its parts read."""

    def __init__(self, data: bytes) -> None:
        self.parts: dict[str, bytes] = {}
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            if len(entries) > _MAX_PARTS or sum(entry.file_size for entry in entries) > _MAX_BYTES:
                raise CheckFailed("model.xlsx: of sensible size", f"{len(entries)} parts, unpacked too large")
            for entry in entries:
                if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                    raise CheckFailed("model.xlsx: parts stored or deflated", clip(entry.filename, 80))
                if entry.filename in self.parts:
                    raise CheckFailed("model.xlsx: each part once", clip(entry.filename, 80))
                if not entry.is_dir():
                    self.parts[entry.filename] = archive.read(entry)
        self.types = self._types()

    def workbook(self) -> Workbook:
        """Return what the package holds."""
        for name in self.parts:
            if re.search(r"vbaProject|externalLinks|macrosheets", name, re.IGNORECASE):
                raise CheckFailed("no macros and no links to other files", clip(name, 80))
        (path,) = [to for kind, to in self._relations("").values() if kind == f"{_OFFICE}/officeDocument"]
        self._typed(path, "sheet.main+xml")
        root = self._root(path, "workbook")
        relations = self._relations(path)
        self._settings(root)
        texts = self._shared(relations)
        styles = self._styles(relations)
        sheets: dict[str, dict[tuple[int, int], Cell]] = {}
        for sheet in root.iterfind(f"{MAIN}sheets/{MAIN}sheet"):
            name, (kind, part) = sheet.get("name", ""), relations[sheet.get(_R_ID, "")]
            if kind != f"{_OFFICE}/worksheet":
                raise CheckFailed("sheets that are worksheets", clip(name, 40))
            if not _TITLE.fullmatch(name) or name.casefold() in map(str.casefold, sheets):
                raise CheckFailed("names of sheets that are allowed and differ", clip(name, 60))
            self._typed(part, "worksheet+xml")
            sheets[name] = dict(_cells(self._root(part, "worksheet"), texts, styles))
            if sum(map(len, sheets.values())) > _MAX_CELLS:
                raise CheckFailed(f"at most {_MAX_CELLS} cells", "more")
        return Workbook(sheets, _names(root))

    def _settings(self, root: ElementTree.Element) -> None:
        ids = [sheet.get("sheetId", "") for sheet in root.iterfind(f"{MAIN}sheets/{MAIN}sheet")]
        if not ids or len(set(ids)) != len(ids) or not all(one.isdecimal() and int(one) for one in ids):
            raise CheckFailed("sheets with numbers of their own", clip(" ".join(ids), 80))
        for tag, flag in (("workbookPr", "date1904"), ("calcPr", "iterate")):
            node = root.find(f"{MAIN}{tag}")
            if node is not None and node.get(flag, "0") not in ("0", "false"):
                raise CheckFailed("dates from 1900 and no iteration", flag)

    def _types(self) -> dict[str, str]:
        """Return the content type of each part."""
        root = self._xml("[Content_Types].xml")
        if root.tag != f"{_TYPES}Types":
            raise CheckFailed("[Content_Types].xml: Types", clip(root.tag, 80))
        by_end = {
            node.get("Extension", "").casefold(): node.get("ContentType", "")
            for node in root.iterfind(f"{_TYPES}Default")
        }
        by_name = {
            node.get("PartName", "").casefold(): node.get("ContentType", "")
            for node in root.iterfind(f"{_TYPES}Override")
        }
        for name in by_name:
            if name.lstrip("/") not in map(str.casefold, self.parts):
                raise CheckFailed("[Content_Types].xml: parts that are there", clip(name, 80))
        return {
            name: by_name.get(f"/{name}".casefold(), by_end.get(name.rpartition(".")[2].casefold(), ""))
            for name in self.parts
        }

    def _typed(self, part: str, kind: str) -> None:
        if self.types.get(part) != _KIND + kind:
            raise CheckFailed(
                f"{clip(part, 60)}: content type …{kind}", clip(self.types.get(part, "no such part"), 100)
            )

    def _relations(self, part: str) -> dict[str, tuple[str, str]]:
        """Return a part's relations: id → type, target. Targets outside the file are left out."""
        folder, name = posixpath.split(part)
        path = posixpath.join(folder, "_rels", f"{name}.rels")
        if path not in self.parts:
            raise CheckFailed(f"{clip(path, 80)} exists", "no such part")
        if self.types[path] != "application/vnd.openxmlformats-package.relationships+xml":
            raise CheckFailed(f"{clip(path, 80)}: content type of relationships", clip(self.types[path], 80))
        found: dict[str, tuple[str, str]] = {}
        for node in self._xml(path).iterfind(f"{_RELS}Relationship"):
            key, kind, target = (node.get(word, "") for word in ("Id", "Type", "Target"))
            if not key or key in found:
                raise CheckFailed(f"{clip(path, 80)}: ids that differ", clip(key, 40))
            if node.get("TargetMode") == "External":
                raise CheckFailed("no links to other files", clip(target, 80))
            target = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
            if target not in self.parts:
                raise CheckFailed(f"{clip(path, 80)}: targets that exist", clip(target, 80))
            found[key] = kind, target
        return found

    def _shared(self, relations: dict[str, tuple[str, str]]) -> list[str]:
        paths = [part for kind, part in relations.values() if kind == f"{_OFFICE}/sharedStrings"]
        for part in paths:
            self._typed(part, "sharedStrings+xml")
        return [_text(node) for part in paths for node in self._root(part, "sst").iterfind(f"{MAIN}si")]

    def _styles(self, relations: dict[str, tuple[str, str]]) -> int:
        """Return the number of formats that cells can have."""
        paths = [part for kind, part in relations.values() if kind == f"{_OFFICE}/styles"]
        for part in paths:
            self._typed(part, "styles+xml")
        return max(
            (len(self._root(part, "styleSheet").findall(f"{MAIN}cellXfs/{MAIN}xf")) for part in paths),
            default=0,
        )

    def _root(self, part: str, tag: str) -> ElementTree.Element:
        root = self._xml(part)
        if root.tag != MAIN + tag:
            raise CheckFailed(f"{clip(part, 60)}: <{tag}> of SpreadsheetML", clip(root.tag, 100))
        return root

    def _xml(self, part: str) -> ElementTree.Element:
        if part not in self.parts:
            raise CheckFailed(f"{clip(part, 80)} exists", "no such part")
        content = self.parts[part].decode("utf-8-sig")
        if "<!DOCTYPE" in content or "<!ENTITY" in content:
            raise CheckFailed(f"{clip(part, 80)}: XML without a document type", "one with")
        return ElementTree.fromstring(content.encode("utf-8"))


def _names(root: ElementTree.Element) -> dict[str, str]:
    """Return the defined names of the whole workbook."""
    found: dict[str, str] = {}
    for node in root.iterfind(f"{MAIN}definedNames/{MAIN}definedName"):
        name = node.get("name", "").casefold()
        if node.get("localSheetId") is not None:
            continue
        if not re.fullmatch(r"[^\W\d][\w.]{0,254}", name) or name in found:
            raise CheckFailed("defined names that are allowed and differ", clip(name, 60))
        found[name] = node.text or ""
    return found


def _text(node: ElementTree.Element) -> str:
    """Return a string item's text, runs joined, without phonetic hints."""
    parts = [node.find(f"{MAIN}t"), *(run.find(f"{MAIN}t") for run in node.iterfind(f"{MAIN}r"))]
    return "".join(part.text or "" for part in parts if part is not None)


def _cells(
    root: ElementTree.Element, texts: list[str], styles: int
) -> Iterator[tuple[tuple[int, int], Cell]]:
    """Yield place and content of a sheet's cells that have any."""
    data = root.findall(f"{MAIN}sheetData")
    if len(data) != 1:
        raise CheckFailed("a sheet with one sheetData", f"{len(data)}")
    above = 0
    for row in data[0]:
        number = int(row.get("r", "0"))
        if row.tag != f"{MAIN}row" or number <= above:
            raise CheckFailed("rows with numbers that ascend", f"{number} after {above}")
        above, before = number, 0
        for cell in row.iterfind(f"{MAIN}c"):
            place = cell_place(cell.get("r", ""))
            if place[0] != number or place[1] <= before:
                raise CheckFailed("cells in order, in their row", clip(cell.get("r", ""), 20))
            before = place[1]
            if not 0 <= int(cell.get("s", "0")) < max(1, styles):
                raise CheckFailed("formats of cells that exist", clip(cell.get("s", ""), 20))
            content = Cell(_formula(cell), _value(cell, texts))
            if content != Cell("", None):
                yield place, content


def _formula(cell: ElementTree.Element) -> str:
    node = cell.find(f"{MAIN}f")
    if node is None:
        return ""
    if node.get("t", "normal") != "normal" or node.get("ref") is not None:
        raise CheckFailed(
            "formulas each in its own cell, none shared or of an array", clip(cell.get("r", ""), 20)
        )
    if not (node.text or "").strip():
        raise CheckFailed("formulas with a text", clip(cell.get("r", ""), 20))
    return (node.text or "").strip()


def _value(cell: ElementTree.Element, texts: list[str]) -> Value:
    kind, node = cell.get("t", "n"), cell.find(f"{MAIN}v")
    if kind == "inlineStr":
        inline = cell.find(f"{MAIN}is")
        return None if inline is None else _text(inline)
    if node is None:
        return None
    content = node.text or ""
    if kind == "n":
        if not content:
            return None
        if not _NUMBER.fullmatch(content.strip()):
            raise CheckFailed(f"{clip(cell.get('r', ''), 20)}: a number", clip(content, 40))
        return float(content)
    if kind == "s":
        if not content.isdecimal() or int(content) >= len(texts):
            raise CheckFailed(f"{clip(cell.get('r', ''), 20)}: a shared text that exists", clip(content, 40))
        return texts[int(content)]
    if kind == "b" and content in ("0", "1"):
        return content == "1"
    if kind in ("str", "e"):
        return content if kind == "str" else Error(clip(content, 20))
    raise CheckFailed(
        f"{clip(cell.get('r', ''), 20)}: a type of cell that is allowed", clip(f"{kind} {content}", 40)
    )
