"""Printed numbers that YAML splits at a comma: in braces, `{printed: 138,357,544}` is three entries."""

from __future__ import annotations

from archcalc.description.source import MappingNode, Node, ScalarNode

PRINTED_KEYS = ("printed", "at_most", "at_least")
"""The keys of a claim that hold a printed number."""


def split_number(node: Node) -> tuple[Node, str, str] | None:
    """The value of a printed number that is followed by keys of digits without a value, its key, and the whole text."""
    pairs = node.value if isinstance(node, MappingNode) else []
    for index, (key, value) in enumerate(pairs):
        if key.value in PRINTED_KEYS and isinstance(value, ScalarNode):
            parts = [value.value]
            for other, nothing in pairs[index + 1 :]:
                if not (isinstance(other.value, str) and other.value[:1].isdigit() and nothing.value == ""):
                    break
                parts.append(other.value)
            if len(parts) > 1:
                return value, key.value, ",".join(parts)
    return None
