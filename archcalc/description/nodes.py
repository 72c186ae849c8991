"""The reader of nodes for all files: mappings, texts and values, with a problem at the place of each that is not."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Any, ClassVar

from archcalc.description.slips import joined_entries
from archcalc.description.source import MappingNode, Node, ScalarNode, SequenceNode, Source
from archcalc.description.values import ANY, ReadingError, plain_or_scalar
from archcalc.errors import Detail, Mark, Problems
from archcalc.layers._types import FieldSyntax
from archcalc.suggestions import clear_match, suggest

_WORDS = re.compile(r"[^\s,+*/%()\[\]]+")
"""What may be a name in an expression, whatever its characters."""


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
    thousands: ClassVar[bool] = False
    """Whether texts may be numbers with commas between thousands, as in `printed: "138,357,544"`."""
    max_lists: ClassVar[int] = 0
    """Lists in lists that a value may be."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.problems = Problems()
        self.understood = 0
        """Problems whose meaning is clear nevertheless: what was meant is read, and the rest of its part stays sound."""
        self.names_defined: set[str] = set()
        """The names of variables and arguments read so far; one of them may be `on`."""
        self.words_refused: set[str] = set()
        """What is declared as a name and cannot be one: that is reported there, so that a value with it is not."""
        self._values: dict[tuple[FieldSyntax, str], Any] = {}

    @property
    def faults(self) -> int:
        """How many problems have left something unread so far."""
        return self.problems.total - self.understood

    def problem(self, code: str, place: Node | Mark, message: str, *details: Detail) -> None:
        """Report a problem at a node, or at a mark."""
        mark = place if isinstance(place, Mark) else self.source.mark(place)
        self.problems.add(code, mark, message, *details)

    def slip(self, code: str, place: Node | Mark, message: str, *details: Detail) -> None:
        """Report a problem whose meaning is clear: reading goes on with what was meant."""
        before = self.problems.total
        self.problem(code, place, message, *details)
        self.understood += self.problems.total - before

    def mapping(
        self,
        node: Node,
        what: str,
        known: Collection[str] | None = None,
        of: str = "names to values",
        out: str = "write {name: value, …}",
    ) -> dict[str, Node]:
        """The values of a mapping by their keys, without repeated keys and, with `known`, without unknown ones.

        A misspelt key is read as the known one that it clearly stands for.
        """
        if not isinstance(node, MappingNode):
            self.problem(self.malformed, node, f"{what} is a mapping of {of}", out)
            return {}
        values: dict[str, Node] = {}
        misspelt: list[tuple[Node, Node]] = []
        for key, value in self.entries_of(node, known):
            name = key.value
            if not isinstance(name, str) or key.tag == "tag:yaml.org,2002:merge":
                self.problem(self.malformed, key, "a key is a plain name")
            elif name in values:
                self.problem(self.repeated, key, f"{name} is there twice", "keep one of them")
            elif known is not None and name not in known:
                misspelt.append((key, value))
            else:
                values[name] = value
        for key, value in misspelt:
            self.misspelt(key, value, what, known or (), values)
        return values

    def misspelt(self, key: Node, value: Node, what: str, known: Collection[str], values: dict[str, Node]) -> None:
        """Report an unknown key, and enter its value under the key that it clearly stands for."""
        text = f"{what} has no key {key.value}"
        meant = None if self.problems.is_full else self.meant_key(key.value, [name for name in known if name not in values])
        if meant is None:
            self.problem(self.unknown, key, text, lambda: suggest(key.value, known))
        else:
            self.slip(self.unknown, key, text, f"did you mean {meant}?")
            values[meant] = value

    def meant_key(self, word: str, free: Collection[str]) -> str | None:
        """The key, among those that are not taken, that an unknown one clearly stands for."""
        return clear_match(word, free)

    def entries_of(self, node: MappingNode, known: Collection[str] | None) -> Iterator[tuple[Node, Node]]:
        """The entries of a mapping; a value that its commas have cut into entries is joined, and reported."""
        for entry in joined_entries(node, known, self.thousands):
            if entry.place is not None:
                self.slip("ARC128", entry.place, entry.slip, entry.out)
            yield entry.key, entry.value

    def text(self, node: Node | None) -> str:
        """The text of a node; empty without a node, and where it cannot be read."""
        return "" if node is None else self.readable_text(node) or ""

    def readable_text(self, node: Node) -> str | None:
        """The text of a node; None, with a problem, if it has none or one that is too long."""
        if not isinstance(node, ScalarNode):
            self.problem(self.malformed, node, "this is a single text")
            return None
        text: str = node.value
        if len(text) > self.max_text:
            sentence = f"a text has at most {self.max_text:,} characters, this one {len(text):,}"
            self.problem(self.too_long, node, sentence)
            return None
        return text

    def texts(self, node: Node) -> list[str]:
        """A list of texts, or a single one; what cannot be read is left out."""
        texts = map(self.readable_text, node.value if isinstance(node, SequenceNode) else [node])
        return [text for text in texts if text is not None]

    def value(self, node: Node, syntax: FieldSyntax = ANY, depth: int = 0) -> Any:
        """A number, truth value, word, expression, or a list of these; None if it cannot be read."""
        if isinstance(node, SequenceNode) and depth < self.max_lists:
            return [self.value(item, syntax, depth + 1) for item in node.value]
        if not isinstance(node, ScalarNode):
            self.problem(self.malformed, node, "a value is a number, a word, an expression or a list")
            return None
        if self.words_refused and not self.words_refused.isdisjoint(_WORDS.findall(node.value)):
            self.understood -= 1  # a fault, whose problem is where the name is declared
            return None
        key = syntax, node.value
        if key not in self._values:
            try:
                self._values[key] = plain_or_scalar(node.value, syntax, self.names_defined)
            except ReadingError as error:
                report = self.problem if error.meant is None else self.slip
                report(self.unreadable, node, str(error), error.out)
                return error.meant
        return self._values[key]
