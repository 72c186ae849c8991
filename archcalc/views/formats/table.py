"""A table for the terminal. Numbers are never cut: where space lacks, whole columns are left out and named below.

Rich writes it with styles. A long table is written without: Rich takes half a millisecond a row.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterable, Iterator

from rich.box import SIMPLE_HEAD
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table as RichTable
from rich.text import Text

from archcalc.errors import printable
from archcalc.views.tables.table import Cell, Column, Table, cell_text

MAX_STYLED = 2000
"""Rows that are written by Rich."""
_SEPARATOR = "   "


def render(table: Table) -> str:
    """The table as text, with styles if stdout is a terminal and the table is not too long."""
    terminal = sys.stdout.isatty()
    width = shutil.get_terminal_size((100, 24)).columns if terminal else 10_000
    texts = [_texts(row.cells, row.level) for row in table.rows]
    if table.total is not None:
        texts.append(_texts(table.total, 0))
    widths = [max(map(cell_len, column)) for column in zip([printable(column.name) for column in table.columns], *texts)]
    columns, dropped = _fitting(table.columns, widths, width)
    notes = [printable(note) for note in [*table.notes, *_missing(table.columns, dropped)]]
    write = _styled if len(table.rows) <= MAX_STYLED else plain
    lines = write(table, texts, {index: widths[index] for index in columns}, notes)
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _texts(cells: list[Cell], level: int) -> list[str]:
    texts = [printable(cell_text(cell)) for cell in cells]
    return ["  " * level + texts[0], *texts[1:]]


def plain(table: Table, texts: list[list[str]], widths: dict[int, int], notes: list[str]) -> Iterator[str]:
    """The lines of a table without styles: `texts` of all rows and the total, `widths` of the columns that are shown."""
    yield from [printable(table.title)] if table.title else []
    header = [printable(column.name) for column in table.columns]
    yield from ("", _line(table.columns, header, widths), " " + "─" * len(_line(table.columns, header, widths)[1:]))
    for texts_of_row in texts[: len(table.rows)]:
        yield _line(table.columns, texts_of_row, widths)
    if table.total is not None:
        yield from ("", _line(table.columns, texts[-1], widths)) if table.rows else (_line(table.columns, texts[-1], widths),)
    yield ""
    yield from notes


def _line(columns: list[Column], texts: list[str], widths: dict[int, int]) -> str:
    """The shown cells of a row, aligned."""
    cells = []
    for index, width in widths.items():
        space = " " * (width - cell_len(texts[index]))
        cells.append(space + texts[index] if columns[index].numeric else texts[index] + space)
    return " " + _SEPARATOR.join(cells)


def _styled(table: Table, texts: list[list[str]], widths: dict[int, int], notes: list[str]) -> list[str]:
    """The same lines by Rich, with styles if stdout is a terminal."""
    rich = RichTable(box=SIMPLE_HEAD, title_justify="left", pad_edge=False, padding=(0, 1), show_footer=False)
    for index in widths:
        column = table.columns[index]
        rich.add_column(Text(printable(column.name)), justify="right" if column.numeric else "left", no_wrap=True)
    for number, (row, cells) in enumerate(zip(table.rows, texts, strict=False), 1):
        last = table.total is not None and number == len(table.rows)
        rich.add_row(*_styled_cells(cells, widths), style="bold" if row.heading else "", end_section=last)
    if table.total is not None:
        rich.add_row(*_styled_cells(texts[-1], widths), style="bold")
    # With a height of its own the width holds on any terminal: Rich takes 80 columns for one that is called dumb.
    console = Console(
        width=max(_width(widths.values()), 40),
        height=25,
        highlight=False,
        force_terminal=sys.stdout.isatty(),
        legacy_windows=False,
    )
    with console.capture() as capture:
        if table.title:
            console.print(Text(printable(table.title), style="bold"), soft_wrap=True)
        console.print(rich)
        for note in notes:
            console.print(Text(note, style="dim"), soft_wrap=True)
    return capture.get().splitlines()


def _styled_cells(texts: list[str], widths: dict[int, int]) -> Iterator[Text]:
    return (Text(texts[index], style="dim" if texts[index] == "0" else "") for index in widths)


def _fitting(columns: list[Column], widths: list[int], width: int) -> tuple[list[int], list[int]]:
    """The columns that fit a width, and those left out: of lowest priority first, from the right."""
    fitting = list(range(len(columns)))
    dropped: list[int] = []
    while len(fitting) > 2 and _width(widths[index] for index in fitting) > width:
        least = min(fitting[1:], key=lambda index: (columns[index].priority, -index))
        fitting.remove(least)
        dropped.append(least)
    return fitting, sorted(dropped)


def _width(widths: Iterable[int]) -> int:
    """The columns of a terminal that a line takes, with a space at both ends."""
    return sum(width + len(_SEPARATOR) for width in widths) + 2 - len(_SEPARATOR)


def _missing(columns: list[Column], dropped: list[int]) -> list[str]:
    if not dropped:
        return []
    names = ", ".join(columns[index].name for index in dropped)
    return [f"the terminal is too narrow for: {names} (widen it, or use --format csv)"]
