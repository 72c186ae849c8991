"""Reads the nodes of a claims file as plain values; malformed ones are reported at their places."""

from __future__ import annotations

import re
from collections.abc import Iterable
from fractions import Fraction
from itertools import pairwise, takewhile
from typing import Any

from archcalc.claims.files.places import Places
from archcalc.description import values
from archcalc.description.nodes import NodeReader
from archcalc.description.source import MappingNode, Node, ScalarNode, SequenceNode, Source
from archcalc.errors import DescriptionError, Problem

_ENDS_IN_DIGIT = re.compile(r"\d\Z")
_REST = re.compile(r"\d+(?:\D.*)?", re.S)
"""What a comma cuts off a number."""


def _is_rest(key: Node, value: Node) -> bool:
    """Whether an entry of a mapping is nothing but the rest of a number."""
    is_empty = isinstance(value, ScalarNode) and value.value == "" and not value.style
    return is_empty and isinstance(key, ScalarNode) and not key.style and bool(_REST.fullmatch(key.value))


class YamlNodes(NodeReader):
    """Reads the nodes of one claims file and collects their problems."""

    malformed = "ARC413"
    unknown = repeated = "ARC414"
    unreadable = too_long = "ARC415"

    def __init__(self, source: Source) -> None:
        super().__init__(source)
        self.places = Places(source)

    def mapping(
        self,
        node: Node,
        what: str,
        known: Iterable[str] | None = None,
        of: str = "names to values",
        out: str = "write {name: value, …}",
    ) -> dict[str, Node]:
        """The values of a mapping by their keys. Raises `DescriptionError` if a comma in a number has split it."""
        if isinstance(node, MappingNode) and node.flow_style:
            self._refuse_split_number(node)
        return super().mapping(node, what, known, of, out)

    def _refuse_split_number(self, node: MappingNode) -> None:
        """`{printed: 138,357,544}` is three entries for YAML: two of them are digits, without a value."""
        for index, ((_, before), entry) in enumerate(pairwise(node.value), 1):
            if _is_rest(*entry) and isinstance(before, ScalarNode) and _ENDS_IN_DIGIT.search(before.value):
                *_, (last, _) = takewhile(lambda entry: _is_rest(*entry), node.value[index:])
                text = self.source.text[before.start_mark.index : last.end_mark.index].strip()
                message = f"a comma separates entries inside {{ }}: put quotes around {text}"
                raise DescriptionError([Problem("ARC425", message, self.source.mark(before), (f'write "{text}"',))])

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
        """A node as mappings, lists and values."""
        if isinstance(node, MappingNode):
            return {name: self.plain(value) for name, value in self.mapping(node, "this value").items()}
        if isinstance(node, SequenceNode):
            return [self.plain(item) for item in node.value]
        return self.shape(node) if re.fullmatch(r"\d+([x×]\d+)+", node.value) else self.number(node)
