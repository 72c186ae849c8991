"""The gated linear unit against hand sums."""

from __future__ import annotations

from typing import Any

import pytest

from tests.layers.case import Case, check, refused

CASES = [
    # Dauphin et al. 2017, §2: 512 channels are 256 values and 256 gates at each of 100 positions; a / (1 + e⁻ᵇ) is an
    # exponential, a sum and a quotient.
    Case([[512, 100]], {}, [256, 100], tallies={"exponentials": 25_600, "additions": 25_600, "divisions": 25_600}),
    Case([[4, 2, 3]], {}, [2, 2, 3], tallies={"exponentials": 12, "additions": 12, "divisions": 12}),
    Case([[2]], {}, [1], tallies={"exponentials": 1, "additions": 1, "divisions": 1}),
]
REFUSED = [
    ([[5, 4]], {}, "the number of channels must be even"),
    ([[4], [4]], {}, "reads 2 volumes"),
    ([[4]], {"dim": 2}, "dim"),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_counts(case: Case) -> None:
    check("glu", case)


@pytest.mark.parametrize(("inputs", "fields", "fragment"), REFUSED)
def test_refusals(inputs: list[list[int]], fields: dict[str, Any], fragment: str) -> None:
    refused("glu", inputs, fields, fragment)
