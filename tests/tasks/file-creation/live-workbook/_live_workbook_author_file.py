"""Writes an xlsx file by hand, with values stored beside the formulas."""

from __future__ import annotations

import zipfile
from xml.sax.saxutils import escape, quoteattr

from _live_workbook_author_calc import Empty, column_letters

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
SHEET_ML = "application/vnd.openxmlformats-officedocument.spreadsheetml"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def write(path, sheets, names, styled=False):
    """Write sheets (name → place → (formula or "", value)) and names to a file; ``styled``: with texts and formats."""
    texts: list[str] = []
    extra = [("styles", "styles"), ("sharedStrings", "sharedStrings")] if styled else []
    parts = {
        "[Content_Types].xml": _types(len(sheets), extra),
        "_rels/.rels": _relations([("officeDocument", "xl/workbook.xml")]),
        "xl/workbook.xml": _workbook(sheets, names),
        "xl/_rels/workbook.xml.rels": _relations(
            [("worksheet", f"worksheets/sheet{n}.xml") for n in range(1, len(sheets) + 1)]
            + [(kind, f"/xl/{name}.xml") for kind, name in extra]
        ),
    }
    for number, cells in enumerate(sheets.values(), start=1):
        parts[f"xl/worksheets/sheet{number}.xml"] = _sheet(cells, texts if styled else None)
    if styled:
        parts["xl/styles.xml"] = _STYLES
        items = "".join(f'<si><t xml:space="preserve">{escape(text)}</t></si>' for text in texts)
        parts["xl/sharedStrings.xml"] = f'{HEAD}<sst xmlns="{MAIN}">{items}</sst>'
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), text, zipfile.ZIP_DEFLATED)


_STYLES = (
    f'{HEAD}<styleSheet xmlns="{MAIN}"><fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="1"><fill><patternFill patternType="none"/></fill></fills><borders count="1"><border/></borders>'
    '<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="4" '
    'applyNumberFormat="1"/></cellXfs></styleSheet>'
)


def _types(count, extra):
    entries = [("/xl/workbook.xml", "sheet.main"), *((f"/xl/{name}.xml", name) for _, name in extra)]
    entries += [(f"/xl/worksheets/sheet{n}.xml", "worksheet") for n in range(1, count + 1)]
    overrides = "".join(
        f'<Override PartName="{part}" ContentType="{SHEET_ML}.{kind}+xml"/>' for part, kind in entries
    )
    return (
        f'{HEAD}<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" ContentType="application/'
        f'vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>'
        f"{overrides}</Types>"
    )


def _relations(targets):
    entries = "".join(
        f'<Relationship Id="rId{number}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, start=1)
    )
    return f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">{entries}</Relationships>'


def _workbook(sheets, names):
    tabs = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{number}" r:id="rId{number}"/>'
        for number, name in enumerate(sheets, start=1)
    )
    defined = "".join(
        f'<definedName name="{name}">{escape(place)}</definedName>' for name, place in sorted(names.items())
    )
    return (
        f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{tabs}</sheets>'
        f"<definedNames>{defined}</definedNames></workbook>"
    )


def _sheet(cells, texts):
    rows: dict[int, list[str]] = {}
    for (row, column), (formula, value) in sorted(cells.items()):
        place = f'r="{column_letters(column)}{row}"'
        rows.setdefault(row, []).append(_cell(place, formula, value, texts))
    body = "".join(f'<row r="{row}">{"".join(found)}</row>' for row, found in rows.items())
    return f'{HEAD}<worksheet xmlns="{MAIN}"><sheetData>{body}</sheetData></worksheet>'


def _cell(place, formula, value, texts):
    made = f"<f>{escape(formula)}</f>" if formula else ""
    if value is None or isinstance(value, Empty):
        return f"<c {place}>{made}</c>"
    if isinstance(value, bool):
        return f'<c {place} t="b">{made}<v>{int(value)}</v></c>'
    if not isinstance(value, str):
        style = "" if texts is None else ' s="1"'
        return f"<c {place}{style}>{made}<v>{value!r}</v></c>"
    if formula:
        return f'<c {place} t="str">{made}<v>{escape(value)}</v></c>'
    if texts is None:
        return f'<c {place} t="inlineStr"><is><t>{escape(value)}</t></is></c>'
    texts.append(value)
    return f'<c {place} t="s"><v>{len(texts) - 1}</v></c>'
