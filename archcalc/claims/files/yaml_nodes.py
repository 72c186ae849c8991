"""YAML nodes as plain values. What is not what it should be is reported at its place; the rest is still read."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

from archcalc.description.source import MappingNode, Node, ScalarNode, SequenceNode, Source
from archcalc.description.values import ReadingError, scalar
from archcalc.errors import Mark, Problem, suggest


class YamlNodes:
    """The nodes of one file, and the problems found in them."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.lines = source.text.split("\n")
        self.problems: list[Problem] = []

    def problem(self, code: str, node: Any, message: str, *details: str) -> None:
        mark = node if isinstance(node, Mark) else self.source.mark(node)
        self.problems.append(Problem(code, message, mark, tuple(filter(None, details))))

    def line(self, mark: Mark) -> str:
        return self.lines[mark.line - 1] if 0 < mark.line <= len(self.lines) else ""

    def mapping(self, node: Node, what: str, known: tuple[str, ...] | None = None) -> dict[str, Any]:
        if not isinstance(node, MappingNode):
            self.problem("ARC413", node, f"{what} is a mapping of names to values", "write {name: value, …}")
            return {}
        found: dict[str, Any] = {}
        for key, value in node.value:
            name = key.value if isinstance(key, ScalarNode) else ""
            if not name or name in found or (known is not None and name not in known):
                wrong = f"{name} is there twice" if name in found else f"{what} has no key {name}"
                self.problem("ARC414", key, wrong, suggest(name, known) if known and name not in found else "")
            else:
                found[name] = value
        return found

    def text(self, node: Node | str | None) -> str:
        if node is None or isinstance(node, str):
            return node or ""
        if isinstance(node, ScalarNode):
            return str(node.value)
        self.problem("ARC413", node, "this is a single text")
        return ""

    def value(self, node: Node) -> int | Fraction | str | None:
        try:
            value = scalar(self.text(node))
        except ReadingError as error:
            self.problem("ARC415", node, str(error), error.out)
            return None
        return value if isinstance(value, (int, Fraction)) else str(value)

    def shape(self, node: Node) -> tuple[int, ...] | None:
        text = "x".join(map(self.text, node.value)) if isinstance(node, SequenceNode) else self.text(node)
        if not re.fullmatch(r"[1-9]\d{0,9}([x×][1-9]\d{0,9}){0,3}", text):
            self.problem("ARC415", node, "an input has 1 to 4 sizes, channels first", "write input: 3x160x160")
            return None
        return tuple(int(size) for size in re.split("[x×]", text))

    def plain(self, node: Node) -> Any:
        """Mappings and lists of values, for a cause that needs them."""
        if isinstance(node, MappingNode):
            return {name: self.plain(value) for name, value in self.mapping(node, "this").items()}
        if isinstance(node, SequenceNode):
            return [self.plain(item) for item in node.value]
        return self.shape(node) if re.fullmatch(r"\d+([x×]\d+)+", node.value) else self.value(node)
