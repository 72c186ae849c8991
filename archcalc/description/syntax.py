"""Why a text is not YAML, in sentences with a cause, in place of the parser's words."""

from __future__ import annotations

import re
from typing import NamedTuple

from archcalc.errors import LINE_BREAK, Mark

_CLOSING = {"{": "}", "[": "]"}
_ITEM = re.compile(r" *(?P<text>- )")
_ENTRY = re.compile(r" *(- +)*[^\s:]+: .*\S")
_ENTRIES = re.compile(r" *(- +)*[\w-]+: *[^\s,:]+, *[\w-]+:")
_FAR = 50
"""Lines among which the end of a bracket is searched."""
_KEY = re.compile(r" *(- +)*(?P<text>[^\s#-])")
_NAME_BEFORE = re.compile(r"[\w)\]]\Z")
_BEGIN = re.compile(r"(: |[{\[,] ?)(?![^(]*\))")


class Cause(NamedTuple):
    """What is wrong, where, and how to mend it."""

    sentence: str
    place: Mark
    out: str = ""


def cause(text: str, context: str, problem: str, opened: Mark | None, place: Mark) -> Cause:
    """The cause of PyYAML's `problem` at a place, found in a `context` that was opened at another one."""
    lines = LINE_BREAK.split(text)
    line = lines[place.line - 1] if place.line <= len(lines) else ""
    column = place.column - 1
    found = None
    if "\t" in line[: place.column] and not line[:column].strip():
        found = Cause("a tab indents this line; indent with spaces", place)
    elif "flow" in context and opened is not None:
        found = _open_bracket(lines, opened, place)
    elif "block scalar" in context:
        found = Cause(
            f"text cannot follow {line[:column].rstrip()[-1:]} in this line", place, "begin it on the next one, indented"
        )
    elif "block" in context:
        found = _block(lines, opened, place)
    elif "':'" in problem and "unexpected" in problem:
        found = Cause("a colon needs a space after it", place, "write {name: value}")
    elif "mapping values are not allowed" in problem:
        found = _second_colon(line, place)
    elif "quoted scalar" in context:
        found = Cause("the quotes opened here are not closed", opened or place)
    elif "cannot start any token" in problem:
        character = line[column : place.column]
        found = Cause(f"a value cannot begin with {character}", place, "put quotes around it")
    elif "could not find expected ':'" in problem:
        found = Cause("this line is neither `name: value` nor a list item", opened or place)
    elif "another document" in problem:
        found = Cause("a second document begins here", place, "keep one document in a file: remove the ---")
    return found or Cause(", ".join(part for part in (context, problem) if part), place)


def _open_bracket(lines: list[str], opened: Mark, place: Mark) -> Cause | None:
    """A bracket that is not closed, or entries without a comma between them."""
    bracket = _line(lines, opened)[opened.column - 1 : opened.column]
    if bracket not in _CLOSING:
        return None
    closing = _CLOSING[bracket]
    rest = _line(lines, place)[place.column - 1 :]
    before = _line(lines, place)[: place.column - 1]
    if rest.startswith("[") and _NAME_BEFORE.search(before):
        out = f'put quotes around the expression: "{_expression(before, rest)}"'
        return Cause(f"a [ inside {bracket} {closing} begins a list", place, out)
    is_inside = place.line == opened.line or place.column > _indentation(_line(lines, opened))
    is_closed = any(closing in line for line in (rest, *lines[place.line : place.line + _FAR]))
    if rest[:1] not in ("}", "]", "-") and is_inside and is_closed:
        return Cause("a comma is missing between two entries", place)
    found = f", and {rest[0]} closes another one" if rest[:1] in ("}", "]") else ""
    return Cause(f"the {bracket} opened here is not closed: {closing} is missing{found}", opened)


def _indentation(line: str) -> int:
    """The column, from 1, of the first character that is not a blank or the dash of a list."""
    return len(line) - len(line.lstrip(" -")) + 1


def _expression(before: str, rest: str) -> str:
    """The expression with a subscript that begins in the text before it: up to the comma or bracket that ends it."""
    begin = max((match.end() for match in _BEGIN.finditer(before)), default=0)
    depth = 0
    for end, character in enumerate(text := before[begin:] + rest):
        depth += (character in "[(") - (character in ")]")
        if depth < 0 or (depth == 0 and character in ",}"):
            return text[:end].strip()
    return text.strip()


def _line(lines: list[str], place: Mark) -> str:
    return lines[place.line - 1] if place.line <= len(lines) else ""


def _block(lines: list[str], opened: Mark | None, place: Mark) -> Cause:
    """A line that is indented unlike those of its list or mapping, or text behind the end of a value."""
    line, column = _line(lines, place), place.column - 1
    if line[:column].strip(" "):
        character = line[column : place.column]
        surplus = f", and this {character} closes nothing" if character in ("}", "]") else ""
        return Cause(f"nothing can follow here: the value before it has ended{surplus}", place)
    is_item = line[column:].startswith("-")
    pattern = _ITEM if is_item else _KEY
    first = opened.line if opened is not None else 1
    before = [(number, match) for number in range(first, place.line) if (match := pattern.match(lines[number - 1]))]
    if before and before[0][0] == first:  # where the list or mapping begins; what follows may be a text of several lines
        before = before[:1]
    sentence = f"this {'list item' if is_item else 'line'} is indented by {column} {'space' if column == 1 else 'spaces'}"
    if before:
        number, match = before[-1]
        sentence += f", {'the item' if is_item else 'the key'} in line {number} by {match.start('text')}"
    return Cause(sentence, place, "indent all items of a list, and all keys of a mapping, alike")


def _second_colon(line: str, place: Mark) -> Cause:
    """A colon where a value or the next line of a mapping is expected."""
    if _ENTRIES.match(line):
        return Cause("several entries in one line need { } around them", place, "write - {name: value, name: value}")
    if _ENTRY.match(line[: place.column - 1]):
        return Cause("a second colon in one line", place, "put quotes around a text that contains a colon")
    sentence = "this line does not fit the one before it: it is indented more, or that one lacks a colon"
    return Cause(sentence, place, "indent all keys of a mapping alike")
