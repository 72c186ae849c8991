"""Upsampling against papers and hand sums."""

from __future__ import annotations

from typing import Any

import pytest

from tests.layers.case import Case, check, refused

CASES = [
    # The lecture's unpooling by nearest neighbour: 2×2 becomes 4×4, each value four times.
    Case([[1, 2, 2]], {"scale_factor": 2}, [1, 4, 4]),
    # Chen et al. 2014, §3: the 41×41 scores of 21 classes are brought to 321×321 bilinearly. 21·321·321 = 2,163,861
    # outputs, each with 4 products and 3 sums.
    Case(
        [[21, 41, 41]],
        {"size": 321, "mode": "bilinear", "align_corners": True},
        [21, 321, 321],
        tallies={"multiplications": 8_655_444, "additions": 6_491_583},
    ),
    # One axis has two neighbours: 2 products, 1 sum for each of 6 outputs. Three axes have eight.
    Case([[1, 3]], {"scale_factor": 2, "mode": "bilinear"}, [1, 6], tallies={"multiplications": 12, "additions": 6}),
    Case(
        [[1, 1, 1, 1]], {"scale_factor": 2, "mode": "bilinear"}, [1, 2, 2, 2], tallies={"multiplications": 64, "additions": 56}
    ),
    Case([[2, 3, 4]], {"scale_factor": [2, 3]}, [2, 6, 12]),
    # PyTorch documentation, Upsample: ⌊size·scale⌋. ⌊5·1.5⌋ = 7, ⌊4·0.75⌋ = 3; 2·7·3 = 42 outputs.
    Case(
        [[2, 5, 4]],
        {"scale_factor": [1.5, 0.75], "mode": "bilinear"},
        [2, 7, 3],
        tallies={"multiplications": 168, "additions": 126},
    ),
    # Exactly: 100·0.29 = 29, in floating point 28.999….
    Case([[1, 100]], {"scale_factor": 0.29}, [1, 29]),
    # Lin et al. 2017, FPN, as detectors build it for sizes that are not even: the map below has the size of the one above.
    Case([[8, 13, 10], [4, 25, 19]], {"like": "c4"}, [8, 25, 19]),
]
REFUSED = [
    ([[1, 2, 2]], {}, "exactly one of scale_factor, size and like"),
    ([[1, 2, 2]], {"scale_factor": 2, "size": 4}, "exactly one of scale_factor, size and like"),
    ([[1, 2, 2], [1, 4, 4]], {"size": 4, "like": "a"}, "exactly one of scale_factor, size and like"),
    ([[1, 2, 2], [1, 4]], {"like": "a"}, "the named layer must have as many axes as the input"),
    ([[1, 2, 2]], {"scale_factor": 0}, "scale_factor must be a number above 0"),
    ([[1, 2, 2]], {"scale_factor": -1.5}, "scale_factor must be a number above 0"),
    ([[1, 2, 2]], {"scale_factor": True}, "scale_factor must be a number above 0"),
    ([[1, 2, 2]], {"scale_factor": [1.5]}, "scale_factor must have one value for each spatial axis"),
    ([[1, 2, 2]], {"scale_factor": 0.4}, "is below 1"),
    ([[1, 2, 2]], {"scale_factor": 2, "mode": "cubic"}, "mode must be"),
    ([[1, 2, 2]], {"scale_factor": 2, "align_corners": True}, "align_corners needs mode bilinear"),
    ([[4]], {"scale_factor": 2}, "1 to 3 spatial axes"),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_counts(case: Case) -> None:
    check("upsample", case)


@pytest.mark.parametrize(("inputs", "fields", "fragment"), REFUSED)
def test_refusals(inputs: list[list[int]], fields: dict[str, Any], fragment: str) -> None:
    refused("upsample", inputs, fields, fragment)
