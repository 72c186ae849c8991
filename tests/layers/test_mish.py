"""The activation Mish against hand sums."""

from __future__ import annotations

from typing import Any

import pytest

from tests.layers.case import Case, check, refused

CASES = [
    # Misra 2019, x·tanh(ln(1 + eˣ)) for 3·2·2 = 12 values: eˣ, 1 + eˣ, ln; e²ᵘ, e²ᵘ − 1, e²ᵘ + 1, their quotient; times x.
    Case(
        [[3, 2, 2]],
        {},
        [3, 2, 2],
        tallies={"exponentials": 24, "logarithms": 12, "additions": 36, "divisions": 12, "multiplications": 12},
    ),
]
REFUSED = [
    ([[4], [4]], {}, "reads 2 volumes"),
    ([[4]], {"beta": 1}, "beta"),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_counts(case: Case) -> None:
    check("mish", case)


@pytest.mark.parametrize(("inputs", "fields", "fragment"), REFUSED)
def test_refusals(inputs: list[list[int]], fields: dict[str, Any], fragment: str) -> None:
    refused("mish", inputs, fields, fragment)
