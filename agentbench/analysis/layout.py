"""Sections of text and tables, for a terminal and as Markdown. What stands in them is escaped where it is laid out."""

from __future__ import annotations

from collections.abc import Sequence

from agentbench.model import Frozen
from agentbench.report import words

_MARKUP = str.maketrans({char: f"\\{char}" for char in "\\`*_[]<>|#~$!"})


class Grid(Frozen, frozen=True):
    """A table. Of each column the head says by a leading ``>`` that it is aligned to the right."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class Section(Frozen, frozen=True):
    """A heading with sentences before a table, and notes after it."""

    title: str
    before: tuple[str, ...] = ()
    grid: Grid | None = None
    notes: tuple[str, ...] = ()


def terminal(sections: Sequence[Section]) -> str:
    """Return the sections as plain text with aligned columns, safe to print to any terminal."""
    blocks = []
    for section in sections:
        lines = [plain(section.title), *map(plain, section.before)]
        if section.grid is not None:
            lines += _aligned(section.grid)
        blocks.append("\n".join([*lines, *map(plain, section.notes)]))
    return "\n\n".join(blocks) + "\n"


def markdown(sections: Sequence[Section]) -> str:
    """Return the sections as Markdown."""
    blocks = []
    for level, section in zip((1, *[2] * len(sections)), sections, strict=False):
        blocks.append(f"{'#' * level} {_escaped(section.title)}")
        blocks += map(_escaped, section.before)
        if section.grid is not None:
            blocks.append("\n".join(_piped(section.grid)))
        blocks += map(_escaped, section.notes)
    return "\n\n".join(blocks) + "\n"


def plain(text: str) -> str:
    """Return ``text`` on one line, with whatever could steer a terminal as an escape."""
    return words.one_line(words.clean(text))


def _escaped(text: str) -> str:
    return plain(text).translate(_MARKUP)


def _aligned(grid: Grid) -> list[str]:
    right = [name.startswith(">") for name in grid.head]
    rows = [
        tuple(map(plain, row)) for row in (tuple(name.removeprefix(">") for name in grid.head), *grid.rows)
    ]
    widths = [max(map(words.width, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(
            " " * (width - words.width(cell)) + cell if to_right else words.padded(cell, width)
            for cell, width, to_right in zip(row, widths, right, strict=True)
        ).rstrip()
        for row in rows
    ]


def _piped(grid: Grid) -> list[str]:
    rule = ["---:" if name.startswith(">") else "---" for name in grid.head]
    rows = [[name.removeprefix(">") for name in grid.head], *grid.rows]
    lines = ["| " + " | ".join(map(_escaped, row)) + " |" for row in rows]
    return [lines[0], f"|{'|'.join(rule)}|", *lines[1:]]
