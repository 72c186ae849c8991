"""A printed table, pasted as it is: Markdown, tab- or comma-separated, or aligned with spaces."""

from __future__ import annotations

import csv
import re
from typing import Any, NamedTuple

from archcalc.description.source import Source
from archcalc.errors import Mark, Problems

NO_CLAIM = {"", "-", "–", "—", "…", "n/a", "N/A"}
"""The texts of cells without a claim."""
_RULE = re.compile(r"[\s|:=+-]+\Z")


class TableCell(NamedTuple):
    """One cell, by its row and column, with its place in the file."""

    row: int
    column: int
    text: str
    mark: Mark


def cells(source: Source, node: Any, columns: int, rows: int, problems: Problems) -> list[TableCell]:
    """The cells of a table in a YAML text block. Rows of the wrong length or number are added to `problems`."""
    first = node.start_mark.line + (2 if node.style in {"|", ">"} else 1)
    numbered = enumerate(re.split(r"\r\n?|\n", node.value), first)
    lines = [(number, line) for number, line in numbered if line.strip() and not _RULE.match(line)]
    result: list[TableCell] = []
    source_lines = source.text.split("\n")
    for row, (number, line) in enumerate(lines[:rows]):
        parts = split(line, columns)
        if len(parts) != columns:
            hint = f"columns names {columns}; leave one out with -"
            mark = Mark(source.path, number, 1)
            problems.add("ARC420", mark, f"this row has {len(parts)} cells, not {columns}", line.strip()[:120], hint)
            continue
        source_line = source_lines[number - 1] if number <= len(source_lines) else line
        start = 0
        for column, text in enumerate(parts):
            offset = source_line.find(text.strip(), start)
            start = offset + len(text.strip()) if offset >= 0 else start
            result.append(TableCell(row, column, text.strip(), Mark(source.path, number, max(offset, 0) + 1)))
    if len(lines) != rows:
        mark = Mark(source.path, lines[min(rows, len(lines) - 1)][0] if lines else first, 1)
        message = f"the table has {len(lines)} rows, rows names {rows}"
        problems.add("ARC421", mark, message, "leave its heading out, and name every row")
    return result


def split(line: str, columns: int) -> list[str]:
    """The cells of one line. A separator that yields the right number of cells takes precedence."""
    if line.strip().startswith("|"):
        return line.strip().removeprefix("|").removesuffix("|").split("|")
    if "\t" in line:
        return line.split("\t")
    by_spaces = re.split(r"\s{2,}", line.strip())
    by_commas = _split_at_commas(line.strip())
    candidates = (by_spaces, by_commas, line.split())
    return next((parts for parts in candidates if len(parts) == columns), by_spaces if len(by_spaces) > 1 else by_commas)


def _split_at_commas(line: str) -> list[str]:
    """The cells between commas, of which those in quotes may contain some; the line as one cell if csv cannot read it."""
    try:
        return next(csv.reader([line], skipinitialspace=True), [])
    except csv.Error:  # a cell of more than 131,072 characters
        return [line]
