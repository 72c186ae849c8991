"""Expressions in a description: `64*alpha`, `stride if project else 1`, evaluated in exact rationals.

The text is parsed by Python's own parser and evaluated by a whitelist of nodes; nothing is ever executed. Numbers have
the exact value of their digits (0.714 is 714/1000), so that 0.714*14 is not a float's 9.995999…. Values may be
integers, fractions, truth values, words, lists of these, or in a sweep one fraction per variant
(`archcalc.arithmetic.variants`). What is computed with them is in `operators`.
"""

from __future__ import annotations

import ast
import warnings
from collections.abc import Callable
from fractions import Fraction
from typing import Any

from archcalc.description.operators import (
    FUNCTIONS,
    OPERATIONS,
    RELATIONS,
    ExpressionError,
    Value,
    bounded,
    compare,
    compute,
    element,
    fixed,
    length,
    number,
    value_text,
)

MAX_LENGTH = 1000
"""Characters of one expression."""
TRUTH = {"true": True, "True": True, "false": False, "False": False}
"""The truth values by the words for them."""


class Expression:
    """A parsed expression and the names in it. Raises `ExpressionError` if the text is not an expression."""

    __slots__ = ("_last", "names", "text", "tree")

    def __init__(self, text: str) -> None:
        if len(text) > MAX_LENGTH:
            raise ExpressionError(f"the expression has {len(text):,} characters, at most {MAX_LENGTH:,} are read")
        self.text = text
        self._last: tuple[dict[str, Value], Value] | None = None
        """The names looked up by the last evaluation, with their values, and its result."""
        try:
            with warnings.catch_warnings():  # Python's own warnings about `3or x`
                warnings.simplefilter("ignore")
                self.tree = ast.parse(text.strip(), mode="eval").body
        except (SyntaxError, ValueError, MemoryError, RecursionError):
            raise ExpressionError(f"{text!r} is neither a number nor an expression") from None
        nodes = [*ast.walk(self.tree)]
        called = {id(node.func) for node in nodes if isinstance(node, ast.Call)}
        names = (node for node in nodes if isinstance(node, ast.Name) and id(node) not in called)
        self.names = frozenset(node.id for node in names if node.id not in TRUTH)

    def __repr__(self) -> str:
        return self.text

    def evaluate(self, lookup: Callable[[str], Value]) -> Value:
        """The value; `lookup` returns the value of a name. Raises `ExpressionError` if there is none.

        A repeated layer evaluates its expressions again: with the same values of the names, nothing is computed twice.
        """
        last = self._last
        if last is None or not all(_is_same(lookup(name), value) for name, value in last[0].items()):
            looked_up: dict[str, Value] = {}
            refused: list[str] = []

            def look_up(name: str) -> Value:
                if name not in looked_up:
                    refused.append(name)
                    looked_up[name] = lookup(name)
                    refused.pop()
                return looked_up[name]

            result = self._computed(look_up)
            if refused:  # `lookup` has no value for the name, and may have one the next time
                raise result
            self._last = last = looked_up, result
        if isinstance(last[1], ExpressionError):
            raise ExpressionError(str(last[1]), last[1].value)
        return last[1]

    def _computed(self, lookup: Callable[[str], Value]) -> Value:
        """The value, or the `ExpressionError` that says why there is none."""
        try:
            return bounded(_walk(self.tree, lookup, self.text))
        except ZeroDivisionError:
            return ExpressionError(f"{self.text} divides by zero")
        except RecursionError:
            return ExpressionError("the expression is nested too deeply")
        except ExpressionError as error:
            return error


def _is_same(a: Value, b: Value) -> bool:
    """Whether two values are one, so that an expression has the same result with either: 1 is not true."""
    return a is b or (type(a) is type(b) and type(a) in (int, Fraction, str) and a == b)


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


def _name(node: ast.Name, walk: Any, lookup: Callable[[str], Value], text: str) -> Value:
    return TRUTH[node.id] if node.id in TRUTH else lookup(node.id)


def _binary(node: ast.BinOp, walk: Callable[[ast.expr], Value], lookup: Any, text: str) -> Value:
    operation = OPERATIONS.get(type(node.op))
    if operation is None:
        raise ExpressionError(f"{text}: {type(node.op).__name__.lower()} is not allowed in an expression")
    return compute(text, operation, walk(node.left), walk(node.right))


def _unary(node: ast.UnaryOp, walk: Callable[[ast.expr], Value], lookup: Any, text: str) -> Value:
    if isinstance(node.op, ast.Not):
        return not _truth(walk(node.operand), text)
    if isinstance(node.op, ast.Invert):
        raise ExpressionError(f"{text}: ~ is not allowed in an expression")
    negative = isinstance(node.op, ast.USub)
    return compute(text, lambda value: -value if negative else value, walk(node.operand))


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
    for sign, left, right in zip(node.ops, values, values[1:], strict=False):
        relation = RELATIONS.get(type(sign))
        if relation is None:
            raise ExpressionError(f"{text}: {type(sign).__name__.lower()} is not allowed in an expression")
        if not compare(text, relation, left, right):
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
    values = map(walk, node.args)
    return function(text, *values) if function is length else compute(text, function, *values)


def _subscript(node: ast.Subscript, walk: Callable[[ast.expr], Value], lookup: Any, text: str) -> Value:
    name = ast.get_source_segment(text.strip(), node.value) or text
    return element(text, name, walk(node.value), walk(node.slice))


def _truth(value: Value, text: str) -> bool:
    if isinstance(fixed(value), bool):
        return bool(value)
    raise ExpressionError(f"{text} asks whether {value_text(value)} is true; write a comparison", value)


_NODES: dict[type, Callable[..., Value]] = {
    ast.Constant: _constant,
    ast.Name: _name,
    ast.BinOp: _binary,
    ast.UnaryOp: _unary,
    ast.BoolOp: _both,
    ast.Compare: _compare,
    ast.IfExp: _choice,
    ast.Call: _call,
    ast.Subscript: _subscript,
}
