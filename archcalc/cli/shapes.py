"""`archcalc shapes`."""

from __future__ import annotations

from archcalc.cli import _options as o
from archcalc.cli._tables import show


def command(
    spec: o.Spec,
    set: o.Set = None,
    input: o.Input = None,
    format: o.FormatOption = o.Format.table,
    expand: o.Expand = False,
    depth: o.Depth = None,
    notes: o.Notes = False,
    max_layers: o.MaxLayers = 200_000,
    max_nesting: o.MaxNesting = 64,
) -> None:
    """Work out the volumes of all layers, channels first."""
    from archcalc.analysis.report import analyze
    from archcalc.views.tables import layers

    report = analyze(o.network(spec, set, input, None, max_layers, max_nesting))
    show(report, layers.shapes, format, expand, depth, notes)
