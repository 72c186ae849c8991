"""The `figure:` section of a description: settings under the names of the options."""

from __future__ import annotations

from typing import Any

from archcalc.errors import DescriptionError, Problem
from archcalc.graph import Graph
from archcalc.views.diagram.options import FigureOptions, read_options


def options_of(graph: Graph) -> FigureOptions:
    """The settings that the description keeps. Raises SpecError with the place of everything that is wrong."""
    document = graph.document
    node: Any = document.opaque.get("figure")
    chosen = FigureOptions()
    if node is None:
        return chosen
    if not hasattr(node, "value") or node.id != "mapping":
        mark = document.text.mark(node)
        raise DescriptionError([Problem("ARC471", "figure is a mapping of settings", mark, ("figure: {style: volumes}",))])
    problems: list[Problem] = []
    for key, value in node.value:
        given = [part.value for part in value.value] if value.id == "sequence" else value.value
        try:
            chosen = read_options({str(key.value): given}, chosen)
        except DescriptionError as error:
            place = document.text.mark(value)
            problems += [Problem(one.code, one.message, place, one.details) for one in error.problems]
    if problems:
        raise DescriptionError(problems)
    return chosen
