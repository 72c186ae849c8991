"""Amounts from the command line."""

from __future__ import annotations

from fractions import Fraction

import pytest

from archcalc.description.amounts import amount


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1.581T", 1_581_000_000_000),
        ("6", 6),
        ("0.3", Fraction(3, 10)),
        (" 2K ", 2000),
        ("1E", 10**18),
        ("9" * 4200, 10**4200 - 1),
    ],
)
def test_amounts_are_exact(text: str, number: Fraction) -> None:
    assert amount(text) == number


@pytest.mark.parametrize("text", ["", "0", "0.0T", "-1", "1.5X", "1e9", "T", "1.", "²", "9" * 4201])
def test_no_amounts(text: str) -> None:
    assert amount(text) is None
