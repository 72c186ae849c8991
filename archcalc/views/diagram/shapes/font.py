"""Width of text: the advance widths of Fira Sans, stored here as data so that the layout of a figure needs no font.

`fira-sans.json` lists runs of consecutive characters, [first code point, width, width, …] in 1/1000 of the size. Fira
Sans is by Carrois and Edenspiekermann for Mozilla, SIL Open Font License 1.1; the font itself comes with the extra
`archcalc[diagrams]`.
"""

from __future__ import annotations

import json
import os
import unicodedata
from functools import cache

FAMILY = "Fira Sans"
ASCENT, DESCENT, LINE = 0.74, 0.22, 1.2
"""As parts of the size: height of letters above the baseline and depth below it, distance between baselines."""


@cache
def _widths(bold: bool) -> dict[int, int]:
    path = os.path.join(os.path.dirname(__file__), "fira-sans.json")
    with open(path, encoding="utf-8") as file:
        runs = json.load(file)["bold" if bold else "regular"]
    return {first + index: width for first, *widths in runs for index, width in enumerate(widths)}


def text_width(text: str, size: float, bold: bool = False) -> float:
    """Width of a line in the unit of `size`; a character that the font lacks is taken as square."""
    widths = _widths(bold)
    return sum(widths.get(ord(letter), _other(letter)) for letter in text) * size / 1000


def _other(letter: str) -> int:
    return 0 if unicodedata.category(letter) in {"Mn", "Me", "Cf"} else 1000


def missing_characters(text: str) -> list[str]:
    """The characters of a text that the font lacks, each once."""
    widths = _widths(False)
    return list(dict.fromkeys(letter for letter in text if ord(letter) not in widths))


def shortened(text: str, size: float, width: float, bold: bool = False) -> str:
    """The text, or as much of it as fits a width with an ellipsis in its middle."""
    if text_width(text, size, bold) <= width:
        return text
    length = len(text) - 1
    while length > 1:
        head = (length + 1) // 2
        cut = f"{text[:head]}…{text[len(text) - (length - head) :]}"
        if text_width(cut, size, bold) <= width:
            return cut
        length -= max(1, length // 8)
    return "…"


def wrapped(text: str, size: float, width: float, bold: bool = False) -> list[str]:
    """The text in lines of at most a width, broken at spaces; a word that is too long is shortened."""
    lines: list[str] = []
    for word in text.split(" "):
        word = shortened(word, size, width, bold)
        joined = f"{lines[-1]} {word}" if lines else word
        if lines and text_width(joined, size, bold) <= width:
            lines[-1] = joined
        else:
            lines.append(word)
    return lines
