"""A table as JSON, one record per row, where the data of a Report are not at hand."""

from __future__ import annotations

from archcalc.json_writer import dump
from archcalc.views.tables.table import Table


def render(table: Table) -> str:
    """{"schema": 1, "title": …, "rows": [{column: value, …}, …]}."""
    names = [column.name for column in table.columns]
    rows = [dict(zip(names, row.cells, strict=True)) for row in table.rows]
    return dump({"schema": 1, "title": table.title, "rows": rows})
