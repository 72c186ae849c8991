"""What the expansion leaves to be resolved by name: references, what each layer reads, and blocks that share weights."""

from __future__ import annotations

from typing import NamedTuple

from archcalc.description.document import ParsedEntry
from archcalc.graph.namespace import Namespace
from archcalc.graph.output_ref import OutputRef


class Reference(NamedTuple):
    """A name in an entry's `key` that stands for an output; the layer with that name may be defined further down."""

    output_ref: OutputRef
    name: str
    entry: ParsedEntry
    key: str
    namespace: Namespace


class NodeSources(NamedTuple):
    """What one layer reads, as references that are not resolved yet."""

    sources: tuple[OutputRef, ...]
    shape_sources: list[tuple[OutputRef, str]]
    tied_to: OutputRef | None


class TiedBlock(NamedTuple):
    """A use of a block with `weights_of`: the layers inside, the prefix of their ids, and where the name is looked up."""

    layers: range
    prefix: str
    entry: ParsedEntry
    namespace: Namespace
