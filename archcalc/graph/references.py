"""Layers that other layers name for what they remember: only such as remember it."""

from __future__ import annotations

from collections.abc import Iterator

from archcalc.errors import Problem, suggest
from archcalc.graph.nodes import Node
from archcalc.layers._base import marked
from archcalc.layers._fields import LayerReference


def reference_problems(nodes: list[Node], named: list[list[int | None]]) -> Iterator[Problem]:
    """What is wrong with the layers that each node names; `named` are those of its fields, in their order."""
    for node, found in zip(nodes, named, strict=True):
        yield from _wrong_kind(nodes, node, found)


def _wrong_kind(nodes: list[Node], node: Node, found: list[int | None]) -> Iterator[Problem]:
    """Fields that name a layer without the property they ask for. A network input may have it from outside."""
    if node.entry.kind is None:
        return
    names = marked(node.entry.kind, LayerReference).items()
    fields = [(key, reference.which) for key, reference in names if key in node.entry.fields]
    for at, (key, which) in zip(found, fields, strict=True):
        if which and at is not None and at >= 0 and not getattr(nodes[at].entry.kind, which, False):
            name = str(node.entry.fields[key])
            known = [other.id for other in nodes if getattr(other.entry.kind, which, False)]
            message = f"{key}: {name} is not a layer that {which.replace('_', ' ')}"
            yield Problem("ARC141", message, node.entry.at(key), (suggest(name, known),) if known else ())
