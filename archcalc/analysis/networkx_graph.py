"""A report as a networkx graph, for questions about its structure and for programs that read GraphML or GEXF.

Every attribute is a text or an integer, and control characters of names are replaced by their pictures, so that each of
networkx's writers takes the graph as it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from archcalc.analysis.layer_report import SUMMED, LayerReport, ReportOptions
from archcalc.analysis.receptive_field.fields import ReceptiveField
from archcalc.errors import printable
from archcalc.graph import Graph, name_of
from archcalc.layers._base import Volume
from archcalc.layers._grades import Grade

if TYPE_CHECKING:
    import networkx


def as_networkx(
    graph: Graph, inputs: Mapping[str, Volume], layers: Iterable[LayerReport], options: ReportOptions
) -> networkx.MultiDiGraph:
    """The network inputs and layers of a report by their ids, and an edge for each volume that a layer reads.

    It is a MultiDiGraph, since a layer may read one source twice; the key of an edge is its slot, so that an edge is
    addressed by source, layer and slot. Nodes and edges are in the order of the layers.
    """
    import networkx

    multigraph = networkx.MultiDiGraph(
        name=printable(graph.name),
        source=printable(graph.document.source),
        convention=options.convention.name,
        dtype=options.dtype,
    )
    for name, volume in inputs.items():
        multigraph.add_node(printable(name), op="input", output=str(volume), elements=int(volume.elements))
    for layer in layers:
        multigraph.add_node(printable(layer.id), **_attributes(layer))
        for slot, (source, carries) in enumerate(_read_volumes(layer)):
            volume = layer.input(slot)
            multigraph.add_edge(
                printable(name_of(graph, source)),
                printable(layer.id),
                slot,
                slot=slot,
                volume=str(volume),
                elements=int(volume.elements),
                carries=carries,
            )
    return multigraph


def _attributes(layer: LayerReport) -> dict[str, Any]:
    """The attributes of a node; a number that is not counted is left out."""
    return {
        "op": layer.op,
        "name": printable(layer.node.name),
        "block": printable(".".join(layer.node.group.path)) if layer.node.group else "",
        "output": str(layer.output),
        "elements": int(layer.output.elements),
        **{name: getattr(layer, name) for name in SUMMED if layer.grade(name) is not Grade.NOT_COUNTED},
        "weights_of": printable(layer.tied_to or ""),
        **_field_attributes(layer.receptive_field),
    }


def _field_attributes(field: ReceptiveField) -> dict[str, str]:
    """Sizes as 3×3; empty if the status says that there are none."""
    known = field.axes and None not in field.size
    return {"receptive_field": "×".join(map(str, field.size)) if known else "", "receptive_field_status": field.status}


def _read_volumes(layer: LayerReport) -> list[tuple[int, str]]:
    """What a layer reads, in the order of its volumes: values, or indices or a size of a layer that it only names."""
    named = [(source, "indices" if volume == "input" else "size") for source, volume in layer.node.shape_sources]
    return [*((source, "values") for source in layer.node.sources), *named]
