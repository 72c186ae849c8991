"""`archcalc params`."""

from __future__ import annotations

from archcalc.cli import _options as o
from archcalc.cli._network import NetworkOptions
from archcalc.cli._tables import TableOptions, TotalOptions, show_counted


def command(spec: o.Spec, network: NetworkOptions, only: TotalOptions, table: TableOptions, depth: o.Depth = None) -> None:
    """Count parameters: weights and biases, trainable, frozen and fixed, layer by layer."""
    report = network.report(spec, notes=table.notes)
    show_counted(report, spec, "params", "params", network, only, table, depth)
