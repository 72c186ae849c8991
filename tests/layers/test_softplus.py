"""The smooth rectifier against hand sums."""

from __future__ import annotations

from typing import Any

import pytest

from tests.layers.case import Case, check, refused

CASES = [
    # Glorot et al. 2011: eˣ, 1 + eˣ, ln(1 + eˣ) for 4·3·3 = 36 values.
    Case([[4, 3, 3]], {}, [4, 3, 3], tallies={"exponentials": 36, "additions": 36, "logarithms": 36}),
    # PyTorch documentation of Softplus: with β also β·x and the quotient by β.
    Case(
        [[10]],
        {"beta": 2, "threshold": 10},
        [10],
        tallies={"exponentials": 10, "additions": 10, "logarithms": 10, "multiplications": 10, "divisions": 10},
    ),
]
REFUSED = [
    ([[4], [4]], {}, "reads 2 volumes"),
    ([[4]], {"beta": "hot"}, "beta must be a number"),
    ([[4]], {"threshold": True}, "threshold must be a number"),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_counts(case: Case) -> None:
    check("softplus", case)


@pytest.mark.parametrize(("inputs", "fields", "fragment"), REFUSED)
def test_refusals(inputs: list[list[int]], fields: dict[str, Any], fragment: str) -> None:
    refused("softplus", inputs, fields, fragment)
