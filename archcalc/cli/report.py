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
    output: Annotated[str, typer.Option("--output", "-o", metavar="FILE", help="The page to write, .html or .htm.")],
    network: NetworkOptions,
    analysis: o.AnalysisOptions,
) -> None:
    """Write one HTML page to explore a network in, or to compare several.

    It contains the figure, the table, charts, receptive fields and the derivation of every number, and is self-contained.
    """
    from archcalc.views.diagram.files import refuse_input, save
    from archcalc.views.report.page import refuse_ending, write

    refuse_ending(output)
    refuse_input(output, specs)
    reports = [network.report(spec, *analysis) for spec in specs]
    page = write(reports, {index: _verdicts(spec, network.bounds.limits) for index, spec in enumerate(specs)})
    save(page.encode(), output)


def _verdicts(spec: str, limits: Limits) -> list[tuple[str, str]]:
    """The claims about the network, of the shipped literature and its own, each with its verdict."""
    from archcalc.claims.outcome_text import verdict_lines
    from archcalc.claims.run import run

    return [] if spec == "-" else verdict_lines(run([spec], limits=limits).outcomes)
