"""Expressions in a description: `64*alpha`, `stride if project else 1`, evaluated in exact rationals.

The text is parsed by Python's own parser and evaluated by a whitelist of nodes; nothing is ever executed. Numbers have
the exact value of their digits (0.714 is 714/1000), so that 0.714*14 is not a float's 9.995999…. Values may be
integers, fractions, truth values, words, or in a sweep one fraction per variant (`archcalc.arithmetic.variants`).
"""

from __future__ import annotations

import ast
import math
import warnings
from collections.abc import Callable
from fractions import Fraction
from functools import reduce
from typing import Any

from archcalc.arithmetic.term import MAX_DIGITS, NUMBER_LIMIT, Varying

MAX_LENGTH = 1000
"""Characters of one expression."""

Value = Any
"""int, Fraction, bool, str or VariantFraction."""


class ExpressionError(ValueError):
    """The text is not an expression, or has no value; the message says why."""


class VariesError(Exception):
    """A choice of structure differs between variants: it depends on the swept variables with these `axes`."""

    def __init__(self, axes: tuple[int, ...]) -> None:
        super().__init__(axes)
        self.axes = axes


class Expression:
    """A parsed expression and the names in it. Raises `ExpressionError` if the text is not an expression."""

    __slots__ = ("names", "text", "tree")

    def __init__(self, text: str) -> None:
        if len(text) > MAX_LENGTH:
            raise ExpressionError(f"the expression has {len(text):,} characters, at most {MAX_LENGTH:,} are read")
        self.text = text
        try:
            with warnings.catch_warnings():  # Python's own warnings about `3or x`
                warnings.simplefilter("ignore")
                self.tree = ast.parse(text.strip(), mode="eval").body
        except (SyntaxError, ValueError, MemoryError, RecursionError):
            raise ExpressionError(f"{text!r} is neither a number nor an expression") from None
        called = {id(node.func) for node in ast.walk(self.tree) if isinstance(node, ast.Call)}
        names = (node for node in ast.walk(self.tree) if isinstance(node, ast.Name) and id(node) not in called)
        self.names = frozenset(node.id for node in names)

    def __repr__(self) -> str:
        return self.text

    def evaluate(self, lookup: Callable[[str], Value]) -> Value:
        """The value; `lookup` returns the value of a name. Raises `ExpressionError` if there is none."""
        try:
            return _bounded(_walk(self.tree, lookup, self.text))
        except ZeroDivisionError:
            raise ExpressionError(f"{self.text} divides by zero") from None
        except RecursionError:
            raise ExpressionError("the expression is nested too deeply") from None


def _walk(node: ast.expr, lookup: Callable[[str], Value], text: str) -> Value:
    handler = _NODES.get(type(node))
    if handler is None:
        raise ExpressionError(f"{text}: {type(node).__name__.lower()} is not allowed in an expression")
    return handler(node, lambda child: _walk(child, lookup, text), lookup, text)


def _constant(node: ast.Constant, walk: Any, lookup: Any, text: str) -> Value:
    if isinstance(node.value, (bool, int, str)):
        return node.value
    if isinstance(node.value, float):
        digits = ast.get_source_segment(text.strip(), node) or repr(node.value)
        return number(digits.replace("_", ""))
    raise ExpressionError(f"{text}: {node.value!r} is not a number")


def number(digits: str) -> int | Fraction:
    """The exact value of a written number. Raises `ExpressionError` if it has too many digits."""
    mantissa, _, exponent = digits.lower().partition("e")
    if len(mantissa) > MAX_DIGITS or len(exponent) > 4 or abs(int(exponent or 0)) > MAX_DIGITS:
        raise ExpressionError(f"{digits[:40]} has more than {MAX_DIGITS} digits")
    return _simple(Fraction(digits))


def _name(node: ast.Name, walk: Any, lookup: Callable[[str], Value], text: str) -> Value:
    return lookup(node.id)


def _binary(node: ast.BinOp, walk: Callable[[ast.expr], Value], lookup: Any, text: str) -> Value:
    operation = _OPERATIONS.get(type(node.op))
    if operation is None:
        raise ExpressionError(f"{text}: {type(node.op).__name__.lower()} is not allowed in an expression")
    return _bounded(operation(_numeric(walk(node.left), text), _numeric(walk(node.right), text)))


def _unary(node: ast.UnaryOp, walk: Callable[[ast.expr], Value], lookup: Any, text: str) -> Value:
    if isinstance(node.op, ast.Not):
        return not _truth(walk(node.operand), text)
    value = _numeric(walk(node.operand), text)
    if isinstance(node.op, ast.Invert):
        raise ExpressionError(f"{text}: ~ is not allowed in an expression")
    return -value if isinstance(node.op, ast.USub) else value


def _both(node: ast.BoolOp, walk: Callable[[ast.expr], Value], lookup: Any, text: str) -> bool:
    return (
        any(_truth(walk(value), text) for value in node.values)
        if isinstance(node.op, ast.Or)
        else all(_truth(walk(value), text) for value in node.values)
    )


def _compare(node: ast.Compare, walk: Callable[[ast.expr], Value], lookup: Any, text: str) -> bool:
    values = [walk(child) for child in (node.left, *node.comparators)]
    for value in values:
        fixed(value)
    for relation, left, right in zip(node.ops, values, values[1:], strict=False):
        compare = _RELATIONS.get(type(relation))
        if compare is None:
            raise ExpressionError(f"{text}: {type(relation).__name__.lower()} is not allowed in an expression")
        if isinstance(left, str) != isinstance(right, str):
            raise ExpressionError(f"{text} compares a word with a number")
        if not compare(left, right):
            return False
    return True


def _choice(node: ast.IfExp, walk: Callable[[ast.expr], Value], lookup: Any, text: str) -> Value:
    return walk(node.body if _truth(walk(node.test), text) else node.orelse)


def _call(node: ast.Call, walk: Callable[[ast.expr], Value], lookup: Any, text: str) -> Value:
    name = node.func.id if isinstance(node.func, ast.Name) else ""
    if name not in FUNCTIONS or node.keywords or any(isinstance(arg, ast.Starred) for arg in node.args):
        raise ExpressionError(f"{text}: the functions are {', '.join(FUNCTIONS)}")
    function, least, most = FUNCTIONS[name]
    if not least <= len(node.args) <= most:
        raise ExpressionError(f"{text}: {name} takes {least if least == most else f'{least} or more'} values")
    return _bounded(function(*(_numeric(walk(arg), text) for arg in node.args)))


def _numeric(value: Value, text: str) -> Value:
    if isinstance(value, (bool, str)):
        raise ExpressionError(f"{text} calculates with {str(value).lower()!r}, which is not a number")
    return value


def fixed(value: Value) -> Value:
    """The value, which must be the same in all variants. Raises `VariesError` if it is not."""
    if isinstance(value, Varying):
        raise VariesError(value.axes)
    return value


def _truth(value: Value, text: str) -> bool:
    if isinstance(fixed(value), bool):
        return bool(value)
    raise ExpressionError(f"{text} asks whether {value} is true; write a comparison")


def _simple(value: Value) -> Value:
    return value.numerator if isinstance(value, Fraction) and value.denominator == 1 else value


def _bounded(value: Value) -> Value:
    if isinstance(value, (int, Fraction)) and not isinstance(value, bool):
        if max(abs(value.numerator), value.denominator) >= NUMBER_LIMIT:
            raise ExpressionError(f"a value has more than {MAX_DIGITS} digits")
        return _simple(value)
    return value


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
    return reduce(lambda result, _: _bounded(result * a), range(b - 1), a)


def _maximum(*values: Value) -> Value:
    return reduce(_larger, values)


def _larger(a: Value, b: Value) -> Value:
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
}
"""What an expression may call, with the least and the largest number of arguments."""

_OPERATIONS: dict[type, Callable[[Value, Value], Value]] = {
    ast.Add: lambda a, b: a + b,
    ast.Sub: lambda a, b: a - b,
    ast.Mult: lambda a, b: a * b,
    ast.Div: _divide,
    ast.FloorDiv: lambda a, b: math.floor(_divide(a, b)),
    ast.Mod: lambda a, b: a - b * math.floor(_divide(a, b)),
    ast.Pow: _power,
}
_RELATIONS: dict[type, Callable[[Value, Value], bool]] = {
    ast.Eq: lambda a, b: a == b,
    ast.NotEq: lambda a, b: a != b,
    ast.Lt: lambda a, b: a < b,
    ast.LtE: lambda a, b: a <= b,
    ast.Gt: lambda a, b: a > b,
    ast.GtE: lambda a, b: a >= b,
}
_NODES: dict[type, Callable[..., Value]] = {
    ast.Constant: _constant,
    ast.Name: _name,
    ast.BinOp: _binary,
    ast.UnaryOp: _unary,
    ast.BoolOp: _both,
    ast.Compare: _compare,
    ast.IfExp: _choice,
    ast.Call: _call,
}
