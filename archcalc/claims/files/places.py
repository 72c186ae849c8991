"""Places in a text: from the index of a character to its line and column."""

from __future__ import annotations

from bisect import bisect_right

from archcalc.description.source import Source
from archcalc.errors import Mark


class Places:
    """The places of one source; finding one takes no pass over the text."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.lines = source.text.split("\n")
        self._starts = [0]
        for line in self.lines:
            self._starts.append(self._starts[-1] + len(line) + 1)

    def mark(self, index: int) -> Mark:
        """The place of a character."""
        line = bisect_right(self._starts, index)
        return Mark(self.source.path, line, index - self._starts[line - 1] + 1)

    def index(self, mark: Mark) -> int:
        """The character at a place."""
        return self._starts[mark.line - 1] + mark.column - 1

    def line(self, mark: Mark) -> str:
        """The line of a place, as an excerpt shows it."""
        return self.lines[mark.line - 1].rstrip("\r") if 0 < mark.line <= len(self.lines) else ""
