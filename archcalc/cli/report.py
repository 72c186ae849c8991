"""`archcalc report`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from archcalc.cli import _options as o
from archcalc.cli._network import NetworkOptions

if TYPE_CHECKING:
    from archcalc.graph import Limits


def command(
    specs: Annotated[list[str], typer.Argument(metavar="SPEC", help="YAML files, names of the zoo, or -.")],
    output: Annotated[str, typer.Option("--output", "-o", metavar="FILE", help="The HTML file to write.")],
    network: NetworkOptions,
    analysis: o.AnalysisOptions,
) -> None:
    """Write one HTML page to explore a network in, or to compare several.

    It holds the figure, the table, charts, receptive fields and the derivation of every number, and needs nothing else.
    """
    from archcalc.analysis.report import analyze
    from archcalc.views.diagram.files import save
    from archcalc.views.report.page import write

    graphs = [network.graph(spec) for spec in specs]
    reports = [analyze(graph, *analysis) for graph in graphs]
    page = write(reports, {at: _verdicts(spec, network.bounds.limits) for at, spec in enumerate(specs)})
    save(page.encode(), output)


def _verdicts(spec: str, limits: Limits) -> list[tuple[str, str]]:
    """What was printed about the network: the shipped literature's claims and its own, each with its verdict."""
    from archcalc.claims.formats.text import verdict_lines
    from archcalc.claims.run import check

    return [] if spec == "-" else verdict_lines(check([spec], limits=limits).outcomes)
