"""`archcalc rf`."""

from __future__ import annotations

from archcalc.cli import _options as o
from archcalc.cli._tables import show


def command(
    spec: o.Spec,
    set: o.Set = None,
    input: o.Input = None,
    format: o.FormatOption = o.Format.table,
    expand: o.Expand = False,
    notes: o.Notes = False,
    max_layers: o.MaxLayers = 200_000,
    max_nesting: o.MaxNesting = 64,
) -> None:
    """Work out receptive fields: size, effective stride and effective padding on the network's input."""
    from archcalc.analysis.report import analyze
    from archcalc.views.tables import layers

    report = analyze(o.network(spec, set, input, None, max_layers, max_nesting))
    show(report, layers.rf, format, expand, None, notes)
