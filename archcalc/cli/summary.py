"""`archcalc summary`."""

from __future__ import annotations

from archcalc.cli import _options as o
from archcalc.cli._network import NetworkOptions
from archcalc.cli._tables import TableOptions, show


def command(
    spec: o.Spec, network: NetworkOptions, analysis: o.AnalysisOptions, table: TableOptions, depth: o.Depth = None
) -> None:
    """Show everything at a glance: volumes, parameters, multiply-adds, activations, receptive fields."""
    show(network.report(spec, *analysis, notes=table.notes), "summary", table, depth)
