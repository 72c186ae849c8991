"""Written values: a number, a truth value, a word, a list of these, or an expression that evaluates to one."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

from archcalc.arithmetic.term import Varying
from archcalc.description.expressions import Expression, ExpressionError, number
from archcalc.errors import call_error, suggest
from archcalc.layers._types import FieldSyntax

_WHOLE = re.compile(r"[-+]?(0|[1-9][0-9]*)\Z")
_DECIMAL = re.compile(r"[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?\Z")
_LEADING_ZERO = re.compile(r"[-+]?0[0-9_]+\Z")
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*\Z")
_SHAPE = re.compile(r"[1-9][0-9]{0,98}([x×,][1-9][0-9]{0,98}){0,3}\Z")
_SIZES = re.compile(r"[1-9][0-9]{0,98}([x×][1-9][0-9]{0,98}){1,3}\Z")
_TRUTH = {"true": True, "True": True, "false": False, "False": False}
_NOT_TRUTH = {"yes", "no", "on", "off", "y", "n"}


class ReadingError(ValueError):
    """A value that cannot be read; the message says why, `out` how to fix it, `meant` what it clearly stands for."""

    def __init__(self, sentence: str, out: str = "", meant: Any = None) -> None:
        super().__init__(sentence)
        self.out = out
        self.meant = meant


ANY = FieldSyntax()
"""The syntax where no type is declared: of a variable, or an argument of a block."""


def scalar(text: str, syntax: FieldSyntax = ANY) -> Any:
    """The value of a text in a syntax. Raises `ReadingError` if it has none."""
    if syntax.is_id:
        return text
    if _WHOLE.match(text) and len(text) < 100:
        return int(text)
    if text in _TRUTH:
        return _TRUTH[text]
    if text in syntax.words:
        return text
    if text.strip() in ("", "~", "null"):
        raise ReadingError("has no value", "give it one, or leave the key out")
    if _LEADING_ZERO.match(text):
        plain = text.lstrip("+-0_") or "0"
        raise ReadingError(f"{text} begins with a zero, which some readers take for octal", f"write {plain}")
    if syntax.is_truth and text.lower() in _NOT_TRUTH:
        raise ReadingError(f"{text} is not a truth value", "write true or false")
    if _SIZES.match(text):
        sizes = [int(size) for size in re.split("[x×]", text)]
        raise ReadingError(f"{text} is not a number", f"write the list {sizes}", sizes)
    if text[0] in "“”‘’„":
        raise ReadingError(f"{text} is in typographic quotes, which belong to the text", "write plain ones, or none")
    try:
        return number(text) if _DECIMAL.match(text) else Expression(text)
    except ExpressionError as error:
        raise ReadingError(str(error), suggest(text, syntax.words) if syntax.words else "") from None


def flatten(value: Any) -> list[Any]:
    """The single values in a value: those of a list, at any depth, in order; a value that is not a list is one."""
    return [part for item in value for part in flatten(item)] if isinstance(value, list) else [value]


def first_varying(value: Any) -> Varying | None:
    """The first part of a value that differs between the variants of a sweep; None if the value is plain."""
    return next((part for part in flatten(value) if isinstance(part, Varying)), None)


def has_expression(value: Any) -> bool:
    """Whether the value, or a part of a list, is an expression, whose value depends on names."""
    if not isinstance(value, list):  # nearly all values of a large file
        return isinstance(value, Expression)
    return any(isinstance(part, Expression) for part in flatten(value))


def evaluated(value: Any, lookup: Any) -> Any:
    """The value with its expressions evaluated; `lookup` returns the value of a name."""
    if isinstance(value, Expression):
        return value.evaluate(lookup)
    if isinstance(value, list):
        return [evaluated(item, lookup) for item in value]
    return value


def is_word(value: Any) -> bool:
    """Whether the value is an expression of one name, which is a word where the name is not defined."""
    return isinstance(value, Expression) and bool(_WORD.match(value.text))


def plain_or_scalar(text: str, syntax: FieldSyntax) -> Any:
    """The value of a text, as `scalar`, and in a syntax of plain numbers integers only. Raises `ReadingError`."""
    if syntax.is_plain and not _WHOLE.match(text):
        raise ReadingError(f"{text} is not an integer")
    return scalar(text, syntax)


def exact(value: Any) -> Any:
    """A value set from Python; a float is its shortest decimal, so that 0.1 is one tenth.

    Raises `DescriptionError` if a variable cannot have such a value.
    """
    if hasattr(value, "tolist"):  # a NumPy number or array
        value = value.tolist()
    if isinstance(value, tuple):
        value = list(value)
    if not isinstance(value, (int, float, Fraction, str, list, Expression)) and not isinstance(value, Varying):
        out = "give a number, a truth value or a word"
        raise call_error("ARC162", f"{value!r:.60} is not a value that a variable can have", out)
    try:
        return number(repr(value)) if isinstance(value, float) else value
    except ValueError:
        raise call_error("ARC162", f"{value} is not a number that a variable can have") from None


def shape(text: str) -> tuple[int, ...] | None:
    """`3x160x160` as 1 to 4 sizes ≥ 1, channels first; × and a comma separate too. None if the text is not a shape."""
    return tuple(map(int, re.split("[x×,]", text))) if _SHAPE.match(text) else None


def sizes_of(text: str) -> list[int]:
    """`3x160x160` as the sizes of a network input, channels first. Raises `DescriptionError` if it is not a shape."""
    sizes = shape(text)
    if sizes is None:
        raise call_error("ARC161", f"input {text} is not a shape", "write the channels and the axes: 3x160x160")
    return list(sizes)
