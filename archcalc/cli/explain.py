"""`archcalc explain`."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from archcalc.cli import _options as o
from archcalc.cli._network import NetworkOptions
from archcalc.errors import call_error


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
    *,
    network: NetworkOptions,
    analysis: o.AnalysisOptions,
    format: Annotated[TextFormat, typer.Option("--format", "-f", help="How to write the derivations.")] = TextFormat.text,
) -> None:
    """Show the derivation of a number: the rule in symbols, then in numbers, then the result.

    `archcalc explain lenet5 C3 params` explains one number, `archcalc explain lenet5 C3` all of a layer, and
    `archcalc explain lenet5` or `archcalc explain lenet5 params` the totals. `archcalc explain ARC203` explains an error
    code.
    """
    from archcalc.codes import is_code

    if layer is None and is_code(spec):
        o.write_result(_page(spec, format))
        return
    from archcalc.analysis.explanation import explain
    from archcalc.views.derivations import title, write

    report = network.report(spec, *analysis)
    explanation = explain(report, layer, quantity)
    o.write_result(write(title(report, explanation), explanation.derivations, explanation.symbols, format.value))


def _page(code: str, format: TextFormat) -> str:
    """The page of an error code."""
    from archcalc.codes import page
    from archcalc.views.error_pages import writers

    if format.value not in writers():
        raise call_error(
            "ARC164", f"a page is written as {' or '.join(writers())}, not as {format.value}", "leave --format out"
        )
    return writers()[format.value](page(code))
