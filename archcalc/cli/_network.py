"""The options of every command that reads a description, and the step from them to a graph."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from archcalc.cli._options import assignments, report_diagnostics, shape
from archcalc.cli._streams import write_message
from archcalc.errors import Problem
from archcalc.graph import Graph, Limits

if TYPE_CHECKING:
    from archcalc.analysis.report import Report


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
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Show neither warnings nor notes.")] = False
    bounds: LimitOptions = LimitOptions()

    def graph(self, spec: str) -> Graph:
        """The network in `spec` under these options. Raises `ArchcalcError` if it or an option is malformed."""
        from archcalc.analysis.loading import load

        return load(spec, assignments(self.set), shape(self.input), tuple(self.freeze or ()), self.bounds.limits)

    def report(
        self, spec: str, convention: str = "mult-adds", dtype: str = "float32", inplace: bool = True, notes: bool = False
    ) -> Report:
        """The report of the network in `spec`; prints its warnings, and with `notes` its notes, unless it is quiet.

        Raises `ArchcalcError` if the network or an option is malformed.
        """
        return self.report_of(self.graph(spec), convention, dtype, inplace, notes)

    def report_of(
        self, graph: Graph, convention: str = "mult-adds", dtype: str = "float32", inplace: bool = True, notes: bool = False
    ) -> Report:
        """The report of a network that is read already; prints its diagnostics as `report` does.

        Raises `ArchcalcError` if the network or an option is malformed.
        """
        from archcalc.analysis.report import analyze

        report = analyze(graph, convention, dtype, inplace)
        if not self.quiet:
            report_diagnostics(report, notes)
        return report

    def diagnostic(self, graph: Graph, problem: Problem) -> None:
        """Print a warning or note of the call, unless it is quiet or the description ignores the code."""
        if not self.quiet and problem.code not in graph.document.ignore:
            write_message(str(problem))
