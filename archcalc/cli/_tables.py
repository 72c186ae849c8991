"""The one step that all commands with a table of layers share: options to Report to text."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from archcalc.cli._options import Format, report_diagnostics, write_result

if TYPE_CHECKING:
    from archcalc.analysis.report import Report
    from archcalc.claims.published.tables import PrintedTable
    from archcalc.views.tables.table import Table


def show(
    report: Report,
    view: Callable[..., Table],
    format: Format,
    expand: bool,
    depth: int | None,
    notes: bool = False,
    counted: str = "",
) -> None:
    """Print a report: as the JSON contract, or as one of its tables; findings go to stderr.

    Below the table stand the published totals of the quantity `counted`.
    """
    report_diagnostics(report, notes)
    if format is Format.json:
        from archcalc.json_writer import dump

        write_result(dump(report.to_dict()))
        return
    from archcalc.views.formats import write

    # A spreadsheet wants every layer once.
    table = view(report, expand or (format is Format.csv and depth is None), depth)
    if counted:
        from archcalc.claims.published.totals import published

        table.notes += published(report, counted)
    write_result(write(table, format.value))


def show_printed(report: Report, spec: str, counted: str, name: str, format: Format, total: bool) -> None:
    """Print a publication's own table of a quantity, errata included and marked; with `total` what it ends in."""
    from archcalc.claims.published.tables import as_printed

    printed = as_printed(report, spec, counted, name)
    if total:
        write_result(str(printed.sum))
        return
    from archcalc.views.formats import write
    from archcalc.views.tables.table import Line

    table = _as_printed_table(report, counted, printed)
    if format in {Format.csv, Format.json} and table.total:  # the printed total is a figure like the others
        table.lines.append(Line(table.total))
    write_result(write(table, format.value))


def _as_printed_table(report: Report, counted: str, printed: PrintedTable) -> Table:
    from archcalc.views.tables.table import Column, Line, Table

    columns = [Column("Row", keep=9), Column("Printed", True, 9), Column("Computed", True, 9), Column("Remark", keep=2)]
    called = printed.publication.called
    whole = printed.total
    return Table(
        f"{report.name}: {counted} as {called} prints them{f' ({printed.place})' if printed.place else ''}",
        columns,
        [Line([row.name, row.printed, row.computed, row.why]) for row in printed.rows],
        [
            "total",
            whole.printed if whole else printed.sum,
            whole.computed if whole else getattr(report.totals, counted),
            whole.why if whole else "the rows added up",
        ],
        ["without a remark: printed exactly; rounds, truncates: true to the printed digits; a sentence: an erratum"],
    )
