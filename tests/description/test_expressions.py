"""Expressions: exact values, a short list of what is allowed, and no way to make them expensive."""

from __future__ import annotations

import time
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archcalc.description.expressions import Expression
from archcalc.description.operators import FUNCTIONS, ExpressionError, number

NAMES = {"alpha": Fraction(3, 4), "n": 7, "wide": True, "mode": "nearest", "zero": 0}
NAMES |= {"depths": [3, 4, 6, 3], "rows": [[1, 16, "relu"], [6, 24, "tanh"]], "none": []}


def look(name: str) -> Any:
    if name not in NAMES:
        raise ExpressionError(f"there is no {name}")
    return NAMES[name]


def value(text: str) -> Any:
    return Expression(text).evaluate(look)


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("1 + 2*3", 7),
        ("depths[0]", 3),
        ("2*depths[n-5]", 12),
        ("rows[1][2]", "tanh"),
        ("rows[1][0] + rows[0][1]", 22),
        ("len(depths)", 4),
        ("len(rows[0]) + len(none)", 3),
        ("(depths*2)[1]", 8),
        ("depths[0] if len(depths) == 4 else 1", 3),
        ("(1 + 2)*3", 9),
        ("7/2", Fraction(7, 2)),
        ("8/2", 4),
        ("7//2", 3),
        ("-7//2", -4),
        ("7 % 4", 3),
        ("-7 % 4", 1),
        ("2**10", 1024),
        ("2**0", 1),
        ("+n", 7),
        ("-n", -7),
        ("64*alpha", 48),
        ("32*alpha/3", 8),
        ("1_000", 1000),
        ("0x10", 16),
        # What floats get wrong: 0.714·14 = 9.996, 1.15·100 = 115, 0.1 + 0.2 = 0.3, 3·0.1 = 0.3.
        ("0.714*14", Fraction(9996, 1000)),
        ("1.15*100", 115),
        ("0.1 + 0.2 == 0.3", True),
        ("3*0.1 == 0.3", True),
        ("1e3", 1000),
        ("2.5e-1", Fraction(1, 4)),
        (".5*4", 2),
        ("floor(7/2)", 3),
        ("ceil(7/2)", 4),
        ("floor(-0.5)", -1),
        ("ceil(-0.5)", 0),
        ("min(3, 1, 2)", 1),
        ("max(3, n, 2)", 7),
        # round is half up, not half to even: 2.5 → 3, −2.5 → −2.
        ("round(2.5)", 3),
        ("round(3.5)", 4),
        ("round(-2.5)", -2),
        ("round(2.4)", 2),
        ("n > 3", True),
        ("1 < n < 5", False),
        ("n == 7 and wide", True),
        ("not wide or n != 7", False),
        ("mode == 'nearest'", True),
        ("mode != 'nearest'", False),
        ("64 if wide else 32", 64),
        ("n if n > 10 else 10", 10),
        # What is not reached is not worked out.
        ("1 if wide else 1/zero", 1),
        ("wide or 1/zero > 0", True),
    ],
)
def test_values(text: str, result: Any) -> None:
    got = value(text)
    assert got == result
    assert isinstance(got, bool) == isinstance(result, bool)
    if isinstance(got, Fraction):
        assert got.denominator > 1, "an integer comes out as one"


@pytest.mark.parametrize(
    ("x", "divisor", "result"),
    [
        # Sandler et al. 2018's code, `make_divisible`: nearest multiple of 8, at least 8, not below 0.9·x.
        (16, 8, 16),
        (12, 8, 16),
        (11, 8, 16),
        (3, 8, 8),
        (0, 8, 8),
        (90, 8, 88),
        (100, 8, 104),
        ("16.8", 8, 16),
        (18, 8, 24),
        (32, 8, 32),
        (1, 1, 1),
    ],
)
def test_divisible(x: Any, divisor: int, result: int) -> None:
    assert value(f"divisible({x}, {divisor})") == result


def make_divisible(v: Fraction, divisor: int) -> int:
    """The published rule (tensorflow/models, research/slim/nets/mobilenet/mobilenet.py), in fractions."""
    new_v = max(divisor, int(v + Fraction(divisor, 2)) // divisor * divisor)
    return new_v + divisor if new_v < Fraction(9, 10) * v else new_v


@given(st.fractions(0, 2000, max_denominator=64), st.integers(1, 32))
def test_divisible_is_the_published_rule(x: Fraction, divisor: int) -> None:
    assert value(f"divisible({x.numerator}/{x.denominator}, {divisor})") == make_divisible(x, divisor)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-(10**9), max_value=10**9))
def test_digits_are_exact(decimal: Any) -> None:
    assert number(str(decimal)) == Fraction(decimal)


REFUSED = [
    # Text that is no expression at all.
    ("1 +", "neither a number nor an expression"),
    ("a b", "neither"),
    ("(1", "neither"),
    ("1;2", "neither"),
    ("x = 1", "neither"),
    ("lambda: 1\n2", "neither"),
    ("for", "neither"),
    ("1 2", "neither"),
    ("\\", "neither"),
    # Python that could do something.
    ("__import__('os')", "the functions are"),
    ("().__class__", "attribute"),
    ("n.bit_length()", "the functions are"),
    ("[n for n in (1,)]", "listcomp"),
    ("(lambda: 1)()", "the functions are"),
    ("n[0]", "n is a number, 7, which has no elements"),
    ("mode[0]", "mode is a word, 'nearest', which has no elements"),
    ("depths[4]", "there is no element 4: depths has elements 0 to 3"),
    ("depths[-1]", "there is no element -1: depths has elements 0 to 3"),
    ("none[0]", "there is no element 0: none has no elements"),
    ("depths[n/2]", "an index is an integer, not 3.5"),
    ("depths[wide]", "an index is an integer, not true"),
    ("depths[mode]", "an index is an integer, not 'nearest'"),
    ("depths[depths]", "an index is an integer, not [3, 4, 6, 3]"),
    ("depths[1:2]", "slice is not allowed"),
    ("depths[1, 2]", "tuple is not allowed"),
    ("depths + depths", "two lists"),
    ("len(n)", "len is of a list, not of a number, 7"),
    ("len()", "len takes 1 value"),
    ("(n := 3)", "namedexpr"),
    ("f'{n}'", "joinedstr"),
    ("{1: 2}", "dict"),
    ("(1, 2)", "tuple"),
    ("[1]", "list"),
    ("open('x')", "the functions are"),
    ("eval('1')", "the functions are"),
    ("max(*n)", "the functions are"),
    ("max(1, key=2)", "the functions are"),
    ("n @ n", "matmult"),
    ("n << 3", "lshift"),
    ("n | 1", "bitor"),
    ("~n", "~"),
    ("n is 7", "is"),
    ("n in (1, 2)", "tuple"),
    ("b'x'", "not a number"),
    ("1j", "not a number"),
    ("...", "not a number"),
    ("None", "not a number"),
    ("await n", "await"),
    ("yield", "neither"),
    # Values that do not mix.
    ("mode + 1", "not a number"),
    ("wide * 2", "not a number"),
    ("mode == 1", "compares a word with a number"),
    ("1 if n else 2", "write a comparison"),
    ("not n", "write a comparison"),
    ("max(mode, 1)", "not a number"),
    ("floor(wide)", "not a number"),
    # Sums without a value.
    ("1/zero", "divides by zero"),
    ("n // zero", "divides by zero"),
    ("n % zero", "divides by zero"),
    ("2**-1", "exponent"),
    ("2**0.5", "exponent"),
    ("2**n**n", "exponent"),
    ("2**wide", "not a number"),
    ("divisible(3, 0)", "divides by zero"),
    ("floor()", "floor takes 1"),
    ("floor(1, 2)", "floor takes 1"),
    ("max(1)", "max takes"),
    ("missing + 1", "there is no missing"),
    # Text that would be expensive.
    ("9**9**9", "exponent"),
    ("9**9**9**9", "exponent"),
    ("(9**99)**99", "digits"),
    ("10**100", "digits"),
    ("1" * 101, "digits"),
    ("9" * 5000, "characters"),
    ("1e999999999", "digits"),
    ("1e-999999999", "digits"),
    ("1/10**99/10**99", "digits"),
    ("0." + "1" * 101, "digits"),
    ("(" * 300 + "1" + ")" * 300, "neither"),
    ("-" * 900 + "1", "nested too deeply"),
    ("1" + "+1" * 498, "nested too deeply"),
    ("1 if wide else " * 60 + "1", None),
    ("'" + "x" * 2000 + "'", "characters"),
    ("not " * 240 + "wide", None),
    ("divisible(1e99, 1e-99)", None),
]


@pytest.mark.parametrize(("text", "fragment"), REFUSED, ids=lambda part: str(part)[:30])
def test_refused(text: str, fragment: str | None) -> None:
    """Refused with a sentence (or, without a fragment, worked out), at once, and with nothing done."""
    began = time.process_time()
    try:
        value(text)
    except ExpressionError as error:
        assert fragment is None or fragment in str(error), str(error)
        assert len(str(error)) < 1500
    else:
        assert fragment is None, f"{text[:60]} must be refused"
    assert time.process_time() - began < 2, "no expression may take that long"


@given(st.text("0123456789.+-*/%() ,<>=!anotrifelsemxpod'\"\\[]{}:@~^&|_", max_size=60))
def test_any_text_ends_in_a_value_or_a_sentence(text: str) -> None:
    try:
        value(text)
    except ExpressionError as error:
        assert str(error)


def test_names_are_those_that_are_looked_up() -> None:
    assert Expression("max(alpha, 3) if mode == 'max' else n").names == {"alpha", "mode", "n"}
    assert repr(Expression(" 2*n")) == " 2*n"


def test_every_function_is_tested() -> None:
    refused = " ".join(text for text, _ in REFUSED) + "floor ceil round min max divisible"
    assert all(name in refused for name in FUNCTIONS), f"test the new function too: {list(FUNCTIONS)}"


@pytest.mark.parametrize("text", ["3or 4", "1if wide else 2", "0x1for x", "'\\d' == mode", "1 is 1"])
def test_python_says_nothing_of_its_own(text: str, recwarn: pytest.WarningsRecorder) -> None:
    """Python's parser warns about odd text on stderr, which is not for it to fill."""
    try:
        value(text)
    except ExpressionError as error:
        assert str(error)
    assert not recwarn.list
