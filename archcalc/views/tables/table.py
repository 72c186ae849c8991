"""A table as data, and the formats it can be written in."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

Cell: TypeAlias = "int | str | None"


class Column(NamedTuple):
    """A heading; numbers are set to the right with separators and never cut. Lower `keep` goes first if space lacks."""

    name: str
    number: bool = False
    keep: int = 1


@dataclass
class Line:
    """The cells of one row; a heading opens a block, `level` indents the first cell."""

    cells: list[Cell]
    level: int = 0
    heading: bool = False


@dataclass
class Table:
    """What a command shows: a title, columns, lines, a total, and sentences below it."""

    title: str
    columns: list[Column]
    lines: list[Line]
    total: list[Cell] | None = None
    notes: list[str] = field(default_factory=list)


def shown(cell: Cell) -> str:
    """A cell as a person reads it: 138,357,544."""
    return "" if cell is None else f"{cell:,}" if isinstance(cell, int) else cell
