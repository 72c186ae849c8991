"""Numbers in several arithmetics: one rule, evaluated in each.

A rule is ordinary Python over numbers. Given `int` it returns the number; given `Term`, the number together with its
formula; given `archcalc.arithmetic.variants.VariantArray`, one number per variant. What `+ − · //` cannot express
(rounding up, an exact quotient, the larger of two) is a named function here that computes in all of them.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterable
from functools import reduce
from typing import Any, TypeAlias

from archcalc.arithmetic.notation import TEXT, Notation, write

Number: TypeAlias = Any
"""An `int`, a `Term` or a `VariantArray`. Rules are generic over the three, which no static type expresses."""

MAX_DIGITS = 100
"""Digits of any number, before and after a fraction bar. No network comes near; `9**9**9` is refused here."""
NUMBER_LIMIT: int = 10**MAX_DIGITS
"""The magnitude of every number is below this."""


class ArithmeticNumber:
    """Base of every arithmetic but the plain one; a subclass defines each operation in `apply`."""

    __slots__ = ()
    __hash__ = object.__hash__

    @classmethod
    def apply(cls, op: str, left: Number, right: Number) -> Any:
        """The result of an operation, by its key in `PLAIN`. Raises `TypeError` if the arithmetic does not have it."""
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
    "common": max,
}


def _apply(op: str, left: Number, right: Number) -> Number:
    if isinstance(left, ArithmeticNumber):
        return left.apply(op, left, right)
    if isinstance(right, ArithmeticNumber):
        return right.apply(op, left, right)
    return PLAIN[op](left, right)


class Varying:
    """Base of values that differ between the variants of a sweep, as expressions in a description compute with them.

    `isinstance(value, Varying)` needs no NumPy, which only `archcalc.arithmetic.variants` imports.
    """

    __slots__ = ()

    @property
    def axes(self) -> tuple[int, ...]:
        """The indices of the swept variables it depends on. Raises `NotImplementedError` here; subclasses define it."""
        raise NotImplementedError

    @property
    def bound(self) -> int:
        """At least the magnitude of each numerator and denominator. Raises `NotImplementedError` here."""
        raise NotImplementedError

    def integers(self) -> tuple[Number, Any]:
        """Its integers, and a mask of the variants in which it is one. Raises `NotImplementedError` here."""
        raise NotImplementedError

    def maximum(self, other: Any) -> Any:
        """max(self, other) in every variant. Raises `NotImplementedError` here."""
        raise NotImplementedError


class Implicit(int):
    """An identity element that formulas leave out: a dilation of 1, one group."""


def ceil_div(left: Number, right: Number) -> Number:
    """⌈left / right⌉."""
    return _apply("ceil", left, right)


def exact_div(left: Number, right: Number) -> Number:
    """Left / right, where a requirement of the rule ensures that there is no remainder."""
    return _apply("exact", left, right)


def minimum(left: Number, right: Number) -> Number:
    """min(left, right)."""
    return _apply("min", left, right)


def maximum(left: Number, right: Number) -> Number:
    """max(left, right)."""
    return _apply("max", left, right)


def gcd(left: Number, right: Number) -> Number:
    """The greatest common divisor."""
    return _apply("gcd", left, right)


def common_size(left: Number, right: Number) -> Number:
    """The size of two volumes along an axis where they are equal, or where one is 1 and is repeated."""
    return _apply("common", left, right)


def product(numbers: Iterable[Number]) -> Number:
    """The numbers multiplied from left to right; 1 if there are none."""
    factors = tuple(numbers)
    return reduce(operator.mul, factors) if factors else Implicit(1)


def power(number: Number, times: int) -> Number:
    """The number multiplied with itself, so many `times` in all; 1 for none."""
    return product((number,) * times)


def sum_(numbers: Iterable[Number]) -> Number:
    """The numbers added from left to right; 0 if there are none."""
    parts = tuple(numbers)
    return reduce(operator.add, parts) if parts else 0


class Term(ArithmeticNumber):
    """An integer with the formula it was computed by, grouped as in the rule."""

    __slots__ = ("args", "name", "op", "value")

    def __init__(self, value: int, name: str = "", op: str = "", args: tuple[Term, ...] = ()) -> None:
        self.value = value
        self.name = name
        self.op = op
        self.args = args

    @classmethod
    def apply(cls, op: str, left: Number, right: Number) -> Term:
        """The term of an operation; an identity element leaves no trace in it."""
        if _is_identity(op, right) and isinstance(left, Term):
            return left
        if _is_identity(op, left) and op in _COMMUTES:
            return right
        left, right = term(left), term(right)
        if op == "common":  # no step of its own: the size of the volume that is not repeated
            return right if left.value == 1 else left
        return cls(PLAIN[op](left.value, right.value), op=op, args=(left, right))

    def __int__(self) -> int:
        return self.value

    def __bool__(self) -> bool:
        raise TypeError("a rule may not branch on a size: state a requirement, or use minimum/maximum")

    def __eq__(self, other: object) -> bool:
        raise TypeError("compare int(term): two formulas with one value are still two formulas")

    __hash__ = ArithmeticNumber.__hash__

    def __repr__(self) -> str:
        return f"Term({self.text()} = {self.value})"

    def symbols(self) -> set[str]:
        """The names of the symbols in the formula."""
        names, stack = set(), [self]
        while stack:
            node = stack.pop()
            stack += node.args
            if node.name:
                names.add(node.name)
        return names

    def text(self, names: bool = False, notation: Notation = TEXT) -> str:
        """The formula in numbers, or with `names` in the textbook's symbols."""
        return write(self, names, notation)

    def steps(self, notation: Notation = TEXT) -> list[str]:
        """The formula in symbols, in numbers and as its result, without equal steps."""
        result = notation.number(self.value)
        numbers = self.text(notation=notation)
        steps = [self.text(names=True, notation=notation), *([] if numbers == str(self.value) else [numbers]), result]
        return steps[1:] if steps[0] == steps[1] else steps


_COMMUTES = {"+", "*"}


def _is_identity(op: str, number: Number) -> bool:
    """Whether an operand is left out of formulas: a rule's own 0 (no bias, no padding), a field's implicit 1."""
    if op in {"+", "-"}:
        return isinstance(number, int) and number == 0
    return isinstance(number, Implicit) and op in {"*", "exact"}


def term(number: Number, name: str = "") -> Term:
    """`number` as a Term: with a name a symbol, else a literal."""
    return number if isinstance(number, Term) else Term(int(number), name)
