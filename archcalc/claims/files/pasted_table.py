"""A printed table, pasted as it is: Markdown, tab- or comma-separated, or aligned with spaces."""

from __future__ import annotations

import csv
import re
from itertools import pairwise
from typing import Any, NamedTuple

from archcalc.claims.files.places import Places
from archcalc.errors import Mark, Problems

NO_CLAIM = {"", "-", "–", "—", "…", "n/a", "N/A"}
"""The texts of cells without a claim."""
_RULE = re.compile(r"[\s|:=+-]+\Z")
_SEPARATOR = re.compile(r"[|\t]|\s{2,}")


class TableCell(NamedTuple):
    """One cell, by its row and column, with its place in the file."""

    row: int
    column: int
    text: str
    mark: Mark


def cells(places: Places, node: Any, columns: int, rows: int, problems: Problems) -> list[TableCell]:
    """The cells of a table in a YAML text. Rows of the wrong length or number are added to `problems`."""
    lines = [line for line in re.split(r"\r\n?|\n", node.value) if line.strip() and not _RULE.match(line)]
    finder = _Finder(places, node)
    result: list[TableCell] = []
    beyond: Mark | None = None
    for row, line in enumerate(lines):
        mark = finder.line(line)
        if row == rows:
            beyond = mark
            break
        parts = split(line, columns)
        if len(parts) != columns:
            count, words = len(parts), len(line.split())
            hint = f"columns names {columns}; leave one out with -"
            if count == 1 and words > 1 and not _SEPARATOR.search(line):
                hint = f"it is {words} words; separate columns by two spaces, tabs or |"
            sentence = f"this row has {count} {'cell' if count == 1 else 'cells'}, not {columns}"
            problems.add("ARC420", mark, sentence, line.strip()[:120], hint)
            continue
        result += [TableCell(row, column, text.strip(), finder.cell(text.strip())) for column, text in enumerate(parts)]
    if len(lines) != rows:
        message = f"the table has {len(lines)} rows, rows names {rows}"
        problems.add("ARC421", beyond or finder.mark, message, "leave its heading out, and name every row")
    return result


class _Finder:
    """Finds the lines and cells of a table in its file, one after the other.

    In a text block each line is as it is in the file; in a quoted or folded text escapes and line ends are not, and what
    is not found has the place of what was found last.
    """

    def __init__(self, places: Places, node: Any) -> None:
        self.places = places
        self.index = self.found = node.start_mark.index
        self.end = node.end_mark.index

    @property
    def mark(self) -> Mark:
        """The place of what was found last."""
        return self.places.mark(self.found)

    def line(self, text: str) -> Mark:
        """The place of the next line: its beginning in the file where it is found, so that its cells are found in it."""
        start = self.find(text.strip())
        if start >= 0:
            self.index = self.found = start
            return self.mark._replace(column=1)
        return self.mark

    def cell(self, text: str) -> Mark:
        """The place of the next cell."""
        start = self.find(text) if text else -1
        if start >= 0:
            self.found, self.index = start, start + len(text)
        return self.mark

    def find(self, text: str) -> int:
        """The next place of a text in the table, -1 if there is none."""
        return self.places.source.text.find(text, self.index, self.end)


def split(line: str, columns: int) -> list[str]:
    """The cells of one line. A separator that yields the right number of cells takes precedence."""
    if line.strip().startswith("|"):
        return line.strip().removeprefix("|").removesuffix("|").split("|")
    if "\t" in line:
        return line.split("\t")
    by_spaces = re.split(r"\s{2,}", line.strip())
    by_commas = _split_at_commas(line.strip())
    gaps = list(pairwise(by_spaces))
    if gaps and all(left.endswith(",") or right.startswith(",") for left, right in gaps):  # they align what commas separate
        candidates = (by_commas, by_spaces, line.split())
    else:
        candidates = (by_spaces, by_commas, line.split())
    return next((parts for parts in candidates if len(parts) == columns), by_spaces if len(by_spaces) > 1 else by_commas)


def _split_at_commas(line: str) -> list[str]:
    """The cells between commas, of which those in quotes may contain some; the line as one cell if csv cannot read it."""
    try:
        return next(csv.reader([line], skipinitialspace=True), [])
    except csv.Error:  # a cell of more than 131,072 characters
        return [line]
