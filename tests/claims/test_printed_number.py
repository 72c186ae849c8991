"""Figures as they are printed: what they say, and to which precision."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archcalc.claims.printed_number import PrintedNumberError, read_printed_number

M, G = 10**6, 10**9
# The text, what it says, and the worth of its last significant digit.
READ = [
    ("138,423,208", 138_423_208, 1),
    ("138 423 208", 138_423_208, 1),
    ("138 M", 138 * M, M),
    ("4.2 million", 4_200_000, 100_000),
    ("15.3 billion", 15_300 * M, 100 * M),
    ("3.8×10⁹", 3_800 * M, 100 * M),
    ("3.8 × 10^9", 3_800 * M, 100 * M),
    (r"$3.8\times10^{9}$", 3_800 * M, 100 * M),
    ("1.8e9", 1_800 * M, 100 * M),
    ("93MB", 93 * M, M),
    ("93 MiB", 93 * 2**20, 2**20),
    ("94.86%", Fraction("0.9486"), Fraction("0.0001")),
    (r"0.02\%", Fraction("0.0002"), Fraction("0.0001")),
    ("≈ 650K", 650_000, 10_000),
    ("~25.6M", 25_600_000, 100_000),
    ("about 60 Mln weights", 60 * M, 10 * M),
    ("15300 M", 15_300 * M, 100 * M),
    ("5.0 GFLOPs", 5 * G, 100 * M),
    ("2.7K", 2_700, 100),
    ("60,000", 60_000, 10_000),
    ("0", 0, 1),
    ("0.27M", 270_000, 10_000),
]


@pytest.mark.parametrize(("text", "value", "step"), READ)
def test_what_is_printed(text: str, value: Fraction, step: Fraction) -> None:
    printed = read_printed_number(text)
    assert (printed.value, printed.step) == (value, step)


@pytest.mark.parametrize(("text", "sizes"), [
    ("27×27×256", (27, 27, 256)), ("227x227x3", (227, 227, 3)), (r"$[55 \times 55 \times 96]$", (55, 55, 96)),
    ("(3, 224, 224)", (3, 224, 224)), ("5 x 5", (5, 5)),
])  # fmt: skip
def test_sizes(text: str, sizes: tuple[int, ...]) -> None:
    assert read_printed_number(text).volume == sizes


@pytest.mark.parametrize("text", ["", "apples", "7 apples", "15,3 billion", "12,34", "1.2.3", "M", "5 M M", "9" * 200, "1e999"])
def test_unreadable(text: str) -> None:
    with pytest.raises(PrintedNumberError):
        read_printed_number(text)


def test_significant_digits_may_be_told() -> None:
    """15300 M has three figures unless the source means more; 290 M can have three."""
    assert read_printed_number("15300 M", significant_digits=5).step == M
    assert read_printed_number("290 M", significant_digits=3).step == M
    assert read_printed_number("290 M").step == 10 * M


def test_a_unit_from_the_head_of_the_column() -> None:
    """GoogLeNet's table 1 prints 112 under "params" and means K of 1024: exactly 114,688."""
    printed = read_printed_number("112", unit="K", binary=True)
    assert (printed.value, printed.step, printed.with_unit) == (114_688, 1024, "112 K")


@given(st.integers(0, 10**30), st.sampled_from([",", "_", " ", ""]))
def test_any_whole_number_reads_back(number: int, separator: str) -> None:
    assert read_printed_number(f"{number:,}".replace(",", separator)).value == number


@given(st.integers(1, 10**9), st.integers(1, 9))
def test_a_figure_with_other_digits(number: int, digit: int) -> None:
    """The unit stays where it is when a misprint is put right."""
    printed = read_printed_number(f"{number:,} M")
    assert printed.with_digits(str(digit)).value == digit * M
