"""How sums are written: the signs of plain text and of LaTeX, and where brackets have to stand."""

from __future__ import annotations

import re
from typing import Any, NamedTuple, Protocol

from archcalc.escapes import latex as escape


class WrittenNumber(Protocol):
    """A number with the operation and the numbers it came from; a symbol or a literal has none."""

    value: int
    name: str
    op: str
    args: tuple[Any, ...]


# How tightly a written sum holds together; a looser one inside a tighter one is put in brackets.
SUM, QUOTIENT, PRODUCT, ATOM = 1, 2, 3, 4


class Notation(NamedTuple):
    """How a kind of text writes the operations; `{0}` and `{1}` are the operands."""

    patterns: dict[str, str]
    minus: str
    brackets: str

    def name(self, name: str) -> str:
        """A symbol."""
        return name

    def number(self, number: int) -> str:
        """A result, with separators between thousands."""
        return f"{number:,}".replace("-", self.minus)


_SYMBOL = re.compile(r"[A-Za-zαβγε](_[A-Za-z0-9]+)?\Z")


class _LatexNotation(Notation):
    def name(self, name: str) -> str:
        if not _SYMBOL.match(name):  # the name of a layer or of a tally
            return rf"\text{{{escape(name)}}}"
        head, _, index = name.partition("_")
        return rf"{head}_{{\mathrm{{{index}}}}}" if len(index) > 1 else f"{head}_{index}" if index else head

    def number(self, number: int) -> str:
        return f"{number:,}".replace(",", r"\,")


TEXT = Notation(
    {
        "+": "{0} + {1}",
        "-": "{0} − {1}",
        "*": "{0}·{1}",
        "exact": "{0} / {1}",
        "floor": "⌊{0} / {1}⌋",
        "ceil": "⌈{0} / {1}⌉",
        "mod": "({0} mod {1})",
        "min": "min({0}, {1})",
        "max": "max({0}, {1})",
        "gcd": "gcd({0}, {1})",
    },
    minus="−",
    brackets="({0})",
)
LATEX = _LatexNotation(
    {
        "+": "{0} + {1}",
        "-": "{0} - {1}",
        "*": r"{0} \cdot {1}",
        "exact": "{0} / {1}",
        "floor": r"\left\lfloor \frac{{{0}}}{{{1}}} \right\rfloor",
        "ceil": r"\left\lceil \frac{{{0}}}{{{1}}} \right\rceil",
        "mod": r"({0} \bmod {1})",
        "min": r"\min({0}, {1})",
        "max": r"\max({0}, {1})",
        "gcd": r"\gcd({0}, {1})",
    },
    minus="-",
    brackets=r"\left({0}\right)",
)
# What each operand of an operation must at least hold together like; and how tightly the whole holds.
_RANKS = {
    "+": (SUM, QUOTIENT, SUM),
    "-": (SUM, QUOTIENT, SUM),
    "*": (PRODUCT, PRODUCT, PRODUCT),
    "exact": (PRODUCT, ATOM, QUOTIENT),
    "floor": (PRODUCT, ATOM, ATOM),
    "ceil": (PRODUCT, ATOM, ATOM),
    "mod": (PRODUCT, ATOM, ATOM),
}
_BRACKETED = {"floor", "ceil"}
_CALL = (SUM, SUM, ATOM)


def write(root: WrittenNumber, names: bool, notation: Notation) -> str:
    """The text of a sum. Sums over many inputs nest to any depth, so this walks without recursion."""
    done: list[tuple[str, int]] = []
    stack: list[tuple[WrittenNumber, bool]] = [(root, False)]
    while stack:
        node, ready = stack.pop()
        if not node.args:
            done.append(_leaf(node, names, notation))
        elif ready:
            right, left = done.pop(), done.pop()
            done.append(_join(node.op, left, right, notation))
        else:
            stack += [(node, True), (node.args[1], False), (node.args[0], False)]
    return done[0][0]


def _leaf(node: WrittenNumber, names: bool, notation: Notation) -> tuple[str, int]:
    if names and node.name:
        return notation.name(node.name), ATOM
    if node.value < 0:
        return f"{notation.minus}{-node.value}", SUM
    return str(node.value), ATOM


def _join(op: str, left: tuple[str, int], right: tuple[str, int], notation: Notation) -> tuple[str, int]:
    need_left, need_right, rank = _RANKS.get(op, _CALL)
    if notation is LATEX and op in _BRACKETED:  # the fraction bar is the bracket
        need_left = need_right = SUM
    written = [
        text if have >= need else notation.brackets.format(text)
        for (text, have), need in ((left, need_left), (right, need_right))
    ]
    return notation.patterns[op].format(*written), rank
