"""Checks the layers that other layers name: each must have the property that the naming field requires."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache

from archcalc.errors import Problem, suggest
from archcalc.graph.nodes import Node
from archcalc.layers._base import field_metadata
from archcalc.layers._fields import LayerReference


def reference_problems(nodes: list[Node], named_layers: list[list[int | None]]) -> Iterator[Problem]:
    """Fields that name a layer without the property they require; `named_layers` are those of each node's fields, in order."""

    @cache  # a repeated layer repeats its mistake, and many layers may name the same one
    def out(name: str, requires: str) -> str:
        known = [node.id for node in nodes if getattr(node.entry.kind, requires, False)]
        return suggest(name, known) if known else ""

    for node, named in zip(nodes, named_layers, strict=True):
        if named and node.entry.kind is not None:
            yield from _wrong_kinds(nodes, node, named, out)


def _wrong_kinds(nodes: list[Node], node: Node, named: list[int | None], out: Callable[[str, str], str]) -> Iterator[Problem]:
    """The problems of one node, which then reads nothing, so that it is not computed and causes no others.

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
            yield Problem("ARC141", message, node.entry.mark(key), tuple(filter(None, [out(name, requires)])))
