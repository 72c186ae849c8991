"""The figures in a line of LaTeX, and the one that a mark above it means."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from typing import NamedTuple

from archcalc.claims.printed_number import VOLUME, PrintedNumber, PrintedNumberError, Reading, number_at
from archcalc.claims.printed_text import NUMBER_COMMAND, UNKNOWN, PrintedText, shown

_BEGIN = re.compile(rf"{NUMBER_COMMAND}|\d")
_COMMENT = re.compile(r"(?:[^\\%]|\\.)*")
_GLUED = re.compile(r"[\w.,'-]*")
"""The rest of a word with digits in it, such as VGG16 or 3-D, which is no figure."""
_PART = re.compile(rf"[-\d.,'_~ ×^±+–/:()\[\]{UNKNOWN}]+")
"""The rest of a number that is not understood."""
_PARTS = f"×^±√/{UNKNOWN}"
"""Signs before a number that make it a part of something else."""


class LineNumber(NamedTuple):
    """A figure in a line: its place, whether it is in a command such as `\\num`, and the number, or why it is not read."""

    start: int
    explicit: bool
    shown: str
    number: PrintedNumber | None
    error: PrintedNumberError | None = None


def line_numbers(line: str, quantity: str) -> list[LineNumber]:
    """All figures in a line, without those in its comment."""
    comment = _COMMENT.match(line)
    before = line[: comment.end()] if comment else line
    if before != line and before[-1:].isdigit():
        before += "\\comment"  # 88.4% without a backslash: whether the sign is meant as a percent sign is unknown
    printed = PrintedText(before)
    return list(_numbers(printed, Reading(quantity=quantity)))


def meant(numbers: list[LineNumber], line: str, after: str) -> LineNumber:
    """The figure that a mark means. Raises `PrintedNumberError` if it is not exactly one."""
    if after:
        begin = line.find(after)
        if begin < 0:
            raise PrintedNumberError(
                f"the line below the mark has no text {after!r}", "copy the text before the figure as it is"
            )
        index = bisect_left(numbers, begin + len(after), key=lambda number: number.start)
        found = numbers[index : index + 1]
    else:
        found = [number for number in numbers if number.explicit] or numbers
    if not found:
        where = f"behind {after!r}" if after else "in the line below the mark"
        raise PrintedNumberError(f"there is no figure {where}", "write the mark above the line of its figure")
    if len(found) > 1:
        shown = ", ".join(number.shown for number in found[:4]) + (", …" if len(found) > 4 else "")
        out = 'write the one that is meant as \\num{…}, or name the text before it in the mark: after="…"'
        raise PrintedNumberError(f"the line below the mark has {len(found)} figures: {shown}", out, "ARC422")
    if found[0].error is not None:
        raise found[0].error
    return found[0]


def _numbers(printed: PrintedText, reading: Reading) -> Iterator[LineNumber]:
    signs = printed.signs
    index = 0
    while match := _BEGIN.search(signs, index):
        explicit = match.group() == NUMBER_COMMAND
        start = match.end() if explicit else _start(signs, match.start(), index)
        begin = match.start() if explicit else start
        before = signs[begin - 1 : begin]
        is_hyphen = before == "-" and signs[begin - 2 : begin - 1].isalpha()
        is_glued = before.isalpha() or before in ("_", "^", "#") or is_hyphen
        if is_glued and not explicit:
            index = _end(_GLUED, signs, match.start())
            continue
        error: PrintedNumberError | None = None
        number, end = None, match.end()
        try:
            is_part = before.isdigit() or (before in ("-", "–", ".") and not is_hyphen)
            if is_part or signs[max(begin - 9, 0) : begin].rstrip(" ~")[-1:] in tuple(_PARTS):
                end = _end(_PART, signs, match.end())
                raise PrintedNumberError(
                    f"{shown(signs[begin - is_part : end])!r} is not a figure: it is part of a longer expression"
                )
            number, end = number_at(printed, start, reading)
            if signs[end : end + 1].isalpha() and not explicit:
                index = _end(_GLUED, signs, end)
                continue
        except PrintedNumberError as problem:
            error, end = problem, max(_end(_PART, signs, match.end()), _end(VOLUME, signs, start))
        place = printed.starts[start - explicit]
        yield LineNumber(place, explicit, shown(signs[start:end].strip(" ~,.([–-")), number, error)
        index = max(end, match.end())


def _start(signs: str, digit: int, least: int) -> int:
    """Where a figure begins whose first digit is given: at a minus, a decimal point or the bracket around sizes before it."""
    start = digit
    for sign in (".", "-"):
        before = signs[start - 2 : start - 1]
        if start > least and signs[start - 1] == sign and not (before.isalnum() or before in ("-", "–", ".")):
            start -= 1
    if signs[start - 1 : start] in ("[", "(") and start > least and VOLUME.match(signs, start - 1):
        start -= 1
    return start


def _end(pattern: re.Pattern[str], signs: str, index: int) -> int:
    match = pattern.match(signs, index)
    return match.end() if match else index
