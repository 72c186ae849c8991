"""A sweep as a table: one row a variant."""

from __future__ import annotations

from archcalc.analysis.sweeping import Sweep
from archcalc.graph import number_or_word
from archcalc.views.tables import Cell, Column, Line, Table


def table(sweep: Sweep) -> Table:
    """The variables' values, then output volume, params and multiply-adds."""
    failed = sum(1 for row in sweep.rows if row.problem)
    columns = [Column(name, keep=9) for name in sweep.variables]
    columns += [Column("Output", keep=5), Column("Params", True, 8), Column("Mult-adds", True, 8)]
    columns += [Column("Problem", keep=2)] if failed else []
    lines = []
    for row in sweep.rows:
        cells: list[Cell] = [_value(value) for value in row.values.values()]
        cells += ["", None, None] if row.problem else ["×".join(map(str, row.output)), row.params, row.mult_adds]
        lines.append(Line([*cells, row.problem] if failed else cells))
    notes = [f"{failed:,} of {len(sweep.rows):,} variants do not work out"] if failed else []
    return Table(f"{sweep.name}: {len(sweep.rows):,} variants", columns, lines, None, notes)


def _value(value: object) -> Cell:
    shown = number_or_word(value)
    return str(shown).lower() if isinstance(shown, bool) else str(shown)
