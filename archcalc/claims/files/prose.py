r"""Figures in prose, marked by comments that readers of the page do not see.

    VGG 16 has <!-- archcalc: vgg16 params -->138 M<!-- /archcalc --> parameters.

    % archcalc: vgg16 params
    VGG 16 has \num{138357544} parameters.

The words of a mark are: a network, settings such as alpha=0.5 or input=3x160x160, the quantity, and optionally `of=LAYER`,
a tolerance `about=4%`, and in LaTeX the text before the figure, `after="…"`.
"""

from __future__ import annotations

import os
import re
from fractions import Fraction
from typing import Any

from archcalc.claims.files.line_numbers import LineNumber, line_numbers, meant
from archcalc.claims.files.marks import MarkedText, html_marks, tex_marks, words_of
from archcalc.claims.files.places import Places
from archcalc.claims.files.surroundings import refuse_part, scale_outside
from archcalc.claims.model import Claim, MalformedClaim, NetworkSetting, Publication
from archcalc.claims.printed_number import PrintedNumber, PrintedNumberError, read_printed_number, read_tolerance
from archcalc.claims.units import is_printed_name
from archcalc.description.source import Source
from archcalc.description.values import ReadingError, scalar, shape
from archcalc.errors import Problem, Problems

PROSE = (".md", ".markdown", ".html", ".htm", ".tex", ".ltx", ".rst", ".txt")
_TEX = (".tex", ".ltx")


def read_prose(source: Source) -> tuple[Publication, list[Problem]]:
    """The marked figures of a text as claims."""
    reader = _Reader(source)
    for position, marked in enumerate(tex_marks(source.text) if reader.is_tex else html_marks(source.text), 1):
        reader.read(marked, position)
    return reader.result, reader.problems.closed()


class _Reader:
    """The reader of one text; `result` collects its claims."""

    def __init__(self, source: Source) -> None:
        name = os.path.basename(source.path)
        self.source = source
        self.is_tex = source.path.endswith(_TEX)
        self.places = Places(source)
        self.result = Publication(source.path, name, title=name)
        self.problems = Problems()
        self._lines: dict[tuple[int, str], list[LineNumber]] = {}

    def read(self, marked: MarkedText, position: int) -> None:
        """Read the claim of a mark, or report why it is none."""
        start = len(self.problems)
        if marked.problem:
            code, sentence, out = marked.problem
            self.problems.add(code, self.places.mark(marked.begin), sentence, out)
            return
        try:
            self.result.claims.append(self.claim(marked, position))
            return
        except PrintedNumberError as error:
            self.problems.add(error.code or "ARC445", self.places.mark(marked.start), str(error), error.out)
        except (ReadingError, ValueError) as error:
            hint = "write archcalc: NETWORK QUANTITY, such as archcalc: vgg16 params"
            self.problems.add("ARC445", self.places.mark(marked.start), str(error), hint)
        self.leave_out(marked, position, start)

    def leave_out(self, marked: MarkedText, position: int, start: int) -> None:
        """Record a mark that is no claim, with its problems, of which the first has the number `start`."""
        about = marked.words.strip()
        text = "" if self.is_tex else self.source.text[marked.start : marked.end][:40].strip()
        name = ".".join([str(position), *about.split()[:2]])
        own = tuple(self.problems[start:])
        mark = self.places.mark(marked.start)
        self.result.malformed.append(MalformedClaim(name, about, text, mark, self.result.name, own))

    def claim(self, marked: MarkedText, position: int) -> Claim:
        """The claim of a mark. Raises `ValueError` if its words are malformed, or its figure cannot be read."""
        plain, settings = words_of(marked.words)
        if len(plain) < 2:
            raise ValueError("the mark names no network and quantity")
        of, about, after = settings.pop("of", "total"), settings.pop("about", ""), settings.pop("after", "")
        input_text = settings.pop("input", "")
        sizes = shape(input_text)
        if input_text and sizes is None:
            raise ValueError(f"input={input_text} is not a shape")
        quantity = " ".join(plain[1:])
        if meant := _of_layer(quantity):
            raise PrintedNumberError(f"{quantity} is no quantity", f"a layer is named by of: {plain[0]} {meant}")
        printed, index = self.printed(marked, quantity, after)
        mark = self.places.mark(index)
        begin, end = index if self.is_tex else marked.begin, index + len(printed.text)
        if not self.is_tex:
            refuse_part(self.source.text, begin, end, printed)
        setting = NetworkSetting(
            plain[0],
            tuple(sorted((name, _setting(value)) for name, value in settings.items() if name != "convention")),
            sizes,
            settings.get("convention", "mult-adds"),
        )
        return Claim(
            id=f"{position}.{plain[0]}.{plain[1]}",
            setting=setting,
            quantity=quantity,
            of=of,
            printed=printed,
            place="",
            mark=mark,
            excerpt=self.places.line(mark),
            tolerance=read_tolerance(about) if about else None,
            scale_outside=scale_outside(self.source.text, begin, end, printed, quantity, self.is_tex),
        )

    def printed(self, marked: MarkedText, quantity: str, after: str) -> tuple[PrintedNumber, int]:
        """The figure of a mark, and its first character. Raises `PrintedNumberError` if it cannot be read."""
        text = self.source.text[marked.start : marked.end]
        if not self.is_tex:
            return read_printed_number(text, quantity=quantity), marked.start
        key = marked.start, quantity
        if key not in self._lines:
            self._lines[key] = line_numbers(text, quantity)
        found = meant(self._lines[key], text, after)
        assert found.number is not None
        return found.number, marked.start + found.start


def _of_layer(quantity: str) -> str:
    """The quantity of a layer as a mark writes it, of another writing such as "pool5 output" or "fc6.params"; else nothing."""
    words = [word for word in re.split(r"\s+|\.(?=[A-Za-z_]+$)", quantity) if word != "of"]
    if len(words) != 2 or not re.fullmatch(r"[\w.-]+", words[0] + words[1]):
        return ""
    layer, name = reversed(words) if is_printed_name(words[0]) else words
    return f"{name} of={layer}" if is_printed_name(name) else ""


def _setting(text: str) -> Any:
    """The value of a setting: a number, or a word as its text."""
    value = scalar(text)
    return value if isinstance(value, (int, Fraction)) else str(value)
