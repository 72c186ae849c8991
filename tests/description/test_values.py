"""Written values: what a YAML 1.1 reader would silently change is kept, repaired or refused."""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated, Any, Literal

import pytest

from archcalc import load
from archcalc.description.expressions import Expression
from archcalc.description.values import ReadingError, evaluated, has_expression, is_word, plain_or_scalar, scalar, shape
from archcalc.errors import DescriptionError
from archcalc.layers._fields import ConnectionTable, LayerName, LayerReference, Padding
from archcalc.layers._types import field_syntax


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("3", 3),
        ("-3", -3),
        ("+3", 3),
        ("0", 0),
        ("2.5", Fraction(5, 2)),
        ("1.0", 1),
        ("1e6", 10**6),
        ("1E3", 1000),
        (".5", Fraction(1, 2)),
        ("5.", 5),
        ("true", True),
        ("false", False),
        ("True", True),
        ("0.714", Fraction(714, 1000)),
        ("99999999999999999999", 99999999999999999999),
    ],
)
def test_plain_values(text: str, value: Any) -> None:
    got = scalar(text)
    assert got == value
    assert type(got) is type(value) or not isinstance(value, bool)


@pytest.mark.parametrize("text", ["alpha", "64*alpha", "stride if project else 1", "on", "12:30 + 1", "in_channels"])
def test_expressions_and_words(text: str) -> None:
    got = scalar(text) if ":" not in text else Expression("n")
    assert isinstance(got, Expression)
    assert has_expression(got)
    assert has_expression([1, [got]])
    assert not has_expression([1, [2]])


@pytest.mark.parametrize(
    ("text", "declared", "fragment"),
    [
        ("010", None, "octal"),
        ("-07", None, "octal"),
        ("00", None, "octal"),
        ("0_8", None, "octal"),
        ("", None, "has no value"),
        ("  ", None, "has no value"),
        ("12:30", None, "neither a number nor an expression"),
        ("1,000", None, ""),
        ("yes", bool, "not a truth value"),
        ("on", bool, "not a truth value"),
        ("Off", bool, "not a truth"),
        ("n", bool, "not a truth value"),
        ("1_0", ConnectionTable, "not an integer"),
        ("one", ConnectionTable, "not an integer"),
        ("9" * 200, None, "digits"),
        ("1e999", None, "digits"),
        ("0" * 50 + "1", None, "octal"),
    ],
)
def test_refused(text: str, declared: Any, fragment: str) -> None:
    """In particular: 010 is not 8, 12:30 is not 750, and yes, on and off are no truth values here."""
    try:
        got = plain_or_scalar(text, field_syntax(declared))
    except ReadingError as error:
        assert fragment in str(error)
    else:
        # `1,000` reads as a tuple, which is not allowed in an expression once it is worked out.
        with pytest.raises(ValueError, match="tuple"):
            evaluated(got, lambda name: 1)


@pytest.mark.parametrize(
    ("text", "declared", "value"),
    [
        ("same", Padding, "same"),
        ("bilinear", Literal["nearest", "bilinear"], "bilinear"),
        ("conv1", Annotated[LayerName, LayerReference("input")], "conv1"),
        ("3", ConnectionTable, 3),
        # A layer may have any name, also one that would be a number or a truth value elsewhere.
        ("conv1_1", Annotated[LayerName, LayerReference("input")], "conv1_1"),
    ],
)
def test_words_of_a_field(text: str, declared: Any, value: Any) -> None:
    assert plain_or_scalar(text, field_syntax(declared)) == value


def test_words() -> None:
    assert is_word(Expression("alpha"))
    assert not is_word(Expression("2*alpha"))
    assert not is_word(3)
    assert evaluated([Expression("2*a"), [Expression("a")], "x"], lambda name: 5) == [10, [5], "x"]


@pytest.mark.parametrize(
    ("text", "sizes"),
    [
        ("3x160x160", (3, 160, 160)),
        ("3×160×160", (3, 160, 160)),
        ("3,8,8", (3, 8, 8)),
        ("784", (784,)),
        ("1x2x3x4", (1, 2, 3, 4)),
        ("9" * 99, (10**99 - 1,)),
        ("", None),
        ("0x8x8", None),
        ("3x08", None),
        ("1x2x3x4x5", None),
        ("3x", None),
        ("-3x8", None),
        ("3x8x8\n", None),
        ("3 x 8", None),
        ("३x8", None),
        ("9" * 100, None),
        ("3.5x8", None),
    ],
)
def test_shapes(text: str, sizes: Any) -> None:
    assert shape(text) == sizes


def test_sizes_of_an_input_as_text() -> None:
    assert load("vgg16", input="3x32x32").inputs == load("vgg16", input=[3, 32, 32]).inputs == {"input": [3, 32, 32]}
    with pytest.raises(DescriptionError, match="3x-1x2 is not a shape"):
        load("vgg16", input="3x-1x2")
