"""The flat graph as data: layers with what they read, and the tree of blocks they came from."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any

from archcalc.description.document import Document, PlacedEntry
from archcalc.errors import Problem
from archcalc.graph.output_ref import OutputRef
from archcalc.graph.scope import Scope
from archcalc.layers._base import Layer


@dataclass(frozen=True)
class Limits:
    """Bounds that keep a hostile file from eating time and memory; each is an option of the command line."""

    layers: int = 200_000
    nesting: int = 64
    edges: int = 2_000_000


@dataclass(frozen=True, eq=False)
class Group:
    """A node of the tree that tables fold: the use of a block, or one copy of a repeated one."""

    name: str
    op: str
    parent: Group | None
    copy: int = 0
    """Which copy of `repeat` it is, from 1; 0 if it is not repeated."""

    @property
    def blocks(self) -> list[str]:
        """The blocks it stands in and its own, from the outermost inwards."""
        found, group = [self.op], self.parent
        while group is not None:
            found.append(group.op)
            group = group.parent
        return found[::-1]

    @property
    def path(self) -> tuple[str, ...]:
        """The names from the outermost group inwards."""
        names, group = [self.name], self.parent
        while group is not None:
            names.append(group.name)
            group = group.parent
        return tuple(reversed(names))


class Node:
    """One layer of the flat graph. `sources` are the layers it reads (network inputs: −1 − i)."""

    __slots__ = ("_ports", "entry", "group", "id", "layer", "name", "scope", "shape_sources", "sources", "tied_to")

    def __init__(self, entry: PlacedEntry, identity: str, name: str, group: Group | None, scope: Scope) -> None:
        self.entry = entry
        self.id = identity
        self.name = name
        self.group = group
        self.scope = scope
        self.layer: Layer | None = entry.layer
        self.sources: tuple[int, ...] = ()
        self.shape_sources: tuple[tuple[int, str], ...] = ()
        """Layers that give a volume only, and which one of theirs: `input` or `output`."""
        self.tied_to: int | None = None
        """The layer whose weights it uses."""
        self._ports: tuple[tuple[OutputRef, ...], list[tuple[OutputRef, str]], OutputRef | None] = ((), [], None)

    @property
    def path(self) -> tuple[str, ...]:
        """Where it stands in the tree of groups, its own name last."""
        return (*(self.group.path if self.group else ()), self.name)


@dataclass
class Graph:
    """The layers of a network, each after what it reads; `inputs` are the volumes that arrive from outside."""

    document: Document
    nodes: list[Node]
    inputs: dict[str, list[Any]]
    variables: dict[str, Any]
    frozen: frozenset[int]
    problems: list[Problem]

    @property
    def name(self) -> str:
        return self.document.name or os.path.basename(self.document.text.path).removesuffix(".yaml")


def name_of(graph: Graph, at: int) -> str:
    """The id of a layer, or the name of the network input that a negative number stands for."""
    return graph.nodes[at].id if at >= 0 else list(graph.inputs)[-1 - at]
