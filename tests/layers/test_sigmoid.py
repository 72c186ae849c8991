"""The logistic sigmoid against hand sums."""

from __future__ import annotations

from typing import Any

import pytest

from tests.layers.case import Case, check, refused

CASES = [
    # Rumelhart et al. 1986, for 30 hidden units: e⁻ˣ, 1 + e⁻ˣ, 1 / (1 + e⁻ˣ).
    Case([[30]], {}, [30], tallies={"exponentials": 30, "additions": 30, "divisions": 30}),
]
REFUSED = [
    ([[4], [4]], {}, "reads 2 volumes"),
    ([[4]], {"slope": 1}, "slope"),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_counts(case: Case) -> None:
    check("sigmoid", case)


@pytest.mark.parametrize(("inputs", "fields", "fragment"), REFUSED)
def test_refusals(inputs: list[list[int]], fields: dict[str, Any], fragment: str) -> None:
    refused("sigmoid", inputs, fields, fragment)
