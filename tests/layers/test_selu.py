"""The scaled exponential linear unit against hand sums."""

from __future__ import annotations

from typing import Any

import pytest

from tests.layers.case import Case, check, refused

CASES = [
    # Klambauer et al. 2017, equation 2: λ·(α·eˣ − α) with λ·α·(eˣ − 1) as α·(…) and λ·(…), for 128 values.
    Case(
        [[128]],
        {},
        [128],
        tallies={"comparisons": 128, "exponentials": 128, "additions": 128, "multiplications": 256},
    ),
]
REFUSED = [
    ([[4], [4]], {}, "reads 2 volumes"),
    ([[4]], {"alpha": 1}, "alpha"),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_counts(case: Case) -> None:
    check("selu", case)


@pytest.mark.parametrize(("inputs", "fields", "fragment"), REFUSED)
def test_refusals(inputs: list[list[int]], fields: dict[str, Any], fragment: str) -> None:
    refused("selu", inputs, fields, fragment)
