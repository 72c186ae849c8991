"""Nodes of a claims file as plain values. What is not what it should be is reported at its place."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

from archcalc.description import values
from archcalc.description.nodes import NodeReader
from archcalc.description.source import MappingNode, Node, SequenceNode, Source
from archcalc.errors import Mark


class YamlNodes(NodeReader):
    """The nodes of one claims file, and the problems found in them."""

    malformed = "ARC413"
    unknown = repeated = "ARC414"
    unreadable = too_long = "ARC415"

    def __init__(self, source: Source) -> None:
        super().__init__(source)
        self.lines = source.text.split("\n")

    def line(self, mark: Mark) -> str:
        """The line of a place as it is written."""
        return self.lines[mark.line - 1] if 0 < mark.line <= len(self.lines) else ""

    def text(self, node: Node | str | None) -> str:
        """The text of a node; a text that a group hands down is one already."""
        return node if isinstance(node, str) else super().text(node)

    def number(self, node: Node) -> int | Fraction | str | None:
        """A number, or another value as its text; None where it cannot be read."""
        value = self.value(node)
        return value if value is None or isinstance(value, (int, Fraction)) else str(value)

    def shape(self, node: Node) -> tuple[int, ...] | None:
        """The sizes of an input, channels first: `3x160x160` or a list."""
        written = "x".join(map(self.text, node.value)) if isinstance(node, SequenceNode) else self.text(node)
        sizes = values.shape(written)
        if sizes is None:
            self.problem("ARC415", node, "an input has 1 to 4 sizes, channels first", "write input: 3x160x160")
        return sizes

    def plain(self, node: Node) -> Any:
        """Mappings and lists of values, for a cause that needs them."""
        if isinstance(node, MappingNode):
            return {name: self.plain(value) for name, value in self.mapping(node, "this").items()}
        if isinstance(node, SequenceNode):
            return [self.plain(item) for item in node.value]
        return self.shape(node) if re.fullmatch(r"\d+([x×]\d+)+", node.value) else self.number(node)
