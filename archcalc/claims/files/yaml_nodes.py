"""Reads the nodes of a claims file as plain values; malformed ones are reported at their places."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

from archcalc.claims.files.places import Places
from archcalc.description import values
from archcalc.description.nodes import NodeReader
from archcalc.description.source import Node, ScalarNode, SequenceNode, Source
from archcalc.errors import Detail, Mark


class YamlNodes(NodeReader):
    """Reads the nodes of one claims file and collects their problems."""

    malformed = "ARC413"
    unknown = repeated = "ARC414"
    unreadable = too_long = "ARC415"
    thousands = True

    def __init__(self, source: Source) -> None:
        super().__init__(source)
        self.places = Places(source)
        self._faults = 0

    @property
    def faults(self) -> int:
        """How many problems have left something unread, of which one in an inherited key counts for every claim with it."""
        return self._faults

    def problem(self, code: str, place: Node | Mark, message: str, *details: Detail) -> None:
        """Report a problem at a node, or at a mark, once."""
        self._faults += 1
        super().problem(code, place, message, *details)

    def slip(self, code: str, place: Node | Mark, message: str, *details: Detail) -> None:
        """Report a problem whose meaning is clear, once: it is no fault."""
        before = self._faults
        super().slip(code, place, message, *details)
        self._faults = before

    def text(self, node: Node | str | None) -> str:
        """The text of a node; a text inherited from a group is unchanged."""
        return node if isinstance(node, str) else super().text(node)

    def number(self, node: Node) -> int | Fraction | str | None:
        """A number, or another value as its text; None, and a problem, where it is malformed."""
        value = self.value(node)
        return value if value is None or isinstance(value, (int, Fraction)) else str(value)

    def shape(self, node: Node) -> tuple[int, ...] | None:
        """The sizes of an input, channels first: `3x160x160` or a list; None, and a problem, where it is malformed."""
        text = "x".join(map(self.text, node.value)) if isinstance(node, SequenceNode) else self.text(node)
        sizes = values.shape(text)
        if sizes is None:
            self.problem("ARC415", node, "an input has 1 to 4 sizes, channels first", "write input: 3x160x160")
        return sizes

    def plain(self, node: Node) -> Any:
        """The value of a layer's field: a number, a word, sizes, or a list of these as a tuple."""
        if isinstance(node, SequenceNode):
            return tuple(self.plain(item) for item in node.value)
        is_shape = isinstance(node, ScalarNode) and re.fullmatch(r"\d+([x×]\d+)+", node.value)
        return self.shape(node) if is_shape else self.number(node)
