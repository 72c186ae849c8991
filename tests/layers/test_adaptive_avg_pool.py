"""Adaptive average pooling against hand sums."""

from __future__ import annotations

from typing import Any

import pytest

from tests.layers.case import Case, check, refused

CASES = [
    # PyTorch documentation of AdaptiveAvgPool2d, as torchvision's VGG uses it: 10 → 7. The units of an axis read
    # 2, 2, 3, 2, 3, 2, 2 = 16 positions; 512·16·16 = 131,072 reads, 512·49 = 25,088 outputs.
    Case([[512, 10, 10]], {"output_size": 7}, [512, 7, 7], tallies={"additions": 105_984, "divisions": 25_088}, taps=131_072),
    # 6 → 3 divides evenly: three windows of 2.
    Case([[1, 6]], {"output_size": 3}, [1, 3], tallies={"additions": 3, "divisions": 3}, taps=6),
    # 2 → 3 enlarges: the units read 1, 2, 1 positions.
    Case([[1, 2]], {"output_size": 3}, [1, 3], tallies={"additions": 1, "divisions": 3}, taps=4),
    # Per axis, to 1×4 from 5×8: 5 positions, and 4 windows of 2.
    Case([[1, 5, 8]], {"output_size": [1, 4]}, [1, 1, 4], tallies={"additions": 36, "divisions": 4}, taps=40),
]
REFUSED = [
    ([[512, 10, 10]], {}, "output_size is missing"),
    ([[512, 10, 10]], {"output_size": 0}, "output_size must be an integer ≥ 1"),
    ([[512]], {"output_size": 7}, "1 to 3 spatial axes"),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_counts(case: Case) -> None:
    check("adaptive_avg_pool", case)


@pytest.mark.parametrize(("inputs", "fields", "fragment"), REFUSED)
def test_refusals(inputs: list[list[int]], fields: dict[str, Any], fragment: str) -> None:
    refused("adaptive_avg_pool", inputs, fields, fragment)
