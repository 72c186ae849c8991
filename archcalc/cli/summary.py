"""`archcalc summary`."""

from __future__ import annotations

from archcalc.cli import _options as o
from archcalc.cli._tables import show


def command(
    spec: o.Spec,
    set: o.Set = None,
    input: o.Input = None,
    freeze: o.Freeze = None,
    convention: o.ConventionOption = "mult-adds",
    dtype: o.Dtype = "float32",
    inplace: o.InPlace = True,
    format: o.FormatOption = o.Format.table,
    expand: o.Expand = False,
    depth: o.Depth = None,
    notes: o.Notes = False,
    max_layers: o.MaxLayers = 200_000,
    max_nesting: o.MaxNesting = 64,
) -> None:
    """Show everything at a glance: volumes, parameters, multiply-adds, activations, receptive fields."""
    from archcalc.analysis.report import analyze
    from archcalc.views.tables import layers

    report = analyze(o.network(spec, set, input, freeze, max_layers, max_nesting), convention, dtype, inplace)
    show(report, layers.summary, format, expand, depth, notes)
