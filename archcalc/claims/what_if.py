"""A network with changed layers: the counts if some layers had other fields or were of another kind."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from archcalc.analysis.counts import LayerCounts
from archcalc.claims.selection import QuantityError, fields_of, select
from archcalc.description.binding import BindError, bind
from archcalc.description.document import ParsedEntry
from archcalc.description.expressions import Expression
from archcalc.description.operators import ExpressionError
from archcalc.graph import Graph, Node
from archcalc.layers import find
from archcalc.layers._base import field_types

if TYPE_CHECKING:
    from archcalc.analysis.layer_report import LayerReport
    from archcalc.analysis.report import Report

Fields = Mapping[str, Any]


def changed_report(report: Report, changes: Mapping[str, Fields]) -> Report:
    """The report of the network with other fields in the layers that each selection names, computed anew.

    Raises `QuantityError` if a selection or a field is unknown, `ArchcalcError` if the changed network is malformed.
    """
    from archcalc.analysis.report import analyze

    indices = {layer.id: index for index, layer in enumerate(report.layers)}
    by_index: dict[int, Fields] = {}
    for selection, fields in changes.items():
        for layer in select(report, selection).layers:
            by_index[indices[layer.id]] = fields
    options = report.options
    return analyze(changed_graph(report.graph, by_index), options.convention.name, options.dtype, options.inplace)


def changed_graph(graph: Graph, changes: Mapping[int, Fields]) -> Graph:
    """A copy of the graph in which the layers at these indices have other fields. Raises `QuantityError`."""
    nodes = [_changed_node(node, changes[i]) if i in changes else node for i, node in enumerate(graph.nodes)]
    return replace(graph, nodes=nodes)


def _changed_node(node: Node, fields: Fields) -> Node:
    new = copy(node)
    new.entry = entry = ParsedEntry(node.entry.source, node.entry.node)
    for name in ("nodes", "id", "kind", "inputs"):
        setattr(entry, name, getattr(node.entry, name))
    entry.op = node.entry.op
    entry.fields = dict(node.entry.fields)
    if "op" in fields:
        entry.op, entry.kind, entry.fields = str(fields["op"]), find(str(fields["op"])), {}
    known = field_types(entry.kind) if entry.kind is not None else {}
    for name in fields:
        if name not in {"op", *known}:
            raise QuantityError(f"{entry.op} has no field {name}")
    entry.fields |= {name: value for name, value in fields.items() if name != "op"}
    new.layer = None
    return new


def counted_as(layer: LayerReport, fields: Fields) -> LayerReport:
    """The layer's numbers if it had other fields or another kind at the same input. Raises `QuantityError`."""
    kind = find(str(fields.get("op", layer.op)))
    if kind is None:
        raise QuantityError(f"there is no layer kind {fields.get('op')}")
    try:
        values = {name: _evaluated(value, layer) for name, value in fields.items() if name != "op"}
        if "op" not in fields:
            values = fields_of(layer.counts.layer) | values
        other = bind(kind, _plain(values))
    except (BindError, ExpressionError) as error:
        raise QuantityError(f"{layer.id} as {fields.get('op', layer.op)}: {error}") from None
    inputs = layer.counts.inputs
    counts = LayerCounts(other, inputs, other.output(*inputs))
    node = _changed_node(layer.node, {"op": fields.get("op", layer.op)})
    return layer.with_counts(node, counts)


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values as a description contains them: lists, not tuples, and no key for a field without a value."""

    def plain(value: Any) -> Any:
        return [plain(item) for item in value] if isinstance(value, tuple) else value

    return {name: plain(value) for name, value in values.items() if value is not None}


def _evaluated(value: Any, layer: LayerReport) -> Any:
    """The value of an expression such as 2*in_channels; any other value as it is."""
    if not isinstance(value, str):
        return value
    if value in {"true", "false"}:
        return value == "true"
    known = {"in_channels": int(layer.counts.inputs[0].channels), "out_channels": int(layer.output.channels)}
    expression = Expression(value)
    return expression.evaluate(known.__getitem__) if expression.names <= known.keys() else value
