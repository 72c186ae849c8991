"""The `figure:` section of a description: settings under the names of the options."""

from __future__ import annotations

from archcalc.description.nodes import NodeReader
from archcalc.description.source import SequenceNode
from archcalc.errors import DescriptionError
from archcalc.graph import Graph
from archcalc.views.diagram.options import FigureOptions, read_options


class _Section(NodeReader):
    malformed = unknown = repeated = unreadable = too_long = "ARC471"


def options_of(graph: Graph) -> FigureOptions:
    """The settings that the description keeps. Raises SpecError with the place of everything that is wrong."""
    document = graph.document
    node = document.opaque.get("figure")
    chosen = FigureOptions()
    if node is None:
        return chosen
    reader = _Section(document.text)
    for key, value in reader.mapping(node, "figure", of="settings", out="figure: {style: volumes}").items():
        before = len(reader.problems)
        given = reader.texts(value) if isinstance(value, SequenceNode) else reader.text(value)
        if len(reader.problems) > before:
            continue
        try:
            chosen = read_options({key: given}, chosen)
        except DescriptionError as error:
            for one in error.problems:
                reader.problem(one.code, value, one.message, *one.details)
    if reader.problems:
        raise DescriptionError(reader.problems)
    return chosen
