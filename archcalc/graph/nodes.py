"""The flat graph as data: layers with what they read, and the tree of blocks they came from."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from math import prod
from typing import Any, NamedTuple, TypeAlias

from archcalc.description.document import Document, ParsedEntry
from archcalc.errors import Problem
from archcalc.graph.scope import Scope
from archcalc.layers._base import Layer


class Limits(NamedTuple):
    """Bounds on the layers, nested blocks and edges of a graph, so that no file can exhaust time or memory."""

    layers: int = 200_000
    nesting: int = 64
    edges: int = 2_000_000

    @property
    def entries(self) -> int:
        """The layers and blocks that an expansion may visit, used or dropped."""
        return 2 * self.layers


@dataclass(frozen=True, eq=False)
class Group:
    """One use of a block, or one copy of a repeated one: a node of the tree that tables fold."""

    name: str
    op: str
    parent: Group | None
    entry: ParsedEntry
    """The entry that uses the block."""
    copy: int = 0
    """Which copy of `repeat` it is, from 1; 0 if it is not repeated."""
    parallel: int = 1
    """So many copies side by side, which this one stands for."""
    active: int = 1
    """How many of them each position uses."""

    @property
    def shared_name(self) -> str:
        """The id of its entry, which all copies share; copies that the id counts (`layer1..4`) have names of their own."""
        return self.name if self.entry.counted or not self.copy else self.name.rpartition(".")[0]

    @property
    def ancestors(self) -> tuple[Group, ...]:
        """The groups around it, the outermost first."""
        ancestors, group = [], self.parent
        while group is not None:
            ancestors.append(group)
            group = group.parent
        return tuple(reversed(ancestors))

    @property
    def copies(self) -> tuple[int, int]:
        """How many copies side by side it stands for, in all blocks around it, and how many of them each position uses."""
        groups = (*self.ancestors, self)
        return prod(group.parallel for group in groups), prod(group.active for group in groups)

    @property
    def path(self) -> tuple[str, ...]:
        """The names from the outermost group inwards."""
        return tuple(group.name for group in (*self.ancestors, self))


class Node:
    """One layer of the flat graph. `sources` are the indices of the layers it reads (network input i: −1 − i)."""

    __slots__ = ("dropped", "entry", "group", "id", "layer", "name", "scope", "shape_sources", "sources", "tied_to")

    def __init__(self, entry: ParsedEntry, identity: str, name: str, group: Group | None, scope: Scope) -> None:
        self.entry = entry
        self.id = identity
        self.name = name
        self.group = group
        self.scope = scope
        self.layer: Layer | None = entry.layer
        self.sources: tuple[int, ...] = ()
        self.dropped: tuple[str, ...] = ()
        """The dropped layers among several that its `inputs` name, as named there."""
        self.shape_sources: tuple[tuple[int, str], ...] = ()
        """Layers of which it uses only a volume, and which one: `input` or `output`."""
        self.tied_to: int | None = None
        """The layer whose weights it uses, None if it has its own."""

    @property
    def named_inputs(self) -> int:
        """How many volumes its description names, with those of dropped layers that are left out."""
        left_out = self.entry.kind is not None and self.entry.kind.leaves_out_dropped
        return len(self.sources) + (len(self.dropped) if left_out else 0)

    @property
    def groups(self) -> tuple[Group, ...]:
        """The groups around it, the outermost first."""
        return (*self.group.ancestors, self.group) if self.group else ()

    @property
    def path(self) -> tuple[str, ...]:
        """The names of the groups around it and its own name, last."""
        return (*(self.group.path if self.group else ()), self.name)

    @property
    def blocks(self) -> tuple[str, ...]:
        """The ids of the blocks around it, the outermost first; `b` too, around the copies `b.1`, `b.2` … of a repeated
        block or layer.
        """
        # Names contain no dot, so that each one in an id ends the id of a block around the layer.
        return tuple(accumulate(self.id.split(".")[:-1], "{}.{}".format))


PARTS = ("weights", "biases")
"""The parts of a layer's parameters, which are shared and frozen each by itself; statistics go with the biases."""
Frozen: TypeAlias = dict[int, frozenset[str]]
"""The layers that are not trained, or not wholly, each with its frozen parts."""


@dataclass
class Graph:
    """The layers of a network, each after what it reads; `inputs` are the shapes of its inputs by name."""

    document: Document
    nodes: list[Node]
    inputs: dict[str, list[Any]]
    variables: dict[str, Any]
    frozen: Frozen
    problems: list[Problem]

    @cached_property
    def readers(self) -> dict[int, list[int]]:
        """For each layer or network input (−1 − i) that is read, the layers that read its values, in order."""
        return _by_source((index, node.sources) for index, node in enumerate(self.nodes))

    @cached_property
    def exchanged(self) -> frozenset[int]:
        """The layers in whose output the positions of the description are channels, as between two transpositions."""
        exchanged: set[int] = set()
        for index, node in enumerate(self.nodes):
            before = any(source in exchanged for source in node.sources[:1])
            if before != (node.entry.kind is not None and node.entry.kind.exchanges_positions):
                exchanged.add(index)
        return frozenset(exchanged)

    @cached_property
    def named_by(self) -> dict[int, list[int]]:
        """For each layer or network input that others name for its size or its indices, these layers, in order."""
        return _by_source((index, (source for source, _ in node.shape_sources)) for index, node in enumerate(self.nodes))

    @cached_property
    def blocks(self) -> dict[str, list[int]]:
        """For each id of `Node.blocks` the layers inside, in order."""
        blocks: dict[str, list[int]] = {}
        for index, node in enumerate(self.nodes):
            for block in node.blocks:
                blocks.setdefault(block, []).append(index)
        return blocks

    @cached_property
    def owners(self) -> dict[str, list[int | None]]:
        """For each of `PARTS` what `part_owners` returns."""
        return {part: part_owners(self.nodes, part) for part in PARTS}

    def owner_of(self, index: int, part: str) -> int:
        """The layer at which the `weights` or `biases` of a layer are counted: itself, if it has its own."""
        owner = self.owners[part][index]
        return index if owner is None else owner

    @property
    def name(self) -> str:
        """The network's name, or that of its file."""
        return self.document.name or os.path.basename(self.document.origin.path).removesuffix(".yaml")


def part_owners(nodes: list[Node], part: str) -> list[int | None]:
    """For each layer the one whose `weights` or `biases` it uses in the end, itself if it has its own.

    Layers of one kind share all they have, layers of different kinds their weights alone. None if its chain of `weights_of`
    ends in a cycle or an input. Each link is followed once, those out of the list not at all.
    """
    owners: dict[int, int | None] = {}
    for index in range(len(nodes)):
        chain: list[int] = []
        while index >= 0 and index not in owners and (link := _link(nodes, index, part)) is not None:
            owners[index] = None  # what leads back here is a cycle
            chain.append(index)
            index = link
        owner = owners.setdefault(index, index) if index >= 0 else None
        owners.update(dict.fromkeys(chain, owner))
    return [owners[index] for index in range(len(nodes))]


def _link(nodes: list[Node], index: int, part: str) -> int | None:
    """The layer or input whose part a layer uses; None if it has its own."""
    link = nodes[index].tied_to
    if link is None or link >= len(nodes):
        return None
    is_own = part == "biases" and link >= 0 and nodes[link].entry.kind is not nodes[index].entry.kind
    return None if is_own else link


def _by_source(edges: Iterable[tuple[int, Iterable[int]]]) -> dict[int, list[int]]:
    """Edges by their source; a layer that reads the same source twice is listed once."""
    readers: dict[int, list[int]] = {}
    for index, sources in edges:
        for source in dict.fromkeys(sources):
            readers.setdefault(source, []).append(index)
    return readers


def name_of(graph: Graph, index: int) -> str:
    """The id of a layer, or the name of network input i by its index −1 − i."""
    return graph.nodes[index].id if index >= 0 else list(graph.inputs)[-1 - index]
