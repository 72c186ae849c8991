"""A sweep as a table: one row per variant."""

from __future__ import annotations

from typing import Any

from archcalc.analysis.sweep import Sweep, Variant
from archcalc.graph import number_or_word
from archcalc.views.tables.table import Cell, Column, Row, Table, graded_cell


def table(sweep: Sweep) -> Table:
    """The variables' values, then output volume, params and multiply-adds."""
    failed = sum(1 for row in sweep.rows if row.problem)
    columns = [Column(name, priority=7) for name in sweep.variables]
    columns += [Column("Output", priority=5), Column("Params", True, 8), Column("Mult-adds", True, 8)]
    columns += [Column("Problem", priority=6)] if failed else []
    rows = []
    for row in sweep.rows:
        cells: list[Cell] = [_value(value) for value in row.values.values()]
        cells += (
            ["", None, None]
            if row.problem
            else ["×".join(map(str, row.output)), _count(row, "params"), _count(row, "mult_adds")]
        )
        rows.append(Row([*cells, row.problem] if failed else cells))
    notes = [f"{failed:,} of {len(sweep.rows):,} variants are not possible"] if failed else []
    title = f"{sweep.name}: {len(sweep.rows):,} variant{'s' if len(sweep.rows) > 1 else ''}"
    return Table(title, columns, rows, None, notes)


def _count(row: Variant, quantity: str) -> Cell:
    return graded_cell(getattr(row, quantity), quantity not in row.at_least)


def _value(value: object) -> Cell:
    plain = number_or_word(value)
    return str(plain).lower() if isinstance(plain, bool) else str(plain)


def data(sweep: Sweep) -> dict[str, Any]:
    """A sweep as plain data: values, shapes as lists, counts as integers; null where a variant is not possible."""
    return {
        "schema": 1,
        "name": sweep.name,
        "rows": [
            {
                "variables": {name: number_or_word(value) for name, value in row.values.items()},
                "output": None if row.problem else list(row.output),
                "params": None if row.problem else row.params,
                "mult_adds": None if row.problem else row.mult_adds,
                "at_least": list(row.at_least),
                "problem": row.problem or None,
            }
            for row in sweep.rows
        ],
    }
