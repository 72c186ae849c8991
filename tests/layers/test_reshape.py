"""The values in another shape."""

from __future__ import annotations

from typing import Any

import pytest

from tests.layers.case import Case, check, refused

CASES = [
    # Radford et al. 2015, DCGAN, figure 1: 1,024·4·4 = 16,384.
    Case([[16384]], {"shape": [1024, 4, 4]}, [1024, 4, 4]),
    Case([[9]], {"shape": [3, 3]}, [3, 3]),
    Case([[4, 6, 6]], {"shape": [2, 72]}, [2, 72]),
]
REFUSED = [
    ([[16384]], {"shape": [1024, 4, 5]}, "shape must have as many values as the input"),
    ([[16]], {}, "shape is missing"),
    ([[16]], {"shape": [16, -1]}, "shape[1] must be an integer ≥ 1"),
    ([[16]], {"shape": [1, 1, 1, 1, 16]}, "shape must be a list of 1 to 4 sizes"),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_counts(case: Case) -> None:
    check("reshape", case)


@pytest.mark.parametrize(("inputs", "fields", "fragment"), REFUSED)
def test_refusals(inputs: list[list[int]], fields: dict[str, Any], fragment: str) -> None:
    refused("reshape", inputs, fields, fragment)
