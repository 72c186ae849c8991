"""Written values: a number, a truth value, a word, a list of these, or an expression that evaluates to one."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Iterator
from fractions import Fraction
from typing import Any

from archcalc.arithmetic.term import Varying
from archcalc.description.commas import comma_meaning
from archcalc.description.expressions import TRUTH, Expression
from archcalc.description.operators import FUNCTIONS, ExpressionError, number, parts
from archcalc.errors import Mark, call_error
from archcalc.layers._types import FieldSyntax
from archcalc.suggestions import suggest

_WHOLE = re.compile(r"[-+]?(0|[1-9][0-9]*)\Z")
_DECIMAL = re.compile(r"[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?\Z")
_LEADING_ZERO = re.compile(r"[-+]?0[0-9_]+\Z")
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*\Z")
MAX_LISTS = 3
"""Levels of lists in a value: padding per side has two."""
MAX_WITH_EXPRESSIONS = 200
"""Values in a list that contains an expression, which each copy of a layer may evaluate anew."""
_SHAPE = re.compile(r"[1-9][0-9]{0,98}([x×,][1-9][0-9]{0,98}){0,3}\Z")
_SIZES = re.compile(r"[1-9][0-9]{0,98}([x×][1-9][0-9]{0,98}){1,3}\Z")
_NOT_TRUTH = {"yes", "no", "on", "off", "y", "n"}


class ReadingError(ValueError):
    """A value that cannot be read; the message says why, `out` how to fix it, `meant` what it clearly stands for."""

    def __init__(self, sentence: str, out: str = "", meant: Any = None) -> None:
        super().__init__(sentence)
        self.out = out
        self.meant = meant


ANY = FieldSyntax()
"""The syntax where no type is declared: of a variable, or an argument of a block."""


def scalar(text: str, syntax: FieldSyntax = ANY, names: Container[str] = ()) -> Any:
    """The value of a text in a syntax, where `names` are defined. Raises `ReadingError` if it has none."""
    if syntax.is_id or syntax.is_text:
        return text
    if _WHOLE.match(text) and len(text) < 100:
        return int(text)
    if text in TRUTH:
        return TRUTH[text]
    if text in syntax.words:
        return text
    if text.strip() in ("", "~", "null", "None"):
        raise ReadingError("has no value", "give it one, or leave the key out")
    if _LEADING_ZERO.match(text):
        plain = text.lstrip("+-0_") or "0"
        raise ReadingError(f"{text} begins with a zero, which some readers take for octal", f"write {plain}")
    if syntax.is_truth and text.lower() in _NOT_TRUTH and text not in names:
        raise ReadingError(f"{text} is not a truth value", "write true or false")
    if _SIZES.match(text):
        sizes = [int(size) for size in re.split("[x×]", text)]
        raise ReadingError(f"{text} is not a number", f"write the list {sizes}", sizes)
    if "," in text and (meaning := comma_meaning(text.strip())):
        meant, out = meaning
        parts = [scalar(part) for part in meant] if isinstance(meant, list) else scalar(meant)
        raise ReadingError(f"{text} is not a number", out, parts)
    if text[0] in "“”‘’„":
        raise ReadingError(f"{text} is in typographic quotes, which belong to the text", "write plain ones, or none")
    try:
        return number(text) if _DECIMAL.match(text) else Expression(text)
    except ExpressionError as error:
        raise ReadingError(str(error), suggest(text, syntax.words) if syntax.words else "") from None


def has_expression(value: Any) -> bool:
    """Whether the value, or a part of a list, is an expression, whose value depends on names."""
    if not isinstance(value, list):  # nearly all values of a large file
        return isinstance(value, Expression)
    return any(isinstance(part, Expression) for part in parts(value))


def names_in(value: Any) -> set[str]:
    """The names that the expressions in a value mention."""
    return {name for part in parts(value) if isinstance(part, Expression) for name in part.names}


def evaluated(value: Any, lookup: Any) -> Any:
    """The value with its expressions evaluated; `lookup` returns the value of a name."""
    if isinstance(value, Expression):
        return value.evaluate(lookup)
    if isinstance(value, list):
        return [evaluated(item, lookup) for item in value]
    return value


NOWHERE = Mark("archcalc")
"""The place of what a call sets."""


class Word(str):
    """A bare word that no name in scope is, so that it stands for itself: an argument's or a variable's.

    Where a number is needed inside, `mark` is the place of the mistake.
    """

    __slots__ = ("key", "known", "mark")
    key: str
    known: Iterable[str]
    mark: Mark

    def __new__(cls, text: str, key: str = "", mark: Mark = NOWHERE, known: Iterable[str] = ()) -> Word:
        """The word that is written for the argument or variable `key` at `mark`, where the names `known` are in scope."""
        word = super().__new__(cls, text)
        word.key, word.mark, word.known = key, mark, known
        return word


def first_word(value: Any) -> Word | None:
    """The first bare word in a value; None if it has none."""
    return next((part for part in parts(value) if isinstance(part, Word)), None)


def is_word(value: Any, is_defined: Callable[[str], bool] = lambda name: False) -> bool:
    """Whether the value is letters, digits, `_` and `-` in which no name in scope occurs, so that it stands for itself."""
    return isinstance(value, Expression) and bool(_WORD.match(value.text)) and not any(map(is_defined, value.names))


RESERVED = {"in_channels", "copy", "input", *FUNCTIONS}
"""Names that have a meaning of their own in expressions or among layers, so that none can be declared."""


def is_name(text: str) -> bool:
    """Whether a text can be the name of a variable or argument: as a value, it is read as that name."""
    try:
        value = scalar(text)
    except ReadingError:
        return False
    return text.isidentifier() and isinstance(value, Expression) and value.names == {text}


def plain_or_scalar(text: str, syntax: FieldSyntax, names: Container[str] = ()) -> Any:
    """The value of a text, as `scalar`, and in a syntax of plain numbers integers only. Raises `ReadingError`."""
    if syntax.is_plain and not _WHOLE.match(text):
        raise ReadingError(f"{text} is not an integer")
    return scalar(text, syntax, names)


def exact(value: Any, depth: int = 0) -> Any:
    """A value set from Python; a float is its shortest decimal, so that 0.1 is one tenth.

    Raises `DescriptionError` if a variable cannot have such a value.
    """
    if hasattr(value, "tolist"):  # a NumPy number or array
        value = value.tolist()
    if isinstance(value, (list, tuple)) and depth < MAX_LISTS:
        return [exact(item, depth + 1) for item in value]
    if not isinstance(value, (int, float, Fraction, str, Expression, Varying)):
        out = "give a number, a truth value, a word, or a list of these"
        raise call_error("ARC162", f"{value!r:.60} is not a value that a variable can have", out)
    try:
        return number(repr(value)) if isinstance(value, float) else value
    except ValueError:
        raise call_error("ARC162", f"{value} is not a number that a variable can have") from None


def written_values(text: str) -> list[Any]:
    """The values in `3, [1, 7], max(2, n)`: separated by commas outside brackets. Raises `ReadingError` if one is not."""
    return [_written_value(item.strip(), 0) for item in _items(text)]


def _written_value(text: str, depth: int) -> Any:
    if not (text.startswith("[") and text.endswith("]")):
        return scalar(text)
    if depth == MAX_LISTS:
        raise ReadingError(f"{text:.60} nests lists more than {MAX_LISTS} deep")
    return [_written_value(item.strip(), depth + 1) for item in _items(text[1:-1])] if text[1:-1].strip() else []


def _items(text: str) -> Iterator[str]:
    """The parts of a text between commas outside brackets."""
    begin = depth = 0
    for place, sign in enumerate(text):
        depth += (sign in "[(") - (sign in ")]")
        if sign == "," and depth == 0:
            yield text[begin:place]
            begin = place + 1
    yield text[begin:]


def shape(text: str) -> tuple[int, ...] | None:
    """`3x160x160` as 1 to 4 sizes ≥ 1, channels first; × and a comma separate too. None if the text is not a shape."""
    return tuple(map(int, re.split("[x×,]", text))) if _SHAPE.match(text) else None


def sizes_of(text: str) -> list[int]:
    """`3x160x160` as the sizes of a network input, channels first. Raises `DescriptionError` if it is not a shape."""
    sizes = shape(text)
    if sizes is None:
        raise call_error("ARC161", f"input {text} is not a shape", "write the channels and the axes: 3x160x160")
    return list(sizes)
