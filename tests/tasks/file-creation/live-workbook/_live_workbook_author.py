"""Puts the author's formulas into a workbook: where each line goes, what its references are, and the values stored."""

from __future__ import annotations

import csv
import re
from datetime import date

import _live_workbook_author_lines as formulas
from _live_workbook_author_calc import ZERO_DAY, Calc, column_letters
from _live_workbook_author_file import write

MONTHS = 36
SPARE = {"staff": 10}
TABLES = {"products.csv": "product", "tiers.csv": "tier", "staff.csv": "staff"}
MARK = re.compile(r"\{([a-z_0-9]+)([-+<:*]?)\}")


class Author:
    """A workbook in the making. ``across``: months go from left to right, and helper sheets have other names."""

    def __init__(self, workspace, across=False):
        self.workspace, self.across = workspace, across
        self.cells, self.names, self.titles = {}, {}, {}
        self.lines = formulas.lines()
        self.years, self.keys = formulas.years(), formulas.keys()
        self.frozen = None
        self.used: dict[str, int] = {}
        self.at: dict[str, tuple[str, int]] = {}

    def replace(self, *pairs):
        """Replace texts in all formulas; each must be there."""
        for old, new in pairs:
            hits = 0
            for group in (self.lines, self.years, self.keys):
                for name, texts in group.items():
                    text = texts if isinstance(texts, str) else "\n".join(texts[1:])
                    if old in text:
                        hits += 1
                        text = text.replace(old, new)
                        group[name] = text if isinstance(texts, str) else (texts[0], *text.split("\n"))
            if not hits:
                raise ValueError(f"no formula has {old}")

    def finish(self):
        """Place everything, compute it and write the file."""
        self._inputs()
        for name, (sheet, *_) in self.lines.items():
            self.at[name] = (self._sheet(sheet), self._next(self._sheet(sheet)))
        for name, (_, *texts) in self.lines.items():
            kinds = [texts[0], *[texts[1]] * (MONTHS - 2), texts[2]]
            for month, text in enumerate(kinds):
                self.cells[self._cell(name, month)] = "=" + self._filled(text, name, month)
            if name.startswith("m_"):
                self.names[name] = self._range(name, 0, MONTHS - 1)
        self._summary()
        if self.frozen:
            formulas_at = [place for place, content in self.cells.items() if isinstance(content, str)]
            self.cells |= {place: self.frozen(place) for place in formulas_at}
        calc = self.calc = Calc(self.cells, self.names)
        sheets: dict[str, dict] = {sheet: {} for sheet in ("Inputs", "PnL", "Months")}
        for month in range(MONTHS):
            for name in self.lines:
                calc.cell(self._cell(name, month))
        for place, content in (self.titles | self.cells).items():
            formula = content[1:] if isinstance(content, str) and place not in self.titles else ""
            value = calc.cell(place) if formula else content
            sheets.setdefault(place[0], {})[place[1:]] = (formula, value)
        write(self.workspace / "model.xlsx", sheets, self.names, styled=self.across)

    def _sheet(self, sheet):
        return f"{sheet} (work)" if self.across and sheet not in ("Months", "PnL", "Inputs") else sheet

    def _next(self, sheet):
        self.used[sheet] = self.used.get(sheet, 2 if self.across else 1) + 1
        return self.used[sheet]

    def _turned(self, sheet, place, line):
        return (sheet, line, place) if self.across else (sheet, place, line)

    def _cell(self, name, month):
        sheet, line = self.at[name]
        return self._turned(sheet, month + 2, line)

    def _word(self, place):
        sheet = f"'{place[0]}'" if " " in place[0] else place[0]
        return f"{sheet}!${column_letters(place[2])}${place[1]}"

    def _range(self, name, first, last):
        end = self._word(self._cell(name, last)).rpartition("!")[2]
        return f"{self._word(self._cell(name, first))}:{end}"

    def _filled(self, text, line, month):
        def place(hit):
            name, kind = hit[1], hit[2]
            if kind in ("<", ":", "*"):
                return self._range(name, 0, {"<": month - 1, ":": month, "*": MONTHS - 1}[kind])
            return self._word(self._cell(name, month + {"-": -1, "+": 1, "": 0}[kind]))

        return MARK.sub(place, text)

    def _summary(self):
        for name, text in self.years.items():
            line = self._next("PnL")
            places = [self._turned("PnL", year + 2, line) for year in range(4)]
            for year, place in enumerate(places):
                self.cells[place] = "=" + self._filled(text.replace("{j}", str(year + 1)), name, 0)
            self.names[name] = f"{self._word(places[0])}:{self._word(places[-1]).rpartition('!')[2]}"
            self.titles[self._turned("PnL", 1, line)] = name
        for name, text in self.keys.items():
            place = self._turned("PnL", 9, self._next("PnL"))
            self.cells[place] = "=" + self._filled(text, name, 0)
            self.names[name] = self._word(place)

    def _inputs(self):
        columns: dict[str, list] = {}
        for file, prefix in TABLES.items():
            rows = self._csv(file)
            for column in list(rows[0])[1:]:
                values = [_value(row[column]) for row in rows]
                values += [None] * (SPARE.get(prefix, 0) - len(values))
                columns[f"{prefix}_{column}"] = values
        for row in self._csv("terms.csv"):
            columns[row["name"]] = [_value(row["value"])]
        for name, values in columns.items():
            line = self._next("Inputs")
            self.titles[self._turned("Inputs", 1, line)] = name
            places = [self._turned("Inputs", number + 2, line) for number in range(len(values))]
            for place, value in zip(places, values, strict=True):
                if value is not None:
                    self.cells[place] = value
            end = f":{self._word(places[-1]).rpartition('!')[2]}" if len(places) > 1 else ""
            self.names[name] = self._word(places[0]) + end

    def _csv(self, name):
        with (self.workspace / "data" / name).open(encoding="utf-8", newline="") as stream:
            return list(csv.DictReader(stream))


def _value(text):
    if not text:
        return None
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return float((date.fromisoformat(text) - ZERO_DAY).days)
    return float(text)
