"""A printed table, pasted as it stands: Markdown, tab- or comma-separated, or set with spaces."""

from __future__ import annotations

import csv
import re
from typing import Any, NamedTuple

from archcalc.description.source import Source
from archcalc.errors import Mark, Problems

NOTHING = {"", "-", "–", "—", "…", "n/a", "N/A"}
"""What stands in a cell that claims nothing."""
_RULE = re.compile(r"[\s|:=+-]+\Z")


class TableCell(NamedTuple):
    """One cell, by its row and column, with its place in the file."""

    row: int
    column: int
    text: str
    mark: Mark


def cells(source: Source, node: Any, columns: int, rows: int, problems: Problems) -> list[TableCell]:
    """The cells of a table in a YAML text block. Ragged and missing rows are added to `problems`."""
    first = node.start_mark.line + (2 if node.style in {"|", ">"} else 1)
    written = [(first + at, line) for at, line in enumerate(node.value.split("\n"))]
    lines = [(number, line) for number, line in written if line.strip() and not _RULE.match(line)]
    found: list[TableCell] = []
    whole = source.text.split("\n")
    for row, (number, line) in enumerate(lines[:rows]):
        parts = split(line, columns)
        if len(parts) != columns:
            out = f"columns names {columns}; leave one out with -"
            mark = Mark(source.path, number, 1)
            problems.add("ARC420", mark, f"this row has {len(parts)} cells, not {columns}", line.strip()[:120], out)
            continue
        raw = whole[number - 1] if number <= len(whole) else line
        start = 0
        for column, text in enumerate(parts):
            at = raw.find(text.strip(), start)
            start = at + len(text.strip()) if at >= 0 else start
            found.append(TableCell(row, column, text.strip(), Mark(source.path, number, max(at, 0) + 1)))
    if len(lines) != rows:
        mark = Mark(source.path, lines[min(rows, len(lines) - 1)][0] if lines else first, 1)
        sentence = f"the table has {len(lines)} rows, rows names {rows}"
        problems.add("ARC421", mark, sentence, "leave its heading out, and name every row")
    return found


def split(line: str, columns: int) -> list[str]:
    """The cells of one line. A separator that gives the right number of cells wins over one that does not."""
    if line.strip().startswith("|"):
        return line.strip().removeprefix("|").removesuffix("|").split("|")
    if "\t" in line:
        return line.split("\t")
    wide = re.split(r"\s{2,}", line.strip())
    ways = [wide, next(csv.reader([line.strip()], skipinitialspace=True), []), line.split()]
    return next((way for way in ways if len(way) == columns), wide if len(wide) > 1 else ways[1])
