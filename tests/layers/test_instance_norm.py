"""Instance normalisation against papers and hand sums."""

from __future__ import annotations

from typing import Any

import pytest

from tests.layers.case import Case, check, refused

CASES = [
    # Ulyanov et al. 2016, with γ and β: 64 maps of 8×8, 4,096 values. In a map: 63 + 63 sums, 64 differences, 64 squares, ε, two
    # means, a root, 64 quotients; then γ and β.
    Case(
        [[64, 8, 8]],
        {"affine": True},
        [64, 8, 8],
        (64, 64),
        {"additions": 16_320, "multiplications": 8_192, "divisions": 4_224, "square_roots": 64},
    ),
    # PyTorch documentation of InstanceNorm1d: without γ and β by default.
    Case(
        [[3, 5]],
        {},
        [3, 5],
        (0, 0),
        {"additions": 42, "multiplications": 15, "divisions": 21, "square_roots": 3},
    ),
    # Moving statistics: minus a mean, over a root, as batch normalisation does.
    Case(
        [[3, 5]],
        {"track_running_stats": True},
        [3, 5],
        (0, 0),
        {"additions": 15, "divisions": 15, "square_roots": 3},
        buffers=6,
    ),
]
REFUSED = [
    ([[64]], {}, "1 to 3 spatial axes"),
    ([[64, 1, 1]], {}, "at least two values must be normalised together"),
    ([[3, 2, 2]], {"momentum": 2}, "momentum must be a number ≥ 0 and ≤ 1"),
    ([[3, 2, 2]], {"affine": "maybe"}, "affine"),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_counts(case: Case) -> None:
    check("instance_norm", case)


@pytest.mark.parametrize(("inputs", "fields", "fragment"), REFUSED)
def test_refusals(inputs: list[list[int]], fields: dict[str, Any], fragment: str) -> None:
    refused("instance_norm", inputs, fields, fragment)
