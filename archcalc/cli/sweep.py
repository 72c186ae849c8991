"""`archcalc sweep`."""

from __future__ import annotations

from typing import Annotated

import typer

from archcalc.cli import _options as o
from archcalc.cli._network import NetworkOptions


def command(
    spec: o.Spec,
    set: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="NAME=A,B,C", help="The values of a variable; several make a grid."),
    ] = None,
    *,
    network: NetworkOptions,
    format: o.FormatOption = o.Format.table,
) -> None:
    """Compute many variants of a network at once: output, parameters and multiply-adds, one row per variant.

    `archcalc sweep mobilenet_v1 --set alpha=1,0.75,0.5,0.25 --set resolution=224,192,160,128`
    """
    from archcalc.analysis.sweep import sweep
    from archcalc.errors import ShapeError
    from archcalc.json_writer import dump
    from archcalc.views.formats import write
    from archcalc.views.tables.sweep import data, table

    result = sweep(spec, o.lists(set), None, o.shape(network.input), tuple(network.freeze or ()), network.bounds.limits)
    if result.refusal is not None:
        raise ShapeError([result.refusal])
    if format is o.Format.json:
        o.write_result(dump(data(result)))
    else:
        o.write_result(write(table(result), format.value))
