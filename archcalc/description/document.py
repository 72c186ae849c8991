"""A description after reading: typed but not yet evaluated values, each with its place in the source."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from archcalc.description.source import ScalarNode, Source, part_node
from archcalc.errors import ArchcalcError, DescriptionError, Mark, Problem
from archcalc.layers._base import Layer

REQUIRED = object()
"""The default of a block's argument that is required."""


class ParsedEntry:
    """One entry of `layers`: the use of a layer kind or of a block.

    `fields` contains values as written (numbers, words, lists, expressions); `layer` is the finished layer if no field
    is an expression; `node` and `nodes` are the source nodes of the entry and of its values. `broken` says that a
    problem of the entry is reported already.
    """

    __slots__ = (
        "active",
        "blocks",
        "broken",
        "counted",
        "fields",
        "id",
        "inputs",
        "is_open",
        "kind",
        "layer",
        "node",
        "nodes",
        "op",
        "parallel",
        "repeat",
        "source",
        "weights",
        "weights_of",
        "when",
    )

    def __init__(self, source: Source, node: Any) -> None:
        self.source = source
        self.node = node
        self.nodes: dict[str, Any] = {}
        self.blocks: dict[str, ParsedBlock] = {}
        """The blocks that it can use: those of its description."""
        self.op = ""
        self.is_open = False
        """Whether `op` names an argument or variable, so that the fields are read once that holds a kind or block."""
        self.id = ""
        self.counted: tuple[str, int] | None = None
        """With an id such as `layer1..4`, which is the repeat: what its copies' names begin with, and the first number."""
        self.broken = False
        self.kind: type[Layer] | None = None
        self.layer: Layer | None = None
        self.fields: dict[str, Any] = {}
        self.inputs: list[str] | None = None
        self.repeat: Any = None
        self.when: Any = True
        self.weights_of: str | None = None
        self.parallel: Any = None
        self.active: Any = None
        self.weights: str | None = None

    @property
    def reads_nothing(self) -> bool:
        """Whether its kind takes no inputs, so that it is not the layer before the next one."""
        return self.kind is not None and self.kind.max_inputs == 0

    @property
    def values_per_copy(self) -> tuple[Any, ...]:
        """The values that may be expressions and that each copy of a repeat has for itself: all but `repeat`."""
        return (self.when, self.parallel, self.active, *self.fields.values())

    def copy_name(self, copy: int) -> str:
        """The name of a copy by its number, from 1."""
        if self.counted is None:
            return f"{self.id}.{copy}"
        prefix, first = self.counted
        return f"{prefix}{first + copy - 1}"

    def is_own(self, name: str, copies: int) -> bool:
        """Whether a name, such as `b` or `b.conv1`, is that of the entry, of one of its copies, or of a layer inside of it."""
        head = name.partition(".")[0]
        if self.counted is None:
            return head == self.id
        prefix, first = self.counted
        number = head.removeprefix(prefix)
        if not number.isdecimal() or len(head) > len(self.copy_name(copies)):
            return False
        return head == f"{prefix}{int(number)}" and first <= int(number) < first + copies

    def read_as(self, op: str) -> ParsedEntry:
        """A copy with another `op`, whose fields are not read yet."""
        copy = ParsedEntry(self.source, self.node)
        names = ("blocks", "id", "counted", "inputs", "repeat", "when", "weights_of", "parallel", "active", "weights", "broken")
        for name in names:
            setattr(copy, name, getattr(self, name))
        written = self.nodes["op"]
        copy.op = op
        copy.nodes = {**self.nodes, "op": ScalarNode(written.tag, op, written.start_mark, written.end_mark)}
        return copy

    def mark(self, key: str = "", *indices: int | str) -> Mark:
        """The place of a key's value, or of a part of it by its indices; the place of the entry where it has no such key."""
        return self.source.mark(part_node(self.nodes.get(key, self.node), indices))


@dataclass(eq=False)
class ParsedBlock:
    """A named sequence of layers with arguments, used like a kind."""

    name: str
    mark: Mark
    arguments: dict[str, Any] = field(default_factory=dict)
    marks: dict[str, Mark] = field(default_factory=dict)
    """The places of the arguments' defaults."""
    inputs: list[str] = field(default_factory=lambda: ["input"])
    layers: list[ParsedEntry] = field(default_factory=list)
    network: str = ""
    """The name of the network that it is: the layers are those of its description, the arguments its variables."""
    until: str = ""
    given: dict[str, Any] = field(default_factory=dict)
    """Variables of that network that the block sets, by the variables of the description that it is in."""
    given_marks: dict[str, Mark] = field(default_factory=dict)


@dataclass
class Document:
    """A whole description. `opaque` are the nodes of `claims` and `figure`, which other packages read."""

    origin: Source
    name: str = ""
    source: str = ""
    positions: str = ""
    variables: dict[str, Any] = field(default_factory=dict)
    inputs: dict[str, list[Any]] = field(default_factory=dict)
    blocks: dict[str, ParsedBlock] = field(default_factory=dict)
    layers: list[ParsedEntry] = field(default_factory=list)
    frozen: list[str] = field(default_factory=list)
    ignore: list[str] = field(default_factory=list)
    nodes: dict[str, Any] = field(default_factory=dict)
    opaque: dict[str, Any] = field(default_factory=dict)
    sources: dict[str, Source] = field(default_factory=dict)
    """Where the nodes that are not in its own file come from."""
    texts: dict[str, str] = field(default_factory=dict)
    """The texts of the other files that it is made of, by their paths in messages."""

    def source_of(self, key: str) -> Source:
        """The source of the node of a key: its own file, or that of the network that it extends."""
        return self.sources.get(key, self.origin)

    def mark(self, key: str, *indices: int) -> Mark:
        """The place of the value of a key, or of a part of it by its indices."""
        return self.source_of(key).mark(part_node(self.nodes[key], indices))

    def error(self, problems: Iterable[Problem], kind: type[ArchcalcError] = DescriptionError) -> ArchcalcError:
        """Problems of the description as an error, which quotes the lines of the files that it is made of."""
        return kind(problems, self.origin.text, self.texts)
