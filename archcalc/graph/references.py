"""Checks the layers that other layers name: each must have the property that the naming field requires."""

from __future__ import annotations

from functools import partial

from archcalc.errors import Problems
from archcalc.graph.nodes import Node
from archcalc.layers._base import field_metadata
from archcalc.layers._fields import LayerReference
from archcalc.suggestions import suggest


def check_references(nodes: list[Node], named_layers: list[list[int | None]], problems: Problems) -> None:
    """Report fields that name a layer without the property they require; `named_layers` are those of each node's fields."""
    for node, named in zip(nodes, named_layers, strict=True):
        if named and node.entry.kind is not None:
            _check_kinds(nodes, node, named, problems)


def _check_kinds(nodes: list[Node], node: Node, named: list[int | None], problems: Problems) -> None:
    """Check the layers that one node names; if one is wrong, the node reads nothing, so that it causes no other problems.

    A network input is accepted: what it requires may exist outside the network.
    """
    assert node.entry.kind is not None
    references = field_metadata(node.entry.kind, LayerReference).items()
    fields = [(key, reference.requires) for key, reference in references if isinstance(node.entry.fields.get(key), str)]
    for index, (key, requires) in zip(named, fields, strict=True):
        if requires and index is not None and index >= 0 and not getattr(nodes[index].entry.kind, requires, False):
            node.sources = ()
            name = str(node.entry.fields[key])
            message = f"{key}: {name} is not a layer that {requires.replace('_', ' ')}"
            problems.add("ARC141", node.entry.mark(key), message, partial(_others, nodes, requires, name))


def _others(nodes: list[Node], requires: str, name: str) -> str:
    """The layers that have a property, as a way out."""
    known = [node.id for node in nodes if getattr(node.entry.kind, requires, False)]
    return suggest(name, known) if known else ""
