"""A network with some layers written differently: what would be counted if they were as somebody took them to be."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from archcalc.analysis.counts import LayerCounts
from archcalc.claims.selection import QuantityError, fields_of, select
from archcalc.description.binding import BindError, bind
from archcalc.description.document import ParsedEntry
from archcalc.description.expressions import Expression, ExpressionError
from archcalc.graph import Graph, Node
from archcalc.layers import find
from archcalc.layers._base import field_types

if TYPE_CHECKING:
    from archcalc.analysis.layer_report import LayerReport
    from archcalc.analysis.report import Report

Fields = Mapping[str, Any]


def changed_report(report: Report, changes: Mapping[str, Fields]) -> Report:
    """The report of the network with other fields in the layers that each selection names, worked out anew."""
    from archcalc.analysis.report import analyze

    positions = {layer.id: at for at, layer in enumerate(report.layers)}
    new: dict[int, Fields] = {}
    for written, fields in changes.items():
        for layer in select(report, written).layers:
            new[positions[layer.id]] = fields
    options = report.options
    return analyze(changed_graph(report.graph, new), options.convention.name, options.dtype, options.inplace)


def changed_graph(graph: Graph, changes: Mapping[int, Fields]) -> Graph:
    """A copy of the graph in which the layers at these positions have other fields."""
    nodes = [_node(node, changes[at]) if at in changes else node for at, node in enumerate(graph.nodes)]
    return replace(graph, nodes=nodes)


def _node(node: Node, fields: Fields) -> Node:
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


def taken_for(layer: LayerReport, fields: Fields) -> LayerReport:
    """The layer's numbers if it were another one at the same input; nothing behind it changes."""
    kind = find(str(fields.get("op", layer.op)))
    if kind is None:
        raise QuantityError(f"there is no layer kind {fields.get('op')}")
    try:
        values = {name: _fixed(value, layer) for name, value in fields.items() if name != "op"}
        if "op" not in fields:
            values = fields_of(layer.counts.layer) | values
        other = bind(kind, _as_written(values))
    except (BindError, ExpressionError) as error:
        raise QuantityError(f"{layer.id} as {fields.get('op', layer.op)}: {error}") from None
    inputs = layer.counts.inputs
    counts = LayerCounts(other, inputs, other.output(*inputs))
    node = _node(layer.node, {"op": fields.get("op", layer.op)})
    return layer.with_counts(node, counts)


def _as_written(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values as a description gives them: lists, not tuples, and nothing where a field has none."""

    def written(value: Any) -> Any:
        return [written(one) for one in value] if isinstance(value, tuple) else value

    return {name: written(value) for name, value in values.items() if value is not None}


def _fixed(value: Any, layer: LayerReport) -> Any:
    """A value with expressions such as in_channels worked out."""
    if not isinstance(value, str):
        return value
    if value in {"true", "false"}:
        return value == "true"
    known = {"in_channels": int(layer.counts.inputs[0].channels), "out_channels": int(layer.output.channels)}
    expression = Expression(value)
    return expression.evaluate(known.__getitem__) if expression.names <= known.keys() else value
