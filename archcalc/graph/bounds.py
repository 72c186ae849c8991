"""The bounds of an expansion: what is counted, and the stop, which is reported once."""

from __future__ import annotations

from archcalc.description.document import ParsedEntry
from archcalc.errors import Problems
from archcalc.graph.nodes import Limits

MAX_COMPARED = 1_000_000
"""Names that the patterns in `inputs` are compared with."""


class Bounds:
    """Counts what an expansion makes, and stops it at a limit."""

    def __init__(self, limits: Limits, problems: Problems) -> None:
        self.limits = limits
        self.stopped = False
        self._problems = problems
        self.visited = 0
        """Entries, used or dropped."""
        self._edges = 0
        self._compared = 0

    def stop(self, entry: ParsedEntry, message: str, option: str = "") -> None:
        """Stop the expansion at a limit, which is reported once; `option` is the command's option that raises it."""
        if not self.stopped:
            self._problems.add("ARC132", entry.mark(), message, f"if that is meant, raise {option}" if option else "")
        self.stopped = True

    def stop_at_layers(self, entry: ParsedEntry) -> None:
        """Stop the expansion because the network has too many layers."""
        self.stop(entry, f"the network has more than {self.limits.layers:,} layers", "--max-layers")

    def refuse_more(self, entry: ParsedEntry, layers: int, visited: int) -> None:
        """Stop where there would be more layers, or layers and blocks used or dropped, than the limits allow."""
        if layers > self.limits.layers:
            self.stop_at_layers(entry)
        elif visited > self.limits.entries:
            message = f"the expansion has more than {self.limits.entries:,} layers and blocks, used or dropped"
            self.stop(entry, message, "--max-layers")

    def visit(self, entry: ParsedEntry) -> bool:
        """Count an entry; returns False where too many of them, used or dropped, have stopped the expansion."""
        self.visited += 1
        self.refuse_more(entry, 0, self.visited)
        return not self.stopped

    def count_edges(self, entry: ParsedEntry, count: int) -> None:
        """Count connections between layers; too many of them stop the expansion."""
        self._edges += count
        if self._edges > self.limits.edges:
            self.stop(entry, f"the network has more than {self.limits.edges:,} connections between layers")

    def compare(self, entry: ParsedEntry, count: int) -> bool:
        """Count names that a pattern is compared with; returns False where too many of them have stopped the expansion."""
        self._compared += count
        if self._compared > MAX_COMPARED:
            self.stop(entry, f"the patterns in inputs are compared with more than {MAX_COMPARED:,} names")
        return not self.stopped
