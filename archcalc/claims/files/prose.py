r"""Numbers inside prose, marked by comments that a reader of the page does not see.

    VGG 16 has <!-- archcalc: vgg16 params -->138 M<!-- /archcalc --> parameters.

    % archcalc: vgg16 params
    VGG 16 has \num{138357544} parameters.

In Markdown and HTML the figure stands between the two comments. In LaTeX the comment stands on a line of its own, and
the claim is about the first figure of the next line, or the first after a text given with `after`.
The words are: a network, settings such as alpha=0.5 or input=3x160x160, the quantity, and optionally `of=LAYER`.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from fractions import Fraction
from math import floor
from typing import TYPE_CHECKING, NamedTuple

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
_TEX_FIGURE = re.compile(
    r"\\num\{(?P<num>[^{}]{1,60})\}|(?P<plain>\d(?:[\d,.]|\{,\})*(?:(?:\\,|~| )?(?:million|billion|[KMGT]\b|\\?%))?)"
)
_WORD = re.compile(r"""[^\s=]+=(?:"[^"]*"|'[^']*'|\S+)|\S+""")


class Place(NamedTuple):
    """A marked figure: what is said about it and where its characters stand."""

    words: str
    text: str
    start: int


def read_prose(source: Source) -> tuple[Publication, Problems]:
    """The marked figures of a text as claims."""
    publication = Publication(source.path, os.path.basename(source.path), title=os.path.basename(source.path))
    problems = Problems()
    for number, place in enumerate(_places(source), 1):
        mark = _mark(source, place.start)
        try:
            publication.claims.append(_claim(source, place, mark, number))
        except (PrintedNumberError, ReadingError, ValueError) as error:
            out = "write archcalc: NETWORK QUANTITY, such as archcalc: vgg16 params"
            problems.add("ARC445", mark, str(error), out)
    return publication, problems


def _places(source: Source) -> Iterator[Place]:
    if source.path.endswith((".tex", ".ltx")):
        for match in _TEX.finditer(source.text):
            after = re.search(r"""\safter=("[^"]*"|'[^']*'|\S+)""", match["words"])
            cut = match["line"].find(after[1].strip("\"'")) if after else 0
            begin = max(cut, 0) + (len(after[1].strip("\"'")) if after else 0)
            found = _TEX_FIGURE.search(match["line"], begin) if cut >= 0 else None
            group = "num" if found and found["num"] else "plain"
            start = match.start("line") + (found.start(group) if found else 0)
            yield Place(match["words"], found[group] if found else "", start)
        return
    for match in _HTML.finditer(source.text):
        figure = match["figure"]
        text = figure.strip(" \t\n*_`")
        yield Place(match["words"], text, match.start("figure") + figure.find(text))


def _mark(source: Source, at: int) -> Mark:
    before = source.text[:at]
    return Mark(source.path, before.count("\n") + 1, at - (before.rfind("\n") + 1) + 1)


def _claim(source: Source, place: Place, mark: Mark, number: int) -> Claim:
    words = _WORD.findall(place.words)
    plain = [word for word in words if "=" not in word or word[0] == "("]
    named = dict(word.split("=", 1) for word in words if word not in plain)
    named = {name: value.strip("\"'") for name, value in named.items()}
    if len(plain) < 2:
        raise ValueError("the mark names no network and quantity")
    of, about = named.pop("of", "total"), named.pop("about", "")
    named.pop("after", None)
    written = named.pop("input", "")
    sizes = shape(written)
    if written and sizes is None:
        raise ValueError(f"input={written} is not a shape")
    setting = NetworkSetting(
        plain[0],
        tuple(sorted((name, scalar(value)) for name, value in named.items() if name != "convention")),
        sizes,
        named.get("convention", "mult-adds"),
    )
    return Claim(
        id=f"{number}.{plain[0]}.{plain[1]}",
        setting=setting,
        quantity=" ".join(plain[1:]),
        of=of,
        printed=read_printed_number(place.text),
        place="",
        mark=mark,
        excerpt=source.text.split("\n")[mark.line - 1].rstrip("\r"),
        tolerance=read_printed_number(about).value if about else None,
    )


# -- mending -----------------------------------------------------------------------------------------------------------


def fixed(source: Source, outcomes: Iterable[Outcome]) -> tuple[str, int]:
    """The text with every stale figure rewritten in its own style, and how many were. Nothing else is touched."""
    text, stale = source.text, 0
    starts = [0]
    for line in text.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    failing = [one for one in outcomes if one.status == "fails" and one.computed is not None]
    for outcome in sorted(failing, key=lambda one: one.claim.mark[1:], reverse=True):
        claim = outcome.claim
        at = starts[claim.mark.line - 1] + claim.mark.column - 1
        old = claim.printed.text
        new = reformatted(claim.printed, outcome.computed)
        if text[at : at + len(old)] == old and new != old:
            text, stale = text[:at] + new + text[at + len(old) :], stale + 1
    return text, stale


def reformatted(printed: PrintedNumber, value: Value) -> str:
    """The value written as the stale figure was: same unit, same decimals, same separators."""
    if isinstance(value, tuple):
        orders = (value, value[1:] + value[:1], value[1:])
        # Channels first, channels last or left out: the order in which most sizes stay where they are.
        last = max(orders, key=lambda order: (len(order) == len(printed.volume), _kept(order, printed.volume)))
        return re.sub(r"\d+(?:(\s*[×xX*]\s*)\d+)*", lambda match: (match[1] or "×").join(map(str, last)), printed.text, count=1)
    number = Fraction(value) / printed.scale
    whole, _, decimals = printed.digits.partition(".")
    shown = _rounded(number, len(decimals))
    separator = next((sign for sign in (",", "_", "'", "\u202f", " ") if sign in whole), "")
    if separator:
        head, _, tail = shown.partition(".")
        shown = f"{int(head):,}".replace(",", separator) + (f".{tail}" if tail else "")
    return printed.text.replace(printed.digits, shown, 1)


def _kept(sizes: tuple[int, ...], others: tuple[int, ...]) -> int:
    """How many sizes are the same at the same place."""
    return sum(one == other for one, other in zip(sizes, others, strict=False))


def _rounded(number: Fraction, decimals: int) -> str:
    """Rounded half up, with exactly so many decimals."""
    digits = str(floor(number * 10**decimals + Fraction(1, 2))).zfill(decimals + 1)
    return f"{digits[:-decimals]}.{digits[-decimals:]}" if decimals else digits
