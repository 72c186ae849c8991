"""The leaky rectified linear unit against hand sums."""

from __future__ import annotations

from typing import Any

import pytest

from tests.layers.case import Case, check, refused

CASES = [
    # Maas et al. 2013, §2: 64·32·32 = 65,536 values, each compared with 0 and multiplied by the slope.
    Case([[64, 32, 32]], {"negative_slope": 0.1}, [64, 32, 32], tallies={"comparisons": 65_536, "multiplications": 65_536}),
]
REFUSED = [
    ([[4], [4]], {}, "reads 2 volumes"),
    ([[4]], {"negative_slope": "steep"}, "negative_slope must be a number"),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_counts(case: Case) -> None:
    check("leaky_relu", case)


@pytest.mark.parametrize(("inputs", "fields", "fragment"), REFUSED)
def test_refusals(inputs: list[list[int]], fields: dict[str, Any], fragment: str) -> None:
    refused("leaky_relu", inputs, fields, fragment)
