"""Operators on lists: part by part with a number, never with each other, and nothing done beyond the bounds."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from archcalc.arithmetic.variants import VariantFraction
from archcalc.description.expressions import Expression
from archcalc.description.operators import FUNCTIONS, MAX_PARTS, ExpressionError, VariesError, compute, number

NAMES = {
    "k": [3, 5],
    "j": [1, 7],
    "pads": [[3, 5], [1, 2]],
    "halves": [Fraction(1, 2), Fraction(5, 2)],
    "equal": [3, 3],
    "empty": [],
    "mixed": [3, "same"],
    "n": 4,
    "t": (2, 3),
    "long": [1] * (MAX_PARTS + 1),
    "nested": [[1] * MAX_PARTS, [1]],
}


def value(text: str) -> Any:
    return Expression(text).evaluate(NAMES.__getitem__)


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("k//2", [1, 2]),
        ("2*k", [6, 10]),
        ("k*2", [6, 10]),
        ("k + 1", [4, 6]),
        ("1 + k", [4, 6]),
        ("10 - k", [7, 5]),
        ("k - 1", [2, 4]),
        ("k / 2", [Fraction(3, 2), Fraction(5, 2)]),
        ("30 / k", [10, 6]),
        ("17 // k", [5, 3]),
        ("k % 2", [1, 1]),
        ("17 % k", [2, 2]),
        ("k**2", [9, 25]),
        ("2**k", [8, 32]),
        ("-k", [-3, -5]),
        ("+k", [3, 5]),
        ("floor(halves)", [0, 2]),
        ("ceil(halves)", [1, 3]),
        ("round(halves)", [1, 3]),  # half up
        ("min(k, 4)", [3, 4]),
        ("max(4, k, 1)", [4, 5]),
        ("divisible(k, 4)", [4, 8]),  # 3 → 4, 5 → 4, but 4 < 0.9·5 → 8
        ("divisible(30, k)", [30, 30]),
        ("pads + 1", [[4, 6], [2, 3]]),
        ("(k - 1)//2 + n", [5, 6]),
        ("t*2", [4, 6]),  # a layer's field
        ("k if n > 3 else j", [3, 5]),
        ("k == 3", False),
        ("equal == 3", True),
        ("equal != 3", False),
        ("k != 3", True),
        ("k == k", True),
        ("k == j", False),
        ("k != j", True),
        ("empty == 3", False),
    ],
)
def test_part_by_part(text: str, result: Any) -> None:
    got = value(text)
    assert got == result
    assert type(got) is type(result)


@pytest.mark.parametrize(
    ("text", "fragment"),
    [
        *((f"k {sign} j", "two lists") for sign in ("+", "-", "*", "/", "//", "%", "**")),
        ("max(k, 1, j)", "two lists"),
        ("divisible(k, j)", "two lists"),
        ("k + k", "two lists"),
        *((f"k {sign} 2", "no order") for sign in ("<", "<=", ">", ">=")),
        ("2 < k", "no order"),
        ("k < j", "no order"),
        ("k == 'same'", "compares"),
        ("mixed + 1", "'same', which is not a number"),
        ("not k", "asks whether [3, 5] is true"),
        ("k and n > 3", "asks whether [3, 5] is true"),
        ("k / (n - 4)", "divides by zero"),
        ("n // (k - 3)", "divides by zero"),
        ("2**-k", "exponent"),
        ("2**(k*100)", "exponent"),
        ("(10**60)**k", "digits"),
        ("long + 1", "more than 1,000 numbers"),
        ("-nested", "more than 1,000 numbers"),
        ("(n > 3) == 1", "a truth value with a number"),
    ],
)
def test_refused(text: str, fragment: str) -> None:
    with pytest.raises(ExpressionError) as raised:
        value(text)
    assert fragment in str(raised.value)


def test_a_list_beyond_the_bound_is_refused_before_any_part_is_computed() -> None:
    done = []
    with pytest.raises(ExpressionError):
        compute("k", done.append, [1] * (MAX_PARTS + 1))
    assert not done
    compute("k", lambda part: done.append(part) or 1, [1] * MAX_PARTS)
    assert len(done) == MAX_PARTS


def test_every_function_takes_a_list() -> None:
    """The first argument a list; what it gives is what it gives for each of its parts. `len` is of the list itself."""
    for name, (_, least, _) in FUNCTIONS.items():
        if name == "len":
            continue
        more = "".join(f", {extra}" for extra in (7, 11)[: least - 1])
        assert value(f"{name}(k{more})") == [value(f"{name}({part}{more})") for part in (3, 5)], name


def test_variants_in_a_list() -> None:
    """Over k = 3, 5 and 8: [k, 2]·2 − 1 is [5, 9, 15] and 3; a choice on it splits the sweep."""
    swept = {"l": [VariantFraction.of([3, 5, 8]), 2], "k": VariantFraction.of([3, 5, 8])}
    first, second = Expression("2*l - 1").evaluate(swept.__getitem__)
    assert list(first.integers()[0].values) == [5, 9, 15]
    assert second == 3
    for text in ("l == 3", "1 if l != 2 else 2", "k > 3"):
        with pytest.raises(VariesError):
            Expression(text).evaluate(swept.__getitem__)


def test_variants_are_bounded_as_numbers_are() -> None:
    """A power of a swept variable that has too many digits in one variant is left to the plain arithmetic of each."""
    swept = {"k": VariantFraction.of([2, 10**60])}
    with pytest.raises(VariesError):
        Expression("k**2").evaluate(swept.__getitem__)
    assert list(Expression("k + 1").evaluate(swept.__getitem__).integers()[0].values) == [3, 10**60 + 1]


def test_equal_names_compute_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A layer that is repeated 150,000 times evaluates its expression once; another value, type or name anew."""
    import archcalc.description.expressions as expressions

    calls = []
    compute_once = expressions.compute
    monkeypatch.setattr(expressions, "compute", lambda *args: calls.append(args) or compute_once(*args))
    doubled = Expression("2*n")
    for n, result, count in ((4, 8, 1), (4, 8, 1), (5, 10, 2), (4, 8, 3), (Fraction(4), 8, 4)):
        assert doubled.evaluate({"n": n}.__getitem__) == result
        assert len(calls) == count
    for _ in range(2):  # true is no 1
        with pytest.raises(ExpressionError, match="'true'"):
            Expression("2*n").evaluate({"n": True}.__getitem__)
    failing = Expression("1/n")
    for n in (0, 0, 1):
        try:
            assert failing.evaluate({"n": n}.__getitem__) == 1
        except ExpressionError as error:
            assert n == 0
            assert "divides by zero" in str(error)


def test_a_name_without_a_value_is_asked_for_again() -> None:
    known: dict[str, Any] = {}

    def look(name: str) -> Any:
        if name not in known:
            raise ExpressionError("unknown")
        return known[name]

    expression = Expression("n + 1")
    with pytest.raises(ExpressionError, match="unknown"):
        expression.evaluate(look)
    known["n"] = 2
    assert expression.evaluate(look) == 3
    del known["n"]
    with pytest.raises(ExpressionError, match="unknown"):
        expression.evaluate(look)


@pytest.mark.parametrize("text", ["true", "false", "True", "False", "not true", "false if n > 3 else true", "(n > 3) == true"])
def test_truth_values(text: str) -> None:
    expected = eval(text, {"true": True, "false": False, "n": 4})  # the language is Python's here
    assert value(text) is expected
    assert not {"true", "false"} & Expression(text).names


def test_digits() -> None:
    assert number("0.714") == Fraction(714, 1000)
