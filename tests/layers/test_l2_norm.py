"""L2 normalisation with a trained scale against papers and hand sums."""

from __future__ import annotations

from typing import Any

import pytest

from tests.layers.case import Case, check, refused

CASES = [
    # Liu et al. 2016 (SSD), §3.1: conv4_3, 512 maps of 38×38, 739,328 values at 1,444 positions. At a position: 512 squares, 511
    # sums, a root, 512 quotients; then γ.
    Case(
        [[512, 38, 38]],
        {},
        [512, 38, 38],
        (512, 0),
        {"multiplications": 1_478_656, "additions": 737_884, "square_roots": 1_444, "divisions": 739_328},
    ),
    Case(
        [[10]],
        {"scale": False},
        [10],
        (0, 0),
        {"multiplications": 10, "additions": 9, "square_roots": 1, "divisions": 10},
    ),
]
REFUSED = [
    ([[4, 2]], {"scale": 20}, "scale"),
    ([[4], [4]], {}, "reads 2 volumes"),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_counts(case: Case) -> None:
    check("l2_norm", case)


@pytest.mark.parametrize(("inputs", "fields", "fragment"), REFUSED)
def test_refusals(inputs: list[list[int]], fields: dict[str, Any], fragment: str) -> None:
    refused("l2_norm", inputs, fields, fragment)
