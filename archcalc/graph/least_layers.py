"""How much a block expands to at least, known before it is expanded, so that what exceeds a limit is refused at once."""

from __future__ import annotations

from typing import NamedTuple

from archcalc.description.document import ParsedBlock, ParsedEntry


class Least(NamedTuple):
    """Lower bounds for one use of a block."""

    layers: int
    visited: int
    """Entries, used or dropped."""


class LeastLayers:
    """Lower bounds for a use of each block, not counted beyond `most`."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._known: dict[int, Least] = {}
        """By the id of the block, which the document holds."""

    def of(self, block: ParsedBlock, depth: int) -> Least:
        """The least that one use of a block expands to; blocks within `depth` levels are looked into."""
        if id(block) not in self._known:
            self._known[id(block)] = Least(0, 0)  # what leads back here is a cycle, which the expansion reports
            if depth > 0:
                uses = [(_least_uses(entry), self._in(entry, depth - 1)) for entry in block.layers]
                layers = sum(count * one.layers for count, one in uses)
                visited = sum(1 + count * one.visited for count, one in uses)
                self._known[id(block)] = Least(min(layers, self.most + 1), min(visited, self.most + 1))
        return self._known[id(block)]

    def _in(self, entry: ParsedEntry, depth: int) -> Least:
        block = entry.blocks.get(entry.op) if entry.kind is None else None
        if block is None:
            return Least(1, 0)
        inside = self.of(block, depth)
        return inside._replace(visited=1 + inside.visited)


def _least_uses(entry: ParsedEntry) -> int:
    """How often an entry is used, if that is written as a plain number; else at least not at all."""
    if entry.when is not True or entry.is_open:
        return 0
    repeat = 1 if entry.repeat is None else entry.repeat
    return repeat if isinstance(repeat, int) and not isinstance(repeat, bool) else 0
