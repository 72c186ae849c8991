"""`archcalc shapes`."""

from __future__ import annotations

from archcalc.cli import _options as o
from archcalc.cli._network import NetworkOptions
from archcalc.cli._tables import TableOptions, show


def command(spec: o.Spec, network: NetworkOptions, table: TableOptions, depth: o.Depth = None) -> None:
    """Compute the volumes of all layers, channels first."""
    show(network.report(spec, notes=table.notes), "shapes", table, depth)
