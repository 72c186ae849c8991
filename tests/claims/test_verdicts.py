"""A printed figure against a computed one."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archcalc.claims.printed_number import read_printed_number
from archcalc.claims.verdicts import APPROXIMATE, CONTRADICTED, EXACT, ROUNDED, TRUNCATED, compare, relative_error, value_text

# Simonyan & Zisserman print 138 M for 138,357,544; He et al. cut 3.858 to 3.8; Howard et al. cut 290.675 to 290.
CASES = [
    ("138,357,544", 138_357_544, EXACT),
    ("138,423,208", 138_357_544, CONTRADICTED),
    ("138 M", 138_357_544, ROUNDED),
    ("139 M", 138_357_544, CONTRADICTED),
    ("3.8×10⁹", 3_857_973_248, TRUNCATED),
    ("3.9×10⁹", 3_857_973_248, ROUNDED),
    ("650K", 659_272, TRUNCATED),
    ("660K", 659_272, ROUNDED),
    ("1.5 M", 1_450_000, ROUNDED),  # half a step is rounded either way
    ("1.4 M", 1_450_000, ROUNDED),
    ("94.86%", Fraction(539_492_352, 568_740_352), ROUNDED),
    ("1.19%", Fraction(10_838_016, 568_740_352), CONTRADICTED),
    ("27×27×256", (256, 27, 27), EXACT),
    ("256×27×27", (256, 27, 27), EXACT),
    ("27×27", (256, 27, 27), EXACT),
    ("27×28×256", (256, 27, 27), CONTRADICTED),
    ("195", (195, 195), EXACT),
    ("195", (195, 196), CONTRADICTED),
    ("1×1×1000", (1000,), EXACT),
    ("3×3×3×32", 864, EXACT),
    ("3×3×3×32", 865, CONTRADICTED),
    ("0", 0, EXACT),
]


@pytest.mark.parametrize(("text", "value", "verdict"), CASES)
def test_verdicts(text: str, value: object, verdict: str) -> None:
    assert compare(read_printed_number(text), value) == verdict


def test_a_tolerance_is_declared() -> None:
    """GoogLeNet's 1550 M is 2.1 % off 1,582,671,872: 4 % covers it, 2 % does not."""
    printed = read_printed_number("1550 M")
    assert compare(printed, 1_582_671_872, Fraction(4, 100)) == APPROXIMATE
    assert compare(printed, 1_582_671_872, Fraction(2, 100)) == CONTRADICTED


@given(st.integers(1, 10**15), st.integers(0, 12))
def test_rounding_and_cutting_are_seen(number: int, places: int) -> None:
    """A number rounded or cut at any place agrees, and two steps further it does not."""
    step = 10**places
    cut = number // step
    if cut % 10 == 0:
        return  # its zero would not be significant
    printed = read_printed_number(str(cut * step), significant_digits=len(str(cut)))
    assert compare(printed, number) in {EXACT, ROUNDED, TRUNCATED}
    assert compare(printed, number + 2 * step) == CONTRADICTED


def test_value_text() -> None:
    assert [value_text(value) for value in (138_357_544, (3, 27, 27), Fraction(1, 3))] == [
        "138,357,544",
        "3×27×27",
        "0.333333",
    ]


def test_values_beyond_the_largest_float() -> None:
    assert value_text(Fraction(10**400 + 1, 3)) == "3.33333e+399"
    assert relative_error(read_printed_number("3"), Fraction(1, 10**400)) is None
