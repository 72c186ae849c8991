"""The sigmoid of straight pieces against hand sums."""

from __future__ import annotations

from typing import Any

import pytest

from tests.layers.case import Case, check, refused

CASES = [
    # Howard et al. 2019, §5.2: ReLU6(x + 3) / 6 for the 72 gates of a squeeze-and-excitation: a sum, two comparisons, a quotient.
    Case([[72, 1, 1]], {}, [72, 1, 1], tallies={"additions": 72, "comparisons": 144, "divisions": 72}),
]
REFUSED = [
    ([[4], [4]], {}, "reads 2 volumes"),
    ([[4]], {"slope": 0.2}, "slope"),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_counts(case: Case) -> None:
    check("hardsigmoid", case)


@pytest.mark.parametrize(("inputs", "fields", "fragment"), REFUSED)
def test_refusals(inputs: list[list[int]], fields: dict[str, Any], fragment: str) -> None:
    refused("hardsigmoid", inputs, fields, fragment)
