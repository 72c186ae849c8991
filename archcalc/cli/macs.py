"""`archcalc macs`."""

from __future__ import annotations

from archcalc.cli import _options as o
from archcalc.cli._network import NetworkOptions
from archcalc.cli._tables import OTHER_CONVENTION, TableOptions, TotalOptions, show_counted
from archcalc.errors import call_diagnostic


def command(
    spec: o.Spec,
    network: NetworkOptions,
    only: TotalOptions,
    table: TableOptions,
    depth: o.Depth = None,
    convention: o.ConventionOption = "mult-adds",
) -> None:
    """Count operations: multiply-adds, flops, or what a named convention counts."""
    report = network.report(spec, convention, notes=table.notes)
    unknown = sorted({layer.op for layer in report.layers if not layer.is_measured})
    if unknown:
        message = f"how {convention} counts {', '.join(unknown)} is not known: counted as 0"
        network.diagnostic(report.graph, call_diagnostic("ARC311", message, OTHER_CONVENTION))
    show_counted(report, spec, "macs", "mult_adds", network, only, table, depth)
