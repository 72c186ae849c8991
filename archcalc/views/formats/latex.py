"""A table in LaTeX with booktabs rules."""

from __future__ import annotations

from archcalc.errors import printable
from archcalc.escapes import latex as escape
from archcalc.views.tables.table import Cell, Column, Row, Table, cell_text


def render(table: Table) -> str:
    """A `tabular` to be set inside a `table`; needs the package booktabs and nothing else."""
    columns = "".join("r" if column.numeric else "l" for column in table.columns)
    lines = [rf"% {printable(table.title)} (needs \usepackage{{booktabs}})", rf"\begin{{tabular}}{{{columns}}}", r"  \toprule"]
    lines.append(_line([rf"{escape(column.name)}" for column in table.columns]))
    lines.append(r"  \midrule")
    lines += [_row(line, table.columns) for line in table.rows]
    if table.total is not None:
        lines += [r"  \midrule", _line([_cell(cell) for cell in table.total])]
    lines += [r"  \bottomrule", r"\end{tabular}"]
    lines += [rf"% {printable(note)}" for note in table.notes]
    return "\n".join(lines) + "\n"


def _row(line: Row, columns: list[Column]) -> str:
    cells = [_cell(cell) for cell in line.cells]
    cells[0] = r"\quad " * line.level + (rf"\textbf{{{cells[0]}}}" if line.heading else cells[0])
    return _line(cells)


def _cell(cell: Cell) -> str:
    # A thin space between thousands, which is right in every language.
    return cell_text(cell).replace(",", r"\,") if isinstance(cell, int) else escape(cell_text(cell))


def _line(cells: list[str]) -> str:
    return f"  {' & '.join(cells)} \\\\"
