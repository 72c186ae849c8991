"""Composes YAML events into nodes, within bounds: a file that is too large is refused before it fills the memory."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

MAX_ENTRIES = 250_000
"""Entries of one list or mapping, such as `layers`."""
MAX_VALUES = 100_000
"""Single values in one list and in the lists inside it, such as a table of connections."""
MAX_NODES = 5_000_000
"""Values of a file, with those that its aliases stand for."""

_MERGE = "tag:yaml.org,2002:merge"


class BoundError(Exception):
    """A text that is not one bounded document: the code, why, and the mark at which that is known."""

    def __init__(self, code: str, message: str, mark: Any) -> None:
        super().__init__(code, message, mark)
        self.code = code
        self.message = message
        self.mark = mark


class _Open:
    """A list or mapping that is being composed: what it contains so far, and how many values that are."""

    __slots__ = ("anchor", "is_flow", "is_list", "items", "mark", "size", "values")

    def __init__(self, event: Any, is_list: bool) -> None:
        self.anchor = event.anchor
        self.is_flow = event.flow_style
        self.is_list = is_list
        self.mark = event.start_mark
        self.items: list[Any] = []
        self.size = 1
        """Nodes, with those that aliases stand for."""
        self.values = 0
        """Single values of a list, at any depth, without those in mappings."""

    def add(self, node: Any, size: int, values: int) -> None:
        """Add a node of so many nodes and single values. Raises `BoundError` if it is one too many."""
        self.items.append(node)
        self.size += size
        if self.is_list:
            self.values += values
        entries = len(self.items) if self.is_list else len(self.items) // 2
        if entries > MAX_ENTRIES:
            raise BoundError("ARC147", f"a list or mapping has more than {MAX_ENTRIES:,} entries", self.mark)
        if self.values > MAX_VALUES:
            raise BoundError("ARC147", f"a list has more than {MAX_VALUES:,} values", self.mark)
        if self.size > MAX_NODES:
            raise BoundError("ARC109", f"contains, or expands by its aliases to, more than {MAX_NODES:,} values", self.mark)


class Composer:
    """Composes the events that `get_event` returns; `node_types` are the classes of a text, a list and a mapping."""

    def __init__(self, get_event: Callable[[], Any], node_types: tuple[Any, Any, Any]) -> None:
        self.get_event = get_event
        self.scalar, self.sequence, self.mapping = node_types
        self.stack: list[_Open] = []
        self.anchors: dict[str, tuple[Any, int, int] | None] = {}
        """The node of each anchor with its sizes, None while it is being composed."""
        self.texts: dict[str, str] = {}

    def document(self) -> Any:
        """The node of the one document in the stream; None if there is none. Raises `BoundError` where it is not bounded."""
        self.get_event()  # the stream's start
        if type(self.get_event()).__name__ == "StreamEndEvent":
            return None
        root = self.node()
        self.get_event()  # the document's end
        event = self.get_event()
        if type(event).__name__ != "StreamEndEvent":
            message = "is not YAML: expected a single document in the stream, but found another document"
            raise BoundError("ARC106", message, event.start_mark)
        return root

    def node(self) -> Any:
        """The next node, with all that is inside it."""
        stack = self.stack
        while True:
            event = self.get_event()
            name = type(event).__name__
            if name == "ScalarEvent":
                done = self.text(event), 1, 1
            elif name in ("SequenceStartEvent", "MappingStartEvent"):
                stack.append(_Open(event, name == "SequenceStartEvent"))
                if event.anchor:
                    self.anchors[event.anchor] = None
                continue
            else:
                done = self.alias(event) if name == "AliasEvent" else self.close(event)
            if not stack:
                return done[0]
            stack[-1].add(*done)

    def text(self, event: Any) -> Any:
        """The node of a text. Equal texts are one object."""
        tag = event.tag or (_MERGE if event.value == "<<" and event.implicit[0] else "")
        value = self.texts.setdefault(event.value, event.value)
        node = self.scalar(tag, value, event.start_mark, event.end_mark, event.style)
        if event.anchor:
            self.anchors[event.anchor] = node, 1, 1
        return node

    def alias(self, event: Any) -> tuple[Any, int, int]:
        """The node that an alias stands for, with its sizes. Raises `BoundError` if there is none, or if it is inside it."""
        if event.anchor not in self.anchors:
            raise BoundError("ARC106", f"is not YAML: found undefined alias {event.anchor!r}", event.start_mark)
        known = self.anchors[event.anchor]
        if known is None:
            raise BoundError("ARC109", "contains itself through an alias", event.start_mark)
        return known

    def close(self, event: Any) -> tuple[Any, int, int]:
        """The node of the list or mapping that ends here."""
        done = self.stack.pop()
        if done.is_list:
            node = self.sequence("", done.items, done.mark, event.end_mark, done.is_flow)
        else:
            pairs = list(zip(done.items[::2], done.items[1::2], strict=True))
            node = self.mapping("", pairs, done.mark, event.end_mark, done.is_flow)
        known = node, done.size, done.values
        if done.anchor:
            self.anchors[done.anchor] = known
        return known
