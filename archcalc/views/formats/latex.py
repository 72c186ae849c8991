"""A table in LaTeX with booktabs rules."""

from __future__ import annotations

from archcalc.errors import printable
from archcalc.escapes import latex as escape
from archcalc.views.tables.table import Cell, Row, Table, cell_text


def render(table: Table) -> str:
    """A `tabular` for use inside a `table`; it needs the package booktabs only."""
    columns = "".join("r" if column.numeric else "l" for column in table.columns)
    lines = [rf"% {printable(table.title)} (needs \usepackage{{booktabs}})", rf"\begin{{tabular}}{{{columns}}}", r"  \toprule"]
    lines.append(_line([escape(column.name) for column in table.columns]))
    lines.append(r"  \midrule")
    lines += [_row(row) for row in table.rows]
    if table.total is not None:
        lines += [r"  \midrule", _line([_cell(cell) for cell in table.total])]
    lines += [r"  \bottomrule", r"\end{tabular}"]
    lines += [rf"% {printable(note)}" for note in table.notes]
    return "\n".join(lines) + "\n"


def _row(row: Row) -> str:
    cells = [_cell(cell) for cell in row.cells]
    cells[0] = r"\quad " * row.level + (rf"\textbf{{{cells[0]}}}" if row.heading else cells[0])
    return _line(cells)


def _cell(cell: Cell) -> str:
    # A thin space between thousands, which is correct in every language.
    return cell_text(cell).replace(",", r"\,") if isinstance(cell, int) else escape(cell_text(cell))


def _line(cells: list[str]) -> str:
    return f"  {' & '.join(cells)} \\\\"
