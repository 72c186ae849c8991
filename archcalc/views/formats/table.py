"""A table for the terminal, by Rich. Numbers are never cut: where space lacks, whole columns go, and it says which."""

from __future__ import annotations

import shutil
import sys

from rich.box import SIMPLE_HEAD
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table as RichTable
from rich.text import Text

from archcalc.errors import printable
from archcalc.views.tables.table import Cell, Column, Table, shown

_GAP = 2


def render(table: Table) -> str:
    """The table as text, with colours if stdout is a terminal that wants them."""
    terminal = sys.stdout.isatty()
    width = shutil.get_terminal_size((100, 24)).columns if terminal else 10_000
    kept, dropped = _fitting(table, width)
    rich = RichTable(box=SIMPLE_HEAD, title_justify="left", pad_edge=False, padding=(0, 1), show_footer=False)
    for at in kept:
        column = table.columns[at]
        rich.add_column(Text(printable(column.name)), justify="right" if column.number else "left", no_wrap=True)
    for number, line in enumerate(table.lines, 1):
        style = "bold" if line.heading else ""
        last = table.total is not None and number == len(table.lines)
        rich.add_row(*(_cell(table, line.cells, at, line.level) for at in kept), style=style, end_section=last)
    if table.total is not None:
        rich.add_row(*(_cell(table, table.total, at, 0) for at in kept), style="bold")
    natural = sum(_widths(table)[at] + 2 * _GAP for at in kept) + 4
    console = Console(width=max(natural, 40), highlight=False, force_terminal=terminal, legacy_windows=False)
    with console.capture() as capture:
        if table.title:
            console.print(Text(printable(table.title), style="bold"), soft_wrap=True)
        console.print(rich)
        for note in [*table.notes, *_missing(table.columns, dropped)]:
            console.print(Text(printable(note), style="dim"), soft_wrap=True)
    return "\n".join(line.rstrip() for line in capture.get().splitlines()) + "\n"


def _cell(table: Table, cells: list[Cell], at: int, level: int) -> Text:
    text = printable(shown(cells[at]))
    return Text("  " * level + text if at == 0 else text, style="dim" if text == "0" else "")


def _widths(table: Table) -> list[int]:
    lines = [line.cells for line in table.lines] + ([table.total] if table.total else [])
    levels = [line.level for line in table.lines] + [0]
    return [
        max(
            [cell_len(printable(column.name))]
            + [
                cell_len(printable(shown(cells[at]))) + (2 * level if at == 0 else 0)
                for cells, level in zip(lines, levels, strict=False)
            ]
        )
        for at, column in enumerate(table.columns)
    ]


def _fitting(table: Table, width: int) -> tuple[list[int], list[int]]:
    """The columns that fit, and those that have to go: the least important first, from the right."""
    widths = _widths(table)
    kept = list(range(len(table.columns)))
    dropped: list[int] = []
    while len(kept) > 2 and sum(widths[at] + _GAP for at in kept) + 2 > width:
        victim = min(kept[1:], key=lambda at: (table.columns[at].keep, -at))
        kept.remove(victim)
        dropped.append(victim)
    return kept, sorted(dropped)


def _missing(columns: list[Column], dropped: list[int]) -> list[str]:
    if not dropped:
        return []
    names = ", ".join(columns[at].name for at in dropped)
    return [f"the terminal is too narrow for: {names} (widen it, or use --format csv)"]
