"""The sigmoid-weighted linear unit against hand sums."""

from __future__ import annotations

from typing import Any

import pytest

from tests.layers.case import Case, check, refused

CASES = [
    # Elfwing et al. 2017: x / (1 + e⁻ˣ) takes e⁻ˣ, 1 + e⁻ˣ and the quotient, for each of 32·4 = 128 values.
    Case([[32, 4]], {}, [32, 4], tallies={"exponentials": 128, "additions": 128, "divisions": 128}),
    Case([[7]], {}, [7], tallies={"exponentials": 7, "additions": 7, "divisions": 7}),
]
REFUSED = [
    ([[4], [4]], {}, "reads 2 volumes"),
    ([[4]], {"beta": 1}, "beta"),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_counts(case: Case) -> None:
    check("silu", case)


@pytest.mark.parametrize(("inputs", "fields", "fragment"), REFUSED)
def test_refusals(inputs: list[list[int]], fields: dict[str, Any], fragment: str) -> None:
    refused("silu", inputs, fields, fragment)
