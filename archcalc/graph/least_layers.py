"""How many layers a block has at least, known before it is expanded, so that what exceeds a limit is refused at once."""

from __future__ import annotations

from archcalc.description.document import ParsedBlock, ParsedEntry


class LeastLayers:
    """Lower bounds of the layers in a use of each block, not counted beyond `most`."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._known: dict[int, int] = {}
        """By the id of the block, which the document holds."""

    def of(self, block: ParsedBlock, depth: int) -> int:
        """The least number of layers in one use of a block; blocks within `depth` levels are looked into."""
        if id(block) not in self._known:
            self._known[id(block)] = 0  # what leads back here is a cycle, which the expansion reports
            if depth > 0:
                count = sum(_least_uses(entry) * self._in(entry, depth - 1) for entry in block.layers)
                self._known[id(block)] = min(count, self.most + 1)
        return self._known[id(block)]

    def _in(self, entry: ParsedEntry, depth: int) -> int:
        block = entry.blocks.get(entry.op) if entry.kind is None else None
        return 1 if block is None else self.of(block, depth)


def _least_uses(entry: ParsedEntry) -> int:
    """How often an entry is used, if that is written as a plain number; else at least not at all."""
    if entry.when is not True or entry.is_open:
        return 0
    repeat = 1 if entry.repeat is None else entry.repeat
    return repeat if isinstance(repeat, int) and not isinstance(repeat, bool) else 0
