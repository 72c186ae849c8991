"""What expressions compute with: operators and functions in exact numbers, bounded before and after each step.

Where one of the values is a list, an operator or function is applied to each of its parts, at any depth: `k // 2` of
`[3, 5]` is `[1, 2]`. Two lists are not combined. Words and truth values are no numbers.
"""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import reduce
from itertools import islice
from typing import Any

from archcalc.arithmetic.term import MAX_DIGITS, NUMBER_LIMIT, Varying

MAX_PARTS = 1_000
"""Numbers in a list that an expression computes with."""

Value = Any
"""int, Fraction, bool, str, VariantFraction, or a list of these."""


class ExpressionError(ValueError):
    """The text is not an expression, or has no value; the message says why. `value` is the one that does not fit."""

    def __init__(self, message: str, value: Value = None) -> None:
        super().__init__(message)
        self.value = value


class ReportedError(ExpressionError):
    """A value that is needed has a problem of its own, which is reported already: there is nothing more to say."""


class VariesError(Exception):
    """A choice of structure differs between variants: it depends on the swept variables with these `axes`."""

    def __init__(self, axes: tuple[int, ...]) -> None:
        super().__init__(axes)
        self.axes = axes


# -- values ------------------------------------------------------------------------------------------------------------


def parts(value: Value) -> Iterator[Value]:
    """The single values in a value: those of a list, at any depth, in order; a value that is not a list is one."""
    if isinstance(value, (list, tuple)):
        for item in value:
            yield from parts(item)
    else:
        yield value


def first_varying(value: Value) -> Varying | None:
    """The first part of a value that differs between the variants of a sweep; None if the value is plain."""
    if not isinstance(value, (list, tuple)):  # nearly all values
        return value if isinstance(value, Varying) else None
    return next((part for part in parts(value) if isinstance(part, Varying)), None)


def fixed(value: Value) -> Value:
    """The value, which must be the same in all variants. Raises `VariesError` if it is not."""
    varying = first_varying(value)
    if varying is not None:
        raise VariesError(varying.axes)
    return value


def number(digits: str) -> int | Fraction:
    """The exact value of a written number. Raises `ExpressionError` if it has too many digits."""
    mantissa, _, exponent = digits.lower().partition("e")
    if len(mantissa) > MAX_DIGITS or len(exponent) > 4 or abs(int(exponent or 0)) > MAX_DIGITS:
        raise ExpressionError(f"{digits[:40]} has more than {MAX_DIGITS} digits")
    simple: int | Fraction = _simple(Fraction(digits))
    return simple


def value_text(value: Value) -> str:
    """A value as a description writes it, cut to 60 characters."""
    text = _text(value)
    return text if len(text) <= 60 else f"{text[:57]}…"


def _text(value: Value) -> str:
    if isinstance(value, (list, tuple)):  # of a long list only what is shown
        return f"[{', '.join(map(_text, value[:30]))}{', …' if len(value) > 30 else ''}]"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Fraction):
        return decimal_text(value)
    return repr(str(value)) if isinstance(value, str) else str(value)


def decimal_text(fraction: Fraction) -> str:
    """A fraction as a person writes it: exactly if its digits end, else as the fraction."""
    text = f"{float(fraction):.10g}" if fraction.denominator < 10**9 else ""
    return text if text and Fraction(text) == fraction else str(fraction)


# -- one step ----------------------------------------------------------------------------------------------------------


def compute(text: str, operation: Callable[..., Value], *values: Value) -> Value:
    """The result of an operation in the expression `text`; of each part, where one of the values is a list.

    Raises `ExpressionError` if a value is no number, if two are lists, or if the result is out of bounds.
    """
    lists = [index for index, value in enumerate(values) if isinstance(value, (list, tuple))]
    if not lists:
        return bounded(operation(*(_numeric(value, text) for value in values)))
    if len(lists) > 1:
        raise ExpressionError(f"{text} calculates with two lists; only a list and a number are combined, part by part")
    index = lists[0]
    before, items, after = values[:index], values[index], values[index + 1 :]
    if sum(1 for _ in islice(parts(items), MAX_PARTS + 1)) > MAX_PARTS:
        raise ExpressionError(f"{text} calculates with a list of more than {MAX_PARTS:,} numbers")
    return [compute(text, operation, *before, item, *after) for item in items]


def compare(text: str, relation: Callable[[Value, Value], bool], left: Value, right: Value) -> bool:
    """Whether a relation holds. A list is equal to a number if each of its parts is, and has no order.

    Raises `ExpressionError` if the values are not comparable, `VariesError` if they differ between variants.
    """
    fixed(left)
    fixed(right)
    if not any(isinstance(value, (list, tuple)) for value in (left, right)):
        kinds = _noun(left), _noun(right)
        if kinds[0] != kinds[1]:
            raise ExpressionError(f"{text} compares {kinds[0]} with {kinds[1]}", left if isinstance(left, str) else right)
        return relation(left, right)
    if relation not in EQUALITIES:
        raise ExpressionError(f"{text} compares a list, which has no order; == and != compare each part")
    return _equal(text, left, right) == (relation is EQUALITIES[0])


def _equal(text: str, left: Value, right: Value) -> bool:
    lists = [isinstance(value, (list, tuple)) for value in (left, right)]
    if all(lists):
        return len(left) == len(right) and all(_equal(text, a, b) for a, b in zip(left, right, strict=True))
    if not any(lists):
        return compare(text, EQUALITIES[0], left, right)
    items, other = (left, right) if lists[0] else (right, left)
    return bool(items) and all(_equal(text, item, other) for item in items)


def element(text: str, name: str, items: Value, index: Value) -> Value:
    """The element of a list, named `name` in the expression `text`, at an index from 0.

    Raises `ExpressionError` if it has none, `VariesError` if the index differs between variants.
    """
    if not isinstance(items, (list, tuple)):
        raise ExpressionError(f"{text}: {name} is {_noun(items)}, {value_text(items)}, which has no elements", items)
    if isinstance(fixed(index), bool) or not isinstance(index, int):
        raise ExpressionError(f"{text}: an index is an integer, not {value_text(index)}", index)
    if not 0 <= index < len(items):
        held = f"elements 0 to {len(items) - 1}" if items else "no elements"
        raise ExpressionError(f"{text}: there is no element {index}: {name} has {held}")
    return items[index]


def length(text: str, items: Value) -> int:
    """The number of elements of a list. Raises `ExpressionError` if the value is not one."""
    if not isinstance(items, (list, tuple)):
        raise ExpressionError(f"{text}: len is of a list, not of {_noun(items)}, {value_text(items)}", items)
    return len(items)


def _noun(value: Value) -> str:
    return "a word" if isinstance(value, str) else "a truth value" if isinstance(value, bool) else "a number"


def _numeric(value: Value, text: str) -> Value:
    if isinstance(value, (bool, str)):
        raise ExpressionError(f"{text} calculates with {str(value).lower()!r}, which is not a number", value)
    return value


def bounded(value: Value) -> Value:
    """The value, as an integer if it is one. Raises `ExpressionError` if it has too many digits."""
    if isinstance(value, (int, Fraction)) and not isinstance(value, bool):
        if max(abs(value.numerator), value.denominator) >= NUMBER_LIMIT:
            raise ExpressionError(f"a value has more than {MAX_DIGITS} digits")
        return _simple(value)
    if isinstance(value, Varying) and value.bound >= NUMBER_LIMIT:
        fixed(value)  # too large in some variants only: the sweep is split
    return value


def _simple(value: Value) -> Value:
    return value.numerator if isinstance(value, Fraction) and value.denominator == 1 else value


def _divide(a: Value, b: Value) -> Value:
    try:
        return Fraction(a) / b if isinstance(a, int) else a / b
    except ZeroDivisionError:
        fixed(b)  # zero in some variants only: the sweep is split
        raise


def _power(a: Value, b: Value) -> Value:
    fixed(b)
    if not isinstance(b, int) or not 0 <= b <= MAX_DIGITS * 4:
        raise ExpressionError(f"an exponent is an integer from 0 to {MAX_DIGITS * 4}")
    if b == 0:
        return 1
    # Bounded after each step, so that a tower of powers stops at its first large floor.
    return reduce(lambda result, _: bounded(result * a), range(b - 1), a)


def _maximum(*values: Value) -> Value:
    return reduce(_maximum_of_two, values)


def _maximum_of_two(a: Value, b: Value) -> Value:
    if isinstance(a, Varying):
        return a.maximum(b)
    return b.maximum(a) if isinstance(b, Varying) else max(a, b)


def _minimum(*values: Value) -> Value:
    return -_maximum(*(-value for value in values))


def _ceil(x: Value) -> Value:
    return -math.floor(-x)


def _divisible(x: Value, divisor: Value) -> Value:
    """MobileNet's rule: the multiple of `divisor` nearest to x, at least `divisor`, and not below 0.9·x."""
    nearest = _maximum(divisor, math.floor(_divide(x + _divide(divisor, 2), divisor)) * divisor)
    short_by_a_tenth = _minimum(1, _maximum(0, _ceil(9 * x - 10 * nearest)))
    return nearest + short_by_a_tenth * divisor


FUNCTIONS: dict[str, tuple[Callable[..., Value], int, int]] = {
    "floor": (math.floor, 1, 1),
    "ceil": (_ceil, 1, 1),
    "round": (lambda x: math.floor(x + Fraction(1, 2)), 1, 1),
    "min": (_minimum, 2, 100),
    "max": (_maximum, 2, 100),
    "divisible": (_divisible, 2, 2),
    "len": (length, 1, 1),
}
"""What an expression may call, with the least and the largest number of arguments."""

OPERATIONS: dict[type, Callable[[Value, Value], Value]] = {
    ast.Add: lambda a, b: a + b,
    ast.Sub: lambda a, b: a - b,
    ast.Mult: lambda a, b: a * b,
    ast.Div: _divide,
    ast.FloorDiv: lambda a, b: math.floor(_divide(a, b)),
    ast.Mod: lambda a, b: a - b * math.floor(_divide(a, b)),
    ast.Pow: _power,
}

EQUALITIES = (operator.eq, operator.ne)
"""The relations that lists have too."""
RELATIONS: dict[type, Callable[[Value, Value], bool]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
