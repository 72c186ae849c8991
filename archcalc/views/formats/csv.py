"""A table as CSV: integers without separators, and no cell that a spreadsheet would evaluate as a formula."""

from __future__ import annotations

import csv
import io
import re

from archcalc.errors import printable
from archcalc.views.tables.table import Cell, Table

_NUMBER = re.compile(r"-?[0-9]+(/[0-9]+)?\Z")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def render(table: Table) -> str:
    """RFC 4180 with a header line, without the total, so that columns can be summed."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([_safe(column.name) for column in table.columns])
    for row in table.rows:
        if not row.heading:
            writer.writerow([_safe(cell) for cell in row.cells])
    return out.getvalue()


def _safe(cell: Cell) -> str:
    if cell is None or isinstance(cell, int):
        return "" if cell is None else str(cell)
    text = printable(cell)
    return f"'{text}" if text.startswith(_FORMULA) and not _NUMBER.match(text) else text
