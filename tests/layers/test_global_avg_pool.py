"""Global average pooling against hand sums."""

from __future__ import annotations

from typing import Any

import pytest

from tests.layers.case import Case, check, refused

CASES = [
    # Lin et al. 2013, §3.2; at the end of MobileNet 7×7: 48 additions and 1 division for each of 1,024 maps.
    Case([[1024, 7, 7]], {}, [1024, 1, 1], tallies={"additions": 49_152, "divisions": 1_024}, taps=50_176),
    # One axis: 5 values, 4 additions, on each of 3 channels.
    Case([[3, 5]], {}, [3, 1], tallies={"additions": 12, "divisions": 3}),
]
REFUSED = [
    ([[1024]], {}, "1 to 3 spatial axes"),
    ([[4, 2, 2]], {"kernel_size": 2}, "kernel_size"),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_counts(case: Case) -> None:
    check("global_avg_pool", case)


@pytest.mark.parametrize(("inputs", "fields", "fragment"), REFUSED)
def test_refusals(inputs: list[list[int]], fields: dict[str, Any], fragment: str) -> None:
    refused("global_avg_pool", inputs, fields, fragment)
