"""The options of every command that reads a description, and the step from them to a graph."""

from __future__ import annotations

from typing import Annotated, NamedTuple

import typer

from archcalc.cli._options import assignments, shape
from archcalc.graph import Graph, Limits


class LimitOptions(NamedTuple):
    """The limits of a network, which a user may raise."""

    max_layers: Annotated[int, typer.Option("--max-layers", metavar="N", min=1, help="Refuse networks with more layers.")] = (
        Limits().layers
    )
    max_nesting: Annotated[
        int, typer.Option("--max-nesting", metavar="N", min=1, max=200, help="Refuse blocks nested deeper.")
    ] = Limits().nesting

    @property
    def limits(self) -> Limits:
        """The limits as the graph reads them."""
        return Limits(layers=self.max_layers, nesting=self.max_nesting)


class NetworkOptions(NamedTuple):
    """Overrides of a description from outside; one bundle, so that every command accepts all of them."""

    set: Annotated[list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help="Set a variable of the description.")] = (
        None
    )
    input: Annotated[
        str | None, typer.Option("--input", metavar="CxHxW", help="Another input shape, channels first: 3x160x160.")
    ] = None
    freeze: Annotated[
        list[str] | None,
        typer.Option("--freeze", metavar="PATTERN", help="Do not train layers whose id matches: conv1*."),
    ] = None
    bounds: LimitOptions = LimitOptions()

    def graph(self, spec: str) -> Graph:
        """The network in `spec` under these options. Raises `ArchcalcError` if it or an option is malformed."""
        from archcalc.analysis.loading import load

        return load(spec, assignments(self.set), shape(self.input), tuple(self.freeze or ()), self.bounds.limits)
