"""Average pooling against papers and hand sums."""

from __future__ import annotations

from typing import Any

import pytest

from tests.layers.case import Case, check, refused

CASES = [
    # Szegedy et al. 2014, table 1, 7×7 at stride 1: 48 additions and 1 division for each of 1,024 maps.
    Case(
        [[1024, 7, 7]],
        {"kernel_size": 7, "stride": 1},
        [1024, 1, 1],
        tallies={"additions": 49_152, "divisions": 1_024},
        taps=50_176,
    ),
    # The same paper, §5, pooling of the auxiliary classifier: 5×5 at stride 3, (14 − 5)/3 + 1 = 4, as it prints;
    # 512·16 = 8,192; 24·8,192 = 196,608.
    Case([[512, 14, 14]], {"kernel_size": 5, "stride": 3}, [512, 4, 4], tallies={"additions": 196_608, "divisions": 8_192}),
    # Two sizes per axis: ⌊(6 − 3)/3⌋ + 1 = 2 and ⌊(8 − 2)/2⌋ + 1 = 4; 8 outputs of 6 values.
    Case(
        [[1, 6, 8]], {"kernel_size": [3, 2], "count_include_pad": False}, [1, 2, 4], tallies={"additions": 40, "divisions": 8}
    ),
]
REFUSED = [
    ([[1, 4, 4]], {"kernel_size": 3, "padding": 2}, "padding must be at most half of kernel_size"),
    ([[1, 4, 4]], {"kernel_size": 5}, "the window must fit into the padded map"),
    ([[1, 4, 4]], {"kernel_size": 2, "count_include_pad": 2}, "count_include_pad"),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_counts(case: Case) -> None:
    check("avg_pool", case)


@pytest.mark.parametrize(("inputs", "fields", "fragment"), REFUSED)
def test_refusals(inputs: list[list[int]], fields: dict[str, Any], fragment: str) -> None:
    refused("avg_pool", inputs, fields, fragment)
