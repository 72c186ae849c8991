r"""Figures in prose, marked by comments that readers of the page do not see.

    VGG 16 has <!-- archcalc: vgg16 params -->138 M<!-- /archcalc --> parameters.

    % archcalc: vgg16 params
    VGG 16 has \num{138357544} parameters.

In Markdown and HTML the figure is between the two comments. In LaTeX the comment has a line of its own, and
the claim is about the first figure of the next line, or the first after a text given with `after`.
The words of a mark are: a network, settings such as alpha=0.5 or input=3x160x160, the quantity, and optionally `of=LAYER`.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from fractions import Fraction
from math import floor
from typing import TYPE_CHECKING, Any, NamedTuple

from archcalc.claims.model import Claim, NetworkSetting, Publication
from archcalc.claims.printed_number import PrintedNumber, PrintedNumberError, read_printed_number
from archcalc.claims.verdicts import Value
from archcalc.description.source import Source
from archcalc.description.values import ReadingError, scalar, shape
from archcalc.errors import Mark, Problems

if TYPE_CHECKING:
    from archcalc.claims.verify import Outcome

PROSE = (".md", ".markdown", ".html", ".htm", ".tex", ".ltx", ".rst", ".txt")
_HTML = re.compile(r"<!--\s*archcalc:(?P<words>[^<>]{1,300}?)-->(?P<figure>[^<]{0,120}?)<!--\s*/archcalc\s*-->")
_TEX = re.compile(r"^[ \t]*%\s*archcalc:(?P<words>.{1,300})\n(?P<line>[^\n]{0,2000})", re.M)
_TEX_NUMBER = re.compile(
    r"\\num\{(?P<num>[^{}]{1,60})\}|(?P<plain>\d(?:[\d,.]|\{,\})*(?:(?:\\,|~| )?(?:million|billion|[KMGT]\b|\\?%))?)"
)
_WORD = re.compile(r"""[^\s=]+=(?:"[^"]*"|'[^']*'|\S+)|\S+""")


class MarkedNumber(NamedTuple):
    """A marked number: the words of its mark, the number, and the index of its first character in the text."""

    words: str
    text: str
    start: int


def read_prose(source: Source) -> tuple[Publication, Problems]:
    """The marked figures of a text as claims."""
    publication = Publication(source.path, os.path.basename(source.path), title=os.path.basename(source.path))
    problems = Problems()
    for position, marked in enumerate(_marked_numbers(source), 1):
        mark = _mark(source, marked.start)
        try:
            publication.claims.append(_claim(source, marked, mark, position))
        except (PrintedNumberError, ReadingError, ValueError) as error:
            hint = "write archcalc: NETWORK QUANTITY, such as archcalc: vgg16 params"
            problems.add("ARC445", mark, str(error), hint)
    return publication, problems


def _marked_numbers(source: Source) -> Iterator[MarkedNumber]:
    if source.path.endswith((".tex", ".ltx")):
        for match in _TEX.finditer(source.text):
            after = re.search(r"""\safter=("[^"]*"|'[^']*'|\S+)""", match["words"])
            anchor = after[1].strip("\"'") if after else ""
            begin = match["line"].find(anchor)
            number = _TEX_NUMBER.search(match["line"], begin + len(anchor)) if begin >= 0 else None
            group = "num" if number and number["num"] else "plain"
            start = match.start("line") + (number.start(group) if number else 0)
            yield MarkedNumber(match["words"], number[group] if number else "", start)
        return
    for match in _HTML.finditer(source.text):
        text = match["figure"].strip(" \t\n*_`")
        yield MarkedNumber(match["words"], text, match.start("figure") + match["figure"].find(text))


def _mark(source: Source, index: int) -> Mark:
    """The place of a character of the text."""
    before = source.text[:index]
    return Mark(source.path, before.count("\n") + 1, index - before.rfind("\n"))


def _claim(source: Source, marked: MarkedNumber, mark: Mark, position: int) -> Claim:
    words = _WORD.findall(marked.words)
    plain = [word for word in words if "=" not in word or word[0] == "("]
    settings = dict(word.split("=", 1) for word in words if word not in plain)
    settings = {name: value.strip("\"'") for name, value in settings.items()}
    if len(plain) < 2:
        raise ValueError("the mark names no network and quantity")
    of, about = settings.pop("of", "total"), settings.pop("about", "")
    settings.pop("after", None)
    input_text = settings.pop("input", "")
    sizes = shape(input_text)
    if input_text and sizes is None:
        raise ValueError(f"input={input_text} is not a shape")
    setting = NetworkSetting(
        plain[0],
        tuple(sorted((name, _setting(value)) for name, value in settings.items() if name != "convention")),
        sizes,
        settings.get("convention", "mult-adds"),
    )
    return Claim(
        id=f"{position}.{plain[0]}.{plain[1]}",
        setting=setting,
        quantity=" ".join(plain[1:]),
        of=of,
        printed=read_printed_number(marked.text),
        place="",
        mark=mark,
        excerpt=source.text.split("\n")[mark.line - 1].rstrip("\r"),
        tolerance=read_printed_number(about).value if about else None,
    )


def _setting(text: str) -> Any:
    """The value of a setting: a number, or a word as its text."""
    value = scalar(text)
    return value if isinstance(value, (int, Fraction)) else str(value)


# -- rewriting ---------------------------------------------------------------------------------------------------------


def rewritten(source: Source, outcomes: Iterable[Outcome]) -> tuple[str, int]:
    """The text with every stale figure rewritten in its own style, and how many there were; the rest is unchanged."""
    text, count = source.text, 0
    starts = [0]
    for line in text.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    failing = [outcome for outcome in outcomes if outcome.status == "fails" and outcome.computed is not None]
    for outcome in sorted(failing, key=lambda outcome: outcome.claim.mark[1:], reverse=True):
        claim = outcome.claim
        start = starts[claim.mark.line - 1] + claim.mark.column - 1
        old = claim.printed.text
        end = start + len(old)
        new = reformatted(claim.printed, outcome.computed)
        if text[start:end] == old and new != old:
            text, count = text[:start] + new + text[end:], count + 1
    return text, count


def reformatted(printed: PrintedNumber, value: Value) -> str:
    """The value in the format of the stale figure: same unit, same decimals, same separators."""
    if isinstance(value, tuple):
        orders = (value, value[1:] + value[:1], value[1:])
        # Channels first, channels last or left out: the order in which most sizes remain in their places.
        best = max(orders, key=lambda order: (len(order) == len(printed.volume), _equal_sizes(order, printed.volume)))
        return re.sub(r"\d+(?:(\s*[×xX*]\s*)\d+)*", lambda match: (match[1] or "×").join(map(str, best)), printed.text, count=1)
    number = Fraction(value) / printed.scale
    whole, _, decimals = printed.digits.partition(".")
    text = _rounded(number, len(decimals))
    separator = next((sign for sign in (",", "_", "'", "\u202f", " ") if sign in whole), "")
    if separator:
        integer, _, fraction = text.partition(".")
        text = f"{int(integer):,}".replace(",", separator) + (f".{fraction}" if fraction else "")
    return printed.text.replace(printed.digits, text, 1)


def _equal_sizes(sizes: tuple[int, ...], others: tuple[int, ...]) -> int:
    """How many sizes are the same at the same index."""
    return sum(size == other for size, other in zip(sizes, others, strict=False))


def _rounded(number: Fraction, decimals: int) -> str:
    """Rounded half up, with exactly so many decimals."""
    digits = str(floor(number * 10**decimals + Fraction(1, 2))).zfill(decimals + 1)
    return f"{digits[:-decimals]}.{digits[-decimals:]}" if decimals else digits
