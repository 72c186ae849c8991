"""A table that has no Report behind it as JSON: one record a line."""

from __future__ import annotations

from archcalc.json_writer import dump
from archcalc.views.tables.table import Table


def render(table: Table) -> str:
    """{"schema": 1, "title": …, "rows": [{column: value, …}, …]}."""
    names = [column.name for column in table.columns]
    rows = [dict(zip(names, line.cells, strict=True)) for line in table.rows]
    return dump({"schema": 1, "title": table.title, "rows": rows})
