"""A network with changed layers: the counts if some layers had other fields or were of another kind."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from archcalc.analysis.counts import LayerCounts
from archcalc.analysis.walk import walk
from archcalc.claims.selection import QuantityError, fields_of, select
from archcalc.description.document import ParsedEntry
from archcalc.description.expressions import Expression
from archcalc.description.layer_reader import KEYS
from archcalc.description.model import Entry
from archcalc.description.operators import ExpressionError
from archcalc.graph import Graph, Node
from archcalc.layers import find, kinds
from archcalc.layers._base import Layer, Volume, field_metadata, field_types
from archcalc.layers._fields import LayerReference
from archcalc.suggestions import suggest

if TYPE_CHECKING:
    from archcalc.analysis.layer_report import LayerReport
    from archcalc.analysis.report import Report

Fields = Mapping[str, Any]
_OF_ENTRIES = "it is a key of the entry, not a field: write a variable there, {0}: n, and in the claim where: {{n: …}}"


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
    for index in changes:
        for reader in graph.named_by.get(index, ()):
            _check_named(nodes, reader, index)
    return replace(graph, nodes=nodes)


def _changed_node(node: Node, fields: Fields) -> Node:
    new = copy(node)
    new.entry = entry = ParsedEntry(node.entry.source, node.entry.node)
    for name in ("nodes", "id", "kind", "inputs", "weights_of"):
        setattr(entry, name, getattr(node.entry, name))
    entry.op = node.entry.op
    entry.fields = dict(node.entry.fields)
    if "op" in fields:
        entry.op, entry.fields = str(fields["op"]), {}
        entry.kind = _kind(entry.op)
    known = field_types(entry.kind) if entry.kind is not None else {}
    for name in fields:
        if name not in {"op", *known}:
            out = _OF_ENTRIES.format(name) if name in KEYS[Entry] else suggest(name, known)
            raise QuantityError(f"{entry.op} has no field {name}; {out}")
    entry.fields |= _plain({name: value for name, value in fields.items() if name != "op"})
    named = _named_layers(entry)
    if not named:
        new.shape_sources = ()
    elif named != _named_layers(node.entry):
        text = ", ".join(f"{name} {layer}" for name, layer in named.items())
        raise QuantityError(f"{node.id} as {entry.op} with {text}: only fields that name no other layer can be changed")
    new.layer = None
    return new


def _kind(op: str) -> type[Layer]:
    kind = find(op)
    if kind is None:
        raise QuantityError(f"there is no layer kind {op}; {suggest(op, kinds())}")
    return kind


def _named_layers(entry: ParsedEntry) -> dict[str, str]:
    """The fields of a layer that name other layers, and these names."""
    references = field_metadata(entry.kind, LayerReference) if entry.kind is not None else ()
    return {name: entry.fields[name] for name in references if isinstance(entry.fields.get(name), str)}


def _check_named(nodes: list[Node], reader: int, index: int) -> None:
    """Check that a changed layer is still of the kind that the layer `reader` names. Raises `QuantityError` if not."""
    entry, changed = nodes[reader].entry, nodes[index]
    for name, (source, _) in zip(_named_layers(entry), nodes[reader].shape_sources, strict=False):
        requires = field_metadata(entry.kind, LayerReference)[name].requires if entry.kind is not None else ""
        if source == index and requires and not getattr(changed.entry.kind, requires, False):
            raise QuantityError(
                f"{changed.id} as {changed.entry.op} does not {_verb(requires)}, which {nodes[reader].id} needs"
            )


def _verb(requires: str) -> str:
    """`returns_indices` as "return indices"."""
    return requires.replace("_", " ").replace("returns", "return", 1)


def counted_as(report: Report, layer: LayerReport, fields: Fields) -> LayerReport:
    """The layer's numbers if it had other fields or another kind at the same input. Raises `QuantityError`."""
    try:
        values = {name: _evaluated(value, layer) for name, value in fields.items() if name != "op"}
    except ExpressionError as error:
        raise QuantityError(f"{layer.id} as {fields.get('op', layer.op)}: {error}") from None
    if "op" not in fields:
        values = fields_of(layer.counts.layer) | values
    node = _changed_node(layer.node, {"op": fields.get("op", layer.op)} | values)
    counts = _counts_alone(report.graph, node, layer.counts.inputs)
    return layer.with_counts(node, counts)


def _counts_alone(graph: Graph, node: Node, volumes: tuple[Volume, ...]) -> LayerCounts:
    """The counts of a layer that reads these volumes, alone. Raises `QuantityError` if it does not fit."""
    alone = copy(node)
    read = len(node.sources)
    alone.sources = tuple(-1 - index for index in range(read))
    alone.shape_sources = tuple((-1 - read - index, role) for index, (_, role) in enumerate(node.shape_sources))
    alone.tied_to = None
    inputs = {f"input {number}": list(volume) for number, volume in enumerate(volumes, 1)}
    result = walk(replace(graph, nodes=[alone], inputs=inputs))
    (counts,) = result.counts
    if counts is None:
        raise QuantityError("; ".join(problem.message for problem in result.problems))
    return counts


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
    known = {"in_channels": int(layer.counts.first_input.channels), "out_channels": int(layer.output.channels)}
    expression = Expression(value)
    return expression.evaluate(known.__getitem__) if expression.names <= known.keys() else value
