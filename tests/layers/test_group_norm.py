"""Group normalisation against papers and hand sums."""

from __future__ import annotations

from typing import Any

import pytest

from tests.layers.case import Case, check, refused

CASES = [
    # Wu & He 2018, §3.1: 32 groups of 8 of 256 maps, 256·4·4 = 4,096 values, 128 in a group. In a group: 127 + 127 sums, 128
    # differences, 128 squares, ε, two means, a root, 128 quotients; then γ and β of each map.
    Case(
        [[256, 4, 4]],
        {"num_groups": 32},
        [256, 4, 4],
        (256, 256),
        {"additions": 16_352, "multiplications": 8_192, "divisions": 4_160, "square_roots": 32},
    ),
    # PyTorch documentation of GroupNorm: 6 channels in 3 groups, here without γ and β: 5·2 values in a group.
    Case(
        [[6, 5]],
        {"num_groups": 3, "affine": False},
        [6, 5],
        (0, 0),
        {"additions": 87, "multiplications": 30, "divisions": 36, "square_roots": 3},
    ),
    # A vector: 2 groups of 2.
    Case(
        [[4]],
        {"num_groups": 2},
        [4],
        (4, 4),
        {"additions": 14, "multiplications": 8, "divisions": 8, "square_roots": 2},
    ),
]
REFUSED = [
    ([[6, 5]], {"num_groups": 4}, "num_groups must divide the number of channels"),
    ([[6, 5]], {}, "num_groups is missing"),
    ([[6, 5]], {"num_groups": 0}, "num_groups must be an integer ≥ 1"),
    ([[6]], {"num_groups": 6}, "at least two values must be normalised together"),
    ([[6, 5]], {"num_groups": 3, "eps": -1}, "eps must be a number ≥ 0"),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_counts(case: Case) -> None:
    check("group_norm", case)


@pytest.mark.parametrize(("inputs", "fields", "fragment"), REFUSED)
def test_refusals(inputs: list[list[int]], fields: dict[str, Any], fragment: str) -> None:
    refused("group_norm", inputs, fields, fragment)
