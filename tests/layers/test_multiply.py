"""Element-wise product against papers and hand sums."""

from __future__ import annotations

from typing import Any

import pytest

from tests.layers.case import Case, check, refused

CASES = [
    # Hu et al. 2017, §3.2, equation 4, a factor per channel: 64·56·56 = 200,704 products.
    Case([[64, 56, 56], [64, 1, 1]], {}, [64, 56, 56], tallies={"multiplications": 200_704}),
    Case([[10], [10], [1]], {}, [10], tallies={"multiplications": 20}),
    # Liu et al. 2022, "A ConvNet for the 2020s", layer scale: a factor for each of 96 channels, 96·56·56 = 301,056.
    Case([[96, 56, 56], [96]], {}, [96, 56, 56], tallies={"multiplications": 301_056}),
    # The first one is repeated too: a mask 1×56×56 over 64 maps.
    Case([[1, 56, 56], [64, 56, 56]], {}, [64, 56, 56], tallies={"multiplications": 200_704}),
]
REFUSED = [
    ([[64, 56, 56], [64, 2, 2]], {}, "the volumes must have equal sizes along each axis, or 1"),
    ([[64, 56, 56], [64, 56]], {}, "all volumes must have the same number of axes"),
    ([[64]], {}, "reads 1 volume"),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_counts(case: Case) -> None:
    check("multiply", case)


@pytest.mark.parametrize(("inputs", "fields", "fragment"), REFUSED)
def test_refusals(inputs: list[list[int]], fields: dict[str, Any], fragment: str) -> None:
    refused("multiply", inputs, fields, fragment)
