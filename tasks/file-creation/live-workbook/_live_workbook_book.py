"""A workbook that can be recalculated: cells numbered, formulas compiled, in an order in which all can be computed."""

from __future__ import annotations

import gc

from _live_workbook_formula import Compiler, Run, final
from _live_workbook_model import OUTPUTS, SIZES
from _live_workbook_package import Workbook
from _live_workbook_parse import HOLE, Area, Node, Parser, Refused, lifted
from _live_workbook_values import Error, Fault, Value

MAX_FORMULAS = 40_000
MAX_TEXT = 4_000_000
MAX_WORK = 2_000_000
_MAX_AREA, _MAX_NAMED, _HUGE = 100_000, 1000, 1e300
REFUSED, CIRCULAR = Error("refused"), Error("circular")


class Book:
    """Cells and formulas of a workbook.

    ``faults`` says of each formula that cannot be taken what is wrong, by place.
    """

    def __init__(self, workbook: Workbook) -> None:
        self.values: list[Value] = []
        self.places: list[tuple[str, int, int]] = []
        self.faults: dict[str, str] = {}
        self.cached: dict[int, Value] = {}
        self._numbers: dict[tuple[str, int, int], int] = {}
        self._areas: dict[Area, list[int]] = {}
        self._reading: list[int] = []
        self._work = 0
        self.names: dict[str, Area] = {}
        self._sheets = {name.casefold(): name for name in workbook.sheets}
        for name, meaning in workbook.names.items():
            try:
                skeleton, areas = lifted(meaning.removeprefix("="), "", self._sheets)
            except Refused:
                continue
            if skeleton.strip() == HOLE and areas[0].sheet:
                self.names[name] = areas[0]
        self._needs: dict[int, list[int]] = {}
        self._runs: dict[int, Run] = {}
        collects = gc.isenabled()
        gc.disable()  # nothing of all that is made here is garbage; looking for it would take as long again
        try:
            self._load(workbook)
        finally:
            if collects:
                gc.enable()
        for name in SIZES | OUTPUTS:
            area = self.names.get(name)
            if area is not None and area.size <= _MAX_NAMED:
                self.cells(area)
        self.order = self._sorted()
        self._given = list(self.values)

    def numbers(self, area: Area) -> list[int]:
        """Return the numbers of an area's cells for a formula; notes that it depends on them. Raises Refused."""
        found = self._areas.get(area)
        if found is None:
            if area.size > _MAX_AREA:
                raise Refused("ranges that are too large")
            found = self.cells(area)
        self.charge(len(found))
        self._reading += found
        return found

    def charge(self, cells: int) -> None:
        """Count cells that a formula works on. Raises Refused when all formulas together have too many."""
        self._work += cells
        if self._work > MAX_WORK:
            raise Refused("ranges that are too large")

    def cells(self, area: Area) -> list[int]:
        """Return the numbers of an area's cells, row by row."""
        found = self._areas.get(area)
        if found is None:
            found = self._areas[area] = [
                self._number((area.sheet, row, column))
                for row in range(area.top, area.bottom + 1)
                for column in range(area.left, area.right + 1)
            ]
        return found

    def formula_at(self, number: int) -> bool:
        """Return whether a cell holds a formula, be it one that was refused."""
        return number in self.cached

    def where(self, number: int) -> str:
        """Return a cell's place in words."""
        sheet, row, column = self.places[number]
        letters = ""
        while column:
            column, rest = divmod(column - 1, 26)
            letters = chr(65 + rest) + letters
        return f"{sheet[:31]}!{letters}{row}"

    def recalculated(self, changes: dict[int, Value]) -> list[Value]:
        """Return the values of all cells once the given ones are changed. The list is used again the next time."""
        values = self.values
        values[:] = self._given
        for number, value in changes.items():
            values[number] = value
        for number, run in self.order:
            try:
                value = run()
                plain = value.__class__ is float and -_HUGE < value < _HUGE
                values[number] = value if plain else final(value)
            except Fault as fault:
                values[number] = Error(str(fault))
            except (OverflowError, ValueError, ZeroDivisionError, RecursionError):
                values[number] = Error("#NUM!")
        return values

    def _number(self, place: tuple[str, int, int]) -> int:
        number = self._numbers.get(place)
        if number is None:
            number = self._numbers[place] = len(self.values)
            self.values.append(None)
            self.places.append(place)
        return number

    def _load(self, workbook: Workbook) -> None:
        trees: dict[str, Node] = {}
        formulas: list[tuple[int, str, str]] = []
        for sheet, cells in workbook.sheets.items():
            for (row, column), cell in cells.items():
                number = self._number((sheet, row, column))
                if cell.formula:
                    self.cached[number] = cell.value
                    formulas.append((number, sheet, cell.formula))
                else:
                    self.values[number] = cell.value
        total = sum(len(formula) for _, _, formula in formulas)
        if len(formulas) > MAX_FORMULAS or total > MAX_TEXT:
            self.faults["the workbook"] = f"{len(formulas)} formulas of {total} characters"
            formulas = []
        for number, sheet, formula in formulas:
            self._reading = []
            try:
                skeleton, areas = lifted(formula, sheet, self._sheets)
                tree = trees.get(skeleton)
                if tree is None:
                    tree = trees[skeleton] = Parser(skeleton, self.names).parse()
                self._runs[number] = Compiler(self, areas).single(tree)
                self._needs[number] = self._reading
            except (Refused, RecursionError) as why:
                self.faults[self.where(number)] = str(why)
                self.values[number] = REFUSED

    def _sorted(self) -> list[tuple[int, Run]]:
        """Return the formulas so that each comes after what it needs; those in a circle are left out."""
        order: list[tuple[int, Run]] = []
        state = bytearray(b"\2") * len(self.values)  # 0: to be visited, 1: begun, 2: has come
        for number in self._runs:
            state[number] = 0
        for start in self._runs:
            stack = [] if state[start] else [(start, iter(self._needs[start]))]
            state[start] = state[start] or 1
            while stack:
                number, rest = stack[-1]
                for needed in rest:
                    if state[needed] == 2:
                        continue
                    if state[needed] == 1:
                        self.faults.setdefault(self.where(needed), "depends on itself")
                        self.values[needed] = CIRCULAR
                        continue
                    state[needed] = 1
                    stack.append((needed, iter(self._needs[needed])))
                    break
                else:
                    state[number] = 2
                    if self.values[number] is not CIRCULAR:
                        order.append((number, self._runs[number]))
                    stack.pop()
        return order
