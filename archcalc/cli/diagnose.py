"""`archcalc diagnose`."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, NamedTuple

import typer

from archcalc.cli import _options as o
from archcalc.cli._network import NetworkOptions
from archcalc.errors import call_error


class FormatName(StrEnum):
    """How a diagnosis is written."""

    text = "text"
    json = "json"


def _option(quantity: str, *names: str) -> typer.models.OptionInfo:
    option: typer.models.OptionInfo = typer.Option(*names, metavar="FIGURE", help=f"A printed number of {quantity}.")
    return option


class PrintedOptions(NamedTuple):
    """The printed number, under the name of its quantity; a list, so that a second one is noticed."""

    params: Annotated[list[str] | None, _option("parameters, all or the trainable ones")] = None
    trainable: Annotated[list[str] | None, _option("trainable parameters")] = None
    weights: Annotated[list[str] | None, _option("weights")] = None
    biases: Annotated[list[str] | None, _option("biases")] = None
    buffers: Annotated[list[str] | None, _option("buffers")] = None
    neurons: Annotated[list[str] | None, _option("neurons")] = None
    connections: Annotated[list[str] | None, _option("connections")] = None
    mult_adds: Annotated[list[str] | None, _option("multiply-adds", "--mult-adds", "--macs")] = None
    flops: Annotated[list[str] | None, _option("operations, two for a multiply-add")] = None
    activations: Annotated[list[str] | None, _option("activations")] = None


def command(
    spec: o.Spec,
    network: NetworkOptions,
    printed: PrintedOptions,
    of: Annotated[str | None, typer.Option("--of", metavar="LAYER", help="The figure is about this layer alone.")] = None,
    format: Annotated[FormatName, typer.Option("--format", "-f", help="How to write the diagnosis.")] = FormatName.text,
) -> None:
    """Explain a printed number: find the confusions under which the network has exactly this number.

    A finding is an explanation that is hardly due to chance. Exit status 0 for a finding, 1 if nothing fits.
    """
    numbers = [(quantity, text) for quantity, texts in printed._asdict().items() for text in texts or ()]
    if len(numbers) != 1:
        raise call_error(
            "ARC460", f"exactly one figure is explained, not {len(numbers)}", "give one, such as --params 138423208"
        )
    from archcalc.claims.diagnosis.result import diagnose_text

    quantity, text = numbers[0]
    diagnosis = diagnose_text(network.graph(spec), spec, quantity, text, of)
    o.write_result(diagnosis.json() if format is FormatName.json else diagnosis.text())
    raise typer.Exit(0 if diagnosis.explained else 1)
