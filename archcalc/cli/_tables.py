"""Commands that print a table of layers: their options, and the step from a Report to text."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from archcalc.cli import _options as o
from archcalc.errors import call_diagnostic

if TYPE_CHECKING:
    from archcalc.analysis.report import Report
    from archcalc.cli._network import NetworkOptions

OTHER_CONVENTION = "count by another --convention: mult-adds"
"""The way out where a convention is not known to count a kind."""


class TableOptions(NamedTuple):
    """Options of a table of layers."""

    format: o.FormatOption = o.Format.table
    expand: o.Expand = False
    notes: o.Notes = False


class TotalOptions(NamedTuple):
    """Options that replace the table by the total alone, or by the table of a publication."""

    total: o.Total = False
    as_printed: o.AsPrinted = None


def show(report: Report, view: str, table: TableOptions, depth: int | None = None, counted: str = "") -> None:
    """Print a report as the JSON contract, or as a view of `views.tables.layers`.

    Below the table are the published totals of the quantity `counted`.
    """
    if table.format is o.Format.json:
        from archcalc.json_writer import dump

        o.write_result(dump(report.to_dict()))
        return
    from archcalc.views.formats import write
    from archcalc.views.tables import layers

    # A spreadsheet needs every layer once.
    expand = table.expand or (table.format is o.Format.csv and depth is None)
    layer_table = layers.VIEWS[view](report, expand, depth)
    if counted:
        from archcalc.claims.published.totals import published

        layer_table.notes += published(report, counted)
    o.write_result(write(layer_table, table.format.value))


def show_counted(
    report: Report,
    spec: str,
    view: str,
    counted: str,
    network: NetworkOptions,
    only: TotalOptions,
    table: TableOptions,
    depth: int | None,
) -> None:
    """Print the table of a quantity, or with these options only its `total` or the table of a publication."""
    if only.as_printed:
        _show_printed(report, spec, counted, only.as_printed, table.format, only.total)
    elif only.total:
        quantity = "operations" if counted == "mult_adds" else counted
        o.write_result(str(getattr(report.totals, quantity)))
        grade = report.totals.grade(quantity)
        if not grade.is_complete:
            message = f"{report.name}: {quantity}: {grade.note}"
            out = "write what is known of the layer" if grade.not_counted else OTHER_CONVENTION
            network.diagnostic(report.graph, call_diagnostic("ARC313", message, out))
    else:
        show(report, view, table, depth, counted)


def _show_printed(report: Report, spec: str, counted: str, name: str, format: o.Format, total: bool) -> None:
    """Print a publication's own table of a quantity, errata included and marked; with `total` only its total."""
    from archcalc.claims.published.tables import as_printed

    printed = as_printed(report, spec, counted, name)
    if total:
        o.write_result(str(printed.sum))
        return
    from archcalc.views.formats import write
    from archcalc.views.tables.layers import as_printed as printed_table
    from archcalc.views.tables.table import Row

    last = printed.total
    totals = (last.printed, last.computed, last.why) if last else (printed.sum, getattr(report.totals, counted), None)
    title = f"{report.name}: {counted} as {printed.publication.called} {printed.publication.prints} them"
    rows = [(row.name, row.printed, row.computed, row.why) for row in printed.rows]
    table = printed_table(f"{title} ({printed.place})" if printed.place else title, rows, totals)
    if format in {o.Format.csv, o.Format.json} and table.total:  # the printed total is a row like the others
        table.rows.append(Row(table.total))
    o.write_result(write(table, format.value))
