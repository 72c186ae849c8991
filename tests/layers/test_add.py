"""Element-wise sum against papers and hand sums."""

from __future__ import annotations

from typing import Any

import pytest

from tests.layers.case import Case, check, refused

CASES = [
    # He et al. 2015, §3.2, equation 1, in conv2_x: 64·56·56 = 200,704 sums.
    Case([[64, 56, 56], [64, 56, 56]], {}, [64, 56, 56], tallies={"additions": 200_704}),
    # Three volumes of 10 need 20 sums.
    Case([[10], [10], [10]], {}, [10], tallies={"additions": 20}),
]
REFUSED = [
    ([[64, 56, 56], [128, 56, 56]], {}, "the volumes must have equal sizes"),
    ([[64, 56, 56], [64, 56, 28]], {}, "the volumes must have equal sizes"),
    ([[64, 56, 56], [64]], {}, "all volumes must have the same number of axes"),
    ([[64, 56, 56]], {}, "reads 1 volumes"),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_counts(case: Case) -> None:
    check("add", case)


@pytest.mark.parametrize(("inputs", "fields", "fragment"), REFUSED)
def test_refusals(inputs: list[list[int]], fields: dict[str, Any], fragment: str) -> None:
    refused("add", inputs, fields, fragment)
