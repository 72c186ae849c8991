"""The `figure:` section of a description: settings under the names of the options."""

from __future__ import annotations

from typing import Any

from archcalc.errors import Problem, SpecError
from archcalc.graph import Graph
from archcalc.views.diagram.settings import Settings, settings


def settings_of(graph: Graph) -> Settings:
    """The settings that the description keeps. Raises SpecError with the place of everything that is wrong."""
    document = graph.document
    node: Any = document.opaque.get("figure")
    chosen = Settings()
    if node is None:
        return chosen
    if not hasattr(node, "value") or node.id != "mapping":
        mark = document.text.mark(node)
        raise SpecError([Problem("ARC471", "figure is a mapping of settings", mark, ("figure: {style: volumes}",))])
    problems: list[Problem] = []
    for key, value in node.value:
        given = [part.value for part in value.value] if value.id == "sequence" else value.value
        try:
            chosen = settings({str(key.value): given}, chosen)
        except SpecError as error:
            place = document.text.mark(value)
            problems += [Problem(one.code, one.message, place, one.details) for one in error.problems]
    if problems:
        raise SpecError(problems)
    return chosen
