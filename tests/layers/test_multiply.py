"""Element-wise product against papers and hand sums."""

from __future__ import annotations

from typing import Any

import pytest

from tests.layers.case import Case, check, refused

CASES = [
    # Hu et al. 2017, §3.2, equation 4, a factor per channel: 64·56·56 = 200,704 products.
    Case([[64, 56, 56], [64, 1, 1]], {}, [64, 56, 56], tallies={"multiplications": 200_704}),
    Case([[10], [10], [1]], {}, [10], tallies={"multiplications": 20}),
]
REFUSED = [
    ([[64, 56, 56], [64, 2, 2]], {}, "the first one's size along each axis, or 1"),
    ([[1, 56, 56], [64, 56, 56]], {}, "the first one's size along each axis, or 1"),
    ([[64, 56, 56], [64]], {}, "all volumes must have the same number of axes"),
    ([[64]], {}, "reads 1 volumes"),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_counts(case: Case) -> None:
    check("multiply", case)


@pytest.mark.parametrize(("inputs", "fields", "fragment"), REFUSED)
def test_refusals(inputs: list[list[int]], fields: dict[str, Any], fragment: str) -> None:
    refused("multiply", inputs, fields, fragment)
