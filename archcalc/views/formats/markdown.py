"""A table in Markdown as GitHub reads it."""

from __future__ import annotations

from archcalc.escapes import markdown as escape
from archcalc.views.tables.table import Cell, Table, cell_text


def render(table: Table) -> str:
    """A pipe table; numbers are aligned right, the total is bold."""
    lines = [f"**{escape(table.title)}**", ""] if table.title else []
    lines.append(_line([escape(column.name) for column in table.columns]))
    lines.append(_line(["---:" if column.numeric else ":---" for column in table.columns]))
    for row in table.rows:
        cells = [escape(cell_text(cell)) for cell in row.cells]
        cells[0] = "&nbsp;&nbsp;" * row.level + (f"**{cells[0]}**" if row.heading else cells[0])
        lines.append(_line(cells))
    if table.total is not None:
        lines.append(_line([_bold(cell) for cell in table.total]))
    if table.notes:
        lines += ["", *(f"{escape(note)}  " for note in table.notes)]
    return "\n".join(lines) + "\n"


def _bold(cell: Cell) -> str:
    text = escape(cell_text(cell))
    return f"**{text}**" if text else ""


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"
