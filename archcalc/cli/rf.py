"""`archcalc rf`."""

from __future__ import annotations

from archcalc.cli import _options as o
from archcalc.cli._network import NetworkOptions
from archcalc.cli._tables import TableOptions, show


def command(spec: o.Spec, network: NetworkOptions, table: TableOptions) -> None:
    """Compute receptive fields: size, effective stride and effective padding on the network's input."""
    show(network.report(spec, notes=table.notes), "rf", table)
