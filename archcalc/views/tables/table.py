"""A table as data; the formats write it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

Cell: TypeAlias = "int | str | None"


class Column(NamedTuple):
    """A heading. Numbers are aligned right, with separators, and never cut; low priorities are left out if space lacks."""

    name: str
    numeric: bool = False
    priority: int = 1


@dataclass
class Row:
    """The cells of a row; a heading begins a block, `level` is the indentation of the first cell."""

    cells: list[Cell]
    level: int = 0
    heading: bool = False


@dataclass
class Table:
    """The output of a command: a title, columns, rows, a total, and sentences below them."""

    title: str
    columns: list[Column]
    rows: list[Row]
    total: list[Cell] | None = None
    notes: list[str] = field(default_factory=list)


def graded_cell(number: int, is_complete: bool) -> Cell:
    """A number of which a part may not be counted: the number itself, a lower bound, or `unknown`."""
    if is_complete:
        return number
    return f"≥ {number:,}" if number else "unknown"


def cell_text(cell: Cell) -> str:
    """A cell for readers: 138,357,544."""
    return "" if cell is None else f"{cell:,}" if isinstance(cell, int) else cell
