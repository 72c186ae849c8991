"""`archcalc params`."""

from __future__ import annotations

from archcalc.cli import _options as o
from archcalc.cli._tables import show, show_printed


def command(
    spec: o.Spec,
    set: o.Set = None,
    input: o.Input = None,
    freeze: o.Freeze = None,
    format: o.FormatOption = o.Format.table,
    total: o.Total = False,
    as_printed: o.AsPrinted = None,
    expand: o.Expand = False,
    depth: o.Depth = None,
    notes: o.Notes = False,
    max_layers: o.MaxLayers = 200_000,
    max_nesting: o.MaxNesting = 64,
) -> None:
    """Count parameters: weights and biases, trainable, frozen and fixed, layer by layer."""
    from archcalc.analysis.report import analyze

    report = analyze(o.network(spec, set, input, freeze, max_layers, max_nesting))
    if as_printed:
        show_printed(report, spec, "params", as_printed, format, total)
        return
    if total:
        o.report_diagnostics(report, notes)
        o.write_result(str(report.totals.params))
        return
    from archcalc.views.tables import layers

    show(report, layers.params, format, expand, depth, notes, "params")
