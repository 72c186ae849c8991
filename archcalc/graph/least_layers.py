"""How many layers a block has at least, known before it is expanded, so that what exceeds a limit is refused at once."""

from __future__ import annotations

from archcalc.description.document import Document, ParsedEntry


class LeastLayers:
    """Lower bounds of the layers in a use of each block of a document, not counted beyond `most`."""

    def __init__(self, document: Document, most: int) -> None:
        self.blocks = document.blocks
        self.most = most
        self._known: dict[str, int] = {}

    def of(self, op: str, depth: int) -> int:
        """The least number of layers in one use of a kind or block; blocks within `depth` levels are looked into."""
        if op not in self.blocks:
            return 1
        if op not in self._known:
            self._known[op] = 0  # what leads back here is a cycle, which the expansion reports
            if depth > 0:
                count = sum(_least_uses(entry) * self.of(entry.op, depth - 1) for entry in self.blocks[op].layers)
                self._known[op] = min(count, self.most + 1)
        return self._known[op]


def _least_uses(entry: ParsedEntry) -> int:
    """How often an entry is used, if that is written as a plain number; else at least not at all."""
    if entry.when is not True:
        return 0
    repeat = 1 if entry.repeat is None else entry.repeat
    return repeat if isinstance(repeat, int) and not isinstance(repeat, bool) else 0
