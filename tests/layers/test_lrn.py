"""Local response normalisation against AlexNet and hand sums."""

from __future__ import annotations

from typing import Any

import pytest

from tests.layers.case import Case, check, refused

CASES = [
    # Krizhevsky et al. 2012, §3.3, behind conv1: 96·55·55 = 290,400 values; 5 squares and one product with α;
    # 4 sums of the squares and one with k; a power; a division.
    Case(
        [[96, 55, 55]],
        {},
        [96, 55, 55],
        tallies={"multiplications": 1_742_400, "additions": 1_452_000, "powers": 290_400, "divisions": 290_400},
    ),
    Case([[4]], {"size": 3}, [4], tallies={"multiplications": 16, "additions": 12, "powers": 4, "divisions": 4}),
]
REFUSED = [
    ([[96, 55, 55]], {"size": 0}, "size must be an integer ≥ 1"),
    ([[96, 55, 55]], {"alpha": -1}, "alpha must be a number ≥ 0"),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_counts(case: Case) -> None:
    check("lrn", case)


@pytest.mark.parametrize(("inputs", "fields", "fragment"), REFUSED)
def test_refusals(inputs: list[list[int]], fields: dict[str, Any], fragment: str) -> None:
    refused("lrn", inputs, fields, fragment)
