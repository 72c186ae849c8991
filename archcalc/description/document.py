"""A description that was read: what is written, typed but not yet evaluated, each value with its place."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from archcalc.description.source import Source, element
from archcalc.errors import Mark
from archcalc.layers._base import Layer

REQUIRED = object()
"""A block's argument that has to be given."""


class PlacedEntry:
    """One line of `layers`: the use of a layer kind or of a block.

    `fields` holds values as written (numbers, words, lists, expressions); `layer` is the finished layer where no
    expression stands in the way; `node` and `nodes` know the places of the entry and of the values in it.
    """

    __slots__ = (
        "broken",
        "fields",
        "id",
        "inputs",
        "kind",
        "layer",
        "node",
        "nodes",
        "op",
        "repeat",
        "source",
        "weights_of",
        "when",
    )

    def __init__(self, source: Source, node: Any) -> None:
        self.source = source
        self.node = node
        self.nodes: dict[str, Any] = {}
        self.op = ""
        self.id = ""
        self.broken = False
        self.kind: type[Layer] | None = None
        self.layer: Layer | None = None
        self.fields: dict[str, Any] = {}
        self.inputs: list[str] | None = None
        self.repeat: Any = None
        self.when: Any = True
        self.weights_of: str | None = None

    def at(self, key: str = "", *indices: int | str) -> Mark:
        """The place of a key's value, of a part of it by its indices, or of the entry if it has none."""
        return self.source.mark(element(self.nodes.get(key, self.node), indices))


@dataclass
class PlacedBlock:
    """A named sequence of layers with arguments, used like a kind."""

    name: str
    arguments: dict[str, Any] = field(default_factory=dict)
    inputs: list[str] = field(default_factory=lambda: ["input"])
    layers: list[PlacedEntry] = field(default_factory=list)


@dataclass
class Document:
    """A whole description. `claims` and `figure` stay as they are for the rooms that read them."""

    text: Source
    name: str = ""
    source: str = ""
    variables: dict[str, Any] = field(default_factory=dict)
    inputs: dict[str, list[Any]] = field(default_factory=dict)
    blocks: dict[str, PlacedBlock] = field(default_factory=dict)
    layers: list[PlacedEntry] = field(default_factory=list)
    frozen: list[str] = field(default_factory=list)
    nodes: dict[str, Any] = field(default_factory=dict)
    opaque: dict[str, Any] = field(default_factory=dict)
