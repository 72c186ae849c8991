"""`archcalc explain`."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from archcalc.cli import _options as o


class TextFormat(StrEnum):
    """How a derivation is written."""

    text = "text"
    markdown = "markdown"
    latex = "latex"
    json = "json"


def command(
    spec: o.Spec,
    layer: Annotated[str | None, typer.Argument(metavar="LAYER", help="The id of a layer or a block; else the totals.")] = None,
    quantity: Annotated[
        str | None, typer.Argument(metavar="QUANTITY", help="params, output, macs, connections, rf, …; else all.")
    ] = None,
    set: o.Set = None,
    input: o.Input = None,
    freeze: o.Freeze = None,
    convention: o.ConventionOption = "mult-adds",
    dtype: o.Dtype = "float32",
    inplace: o.InPlace = True,
    max_layers: o.MaxLayers = 200_000,
    max_nesting: o.MaxNesting = 64,
    format: Annotated[TextFormat, typer.Option("--format", "-f", help="How to write the sums.")] = TextFormat.text,
) -> None:
    """Show how a number was reached: the rule in names, then in numbers, then the result.

    `archcalc explain lenet5 C3 params` explains one number, `archcalc explain lenet5 C3` all of a layer, and
    `archcalc explain lenet5` or `archcalc explain lenet5 params` the totals.
    """
    from archcalc.analysis.derivation import derive, derive_totals, symbols
    from archcalc.analysis.report import SUMMED, analyze
    from archcalc.views.derivations import write
    from archcalc.views.tables.folding import describe

    report = analyze(o.network(spec, set, input, freeze, max_layers, max_nesting), convention, dtype, inplace)
    asks_total = layer is not None and layer not in report.by_id and layer.replace("-", "_") in (*SUMMED, "macs")
    if layer is None or asks_total:
        o.write_result(write(f"{report.name}: totals over its layers", derive_totals(report, layer), [], format.value))
        return
    if layer not in report.by_id and report.block(layer):
        o.write_result(
            write(f"{layer} of {report.name}: totals over its layers", derive_totals(report, quantity, layer), [], format.value)
        )
        return
    found = report.layer(layer)
    reads = ", ".join(map(str, found.inputs))
    title = f"{found.id} ({describe(found)}) of {report.name}: reads {reads}, gives {found.output}"
    sums = derive(report, found, quantity)
    o.write_result(write(title, sums, symbols(found, sums), format.value))
