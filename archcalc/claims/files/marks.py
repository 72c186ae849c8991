r"""Marks in texts: comments that readers of the page do not see, each with the place of the figure that it is about.

In Markdown and HTML the figure is between two comments, `<!-- archcalc: … -->138 M<!-- /archcalc -->`. In LaTeX a comment
has a line of its own, and its figure is in the next line that is no comment:

- the first one behind the text of `after`, if the mark names one;
- else the one in a command such as `\num` or `\SI`, if the line has such commands;
- else the one figure of the line.

Where that is not one figure, nothing is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_COMMENT = re.compile("<!--|-->")
_OPENING = re.compile(r"<!--\s*archcalc:")
_CLOSING = re.compile(r"<!--\s*/archcalc\s*\Z")
_TEX_MARK = re.compile(r"[ \t]*%+[ \t]*archcalc:(?P<words>.*)")
_WORD = re.compile(r"""[^\s=]+=(?:"[^"]*"|'[^']*'|\S+)|\S+""")
_AROUND = " \t\r\n*_`"
"""Signs around a figure that Markdown sets for its style."""
_MAX_NUMBER = 400


class MarkedText(NamedTuple):
    """A mark: where it begins, the words in it, and between `start` and `end` the text in which its figure is.

    `problem` is a code, a sentence and a way out if the mark has no such text.
    """

    begin: int
    words: str = ""
    start: int = 0
    end: int = 0
    problem: tuple[str, str, str] | None = None


def words_of(text: str) -> tuple[list[str], dict[str, str]]:
    """The words of a mark: those that are plain, and the settings `name=value`."""
    words = _WORD.findall(text)
    plain = [word for word in words if "=" not in word or word[0] == "("]
    settings = dict(word.split("=", 1) for word in words if word not in plain)
    return plain, {name: value.strip("\"'") for name, value in settings.items()}


# -- Markdown and HTML -------------------------------------------------------------------------------------------------


def html_marks(text: str) -> Iterator[MarkedText]:
    """The marks in Markdown or HTML, with the text between their two comments."""
    opened: MarkedText | None = None
    for start, end, is_complete in _comments(text):
        body = text[start : end - 3 if is_complete else end]
        opening = _OPENING.match(body)
        if opened is not None and (opening or not is_complete):
            yield _unclosed(opened)
            opened = None
        if opening and is_complete:
            opened = MarkedText(start, body[opening.end() :], end)
        elif opening:
            yield MarkedText(start, problem=("ARC426", "the comment of this mark has no end", "write --> before the figure"))
        elif _CLOSING.match(body) and opened is not None:
            yield _around(text, opened, start)
            opened = None
        elif _CLOSING.match(body):
            out = "write <!-- archcalc: NETWORK QUANTITY --> before the figure, or take this comment out"
            yield MarkedText(start, problem=("ARC426", "this comment closes no mark", out))
    if opened is not None:
        yield _unclosed(opened)


def _comments(text: str) -> Iterator[tuple[int, int, bool]]:
    """The comments of a text, as start and end; one without an end extends to the next comment."""
    start = -1
    for match in _COMMENT.finditer(text):
        if match.group() == "<!--":
            if start >= 0:
                yield start, match.start(), False
            start = match.start()
        elif start >= 0:
            yield start, match.end(), True
            start = -1
    if start >= 0:
        yield start, len(text), False


def _unclosed(opened: MarkedText) -> MarkedText:
    return MarkedText(opened.begin, problem=("ARC426", "this mark is not closed", "write <!-- /archcalc --> behind the figure"))


def _around(text: str, opened: MarkedText, end: int) -> MarkedText:
    """The mark with the text of its figure, without signs of style around it."""
    start = opened.start
    while start < end and text[start] in _AROUND:
        start += 1
    while start < end and text[end - 1] in _AROUND:
        end -= 1
    if end - start > _MAX_NUMBER:
        sentence = f"{end - start:,} characters are marked, which no figure has"
        return opened._replace(problem=("ARC445", sentence, "write <!-- /archcalc --> behind the figure"))
    return opened._replace(start=start, end=end)


# -- LaTeX -------------------------------------------------------------------------------------------------------------


def tex_marks(text: str) -> Iterator[MarkedText]:
    """The marks in LaTeX, each with the next line that is no comment."""
    waiting: list[MarkedText] = []
    start = 0
    for line in text.split("\n"):
        end = start + len(line)
        if match := _TEX_MARK.match(line):
            waiting.append(MarkedText(start + line.index("%"), match["words"]))
        elif waiting and not line.lstrip().startswith("%"):
            yield from (mark._replace(start=start, end=end) for mark in waiting)
            waiting = []
        start = end + 1
    for mark in waiting:
        yield mark._replace(problem=("ARC445", "no line follows this mark", "write it above the line of its figure"))
