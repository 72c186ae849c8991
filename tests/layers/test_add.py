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
    # PyTorch documentation, "Broadcasting semantics": a bias per channel, 64·56·56 sums; positions, 768·197 = 151,296.
    Case([[64, 56, 56], [64]], {}, [64, 56, 56], tallies={"additions": 200_704}),
    Case([[768, 1], [768, 197]], {}, [768, 197], tallies={"additions": 151_296}),
    # Rows and columns are repeated over each other: 8·3·5 = 120.
    Case([[8, 3, 1], [8, 1, 5]], {}, [8, 3, 5], tallies={"additions": 120}),
]
REFUSED = [
    ([[64, 56, 56], [128, 56, 56]], {}, "the volumes must have equal sizes"),
    ([[64, 56, 56], [64, 56, 28]], {}, "the volumes must have equal sizes"),
    ([[64, 56, 56], [64, 56]], {}, "all volumes must have the same number of axes"),
    ([[64, 56, 56], [32]], {}, "the volumes must have equal sizes along each axis, or 1"),
    ([[64, 56, 56]], {}, "reads 1 volume"),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_counts(case: Case) -> None:
    check("add", case)


@pytest.mark.parametrize(("inputs", "fields", "fragment"), REFUSED)
def test_refusals(inputs: list[list[int]], fields: dict[str, Any], fragment: str) -> None:
    refused("add", inputs, fields, fragment)
