"""The array arithmetic: one number per variant of a network. The only module that imports NumPy.

A `VariantArray` contains one integer per variant and the largest magnitude any of them can have. The magnitude is
computed before each operation; once it could exceed int64, the array changes to Python integers, so that a count is
exact at any size. The axes of the arrays are the swept variables: a number that depends on one variable has only as many
values as that variable.

A `VariantFraction` is a `VariantArray` over a common denominator: the value of an expression such as `32*alpha`, before
it is a size.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from archcalc.arithmetic.term import ArithmeticNumber, Number, Varying

_INT64 = 2**63 - 1
Array = np.ndarray[Any, Any]


def _ceil(a: Array, b: Array) -> Array:
    return -(-a // b)


_COMPUTE: dict[str, Callable[[Any, Any], Any]] = {
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "floor": np.floor_divide,
    "ceil": _ceil,
    "exact": np.floor_divide,
    "mod": np.mod,
    "min": np.minimum,
    "max": np.maximum,
    "gcd": np.gcd,
    "common": np.maximum,
}
# The largest magnitude a result can have, from those of the operands.
_BOUND: dict[str, Callable[[int, int], int]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a + b,
    "*": lambda a, b: a * b,
    "floor": lambda a, b: a + 1,
    "ceil": lambda a, b: a + 1,
    "exact": lambda a, b: a + 1,
    "mod": lambda a, b: b,
    "min": max,
    "max": max,
    "gcd": lambda a, b: a + b,
    "common": max,
}
_DIVISIONS = {"floor", "ceil", "exact", "mod"}


class VariantArray(ArithmeticNumber):
    """One integer per variant. `bound` is at least the magnitude of each of them."""

    __slots__ = ("bound", "values")

    def __init__(self, values: Array | int, bound: int | None = None) -> None:
        # NumPy returns the one integer of an array without axes as it is, and a Python integer has no methods of an array.
        self.values = np.array(values, dtype=object) if isinstance(values, int) else values
        self.bound = _magnitude(self.values) if bound is None else bound

    @classmethod
    def of(cls, numbers: Sequence[int], axis: int = 0, axes: int = 1) -> VariantArray:
        """The values of one swept variable, along its own axis of the sweep."""
        bound = max((abs(number) for number in numbers), default=0)
        shape = [1] * axes
        shape[axis] = len(numbers)
        return cls(np.array(numbers, dtype=np.int64 if bound <= _INT64 else object).reshape(shape), bound)

    @classmethod
    def apply(cls, op: str, left: Number, right: Number) -> VariantArray:
        """The result of an operation in every variant; an invalid division has any result."""
        left, right = as_variants(left), as_variants(right)
        bound = _BOUND[op](left.bound, right.bound)
        a, b = left.values, right.values
        if max(bound, left.bound, right.bound) > _INT64:
            a, b = a.astype(object), b.astype(object)
        if op in _DIVISIONS:
            # A variant that divides by zero violates a requirement anyway; it must not stop the others.
            b = np.where(b == 0, 1, b) if not np.all(b) else b
        return cls(_COMPUTE[op](a, b), bound)

    def __repr__(self) -> str:
        return f"VariantArray({self.values!r})"

    def compare(self, relation: str, other: Number) -> Array:
        """A mask over the variants: where `self relation other` is true (`==`, `<=`, `>=`, `divides`, `repeats`)."""
        other = as_variants(other)
        if relation == "divides":
            return np.equal(VariantArray.apply("mod", other, self).values, 0) & np.not_equal(self.values, 0)
        if relation == "repeats":
            return np.equal(self.values, other.values) | np.equal(self.values, 1) | np.equal(other.values, 1)
        return {"==": np.equal, "<=": np.less_equal, ">=": np.greater_equal}[relation](self.values, other.values)


def as_variants(number: Number) -> VariantArray:
    """`number` in the array arithmetic."""
    if isinstance(number, VariantArray):
        return number
    number = int(number)
    return VariantArray(np.array(number, dtype=np.int64 if abs(number) <= _INT64 else object), abs(number))


def _magnitude(values: Array) -> int:
    return max(abs(int(values.max())), abs(int(values.min()))) if values.size else 0


class VariantFraction(Varying):
    """One exact fraction per variant, as expressions in a description compute with it; the denominator is positive."""

    __slots__ = ("denominator", "numerator")

    def __init__(self, numerator: VariantArray, denominator: Number = 1) -> None:
        self.numerator = numerator
        self.denominator = denominator

    @classmethod
    def of(cls, numbers: Sequence[int | Fraction], axis: int = 0, axes: int = 1) -> VariantFraction:
        """The values of one swept variable, along its own axis of the sweep."""
        denominator = math.lcm(*{number.denominator for number in numbers})
        numerators = [number.numerator * (denominator // number.denominator) for number in numbers]
        return cls(VariantArray.of(numerators, axis, axes), denominator)

    @property
    def axes(self) -> tuple[int, ...]:
        """The indices of the swept variables that it depends on."""
        return tuple(axis for axis, size in enumerate(self.numerator.values.shape) if size > 1)

    @property
    def bound(self) -> int:
        """At least the magnitude of each numerator and denominator."""
        return max(self.numerator.bound, as_variants(self.denominator).bound)

    def integers(self) -> tuple[VariantArray, Array]:
        """As integers, and a mask of the variants in which it is an integer."""
        if self.denominator.__class__ is int and self.denominator == 1:
            return self.numerator, np.array(True)
        return self.numerator // self.denominator, np.equal((self.numerator % self.denominator).values, 0)

    def __add__(self, other: Any) -> VariantFraction:
        other = as_variant_fraction(other)
        numerator = self.numerator * other.denominator + other.numerator * self.denominator
        return _reduced(numerator, self.denominator * other.denominator)

    def __sub__(self, other: Any) -> VariantFraction:
        return self + -as_variant_fraction(other)

    def __rsub__(self, other: Any) -> VariantFraction:
        return as_variant_fraction(other) + -self

    def __neg__(self) -> VariantFraction:
        return VariantFraction(0 - self.numerator, self.denominator)

    def __mul__(self, other: Any) -> VariantFraction:
        other = as_variant_fraction(other)
        return _reduced(self.numerator * other.numerator, self.denominator * other.denominator)

    __radd__ = __add__
    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> VariantFraction:
        other = as_variant_fraction(other)
        if not np.all(other.numerator.values):
            raise ZeroDivisionError
        sign = VariantArray(np.sign(other.numerator.values), 1)
        return _reduced(self.numerator * other.denominator * sign, self.denominator * other.numerator * sign)

    def __rtruediv__(self, other: Any) -> VariantFraction:
        return as_variant_fraction(other) / self

    def __floor__(self) -> VariantFraction:
        """⌊x⌋ in every variant."""
        return VariantFraction(self.numerator // self.denominator)

    def maximum(self, other: Any) -> VariantFraction:
        """max(x, y) in every variant."""
        other = as_variant_fraction(other)
        numerator = VariantArray.apply("max", self.numerator * other.denominator, other.numerator * self.denominator)
        return _reduced(numerator, self.denominator * other.denominator)


def _reduced(numerator: VariantArray, denominator: Number) -> VariantFraction:
    """The fraction in lowest terms if its denominator is plain, so that sums over many layers stay within int64."""
    if isinstance(denominator, int) and denominator > 1:
        common = math.gcd(denominator, int(np.gcd.reduce(numerator.values, axis=None)))
        if common > 1:
            return VariantFraction(VariantArray(numerator.values // common), denominator // common)
    return VariantFraction(numerator, denominator)


def as_variant_fraction(number: Any) -> VariantFraction:
    """`number` as one fraction per variant."""
    if isinstance(number, VariantFraction):
        return number
    if isinstance(number, VariantArray):
        return VariantFraction(number)
    fraction = Fraction(number)
    return VariantFraction(as_variants(fraction.numerator), fraction.denominator)


def broadcast_values(number: Number, shape: tuple[int, ...]) -> list[int]:
    """The plain integers of a number over all variants of a sweep, the last axis fastest."""
    return list(np.broadcast_to(as_variants(number).values, shape).ravel().tolist())


def all_true(masks: Sequence[Any], shape: tuple[int, ...]) -> list[bool]:
    """Where all masks are true, over all variants of a sweep, the last axis fastest."""
    result = np.ones((1,) * len(shape), dtype=bool)
    for mask in masks:
        result = result & mask
    return list(np.broadcast_to(result, shape).ravel().tolist())
