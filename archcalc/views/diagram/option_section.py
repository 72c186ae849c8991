"""The `figure:` section of a description: figure options by name."""

from __future__ import annotations

from archcalc.description.nodes import NodeReader
from archcalc.description.source import SequenceNode
from archcalc.errors import DescriptionError
from archcalc.graph import Graph
from archcalc.views.diagram.options import FigureOptions, read_options


class _Section(NodeReader):
    malformed = unknown = repeated = unreadable = too_long = "ARC471"


def options_of(graph: Graph) -> FigureOptions:
    """The figure options of a description. Raises `DescriptionError` with every problem at its place."""
    document = graph.document
    node = document.opaque.get("figure")
    options = FigureOptions()
    if node is None:
        return options
    reader = _Section(document.source_of("figure"))
    for key, value in reader.mapping(node, "figure", of="options", out="figure: {style: volumes}").items():
        before = reader.problems.total
        text = reader.texts(value) if isinstance(value, SequenceNode) else reader.text(value)
        if reader.problems.total > before:
            continue
        try:
            options = read_options({key: text}, options)
        except DescriptionError as error:
            for problem in error.problems:
                reader.problem(problem.code, value, problem.message, *problem.details)
    if reader.problems:
        raise document.error(reader.problems)
    return options
