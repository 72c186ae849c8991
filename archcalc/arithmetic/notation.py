"""The notation of formulas: the signs of plain text and of LaTeX, and where brackets are needed."""

from __future__ import annotations

import re
from typing import Any, NamedTuple, Protocol

from archcalc.escapes import latex as escape


class WrittenNumber(Protocol):
    """A number with its operation and operands; a symbol or a literal has none."""

    value: int
    name: str
    op: str
    args: tuple[Any, ...]


# Precedence of operations; an operand of lower precedence is put in brackets.
SUM, QUOTIENT, PRODUCT, ATOM = 1, 2, 3, 4


class Notation(NamedTuple):
    """The patterns of the operations in one kind of text; `{0}` and `{1}` are the operands."""

    patterns: dict[str, str]
    minus: str
    brackets: str

    def name(self, name: str) -> str:
        """The text of a symbol."""
        return name

    def number(self, number: int) -> str:
        """The text of a result, with separators between thousands."""
        return f"{number:,}".replace("-", self.minus)

    def literal(self, number: int) -> str:
        """The text of a number in a formula."""
        return str(number)


_SYMBOL = re.compile(r"[A-Za-zαβγε](_[A-Za-z0-9]+)?\Z")


class _LatexNotation(Notation):
    def name(self, name: str) -> str:
        if not _SYMBOL.match(name):  # the name of a layer or of a tally
            return rf"\text{{{escape(name)}}}"
        head, _, index = name.partition("_")
        return rf"{head}_{{\mathrm{{{index}}}}}" if len(index) > 1 else f"{head}_{index}" if index else head

    def number(self, number: int) -> str:
        return f"{number:,}".replace(",", r"\,")

    def literal(self, number: int) -> str:
        return self.number(number)


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
# The lowest precedence that each operand may have without brackets, and the precedence of the result.
_PRECEDENCES = {
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
    """The text of a formula, with `names` in symbols, else in numbers. Formulas nest to any depth: there is no recursion."""
    written: list[tuple[str, int]] = []
    stack: list[tuple[WrittenNumber, bool]] = [(root, False)]
    while stack:
        node, ready = stack.pop()
        if not node.args:
            written.append(_leaf(node, names, notation))
        elif ready:
            right, left = written.pop(), written.pop()
            written.append(_join(node.op, left, right, notation))
        else:
            stack += [(node, True), (node.args[1], False), (node.args[0], False)]
    return written[0][0]


def _leaf(node: WrittenNumber, names: bool, notation: Notation) -> tuple[str, int]:
    if names and node.name:
        return notation.name(node.name), ATOM
    if node.value < 0:
        return f"{notation.minus}{notation.literal(-node.value)}", SUM
    return notation.literal(node.value), ATOM


def _join(op: str, left: tuple[str, int], right: tuple[str, int], notation: Notation) -> tuple[str, int]:
    needed_left, needed_right, precedence = _PRECEDENCES.get(op, _CALL)
    if notation is LATEX and op in _BRACKETED:  # the fraction bar is the bracket
        needed_left = needed_right = SUM
    operands = [
        text if precedence >= needed else notation.brackets.format(text)
        for (text, precedence), needed in ((left, needed_left), (right, needed_right))
    ]
    return notation.patterns[op].format(*operands), precedence
