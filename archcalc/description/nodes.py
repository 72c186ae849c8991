"""The reader of nodes for all files: mappings, texts and values, with a problem at the place of each that is not."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from archcalc.description.source import MappingNode, Node, ScalarNode, SequenceNode, Source
from archcalc.description.values import ANY, ReadingError, plain_or_scalar
from archcalc.errors import Mark, Problems, suggest
from archcalc.layers._types import FieldSyntax


class NodeReader:
    """Reads the nodes of one source. Malformed nodes are reported; the others are still read.

    A subclass for one kind of file defines the codes of its problems.
    """

    malformed: ClassVar[str]
    """The code of a node that is not a mapping, a text or a value where one is needed."""
    unknown: ClassVar[str]
    """The code of a key that is not known."""
    repeated: ClassVar[str]
    """The code of a key that occurs twice."""
    unreadable: ClassVar[str]
    """The code of a value that is neither a number nor a word nor an expression."""
    too_long: ClassVar[str]
    """The code of a text with more characters than `max_text`."""
    max_text: ClassVar[int] = 64 * 2**20
    max_lists: ClassVar[int] = 0
    """Lists in lists that a value may be."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.problems = Problems()
        self.names_defined: set[str] = set()
        """The names of variables and arguments read so far; one of them may be `on`."""
        self._values: dict[tuple[FieldSyntax, str], Any] = {}

    def problem(self, code: str, place: Node | Mark, message: str, *details: str) -> None:
        """Report a problem at a node, or at a mark."""
        mark = place if isinstance(place, Mark) else self.source.mark(place)
        self.problems.add(code, mark, message, *details)

    def mapping(
        self,
        node: Node,
        what: str,
        known: Iterable[str] | None = None,
        of: str = "names to values",
        out: str = "write {name: value, …}",
    ) -> dict[str, Node]:
        """The values of a mapping by their keys, without repeated keys and, with `known`, without unknown ones."""
        if not isinstance(node, MappingNode):
            self.problem(self.malformed, node, f"{what} is a mapping of {of}", out)
            return {}
        values: dict[str, Node] = {}
        for key, value in node.value:
            name = key.value
            if not isinstance(name, str) or key.tag == "tag:yaml.org,2002:merge":
                self.problem(self.malformed, key, "a key is a plain name")
            elif name in values:
                self.problem(self.repeated, key, f"{name} is there twice", "keep one of them")
            elif known is not None and name not in known:
                self.problem(self.unknown, key, f"{what} has no key {name}", suggest(name, known))
            else:
                values[name] = value
        return values

    def text(self, node: Node | None) -> str:
        """The text of a node; empty without a node."""
        if node is None:
            return ""
        if not isinstance(node, ScalarNode):
            self.problem(self.malformed, node, "this is a single text")
            return ""
        text: str = node.value
        if len(text) > self.max_text:
            sentence = f"a text has at most {self.max_text:,} characters, this one {len(text):,}"
            self.problem(self.too_long, node, sentence)
            return ""
        return text

    def texts(self, node: Node) -> list[str]:
        """A list of texts, or a single one."""
        if isinstance(node, SequenceNode):
            return [self.text(item) for item in node.value]
        return [self.text(node)]

    def value(self, node: Node, syntax: FieldSyntax = ANY, depth: int = 0) -> Any:
        """A number, truth value, word, expression, or a list of these; None if it cannot be read."""
        if isinstance(node, SequenceNode) and depth < self.max_lists:
            return [self.value(item, syntax, depth + 1) for item in node.value]
        if not isinstance(node, ScalarNode):
            self.problem(self.malformed, node, "a value is a number, a word, an expression or a list")
            return None
        key = syntax, node.value
        if key not in self._values:
            try:
                self._values[key] = plain_or_scalar(node.value, syntax, self.names_defined)
            except ReadingError as error:
                self.problem(self.unreadable, node, str(error), error.out)
                return None
        return self._values[key]
