"""`archcalc macs`."""

from __future__ import annotations

import sys

from archcalc.cli import _options as o
from archcalc.cli._tables import show, show_printed


def command(
    spec: o.Spec,
    set: o.Set = None,
    input: o.Input = None,
    convention: o.ConventionOption = "mult-adds",
    format: o.FormatOption = o.Format.table,
    total: o.Total = False,
    as_printed: o.AsPrinted = None,
    expand: o.Expand = False,
    depth: o.Depth = None,
    notes: o.Notes = False,
    max_layers: o.MaxLayers = 200_000,
    max_nesting: o.MaxNesting = 64,
) -> None:
    """Count operations: multiply-adds, flops, or what a named convention counts."""
    from archcalc.analysis.report import analyze

    report = analyze(o.network(spec, set, input, None, max_layers, max_nesting), convention)
    unknown = sorted({layer.op for layer in report.layers} & {*report.options.convention.unmeasured})
    if unknown:
        sys.stderr.write(f"archcalc: note: how {convention} counts {', '.join(unknown)} is not known: nothing here\n")
    if as_printed:
        show_printed(report, spec, "mult_adds", as_printed, format, total)
        return
    if total:
        o.report_diagnostics(report, notes)
        o.write_result(str(report.totals.operations))
        return
    from archcalc.views.tables import layers

    show(report, layers.macs, format, expand, depth, notes, "mult_adds")
