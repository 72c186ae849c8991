"""Layers that other layers name, for their weights or for what they remember: only such as have it."""

from __future__ import annotations

from collections.abc import Iterator

from archcalc.errors import Problem, suggest
from archcalc.graph.nodes import Node
from archcalc.layers._base import declaration


def naming_problems(nodes: list[Node], named: list[list[int | None]]) -> Iterator[Problem]:
    """What is wrong with the layers that each node names; `named` are those of its fields, in their order.

    Weights that cannot be shared are taken as the node's own, so that the walk can go on.
    """
    for at, (node, found) in enumerate(zip(nodes, named, strict=True)):
        yield from _wrong_kind(nodes, node, found)
        if (why := _no_owner(nodes, at)) is not None:
            message = f"weights_of: {node.entry.weights_of}: {why}"
            yield Problem("ARC142", message, node.entry.at("weights_of"))
            node.shares = None


def _wrong_kind(nodes: list[Node], node: Node, found: list[int | None]) -> Iterator[Problem]:
    """Fields that name a layer without the property they ask for."""
    if node.entry.kind is None:
        return
    names = declaration(node.entry.kind).names.items()
    fields = [(key, holds.which) for key, holds in names if key in node.entry.fields]
    for at, (key, which) in zip(found, fields, strict=True):
        if which and at is not None and not (at >= 0 and getattr(nodes[at].entry.kind, which, False)):
            name = str(node.entry.fields[key])
            known = [other.id for other in nodes if getattr(other.entry.kind, which, False)]
            message = f"{key}: {name} is no layer that {which.replace('_', ' ')}"
            yield Problem("ARC141", message, node.entry.at(key), (suggest(name, known),))


def _no_owner(nodes: list[Node], at: int) -> str | None:
    """Why the weights a node shares belong to no layer in the end."""
    seen = {at}
    owner = nodes[at].shares
    while owner is not None:
        if owner < 0:
            return "a network input has no weights"
        if owner in seen:
            return "the layers use each other's weights in a circle"
        seen.add(owner)
        owner = nodes[owner].shares
    return None
