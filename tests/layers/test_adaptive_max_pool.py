"""Adaptive max pooling against hand sums."""

from __future__ import annotations

from typing import Any

import pytest

from tests.layers.case import Case, check, refused

CASES = [
    # He, Zhang, Ren & Sun 2014, §2.2: the 3×3 level of a spatial pyramid on 256 maps of 13×13. The three units of an axis read
    # 5, 5 and 5 positions (⌊13i/3⌋ to ⌈13(i+1)/3⌉ − 1); 256·15·15 = 57,600 reads, 256·9 = 2,304 outputs.
    Case([[256, 13, 13]], {"output_size": 3}, [256, 3, 3], tallies={"comparisons": 55_296}, taps=57_600),
    # 6 → 3 divides evenly: three windows of 2.
    Case([[1, 6]], {"output_size": 3}, [1, 3], tallies={"comparisons": 3}, taps=6),
    # 2 → 3 enlarges: the units read 1, 2, 1 positions.
    Case([[1, 2]], {"output_size": 3}, [1, 3], tallies={"comparisons": 1}, taps=4),
    # Per axis, to 1×4 from 5×8: 5 positions, and 4 windows of 2.
    Case([[1, 5, 8]], {"output_size": [1, 4]}, [1, 1, 4], tallies={"comparisons": 36}, taps=40),
]
REFUSED = [
    ([[512, 10, 10]], {}, "output_size is missing"),
    ([[512, 10, 10]], {"output_size": 0}, "output_size must be an integer ≥ 1"),
    ([[512, 10, 10]], {"output_size": [7, 7, 7]}, "one value for each spatial axis"),
    ([[512]], {"output_size": 7}, "1 to 3 spatial axes"),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_counts(case: Case) -> None:
    check("adaptive_max_pool", case)


@pytest.mark.parametrize(("inputs", "fields", "fragment"), REFUSED)
def test_refusals(inputs: list[list[int]], fields: dict[str, Any], fragment: str) -> None:
    refused("adaptive_max_pool", inputs, fields, fragment)
