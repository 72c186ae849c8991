"""Numbers in several arithmetics: one rule, many readings.

A rule is ordinary Python over numbers. Given `int` it yields the number; given `Term` it yields the number together
with the sum it came from; given `archcalc.variants.Many` it yields one number per variant of a network. What `+ − · //`
cannot say (rounding up, an exact quotient, the larger of two) is a named function here that works in all of them.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import reduce
from typing import Any, TypeAlias

Number: TypeAlias = Any
"""An `int`, a `Term` or a `Many`. Rules are generic over the three, which no static type expresses."""


class Quantity:
    """Base of every arithmetic but the plain one; a subclass says what each operation means to it."""

    __slots__ = ()
    __hash__ = object.__hash__

    @classmethod
    def apply(cls, op: str, left: Number, right: Number) -> Any:
        raise TypeError(f"{cls.__name__} has no operation {op}")

    def __add__(self, other: Number) -> Any:
        return self.apply("+", self, other)

    def __radd__(self, other: Number) -> Any:
        return self.apply("+", other, self)

    def __sub__(self, other: Number) -> Any:
        return self.apply("-", self, other)

    def __rsub__(self, other: Number) -> Any:
        return self.apply("-", other, self)

    def __mul__(self, other: Number) -> Any:
        return self.apply("*", self, other)

    def __rmul__(self, other: Number) -> Any:
        return self.apply("*", other, self)

    def __floordiv__(self, other: Number) -> Any:
        return self.apply("floor", self, other)

    def __rfloordiv__(self, other: Number) -> Any:
        return self.apply("floor", other, self)

    def __mod__(self, other: Number) -> Any:
        return self.apply("mod", self, other)

    def __rmod__(self, other: Number) -> Any:
        return self.apply("mod", other, self)


PLAIN: dict[str, Callable[[int, int], int]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "floor": operator.floordiv,
    "ceil": lambda a, b: -(-a // b),
    "exact": operator.floordiv,
    "mod": operator.mod,
    "min": min,
    "max": max,
    "gcd": math.gcd,
}


def _apply(op: str, left: Number, right: Number) -> Number:
    if isinstance(left, Quantity):
        return left.apply(op, left, right)
    if isinstance(right, Quantity):
        return right.apply(op, left, right)
    return PLAIN[op](left, right)


class Neutral(int):
    """A number that is not written where it changes nothing: a dilation of 1, one group."""


def ceil_div(left: Number, right: Number) -> Number:
    """⌈left / right⌉."""
    return _apply("ceil", left, right)


def exact_div(left: Number, right: Number) -> Number:
    """Left / right, where a requirement of the rule says that nothing is left over."""
    return _apply("exact", left, right)


def smaller(left: Number, right: Number) -> Number:
    """min(left, right)."""
    return _apply("min", left, right)


def larger(left: Number, right: Number) -> Number:
    """max(left, right)."""
    return _apply("max", left, right)


def gcd(left: Number, right: Number) -> Number:
    """The greatest common divisor."""
    return _apply("gcd", left, right)


def product(numbers: Iterable[Number]) -> Number:
    """The numbers multiplied from left to right; 1 if there are none."""
    factors = tuple(numbers)
    return reduce(operator.mul, factors) if factors else Neutral(1)


def total(numbers: Iterable[Number]) -> Number:
    """The numbers added from left to right; 0 if there are none."""
    parts = tuple(numbers)
    return reduce(operator.add, parts) if parts else 0


# How tightly a written sum holds together; a looser one inside a tighter one is put in brackets.
SUM, QUOTIENT, PRODUCT, ATOM = 1, 2, 3, 4


@dataclass(frozen=True)
class Glyphs:
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


class _Latex(Glyphs):
    def name(self, name: str) -> str:
        head, _, index = name.partition("_")
        if len(head) > 1:  # the name of a layer or of a tally, not a symbol
            from archcalc.latex import escape

            return rf"\text{{{escape(name)}}}"
        return rf"{head}_{{\mathrm{{{index}}}}}" if len(index) > 1 else f"{head}_{index}" if index else head

    def number(self, number: int) -> str:
        return f"{number:,}".replace(",", r"\,")


TEXT = Glyphs(
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
LATEX = _Latex(
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

class Term(Quantity):
    """An integer that remembers the sum it came from, grouped as the rule's author grouped it."""

    __slots__ = ("args", "name", "op", "value")

    def __init__(self, value: int, name: str = "", op: str = "", args: tuple[Term, ...] = ()) -> None:
        self.value = value
        self.name = name
        self.op = op
        self.args = args

    @classmethod
    def apply(cls, op: str, left: Number, right: Number) -> Term:
        if _vanishes(op, right) and isinstance(left, Term):
            return left
        if _vanishes(op, left) and op in _COMMUTES:
            return right
        left, right = term(left), term(right)
        return cls(PLAIN[op](left.value, right.value), op=op, args=(left, right))

    def __int__(self) -> int:
        return self.value

    def __bool__(self) -> bool:
        raise TypeError("a rule may not branch on a size: state a requirement, or use smaller/larger")

    def __eq__(self, other: object) -> bool:
        raise TypeError("compare int(term): two sums with one value are still two sums")

    __hash__ = Quantity.__hash__

    def __repr__(self) -> str:
        return f"Term({self.text()} = {self.value})"

    def symbols(self) -> set[str]:
        """The names that occur in the sum."""
        found, stack = set(), [self]
        while stack:
            node = stack.pop()
            stack += node.args
            if node.name:
                found.add(node.name)
        return found

    def text(self, names: bool = False, glyphs: Glyphs = TEXT) -> str:
        """The sum in numbers, or with `names` in the textbook's symbols."""
        return _write(self, names, glyphs)[0]

    def steps(self, glyphs: Glyphs = TEXT) -> list[str]:
        """The sum in names, in numbers and as its result, without repeating a step that says nothing new."""
        result = glyphs.number(self.value)
        numbers = self.text(glyphs=glyphs)
        steps = [self.text(names=True, glyphs=glyphs), *([] if numbers == str(self.value) else [numbers]), result]
        return steps[1:] if steps[0] == steps[1] else steps


_COMMUTES = {"+", "*"}


def _vanishes(op: str, number: Number) -> bool:
    """A rule's own 0 (no bias, no padding) and a field's neutral 1 leave no trace in a sum."""
    if op in {"+", "-"}:
        return isinstance(number, int) and number == 0
    return isinstance(number, Neutral) and op in {"*", "exact"}


def term(number: Number, name: str = "") -> Term:
    """`number` as a Term: a symbol if it is given a name, else a literal."""
    return number if isinstance(number, Term) else Term(int(number), name)


def _write(root: Term, names: bool, glyphs: Glyphs) -> tuple[str, int]:
    """Text and rank of a term. Sums over many inputs nest to any depth, so this walks without recursion."""
    done: list[tuple[str, int]] = []
    stack: list[tuple[Term, bool]] = [(root, False)]
    while stack:
        node, ready = stack.pop()
        if not node.args:
            done.append(_leaf(node, names, glyphs))
        elif ready:
            right, left = done.pop(), done.pop()
            done.append(_join(node.op, left, right, glyphs))
        else:
            stack += [(node, True), (node.args[1], False), (node.args[0], False)]
    return done[0]


def _leaf(node: Term, names: bool, glyphs: Glyphs) -> tuple[str, int]:
    if names and node.name:
        return glyphs.name(node.name), ATOM
    if node.value < 0:
        return f"{glyphs.minus}{-node.value}", SUM
    return str(node.value), ATOM


def _join(op: str, left: tuple[str, int], right: tuple[str, int], glyphs: Glyphs) -> tuple[str, int]:
    need_left, need_right, rank = _RANKS.get(op, _CALL)
    if glyphs is LATEX and op in _BRACKETED:  # the fraction bar is the bracket
        need_left = need_right = SUM
    written = [
        text if have >= need else glyphs.brackets.format(text)
        for (text, have), need in ((left, need_left), (right, need_right))
    ]
    return glyphs.patterns[op].format(*written), rank
